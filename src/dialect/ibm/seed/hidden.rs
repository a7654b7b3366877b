//! `$state`: what the API does not show of a record and a saved state must keep.
//!
//! Every member of it may be left out: what is not said is as if the record were made by the load.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::model::State;
use super::super::model::assignment::Assignment;
use super::super::model::group::Group;
use super::super::model::identity::Details;
use super::super::model::member::Membership;
use super::super::model::policy::Policy;
use super::super::model::principal::Principal;
use super::super::model::rule::Rule;
use super::super::model::saved::{Mark, Taken};
use super::super::model::template::{Template, Version};
use super::super::model::user::User;
use crate::seed_error::SeedError;

/// The greatest number that every reader of JSON keeps exactly, 2^53 - 1.
const GREATEST_NUMBER: u64 = 9_007_199_254_740_991;

/// The greatest number of changes, so that there is room for more.
const GREATEST_CHANGES: u32 = 1_000_000_000;

/// The `$state` of the whole section.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SectionState {
    /// The last places that were given in the creation orders.
    #[serde(default)]
    last_sequences: LastSequences,
    /// What is known of identities and stands at no user, member, service id or profile.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) identities: BTreeMap<String, IdentitySeed>,
}

/// The last places that were given, by the sort of record; 0 where there was none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LastSequences {
    groups: u64,
    members: u64,
    rules: u64,
    templates: u64,
    versions: u64,
    assignments: u64,
    users: u64,
    principals: u64,
    policies: u64,
}

/// What is known of an identity.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IdentitySeed {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Box<str>>,
}

/// The `$state` of a record that is set as a whole and can be pinned as `T`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordState<T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<u32>,
    /// What a deletion restores where that is not the present value: a record without id, place and parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pinned: Option<Box<T>>,
}

/// The `$state` of a record of which only the place is hidden.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceState {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sequence: Option<u64>,
}

impl SectionState {
    /// Returns the last places of `state`; `None` when nothing was ever stored.
    pub(super) fn of(state: &State, identities: BTreeMap<String, IdentitySeed>) -> Option<Self> {
        let last_sequences = LastSequences {
            groups: state.last_sequence::<Group>(),
            members: state.last_sequence::<Membership>(),
            rules: state.last_sequence::<Rule>(),
            templates: state.last_sequence::<Template>(),
            versions: state.last_sequence::<Version>(),
            assignments: state.last_sequence::<Assignment>(),
            users: state.last_sequence::<User>(),
            principals: state.last_sequence::<Principal>(),
            policies: state.last_sequence::<Policy>(),
        };
        let is_empty = last_sequences == LastSequences::default() && identities.is_empty();
        (!is_empty).then_some(Self { last_sequences, identities })
    }

    /// Makes new records stand behind the last ones.
    pub(super) fn leave_out(&self, state: &mut State) -> Result<(), SeedError> {
        let last = &self.last_sequences;
        state.leave_out::<Group>(checked("groups", last.groups)?);
        state.leave_out::<Membership>(checked("members", last.members)?);
        state.leave_out::<Rule>(checked("rules", last.rules)?);
        state.leave_out::<Template>(checked("templates", last.templates)?);
        state.leave_out::<Version>(checked("versions", last.versions)?);
        state.leave_out::<Assignment>(checked("assignments", last.assignments)?);
        state.leave_out::<User>(checked("users", last.users)?);
        state.leave_out::<Principal>(checked("principals", last.principals)?);
        state.leave_out::<Policy>(checked("policies", last.policies)?);
        Ok(())
    }
}

fn checked(name: &str, last: u64) -> Result<u64, SeedError> {
    if last <= GREATEST_NUMBER {
        return Ok(last);
    }
    let path = format!("$state.last_sequences.{name}");
    Err(SeedError::new(path, format!("must be a number from 0 to {GREATEST_NUMBER}")))
}

impl From<Details> for IdentitySeed {
    fn from(Details { name, email, description }: Details) -> Self {
        Self { name, email, description }
    }
}

impl From<&IdentitySeed> for Details {
    fn from(seed: &IdentitySeed) -> Self {
        let IdentitySeed { name, email, description } = seed.clone();
        Self { name, email, description }
    }
}

