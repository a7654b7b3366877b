//! Headers of every response, and errors that are returned before a handler runs.

use std::time::Duration;

use access_groups_mock::Config;
use serde_json::{Value, json};

use super::{BLUE, assert_error, assert_invalid, assert_uuid, demo_server, group_path, groups_path};
use crate::support::TestServer;

#[test]
fn a_transaction_id_is_echoed_on_success_and_as_the_trace_of_errors() {
    let mock = TestServer::start();

    let success =
        mock.get(&groups_path("")).header("transaction-id", "83adf5bd-de790caa3").send().expect(200);
    let error = mock.get(&group_path("x")).header("transaction-id", "testString").send().expect(404);

    assert_eq!(success.header("transaction-id"), "83adf5bd-de790caa3");
    assert_eq!(error.header("transaction-id"), "testString");
    assert_eq!(error.json()["trace"], "testString");
}

#[test]
fn a_transaction_id_of_up_to_1_kib_is_echoed_and_a_longer_one_is_replaced() {
    let mock = TestServer::start();
    let echoed = |length: usize| {
        let sent = "x".repeat(length);
        let response = mock.get(&groups_path("")).header("transaction-id", &sent).send().expect(200);
        response.header("transaction-id") == sent
    };

    assert!(echoed(1024));
    assert!(!echoed(1025));
}

#[test]
fn a_missing_transaction_id_is_generated() {
    let mock = TestServer::start();

    let first = mock.get(&groups_path("")).send();
    let second = mock.get(&group_path("x")).send().expect(404);

    assert_uuid(first.header("transaction-id"), "");
    assert_ne!(first.header("transaction-id"), second.header("transaction-id"));
    assert_eq!(second.json()["trace"], second.header("transaction-id"));
}

#[test]
fn the_transaction_id_is_the_trace_of_every_failed_item() {
    let mock = demo_server();

    let body = json!({"members": [{"iam_id": "x", "type": "service"}]});
    let path = format!("/v2/groups/{BLUE}/members");
    let result = mock.put(&path).header("transaction-id", "t1").json(body).send().expect(207).json();

    assert_eq!(result["members"][0]["trace"], "t1");
}

#[test]
fn every_response_has_rate_limit_headers() {
    let mock = TestServer::start();

    for response in [
        mock.get(&groups_path("")).send().expect(200),
        mock.get("/v2/nothing").send().expect(404),
        mock.get(&groups_path("")).anonymous().send().expect(401),
        mock.post("/identity/token").send().expect(400),
    ] {
        assert_eq!(response.header("x-ratelimit-limit"), "1000");
        assert_eq!(response.header("x-ratelimit-remaining"), "999");
        assert!(response.header("x-ratelimit-reset").parse::<i64>().unwrap() > 1_790_000_000);
    }
}

#[test]
fn an_unknown_path_is_404() {
    let mock = TestServer::start();

    for path in ["/v2/groups/", "/v2/groups/g/nothing", "/v1/group_templates/", "/v1/group_assignments/x/y"] {
        let response = mock.get(path).send().expect(404);
        assert_error(&response, "not_found", "The requested resource can't be found.");
    }
}

#[test]
fn a_wrong_method_is_405_with_allow() {
    let mock = TestServer::start();

    for (method, path, allow) in [
        ("PUT", "/v2/groups", "POST, GET"),
        ("POST", "/v2/groups/x", "GET, PATCH, DELETE"),
        ("DELETE", "/v2/groups/settings", "GET, PATCH"),
        ("GET", "/v2/groups/x/members/y", "HEAD, DELETE"),
        ("GET", "/v2/groups/x/members/delete", "POST"),
        ("POST", "/v2/groups/_allgroups/members/y", "DELETE, PUT"),
        ("PATCH", "/v2/groups/x/rules", "POST, GET"),
    ] {
        let response = mock.request(method, path).send().expect(405);
        assert_eq!(response.header("allow"), allow);
        let message = format!("The method {method} is not supported on the requested resource.");
        assert_error(&response, "method_not_allowed", &message);
    }
}

#[test]
fn head_matches_get_without_a_body() {
    let mock = demo_server();
    let path = group_path(BLUE);

    let request =
        format!("HEAD {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer x\r\nconnection: close\r\n\r\n");
    let response = mock.send_raw(request.as_bytes());

    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    assert!(response.contains("\r\netag: 1-"), "{response}");
    assert!(response.ends_with("\r\n\r\n"), "{response}");
}

#[test]
fn malformed_json_is_400_with_line_and_column() {
    let mock = TestServer::start();

    let response = mock.post(&groups_path("")).body("{\"name\":\n  x}").send();

    assert_invalid(response, "the body is not JSON: expected value at line 2 column 3");
}

