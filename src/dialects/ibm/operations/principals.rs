//! The operations of service ids and trusted profiles: a minimal version of IAM identity.

use axum::http::{Method, StatusCode};

use super::parameters::TRANSACTION_ID;
use super::related_service_parameters::{
    IF_MATCH_PRINCIPAL, NAME, ORDER, PAGESIZE, PAGETOKEN, PRINCIPALS_ACCOUNT, PRINCIPALS_SORT,
    SERVICE_ID_GROUP, SHOW_SERVICE_ID_GROUP,
};
use super::{ACCOUNT_CODES, ACCOUNT_WRITE_CODES};
use crate::domain::ibm::error::{self, related_services};
use crate::domain::ibm::source;
use crate::spec::{ErrorCode, Evidence, Operation, Parameter};

const SERVICE_IDS: &str = "/v1/serviceids/";
const SERVICE_ID: &str = "/v1/serviceids/{service_id}";
const PROFILES: &str = "/v1/profiles";
const PROFILE: &str = "/v1/profiles/{profile_id}";

/// The documented entity tag header of responses with one service id or trusted profile.
const ENTITY_TAG: &[(&str, &str)] = &[("ETag", "The same as `entity_tag`.")];

const LIST_PARAMETERS: &[&Parameter] =
    &[&TRANSACTION_ID, &PRINCIPALS_ACCOUNT, &NAME, &PAGESIZE, &PAGETOKEN, &PRINCIPALS_SORT, &ORDER];

const LIST_SERVICE_IDS_PARAMETERS: &[&Parameter] = &[
    &TRANSACTION_ID,
    &PRINCIPALS_ACCOUNT,
    &NAME,
    &SERVICE_ID_GROUP,
    &SHOW_SERVICE_ID_GROUP,
    &PAGESIZE,
    &PAGETOKEN,
    &PRINCIPALS_SORT,
    &ORDER,
];

const SERVICE_ID_CODES: &[&ErrorCode] = &[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &related_services::SERVICE_ID_NOT_FOUND,
];

const PROFILE_CODES: &[&ErrorCode] = &[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &related_services::PROFILE_NOT_FOUND,
];

const CREATE_PROFILE_CODES: &[&ErrorCode] = &[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &related_services::PROFILE_NAME_CONFLICT,
    &error::BODY_TOO_LARGE,
];

const UPDATE_PROFILE_CODES: &[&ErrorCode] = &[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &related_services::PROFILE_NOT_FOUND,
    &related_services::PROFILE_NAME_CONFLICT,
    &error::INCORRECT_ETAG,
    &error::BODY_TOO_LARGE,
];

pub(in super::super) static LIST_SERVICE_IDS: Operation = Operation::new(
    Method::GET,
    SERVICE_IDS,
    "list_service_ids",
)
.summary("List the service ids of an account", Evidence::Spec)
.description(
    "A minimal version of IAM identity, without history and groups; `filter` expressions are rejected. The path is \
                 also accepted without the trailing slash. `next` is present only if there is another page.",
)
.parameters(LIST_SERVICE_IDS_PARAMETERS)
.response(StatusCode::OK, "ServiceIdList")
.errors(ACCOUNT_CODES)
.source(source::IDENTITY_SDK);

pub(in super::super) static CREATE_SERVICE_ID: Operation = Operation::new(Method::POST, SERVICE_IDS, "create_service_id")
    .summary("Create a service id", Evidence::Spec)
    .description("A minimal version of IAM identity: no API key is created and nothing is locked.")
    .parameters(&[&TRANSACTION_ID])
    .json_body(
        "ServiceIdRequest",
        r#"{"account_id":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","name":"Example Service","description":"Example description"}"#,
    )
    .response(StatusCode::CREATED, "ServiceId")
    .response_headers(ENTITY_TAG)
    .errors(ACCOUNT_WRITE_CODES).source(source::IDENTITY_SDK);

pub(in super::super) static GET_SERVICE_ID: Operation =
    Operation::new(Method::GET, SERVICE_ID, "get_service_id")
        .summary("Get a service id", Evidence::Spec)
        .description("A minimal version of IAM identity.")
        .parameters(&[&TRANSACTION_ID])
        .response(StatusCode::OK, "ServiceId")
        .response_headers(ENTITY_TAG)
        .errors(SERVICE_ID_CODES)
        .source(source::IDENTITY_SDK);

