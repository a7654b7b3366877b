//! Identifiers and revisions of seeds and states whose counters stand before their records.

use access_groups_mock::{App, AuthMode, Config, Seed};
use serde_json::{Value, json};

use super::{ACCOUNT, DEMO_SEED, assert_invalid};
use crate::support::operations::{Operation, demo_server, example_request, operations};
use crate::support::{TestResponse, TestServer};

/// The operations that create a record with a new identifier.
const CREATES: [&str; 24] = [
    "cloudflare_create_access_group",
    "cloudflare_create_zone_access_group",
    "cloudflare_create_resource_group",
    "cloudflare_create_identity_provider",
    "cloudflare_create_access_policy",
    "cloudflare_create_access_application",
    "cloudflare_create_zone_access_application_policy",
    "cloudflare_create_account_member",
    "cloudflare_create_user_group",
    "ibm_create_access_group",
    "ibm_add_access_group_rule",
    "ibm_create_template",
    "ibm_create_assignment",
    "ibm_create_service_id",
    "ibm_create_profile",
    "ibm_create_policy",
    "ibm_create_v2_policy",
    "ibm_create_resource_group",
    "ibm_create_service_id_group",
    "ibm_create_policy_template",
    "authress_create_group",
    "authress_create_role",
    "authress_create_record",
    "legacy_create_access_group",
];

fn state(mock: &TestServer) -> Value {
    mock.get("/__admin/state").send().expect(200).json()
}

/// Sends the example of an operation with a name and target that no other request has, and without an identifier.
fn create(mock: &TestServer, operation: &Operation, suffix: &str) -> TestResponse {
    let mut body = operation.request_body().unwrap().1["example"].clone();
    let object = if body.get("entry").is_some() { &mut body["entry"] } else { &mut body };
    let object = object.as_object_mut().unwrap();
    for id in ["groupId", "roleId", "recordId"] {
        object.remove(id);
    }
    for field in ["name", "target"] {
        if object.contains_key(field) {
            object[field] = json!(format!("new-{suffix}"));
        }
    }
    // Equal policies would conflict.
    for (path, name) in [("/resources/0/attributes", "name"), ("/resource/attributes", "key")] {
        if let Some(attributes) = body.pointer_mut(path) {
            let attribute = json!({name: "region", "operator": "stringEquals", "value": suffix});
            attributes.as_array_mut().unwrap().push(attribute);
        }
    }
    example_request(mock, operation, &operation.target()).json(body).send()
}

/// Returns the identifiers of the created records, in the order of their fields.
fn id(response: &TestResponse) -> String {
    let body = response.json();
    let object = [&body["entry"], &body["result"], &body].into_iter().find(|it| it.is_object()).unwrap();
    let id = ["id", "groupId", "roleId", "recordId"]
        .into_iter()
        .map(|name| &object[name])
        .find(|id| !id.is_null());
    id.unwrap().to_string()
}

#[test]
fn identifiers_that_are_taken_are_drawn_again() {
    for name in CREATES {
        let operation = operations().find(|it| it.id() == name).unwrap();
        let mock = demo_server(AuthMode::Lenient);
        let before = state(&mock);
        let first = create(&mock, &operation, "1");
        assert!(first.status < 300, "{name}: {}", first.text());
        let mut set_back = state(&mock);
        set_back["$state"] = before["$state"].clone();
        mock.put("/__admin/state").json(set_back).send().expect(200);

        let second = create(&mock, &operation, "2");
        let third = create(&mock, &operation, "3");

        assert_eq!((second.status, third.status), (first.status, first.status), "{name}: {}", second.text());
        let ids = [id(&first), id(&second), id(&third)];
        assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2], "{name}: {ids:?}");
    }
}

#[test]
fn a_response_of_an_earlier_deterministic_run_can_be_pasted_into_the_seed() {
    let config = || Config { deterministic: Some(0), ..Config::default() };
    let create = |mock: &TestServer, name: &str| {
        let request = mock.post(&format!("/v2/groups?account_id={ACCOUNT}")).json(json!({"name": name}));
        request.send().expect(201).json()
    };
    let pasted = create(&TestServer::with_config(config(), "{}"), "Red Team");
    let seed = json!({"ibm": {"accounts": {ACCOUNT: {"groups": [pasted, {"name": "Without id"}]}}}});

    let mock = TestServer::with_config(config(), &seed.to_string());
    let created = create(&mock, "Blue");

    assert_ne!(created["id"], pasted["id"]);
    let groups = mock.get(&format!("/v2/groups?account_id={ACCOUNT}")).send().expect(200).json();
    assert_eq!(groups["groups"].as_array().unwrap().len(), 4, "with the Public Access group");
}

