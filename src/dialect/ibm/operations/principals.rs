//! The operations of service ids and trusted profiles: a minimal version of IAM identity.

use axum::http::{Method, StatusCode};

use super::super::error::{self, neighbors};
use super::super::source;
use super::neighbor_parameters::{
    IF_MATCH_PRINCIPAL, NAME, ORDER, PAGESIZE, PAGETOKEN, PRINCIPALS_ACCOUNT, PRINCIPALS_SORT,
};
use super::parameters::TRANSACTION_ID;
use super::{ACCOUNT_CODES, ACCOUNT_WRITE_CODES};
use crate::error::{ErrorCode, Evidence};
use crate::http::{Operation, Parameter};

const SERVICE_IDS: &str = "/v1/serviceids/";
const SERVICE_ID: &str = "/v1/serviceids/{service_id}";
const PROFILES: &str = "/v1/profiles";
const PROFILE: &str = "/v1/profiles/{profile_id}";

/// The documented entity tag header of responses with one service id or trusted profile.
const ENTITY_TAG: &[(&str, &str)] = &[("ETag", "The same as `entity_tag`.")];

const LIST_PARAMETERS: &[&Parameter] =
    &[&TRANSACTION_ID, &PRINCIPALS_ACCOUNT, &NAME, &PAGESIZE, &PAGETOKEN, &PRINCIPALS_SORT, &ORDER];

const SERVICE_ID_CODES: &[&ErrorCode] =
    &[&error::INVALID_PAYLOAD, &error::INVALID_TOKEN, &error::FORBIDDEN, &neighbors::SERVICE_ID_NOT_FOUND];

const PROFILE_CODES: &[&ErrorCode] =
    &[&error::INVALID_PAYLOAD, &error::INVALID_TOKEN, &error::FORBIDDEN, &neighbors::PROFILE_NOT_FOUND];

const CREATE_PROFILE_CODES: &[&ErrorCode] = &[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &neighbors::PROFILE_NAME_TAKEN,
    &error::TOO_LARGE,
];

const UPDATE_PROFILE_CODES: &[&ErrorCode] = &[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &neighbors::PROFILE_NOT_FOUND,
    &neighbors::PROFILE_NAME_TAKEN,
    &error::INCORRECT_ETAG,
    &error::TOO_LARGE,
];

pub(in super::super) static LIST_SERVICE_IDS: Operation = Operation::new(
    Method::GET,
    SERVICE_IDS,
    "list_service_ids",
)
.says("List the service ids of an account", Evidence::Spec)
.describes(
    "A minimal version of IAM identity, without history, groups and filter expressions. The path is also \
                 accepted without the trailing slash. `next` is present only if there is another page.",
)
.takes(LIST_PARAMETERS)
.answers(StatusCode::OK, "ServiceIdList")
.refuses(ACCOUNT_CODES)
.known_from(source::IDENTITY_SDK);

pub(in super::super) static CREATE_SERVICE_ID: Operation = Operation::new(Method::POST, SERVICE_IDS, "create_service_id")
    .says("Create a service id", Evidence::Spec)
    .describes("A minimal version of IAM identity: no API key is created and nothing is locked.")
    .takes(&[&TRANSACTION_ID])
    .reads(
        "ServiceIdRequest",
        r#"{"account_id":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","name":"Example Service","description":"Example description"}"#,
    )
    .answers(StatusCode::CREATED, "ServiceId")
    .with_headers(ENTITY_TAG)
    .refuses(ACCOUNT_WRITE_CODES).known_from(source::IDENTITY_SDK);

pub(in super::super) static GET_SERVICE_ID: Operation =
    Operation::new(Method::GET, SERVICE_ID, "get_service_id")
        .says("Get a service id", Evidence::Spec)
        .describes("A minimal version of IAM identity.")
        .takes(&[&TRANSACTION_ID])
        .answers(StatusCode::OK, "ServiceId")
        .with_headers(ENTITY_TAG)
        .refuses(SERVICE_ID_CODES)
        .known_from(source::IDENTITY_SDK);

