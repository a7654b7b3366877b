//! The change of the public access of an account.

use super::records::caller::Caller;
use super::records::group::PUBLIC_ACCESS;
use super::records::settings::Settings;
use super::state::IbmState;
use crate::store::Tx;

impl IbmState {
    /// Sets whether the Public Access group of an account can have policies; `false` deletes its policies.
    pub fn set_public_access(&mut self, account: &str, enabled: bool, caller: &Caller, tx: &Tx<'_>) {
        let modified = self.audit_stamp(caller, tx);
        self.insert_settings(account, Settings { public_access_enabled: enabled, modified });
        if !enabled {
            self.delete_group_policies(account, PUBLIC_ACCESS);
        }
    }
}
