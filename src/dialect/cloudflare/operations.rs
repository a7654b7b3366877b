//! The operations of the cloudflare dialect: each one's route, handler and documentation.

use axum::http::{Method, StatusCode};

use super::{access_groups, error, permission_groups, resource_groups, source};
use crate::failure::{Code, Evidence};
use crate::http::{Operation, Parameter};

pub(super) const PATH_PARAMETERS: &[&Parameter] =
    &[&ACCOUNT_ID, &ZONE_ID, &GROUP_ID, &RESOURCE_GROUP_ID, &PERMISSION_GROUP_ID];

const ACCOUNT_ID: Parameter = Parameter::path(
    "account_id",
    "The account; any identifier of 1 to 32 letters, digits, `_` and `-` exists on first use.",
    "\"023e105f4ecef8ad9ca31a8372d0c353\"",
);
const ZONE_ID: Parameter = Parameter::path(
    "zone_id",
    "The zone; any identifier of 1 to 32 letters, digits, `_` and `-` exists on first use.",
    "\"9a7806061c88ada191ed06f989cc3dac\"",
);
const GROUP_ID: Parameter =
    Parameter::path("group_id", "The Access group.", "\"f174e90a-fafe-4643-bbbc-4a0ed4fc8415\"");
const RESOURCE_GROUP_ID: Parameter =
    Parameter::path("resource_group_id", "The resource group.", "\"023e105f4ecef8ad9ca31a8372d0c353\"");
const PERMISSION_GROUP_ID: Parameter =
    Parameter::path("permission_group_id", "The permission group.", "\"6d7f2f5f5b1d4a0e9081fdc98d432fd1\"");

const PAGE: Parameter = Parameter::query(
    "page",
    "The page, from 1; 0 and what is no number mean 1.",
    r#"{"type":"integer","default":1}"#,
)
.like("1");
const PER_PAGE_1000: Parameter = Parameter::query(
    "per_page",
    "The number of groups on a page; 0 means the default, more than 1000 means 1000.",
    r#"{"type":"integer","default":1000,"maximum":1000}"#,
)
.like("25");
const PER_PAGE_50: Parameter = Parameter::query(
    "per_page",
    "The number of groups on a page; 0 means the default, more than 50 means 50.",
    r#"{"type":"integer","default":20,"maximum":50}"#,
)
.like("5");
const NAME: Parameter = Parameter::query("name", "Only groups with exactly this name.", Parameter::TEXT);
const SEARCH: Parameter = Parameter::query(
    "search",
    "Only groups whose name contains this, without regard to case.",
    Parameter::TEXT,
);
const ID: Parameter = Parameter::query("id", "Only the group with this identifier.", Parameter::TEXT);
const LABEL: Parameter = Parameter::query("label", "Only groups with exactly this label.", Parameter::TEXT);

const ACCESS_GROUP: &str = r#"{"name":"Allow devs","include":[{"email":{"email":"a@example.com"}},
    {"ip":{"ip":"10.0.0.0/8"}}],"exclude":[{"geo":{"country_code":"US"}}],"require":null,"is_default":false}"#;
const RESOURCE_GROUP: &str = r#"{"name":"NewResourceGroup",
    "scope":{"key":"com.cloudflare.api.account.eb78d65290b24279ba6f44721b3ea3c4",
    "objects":[{"key":"com.cloudflare.api.account.zone.23f8d65290b24279ba6f44721b3eaad5"}]}}"#;

const ACCESS_READ: &[&Code] = &[&error::ACCESS_INVALID];
const ACCESS_ITEM: &[&Code] = &[&error::UNKNOWN_ACCESS_GROUP];
const ACCESS_CREATE: &[&Code] = &[&error::MALFORMED_JSON, &error::ACCESS_INVALID, &error::TOO_LARGE];
const ACCESS_REPLACE: &[&Code] =
    &[&error::MALFORMED_JSON, &error::ACCESS_INVALID, &error::UNKNOWN_ACCESS_GROUP, &error::TOO_LARGE];
const IAM_READ: &[&Code] = &[&error::IAM_INVALID];
const IAM_CREATE: &[&Code] = &[&error::MALFORMED_JSON, &error::IAM_INVALID, &error::TOO_LARGE];
const IAM_UPDATE: &[&Code] = &[
    &error::MALFORMED_JSON,
    &error::IAM_INVALID,
    &error::UNKNOWN_RESOURCE_GROUP,
    &error::TOO_LARGE,
    &error::NON_EDITABLE,
];

pub(super) fn operations() -> Vec<Operation> {
    let mut all = Vec::new();
    all.extend(access_group_operations(&ACCOUNT_FAMILY));
    all.extend(access_group_operations(&ZONE_FAMILY));
    all.extend(resource_group_operations());
    all.extend(permission_group_operations());
    all
}

