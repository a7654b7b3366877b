//! The state: resets, export and import as a seed, and snapshots.

use std::collections::BTreeSet;

use access_groups_mock::Config;
use access_groups_mock::store::ClockSetting;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::crawl::{assert_same_responses, crawl, refetch};
use super::random_writes::{RandomWrite, count_successes, random_write, write_from_number};
use super::{
    DEMO_SEED, admin_get, assert_invalid, assert_problem, create_legacy_group, legacy_group_names, set_clock,
};
use crate::support::TestServer;
use crate::support::contract::find_operation;
use crate::support::operations::{Operation, operations};

const ONE: &str = r#"{"legacy":{"access_groups":[{"id":4,"name":"seeded"}]}}"#;

fn reset(mock: &TestServer, target: &str) {
    let result = mock.post(target).anonymous().send().expect(200).json();
    assert_eq!(result, json!({"status": "ok"}));
}

fn state(mock: &TestServer) -> String {
    mock.get("/__admin/state").anonymous().send().expect(200).text()
}

fn put(mock: &TestServer, state: &str) {
    let call = mock.put("/__admin/state").anonymous().body(state.to_owned());
    call.header("content-type", "application/json").send().expect(200);
}

fn count(mock: &TestServer, path: &str, list: &str) -> usize {
    admin_get(mock, path)[list].as_array().unwrap().len()
}

#[test]
fn a_reset_restores_the_initial_state_of_everything() {
    let mock = TestServer::with_seed(ONE);
    let before = legacy_group_names(&mock, "");
    create_legacy_group(&mock, "", "a");
    mock.delete("/api2/access_groups/4.json").send().expect(204);
    mock.post("/__admin/faults").json(json!({"effect": {"type": "empty"}})).send().expect(201);
    mock.post("/__admin/snapshots/s").send().expect(201);
    set_clock(&mock, "", json!({"mode": "frozen"}));

    reset(&mock, "/__admin/reset");

    assert_eq!(count(&mock, "/__admin/requests", "requests"), 0);
    assert_eq!(count(&mock, "/__admin/faults", "faults"), 0);
    assert_eq!(count(&mock, "/__admin/snapshots", "snapshots"), 0);
    assert_eq!(admin_get(&mock, "/__admin/clock")["mode"], "system");
    assert_eq!(admin_get(&mock, "/__admin/namespaces/default")["requests"], 0);
    assert_eq!(legacy_group_names(&mock, ""), before);
}

#[test]
fn a_reset_affects_one_namespace() {
    let mock = TestServer::with_seed(ONE);
    for prefix in ["", "/ns/one", "/ns/two"] {
        create_legacy_group(&mock, prefix, "a");
    }

    reset(&mock, "/ns/one/__admin/reset");
    assert_eq!(legacy_group_names(&mock, ""), ["seeded", "a"]);
    assert_eq!(legacy_group_names(&mock, "/ns/one"), ["seeded"]);
    assert_eq!(legacy_group_names(&mock, "/ns/two"), ["seeded", "a"]);

    mock.post("/__admin/reset").header("x-mock-namespace", "two").send().expect(200);
    assert_eq!(legacy_group_names(&mock, "/ns/two"), ["seeded"]);
    reset(&mock, "/__admin/reset");
    assert_eq!(legacy_group_names(&mock, ""), ["seeded"]);
}

/// Returns the number of groups, requests and faults, and whether the clock is frozen.
fn contents(mock: &TestServer) -> (u64, usize, usize, bool) {
    (
        admin_get(mock, "/__admin/groups?limit=0")["meta"]["total"].as_u64().unwrap(),
        count(mock, "/__admin/requests", "requests"),
        count(mock, "/__admin/faults", "faults"),
        admin_get(mock, "/__admin/clock")["mode"] == "frozen",
    )
}

