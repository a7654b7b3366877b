//! The operations of the neighbors.

use axum::http::{Method, StatusCode};

use super::super::operations::{CURSOR, FILTER, IF_UNMODIFIED_SINCE, LIMIT};
use super::NeighborApi;
use crate::domain::authress::neighbors::{RECORDS, ROLES, USERS};
use crate::domain::authress::{error, source};
use crate::spec::{Evidence, Operation, Parameter};

pub(in super::super) const ROLE_ID: Parameter =
    Parameter::path("roleId", "The identifier of the role.", r#""ro_reader""#)
        .schema(r#"{"type":"string","minLength":1}"#);
pub(in super::super) const RECORD_ID: Parameter =
    Parameter::path("recordId", "The identifier of the access record.", r#""rec_engineering""#)
        .schema(r#"{"type":"string","minLength":1}"#);
pub(in super::super) const USER_ID: Parameter =
    Parameter::path("userId", "The identifier of the user.", r#""user_ada""#)
        .schema(r#"{"type":"string","minLength":1}"#);

const LIMIT_100: Parameter = Parameter::query(
    "limit",
    "Max number of results to return.",
    r#"{"type":"integer","minimum":1,"maximum":100,"default":100}"#,
)
.example("100");
const STATUS: Parameter =
    Parameter::query("status", "Accepted and ignored: all access records are active.", Parameter::STRING);
const TENANT_ID: Parameter =
    Parameter::query("tenantId", "Accepted and ignored: users have no tenant.", Parameter::STRING);

const ROLE: &str = r#"{"roleId":"ro_writer","name":"Writer","description":"May write documents",
    "permissions":[{"action":"documents:write","allow":true,"grant":false,"delegate":false}]}"#;
const RECORD: &str = r#"{"recordId":"rec_support","name":"Support","groups":[{"groupId":"grp_support"}],
    "statements":[{"roles":["ro_reader"],"resources":[{"resourceUri":"tickets/*"}]}]}"#;

static ROLE_OPERATIONS: [Operation; 5] = [
    Operation::new(Method::GET, "/v1/roles", "get_roles")
        .summary("List roles", Evidence::VendorDoc)
        .source(source::ROLES)
        .description("A neighbor of groups. The filter searches in every text field.")
        .parameters(&[&LIMIT_100, &CURSOR, &FILTER])
        .response(StatusCode::OK, "RoleCollection"),
    Operation::new(Method::POST, "/v1/roles", "create_role")
        .summary("Create role", Evidence::VendorDoc)
        .source(source::ROLES)
        .description(
            "A neighbor of groups. A client whose `User-Agent` starts with `Authress SDK; Terraform;` gets 200, because \
             it takes every other status for an error.",
        )
        .json_body("RoleRequest", ROLE)
        .response(StatusCode::CREATED, "Role")
        .response(StatusCode::OK, "Role")
        .errors(&[&error::ROLE_ALREADY_EXISTS, &error::BODY_TOO_LARGE]),
    Operation::new(Method::GET, "/v1/roles/{roleId}", "get_role")
        .summary("Retrieve a role", Evidence::VendorDoc)
        .source(source::ROLES)
        .description("A neighbor of groups.")
        .response(StatusCode::OK, "Role")
        .errors(&[&error::ROLE_NOT_FOUND]),
    Operation::new(Method::PUT, "/v1/roles/{roleId}", "update_role")
        .summary("Update a role", Evidence::VendorDoc)
        .source(source::ROLES)
        .description("A neighbor of groups. Replaces the whole role: absent fields are removed.")
        .json_body("RoleRequest", ROLE)
        .response(StatusCode::OK, "Role")
        .errors(&[&error::ROLE_NOT_FOUND, &error::BODY_TOO_LARGE]),
    Operation::new(Method::DELETE, "/v1/roles/{roleId}", "delete_role")
        .summary("Deletes a role", Evidence::VendorDoc)
        .source(source::ROLES)
        .description("A neighbor of groups. Access records that name the role are kept.")
        .empty_response(StatusCode::NO_CONTENT)
        .errors(&[&error::ROLE_NOT_FOUND]),
];

static RECORD_OPERATIONS: [Operation; 5] = [
    Operation::new(Method::GET, "/v1/records", "get_records")
        .summary("List access records", Evidence::VendorDoc)
        .source(source::RECORDS)
        .description("A neighbor of groups. The filter searches in every text field.")
        .parameters(&[&LIMIT, &CURSOR, &FILTER, &STATUS])
        .response(StatusCode::OK, "AccessRecordCollection"),
    Operation::new(Method::POST, "/v1/records", "create_record")
        .summary("Create access record", Evidence::VendorDoc)
        .source(source::RECORDS)
        .description(
            "A neighbor of groups: roles, groups and users need not exist, and the record gives no access.",
        )
        .json_body("AccessRecordRequest", RECORD)
        .response(StatusCode::CREATED, "AccessRecord")
        .errors(&[&error::RECORD_ALREADY_EXISTS, &error::BODY_TOO_LARGE]),
    Operation::new(Method::GET, "/v1/records/{recordId}", "get_record")
        .summary("Retrieve access record", Evidence::VendorDoc)
        .source(source::RECORDS)
        .description("A neighbor of groups.")
        .response(StatusCode::OK, "AccessRecord")
        .errors(&[&error::RECORD_NOT_FOUND]),
    Operation::new(Method::PUT, "/v1/records/{recordId}", "update_record")
        .summary("Update access record", Evidence::VendorDoc)
        .source(source::RECORDS)
        .description("A neighbor of groups. Replaces the whole record: absent fields are removed. The response has the record, as in the types of the Node SDK; the other SDKs ignore it.")
        .parameters(&[&IF_UNMODIFIED_SINCE])
        .json_body("AccessRecordRequest", RECORD)
        .response(StatusCode::ACCEPTED, "AccessRecord")
        .errors(&[&error::RECORD_NOT_FOUND, &error::RECORD_PRECONDITION_FAILED, &error::BODY_TOO_LARGE]),
    Operation::new(Method::DELETE, "/v1/records/{recordId}", "delete_record")
        .summary("Deletes access record", Evidence::VendorDoc)
        .source(source::RECORDS)
        .description("A neighbor of groups. The record is gone at once.")
        .empty_response(StatusCode::NO_CONTENT)
        .errors(&[&error::RECORD_NOT_FOUND]),
];

static USER_OPERATIONS: [Operation; 3] = [
    Operation::new(Method::GET, "/v1/users", "get_users")
        .summary("List users", Evidence::VendorDoc)
        .source(source::USERS)
        .description("A neighbor of groups: the users of the seed. Members of groups are not added.")
        .parameters(&[&LIMIT_100, &CURSOR, &FILTER, &TENANT_ID])
        .response(StatusCode::OK, "UserIdentityCollection"),
    Operation::new(Method::GET, "/v1/users/{userId}", "get_user")
        .summary("Retrieve a user", Evidence::VendorDoc)
        .source(source::USERS)
        .description("A neighbor of groups.")
        .response(StatusCode::OK, "UserIdentity")
        .errors(&[&error::USER_NOT_FOUND]),
    Operation::new(Method::DELETE, "/v1/users/{userId}", "delete_user")
        .summary("Delete a user", Evidence::VendorDoc)
        .source(source::USERS)
        .description(
            "A neighbor of groups. The user is gone at once, and stays in groups and access records.",
        )
        .empty_response(StatusCode::ACCEPTED)
        .errors(&[&error::USER_NOT_FOUND]),
];

/// The kinds with their operations, of which the first one is the list.
pub(super) static APIS: [NeighborApi; 3] = [
    NeighborApi {
        kind: &ROLES,
        max_limit: 100,
        further_parameters: &[],
        replaced: StatusCode::OK,
        deleted: StatusCode::NO_CONTENT,
        operations: &ROLE_OPERATIONS,
    },
    NeighborApi {
        kind: &RECORDS,
        max_limit: 20,
        further_parameters: &["status"],
        replaced: StatusCode::ACCEPTED,
        deleted: StatusCode::NO_CONTENT,
        operations: &RECORD_OPERATIONS,
    },
    NeighborApi {
        kind: &USERS,
        max_limit: 100,
        further_parameters: &["tenantId"],
        replaced: StatusCode::OK,
        deleted: StatusCode::ACCEPTED,
        operations: &USER_OPERATIONS,
    },
];
