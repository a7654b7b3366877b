//! Account settings.

use axum::http::{Method, StatusCode};

use super::super::routes::settings;
use super::super::source;
use super::parameters::{ACCOUNT_ID, TRANSACTION_ID};
use super::{ACCOUNT_CODES, ACCOUNT_WRITE_CODES};
use crate::failure::Evidence;
use crate::http::Operation;

const SETTINGS: &str = "/v2/groups/settings";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, SETTINGS, "get_account_settings", settings::get_account_settings)
            .says("Get the access group settings of an account", Evidence::Spec)
            .known_from(source::GROUPS_SDK)
            .takes(&[&TRANSACTION_ID, &ACCOUNT_ID])
            .answers(StatusCode::OK, "AccountSettings")
            .refuses(ACCOUNT_CODES),
        Operation::new(Method::PATCH, SETTINGS, "update_account_settings", settings::update_account_settings)
            .says("Update the access group settings of an account", Evidence::Spec)
            .known_from(source::GROUPS_SDK)
            .describes(
                "An absent or null flag stays as it is. Switching public access off deletes the policies of the Public \
                 Access group, and new ones are refused.",
            )
            .takes(&[&TRANSACTION_ID, &ACCOUNT_ID])
            .reads("AccountSettingsRequest", r#"{"public_access_enabled":true}"#)
            .answers(StatusCode::OK, "AccountSettings")
            .refuses(ACCOUNT_WRITE_CODES),
    ]
}
