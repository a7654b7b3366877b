//! The state of the ibm dialect: its records, and access to complete records for saving and restoring them, with their
//! sequence numbers and pinned values.
//!
//! The functions do not check the rules of IBM: a restored record was checked when it was created, and the seed checks
//! the rest. The Public Access group exists in every account and is never stored. An account exists implicitly and is
//! recorded on its first use.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::records::assignment::Assignment;
use super::records::assignment_target::AssignmentTarget;
use super::records::audit::AuditStamp;
use super::records::caller::Caller;
use super::records::group::Group;
use super::records::identity::Identity;
use super::records::interned::InternedStr;
use super::records::member::Membership;
use super::records::policy::Policy;
use super::records::principal::Principal;
use super::records::record_version::InsertError;
use super::records::role::ServiceRoles;
use super::records::rule::Rule;
use super::records::settings::Settings;
use super::records::template::{Template, Version};
use super::records::user::User;
use crate::domain::neighbors::Neighbors;
use crate::store::{
    BulkLoadError, Collection, CowArc, Key, Partition, Record, SharedState, Tx, UndoMap, WriteEnd,
};

/// The state of the dialect.
#[derive(Debug, Clone, Default)]
pub struct IbmState {
    pub(super) groups: CowArc<Collection<Group>>,
    pub(super) members: CowArc<Collection<Membership>>,
    pub(super) rules: CowArc<Collection<Rule>>,
    pub(super) templates: CowArc<Collection<Template>>,
    pub(super) versions: CowArc<Collection<Version>>,
    pub(super) assignments: CowArc<Collection<Assignment>>,
    pub(super) assignment_targets: CowArc<Collection<AssignmentTarget>>,
    pub(super) users: CowArc<Collection<User>>,
    pub(super) principals: CowArc<Collection<Principal>>,
    pub(super) policies: CowArc<Collection<Policy>>,
    /// The accounts that have been used, with their settings; `None` if the settings have never been set.
    pub(super) accounts: CowArc<UndoMap<InternedStr, Option<Settings>>>,
    /// The accounts of the account groups, by id of the account group; each list is sorted.
    pub(super) account_groups: CowArc<UndoMap<Box<str>, Arc<[InternedStr]>>>,
    /// The roles of single services.
    pub(super) service_roles: ServiceRoles,
    /// The names of accounts and of account groups that have one, by their ids.
    pub(super) account_names: CowArc<BTreeMap<Box<str>, Box<str>>>,
    pub(super) account_group_names: CowArc<BTreeMap<Box<str>, Box<str>>>,
    /// The neighbors of groups.
    pub(super) neighbors: Neighbors,
    /// The identities that have details.
    pub(super) identities: CowArc<UndoMap<Box<str>, Arc<Identity>>>,
    /// The interned IAM ids of the authors of records.
    authors: CowArc<BTreeSet<InternedStr>>,
}

/// A record type with its own collection in the state.
pub trait HasCollection: Record {
    /// Returns the collection of this record type.
    fn collection(state: &IbmState) -> &Collection<Self>;

    /// Returns the collection of this record type for changes.
    fn collection_mut(state: &mut IbmState) -> &mut Collection<Self>;
}

/// An estimate of the bytes of an entry in a map or set.
const ENTRY_BYTES: usize = 128;

impl SharedState for IbmState {
    fn unshared_bytes(&self, newer: &Self) -> usize {
        let collections = self.groups.unshared_bytes(&newer.groups, Collection::unshared_bytes)
            + self.members.unshared_bytes(&newer.members, Collection::unshared_bytes)
            + self.rules.unshared_bytes(&newer.rules, Collection::unshared_bytes)
            + self.templates.unshared_bytes(&newer.templates, Collection::unshared_bytes)
            + self.versions.unshared_bytes(&newer.versions, Collection::unshared_bytes)
            + self.assignments.unshared_bytes(&newer.assignments, Collection::unshared_bytes)
            + self.assignment_targets.unshared_bytes(&newer.assignment_targets, Collection::unshared_bytes)
            + self.users.unshared_bytes(&newer.users, Collection::unshared_bytes)
            + self.principals.unshared_bytes(&newer.principals, Collection::unshared_bytes)
            + self.policies.unshared_bytes(&newer.policies, Collection::unshared_bytes)
            + self.neighbors.unshared_bytes(&newer.neighbors);
        let entries = self.accounts.unshared_bytes(&newer.accounts, |it, _| it.len())
            + self.account_groups.unshared_bytes(&newer.account_groups, |it, _| it.len())
            + self.account_names.unshared_bytes(&newer.account_names, |it, _| it.len())
            + self.account_group_names.unshared_bytes(&newer.account_group_names, |it, _| it.len())
            + self.identities.unshared_bytes(&newer.identities, |it, _| it.len())
            + self.authors.unshared_bytes(&newer.authors, |it, _| it.len());
        collections + entries * ENTRY_BYTES
    }

