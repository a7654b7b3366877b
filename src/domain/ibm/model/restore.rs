//! Access to complete records for saving and restoring a state, with their sequence numbers and pinned values.
//!
//! The functions do not check the rules of IBM: a restored record was checked when it was created, and the seed checks
//! the rest.

use super::assignment::Assignment;
use super::group::Group;
use super::member::Membership;
use super::policy::Policy;
use super::principal::Principal;
use super::rule::Rule;
use super::template::{Template, Version};
use super::user::User;
use super::{IbmState, Settings};
use crate::store::{Collection, Key, Partition, Record, Tx};

/// A record type with its own collection in the state.
pub trait HasCollection: Record {
    /// Returns the collection of this record type.
    fn collection(state: &IbmState) -> &Collection<Self>;

    /// Returns the collection of this record type for changes.
    fn collection_mut(state: &mut IbmState) -> &mut Collection<Self>;
}

/// The sequence number, revision and change count of a record; for `None` the values of a new record are used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RecordVersion {
    /// The sequence number, which determines the creation order.
    pub sequence: Option<u64>,
    /// The revision of the last change.
    pub revision: Option<u64>,
    /// The number of times the record was set.
    pub change_count: Option<u32>,
}

/// The reason why a record cannot be inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InsertError {
    /// A record with this key already exists.
    DuplicateKey,
    /// A record with this sequence number already exists.
    SequenceTaken,
}

impl RecordVersion {
    /// Returns the revision of the last change, by default the next one.
    pub fn revision_or_next(self, tx: &mut Tx<'_>) -> u64 {
        self.revision.unwrap_or_else(|| tx.next_revision())
    }

    /// Returns the number of times the record was set, by default 1.
    pub fn change_count_or_default(self) -> u32 {
        self.change_count.unwrap_or(1)
    }
}

impl IbmState {
    /// Returns the accounts that have been used, ordered by id, with their settings if they have been set.
    pub fn accounts(&self) -> impl Iterator<Item = (&str, Option<&Settings>)> {
        self.accounts.iter().map(|(id, settings)| (&**id, settings.as_ref()))
    }

    /// Returns the records of one partition in order of creation, each with its sequence number.
    pub fn iter_with_sequence<R: HasCollection>(
        &self,
        view: usize,
        partition: Partition<'_>,
    ) -> impl Iterator<Item = (u64, &R)> {
        R::collection(self).list(view, partition).after(0)
    }

    /// Returns the pinned value of the record with `key`, which its deletion restores.
    pub fn pinned<R: HasCollection>(&self, key: Key<'_>) -> Option<&R> {
        R::collection(self).pinned(key)
    }

    /// Pins the record with `key`: its deletion restores its current value.
    pub fn pin<R: HasCollection>(&mut self, key: Key<'_>) {
        R::collection_mut(self).pin(key);
    }

    /// Sets the pinned value of the record with the key of `record`.
    pub fn set_pinned<R: HasCollection>(&mut self, record: R) {
        R::collection_mut(self).set_pinned(record);
    }

    /// Adds a record with the given sequence number, without changing other records; `None` assigns the next number.
    ///
    /// # Errors
    /// A record with its key or sequence number already exists.
    pub fn restore<R: HasCollection>(&mut self, record: R, sequence: Option<u64>) -> Result<(), InsertError> {
        let all = R::collection_mut(self);
        let result = match sequence {
            Some(sequence) => all.insert_at(sequence, record),
            None => all.insert(record),
        };
        let Err(record) = result else { return Ok(()) };
        Err(if all.contains(record.key()) { InsertError::DuplicateKey } else { InsertError::SequenceTaken })
    }

    /// Begins a bulk load, as [`Collection::begin_bulk_load`] does.
    pub fn begin_bulk_load(&mut self) {
        self.groups.begin_bulk_load();
        self.members.begin_bulk_load();
        self.users.begin_bulk_load();
        self.principals.begin_bulk_load();
        self.policies.begin_bulk_load();
    }

    /// Finishes a bulk load, as [`Collection::finish_bulk_load`] does.
    pub fn finish_bulk_load(&mut self) {
        self.groups.finish_bulk_load();
        self.members.finish_bulk_load();
        self.users.finish_bulk_load();
        self.principals.finish_bulk_load();
        self.policies.finish_bulk_load();
    }

    /// Returns the highest sequence number that a record of this type ever had.
    pub fn last_sequence<R: HasCollection>(&self) -> u64 {
        R::collection(self).last_sequence()
    }

    /// Reserves the sequence numbers up to and including `sequence`: new records of this type get higher ones.
    pub fn reserve_sequences<R: HasCollection>(&mut self, sequence: u64) {
        R::collection_mut(self).reserve_through(sequence);
    }
}

impl HasCollection for Group {
    fn collection(state: &IbmState) -> &Collection<Self> {
        &state.groups
    }

    fn collection_mut(state: &mut IbmState) -> &mut Collection<Self> {
        &mut state.groups
    }
}

impl HasCollection for Membership {
    fn collection(state: &IbmState) -> &Collection<Self> {
        &state.members
    }

    fn collection_mut(state: &mut IbmState) -> &mut Collection<Self> {
        &mut state.members
    }
}

impl HasCollection for Rule {
    fn collection(state: &IbmState) -> &Collection<Self> {
        &state.rules
    }

    fn collection_mut(state: &mut IbmState) -> &mut Collection<Self> {
        &mut state.rules
    }
}

impl HasCollection for Template {
    fn collection(state: &IbmState) -> &Collection<Self> {
        &state.templates
    }

    fn collection_mut(state: &mut IbmState) -> &mut Collection<Self> {
        &mut state.templates
    }
}

impl HasCollection for Version {
    fn collection(state: &IbmState) -> &Collection<Self> {
        &state.versions
    }

    fn collection_mut(state: &mut IbmState) -> &mut Collection<Self> {
        &mut state.versions
    }
}

impl HasCollection for Assignment {
    fn collection(state: &IbmState) -> &Collection<Self> {
        &state.assignments
    }

    fn collection_mut(state: &mut IbmState) -> &mut Collection<Self> {
        &mut state.assignments
    }
}

impl HasCollection for User {
    fn collection(state: &IbmState) -> &Collection<Self> {
        &state.users
    }

    fn collection_mut(state: &mut IbmState) -> &mut Collection<Self> {
        &mut state.users
    }
}

impl HasCollection for Principal {
    fn collection(state: &IbmState) -> &Collection<Self> {
        &state.principals
    }

    fn collection_mut(state: &mut IbmState) -> &mut Collection<Self> {
        &mut state.principals
    }
}

impl HasCollection for Policy {
    fn collection(state: &IbmState) -> &Collection<Self> {
        &state.policies
    }

    fn collection_mut(state: &mut IbmState) -> &mut Collection<Self> {
        &mut state.policies
    }
}
