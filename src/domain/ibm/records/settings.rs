//! The settings of accounts.

use super::audit::AuditStamp;

/// The settings of an account, stored once they have been set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Whether the Public Access group can have policies; `true` by default.
    pub public_access_enabled: bool,
    /// The last change.
    pub modified: AuditStamp,
}
