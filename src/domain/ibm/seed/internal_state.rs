//! `$state`: the internal state of a record that the API does not expose and a saved state must contain.
//!
//! All its fields are optional: for a missing field the record gets the value of a new record.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::records::assignment::Assignment;
use super::super::records::group::Group;
use super::super::records::identity::IdentityDetails;
use super::super::records::member::Membership;
use super::super::records::policy::Policy;
use super::super::records::principal::Principal;
use super::super::records::record_version::{InsertError, RecordVersion};
use super::super::records::rule::Rule;
use super::super::records::template::{Template, Version};
use super::super::records::user::User;
use super::super::state::IbmState;
use crate::domain::seed::SeedError;

/// The maximum integer that every JSON parser represents exactly, 2^53 - 1.
const MAX_SAFE_INTEGER: u64 = 9_007_199_254_740_991;

/// The maximum change count in a seed, below `u32::MAX` so that it can increase.
const MAX_CHANGE_COUNT: u32 = 1_000_000_000;

/// The `$state` of the section.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionState {
    /// The last sequence numbers that were assigned.
    #[serde(default)]
    last_sequences: LastSequences,
    /// The details of identities that are not in any user, member, service id or trusted profile.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub identities: BTreeMap<String, IdentitySeed>,
}

/// The last sequence numbers that were assigned, by record type; 0 if there was none.
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
    neighbors: u64,
}

/// The details of an identity.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentitySeed {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Box<str>>,
}

/// The `$state` of a record that can be pinned with a value of type `T`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordState<T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<u32>,
    /// The value that a deletion restores, if it is not the current value: a record without its id, sequence number,
    /// members and rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinned: Option<Box<T>>,
}

/// The `$state` of a record that consists of the sequence number only.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SequenceState {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
}

impl SectionState {
    /// Returns the `$state` of the section; `None` if no record was ever stored and there are no `identities`.
    pub fn from_state(state: &IbmState, identities: BTreeMap<String, IdentitySeed>) -> Option<Self> {
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
            neighbors: state.neighbors.last_sequence(),
        };
        let is_empty = last_sequences == LastSequences::default() && identities.is_empty();
        (!is_empty).then_some(Self { last_sequences, identities })
    }

    /// Reserves the sequence numbers up to the last ones, so that new records get higher ones.
    pub fn reserve_sequences(&self, state: &mut IbmState) -> Result<(), SeedError> {
        let last = &self.last_sequences;
        state.reserve_sequences::<Group>(check_last_sequence("groups", last.groups)?);
        state.reserve_sequences::<Membership>(check_last_sequence("members", last.members)?);
        state.reserve_sequences::<Rule>(check_last_sequence("rules", last.rules)?);
        state.reserve_sequences::<Template>(check_last_sequence("templates", last.templates)?);
        state.reserve_sequences::<Version>(check_last_sequence("versions", last.versions)?);
        state.reserve_sequences::<Assignment>(check_last_sequence("assignments", last.assignments)?);
        state.reserve_sequences::<User>(check_last_sequence("users", last.users)?);
        state.reserve_sequences::<Principal>(check_last_sequence("principals", last.principals)?);
        state.reserve_sequences::<Policy>(check_last_sequence("policies", last.policies)?);
        let neighbors = check_last_sequence("neighbors", last.neighbors)?;
        state.neighbors.reserve_sequences(neighbors).expect("the number is in range");
        Ok(())
    }
}

/// Checks that the last sequence number of a record type is in range.
fn check_last_sequence(name: &str, last: u64) -> Result<u64, SeedError> {
    if last <= MAX_SAFE_INTEGER {
        return Ok(last);
    }
    let path = format!("$state.last_sequences.{name}");
    Err(SeedError::new(path, format!("must be a number from 0 to {MAX_SAFE_INTEGER}")))
}

impl From<IdentityDetails> for IdentitySeed {
    fn from(IdentityDetails { name, email, description }: IdentityDetails) -> Self {
        Self { name, email, description }
    }
}

impl From<&IdentitySeed> for IdentityDetails {
    fn from(seed: &IdentitySeed) -> Self {
        let IdentitySeed { name, email, description } = seed.clone();
        Self { name, email, description }
    }
}

