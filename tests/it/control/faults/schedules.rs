//! Schedules: the requests into which a fault is injected.

use access_groups_mock::Config;
use serde_json::{Value, json};

use super::super::helpers::{GROUPS, add_faults, admin_get};
use crate::support::TestServer;

/// Returns which of `requests` requests a fault with `schedule` is injected into, counted from 1.
fn injected(mock: &TestServer, schedule: &Value, requests: usize) -> Vec<usize> {
    add_faults(mock, json!({"id": "it", "effect": {"type": "status", "status": 503}, "schedule": schedule}));
    (1..=requests).filter(|_| mock.get(GROUPS).send().status == 503).collect()
}

fn seeded(seed: u64) -> TestServer {
    TestServer::with_config(Config { deterministic: Some(seed), ..Config::default() }, "{}")
}

#[test]
fn times_after_and_every_count_matching_requests() {
    let mock = TestServer::start();

    assert_eq!(injected(&mock, &json!({}), 3), [1, 2, 3]);
    assert_eq!(injected(&mock, &json!({"times": 2}), 5), [1, 2]);
    assert_eq!(injected(&mock, &json!({"after": 3}), 5), [4, 5]);
    assert_eq!(injected(&mock, &json!({"every": 3}), 8), [1, 4, 7]);
    assert_eq!(injected(&mock, &json!({"after": 1, "every": 2, "times": 2}), 8), [2, 4]);
}

#[test]
fn non_matching_requests_are_not_counted() {
    let mock = TestServer::start();
    add_faults(
        &mock,
        json!({
            "match": {"dialect": "ibm"}, "effect": {"type": "status", "status": 503},
            "schedule": {"after": 1, "times": 1}
        }),
    );

    let statuses: Vec<u16> =
        ["/v1/groups", GROUPS, "/v1/groups", GROUPS, GROUPS].map(|path| mock.get(path).send().status).into();

    assert_eq!(statuses, [200, 200, 200, 503, 200]);
    let report = admin_get(&mock, "/__admin/faults/fault-1");
    assert_eq!((&report["matched"], &report["injected"]), (&json!(3), &json!(1)));
}

#[test]
fn a_probability_is_deterministic_for_a_seed() {
    let schedule = json!({"probability": 0.4});

    let first = injected(&seeded(7), &schedule, 60);

    assert!((10..40).contains(&first.len()), "{first:?}");
    assert_eq!(first, injected(&seeded(7), &schedule, 60));
    assert_ne!(first, injected(&seeded(8), &schedule, 60));
    assert_eq!(injected(&seeded(7), &json!({"probability": 0}), 20), [0; 0]);
    assert_eq!(injected(&seeded(7), &json!({"probability": 1}), 20).len(), 20);
}

#[test]
fn a_fault_reset_restarts_a_probability() {
    let mock = seeded(7);
    let schedule = json!({"probability": 0.5});
    let first = injected(&mock, &schedule, 40);

    mock.post("/__admin/reset?scope=faults").send().expect(200);

    assert_eq!(injected(&mock, &schedule, 40), first);
}

#[test]
fn until_is_the_exclusive_end_on_the_virtual_clock() {
    let mock = TestServer::start();
    let status_at = |time: &str| {
        mock.put("/__admin/clock").json(json!({"mode": "frozen", "now": time})).send().expect(200);
        mock.get(GROUPS).send().status
    };
    status_at("2026-01-01T00:00:00Z");
    add_faults(
        &mock,
        json!({"effect": {"type": "status", "status": 503}, "schedule": {"until": "2026-01-01T00:00:10Z"}}),
    );

    assert_eq!(status_at("2026-01-01T00:00:09.999Z"), 503);
    assert_eq!(status_at("2026-01-01T00:00:10Z"), 200);
    assert_eq!(status_at("2025-01-01T00:00:00Z"), 503);
}

#[test]
fn for_is_a_duration_on_the_virtual_clock_since_the_fault_was_added() {
    let mock = TestServer::start();
    let clock = |change: Value| mock.put("/__admin/clock").json(change).send().expect(200);
    clock(json!({"mode": "frozen", "now": "2026-01-01T00:00:00Z"}));
    add_faults(&mock, json!({"effect": {"type": "status", "status": 503}, "schedule": {"for": "30s"}}));

    clock(json!({"advance": "29999ms"}));
    mock.get(GROUPS).send().expect(503);
    clock(json!({"advance": "1ms"}));
    mock.get(GROUPS).send().expect(200);
}

#[test]
fn a_header_counts_requests_with_the_same_value_by_namespace() {
    let mock = TestServer::start();
    let send = |namespace: &str| {
        let call = mock.get(GROUPS).fault("status=503; after=1; times=2");
        call.header("x-mock-namespace", namespace).send().status
    };

    let first: Vec<u16> = (0..5).map(|_| send("one")).collect();

    assert_eq!(first, [200, 503, 503, 200, 200]);
    assert_eq!(send("two"), 200);
    assert_eq!(send("two"), 503);
}

#[test]
fn the_header_accepts_every_schedule() {
    let mock = seeded(1);
    let mut statuses = Vec::new();
    for fault in [
        "status=503; every=2",
        "status=503; probability=0",
        "status=503; probability=1",
        "status=503; until=2000-01-01T00:00:00Z",
        "status=503; for=1h",
    ] {
        let pair = [0, 1].map(|_| mock.get(GROUPS).fault(fault).send().status);
        statuses.push((fault, pair));
    }

    assert_eq!(
        statuses.iter().map(|(_, pair)| *pair).collect::<Vec<_>>(),
        [[503, 200], [200, 200], [503, 503], [200, 200], [503, 503]]
    );
}
