//! Groups of users as Authress stores them.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use memchr::memmem::Finder;
use serde_json::Value;
use serde_json::value::RawValue;

use super::error;
use super::precondition::{UnmodifiedSince, http_date};
use crate::domain::neighbors::Neighbors;
use crate::spec::ApiError;
use crate::store::{
    AppendText, BulkLoadError, Collection, CowArc, GroupSelector, GroupUse, Index, Key, Memo, Record,
    SharedState, Summaries, Summary, SummaryPage, SummaryQuery, Tx, WriteEnd, contains_lowercase,
    is_context_free, unshared_arc_bytes,
};

/// Separates the fields in the searchable text. Case-folded text and filters contain no upper-case ASCII letter.
const SEPARATOR: char = 'X';

/// The length of a generated identifier after its `grp_` prefix.
const GENERATED_ID_LENGTH: usize = 20;

/// The records of the dialect.
#[derive(Debug, Clone, Default)]
pub struct AuthressState {
    groups: CowArc<Collection<Group>>,
    pub(super) neighbors: Neighbors,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub group_id: String,
    /// Shared with the copy from which the response to a write is built.
    pub content: Arc<Content>,
    /// In whole milliseconds; increases with every update.
    pub last_updated: DateTime<Utc>,
    pub revision: u64,
    /// The cached JSON of the group.
    pub json: Memo<Option<Box<RawValue>>>,
}

/// The reason why a seeded group cannot be inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InsertError {
    /// Another group has the same identifier.
    DuplicateKey,
    /// Another group has the same sequence number, or the number is out of range.
    SequenceTaken,
}

/// The fields of a group that a request can set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Content {
    pub name: String,
    pub users: Vec<String>,
    pub admins: Vec<String>,
    /// Keys and values in the order of the request.
    pub tags: Option<Vec<(String, String)>>,
}

/// A case-insensitive substring filter.
#[derive(Debug, Clone)]
pub struct Filter {
    folded: String,
    /// Boxed because it is large and the query is moved several times.
    finder: Box<Finder<'static>>,
}

impl Content {
    /// Returns the name, the identifiers of the users, and the tags.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let users = self.users.iter().chain(&self.admins).map(String::as_str);
        let tags = self.tags.iter().flatten().flat_map(|(key, value)| [key.as_str(), value.as_str()]);
        std::iter::once(self.name.as_str()).chain(users).chain(tags)
    }

    fn text_bytes(&self) -> usize {
        let mut bytes = 0;
        for text in self.texts() {
            bytes += text.len();
        }
        bytes
    }
}

impl Filter {
    pub fn new(text: &str) -> Self {
        let mut folded = String::with_capacity(text.len());
        fold(text, &mut folded);
        let finder = Box::new(Finder::new(&folded).into_owned());
        Self { folded, finder }
    }

    /// Returns the case-folded text, which is equal for equivalent filters.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// Returns whether a string in `json` contains the text.
    pub fn matches_json(&self, json: &RawValue) -> bool {
        fn contains(filter: &Filter, value: &Value) -> bool {
            match value {
                Value::String(text) => {
                    let mut folded = String::with_capacity(text.len());
                    fold(text, &mut folded);
                    filter.finder.find(folded.as_bytes()).is_some()
                }
                Value::Array(items) => items.iter().any(|item| contains(filter, item)),
                Value::Object(fields) => fields.values().any(|value| contains(filter, value)),
                Value::Null | Value::Bool(_) | Value::Number(_) => false,
            }
        }
        serde_json::from_str(json.get()).is_ok_and(|value| contains(self, &value))
    }
}

impl Record for Group {
    const INDEXES: &'static [Index<Self>] = &[Index { partition: |_| ("", ""), orders: &[] }];

    const TEXTS: &'static [AppendText<Self>] = &[Self::append_searchable];

    fn key(&self) -> Key<'_> {
        ("", &self.group_id)
    }

    fn unshared_bytes(&self, newer: Option<&Self>) -> usize {
        let content =
            unshared_arc_bytes(&self.content, newer.map(|newer| &newer.content), Content::text_bytes);
        let cached = self.json.get().and_then(Option::as_ref).map_or(0, |json| json.get().len());
        self.group_id.len() + content + cached
    }
}

impl SharedState for AuthressState {
    fn unshared_bytes(&self, newer: &Self) -> usize {
        self.groups.unshared_bytes(&newer.groups, Collection::unshared_bytes)
            + self.neighbors.unshared_bytes(&newer.neighbors)
    }

    fn end_write(&mut self, end: WriteEnd) {
        let Self { groups, neighbors } = self;
        groups.end_write(end);
        neighbors.end_write(end);
    }
}

