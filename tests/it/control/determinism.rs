//! `--deterministic`: the same requests get byte-identical responses in every run, per namespace.

use access_groups_mock::Config;
use access_groups_mock::store::ClockSetting;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::random_writes::write_from_number;
use super::{ACCOUNT, DEMO_SEED};
use crate::support::{TestResponse, TestServer};

/// Returns the settings of `--deterministic=SEED`.
fn config(seed: u64) -> Config {
    let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
    Config {
        deterministic: Some(seed),
        clock: ClockSetting::Stepping(start, TimeDelta::seconds(1)),
        ..Config::default()
    }
}

/// Returns a response as a string without its `Date` header and the address of the server.
fn bytes(mock: &TestServer, response: &TestResponse) -> String {
    let mut headers = format!("{}\n", response.status);
    for (name, value) in response.headers.iter().filter(|(name, _)| *name != "date") {
        headers.push_str(&format!("{name}: {}\n", value.to_str().unwrap()));
    }
    format!("{headers}\n{}", response.text()).replace(&mock.url(), "")
}

/// Sends requests to every dialect under `prefix`, and returns the responses: they contain identifiers, tokens, entity
/// tags, times, request ids and errors.
fn run(mock: &TestServer, prefix: &str) -> Vec<String> {
    let send = |method: &str, target: &str, body: serde_json::Value| {
        bytes(mock, &mock.request(method, &format!("{prefix}{target}")).json(body).send())
    };
    let mut responses = Vec::new();
    let account = "/client/v4/accounts/a";
    let ibm = format!("/v2/groups?account_id={ACCOUNT}");
    let members = json!({"members": [{"iam_id": "IBMid-7", "type": "user"}]});
    let template = json!({"name": "t", "account_id": ACCOUNT, "group": {"name": "g"}});
    for (method, target, body) in [
        ("POST", format!("{account}/access/groups"), json!({"name": "a", "include": [{"everyone": {}}]})),
        (
            "POST",
            format!("{account}/iam/resource_groups"),
            json!({"name": "a", "scope": {"key": "k", "objects": [{"key": "o"}]}}),
        ),
        ("POST", ibm.clone(), json!({"name": "a"})),
        ("POST", ibm.clone(), json!({})),
        ("PUT", "/v2/groups/AccessGroupId-8c4e6f10-52ab-4d9c-b3f7-6a1e9d0c2b22/members".to_owned(), members),
        ("POST", "/v1/group_templates".to_owned(), template),
        ("POST", "/v1/serviceids/".to_owned(), json!({"account_id": ACCOUNT, "name": "n"})),
        ("POST", "/v1/groups".to_owned(), json!({"name": "a", "users": [], "admins": []})),
        ("POST", "/v1/groups".to_owned(), json!({"name": 7})),
        ("POST", "/api2/access_groups.json".to_owned(), json!({"entry": {"name": "a"}})),
        ("DELETE", "/api2/access_groups/99.json".to_owned(), json!({})),
        ("DELETE", "/nothing".to_owned(), json!({})),
    ] {
        responses.push(send(method, &target, body));
    }
    for target in [
        &*ibm,
        "/v1/groups?limit=1",
        "/api2/access_groups.json",
        "/v2/groups/AccessGroupId-8c4e6f10-52ab-4d9c-b3f7-6a1e9d0c2b22",
    ] {
        responses.push(bytes(mock, &mock.get(&format!("{prefix}{target}")).send()));
    }
    let form = "grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=key";
    let call = mock.post(&format!("{prefix}/identity/token")).anonymous().body(form);
    let call = call.header("content-type", "application/x-www-form-urlencoded");
    responses.push(bytes(mock, &call.send().expect(200)));
    responses.push(bytes(mock, &mock.get(&format!("{prefix}/__admin/state")).send()));
    responses
}

#[test]
fn two_runs_of_the_same_requests_get_identical_responses() {
    let (one, two) =
        (TestServer::with_config(config(7), DEMO_SEED), TestServer::with_config(config(7), DEMO_SEED));

    for (left, right) in run(&one, "").iter().zip(run(&two, "")) {
        assert_eq!(*left, right);
    }
}

#[test]
fn the_same_requests_get_identical_responses_after_a_reset() {
    let mock = TestServer::with_config(config(7), DEMO_SEED);
    let first = run(&mock, "/ns/one");

    mock.post("/ns/one/__admin/reset").send().expect(200);

    for (left, right) in first.iter().zip(run(&mock, "/ns/one")) {
        assert_eq!(*left, right);
    }
}

#[test]
fn read_requests_to_the_admin_api_have_no_effect_on_later_responses() {
    let (observed, unobserved) =
        (TestServer::with_config(config(7), DEMO_SEED), TestServer::with_config(config(7), DEMO_SEED));
    for path in ["/__admin/health", "/__admin/requests", "/__admin/clock", "/__admin/nothing"] {
        observed.get(path).send();
    }

    assert_eq!(run(&observed, ""), run(&unobserved, ""));
}

#[test]
fn a_different_seed_produces_different_identifiers() {
    let (one, two) =
        (TestServer::with_config(config(7), DEMO_SEED), TestServer::with_config(config(8), DEMO_SEED));

    assert_ne!(run(&one, "")[2], run(&two, "")[2]);
}

#[test]
fn identifiers_differ_between_runs_by_default() {
    let (one, two) = (TestServer::with_seed(DEMO_SEED), TestServer::with_seed(DEMO_SEED));
    let id = |mock: &TestServer| {
        let created = mock.post("/v2/groups?account_id=a").json(json!({"name": "n"})).send().expect(201);
        (created.json()["id"].clone(), created.header("transaction-id").to_owned())
    };

    let (one, two) = (id(&one), id(&two));

    assert_ne!(one.0, two.0);
    assert_ne!(one.1, two.1);
}

#[test]
fn a_namespace_is_deterministic_despite_concurrent_requests_in_other_namespaces() {
    let isolated = TestServer::with_config(config(7), DEMO_SEED);
    let crowded = TestServer::multi_threaded(config(7), DEMO_SEED);
    let names: Vec<String> = (0..8).map(|number| format!("/ns/n{number}")).collect();

    let together: Vec<Vec<String>> = std::thread::scope(|scope| {
        let runs: Vec<_> = names.iter().map(|name| scope.spawn(|| run(&crowded, name))).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });

    for (name, together) in names.iter().zip(together) {
        for (left, right) in run(&isolated, name).iter().zip(together) {
            assert_eq!(*left, right, "{name}");
        }
    }
}

#[test]
fn a_long_sequence_of_writes_to_all_dialects_is_deterministic() {
    let (one, two) =
        (TestServer::with_config(config(3), DEMO_SEED), TestServer::with_config(config(3), DEMO_SEED));

    for number in 0..120 {
        let step = write_from_number(number);
        assert_eq!(step.apply(&one), step.apply(&two), "{}", step.operation().name());
    }

    let state = |mock: &TestServer| mock.get("/__admin/state").send().expect(200).text();
    assert_eq!(state(&one), state(&two));
}
