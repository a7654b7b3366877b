//! Users of accounts: from the seed, or added because they were members of a group.

use std::borrow::Cow;
use std::sync::Arc;

use super::audit::Timestamp;
use super::identity::{Identity, concat_parts};
use super::interned::InternedStr;
use crate::store::{AppendText, Index, Key, Record, stable_hex_id};

/// The realm of users whose profile has none.
const DEFAULT_REALM: &str = "IBMid";

/// A user of an account.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// The account.
    pub account: InternedStr,
    /// The identity, with name and e-mail address.
    pub identity: Arc<Identity>,
    /// When the user was added to the account.
    pub added_at: Timestamp,
    /// The profile from the seed or the invitation.
    pub profile: Option<Box<Profile>>,
    /// The settings; `None` if they were never set.
    pub settings: Option<Box<UserSettings>>,
}

/// The settings of a user.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserSettings {
    /// The language of the console.
    pub language: Box<str>,
    /// The language of notifications.
    pub notification_language: Box<str>,
    /// The IP addresses from which the user may log in, separated by commas.
    pub allowed_ip_addresses: Box<str>,
    /// Whether the user manages the login.
    pub self_manage: bool,
}

/// The settings of users that were never set.
static DEFAULT_SETTINGS: std::sync::LazyLock<UserSettings> = std::sync::LazyLock::new(UserSettings::default);

/// The profile of a user in the seed; absent values are derived.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The id of the user in the account.
    pub id: Option<Box<str>>,
    /// The realm of the IAM id.
    pub realm: Option<Box<str>>,
    /// The login name.
    pub user_id: Option<Box<str>>,
    /// The first name.
    pub firstname: Option<Box<str>>,
    /// The last name.
    pub lastname: Option<Box<str>>,
    /// The state, such as `ACTIVE`.
    pub state: Option<Box<str>>,
    /// The primary phone number.
    pub phonenumber: Option<Box<str>>,
    /// The alternative phone number.
    pub altphonenumber: Option<Box<str>>,
    /// A link to a picture.
    pub photo: Option<Box<str>>,
}

impl Record for User {
    const INDEXES: &'static [Index<Self>] = &[Index {
        partition: |user| (&user.account, ""),
        orders: &[|left, right| left.login().cmp(right.login())],
    }];

    fn order_text(_index: usize, _order: usize) -> Option<AppendText<Self>> {
        Some(|user, text| {
            let (first, second) = user.login_parts();
            text.push_str(first);
            text.push_str(second);
        })
    }

    fn key(&self) -> Key<'_> {
        (&self.account, &self.identity.iam_id)
    }
}

impl User {
    /// The index by account.
    pub const BY_ACCOUNT: usize = 0;

    /// The sort order by login name.
    pub const BY_LOGIN: usize = 0;

    /// Returns the id of the user in the account: 32 hexadecimal digits.
    pub fn id(&self) -> Cow<'_, str> {
        let derived = || stable_hex_id(&format!("{}/{}", self.account, self.identity.iam_id)).into();
        self.profile_field(|profile| profile.id.as_deref()).map_or_else(derived, Cow::Borrowed)
    }

    /// Returns the realm of the IAM id.
    pub fn realm(&self) -> &str {
        self.profile_field(|profile| profile.realm.as_deref()).unwrap_or(DEFAULT_REALM)
    }

    /// Returns the login name: that of the profile, or the e-mail address.
    pub fn user_id(&self) -> Cow<'_, str> {
        concat_parts(self.login_parts())
    }

    /// Returns the login name in two parts, so that comparing derived names needs no allocation.
    fn login_parts(&self) -> (&str, &str) {
        let user_id = self.profile_field(|profile| profile.user_id.as_deref());
        user_id.map_or_else(|| self.identity.email(), |user_id| (user_id, ""))
    }

    /// Returns the bytes of the login name.
    pub fn login(&self) -> impl Iterator<Item = u8> {
        let (first, second) = self.login_parts();
        first.bytes().chain(second.bytes())
    }

    /// Returns the first name: that of the profile, or the part of the name before its first space.
    pub fn firstname(&self) -> Cow<'_, str> {
        let firstname = self.profile_field(|profile| profile.firstname.as_deref());
        firstname.map_or_else(
            || split_name(&concat_parts(self.identity.name())).0.to_owned().into(),
            Cow::Borrowed,
        )
    }

    /// Returns the last name: that of the profile, or the part of the name after its first space.
    pub fn lastname(&self) -> Cow<'_, str> {
        let lastname = self.profile_field(|profile| profile.lastname.as_deref());
        lastname.map_or_else(
            || split_name(&concat_parts(self.identity.name())).1.to_owned().into(),
            Cow::Borrowed,
        )
    }

    /// Returns the settings.
    pub fn settings(&self) -> &UserSettings {
        self.settings.as_deref().unwrap_or(&DEFAULT_SETTINGS)
    }

    /// Returns the state.
    pub fn state(&self) -> &str {
        self.profile_field(|profile| profile.state.as_deref()).unwrap_or("ACTIVE")
    }

    /// Returns the e-mail address.
    pub fn email(&self) -> Cow<'_, str> {
        concat_parts(self.identity.email())
    }

    /// Returns a field of the profile that cannot be derived; empty if absent.
    pub fn profile_value(&self, field: impl Fn(&Profile) -> Option<&str>) -> &str {
        self.profile_field(field).unwrap_or_default()
    }

    fn profile_field(&self, field: impl Fn(&Profile) -> Option<&str>) -> Option<&str> {
        field(self.profile.as_deref()?)
    }
}

/// Splits a name into first and last name at its first space; without a space all of it is the first name.
fn split_name(name: &str) -> (&str, &str) {
    name.split_once(' ').unwrap_or((name, ""))
}
