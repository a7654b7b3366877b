//! Metrics: the counters of the server in the text format of Prometheus.

use std::collections::BTreeMap;

use access_groups_mock::store::system_now;
use access_groups_mock::{AdminAccess, Config};
use serde_json::json;

use super::helpers::{VENDORS, add_faults, admin_get, journal_entries, send_raw};
use crate::support::TestServer;

/// Returns the text without the values that differ between runs: the time of the start, and the bytes of the journal,
/// which has the port of the server.
fn comparable(mock: &TestServer) -> String {
    const VARYING: [&str; 3] =
        ["start_time_seconds", "store_bytes{store=\"journal\"}", "store_max_bytes{store=\"journal\"}"];
    let comparable = |line: &str| match line.rsplit_once(' ') {
        Some((name, _)) if VARYING.iter().any(|varying| name == format!("access_groups_mock_{varying}")) => {
            format!("{name} ...\n")
        }
        _ => format!("{line}\n"),
    };
    metrics(mock).replace(env!("CARGO_PKG_VERSION"), "VERSION").lines().map(comparable).collect()
}

fn metrics(mock: &TestServer) -> String {
    let response = mock.get("/__admin/metrics").anonymous().send().expect(200);
    assert_eq!(response.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    response.text()
}

/// Returns the value of each sample.
fn samples(mock: &TestServer) -> BTreeMap<String, u64> {
    let text = metrics(mock);
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    let samples = samples.map(|line| line.rsplit_once(' ').unwrap());
    samples.map(|(name, value)| (name.to_owned(), value.parse().unwrap())).collect()
}

#[test]
fn the_text_has_every_counter_in_a_fixed_order() {
    let mock = TestServer::start();
    mock.get("/v1/groups").send().expect(200);
    mock.get("/v1/groups/unknown").send().expect(404);
    mock.get("/v1/groups/unknown-2").send().expect(404);
    mock.patch("/v1/groups").send();
    mock.get("/nowhere").send().expect(404);
    mock.get("/api2/access_groups.json").fault("status=503").send().expect(503);
    assert!(send_raw(&mock, "GET /v1/groups HTTP/1.1\nX-Mock-Fault: disconnect", "").bytes.is_empty());

    assert_eq!(comparable(&mock), include_str!("metrics.txt"));
    assert_eq!(metrics(&mock), metrics(&mock), "a scrape counts nothing");
}

#[test]
fn a_start_time_is_a_number_of_seconds() {
    let mock = TestServer::start();

    let started = samples(&mock)["access_groups_mock_start_time_seconds"];

    let now = u64::try_from(system_now().timestamp()).unwrap();
    assert!((started..started + 60).contains(&now), "{started}");
}

#[test]
fn a_scrape_needs_the_token_and_is_no_request_to_a_vendor() {
    let admin = AdminAccess::Token("secret".to_owned());
    let mock = TestServer::with_config(Config { admin, ..Config::default() }, "{}");

    mock.get("/__admin/metrics").anonymous().send().expect(401);
    let scrape = mock.get("/__admin/metrics").anonymous().header("authorization", "Bearer secret");
    let text = scrape.send().expect(200).text();

    assert!(!text.contains("access_groups_mock_requests_total{"), "{text}");
    assert!(
        text.contains(r#"rule_hits_total{dialect="admin",rule="admin.auth.token-required"} 1"#),
        "{text}"
    );
    let requests = mock.get("/__admin/requests").anonymous().header("x-mock-admin-token", "secret");
    assert_eq!(requests.send().expect(200).json()["meta"]["total"], 0);
}

#[test]
fn names_that_clients_choose_are_no_labels() {
    let mock = TestServer::start();
    let send = |number: usize| {
        for (_, path) in VENDORS {
            let prefix = format!("/ns/name-{number}");
            add_faults(
                &mock,
                json!({
                    "id": format!("fault-{number}"),
                    "match": {"dialect": "ibm", "namespace": format!("name-{number}")},
                    "effect": {"type": "delay", "min": "1ms"}
                }),
            );
            mock.get(&format!("{prefix}{path}")).send().expect(200);
            mock.get(&format!("{prefix}{path}/unknown-{number}/1/2")).send();
        }
    };
    send(1);
    let one: Vec<String> = samples(&mock).into_keys().collect();

    (2..10).for_each(send);

    let ten: Vec<String> = samples(&mock).into_keys().collect();
    assert_eq!(one, ten);
    assert!(!ten.iter().any(|name| name.contains("name-") || name.contains("fault-")), "{ten:?}");
    assert_eq!(samples(&mock)["access_groups_mock_namespaces"], 10);
    let injected = r#"access_groups_mock_faults_injected_total{dialect="ibm",effect="delay"}"#;
    assert!(samples(&mock)[injected] >= 9);
}

#[test]
fn stores_have_the_bytes_and_entries_that_they_use() {
    let mock = TestServer::start();
    for (namespace, requests) in [("", 1), ("/ns/a", 4)] {
        for _ in 0..requests {
            mock.get(&format!("{namespace}/v1/groups")).send().expect(200);
        }
    }
    let fault = json!({
        "match": {"urlPathPattern": "/never/.*"},
        "effect": {"type": "stale-reads", "window": "1h"}
    });
    add_faults(&mock, fault);
    mock.post("/api2/access_groups.json").json(json!({"entry": {"name": "A"}})).send().expect(201);
    mock.post("/__admin/snapshots/before").anonymous().send().expect(201);
    let renamed = json!({"entry": {"name": "B"}});
    mock.put("/api2/access_groups/1.json").json(renamed).send().expect(200);

    let samples = samples(&mock);

    let value =
        |name: &str, store: &str| samples[&format!("access_groups_mock_store_{name}{{store=\"{store}\"}}")];
    let used = admin_get(&mock, "/__admin/settings")["journalBytesUsed"].as_u64().unwrap();
    assert_eq!(value("bytes", "journal"), used);
    assert_eq!((value("entries", "journal"), value("max_entries", "journal")), (7, 4));
    assert_eq!(journal_entries(&mock).len(), 3);
    assert!(value("max_bytes", "journal") < used && value("max_bytes", "journal") > used / 3);
    assert_eq!((value("limit_bytes", "journal"), value("limit_entries", "journal")), (4_194_304, 1_000));
    assert_eq!(value("total_limit_bytes", "journal"), 268_435_456);
    assert_eq!(
        (value("entries", "faults"), value("entries", "snapshots"), value("entries", "history")),
        (1, 1, 1)
    );
    assert!(value("bytes", "faults") > 50 && value("bytes", "fault_regexes") > 50);
    assert!(value("bytes", "snapshots") > 0, "the snapshot has the group as it was");
    for bound in admin_get(&mock, "/__admin/settings")["bounds"].as_array().unwrap() {
        let store = match bound["name"].as_str().unwrap() {
            "fault-bytes" => "faults",
            "fault-regex-bytes" => "fault_regexes",
            "history-bytes" => "history",
            "snapshot-bytes" => "snapshots",
            _ => continue,
        };
        assert_eq!(value("limit_bytes", store), bound["limit"], "{store}");
    }
}
