//! The operations of templates and their versions.

use axum::http::{Method, StatusCode};

use super::ACCOUNT_CODES;
use super::parameters::{ACCOUNT_ID, IF_MATCH_VERSION, LIMIT, OFFSET, TEMPLATE_VERBOSE, TRANSACTION_ID};
use crate::domain::ibm::error::{self, template};
use crate::domain::ibm::source;
use crate::spec::{ErrorCode, Evidence, Operation};

const TEMPLATES: &str = "/v1/group_templates";
const TEMPLATE: &str = "/v1/group_templates/{template_id}";
const VERSIONS: &str = "/v1/group_templates/{template_id}/versions";
const VERSION: &str = "/v1/group_templates/{template_id}/versions/{version_num}";
const COMMIT: &str = "/v1/group_templates/{template_id}/versions/{version_num}/commit";

const TEMPLATE_EXAMPLE: &str = r#"{"name":"IAM Admin Group template",
    "account_id":"0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    "description":"This access group template allows admin access to all IAM platform services in the account.",
    "group":{"name":"IAM Admin Group","description":"This access group template allows admin access",
        "members":{"users":["IBMid-50PJGPKYJJ"],"services":["iam-ServiceId-345","iam-ServiceId-456"],
            "action_controls":{"add":true,"remove":false}},
        "assertions":{
            "rules":[{"name":"Manager group rule","expiration":12,"realm_name":"https://idp.example.org/SAML2",
                "conditions":[{"claim":"blueGroup","operator":"CONTAINS","value":"\"test-bluegroup-saml\""}],
                "action_controls":{"remove":false}}],
            "action_controls":{"add":false,"remove":true}},
        "action_controls":{"access":{"add":false}}},
    "policy_template_references":[{"id":"policyTemplate-123","version":"1"}]}"#;

const VERSION_EXAMPLE: &str = r#"{"name":"Blue template","description":"one more service id",
    "group":{"name":"Blue managed","description":"blue people of every account",
        "members":{"users":["IBMid-270001"],"services":["iam-ServiceId-345"],
            "action_controls":{"add":true,"remove":false}}},
    "policy_template_references":[{"id":"policyTemplate-123","version":"1"}]}"#;

/// The documented entity tag header of responses with one version.
const ENTITY_TAG: &[(&str, &str)] = &[("ETag", "The revision of the version, for `If-Match`.")];

/// The errors of operations that read or delete a template.
const TEMPLATE_CODES: &[&ErrorCode] =
    &[&error::INVALID_PAYLOAD, &error::INVALID_TOKEN, &error::FORBIDDEN, &template::NOT_FOUND];

/// The errors of operations that read a version.
const VERSION_CODES: &[&ErrorCode] = &[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &template::NOT_FOUND,
    &template::VERSION_NOT_FOUND,
];

pub(in super::super) static CREATE_TEMPLATE: Operation = Operation::new(
    Method::POST,
    TEMPLATES,
    "create_template",
)
.summary("Create an access group template", Evidence::Spec)
.description(
    "The account is the one in the request body. The template gets version 1, which is not committed. \
         `group` and `policy_template_references` are returned as sent; the default `group` has the name of \
         the template.",
)
.parameters(&[&TRANSACTION_ID])
.json_body("CreateTemplateRequest", TEMPLATE_EXAMPLE)
.response(StatusCode::CREATED, "TemplateVersion")
.response_headers(ENTITY_TAG)
.errors(&[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &template::NAME_CONFLICT,
    &error::BODY_TOO_LARGE,
])
.source(source::GROUPS_SDK);

pub(in super::super) static LIST_TEMPLATES: Operation =
    Operation::new(Method::GET, TEMPLATES, "list_templates")
        .summary("List access group templates", Evidence::Spec)
        .description("Each template is returned with its latest version, in the order of creation.")
        .parameters(&[&TRANSACTION_ID, &ACCOUNT_ID, &LIMIT, &OFFSET, &TEMPLATE_VERBOSE])
        .response(StatusCode::OK, "ListTemplates")
        .errors(ACCOUNT_CODES)
        .source(source::GROUPS_SDK);

pub(in super::super) static GET_LATEST_TEMPLATE_VERSION: Operation =
    Operation::new(Method::GET, TEMPLATE, "get_latest_template_version")
        .summary("Get the latest version of an access group template", Evidence::Spec)
        .description(
            "The latest version is the one with the highest number; the entity tag is that of this version.",
        )
        .parameters(&[&TRANSACTION_ID, &TEMPLATE_VERBOSE])
        .response(StatusCode::OK, "TemplateVersion")
        .response_headers(ENTITY_TAG)
        .errors(TEMPLATE_CODES)
        .source(source::GROUPS_SDK);

