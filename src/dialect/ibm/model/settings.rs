//! The settings of accounts.

use super::group::PUBLIC_ACCESS;
use super::{Caller, Stamp, State};
use crate::store::Tx;

/// The settings of an account that were set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Whether policies on the Public Access group have an effect; they do until this is set.
    pub public_access_enabled: bool,
    /// The last change.
    pub modified: Stamp,
}

impl State {
    /// Returns the settings of an account; `None` while they are the defaults.
    pub fn settings(&self, account: &str) -> Option<&Settings> {
        self.accounts.get(account)?.as_ref()
    }

    /// Sets whether the Public Access group of an account can have policies; without that right it loses them.
    pub fn set_public_access(&mut self, account: &str, enabled: bool, caller: &Caller, tx: &Tx<'_>) {
        let modified = self.stamp(caller, tx);
        self.put_settings(account, Settings { public_access_enabled: enabled, modified });
        if !enabled {
            self.delete_policies_of(account, PUBLIC_ACCESS);
        }
    }

    /// Sets the whole settings of an account, as the seed does.
    pub fn put_settings(&mut self, account: &str, settings: Settings) {
        let account = self.account(account);
        self.accounts.insert(account, Some(settings));
    }
}
