//! Verification: 200 if the expected number of requests was received, else 422 with a message for a failed test.

use access_groups_mock::{Config, JournalConfig};
use serde_json::{Value, json};

use super::helpers::{GROUPS, add_faults, admin_post, assert_invalid, create_ibm_group};
use crate::support::{TestResponse, TestServer};

fn verify(mock: &TestServer, expectation: Value) -> TestResponse {
    admin_post(mock, "/__admin/requests/verify", expectation)
}

/// Asserts that a verification fails with `lines` as its message.
#[track_caller]
fn assert_fails_with(mock: &TestServer, expectation: Value, lines: &[&str]) {
    let response = verify(mock, expectation).expect(422);
    let body = response.json();
    let detail = body["errors"][0]["detail"].as_str().unwrap();
    assert_eq!(detail.lines().collect::<Vec<_>>(), lines);
    let title = "the received requests do not match the expectation";
    assert_eq!(body, json!({"errors": [{"code": 422, "title": title, "detail": detail}]}));
    assert_eq!(response.header("x-mock-rule"), "admin.requests.verification-failed");
}

#[test]
fn a_count_can_be_exact_a_minimum_or_a_maximum() {
    let mock = TestServer::start();
    for _ in 0..2 {
        mock.get(GROUPS).send().expect(200);
    }
    let status_for = |times: Value| {
        let mut expectation = json!({"method": "GET", "urlPath": "/v2/groups"});
        expectation.as_object_mut().unwrap().extend(times.as_object().unwrap().clone());
        verify(&mock, expectation).status
    };

    assert_eq!(status_for(json!({})), 200);
    assert_eq!([1, 2, 3].map(|count| status_for(json!({ "count": count }))), [422, 200, 422]);
    assert_eq!([2, 3].map(|count| status_for(json!({ "atLeast": count }))), [200, 422]);
    assert_eq!([1, 2].map(|count| status_for(json!({ "atMost": count }))), [422, 200]);
    let response = verify(&mock, json!({"method": "GET"})).expect(200);
    assert_eq!(response.json(), json!({"verified": true, "count": 2}));
}

#[test]
fn the_message_lists_the_closest_requests_and_their_differences() {
    let mock = TestServer::start();
    create_ibm_group(&mock, "Blue").header("x-team", "red").send().expect(201);
    mock.get("/v2/groups?account_id=a&limit=1").send().expect(200);
    mock.get("/v1/groups").send().expect(200);

    let expectation = json!({
        "method": "POST", "urlPath": "/v2/groups", "headers": {"X-Team": {"equalTo": "blue"}},
        "bodyPatterns": [{"matchesJsonPath": {"expression": "$.name", "equalTo": "blue"}}], "count": 1
    });

    assert_fails_with(
        &mock,
        expectation,
        &[
            "expected exactly 1 matching request",
            r#"    {"method":"POST","urlPath":"/v2/groups","headers":{"X-Team":{"equalTo":"blue"}},"bodyPatterns":[{"matchesJsonPath":{"expression":"$.name","equalTo":"blue"}}]}"#,
            "but 0 of 3 received requests matched.",
            "Closest requests:",
            "    POST /v2/groups?account_id=a -> 201 (ibm_create_access_group) differs in headers.X-Team, bodyPatterns[0]",
            "        X-Team: red",
            r#"        body: {"name":"Blue"}"#,
            "    GET /v2/groups?account_id=a&limit=1 -> 200 (ibm_list_access_groups) differs in method, headers.X-Team, bodyPatterns[0]",
            "        X-Team: (absent)",
            "        body: (none)",
            "    GET /v1/groups -> 200 (authress_get_groups) differs in method, urlPath, headers.X-Team, bodyPatterns[0]",
            "        X-Team: (absent)",
            "        body: (none)",
        ],
    );
}

#[test]
fn the_message_says_if_no_request_was_received() {
    let mock = TestServer::start();

    assert_fails_with(
        &mock,
        json!({"method": "DELETE"}),
        &[
            "expected at least 1 matching request",
            r#"    {"method":"DELETE"}"#,
            "but no requests were received.",
        ],
    );
}

#[test]
fn the_message_lists_unexpected_matching_requests() {
    let mock = TestServer::start();
    for _ in 0..7 {
        mock.get(GROUPS).send().expect(200);
    }
    mock.get("/v1/groups").send().expect(200);

    let line = "    GET /v2/groups?account_id=a -> 200 (ibm_list_access_groups)";
    assert_fails_with(
        &mock,
        json!({"dialect": "ibm", "count": 0}),
        &[
            "expected exactly 0 matching requests",
            r#"    {"dialect":"ibm"}"#,
            "but 7 of 8 received requests matched.",
            "Matching requests:",
            line,
            line,
            line,
            line,
            line,
            "    and 2 more",
        ],
    );
}

