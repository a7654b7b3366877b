//! The neighbors of groups: roles, access records and users.

use serde_json::{Value, json};

use super::{assert_error, group_body};
use crate::support::TestServer;
use crate::support::operations::demo_server;

fn role(id: &str) -> Value {
    json!({
        "roleId": id,
        "name": "Reader",
        "permissions": [{"action": "documents:read", "allow": true, "grant": false, "delegate": false}]
    })
}

fn record(group: &str) -> Value {
    json!({
        "name": "Readers",
        "groups": [{"groupId": group}],
        "statements": [{"roles": ["ro_reader"], "resources": [{"resourceUri": "documents/*"}]}]
    })
}

#[test]
fn a_role_has_a_life_cycle() {
    let mock = TestServer::start();

    let created = mock.post("/v1/roles").json(role("ro_reader")).send().expect(201);

    assert_eq!(created.json(), role("ro_reader"));
    assert_eq!(created.header("content-type"), "application/links+json");
    let title = "The role `ro_reader` already exists";
    assert_error(
        &mock.post("/v1/roles").json(role("ro_reader")).send().expect(409),
        "RoleAlreadyExists",
        title,
    );
    let body = json!({"roleId": "ignored", "name": "Other", "description": "d", "permissions": []});
    let updated = mock.put("/v1/roles/ro_reader").json(body).send().expect(200).json();
    assert_eq!(
        updated,
        json!({"roleId": "ro_reader", "name": "Other", "description": "d", "permissions": []})
    );
    assert_eq!(mock.get("/v1/roles/ro_reader").send().expect(200).json(), updated);
    mock.delete("/v1/roles/ro_reader").send().expect(204);
    let title = "The role `ro_reader` does not exist";
    assert_error(&mock.get("/v1/roles/ro_reader").send().expect(404), "RoleNotFound", title);
    mock.put("/v1/roles/ro_reader").json(role("ro_reader")).send().expect(404);
    mock.delete("/v1/roles/ro_reader").send().expect(404);
}

#[test]
fn a_role_without_id_gets_one_and_the_terraform_provider_gets_200() {
    let mock = TestServer::start();
    let body = json!({"name": "Reader", "permissions": []});

    let created = mock.post("/v1/roles").json(body.clone()).send().expect(201).json();

    let id = created["roleId"].as_str().unwrap();
    assert!(id.starts_with("ro_") && id.len() == 23, "{id}");
    let terraform = |path: &str, body: Value| {
        let request = mock.post(path).header("user-agent", "Authress SDK; Terraform; 2.0.39;");
        request.body(body.to_string()).send()
    };
    terraform("/v1/roles", body).expect(200);
    terraform("/v1/records", record("grp_a")).expect(201);
}

#[test]
fn a_record_has_a_life_cycle_with_links_and_times() {
    let mock = TestServer::start();
    mock.put("/__admin/clock").json(json!({"mode": "frozen", "now": "2026-01-02T03:04:05.678Z"})).send();
    let mut body = record("grp_a");
    body["links"] = json!({"self": {"href": "x"}});
    body["lastUpdated"] = json!("2001-01-01T00:00:00Z");
    body["status"] = json!("DELETED");

    let created = mock.post("/v1/records").json(body).send().expect(201).json();

    let id = created["recordId"].as_str().unwrap().to_owned();
    assert!(id.starts_with("rec_"), "{id}");
    let mut expected = record("grp_a");
    expected["recordId"] = json!(id);
    expected["lastUpdated"] = json!("2026-01-02T03:04:05.678Z");
    expected["status"] = json!("ACTIVE");
    expected["links"] = json!({"self": {"href": format!("{}/v1/records/{id}", mock.url())}});
    assert_eq!(created, expected);
    let item = format!("/v1/records/{id}");
    let update = |since: &str| {
        let request = mock.put(&item).header("if-unmodified-since", since);
        request.json(record("grp_b")).send()
    };
    let stale = update("2026-01-02T03:04:05.677Z").expect(412);
    let title = "The access record was last updated at Fri, 02 Jan 2026 03:04:05 GMT, after the time in If-Unmodified-Since";
    assert_eq!(stale.json()["title"], title);
    assert_eq!(stale.header("last-modified"), "Fri, 02 Jan 2026 03:04:05 GMT");
    let updated = update("2026-01-02T03:04:05Z").expect(202).json();
    assert_eq!(updated["groups"], json!([{"groupId": "grp_b"}]));
    assert_eq!(mock.get(&item).send().expect(200).json(), updated);
    mock.delete(&item).send().expect(204);
    assert_error(
        &mock.get(&item).send().expect(404),
        "RecordNotFound",
        &format!("The access record `{id}` does not exist"),
    );
}

