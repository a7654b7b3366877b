//! Edge cases of faults: responses without a body, large and compressed request bodies, limits, and many faults.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use access_groups_mock::{Config, RateLimit};
use serde_json::json;

use super::super::helpers::{
    GROUPS, add_faults, admin_get, admin_post, assert_invalid, create_ibm_group, ibm_group_names,
    only_journal_entry, send_raw,
};
use crate::support::TestServer;

/// Returns a fault for all requests whose body has the name `a`.
fn on_name_a() -> serde_json::Value {
    json!({
        "match": {"bodyPatterns": [{"matchesJsonPath": {"expression": "$.name", "equalTo": "a"}}]},
        "effect": {"type": "status", "status": 503}
    })
}

fn gzipped(body: &str) -> Vec<u8> {
    // A gzip member with one stored (uncompressed) block: header, block, checksum and length.
    let data = body.as_bytes();
    let length = u16::try_from(data.len()).unwrap();
    let mut compressed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    compressed.extend(length.to_le_bytes());
    compressed.extend((!length).to_le_bytes());
    compressed.extend(data);
    let mut check = u32::MAX;
    for byte in data {
        check ^= u32::from(*byte);
        for _ in 0..8 {
            check = if check & 1 == 1 { (check >> 1) ^ 0xedb8_8320 } else { check >> 1 };
        }
    }
    compressed.extend((!check).to_le_bytes());
    compressed.extend(u32::from(length).to_le_bytes());
    compressed
}

#[test]
fn an_injected_error_for_head_has_no_body() {
    let mock = TestServer::start();

    let response = mock.head(GROUPS).fault("status=503").send().expect(503);

    assert_eq!((response.body.len(), response.header("x-mock-rule")), (0, "ibm.server.unavailable"));
}

#[test]
fn a_response_without_a_body_is_not_corrupted_by_body_faults() {
    let mock = TestServer::start();
    for fault in ["truncate", "truncate=0", "malformed", "slow-body=10ms"] {
        let created = create_ibm_group(&mock, "a").send().expect(201);
        let id = created.json()["id"].as_str().unwrap().to_owned();

        let deleted = send_raw(&mock, &format!("DELETE /v2/groups/{id} HTTP/1.1\nX-Mock-Fault: {fault}"), "");
        let head = send_raw(&mock, &format!("HEAD {GROUPS} HTTP/1.1\nX-Mock-Fault: {fault}"), "");

        let (headers, body) = deleted.split();
        assert!(headers.starts_with("HTTP/1.1 204 ") && body.is_empty(), "{fault}: {headers}");
        assert!(!headers.to_lowercase().contains("content-length"), "{fault}: {headers}");
        assert_eq!(deleted.end, Ok(()), "{fault}");
        let (headers, body) = head.split();
        assert!(headers.starts_with("HTTP/1.1 200 ") && body.is_empty(), "{fault}: {headers}");
    }
}

#[test]
fn faults_apply_to_unknown_routes_and_to_paths_of_no_vendor() {
    let mock = TestServer::start();

    let unknown = mock.get("/v2/nothing").fault("status=503").send().expect(503);
    let no_vendor = mock.get("/nothing").fault("status=502").send().expect(502);
    let invalid = mock.get("/nothing").fault("nonsense").send().expect(400);

    assert_eq!(unknown.json()["errors"][0]["code"], "service_unavailable");
    assert_eq!(no_vendor.json()["errors"][0]["code"], 502);
    assert_eq!(invalid.header("x-mock-rule"), "admin.requests.invalid");
}

#[test]
fn a_delay_may_exceed_the_request_timeout() {
    let mock = TestServer::with_config(
        Config { request_timeout: Duration::from_millis(800), ..Config::default() },
        "{}",
    );
    let started = Instant::now();

    mock.get(GROUPS).fault("delay=1s").send().expect(200);

    assert!(started.elapsed() >= Duration::from_secs(1));
}

