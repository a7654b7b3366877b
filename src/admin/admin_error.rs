//! `AdminError`: the errors of calls of the admin API.

use std::fmt;

use crate::control::matching::string_matcher::TOO_COMPLEX;
use crate::domain::seed::SeedError;
use crate::spec::{RequestError, Violation};

use super::error;

/// An error of a call of the admin API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdminError {
    /// No resource of this kind has this name.
    NotFound {
        /// The kind of the resource, such as `snapshot`.
        kind: &'static str,
        /// The requested name.
        name: String,
    },
    /// A value in the request is invalid.
    Invalid {
        /// The JSON path of the value or the name of the parameter; empty for the whole body.
        path: String,
        /// The reason, such as `must be a string`.
        reason: String,
    },
    /// The received requests do not match the expectation; the message lists what was received instead.
    VerificationFailed(String),
}

impl AdminError {
    /// Returns the error that the value at `path` is invalid because of `reason`.
    pub(super) fn invalid(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Invalid { path: path.into(), reason: reason.into() }
    }

    /// Returns the error that no resource of this kind has this name.
    pub(super) fn not_found(kind: &'static str, name: impl Into<String>) -> Self {
        Self::NotFound { kind, name: name.into() }
    }
}

impl fmt::Display for AdminError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { kind, name } => write!(formatter, "there is no {kind} `{name}`"),
            Self::Invalid { path, reason } if path.is_empty() => formatter.write_str(reason),
            Self::Invalid { path, reason } => write!(formatter, "{path}: {reason}"),
            Self::VerificationFailed(message) => formatter.write_str(message),
        }
    }
}

impl std::error::Error for AdminError {}

impl From<Violation> for AdminError {
    fn from(Violation { path, reason }: Violation) -> Self {
        Self::Invalid { path, reason }
    }
}

impl From<SeedError> for AdminError {
    fn from(SeedError { path, reason }: SeedError) -> Self {
        Self::Invalid { path, reason }
    }
}

impl From<AdminError> for RequestError {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::NotFound { .. } => error::RESOURCE_NOT_FOUND.with_subject(error.to_string()),
            AdminError::Invalid { path, reason } if reason.contains(TOO_COMPLEX) => {
                error::PATTERN_TOO_COMPLEX.with_violation(path, reason)
            }
            AdminError::Invalid { path, reason } => error::INVALID_REQUEST.with_violation(path, reason),
            AdminError::VerificationFailed(message) => error::VERIFICATION_FAILED.with_violation("", message),
        }
        .into()
    }
}
