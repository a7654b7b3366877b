//! Access groups and their customers as FlickRocket stores them.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Utc};
use serde_json::value::RawValue;

use super::error;
use crate::spec::ApiError;
use crate::store::{
    AppendText, BulkLoadError, Collection, CowArc, Index, Key, Memo, Record, SharedState, Summaries, Summary,
    SummaryPage, SummaryQuery, Tx, WriteEnd, contains_lowercase, unshared_arc_bytes,
};

/// The records of the dialect.
#[derive(Debug, Clone, Default)]
pub struct LegacyState {
    groups: CowArc<Collection<AccessGroup>>,
    last_id: i32,
    last_customer_id: CustomerId,
    /// The last ids before the current write, if it has assigned some.
    last_ids_before: Option<(i32, CustomerId)>,
}

/// The last id that was assigned to a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CustomerId {
    pub last: i32,
    /// Whether ids started again at 1 after `i32::MAX`, so that the last one need not be the highest.
    pub has_restarted: bool,
}

/// An access group.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AccessGroup {
    pub id: i32,
    pub id_text: String,
    pub created_at: Option<DateTime<FixedOffset>>,
    /// Shared with the copy from which the response to a write is built.
    pub content: Arc<Content>,
    pub modified: DateTime<Utc>,
    pub revision: u64,
    /// The cached JSON of the group.
    pub json: Memo<Box<RawValue>>,
}

/// The reason why a seeded group cannot be inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InsertError {
    /// Another group has the same id.
    DuplicateKey,
    /// Another group has the same sequence number, or the number is out of range.
    SequenceTaken,
}

/// The fields of an access group that a request can set.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Content {
    pub name: Option<String>,
    pub valid: Option<i32>,
    pub company_id: Option<i32>,
    pub license_id: Option<i32>,
    pub theme_settings_id: Option<i32>,
    pub auto_update: Option<bool>,
    pub send_mail: Option<bool>,
    pub sso_platform_id: Option<i32>,
    pub sso_admin_group_id: Option<String>,
    pub sso_member_group_id: Option<String>,
    pub customers: Option<Vec<Customer>>,
    pub project_count: i32,
    pub domains: Option<Vec<String>>,
    pub invite_type: InviteType,
}

/// The way in which customers join a group; `InviteOnly` is the only value on the help page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InviteType {
    #[default]
    InviteOnly,
}

/// A customer in an access group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Customer {
    pub id: i32,
    pub organisation: Option<String>,
    pub email: Option<String>,
    pub expire_at: Option<DateTime<FixedOffset>>,
    pub group_id: Option<i32>,
    pub valid: Option<bool>,
    pub created_at: Option<DateTime<FixedOffset>>,
    pub confirmed: Option<bool>,
    pub disabled: Option<bool>,
    pub invited: Option<bool>,
    pub custom_data_1: Option<String>,
    pub authentication: u8,
    pub allowed_concurrent_users: Option<i32>,
    pub monthly_cost: Option<i32>,
    pub account_type: u8,
}

/// An update of a group: absent fields keep their values, and `null` clears a nullable field.
pub type ContentUpdate = Box<dyn FnOnce(&mut Content) + Send>;

/// The kind of the groups in summaries.
const KIND: &str = "access_group";

/// The text of the name, in lower case.
const NAME_TEXT: usize = 0;

/// The text of the strings of [`AccessGroup::contains`], in lower case.
const SEARCHABLE_TEXT: usize = 1;

/// Separates the strings in the searchable text, which contains no upper-case ASCII letter.
const SEPARATOR: char = 'X';

impl Record for AccessGroup {
    const INDEXES: &'static [Index<Self>] = &[];

    const TEXTS: &'static [AppendText<Self>] = &[
        |group, text| text.push_str(&group.content.name.as_deref().unwrap_or_default().to_lowercase()),
        Self::append_searchable,
    ];

    fn key(&self) -> Key<'_> {
        ("", &self.id_text)
    }

    fn unshared_bytes(&self, newer: Option<&Self>) -> usize {
        let content = unshared_arc_bytes(&self.content, newer.map(|newer| &newer.content), Content::bytes);
        self.id_text.len() + content + self.json.get().map_or(0, |json| json.get().len())
    }
}

impl Content {
    /// Returns an estimate of the size in bytes.
    fn bytes(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let customer = |it: &Customer| {
            size_of::<Customer>() + text(&it.organisation) + text(&it.email) + text(&it.custom_data_1)
        };
        let domain = |domain: &String| size_of::<String>() + domain.len();
        size_of::<Self>()
            + text(&self.name)
            + text(&self.sso_admin_group_id)
            + text(&self.sso_member_group_id)
            + self.customers.iter().flatten().map(customer).sum::<usize>()
            + self.domains.iter().flatten().map(domain).sum::<usize>()
    }
}