#[test]
fn a_body_above_the_limit_is_rejected_before_body_patterns_are_matched() {
    let mock = TestServer::with_config(Config { body_limit: 400, ..Config::default() }, "{}");
    add_faults(&mock, on_name_a());
    let long = format!(r#"{{"name":"a","description":"{}"}}"#, "x".repeat(400));

    let with_length = mock.post(GROUPS).body(long.clone()).send().expect(413);
    let anonymous = mock.post(GROUPS).body(long.clone()).anonymous().send().expect(401);
    let chunk = format!("{:x}\r\n{long}\r\n0\r\n\r\n", long.len());
    let head = "POST /v2/groups?account_id=a HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\n\
                Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    let chunked = mock.send_raw(format!("{head}{chunk}").as_bytes());

    assert_eq!(with_length.header("x-mock-rule"), "ibm.requests.body-too-large");
    assert_eq!(anonymous.header("x-mock-rule"), "ibm.auth.invalid-token");
    assert!(chunked.starts_with("HTTP/1.1 413 "), "{chunked}");
}

#[test]
fn a_chunked_body_is_matched_and_passed_on_completely() {
    let mock = TestServer::start();
    add_faults(&mock, on_name_a());
    let send = |name: &str| {
        let head = "POST /v2/groups?account_id=a HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\n\
                    Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
        mock.send_raw(format!("{head}8\r\n{{\"name\":\r\n4\r\n\"{name}\"}}\r\n0\r\n\r\n").as_bytes())
    };

    assert!(send("a").starts_with("HTTP/1.1 503 "));
    assert!(send("b").starts_with("HTTP/1.1 201 "));
    assert_eq!(ibm_group_names(&mock), ["b"]);
}

#[test]
fn a_gzip_body_is_decompressed_for_faults_and_the_journal() {
    let mock = TestServer::start();
    add_faults(&mock, on_name_a());
    let send = |name: &str| {
        let body = gzipped(&format!(r#"{{"name":"{name}"}}"#));
        mock.post(GROUPS).header("content-encoding", "gzip").body(body).send()
    };

    send("b").expect(201);
    assert_eq!(only_journal_entry(&mock)["body"], r#"{"name":"b"}"#);
    send("a").expect(503);
}

#[test]
fn a_body_that_never_arrives_is_rejected_after_the_request_timeout() {
    let mock = TestServer::with_config(
        Config { request_timeout: Duration::from_secs(1), ..Config::default() },
        "{}",
    );
    add_faults(&mock, on_name_a());
    let mut stream = mock.connect();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let head = "POST /v2/groups?account_id=a HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\n\
                Content-Length: 10\r\nConnection: close\r\n\r\n{";
    stream.write_all(head.as_bytes()).unwrap();

    let mut response = [0; 12];
    stream.read_exact(&mut response).unwrap();

    assert_eq!(&response, b"HTTP/1.1 503");
}

#[test]
fn a_rate_limited_request_matches_no_fault() {
    let limit: RateLimit = "1/1h".parse().unwrap();
    let rate_limits = [("ibm".to_owned(), limit)].into();
    let mock = TestServer::with_config(Config { rate_limits, ..Config::default() }, "{}");
    mock.get(GROUPS).send().expect(200);
    add_faults(
        &mock,
        json!({"id": "it", "effect": {"type": "status", "status": 503}, "schedule": {"times": 1}}),
    );

    let limited = mock.get(GROUPS).send().expect(429);

    assert_eq!(limited.header("x-mock-rule"), "ibm.limits.too-many-requests");
    assert_eq!(admin_get(&mock, "/__admin/faults/it")["injected"], 0);
    let last = admin_get(&mock, "/__admin/requests?limit=1");
    assert_eq!(last["requests"][0]["faults"], json!([]));
    mock.put("/__admin/clock").json(json!({"advance": "2h"})).send().expect(200);
    mock.get(GROUPS).send().expect(503);
}

#[test]
fn a_namespace_holds_at_most_a_thousand_faults() {
    let mock = TestServer::start();
    let fault = |id: usize| {
        json!({
            "id": format!("f{id}"), "match": {"urlPath": format!("/v2/{id}")},
            "effect": {"type": "status", "status": 503}
        })
    };
    add_faults(&mock, (0..1000).map(fault).collect());

    let one_more = admin_post(&mock, "/__admin/faults", fault(1000)).expect(400);

    assert_invalid(&one_more, "a namespace holds at most 1000 faults");
    mock.get("/v2/999").send().expect(503);
    mock.get(GROUPS).send().expect(200);
    // An existing fault can still be replaced.
    add_faults(&mock, fault(7));
    mock.delete("/__admin/faults").send().expect(204);
    assert_eq!(admin_get(&mock, "/__admin/faults"), json!({"faults": []}));
}

#[test]
fn a_fault_with_an_existing_id_replaces_it_and_restarts_its_schedule() {
    let mock = TestServer::start();
    let fault = |status: u16| json!({"id": "it", "effect": {"type": "status", "status": status}});
    add_faults(&mock, fault(503));
    mock.get(GROUPS).send().expect(503);

    add_faults(&mock, fault(500));

    let list = admin_get(&mock, "/__admin/faults");
    assert_eq!(list["faults"].as_array().unwrap().len(), 1);
    assert_eq!(list["faults"][0]["matched"], 0);
    mock.get(GROUPS).send().expect(500);
}

#[test]
fn a_fault_without_an_id_gets_an_unused_one() {
    let mock = TestServer::start();
    let status = |status: u16| json!({"effect": {"type": "status", "status": status}});
    add_faults(&mock, json!({"id": "fault-1", "effect": {"type": "delay", "min": 1}}));

    let added = add_faults(&mock, json!([status(503), status(500)]));

    assert_eq!((&added[0]["id"], &added[1]["id"]), (&json!("fault-2"), &json!("fault-3")));
    assert_eq!(admin_get(&mock, "/__admin/faults/fault-1")["effect"]["type"], "delay");
}

#[test]
fn an_id_may_be_any_non_empty_string() {
    let mock = TestServer::start();
    add_faults(&mock, json!({"id": "größe/1 %", "effect": {"type": "empty"}}));
    let path = "/__admin/faults/gr%C3%B6%C3%9Fe%2F1%20%25";

    assert_eq!(admin_get(&mock, path)["id"], "größe/1 %");
    mock.delete(path).send().expect(204);
    let empty =
        admin_post(&mock, "/__admin/faults", json!({"id": "", "effect": {"type": "empty"}})).expect(400);
    assert_invalid(&empty, "id must not be empty");
}

#[test]
fn an_injected_status_with_an_unknown_code_keeps_the_status() {
    let mock = TestServer::start();

    let response = mock.get(GROUPS).fault("status=404; code=no_such_code").send().expect(404);

    assert_eq!(response.header("x-mock-rule"), "ibm.faults.injected");
}
