//! Policies and roles: thin neighbors of the access groups.

use axum::http::{Method, StatusCode};

use super::super::error::{self, managed, neighbors};
use super::super::routes::policies as routes;
use super::super::source;
use super::super::wire::{PolicyRequestV1, PolicyRequestV2};
use super::ACCOUNT_CODES;
use super::neighbor_parameters::{
    IF_MATCH_POLICY, OF_GROUP, OF_IDENTITY, POLICIES_LIMIT, POLICIES_SORT, POLICIES_START, POLICY_TYPE,
    ROLES_SERVICE, ROLES_SERVICE_GROUP, STATE,
};
use super::parameters::{ACCOUNT_ID, TRANSACTION_ID};
use crate::failure::{Code, Evidence};
use crate::http::{Operation, Parameter};

const V1_POLICIES: &str = "/v1/policies";
const V1_POLICY: &str = "/v1/policies/{policy_id}";
const V2_POLICIES: &str = "/v2/policies";
const V2_POLICY: &str = "/v2/policies/{policy_id}";

const V1_EXAMPLE: &str = r#"{"type":"access","description":"Viewers of all services",
    "subjects":[{"attributes":[{"name":"access_group_id","value":"AccessGroupId-1b0d2c34-7c1e-4f0a-9a55-2f1f0b0c7e11"}]}],
    "roles":[{"role_id":"crn:v1:bluemix:public:iam::::role:Viewer"}],
    "resources":[{"attributes":[{"name":"serviceType","value":"service","operator":"stringEquals"},{"name":"accountId","value":"0a1b2c3d4e5f60718293a4b5c6d7e8f9"}]}]}"#;

const V2_EXAMPLE: &str = r#"{"type":"access","description":"Viewers of all services",
    "subject":{"attributes":[{"key":"access_group_id","operator":"stringEquals","value":"AccessGroupId-1b0d2c34-7c1e-4f0a-9a55-2f1f0b0c7e11"}]},
    "resource":{"attributes":[{"key":"serviceType","operator":"stringEquals","value":"service"},{"key":"accountId","operator":"stringEquals","value":"0a1b2c3d4e5f60718293a4b5c6d7e8f9"}]},
    "control":{"grant":{"roles":[{"role_id":"crn:v1:bluemix:public:iam::::role:Viewer"}]}}}"#;

const CREATES: &str = "A thin neighbor of the access groups: a policy is stored and has no effect. The group and the \
    roles must exist, the group in the account of the resource; services and operators are not checked, and equal \
    policies do not conflict.";
const LISTS: &str = "A thin neighbor of the access groups. Policies of both versions, in the form of this one; \
    `href` leads to the version by which each was made.";
const GETS: &str = "A thin neighbor of the access groups. A policy that was made by the other version has the form \
    of this one.";
const REPLACES: &str = "A thin neighbor of the access groups. The whole policy is replaced; its type and its account \
    stay, and so does the version that `href` leads to.";
const DELETES: &str = "A thin neighbor of the access groups. It is gone then, while IBM keeps deleted policies for a \
    while.";

/// The header with the entity tag, on every answer with one policy.
const ENTITY_TAG: &[(&str, &str)] = &[("ETag", "The revision of the policy, for `If-Match`.")];

const LIST: &[&Parameter] = &[
    &TRANSACTION_ID,
    &ACCOUNT_ID,
    &OF_GROUP,
    &OF_IDENTITY,
    &POLICY_TYPE,
    &STATE,
    &POLICIES_SORT,
    &POLICIES_LIMIT,
    &POLICIES_START,
];

pub(super) fn operations() -> Vec<Operation> {
    let mut operations = version_1();
    operations.extend(version_2());
    operations.push(
        Operation::new(Method::GET, "/v2/roles", "list_roles", routes::list_roles)
            .says("List the roles that policies grant", Evidence::Spec)
            .describes(
                "A thin neighbor of the access groups: the roles of the platform and of services in general, \
                 without actions. `service_group_id=IAM` and `service_name=iam-identity` add \"Service ID creator\" \
                 and \"User API key creator\"; the CRN of the latter is assumed. There are no custom roles and none \
                 of other services.",
            )
            .takes(&[&ROLES_SERVICE, &ROLES_SERVICE_GROUP, &TRANSACTION_ID])
            .answers(StatusCode::OK, "RoleCollection")
            .refuses(&[&error::INVALID_TOKEN, &error::FORBIDDEN]),
    );
    operations.into_iter().map(|operation| operation.known_from(source::POLICIES_SDK)).collect()
}

