//! The operations of assignments.

use axum::http::{Method, StatusCode};

use super::ACCOUNT_CODES;
use super::parameters::{
    ACCOUNT_ID, ASSIGNMENT_VERBOSE, IF_MATCH_ASSIGNMENT, LIMIT, OFFSET, STATUS_FILTER, TARGET_FILTER,
    TEMPLATE_FILTER, TRANSACTION_ID, VERSION_FILTER,
};
use crate::domain::ibm::error::{self, template};
use crate::domain::ibm::source;
use crate::spec::{ErrorCode, Evidence, Operation};

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
.summary("Assign a version of an access group template", Evidence::Spec)
.source(source::GROUPS_SDK)
.description(
    "The version must be committed. This response has the status `accepted`, later ones that of the result. The \
         group of the version is created at once, in the account or in each account of the account group; the seed \
         and the admin API set these accounts. In an account that already has a group of that name, the assignment \
         fails. An assignment to an account takes precedence over those of the same template to its account \
         groups, which are then `superseded`. The server does not check that the target exists.",
)
.parameters(&[&TRANSACTION_ID])
.json_body(
    "CreateAssignmentRequest",
    r#"{"template_id":"AccessGroupTemplateId-0c2f5a1e-8d47-4b36-9e20-5f7a1c3d6b44","template_version":"1",
            "target_type":"AccountGroup","target":"0a45594d0f-123"}"#,
)
.response(StatusCode::ACCEPTED, "TemplateAssignment")
.response_headers(ENTITY_TAG)
.errors(&[
    &error::INVALID_PAYLOAD,
    &template::NOT_COMMITTED,
    &template::ROOT_TARGET,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &template::NOT_FOUND,
    &template::VERSION_NOT_FOUND,
    &template::ASSIGNMENT_CONFLICT,
    &error::BODY_TOO_LARGE,
]);

pub(in super::super) static LIST_ASSIGNMENTS: Operation =
    Operation::new(Method::GET, ASSIGNMENTS, "list_assignments")
        .summary("List assignments", Evidence::Spec)
        .source(source::GROUPS_SDK)
        .description("Assignments are listed in the order of creation. An assignment must match all filters.")
        .parameters(&[
            &TRANSACTION_ID,
            &ACCOUNT_ID,
            &TEMPLATE_FILTER,
            &VERSION_FILTER,
            &TARGET_FILTER,
            &STATUS_FILTER,
            &LIMIT,
            &OFFSET,
        ])
        .response(StatusCode::OK, "ListTemplateAssignments")
        .errors(ACCOUNT_CODES);

pub(in super::super) static GET_ASSIGNMENT: Operation =
    Operation::new(Method::GET, ASSIGNMENT, "get_assignment")
        .summary("Get an assignment", Evidence::Spec)
        .description(
            "With `verbose`, `resources` has the result for each account: the group, its members \
             and its rules.",
        )
        .source(source::GROUPS_SDK)
        .parameters(&[&TRANSACTION_ID, &ASSIGNMENT_VERBOSE])
        .response(StatusCode::OK, "TemplateAssignmentVerbose")
        .response_headers(ENTITY_TAG)
        .errors(ASSIGNMENT_CODES);

pub(in super::super) static UPDATE_ASSIGNMENT: Operation = Operation::new(
    Method::PATCH,
    ASSIGNMENT,
    "update_assignment",
)
.summary("Update the version of an assignment", Evidence::Spec)
.source(source::GROUPS_SDK)
.description(
    "The version must be committed; it may be the current one. The group in each account is updated: what \
         the template specifies is restored, what it no longer specifies is removed, and what the account \
         added is kept. If the version doesn't let the account add that, the update fails there, and the account \
         keeps the earlier version.",
)
.parameters(&[&TRANSACTION_ID, &IF_MATCH_ASSIGNMENT])
.json_body("UpdateAssignmentRequest", r#"{"template_version":"1"}"#)
.response(StatusCode::ACCEPTED, "TemplateAssignmentVerbose")
.response_headers(ENTITY_TAG)
.errors(&[
    &error::INVALID_PAYLOAD,
    &template::NOT_COMMITTED,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &template::ASSIGNMENT_NOT_FOUND,
    &template::VERSION_NOT_FOUND,
    &error::INCORRECT_ETAG,
    &error::BODY_TOO_LARGE,
]);

pub(in super::super) static DELETE_ASSIGNMENT: Operation = Operation::new(
    Method::DELETE,
    ASSIGNMENT,
    "delete_assignment",
)
.summary("Remove an assignment", Evidence::Spec)
.source(source::GROUPS_SDK)
.description(
    "If a lower version was assigned before, it is reinstated: the assignment remains, with that version. \
             Otherwise the assignment and the groups that it created are deleted at once.",
)
.parameters(&[&TRANSACTION_ID])
.empty_response(StatusCode::ACCEPTED)
.errors(ASSIGNMENT_CODES);
