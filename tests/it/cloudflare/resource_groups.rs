//! IAM resource groups and permission groups.

use access_groups_mock::{CloudflareConfig, Config, ScopeShape};
use serde_json::{Value, json};

use super::{ACCOUNT, assert_error, resource_groups_path};
use crate::support::TestServer;

fn scope() -> Value {
    json!({"key": format!("com.cloudflare.api.account.{ACCOUNT}"), "objects": [{"key": "*"}]})
}

fn create(mock: &TestServer, name: &str, scope: &Value) -> Value {
    let body = json!({"name": name, "scope": scope});
    mock.post(&resource_groups_path()).json(body).send().expect(200).json()["result"].clone()
}

fn item(group: &Value) -> String {
    format!("{}/{}", resource_groups_path(), group["id"].as_str().unwrap())
}

fn list(mock: &TestServer, query: &str) -> Value {
    mock.get(&format!("{}{query}", resource_groups_path())).send().expect(200).json()
}

fn names(list: &Value) -> Vec<&str> {
    list["result"].as_array().unwrap().iter().map(|group| group["name"].as_str().unwrap()).collect()
}

#[test]
fn a_created_group_is_read_and_deleted() {
    let mock = TestServer::start();

    let group = create(&mock, "NewResourceGroup", &scope());

    let id = group["id"].as_str().unwrap();
    assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(
        group,
        json!({"id": id, "name": "NewResourceGroup", "meta": {"editable": "true"}, "scope": scope()})
    );
    assert_eq!(mock.get(&item(&group)).send().expect(200).json()["result"], group);
    assert_eq!(mock.delete(&item(&group)).send().expect(200).json()["result"], json!({"id": id}));
    for response in [mock.get(&item(&group)).send(), mock.delete(&item(&group)).send()] {
        assert_error(&response.expect(404), 404, "Resource group not found");
    }
}

#[test]
fn an_update_changes_only_the_fields_it_contains() {
    let mock = TestServer::start();
    let group = create(&mock, "a", &scope());
    let other = json!({"key": "k", "objects": [{"key": "o", "attributes": {"n": 1}}]});
    let put = |body: Value| mock.put(&item(&group)).json(body).send().expect(200).json()["result"].clone();

    assert_eq!(put(json!({})), group);
    let renamed = put(json!({"name": "b", "meta": {"x": "y"}}));
    assert_eq!([&renamed["name"], &renamed["scope"]], [&json!("b"), &scope()]);
    let rescoped = put(json!({"scope": other, "name": null}));
    assert_eq!([&rescoped["name"], &rescoped["scope"]], [&json!("b"), &other]);
    assert_eq!(rescoped["id"], group["id"]);
}

#[test]
fn every_account_has_a_predefined_group_that_cannot_be_changed() {
    let mock = TestServer::start();
    create(&mock, "a", &scope());
    let name = format!("com.cloudflare.api.account.{ACCOUNT}");

    let found = list(&mock, &format!("?name={name}"));

    assert_eq!(names(&list(&mock, "")), [name.as_str(), "a"]);
    let predefined = &found["result"][0];
    assert_eq!(found["result_info"]["total_count"], 1);
    assert_eq!(predefined["meta"], json!({"editable": "false"}));
    assert_eq!(predefined["scope"], json!({"key": name, "objects": [{"key": "*"}]}));
    assert_eq!(mock.get(&item(predefined)).send().expect(200).json()["result"], *predefined);
    let put = mock.put(&item(predefined)).json(json!({"name": "x"})).send().expect(422);
    assert_error(&put, 422, "Resource group is non-editable");
    let delete = mock.delete(&item(predefined)).send().expect(422);
    assert_error(&delete, 422, "Resource group is non-editable");
    assert_eq!(list(&mock, "")["result"][0], *predefined);
}

#[test]
fn lists_are_complete_or_paged_and_filtered() {
    let mock = TestServer::start();
    let groups: Vec<Value> = ["a", "b", "a"].iter().map(|name| create(&mock, name, &scope())).collect();

    let all = list(&mock, "");
    let second = list(&mock, "?page=2&per_page=2");
    let by_id = list(&mock, &format!("?id={}", groups[1]["id"].as_str().unwrap()));

    assert_eq!(all["result_info"]["total_count"], 4);
    assert_eq!(names(&second), ["b", "a"]);
    assert_eq!(
        second["result_info"],
        json!({"count": 2, "page": 2, "per_page": 2, "total_count": 4, "total_pages": 2})
    );
    assert_eq!(names(&list(&mock, "?page=1&per_page=1")).len(), 1);
    assert_eq!(list(&mock, "?page=3&per_page=2")["result"], json!([]));
    assert_eq!(list(&mock, "?per_page=500")["result_info"]["per_page"], 50);
    assert_eq!(list(&mock, "?page=1")["result_info"]["per_page"], 20);
    assert_eq!(names(&list(&mock, "?name=a")), ["a", "a"]);
    assert_eq!(by_id["result"], json!([groups[1]]));
    assert_eq!(list(&mock, "?id=023e105f4ecef8ad9ca31a8372d0c353&name=none")["result"], json!([]));
}

#[test]
fn a_scope_is_returned_in_the_shape_it_was_sent() {
    let mock = TestServer::start();

    let array = json!([scope(), {"key": "k", "objects": [{"key": "o"}]}]);

    assert_eq!(create(&mock, "object", &scope())["scope"], scope());
    assert_eq!(create(&mock, "array", &array)["scope"], array);
}

