//! `AdminError`: why a call of the admin API was refused.

use std::fmt;

use crate::failure::{Failure, Violation};
use crate::seed_error::SeedError;

use super::error;

/// Why a call of the admin API was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdminError {
    /// There is nothing of this kind with this name.
    Unknown {
        /// The kind, such as `snapshot`.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// What was given is wrong at this place.
    Wrong {
        /// The place: a JSON path or the name of a parameter; empty for the whole.
        path: String,
        /// What is wrong there.
        reason: String,
    },
    /// The requests that came are not those that were expected; the text shows what came instead.
    Unverified(String),
}

impl AdminError {
    pub(super) fn wrong(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Wrong { path: path.into(), reason: reason.into() }
    }

    pub(super) fn unknown(kind: &'static str, name: impl Into<String>) -> Self {
        Self::Unknown { kind, name: name.into() }
    }
}

impl fmt::Display for AdminError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { kind, name } => write!(formatter, "there is no {kind} `{name}`"),
            Self::Wrong { path, reason } if path.is_empty() => formatter.write_str(reason),
            Self::Wrong { path, reason } => write!(formatter, "{path}: {reason}"),
            Self::Unverified(text) => formatter.write_str(text),
        }
    }
}

impl std::error::Error for AdminError {}

impl From<Violation> for AdminError {
    fn from(Violation { path, reason }: Violation) -> Self {
        Self::Wrong { path, reason }
    }
}

impl From<SeedError> for AdminError {
    fn from(SeedError { path, reason }: SeedError) -> Self {
        Self::Wrong { path, reason }
    }
}

impl From<AdminError> for Failure {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::Unknown { .. } => error::UNKNOWN.about(error.to_string()),
            AdminError::Wrong { path, reason } => error::BAD_REQUEST.at(path, reason),
            AdminError::Unverified(text) => error::UNVERIFIED.at("", text),
        }
        .into()
    }
}