pub(in super::super) static DELETE_TEMPLATE: Operation =
    Operation::new(Method::DELETE, TEMPLATE, "delete_template")
        .summary("Delete an access group template", Evidence::Spec)
        .description("Also deletes its versions, its assignments and the groups that these created.")
        .parameters(&[&TRANSACTION_ID])
        .empty_response(StatusCode::NO_CONTENT)
        .errors(TEMPLATE_CODES)
        .source(source::GROUPS_SDK);

pub(in super::super) static CREATE_TEMPLATE_VERSION: Operation = Operation::new(
    Method::POST,
    VERSIONS,
    "create_template_version",
)
.summary("Create a version of an access group template", Evidence::Spec)
.description(
    "Its number is one higher than the highest number that the template has ever had. `name` becomes the \
                 name of all versions. The default `group` is that of the latest version.",
)
.parameters(&[&TRANSACTION_ID])
.json_body("TemplateVersionRequest", VERSION_EXAMPLE)
.response(StatusCode::CREATED, "TemplateVersion")
.response_headers(ENTITY_TAG)
.errors(&[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &template::NOT_FOUND,
    &template::NAME_CONFLICT,
    &error::BODY_TOO_LARGE,
])
.source(source::GROUPS_SDK);

pub(in super::super) static LIST_TEMPLATE_VERSIONS: Operation =
    Operation::new(Method::GET, VERSIONS, "list_template_versions")
        .summary("List the versions of an access group template", Evidence::Spec)
        .description("Versions are listed in the order of their numbers.")
        .parameters(&[&TRANSACTION_ID, &LIMIT, &OFFSET])
        .response(StatusCode::OK, "ListTemplateVersions")
        .errors(TEMPLATE_CODES)
        .source(source::GROUPS_SDK);

pub(in super::super) static GET_TEMPLATE_VERSION: Operation =
    Operation::new(Method::GET, VERSION, "get_template_version")
        .summary("Get a version of an access group template", Evidence::Spec)
        .description("`verbose` has no effect.")
        .parameters(&[&TRANSACTION_ID, &TEMPLATE_VERBOSE])
        .response(StatusCode::OK, "TemplateVersion")
        .response_headers(ENTITY_TAG)
        .errors(VERSION_CODES)
        .source(source::GROUPS_SDK);

pub(in super::super) static UPDATE_TEMPLATE_VERSION: Operation =
    Operation::new(Method::PUT, VERSION, "update_template_version")
        .summary("Update a version of an access group template", Evidence::Spec)
        .description(
            "`name` becomes the name of all versions. An absent `name` or `group` keeps its value; an absent \
                 `description` or `policy_template_references` becomes empty.",
        )
        .parameters(&[&TRANSACTION_ID, &IF_MATCH_VERSION])
        .json_body("TemplateVersionRequest", VERSION_EXAMPLE)
        .response(StatusCode::CREATED, "TemplateVersion")
        .response_headers(ENTITY_TAG)
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &template::NOT_FOUND,
            &template::VERSION_NOT_FOUND,
            &template::COMMITTED,
            &template::NAME_CONFLICT,
            &error::INCORRECT_ETAG,
            &error::BODY_TOO_LARGE,
        ])
        .source(source::GROUPS_SDK);

pub(in super::super) static DELETE_TEMPLATE_VERSION: Operation =
    Operation::new(Method::DELETE, VERSION, "delete_template_version")
        .summary("Delete a version of an access group template", Evidence::Spec)
        .description("Deleting the last version also deletes the template.")
        .parameters(&[&TRANSACTION_ID])
        .empty_response(StatusCode::NO_CONTENT)
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &template::NOT_FOUND,
            &template::VERSION_NOT_FOUND,
            &template::ASSIGNED,
        ])
        .source(source::GROUPS_SDK);

pub(in super::super) static COMMIT_TEMPLATE: Operation = Operation::new(
    Method::POST,
    COMMIT,
    "commit_template",
)
.summary("Commit a version of an access group template", Evidence::Spec)
.description(
    "A committed version can be assigned but no longer changed. A request body is ignored, whatever its \
                 content type.",
)
.parameters(&[&TRANSACTION_ID, &IF_MATCH_VERSION])
.empty_response(StatusCode::NO_CONTENT)
.errors(&[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &template::NOT_FOUND,
    &template::VERSION_NOT_FOUND,
    &template::COMMITTED,
    &error::INCORRECT_ETAG,
])
.source(source::GROUPS_SDK);
