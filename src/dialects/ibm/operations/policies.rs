//! The operations of policies and roles: a minimal version of policy management.

use axum::http::{Method, StatusCode};

use super::super::POLICY_MEDIA_TYPE;
use super::parameters::{ACCOUNT_ID, TRANSACTION_ID};
use super::related_service_parameters::{
    GROUP_FILTER, IDENTITY_FILTER, IF_MATCH_POLICY, POLICIES_LIMIT, POLICIES_SORT, POLICIES_START,
    POLICY_TYPE, ROLES_SERVICE, ROLES_SERVICE_GROUP, STATE,
};
use crate::domain::ibm::error::{self, managed, related_services};
use crate::domain::ibm::source;
use crate::spec::{ErrorCode, Evidence, Operation, Parameter};

const V1_POLICIES: &str = "/v1/policies";
const V1_POLICY: &str = "/v1/policies/{policy_id}";
const V2_POLICIES: &str = "/v2/policies";
const V2_POLICY: &str = "/v2/policies/{policy_id}";

const V1_EXAMPLE: &str = r#"{"type":"access","description":"Viewers of all services",
    "subjects":[{"attributes":[{"name":"access_group_id","value":"AccessGroupId-1b0d2c34-7c1e-4f0a-9a55-2f1f0b0c7e11"}]}],
    "roles":[{"role_id":"crn:v1:bluemix:public:iam::::role:Viewer"}],
    "resources":[{"attributes":[{"name":"serviceType","value":"service","operator":"stringEquals"},{"name":"accountId","value":"0a1b2c3d4e5f60718293a4b5c6d7e8f9"}]}]}"#;

const V2_EXAMPLE: &str = r#"{"type":"access","description":"Operators of all services",
    "subject":{"attributes":[{"key":"access_group_id","operator":"stringEquals","value":"AccessGroupId-1b0d2c34-7c1e-4f0a-9a55-2f1f0b0c7e11"}]},
    "resource":{"attributes":[{"key":"serviceType","operator":"stringEquals","value":"service"},{"key":"accountId","operator":"stringEquals","value":"0a1b2c3d4e5f60718293a4b5c6d7e8f9"}]},
    "control":{"grant":{"roles":[{"role_id":"crn:v1:bluemix:public:iam::::role:Operator"}]}}}"#;

const CREATE_DESCRIPTION: &str = "A minimal version of policy management: policies are stored but have no effect. The \
    roles must be well-formed CRNs of roles, and the group must exist in the account of the resource. Services and operators are not \
    checked. A policy that grants the same as another one, or to a group no more than another one, is a conflict.";
const LIST_DESCRIPTION: &str = "A minimal version of policy management. Lists policies of both API versions; \
    `href` uses the API version that created the policy. Version 1 lists a placeholder for each policy that version 2 \
    created.";
const GET_DESCRIPTION: &str = "A minimal version of policy management. A policy created by the other API version is \
    returned in the format of this version.";
const REPLACE_DESCRIPTION: &str = "A minimal version of policy management. Replaces the whole policy except its type, \
    its account and the API version in `href`.";
const DELETE_DESCRIPTION: &str = "A minimal version of policy management. The policy is deleted at once, while IBM \
    keeps deleted policies for some time.";

/// The documented entity tag header of responses with one policy.
const ENTITY_TAG: &[(&str, &str)] = &[("ETag", "The revision of the policy, for `If-Match`.")];

const LIST_PARAMETERS: &[&Parameter] = &[
    &TRANSACTION_ID,
    &ACCOUNT_ID,
    &GROUP_FILTER,
    &IDENTITY_FILTER,
    &POLICY_TYPE,
    &STATE,
    &POLICIES_SORT,
    &POLICIES_LIMIT,
    &POLICIES_START,
];

