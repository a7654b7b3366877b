//! The operations of assignments.

use axum::http::{Method, StatusCode};

use super::super::error::{self, template};
use super::super::source;
use super::ACCOUNT_CODES;
use super::parameters::{
    ACCOUNT_ID, ASSIGNMENT_VERBOSE, IF_MATCH_ASSIGNMENT, LIMIT, OF_STATUS, OF_TARGET, OF_TEMPLATE,
    OF_VERSION, OFFSET, TRANSACTION_ID,
};
use crate::error::{ErrorCode, Evidence};
use crate::http::Operation;

const ASSIGNMENTS: &str = "/v1/group_assignments";
const ASSIGNMENT: &str = "/v1/group_assignments/{assignment_id}";

/// The documented entity tag header of responses with one assignment.
const ENTITY_TAG: &[(&str, &str)] = &[("ETag", "The revision of the assignment, for `If-Match`.")];

/// The errors of operations that read or delete an assignment.
const ASSIGNMENT_CODES: &[&ErrorCode] =
    &[&error::INVALID_PAYLOAD, &error::INVALID_TOKEN, &error::FORBIDDEN, &template::ASSIGNMENT_NOT_FOUND];

pub(in super::super) static CREATE_ASSIGNMENT: Operation = Operation::new(
    Method::POST,
    ASSIGNMENTS,
    "create_assignment",
)
.says("Assign a version of an access group template", Evidence::Spec)
.known_from(source::GROUPS_SDK)
.describes(
    "The version must be committed. This response has the status `accepted`, all later ones `succeeded`. \
         If the target is an account, the group of the version is created in it at once. If it is an account \
         group, no groups are created, because this server does not know the accounts of account groups. The \
         server does not check that the target exists.",
)
.takes(&[&TRANSACTION_ID])
.reads(
    "CreateAssignmentRequest",
    r#"{"template_id":"AccessGroupTemplateId-0c2f5a1e-8d47-4b36-9e20-5f7a1c3d6b44","template_version":"1",
            "target_type":"AccountGroup","target":"0a45594d0f-123"}"#,
)
.answers(StatusCode::ACCEPTED, "TemplateAssignment")
.with_headers(ENTITY_TAG)
.refuses(&[
    &error::INVALID_PAYLOAD,
    &template::NOT_COMMITTED,
    &template::ROOT_TARGET,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &template::NOT_FOUND,
    &template::VERSION_NOT_FOUND,
    &error::TOO_LARGE,
]);

pub(in super::super) static LIST_ASSIGNMENTS: Operation =
    Operation::new(Method::GET, ASSIGNMENTS, "list_assignments")
        .says("List assignments", Evidence::Spec)
        .known_from(source::GROUPS_SDK)
        .describes("Assignments are listed in the order of creation. An assignment must match all filters.")
        .takes(&[
            &TRANSACTION_ID,
            &ACCOUNT_ID,
            &OF_TEMPLATE,
            &OF_VERSION,
            &OF_TARGET,
            &OF_STATUS,
            &LIMIT,
            &OFFSET,
        ])
        .answers(StatusCode::OK, "ListTemplateAssignments")
        .refuses(ACCOUNT_CODES);

pub(in super::super) static GET_ASSIGNMENT: Operation =
    Operation::new(Method::GET, ASSIGNMENT, "get_assignment")
        .says("Get an assignment", Evidence::Spec)
        .known_from(source::GROUPS_SDK)
        .takes(&[&TRANSACTION_ID, &ASSIGNMENT_VERBOSE])
        .answers(StatusCode::OK, "TemplateAssignmentVerbose")
        .with_headers(ENTITY_TAG)
        .refuses(ASSIGNMENT_CODES);

pub(in super::super) static UPDATE_ASSIGNMENT: Operation = Operation::new(
    Method::PATCH,
    ASSIGNMENT,
    "update_assignment",
)
.says("Update the version of an assignment", Evidence::Spec)
.known_from(source::GROUPS_SDK)
.describes(
    "The version must be committed; it may be the current one. The group in the account is updated: what \
         the template specifies is restored, what it no longer specifies is removed, and what the account \
         added is kept.",
)
.takes(&[&TRANSACTION_ID, &IF_MATCH_ASSIGNMENT])
.reads("UpdateAssignmentRequest", r#"{"template_version":"1"}"#)
.answers(StatusCode::ACCEPTED, "TemplateAssignmentVerbose")
.with_headers(ENTITY_TAG)
.refuses(&[
    &error::INVALID_PAYLOAD,
    &template::NOT_COMMITTED,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &template::ASSIGNMENT_NOT_FOUND,
    &template::VERSION_NOT_FOUND,
    &error::INCORRECT_ETAG,
    &error::TOO_LARGE,
]);

pub(in super::super) static DELETE_ASSIGNMENT: Operation =
    Operation::new(Method::DELETE, ASSIGNMENT, "delete_assignment")
        .says("Remove an assignment", Evidence::Spec)
        .known_from(source::GROUPS_SDK)
        .describes("The assignment and the group that it created are deleted at once.")
        .takes(&[&TRANSACTION_ID])
        .answers_empty(StatusCode::ACCEPTED)
        .refuses(ASSIGNMENT_CODES);
