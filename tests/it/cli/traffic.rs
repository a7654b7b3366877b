//! The effects of flags on requests and responses: body limit, timeout, CORS and links.

use std::io::Write;
use std::time::{Duration, Instant};

use access_groups_mock::MockServer;
use serde_json::json;

use super::process::{Response, Server, server_command};

const LIST: &str = "/api2/access_groups.json";

fn post(more_headers: &str) -> String {
    format!("POST {LIST} HTTP/1.1\nContent-Type: application/json{more_headers}")
}

/// Returns a body of exactly `length` bytes.
fn body_with_length(length: usize) -> String {
    let body = r#"{"entry":{}}"#;
    format!("{body}{}", " ".repeat(length - body.len()))
}

#[test]
fn a_body_at_the_limit_is_accepted_and_one_byte_more_is_413() {
    let server = Server::start(&["--body-limit", "64"]);

    let at_limit = server.send(&post(""), &body_with_length(64));
    let too_large = server.send(&post(""), &body_with_length(65));

    assert_eq!(at_limit.status, 201);
    assert_eq!(too_large.status, 413);
    assert_eq!(too_large.json(), json!({"Message": "The request entity is larger than 64 bytes."}));
}

#[test]
fn the_default_body_limit_is_one_mebibyte() {
    let server = Server::start(&[]);

    assert_eq!(server.send(&post(""), &body_with_length(1_048_576)).status, 201);
    assert_eq!(server.send(&post(""), &body_with_length(1_048_577)).status, 413);
}

#[test]
fn an_incomplete_body_gets_the_vendors_503_after_the_timeout() {
    let server = Server::start(&["--request-timeout", "1"]);
    let mut stream = server.connect();
    let head = format!(
        "POST {LIST} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer t\r\nContent-Type: application/json\r\n\
         Content-Length: 100\r\n\r\n{{"
    );

    stream.write_all(head.as_bytes()).unwrap();
    let response = Response::read(&mut stream);

    assert_eq!(response.status, 503);
    assert_eq!(response.header("content-type"), Some("application/json; charset=utf-8"));
    assert_eq!(response.json(), json!({"Message": "An error has occurred."}));
    assert_eq!(server.send(&format!("GET {LIST} HTTP/1.1"), "").status, 200);
}

