//! The operations of members.

use axum::http::{Method, StatusCode};

use super::GROUP_CODES;
use super::parameters::{
    ACCOUNT_ID, LIMIT, MEMBER_SORT, MEMBER_TYPE, MEMBERSHIP_TYPE, OFFSET, TRANSACTION_ID, VERBOSE,
};
use crate::domain::ibm::error::{self, managed};
use crate::domain::ibm::source;
use crate::spec::{ErrorCode, Evidence, Operation};

const MEMBERS: &str = "/v2/groups/{access_group_id}/members";
const MEMBER: &str = "/v2/groups/{access_group_id}/members/{iam_id}";
const DELETE: &str = "/v2/groups/{access_group_id}/members/delete";
const ALL_GROUPS: &str = "/v2/groups/_allgroups/members/{iam_id}";

const READ_MEMBER_CODES: &[&ErrorCode] = &[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &error::GROUP_NOT_FOUND,
    &error::MEMBERSHIP_NOT_FOUND,
];

const ADD_CODES: &[&ErrorCode] = &[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &error::GROUP_NOT_FOUND,
    &error::MEMBERSHIP_NOT_FOUND,
    &error::PUBLIC_ADD_MEMBERS,
    &error::BODY_TOO_LARGE,
];

const REMOVE_CODES: &[&ErrorCode] = &[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &error::GROUP_NOT_FOUND,
    &error::MEMBERSHIP_NOT_FOUND,
    &error::PUBLIC_DELETE_MEMBER,
    &managed::REMOVE_MEMBER,
];

const BULK_REMOVE_CODES: &[&ErrorCode] = &[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &error::GROUP_NOT_FOUND,
    &error::NO_MEMBERSHIPS,
    &error::PUBLIC_DELETE_MEMBER,
    &error::BODY_TOO_LARGE,
];

pub(in super::super) static IS_MEMBER_OF_ACCESS_GROUP: Operation =
    Operation::new(Method::HEAD, MEMBER, "is_member_of_access_group")
        .summary("Check membership in an access group", Evidence::VendorDoc)
        .description("404 if there is no such member. The rules of the group are not evaluated.")
        .source(source::CHECK_MEMBER)
        .parameters(&[&TRANSACTION_ID])
        .empty_response(StatusCode::NO_CONTENT)
        .errors(READ_MEMBER_CODES);

pub(in super::super) static ADD_MEMBERS_TO_ACCESS_GROUP: Operation = Operation::new(
    Method::PUT,
    MEMBERS,
    "add_members_to_access_group",
)
.summary("Add members to an access group", Evidence::VendorDoc)
.source(source::ADD_MEMBERS)
.description(
    "Adding an existing member changes nothing and returns 200 for it. `membership_not_found`, which IBM \
                 lists for this operation, is returned only if a fault injects it.",
)
.parameters(&[&TRANSACTION_ID])
.json_body(
    "AddGroupMembersRequest",
    r#"{"members":[{"iam_id":"IBMid-user1","type":"user"},{"iam_id":"iam-ServiceId-123","type":"service"}]}"#,
)
.response(StatusCode::MULTI_STATUS, "AddGroupMembersResponse")
.errors(ADD_CODES);

pub(in super::super) static LIST_ACCESS_GROUP_MEMBERS: Operation =
    Operation::new(Method::GET, MEMBERS, "list_access_group_members")
        .summary("List access group members", Evidence::VendorDoc)
        .description(
            "In the order in which they were added. `sort` applies to the ids, unless `verbose` \
             is true.",
        )
        .source(source::LIST_MEMBERS)
        .parameters(&[
            &TRANSACTION_ID,
            &MEMBERSHIP_TYPE,
            &LIMIT,
            &OFFSET,
            &MEMBER_TYPE,
            &VERBOSE,
            &MEMBER_SORT,
        ])
        .response(StatusCode::OK, "GroupMembersList")
        .errors(GROUP_CODES);

pub(in super::super) static REMOVE_MEMBER_FROM_ACCESS_GROUP: Operation =
    Operation::new(Method::DELETE, MEMBER, "remove_member_from_access_group")
        .summary("Delete a member from an access group", Evidence::VendorDoc)
        .description("The entity tag of the group stays the same.")
        .source(source::DELETE_MEMBER)
        .parameters(&[&TRANSACTION_ID])
        .empty_response(StatusCode::NO_CONTENT)
        .errors(REMOVE_CODES);

pub(in super::super) static REMOVE_MEMBERS_FROM_ACCESS_GROUP: Operation =
    Operation::new(Method::POST, DELETE, "remove_members_from_access_group")
        .summary("Delete members from an access group", Evidence::VendorDoc)
        .source(source::DELETE_MEMBERS)
        .description("If none of the ids is a member, the whole request returns 404.")
        .parameters(&[&TRANSACTION_ID])
        .json_body("DeleteGroupBulkMembersRequest", r#"{"members":["IBMid-270001","iam-ServiceId-123"]}"#)
        .response(StatusCode::MULTI_STATUS, "DeleteGroupBulkMembersResponse")
        .errors(BULK_REMOVE_CODES);

pub(in super::super) static REMOVE_MEMBER_FROM_ALL_ACCESS_GROUPS: Operation =
    Operation::new(Method::DELETE, ALL_GROUPS, "remove_member_from_all_access_groups")
        .summary("Delete a member from all access groups of an account", Evidence::VendorDoc)
        .description("The response has a result for each group of the account that had the member.")
        .source(source::DELETE_MEMBERSHIPS)
        .parameters(&[&TRANSACTION_ID, &ACCOUNT_ID])
        .response(StatusCode::MULTI_STATUS, "DeleteFromAllGroupsResponse")
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &error::NO_GROUPS_FOUND,
        ]);

pub(in super::super) static ADD_MEMBER_TO_MULTIPLE_ACCESS_GROUPS: Operation =
    Operation::new(Method::PUT, ALL_GROUPS, "add_member_to_multiple_access_groups")
        .summary("Add a member to several access groups of an account", Evidence::VendorDoc)
        .description(
            "The response has a result for each group: an existing membership is a 200, and a \
             group that the account does not have is an error of its part only. The 51st group of \
             a member is rejected.",
        )
        .source(source::ADD_MEMBERSHIPS)
        .parameters(&[&TRANSACTION_ID, &ACCOUNT_ID])
        .json_body(
            "AddMembershipMultipleGroupsRequest",
            r#"{"type":"user","groups":["AccessGroupId-1b0d2c34-7c1e-4f0a-9a55-2f1f0b0c7e11"]}"#,
        )
        .response(StatusCode::MULTI_STATUS, "AddMembershipMultipleGroupsResponse")
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::DUPLICATE_GROUP_ID,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &error::BODY_TOO_LARGE,
        ]);
