//! Access groups.

use axum::http::{Method, StatusCode};

use super::super::error::{self, managed};
use super::super::routes::groups;
use super::super::source;
use super::parameters::{
    ACCOUNT_ID, FORCE, GROUP_SORT, HIDE_PUBLIC_ACCESS, IF_MATCH_GROUP, LIMIT, MEMBERSHIP_TYPE, OF_IAM_ID,
    OFFSET, SEARCH, SHOW_CRN, SHOW_FEDERATED, TRANSACTION_ID,
};
use super::{ACCOUNT_CODES, ACCOUNT_WRITE_CODES, GROUP_CODES};
use crate::failure::Evidence;
use crate::http::Operation;

const GROUPS: &str = "/v2/groups";
const GROUP: &str = "/v2/groups/{access_group_id}";

/// The header with the entity tag, on every answer with one group.
const ENTITY_TAG: &[(&str, &str)] = &[("ETag", "The revision of the group, for `If-Match`.")];

pub(super) fn operations() -> Vec<Operation> {
    let mut operations = of_all();
    operations.extend(of_one());
    operations
}

fn of_all() -> Vec<Operation> {
    vec![
        Operation::new(Method::POST, GROUPS, "create_access_group", groups::create_access_group)
            .says("Create an access group", Evidence::Seed)
            .known_from(source::CREATE_GROUP)
            .describes("Names need not differ.")
            .takes(&[&TRANSACTION_ID, &ACCOUNT_ID])
            .reads(
                "GroupCreateRequest",
                r#"{"name":"Awesome Developers","description":"Group for awesome developers"}"#,
            )
            .answers(StatusCode::CREATED, "Group")
            .with_headers(ENTITY_TAG)
            .refuses(ACCOUNT_WRITE_CODES),
        Operation::new(Method::GET, GROUPS, "list_access_groups", groups::list_access_groups)
            .says("List access groups", Evidence::Seed)
            .known_from(source::LIST_GROUPS)
            .describes(
                "The Public Access group is in every account. It counts in `limit`, `offset` and `total_count`.",
            )
            .takes(&[
                &TRANSACTION_ID,
                &ACCOUNT_ID,
                &OF_IAM_ID,
                &SEARCH,
                &MEMBERSHIP_TYPE,
                &LIMIT,
                &OFFSET,
                &GROUP_SORT,
                &SHOW_FEDERATED,
                &HIDE_PUBLIC_ACCESS,
                &SHOW_CRN,
            ])
            .answers(StatusCode::OK, "GroupsList")
            .refuses(ACCOUNT_CODES),
    ]
}

fn of_one() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, GROUP, "get_access_group", groups::get_access_group)
            .says("Get an access group", Evidence::Seed)
            .known_from(source::GET_GROUP)
            .describes("The account of the Public Access group is that of the token.")
            .takes(&[&TRANSACTION_ID, &SHOW_FEDERATED, &SHOW_CRN])
            .answers(StatusCode::OK, "Group")
            .with_headers(ENTITY_TAG)
            .refuses(GROUP_CODES),
        Operation::new(Method::PATCH, GROUP, "update_access_group", groups::update_access_group)
            .says("Update an access group", Evidence::Seed)
            .known_from(source::UPDATE_GROUP)
            .describes("Absent and null members keep their value.")
            .takes(&[&TRANSACTION_ID, &IF_MATCH_GROUP])
            .reads(
                "GroupUpdateRequest",
                r#"{"name":"Awesome Managers","description":"Group for awesome managers"}"#,
            )
            .answers(StatusCode::OK, "Group")
            .with_headers(ENTITY_TAG)
            .refuses(&[
                &error::INVALID_PAYLOAD,
                &error::INVALID_TOKEN,
                &error::FORBIDDEN,
                &error::GROUP_NOT_FOUND,
                &error::PUBLIC_UPDATE,
                &managed::UPDATE,
                &error::INCORRECT_ETAG,
                &error::TOO_LARGE,
            ]),
        Operation::new(Method::DELETE, GROUP, "delete_access_group", groups::delete_access_group)
            .says("Delete an access group", Evidence::Seed)
            .known_from(source::DELETE_GROUP)
            .takes(&[&TRANSACTION_ID, &FORCE])
            .answers_empty(StatusCode::NO_CONTENT)
            .refuses(&[
                &error::INVALID_PAYLOAD,
                &error::INVALID_TOKEN,
                &error::FORBIDDEN,
                &error::GROUP_NOT_FOUND,
                &error::PUBLIC_DELETE,
                &error::GROUP_NOT_EMPTY,
                &managed::DELETE,
            ]),
    ]
}
