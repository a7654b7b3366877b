//! The operations of account settings.

use axum::http::{Method, StatusCode};

use super::super::source;
use super::parameters::{ACCOUNT_ID, TRANSACTION_ID};
use super::{ACCOUNT_CODES, ACCOUNT_WRITE_CODES};
use crate::error::Evidence;
use crate::http::Operation;

const SETTINGS: &str = "/v2/groups/settings";

pub(in super::super) static GET_ACCOUNT_SETTINGS: Operation =
    Operation::new(Method::GET, SETTINGS, "get_account_settings")
        .says("Get the access group settings of an account", Evidence::Spec)
        .known_from(source::GROUPS_SDK)
        .takes(&[&TRANSACTION_ID, &ACCOUNT_ID])
        .answers(StatusCode::OK, "AccountSettings")
        .refuses(ACCOUNT_CODES);

pub(in super::super) static UPDATE_ACCOUNT_SETTINGS: Operation =
    Operation::new(Method::PATCH, SETTINGS, "update_account_settings")
        .says("Update the access group settings of an account", Evidence::Spec)
        .known_from(source::GROUPS_SDK)
        .describes(
            "An absent or null `public_access_enabled` keeps its value. Disabling public access deletes the \
                 policies of the Public Access group; new ones are rejected.",
        )
        .takes(&[&TRANSACTION_ID, &ACCOUNT_ID])
        .reads("AccountSettingsRequest", r#"{"public_access_enabled":true}"#)
        .answers(StatusCode::OK, "AccountSettings")
        .refuses(ACCOUNT_WRITE_CODES);
