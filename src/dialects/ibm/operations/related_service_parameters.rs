//! The documented parameters of user management, IAM identity and policy management, with examples from the demo seed.

use crate::spec::Parameter;

pub(in super::super) const ACCOUNT: Parameter =
    Parameter::path("account_id", "The account.", r#""0a1b2c3d4e5f60718293a4b5c6d7e8f9""#);
pub(in super::super) const SERVICE_ID: Parameter =
    Parameter::path("service_id", "The service id.", r#""ServiceId-5d2f3c1a-0b7e-4c55-9a1b-3e0f8d6c2b11""#);
pub(in super::super) const PROFILE_ID: Parameter = Parameter::path(
    "profile_id",
    "The trusted profile.",
    r#""Profile-9f1c7a52-6d3e-4a80-8b2f-1c0d5e7a9b33""#,
);
pub(in super::super) const POLICY_ID: Parameter =
    Parameter::path("policy_id", "The policy.", r#""9a1f6c2e-3b4d-4e5f-8a90-b1c2d3e4f501""#);

const fn if_match(description: &'static str) -> Parameter {
    Parameter::header("If-Match", description).example(r#""1-d297a3335001547c9d94d0943d6e60b0""#).required()
}

pub(super) const IF_MATCH_PRINCIPAL: Parameter = if_match(
    "The `entity_tag` or `ETag` of the service id or trusted profile, bare, quoted or weak, or `*` for any.",
);
pub(super) const IF_MATCH_POLICY: Parameter = if_match("The `ETag` of the policy, bare, quoted or weak.");

pub(super) const USERS_LIMIT: Parameter = Parameter::query(
    "limit",
    "The maximum number of users on the page.",
    r#"{"type":"integer","minimum":1,"maximum":100,"default":100}"#,
);
pub(super) const USERS_START: Parameter = Parameter::query(
    "_start",
    "The start of the page, taken from `next_url`.",
    r#"{"type":"integer","minimum":0,"maximum":4294967295}"#,
);
pub(super) const USER_ID: Parameter =
    Parameter::query("user_id", "Only users with this login name.", Parameter::STRING);

pub(super) const PRINCIPALS_ACCOUNT: Parameter =
    Parameter::query("account_id", "The account; required without `pagetoken`.", Parameter::STRING)
        .example(r#""0a1b2c3d4e5f60718293a4b5c6d7e8f9""#);
pub(super) const NAME: Parameter =
    Parameter::query("name", "Only items with exactly this name.", Parameter::STRING);
pub(super) const SERVICE_ID_GROUP: Parameter = Parameter::query(
    "group_id",
    "Only the service ids of this service id group; here no service id is in a group.",
    Parameter::STRING,
);
pub(super) const SHOW_SERVICE_ID_GROUP: Parameter = Parameter::query(
    "show_group_id",
    "Whether the service ids have the id of their group; here no service id is in a group.",
    r#"{"type":"boolean","default":false}"#,
);
pub(super) const PAGESIZE: Parameter = Parameter::query(
    "pagesize",
    "The maximum number of items on the page.",
    r#"{"type":"integer","minimum":1,"maximum":100,"default":20}"#,
);
pub(super) const PAGETOKEN: Parameter = Parameter::query(
    "pagetoken",
    "The page, taken from `next` or `previous`; all other parameters are then ignored.",
    Parameter::STRING,
);
pub(super) const PRINCIPALS_SORT: Parameter = Parameter::query(
    "sort",
    "The sort field; the default is the order of creation.",
    r#"{"type":"string","enum":["name","description","created_at","modified_at"]}"#,
);
pub(super) const ORDER: Parameter = Parameter::query(
    "order",
    "The sort direction.",
    r#"{"type":"string","enum":["asc","desc"],"default":"asc"}"#,
);

pub(super) const GROUP_FILTER: Parameter =
    Parameter::query("access_group_id", "Only the policies of this group.", Parameter::STRING);
pub(super) const IDENTITY_FILTER: Parameter = Parameter::query(
    "iam_id",
    "Only the policies of this user, service id or trusted profile itself.",
    Parameter::STRING,
);
pub(super) const POLICY_TYPE: Parameter = Parameter::query(
    "type",
    "Only policies of this type.",
    r#"{"type":"string","enum":["access","authorization"]}"#,
);
pub(super) const STATE: Parameter = Parameter::query(
    "state",
    "Only policies in this state; this server does not keep deleted policies.",
    r#"{"type":"string","enum":["active","deleted"],"default":"active"}"#,
);
pub(super) const POLICIES_SORT: Parameter = Parameter::query(
    "sort",
    "The sort field, descending with a leading minus; the default is the order of creation.",
    r#"{"type":"string","pattern":"^-?(id|type|href|created_at|created_by_id|last_modified_at|last_modified_by_id|state)$"}"#,
);
pub(super) const POLICIES_LIMIT: Parameter = Parameter::query(
    "limit",
    "The maximum number of policies on the page; without it, one page contains all policies.",
    r#"{"type":"integer","minimum":1,"maximum":100}"#,
);
pub(super) const POLICIES_START: Parameter = Parameter::query(
    "start",
    "The start of the page, taken from `next`.",
    r#"{"type":"integer","minimum":0,"maximum":4294967295}"#,
);

pub(super) const ROLES_SERVICE: Parameter = Parameter::query(
    "service_name",
    "The service whose roles to add: `iam-identity`, or a service with roles in the seed.",
    Parameter::STRING,
);
pub(super) const ROLES_SERVICE_GROUP: Parameter = Parameter::query(
    "service_group_id",
    "The service group whose roles to add; only `IAM` has roles of its own here.",
    Parameter::STRING,
);