const CREATE_CODES: &[&ErrorCode] = &[
    &related_services::INVALID_BODY,
    &related_services::MULTIPLE_ENTRIES,
    &related_services::GROUP_ACCOUNT_MISMATCH,
    &related_services::ROLE_NOT_FOUND,
    &related_services::PUBLIC_ACCESS_DISABLED,
    &managed::ADD_POLICY,
    &related_services::POLICY_CONFLICT,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &error::BODY_TOO_LARGE,
];

/// The errors of lists of policies.
const LIST_CODES: &[&ErrorCode] = &[
    &related_services::MISSING_PARAMETER,
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
];

const POLICY_CODES: &[&ErrorCode] =
    &[&error::INVALID_PAYLOAD, &error::INVALID_TOKEN, &error::FORBIDDEN, &related_services::POLICY_NOT_FOUND];

const REPLACE_CODES: &[&ErrorCode] = &[
    &error::INVALID_PAYLOAD,
    &related_services::INVALID_BODY,
    &related_services::MULTIPLE_ENTRIES,
    &related_services::GROUP_ACCOUNT_MISMATCH,
    &related_services::ROLE_NOT_FOUND,
    &related_services::PUBLIC_ACCESS_DISABLED,
    &managed::ADD_POLICY,
    &related_services::POLICY_UPDATE_CONFLICT,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &related_services::POLICY_NOT_FOUND,
    &error::INCORRECT_ETAG,
    &error::BODY_TOO_LARGE,
];

pub(in super::super) static LIST_ROLES: Operation = Operation::new(Method::GET, "/v2/roles", "list_roles")
    .summary("List the roles that policies grant", Evidence::Spec)
    .description(
        "A minimal version of policy management: the platform roles and the general service roles, without \
         actions. `service_group_id=IAM` and `service_name=iam-identity` add \"Service ID creator\" and \
         \"User API key creator\"; the CRN of the latter is assumed. `service_name` also adds the roles that \
         the seed has for the service. Custom roles are not supported.",
    )
    .parameters(&[&ROLES_SERVICE, &ROLES_SERVICE_GROUP, &TRANSACTION_ID])
    .response(StatusCode::OK, "RoleCollection")
    .errors(&[&error::INVALID_PAYLOAD, &error::INVALID_TOKEN, &error::FORBIDDEN])
    .media_type(POLICY_MEDIA_TYPE)
    .source(source::POLICIES_SDK);

pub(in super::super) static CREATE_POLICY: Operation =
    Operation::new(Method::POST, V1_POLICIES, "create_policy")
        .summary("Create a policy", Evidence::Spec)
        .description(CREATE_DESCRIPTION)
        .parameters(&[&TRANSACTION_ID])
        .json_body("PolicyRequest", V1_EXAMPLE)
        .response(StatusCode::CREATED, "Policy")
        .response_headers(ENTITY_TAG)
        .errors(CREATE_CODES)
        .media_type(POLICY_MEDIA_TYPE)
        .source(source::POLICIES_SDK);

pub(in super::super) static LIST_POLICIES: Operation =
    Operation::new(Method::GET, V1_POLICIES, "list_policies")
        .summary("List policies", Evidence::Spec)
        .description(LIST_DESCRIPTION)
        .parameters(LIST_PARAMETERS)
        .response(StatusCode::OK, "PolicyCollection")
        .errors(LIST_CODES)
        .media_type(POLICY_MEDIA_TYPE)
        .source(source::POLICIES_SDK);

pub(in super::super) static GET_POLICY: Operation = Operation::new(Method::GET, V1_POLICY, "get_policy")
    .summary("Get a policy", Evidence::Spec)
    .description(GET_DESCRIPTION)
    .parameters(&[&TRANSACTION_ID])
    .response(StatusCode::OK, "Policy")
    .response_headers(ENTITY_TAG)
    .errors(POLICY_CODES)
    .media_type(POLICY_MEDIA_TYPE)
    .source(source::POLICIES_SDK);

