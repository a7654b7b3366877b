//! The effects of faults, over real connections.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::helpers::{
    DEMO_SEED, GROUPS, VENDORS, add_faults, admin_get, create_ibm_group, ibm_group_names, send_raw,
};
use crate::support::{TestResponse, TestServer};

const CREATE: &str = "POST /v2/groups?account_id=a HTTP/1.1\nContent-Type: application/json";
const LIST: &str = "GET /v2/groups?account_id=a HTTP/1.1";

/// Returns the error body with `code` and `message` in the envelope of `dialect`.
fn envelope(dialect: &str, response: &TestResponse, code: &str, message: &str) -> Value {
    match dialect {
        "cloudflare" => json!({
            "success": false, "errors": [{"code": code.parse::<u32>().unwrap(), "message": message}],
            "messages": [], "result": null
        }),
        "ibm" => json!({
            "trace": response.header("transaction-id"), "errors": [{"code": code, "message": message}],
            "status_code": response.status
        }),
        "authress" => {
            json!({"title": message, "errorCode": code, "errorId": response.header("x-request-id")})
        }
        _ => json!({ "Message": message }),
    }
}

#[test]
fn an_injected_status_has_each_vendors_message_and_retry_after() {
    let cases = [
        ("cloudflare", "971", "Please wait and consider throttling your request speed"),
        (
            "ibm",
            "too_many_requests",
            "Too many requests have been made within a time window. Wait before calling the API again.",
        ),
    ];
    let mock = TestServer::with_seed(DEMO_SEED);
    for (dialect, path) in VENDORS {
        let response = mock.get(path).fault("status=429").send().expect(429);

        assert_eq!(response.header("retry-after"), "1", "{dialect}");
        assert_eq!(response.header("x-mock-rule"), format!("{dialect}.limits.too-many-requests"));
        if let Some((_, code, message)) = cases.iter().find(|(name, ..)| *name == dialect) {
            assert_eq!(response.json(), envelope(dialect, &response, code, message));
        }
    }
    let unavailable = mock.get(GROUPS).fault("status=503").send().expect(503);
    let message = "Service Temporarily Unavailable";
    assert_eq!(unavailable.json(), envelope("ibm", &unavailable, "service_unavailable", message));
    assert_eq!(unavailable.header("retry-after"), "");
}

#[test]
fn a_status_unknown_to_the_vendor_has_its_envelope() {
    let mock = TestServer::with_seed(DEMO_SEED);
    let codes = [("cloudflare", "1000"), ("ibm", "mock_fault"), ("authress", "MockFault"), ("legacy", "")];
    for ((dialect, path), (_, code)) in VENDORS.into_iter().zip(codes) {
        let response = mock.get(path).fault("status=418").send().expect(418);

        assert_eq!(response.header("x-mock-rule"), format!("{dialect}.faults.injected"));
        let body = response.json();
        let expected = envelope(dialect, &response, code, "A fault of the mock server");
        match dialect {
            "authress" => {
                assert_eq!((&body["title"], &body["errorCode"]), (&expected["title"], &expected["errorCode"]))
            }
            _ => assert_eq!(body, expected),
        }
    }
}

#[test]
fn a_status_can_have_a_custom_code_message_and_retry_after() {
    let mock = TestServer::with_seed(DEMO_SEED);
    let message = "Grüße: nächstes Jahr";
    add_faults(
        &mock,
        json!({"effect": {
            "type": "status", "status": 409, "code": "profile_name_conflict", "message": message, "retryAfter": 7
        }}),
    );

    let response = mock.get(GROUPS).allow_injected_error().send().expect(409);

    assert_eq!(response.json(), envelope("ibm", &response, "profile_name_conflict", message));
    assert_eq!(response.header("retry-after"), "7");
    assert_eq!(response.header("content-type"), "application/json");
}

#[test]
fn a_request_with_an_injected_status_has_no_effect() {
    let mock = TestServer::start();

    create_ibm_group(&mock, "a").fault("status=503").send().expect(503);

    assert_eq!(ibm_group_names(&mock), [""; 0]);
}

#[test]
fn a_delayed_request_is_handled_normally() {
    let mock = TestServer::start();
    let started = Instant::now();

    create_ibm_group(&mock, "a").fault("delay=200ms").send().expect(201);

    assert!(started.elapsed() >= Duration::from_millis(200), "{:?}", started.elapsed());
    assert_eq!(ibm_group_names(&mock), ["a"]);
}

#[test]
fn a_delay_with_a_range_is_random_within_it() {
    let mock = TestServer::start();
    let mut delays = Vec::new();
    for _ in 0..6 {
        let started = Instant::now();
        mock.get(GROUPS).fault("delay=20ms..120ms").send().expect(200);
        delays.push(started.elapsed());
    }

    assert!(delays.iter().all(|delay| *delay >= Duration::from_millis(20)), "{delays:?}");
    let (shortest, longest) = (delays.iter().min().unwrap(), delays.iter().max().unwrap());
    assert!(*longest - *shortest > Duration::from_millis(5), "{delays:?}");
}

