//! The stored settings of accounts.

use super::records::settings::Settings;
use super::state::IbmState;

impl IbmState {
    /// Returns the settings of an account; `None` if they have never been set.
    pub fn settings(&self, account: &str) -> Option<&Settings> {
        self.accounts.get(account)?.as_ref()
    }

    /// Stores complete settings of an account, as read from the seed.
    pub fn insert_settings(&mut self, account: &str, settings: Settings) {
        let account = self.intern_account(account);
        self.accounts.insert(account, Some(settings));
    }
}