#[test]
fn an_object_without_id_gets_another_one_than_those_before_it() {
    let mock = TestServer::with_config(Config { deterministic: Some(0), ..Config::default() }, "{}");
    let group = json!({"name": "Without id"});
    let state_with = |groups: Value| json!({"ibm": {"accounts": {ACCOUNT: {"groups": groups}}}});
    let ids_before = state(&mock)["$state"]["ids"].clone();
    mock.put("/__admin/state").json(state_with(json!([group]))).send().expect(200);
    let first = state(&mock)["ibm"]["accounts"][ACCOUNT]["groups"][0].clone();
    // The next object without id would draw the identifier of the first one again.
    mock.put("/__admin/state").json(json!({"$state": {"ids": ids_before, "revision": 0}})).send().expect(200);

    mock.put("/__admin/state").json(state_with(json!([first, group]))).send().expect(200);

    let groups = state(&mock)["ibm"]["accounts"][ACCOUNT]["groups"].clone();
    assert_eq!(groups[0]["id"], first["id"]);
    assert_ne!(groups[1]["id"], first["id"]);
}

#[test]
fn an_object_without_id_gets_another_one_than_those_after_it() {
    let start = |seed: &Value| {
        let config = Config { deterministic: Some(0), ..Config::default() };
        state(&TestServer::with_config(config, &seed.to_string()))
    };
    let rules = json!([{"everyone": {}}]);
    let scope = json!({"key": "k", "objects": [{"key": "*"}]});
    let account = "/cloudflare/accounts/a";
    for (list, object) in [
        (format!("{account}/access_groups"), json!({"name": "n", "include": rules})),
        (format!("{account}/resource_groups"), json!({"name": "n", "scope": scope})),
        ("/ibm/accounts/a/groups".to_owned(), json!({"name": "n"})),
        ("/authress/groups".to_owned(), json!({"name": "n", "users": [], "admins": []})),
        ("/legacy/access_groups".to_owned(), json!({"name": "n"})),
    ] {
        let seed = |objects: &[&Value]| {
            let names = list[1..].rsplit('/');
            names.fold(json!(objects), |inner, name| json!({name: inner}))
        };
        let mut named = start(&seed(&[&object])).pointer(&format!("{list}/0")).unwrap().clone();
        named.as_object_mut().unwrap().remove("$state");

        let loaded = start(&seed(&[&object, &named]));

        let id = if list.starts_with("/authress") { "groupId" } else { "id" };
        let ids = loaded.pointer(&list).unwrap().as_array().unwrap().iter().map(|it| it[id].clone());
        let ids: Vec<Value> = ids.collect();
        assert_eq!(ids.len(), 2, "{list}");
        assert!(ids.contains(&named[id]) && ids[0] != ids[1], "{list}: {ids:?}");
    }
}

#[test]
fn a_revision_before_those_of_the_records_is_raised() {
    let mock = TestServer::with_config(Config::default(), DEMO_SEED);
    let saved = state(&mock);
    let mut set_back = saved.clone();
    set_back["$state"]["revision"] = json!(0);

    mock.put("/__admin/state").json(set_back).send().expect(200);

    assert_eq!(state(&mock)["$state"]["revision"], saved["$state"]["revision"]);
}

#[test]
fn a_revision_that_cannot_increase_is_rejected() {
    let mock = TestServer::start();
    let before = state(&mock);
    for revision in [9_007_199_254_740_992, u64::MAX] {
        let invalid = json!({"$state": {"ids": "0", "revision": revision}});

        let response = mock.put("/__admin/state").json(invalid).send();

        assert_invalid(&response, "$state.revision must be a number from 0 to 9007199254740991");
        assert_eq!(state(&mock), before);
    }
}

#[test]
fn new_legacy_customers_get_ids_that_no_customer_of_a_restored_state_has() {
    let mock = TestServer::start();
    let state = json!({"legacy": {
        "access_groups": [{"id": 5, "customers": [{"id": 3, "email": "a@b.c"}]}],
        "$state": {"last_sequence": 0, "last_id": 1, "last_customer_id": 2}
    }});
    mock.put("/__admin/state").json(state).send().expect(200);
    let entry = json!({"entry": {"customers": [{"email": "new@b.c"}]}});

    let group =
        mock.post("/api2/access_groups.json").json(json!({"entry": {"name": "x"}})).send().expect(201);
    let updated = mock.put("/api2/access_groups/5.json").json(entry).send().expect(200).json();

    assert_eq!(id(&group), "6");
    assert_eq!(updated["entry"]["customers"][0]["id"], 4);
}

#[test]
fn a_rejected_seed_may_have_values_that_are_saved_as_they_were_sent() {
    let scope = r#"{"key": "k", "objects": [{"key": "\ud800 \" \\"}]}"#;
    let group = format!(r#"{{"id": "023e105f4ecef8ad9ca31a8372d0c353", "name": "n", "scope": {scope}}}"#);
    let seed =
        format!(r#"{{"cloudflare": {{"accounts": {{"a": {{"resource_groups": [{group}, {group}]}}}}}}}}"#);

    let error = App::new(Config::default(), Seed::parse(&seed).unwrap()).unwrap_err();

    assert!(error.path.starts_with("cloudflare.accounts.a.resource_groups["), "{error}");
}