impl SharedState for LegacyState {
    fn unshared_bytes(&self, newer: &Self) -> usize {
        self.groups.unshared_bytes(&newer.groups, Collection::unshared_bytes)
    }

    fn end_write(&mut self, end: WriteEnd) {
        self.groups.end_write(end);
        if let Some(before) = self.last_ids_before.take()
            && end == WriteEnd::Panicked
        {
            (self.last_id, self.last_customer_id) = before;
        }
    }
}

impl AccessGroup {
    pub fn customer_count(&self) -> usize {
        self.content.customers.as_ref().map_or(0, Vec::len)
    }

    /// Returns whether the id, the name, or the id, e-mail address or organisation of a customer contains `text`, which is
    /// in lower case.
    fn contains(&self, text: &str) -> bool {
        let is_found =
            |found: &Option<String>| found.as_deref().is_some_and(|it| contains_lowercase(it, text));
        let mut customers = self.content.customers.iter().flatten();
        self.id_text.contains(text)
            || is_found(&self.content.name)
            || customers
                .any(|it| is_found(&it.email) || is_found(&it.organisation) || it.id.to_string() == text)
    }

    /// Appends the id, the name, and the e-mail addresses and organisations of the customers in lower case, separated by
    /// [`SEPARATOR`].
    fn append_searchable(&self, text: &mut String) {
        text.push_str(&self.id_text);
        let customers = self.content.customers.iter().flatten();
        let strings = customers.flat_map(|it| [&it.email, &it.organisation]);
        for string in std::iter::once(&self.content.name).chain(strings).flatten() {
            text.push(SEPARATOR);
            text.push_str(&string.to_lowercase());
        }
    }

    fn summary(&self) -> Summary<'_> {
        Summary {
            kind: KIND,
            account: "",
            id: self.id_text.clone(),
            path_prefix: "/api2/access_groups/".into(),
            path_suffix: ".json",
            name: self.content.name.as_deref().unwrap_or_default(),
            members: self.customer_count(),
            created: self.created_at.map(|time| time.to_utc()),
            modified: Some(self.modified),
            revision: self.revision,
        }
    }
}

impl LegacyState {
    /// Returns the group with `id`.
    ///
    /// # Errors
    /// [`error::UNKNOWN_ID`].
    pub fn group(&self, id: i32) -> Result<&AccessGroup, ApiError> {
        self.groups.get(("", &id.to_string())).ok_or_else(|| error::UNKNOWN_ID.with_subject(id.to_string()))
    }

    /// Returns the groups in creation order, starting at `offset`.
    pub fn groups(&self, offset: usize) -> impl Iterator<Item = &AccessGroup> {
        self.groups.iter_from(offset)
    }

    /// Adds a group with the next id.
    pub fn create_group(&mut self, update: ContentUpdate, tx: &mut Tx<'_>) -> &AccessGroup {
        let id = self.next_id();
        let mut content = Content { customers: Some(Vec::new()), ..Content::default() };
        update(&mut content);
        let group = AccessGroup {
            id,
            id_text: id.to_string(),
            created_at: Some(tx.now.fixed_offset()),
            content: Arc::new(content),
            modified: tx.now,
            revision: tx.next_revision(),
            json: Memo::default(),
        };
        self.insert(group, None, tx).expect("the next id is unused")
    }

    /// Updates the group with `id`.
    ///
    /// # Errors
    /// [`error::UNKNOWN_ID`]; there is no upsert.
    pub fn update_group(
        &mut self,
        id: i32,
        update: ContentUpdate,
        tx: &mut Tx<'_>,
    ) -> Result<&AccessGroup, ApiError> {
        let mut group = self.group(id)?.clone();
        let content = Arc::make_mut(&mut group.content);
        update(content);
        self.complete_customers(id, content, tx);
        group.modified = tx.now;
        group.revision = tx.next_revision();
        Ok(self.groups.replace(group).expect("the group was found above"))
    }

    /// Deletes the group with `id`.
    ///
    /// # Errors
    /// [`error::UNKNOWN_ID`].
    pub fn delete_group(&mut self, id: i32) -> Result<(), ApiError> {
        let deleted = self.groups.delete(("", &id.to_string()));
        deleted.map(|_| ()).ok_or_else(|| error::UNKNOWN_ID.with_subject(id.to_string()))
    }

    /// Inserts a complete group with the sequence number `sequence`, or after all others.
    ///
    /// # Errors
    /// The conflict; the state is unchanged then.
    pub fn insert(
        &mut self,
        mut group: AccessGroup,
        sequence: Option<u64>,
        tx: &Tx<'_>,
    ) -> Result<&AccessGroup, InsertError> {
        if self.groups.contains(group.key()) {
            return Err(InsertError::DuplicateKey);
        }
        let (id, previous_customer_id) = (group.id, self.last_customer_id);
        self.complete_customers(id, Arc::make_mut(&mut group.content), tx);
        let inserted = match sequence {
            Some(sequence) => self.groups.insert_at(sequence, group),
            None => self.groups.insert(group),
        };
        let Ok(inserted) = inserted else {
            self.last_customer_id = previous_customer_id;
            return Err(InsertError::SequenceTaken);
        };
        self.last_id = self.last_id.max(id);
        Ok(inserted)
    }

