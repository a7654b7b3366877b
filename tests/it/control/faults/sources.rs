//! The sources of faults: the request header `X-Mock-Fault`, `/__admin/faults`, and the configuration.

use serde_json::{Value, json};

use super::super::helpers::{
    DEMO_SEED, GROUPS, VENDORS, add_faults, admin_get, admin_post, assert_invalid, create_ibm_group,
    ibm_group_names, with_faults,
};
use crate::support::{TestResponse, TestServer};

const EFFECTS: &str = "status, delay, disconnect, empty, truncate, malformed, slow-body, commit-then-fail, \
                       fail-items, stale-reads, flaky, outage, slow";

/// Returns the message of an error response in any vendor's envelope.
fn message(response: &TestResponse) -> String {
    let body = response.json();
    let messages = [&body["errors"][0]["message"], &body["title"], &body["Message"]];
    messages.into_iter().find_map(Value::as_str).unwrap().to_owned()
}

#[test]
fn an_invalid_header_is_rejected_in_each_vendors_envelope_with_its_own_rule() {
    let mock = TestServer::with_seed(DEMO_SEED);
    for (dialect, path) in VENDORS {
        let response = mock.get(path).fault("stats=503").send().expect(400);

        assert_eq!(response.header("x-mock-rule"), format!("{dialect}.control.invalid"));
        assert_eq!(message(&response), format!("X-Mock-Fault: stats must be one of {EFFECTS}"), "{dialect}");
    }
}

#[test]
fn an_invalid_header_is_rejected_with_the_invalid_part_and_without_effect() {
    let mock = TestServer::start();
    for (value, reason) in [
        ("", "X-Mock-Fault must begin with an effect such as `status=503`"),
        (";;", "X-Mock-Fault must begin with an effect such as `status=503`"),
        ("status", "X-Mock-Fault: status must be a status from 400 to 599"),
        ("status=200", "X-Mock-Fault: effect.status must be from 400 to 599"),
        ("status=70000", "X-Mock-Fault: status must be a status from 400 to 599"),
        ("status=503; retry-after=soon", "X-Mock-Fault: retry-after must be a number of seconds"),
        ("delay=2", "X-Mock-Fault: delay `2` must be a duration such as `250ms`, `30s`, `5m` or `1h 30m`"),
        ("delay=2s..1s", "X-Mock-Fault: effect.max must not be less than `min`"),
        ("disconnect=now", "X-Mock-Fault: disconnect takes no value"),
        ("truncate=half", "X-Mock-Fault: truncate must be a number of bytes"),
        ("commit-then-fail=200", "X-Mock-Fault: effect.status must be from 400 to 599"),
        ("status=503; times=0", "X-Mock-Fault: schedule.times must be 1 or more"),
        ("status=503; every=0", "X-Mock-Fault: schedule.every must be 1 or more"),
        ("status=503; times=-1", "X-Mock-Fault: times must be a number"),
        ("status=503; probability=2", "X-Mock-Fault: schedule.probability must be a number from 0 to 1"),
        ("status=503; probability=NaN", "X-Mock-Fault: schedule.probability must be a number from 0 to 1"),
        ("status=503; until=tomorrow", "X-Mock-Fault: until must be an RFC 3339 time"),
        (
            "delay=1ms; code=x",
            "X-Mock-Fault: code must be one of times, after, every, probability, for, until, or a parameter of the effect",
        ),
    ] {
        let response = create_ibm_group(&mock, "a").fault(value).send().expect(400);

        assert_eq!(message(&response), reason, "{value}");
        assert_eq!(response.header("x-mock-rule"), "ibm.control.invalid");
    }
    assert_eq!(ibm_group_names(&mock), [""; 0]);
}

#[test]
fn an_invalid_namespace_name_is_rejected_in_each_vendors_envelope_with_the_same_rule() {
    let mock = TestServer::with_seed(DEMO_SEED);
    for (dialect, path) in VENDORS {
        let response = mock.get(path).header("x-mock-namespace", "a b").send().expect(400);

        assert_eq!(response.header("x-mock-rule"), format!("{dialect}.control.invalid"));
        let reason = "must have 1 to 128 ASCII letters, digits and characters of `._~:@+-`";
        assert_eq!(message(&response), format!("X-Mock-Namespace {reason}"));
    }
}

#[test]
fn the_header_can_be_repeated() {
    let mock = TestServer::start();
    let head = "GET /v2/groups?account_id=a HTTP/1.1\nX-Mock-Fault: delay=1ms\nX-Mock-Fault: status=503";

    let response = super::super::helpers::send_raw(&mock, head, "");

    assert!(response.split().0.starts_with("HTTP/1.1 503 "));
}

#[test]
fn faults_can_be_added_listed_read_and_removed() {
    let mock = TestServer::start();
    let fault = json!({
        "id": "mine", "match": {"operation": "ibm_list_access_groups"},
        "effect": {"type": "status", "status": 503, "retryAfter": 3}, "schedule": {"times": 2}
    });
    let report = |matched: u64, injected: u64| {
        let mut report = fault.clone();
        report["matched"] = matched.into();
        report["injected"] = injected.into();
        report
    };

    assert_eq!(add_faults(&mock, fault.clone()), [report(0, 0)]);
    mock.get(GROUPS).send().expect(503);
    assert_eq!(admin_get(&mock, "/__admin/faults"), json!({"faults": [report(1, 1)]}));
    assert_eq!(admin_get(&mock, "/__admin/faults/mine"), report(1, 1));
    mock.delete("/__admin/faults/mine").send().expect(204);
    mock.get(GROUPS).send().expect(200);
    let unknown = mock.get("/__admin/faults/mine").send().expect(404);
    assert_eq!(unknown.json()["errors"][0]["title"], "there is no fault `mine`");
    mock.delete("/__admin/faults/mine").send().expect(404);
}