pub(in super::super) static UPDATE_SERVICE_ID: Operation = Operation::new(
    Method::PUT,
    SERVICE_ID,
    "update_service_id",
)
.says("Update a service id", Evidence::Spec)
.describes(
    "A minimal version of IAM identity. Absent and null fields keep their value; an empty string removes \
                 the description. Member lists of groups show the new values at once.",
)
.takes(&[&TRANSACTION_ID, &IF_MATCH_PRINCIPAL])
.reads("ServiceIdUpdateRequest", r#"{"name":"Example Service renamed"}"#)
.answers(StatusCode::OK, "ServiceId")
.with_headers(ENTITY_TAG)
.refuses(&[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &neighbors::SERVICE_ID_NOT_FOUND,
    &error::INCORRECT_ETAG,
    &error::TOO_LARGE,
])
.known_from(source::IDENTITY_SDK);

pub(in super::super) static DELETE_SERVICE_ID: Operation = Operation::new(
    Method::DELETE,
    SERVICE_ID,
    "delete_service_id",
)
.says("Delete a service id", Evidence::Spec)
.describes(
    "A minimal version of IAM identity. The removal from all groups is assumed; the policies are kept.",
)
.takes(&[&TRANSACTION_ID])
.answers_empty(StatusCode::NO_CONTENT)
.refuses(SERVICE_ID_CODES)
.known_from(source::IDENTITY_SDK);

pub(in super::super) static LIST_PROFILES: Operation = Operation::new(Method::GET, PROFILES, "list_profiles")
    .says("List the trusted profiles of an account", Evidence::Spec)
    .describes(
        "A minimal version of IAM identity, without history and filter expressions. The path is also accepted \
         with a trailing slash. `next` is present only if there is another page.",
    )
    .takes(LIST_PARAMETERS)
    .answers(StatusCode::OK, "TrustedProfilesList")
    .refuses(ACCOUNT_CODES).known_from(source::IDENTITY_SDK);

pub(in super::super) static CREATE_PROFILE: Operation = Operation::new(Method::POST, PROFILES, "create_profile")
    .says("Create a trusted profile", Evidence::Spec)
    .describes("A minimal version of IAM identity: a profile has no rules, links or identities.")
    .takes(&[&TRANSACTION_ID])
    .reads(
        "TrustedProfileRequest",
        r#"{"account_id":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","name":"example profile","description":"Example description"}"#,
    )
    .answers(StatusCode::CREATED, "TrustedProfile")
    .with_headers(ENTITY_TAG)
    .refuses(CREATE_PROFILE_CODES).known_from(source::IDENTITY_SDK);

pub(in super::super) static GET_PROFILE: Operation = Operation::new(Method::GET, PROFILE, "get_profile")
    .says("Get a trusted profile", Evidence::Spec)
    .describes("A minimal version of IAM identity.")
    .takes(&[&TRANSACTION_ID])
    .answers(StatusCode::OK, "TrustedProfile")
    .with_headers(ENTITY_TAG)
    .refuses(PROFILE_CODES)
    .known_from(source::IDENTITY_SDK);

pub(in super::super) static UPDATE_PROFILE: Operation = Operation::new(
    Method::PUT,
    PROFILE,
    "update_profile",
)
.says("Update a trusted profile", Evidence::Spec)
.describes(
    "A minimal version of IAM identity. Absent and null fields keep their value; an empty string removes \
                 the description or e-mail address. Member lists of groups show the new values at once.",
)
.takes(&[&TRANSACTION_ID, &IF_MATCH_PRINCIPAL])
.reads("TrustedProfileUpdateRequest", r#"{"name":"renamed profile"}"#)
.answers(StatusCode::OK, "TrustedProfile")
.with_headers(ENTITY_TAG)
.refuses(UPDATE_PROFILE_CODES)
.known_from(source::IDENTITY_SDK);

pub(in super::super) static DELETE_PROFILE: Operation = Operation::new(
    Method::DELETE,
    PROFILE,
    "delete_profile",
)
.says("Delete a trusted profile", Evidence::Spec)
.describes(
    "A minimal version of IAM identity. The removal from all groups is assumed; the policies are kept.",
)
.takes(&[&TRANSACTION_ID])
.answers_empty(StatusCode::NO_CONTENT)
.refuses(PROFILE_CODES)
.known_from(source::IDENTITY_SDK);
