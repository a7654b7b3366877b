//! The operations of policy templates and their versions.

use axum::http::{Method, StatusCode};

use super::super::POLICY_MEDIA_TYPE;
use super::neighbor_parameters::{IF_MATCH_VERSION, POLICY_TYPE, STATE, TEMPLATES_LIMIT, TEMPLATES_START};
use super::parameters::{ACCOUNT_ID, TRANSACTION_ID};
use super::related_service_parameters::NAME;
use crate::domain::ibm::error::{self, neighbors, related_services};
use crate::domain::ibm::source;
use crate::spec::{ErrorCode, Evidence, Operation};

const TEMPLATES: &str = "/v1/policy_templates";
const TEMPLATE: &str = "/v1/policy_templates/{policy_template_id}";
const VERSIONS: &str = "/v1/policy_templates/{policy_template_id}/versions";
const VERSION: &str = "/v1/policy_templates/{policy_template_id}/versions/{version}";
const COMMIT: &str = "/v1/policy_templates/{policy_template_id}/versions/{version}/commit";

const TEMPLATE_EXAMPLE: &str = r#"{"name":"Watcher","account_id":"0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    "policy":{"type":"access","resource":{"attributes":[{"key":"serviceType","operator":"stringEquals","value":"service"}]},
        "control":{"grant":{"roles":[{"role_id":"crn:v1:bluemix:public:iam::::role:Viewer"}]}}}}"#;

const VERSION_EXAMPLE: &str = r#"{"policy":{"type":"access","resource":{"attributes":[{"key":"serviceName","operator":"stringEquals","value":"containers-kubernetes"}]},"control":{"grant":{"roles":[{"role_id":"crn:v1:bluemix:public:iam::::role:Viewer"}]}}}}"#;

/// The documented entity tag header of responses with one object.
const ENTITY_TAG: &[(&str, &str)] = &[("ETag", "The revision of the version, for `If-Match`.")];

const LIST_CODES: &[&ErrorCode] = &[
    &related_services::MISSING_PARAMETER,
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
];

const ITEM_CODES: &[&ErrorCode] = &[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &neighbors::POLICY_TEMPLATE_NOT_FOUND,
];

pub(in super::super) static LIST_POLICY_TEMPLATES: Operation = Operation::new(Method::GET, TEMPLATES, "list_policy_templates")
    .summary("List the policy templates of an account", Evidence::Spec)
    .source(source::POLICIES_SDK)
    .description("A neighbor of groups: the latest version of each template, in the order of creation. Filters for services are rejected.")
    .parameters(&[&TRANSACTION_ID, &ACCOUNT_ID, &NAME, &POLICY_TYPE, &STATE, &TEMPLATES_LIMIT, &TEMPLATES_START])
    .response(StatusCode::OK, "PolicyTemplateCollection")
    .errors(LIST_CODES)
    .media_type(POLICY_MEDIA_TYPE);

pub(in super::super) static CREATE_POLICY_TEMPLATE: Operation =
    Operation::new(Method::POST, TEMPLATES, "create_policy_template")
        .summary("Create a policy template", Evidence::Spec)
        .source(source::POLICIES_SDK)
        .description(
            "A neighbor of groups: of the policy only its form is checked, not its services, attributes and roles. The template gets version 1.",
        )
        .parameters(&[&TRANSACTION_ID])
        .json_body("PolicyTemplateRequest", TEMPLATE_EXAMPLE)
        .response(StatusCode::CREATED, "PolicyTemplate")
        .response_headers(ENTITY_TAG)
        .errors(&[
            &related_services::INVALID_BODY,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &neighbors::POLICY_TEMPLATE_CONFLICT,
            &error::BODY_TOO_LARGE,
        ])
        .media_type(POLICY_MEDIA_TYPE);

pub(in super::super) static GET_POLICY_TEMPLATE: Operation =
    Operation::new(Method::GET, TEMPLATE, "get_policy_template")
        .summary("Get the latest version of a policy template", Evidence::Spec)
        .source(source::POLICIES_SDK)
        .description("A neighbor of groups.")
        .parameters(&[&TRANSACTION_ID])
        .response(StatusCode::OK, "PolicyTemplate")
        .response_headers(ENTITY_TAG)
        .errors(ITEM_CODES)
        .media_type(POLICY_MEDIA_TYPE);

pub(in super::super) static DELETE_POLICY_TEMPLATE: Operation =
    Operation::new(Method::DELETE, TEMPLATE, "delete_policy_template")
        .summary("Delete a policy template", Evidence::Spec)
        .source(source::POLICIES_SDK)
        .description(
            "A neighbor of groups: deletes all versions, also those that access group templates refer to.",
        )
        .parameters(&[&TRANSACTION_ID])
        .empty_response(StatusCode::NO_CONTENT)
        .errors(ITEM_CODES)
        .media_type(POLICY_MEDIA_TYPE);