#[test]
fn an_invalid_fault_is_rejected_with_the_path_of_the_error_and_with_its_whole_list() {
    let mock = TestServer::start();
    let valid = json!({"effect": {"type": "empty"}});
    for (fault, detail) in [
        (json!([valid, {}]), "[1] missing field `effect`"),
        (
            json!([valid, {"effect": {"type": "status", "status": 302}}]),
            "[1].effect.status must be from 400 to 599",
        ),
        (
            json!([valid, {"effect": {"type": "empty"}, "match": {"urlPattern": "("}}]),
            "[1].match.urlPattern `(` is not a valid regular expression: found open group without closing ')'",
        ),
        (
            json!([valid, {"effect": {"type": "empty"}, "match": {"operation": "ibm_creat_group"}}]),
            "[1].match.operation `ibm_creat_group` is not an operation of this server; see /__admin/coverage for all operations",
        ),
        (
            json!([valid, {"effect": {"type": "empty"}, "match": {"dialect": "ibn"}}]),
            "[1].match.dialect `ibn` must be one of cloudflare, ibm, authress, legacy, admin",
        ),
        (
            json!([valid, {"effect": {"type": "empty"}, "match": {"namespace": "a b"}}]),
            "[1].match.namespace must have 1 to 128 ASCII letters, digits and characters of `._~:@+-`",
        ),
        (
            json!([valid, {"effect": {"type": "empty"}, "schedule": {"every": 0}}]),
            "[1].schedule.every must be 1 or more",
        ),
    ] {
        let response = admin_post(&mock, "/__admin/faults", fault.clone()).expect(400);

        assert_invalid(&response, detail);
    }
    assert_eq!(admin_get(&mock, "/__admin/faults"), json!({"faults": []}));
}

#[test]
fn regular_expressions_that_are_valid_only_inside_a_group_are_rejected() {
    let mock = TestServer::start();
    for invalid in ["a)(b", "a)|(?:b", "[", "*", "(?<x>a", r"\p{Greek"] {
        let fault = json!({"effect": {"type": "empty"}, "match": {"urlPathPattern": invalid}});

        let response = admin_post(&mock, "/__admin/faults", fault).expect(400);

        let detail = response.json()["errors"][0]["detail"].as_str().unwrap().to_owned();
        assert!(
            detail
                .starts_with(&format!("match.urlPathPattern `{invalid}` is not a valid regular expression:")),
            "{detail}"
        );
    }
}

#[test]
fn configured_faults_apply_to_every_namespace_and_are_restored_by_a_reset() {
    let mock = with_faults(json!([{"id": "mine", "effect": {"type": "status", "status": 503}}]));

    mock.get(GROUPS).send().expect(503);
    mock.get(GROUPS).header("x-mock-namespace", "other").send().expect(503);
    mock.delete("/__admin/faults").send().expect(204);
    mock.get(GROUPS).send().expect(200);
    mock.get(GROUPS).header("x-mock-namespace", "other").send().expect(503);
    mock.post("/__admin/reset?scope=faults").send().expect(200);
    mock.get(GROUPS).send().expect(503);
}

#[test]
fn flaky_injects_random_delays_errors_and_disconnects() {
    let mock = TestServer::start();

    let faults = add_faults(&mock, json!({"preset": "flaky", "match": {"dialect": "ibm"}}));

    let fault = |id: &str, effect: Value, probability: f64| {
        json!({
            "id": id, "match": {"dialect": "ibm"}, "effect": effect, "schedule": {"probability": probability},
            "matched": 0, "injected": 0
        })
    };
    assert_eq!(
        faults,
        [
            fault("fault-1", json!({"type": "delay", "min": "50ms", "max": "250ms"}), 0.2),
            fault("fault-2", json!({"type": "status", "status": 503}), 0.1),
            fault("fault-3", json!({"type": "disconnect"}), 0.05),
        ]
    );
}

#[test]
fn outage_fails_every_request_and_slow_delays_every_request() {
    let mock = TestServer::start();
    for fault in ["outage", "outage; times=1"] {
        mock.get(GROUPS).fault(fault).send().expect(503);
    }
    mock.get(GROUPS).fault("outage; times=1").send().expect(200);

    add_faults(&mock, json!([{"preset": "outage", "match": {"dialect": "authress"}}, {"preset": "slow"}]));

    mock.get("/v1/groups").allow_injected_error().send().expect(503);
    let slow = admin_get(&mock, "/__admin/faults/fault-2");
    assert_eq!(slow["effect"], json!({"type": "delay", "min": "1s", "max": "3s"}));
    let response = admin_post(&mock, "/__admin/faults", json!({"preset": "slowly"})).expect(400);
    assert_invalid(&response, "preset unknown variant `slowly`, expected one of `flaky`, `outage`, `slow`");
}

#[test]
fn presets_in_the_header_are_injected_and_accept_schedules() {
    let mock = TestServer::start();
    let started = std::time::Instant::now();

    mock.get(GROUPS).fault("slow").send().expect(200);

    assert!(started.elapsed() >= std::time::Duration::from_secs(1));
    // With probability 1 all three faults are injected, and the error has precedence over the disconnect.
    mock.get(GROUPS).fault("flaky; probability=1").send().expect(503);
    mock.get(GROUPS).fault("flaky; probability=0").send().expect(200);
    let invalid = mock.get(GROUPS).fault("outage=1").send().expect(400);
    assert_eq!(message(&invalid), format!("X-Mock-Fault: outage must be one of {EFFECTS}"));
}