    /// Returns the id of the next new group: the highest id plus one, or the first unused one once ids are exhausted.
    pub fn next_id(&self) -> i32 {
        self.next_id_besides(&BTreeSet::new())
    }

    /// Returns the id of the next new group like [`LegacyState::next_id`], but none of the `reserved` ones.
    pub fn next_id_besides(&self, reserved: &BTreeSet<i32>) -> i32 {
        let is_reserved = |id: &i32| reserved.contains(id);
        let is_unused = |id: &i32| !is_reserved(id) && !self.groups.contains(("", &id.to_string()));
        let first = self.last_id.checked_add(1);
        let next = first.and_then(|first| (first..=i32::MAX).find(|id| !is_reserved(id)));
        next.or_else(|| (1..i32::MAX).find(is_unused)).expect("fewer than 2^31 groups fit into memory")
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

    /// Pins the group with `id`: deleting it restores its current value.
    pub fn pin(&mut self, id: i32) {
        self.groups.pin(("", &id.to_string()));
    }

    /// Sets the value that deleting the group with the id of `group` restores.
    pub fn set_pinned(&mut self, mut group: AccessGroup, tx: &Tx<'_>) {
        self.complete_customers(group.id, Arc::make_mut(&mut group.content), tx);
        self.groups.set_pinned(group);
    }

    /// Returns the groups in creation order, each with its sequence number and the value that its deletion restores.
    pub fn iter_with_pins(&self) -> impl Iterator<Item = (u64, &AccessGroup, Option<&AccessGroup>)> {
        let groups = self.groups.iter_with_sequence();
        groups.map(|(sequence, group)| (sequence, group, self.groups.pinned(group.key())))
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
        let max = Collection::<AccessGroup>::MAX_SEQUENCE;
        if sequence > max {
            return Err(max);
        }
        self.groups.reserve_through(sequence);
        Ok(())
    }

    /// Returns the highest assigned group id and the last assigned customer id.
    pub const fn last_ids(&self) -> (i32, CustomerId) {
        (self.last_id, self.last_customer_id)
    }

    /// Sets the ids after which new groups and customers are numbered, unless those of the groups are higher: the next
    /// one must be unused.
    pub fn set_last_ids(&mut self, group: i32, customer: CustomerId) {
        self.last_id = self.last_id.max(group);
        let highest = if customer.has_restarted { 0 } else { self.last_customer_id.last };
        self.last_customer_id = CustomerId { last: customer.last.max(highest), ..customer };
    }

    /// Fills in the fields of customers that the server assigns, if absent: the id, the group and the creation time.
    fn complete_customers(&mut self, group_id: i32, content: &mut Content, tx: &Tx<'_>) {
        self.last_ids_before.get_or_insert((self.last_id, self.last_customer_id));
        let customers = content.customers.as_deref_mut().unwrap_or_default();
        let max_id = customers.iter().map(|customer| customer.id).max().unwrap_or(0);
        let id = &mut self.last_customer_id;
        id.last = id.last.max(max_id);
        for customer in customers {
            if customer.id == 0 {
                let next = id.last.checked_add(1);
                id.has_restarted |= next.is_none();
                id.last = next.unwrap_or(1);
                customer.id = id.last;
            }
            customer.group_id.get_or_insert(group_id);
            customer.created_at.get_or_insert(tx.now.fixed_offset());
        }
    }
}

impl Summaries for LegacyState {
    fn count(&self) -> usize {
        self.groups.len()
    }

    fn select(&self, query: &SummaryQuery) -> SummaryPage<'_> {
        let mut page = SummaryPage::default();
        // Groups have no account.
        if !query.selects_kind(KIND) || query.account.is_some() {
            return page;
        }
        let mut groups = self.groups.select();
        if let Some(name) = &query.name {
            groups = groups.containing(NAME_TEXT, name);
        }
        if let Some(text) = &query.text {
            // The id of a customer is not part of the text.
            groups = if text.parse::<i32>().is_err() {
                groups.containing(SEARCHABLE_TEXT, text)
            } else {
                groups.matching(|group| group.contains(text))
            };
        }
        page.extend(groups, query.range, AccessGroup::summary);
        page
    }

    fn summaries(&self, offset: usize) -> Box<dyn Iterator<Item = Summary<'_>> + '_> {
        Box::new(self.groups.iter_from(offset).map(AccessGroup::summary))
    }
}
