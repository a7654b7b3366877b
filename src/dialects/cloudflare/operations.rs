//! The operations of the cloudflare dialect, each with its method, path and documentation.

use axum::http::{Method, StatusCode};

use super::neighbors::parameters::{
    APP_ID, IDENTITY_PROVIDER_ID, MEMBER_ID, POLICY_ID, ROLE_ID, USER_GROUP_ID,
};
use crate::domain::cloudflare::{error, source};
use crate::spec::{ErrorCode, Evidence, Operation, Parameter};

pub(super) const PATH_PARAMETERS: &[&Parameter] = &[
    &ACCOUNT_ID,
    &ZONE_ID,
    &GROUP_ID,
    &RESOURCE_GROUP_ID,
    &PERMISSION_GROUP_ID,
    &IDENTITY_PROVIDER_ID,
    &POLICY_ID,
    &APP_ID,
    &MEMBER_ID,
    &USER_GROUP_ID,
    &ROLE_ID,
];

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
.example("1");
const PER_PAGE_1000: Parameter = Parameter::query(
    "per_page",
    "The number of groups per page; 0 means the default, values above 1000 mean 1000.",
    r#"{"type":"integer","default":1000}"#,
)
.example("25");
const PER_PAGE_50: Parameter = Parameter::query(
    "per_page",
    "The number of groups per page; 0 means the default, values above 50 mean 50.",
    r#"{"type":"integer","default":20}"#,
)
.example("5");
const NAME: Parameter =
    Parameter::query("name", "Return only groups with exactly this name.", Parameter::STRING);
const SEARCH: Parameter = Parameter::query(
    "search",
    "Return only groups whose name contains this value (case-insensitive).",
    Parameter::STRING,
);
const ID: Parameter =
    Parameter::query("id", "Return only the group with this identifier.", Parameter::STRING);
const LABEL: Parameter =
    Parameter::query("label", "Return only groups with exactly this label.", Parameter::STRING);

const ACCESS_GROUP: &str = r#"{"name":"Allow devs","include":[{"email":{"email":"a@example.com"}},
    {"ip":{"ip":"10.0.0.0/8"}}],"exclude":[{"geo":{"country_code":"US"}}],"require":null,"is_default":false}"#;
const RESOURCE_GROUP: &str = r#"{"name":"NewResourceGroup",
    "scope":{"key":"com.cloudflare.api.account.eb78d65290b24279ba6f44721b3ea3c4",
    "objects":[{"key":"com.cloudflare.api.account.zone.23f8d65290b24279ba6f44721b3eaad5"}]}}"#;

const ACCESS_READ: &[&ErrorCode] = &[&error::ACCESS_INVALID, &error::INVALID_PAGE_SIZE];
const ACCESS_ITEM: &[&ErrorCode] = &[&error::UNKNOWN_ACCESS_GROUP];
const ACCESS_CREATE: &[&ErrorCode] =
    &[&error::ACCESS_INVALID, &error::MALFORMED_JSON, &error::BODY_TOO_LARGE];
const ACCESS_REPLACE: &[&ErrorCode] =
    &[&error::ACCESS_INVALID, &error::MALFORMED_JSON, &error::UNKNOWN_ACCESS_GROUP, &error::BODY_TOO_LARGE];
const IAM_READ: &[&ErrorCode] = &[&error::IAM_INVALID];
const IAM_CREATE: &[&ErrorCode] = &[&error::IAM_INVALID, &error::MALFORMED_JSON, &error::BODY_TOO_LARGE];
const IAM_UPDATE: &[&ErrorCode] = &[
    &error::IAM_INVALID,
    &error::MALFORMED_JSON,
    &error::UNKNOWN_RESOURCE_GROUP,
    &error::BODY_TOO_LARGE,
    &error::NON_EDITABLE,
];

const ACCOUNT_LIST: &str = "/accounts/{account_id}/access/groups";
const ACCOUNT_ITEM: &str = "/accounts/{account_id}/access/groups/{group_id}";
const ZONE_LIST: &str = "/zones/{zone_id}/access/groups";
const ZONE_ITEM: &str = "/zones/{zone_id}/access/groups/{group_id}";

pub(super) static LIST_ACCESS_GROUPS: Operation =
    list_access_groups(ACCOUNT_LIST, "list_access_groups", Evidence::VendorDoc).source(source::LIST_GROUPS);

