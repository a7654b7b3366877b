//! A JSON array instead of an object is rejected everywhere, and changes nothing.

use access_groups_mock::store::{ClockSetting, IdGenerator};
use access_groups_mock::{AuthMode, CloudflareConfig, Config, RuleCheck, Seed};
use serde_json::{Value, json};

use super::helpers::{DEMO_SEED, VENDORS, admin_get, assert_invalid};
use crate::support::TestServer;
use crate::support::operations::{demo_server_with_config, example_request, operations};

/// Returns the objects inside `value`, each with its JSON pointer.
fn objects(value: &Value, pointer: &str) -> Vec<(String, Value)> {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, field)| (escaped(name), field)).collect(),
        Value::Array(items) => (0..).map(|index: usize| index.to_string()).zip(items).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    let mut found: Vec<(String, Value)> =
        below.into_iter().flat_map(|(name, value)| objects(value, &format!("{pointer}/{name}"))).collect();
    if value.is_object() {
        found.push((pointer.to_owned(), value.clone()));
    }
    found
}

/// Returns whether a seed stores the value at `pointer` as written, which applies to the contents of Cloudflare rules
/// and to the conditions of IBM policies.
fn is_stored_as_written(pointer: &str) -> bool {
    let lists = ["/access_groups/", "/neighbors/"];
    let in_rule = |list: &str| {
        pointer.split_once(list).is_some_and(|(_, rest)| {
            rest.contains('/') && lists.into_iter().any(|list| pointer.contains(list))
        })
    };
    ["/include/", "/exclude/", "/require/"].into_iter().any(in_rule) || pointer.contains("/rule/conditions/")
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Returns copies of `value`, in each of which one object is replaced by an empty array or by an array of its values.
fn with_arrays(value: &Value) -> Vec<(String, Value)> {
    let mut changed = Vec::new();
    for (pointer, object) in objects(value, "") {
        let values = object.as_object().unwrap().values().cloned().collect();
        for array in [Vec::new(), values] {
            let mut copy = value.clone();
            *copy.pointer_mut(&pointer).unwrap() = Value::Array(array);
            changed.push((pointer.clone(), copy));
        }
    }
    changed
}

/// Returns the parts of the server's state that a rejected request must not change.
fn server_state(mock: &TestServer) -> [Value; 4] {
    let step = admin_get(mock, "/__admin/clock")["step"].clone();
    [
        admin_get(mock, "/__admin/state"),
        admin_get(mock, "/__admin/faults"),
        admin_get(mock, "/__admin/snapshots"),
        step,
    ]
}

#[test]
fn an_array_instead_of_an_object_of_the_admin_api_is_rejected_with_its_path() {
    let mock = TestServer::with_seed(DEMO_SEED);
    let effect = json!({"type": "status", "status": 503});
    let array = "invalid type: sequence, expected an object";
    let before = server_state(&mock);

    for (method, path, body, detail) in [
        ("POST", "/__admin/faults", json!({"match": [], "effect": effect}), format!("match {array}")),
        ("POST", "/__admin/faults", json!({"match": ["legacy"], "effect": effect}), format!("match {array}")),
        ("POST", "/__admin/faults", json!({"effect": ["status", 503]}), format!("effect {array}")),
        ("POST", "/__admin/faults", json!({"effect": []}), format!("effect {array}")),
        ("POST", "/__admin/faults", json!({"effect": effect, "schedule": [1]}), format!("schedule {array}")),
        ("POST", "/__admin/faults", json!({"preset": "outage", "match": []}), format!("match {array}")),
        (
            "POST",
            "/__admin/faults",
            json!([{"effect": effect}, {"match": [], "effect": effect}]),
            format!("[1].match {array}"),
        ),
        ("POST", "/__admin/faults", json!([["id", {}, effect]]), format!("[0] {array}")),
        (
            "POST",
            "/__admin/faults",
            json!({"match": {"headers": {"x": ["a"]}}, "effect": effect}),
            format!("match.headers.x {array}"),
        ),
        (
            "POST",
            "/__admin/faults",
            json!({"match": {"bodyPatterns": [["a"]]}, "effect": effect}),
            format!("match.bodyPatterns[0] {array}"),
        ),
        (
            "POST",
            "/__admin/requests/find",
            json!({"queryParameters": {"a": []}}),
            format!("queryParameters.a {array}"),
        ),
        (
            "POST",
            "/__admin/requests/count",
            json!({"bodyPatterns": [[]]}),
            format!("bodyPatterns[0] {array}"),
        ),
        ("POST", "/__admin/requests/remove", json!({"headers": {"a": []}}), format!("headers.a {array}")),
        ("POST", "/__admin/requests/verify", json!({"headers": {"a": []}}), format!("headers.a {array}")),
        (
            "PUT",
            "/__admin/clock",
            json!(["frozen"]),
            "must be a JSON object such as {\"advance\":\"1h\"}".to_owned(),
        ),
        ("PUT", "/__admin/state", json!({"legacy": []}), format!("legacy {array} at line 1 column 10")),
    ] {
        assert_invalid(&mock.request(method, path).anonymous().json(body).send(), &detail);
    }

    assert_eq!(server_state(&mock), before);
    for (_, path) in VENDORS {
        mock.get(path).send().expect(200);
    }
}

#[test]
fn an_array_instead_of_an_object_in_the_body_of_any_operation_is_rejected() {
    for operation in operations() {
        let Some((_, body)) =
            operation.request_body().filter(|(media_type, _)| *media_type == "application/json")
        else {
            continue;
        };
        let cloudflare = CloudflareConfig { rules: RuleCheck::Strict, ..CloudflareConfig::default() };
        let mock = demo_server_with_config(Config { auth: AuthMode::Off, cloudflare, ..Config::default() });
        let before = server_state(&mock);
        for (pointer, changed) in with_arrays(&body["example"]) {
            // A list of faults is an array.
            if (operation.id(), pointer.as_str(), &changed) == ("admin_add_faults", "", &json!([])) {
                continue;
            }
            let call =
                example_request(&mock, &operation, &operation.target()).anonymous().body(changed.to_string());

            let response = call.send();

            let message = format!("{} with {changed} returned {}", operation.name(), response.text());
            assert!((400..500).contains(&response.status), "{message}");
            assert_eq!(server_state(&mock), before, "{message}");
        }
    }
}

#[test]
fn an_array_instead_of_an_object_in_a_seed_is_rejected_with_its_path() {
    let mut seed: Value = serde_json::from_str(DEMO_SEED).unwrap();
    seed["credentials"] = json!([{"dialect": "ibm", "secret": "s", "role": "viewer"}]);
    let mock = TestServer::with_seed(&seed.to_string());
    let mut state = admin_get(&mock, "/__admin/state");
    state["credentials"] = seed["credentials"].clone();

    for seed in [seed, state] {
        assert!(Seed::parse(&seed.to_string()).is_ok());
        for (pointer, changed) in with_arrays(&seed) {
            if is_stored_as_written(&pointer) {
                continue;
            }
            let read = Seed::parse(&changed.to_string());
            let loaded = read.and_then(|seed| seed.snapshot(ClockSetting::System, IdGenerator::from_seed(1)));

            let error = loaded.err().unwrap_or_else(|| panic!("an array is accepted at `{pointer}`"));
            assert_eq!(error.path.is_empty(), pointer.is_empty(), "`{pointer}`: {error}");
        }
    }
}