fn version_1() -> Vec<Operation> {
    vec![
        Operation::new(Method::POST, V1_POLICIES, "create_policy", routes::create_policy::<PolicyRequestV1>)
            .says("Create a policy", Evidence::Spec)
            .describes(CREATES)
            .takes(&[&TRANSACTION_ID])
            .reads("PolicyRequest", V1_EXAMPLE)
            .answers(StatusCode::CREATED, "Policy")
            .with_headers(ENTITY_TAG)
            .refuses(CREATE_CODES),
        Operation::new(Method::GET, V1_POLICIES, "list_policies", routes::list_policies::<PolicyRequestV1>)
            .says("List policies", Evidence::Spec)
            .describes(LISTS)
            .takes(LIST)
            .answers(StatusCode::OK, "PolicyCollection")
            .refuses(ACCOUNT_CODES),
        Operation::new(Method::GET, V1_POLICY, "get_policy", routes::get_policy::<PolicyRequestV1>)
            .says("Get a policy", Evidence::Spec)
            .describes(GETS)
            .takes(&[&TRANSACTION_ID])
            .answers(StatusCode::OK, "Policy")
            .with_headers(ENTITY_TAG)
            .refuses(POLICY_CODES),
        Operation::new(Method::PUT, V1_POLICY, "replace_policy", routes::replace_policy::<PolicyRequestV1>)
            .says("Replace a policy", Evidence::Spec)
            .describes(REPLACES)
            .takes(&[&TRANSACTION_ID, &IF_MATCH_POLICY])
            .reads("PolicyRequest", V1_EXAMPLE)
            .answers(StatusCode::OK, "Policy")
            .with_headers(ENTITY_TAG)
            .refuses(REPLACE_CODES),
        Operation::new(Method::DELETE, V1_POLICY, "delete_policy", routes::delete_policy)
            .says("Delete a policy", Evidence::Spec)
            .describes(DELETES)
            .takes(&[&TRANSACTION_ID])
            .answers_empty(StatusCode::NO_CONTENT)
            .refuses(POLICY_CODES),
    ]
}

fn version_2() -> Vec<Operation> {
    vec![
        Operation::new(
            Method::POST,
            V2_POLICIES,
            "create_v2_policy",
            routes::create_policy::<PolicyRequestV2>,
        )
        .says("Create a policy, version 2", Evidence::Spec)
        .describes(CREATES)
        .takes(&[&TRANSACTION_ID])
        .reads("V2PolicyRequest", V2_EXAMPLE)
        .answers(StatusCode::CREATED, "V2Policy")
        .with_headers(ENTITY_TAG)
        .refuses(CREATE_CODES),
        Operation::new(
            Method::GET,
            V2_POLICIES,
            "list_v2_policies",
            routes::list_policies::<PolicyRequestV2>,
        )
        .says("List policies, version 2", Evidence::Spec)
        .describes(LISTS)
        .takes(LIST)
        .answers(StatusCode::OK, "V2PolicyCollection")
        .refuses(ACCOUNT_CODES),
        Operation::new(Method::GET, V2_POLICY, "get_v2_policy", routes::get_policy::<PolicyRequestV2>)
            .says("Get a policy, version 2", Evidence::Spec)
            .describes(GETS)
            .takes(&[&TRANSACTION_ID])
            .answers(StatusCode::OK, "V2Policy")
            .with_headers(ENTITY_TAG)
            .refuses(POLICY_CODES),
        Operation::new(
            Method::PUT,
            V2_POLICY,
            "replace_v2_policy",
            routes::replace_policy::<PolicyRequestV2>,
        )
        .says("Replace a policy, version 2", Evidence::Spec)
        .describes(REPLACES)
        .takes(&[&TRANSACTION_ID, &IF_MATCH_POLICY])
        .reads("V2PolicyRequest", V2_EXAMPLE)
        .answers(StatusCode::OK, "V2Policy")
        .with_headers(ENTITY_TAG)
        .refuses(REPLACE_CODES),
        Operation::new(Method::DELETE, V2_POLICY, "delete_v2_policy", routes::delete_policy)
            .says("Delete a policy, version 2", Evidence::Spec)
            .describes(DELETES)
            .takes(&[&TRANSACTION_ID])
            .answers_empty(StatusCode::NO_CONTENT)
            .refuses(POLICY_CODES),
    ]
}

const CREATE_CODES: &[&Code] = &[
    &neighbors::INVALID_BODY,
    &neighbors::MULTIPLE_ENTRIES,
    &neighbors::FOREIGN_GROUP,
    &neighbors::ROLE_UNKNOWN,
    &neighbors::PUBLIC_ACCESS_OFF,
    &managed::ADD_POLICY,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &error::TOO_LARGE,
];

const POLICY_CODES: &[&Code] =
    &[&error::INVALID_PAYLOAD, &error::INVALID_TOKEN, &error::FORBIDDEN, &neighbors::POLICY_NOT_FOUND];

const REPLACE_CODES: &[&Code] = &[
    &error::INVALID_PAYLOAD,
    &neighbors::INVALID_BODY,
    &neighbors::MULTIPLE_ENTRIES,
    &neighbors::FOREIGN_GROUP,
    &neighbors::ROLE_UNKNOWN,
    &neighbors::PUBLIC_ACCESS_OFF,
    &managed::ADD_POLICY,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &neighbors::POLICY_NOT_FOUND,
    &error::INCORRECT_ETAG,
    &error::TOO_LARGE,
];
