//! The doors by which faults come: the header of a request, `/__admin/faults`, and what a server begins with.

use serde_json::{Value, json};

use super::super::bench::{GROUPS, SEED, VENDORS, arm, ask, assert_invalid, create, names, own, with_faults};
use crate::support::{Mock, Reply};

const EFFECTS: &str = "status, delay, disconnect, empty, truncate, malformed, slow-body, commit-then-fail, \
                       fail-items, stale-reads, flaky, outage, slow";

/// The message of a refusal in any vendor's envelope.
fn message(reply: &Reply) -> String {
    let body = reply.json();
    let places = [&body["errors"][0]["message"], &body["title"], &body["Message"]];
    places.into_iter().find_map(Value::as_str).unwrap().to_owned()
}

#[test]
fn a_wrong_header_is_refused_in_each_vendors_envelope_by_a_rule_of_its_own() {
    let mock = Mock::seeded(SEED);
    for (dialect, path) in VENDORS {
        let reply = mock.get(path).fault("stats=503").send().expect(400);

        assert_eq!(reply.header("x-mock-rule"), format!("{dialect}.control.invalid"));
        assert_eq!(message(&reply), format!("X-Mock-Fault: stats is none of {EFFECTS}"), "{dialect}");
    }
}

#[test]
fn a_wrong_header_says_which_part_is_wrong_and_nothing_changes() {
    let mock = Mock::start();
    for (text, reason) in [
        ("", "X-Mock-Fault must begin with an effect such as `status=503`"),
        (";;", "X-Mock-Fault must begin with an effect such as `status=503`"),
        ("status", "X-Mock-Fault: status must be a status from 400 to 599"),
        ("status=200", "X-Mock-Fault: effect.status must be from 400 to 599"),
        ("status=70000", "X-Mock-Fault: status must be a status from 400 to 599"),
        ("status=503; retry-after=soon", "X-Mock-Fault: retry-after must be a number of seconds"),
        (
            "delay=2",
            "X-Mock-Fault: delay `2` must be a length of time such as `250ms`, `30s`, `5m` or `1h 30m`",
        ),
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
            "X-Mock-Fault: code is none of times, after, every, probability, for, until, nor a part of the effect",
        ),
    ] {
        let reply = create(&mock, "a").fault(text).send().expect(400);

        assert_eq!(message(&reply), reason, "{text}");
        assert_eq!(reply.header("x-mock-rule"), "ibm.control.invalid");
    }
    assert_eq!(names(&mock), [""; 0]);
}

#[test]
fn a_wrong_name_of_a_namespace_is_refused_in_each_vendors_envelope_by_the_same_rule() {
    let mock = Mock::seeded(SEED);
    for (dialect, path) in VENDORS {
        let reply = mock.get(path).header("x-mock-namespace", "a b").send().expect(400);

        assert_eq!(reply.header("x-mock-rule"), format!("{dialect}.control.invalid"));
        let reason = "must have 1 to 128 ASCII letters, digits and characters of `._~:@+-`";
        assert_eq!(message(&reply), format!("X-Mock-Namespace {reason}"));
    }
}

#[test]
fn a_header_can_stand_several_times() {
    let mock = Mock::start();
    let head = "GET /v2/groups?account_id=a HTTP/1.1\nX-Mock-Fault: delay=1ms\nX-Mock-Fault: status=503";

    let heard = super::super::bench::listen(&mock, head, "");

    assert!(heard.parts().0.starts_with("HTTP/1.1 503 "));
}

#[test]
fn faults_are_set_listed_read_and_removed() {
    let mock = Mock::start();
    let fault = json!({
        "id": "mine", "match": {"operation": "ibm_list_access_groups"},
        "effect": {"type": "status", "status": 503, "retryAfter": 3}, "schedule": {"times": 2}
    });
    let report = |seen: u64, struck: u64| {
        let mut report = fault.clone();
        report["seen"] = seen.into();
        report["struck"] = struck.into();
        report
    };

    assert_eq!(arm(&mock, fault.clone()), [report(0, 0)]);
    mock.get(GROUPS).send().expect(503);
    assert_eq!(own(&mock, "/__admin/faults"), json!({"faults": [report(1, 1)]}));
    assert_eq!(own(&mock, "/__admin/faults/mine"), report(1, 1));
    mock.delete("/__admin/faults/mine").send().expect(204);
    mock.get(GROUPS).send().expect(200);
    let unknown = mock.get("/__admin/faults/mine").send().expect(404);
    assert_eq!(unknown.json()["errors"][0]["title"], "there is no fault `mine`");
    mock.delete("/__admin/faults/mine").send().expect(404);
}

