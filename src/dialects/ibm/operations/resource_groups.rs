//! The operations of resource groups.

use axum::http::{Method, StatusCode};

use super::ACCOUNT_CODES;
use super::neighbor_parameters::{DEFAULT, INCLUDE_DELETED, OPTIONAL_ACCOUNT_ID};
use super::parameters::TRANSACTION_ID;
use super::related_service_parameters::NAME;
use crate::domain::ibm::error::{self, neighbors};
use crate::domain::ibm::source;
use crate::spec::{ErrorCode, Evidence, Operation};

const LIST: &str = "/v2/resource_groups";
const ITEM: &str = "/v2/resource_groups/{resource_group_id}";

const ITEM_CODES: &[&ErrorCode] = &[
    &error::INVALID_PAYLOAD,
    &error::INVALID_TOKEN,
    &error::FORBIDDEN,
    &neighbors::RESOURCE_GROUP_NOT_FOUND,
];

pub(in super::super) static LIST_RESOURCE_GROUPS: Operation = Operation::new(
    Method::GET,
    LIST,
    "list_resource_groups",
)
.summary("List the resource groups of an account", Evidence::Spec)
.source(source::RESOURCE_MANAGER_SDK)
.description(
    "A neighbor of groups: every account has a resource group `Default`, whose id is that of the account.",
)
.parameters(&[&TRANSACTION_ID, &OPTIONAL_ACCOUNT_ID, &NAME, &DEFAULT, &INCLUDE_DELETED])
.response(StatusCode::OK, "ResourceGroupList")
.errors(ACCOUNT_CODES);

pub(in super::super) static CREATE_RESOURCE_GROUP: Operation =
    Operation::new(Method::POST, LIST, "create_resource_group")
        .summary("Create a resource group", Evidence::Spec)
        .source(source::RESOURCE_MANAGER_SDK)
        .description("A neighbor of groups: it contains no resources, and quotas do not exist.")
        .parameters(&[&TRANSACTION_ID])
        .json_body(
            "ResourceGroupRequest",
            r#"{"name":"test1","account_id":"0a1b2c3d4e5f60718293a4b5c6d7e8f9"}"#,
        )
        .response(StatusCode::CREATED, "ResourceGroupCreated")
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &neighbors::RESOURCE_GROUP_NAME_IN_USE,
            &error::BODY_TOO_LARGE,
        ]);

pub(in super::super) static GET_RESOURCE_GROUP: Operation =
    Operation::new(Method::GET, ITEM, "get_resource_group")
        .summary("Get a resource group", Evidence::Spec)
        .source(source::RESOURCE_MANAGER_SDK)
        .description("A neighbor of groups.")
        .parameters(&[&TRANSACTION_ID])
        .response(StatusCode::OK, "ResourceGroup")
        .errors(ITEM_CODES);

pub(in super::super) static UPDATE_RESOURCE_GROUP: Operation =
    Operation::new(Method::PATCH, ITEM, "update_resource_group")
        .summary("Update a resource group", Evidence::Spec)
        .source(source::RESOURCE_MANAGER_SDK)
        .description(
            "A neighbor of groups: replaces the name and the state that are sent. The state is not checked.",
        )
        .parameters(&[&TRANSACTION_ID])
        .json_body("ResourceGroupUpdateRequest", r#"{"name":"test2"}"#)
        .response(StatusCode::OK, "ResourceGroup")
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &neighbors::RESOURCE_GROUP_NOT_FOUND,
            &neighbors::RESOURCE_GROUP_NAME_IN_USE,
            &error::BODY_TOO_LARGE,
        ]);

pub(in super::super) static DELETE_RESOURCE_GROUP: Operation =
    Operation::new(Method::DELETE, ITEM, "delete_resource_group")
        .summary("Delete a resource group", Evidence::Spec)
        .source(source::RESOURCE_MANAGER_SDK)
        .description("A neighbor of groups: policies that name the resource group are kept.")
        .parameters(&[&TRANSACTION_ID])
        .empty_response(StatusCode::NO_CONTENT)
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &neighbors::RESOURCE_GROUP_NOT_FOUND,
            &neighbors::DEFAULT_RESOURCE_GROUP,
        ]);
