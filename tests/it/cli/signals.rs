//! What a signal does: requests in flight finish, nothing else begins, the process ends well.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use serde_json::json;

use super::process::{Answer, Server};

const BODY: &str = r#"{"entry":{"name":"in flight"}}"#;

/// Sends half a body, then the signal, then the rest: the answer must be whole.
fn finishes_a_request_in_flight(signal: &str) {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    let head = format!(
        "POST /api2/access_groups.json HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer t\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        BODY.len()
    );
    let (first_half, second_half) = BODY.split_at(BODY.len() / 2);

    stream.write_all(head.as_bytes()).unwrap();
    // The server says so when the handler begins to read the body.
    let mut proceed = [0; 25];
    stream.read_exact(&mut proceed).unwrap();
    stream.write_all(first_half.as_bytes()).unwrap();
    server.signal(signal);
    server.wait_until_closed();
    stream.write_all(second_half.as_bytes()).unwrap();
    let answer = Answer::read(&mut stream);
    let ended = server.wait();

    assert_eq!(&proceed, b"HTTP/1.1 100 Continue\r\n\r\n");
    assert_eq!(answer.status, 201);
    assert_eq!(answer.json()["entry"]["name"], json!("in flight"));
    assert_eq!(ended.code, Some(0));
    assert_eq!(ended.stderr, "");
}

#[test]
fn sigterm_lets_a_request_in_flight_finish_and_ends_with_code_0() {
    finishes_a_request_in_flight("TERM");
}

#[test]
fn sigint_lets_a_request_in_flight_finish_and_ends_with_code_0() {
    finishes_a_request_in_flight("INT");
}

#[test]
fn idle_connections_do_not_hold_up_the_end() {
    let server = Server::start(&[]);
    let _silent = server.connect();
    let mut kept = server.connect();
    let request = "GET /__admin/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    kept.write_all(request.as_bytes()).unwrap();
    let mut start = [0; 15];
    kept.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 200 OK");

    let began = Instant::now();
    let ended = server.stop();

    assert_eq!(ended.code, Some(0));
    assert!(began.elapsed() < Duration::from_secs(5), "it took {:?}", began.elapsed());
}

#[test]
fn a_head_that_never_ends_does_not_hold_up_the_end() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    stream.write_all(b"GET /__admin/health HTTP/1.1\r\nHos").unwrap();

    let began = Instant::now();
    let ended = server.stop();

    assert_eq!(ended.code, Some(0));
    assert!(began.elapsed() < Duration::from_secs(5), "it took {:?}", began.elapsed());
}
