//! Groups of users as Authress keeps them.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use memchr::memmem::Finder;
use serde_json::value::RawValue;

use super::error;
use super::precondition::{UnmodifiedSince, http_date};
use crate::failure::Refusal;
use crate::store::{Collection, Kept, Key, Record, Shared, Summaries, Summary, Tx, View};

/// Stands between the fields of a searchable text; folded text and folded filters have no upper-case letter.
const SEPARATOR: char = 'X';

/// The length of a generated identifier behind its `grp_`.
const GENERATED_LENGTH: usize = 20;

/// The records of the dialect.
#[derive(Debug, Clone, Default)]
pub struct State {
    groups: Shared<Collection<Group>>,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub(super) group_id: String,
    /// Shared with the copy from which the answer of a write is made.
    pub(super) content: Arc<Content>,
    /// Whole milliseconds; grows with every update.
    pub(super) last_updated: DateTime<Utc>,
    /// Every text of the group, folded, so that a filter need not fold it again.
    searchable: String,
    pub(super) revision: u64,
    /// Its JSON.
    pub(super) json: Kept<Option<Box<RawValue>>>,
}

/// What keeps a seeded group out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// Its identifier is that of another group.
    Key,
    /// Its place in the creation order is that of another group, or none at all.
    Place,
}

/// The members of a group that a request can set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Content {
    pub(super) name: String,
    pub(super) users: Vec<String>,
    pub(super) admins: Vec<String>,
    /// Keys and values in the order in which they were sent.
    pub(super) tags: Option<Vec<(String, String)>>,
}

/// What a search looks for: a text without regard to case.
#[derive(Debug, Clone)]
pub(super) struct Filter {
    folded: String,
    /// In a box, as it is large and a query is handed on a few times.
    finder: Box<Finder<'static>>,
}

impl Filter {
    pub(super) fn new(text: &str) -> Self {
        let mut folded = String::with_capacity(text.len());
        fold(text, &mut folded);
        let finder = Box::new(Finder::new(&folded).into_owned());
        Self { folded, finder }
    }

    /// Returns the text with the case taken out: the same for filters that find the same.
    pub(super) fn folded(&self) -> &str {
        &self.folded
    }

    fn matches(&self, group: &Group) -> bool {
        self.finder.find(group.searchable.as_bytes()).is_some()
    }
}

impl Record for Group {
    const VIEWS: &'static [View<Self>] = &[View { partition: |_| ("", ""), orders: &[] }];

    fn key(&self) -> Key<'_> {
        ("", &self.group_id)
    }
}

/// The index of the only view.
const CREATED: usize = 0;

impl Group {
    pub(super) fn new(
        group_id: String,
        content: Content,
        last_updated: DateTime<Utc>,
        revision: u64,
    ) -> Self {
        let searchable = searchable(&group_id, &content);
        Self {
            group_id,
            content: Arc::new(content),
            last_updated,
            searchable,
            revision,
            json: Kept::default(),
        }
    }

    /// Returns a new identifier.
    pub(super) fn new_id(tx: &mut Tx<'_>) -> String {
        format!("grp_{}", tx.ids.text(GENERATED_LENGTH))
    }

    fn summary(&self) -> Summary<'_> {
        Summary {
            kind: "group",
            account: "",
            id: self.group_id.clone(),
            name: &self.content.name,
            members: self.content.users.len(),
            created: None,
            modified: Some(self.last_updated),
            revision: self.revision,
        }
    }
}

impl State {
    /// Returns the groups created after the one with the sequence number `after`, each with its own.
    pub(super) fn groups_after(&self, after: u64) -> impl Iterator<Item = (u64, &Group)> {
        self.groups.list(CREATED, ("", "")).after(after)
    }

    /// Returns those of [`State::groups_after`] in which `filter` is found.
    pub(super) fn search_after(&self, after: u64, filter: &Filter) -> impl Iterator<Item = (u64, &Group)> {
        self.groups_after(after).filter(|(_, group)| filter.matches(group))
    }

    /// Returns the group with `group_id`.
    ///
    /// # Errors
    /// [`error::GROUP_NOT_FOUND`].
    pub(super) fn group(&self, group_id: &str) -> Result<&Group, Refusal> {
        self.groups.get(("", group_id)).ok_or_else(|| error::GROUP_NOT_FOUND.about(group_id))
    }

    /// Adds a group; one without an identifier of its own gets a new one.
    ///
    /// # Errors
    /// [`error::GROUP_ALREADY_EXISTS`].
    pub(super) fn create_group(
        &mut self,
        group_id: Option<String>,
        content: Content,
        tx: &mut Tx<'_>,
    ) -> Result<&Group, Refusal> {
        let group_id = group_id.unwrap_or_else(|| Group::new_id(tx));
        if self.groups.contains(("", &group_id)) {
            return Err(error::GROUP_ALREADY_EXISTS.about(group_id));
        }
        let group = Group::new(group_id, content, tx.now, tx.next_revision());
        Ok(self.groups.insert(group).expect("the identifier was found free above"))
    }

