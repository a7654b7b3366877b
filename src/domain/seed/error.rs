//! `SeedError`: an error in a seed, with its location.
//!
//! Imports only errors from `json` and `store`.

use std::fmt;

use crate::json::ChangedText;
use crate::store::BulkLoadError;

/// An error in a seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedError {
    /// The JSON path of the invalid value, such as `ibm.accounts.a1.groups[2].name`; empty for the whole file.
    pub path: String,
    /// The reason: a phrase such as `must not be empty`.
    pub reason: String,
}

impl SeedError {
    /// Returns the error at `path` with `reason`.
    pub fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into() }
    }

    /// Returns the error of a bulk load; it is never shown, because loading the records one by one finds the one with the
    /// error.
    pub fn of_bulk_load(_: BulkLoadError) -> Self {
        Self::new("", "two records have the same identifier or sequence number")
    }

    /// Returns the error with its path nested under `parent`.
    #[must_use]
    pub fn nested_in(self, parent: impl fmt::Display) -> Self {
        let separator = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        Self { path: format!("{parent}{separator}{}", self.path), reason: self.reason }
    }
}

impl fmt::Display for SeedError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return formatter.write_str(&self.reason);
        }
        write!(formatter, "{}: {}", self.path, self.reason)
    }
}

impl std::error::Error for SeedError {}

impl From<ChangedText> for SeedError {
    fn from(changed: ChangedText) -> Self {
        Self::new("", changed.to_string())
    }
}
