//! The operations of access groups.

use axum::http::{Method, StatusCode};

use super::super::error::{self, managed};
use super::super::source;
use super::parameters::{
    ACCOUNT_ID, FORCE, GROUP_SORT, HIDE_PUBLIC_ACCESS, IF_MATCH_GROUP, LIMIT, MEMBERSHIP_TYPE, OF_IAM_ID,
    OFFSET, SEARCH, SHOW_CRN, SHOW_FEDERATED, TRANSACTION_ID,
};
use super::{ACCOUNT_CODES, ACCOUNT_WRITE_CODES, GROUP_CODES};
use crate::error::Evidence;
use crate::http::Operation;

const GROUPS: &str = "/v2/groups";
const GROUP: &str = "/v2/groups/{access_group_id}";

/// The documented entity tag header of responses with one group.
const ENTITY_TAG: &[(&str, &str)] = &[("ETag", "The revision of the group, for `If-Match`.")];

pub(in super::super) static CREATE_ACCESS_GROUP: Operation =
    Operation::new(Method::POST, GROUPS, "create_access_group")
        .says("Create an access group", Evidence::VendorDoc)
        .known_from(source::CREATE_GROUP)
        .describes("Names need not be unique.")
        .takes(&[&TRANSACTION_ID, &ACCOUNT_ID])
        .reads(
            "GroupCreateRequest",
            r#"{"name":"Awesome Developers","description":"Group for awesome developers"}"#,
        )
        .answers(StatusCode::CREATED, "Group")
        .with_headers(ENTITY_TAG)
        .refuses(ACCOUNT_WRITE_CODES);

pub(in super::super) static LIST_ACCESS_GROUPS: Operation = Operation::new(
    Method::GET,
    GROUPS,
    "list_access_groups",
)
.says("List access groups", Evidence::VendorDoc)
.known_from(source::LIST_GROUPS)
.describes(
    "Every account has the Public Access group, which counts towards `limit`, `offset` and `total_count`.",
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
.refuses(ACCOUNT_CODES);

pub(in super::super) static GET_ACCESS_GROUP: Operation =
    Operation::new(Method::GET, GROUP, "get_access_group")
        .says("Get an access group", Evidence::VendorDoc)
        .known_from(source::GET_GROUP)
        .describes("The account of the Public Access group is the account of the token.")
        .takes(&[&TRANSACTION_ID, &SHOW_FEDERATED, &SHOW_CRN])
        .answers(StatusCode::OK, "Group")
        .with_headers(ENTITY_TAG)
        .refuses(GROUP_CODES);

pub(in super::super) static UPDATE_ACCESS_GROUP: Operation =
    Operation::new(Method::PATCH, GROUP, "update_access_group")
        .says("Update an access group", Evidence::VendorDoc)
        .known_from(source::UPDATE_GROUP)
        .describes("Absent and null fields keep their value.")
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
        ]);

pub(in super::super) static DELETE_ACCESS_GROUP: Operation =
    Operation::new(Method::DELETE, GROUP, "delete_access_group")
        .says("Delete an access group", Evidence::VendorDoc)
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
        ]);