#[test]
fn a_reset_with_a_scope_leaves_everything_else() {
    let changed = || {
        let mock = TestServer::with_seed(ONE);
        create_legacy_group(&mock, "", "a");
        mock.post("/__admin/faults").json(json!({"effect": {"type": "empty"}})).send().expect(201);
        set_clock(&mock, "", json!({"mode": "frozen"}));
        mock
    };

    for (query, expected) in [
        ("scope=state", (1, 1, 1, true)),
        ("scope=requests", (2, 0, 1, true)),
        ("scope=faults", (2, 1, 0, true)),
        ("scope=clock", (2, 1, 1, false)),
        ("scope=state,clock", (1, 1, 1, false)),
        ("scope=requests&scope=faults", (2, 0, 0, true)),
        ("scope=state,requests,faults,clock", (1, 0, 0, false)),
    ] {
        let mock = changed();
        assert_eq!(contents(&mock), (2, 1, 1, true));

        reset(&mock, &format!("/__admin/reset?{query}"));

        assert_eq!(contents(&mock), expected, "{query}");
    }
}

#[test]
fn an_invalid_reset_is_rejected_without_effect() {
    let mock = TestServer::with_seed(ONE);
    create_legacy_group(&mock, "", "a");

    for (query, detail) in [
        ("scope=journal", "scope `journal` must be one of state, requests, faults, clock"),
        ("scope=state,", "scope `` must be one of state, requests, faults, clock"),
        ("scope=", "scope `` must be one of state, requests, faults, clock"),
        ("scope=State", "scope `State` must be one of state, requests, faults, clock"),
        ("parts=state", "parts is not a parameter of this operation, which has scope"),
        ("scope=state&all=true", "all is not a parameter of this operation, which has scope"),
    ] {
        assert_invalid(&mock.post(&format!("/__admin/reset?{query}")).send(), detail);
    }
    assert_eq!(legacy_group_names(&mock, ""), ["seeded", "a"]);
}

#[test]
fn random_writes_succeed_for_every_operation() {
    let mock = TestServer::with_seed(DEMO_SEED);

    let successes = count_successes(&mock, (0..600).map(write_from_number));

    let without_success: Vec<_> = successes.iter().filter(|(_, count)| **count == 0).collect();
    assert!(without_success.is_empty(), "{without_success:?} never succeeded: {successes:?}");
}

#[test]
fn the_crawl_reaches_every_get_operation_and_both_kinds_of_pages() {
    let mock = TestServer::with_seed(DEMO_SEED);

    let recorded = crawl(&mock);

    let successful: Vec<&str> =
        recorded.iter().filter(|(_, response)| response.is_success()).map(|(target, _)| &**target).collect();
    let reached: BTreeSet<&str> = successful.iter().filter_map(|target| path_template(target)).collect();
    // A crawl sends no headers.
    let is_reachable = |it: &Operation| it.required_parameters("header").is_empty();
    let expected =
        operations().filter(|it| it.method == "get" && it.dialect() != "admin" && is_reachable(it));
    let missed: Vec<_> = expected.filter(|it| !reached.contains(it.path)).map(|it| it.name()).collect();
    assert_eq!(missed, Vec::<String>::new());
    for page in ["cursor=", "offset=2", "/rules/", "/versions/2"] {
        assert!(successful.iter().any(|target| target.contains(page)), "{page} is not in {successful:?}");
    }
}

/// Returns the path template of the operation that handles a GET request to `target`.
fn path_template(target: &str) -> Option<&'static str> {
    find_operation("GET", target.split('?').next().unwrap()).map(|(template, _)| template)
}

/// Starts a deterministic server with a frozen clock.
fn deterministic() -> TestServer {
    let clock = ClockSetting::Frozen("2026-05-05T05:05:05.500Z".parse().unwrap());
    TestServer::with_config(Config { deterministic: Some(5), clock, ..Config::default() }, DEMO_SEED)
}

