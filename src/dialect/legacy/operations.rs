//! The operations of the legacy dialect: each one's route, handler and documentation.

use axum::http::{Method, StatusCode};

use super::{error, routes, source};
use crate::failure::Evidence;
use crate::http::{Operation, Parameter};

pub(super) const ID: Parameter =
    Parameter::path("id", "Access group ID", "4").of(r#"{"type":"integer","format":"int32"}"#);

const PAGE: Parameter = Parameter::query(
    "Page",
    "Page of 50 groups, from 1; without it the list is whole. The name has no case.",
    r#"{"type":"integer","minimum":1}"#,
)
.like("1");

/// The request sample of the help page, shortened to one customer.
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
const LIST_ROUTE: &str = "/api2/access_groups";
const ITEM_ROUTE: &str = "/api2/access_groups/{id}";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, LIST, "list_access_groups", routes::list_access_groups)
            .routed_at(LIST_ROUTE)
            .says("List access groups", Evidence::Assumed)
            .known_from(source::NAMING)
            .takes(&[&PAGE])
            .answers(StatusCode::OK, "Entries")
            .refuses(&[&error::INVALID]),
        Operation::new(Method::POST, LIST, "create_access_group", routes::create_access_group)
            .routed_at(LIST_ROUTE)
            .says("Create an access group", Evidence::Assumed)
            .known_from(source::NAMING)
            .reads("EntryRequest", ENTRY)
            .answers(StatusCode::CREATED, "Entry")
            .with_headers(&[("Location", "The URL of the new group.")])
            .refuses(WRITE_CODES),
        Operation::new(Method::GET, ITEM, "get_access_group", routes::get_access_group)
            .routed_at(ITEM_ROUTE)
            .says("Get an access group by id", Evidence::Assumed)
            .known_from(source::NAMING)
            .answers(StatusCode::OK, "Entry")
            .refuses(&[&error::INVALID, &error::UNKNOWN_ID]),
        Operation::new(Method::PUT, ITEM, "update_access_group", routes::update_access_group)
            .routed_at(ITEM_ROUTE)
            .says("Update access group by id", Evidence::Seed)
            .known_from(source::HELP_PAGE)
            .describes("Absent members keep their value, `null` clears a nullable one.")
            .reads("EntryRequest", ENTRY)
            .answers(StatusCode::OK, "Entry")
            .refuses(UPDATE_CODES),
        Operation::new(Method::DELETE, ITEM, "delete_access_group", routes::delete_access_group)
            .routed_at(ITEM_ROUTE)
            .says("Delete an access group by id", Evidence::Assumed)
            .known_from(source::NAMING)
            .answers_empty(StatusCode::NO_CONTENT)
            .refuses(&[&error::INVALID, &error::UNKNOWN_ID]),
    ]
}

const WRITE_CODES: &[&crate::failure::Code] = &[
    &error::INVALID,
    &error::TOO_LARGE,
    &error::MEDIA_TYPE_UNSUPPORTED,
    &error::MEDIA_TYPE_MISSING,
    &error::TIMED_OUT,
];

const UPDATE_CODES: &[&crate::failure::Code] = &[
    &error::INVALID,
    &error::UNKNOWN_ID,
    &error::TOO_LARGE,
    &error::MEDIA_TYPE_UNSUPPORTED,
    &error::MEDIA_TYPE_MISSING,
    &error::TIMED_OUT,
];
