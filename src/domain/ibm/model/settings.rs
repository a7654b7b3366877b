//! The settings of accounts.

use super::group::PUBLIC_ACCESS;
use super::{AuditStamp, Caller, IbmState};
use crate::store::Tx;

/// The settings of an account, stored once they have been set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Whether the Public Access group can have policies; `true` by default.
    pub public_access_enabled: bool,
    /// The last change.
    pub modified: AuditStamp,
}

impl IbmState {
    /// Returns the settings of an account; `None` if they have never been set.
    pub fn settings(&self, account: &str) -> Option<&Settings> {
        self.accounts.get(account)?.as_ref()
    }

    /// Sets whether the Public Access group of an account can have policies; `false` deletes its policies.
    pub fn set_public_access(&mut self, account: &str, enabled: bool, caller: &Caller, tx: &Tx<'_>) {
        let modified = self.audit_stamp(caller, tx);
        self.insert_settings(account, Settings { public_access_enabled: enabled, modified });
        if !enabled {
            self.delete_group_policies(account, PUBLIC_ACCESS);
        }
    }

    /// Stores complete settings of an account, as read from the seed.
    pub fn insert_settings(&mut self, account: &str, settings: Settings) {
        let account = self.intern_account(account);
        self.accounts.insert(account, Some(settings));
    }
}