    /// Replaces the content of the group with `group_id`; members that are left out are gone.
    ///
    /// # Errors
    /// [`error::GROUP_NOT_FOUND`], and [`error::PRECONDITION_FAILED`] when the group changed after
    /// `unmodified_since`.
    pub(super) fn update_group(
        &mut self,
        group_id: &str,
        content: Content,
        unmodified_since: Option<UnmodifiedSince>,
        tx: &mut Tx<'_>,
    ) -> Result<&Group, Refusal> {
        let last_updated = self.group(group_id)?.last_updated;
        if unmodified_since.is_some_and(|since| since.is_before(last_updated)) {
            return Err(error::PRECONDITION_FAILED.about(http_date(last_updated)));
        }
        let now = tx.now.max(last_updated + TimeDelta::milliseconds(1));
        let group = Group::new(group_id.to_owned(), content, now, tx.next_revision());
        Ok(self.groups.replace(group).expect("the group was found above"))
    }

    /// Deletes the group with `group_id`.
    ///
    /// # Errors
    /// [`error::GROUP_NOT_FOUND`].
    pub(super) fn delete_group(&mut self, group_id: &str) -> Result<(), Refusal> {
        let deleted = self.groups.delete(("", group_id));
        deleted.map(|_| ()).ok_or_else(|| error::GROUP_NOT_FOUND.about(group_id))
    }

    /// Adds a seeded group at its place in the creation order, or behind all others.
    ///
    /// # Errors
    /// What is taken; nothing changes then.
    pub(super) fn seed_group(&mut self, group: Group, sequence: Option<u64>) -> Result<(), Taken> {
        if self.groups.contains(group.key()) {
            return Err(Taken::Key);
        }
        let added = match sequence {
            Some(sequence) => self.groups.insert_at(sequence, group),
            None => self.groups.insert(group),
        };
        added.map(drop).map_err(|_| Taken::Place)
    }

    /// Makes a deletion of the group with `group_id` restore its present value.
    pub(super) fn pin(&mut self, group_id: &str) {
        self.groups.pin(("", group_id));
    }

    /// Makes a deletion of the group with the identifier of `group` restore `group`.
    pub(super) fn pin_as(&mut self, group: Group) {
        self.groups.pin_as(group);
    }

    /// Returns what a deletion of the group with `group_id` restores.
    pub(super) fn pinned(&self, group_id: &str) -> Option<&Group> {
        self.groups.pinned(("", group_id))
    }

    /// Returns the last place in the creation order that was given.
    pub(super) fn last_sequence(&self) -> u64 {
        self.groups.last_sequence()
    }

    /// Makes the next group stand behind the place `sequence` of the creation order.
    ///
    /// # Errors
    /// The greatest place, where `sequence` is beyond it.
    pub(super) fn leave_out(&mut self, sequence: u64) -> Result<(), u64> {
        let greatest = Collection::<Group>::GREATEST_PLACE;
        if sequence > greatest {
            return Err(greatest);
        }
        self.groups.leave_out(sequence);
        Ok(())
    }
}

impl Summaries for State {
    fn count(&self) -> usize {
        self.groups.len()
    }

    fn summaries(&self, offset: usize) -> Box<dyn Iterator<Item = Summary<'_>> + '_> {
        Box::new(self.groups.window(offset).map(Group::summary))
    }
}

fn searchable(group_id: &str, content: &Content) -> String {
    let members = content.users.iter().chain(&content.admins).map(String::as_str);
    let tags = content.tags.iter().flatten().flat_map(|(key, value)| [key.as_str(), value.as_str()]);
    let fields = [group_id, &content.name].into_iter().chain(members).chain(tags);
    let mut text = String::with_capacity(fields.clone().map(|field| field.len() + 1).sum());
    for field in fields {
        fold(field, &mut text);
        text.push(SEPARATOR);
    }
    text.shrink_to_fit();
    text
}

/// Appends `text` to `folded` in lower case, letter by letter, so that a part folds as it does in the whole.
fn fold(text: &str, folded: &mut String) {
    if text.is_ascii() {
        let begin = folded.len();
        folded.push_str(text);
        folded[begin..].make_ascii_lowercase();
        return;
    }
    for letter in text.chars() {
        match letter {
            'ς' => folded.push('σ'),
            _ if letter.is_ascii() => folded.push(letter.to_ascii_lowercase()),
            _ => folded.extend(letter.to_lowercase()),
        }
    }
}
