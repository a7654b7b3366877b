//! What stands on every answer, and what goes wrong before a handler is reached.

use std::time::Duration;

use access_groups_mock::Config;
use serde_json::{Value, json};

use super::{BLUE, assert_invalid, assert_refused, assert_uuid, demo, group, groups};
use crate::support::Mock;

#[test]
fn a_transaction_id_is_echoed_on_success_and_as_the_trace_of_errors() {
    let mock = Mock::start();

    let success = mock.get(&groups("")).header("transaction-id", "83adf5bd-de790caa3").send().expect(200);
    let failure = mock.get(&group("x")).header("transaction-id", "testString").send().expect(404);

    assert_eq!(success.header("transaction-id"), "83adf5bd-de790caa3");
    assert_eq!(failure.header("transaction-id"), "testString");
    assert_eq!(failure.json()["trace"], "testString");
}

#[test]
fn a_transaction_id_of_any_length_is_echoed() {
    let mock = Mock::start();
    let long = "x".repeat(4000);

    assert_eq!(mock.get(&groups("")).header("transaction-id", &long).send().header("transaction-id"), long);
}

#[test]
fn a_transaction_id_is_made_where_there_is_none() {
    let mock = Mock::start();

    let first = mock.get(&groups("")).send();
    let second = mock.get(&group("x")).send().expect(404);

    assert_uuid(first.header("transaction-id"), "");
    assert_ne!(first.header("transaction-id"), second.header("transaction-id"));
    assert_eq!(second.json()["trace"], second.header("transaction-id"));
}

#[test]
fn the_transaction_id_is_the_trace_of_every_failed_part() {
    let mock = demo();

    let body = json!({"members": [{"iam_id": "x", "type": "service"}]});
    let path = format!("/v2/groups/{BLUE}/members");
    let answer = mock.put(&path).header("transaction-id", "t1").json(body).send().expect(207).json();

    assert_eq!(answer["members"][0]["trace"], "t1");
}

#[test]
fn the_headers_of_the_rate_limit_stand_on_every_answer() {
    let mock = Mock::start();

    for reply in [
        mock.get(&groups("")).send().expect(200),
        mock.get("/v2/nothing").send().expect(404),
        mock.get(&groups("")).anonymous().send().expect(401),
        mock.post("/identity/token").send().expect(400),
    ] {
        assert_eq!(reply.header("x-ratelimit-limit"), "1000");
        assert_eq!(reply.header("x-ratelimit-remaining"), "999");
        assert!(reply.header("x-ratelimit-reset").parse::<i64>().unwrap() > 1_790_000_000);
    }
}

#[test]
fn an_unknown_path_is_404() {
    let mock = Mock::start();

    for path in ["/v2", "/v2/nothing", "/v2/groups/", "/v1/group_templates/", "/v1/group_assignments/x/y"] {
        let reply = mock.get(path).send().expect(404);
        assert_refused(&reply, "not_found", "The requested resource can't be found.");
    }
}

#[test]
fn a_wrong_method_is_405_and_lists_the_right_ones() {
    let mock = Mock::start();

    for (method, path, allow) in [
        ("PUT", "/v2/groups", "POST, GET"),
        ("POST", "/v2/groups/x", "GET, PATCH, DELETE"),
        ("DELETE", "/v2/groups/settings", "GET, PATCH"),
        ("GET", "/v2/groups/x/members/y", "HEAD, DELETE"),
        ("GET", "/v2/groups/x/members/delete", "POST"),
        ("POST", "/v2/groups/_allgroups/members/y", "DELETE, PUT"),
        ("PATCH", "/v2/groups/x/rules", "POST, GET"),
    ] {
        let reply = mock.call(method, path).send().expect(405);
        assert_eq!(reply.header("allow"), allow);
        let message = format!("The method {method} is not supported on the requested resource.");
        assert_refused(&reply, "method_not_allowed", &message);
    }
}

