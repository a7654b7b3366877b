//! The operations of the users of an account: a minimal version of user management.

use axum::http::{Method, StatusCode};

use super::ACCOUNT_CODES;
use super::parameters::TRANSACTION_ID;
use super::related_service_parameters::{USER_ID, USERS_LIMIT, USERS_START};
use crate::domain::ibm::error;
use crate::domain::ibm::source;
use crate::spec::{Evidence, Operation};

const USERS: &str = "/v2/accounts/{account_id}/users";
const USER: &str = "/v2/accounts/{account_id}/users/{iam_id}";

pub(in super::super) static LIST_USERS: Operation = Operation::new(Method::GET, USERS, "list_users")
    .summary("List the users of an account", Evidence::Spec)
    .source(source::USERS_SDK)
    .description(
        "A minimal version of user management. Users come from the seed or are created when they are first \
         added to a group as a `user`; they are kept when they are removed from it. `next_url` is a path, \
         which the last page lacks. `search` is not supported.",
    )
    .parameters(&[&TRANSACTION_ID, &USERS_LIMIT, &USERS_START, &USER_ID])
    .response(StatusCode::OK, "UserList")
    .errors(ACCOUNT_CODES);

pub(in super::super) static GET_USER_PROFILE: Operation =
    Operation::new(Method::GET, USER, "get_user_profile")
        .summary("Get a user of an account", Evidence::Spec)
        .source(source::USERS_SDK)
        .description("A minimal version of user management.")
        .parameters(&[&TRANSACTION_ID])
        .response(StatusCode::OK, "UserProfile")
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &error::related_services::USER_NOT_FOUND,
        ]);