#[test]
fn a_disconnect_resets_the_connection_before_the_request_is_handled() {
    let mock = TestServer::start();

    let response = send_raw(&mock, &format!("{CREATE}\nX-Mock-Fault: disconnect"), r#"{"name":"a"}"#);

    assert_eq!((response.bytes.len(), response.end), (0, Err(ErrorKind::ConnectionReset)));
    assert_eq!(ibm_group_names(&mock), [""; 0]);
}

#[test]
fn an_empty_response_closes_the_connection_before_the_request_is_handled() {
    let mock = TestServer::start();

    let response = send_raw(&mock, &format!("{CREATE}\nX-Mock-Fault: empty"), r#"{"name":"a"}"#);

    assert_eq!((response.bytes.len(), response.end), (0, Ok(())));
    assert_eq!(ibm_group_names(&mock), [""; 0]);
}

#[test]
fn a_truncated_response_has_all_headers_and_the_start_of_its_body() {
    let mock = TestServer::start();
    let complete = send_raw(&mock, LIST, "").split().1;

    for (fault, length) in [("truncate", complete.len() / 2), ("truncate=10", 10), ("truncate=0", 0)] {
        let response = send_raw(&mock, &format!("{LIST}\nX-Mock-Fault: {fault}"), "");

        let (headers, body) = response.split();
        assert!(headers.starts_with("HTTP/1.1 200 OK"), "{headers}");
        assert_eq!(response.content_length(), complete.len(), "{fault}");
        assert_eq!(body, complete[..length], "{fault}");
    }
}

#[test]
fn a_truncated_response_never_has_its_complete_body() {
    let mock = TestServer::start();

    let response = send_raw(&mock, &format!("{LIST}\nX-Mock-Fault: truncate=1000000"), "");

    assert_eq!(response.split().1.len(), response.content_length() - 1);
}

#[test]
fn a_malformed_response_is_valid_http_with_invalid_json() {
    let mock = TestServer::start();

    let response = send_raw(&mock, &format!("{LIST}\nX-Mock-Fault: malformed"), "");

    let (headers, body) = response.split();
    assert!(headers.starts_with("HTTP/1.1 200 OK"), "{headers}");
    assert!(headers.to_lowercase().contains("content-type: application/json"), "{headers}");
    assert_eq!((response.content_length(), response.end), (body.len(), Ok(())));
    assert!(body.starts_with(b"{\"limit\":50"), "{}", String::from_utf8_lossy(&body));
    assert!(serde_json::from_slice::<Value>(&body).is_err());
}

#[test]
fn a_slow_body_is_sent_completely_in_the_given_time() {
    let mock = TestServer::start();
    let complete = send_raw(&mock, LIST, "").split().1;
    let started = Instant::now();

    let response = send_raw(&mock, &format!("{LIST}\nX-Mock-Fault: slow-body=300ms"), "");

    assert!(started.elapsed() >= Duration::from_millis(290), "{:?}", started.elapsed());
    assert_eq!((response.split().1, response.content_length()), (complete.clone(), complete.len()));
}

#[test]
fn commit_then_fail_drops_the_response_after_the_write() {
    let mock = TestServer::start();

    let response = send_raw(&mock, &format!("{CREATE}\nX-Mock-Fault: commit-then-fail"), r#"{"name":"a"}"#);

    assert_eq!((response.bytes.len(), response.end), (0, Err(ErrorKind::ConnectionReset)));
    assert_eq!(ibm_group_names(&mock), ["a"]);
}

#[test]
fn commit_then_fail_replaces_the_response_with_an_error_after_the_write() {
    let mock = TestServer::start();

    let response = create_ibm_group(&mock, "a").fault("commit-then-fail=503").send().expect(503);

    assert_eq!(response.json()["errors"][0]["code"], "service_unavailable");
    assert_eq!(ibm_group_names(&mock), ["a"]);
    // A client that retries causes the write twice.
    create_ibm_group(&mock, "a").send().expect(201);
    assert_eq!(ibm_group_names(&mock), ["a", "a"]);
}

#[test]
fn several_faults_apply_to_one_request_and_the_first_status_is_sent() {
    let mock = TestServer::start();
    add_faults(
        &mock,
        json!([
            {"id": "wait", "effect": {"type": "delay", "min": "60ms"}},
            {"id": "wait too", "effect": {"type": "delay", "min": 60}},
            {"id": "first", "effect": {"type": "status", "status": 503}},
            {"id": "second", "effect": {"type": "status", "status": 500}}
        ]),
    );
    let started = Instant::now();

    mock.get(GROUPS).send().expect(503);

    assert!(started.elapsed() >= Duration::from_millis(120));
    let list = admin_get(&mock, "/__admin/requests");
    assert_eq!(list["requests"][0]["faults"], json!(["wait", "wait too", "first", "second"]));
}