pub(in super::super) static UPDATE_SERVICE_ID: Operation = Operation::new(
    Method::PUT,
    SERVICE_ID,
    "update_service_id",
)
.summary("Update a service id", Evidence::Spec)
.description(
    "A minimal version of IAM identity. Absent and null fields keep their value; an empty string removes \
                 the description. Member lists of groups show the new values at once.",
)
.parameters(&[&TRANSACTION_ID, &IF_MATCH_PRINCIPAL])
.json_body("ServiceIdUpdateRequest", r#"{"name":"Example Service renamed"}"#)
.response(StatusCode::OK, "ServiceId")
.response_headers(ENTITY_TAG)
.errors(&[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &related_services::SERVICE_ID_NOT_FOUND,
    &error::INCORRECT_ETAG,
    &error::BODY_TOO_LARGE,
])
.source(source::IDENTITY_SDK);

pub(in super::super) static DELETE_SERVICE_ID: Operation = Operation::new(
    Method::DELETE,
    SERVICE_ID,
    "delete_service_id",
)
.summary("Delete a service id", Evidence::Spec)
.description(
    "A minimal version of IAM identity. The removal from all groups is assumed; the policies are kept.",
)
.parameters(&[&TRANSACTION_ID])
.empty_response(StatusCode::NO_CONTENT)
.errors(SERVICE_ID_CODES)
.source(source::IDENTITY_SDK);

pub(in super::super) static LIST_PROFILES: Operation = Operation::new(Method::GET, PROFILES, "list_profiles")
    .summary("List the trusted profiles of an account", Evidence::Spec)
    .description(
        "A minimal version of IAM identity, without history; `filter` expressions are rejected. The path is also \
         accepted with a trailing slash. `next` is present only if there is another page.",
    )
    .parameters(LIST_PARAMETERS)
    .response(StatusCode::OK, "TrustedProfilesList")
    .errors(ACCOUNT_CODES).source(source::IDENTITY_SDK);

pub(in super::super) static CREATE_PROFILE: Operation = Operation::new(Method::POST, PROFILES, "create_profile")
    .summary("Create a trusted profile", Evidence::Spec)
    .description("A minimal version of IAM identity: a profile has no rules, links or identities.")
    .parameters(&[&TRANSACTION_ID])
    .json_body(
        "TrustedProfileRequest",
        r#"{"account_id":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","name":"example profile","description":"Example description"}"#,
    )
    .response(StatusCode::CREATED, "TrustedProfile")
    .response_headers(ENTITY_TAG)
    .errors(CREATE_PROFILE_CODES).source(source::IDENTITY_SDK);

pub(in super::super) static GET_PROFILE: Operation = Operation::new(Method::GET, PROFILE, "get_profile")
    .summary("Get a trusted profile", Evidence::Spec)
    .description("A minimal version of IAM identity.")
    .parameters(&[&TRANSACTION_ID])
    .response(StatusCode::OK, "TrustedProfile")
    .response_headers(ENTITY_TAG)
    .errors(PROFILE_CODES)
    .source(source::IDENTITY_SDK);

pub(in super::super) static UPDATE_PROFILE: Operation = Operation::new(
    Method::PUT,
    PROFILE,
    "update_profile",
)
.summary("Update a trusted profile", Evidence::Spec)
.description(
    "A minimal version of IAM identity. Absent and null fields keep their value; an empty string removes \
                 the description or e-mail address. Member lists of groups show the new values at once.",
)
.parameters(&[&TRANSACTION_ID, &IF_MATCH_PRINCIPAL])
.json_body("TrustedProfileUpdateRequest", r#"{"name":"renamed profile"}"#)
.response(StatusCode::OK, "TrustedProfile")
.response_headers(ENTITY_TAG)
.errors(UPDATE_PROFILE_CODES)
.source(source::IDENTITY_SDK);

pub(in super::super) static DELETE_PROFILE: Operation = Operation::new(
    Method::DELETE,
    PROFILE,
    "delete_profile",
)
.summary("Delete a trusted profile", Evidence::Spec)
.description(
    "A minimal version of IAM identity. The removal from all groups is assumed; the policies are kept.",
)
.parameters(&[&TRANSACTION_ID])
.empty_response(StatusCode::NO_CONTENT)
.errors(PROFILE_CODES)
.source(source::IDENTITY_SDK);