pub(in super::super) static REPLACE_POLICY: Operation =
    Operation::new(Method::PUT, V1_POLICY, "replace_policy")
        .summary("Replace a policy", Evidence::Spec)
        .description(REPLACE_DESCRIPTION)
        .parameters(&[&TRANSACTION_ID, &IF_MATCH_POLICY])
        .json_body("PolicyRequest", V1_EXAMPLE)
        .response(StatusCode::OK, "Policy")
        .response_headers(ENTITY_TAG)
        .errors(REPLACE_CODES)
        .media_type(POLICY_MEDIA_TYPE)
        .source(source::POLICIES_SDK);

pub(in super::super) static DELETE_POLICY: Operation =
    Operation::new(Method::DELETE, V1_POLICY, "delete_policy")
        .summary("Delete a policy", Evidence::Spec)
        .description(DELETE_DESCRIPTION)
        .parameters(&[&TRANSACTION_ID])
        .empty_response(StatusCode::NO_CONTENT)
        .errors(POLICY_CODES)
        .media_type(POLICY_MEDIA_TYPE)
        .source(source::POLICIES_SDK);

pub(in super::super) static CREATE_V2_POLICY: Operation =
    Operation::new(Method::POST, V2_POLICIES, "create_v2_policy")
        .summary("Create a policy, version 2", Evidence::Spec)
        .description(CREATE_DESCRIPTION)
        .parameters(&[&TRANSACTION_ID])
        .json_body("V2PolicyRequest", V2_EXAMPLE)
        .response(StatusCode::CREATED, "V2Policy")
        .response_headers(ENTITY_TAG)
        .errors(CREATE_CODES)
        .media_type(POLICY_MEDIA_TYPE)
        .source(source::POLICIES_SDK);

pub(in super::super) static LIST_V2_POLICIES: Operation =
    Operation::new(Method::GET, V2_POLICIES, "list_v2_policies")
        .summary("List policies, version 2", Evidence::Spec)
        .description(LIST_DESCRIPTION)
        .parameters(LIST_PARAMETERS)
        .response(StatusCode::OK, "V2PolicyCollection")
        .errors(LIST_CODES)
        .media_type(POLICY_MEDIA_TYPE)
        .source(source::POLICIES_SDK);

pub(in super::super) static GET_V2_POLICY: Operation =
    Operation::new(Method::GET, V2_POLICY, "get_v2_policy")
        .summary("Get a policy, version 2", Evidence::Spec)
        .description(GET_DESCRIPTION)
        .parameters(&[&TRANSACTION_ID])
        .response(StatusCode::OK, "V2Policy")
        .response_headers(ENTITY_TAG)
        .errors(POLICY_CODES)
        .media_type(POLICY_MEDIA_TYPE)
        .source(source::POLICIES_SDK);

pub(in super::super) static REPLACE_V2_POLICY: Operation =
    Operation::new(Method::PUT, V2_POLICY, "replace_v2_policy")
        .summary("Replace a policy, version 2", Evidence::Spec)
        .description(REPLACE_DESCRIPTION)
        .parameters(&[&TRANSACTION_ID, &IF_MATCH_POLICY])
        .json_body("V2PolicyRequest", V2_EXAMPLE)
        .response(StatusCode::OK, "V2Policy")
        .response_headers(ENTITY_TAG)
        .errors(REPLACE_CODES)
        .media_type(POLICY_MEDIA_TYPE)
        .source(source::POLICIES_SDK);

pub(in super::super) static DELETE_V2_POLICY: Operation =
    Operation::new(Method::DELETE, V2_POLICY, "delete_v2_policy")
        .summary("Delete a policy, version 2", Evidence::Spec)
        .description(DELETE_DESCRIPTION)
        .parameters(&[&TRANSACTION_ID])
        .empty_response(StatusCode::NO_CONTENT)
        .errors(POLICY_CODES)
        .media_type(POLICY_MEDIA_TYPE)
        .source(source::POLICIES_SDK);
