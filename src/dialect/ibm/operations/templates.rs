//! Templates and their versions.

use axum::http::{Method, StatusCode};

use super::super::error::{self, template};
use super::super::routes::templates;
use super::super::source;
use super::parameters::{ACCOUNT_ID, IF_MATCH_VERSION, LIMIT, OFFSET, TEMPLATE_VERBOSE, TRANSACTION_ID};
use super::{ACCOUNT_CODES, ACCOUNT_WRITE_CODES};
use crate::failure::{Code, Evidence};
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

/// The header with the entity tag, on every answer with one version.
const ENTITY_TAG: &[(&str, &str)] = &[("ETag", "The revision of the version, for `If-Match`.")];

pub(super) fn operations() -> Vec<Operation> {
    let mut operations = of_templates();
    operations.extend(of_versions());
    operations.extend(of_one_version());
    operations.into_iter().map(|operation| operation.known_from(source::GROUPS_SDK)).collect()
}

fn of_templates() -> Vec<Operation> {
    vec![
        Operation::new(Method::POST, TEMPLATES, "create_template", templates::create_template)
            .says("Create an access group template", Evidence::Spec)
            .describes(
                "The account is that of the body. The template gets version 1, which is not committed. `group` and \
                 `policy_template_references` come back as written; without `group`, it is one with the name of the \
                 template.",
            )
            .takes(&[&TRANSACTION_ID])
            .reads("CreateTemplateRequest", TEMPLATE_EXAMPLE)
            .answers(StatusCode::CREATED, "TemplateVersion")
            .with_headers(ENTITY_TAG)
            .refuses(ACCOUNT_WRITE_CODES),
        Operation::new(Method::GET, TEMPLATES, "list_templates", templates::list_templates)
            .says("List access group templates", Evidence::Spec)
            .describes("Each template is shown with its latest version, in the order of creation.")
            .takes(&[&TRANSACTION_ID, &ACCOUNT_ID, &LIMIT, &OFFSET, &TEMPLATE_VERBOSE])
            .answers(StatusCode::OK, "ListTemplates")
            .refuses(ACCOUNT_CODES),
        Operation::new(
            Method::GET,
            TEMPLATE,
            "get_latest_template_version",
            templates::get_latest_template_version,
        )
        .says("Get the latest version of an access group template", Evidence::Spec)
        .describes("The latest version is the one with the greatest number; the entity tag is that version's.")
        .takes(&[&TRANSACTION_ID, &TEMPLATE_VERBOSE])
        .answers(StatusCode::OK, "TemplateVersion")
        .with_headers(ENTITY_TAG)
        .refuses(TEMPLATE_CODES),
        Operation::new(Method::DELETE, TEMPLATE, "delete_template", templates::delete_template)
            .says("Delete an access group template", Evidence::Spec)
            .describes("Its versions and assignments go too, and with these the groups that they brought about.")
            .takes(&[&TRANSACTION_ID])
            .answers_empty(StatusCode::NO_CONTENT)
            .refuses(TEMPLATE_CODES),
    ]
}

fn of_versions() -> Vec<Operation> {
    vec![
        Operation::new(Method::POST, VERSIONS, "create_template_version", templates::create_template_version)
            .says("Create a version of an access group template", Evidence::Spec)
            .describes(
                "Its number is one more than any version of the template has ever had. `name` becomes the name of all \
                 versions. Without `group`, it is that of the latest version.",
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
            ]),
        Operation::new(Method::GET, VERSIONS, "list_template_versions", templates::list_template_versions)
            .says("List the versions of an access group template", Evidence::Spec)
            .describes("In the order of their numbers.")
            .takes(&[&TRANSACTION_ID, &LIMIT, &OFFSET])
            .answers(StatusCode::OK, "ListTemplateVersions")
            .refuses(TEMPLATE_CODES),
    ]
}

fn of_one_version() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, VERSION, "get_template_version", templates::get_template_version)
            .says("Get a version of an access group template", Evidence::Spec)
            .takes(&[&TRANSACTION_ID, &TEMPLATE_VERBOSE])
            .answers(StatusCode::OK, "TemplateVersion")
            .with_headers(ENTITY_TAG)
            .refuses(VERSION_CODES),
        Operation::new(Method::PUT, VERSION, "update_template_version", templates::update_template_version)
            .says("Update a version of an access group template", Evidence::Spec)
            .describes(
                "`name` becomes the name of all versions, and without it that stays. An absent `group` stays; an \
                 absent `description` becomes empty, and so do absent `policy_template_references`.",
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
            ]),
        Operation::new(Method::DELETE, VERSION, "delete_template_version", templates::delete_template_version)
            .says("Delete a version of an access group template", Evidence::Spec)
            .describes("With the last version, the template goes.")
            .takes(&[&TRANSACTION_ID])
            .answers_empty(StatusCode::NO_CONTENT)
            .refuses(&[
                &error::INVALID_PAYLOAD,
                &error::INVALID_TOKEN,
                &error::FORBIDDEN,
                &template::NOT_FOUND,
                &template::VERSION_NOT_FOUND,
                &template::ASSIGNED,
            ]),
        Operation::new(Method::POST, COMMIT, "commit_template", templates::commit_template)
            .says("Commit a version of an access group template", Evidence::Spec)
            .describes(
                "From then on it can be assigned, and no longer be changed. A body is not read, whatever its content \
                 type says.",
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
            ]),
    ]
}

/// The errors of what reads a template.
const TEMPLATE_CODES: &[&Code] =
    &[&error::INVALID_PAYLOAD, &error::INVALID_TOKEN, &error::FORBIDDEN, &template::NOT_FOUND];

/// The errors of what reads a version.
const VERSION_CODES: &[&Code] = &[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &template::NOT_FOUND,
    &template::VERSION_NOT_FOUND,
];
