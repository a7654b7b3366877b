//! The times and authors of changes.

use chrono::{DateTime, Utc};

use super::interned::InternedStr;

/// The creation time of builtin resources: 2026-01-01T00:00:00Z.
pub const BUILTIN_CREATED_AT: Timestamp = Timestamp(1_767_225_600_000);

/// The IAM id of the author of builtin resources.
pub const SYSTEM_IAM_ID: &str = "iam-system";

/// A Unix timestamp in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(i64);

/// The time and the author of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditStamp {
    /// The time.
    pub at: Timestamp,
    /// The IAM id of the author.
    pub by: InternedStr,
}

impl Timestamp {
    /// Converts the timestamp to a date and time.
    pub fn to_datetime(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time.timestamp_millis())
    }
}
