//! The operations of service id groups.

use axum::http::{Method, StatusCode};

use super::ACCOUNT_CODES;
use super::neighbor_parameters::IF_MATCH_SERVICE_ID_GROUP;
use super::parameters::{ACCOUNT_ID, TRANSACTION_ID};
use super::related_service_parameters::NAME;
use crate::domain::ibm::error::{self, neighbors};
use crate::domain::ibm::source;
use crate::spec::{ErrorCode, Evidence, Operation};

const LIST: &str = "/v1/serviceid_groups";
const ITEM: &str = "/v1/serviceid_groups/{serviceid_group_id}";

/// The documented entity tag header of responses with one object.
const ENTITY_TAG: &[(&str, &str)] = &[("ETag", "The same as `entity_tag`.")];

const ITEM_CODES: &[&ErrorCode] = &[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &neighbors::SERVICE_ID_GROUP_NOT_FOUND,
];

pub(in super::super) static LIST_SERVICE_ID_GROUPS: Operation =
    Operation::new(Method::GET, LIST, "list_service_id_groups")
        .summary("List the service id groups of an account", Evidence::Spec)
        .source(source::IDENTITY_SDK)
        .description("A neighbor of groups, in the order of creation and without pages.")
        .parameters(&[&TRANSACTION_ID, &ACCOUNT_ID, &NAME])
        .response(StatusCode::OK, "ServiceIdGroupList")
        .errors(ACCOUNT_CODES);

pub(in super::super) static CREATE_SERVICE_ID_GROUP: Operation = Operation::new(Method::POST, LIST, "create_service_id_group")
    .summary("Create a service id group", Evidence::Spec)
    .source(source::IDENTITY_SDK)
    .description("A neighbor of groups: no service id can be in it.")
    .parameters(&[&TRANSACTION_ID])
    .json_body(
        "ServiceIdGroupRequest",
        r#"{"account_id":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","name":"Pipelines","description":"Example description"}"#,
    )
    .response(StatusCode::CREATED, "ServiceIdGroup")
    .response_headers(ENTITY_TAG)
    .errors(&[
        &error::INVALID_PAYLOAD,
        &error::INVALID_TOKEN,
        &error::FORBIDDEN,
        &neighbors::SERVICE_ID_GROUP_NAME_IN_USE,
        &error::BODY_TOO_LARGE,
    ]);

pub(in super::super) static GET_SERVICE_ID_GROUP: Operation =
    Operation::new(Method::GET, ITEM, "get_service_id_group")
        .summary("Get a service id group", Evidence::Spec)
        .source(source::IDENTITY_SDK)
        .description("A neighbor of groups.")
        .parameters(&[&TRANSACTION_ID])
        .response(StatusCode::OK, "ServiceIdGroup")
        .response_headers(ENTITY_TAG)
        .errors(ITEM_CODES);

pub(in super::super) static UPDATE_SERVICE_ID_GROUP: Operation =
    Operation::new(Method::PUT, ITEM, "update_service_id_group")
        .summary("Update a service id group", Evidence::Spec)
        .source(source::IDENTITY_SDK)
        .description("A neighbor of groups: absent fields keep their value.")
        .parameters(&[&TRANSACTION_ID, &IF_MATCH_SERVICE_ID_GROUP])
        .json_body("ServiceIdGroupUpdateRequest", r#"{"name":"Renamed"}"#)
        .response(StatusCode::OK, "ServiceIdGroup")
        .response_headers(ENTITY_TAG)
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &neighbors::SERVICE_ID_GROUP_NOT_FOUND,
            &neighbors::SERVICE_ID_GROUP_NAME_IN_USE,
            &error::INCORRECT_ETAG,
            &error::BODY_TOO_LARGE,
        ]);

pub(in super::super) static DELETE_SERVICE_ID_GROUP: Operation =
    Operation::new(Method::DELETE, ITEM, "delete_service_id_group")
        .summary("Delete a service id group", Evidence::Spec)
        .source(source::IDENTITY_SDK)
        .description("A neighbor of groups.")
        .parameters(&[&TRANSACTION_ID])
        .empty_response(StatusCode::NO_CONTENT)
        .errors(ITEM_CODES);