/// Imports the exported state of a server into a second server and into itself: the responses are the same, and stay
/// so after more writes.
fn assert_round_trip(before: &[RandomWrite], after: &[RandomWrite]) {
    let (mock, other) = (deterministic(), deterministic());
    for write in before {
        write.apply(&mock);
    }
    let recorded = crawl(&mock);
    let saved = state(&mock);
    for write in after {
        write.apply(&other);
    }

    put(&other, &saved);
    assert_same_responses(&recorded, &refetch(&other, &recorded));
    assert_same_responses(&recorded, &crawl(&other));
    assert_eq!(state(&other), saved);

    for write in after {
        assert_eq!(write.apply(&mock), write.apply(&other), "{}", write.operation().name());
    }
    assert_eq!(state(&mock), state(&other));

    put(&mock, &saved);
    assert_same_responses(&recorded, &refetch(&mock, &recorded));
    assert_eq!(state(&mock), saved);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn an_imported_state_reproduces_all_responses(
        before in prop::collection::vec(random_write(), 20..60),
        after in prop::collection::vec(random_write(), 1..15),
    ) {
        assert_round_trip(&before, &after);
    }
}

#[test]
fn an_imported_state_reproduces_all_responses_after_many_writes() {
    let before: Vec<RandomWrite> = (0..250).map(write_from_number).collect();
    let after: Vec<RandomWrite> = (1000..1060).map(write_from_number).collect();

    assert_round_trip(&before, &after);
}

#[test]
fn a_state_can_be_copied_to_another_namespace() {
    let mock = TestServer::with_seed(ONE);
    create_legacy_group(&mock, "/ns/one", "a");

    let saved = mock.get("/ns/one/__admin/state").send().expect(200).text();
    mock.put("/ns/two/__admin/state").body(saved).send().expect(200);

    assert_eq!(legacy_group_names(&mock, "/ns/two"), ["seeded", "a"]);
    assert_eq!(legacy_group_names(&mock, ""), ["seeded"]);
}

#[test]
fn an_imported_seed_replaces_the_state_until_a_reset() {
    let mock = TestServer::with_seed(DEMO_SEED);

    put(&mock, ONE);

    assert_eq!(admin_get(&mock, "/__admin/groups?limit=0")["meta"]["total"], 1);
    assert_eq!(legacy_group_names(&mock, ""), ["seeded"]);
    put(&mock, "{}");
    assert_eq!(admin_get(&mock, "/__admin/groups?limit=0")["meta"]["total"], 0);
    reset(&mock, "/__admin/reset?scope=state");
    assert!(admin_get(&mock, "/__admin/groups?limit=0")["meta"]["total"].as_u64().unwrap() > 5);
}

#[test]
fn a_state_names_its_format_version() {
    let mock = TestServer::start();

    let state: Value = serde_json::from_str(&state(&mock)).unwrap();

    assert_eq!(state["version"], 1);
}

