//! Users of an account: a thin neighbor of the access groups.

use axum::http::{Method, StatusCode};

use super::super::error;
use super::super::routes::users;
use super::super::source;
use super::ACCOUNT_CODES;
use super::neighbor_parameters::{USER_ID, USERS_LIMIT, USERS_START};
use super::parameters::TRANSACTION_ID;
use crate::failure::Evidence;
use crate::http::Operation;

const USERS: &str = "/v2/accounts/{account_id}/users";
const USER: &str = "/v2/accounts/{account_id}/users/{iam_id}";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, USERS, "list_users", users::list_users)
            .says("List the users of an account", Evidence::Spec)
            .known_from(source::USERS_SDK)
            .describes(
                "A thin neighbor of the access groups: users are seeded, or come into being when they are first \
                 added to a group as a `user`; they stay when they leave it. `next_url` is a path, and empty on the \
                 last page. There is no `search`.",
            )
            .takes(&[&TRANSACTION_ID, &USERS_LIMIT, &USERS_START, &USER_ID])
            .answers(StatusCode::OK, "UserList")
            .refuses(ACCOUNT_CODES),
        Operation::new(Method::GET, USER, "get_user_profile", users::get_user_profile)
            .says("Get a user of an account", Evidence::Spec)
            .known_from(source::USERS_SDK)
            .describes("A thin neighbor of the access groups.")
            .takes(&[&TRANSACTION_ID])
            .answers(StatusCode::OK, "UserProfile")
            .refuses(&[
                &error::INVALID_PAYLOAD,
                &error::INVALID_TOKEN,
                &error::FORBIDDEN,
                &error::neighbors::USER_NOT_FOUND,
            ]),
    ]
}
