//! Resource groups.

use serde_json::{Value, json};

use super::{ACCOUNT, assert_error, field_values};
use crate::support::TestServer;

const LIST: &str = "/v2/resource_groups";

fn get_json(mock: &TestServer, path: &str) -> Value {
    mock.get(path).send().expect(200).json()
}

fn names(mock: &TestServer, query: &str) -> Vec<String> {
    field_values(&get_json(mock, &format!("{LIST}{query}")), "resources", "name")
}

#[test]
fn a_resource_group_has_a_life_cycle() {
    let mock = TestServer::start();
    mock.put("/__admin/clock").json(json!({"mode": "frozen", "now": "2026-01-02T03:04:05.678Z"})).send();
    let body = json!({"account_id": "a", "name": "one", "default": true, "state": "x"});

    let created = mock.post(LIST).json(body).send().expect(201).json();

    let id = created["id"].as_str().unwrap().to_owned();
    assert_eq!(id.len(), 32);
    let crn = format!("crn:v1:bluemix:public:resource-controller::a/a::resource-group:{id}");
    assert_eq!(created, json!({"id": id, "crn": crn}));
    let item = format!("{LIST}/{id}");
    let expected = json!({
        "id": id,
        "crn": crn,
        "account_id": "a",
        "state": "ACTIVE",
        "default": false,
        "quota_id": "a3d7b8d01e261c24677937c29ab33f3c",
        "quota_url": "/v2/quota_definitions/a3d7b8d01e261c24677937c29ab33f3c",
        "payment_methods_url": format!("/v2/resource_groups/{id}/payment_methods"),
        "resource_linkages": [],
        "teams_url": format!("/v2/resource_groups/{id}/teams"),
        "created_at": "2026-01-02T03:04:05.678Z",
        "updated_at": "2026-01-02T03:04:05.678Z",
        "name": "one"
    });
    assert_eq!(get_json(&mock, &item), expected);
    mock.put("/__admin/clock").json(json!({"mode": "frozen", "now": "2026-01-03T00:00:00Z"})).send();
    let change = json!({"name": "two", "account_id": "b"});
    let updated = mock.patch(&item).json(change).send().expect(200).json();
    assert_eq!((&updated["name"], &updated["account_id"]), (&json!("two"), &json!("a")));
    assert_eq!(updated["created_at"], expected["created_at"]);
    assert_eq!(updated["updated_at"], "2026-01-03T00:00:00.000Z");
    assert_eq!(names(&mock, "?account_id=a"), ["Default", "two"]);
    mock.delete(&item).send().expect(204);
    let message = format!("Failed to find the resource group: {id}");
    assert_error(&mock.get(&item).send().expect(404), "not_found", &message);
    mock.patch(&item).json(json!({"name": "x"})).send().expect(404);
    mock.delete(&item).send().expect(404);
    assert_eq!(names(&mock, "?account_id=a"), ["Default"]);
}

#[test]
fn every_account_has_a_default_resource_group() {
    let mock = TestServer::start();
    assert_eq!(names(&mock, ""), ["Default"]);
    assert_eq!(get_json(&mock, &format!("{LIST}/{ACCOUNT}"))["account_id"], ACCOUNT);
    mock.post(LIST).json(json!({"account_id": ACCOUNT, "name": "one"})).send().expect(201);
    assert_eq!(names(&mock, "?default=true"), ["Default"]);
    assert_eq!(names(&mock, "?default=false"), ["one"]);
    assert_eq!(names(&mock, "?name=one"), ["one"]);

    let renamed =
        mock.patch(&format!("{LIST}/{ACCOUNT}")).json(json!({"name": "main"})).send().expect(200).json();

    assert_eq!((&renamed["default"], &renamed["name"]), (&json!(true), &json!("main")));
    assert_eq!(renamed["created_at"], "2026-01-01T00:00:00.000Z");
    assert_eq!(names(&mock, ""), ["one", "main"]);
    assert_eq!(names(&mock, "?default=true"), ["main"]);
    let message = format!("The default resource group can't be deleted: {ACCOUNT}");
    let response = mock.delete(&format!("{LIST}/{ACCOUNT}")).send().expect(400);
    assert_error(&response, "bad_request", &message);
    mock.get(&format!("{LIST}/an-account-without-groups")).send().expect(404);
}

#[test]
fn names_are_unique_in_an_account() {
    let mock = TestServer::start();
    mock.post(LIST).json(json!({"account_id": "a", "name": "one"})).send().expect(201);
    mock.post(LIST).json(json!({"account_id": "b", "name": "one"})).send().expect(201);

    for name in ["one", "Default"] {
        let response = mock.post(LIST).json(json!({"account_id": "a", "name": name})).send().expect(409);
        let message = format!("The account already has a resource group with the name: {name}");
        assert_error(&response, "conflict", &message);
    }
}

#[test]
fn resource_groups_survive_a_saved_state_and_a_pinned_one_its_deletion() {
    let seed = json!({"ibm": {"neighbors": {"resource_groups": [
        {"id": "rg1", "account_id": "a", "name": "one", "pinned": true},
        {"account_id": "b", "name": "other", "default": true}
    ]}}});
    let mock = TestServer::with_seed(&seed.to_string());
    assert_eq!(names(&mock, "?account_id=b"), ["other"]);
    mock.patch(&format!("{LIST}/rg1")).json(json!({"name": "changed"})).send().expect(200);

    let other = TestServer::with_seed(&mock.get("/__admin/state").send().expect(200).text());

    assert_eq!(names(&other, "?account_id=a"), ["Default", "changed"]);
    other.delete(&format!("{LIST}/rg1")).send().expect(204);
    assert_eq!(names(&other, "?account_id=a"), ["Default", "one"]);
}
