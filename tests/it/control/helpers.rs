//! Helpers shared by the control tests: requests to `/__admin`, and raw connections.

use std::io::{ErrorKind, Read, Write};
use std::time::Duration;

use access_groups_mock::{Config, Fault};
use serde_json::{Value, json};

use crate::support::{TestRequest, TestResponse, TestServer};

/// The demo seed, which touches every dialect.
pub(super) const DEMO_SEED: &str = include_str!("../../../seeds/demo.json");

/// The list of IBM groups of an account without any.
pub(super) const GROUPS: &str = "/v2/groups?account_id=a";

/// A GET request to each vendor that a fault can match, with the name of its dialect.
pub(super) const VENDORS: [(&str, &str); 4] = [
    ("cloudflare", "/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups"),
    ("ibm", GROUPS),
    ("authress", "/v1/groups"),
    ("legacy", "/api2/access_groups.json"),
];

/// Starts a server whose namespaces start with `faults`.
#[expect(clippy::needless_pass_by_value, reason = "calls read better with `json!` in place")]
pub(super) fn with_faults(faults: Value) -> TestServer {
    let faults = Fault::parse(faults.to_string().as_bytes()).unwrap();
    TestServer::with_config(Config { faults, ..Config::default() }, DEMO_SEED)
}

/// Adds faults, and returns them as the server lists them.
#[track_caller]
pub(super) fn add_faults(mock: &TestServer, faults: Value) -> Vec<Value> {
    let response = mock.post("/__admin/faults").anonymous().json(faults).send().expect(201);
    response.json()["faults"].as_array().unwrap().clone()
}

/// Returns the JSON body of a GET request to `path` of the admin API.
#[track_caller]
pub(super) fn admin_get(mock: &TestServer, path: &str) -> Value {
    mock.get(path).anonymous().send().expect(200).json()
}

/// Sends a POST request to `path` of the admin API, and returns the response.
#[track_caller]
pub(super) fn admin_post(mock: &TestServer, path: &str, body: Value) -> TestResponse {
    mock.post(path).anonymous().json(body).send()
}

/// Returns the journal, oldest exchange first.
#[track_caller]
pub(super) fn journal_entries(mock: &TestServer) -> Vec<Value> {
    let found = admin_post(mock, "/__admin/requests/find", json!({})).expect(200);
    found.json()["requests"].as_array().unwrap().clone()
}

/// Returns the only exchange of the journal.
#[track_caller]
pub(super) fn only_journal_entry(mock: &TestServer) -> Value {
    let journal = journal_entries(mock);
    assert_eq!(journal.len(), 1, "{journal:?}");
    journal[0].clone()
}

/// Asserts that the admin API rejected a request as invalid for the reason `detail`.
#[track_caller]
pub(super) fn assert_invalid(response: &TestResponse, detail: &str) {
    let title = "the request is invalid";
    assert_eq!(response.json(), json!({"errors": [{"code": 400, "title": title, "detail": detail}]}));
    assert_eq!((response.status, response.header("x-mock-rule")), (400, "admin.requests.invalid"));
}

/// Returns the names of the IBM groups of the account `a` without the built-in public group.
#[track_caller]
pub(super) fn ibm_group_names(mock: &TestServer) -> Vec<String> {
    let list = mock.get("/v2/groups?account_id=a&hide_public_access=true").send().expect(200).json();
    let names = list["groups"].as_array().unwrap().iter().map(|group| group["name"].as_str().unwrap());
    names.map(str::to_owned).collect()
}

/// Builds the request that creates an IBM group with `name` in the account `a`.
pub(super) fn create_ibm_group<'a>(mock: &'a TestServer, name: &str) -> TestRequest<'a> {
    mock.post(GROUPS).json(json!({ "name": name }))
}

/// The bytes received over a connection until it ended, and how it ended.
#[derive(Debug)]
pub(super) struct RawResponse {
    pub(super) bytes: Vec<u8>,
    pub(super) end: Result<(), ErrorKind>,
}

impl RawResponse {
    /// Returns the status line with the headers, and the body.
    #[track_caller]
    pub(super) fn split(&self) -> (String, Vec<u8>) {
        let at = self.bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        (String::from_utf8_lossy(&self.bytes[..at]).into_owned(), self.bytes[at + 4..].to_vec())
    }

    /// Returns the declared `Content-Length`.
    #[track_caller]
    pub(super) fn content_length(&self) -> usize {
        let (headers, _) = self.split();
        let headers = headers.to_lowercase();
        let (_, rest) = headers.split_once("content-length: ").unwrap();
        rest.lines().next().unwrap().parse().unwrap()
    }
}

/// Sends a request with the lines of `head` and `body`, and reads until the connection ends.
pub(super) fn send_raw(mock: &TestServer, head: &str, body: &str) -> RawResponse {
    let mut stream = mock.connect();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let length = body.len();
    let head = head.replace('\n', "\r\n");
    let common_headers = format!("Host: localhost\r\nAuthorization: Bearer t\r\nContent-Length: {length}");
    write!(stream, "{head}\r\n{common_headers}\r\nConnection: close\r\n\r\n{body}").unwrap();
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return RawResponse { bytes, end: Ok(()) },
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
            Err(error) => return RawResponse { bytes, end: Err(error.kind()) },
        }
    }
}
