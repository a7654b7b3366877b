//! The operations of accounts, zones, the user, tokens, roles and members of user groups.

use axum::http::{Method, StatusCode};

use super::neighbors::operations::{NAME, PAGE, PER_PAGE};
use crate::domain::cloudflare::{error, source};
use crate::spec::{ErrorCode, Evidence, Operation, Parameter};

const ACCOUNT_OF_ZONE: Parameter =
    Parameter::query("account.id", "Return only zones of this account.", Parameter::STRING);
const TOKEN_SCOPE: Parameter =
    Parameter::query("scope", "Return only groups with exactly this scope.", Parameter::STRING)
        .example("\"com.cloudflare.api.account\"");

const INVALID: &[&ErrorCode] = &[&error::IAM_INVALID];

const MEMBERS: &str = "/accounts/{account_id}/iam/user_groups/{user_group_id}/members";
const MEMBER: &str = "/accounts/{account_id}/iam/user_groups/{user_group_id}/members/{member_id}";

/// The example of a body with members.
const MEMBER_IDS: &str = r#"[{"id":"4536bcfad5faccb111b47003c79917fa"}]"#;

pub(super) static LIST_ACCOUNTS: Operation = Operation::new(Method::GET, "/accounts", "list_accounts")
    .summary("List Accounts", Evidence::Spec)
    .source(source::ACCOUNTS)
    .description("The accounts that the seed names, or for which something was stored, sorted by identifier.")
    .parameters(&[&NAME, &PAGE, &PER_PAGE])
    .response(StatusCode::OK, "AccountList")
    .errors(INVALID);

pub(super) static GET_ACCOUNT: Operation =
    Operation::new(Method::GET, "/accounts/{account_id}", "get_account")
        .summary("Account Details", Evidence::Spec)
        .source(source::ACCOUNTS)
        .description("Every account exists.")
        .response(StatusCode::OK, "AccountResponse");

pub(super) static LIST_ZONES: Operation = Operation::new(Method::GET, "/zones", "list_zones")
    .summary("List Zones", Evidence::Spec)
    .source(source::ZONES)
    .description("The zones that the seed names, or for which something was stored, sorted by identifier.")
    .parameters(&[&NAME, &ACCOUNT_OF_ZONE, &PAGE, &PER_PAGE])
    .response(StatusCode::OK, "ZoneList")
    .errors(INVALID);

pub(super) static GET_ZONE: Operation = Operation::new(Method::GET, "/zones/{zone_id}", "get_zone")
    .summary("Zone Details", Evidence::Spec)
    .source(source::ZONES)
    .description("Every zone exists.")
    .response(StatusCode::OK, "ZoneResponse");

pub(super) static GET_USER: Operation = Operation::new(Method::GET, "/user", "get_user")
    .summary("User Details", Evidence::Spec)
    .description("The address is that of `X-Auth-Email`, or `user@example.com`.")
    .source(source::USER)
    .response(StatusCode::OK, "UserResponse");

pub(super) static VERIFY_TOKEN: Operation =
    verify_token("/user/tokens/verify", "verify_token").source(source::USER_TOKENS);
pub(super) static VERIFY_ACCOUNT_TOKEN: Operation =
    verify_token("/accounts/{account_id}/tokens/verify", "verify_account_token")
        .summary("Verify Account Token", Evidence::Spec)
        .source(source::ACCOUNT_TOKENS);

const fn verify_token(path: &'static str, id: &'static str) -> Operation {
    Operation::new(Method::GET, path, id)
        .summary("Verify Token", Evidence::Spec)
        .description("Every token is active, and all have the same identifier.")
        .response(StatusCode::OK, "TokenStatusResponse")
}

pub(super) static LIST_TOKEN_PERMISSION_GROUPS: Operation =
    list_token_permission_groups("/user/tokens/permission_groups", "list_token_permission_groups")
        .source(source::USER_TOKENS);