#[test]
fn lists_have_cursors_and_a_filter() {
    let mock = TestServer::start();
    for number in 1..=5 {
        mock.post("/v1/roles").json(role(&format!("ro_{number}"))).send().expect(201);
    }
    let mut ids = Vec::new();
    let mut path = "/v1/roles?limit=2".to_owned();
    loop {
        let page = mock.get(&path).send().expect(200).json();
        let roles = page["roles"].as_array().unwrap().iter();
        ids.extend(roles.map(|role| role["roleId"].as_str().unwrap().to_owned()));
        let Some(next) = page.get("pagination") else { break };
        let cursor = next["next"]["cursor"].as_str().unwrap();
        let href = format!("/v1/roles?limit=2&cursor={cursor}");
        assert_eq!(page["links"]["next"]["href"], format!("{}{href}", mock.url()));
        path = href;
    }

    assert_eq!(ids, ["ro_1", "ro_2", "ro_3", "ro_4", "ro_5"]);
    for number in 6..=101 {
        mock.post("/v1/roles").json(role(&format!("ro_{number}"))).send().expect(201);
    }
    let default_page = mock.get("/v1/roles").send().expect(200).json();
    assert_eq!(default_page["roles"].as_array().unwrap().len(), 100);
    let found = |filter: &str| {
        let list = mock.get(&format!("/v1/roles?filter={filter}")).send().expect(200).json();
        list["roles"].as_array().unwrap().len()
    };
    assert_eq!((found("RO_3&limit=1"), found("documents%3Aread"), found("roleId")), (1, 100, 0));
    mock.get("/v1/records?status=ACTIVE&limit=20").send().expect(200);
    let title = "InvalidRequest: request.query.limit must be <= 20.";
    assert_error(&mock.get("/v1/records?limit=21").send().expect(400), "InvalidRequest", title);
    mock.get("/v1/roles?limit=100").send().expect(200);
    mock.get("/v1/roles?status=ACTIVE").send().expect(400);
}

#[test]
fn bodies_are_checked_in_the_words_of_the_validator() {
    let mock = TestServer::start();
    let reject = |path: &str, body: Value, violations: &str| {
        let response = mock.post(path).json(body).send().expect(400);
        assert_error(&response, "InvalidRequest", &format!("InvalidRequest: {violations}."));
    };

    reject(
        "/v1/roles",
        json!({"roleId": "a b", "name": "", "permissions": [{"action": "a::b", "allow": 1}], "x": 1}),
        "request.body must NOT have additional property: 'x', \
         request.body.roleId must match pattern \"^[a-zA-Z0-9-._:@]+$\", \
         request.body.name must NOT have fewer than 1 characters, \
         missing required property request.body.permissions[0].grant, \
         missing required property request.body.permissions[0].delegate, \
         request.body.permissions[0].action must match pattern \
         \"^([*]|[a-zA-Z0-9-_]+)(:([*]|[a-zA-Z0-9-_]+))*$\", \
         request.body.permissions[0].allow must be boolean",
    );
    reject(
        "/v1/records",
        json!({"name": "n", "users": {}, "statements": [], "tags": {"a": 1}}),
        "request.body.users must be array, request.body.statements must NOT have fewer than 1 items, \
         request.body.tags['a'] must be string",
    );
    let many: Vec<Value> = (0..101).map(|_| role("r")["permissions"][0].clone()).collect();
    reject(
        "/v1/roles",
        json!({"name": 5, "permissions": many, "description": null}),
        "request.body.name must be string, request.body.permissions must NOT have more than 100 items",
    );
    reject("/v1/roles", json!([]), "request.body must be object");
}

#[test]
fn users_are_those_of_the_seed() {
    let seed = json!({"authress": {"neighbors": {"users": [
        {"userId": "oauth|a", "name": "Ada", "email": "ada@example.com"},
        {"userId": "b", "pinned": true}
    ]}}});
    let mock = TestServer::with_seed(&seed.to_string());

    let list = mock.get("/v1/users?tenantId=t").send().expect(200).json();

    assert_eq!(
        list["users"],
        json!([{"userId": "oauth|a", "name": "Ada", "email": "ada@example.com"}, {"userId": "b"}])
    );
    assert_eq!(mock.get("/v1/users/oauth%7Ca").send().expect(200).json()["name"], "Ada");
    mock.delete("/v1/users/oauth%7Ca").send().expect(202);
    mock.delete("/v1/users/b").send().expect(202);
    assert_eq!(mock.get("/v1/users").send().expect(200).json()["users"], json!([{"userId": "b"}]));
    assert_error(&mock.get("/v1/users/x").send().expect(404), "UserNotFound", "The user `x` does not exist");
    mock.post("/v1/users").json(json!({"userId": "c"})).send().expect(405);
}

#[test]
fn the_uses_of_a_group_are_the_records_that_name_it() {
    let mock = TestServer::start();
    let mut group = group_body("g");
    group["groupId"] = json!("grp_a");
    mock.post("/v1/groups").json(group).send().expect(201);
    let mut body = record("grp_a");
    body["recordId"] = json!("rec_1");
    body["statements"][0]["groups"] = json!([{"groupId": "grp_b"}, {"groupId": "grp_a"}]);
    mock.post("/v1/records").json(body).send().expect(201);

    let uses = mock.get("/__admin/groups/grp_a/uses").send().expect(200).json();

    let found = |path: &str| json!({"dialect": "authress", "kind": "access_record", "account": "", "id": "rec_1", "name": "Readers", "path": path});
    assert_eq!(uses, json!({"uses": [found("groups[0]"), found("statements[0].groups[1]")]}));
    mock.delete("/v1/groups/grp_a").send().expect(204);
    mock.get("/v1/records/rec_1").send().expect(200);
}

#[test]
fn neighbors_survive_a_saved_state() {
    let mock = demo_server(access_groups_mock::AuthMode::Lenient);
    mock.post("/v1/roles").json(role("ro_new")).send().expect(201);
    mock.delete("/v1/roles/ro_new").send().expect(204);
    let state = mock.get("/__admin/state").send().expect(200).text();

    let other = TestServer::with_seed(&state);

    for path in ["/v1/roles", "/v1/records", "/v1/users"] {
        let text = |mock: &TestServer| mock.get(path).send().expect(200).text().replace(&mock.url(), "");
        assert_eq!(text(&other), text(&mock), "{path}");
    }
    assert_eq!(other.get("/__admin/state").send().expect(200).text(), state);
}
