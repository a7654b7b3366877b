//! The fields that many records of the seed have, and their checks.

use chrono::{DateTime, Utc};

use super::super::records::audit::AuditStamp;
use super::super::records::caller::DEFAULT_IAM_ID;
use super::super::records::group::PUBLIC_ACCESS;
use super::super::records::identity::IdentityDetails;
use super::super::state::IbmState;
use crate::domain::seed::SeedError;
use crate::spec::Violations;
use crate::store::Tx;

/// The times and authors of the creation and last change of a record in the seed format. Those of the last change are
/// omitted if they equal those of the creation.
#[derive(Debug)]
pub struct AuditFields<'a> {
    pub created_at: Option<DateTime<Utc>>,
    pub created_by_id: Option<&'a str>,
    pub last_modified_at: Option<DateTime<Utc>>,
    pub last_modified_by_id: Option<&'a str>,
}

impl<'a> AuditFields<'a> {
    /// Returns the fields of a record with these times and authors.
    pub fn new(created: &'a AuditStamp, modified: &'a AuditStamp) -> Self {
        Self {
            created_at: Some(created.at.to_datetime()),
            created_by_id: Some(&*created.by),
            last_modified_at: Some(modified.at.to_datetime()).filter(|_| modified.at != created.at),
            last_modified_by_id: Some(&*modified.by).filter(|_| modified.by != created.by),
        }
    }
}

/// Returns the time and author of a creation, by default the current time and the default IAM id.
pub fn audit_stamp(
    state: &mut IbmState,
    at: Option<DateTime<Utc>>,
    by: Option<&str>,
    tx: &Tx<'_>,
) -> AuditStamp {
    let by = state.intern_author(by.unwrap_or(DEFAULT_IAM_ID));
    AuditStamp { at: at.unwrap_or(tx.now).into(), by }
}

/// Returns the time and author of a change, by default those of `default`.
pub fn audit_stamp_or(
    state: &mut IbmState,
    at: Option<DateTime<Utc>>,
    by: Option<&str>,
    default: &AuditStamp,
) -> AuditStamp {
    let is_other = |by: &&str| **by != *default.by;
    let by = by.filter(is_other).map_or_else(|| default.by.clone(), |by| state.intern_author(by));
    AuditStamp { at: at.map_or(default.at, Into::into), by }
}

/// Checks that an id is not empty; a missing one is generated.
pub fn check_id(id: Option<&str>) -> Result<(), SeedError> {
    if id == Some("") { Err(SeedError::new("id", "must not be empty")) } else { Ok(()) }
}

/// Checks the id of a group: some ids are reserved path segments of the API, and the Public Access group is never
/// stored.
pub fn check_group_id(path: &str, id: &str) -> Result<(), SeedError> {
    match id {
        "" | "settings" | "_allgroups" | PUBLIC_ACCESS => {
            Err(SeedError::new(path, "must be a valid group id"))
        }
        _ => Ok(()),
    }
}

/// Checks that a redundant field is absent or has the value that follows from its location.
pub fn check_matches_location(path: &str, value: Option<&str>, expected: &str) -> Result<(), SeedError> {
    match value {
        Some(value) if value != expected => {
            Err(SeedError::new(path, format!("must be `{expected}` at this location, not `{value}`")))
        }
        Some(_) | None => Ok(()),
    }
}

/// Converts a string of the seed to that of a record.
pub fn to_boxed_str(value: Option<&String>) -> Option<Box<str>> {
    value.map(|value| value.as_str().into())
}

/// Converts a string of a record to that of the seed.
pub fn to_owned_string(value: Option<&str>) -> Option<String> {
    value.map(str::to_owned)
}

/// Converts the first violation to a seed error.
pub fn first_violation(violations: Violations) -> SeedError {
    let violation = violations.into_iter().next();
    violation.map_or_else(|| SeedError::new("", "is invalid"), |it| SeedError::new(it.path, it.reason))
}

/// Merges `details` into the details of an identity.
pub fn merge_details(state: &mut IbmState, iam_id: &str, details: IdentityDetails) -> Result<(), SeedError> {
    if details == IdentityDetails::default() || state.merge_details(iam_id, details) {
        return Ok(());
    }
    Err(SeedError::new("", format!("`{iam_id}` has contradictory details elsewhere")))
}
