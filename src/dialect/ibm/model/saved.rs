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
use super::{Settings, State};
use crate::store::{Collection, Key, Partition, Record, Tx};

/// A record type with its own collection in the state.
pub trait Stored: Record {
    /// Returns the collection of this record type.
    fn all(state: &State) -> &Collection<Self>;

    /// Returns the collection of this record type for changes.
    fn all_mut(state: &mut State) -> &mut Collection<Self>;
}

/// The sequence number, revision and change count of a record; for `None` the values of a new record are used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// The sequence number, which determines the creation order.
    pub sequence: Option<u64>,
    /// The revision of the last change.
    pub revision: Option<u64>,
    /// The number of times the record was set.
    pub changes: Option<u32>,
}

/// The reason why a record cannot be inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// A record with this key already exists.
    Key,
    /// A record with this sequence number already exists.
    Place,
}

impl Mark {
    /// Returns the revision of the last change, by default the next one.
    pub fn revision(self, tx: &mut Tx<'_>) -> u64 {
        self.revision.unwrap_or_else(|| tx.next_revision())
    }

    /// Returns the number of times the record was set, by default 1.
    pub fn changes(self) -> u32 {
        self.changes.unwrap_or(1)
    }
}

impl State {
    /// Returns the accounts that have been used, ordered by id, with their settings if they have been set.
    pub fn accounts(&self) -> impl Iterator<Item = (&str, Option<&Settings>)> {
        self.accounts.iter().map(|(id, settings)| (&**id, settings.as_ref()))
    }

    /// Returns the records of one partition in order of creation, each with its sequence number.
    pub fn saved<R: Stored>(&self, view: usize, partition: Partition<'_>) -> impl Iterator<Item = (u64, &R)> {
        R::all(self).list(view, partition).after(0)
    }

    /// Returns the pinned value of the record with `key`, which its deletion restores.
    pub fn pinned<R: Stored>(&self, key: Key<'_>) -> Option<&R> {
        R::all(self).pinned(key)
    }

    /// Pins the record with `key`: its deletion restores its current value.
    pub fn pin<R: Stored>(&mut self, key: Key<'_>) {
        R::all_mut(self).pin(key);
    }

    /// Sets the pinned value of the record with the key of `record`.
    pub fn pin_as<R: Stored>(&mut self, record: R) {
        R::all_mut(self).set_pinned(record);
    }

    /// Adds a record with the given sequence number, without changing other records; `None` assigns the next number.
    ///
    /// # Errors
    /// A record with its key or sequence number already exists.
    pub fn put_back<R: Stored>(&mut self, record: R, sequence: Option<u64>) -> Result<(), Taken> {
        let all = R::all_mut(self);
        let result = match sequence {
            Some(sequence) => all.insert_at(sequence, record),
            None => all.insert(record),
        };
        let Err(record) = result else { return Ok(()) };
        Err(if all.contains(record.key()) { Taken::Key } else { Taken::Place })
    }

    /// Begins a bulk load, as [`Collection::begin_bulk_load`] does.
    pub fn defer_orders(&mut self) {
        self.groups.begin_bulk_load();
        self.members.begin_bulk_load();
        self.users.begin_bulk_load();
        self.principals.begin_bulk_load();
        self.policies.begin_bulk_load();
    }

    /// Finishes a bulk load, as [`Collection::finish_bulk_load`] does.
    pub fn make_orders(&mut self) {
        self.groups.finish_bulk_load();
        self.members.finish_bulk_load();
        self.users.finish_bulk_load();
        self.principals.finish_bulk_load();
        self.policies.finish_bulk_load();
    }

    /// Returns the highest sequence number that a record of this type ever had.
    pub fn last_sequence<R: Stored>(&self) -> u64 {
        R::all(self).last_sequence()
    }

    /// Reserves the sequence numbers up to and including `sequence`: new records of this type get higher ones.
    pub fn leave_out<R: Stored>(&mut self, sequence: u64) {
        R::all_mut(self).reserve_through(sequence);
    }
}

impl Stored for Group {
    fn all(state: &State) -> &Collection<Self> {
        &state.groups
    }

    fn all_mut(state: &mut State) -> &mut Collection<Self> {
        &mut state.groups
    }
}

impl Stored for Membership {
    fn all(state: &State) -> &Collection<Self> {
        &state.members
    }

    fn all_mut(state: &mut State) -> &mut Collection<Self> {
        &mut state.members
    }
}

impl Stored for Rule {
    fn all(state: &State) -> &Collection<Self> {
        &state.rules
    }

    fn all_mut(state: &mut State) -> &mut Collection<Self> {
        &mut state.rules
    }
}

impl Stored for Template {
    fn all(state: &State) -> &Collection<Self> {
        &state.templates
    }

    fn all_mut(state: &mut State) -> &mut Collection<Self> {
        &mut state.templates
    }
}

impl Stored for Version {
    fn all(state: &State) -> &Collection<Self> {
        &state.versions
    }

    fn all_mut(state: &mut State) -> &mut Collection<Self> {
        &mut state.versions
    }
}

impl Stored for Assignment {
    fn all(state: &State) -> &Collection<Self> {
        &state.assignments
    }

    fn all_mut(state: &mut State) -> &mut Collection<Self> {
        &mut state.assignments
    }
}

impl Stored for User {
    fn all(state: &State) -> &Collection<Self> {
        &state.users
    }

    fn all_mut(state: &mut State) -> &mut Collection<Self> {
        &mut state.users
    }
}

impl Stored for Principal {
    fn all(state: &State) -> &Collection<Self> {
        &state.principals
    }

    fn all_mut(state: &mut State) -> &mut Collection<Self> {
        &mut state.principals
    }
}

impl Stored for Policy {
    fn all(state: &State) -> &Collection<Self> {
        &state.policies
    }

    fn all_mut(state: &mut State) -> &mut Collection<Self> {
        &mut state.policies
    }
}
