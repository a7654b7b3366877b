//! Policy templates and their versions.

use serde_json::{Value, json};

use super::{ACCOUNT, assert_error, assert_uuid, demo_server, field_values};
use crate::support::{TestResponse, TestServer};

const LIST: &str = "/v1/policy_templates";

/// Returns a policy for a service.
fn policy(service: &str) -> Value {
    let attribute = json!({"key": "serviceName", "operator": "stringEquals", "value": service});
    let roles = json!([{"role_id": "crn:v1:bluemix:public:iam::::role:Viewer"}]);
    json!({"type": "access", "resource": {"attributes": [attribute]}, "control": {"grant": {"roles": roles}}})
}

fn create(mock: &TestServer, name: &str) -> TestResponse {
    mock.post(LIST).json(json!({"name": name, "account_id": "a", "policy": policy("x")})).send()
}

fn id(response: &TestResponse) -> String {
    response.json()["id"].as_str().unwrap().to_owned()
}

fn versions(mock: &TestServer, id: &str, field: &str) -> Vec<String> {
    field_values(&mock.get(&format!("{LIST}/{id}/versions")).send().expect(200).json(), "versions", field)
}

#[test]
fn a_new_template_has_version_1_as_it_was_sent() {
    let mock = TestServer::start();
    mock.put("/__admin/clock").json(json!({"mode": "frozen", "now": "2026-01-02T03:04:05.678Z"})).send();

    let response = create(&mock, "T").expect(201);

    let id = id(&response);
    assert_uuid(&id, "policyTemplate-");
    let expected = json!({
        "id": id,
        "version": "1",
        "account_id": "a",
        "name": "T",
        "committed": false,
        "state": "active",
        "created_at": "2026-01-02T03:04:05.678Z",
        "created_by_id": "IBMid-mock",
        "last_modified_at": "2026-01-02T03:04:05.678Z",
        "last_modified_by_id": "IBMid-mock",
        "policy": policy("x"),
        "href": format!("{}{LIST}/{id}/versions/1", mock.url())
    });
    assert_eq!(response.json(), expected);
    assert_eq!(response.header("content-type"), "application/json; charset=utf-8");
    for path in [format!("{LIST}/{id}"), format!("{LIST}/{id}/versions/1")] {
        let read = mock.get(&path).send().expect(200);
        assert_eq!((read.text(), read.header("etag")), (response.text(), response.header("etag")));
    }
}

#[test]
fn a_version_is_replaced_with_its_entity_tag_until_it_is_committed() {
    let mock = TestServer::start();
    let id = id(&create(&mock, "T").expect(201));
    let item = format!("{LIST}/{id}/versions/1");
    let tag = || mock.get(&item).send().expect(200).header("etag").to_owned();
    let replace = |tag: &str, body: Value| mock.put(&item).header("if-match", tag).json(body).send();
    let old = tag();

    let replaced = replace(&old, json!({"policy": policy("y"), "description": "d"})).expect(200).json();

    assert_eq!((&replaced["policy"], &replaced["description"]), (&policy("y"), &json!("d")));
    assert_eq!(replaced["name"], "T");
    replace(&old, json!({"policy": policy("z")})).expect(412);
    let without = replace(&tag(), json!({"policy": policy("z"), "name": "U"})).expect(200).json();
    assert_eq!((without.get("description"), &without["name"]), (None, &json!("U")));
    mock.post(&format!("{item}/commit")).send().expect(204);
    assert_eq!(mock.get(&item).send().expect(200).json()["committed"], true);
    let message = "Version 1 of the policy template is committed and can't be changed. Create a new version.";
    let committed = replace(&tag(), json!({"policy": policy("x")})).expect(400);
    assert_eq!(committed.json()["errors"][0]["message"], message);
    let again = mock.post(&format!("{item}/commit")).send().expect(400).json();
    assert_eq!(again["errors"][0]["code"], "request_not_processed");
}