/// The same five operations stand under accounts and under zones.
struct Family {
    list: &'static str,
    item: &'static str,
    ids: [&'static str; 5],
    evidence: Evidence,
    sources: [&'static str; 5],
}

const ACCOUNT_FAMILY: Family = Family {
    list: "/accounts/{account_id}/access/groups",
    item: "/accounts/{account_id}/access/groups/{group_id}",
    ids: [
        "list_access_groups",
        "create_access_group",
        "get_access_group",
        "replace_access_group",
        "delete_access_group",
    ],
    evidence: Evidence::Seed,
    sources: [
        source::LIST_GROUPS,
        source::CREATE_GROUP,
        source::GET_GROUP,
        source::UPDATE_GROUP,
        source::DELETE_GROUP,
    ],
};

const ZONE_FAMILY: Family = Family {
    list: "/zones/{zone_id}/access/groups",
    item: "/zones/{zone_id}/access/groups/{group_id}",
    ids: [
        "list_zone_access_groups",
        "create_zone_access_group",
        "get_zone_access_group",
        "replace_zone_access_group",
        "delete_zone_access_group",
    ],
    evidence: Evidence::Spec,
    sources: [source::ZONE_GROUPS; 5],
};

fn access_group_operations(family: &Family) -> [Operation; 5] {
    let [list, create, get, replace, delete] = family.ids;
    let [list_source, create_source, get_source, replace_source, delete_source] = family.sources;
    [
        Operation::new(Method::GET, family.list, list, access_groups::list_access_groups)
            .says("List Access groups", family.evidence)
            .known_from(list_source)
            .takes(&[&NAME, &SEARCH, &PAGE, &PER_PAGE_1000])
            .answers(StatusCode::OK, "AccessGroupList")
            .refuses(ACCESS_READ),
        Operation::new(Method::POST, family.list, create, access_groups::create_access_group)
            .says("Create an Access group", family.evidence)
            .known_from(create_source)
            .reads("AccessGroupRequest", ACCESS_GROUP)
            .answers(StatusCode::CREATED, "AccessGroupAnswer")
            .refuses(ACCESS_CREATE),
        Operation::new(Method::GET, family.item, get, access_groups::get_access_group)
            .says("Get an Access group", family.evidence)
            .known_from(get_source)
            .answers(StatusCode::OK, "AccessGroupAnswer")
            .refuses(ACCESS_ITEM),
        Operation::new(Method::PUT, family.item, replace, access_groups::replace_access_group)
            .says("Update an Access group", family.evidence)
            .known_from(replace_source)
            .describes("Replaces the whole group: lists that are absent become empty.")
            .reads("AccessGroupRequest", ACCESS_GROUP)
            .answers(StatusCode::OK, "AccessGroupAnswer")
            .refuses(ACCESS_REPLACE),
        Operation::new(Method::DELETE, family.item, delete, access_groups::delete_access_group)
            .says("Delete an Access group", family.evidence)
            .known_from(delete_source)
            .answers(StatusCode::ACCEPTED, "Deleted")
            .refuses(ACCESS_ITEM),
    ]
}

fn resource_group_operations() -> [Operation; 5] {
    const LIST: &str = "/accounts/{account_id}/iam/resource_groups";
    const ITEM: &str = "/accounts/{account_id}/iam/resource_groups/{resource_group_id}";
    [
        Operation::new(Method::GET, LIST, "list_resource_groups", resource_groups::list_resource_groups)
            .says("List Resource Groups", Evidence::Seed)
            .known_from(source::LIST_RESOURCE_GROUPS)
            .describes("The predefined group of the account comes first. Without `page` and `per_page` the list is whole.")
            .takes(&[&ID, &NAME, &PAGE, &PER_PAGE_50])
            .answers(StatusCode::OK, "ResourceGroupList")
            .refuses(IAM_READ),
        Operation::new(Method::POST, LIST, "create_resource_group", resource_groups::create_resource_group)
            .says("Create Resource Group", Evidence::Seed)
            .known_from(source::CREATE_RESOURCE_GROUP)
            .reads("ResourceGroupRequest", RESOURCE_GROUP)
            .answers(StatusCode::OK, "ResourceGroupAnswer")
            .refuses(IAM_CREATE),
        Operation::new(Method::GET, ITEM, "get_resource_group", resource_groups::get_resource_group)
            .says("Resource Group Details", Evidence::Seed)
            .known_from(source::GET_RESOURCE_GROUP)
            .answers(StatusCode::OK, "ResourceGroupAnswer")
            .refuses(&[&error::UNKNOWN_RESOURCE_GROUP]),
        Operation::new(Method::PUT, ITEM, "update_resource_group", resource_groups::update_resource_group)
            .says("Update Resource Group", Evidence::Seed)
            .known_from(source::UPDATE_RESOURCE_GROUP)
            .describes("Changes the members that are given; `{}` changes nothing.")
            .reads("ResourceGroupUpdate", r#"{"name":"UpdatedResourceGroup"}"#)
            .answers(StatusCode::OK, "ResourceGroupAnswer")
            .refuses(IAM_UPDATE),
        Operation::new(Method::DELETE, ITEM, "delete_resource_group", resource_groups::delete_resource_group)
            .says("Remove Resource Group", Evidence::Seed)
            .known_from(source::DELETE_RESOURCE_GROUP)
            .answers(StatusCode::OK, "Deleted")
            .refuses(&[&error::UNKNOWN_RESOURCE_GROUP, &error::NON_EDITABLE]),
    ]
}

fn permission_group_operations() -> [Operation; 2] {
    const LIST: &str = "/accounts/{account_id}/iam/permission_groups";
    const ITEM: &str = "/accounts/{account_id}/iam/permission_groups/{permission_group_id}";
    [
        Operation::new(
            Method::GET,
            LIST,
            "list_permission_groups",
            permission_groups::list_permission_groups,
        )
        .says("List Account Permission Groups", Evidence::Spec)
        .known_from(source::PERMISSION_GROUPS)
        .takes(&[&ID, &NAME, &LABEL, &PAGE, &PER_PAGE_50])
        .answers(StatusCode::OK, "PermissionGroupList")
        .refuses(IAM_READ),
        Operation::new(Method::GET, ITEM, "get_permission_group", permission_groups::get_permission_group)
            .says("Permission Group Details", Evidence::Spec)
            .known_from(source::PERMISSION_GROUPS)
            .answers(StatusCode::OK, "PermissionGroupAnswer")
            .refuses(&[&error::UNKNOWN_PERMISSION_GROUP]),
    ]
}