#[test]
fn an_invalid_state_is_rejected_with_the_path_of_the_error_and_without_effect() {
    let mock = TestServer::with_seed(ONE);
    create_legacy_group(&mock, "", "a");
    let before = state(&mock);

    for (body, detail) in [
        ("", "EOF while parsing a value at line 1 column 0"),
        ("[]", "must be a JSON object"),
        ("{\"legacy\":\n{]}", "legacy key must be a string at line 2 column 2"),
        ("{} {}", "trailing characters at line 1 column 4"),
        (r#"{"version":2}"#, "version must be 1, not 2"),
        (
            r#"{"legacy":{"access_groups":[{"id":4},{"id":4}]}}"#,
            "legacy.access_groups[1].id 4 is already used by an earlier access group",
        ),
        (
            r#"{"legacy":{"access_groups":[{"naem":"x"}]}}"#,
            "legacy.access_groups[0].naem is not a field of this object",
        ),
        (
            r#"{"credentials":[{"dialect":"okta","secret":"s"}]}"#,
            "credentials[0].dialect must be one of cloudflare, ibm, authress, legacy",
        ),
        (
            r#"{"$state":{"ids":"zz","revision":1}}"#,
            "$state.ids must be up to 16 hexadecimal digits at line 1 column 21",
        ),
        (r#"{"legacy":{},"legacy":{}}"#, "duplicate field `legacy` at line 1 column 21"),
    ] {
        assert_invalid(&mock.put("/__admin/state").body(body).send(), detail);
    }
    let unknown = mock.put("/__admin/state").body(r#"{"okta":{}}"#).send().expect(400).json();
    let detail = unknown["errors"][0]["detail"].as_str().unwrap();
    assert!(detail.starts_with("okta unknown field `okta`, expected one of `version`, "), "{detail}");
    assert_invalid(&mock.put("/__admin/state").body([0xff, 0xfe]).send(), "must be UTF-8");
    assert_eq!(state(&mock), before);
}

#[test]
fn a_state_may_exceed_the_body_limit() {
    let mock = TestServer::with_config(Config { body_limit: 1_000, ..Config::default() }, "{}");
    let groups: Vec<Value> =
        (1..=2_000).map(|id| json!({"id": id, "name": format!("group {id} {}", "x".repeat(500))})).collect();

    put(&mock, &json!({"legacy": {"access_groups": groups}}).to_string());

    assert_eq!(admin_get(&mock, "/__admin/groups?limit=0")["meta"]["total"], 2_000);
    let saved = state(&mock);
    assert!(saved.len() > 1_000_000);
    put(&mock, &saved);
    assert_eq!(state(&mock), saved);
}

#[test]
fn credentials_are_replaced_only_by_a_state_with_credentials() {
    let config = || Config { auth: access_groups_mock::AuthMode::Strict, ..Config::default() };
    let mock = TestServer::with_config(config(), r#"{"credentials":[{"dialect":"legacy","secret":"one"}]}"#);
    let list = |secret: &str| {
        let call = mock.get("/api2/access_groups.json");
        call.header("authorization", &format!("Bearer {secret}")).send().status
    };

    put(&mock, "{}");
    assert_eq!((list("one"), list("two")), (200, 401));
    put(&mock, r#"{"credentials":[{"dialect":"legacy","secret":"two"}]}"#);
    assert_eq!((list("one"), list("two")), (401, 200));
    let shown = state(&mock);
    assert!(!shown.contains("two"), "{shown}");
    assert!(shown.contains("Credentials that this state does not contain: 1."), "{shown}");
    let saved = mock.get("/__admin/state?credentials=true").anonymous().send().expect(200).text();
    assert!(saved.contains("This state contains credentials."), "{saved}");
    reset(&mock, "/__admin/reset");
    assert_eq!((list("one"), list("two")), (200, 401));
    put(&mock, &shown);
    assert_eq!((list("one"), list("two")), (200, 401), "a state without credentials keeps them");
    put(&mock, &saved);
    assert_eq!((list("one"), list("two")), (401, 200));
}

#[test]
fn a_snapshot_is_saved_restored_listed_and_deleted() {
    let mock = TestServer::with_seed(ONE);
    set_clock(&mock, "", json!({"mode": "frozen", "now": "2026-03-01T12:00:00Z"}));
    create_legacy_group(&mock, "", "a");

    let saved = mock.post("/__admin/snapshots/before").send().expect(201).json();
    assert_eq!((&saved["name"], &saved["groups"]), (&json!("before"), &json!(2)));
    assert!(saved["taken"].as_str().unwrap().starts_with("2026-03-01T12:00:00"), "{saved}");
    create_legacy_group(&mock, "", "b");
    mock.post("/__admin/snapshots/after").send().expect(201);
    assert_eq!(admin_get(&mock, "/__admin/snapshots")["snapshots"][1], saved);
    assert_eq!(count(&mock, "/__admin/snapshots", "snapshots"), 2);

    reset(&mock, "/__admin/snapshots/before/restore");
    assert_eq!(legacy_group_names(&mock, ""), ["seeded", "a"]);
    create_legacy_group(&mock, "", "c");
    reset(&mock, "/__admin/snapshots/after/restore");
    assert_eq!(legacy_group_names(&mock, ""), ["seeded", "a", "b"]);
    reset(&mock, "/__admin/snapshots/before/restore");
    assert_eq!(
        legacy_group_names(&mock, ""),
        ["seeded", "a"],
        "writes after a restore do not change the snapshot"
    );

    mock.delete("/__admin/snapshots/before").send().expect(204);
    assert_eq!(admin_get(&mock, "/__admin/snapshots")["snapshots"][0]["name"], "after");
    assert_eq!(legacy_group_names(&mock, ""), ["seeded", "a"]);
}

#[test]
fn a_restored_snapshot_reproduces_all_responses() {
    let mock = deterministic();
    for number in 0..60 {
        write_from_number(number).apply(&mock);
    }
    let recorded = crawl(&mock);
    mock.post("/__admin/snapshots/s").send().expect(201);
    let after = |mock: &TestServer| {
        (200..230).map(|number| write_from_number(number).apply(mock)).collect::<Vec<_>>()
    };
    let first = after(&mock);

    reset(&mock, "/__admin/snapshots/s/restore");

    assert_same_responses(&recorded, &refetch(&mock, &recorded));
    assert_eq!(after(&mock), first);
}

#[test]
fn a_snapshot_with_an_existing_name_replaces_it() {
    let mock = TestServer::with_seed(ONE);
    mock.post("/__admin/snapshots/s").send().expect(201);
    create_legacy_group(&mock, "", "a");
    mock.post("/__admin/snapshots/s").send().expect(201);
    create_legacy_group(&mock, "", "b");

    reset(&mock, "/__admin/snapshots/s/restore");

    assert_eq!(legacy_group_names(&mock, ""), ["seeded", "a"]);
    assert_eq!(count(&mock, "/__admin/snapshots", "snapshots"), 1);
}

#[test]
fn an_invalid_snapshot_request_is_rejected_with_a_detail() {
    let mock = TestServer::start();

    assert_problem(
        &mock.post("/__admin/snapshots/nothing/restore").send(),
        404,
        "there is no snapshot `nothing`",
        "",
    );
    assert_problem(
        &mock.delete("/__admin/snapshots/nothing").send(),
        404,
        "there is no snapshot `nothing`",
        "",
    );
    assert_invalid(
        &mock.post("/__admin/snapshots/a%20b").send(),
        "name must have 1 to 128 ASCII letters, digits and characters of `._~:@+-`",
    );
    for number in 0..100 {
        mock.post(&format!("/__admin/snapshots/s{number}")).send().expect(201);
    }
    assert_invalid(&mock.post("/__admin/snapshots/s100").send(), "name exceeds the maximum of 100 snapshots");
    mock.post("/__admin/snapshots/s7").send().expect(201);
}

#[test]
fn a_new_object_after_a_reset_has_a_new_identifier_unless_the_server_is_deterministic() {
    for (deterministic, is_new) in [(None, true), (Some(7), false)] {
        let mock = TestServer::with_config(Config { deterministic, ..Config::default() }, "{}");
        let create = |prefix: &str| {
            let request = mock.post(&format!("{prefix}/v2/groups?account_id=a")).json(json!({"name": "n"}));
            request.send().expect(201).json()["id"].as_str().unwrap().to_owned()
        };
        let mut seen = vec![create(""), create("/ns/one")];

        mock.post("/__admin/reset").send().expect(200);
        mock.post("/ns/one/__admin/reset?scope=state").send().expect(200);
        let after_reset = [create(""), create("/ns/one")];
        assert!(after_reset.iter().all(|id| seen.contains(id) != is_new), "{after_reset:?} {seen:?}");
        seen.extend(after_reset);
        mock.delete("/__admin/namespaces/one").send().expect(204);

        assert_eq!(seen.contains(&create("/ns/one")), !is_new, "{seen:?}");
    }
}