#[test]
fn an_incomplete_body_for_the_admin_api_gets_503_after_the_timeout() {
    let server = Server::start(&["--request-timeout", "1"]);

    for path in ["/__admin/state", "/__admin/clock"] {
        let mut stream = server.connect();
        let head = format!(
            "PUT {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 9\r\n\r\n{{"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let response = Response::read(&mut stream);

        assert_eq!(response.status, 503);
        assert_eq!(response.json(), json!({"errors": [{"code": 503, "title": "the request took too long"}]}));
    }
}

#[test]
fn a_state_import_may_exceed_the_request_timeout() {
    let groups: Vec<String> = (0..60_000).map(|number| format!(r#"{{"name":"{number}"}}"#)).collect();
    let state = format!(r#"{{"version":1,"legacy":{{"access_groups":[{}]}}}}"#, groups.join(","));
    let import = |timeout: Duration| {
        let mock = MockServer::builder().configure(|config| {
            config.request_timeout = timeout;
            config.body_limit = 1;
        });
        let mock = mock.start();
        let started = Instant::now();
        // The body has to arrive within the timeout, which a busy machine can exceed.
        let response = ureq::put(&format!("{}/__admin/state", mock.url())).send(&state);
        response.is_ok_and(|response| response.status() == 200)
            && mock.admin().namespaces()[0].groups == 60_000
            && started.elapsed() > timeout
    };

    assert!([100, 150, 200, 300, 400].into_iter().map(Duration::from_millis).any(import));
}

#[test]
fn without_cors_responses_have_no_cors_headers_and_a_preflight_is_405() {
    let server = Server::start(&[]);

    let actual = server.send(&format!("GET {LIST} HTTP/1.1\nOrigin: http://app.test"), "");
    let preflight = server.send(
        &format!("OPTIONS {LIST} HTTP/1.1\nOrigin: http://app.test\nAccess-Control-Request-Method: GET"),
        "",
    );

    assert_eq!(actual.status, 200);
    assert_eq!(preflight.status, 405);
    assert_eq!(preflight.header("allow"), Some("GET, POST"));
    for response in [actual, preflight] {
        assert_eq!(response.header("access-control-allow-origin"), None);
        assert_eq!(response.header("vary"), None);
    }
}

#[test]
fn a_preflight_of_an_allowed_origin_may_request_the_authorization_header() {
    let server = Server::start(&["--cors", "http://app.test,http://other.test"]);

    let preflight = server.send(
        &format!(
            "OPTIONS {LIST} HTTP/1.1\nOrigin: http://app.test\nAccess-Control-Request-Method: PUT\n\
             Access-Control-Request-Headers: authorization,content-type"
        ),
        "",
    );

    assert_eq!(preflight.status, 200);
    assert_eq!(preflight.header("access-control-allow-origin"), Some("http://app.test"));
    assert_eq!(preflight.header("access-control-allow-methods"), Some("*"));
    // `*` would not cover `Authorization`.
    assert_eq!(preflight.header("access-control-allow-headers"), Some("authorization,content-type"));
}

#[test]
fn an_allowed_origin_may_read_responses_and_errors_with_all_headers() {
    let server = Server::start(&["--cors", "http://app.test", "--cors", "http://other.test"]);

    for (path, status) in [(LIST, 200), ("/api2/access_groups/1.json", 404), ("/nothing", 404)] {
        let response = server.send(&format!("GET {path} HTTP/1.1\nOrigin: http://other.test"), "");
        assert_eq!(response.status, status);
        assert_eq!(response.header("access-control-allow-origin"), Some("http://other.test"));
        assert_eq!(response.header("access-control-expose-headers"), Some("*"));
    }
}

#[test]
fn a_foreign_origin_gets_no_cors_headers() {
    let server = Server::start(&["--cors", "http://app.test"]);

    let response = server.send(&format!("GET {LIST} HTTP/1.1\nOrigin: http://evil.test"), "");

    assert_eq!(response.status, 200);
    assert_eq!(response.header("access-control-allow-origin"), None);
}

#[test]
fn links_start_with_the_public_url() {
    let server = Server::start(&["--public-url", "https://mock.test/base/"]);

    let created = server.send(&post("\nX-Forwarded-Host: other.test"), r#"{"entry":{}}"#);

    assert_eq!(created.status, 201);
    assert_eq!(created.header("location"), Some("https://mock.test/base/api2/access_groups/1.json"));
}

#[test]
fn links_use_the_requested_or_forwarded_host() {
    let server = Server::start(&[]);
    let location = |more_headers: &str| {
        let created = server.send(&post(more_headers), r#"{"entry":{}}"#);
        created.header("location").unwrap().rsplit_once("/api2").unwrap().0.to_owned()
    };

    assert_eq!(location("\nHost: a.test:81"), "http://a.test:81");
    assert_eq!(location("\nHost: a.test\nX-Forwarded-Proto: https"), "https://a.test");
    assert_eq!(
        location("\nHost: a\nX-Forwarded-Proto: https\nX-Forwarded-Host: b.test:8443"),
        "https://b.test:8443"
    );
    assert_eq!(location("\nHost: a\nX-Forwarded-Host: b.test, c.test"), "http://b.test");
    assert_eq!(location("\nHost: a.test\nX-Forwarded-Host: b/\"c"), "http://a.test");
}

#[test]
fn a_vendors_own_cors_headers_have_precedence_over_the_flag() {
    let server = Server::start(&["--cors", "http://app.test"]);

    let preflight =
        "OPTIONS /v1/groups/x HTTP/1.1\nOrigin: http://b.test\nAccess-Control-Request-Method: PUT";
    let response = server.send(preflight, "");

    assert_eq!(response.status, 200);
    assert_eq!(response.header("access-control-allow-origin"), Some("http://b.test"));
    assert!(response.header("access-control-allow-methods").unwrap().contains("PUT"));
    let vary = "Origin, Host, Sec-Fetch-Dest, Sec-Fetch-Mode, Sec-Fetch-Site";
    assert_eq!(response.header("vary"), Some(vary));
}

#[test]
fn options_without_preflight_headers_is_handled_by_the_vendor_api() {
    let server = Server::start(&["--cors", "http://app.test"]);

    let plain = server.send("OPTIONS /client/v4/nope HTTP/1.1\nOrigin: http://app.test", "");

    assert_eq!(plain.status, 404);
    assert_eq!(plain.json()["errors"][0]["code"], 7003);
}

#[test]
fn an_empty_list_of_origins_or_hosts_allows_none() {
    let mut command = server_command(&["--port", "0"]);
    let server = Server::spawn(command.env("AGM_CORS", "").env("AGM_ALLOW_HOST", ""));

    let response = server.send("GET /api2/access_groups.json HTTP/1.1\nOrigin: http://app.test", "");

    assert_eq!(response.status, 200);
    assert_eq!(response.header("access-control-allow-origin"), None);
}

#[test]
fn a_client_with_a_large_unread_body_still_gets_its_response() {
    let server = Server::start(&[]);
    let body = body_with_length(8 * 1024 * 1024);

    for head in ["POST /client/v4/nope HTTP/1.1", "PATCH /v2/groups HTTP/1.1", "DELETE /v1/groups/x HTTP/1.1"]
    {
        let response = server.send(head, &body);

        assert!([404, 405].contains(&response.status), "{head} returned {}", response.status);
    }
}

#[test]
fn links_use_the_bound_address_without_a_host_header() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    let body = r#"{"entry":{"name":"a"}}"#;
    let head = format!(
        "POST /api2/access_groups.json HTTP/1.0\r\nAuthorization: Bearer t\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );

    stream.write_all(head.as_bytes()).unwrap();
    let response = Response::read(&mut stream);

    let location = format!("http://127.0.0.1:{}/api2/access_groups/1.json", server.port());
    assert_eq!(response.header("location"), Some(location.as_str()));
}

#[test]
fn a_response_without_a_body_has_no_content_length() {
    let server = Server::start(&[]);
    assert_eq!(server.send(&post(""), "{\"entry\":{}}").status, 201);

    let deleted = server.send("DELETE /api2/access_groups/1.json HTTP/1.1", "");

    assert_eq!((deleted.status, deleted.header("content-length")), (204, None));
}

#[test]
fn a_state_whose_client_disconnects_is_not_put() {
    let server = Server::start(&[]);
    let groups: Vec<_> = (1..20_000).map(|id| json!({"id": id, "name": "a"})).collect();
    let state = json!({"legacy": {"access_groups": groups}}).to_string();
    let started = Instant::now();
    assert_eq!(server.send("PUT /ns/other/__admin/state HTTP/1.1", &state).status, 200);
    let duration = started.elapsed();

    let mut stream = server.connect();
    stream.write_all(&super::process::request("PUT /__admin/state HTTP/1.1", &state)).unwrap();
    drop(stream);
    std::thread::sleep(duration * 3 + Duration::from_millis(200));

    let list = server.send(&format!("GET {LIST} HTTP/1.1"), "").json();
    assert_eq!(list["entries"], json!([]));
}