pub(super) static LIST_ACCOUNT_TOKEN_PERMISSION_GROUPS: Operation = list_token_permission_groups(
    "/accounts/{account_id}/tokens/permission_groups",
    "list_account_token_permission_groups",
)
.summary("List Account Token Permission Groups", Evidence::Spec)
.source(source::ACCOUNT_TOKENS);

const fn list_token_permission_groups(path: &'static str, id: &'static str) -> Operation {
    Operation::new(Method::GET, path, id)
        .summary("List Token Permission Groups", Evidence::Spec)
        .description("The groups of the real service, which cannot be changed or seeded.")
        .parameters(&[&NAME, &TOKEN_SCOPE])
        .response(StatusCode::OK, "TokenPermissionGroupList")
        .errors(INVALID)
}

pub(super) static LIST_ROLES: Operation =
    Operation::new(Method::GET, "/accounts/{account_id}/roles", "list_roles")
        .summary("List Roles", Evidence::Spec)
        .description("The predefined permission groups of the account, with empty `permissions`.")
        .source(source::ROLES)
        .parameters(&[&PAGE, &PER_PAGE])
        .response(StatusCode::OK, "RoleList")
        .errors(INVALID);

pub(super) static GET_ROLE: Operation =
    Operation::new(Method::GET, "/accounts/{account_id}/roles/{role_id}", "get_role")
        .summary("Role Details", Evidence::Spec)
        .description("The roles are predefined, and the same in every account.")
        .source(source::ROLES)
        .response(StatusCode::OK, "RoleResponse")
        .errors(&[&error::UNKNOWN_ROLE]);

pub(super) static LIST_USER_GROUP_MEMBERS: Operation =
    Operation::new(Method::GET, MEMBERS, "list_user_group_members")
        .summary("List User Group Members", Evidence::Spec)
        .description("The address and the status are those of the member of the account, if there is one.")
        .source(source::USER_GROUPS)
        .parameters(&[&PAGE, &PER_PAGE])
        .response(StatusCode::OK, "UserGroupMemberList")
        .errors(&[&error::IAM_INVALID, &error::UNKNOWN_USER_GROUP]);

pub(super) static ADD_USER_GROUP_MEMBERS: Operation =
    set_members(Method::POST, "add_user_group_members", "Add User Group Members")
        .description("Returns the given members; those that the group already has are kept.");
pub(super) static REPLACE_USER_GROUP_MEMBERS: Operation =
    set_members(Method::PUT, "replace_user_group_members", "Update User Group Members")
        .description("Replaces all members. Whether the account has them is not checked.");

const fn set_members(method: Method, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(method, MEMBERS, id)
        .summary(summary, Evidence::Spec)
        .source(source::USER_GROUPS)
        .json_body("UserGroupMembersRequest", MEMBER_IDS)
        .response(StatusCode::OK, "UserGroupMemberList")
        .errors(&[
            &error::MALFORMED_JSON,
            &error::IAM_INVALID,
            &error::UNKNOWN_USER_GROUP,
            &error::BODY_TOO_LARGE,
        ])
}

pub(super) static GET_USER_GROUP_MEMBER: Operation = Operation::new(
    Method::GET,
    MEMBER,
    "get_user_group_member",
)
.summary("User Group Member Details", Evidence::Spec)
.description(
    "With the address and the status that the member of the account had when it was added to the group.",
)
.source(source::USER_GROUP_MEMBER_SDK)
.response(StatusCode::OK, "UserGroupMemberResponse")
.errors(&[&error::UNKNOWN_USER_GROUP_MEMBER, &error::UNKNOWN_USER_GROUP]);

pub(super) static REMOVE_USER_GROUP_MEMBER: Operation =
    Operation::new(Method::DELETE, MEMBER, "remove_user_group_member")
        .summary("Remove User Group Member", Evidence::Spec)
        .description("Returns the removed member. It remains a member of the account.")
        .source(source::USER_GROUPS)
        .response(StatusCode::OK, "UserGroupMemberResponse")
        .errors(&[&error::UNKNOWN_USER_GROUP_MEMBER, &error::UNKNOWN_USER_GROUP]);
