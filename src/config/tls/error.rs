//! The error of the TLS configuration.

use std::fmt;

/// An error in the TLS configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsError(String);

impl TlsError {
    /// Returns an error about `subject`.
    pub(super) fn new(subject: &str, error: impl fmt::Display) -> Self {
        Self(format!("{subject}: {error}"))
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for TlsError {}
