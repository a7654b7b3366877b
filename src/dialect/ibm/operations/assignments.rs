//! Assignments.

use axum::http::{Method, StatusCode};

use super::super::error::{self, template};
use super::super::routes::assignments;
use super::super::source;
use super::ACCOUNT_CODES;
use super::parameters::{
    ACCOUNT_ID, ASSIGNMENT_VERBOSE, IF_MATCH_ASSIGNMENT, LIMIT, OF_STATUS, OF_TARGET, OF_TEMPLATE,
    OF_VERSION, OFFSET, TRANSACTION_ID,
};
use crate::failure::{Code, Evidence};
use crate::http::Operation;

const ASSIGNMENTS: &str = "/v1/group_assignments";
const ASSIGNMENT: &str = "/v1/group_assignments/{assignment_id}";

/// The header with the entity tag, on every answer with one assignment.
const ENTITY_TAG: &[(&str, &str)] = &[("ETag", "The revision of the assignment, for `If-Match`.")];

pub(super) fn operations() -> Vec<Operation> {
    let mut operations = of_all();
    operations.extend(of_one());
    operations
}

fn of_all() -> Vec<Operation> {
    vec![
        Operation::new(Method::POST, ASSIGNMENTS, "create_assignment", assignments::create_assignment)
            .says("Assign a version of an access group template", Evidence::Spec)
            .known_from(source::GROUPS_SDK)
            .describes(
                "The version must be committed. The answer says `accepted`, every later one `succeeded`. Where the \
                 target is an account, the group of the version is in it from now on; which accounts an account group \
                 has is not known here. Whether the target exists is not checked.",
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
            ]),
        Operation::new(Method::GET, ASSIGNMENTS, "list_assignments", assignments::list_assignments)
            .says("List assignments", Evidence::Spec)
            .known_from(source::GROUPS_SDK)
            .describes("In the order of creation. All filters must hold.")
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
            .refuses(ACCOUNT_CODES),
    ]
}

fn of_one() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, ASSIGNMENT, "get_assignment", assignments::get_assignment)
            .says("Get an assignment", Evidence::Spec)
            .known_from(source::GROUPS_SDK)
            .takes(&[&TRANSACTION_ID, &ASSIGNMENT_VERBOSE])
            .answers(StatusCode::OK, "TemplateAssignmentVerbose")
            .with_headers(ENTITY_TAG)
            .refuses(ASSIGNMENT_CODES),
        Operation::new(Method::PATCH, ASSIGNMENT, "update_assignment", assignments::update_assignment)
            .says("Give an assignment another version", Evidence::Spec)
            .known_from(source::GROUPS_SDK)
            .describes(
                "The version must be committed; the present one is good, too. The group in the account follows: what \
                 the template says is reinstated, what it no longer says goes, what the account added stays.",
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
            ]),
        Operation::new(Method::DELETE, ASSIGNMENT, "delete_assignment", assignments::delete_assignment)
            .says("Remove an assignment", Evidence::Spec)
            .known_from(source::GROUPS_SDK)
            .describes("It is gone at once, and with it the group that it brought about.")
            .takes(&[&TRANSACTION_ID])
            .answers_empty(StatusCode::ACCEPTED)
            .refuses(ASSIGNMENT_CODES),
    ]
}

/// The errors of what reads an assignment.
const ASSIGNMENT_CODES: &[&Code] =
    &[&error::INVALID_PAYLOAD, &error::INVALID_TOKEN, &error::FORBIDDEN, &template::ASSIGNMENT_NOT_FOUND];