#[test]
fn head_follows_get() {
    let mock = demo();
    let path = group(BLUE);

    let request =
        format!("HEAD {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer x\r\nconnection: close\r\n\r\n");
    let answer = mock.raw(request.as_bytes());

    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("\r\netag: 1-"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
}

#[test]
fn malformed_json_says_line_and_column() {
    let mock = Mock::start();

    let reply = mock.post(&groups("")).body("{\"name\":\n  x}").send();

    assert_invalid(reply, "the body is not JSON: expected value at line 2 column 3");
}

#[test]
fn a_body_that_is_no_object_or_empty_or_more_than_one_value_is_400() {
    let mock = Mock::start();
    let post = |body: &str| mock.post(&groups("")).body(body).send();

    assert_invalid(post("[\"name\"]"), "invalid type: sequence, expected an object");
    assert_invalid(post("null"), "invalid type: null, expected an object");
    assert_invalid(post(""), "the body is not JSON: EOF while parsing a value at line 1 column 0");
    assert_invalid(
        post("{\"name\":\"a\"} x"),
        "the body is not JSON: trailing characters at line 1 column 14",
    );
}

#[test]
fn a_body_is_read_whatever_its_content_type_says() {
    let mock = Mock::start();

    mock.post(&groups("")).body(r#"{"name":"a"}"#).send().expect(201);
    let plain = mock.post(&groups("")).body(r#"{"name":"a"}"#).header("content-type", "text/plain");
    plain.send().expect(201);
}

#[test]
fn a_gzip_encoded_body_is_read() {
    let mock = Mock::start();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, br#"{"name":"zipped"}"#).unwrap();

    let call = mock.post(&groups("")).body(encoder.finish().unwrap()).header("content-encoding", "gzip");

    assert_eq!(call.send().expect(201).json()["name"], "zipped");
}

#[test]
fn a_body_that_is_too_large_is_413() {
    let mock = Mock::with(Config { body_limit: 100, ..Config::default() }, "{}");

    let reply = mock.post(&groups("")).json(json!({"name": "a".repeat(100)})).send().expect(413);

    assert_refused(&reply, "payload_too_large", "Payload is larger than 100 bytes.");
}

#[test]
fn a_request_that_takes_too_long_is_503() {
    let mock = Mock::with(Config { request_timeout: Duration::from_millis(50), ..Config::default() }, "{}");
    let send = |path: &str| {
        let head = "host: x\r\nauthorization: Bearer x\r\ntransaction-id: t1\r\ncontent-length: 10";
        let answer = mock.raw(format!("POST {path} HTTP/1.1\r\n{head}\r\n\r\n{{").as_bytes());
        assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
        serde_json::from_str::<Value>(answer.rsplit_once("\r\n\r\n").unwrap().1).unwrap()
    };

    let group = send("/v2/groups?account_id=a");
    let token = send("/identity/token");

    let error = json!({"code": "service_unavailable", "message": "Service Temporarily Unavailable"});
    assert_eq!(group, json!({"trace": "t1", "errors": [error], "status_code": 503}));
    assert_eq!(token["errorMessage"], "Service temporarily unavailable.");
    assert_eq!(token["context"]["requestId"], "t1");
}

#[test]
fn unknown_members_and_parameters_are_ignored() {
    let mock = Mock::start();

    let body = json!({"name": "a", "id": 7, "policies": []});
    let shape = mock.post(&groups("&color=blue")).json(body).send().expect(201).json();

    assert_eq!(shape["name"], "a");
    assert_eq!(shape["policies"], Value::Null);
}

#[test]
fn links_lead_to_where_the_client_found_the_server() {
    let public = Config { public_url: Some("https://mock.test/".to_owned()), ..Config::default() };
    let mock = Mock::with(public, "{}");

    let list = mock.get(&groups("")).send().expect(200).json();

    assert_eq!(list["first"]["href"], "https://mock.test/v2/groups?limit=50&account_id=a");
    assert_eq!(list["groups"][0]["href"], "https://mock.test/v2/groups/AccessGroupId-PublicAccess");
}

#[test]
fn a_group_cannot_be_called_settings() {
    let mock = Mock::start();

    let reply = mock.get("/v2/groups/_allgroups").send().expect(404);

    assert_refused(&reply, "group_not_found", "Failed to find the specified access group: _allgroups");
    assert_eq!(mock.get("/v2/groups/settings?account_id=a").send().expect(200).json()["account_id"], "a");
}
