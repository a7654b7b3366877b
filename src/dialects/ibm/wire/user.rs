//! The JSON bodies of users.

use std::borrow::Cow;

use serde::Serialize;

use crate::domain::ibm::records::audit::Timestamp;
use crate::domain::ibm::records::user::{Profile, User};

/// A user.
#[derive(Serialize)]
pub(in super::super) struct UserProfile<'a> {
    id: Cow<'a, str>,
    iam_id: &'a str,
    realm: &'a str,
    user_id: Cow<'a, str>,
    firstname: Cow<'a, str>,
    lastname: Cow<'a, str>,
    state: &'a str,
    email: Cow<'a, str>,
    phonenumber: &'a str,
    altphonenumber: &'a str,
    photo: &'a str,
    account_id: &'a str,
    added_on: Timestamp,
}

/// One page of users; the links are paths, and the last page has no `next_url`.
#[derive(Serialize)]
pub(in super::super) struct UserList<'a> {
    pub(in super::super) total_results: usize,
    pub(in super::super) limit: usize,
    pub(in super::super) first_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) next_url: Option<String>,
    pub(in super::super) resources: Vec<UserProfile<'a>>,
}

impl<'a> UserProfile<'a> {
    pub(in super::super) fn new(user: &'a User) -> Self {
        let extra = |field: fn(&Profile) -> Option<&str>| user.profile_value(field);
        Self {
            id: user.id(),
            iam_id: &user.identity.iam_id,
            realm: user.realm(),
            user_id: user.user_id(),
            firstname: user.firstname(),
            lastname: user.lastname(),
            state: user.state(),
            email: user.email(),
            phonenumber: extra(|profile| profile.phonenumber.as_deref()),
            altphonenumber: extra(|profile| profile.altphonenumber.as_deref()),
            photo: extra(|profile| profile.photo.as_deref()),
            account_id: &user.account,
            added_on: user.added_at,
        }
    }
}
