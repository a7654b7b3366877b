//! Templates: create, list, get the latest version, delete; and the helpers of the template tests.

use serde_json::{Value, json};

use super::{ACCOUNT, assert_error, assert_invalid, assert_uuid, demo_server, field_values};
use crate::support::{TestResponse, TestServer};

pub(super) const TEMPLATE: &str = "AccessGroupTemplateId-0c2f5a1e-8d47-4b36-9e20-5f7a1c3d6b44";
pub(super) const TEMPLATES: &str = "/v1/group_templates";

/// Returns the path of a template.
pub(super) fn template_path(id: &str) -> String {
    format!("/v1/group_templates/{id}")
}

/// Returns the path of a version.
pub(super) fn version_path(id: &str, number: &str) -> String {
    format!("/v1/group_templates/{id}/versions/{number}")
}

/// Creates a template in account `root` with a group and returns its id. The first one is named `t`.
pub(super) fn create_template(mock: &TestServer, group: &Value) -> String {
    let list = mock.get(&format!("{TEMPLATES}?account_id=root&limit=0")).send().expect(200).json();
    let count = list["total_count"].as_u64().unwrap();
    let name = if count == 0 { "t".to_owned() } else { format!("t{}", count + 1) };
    let body = json!({"name": name, "account_id": "root", "group": group});
    let response = mock.post(TEMPLATES).json(body).send().expect(201);
    response.json()["id"].as_str().unwrap().to_owned()
}

/// Adds a version with a group and returns its number.
pub(super) fn create_version(mock: &TestServer, id: &str, body: Value) -> String {
    let response = mock.post(&format!("{}/versions", template_path(id))).json(body).send().expect(201);
    response.json()["version"].as_str().unwrap().to_owned()
}

/// Returns the entity tag of the resource at `path`.
pub(super) fn entity_tag(mock: &TestServer, path: &str) -> String {
    mock.get(path).send().expect(200).header("etag").to_owned()
}

/// Commits a version.
pub(super) fn commit_version(mock: &TestServer, id: &str, number: &str) -> TestResponse {
    let path = version_path(id, number);
    mock.post(&format!("{path}/commit")).header("if-match", &entity_tag(mock, &path)).send()
}

/// Creates a template, commits version 1 and returns the template id.
pub(super) fn create_committed_template(mock: &TestServer, group: &Value) -> String {
    let id = create_template(mock, group);
    commit_version(mock, &id, "1").expect(204);
    id
}

#[test]
fn create_returns_the_whole_template_and_get_has_the_same_entity_tag() {
    let mock = TestServer::start();
    let group = json!({"name": "Blue managed"});
    let references = json!([{"id": "policyTemplate-9", "version": "1"}]);

    let body = json!({
        "name": "Blue template", "account_id": "root", "description": "d", "group": group,
        "policy_template_references": references
    });
    let created = mock.post(TEMPLATES).json(body).send().expect(201);

    let shape = created.json();
    let id = shape["id"].as_str().unwrap();
    assert_uuid(id, "AccessGroupTemplateId-");
    let expected = json!({
        "id": id,
        "name": "Blue template",
        "description": "d",
        "account_id": "root",
        "version": "1",
        "committed": false,
        "group": group,
        "policy_template_references": references,
        "href": format!("{}{}", mock.url(), version_path(id, "1")),
        "created_at": shape["created_at"],
        "created_by_id": "IBMid-mock",
        "last_modified_at": shape["created_at"],
        "last_modified_by_id": "IBMid-mock"
    });
    assert_eq!(shape, expected);
    assert!(created.header("etag").starts_with("1-"));
    for path in [template_path(id), version_path(id, "1"), format!("{}?verbose=true", version_path(id, "1"))]
    {
        let read = mock.get(&path).send().expect(200);
        assert_eq!(read.json(), shape);
        assert_eq!(read.header("etag"), created.header("etag"));
    }
}

#[test]
fn a_template_with_only_a_name_has_every_field_that_clients_require() {
    let mock = TestServer::start();

    let body = json!({"name": "bare", "account_id": "root", "description": null, "group": null});
    let shape = mock.post(TEMPLATES).json(body).send().expect(201).json();

    assert_eq!(shape["description"], "");
    assert_eq!(shape["policy_template_references"], json!([]));
    assert_eq!(shape["group"], json!({"name": "bare"}));
}

#[test]
fn the_caller_is_the_author() {
    let mock = TestServer::start();
    // {"iam_id":"IBMid-1","account":{"bss":"acct1"}}
    let token = "Bearer e30.eyJpYW1faWQiOiJJQk1pZC0xIiwiYWNjb3VudCI6eyJic3MiOiJhY2N0MSJ9fQ.x";

    let body = json!({"name": "t", "account_id": "root"});
    let shape = mock.post(TEMPLATES).header("authorization", token).json(body).send().expect(201).json();

    assert_eq!(shape["created_by_id"], "IBMid-1");
    assert_eq!(shape["last_modified_by_id"], "IBMid-1");
    assert_eq!(shape["account_id"], "root");
}