    fn end_write(&mut self, end: WriteEnd) {
        // Only a load sets the roles of services and the names. An author who wrote nothing is in no response.
        let Self {
            groups,
            members,
            rules,
            templates,
            versions,
            assignments,
            assignment_targets,
            users,
            principals,
            policies,
            accounts,
            account_groups,
            neighbors,
            identities,
            service_roles: _,
            account_names: _,
            account_group_names: _,
            authors: _,
        } = self;
        groups.end_write(end);
        members.end_write(end);
        rules.end_write(end);
        templates.end_write(end);
        versions.end_write(end);
        assignments.end_write(end);
        assignment_targets.end_write(end);
        users.end_write(end);
        principals.end_write(end);
        policies.end_write(end);
        accounts.end_write(end);
        account_groups.end_write(end);
        neighbors.end_write(end);
        identities.end_write(end);
    }
}

impl IbmState {
    /// Returns the time and author of a change that `caller` makes now.
    pub fn audit_stamp(&mut self, caller: &Caller, tx: &Tx<'_>) -> AuditStamp {
        AuditStamp { at: tx.now.into(), by: self.intern_author(&caller.iam_id) }
    }

    /// Returns the interned IAM id of an author.
    pub fn intern_author(&mut self, iam_id: &str) -> InternedStr {
        if let Some(interned) = self.authors.get(iam_id) {
            return interned.clone();
        }
        let author = InternedStr::from(iam_id);
        self.authors.insert(author.clone());
        author
    }

    /// Returns the interned id of an account, and records the account if it is new.
    pub fn intern_account(&mut self, id: &str) -> InternedStr {
        if let Some((interned, _)) = self.accounts.get_key_value(id) {
            return interned.clone();
        }
        let account = InternedStr::from(id);
        self.accounts.insert(account.clone(), None);
        account
    }

    /// Returns an identifier that no record of this type has in the key partition `partition`: `prefix` and a UUID.
    pub fn new_id<R: HasCollection>(&self, prefix: &str, partition: &str, tx: &mut Tx<'_>) -> String {
        let all = R::collection(self);
        tx.ids.draw_unused(|ids| format!("{prefix}{}", ids.uuid()), |id| all.contains((partition, id)))
    }

    /// Returns the accounts that have been used, ordered by id, with their settings if they have been set.
    pub fn accounts(&self) -> impl Iterator<Item = (&str, Option<&Settings>)> {
        self.accounts.iter().map(|(id, settings)| (&**id, settings.as_ref()))
    }

    /// Returns the roles of single services, and with them all roles that are known by name.
    pub const fn service_roles(&self) -> &ServiceRoles {
        &self.service_roles
    }

    /// Returns the records of one partition in order of creation, each with its sequence number.
    pub fn iter_with_sequence<R: HasCollection>(
        &self,
        view: usize,
        partition: Partition<'_>,
    ) -> impl Iterator<Item = (u64, &R)> {
        R::collection(self).list(view, partition).after(0)
    }

    /// Returns all records in order of creation, each with its sequence number.
    pub fn all_with_sequence<R: HasCollection>(&self) -> impl Iterator<Item = (u64, &R)> {
        R::collection(self).iter_with_sequence()
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

    /// Starts a bulk load of groups with their members and rules, and of users; see [`Collection::begin_bulk_load`].
    pub fn begin_bulk_load(&mut self) {
        self.groups.begin_bulk_load();
        self.members.begin_bulk_load();
        self.rules.begin_bulk_load();
        self.users.begin_bulk_load();
    }

    /// Finishes a bulk load; see [`Collection::finish_bulk_load`].
    ///
    /// # Errors
    /// [`BulkLoadError`].
    pub fn finish_bulk_load(&mut self) -> Result<(), BulkLoadError> {
        self.groups.finish_bulk_load()?;
        self.members.finish_bulk_load()?;
        self.rules.finish_bulk_load()?;
        self.users.finish_bulk_load()
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
