//! The operations of account settings.

use axum::http::{Method, StatusCode};

use super::parameters::{ACCOUNT_ID, TRANSACTION_ID};
use super::{ACCOUNT_CODES, ACCOUNT_WRITE_CODES};
use crate::domain::ibm::source;
use crate::spec::{Evidence, Operation};

const SETTINGS: &str = "/v2/groups/settings";

pub(in super::super) static GET_ACCOUNT_SETTINGS: Operation =
    Operation::new(Method::GET, SETTINGS, "get_account_settings")
        .summary("Get the access group settings of an account", Evidence::Spec)
        .source(source::GROUPS_SDK)
        .description("An account whose settings were never changed allows public access.")
        .parameters(&[&TRANSACTION_ID, &ACCOUNT_ID])
        .response(StatusCode::OK, "AccountSettings")
        .errors(ACCOUNT_CODES);

pub(in super::super) static UPDATE_ACCOUNT_SETTINGS: Operation =
    Operation::new(Method::PATCH, SETTINGS, "update_account_settings")
        .summary("Update the access group settings of an account", Evidence::Spec)
        .source(source::GROUPS_SDK)
        .description(
            "An absent or null `public_access_enabled` keeps its value. Disabling public access deletes the \
                 policies of the Public Access group; new ones are rejected.",
        )
        .parameters(&[&TRANSACTION_ID, &ACCOUNT_ID])
        .json_body("AccountSettingsRequest", r#"{"public_access_enabled":true}"#)
        .response(StatusCode::OK, "AccountSettings")
        .errors(ACCOUNT_WRITE_CODES);
