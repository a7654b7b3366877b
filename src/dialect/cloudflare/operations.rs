//! The operations of the cloudflare dialect, each with its method, path and documentation.

use axum::http::{Method, StatusCode};

use super::{error, source};
use crate::error::{ErrorCode, Evidence};
use crate::http::{Operation, Parameter};

pub(super) const PATH_PARAMETERS: &[&Parameter] =
    &[&ACCOUNT_ID, &ZONE_ID, &GROUP_ID, &RESOURCE_GROUP_ID, &PERMISSION_GROUP_ID];

const ACCOUNT_ID: Parameter = Parameter::path(
    "account_id",
    "The account; any identifier of 1 to 32 letters, digits, `_` and `-` is accepted.",
    "\"023e105f4ecef8ad9ca31a8372d0c353\"",
);
const ZONE_ID: Parameter = Parameter::path(
    "zone_id",
    "The zone; any identifier of 1 to 32 letters, digits, `_` and `-` is accepted.",
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
    "The page number, starting at 1; 0 and non-numeric values mean 1.",
    r#"{"type":"integer","default":1}"#,
)
.like("1");
const PER_PAGE_1000: Parameter = Parameter::query(
    "per_page",
    "The number of groups per page; 0 means the default, values above 1000 mean 1000.",
    r#"{"type":"integer","default":1000,"maximum":1000}"#,
)
.like("25");
const PER_PAGE_50: Parameter = Parameter::query(
    "per_page",
    "The number of groups per page; 0 means the default, values above 50 mean 50.",
    r#"{"type":"integer","default":20,"maximum":50}"#,
)
.like("5");
const NAME: Parameter =
    Parameter::query("name", "Return only groups with exactly this name.", Parameter::TEXT);
const SEARCH: Parameter = Parameter::query(
    "search",
    "Return only groups whose name contains this value (case-insensitive).",
    Parameter::TEXT,
);
const ID: Parameter = Parameter::query("id", "Return only the group with this identifier.", Parameter::TEXT);
const LABEL: Parameter =
    Parameter::query("label", "Return only groups with exactly this label.", Parameter::TEXT);

const ACCESS_GROUP: &str = r#"{"name":"Allow devs","include":[{"email":{"email":"a@example.com"}},
    {"ip":{"ip":"10.0.0.0/8"}}],"exclude":[{"geo":{"country_code":"US"}}],"require":null,"is_default":false}"#;
const RESOURCE_GROUP: &str = r#"{"name":"NewResourceGroup",
    "scope":{"key":"com.cloudflare.api.account.eb78d65290b24279ba6f44721b3ea3c4",
    "objects":[{"key":"com.cloudflare.api.account.zone.23f8d65290b24279ba6f44721b3eaad5"}]}}"#;

const ACCESS_READ: &[&ErrorCode] = &[&error::ACCESS_INVALID];
const ACCESS_ITEM: &[&ErrorCode] = &[&error::UNKNOWN_ACCESS_GROUP];
const ACCESS_CREATE: &[&ErrorCode] = &[&error::MALFORMED_JSON, &error::ACCESS_INVALID, &error::TOO_LARGE];
const ACCESS_REPLACE: &[&ErrorCode] =
    &[&error::MALFORMED_JSON, &error::ACCESS_INVALID, &error::UNKNOWN_ACCESS_GROUP, &error::TOO_LARGE];
const IAM_READ: &[&ErrorCode] = &[&error::IAM_INVALID];
const IAM_CREATE: &[&ErrorCode] = &[&error::MALFORMED_JSON, &error::IAM_INVALID, &error::TOO_LARGE];
const IAM_UPDATE: &[&ErrorCode] = &[
    &error::MALFORMED_JSON,
    &error::IAM_INVALID,
    &error::UNKNOWN_RESOURCE_GROUP,
    &error::TOO_LARGE,
    &error::NON_EDITABLE,
];