pub(super) static CREATE_ACCESS_GROUP: Operation =
    create_access_group(ACCOUNT_LIST, "create_access_group", Evidence::VendorDoc)
        .source(source::CREATE_GROUP);

pub(super) static GET_ACCESS_GROUP: Operation =
    get_access_group(ACCOUNT_ITEM, "get_access_group", Evidence::VendorDoc).source(source::GET_GROUP);

pub(super) static REPLACE_ACCESS_GROUP: Operation =
    replace_access_group(ACCOUNT_ITEM, "replace_access_group", Evidence::VendorDoc)
        .source(source::UPDATE_GROUP);

pub(super) static DELETE_ACCESS_GROUP: Operation =
    delete_access_group(ACCOUNT_ITEM, "delete_access_group", Evidence::VendorDoc)
        .source(source::DELETE_GROUP);

pub(super) static LIST_ZONE_ACCESS_GROUPS: Operation =
    list_access_groups(ZONE_LIST, "list_zone_access_groups", Evidence::Spec)
        .summary("List the Access groups of a zone", Evidence::Spec)
        .source(source::ZONE_GROUPS);

pub(super) static CREATE_ZONE_ACCESS_GROUP: Operation =
    create_access_group(ZONE_LIST, "create_zone_access_group", Evidence::Spec)
        .summary("Create an Access group of a zone", Evidence::Spec)
        .source(source::ZONE_GROUPS);

pub(super) static GET_ZONE_ACCESS_GROUP: Operation =
    get_access_group(ZONE_ITEM, "get_zone_access_group", Evidence::Spec)
        .summary("Get an Access group of a zone", Evidence::Spec)
        .source(source::ZONE_GROUPS);

pub(super) static REPLACE_ZONE_ACCESS_GROUP: Operation =
    replace_access_group(ZONE_ITEM, "replace_zone_access_group", Evidence::Spec)
        .summary("Replace an Access group of a zone", Evidence::Spec)
        .source(source::ZONE_GROUPS);

pub(super) static DELETE_ZONE_ACCESS_GROUP: Operation =
    delete_access_group(ZONE_ITEM, "delete_zone_access_group", Evidence::Spec)
        .summary("Delete an Access group of a zone", Evidence::Spec)
        .source(source::ZONE_GROUPS);

const fn list_access_groups(path: &'static str, id: &'static str, evidence: Evidence) -> Operation {
    Operation::new(Method::GET, path, id)
        .summary("List Access groups", evidence)
        .description("In the order of creation. A page past the end is empty.")
        .parameters(&[&NAME, &SEARCH, &PAGE, &PER_PAGE_1000])
        .response(StatusCode::OK, "AccessGroupList")
        .errors(ACCESS_READ)
}

const fn create_access_group(path: &'static str, id: &'static str, evidence: Evidence) -> Operation {
    Operation::new(Method::POST, path, id)
        .summary("Create an Access group", evidence)
        .description(
            "Rules are stored and returned as they were sent. Whether the groups and identity \
             providers in them exist is not checked.",
        )
        .json_body("AccessGroupRequest", ACCESS_GROUP)
        .response(StatusCode::CREATED, "AccessGroupResponse")
        .errors(ACCESS_CREATE)
}

const fn get_access_group(path: &'static str, id: &'static str, evidence: Evidence) -> Operation {
    Operation::new(Method::GET, path, id)
        .summary("Get an Access group", evidence)
        .description("Rules are returned as they were sent, absent lists as `[]`.")
        .response(StatusCode::OK, "AccessGroupResponse")
        .errors(ACCESS_ITEM)
}

const fn replace_access_group(path: &'static str, id: &'static str, evidence: Evidence) -> Operation {
    Operation::new(Method::PUT, path, id)
        .summary("Update an Access group", evidence)
        .description("Replaces the whole group: absent lists become empty.")
        .json_body("AccessGroupRequest", ACCESS_GROUP)
        .response(StatusCode::OK, "AccessGroupResponse")
        .errors(ACCESS_REPLACE)
}

const fn delete_access_group(path: &'static str, id: &'static str, evidence: Evidence) -> Operation {
    Operation::new(Method::DELETE, path, id)
        .summary("Delete an Access group", evidence)
        .description("Rules and policies that refer to the group keep the reference.")
        .response(StatusCode::ACCEPTED, "Deleted")
        .errors(ACCESS_ITEM)
}

