//! Whole records: how a saved state puts them back, with their places in the creation order and what is pinned.
//!
//! Nothing here checks a rule of IBM: what is put back was checked when it was made, and the seed checks the rest.

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

/// A record that the state keeps in a collection of its own.
pub trait Stored: Record {
    /// Returns the records of this type.
    fn all(state: &State) -> &Collection<Self>;

    /// Returns the records of this type for a change.
    fn all_mut(state: &mut State) -> &mut Collection<Self>;
}

/// Where a record stands and how often it was set; what is `None` is as if the record were made now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// Its place in the creation order.
    pub sequence: Option<u64>,
    /// The revision of its last change.
    pub revision: Option<u64>,
    /// How often it was set.
    pub changes: Option<u32>,
}

/// Why a record cannot be put where it belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// There is a record with its key.
    Key,
    /// There is a record at its place in the creation order.
    Place,
}

impl Mark {
    /// Returns the revision of the last change.
    pub fn revision(self, tx: &mut Tx<'_>) -> u64 {
        self.revision.unwrap_or_else(|| tx.next_revision())
    }

    /// Returns how often the record was set.
    pub fn changes(self) -> u32 {
        self.changes.unwrap_or(1)
    }
}

impl State {
    /// Returns the accounts that were written to, in the order of their ids, with the settings that were set.
    pub fn accounts(&self) -> impl Iterator<Item = (&str, Option<&Settings>)> {
        self.accounts.iter().map(|(id, settings)| (&**id, settings.as_ref()))
    }

    /// Returns the records of one partition in the order of their creation, each with its place in it.
    pub fn saved<R: Stored>(&self, view: usize, partition: Partition<'_>) -> impl Iterator<Item = (u64, &R)> {
        R::all(self).list(view, partition).after(0)
    }

    /// Returns what a deletion of the record with `key` restores.
    pub fn pinned<R: Stored>(&self, key: Key<'_>) -> Option<&R> {
        R::all(self).pinned(key)
    }

    /// Makes a deletion of the record with `key` restore its present value.
    pub fn pin<R: Stored>(&mut self, key: Key<'_>) {
        R::all_mut(self).pin(key);
    }

    /// Makes `record` what a deletion of the record with its key restores.
    pub fn pin_as<R: Stored>(&mut self, record: R) {
        R::all_mut(self).pin_as(record);
    }

    /// Adds a whole record at its place, without any effect on other records.
    ///
    /// # Errors
    /// There is a record with its key or at its place.
    pub fn put_back<R: Stored>(&mut self, record: R, sequence: Option<u64>) -> Result<(), Taken> {
        let all = R::all_mut(self);
        let added = match sequence {
            Some(sequence) => all.insert_at(sequence, record),
            None => all.insert(record),
        };
        let Err(record) = added else { return Ok(()) };
        Err(if all.contains(record.key()) { Taken::Key } else { Taken::Place })
    }

    /// Begins to add many records, as [`Collection::defer_orders`] does.
    pub fn defer_orders(&mut self) {
        self.groups.defer_orders();
        self.members.defer_orders();
        self.users.defer_orders();
        self.principals.defer_orders();
        self.policies.defer_orders();
    }

    /// Makes the orders that waited, as [`Collection::make_orders`] does.
    pub fn make_orders(&mut self) {
        self.groups.make_orders();
        self.members.make_orders();
        self.users.make_orders();
        self.principals.make_orders();
        self.policies.make_orders();
    }

    /// Returns the greatest place in the creation order that a record of this type ever had.
    pub fn last_sequence<R: Stored>(&self) -> u64 {
        R::all(self).last_sequence()
    }

    /// Makes the next records of this type stand behind the place `sequence`.
    pub fn leave_out<R: Stored>(&mut self, sequence: u64) {
        R::all_mut(self).leave_out(sequence);
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
