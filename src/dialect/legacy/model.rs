//! Access groups and their customers as FlickRocket keeps them.

use chrono::{DateTime, FixedOffset, Utc};

use super::error;
use crate::failure::Refusal;
use crate::store::{Collection, Key, Record, Shared, Summaries, Summary, Tx, View};

/// The records of the dialect.
#[derive(Debug, Clone, Default)]
pub struct State {
    groups: Shared<Collection<AccessGroup>>,
    last_id: i32,
    last_customer_id: i32,
}

/// An access group.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct AccessGroup {
    pub(super) id: i32,
    pub(super) id_text: String,
    pub(super) created_at: Option<DateTime<FixedOffset>>,
    pub(super) content: Content,
    pub(super) modified: DateTime<Utc>,
    pub(super) revision: u64,
}

/// The members of an access group that a request can set.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Content {
    pub(super) name: Option<String>,
    pub(super) valid: Option<i32>,
    pub(super) company_id: Option<i32>,
    pub(super) license_id: Option<i32>,
    pub(super) theme_settings_id: Option<i32>,
    pub(super) auto_update: Option<bool>,
    pub(super) send_mail: Option<bool>,
    pub(super) sso_platform_id: Option<i32>,
    pub(super) sso_admin_group_id: Option<String>,
    pub(super) sso_member_group_id: Option<String>,
    pub(super) customers: Option<Vec<Customer>>,
    pub(super) project_count: i32,
    pub(super) domains: Option<Vec<String>>,
    pub(super) invite_type: InviteType,
}

/// How customers come into a group; `InviteOnly` is the only name that the help page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum InviteType {
    #[default]
    InviteOnly,
}

/// A customer in an access group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Customer {
    pub(super) id: i32,
    pub(super) organisation: Option<String>,
    pub(super) email: Option<String>,
    pub(super) expire_at: Option<DateTime<FixedOffset>>,
    pub(super) group_id: Option<i32>,
    pub(super) valid: Option<bool>,
    pub(super) created_at: Option<DateTime<FixedOffset>>,
    pub(super) confirmed: Option<bool>,
    pub(super) disabled: Option<bool>,
    pub(super) invited: Option<bool>,
    pub(super) custom_data_1: Option<String>,
    pub(super) authentication: u8,
    pub(super) allowed_concurrent_users: Option<i32>,
    pub(super) monthly_cost: Option<i32>,
    pub(super) account_type: u8,
}

/// A change of a group: members that were absent keep their value, a `null` clears a nullable one.
pub(super) type Change = Box<dyn FnOnce(&mut Content) + Send>;

impl Record for AccessGroup {
    const VIEWS: &'static [View<Self>] = &[];

    fn key(&self) -> Key<'_> {
        ("", &self.id_text)
    }
}

impl AccessGroup {
    pub(super) fn customer_count(&self) -> usize {
        self.content.customers.as_ref().map_or(0, Vec::len)
    }

    fn summary(&self) -> Summary<'_> {
        Summary {
            kind: "access_group",
            account: "",
            id: self.id_text.clone(),
            name: self.content.name.as_deref().unwrap_or_default(),
            members: self.customer_count(),
            created: self.created_at.map(|time| time.to_utc()),
            modified: Some(self.modified),
            revision: self.revision,
        }
    }
}

impl State {
    /// Returns the group with `id`.
    ///
    /// # Errors
    /// [`error::UNKNOWN_ID`].
    pub(super) fn group(&self, id: i32) -> Result<&AccessGroup, Refusal> {
        self.groups.get(("", &id.to_string())).ok_or_else(|| error::UNKNOWN_ID.about(id.to_string()))
    }

    /// Returns the groups in creation order from the one at `offset` on.
    pub(super) fn groups(&self, offset: usize) -> impl Iterator<Item = &AccessGroup> {
        self.groups.window(offset)
    }

    /// Adds a group under the next free id.
    pub(super) fn create_group(&mut self, change: Change, tx: &mut Tx<'_>) -> &AccessGroup {
        let id = self.next_id();
        let mut content = Content { customers: Some(Vec::new()), ..Content::default() };
        change(&mut content);
        let created_at = Some(tx.now.fixed_offset());
        self.put(AccessGroup { id, created_at, content, ..AccessGroup::default() }, tx)
            .expect("the next free id is free")
    }

    /// Changes the group with `id`.
    ///
    /// # Errors
    /// [`error::UNKNOWN_ID`]; there is no upsert.
    pub(super) fn update_group(
        &mut self,
        id: i32,
        change: Change,
        tx: &mut Tx<'_>,
    ) -> Result<&AccessGroup, Refusal> {
        let mut group = self.group(id)?.clone();
        change(&mut group.content);
        self.complete_customers(id, &mut group.content, tx);
        group.modified = tx.now;
        group.revision = tx.next_revision();
        Ok(self.groups.replace(group).expect("the group was found above"))
    }

    /// Deletes the group with `id`.
    ///
    /// # Errors
    /// [`error::UNKNOWN_ID`].
    pub(super) fn delete_group(&mut self, id: i32) -> Result<(), Refusal> {
        let deleted = self.groups.delete(("", &id.to_string()));
        deleted.map(|_| ()).ok_or_else(|| error::UNKNOWN_ID.about(id.to_string()))
    }

    /// Adds a whole group, as the seed does; `None` when its id is taken.
    pub(super) fn put(&mut self, mut group: AccessGroup, tx: &mut Tx<'_>) -> Option<&AccessGroup> {
        group.id_text = group.id.to_string();
        if self.groups.contains(group.key()) {
            return None;
        }
        self.complete_customers(group.id, &mut group.content, tx);
        self.last_id = self.last_id.max(group.id);
        group.modified = tx.now;
        group.revision = tx.next_revision();
        self.groups.insert(group).ok()
    }

    /// Returns the id that the next new group gets: the one after the greatest, or a free one behind the end.
    pub(super) fn next_id(&self) -> i32 {
        let is_free = |id: &i32| !self.groups.contains(("", &id.to_string()));
        let after = self.last_id.checked_add(1);
        after.or_else(|| (1..i32::MAX).find(is_free)).expect("fewer than 2^31 groups fit into memory")
    }

    /// Makes a deletion of the group with `id` restore its present value.
    pub(super) fn pin(&mut self, id: i32) {
        self.groups.pin(("", &id.to_string()));
    }

    /// Gives customers what the server assigns: an id where there is none, the group, the time of creation.
    fn complete_customers(&mut self, group_id: i32, content: &mut Content, tx: &Tx<'_>) {
        let customers = content.customers.as_deref_mut().unwrap_or_default();
        let greatest = customers.iter().map(|customer| customer.id).max().unwrap_or(0);
        self.last_customer_id = self.last_customer_id.max(greatest);
        for customer in customers {
            if customer.id == 0 {
                self.last_customer_id = self.last_customer_id.checked_add(1).unwrap_or(1);
                customer.id = self.last_customer_id;
            }
            customer.group_id.get_or_insert(group_id);
            customer.created_at.get_or_insert(tx.now.fixed_offset());
        }
    }
}

impl Summaries for State {
    fn count(&self) -> usize {
        self.groups.len()
    }

    fn summaries(&self, offset: usize) -> Box<dyn Iterator<Item = Summary<'_>> + '_> {
        Box::new(self.groups.window(offset).map(AccessGroup::summary))
    }
}