const ACCOUNT_LIST: &str = "/accounts/{account_id}/access/groups";
const ACCOUNT_ITEM: &str = "/accounts/{account_id}/access/groups/{group_id}";
const ZONE_LIST: &str = "/zones/{zone_id}/access/groups";
const ZONE_ITEM: &str = "/zones/{zone_id}/access/groups/{group_id}";

pub(super) static LIST_ACCESS_GROUPS: Operation =
    list_access_groups(ACCOUNT_LIST, "list_access_groups", Evidence::VendorDoc).known_from(source::LIST_GROUPS);

pub(super) static CREATE_ACCESS_GROUP: Operation =
    create_access_group(ACCOUNT_LIST, "create_access_group", Evidence::VendorDoc).known_from(source::CREATE_GROUP);

pub(super) static GET_ACCESS_GROUP: Operation =
    get_access_group(ACCOUNT_ITEM, "get_access_group", Evidence::VendorDoc).known_from(source::GET_GROUP);

pub(super) static REPLACE_ACCESS_GROUP: Operation =
    replace_access_group(ACCOUNT_ITEM, "replace_access_group", Evidence::VendorDoc)
        .known_from(source::UPDATE_GROUP);

pub(super) static DELETE_ACCESS_GROUP: Operation =
    delete_access_group(ACCOUNT_ITEM, "delete_access_group", Evidence::VendorDoc).known_from(source::DELETE_GROUP);

pub(super) static LIST_ZONE_ACCESS_GROUPS: Operation =
    list_access_groups(ZONE_LIST, "list_zone_access_groups", Evidence::Spec).known_from(source::ZONE_GROUPS);

pub(super) static CREATE_ZONE_ACCESS_GROUP: Operation =
    create_access_group(ZONE_LIST, "create_zone_access_group", Evidence::Spec)
        .known_from(source::ZONE_GROUPS);

pub(super) static GET_ZONE_ACCESS_GROUP: Operation =
    get_access_group(ZONE_ITEM, "get_zone_access_group", Evidence::Spec).known_from(source::ZONE_GROUPS);

pub(super) static REPLACE_ZONE_ACCESS_GROUP: Operation =
    replace_access_group(ZONE_ITEM, "replace_zone_access_group", Evidence::Spec)
        .known_from(source::ZONE_GROUPS);

pub(super) static DELETE_ZONE_ACCESS_GROUP: Operation =
    delete_access_group(ZONE_ITEM, "delete_zone_access_group", Evidence::Spec)
        .known_from(source::ZONE_GROUPS);

const fn list_access_groups(path: &'static str, id: &'static str, evidence: Evidence) -> Operation {
    Operation::new(Method::GET, path, id)
        .says("List Access groups", evidence)
        .takes(&[&NAME, &SEARCH, &PAGE, &PER_PAGE_1000])
        .answers(StatusCode::OK, "AccessGroupList")
        .refuses(ACCESS_READ)
}

const fn create_access_group(path: &'static str, id: &'static str, evidence: Evidence) -> Operation {
    Operation::new(Method::POST, path, id)
        .says("Create an Access group", evidence)
        .reads("AccessGroupRequest", ACCESS_GROUP)
        .answers(StatusCode::CREATED, "AccessGroupResponse")
        .refuses(ACCESS_CREATE)
}

const fn get_access_group(path: &'static str, id: &'static str, evidence: Evidence) -> Operation {
    Operation::new(Method::GET, path, id)
        .says("Get an Access group", evidence)
        .answers(StatusCode::OK, "AccessGroupResponse")
        .refuses(ACCESS_ITEM)
}

const fn replace_access_group(path: &'static str, id: &'static str, evidence: Evidence) -> Operation {
    Operation::new(Method::PUT, path, id)
        .says("Update an Access group", evidence)
        .describes("Replaces the whole group: absent lists become empty.")
        .reads("AccessGroupRequest", ACCESS_GROUP)
        .answers(StatusCode::OK, "AccessGroupResponse")
        .refuses(ACCESS_REPLACE)
}

const fn delete_access_group(path: &'static str, id: &'static str, evidence: Evidence) -> Operation {
    Operation::new(Method::DELETE, path, id)
        .says("Delete an Access group", evidence)
        .answers(StatusCode::ACCEPTED, "Deleted")
        .refuses(ACCESS_ITEM)
}