pub(in super::super) static LIST_POLICY_TEMPLATE_VERSIONS: Operation =
    Operation::new(Method::GET, VERSIONS, "list_policy_template_versions")
        .summary("List the versions of a policy template", Evidence::Spec)
        .source(source::POLICIES_SDK)
        .description("A neighbor of groups.")
        .parameters(&[&TRANSACTION_ID, &STATE, &TEMPLATES_LIMIT, &TEMPLATES_START])
        .response(StatusCode::OK, "PolicyTemplateVersionsCollection")
        .errors(ITEM_CODES)
        .media_type(POLICY_MEDIA_TYPE);

pub(in super::super) static CREATE_POLICY_TEMPLATE_VERSION: Operation =
    Operation::new(Method::POST, VERSIONS, "create_policy_template_version")
        .summary("Create a version of a policy template", Evidence::Spec)
        .source(source::POLICIES_SDK)
        .description("A neighbor of groups: a name becomes that of all versions.")
        .parameters(&[&TRANSACTION_ID])
        .json_body("PolicyTemplateVersionRequest", VERSION_EXAMPLE)
        .response(StatusCode::CREATED, "PolicyTemplate")
        .response_headers(ENTITY_TAG)
        .errors(&[
            &error::INVALID_PAYLOAD,
            &related_services::INVALID_BODY,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &neighbors::POLICY_TEMPLATE_NOT_FOUND,
            &neighbors::POLICY_TEMPLATE_CONFLICT,
            &error::BODY_TOO_LARGE,
        ])
        .media_type(POLICY_MEDIA_TYPE);

pub(in super::super) static GET_POLICY_TEMPLATE_VERSION: Operation =
    Operation::new(Method::GET, VERSION, "get_policy_template_version")
        .summary("Get a version of a policy template", Evidence::Spec)
        .source(source::POLICIES_SDK)
        .description("A neighbor of groups.")
        .parameters(&[&TRANSACTION_ID])
        .response(StatusCode::OK, "PolicyTemplate")
        .response_headers(ENTITY_TAG)
        .errors(ITEM_CODES)
        .media_type(POLICY_MEDIA_TYPE);

pub(in super::super) static REPLACE_POLICY_TEMPLATE_VERSION: Operation =
    Operation::new(Method::PUT, VERSION, "replace_policy_template_version")
        .summary("Replace a version of a policy template", Evidence::Spec)
        .source(source::POLICIES_SDK)
        .description("A neighbor of groups: a name becomes that of all versions.")
        .parameters(&[&TRANSACTION_ID, &IF_MATCH_VERSION])
        .json_body("PolicyTemplateVersionRequest", VERSION_EXAMPLE)
        .response(StatusCode::OK, "PolicyTemplate")
        .response_headers(ENTITY_TAG)
        .errors(&[
            &error::INVALID_PAYLOAD,
            &related_services::INVALID_BODY,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &neighbors::POLICY_TEMPLATE_NOT_FOUND,
            &neighbors::POLICY_TEMPLATE_COMMITTED,
            &error::INCORRECT_ETAG,
            &neighbors::POLICY_TEMPLATE_CONFLICT,
            &error::BODY_TOO_LARGE,
        ])
        .media_type(POLICY_MEDIA_TYPE);

pub(in super::super) static DELETE_POLICY_TEMPLATE_VERSION: Operation =
    Operation::new(Method::DELETE, VERSION, "delete_policy_template_version")
        .summary("Delete a version of a policy template", Evidence::Spec)
        .source(source::POLICIES_SDK)
        .description(
            "A neighbor of groups: deleting the last version deletes the template, which is assumed.",
        )
        .parameters(&[&TRANSACTION_ID])
        .empty_response(StatusCode::NO_CONTENT)
        .errors(ITEM_CODES)
        .media_type(POLICY_MEDIA_TYPE);

pub(in super::super) static COMMIT_POLICY_TEMPLATE: Operation =
    Operation::new(Method::POST, COMMIT, "commit_policy_template")
        .summary("Commit a version of a policy template", Evidence::Spec)
        .source(source::POLICIES_SDK)
        .description("A neighbor of groups: a committed version cannot be changed.")
        .parameters(&[&TRANSACTION_ID])
        .empty_response(StatusCode::NO_CONTENT)
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &neighbors::POLICY_TEMPLATE_NOT_FOUND,
            &neighbors::POLICY_TEMPLATE_COMMITTED,
        ])
        .media_type(POLICY_MEDIA_TYPE);
