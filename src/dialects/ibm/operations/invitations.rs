//! The operations of the invitation of users, and of their settings.

use axum::http::{Method, StatusCode};

use super::parameters::TRANSACTION_ID;
use crate::domain::ibm::error::{self, related_services};
use crate::domain::ibm::source;
use crate::spec::{Evidence, Operation};

const SETTINGS: &str = "/v2/accounts/{account_id}/users/{iam_id}/settings";

pub(in super::super) static INVITE_USERS: Operation =
    Operation::new(Method::POST, "/v2/accounts/{account_id}/users", "invite_users")
        .summary("Invite users", Evidence::Spec)
        .source(source::USERS_SDK)
        .description(
            "A neighbor of groups: the users are in the list at once, with the state `PENDING`, and members of \
             `access_groups`, except of groups that do not accept them. `id` is the IAM id, which is derived from the \
             e-mail address. A user whom the account already has stays as it is. `iam_policy` creates no policies.",
        )
        .parameters(&[&TRANSACTION_ID])
        .json_body(
            "InvitationRequest",
            r#"{"users":[{"email":"dana@example.com","account_role":"Member"}],
                "access_groups":["AccessGroupId-1b0d2c34-7c1e-4f0a-9a55-2f1f0b0c7e11"]}"#,
        )
        .response(StatusCode::ACCEPTED, "InvitedUserList")
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &error::GROUP_NOT_FOUND,
            &error::PUBLIC_ADD_MEMBERS,
            &error::BODY_TOO_LARGE,
        ]);

pub(in super::super) static GET_USER_SETTINGS: Operation =
    Operation::new(Method::GET, SETTINGS, "get_user_settings")
        .summary("Get the settings of a user", Evidence::Spec)
        .source(source::USERS_SDK)
        .description("A neighbor of groups: the settings have no effect.")
        .parameters(&[&TRANSACTION_ID])
        .response(StatusCode::OK, "UserSettings")
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &related_services::USER_NOT_FOUND,
        ]);

pub(in super::super) static UPDATE_USER_SETTINGS: Operation =
    Operation::new(Method::PATCH, SETTINGS, "update_user_settings")
        .summary("Update the settings of a user", Evidence::Spec)
        .source(source::USERS_SDK)
        .description("A neighbor of groups: the settings have no effect, and their values are not checked.")
        .parameters(&[&TRANSACTION_ID])
        .json_body("UserSettingsRequest", r#"{"language":"en","self_manage":true}"#)
        .empty_response(StatusCode::NO_CONTENT)
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &related_services::USER_NOT_FOUND,
            &error::BODY_TOO_LARGE,
        ]);
