//! Concurrent requests: every response shows one consistent state.

use std::sync::atomic::{AtomicBool, Ordering};

use access_groups_mock::Config;
use serde_json::{Value, json};

use super::{admin_get, create_legacy_group, legacy_group_names};
use crate::support::TestServer;

/// Returns a state of the legacy dialect with `count` groups named `name`.
fn uniform(name: &str, count: u32) -> String {
    let groups: Vec<Value> = (1..=count).map(|id| json!({"id": id, "name": name})).collect();
    json!({"legacy": {"access_groups": groups}}).to_string()
}

/// Asserts that all groups belong to one state, except those that were created concurrently.
fn assert_consistent(names: &[String]) {
    let count = |wanted: &str| names.iter().filter(|name| *name == wanted).count();
    let is_consistent = matches!((count("seeded"), count("put")), (40, 0) | (0, 60));
    assert!(is_consistent, "{} seeded, {} put", count("seeded"), count("put"));
}

#[test]
fn resets_and_state_replacements_are_atomic() {
    let mock = TestServer::multi_threaded(Config::default(), &uniform("seeded", 40));
    let is_done = AtomicBool::new(false);

    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !is_done.load(Ordering::Relaxed) {
                    create_legacy_group(&mock, "", "written");
                    assert_consistent(&legacy_group_names(&mock, ""));
                }
            });
        }
        for _ in 0..40 {
            mock.put("/__admin/state").body(uniform("put", 60)).send().expect(200);
            mock.post("/__admin/reset").send().expect(200);
        }
        is_done.store(true, Ordering::Relaxed);
    });

    mock.post("/__admin/reset").send().expect(200);
    assert_eq!(legacy_group_names(&mock, "").len(), 40);
}

#[test]
fn a_namespace_is_created_once_by_concurrent_first_requests() {
    let mock = TestServer::multi_threaded(Config::default(), "{}");

    for round in 0..20 {
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| create_legacy_group(&mock, &format!("/ns/round-{round}"), "a"));
            }
        });
        assert_eq!(legacy_group_names(&mock, &format!("/ns/round-{round}")).len(), 8);
    }
}

#[test]
fn namespaces_can_be_deleted_and_created_while_in_use() {
    let mock =
        TestServer::multi_threaded(Config { max_namespaces: 4, ..Config::default() }, &uniform("seeded", 3));

    std::thread::scope(|scope| {
        for number in 0..4 {
            let mock = &mock;
            scope.spawn(move || {
                for round in 0..40 {
                    let prefix = format!("/ns/n{}", (number + round) % 6);
                    create_legacy_group(mock, &prefix, "a");
                    assert!(
                        legacy_group_names(mock, &prefix).iter().filter(|name| *name == "seeded").count()
                            == 3
                    );
                    let name = (number + round + 1) % 6;
                    let deleted = mock.delete(&format!("/__admin/namespaces/n{name}")).send();
                    assert!([204, 404].contains(&deleted.status));
                }
            });
        }
    });

    assert!(admin_get(&mock, "/__admin/namespaces")["namespaces"].as_array().unwrap().len() <= 5);
    assert_eq!(legacy_group_names(&mock, "").len(), 3);
}

#[test]
fn clock_changes_are_atomic() {
    let mock = TestServer::multi_threaded(Config::default(), "{}");
    let is_done = AtomicBool::new(false);

    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_done.load(Ordering::Relaxed) {
                let shown = admin_get(&mock, "/__admin/clock")["now"].as_str().unwrap().to_owned();
                let year: u32 = shown[..4].parse().unwrap();
                assert!((2020..2040).contains(&year), "{shown}");
            }
        });
        for _ in 0..150 {
            for change in [
                json!({"mode": "frozen", "now": "2030-01-01T00:00:00Z"}),
                json!({"mode": "system"}),
                json!({"mode": "stepping", "now": "2025-01-01T00:00:00Z"}),
            ] {
                mock.put("/__admin/clock").json(change).send().expect(200);
            }
        }
        is_done.store(true, Ordering::Relaxed);
    });
}
