//! Graceful shutdown on signals: requests in flight complete, no new ones are accepted, and the exit code is 0.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use serde_json::json;

use super::process::{Response, Server};

const BODY: &str = r#"{"entry":{"name":"in flight"}}"#;

/// Sends half a body, then the signal, then the rest, and asserts that the response is complete.
fn assert_completes_request_in_flight(signal: &str) {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    let head = format!(
        "POST /api2/access_groups.json HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer t\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        BODY.len()
    );
    let (first_half, second_half) = BODY.split_at(BODY.len() / 2);

    stream.write_all(head.as_bytes()).unwrap();
    // The server sends `100 Continue` when the handler starts to read the body.
    let mut interim_response = [0; 25];
    stream.read_exact(&mut interim_response).unwrap();
    stream.write_all(first_half.as_bytes()).unwrap();
    server.signal(signal);
    server.wait_until_closed();
    stream.write_all(second_half.as_bytes()).unwrap();
    let response = Response::read(&mut stream);
    let ended = server.wait_for_exit();

    assert_eq!(&interim_response, b"HTTP/1.1 100 Continue\r\n\r\n");
    assert_eq!(response.status, 201);
    assert_eq!(response.json()["entry"]["name"], json!("in flight"));
    assert_eq!(ended.code, Some(0));
    assert_eq!(ended.stderr, "");
}

#[test]
fn sigterm_completes_a_request_in_flight_and_exits_with_code_0() {
    assert_completes_request_in_flight("TERM");
}

#[test]
fn sigint_completes_a_request_in_flight_and_exits_with_code_0() {
    assert_completes_request_in_flight("INT");
}

#[test]
fn idle_connections_do_not_delay_the_shutdown() {
    let server = Server::start(&[]);
    let _silent = server.connect();
    let mut keep_alive = server.connect();
    let request = "GET /__admin/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    keep_alive.write_all(request.as_bytes()).unwrap();
    let mut start = [0; 15];
    keep_alive.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 200 OK");

    let started = Instant::now();
    let ended = server.stop();

    assert_eq!(ended.code, Some(0));
    assert!(started.elapsed() < Duration::from_secs(5), "the exit took {:?}", started.elapsed());
}

#[test]
fn incomplete_request_headers_do_not_delay_the_shutdown() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    stream.write_all(b"GET /__admin/health HTTP/1.1\r\nHos").unwrap();

    let started = Instant::now();
    let ended = server.stop();

    assert_eq!(ended.code, Some(0));
    assert!(started.elapsed() < Duration::from_secs(5), "the exit took {:?}", started.elapsed());
}
