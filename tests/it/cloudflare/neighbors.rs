//! The neighbors of groups: resources that are kept as they were sent.

use access_groups_mock::{App, AuthMode, Config, Seed};
use serde_json::{Value, json};

use super::{ACCOUNT, ZONE, assert_error};
use crate::support::TestServer;
use crate::support::operations::demo_server;

/// Returns the path of a list of `ACCOUNT`.
fn path(list: &str) -> String {
    format!("/client/v4/accounts/{ACCOUNT}/{list}")
}

fn result(mock: &TestServer, path: &str) -> Value {
    mock.get(path).send().expect(200).json()["result"].clone()
}

#[test]
fn an_identity_provider_is_kept_as_it_was_sent_through_its_life_cycle() {
    let mock = TestServer::start();
    let list = path("access/identity_providers");
    let body = r#"{"type": "okta", "config": {"client_id": "x", "n": 1.50}, "id": "mine", "name": "Okta"}"#;

    let created = mock.post(&list).body(body).send().expect(201);

    let id = created.json()["result"]["id"].as_str().unwrap().to_owned();
    assert_ne!(id, "mine");
    let kept =
        format!(r#"{{"id":"{id}","type":"okta","config":{{"client_id":"x","n":1.50}},"name":"Okta"}}"#);
    assert!(created.text().contains(&kept), "{}", created.text());
    let item = format!("{list}/{id}");
    assert!(mock.get(&item).send().expect(200).text().contains(&kept));
    let changed = json!({"name": "Other", "type": "saml", "config": {}});
    let updated = mock.put(&item).json(changed.clone()).send().expect(200).json()["result"].clone();
    assert_eq!(updated, json!({"id": id, "name": "Other", "type": "saml", "config": {}}));
    assert_eq!(result(&mock, &list), json!([updated]));
    assert_eq!(mock.delete(&item).send().expect(202).json()["result"], json!({"id": id}));
    assert_error(&mock.get(&item).send().expect(404), 12135, "access.api.error.not_found");
    assert_error(&mock.put(&item).json(changed).send().expect(404), 12135, "access.api.error.not_found");
    assert_error(&mock.delete(&item).send().expect(404), 12135, "access.api.error.not_found");
}

#[test]
fn lists_are_paged_filtered_by_name_and_in_the_order_of_creation() {
    let mock = TestServer::start();
    let list = path("iam/user_groups");
    for number in 1..=45 {
        mock.post(&list).json(json!({"name": format!("g{number}")})).send().expect(200);
    }

    let names = |query: &str| -> (Vec<String>, Value) {
        let page = mock.get(&format!("{list}{query}")).send().expect(200).json();
        let groups = page["result"].as_array().unwrap().iter();
        (
            groups.map(|group| group["name"].as_str().unwrap().to_owned()).collect(),
            page["result_info"].clone(),
        )
    };

    assert_eq!(names("").0.len(), 20);
    let (last, info) = names("?per_page=20&page=3");
    assert_eq!(last, ["g41", "g42", "g43", "g44", "g45"]);
    assert_eq!(info, json!({"count": 5, "page": 3, "per_page": 20, "total_count": 45, "total_pages": 3}));
    assert_eq!(names("?per_page=20&page=4").0, [""; 0]);
    assert_eq!(names("?per_page=1000").0.len(), 45);
    assert_eq!(names("?name=g7").0, ["g7"]);
    assert_eq!(names("?name=g7&page=2").0, [""; 0]);
}

#[test]
fn lists_without_the_parameter_ignore_a_name() {
    let mock = TestServer::start();
    let policy = json!({"name": "a", "decision": "allow", "include": []});
    let bodies = [
        ("access/apps", json!({"name": "a"}), 0),
        ("access/identity_providers", json!({"name": "a", "type": "okta", "config": {}}), 1),
        ("access/policies", policy, 1),
        ("members", json!({"email": "a@example.com", "name": "a"}), 1),
    ];
    for (list, body, expected) in bodies {
        mock.post(&path(list)).json(body).send();

        let found = result(&mock, &format!("{}?name=b", path(list)));

        assert_eq!(found.as_array().unwrap().len(), expected, "{list}");
    }
}

#[test]
fn a_policy_gets_times_and_empty_lists_and_its_rules_are_checked() {
    let mock = TestServer::start();
    mock.put("/__admin/clock").json(json!({"mode": "frozen", "now": "2026-01-02T03:04:05.678Z"})).send();
    let list = path("access/policies");
    let body = json!({"name": "p", "decision": "allow", "include": [{"everyone": {}}], "require": null});

    let created = mock.post(&list).json(body.clone()).send().expect(201).json()["result"].clone();

    assert_eq!((&created["exclude"], &created["require"]), (&json!([]), &json!([])));
    assert_eq!(created["created_at"], "2026-01-02T03:04:05Z");
    mock.put("/__admin/clock").json(json!({"mode": "frozen", "now": "2026-01-02T03:04:07Z"})).send();
    let item = format!("{list}/{}", created["id"].as_str().unwrap());
    let updated = mock.put(&item).json(body).send().expect(200).json()["result"].clone();
    assert_eq!(updated["created_at"], "2026-01-02T03:04:05Z");
    assert_eq!(updated["updated_at"], "2026-01-02T03:04:07Z");
    let unknown = json!({"name": "p", "decision": "allow", "include": [{"identity_provider": {"id": "x"}}]});
    let rejected = mock.post(&list).json(unknown).send().expect(400).json()["errors"][0].clone();
    assert_eq!(rejected["message"], "access.api.error.invalid_request: invalid 'include' configuration");
    assert_eq!(rejected["error_chain"], json!([{"message": "unknown rule type: 'identity_provider'"}]));
    let wrong = json!({"name": "", "decision": "maybe", "include": {}});
    let rejected = mock.post(&list).json(wrong).send().expect(400);
    assert_error(
        &rejected,
        12130,
        "access.api.error.invalid_request: decision must be one of allow, deny, non_identity, bypass, \
         include must be an array, name must not be empty",
    );
}

#[test]
fn the_policies_of_an_application_are_deleted_with_it() {
    let mock = TestServer::start();
    for owner in [format!("accounts/{ACCOUNT}"), format!("zones/{ZONE}")] {
        let apps = format!("/client/v4/{owner}/access/apps");
        let app = mock.post(&apps).json(json!({"domain": "a.example.com"})).send().expect(201).json();
        assert_eq!(app["result"]["type"], "self_hosted");
        assert_eq!(app["result"]["aud"].as_str().unwrap().len(), 64);
        let item = format!("{apps}/{}", app["result"]["id"].as_str().unwrap());
        let policies = format!("{item}/policies");
        let body = json!({"name": "p", "decision": "deny", "include": [], "precedence": 1});

        let policy = mock.post(&policies).json(body.clone()).send().expect(201).json()["result"].clone();

        assert_eq!(result(&mock, &policies), json!([policy]));
        let policy_item = format!("{policies}/{}", policy["id"].as_str().unwrap());
        assert_eq!(result(&mock, &policy_item), policy);
        mock.delete(&item).send().expect(202);
        for path in [&policies, &policy_item] {
            assert_error(&mock.get(path).send().expect(404), 11021, "access.api.error.unknown_application");
        }
        let state = mock.get("/__admin/state").send().expect(200).text();
        assert!(!state.contains("precedence"), "{state}");
        let rejected = mock.post(&policies).json(body.clone()).send().expect(404);
        assert_error(&rejected, 11021, "access.api.error.unknown_application");
    }
}

#[test]
fn the_policies_of_an_application_can_be_named_by_their_identifiers() {
    let mock = TestServer::start();
    let apps = path("access/apps");
    let body = json!({"domain": "a.example.com", "policies": ["p1", {"id": "p2", "precedence": 2}]});

    let created = mock.post(&apps).json(body).send().expect(201).json()["result"].clone();

    assert_eq!(created["policies"], json!([{"id": "p1"}, {"id": "p2", "precedence": 2}]));
    let item = format!("{apps}/{}", created["id"].as_str().unwrap());
    assert_eq!(result(&mock, &item), created);
    let rejected = mock.put(&item).json(json!({"policies": ["p1", 1, [{"id": "p2"}]]})).send().expect(400);
    assert_error(
        &rejected,
        12130,
        "access.api.error.invalid_request: policies[1] must be an object or an identifier, \
         policies[2] must be an object or an identifier",
    );
    assert_eq!(result(&mock, &item), created);
}

#[test]
fn a_member_has_a_user_and_its_roles_as_objects() {
    let mock = TestServer::start();
    let list = path("members");
    let body = json!({"email": "a@example.com", "roles": ["10515a9267294c2e8dd974332556a33b", "other"]});

    let created = mock.post(&list).json(body).send().expect(200).json()["result"].clone();

    assert_eq!(created["status"], "pending");
    assert_eq!(created["user"]["email"], "a@example.com");
    assert_eq!(
        (&created["roles"][0]["name"], &created["roles"][1]),
        (&json!("Firewall"), &json!({"id": "other"}))
    );
    let item = format!("{list}/{}", created["id"].as_str().unwrap());
    let updated = mock.put(&item).json(json!({"roles": []})).send().expect(200).json()["result"].clone();
    assert_eq!((&updated["roles"], &updated["email"]), (&json!([]), &created["email"]));
    assert_eq!(updated["user"], created["user"]);
    mock.delete(&item).send().expect(200);
    assert_error(&mock.get(&item).send().expect(404), 1003, "Member not found");
}

#[test]
fn a_user_group_has_a_unique_name_and_identifiers_in_its_policies() {
    let mock = TestServer::start();
    let list = path("iam/user_groups");
    let policy =
        json!({"access": "allow", "permission_groups": [{"id": "p"}], "resource_groups": [{"id": "r"}]});
    let body = json!({"name": "g", "policies": [policy]});

    let created = mock.post(&list).json(body.clone()).send().expect(200).json()["result"].clone();

    let policy_id = created["policies"][0]["id"].as_str().unwrap();
    assert_eq!(policy_id.len(), 32);
    assert_eq!(created["policies"][0]["permission_groups"], json!([{"id": "p"}]));
    let in_use = mock.post(&list).json(body).send().expect(400);
    assert_error(&in_use, 400, "User group name is already in use");
    let item = format!("{list}/{}", created["id"].as_str().unwrap());
    let renamed = mock.put(&item).json(json!({"name": "h"})).send().expect(200).json()["result"].clone();
    assert_eq!((&renamed["name"], &renamed["policies"]), (&json!("h"), &created["policies"]));
    mock.put(&item).json(json!({"name": "h"})).send().expect(200);
    mock.post(&list).json(json!({"name": "g"})).send().expect(200);
    let in_use = mock.put(&item).json(json!({"name": "g"})).send().expect(400);
    assert_error(&in_use, 400, "User group name is already in use");
}

#[test]
fn neighbors_of_one_account_or_namespace_are_not_visible_in_another() {
    let mock = TestServer::start();
    let body = json!({"name": "i", "type": "okta", "config": {}});
    mock.post(&path("access/identity_providers")).json(body).send().expect(201);

    assert_eq!(result(&mock, "/client/v4/accounts/other/access/identity_providers"), json!([]));
    let zone = format!("/client/v4/zones/{ZONE}/access/identity_providers");
    assert_eq!(result(&mock, &zone), json!([]));
    let other = format!("/ns/other{}", path("access/identity_providers"));
    assert_eq!(result(&mock, &other), json!([]));
    mock.post("/__admin/reset").send().expect(200);
    assert_eq!(result(&mock, &path("access/identity_providers")), json!([]));
}

#[test]
fn a_saved_state_restores_neighbors_exactly() {
    let mock = demo_server(AuthMode::Lenient);
    let odd = r#"{"name":"o","type":"okta","config":{"a":1,"a":2},"pinned":7,"$state":{"x":[]},"name":"p"}"#;
    let created = mock.post(&path("access/identity_providers")).body(odd).send().expect(201).text();
    assert!(
        created.contains(r#""config":{"a":1,"a":2},"pinned":7,"$state":{"x":[]},"name":"p"}"#),
        "{created}"
    );
    let saved = mock.get("/__admin/state").send().expect(200).text();
    let restored = TestServer::start();

    restored.put("/__admin/state").body(saved.clone()).send().expect(200);

    assert_eq!(restored.get("/__admin/state").send().expect(200).text(), saved);
    for list in ["access/identity_providers", "access/policies", "access/apps", "members", "iam/user_groups"]
    {
        let texts = [&mock, &restored].map(|server| server.get(&path(list)).send().expect(200).text());
        assert_eq!(texts[0], texts[1]);
    }
}

#[test]
fn a_deletion_of_a_pinned_neighbor_restores_its_seeded_value() {
    let seed = json!({"cloudflare": {"accounts": {ACCOUNT: {"neighbors": {
        "members": [{"id": "m", "email": "a@example.com", "pinned": true}]
    }}}}});
    let mock = TestServer::with_seed(&seed.to_string());
    let item = path("members/m");
    let seeded = result(&mock, &item);
    mock.put(&item).json(json!({"status": "accepted"})).send().expect(200);
    let saved = mock.get("/__admin/state").send().expect(200).text();
    mock.put("/__admin/state").body(saved.clone()).send().expect(200);
    assert_eq!(mock.get("/__admin/state").send().expect(200).text(), saved);

    mock.delete(&item).send().expect(200);

    assert_eq!(result(&mock, &item), seeded);
    assert_eq!(seeded["status"], "pending");
}

#[test]
fn errors_of_seeded_neighbors_name_their_path() {
    for (lists, expected) in [
        (json!({"access/nothing": []}), "access/nothing: must be one of access/identity_providers, "),
        (json!({"members": {}}), "members: invalid type: map, expected a sequence"),
        (json!({"members": [7]}), "members[0]: must be an object"),
        (json!({"members": [{}]}), "members[0].email: is required"),
        (
            json!({"members": [{"email": "a", "id": "a/b"}]}),
            "members[0].id: must be a string that is not empty",
        ),
        (json!({"members": [{"email": "a", "pinned": 1}]}), "members[0].pinned: must be a boolean"),
        (json!({"members": [{"email": "a", "$state": []}]}), "members[0].$state: invalid type: sequence"),
        (json!({"members": [{"email": "a", "$state": {"x": 1}}]}), "members[0].$state: unknown field `x`"),
        (
            json!({"members": [{"$state": {"json": "[]"}}]}),
            "members[0].$state.json: is not the JSON of an object",
        ),
        (
            json!({"members": [{"email": "a", "pinned": true, "$state": {"pinned": {"email": "b"}}}]}),
            "members[0].$state.pinned: cannot be combined with `pinned`",
        ),
        (
            json!({"members": [{"email": "a", "$state": {"pinned": {"email": "b", "$state": {"sequence": 1}}}}]}),
            "members[0].$state.pinned.$state.sequence: is not allowed in a pinned value",
        ),
        (
            json!({"members": [{"email": "a", "$state": {"sequence": 0}}]}),
            "members[0].$state.sequence: must be",
        ),
        (
            json!({"members": [{"email": "a", "id": "1"}, {"email": "b", "id": "1"}]}),
            "members[1].id: already exists",
        ),
    ] {
        let text = json!({"cloudflare": {"accounts": {"a": {"neighbors": lists}}}}).to_string();
        let loaded = Seed::parse(&text).and_then(|seed| App::new(Config::default(), seed));

        let error = loaded.unwrap_err().to_string();

        let expected = format!("cloudflare.accounts.a.neighbors.{expected}");
        assert!(error.starts_with(&expected), "{error} instead of {expected}");
    }
    let zone = json!({"cloudflare": {"zones": {"z": {"neighbors": {"members": []}}}}}).to_string();
    let error = App::new(Config::default(), Seed::parse(&zone).unwrap()).unwrap_err().to_string();
    assert!(error.starts_with("cloudflare.zones.z.neighbors.members: must be one of"), "{error}");
}