impl<T> RecordState<T> {
    /// Returns the `$state` of a record: its place, and the revision and number of its changes.
    pub(super) fn of(sequence: u64, (revision, changes): (u64, u32), pinned: Option<T>) -> Self {
        let (revision, changes) = (Some(revision), Some(changes));
        Self { sequence: Some(sequence), revision, changes, pinned: pinned.map(Box::new) }
    }

    /// Returns the `$state` of a pinned value, which has no place of its own.
    pub(super) const fn of_pinned((revision, changes): (u64, u32)) -> Self {
        Self { sequence: None, revision: Some(revision), changes: Some(changes), pinned: None }
    }

    /// Whether this can be the `$state` of a pinned value.
    pub(super) const fn has_place(&self) -> bool {
        self.sequence.is_some() || self.pinned.is_some()
    }
}

/// Returns what the `$state` of a record says of its place and changes.
pub(super) fn mark_of<T>(hidden: Option<&RecordState<T>>) -> Result<Mark, SeedError> {
    hidden.map_or(Ok(Mark::default()), |it| mark(it.sequence, it.revision, it.changes))
}

/// Returns a place and changes that can be.
pub(super) fn mark(
    sequence: Option<u64>,
    revision: Option<u64>,
    changes: Option<u32>,
) -> Result<Mark, SeedError> {
    let sequence = place("sequence", sequence)?;
    if revision.is_some_and(|revision| revision > GREATEST_NUMBER) {
        let reason = format!("must be a number from 0 to {GREATEST_NUMBER}");
        return Err(SeedError::new("$state.revision", reason));
    }
    if changes.is_some_and(|changes| !(1..=GREATEST_CHANGES).contains(&changes)) {
        let reason = format!("must be a number from 1 to {GREATEST_CHANGES}");
        return Err(SeedError::new("$state.changes", reason));
    }
    Ok(Mark { sequence, revision, changes })
}

/// Returns the place that the member `name` of a `$state` says, if it can be one.
pub(super) fn place(name: &str, sequence: Option<u64>) -> Result<Option<u64>, SeedError> {
    match sequence {
        Some(place) if !(1..=GREATEST_NUMBER).contains(&place) => {
            let reason = format!("must be a number from 1 to {GREATEST_NUMBER}");
            Err(SeedError::new(format!("$state.{name}"), reason))
        }
        sequence => Ok(sequence),
    }
}

/// The mistake of a record whose key or place is taken; `key` says which key and by what.
pub(super) fn taken(taken: Taken, path: &str, key: String) -> SeedError {
    match taken {
        Taken::Key => SeedError::new(path, key),
        Taken::Place => SeedError::new("$state.sequence", "is that of an earlier one"),
    }
}

/// The mistake of a pinned value that says what only its record can say.
pub(super) fn not_in_pinned(name: &str) -> SeedError {
    SeedError::new(format!("$state.pinned.{name}"), "must not be there, as the record has it")
}

/// The mistake of something that is pinned where nothing can be restored.
pub(super) fn must_be_in_pinned_group() -> SeedError {
    SeedError::new("pinned", "must not be there, as the group is not pinned")
}

/// What a deletion of a record restores.
#[derive(Debug)]
pub(super) enum Pin<'a, T> {
    /// Nothing.
    Nothing,
    /// The present value.
    Present,
    /// Another value.
    Other(&'a T),
}

impl<'a, T> Pin<'a, T> {
    /// Returns what `pinned` and the `$state` of a record say.
    pub(super) fn of(is_pinned: bool, hidden: Option<&'a RecordState<T>>) -> Result<Self, SeedError> {
        match (is_pinned, hidden.and_then(|it| it.pinned.as_deref())) {
            (true, Some(_)) => Err(SeedError::new("$state.pinned", "must not stand beside `pinned`")),
            (true, None) => Ok(Self::Present),
            (false, Some(other)) => Ok(Self::Other(other)),
            (false, None) => Ok(Self::Nothing),
        }
    }
}

/// Returns whether a flag is not written.
pub(super) const fn is_false(flag: &bool) -> bool {
    !*flag
}