const RESOURCE_GROUPS: &str = "/accounts/{account_id}/iam/resource_groups";
const RESOURCE_GROUP_ITEM: &str = "/accounts/{account_id}/iam/resource_groups/{resource_group_id}";
const PERMISSION_GROUPS: &str = "/accounts/{account_id}/iam/permission_groups";
const PERMISSION_GROUP_ITEM: &str = "/accounts/{account_id}/iam/permission_groups/{permission_group_id}";

pub(super) static LIST_RESOURCE_GROUPS: Operation =
    Operation::new(Method::GET, RESOURCE_GROUPS, "list_resource_groups")
        .says("List Resource Groups", Evidence::VendorDoc)
        .known_from(source::LIST_RESOURCE_GROUPS)
        .describes(
            "The predefined group comes first; without `page` and `per_page`, all groups are returned.",
        )
        .takes(&[&ID, &NAME, &PAGE, &PER_PAGE_50])
        .answers(StatusCode::OK, "ResourceGroupList")
        .refuses(IAM_READ);

pub(super) static CREATE_RESOURCE_GROUP: Operation =
    Operation::new(Method::POST, RESOURCE_GROUPS, "create_resource_group")
        .says("Create Resource Group", Evidence::VendorDoc)
        .known_from(source::CREATE_RESOURCE_GROUP)
        .reads("ResourceGroupRequest", RESOURCE_GROUP)
        .answers(StatusCode::OK, "ResourceGroupResponse")
        .refuses(IAM_CREATE);

pub(super) static GET_RESOURCE_GROUP: Operation =
    Operation::new(Method::GET, RESOURCE_GROUP_ITEM, "get_resource_group")
        .says("Resource Group Details", Evidence::VendorDoc)
        .known_from(source::GET_RESOURCE_GROUP)
        .answers(StatusCode::OK, "ResourceGroupResponse")
        .refuses(&[&error::UNKNOWN_RESOURCE_GROUP]);

pub(super) static UPDATE_RESOURCE_GROUP: Operation =
    Operation::new(Method::PUT, RESOURCE_GROUP_ITEM, "update_resource_group")
        .says("Update Resource Group", Evidence::VendorDoc)
        .known_from(source::UPDATE_RESOURCE_GROUP)
        .describes("Changes only the fields in the request; `{}` changes nothing.")
        .reads("ResourceGroupUpdate", r#"{"name":"UpdatedResourceGroup"}"#)
        .answers(StatusCode::OK, "ResourceGroupResponse")
        .refuses(IAM_UPDATE);

pub(super) static DELETE_RESOURCE_GROUP: Operation =
    Operation::new(Method::DELETE, RESOURCE_GROUP_ITEM, "delete_resource_group")
        .says("Remove Resource Group", Evidence::VendorDoc)
        .known_from(source::DELETE_RESOURCE_GROUP)
        .answers(StatusCode::OK, "Deleted")
        .refuses(&[&error::UNKNOWN_RESOURCE_GROUP, &error::NON_EDITABLE]);

pub(super) static LIST_PERMISSION_GROUPS: Operation =
    Operation::new(Method::GET, PERMISSION_GROUPS, "list_permission_groups")
        .says("List Account Permission Groups", Evidence::Spec)
        .known_from(source::PERMISSION_GROUPS)
        .takes(&[&ID, &NAME, &LABEL, &PAGE, &PER_PAGE_50])
        .answers(StatusCode::OK, "PermissionGroupList")
        .refuses(IAM_READ);

pub(super) static GET_PERMISSION_GROUP: Operation =
    Operation::new(Method::GET, PERMISSION_GROUP_ITEM, "get_permission_group")
        .says("Permission Group Details", Evidence::Spec)
        .known_from(source::PERMISSION_GROUPS)
        .answers(StatusCode::OK, "PermissionGroupResponse")
        .refuses(&[&error::UNKNOWN_PERMISSION_GROUP]);