#[test]
fn the_message_lists_matching_and_closest_requests_if_more_were_expected() {
    let mock = TestServer::start();
    mock.get(GROUPS).send().expect(200);
    mock.get(GROUPS).fault("status=503").send().expect(503);

    assert_fails_with(
        &mock,
        json!({"urlPath": "/v2/groups", "status": "2xx", "count": 2}),
        &[
            "expected exactly 2 matching requests",
            r#"    {"urlPath":"/v2/groups","status":"2xx"}"#,
            "but 1 of 2 received requests matched.",
            "Matching requests:",
            "    GET /v2/groups?account_id=a -> 200 (ibm_list_access_groups)",
            "Closest other requests:",
            "    GET /v2/groups?account_id=a -> 503 (ibm_list_access_groups) differs in status",
        ],
    );
}

#[test]
fn the_message_includes_dropped_responses_and_times() {
    let mock = TestServer::start();
    mock.put("/__admin/clock")
        .json(json!({"mode": "frozen", "now": "2026-01-01T00:00:00Z"}))
        .send()
        .expect(200);
    super::helpers::send_raw(&mock, "GET /v2/x HTTP/1.1\nX-Mock-Fault: disconnect", "");

    assert_fails_with(
        &mock,
        json!({"status": 200, "since": "2026-01-01T00:00:01Z", "until": "2026-01-01T00:00:02Z"}),
        &[
            "expected at least 1 matching request",
            r#"    {"status":200,"since":"2026-01-01T00:00:01Z","until":"2026-01-01T00:00:02Z"}"#,
            "but 0 of 1 received requests matched.",
            "Closest requests:",
            "    GET /v2/x -> no response (ibm, no operation) differs in status, since",
        ],
    );
}

#[test]
fn a_long_body_is_truncated_at_a_character_boundary() {
    let mock = TestServer::start();
    let name = "ü".repeat(500);
    create_ibm_group(&mock, &name).send();

    let expectation = json!({"bodyPatterns": [{"contains": "nothing"}]});
    let detail =
        verify(&mock, expectation).expect(422).json()["errors"][0]["detail"].as_str().unwrap().to_owned();

    assert!(detail.ends_with(&format!("body: {{\"name\":\"{}", "ü".repeat(391))), "{detail}");
}

#[test]
fn only_the_current_namespace_is_searched_by_default() {
    let mock = TestServer::start();
    mock.get(GROUPS).header("x-mock-namespace", "one").send().expect(200);
    mock.get(GROUPS).header("x-mock-namespace", "two").send().expect(200);

    assert_eq!(verify(&mock, json!({"count": 0})).status, 200);
    assert_eq!(verify(&mock, json!({"namespace": "one", "count": 1})).status, 200);
    assert_eq!(verify(&mock, json!({"namespace": "*", "count": 2})).status, 200);
    assert_eq!(verify(&mock, json!({"namespace": "three", "count": 0})).status, 200);
}

#[test]
fn an_invalid_verification_is_rejected_with_a_detail() {
    let mock = TestServer::start();
    for (expectation, detail) in [
        (json!({"count": 1, "atLeast": 1}), "must have at most one of `count`, `atLeast` and `atMost`"),
        (json!({"count": -1}), "count invalid value: integer `-1`, expected u64"),
        (json!({"status": "9xx"}), "status `9xx` must be a status such as 404, or a class such as `4xx`"),
        (
            json!({"operation": "ibm_creat"}),
            "operation `ibm_creat` is not an operation of this server; see /__admin/coverage for all operations",
        ),
        (json!([]), "must be a JSON object: a pattern such as {\"method\":\"GET\"}"),
    ] {
        assert_invalid(&verify(&mock, expectation), detail);
    }
    let unknown = verify(&mock, json!({"methd": "GET"})).expect(400);
    let detail = unknown.json()["errors"][0]["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with("methd unknown field `methd`, expected one of `dialect`"), "{detail}");
}

#[test]
fn verification_with_a_disabled_journal_is_rejected() {
    let journal = JournalConfig { entries: 0, ..JournalConfig::default() };
    let mock = TestServer::with_config(Config { journal, ..Config::default() }, "{}");

    let response = verify(&mock, json!({"count": 0}));

    assert_invalid(
        &response,
        "the journal is disabled: start the server with --journal-entries greater than 0",
    );
}

#[test]
fn requests_with_injected_faults_are_verified_as_well() {
    let mock = TestServer::start();
    add_faults(&mock, json!({"preset": "outage"}));
    create_ibm_group(&mock, "a").send().expect(503);

    assert_eq!(verify(&mock, json!({"operation": "ibm_create_access_group", "status": 503})).status, 200);
}
