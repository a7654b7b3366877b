//! `--deterministic`: the same requests give the same bytes from run to run, per namespace.

use access_groups_mock::Config;
use access_groups_mock::store::Clock;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::history::numbered;
use super::{ACCOUNT, DEMO};
use crate::support::{Mock, Reply};

/// The settings of `--deterministic=SEED`.
fn config(seed: u64) -> Config {
    let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
    Config {
        deterministic: Some(seed),
        clock: Clock::Stepping(start, TimeDelta::seconds(1)),
        ..Config::default()
    }
}

/// Everything of an answer but the time at which it was sent and the server's own address.
fn bytes(mock: &Mock, reply: &Reply) -> String {
    let mut text = format!("{}\n", reply.status);
    for (name, value) in reply.headers.iter().filter(|(name, _)| *name != "date") {
        text.push_str(&format!("{name}: {}\n", value.to_str().unwrap()));
    }
    format!("{text}\n{}", reply.text()).replace(&mock.url(), "")
}

/// A run over every dialect below `prefix`: identifiers, tokens, entity tags, times, request ids, and refusals.
fn run(mock: &Mock, prefix: &str) -> Vec<String> {
    let send = |method: &str, target: &str, body: serde_json::Value| {
        bytes(mock, &mock.call(method, &format!("{prefix}{target}")).json(body).send())
    };
    let mut texts = Vec::new();
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
        texts.push(send(method, &target, body));
    }
    for target in [
        &*ibm,
        "/v1/groups?limit=1",
        "/api2/access_groups.json",
        "/v2/groups/AccessGroupId-8c4e6f10-52ab-4d9c-b3f7-6a1e9d0c2b22",
    ] {
        texts.push(bytes(mock, &mock.get(&format!("{prefix}{target}")).send()));
    }
    let form = "grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=key";
    let call = mock.post(&format!("{prefix}/identity/token")).anonymous().body(form);
    let call = call.header("content-type", "application/x-www-form-urlencoded");
    texts.push(bytes(mock, &call.send().expect(200)));
    texts.push(bytes(mock, &mock.get(&format!("{prefix}/__admin/state")).send()));
    texts
}

#[test]
fn two_runs_of_the_same_requests_give_the_same_bytes() {
    let (one, two) = (Mock::with(config(7), DEMO), Mock::with(config(7), DEMO));

    for (left, right) in run(&one, "").iter().zip(run(&two, "")) {
        assert_eq!(*left, right);
    }
}

#[test]
fn a_reset_makes_the_same_requests_give_the_same_bytes_again() {
    let mock = Mock::with(config(7), DEMO);
    let first = run(&mock, "/ns/one");

    mock.post("/ns/one/__admin/reset").send().expect(200);

    for (left, right) in first.iter().zip(run(&mock, "/ns/one")) {
        assert_eq!(*left, right);
    }
}

#[test]
fn health_checks_and_looks_at_the_journal_change_nothing() {
    let (watched, alone) = (Mock::with(config(7), DEMO), Mock::with(config(7), DEMO));
    for path in ["/__admin/health", "/__admin/requests", "/__admin/clock", "/__admin/nothing"] {
        watched.get(path).send();
    }

    assert_eq!(run(&watched, ""), run(&alone, ""));
}

#[test]
fn another_seed_gives_other_identifiers() {
    let (one, two) = (Mock::with(config(7), DEMO), Mock::with(config(8), DEMO));

    assert_ne!(run(&one, "")[2], run(&two, "")[2]);
}

#[test]
fn without_it_identifiers_differ_from_run_to_run() {
    let (one, two) = (Mock::seeded(DEMO), Mock::seeded(DEMO));
    let id = |mock: &Mock| {
        let created = mock.post("/v2/groups?account_id=a").json(json!({"name": "n"})).send().expect(201);
        (created.json()["id"].clone(), created.header("transaction-id").to_owned())
    };

    let (one, two) = (id(&one), id(&two));

    assert_ne!(one.0, two.0);
    assert_ne!(one.1, two.1);
}

#[test]
fn a_namespace_repeats_whatever_happens_in_others_at_the_same_time() {
    let alone = Mock::with(config(7), DEMO);
    let crowded = Mock::parallel(config(7), DEMO);
    let names: Vec<String> = (0..8).map(|number| format!("/ns/n{number}")).collect();

    let together: Vec<Vec<String>> = std::thread::scope(|scope| {
        let runs: Vec<_> = names.iter().map(|name| scope.spawn(|| run(&crowded, name))).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });

    for (name, together) in names.iter().zip(together) {
        for (left, right) in run(&alone, name).iter().zip(together) {
            assert_eq!(*left, right, "{name}");
        }
    }
}

#[test]
fn a_long_history_over_all_dialects_repeats() {
    let (one, two) = (Mock::with(config(3), DEMO), Mock::with(config(3), DEMO));

    for number in 0..120 {
        let step = numbered(number);
        assert_eq!(step.apply(&one), step.apply(&two), "{}", step.operation().name());
    }

    let state = |mock: &Mock| mock.get("/__admin/state").send().expect(200).text();
    assert_eq!(state(&one), state(&two));
}