#[test]
fn a_wrong_fault_says_where_it_is_wrong_and_none_of_its_list_is_set() {
    let mock = Mock::start();
    let good = json!({"effect": {"type": "empty"}});
    for (fault, detail) in [
        (json!([good, {}]), "[1] missing field `effect`"),
        (
            json!([good, {"effect": {"type": "status", "status": 302}}]),
            "[1].effect.status must be from 400 to 599",
        ),
        (
            json!([good, {"effect": {"type": "empty"}, "match": {"urlPattern": "("}}]),
            "[1].match.urlPattern `(` is no regular expression: error parsing regular expression: unclosed group",
        ),
        (
            json!([good, {"effect": {"type": "empty"}, "match": {"operation": "ibm_creat_group"}}]),
            "[1].match.operation `ibm_creat_group` is no operation of this server; /__admin/coverage lists them",
        ),
        (
            json!([good, {"effect": {"type": "empty"}, "match": {"dialect": "ibn"}}]),
            "[1].match.dialect `ibn` is none of cloudflare, ibm, authress, legacy, admin",
        ),
        (
            json!([good, {"effect": {"type": "empty"}, "match": {"namespace": "a b"}}]),
            "[1].match.namespace must have 1 to 128 ASCII letters, digits and characters of `._~:@+-`",
        ),
        (
            json!([good, {"effect": {"type": "empty"}, "schedule": {"every": 0}}]),
            "[1].schedule.every must be 1 or more",
        ),
    ] {
        let reply = ask(&mock, "/__admin/faults", fault.clone()).expect(400);

        assert_invalid(&reply, detail);
    }
    assert_eq!(own(&mock, "/__admin/faults"), json!({"faults": []}));
}

#[test]
fn expressions_that_only_balance_within_a_group_are_refused() {
    let mock = Mock::start();
    for wrong in ["a)(b", "a)|(?:b", "[", "*", "(?<x>a", r"\p{Greek"] {
        let fault = json!({"effect": {"type": "empty"}, "match": {"urlPathPattern": wrong}});

        let reply = ask(&mock, "/__admin/faults", fault).expect(400);

        let detail = reply.json()["errors"][0]["detail"].as_str().unwrap().to_owned();
        assert!(
            detail.starts_with(&format!("match.urlPathPattern `{wrong}` is no regular expression:")),
            "{detail}"
        );
    }
}

#[test]
fn a_server_begins_with_faults_in_every_namespace_and_returns_to_them() {
    let mock = with_faults(json!([{"id": "mine", "effect": {"type": "status", "status": 503}}]));

    mock.get(GROUPS).send().expect(503);
    mock.get(GROUPS).header("x-mock-namespace", "other").send().expect(503);
    mock.delete("/__admin/faults").send().expect(204);
    mock.get(GROUPS).send().expect(200);
    mock.get(GROUPS).header("x-mock-namespace", "other").send().expect(503);
    mock.post("/__admin/reset?part=faults").send().expect(200);
    mock.get(GROUPS).send().expect(503);
}

#[test]
fn flaky_stands_for_delays_refusals_and_disconnects_by_chance() {
    let mock = Mock::start();

    let faults = arm(&mock, json!({"preset": "flaky", "match": {"dialect": "ibm"}}));

    let fault = |id: &str, effect: Value, probability: f64| {
        json!({
            "id": id, "match": {"dialect": "ibm"}, "effect": effect, "schedule": {"probability": probability},
            "seen": 0, "struck": 0
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
fn outage_refuses_everything_and_slow_lets_everything_wait() {
    let mock = Mock::start();
    for text in ["outage", "outage; times=1"] {
        mock.get(GROUPS).fault(text).send().expect(503);
    }
    mock.get(GROUPS).fault("outage; times=1").send().expect(200);

    arm(&mock, json!([{"preset": "outage", "match": {"dialect": "authress"}}, {"preset": "slow"}]));

    mock.get("/v1/groups").struck().send().expect(503);
    let slow = own(&mock, "/__admin/faults/fault-2");
    assert_eq!(slow["effect"], json!({"type": "delay", "min": "1s", "max": "3s"}));
    let reply = ask(&mock, "/__admin/faults", json!({"preset": "slowly"})).expect(400);
    assert_invalid(&reply, "preset unknown variant `slowly`, expected one of `flaky`, `outage`, `slow`");
}

#[test]
fn presets_by_header_strike_and_take_schedules() {
    let mock = Mock::start();
    let started = std::time::Instant::now();

    mock.get(GROUPS).fault("slow").send().expect(200);

    assert!(started.elapsed() >= std::time::Duration::from_secs(1));
    // By a probability of 1 every one of the three strikes, and the refusal comes before the disconnect.
    mock.get(GROUPS).fault("flaky; probability=1").send().expect(503);
    mock.get(GROUPS).fault("flaky; probability=0").send().expect(200);
    let wrong = mock.get(GROUPS).fault("outage=1").send().expect(400);
    assert_eq!(message(&wrong), format!("X-Mock-Fault: outage is none of {EFFECTS}"));
}
