//! Stale reads: a window of eventual consistency on the virtual clock.

use serde_json::json;

use super::super::helpers::{GROUPS, add_faults, create_ibm_group, ibm_group_names};
use crate::support::TestServer;

fn advance(mock: &TestServer, by: &str) {
    mock.put("/__admin/clock").json(json!({ "advance": by })).send().expect(200);
}

/// Starts a server with a frozen clock whose matching reads are stale by 10 s.
#[expect(clippy::needless_pass_by_value, reason = "calls read better with `json!` in place")]
fn with_stale_reads(pattern: serde_json::Value) -> TestServer {
    let mock = TestServer::start();
    mock.put("/__admin/clock")
        .json(json!({"mode": "frozen", "now": "2026-01-01T00:00:00Z"}))
        .send()
        .expect(200);
    add_faults(&mock, json!({"match": pattern, "effect": {"type": "stale-reads", "window": "10s"}}));
    mock
}

#[test]
fn a_write_is_visible_after_the_window_on_the_virtual_clock() {
    let mock = with_stale_reads(json!({}));
    create_ibm_group(&mock, "a").send().expect(201);

    assert_eq!(ibm_group_names(&mock), [""; 0]);
    advance(&mock, "9999ms");
    assert_eq!(ibm_group_names(&mock), [""; 0]);
    advance(&mock, "1ms");
    assert_eq!(ibm_group_names(&mock), ["a"]);
}

#[test]
fn each_write_has_its_own_window() {
    let mock = with_stale_reads(json!({}));
    create_ibm_group(&mock, "a").send().expect(201);
    advance(&mock, "6s");
    create_ibm_group(&mock, "b").send().expect(201);

    advance(&mock, "4s");
    assert_eq!(ibm_group_names(&mock), ["a"]);
    advance(&mock, "6s");
    assert_eq!(ibm_group_names(&mock), ["a", "b"]);
}

#[test]
fn a_group_that_is_not_visible_yet_can_be_written() {
    let mock = with_stale_reads(json!({}));
    let created = create_ibm_group(&mock, "a").send().expect(201);
    let path = format!("/v2/groups/{}", created.json()["id"].as_str().unwrap());

    mock.get(&path).send().expect(404);
    let patch = mock.patch(&path).header("if-match", created.header("etag")).json(json!({"name": "b"}));
    patch.send().expect(200);
    mock.delete(&path).send().expect(204);

    mock.get(&path).send().expect(404);
}

#[test]
fn a_deleted_group_is_visible_within_the_window() {
    let mock = TestServer::start();
    mock.put("/__admin/clock").json(json!({"mode": "frozen"})).send().expect(200);
    let id = create_ibm_group(&mock, "a").send().expect(201).json()["id"].as_str().unwrap().to_owned();
    advance(&mock, "1m");
    add_faults(&mock, json!({"effect": {"type": "stale-reads", "window": "10s"}}));
    let path = format!("/v2/groups/{id}");

    mock.delete(&path).send().expect(204);

    mock.get(&path).send().expect(200);
    mock.delete(&path).send().expect(404);
    advance(&mock, "10s");
    mock.get(&path).send().expect(404);
}

#[test]
fn only_matching_reads_are_stale() {
    let mock = with_stale_reads(json!({"headers": {"x-reader": {"equalTo": "slow"}}}));
    create_ibm_group(&mock, "a").send().expect(201);

    assert_eq!(ibm_group_names(&mock), ["a"]);
    let list = mock.get(GROUPS).header("x-reader", "slow").send().expect(200).json();
    assert_eq!(list["total_count"], 1, "{list}");
}

#[test]
fn removing_the_fault_makes_reads_current() {
    let mock = with_stale_reads(json!({}));
    create_ibm_group(&mock, "a").send().expect(201);

    mock.delete("/__admin/faults").send().expect(204);

    assert_eq!(ibm_group_names(&mock), ["a"]);
}