#[test]
fn an_empty_non_object_or_multi_value_body_is_400() {
    let mock = TestServer::start();
    let post = |body: &str| mock.post(&groups_path("")).body(body).send();

    assert_invalid(post("[\"name\"]"), "invalid type: sequence, expected an object");
    assert_invalid(post("null"), "invalid type: null, expected an object");
    assert_invalid(post(""), "the body is not JSON: EOF while parsing a value at line 1 column 0");
    assert_invalid(
        post("{\"name\":\"a\"} x"),
        "the body is not JSON: trailing characters at line 1 column 14",
    );
}

#[test]
fn the_content_type_of_a_body_is_ignored() {
    let mock = TestServer::start();

    mock.post(&groups_path("")).body(r#"{"name":"a"}"#).send().expect(201);
    let plain = mock.post(&groups_path("")).body(r#"{"name":"a"}"#).header("content-type", "text/plain");
    plain.send().expect(201);
}

/// Returns the compressed body of a group.
fn gzipped_group() -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, br#"{"name":"zipped"}"#).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_gzip_encoded_body_is_read() {
    let mock = TestServer::start();

    let request = mock.post(&groups_path("")).body(gzipped_group()).header("content-encoding", "gzip");

    assert_eq!(request.send().expect(201).json()["name"], "zipped");
}

#[test]
fn the_codings_of_a_body_are_a_list_of_one_or_several_headers() {
    let mock = TestServer::start();

    for (codings, expected) in [
        ("identity, gzip", 201),
        ("X-GZIP ,identity", 201),
        ("identity", 400),
        ("gzip, gzip", 400),
        ("br, gzip", 400),
    ] {
        let request = mock.post(&groups_path("")).body(gzipped_group()).header("content-encoding", codings);
        assert_eq!(request.send().status, expected, "{codings}");
    }
    let body = gzipped_group();
    let mut request = format!(
        "POST {} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\nContent-Encoding: identity\r\n\
         Content-Encoding: gzip\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        groups_path(""),
        body.len()
    )
    .into_bytes();
    request.extend(body);
    let response = mock.send_raw_bytes(&request);
    assert!(response.starts_with(b"HTTP/1.1 201 "), "{}", String::from_utf8_lossy(&response));
}

#[test]
fn a_body_above_the_limit_is_413() {
    let mock = TestServer::with_config(Config { body_limit: 100, ..Config::default() }, "{}");

    let response = mock.post(&groups_path("")).json(json!({"name": "a".repeat(100)})).send().expect(413);

    assert_error(&response, "payload_too_large", "Payload is larger than 100 bytes.");
}

#[test]
fn a_request_timeout_is_503() {
    let mock = TestServer::with_config(
        Config { request_timeout: Duration::from_secs(1), ..Config::default() },
        "{}",
    );
    let send = |path: &str| {
        let head = "host: x\r\nauthorization: Bearer x\r\ntransaction-id: t1\r\ncontent-length: 10";
        let response = mock.send_raw(format!("POST {path} HTTP/1.1\r\n{head}\r\n\r\n{{").as_bytes());
        assert!(response.starts_with("HTTP/1.1 503"), "{response}");
        serde_json::from_str::<Value>(response.rsplit_once("\r\n\r\n").unwrap().1).unwrap()
    };

    let group = send("/v2/groups?account_id=a");
    let token = send("/identity/token");

    let error = json!({"code": "service_unavailable", "message": "Service Temporarily Unavailable"});
    assert_eq!(group, json!({"trace": "t1", "errors": [error], "status_code": 503}));
    assert_eq!(token["errorMessage"], "Service temporarily unavailable.");
    assert_eq!(token["context"]["requestId"], "t1");
}

#[test]
fn unknown_fields_and_parameters_are_ignored() {
    let mock = TestServer::start();

    let body = json!({"name": "a", "id": 7, "policies": []});
    let shape = mock.post(&groups_path("&color=blue")).json(body).send().expect(201).json();

    assert_eq!(shape["name"], "a");
    assert_eq!(shape["policies"], Value::Null);
}

#[test]
fn links_use_the_public_url() {
    let public = Config { public_url: Some("https://mock.test/".to_owned()), ..Config::default() };
    let mock = TestServer::with_config(public, "{}");

    let list = mock.get(&groups_path("")).send().expect(200).json();

    assert_eq!(list["first"]["href"], "https://mock.test/v2/groups?limit=50&account_id=a");
    assert_eq!(list["groups"][0]["href"], "https://mock.test/v2/groups/AccessGroupId-PublicAccess");
}

#[test]
fn reserved_path_segments_are_not_group_ids() {
    let mock = TestServer::start();

    let response = mock.get("/v2/groups/_allgroups").send().expect(404);

    assert_error(&response, "group_not_found", "Failed to find the specified access group: _allgroups");
    assert_eq!(mock.get("/v2/groups/settings?account_id=a").send().expect(200).json()["account_id"], "a");
}
