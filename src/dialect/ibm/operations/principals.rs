//! Service ids and trusted profiles: thin neighbors of the access groups.

use axum::http::{Method, StatusCode};

use super::super::error::{self, neighbors};
use super::super::routes::principals as routes;
use super::super::source;
use super::neighbor_parameters::{
    IF_MATCH_PRINCIPAL, NAME, ORDER, PAGESIZE, PAGETOKEN, PRINCIPALS_ACCOUNT, PRINCIPALS_SORT,
};
use super::parameters::TRANSACTION_ID;
use super::{ACCOUNT_CODES, ACCOUNT_WRITE_CODES};
use crate::failure::{Code, Evidence};
use crate::http::{Operation, Parameter};

const SERVICE_IDS: &str = "/v1/serviceids/";
const SERVICE_ID: &str = "/v1/serviceids/{service_id}";
const PROFILES: &str = "/v1/profiles";
const PROFILE: &str = "/v1/profiles/{profile_id}";

/// The header with the entity tag, on every answer with one of them.
const ENTITY_TAG: &[(&str, &str)] = &[("ETag", "The same as `entity_tag`.")];

const LIST: &[&Parameter] =
    &[&TRANSACTION_ID, &PRINCIPALS_ACCOUNT, &NAME, &PAGESIZE, &PAGETOKEN, &PRINCIPALS_SORT, &ORDER];

pub(super) fn operations() -> Vec<Operation> {
    let mut operations = service_ids();
    operations.extend(profiles());
    operations.into_iter().map(|operation| operation.known_from(source::IDENTITY_SDK)).collect()
}

fn service_ids() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, SERVICE_IDS, "list_service_ids", routes::list_service_ids)
            .says("List the service ids of an account", Evidence::Spec)
            .describes(
                "A thin neighbor of the access groups: it has no history, no groups and no filter expressions. The \
                 path is good without the slash at its end, too. `next` is there only when there is more.",
            )
            .takes(LIST)
            .answers(StatusCode::OK, "ServiceIdList")
            .refuses(ACCOUNT_CODES),
        Operation::new(Method::POST, SERVICE_IDS, "create_service_id", routes::create_service_id)
            .says("Create a service id", Evidence::Spec)
            .describes("A thin neighbor of the access groups: it creates no API key and locks nothing.")
            .takes(&[&TRANSACTION_ID])
            .reads(
                "ServiceIdRequest",
                r#"{"account_id":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","name":"Example Service","description":"Example description"}"#,
            )
            .answers(StatusCode::CREATED, "ServiceId")
            .with_headers(ENTITY_TAG)
            .refuses(ACCOUNT_WRITE_CODES),
        Operation::new(Method::GET, SERVICE_ID, "get_service_id", routes::get_service_id)
            .says("Get a service id", Evidence::Spec)
            .describes("A thin neighbor of the access groups.")
            .takes(&[&TRANSACTION_ID])
            .answers(StatusCode::OK, "ServiceId")
            .with_headers(ENTITY_TAG)
            .refuses(SERVICE_ID_CODES),
        Operation::new(Method::PUT, SERVICE_ID, "update_service_id", routes::update_service_id)
            .says("Update a service id", Evidence::Spec)
            .describes(
                "A thin neighbor of the access groups. Absent and null members keep their value, an empty \
                 description clears it. What is new shows in the members of groups at once.",
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
            ]),
        Operation::new(Method::DELETE, SERVICE_ID, "delete_service_id", routes::delete_service_id)
            .says("Delete a service id", Evidence::Spec)
            .describes(
                "A thin neighbor of the access groups. That it leaves all groups then is assumed; its policies \
                 stay.",
            )
            .takes(&[&TRANSACTION_ID])
            .answers_empty(StatusCode::NO_CONTENT)
            .refuses(SERVICE_ID_CODES),
    ]
}

fn profiles() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, PROFILES, "list_profiles", routes::list_profiles)
            .says("List the trusted profiles of an account", Evidence::Spec)
            .describes(
                "A thin neighbor of the access groups: it has no history and no filter expressions. The path is \
                 good with a slash at its end, too. `next` is there only when there is more.",
            )
            .takes(LIST)
            .answers(StatusCode::OK, "TrustedProfilesList")
            .refuses(ACCOUNT_CODES),
        Operation::new(Method::POST, PROFILES, "create_profile", routes::create_profile)
            .says("Create a trusted profile", Evidence::Spec)
            .describes("A thin neighbor of the access groups: a profile has no rules, links or identities.")
            .takes(&[&TRANSACTION_ID])
            .reads(
                "TrustedProfileRequest",
                r#"{"account_id":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","name":"example profile","description":"Example description"}"#,
            )
            .answers(StatusCode::CREATED, "TrustedProfile")
            .with_headers(ENTITY_TAG)
            .refuses(CREATE_PROFILE_CODES),
        Operation::new(Method::GET, PROFILE, "get_profile", routes::get_profile)
            .says("Get a trusted profile", Evidence::Spec)
            .describes("A thin neighbor of the access groups.")
            .takes(&[&TRANSACTION_ID])
            .answers(StatusCode::OK, "TrustedProfile")
            .with_headers(ENTITY_TAG)
            .refuses(PROFILE_CODES),
        Operation::new(Method::PUT, PROFILE, "update_profile", routes::update_profile)
            .says("Update a trusted profile", Evidence::Spec)
            .describes(
                "A thin neighbor of the access groups. Absent and null members keep their value, an empty text \
                 clears description or e-mail. What is new shows in the members of groups at once.",
            )
            .takes(&[&TRANSACTION_ID, &IF_MATCH_PRINCIPAL])
            .reads("TrustedProfileUpdateRequest", r#"{"name":"renamed profile"}"#)
            .answers(StatusCode::OK, "TrustedProfile")
            .with_headers(ENTITY_TAG)
            .refuses(UPDATE_PROFILE_CODES),
        Operation::new(Method::DELETE, PROFILE, "delete_profile", routes::delete_profile)
            .says("Delete a trusted profile", Evidence::Spec)
            .describes(
                "A thin neighbor of the access groups. That it leaves all groups then is assumed; its policies \
                 stay.",
            )
            .takes(&[&TRANSACTION_ID])
            .answers_empty(StatusCode::NO_CONTENT)
            .refuses(PROFILE_CODES),
    ]
}

const SERVICE_ID_CODES: &[&Code] =
    &[&error::INVALID_PAYLOAD, &error::INVALID_TOKEN, &error::FORBIDDEN, &neighbors::SERVICE_ID_NOT_FOUND];

const PROFILE_CODES: &[&Code] =
    &[&error::INVALID_PAYLOAD, &error::INVALID_TOKEN, &error::FORBIDDEN, &neighbors::PROFILE_NOT_FOUND];

const CREATE_PROFILE_CODES: &[&Code] = &[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &neighbors::PROFILE_NAME_TAKEN,
    &error::TOO_LARGE,
];

const UPDATE_PROFILE_CODES: &[&Code] = &[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &neighbors::PROFILE_NOT_FOUND,
    &neighbors::PROFILE_NAME_TAKEN,
    &error::INCORRECT_ETAG,
    &error::TOO_LARGE,
];
