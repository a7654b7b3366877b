//! The operations of the legacy dialect, each with its method, path and documentation.

use axum::http::{Method, StatusCode};

use crate::domain::legacy::{error, source};
use crate::spec::{Evidence, Operation, Parameter};

pub(super) const ID: Parameter =
    Parameter::path("id", "Access group ID", "4").schema(r#"{"type":"integer","format":"int32"}"#);

const PAGE: Parameter = Parameter::query(
    "Page",
    "The number of a page of 50 groups, starting at 1; if absent, all groups are returned. The parameter name is \
     case-insensitive.",
    r#"{"type":"integer","format":"int32","minimum":1}"#,
)
.example("1");

/// The sample request of the help page, reduced to one customer.
const ENTRY: &str = r#"{"entry":{"name":"sample string 1","valid":1,"company_id":1,"license_id":1,
    "theme_settings_id":1,"auto_update":true,"send_mail":true,"sso_platform_id":1,
    "sso_admin_group_id":"sample string 2","sso_member_group_id":"sample string 3",
    "customers":[{"id":1,"organisation":"sample string 2","email":"sample string 3",
    "expire_at":"2024-11-01T04:45:57.4498996+01:00","group_id":1,"valid":true,
    "created_at":"2024-11-01T04:45:57.4498996+01:00","confirmed":true,"disabled":true,"invited":true,
    "custom_data_1":"sample string 4","authentication":64,"allowed_concurrent_users":1,"monthly_cost":1,
    "account_type":64}],"user_count":5,"project_count":6,"domains":["samplestring1","samplestring2"],
    "invite_type":"InviteOnly"}}"#;

const LIST: &str = "/api2/access_groups.json";
const ITEM: &str = "/api2/access_groups/{id}.json";

const WRITE_ERRORS: &[&crate::spec::ErrorCode] = &[
    &error::INVALID,
    &error::BODY_TOO_LARGE,
    &error::MEDIA_TYPE_UNSUPPORTED,
    &error::MEDIA_TYPE_MISSING,
    &error::TIMEOUT,
];

const UPDATE_ERRORS: &[&crate::spec::ErrorCode] = &[
    &error::INVALID,
    &error::UNKNOWN_ID,
    &error::BODY_TOO_LARGE,
    &error::MEDIA_TYPE_UNSUPPORTED,
    &error::MEDIA_TYPE_MISSING,
    &error::TIMEOUT,
];

pub(super) static LIST_ACCESS_GROUPS: Operation = Operation::new(Method::GET, LIST, "list_access_groups")
    .summary("List access groups", Evidence::Assumed)
    .description("All groups, or a page of fifty.")
    .source(source::NAMING)
    .parameters(&[&PAGE])
    .response(StatusCode::OK, "Entries")
    .errors(&[&error::INVALID]);

pub(super) static CREATE_ACCESS_GROUP: Operation = Operation::new(Method::POST, LIST, "create_access_group")
    .summary("Create an access group", Evidence::Assumed)
    .description(
        "`user_count` becomes the number of customers. The `group_id` of a customer is kept \
             as it was sent; without one it is the id of the group.",
    )
    .source(source::NAMING)
    .json_body("EntryRequest", ENTRY)
    .response(StatusCode::CREATED, "Entry")
    .response_headers(&[("Location", "The URL of the new group.")])
    .errors(WRITE_ERRORS);

pub(super) static GET_ACCESS_GROUP: Operation = Operation::new(Method::GET, ITEM, "get_access_group")
    .summary("Get an access group by id", Evidence::Assumed)
    .description("With its customers. An id that is no 32-bit integer is a 400, an unknown one a 404.")
    .source(source::NAMING)
    .response(StatusCode::OK, "Entry")
    .errors(&[&error::INVALID, &error::UNKNOWN_ID]);

pub(super) static UPDATE_ACCESS_GROUP: Operation = Operation::new(Method::PUT, ITEM, "update_access_group")
    .summary("Update access group by id", Evidence::VendorDoc)
    .source(source::HELP_PAGE)
    .description("Absent fields keep their values; `null` clears a nullable field.")
    .json_body("EntryRequest", ENTRY)
    .response(StatusCode::OK, "Entry")
    .errors(UPDATE_ERRORS);

pub(super) static DELETE_ACCESS_GROUP: Operation =
    Operation::new(Method::DELETE, ITEM, "delete_access_group")
        .summary("Delete an access group by id", Evidence::Assumed)
        .description("Its customers are deleted with it. New groups get higher ids than it had.")
        .source(source::NAMING)
        .empty_response(StatusCode::NO_CONTENT)
        .errors(&[&error::INVALID, &error::UNKNOWN_ID]);