const RESOURCE_GROUPS: &str = "/accounts/{account_id}/iam/resource_groups";
const RESOURCE_GROUP_ITEM: &str = "/accounts/{account_id}/iam/resource_groups/{resource_group_id}";
const PERMISSION_GROUPS: &str = "/accounts/{account_id}/iam/permission_groups";
const PERMISSION_GROUP_ITEM: &str = "/accounts/{account_id}/iam/permission_groups/{permission_group_id}";

pub(super) static LIST_RESOURCE_GROUPS: Operation =
    Operation::new(Method::GET, RESOURCE_GROUPS, "list_resource_groups")
        .summary("List Resource Groups", Evidence::VendorDoc)
        .source(source::LIST_RESOURCE_GROUPS)
        .description(
            "The predefined group comes first; without `page` and `per_page`, all groups are returned.",
        )
        .parameters(&[&ID, &NAME, &PAGE, &PER_PAGE_50])
        .response(StatusCode::OK, "ResourceGroupList")
        .errors(IAM_READ);

pub(super) static CREATE_RESOURCE_GROUP: Operation =
    Operation::new(Method::POST, RESOURCE_GROUPS, "create_resource_group")
        .summary("Create Resource Group", Evidence::VendorDoc)
        .description(
            "`scope` may be an object or an array. Whether the zones and other objects \
             in it exist is not checked.",
        )
        .source(source::CREATE_RESOURCE_GROUP)
        .json_body("ResourceGroupRequest", RESOURCE_GROUP)
        .response(StatusCode::OK, "ResourceGroupResponse")
        .errors(IAM_CREATE);

pub(super) static GET_RESOURCE_GROUP: Operation =
    Operation::new(Method::GET, RESOURCE_GROUP_ITEM, "get_resource_group")
        .summary("Resource Group Details", Evidence::VendorDoc)
        .description("The identifier of the predefined group is derived from the account.")
        .source(source::GET_RESOURCE_GROUP)
        .response(StatusCode::OK, "ResourceGroupResponse")
        .errors(&[&error::UNKNOWN_RESOURCE_GROUP]);

pub(super) static UPDATE_RESOURCE_GROUP: Operation =
    Operation::new(Method::PUT, RESOURCE_GROUP_ITEM, "update_resource_group")
        .summary("Update Resource Group", Evidence::VendorDoc)
        .source(source::UPDATE_RESOURCE_GROUP)
        .description("Changes only the fields in the request; `{}` changes nothing.")
        .json_body("ResourceGroupUpdate", r#"{"name":"UpdatedResourceGroup"}"#)
        .response(StatusCode::OK, "ResourceGroupResponse")
        .errors(IAM_UPDATE);

pub(super) static DELETE_RESOURCE_GROUP: Operation =
    Operation::new(Method::DELETE, RESOURCE_GROUP_ITEM, "delete_resource_group")
        .summary("Remove Resource Group", Evidence::VendorDoc)
        .description("The predefined group of the account cannot be deleted.")
        .source(source::DELETE_RESOURCE_GROUP)
        .response(StatusCode::OK, "Deleted")
        .errors(&[&error::UNKNOWN_RESOURCE_GROUP, &error::NON_EDITABLE]);

pub(super) static LIST_PERMISSION_GROUPS: Operation =
    Operation::new(Method::GET, PERMISSION_GROUPS, "list_permission_groups")
        .summary("List Account Permission Groups", Evidence::Spec)
        .description(
            "The nine predefined groups of every account, and those in the seed. No operation \
             changes them.",
        )
        .source(source::PERMISSION_GROUPS)
        .parameters(&[&ID, &NAME, &LABEL, &PAGE, &PER_PAGE_50])
        .response(StatusCode::OK, "PermissionGroupList")
        .errors(IAM_READ);

pub(super) static GET_PERMISSION_GROUP: Operation = Operation::new(
    Method::GET,
    PERMISSION_GROUP_ITEM,
    "get_permission_group",
)
.summary("Permission Group Details", Evidence::Spec)
.description(
    "One of the predefined groups, which every account has, or one that the seed gives to this account.",
)
.source(source::PERMISSION_GROUPS)
.response(StatusCode::OK, "PermissionGroupResponse")
.errors(&[&error::UNKNOWN_PERMISSION_GROUP]);
