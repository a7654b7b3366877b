//! The operations of access groups.

use axum::http::{Method, StatusCode};

use super::parameters::{
    ACCOUNT_ID, FORCE, GROUP_SORT, HIDE_PUBLIC_ACCESS, IAM_ID_FILTER, IF_MATCH_GROUP, LIMIT, MEMBERSHIP_TYPE,
    OFFSET, SEARCH, SHOW_CRN, SHOW_FEDERATED, TRANSACTION_ID,
};
use super::{ACCOUNT_CODES, ACCOUNT_WRITE_CODES, GROUP_CODES};
use crate::domain::ibm::error::{self, managed};
use crate::domain::ibm::source;
use crate::spec::{Evidence, Operation};

const GROUPS: &str = "/v2/groups";
const GROUP: &str = "/v2/groups/{access_group_id}";

/// The documented entity tag header of responses with one group.
const ENTITY_TAG: &[(&str, &str)] = &[("ETag", "The revision of the group, for `If-Match`.")];

pub(in super::super) static CREATE_ACCESS_GROUP: Operation =
    Operation::new(Method::POST, GROUPS, "create_access_group")
        .summary("Create an access group", Evidence::VendorDoc)
        .source(source::CREATE_GROUP)
        .description("Names need not be unique.")
        .parameters(&[&TRANSACTION_ID, &ACCOUNT_ID])
        .json_body(
            "GroupCreateRequest",
            r#"{"name":"Awesome Developers","description":"Group for awesome developers"}"#,
        )
        .response(StatusCode::CREATED, "Group")
        .response_headers(ENTITY_TAG)
        .errors(ACCOUNT_WRITE_CODES);

pub(in super::super) static LIST_ACCESS_GROUPS: Operation = Operation::new(
    Method::GET,
    GROUPS,
    "list_access_groups",
)
.summary("List access groups", Evidence::VendorDoc)
.source(source::LIST_GROUPS)
.description(
    "Every account has the Public Access group, which counts towards `limit`, `offset` and `total_count`.",
)
.parameters(&[
    &TRANSACTION_ID,
    &ACCOUNT_ID,
    &IAM_ID_FILTER,
    &SEARCH,
    &MEMBERSHIP_TYPE,
    &LIMIT,
    &OFFSET,
    &GROUP_SORT,
    &SHOW_FEDERATED,
    &HIDE_PUBLIC_ACCESS,
    &SHOW_CRN,
])
.response(StatusCode::OK, "GroupsList")
.errors(ACCOUNT_CODES);

pub(in super::super) static GET_ACCESS_GROUP: Operation =
    Operation::new(Method::GET, GROUP, "get_access_group")
        .summary("Get an access group", Evidence::VendorDoc)
        .source(source::GET_GROUP)
        .description("The account of the Public Access group is the account of the token.")
        .parameters(&[&TRANSACTION_ID, &SHOW_FEDERATED, &SHOW_CRN])
        .response(StatusCode::OK, "Group")
        .response_headers(ENTITY_TAG)
        .errors(GROUP_CODES);

pub(in super::super) static UPDATE_ACCESS_GROUP: Operation =
    Operation::new(Method::PATCH, GROUP, "update_access_group")
        .summary("Update an access group", Evidence::VendorDoc)
        .source(source::UPDATE_GROUP)
        .description("Absent and null fields keep their value.")
        .parameters(&[&TRANSACTION_ID, &IF_MATCH_GROUP])
        .json_body(
            "GroupUpdateRequest",
            r#"{"name":"Awesome Managers","description":"Group for awesome managers"}"#,
        )
        .response(StatusCode::OK, "Group")
        .response_headers(ENTITY_TAG)
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &error::GROUP_NOT_FOUND,
            &error::PUBLIC_UPDATE,
            &managed::UPDATE,
            &error::INCORRECT_ETAG,
            &error::BODY_TOO_LARGE,
        ]);

pub(in super::super) static DELETE_ACCESS_GROUP: Operation =
    Operation::new(Method::DELETE, GROUP, "delete_access_group")
        .summary("Delete an access group", Evidence::VendorDoc)
        .description(
            "A group with members or rules is deleted only with `force`. Its policies are deleted \
             with it.",
        )
        .source(source::DELETE_GROUP)
        .parameters(&[&TRANSACTION_ID, &FORCE])
        .empty_response(StatusCode::NO_CONTENT)
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &error::GROUP_NOT_FOUND,
            &error::PUBLIC_DELETE,
            &error::GROUP_NOT_EMPTY,
            &managed::DELETE,
        ]);
