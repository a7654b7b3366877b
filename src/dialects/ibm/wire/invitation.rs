//! The JSON bodies of the invitation of users, and of their settings.

use serde::{Deserialize, Serialize};

use crate::domain::ibm::error;
use crate::domain::ibm::records::user;
use crate::spec::{ApiError, Violation, Violations};

/// The request body that invites users; `iam_policy` and other fields are ignored.
#[derive(Debug, Deserialize)]
pub(in super::super) struct InvitationRequest {
    users: Option<Vec<InviteUser>>,
    access_groups: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct InviteUser {
    email: Option<String>,
}

/// The users that were invited.
#[derive(Serialize)]
pub(in super::super) struct InvitedUserList {
    pub(in super::super) resources: Vec<InvitedUser>,
}

/// A user that was invited.
#[derive(Serialize)]
pub(in super::super) struct InvitedUser {
    pub(in super::super) email: String,
    pub(in super::super) id: String,
    pub(in super::super) state: &'static str,
}

/// The settings of a user.
#[derive(Serialize)]
pub(in super::super) struct UserSettings<'a> {
    language: &'a str,
    notification_language: &'a str,
    allowed_ip_addresses: &'a str,
    self_manage: bool,
}

/// The request body that changes settings; absent and `null` fields keep their value.
#[derive(Debug, Deserialize)]
pub(in super::super) struct UserSettingsRequest {
    language: Option<Box<str>>,
    notification_language: Option<Box<str>>,
    allowed_ip_addresses: Option<Box<str>>,
    self_manage: Option<bool>,
}

impl InvitationRequest {
    /// Returns the e-mail addresses and the groups.
    ///
    /// # Errors
    /// [`error::INVALID_PAYLOAD`].
    pub(in super::super) fn into_parts(self) -> Result<(Vec<String>, Vec<String>), ApiError> {
        let Self { users, access_groups } = self;
        let mut violations = Violations::new();
        let users = users.unwrap_or_default();
        if users.is_empty() {
            violations.push(Violation::new("users", "is missing or empty"));
        }
        let mut emails = Vec::with_capacity(users.len());
        for (index, user) in users.into_iter().enumerate() {
            let email = user.email.unwrap_or_default();
            if !email.contains('@') {
                violations.push(Violation::new(format!("users[{index}].email"), "must be an e-mail address"));
            }
            emails.push(email);
        }
        if !violations.is_empty() {
            return Err(error::INVALID_PAYLOAD.with_violations(violations));
        }
        Ok((emails, access_groups.unwrap_or_default()))
    }
}

impl<'a> UserSettings<'a> {
    pub(in super::super) fn new(settings: &'a user::UserSettings) -> Self {
        Self {
            language: &settings.language,
            notification_language: &settings.notification_language,
            allowed_ip_addresses: &settings.allowed_ip_addresses,
            self_manage: settings.self_manage,
        }
    }
}

impl UserSettingsRequest {
    /// Changes the settings that the request contains.
    pub(in super::super) fn apply_to(self, settings: &mut user::UserSettings) {
        let Self { language, notification_language, allowed_ip_addresses, self_manage } = self;
        let user::UserSettings {
            language: own_language,
            notification_language: own_notification_language,
            allowed_ip_addresses: own_addresses,
            self_manage: own_self_manage,
        } = settings;
        for (field, new) in [
            (own_language, language),
            (own_notification_language, notification_language),
            (own_addresses, allowed_ip_addresses),
        ] {
            if let Some(new) = new {
                *field = new;
            }
        }
        *own_self_manage = self_manage.unwrap_or(*own_self_manage);
    }
}