#[test]
fn all_violations_of_a_template_are_listed() {
    let mock = TestServer::start();
    let post = |body: Value| mock.post(TEMPLATES).json(body).send();

    assert_invalid(post(json!({})), "name is missing, account_id is missing or empty");
    assert_invalid(
        post(json!({"name": " ", "account_id": "a", "description": "x".repeat(251)})),
        "name must not be blank, description must have at most 250 characters",
    );
    assert_invalid(
        post(json!({"name": "é".repeat(101), "account_id": "a"})),
        "name must have at most 100 characters",
    );
    assert_invalid(
        post(json!({"name": "t", "account_id": 7})),
        "account_id invalid type: integer `7`, expected a string",
    );
    post(json!({"name": "é".repeat(100), "account_id": "a", "description": "é".repeat(250)})).expect(201);
}

#[test]
fn a_list_shows_each_template_with_its_latest_version_and_without_the_account() {
    let mock = demo_server();

    let list = mock.get(&format!("{TEMPLATES}?account_id={ACCOUNT}")).send().expect(200).json();

    let mut latest = mock.get(&template_path(TEMPLATE)).send().expect(200).json();
    latest.as_object_mut().unwrap().remove("account_id");
    assert_eq!(latest["version"], "2");
    let url = format!("{}{TEMPLATES}", mock.url());
    let expected = json!({
        "limit": 50,
        "offset": 0,
        "total_count": 1,
        "first": {"href": format!("{url}?limit=50&account_id={ACCOUNT}")},
        "last": {"href": format!("{url}?offset=0&limit=50&account_id={ACCOUNT}")},
        "group_templates": [latest]
    });
    assert_eq!(list, expected);
}

#[test]
fn template_pages_link_to_each_other_and_repeat_the_given_parameters() {
    let mock = TestServer::start();
    let ids: Vec<String> = (0..5).map(|_| create_template(&mock, &json!({"name": "g"}))).collect();
    let path = |query: &str| format!("{TEMPLATES}?account_id=root&verbose=true&{query}");

    let page = mock.get(&path("limit=2&offset=2")).send().expect(200).json();
    let last = mock.get(&path("limit=2&offset=4")).send().expect(200).json();
    let beyond = mock.get(&path("limit=2&offset=9")).send().expect(200).json();
    let none = mock.get(&path("limit=0")).send().expect(200).json();

    let link = |rest: &str| json!({"href": format!("{}{TEMPLATES}?{rest}&account_id=root&verbose=true", mock.url())});
    assert_eq!(field_values(&page, "group_templates", "id"), ids[2..4]);
    assert_eq!(page["total_count"], 5);
    assert_eq!(page["first"], link("limit=2"));
    assert_eq!(page["previous"], link("offset=0&limit=2"));
    assert_eq!(page["next"], link("offset=4&limit=2"));
    assert_eq!(page["last"], link("offset=4&limit=2"));
    assert_eq!(field_values(&last, "group_templates", "id"), ids[4..]);
    assert_eq!(last["next"], Value::Null);
    assert_eq!(beyond["group_templates"], json!([]));
    assert_eq!(beyond["next"], Value::Null);
    assert_eq!(none["group_templates"], json!([]));
    assert_eq!(none["total_count"], 5);
    assert_eq!(none["next"], Value::Null);
}

#[test]
fn a_list_of_templates_needs_an_account_and_may_be_empty() {
    let mock = demo_server();

    let empty = mock.get(&format!("{TEMPLATES}?account_id=unknown")).send().expect(200).json();

    assert_eq!(empty["total_count"], 0);
    assert_eq!(empty["group_templates"], json!([]));
    assert_invalid(mock.get(TEMPLATES).send(), "account_id is missing");
    assert_invalid(
        mock.get(&format!("{TEMPLATES}?account_id=a&limit=101&offset=x&verbose=y")).send(),
        "verbose must be one of true, false, limit must be an integer from 0 to 100, \
         offset must be a non-negative integer",
    );
}

#[test]
fn an_unknown_template_is_404_before_the_body_is_checked() {
    let mock = TestServer::start();
    let message = "Failed to find the specified access group template: x";
    let versions = format!("{}/versions", template_path("x"));

    for response in [
        mock.get(&template_path("x")).send(),
        mock.delete(&template_path("x")).send(),
        mock.get(&versions).send(),
        mock.post(&versions).body("{").send(),
        mock.get(&version_path("x", "1")).send(),
        mock.put(&version_path("x", "1")).body("{").send(),
        mock.delete(&version_path("x", "1")).send(),
        mock.post(&format!("{}/commit", version_path("x", "1"))).send(),
        mock.get(&format!("{TEMPLATES}/x%2F1")).send(),
    ] {
        let response = response.expect(404);
        if !response.text().contains("x/1") {
            assert_error(&response, "template_not_found", message);
        }
    }
}

#[test]
fn deleting_a_template_deletes_its_versions() {
    let mock = TestServer::start();
    let id = create_template(&mock, &json!({"name": "g"}));
    create_version(&mock, &id, json!({}));

    let response = mock.delete(&template_path(&id)).send().expect(204);

    assert!(response.body.is_empty());
    mock.get(&template_path(&id)).send().expect(404);
    mock.get(&version_path(&id, "1")).send().expect(404);
    mock.get(&version_path(&id, "2")).send().expect(404);
    mock.delete(&template_path(&id)).send().expect(404);
    let list = mock.get(&format!("{TEMPLATES}?account_id=root")).send().expect(200).json();
    assert_eq!(list["total_count"], 0);
}