impl<T> RecordState<T> {
    /// Returns the `$state` of a record with its sequence number, revision and change count.
    pub fn new(sequence: u64, (revision, changes): (u64, u32), pinned: Option<T>) -> Self {
        let (revision, changes) = (Some(revision), Some(changes));
        Self { sequence: Some(sequence), revision, changes, pinned: pinned.map(Box::new) }
    }

    /// Returns the `$state` of a pinned value, which has no sequence number.
    pub const fn new_pinned((revision, changes): (u64, u32)) -> Self {
        Self { sequence: None, revision: Some(revision), changes: Some(changes), pinned: None }
    }

    /// Returns whether there is a field that the `$state` of a pinned value must not have.
    pub const fn has_record_fields(&self) -> bool {
        self.sequence.is_some() || self.pinned.is_some()
    }
}

/// Returns the sequence number, revision and change count of the `$state` of a record.
pub fn record_version<T>(state: Option<&RecordState<T>>) -> Result<RecordVersion, SeedError> {
    state.map_or(Ok(RecordVersion::default()), |it| {
        validate_record_version(it.sequence, it.revision, it.changes)
    })
}

/// Validates a sequence number, a revision and a change count.
pub fn validate_record_version(
    sequence: Option<u64>,
    revision: Option<u64>,
    changes: Option<u32>,
) -> Result<RecordVersion, SeedError> {
    let sequence = validate_sequence("sequence", sequence)?;
    if revision.is_some_and(|revision| revision > MAX_SAFE_INTEGER) {
        let reason = format!("must be a number from 0 to {MAX_SAFE_INTEGER}");
        return Err(SeedError::new("$state.revision", reason));
    }
    if changes.is_some_and(|changes| !(1..=MAX_CHANGE_COUNT).contains(&changes)) {
        let reason = format!("must be a number from 1 to {MAX_CHANGE_COUNT}");
        return Err(SeedError::new("$state.changes", reason));
    }
    Ok(RecordVersion { sequence, revision, change_count: changes })
}

/// Validates a sequence number, which is the field `name` of a `$state`.
pub fn validate_sequence(name: &str, sequence: Option<u64>) -> Result<Option<u64>, SeedError> {
    match sequence {
        Some(number) if !(1..=MAX_SAFE_INTEGER).contains(&number) => {
            let reason = format!("must be a number from 1 to {MAX_SAFE_INTEGER}");
            Err(SeedError::new(format!("$state.{name}"), reason))
        }
        sequence => Ok(sequence),
    }
}

/// Returns the seed error for a record whose key or sequence number already exists; `reason` and `path` describe the
/// duplicate key.
pub fn insert_error(error: InsertError, path: &str, reason: String) -> SeedError {
    match error {
        InsertError::DuplicateKey => SeedError::new(path, reason),
        InsertError::SequenceTaken => {
            SeedError::new("$state.sequence", "is already used by an earlier record")
        }
    }
}

/// Returns the seed error for a pinned value with a field that only its record can have.
pub fn not_allowed_in_pinned_value(name: &str) -> SeedError {
    SeedError::new(format!("$state.pinned.{name}"), "is not allowed in a pinned value")
}

/// Returns the seed error for a pinned record of a group that is not pinned.
pub fn group_not_pinned() -> SeedError {
    SeedError::new("pinned", "is not allowed, because the group is not pinned")
}

/// The value that a deletion of a record restores.
#[derive(Debug)]
pub enum PinnedValue<'a, T> {
    /// No value.
    None,
    /// The current value.
    Current,
    /// Another value.
    Other(&'a T),
}

impl<'a, T> PinnedValue<'a, T> {
    /// Returns the pinned value from the field `pinned` and the `$state` of a record.
    pub fn from_seed(is_pinned: bool, state: Option<&'a RecordState<T>>) -> Result<Self, SeedError> {
        match (is_pinned, state.and_then(|it| it.pinned.as_deref())) {
            (true, Some(_)) => Err(SeedError::new("$state.pinned", "cannot be combined with `pinned`")),
            (true, None) => Ok(Self::Current),
            (false, Some(other)) => Ok(Self::Other(other)),
            (false, None) => Ok(Self::None),
        }
    }
}

/// Returns whether a boolean is false and is therefore not serialized.
pub const fn is_false(value: &bool) -> bool {
    !*value
}