#[test]
fn the_scope_setting_forces_one_shape() {
    let scopes = |shape: ScopeShape| {
        let cloudflare = CloudflareConfig { scope: shape, ..CloudflareConfig::default() };
        let mock = TestServer::with_config(Config { cloudflare, ..Config::default() }, "{}");
        let predefined = list(&mock, "")["result"][0]["scope"].is_array();
        (
            predefined,
            create(&mock, "a", &scope())["scope"].clone(),
            create(&mock, "b", &json!([scope()]))["scope"].clone(),
        )
    };

    assert_eq!(scopes(ScopeShape::Object), (false, scope(), scope()));
    assert_eq!(scopes(ScopeShape::Array), (true, json!([scope()]), json!([scope()])));
}

#[test]
fn a_group_without_name_scope_key_or_objects_is_rejected() {
    let mock = TestServer::start();
    let assert_rejected = |body: Value, message: &str| {
        let response = mock.post(&resource_groups_path()).json(body).send().expect(400);
        assert_error(&response, 400, &format!("Invalid request: {message}"));
    };

    assert_rejected(json!({}), "name is required, scope is required");
    assert_rejected(json!({"name": "", "scope": scope()}), "name must not be empty");
    assert_rejected(json!({"name": 1, "scope": scope()}), "name must be a string");
    assert_rejected(json!({"name": 5}), "name must be a string, scope is required");
    assert_rejected(json!({"name": "a", "scope": "s"}), "scope must be an object");
    assert_rejected(json!({"name": "a", "scope": []}), "scope must not be empty");
    assert_rejected(
        json!({"name": "a", "scope": {"key": "", "objects": [{"key": "*"}]}}),
        "scope.key must not be empty",
    );
    assert_rejected(json!({"name": "a", "scope": {"key": "k"}}), "scope.objects must be an array");
    assert_rejected(
        json!({"name": "a", "scope": {"key": "k", "objects": []}}),
        "scope.objects must not be empty",
    );
    assert_rejected(
        json!({"name": "a", "scope": [{"key": "k", "objects": [{"key": "*"}, {}]}]}),
        "scope[0].objects[1].key is required",
    );
    assert_rejected(json!([1]), "body must be an object");
    assert_eq!(list(&mock, "")["result_info"]["total_count"], 1);
}

#[test]
fn a_rejected_update_changes_nothing() {
    let mock = TestServer::start();
    let group = create(&mock, "a", &scope());

    let body = json!({"name": "b", "scope": {"key": "k", "objects": []}});
    mock.put(&item(&group)).json(body).send().expect(400);

    assert_eq!(mock.get(&item(&group)).send().json()["result"], group);
}

#[test]
fn a_seeded_group_can_be_pinned_or_made_non_editable() {
    let mock = TestServer::with_seed(
        r#"{"cloudflare":{"accounts":{"a":{"resource_groups":[
            {"id":"023e105f4ecef8ad9ca31a8372d0c353","name":"pinned","scope":{"key":"k","objects":[{"key":"*"}]},"pinned":true},
            {"id":"fixed","name":"fixed","scope":{"key":"k","objects":[{"key":"*"}]},"meta":{"editable":"false"}}]}}}}"#,
    );
    let pinned = "/accounts/a/iam/resource_groups/023e105f4ecef8ad9ca31a8372d0c353";

    mock.put(pinned).json(json!({"name": "x"})).send().expect(200);
    mock.delete(pinned).send().expect(200);

    assert_eq!(mock.get(pinned).send().expect(200).json()["result"]["name"], "pinned");
    mock.delete("/accounts/a/iam/resource_groups/fixed").send().expect(422);
}

#[test]
fn permission_groups_are_listed_filtered_and_read() {
    let mock = TestServer::with_seed(
        r#"{"cloudflare":{"accounts":{"a":{"permission_groups":[
            {"id":"6d7f2f5f5b1d4a0e9081fdc98d432fd1","name":"Mine","meta":{"label":"mine","scopes":"com.cloudflare.api.account"}}]}}}}"#,
    );
    let path = "/accounts/a/iam/permission_groups";
    let list = |query: &str| mock.get(&format!("{path}{query}")).send().expect(200).json();

    let all = list("");
    let read = list("?name=Firewall");

    assert_eq!(names(&all)[0], "Mine");
    assert_eq!(all["result_info"], json!({"count": 10, "page": 1, "per_page": 20, "total_count": 10}));
    assert_eq!(names(&read), ["Firewall"]);
    assert_eq!(read["result"][0]["meta"]["scopes"], "com.cloudflare.api.account");
    assert_eq!(names(&list("?label=mine")), ["Mine"]);
    assert_eq!(names(&list("?id=6d7f2f5f5b1d4a0e9081fdc98d432fd1&label=other")), [""; 0]);
    assert_eq!(list("?page=2&per_page=5")["result_info"]["count"], 5);
    assert_eq!(list("?page=9")["result"], json!([]));
    let id = read["result"][0]["id"].as_str().unwrap();
    assert_eq!(mock.get(&format!("{path}/{id}")).send().expect(200).json()["result"], read["result"][0]);
    let seeded = mock.get(&format!("{path}/6d7f2f5f5b1d4a0e9081fdc98d432fd1")).send().expect(200).json();
    assert_eq!(seeded["result"]["name"], "Mine");
    let unknown = mock.get(&format!("{path}/none")).send().expect(404);
    assert_error(&unknown, 404, "Permission group not found");
}
