//! Access groups and their customers as FlickRocket keeps them.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Utc};
use serde_json::value::RawValue;

use super::error;
use crate::failure::Refusal;
use crate::store::{Collection, Kept, Key, Record, Shared, Summaries, Summary, Tx, View};

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
    /// Shared with the copy from which the answer of a write is made.
    pub(super) content: Arc<Content>,
    pub(super) modified: DateTime<Utc>,
    pub(super) revision: u64,
    /// Its JSON.
    pub(super) json: Kept<Box<RawValue>>,
}

/// What keeps a seeded group out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// Its id is that of another group.
    Key,
    /// Its place in the creation order is that of another group, or none at all.
    Place,
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
        let group = AccessGroup {
            id,
            id_text: id.to_string(),
            created_at: Some(tx.now.fixed_offset()),
            content: Arc::new(content),
            modified: tx.now,
            revision: tx.next_revision(),
            json: Kept::default(),
        };
        self.put(group, None, tx).expect("the next free id is free")
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
        let content = Arc::make_mut(&mut group.content);
        change(content);
        self.complete_customers(id, content, tx);
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

    /// Adds a whole group at its place in the creation order, or behind all others.
    ///
    /// # Errors
    /// What is taken; nothing changes then.
    pub(super) fn put(
        &mut self,
        mut group: AccessGroup,
        sequence: Option<u64>,
        tx: &Tx<'_>,
    ) -> Result<&AccessGroup, Taken> {
        if self.groups.contains(group.key()) {
            return Err(Taken::Key);
        }
        let (id, before) = (group.id, self.last_customer_id);
        self.complete_customers(id, Arc::make_mut(&mut group.content), tx);
        let added = match sequence {
            Some(sequence) => self.groups.insert_at(sequence, group),
            None => self.groups.insert(group),
        };
        let Ok(added) = added else {
            self.last_customer_id = before;
            return Err(Taken::Place);
        };
        self.last_id = self.last_id.max(id);
        Ok(added)
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

    /// Makes a deletion of the group with the id of `group` restore `group`.
    pub(super) fn pin_as(&mut self, mut group: AccessGroup, tx: &Tx<'_>) {
        self.complete_customers(group.id, Arc::make_mut(&mut group.content), tx);
        self.groups.pin_as(group);
    }

    /// Returns the groups in creation order, each with its place in it and what a deletion restores.
    pub(super) fn saved(&self) -> impl Iterator<Item = (u64, &AccessGroup, Option<&AccessGroup>)> {
        let groups = self.groups.numbered();
        groups.map(|(sequence, group)| (sequence, group, self.groups.pinned(group.key())))
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
        let greatest = Collection::<AccessGroup>::GREATEST_PLACE;
        if sequence > greatest {
            return Err(greatest);
        }
        self.groups.leave_out(sequence);
        Ok(())
    }

    /// Returns the greatest id of a group that was given, and the id of a customer that was given last.
    pub(super) const fn last_ids(&self) -> (i32, i32) {
        (self.last_id, self.last_customer_id)
    }

    /// Makes new groups and customers go on after these ids; a group's id is never below one that is taken.
    pub(super) fn set_last_ids(&mut self, group: i32, customer: i32) {
        self.last_id = self.last_id.max(group);
        // After the greatest number of all the ids of customers begin anew, so that the last is not the greatest.
        self.last_customer_id = customer;
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
