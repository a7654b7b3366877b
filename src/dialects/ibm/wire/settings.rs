//! The JSON bodies of account settings.

use serde::{Deserialize, Serialize};

use crate::domain::ibm::records::audit::{BUILTIN_CREATED_AT, SYSTEM_IAM_ID, Timestamp};
use crate::domain::ibm::records::settings::Settings;

/// The settings of an account.
#[derive(Serialize)]
pub(in super::super) struct AccountSettings<'a> {
    account_id: &'a str,
    last_modified_at: Timestamp,
    last_modified_by_id: &'a str,
    public_access_enabled: bool,
}

impl<'a> AccountSettings<'a> {
    /// Returns the settings of `account_id`; `None` means the defaults.
    pub(in super::super) fn new(account_id: &'a str, settings: Option<&'a Settings>) -> Self {
        Self {
            account_id,
            last_modified_at: settings.map_or(BUILTIN_CREATED_AT, |settings| settings.modified.at),
            last_modified_by_id: settings.map_or(SYSTEM_IAM_ID, |settings| &settings.modified.by),
            public_access_enabled: settings.is_none_or(|settings| settings.public_access_enabled),
        }
    }
}

/// The request body that updates the settings; absent and `null` fields keep their value.
#[derive(Debug, Deserialize)]
pub(in super::super) struct SettingsRequest {
    pub(in super::super) public_access_enabled: Option<bool>,
}