/// The index of the only view, in creation order.
const BY_CREATION: usize = 0;

/// The kind of the groups in summaries.
const KIND: &str = "group";

/// The only text: all searchable strings.
const SEARCHABLE_TEXT: usize = 0;

impl Group {
    pub fn new(group_id: String, content: Content, last_updated: DateTime<Utc>, revision: u64) -> Self {
        Self { group_id, content: Arc::new(content), last_updated, revision, json: Memo::default() }
    }

    /// Appends the case-folded identifier, name, user identifiers and tags, separated by [`SEPARATOR`].
    fn append_searchable(&self, text: &mut String) {
        fold(&self.group_id, text);
        for field in self.content.texts() {
            text.push(SEPARATOR);
            fold(field, text);
        }
    }

    /// Returns whether the identifier, the name, a user or a tag contains `text`, which is in lower case.
    fn contains(&self, text: &str) -> bool {
        if contains_lowercase(&self.group_id, text) {
            return true;
        }
        for field in self.content.texts() {
            if contains_lowercase(field, text) {
                return true;
            }
        }
        false
    }

    fn summary(&self) -> Summary<'_> {
        Summary {
            kind: KIND,
            account: "",
            id: self.group_id.clone(),
            path_prefix: "/v1/groups/".into(),
            path_suffix: "",
            name: &self.content.name,
            members: self.content.users.len(),
            created: None,
            modified: Some(self.last_updated),
            revision: self.revision,
        }
    }
}

impl AuthressState {
    /// Returns the groups with a sequence number greater than `after`, each with its number, in creation order.
    pub fn groups_after(&self, after: u64) -> impl Iterator<Item = (u64, &Group)> {
        self.groups.list(BY_CREATION, ("", "")).after(after)
    }

    /// Returns the groups that match `filter` among the first 512 ones of [`Self::groups_after`].
    pub fn search_first<'a, 'f>(
        &'a self,
        after: u64,
        filter: &'f Filter,
    ) -> impl Iterator<Item = (u64, &'a Group)> + use<'a, 'f> {
        self.groups.list(BY_CREATION, ("", "")).search_first(SEARCHABLE_TEXT, &filter.finder, after)
    }

    /// Returns the groups of [`Self::groups_after`] that match `filter`.
    pub fn search_after<'a, 'f>(
        &'a self,
        after: u64,
        filter: &'f Filter,
    ) -> impl Iterator<Item = (u64, &'a Group)> + use<'a, 'f> {
        self.groups.list(BY_CREATION, ("", "")).search_after(SEARCHABLE_TEXT, &filter.finder, after)
    }

    /// Returns the group with `group_id`.
    ///
    /// # Errors
    /// [`error::GROUP_NOT_FOUND`].
    pub fn group(&self, group_id: &str) -> Result<&Group, ApiError> {
        self.groups.get(("", group_id)).ok_or_else(|| error::GROUP_NOT_FOUND.with_subject(group_id))
    }

    /// Adds a group with `group_id`, or with a new identifier.
    ///
    /// # Errors
    /// [`error::GROUP_ALREADY_EXISTS`].
    pub fn create_group(
        &mut self,
        group_id: Option<String>,
        content: Content,
        tx: &mut Tx<'_>,
    ) -> Result<&Group, ApiError> {
        let group_id = group_id.unwrap_or_else(|| self.new_group_id(tx));
        if self.groups.contains(("", &group_id)) {
            return Err(error::GROUP_ALREADY_EXISTS.with_subject(group_id));
        }
        let group = Group::new(group_id, content, tx.now, tx.next_revision());
        Ok(self.groups.insert(group).expect("the identifier was checked above"))
    }

    /// Returns an identifier that no group has.
    pub fn new_group_id(&self, tx: &mut Tx<'_>) -> String {
        tx.ids.draw_unused(
            |ids| format!("grp_{}", ids.alphanumeric(GENERATED_ID_LENGTH)),
            |id| self.groups.contains(("", id)),
        )
    }

    /// Replaces the whole content of the group with `group_id`.
    ///
    /// # Errors
    /// [`error::GROUP_NOT_FOUND`], and [`error::PRECONDITION_FAILED`] if the group changed after
    /// `unmodified_since`.
    pub fn update_group(
        &mut self,
        group_id: &str,
        content: Content,
        unmodified_since: Option<UnmodifiedSince>,
        tx: &mut Tx<'_>,
    ) -> Result<&Group, ApiError> {
        let last_updated = self.group(group_id)?.last_updated;
        if unmodified_since.is_some_and(|since| since.is_before(last_updated)) {
            return Err(error::PRECONDITION_FAILED.with_subject(http_date(last_updated)));
        }
        let now = tx.now.max(last_updated + TimeDelta::milliseconds(1));
        let group = Group::new(group_id.to_owned(), content, now, tx.next_revision());
        Ok(self.groups.replace(group).expect("the group was found above"))
    }