#[test]
fn versions_are_numbered_share_the_name_and_are_deleted_one_by_one() {
    let mock = TestServer::start();
    let id = id(&create(&mock, "T").expect(201));
    let list = format!("{LIST}/{id}/versions");
    let add = |body: Value| mock.post(&list).json(body).send().expect(201).json();
    assert_eq!(add(json!({"policy": policy("y"), "committed": true}))["version"], "2");
    assert_eq!(add(json!({"policy": policy("z"), "name": "U"}))["name"], "U");
    assert_eq!(versions(&mock, &id, "version"), ["1", "2", "3"]);
    assert_eq!(versions(&mock, &id, "name"), ["U", "U", "U"]);
    assert_eq!(mock.get(&format!("{LIST}/{id}")).send().expect(200).json()["version"], "3");

    mock.delete(&format!("{list}/3")).send().expect(204);

    assert_eq!(mock.get(&format!("{LIST}/{id}")).send().expect(200).json()["version"], "2");
    assert_eq!(add(json!({"policy": policy("z")}))["version"], "4");
    for number in ["1", "2", "4"] {
        mock.delete(&format!("{list}/{number}")).send().expect(204);
    }
    let message = format!("Policy template with Id {id} not found.");
    for path in [format!("{LIST}/{id}"), list] {
        assert_error(&mock.get(&path).send().expect(404), "policy_template_not_found", &message);
    }
    create(&mock, "U").expect(201);
}

#[test]
fn a_deleted_template_takes_its_versions_with_it() {
    let mock = TestServer::start();
    let id = id(&create(&mock, "T").expect(201));

    mock.delete(&format!("{LIST}/{id}")).send().expect(204);

    mock.get(&format!("{LIST}/{id}/versions/1")).send().expect(404);
    let list = mock.get(&format!("{LIST}?account_id=a")).send().expect(200).json();
    assert_eq!(list, json!({"policy_templates": []}));
}

#[test]
fn templates_have_unique_names_and_are_listed_page_by_page() {
    let mock = TestServer::start();
    for number in 1..=5 {
        create(&mock, &format!("T{number}")).expect(201);
    }
    let conflict = create(&mock, "T3").expect(409);
    let message = "A policy template with the name \"T3\" already exists.";
    assert_error(&conflict, "policy_template_conflict_error", message);
    let page = |query: &str| mock.get(&format!("{LIST}?account_id=a{query}")).send().expect(200).json();
    let names = |query: &str| field_values(&page(query), "policy_templates", "name");

    let second = page("&limit=2&start=2");

    assert_eq!(field_values(&second, "policy_templates", "name"), ["T3", "T4"]);
    let href = |start: &str| format!("{}{LIST}?account_id=a&limit=2{start}", mock.url());
    assert_eq!(second["first"], json!({"href": href("")}));
    assert_eq!(second["next"], json!({"href": href("&start=4"), "start": "4"}));
    assert_eq!(second["previous"], json!({"href": href("")}));
    assert_eq!(page("&limit=2&start=4").get("next"), None);
    assert_eq!(names("&name=T2"), ["T2"]);
    assert_eq!(names("&policy_type=authorization"), [""; 0]);
    assert_eq!(names("&policy_type=access").len(), 5);
    assert_eq!(names("&state=deleted"), [""; 0]);
    assert_eq!(
        mock.get(&format!("{LIST}?account_id=b")).send().expect(200).json(),
        json!({"policy_templates": []})
    );
}

#[test]
fn templates_of_the_seed_survive_a_saved_state() {
    let mock = demo_server();
    let list = format!("{LIST}/policyTemplate-9/versions");
    mock.post(&list).json(json!({"policy": policy("x"), "name": "Renamed"})).send().expect(201);
    mock.delete(&format!("{list}/3")).send().expect(204);

    let other = TestServer::with_seed(&mock.get("/__admin/state").send().expect(200).text());

    for mock in [&mock, &other] {
        assert_eq!(versions(mock, "policyTemplate-9", "name"), ["Renamed", "Renamed"]);
        let created = mock.post(&list).json(json!({"policy": policy("x")})).send().expect(201).json();
        assert_eq!((&created["version"], &created["account_id"]), (&json!("4"), &json!(ACCOUNT)));
    }
}

#[test]
fn violations_of_a_policy_template_are_listed() {
    let mock = TestServer::start();
    let policy = json!({"type": "odd", "resource": {"attributes": [{"key": "k"}]}, "control": []});
    let body = json!({"name": "", "policy": policy, "committed": "no"});

    let response = mock.post(LIST).json(body).send().expect(400);

    let message = "Invalid body format. Check the input parameters. instance.account_id is required, \
        instance.name must not be empty, instance.committed must be a boolean, \
        instance.policy.type must be one of access, authorization, \
        instance.policy.resource.attributes must be an array of objects with `key` and `operator`, \
        instance.policy.control.grant must be an object";
    assert_error(&response, "invalid_body", message);
}
