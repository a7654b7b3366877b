//! The operations of templates and their versions.

use axum::http::{Method, StatusCode};

use super::super::error::{self, template};
use super::super::source;
use super::parameters::{ACCOUNT_ID, IF_MATCH_VERSION, LIMIT, OFFSET, TEMPLATE_VERBOSE, TRANSACTION_ID};
use super::{ACCOUNT_CODES, ACCOUNT_WRITE_CODES};
use crate::error::{ErrorCode, Evidence};
use crate::http::Operation;

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
.says("Create an access group template", Evidence::Spec)
.describes(
    "The account is the one in the request body. The template gets version 1, which is not committed. \
         `group` and `policy_template_references` are returned as sent; the default `group` has the name of \
         the template.",
)
.takes(&[&TRANSACTION_ID])
.reads("CreateTemplateRequest", TEMPLATE_EXAMPLE)
.answers(StatusCode::CREATED, "TemplateVersion")
.with_headers(ENTITY_TAG)
.refuses(ACCOUNT_WRITE_CODES)
.known_from(source::GROUPS_SDK);

pub(in super::super) static LIST_TEMPLATES: Operation =
    Operation::new(Method::GET, TEMPLATES, "list_templates")
        .says("List access group templates", Evidence::Spec)
        .describes("Each template is returned with its latest version, in the order of creation.")
        .takes(&[&TRANSACTION_ID, &ACCOUNT_ID, &LIMIT, &OFFSET, &TEMPLATE_VERBOSE])
        .answers(StatusCode::OK, "ListTemplates")
        .refuses(ACCOUNT_CODES)
        .known_from(source::GROUPS_SDK);

pub(in super::super) static GET_LATEST_TEMPLATE_VERSION: Operation =
    Operation::new(Method::GET, TEMPLATE, "get_latest_template_version")
        .says("Get the latest version of an access group template", Evidence::Spec)
        .describes(
            "The latest version is the one with the highest number; the entity tag is that of this version.",
        )
        .takes(&[&TRANSACTION_ID, &TEMPLATE_VERBOSE])
        .answers(StatusCode::OK, "TemplateVersion")
        .with_headers(ENTITY_TAG)
        .refuses(TEMPLATE_CODES)
        .known_from(source::GROUPS_SDK);

pub(in super::super) static DELETE_TEMPLATE: Operation =
    Operation::new(Method::DELETE, TEMPLATE, "delete_template")
        .says("Delete an access group template", Evidence::Spec)
        .describes("Also deletes its versions, its assignments and the groups that these created.")
        .takes(&[&TRANSACTION_ID])
        .answers_empty(StatusCode::NO_CONTENT)
        .refuses(TEMPLATE_CODES)
        .known_from(source::GROUPS_SDK);

pub(in super::super) static CREATE_TEMPLATE_VERSION: Operation = Operation::new(
    Method::POST,
    VERSIONS,
    "create_template_version",
)
.says("Create a version of an access group template", Evidence::Spec)
.describes(
    "Its number is one higher than the highest number that the template has ever had. `name` becomes the \
                 name of all versions. The default `group` is that of the latest version.",
)
.takes(&[&TRANSACTION_ID])
.reads("TemplateVersionRequest", VERSION_EXAMPLE)
.answers(StatusCode::CREATED, "TemplateVersion")
.with_headers(ENTITY_TAG)
.refuses(&[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &template::NOT_FOUND,
    &error::TOO_LARGE,
])
.known_from(source::GROUPS_SDK);

pub(in super::super) static LIST_TEMPLATE_VERSIONS: Operation =
    Operation::new(Method::GET, VERSIONS, "list_template_versions")
        .says("List the versions of an access group template", Evidence::Spec)
        .describes("Versions are listed in the order of their numbers.")
        .takes(&[&TRANSACTION_ID, &LIMIT, &OFFSET])
        .answers(StatusCode::OK, "ListTemplateVersions")
        .refuses(TEMPLATE_CODES)
        .known_from(source::GROUPS_SDK);

pub(in super::super) static GET_TEMPLATE_VERSION: Operation =
    Operation::new(Method::GET, VERSION, "get_template_version")
        .says("Get a version of an access group template", Evidence::Spec)
        .takes(&[&TRANSACTION_ID, &TEMPLATE_VERBOSE])
        .answers(StatusCode::OK, "TemplateVersion")
        .with_headers(ENTITY_TAG)
        .refuses(VERSION_CODES)
        .known_from(source::GROUPS_SDK);

pub(in super::super) static UPDATE_TEMPLATE_VERSION: Operation =
    Operation::new(Method::PUT, VERSION, "update_template_version")
        .says("Update a version of an access group template", Evidence::Spec)
        .describes(
            "`name` becomes the name of all versions. An absent `name` or `group` keeps its value; an absent \
                 `description` or `policy_template_references` becomes empty.",
        )
        .takes(&[&TRANSACTION_ID, &IF_MATCH_VERSION])
        .reads("TemplateVersionRequest", VERSION_EXAMPLE)
        .answers(StatusCode::CREATED, "TemplateVersion")
        .with_headers(ENTITY_TAG)
        .refuses(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &template::NOT_FOUND,
            &template::VERSION_NOT_FOUND,
            &template::COMMITTED,
            &error::INCORRECT_ETAG,
            &error::TOO_LARGE,
        ])
        .known_from(source::GROUPS_SDK);

pub(in super::super) static DELETE_TEMPLATE_VERSION: Operation =
    Operation::new(Method::DELETE, VERSION, "delete_template_version")
        .says("Delete a version of an access group template", Evidence::Spec)
        .describes("Deleting the last version also deletes the template.")
        .takes(&[&TRANSACTION_ID])
        .answers_empty(StatusCode::NO_CONTENT)
        .refuses(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &template::NOT_FOUND,
            &template::VERSION_NOT_FOUND,
            &template::ASSIGNED,
        ])
        .known_from(source::GROUPS_SDK);

pub(in super::super) static COMMIT_TEMPLATE: Operation = Operation::new(
    Method::POST,
    COMMIT,
    "commit_template",
)
.says("Commit a version of an access group template", Evidence::Spec)
.describes(
    "A committed version can be assigned but no longer changed. A request body is ignored, whatever its \
                 content type.",
)
.takes(&[&TRANSACTION_ID, &IF_MATCH_VERSION])
.answers_empty(StatusCode::NO_CONTENT)
.refuses(&[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &template::NOT_FOUND,
    &template::VERSION_NOT_FOUND,
    &template::COMMITTED,
    &error::INCORRECT_ETAG,
])
.known_from(source::GROUPS_SDK);
