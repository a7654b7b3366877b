//! The features around the vendor APIs: namespaces, state, clock, faults, rate limits, the journal and access to the
//! admin API.

mod access;
mod admission;
mod arrays;
mod bounds;
mod clock;
mod concurrency;
#[cfg(feature = "console")]
mod console;
mod coverage;
mod crawl;
mod determinism;
mod explain;
mod export;
mod faults;
mod forwarded_prefix;
mod group_search;
mod group_uses;
mod helpers;
mod journal;
mod list_cache;
mod long_seeds;
mod metrics;
mod namespaces;
mod parameters;
mod random_writes;
mod rate_limits;
mod records;
mod secrets;
mod stability;
mod state;
mod state_stream;
mod stored_json;
mod stream;
mod taken_ids;
mod unread_bodies;
mod vendor_codes;
mod verify;
mod web_pages;

use serde_json::{Value, json};

use crate::support::{TestResponse, TestServer};

/// The demo seed, which touches every dialect.
pub(super) const DEMO_SEED: &str = include_str!("../../../seeds/demo.json");

/// The account of the demo seed's IBM objects.
pub(super) const ACCOUNT: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

/// Creates a group in the legacy dialect under `prefix`, and returns the response.
#[track_caller]
pub(super) fn create_legacy_group(mock: &TestServer, prefix: &str, name: &str) -> TestResponse {
    let body = json!({"entry": {"name": name}});
    mock.post(&format!("{prefix}/api2/access_groups.json")).json(body).send().expect(201)
}

/// Returns the names of the groups of the legacy dialect under `prefix`.
#[track_caller]
pub(super) fn legacy_group_names(mock: &TestServer, prefix: &str) -> Vec<String> {
    let list = mock.get(&format!("{prefix}/api2/access_groups.json")).send().expect(200).json();
    let entries = list["entries"].as_array().unwrap();
    entries.iter().map(|entry| entry["name"].as_str().unwrap().to_owned()).collect()
}

/// Returns the JSON body of a GET request to the admin API.
#[track_caller]
pub(super) fn admin_get(mock: &TestServer, path: &str) -> Value {
    mock.get(path).anonymous().send().expect(200).json()
}

/// Changes the clock under `prefix`, and returns its new settings.
#[track_caller]
pub(super) fn set_clock(mock: &TestServer, prefix: &str, change: Value) -> Value {
    mock.put(&format!("{prefix}/__admin/clock")).json(change).send().expect(200).json()
}

/// Asserts status, headers and body of an error response of the admin API; `detail` says what was expected.
#[track_caller]
pub(super) fn assert_problem(response: &TestResponse, status: u16, title: &str, detail: &str) {
    let mut item = json!({"code": status, "title": title});
    if !detail.is_empty() {
        item["detail"] = json!(detail);
    }
    assert_eq!(response.json(), json!({"errors": [item]}));
    assert_eq!(response.status, status);
    assert_eq!(response.header("content-type"), "application/json");
    assert!(response.header("x-mock-rule").starts_with("admin."), "{:?}", response.headers);
}

/// Asserts that the admin API rejected a request as invalid for the reason `detail`.
#[track_caller]
pub(super) fn assert_invalid(response: &TestResponse, detail: &str) {
    assert_problem(response, 400, "the request is invalid", detail);
}
