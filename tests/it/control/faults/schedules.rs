//! When faults strike.

use access_groups_mock::Config;
use serde_json::{Value, json};

use super::super::bench::{GROUPS, arm, own};
use crate::support::Mock;

/// Which of `requests` requests a fault with `schedule` strikes.
fn struck(mock: &Mock, schedule: &Value, requests: usize) -> Vec<usize> {
    arm(mock, json!({"id": "it", "effect": {"type": "status", "status": 503}, "schedule": schedule}));
    (1..=requests).filter(|_| mock.get(GROUPS).send().status == 503).collect()
}

fn seeded(seed: u64) -> Mock {
    Mock::with(Config { deterministic: Some(seed), ..Config::default() }, "{}")
}

#[test]
fn times_after_and_every_count_the_matching_requests() {
    let mock = Mock::start();

    assert_eq!(struck(&mock, &json!({}), 3), [1, 2, 3]);
    assert_eq!(struck(&mock, &json!({"times": 2}), 5), [1, 2]);
    assert_eq!(struck(&mock, &json!({"after": 3}), 5), [4, 5]);
    assert_eq!(struck(&mock, &json!({"every": 3}), 8), [1, 4, 7]);
    assert_eq!(struck(&mock, &json!({"after": 1, "every": 2, "times": 2}), 8), [2, 4]);
}

#[test]
fn requests_that_do_not_match_do_not_count() {
    let mock = Mock::start();
    arm(
        &mock,
        json!({
            "match": {"dialect": "ibm"}, "effect": {"type": "status", "status": 503},
            "schedule": {"after": 1, "times": 1}
        }),
    );

    let statuses: Vec<u16> =
        ["/v1/groups", GROUPS, "/v1/groups", GROUPS, GROUPS].map(|path| mock.get(path).send().status).into();

    assert_eq!(statuses, [200, 200, 200, 503, 200]);
    let report = own(&mock, "/__admin/faults/fault-1");
    assert_eq!((&report["seen"], &report["struck"]), (&json!(3), &json!(1)));
}

#[test]
fn a_probability_strikes_some_and_the_same_ones_in_every_run_of_one_seed() {
    let schedule = json!({"probability": 0.4});

    let first = struck(&seeded(7), &schedule, 60);

    assert!((10..40).contains(&first.len()), "{first:?}");
    assert_eq!(first, struck(&seeded(7), &schedule, 60));
    assert_ne!(first, struck(&seeded(8), &schedule, 60));
    assert_eq!(struck(&seeded(7), &json!({"probability": 0}), 20), [0; 0]);
    assert_eq!(struck(&seeded(7), &json!({"probability": 1}), 20).len(), 20);
}

#[test]
fn a_reset_of_the_faults_lets_a_probability_begin_again() {
    let mock = seeded(7);
    let schedule = json!({"probability": 0.5});
    let first = struck(&mock, &schedule, 40);

    mock.post("/__admin/reset?part=faults").send().expect(200);

    assert_eq!(struck(&mock, &schedule, 40), first);
}

#[test]
fn until_is_the_first_moment_of_the_mocks_clock_that_is_let_through() {
    let mock = Mock::start();
    let at = |time: &str| {
        mock.put("/__admin/clock").json(json!({"mode": "frozen", "now": time})).send().expect(200);
        mock.get(GROUPS).send().status
    };
    at("2026-01-01T00:00:00Z");
    arm(
        &mock,
        json!({"effect": {"type": "status", "status": 503}, "schedule": {"until": "2026-01-01T00:00:10Z"}}),
    );

    assert_eq!(at("2026-01-01T00:00:09.999Z"), 503);
    assert_eq!(at("2026-01-01T00:00:10Z"), 200);
    assert_eq!(at("2025-01-01T00:00:00Z"), 503);
}

#[test]
fn for_counts_from_the_setting_of_the_fault_on_the_mocks_clock() {
    let mock = Mock::start();
    let clock = |change: Value| mock.put("/__admin/clock").json(change).send().expect(200);
    clock(json!({"mode": "frozen", "now": "2026-01-01T00:00:00Z"}));
    arm(&mock, json!({"effect": {"type": "status", "status": 503}, "schedule": {"for": "30s"}}));

    clock(json!({"advance": "29999ms"}));
    mock.get(GROUPS).send().expect(503);
    clock(json!({"advance": "1ms"}));
    mock.get(GROUPS).send().expect(200);
}

#[test]
fn a_header_counts_all_requests_with_the_same_text_by_namespace() {
    let mock = Mock::start();
    let send = |space: &str| {
        let call = mock.get(GROUPS).fault("status=503; after=1; times=2");
        call.header("x-mock-namespace", space).send().status
    };

    let first: Vec<u16> = (0..5).map(|_| send("one")).collect();

    assert_eq!(first, [200, 503, 503, 200, 200]);
    assert_eq!(send("two"), 200);
    assert_eq!(send("two"), 503);
}

#[test]
fn every_schedule_can_be_written_into_the_header() {
    let mock = seeded(1);
    let mut statuses = Vec::new();
    for text in [
        "status=503; every=2",
        "status=503; probability=0",
        "status=503; probability=1",
        "status=503; until=2000-01-01T00:00:00Z",
        "status=503; for=1h",
    ] {
        let pair = [0, 1].map(|_| mock.get(GROUPS).fault(text).send().status);
        statuses.push((text, pair));
    }

    assert_eq!(
        statuses.iter().map(|(_, pair)| *pair).collect::<Vec<_>>(),
        [[503, 200], [200, 200], [503, 503], [200, 200], [503, 503]]
    );
}
