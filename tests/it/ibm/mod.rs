//! The ibm dialect, tested through its HTTP API.

mod account_groups;
mod assignment_conflicts;
mod assignment_progress;
mod assignments;
mod auth;
mod enterprise;
mod group_lists;
mod groups;
mod identity_errors;
mod invitations;
mod managed_groups;
mod members;
mod memberships;
mod page_links;
mod policies;
mod policy_conflicts;
mod policy_templates;
mod principals;
mod protocol;
mod related_service_seeds;
mod resource_groups;
mod roles;
mod rules;
mod saved_state;
mod seeds;
mod service_id_groups;
mod settings;
mod template_auth;
mod template_clients;
mod template_groups;
mod template_seeds;
mod template_versions;
mod templates;
mod terraform;
mod tokens;
mod users;

use serde_json::{Value, json};

use crate::support::{TestResponse, TestServer};

pub(super) const ACCOUNT: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
pub(super) const BLUE: &str = "AccessGroupId-1b0d2c34-7c1e-4f0a-9a55-2f1f0b0c7e11";
pub(super) const AUDITORS: &str = "AccessGroupId-8c4e6f10-52ab-4d9c-b3f7-6a1e9d0c2b22";
pub(super) const EMPTY: &str = "AccessGroupId-d2a90b7e-1f64-4c38-a5d0-7b3c8e5f1a33";
pub(super) const RULE: &str = "ClaimRule-77e2b7f0-3b7e-4c25-8e0f-0e6d1b6c9a11";
pub(super) const PUBLIC: &str = "AccessGroupId-PublicAccess";
pub(super) const PUBLIC_DESCRIPTION: &str = "This group includes all users and service IDs by default. All group members, including unauthenticated users, are given public access to any resources that are defined in the policies for the group.";

/// Starts a server with the demo seed.
///
/// Its groups are Blue Team (four members, one rule), Auditors (one member) and Empty Shelf.
pub(super) fn demo_server() -> TestServer {
    TestServer::with_seed(include_str!("../../../seeds/demo.json"))
}

/// Returns the path of a group.
pub(super) fn group_path(id: &str) -> String {
    format!("/v2/groups/{id}")
}

/// Returns the path of the groups of account `a`, followed by more query parameters.
pub(super) fn groups_path(query: &str) -> String {
    format!("/v2/groups?account_id=a{query}")
}

/// Creates a group in account `a` and returns its id.
pub(super) fn create_group(mock: &TestServer, name: &str) -> String {
    let response = mock.post(&groups_path("")).json(json!({ "name": name })).send().expect(201);
    response.json()["id"].as_str().unwrap().to_owned()
}

/// Adds a user to a group.
pub(super) fn add_member(mock: &TestServer, group_id: &str, iam_id: &str) {
    let body = json!({"members": [{"iam_id": iam_id, "type": "user"}]});
    let response = mock.put(&format!("/v2/groups/{group_id}/members")).json(body).send().expect(207);
    assert_eq!(response.json()["members"][0]["status_code"], 200);
}

/// Returns the value of `field` of each item in a list response.
pub(super) fn field_values(list: &Value, items: &str, field: &str) -> Vec<String> {
    let items = list[items].as_array().unwrap();
    items.iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
}

/// Asserts the whole envelope of an error response without `more_info`.
#[track_caller]
pub(super) fn assert_error(response: &TestResponse, code: &str, message: &str) {
    let trace = response.header("transaction-id");
    let expected = json!({"trace": trace, "errors": [{"code": code, "message": message}], "status_code": response.status});
    assert_eq!(response.json(), expected);
}

/// Asserts the whole envelope of an `invalid_payload` error with `more_info`.
#[track_caller]
pub(super) fn assert_invalid(response: TestResponse, more_info: &str) {
    let response = response.expect(400);
    let error = json!({
        "code": "invalid_payload",
        "message": "Payload contains invalid/missing data.",
        "more_info": more_info
    });
    let expected = json!({"trace": response.header("transaction-id"), "errors": [error], "status_code": 400});
    assert_eq!(response.json(), expected);
}

/// Asserts that a string is `prefix` followed by a UUID.
#[track_caller]
pub(super) fn assert_uuid(value: &str, prefix: &str) {
    let uuid = value.strip_prefix(prefix).unwrap_or_else(|| panic!("{value} does not start with {prefix}"));
    let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12], "{value}");
}
