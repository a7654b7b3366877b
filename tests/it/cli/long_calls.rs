//! Calls of the admin API that take long: they end after the request timeout, and with their client.

use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::json;

use super::process::Server;

/// The head of a search that looks at every recorded body.
const COUNT: &str = "POST /__admin/requests/count HTTP/1.1";

/// A pattern that takes far longer than the request timeout, but less than the bound of a search.
fn expensive_search() -> String {
    json!({"bodyPatterns": [{"matches": ".*(?:[a-z]{0,20}x){0,4}.*y"}]}).to_string()
}

/// Starts a server whose journal is full of long bodies.
fn with_full_journal(timeout: &str) -> Server {
    let server = Server::start(&["--request-timeout", timeout]);
    let body = json!({"name": "ab".repeat(30_000)}).to_string();
    for _ in 0..66 {
        server.send("POST /v2/groups?account_id=a HTTP/1.1\nContent-Type: application/json", &body);
    }
    server
}

#[test]
fn a_call_ends_after_the_request_timeout() {
    let server = with_full_journal("1");

    let response = server.send(COUNT, &expensive_search());

    assert_eq!(response.status, 503);
    assert!(response.body.contains("the request took too long"), "{}", response.body);
    assert_eq!(server.send(COUNT, r#"{"url":"/"}"#).status, 200, "the next call is not delayed");
}

#[test]
fn a_call_is_cancelled_when_its_client_disconnects() {
    // Without the cancellation, the calls would run for the request timeout.
    let server = with_full_journal("30");
    let search = expensive_search();
    let concurrent_calls = std::thread::available_parallelism().unwrap().get();
    for _ in 0..concurrent_calls {
        let mut stream = server.connect();
        let length = search.len();
        write!(stream, "{COUNT}\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{search}").unwrap();
        std::thread::sleep(Duration::from_millis(50));
    }
    let started = Instant::now();

    let response = server.send(COUNT, r#"{"url":"/"}"#);

    assert_eq!(response.status, 200);
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}