    /// Deletes the group with `group_id`.
    ///
    /// # Errors
    /// [`error::GROUP_NOT_FOUND`].
    pub fn delete_group(&mut self, group_id: &str) -> Result<(), ApiError> {
        let deleted = self.groups.delete(("", group_id));
        deleted.map(|_| ()).ok_or_else(|| error::GROUP_NOT_FOUND.with_subject(group_id))
    }

    /// Inserts a seeded group with the sequence number `sequence`, or after all others.
    ///
    /// # Errors
    /// The conflict; the state is unchanged then.
    pub fn seed_group(&mut self, group: Group, sequence: Option<u64>) -> Result<(), InsertError> {
        if self.groups.contains(group.key()) {
            return Err(InsertError::DuplicateKey);
        }
        let inserted = match sequence {
            Some(sequence) => self.groups.insert_at(sequence, group),
            None => self.groups.insert(group),
        };
        inserted.map(drop).map_err(|_| InsertError::SequenceTaken)
    }

    /// Starts a bulk load of groups; see [`Collection::begin_bulk_load`].
    pub fn begin_bulk_load(&mut self) {
        self.groups.begin_bulk_load();
    }

    /// Finishes a bulk load; see [`Collection::finish_bulk_load`].
    ///
    /// # Errors
    /// [`BulkLoadError`].
    pub fn finish_bulk_load(&mut self) -> Result<(), BulkLoadError> {
        self.groups.finish_bulk_load()
    }

    /// Pins the group with `group_id`: deleting it restores its current value.
    pub fn pin(&mut self, group_id: &str) {
        self.groups.pin(("", group_id));
    }

    /// Sets the value that deleting the group with the identifier of `group` restores.
    pub fn set_pinned(&mut self, group: Group) {
        self.groups.set_pinned(group);
    }

    /// Returns the value that deleting the group with `group_id` restores.
    pub fn pinned(&self, group_id: &str) -> Option<&Group> {
        self.groups.pinned(("", group_id))
    }

    /// Returns the last assigned sequence number.
    pub fn last_sequence(&self) -> u64 {
        self.groups.last_sequence()
    }

    /// Reserves all sequence numbers up to `sequence`, so that the next group gets a later one.
    ///
    /// # Errors
    /// The maximum sequence number, if `sequence` exceeds it.
    pub fn reserve_sequences(&mut self, sequence: u64) -> Result<(), u64> {
        let max = Collection::<Group>::MAX_SEQUENCE;
        if sequence > max {
            return Err(max);
        }
        self.groups.reserve_through(sequence);
        Ok(())
    }
}

impl Summaries for AuthressState {
    fn count(&self) -> usize {
        self.groups.len()
    }

    fn summaries(&self, offset: usize) -> Box<dyn Iterator<Item = Summary<'_>> + '_> {
        Box::new(self.groups.iter_from(offset).map(Group::summary))
    }

    fn select(&self, query: &SummaryQuery) -> SummaryPage<'_> {
        let mut page = SummaryPage::default();
        // Groups have no account.
        if !query.selects_kind(KIND) || query.account.is_some() {
            return page;
        }
        let mut groups = self.groups.select();
        if let Some(name) = &query.name {
            if is_context_free(name) {
                groups = groups.containing(SEARCHABLE_TEXT, name);
            }
            groups = groups.matching(|group| contains_lowercase(&group.content.name, name));
        }
        if let Some(text) = &query.text {
            groups = if is_context_free(text) {
                groups.containing(SEARCHABLE_TEXT, text)
            } else {
                groups.matching(|group| group.contains(text))
            };
        }
        page.extend(groups, query.range, Group::summary);
        page
    }

    fn uses(&self, selector: &GroupSelector) -> Option<Vec<GroupUse>> {
        let is_selected = selector.matches("", &selector.id) && self.groups.contains(("", &selector.id));
        is_selected.then(|| self.group_uses(&selector.id))
    }
}

/// Appends the case-folded `text` to `folded`.
///
/// Each character is folded on its own, so that a substring folds the same way as in its context.
fn fold(text: &str, folded: &mut String) {
    if text.is_ascii() {
        let start = folded.len();
        folded.push_str(text);
        folded[start..].make_ascii_lowercase();
        return;
    }
    for character in text.chars() {
        match character {
            'ς' => folded.push('σ'),
            _ if character.is_ascii() => folded.push(character.to_ascii_lowercase()),
            _ => folded.extend(character.to_lowercase()),
        }
    }
}
