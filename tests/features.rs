//! Builds with only some features: each dialect works without the others, and no other dialect is served.
//!
//! `.ci/features` runs these tests with each feature alone; `.ci/run` with none and with `ibm`.
#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::io::{Read, Write};
use std::net::TcpStream;

use access_groups_mock::{Dialect, MockServer, Seed, openapi_document};
use serde_json::Value;

/// The dialects with their features, and a path of each.
const DIALECTS: [(&str, bool, &str); 4] = [
    ("cloudflare", cfg!(feature = "cloudflare"), "/client/v4/accounts/a1/access/groups"),
    ("ibm", cfg!(feature = "ibm"), "/v2/groups?account_id=a1"),
    ("authress", cfg!(feature = "authress"), "/v1/groups"),
    ("legacy", cfg!(feature = "legacy"), "/api2/access_groups.json"),
];

/// Sends the bytes of a request, and returns the whole response.
#[track_caller]
fn exchange(mock: &MockServer, request: &str) -> String {
    let mut stream = TcpStream::connect(mock.address()).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

/// Sends a request with a credential, and returns the status and the JSON body.
#[track_caller]
fn send(mock: &MockServer, method: &str, path: &str, body: &str) -> (u16, Value) {
    let mut stream = TcpStream::connect(mock.address()).unwrap();
    let headers =
        "Host: localhost\r\nAuthorization: Bearer any\r\nContent-Type: application/json\r\nConnection: close";
    let length = body.len();
    write!(stream, "{method} {path} HTTP/1.1\r\n{headers}\r\nContent-Length: {length}\r\n\r\n{body}")
        .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (
        status,
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{method} {path}: {error}: {response}")),
    )
}

#[test]
fn health_is_reported_with_any_features() {
    let mock = MockServer::start();

    let (status, health) = send(&mock, "GET", "/__admin/health", "");

    assert_eq!((status, health["status"].as_str()), (200, Some("healthy")));
}

#[test]
fn only_the_dialects_with_a_feature_are_served() {
    let mock = MockServer::start();
    let names: Vec<&str> = Dialect::ALL.iter().map(|dialect| dialect.name()).collect();

    for (name, has_feature, path) in DIALECTS {
        let (status, body) = send(&mock, "GET", path, "");

        assert_eq!(names.contains(&name), has_feature);
        assert_eq!(status, if has_feature { 200 } else { 404 }, "{path}: {body}");
    }
}

#[test]
fn the_console_is_served_only_with_its_feature() {
    let mock = MockServer::start();
    let get = |path: &str| {
        exchange(&mock, &format!("GET {path} HTTP/1.0\r\nHost: localhost\r\nAccept: text/html\r\n\r\n"))
    };
    let (index, page) = (get("/"), get("/__admin/ui/"));

    let expected = if cfg!(feature = "console") { ["303", "200"] } else { ["200", "404"] };
    for (response, status) in [&index, &page].into_iter().zip(expected) {
        assert_eq!(response.split(' ').nth(1), Some(status), "{response}");
    }
    assert!(!index.contains(r#""console""#), "{index}");
    assert_eq!(page.contains("<!doctype html>"), cfg!(feature = "console"), "{page}");
}

#[test]
fn http_2_is_served_only_with_its_feature() {
    const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    const EMPTY_SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];
    let mock = MockServer::start();
    let mut stream = TcpStream::connect(mock.address()).unwrap();

    stream.write_all(&[PREFACE, EMPTY_SETTINGS].concat()).unwrap();
    let mut frame_header = [0; 9];
    let received = stream.read_exact(&mut frame_header);

    // The fourth byte is the type of the frame.
    let has_settings = received.is_ok() && frame_header[3] == EMPTY_SETTINGS[3];
    assert_eq!(has_settings, cfg!(feature = "http2"));
}

#[test]
fn compressed_bodies_are_read_only_with_the_feature() {
    // `{"mode":"frozen"}`
    const COMPRESSED: &[u8] = &[
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 202, 205, 79, 73, 85, 178, 82, 74, 43, 202, 175, 74, 205,
        83, 170, 5, 0, 141, 219, 174, 127, 17, 0, 0, 0,
    ];
    let mock = MockServer::start();
    let mut stream = TcpStream::connect(mock.address()).unwrap();

    let head = "PUT /__admin/clock HTTP/1.0\r\nHost: localhost\r\nContent-Encoding: gzip";
    write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n", COMPRESSED.len()).unwrap();
    stream.write_all(COMPRESSED).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();

    let status = if cfg!(feature = "gzip") { "200" } else { "400" };
    assert_eq!(response.split(' ').nth(1), Some(status), "{response}");
    assert_eq!(response.contains("the content encoding is not supported"), !cfg!(feature = "gzip"));
}

#[test]
fn the_openapi_document_describes_only_the_dialects_with_a_feature() {
    let document = openapi_document();
    let described = document["x-dialects"].as_array().unwrap().iter();
    let names: Vec<&str> = described.filter_map(|dialect| dialect["name"].as_str()).collect();

    let served = DIALECTS.into_iter().filter(|(_, has_feature, _)| *has_feature).map(|(name, _, _)| name);
    let expected: Vec<&str> = served.chain(["admin"]).collect();
    assert_eq!(names, expected);

    let mock = MockServer::start();
    let response = exchange(&mock, "GET /__admin/openapi.yaml HTTP/1.0\r\nHost: localhost\r\n\r\n");
    for (name, has_feature, _) in DIALECTS {
        assert_eq!(response.contains(&format!("{name}_get_")), has_feature, "{name}");
    }
}

#[test]
fn objects_of_a_dialect_without_a_feature_are_refused() {
    for (name, has_feature, _) in DIALECTS {
        let field = match name {
            "cloudflare" | "ibm" => r#""accounts":{}"#,
            "authress" => r#""groups":[]"#,
            _ => r#""access_groups":[]"#,
        };

        let with_field = Seed::parse(&format!(r#"{{"{name}":{{{field}}}}}"#));
        let with_state = MockServer::builder().seed(format!(r#"{{"{name}":{{}}}}"#)).try_start();

        match with_field {
            Ok(_) => assert!(has_feature, "{name}"),
            Err(error) => {
                let reason = "must be empty, because the Cargo feature of this dialect is off";
                assert!(!has_feature && error.reason.starts_with(reason), "{error}");
                assert_eq!(error.path, name);
            }
        }
        assert!(with_state.is_ok(), "{name}");
    }
}

#[test]
fn a_saved_state_can_be_loaded_again() {
    let mock = MockServer::start();
    let admin = mock.admin();

    let (status, state) = send(&mock, "GET", "/__admin/state", "");

    assert_eq!(status, 200);
    assert!(Seed::parse(&state.to_string()).is_ok(), "{state}");
    assert!(admin.put_state(&admin.state()).is_ok());
}

/// Creates a group, reads it and the list of all groups, and reads a group that does not exist.
#[cfg(any(feature = "cloudflare", feature = "ibm", feature = "authress", feature = "legacy"))]
fn groups(list: &str, body: &str, item: impl Fn(&Value) -> String, missing: &str) -> [Value; 4] {
    let mock = MockServer::start();

    let (created_status, created) = send(&mock, "POST", list, body);
    let (got_status, got) = send(&mock, "GET", &item(&created), "");
    let (listed_status, listed) = send(&mock, "GET", list, "");
    let (missing_status, error) = send(&mock, "GET", missing, "");

    assert!([200, 201].contains(&created_status), "{created}");
    assert_eq!((got_status, listed_status, missing_status), (200, 200, 404), "{got} {listed} {error}");
    [created, got, listed, error]
}

#[cfg(feature = "cloudflare")]
#[test]
fn cloudflare_works_alone() {
    const LIST: &str = "/client/v4/accounts/a1/access/groups";
    let item = |created: &Value| format!("{LIST}/{}", created["result"]["id"].as_str().unwrap());

    let body = r#"{"name":"Devs","include":[{"everyone":{}}]}"#;
    let missing = format!("{LIST}/00000000-0000-4000-8000-000000000000");
    let [_, got, listed, error] = groups(LIST, body, item, &missing);

    assert_eq!(got["result"]["name"], "Devs");
    assert_eq!(listed["result"][0]["name"], "Devs");
    assert_eq!((&error["success"], &error["result"]), (&false.into(), &Value::Null));
}

#[cfg(feature = "ibm")]
#[test]
fn ibm_works_alone() {
    let item = |created: &Value| format!("/v2/groups/{}", created["id"].as_str().unwrap());

    let missing = "/v2/groups/AccessGroupId-none";
    let [_, got, listed, error] = groups("/v2/groups?account_id=a1", r#"{"name":"Devs"}"#, item, missing);

    assert_eq!(got["name"], "Devs");
    assert!(listed["groups"].as_array().unwrap().iter().any(|group| group["name"] == "Devs"), "{listed}");
    assert!(error["trace"].is_string() && error["errors"][0]["code"].is_string(), "{error}");
}

#[cfg(feature = "authress")]
#[test]
fn authress_works_alone() {
    let item = |created: &Value| format!("/v1/groups/{}", created["groupId"].as_str().unwrap());

    let body = r#"{"name":"Devs","users":[],"admins":[]}"#;
    let [_, got, listed, error] = groups("/v1/groups", body, item, "/v1/groups/none");

    assert_eq!(got["name"], "Devs");
    assert_eq!(listed["groups"][0]["name"], "Devs");
    assert!(error["title"].is_string() && error["errorId"].is_string(), "{error}");
}

#[cfg(feature = "legacy")]
#[test]
fn legacy_works_alone() {
    let body = r#"{"entry":{"name":"Devs"}}"#;
    let item = |created: &Value| format!("/api2/access_groups/{}.json", created["entry"]["id"]);

    let missing = "/api2/access_groups/7777.json";
    let [_, _, listed, error] = groups("/api2/access_groups.json", body, item, missing);

    assert_eq!(listed["entries"][0]["name"], "Devs");
    assert!(error["Message"].is_string(), "{error}");
}
