//! Timeouts for connections of stalled clients.

use std::fmt::Write as _;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use super::process::{Response, Server};

/// The request timeout of the servers in these tests, in seconds.
const TIMEOUT_ARGUMENT: &str = "1";
const TIMEOUT: Duration = Duration::from_secs(1);

/// The start of an HTTP/2 connection: the preface, and an empty SETTINGS frame.
const HTTP2_PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

fn with_short_timeout() -> Server {
    Server::start(&["--request-timeout", TIMEOUT_ARGUMENT])
}

/// Reads until the server ends the connection, and returns the received bytes and the elapsed time.
fn read_until_closed(stream: &mut TcpStream) -> (Vec<u8>, Duration) {
    let (started, mut received) = (Instant::now(), Vec::new());
    // Unread request bytes turn the close into a reset. If the connection stayed open, the read would time out.
    if let Err(error) = stream.read_to_end(&mut received) {
        assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{} bytes", received.len());
    }
    (received, started.elapsed())
}

#[test]
fn incomplete_request_headers_are_rejected_after_the_timeout() {
    let server = Server::start(&["--request-timeout", "1"]);
    let mut stream = server.connect();

    stream.write_all(b"GET /__admin/health HTTP/1.1\r\nHos").unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();

    assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&rest));
}

#[test]
fn a_connection_with_an_incomplete_preface_is_closed_after_the_timeout() {
    let server = Server::start(&["--request-timeout", "1"]);

    for sent in ["", "P", "PRI * HTTP/2.0\r\n"] {
        let mut stream = server.connect();
        stream.write_all(sent.as_bytes()).unwrap();
        let mut rest = Vec::new();
        // Unread request bytes turn the close into a reset. If the connection stayed open, the read would time out.
        if let Err(error) = stream.read_to_end(&mut rest) {
            assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{sent:?}");
        }
        assert!(rest.is_empty(), "{sent:?}: {}", String::from_utf8_lossy(&rest));
    }
    let mut stream = server.connect();
    for part in ["P", "O", "ST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"] {
        stream.write_all(part.as_bytes()).unwrap();
        std::thread::sleep(Duration::from_millis(30));
    }
    assert_eq!(Response::read(&mut stream).status, 404);
}

#[test]
fn a_client_that_disconnects_during_protocol_detection_is_released_immediately() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    stream.write_all(b"P").unwrap();

    stream.shutdown(Shutdown::Write).unwrap();

    assert!(
        read_until_closed(&mut stream).1 < Duration::from_secs(10),
        "the connection is kept until the request timeout"
    );
}

#[test]
fn an_idle_keep_alive_connection_is_closed_after_the_timeout() {
    let server = with_short_timeout();
    let mut stream = server.connect();
    let request = b"GET /__admin/health HTTP/1.1\r\nHost: localhost\r\n\r\n";

    for _ in 0..4 {
        // Together the requests take longer than the timeout.
        std::thread::sleep(TIMEOUT / 2);
        stream.write_all(request).unwrap();
        // The response is small enough for a single read.
        let mut response = [0; 4096];
        let length = stream.read(&mut response).unwrap();
        assert!(response[..length].starts_with(b"HTTP/1.1 200 OK"));
    }

    assert!(read_until_closed(&mut stream).1 > TIMEOUT / 2);
}

#[test]
fn a_client_that_does_not_read_its_response_is_disconnected() {
    let seed = std::env::temp_dir().join(format!("unread-{}.json", std::process::id()));
    let users: String = (0..100).fold(String::new(), |mut users, number| {
        write!(users, r#"{}{{"userId":"{number:0>128}"}}"#, if number == 0 { "" } else { "," }).unwrap();
        users
    });
    let groups: Vec<String> = (0..800)
        .map(|number| {
            format!(r#"{{"groupId":"grp_{number}","name":"n","users":[{users}],"admins":[{users}]}}"#)
        })
        .collect();
    std::fs::write(&seed, format!(r#"{{"version":1,"authress":{{"groups":[{}]}}}}"#, groups.join(",")))
        .unwrap();
    let server = Server::start(&["--request-timeout", TIMEOUT_ARGUMENT, "--seed", seed.to_str().unwrap()]);
    std::fs::remove_file(&seed).unwrap();
    let mut stream = server.connect();

    stream.write_all(b"GET /__admin/state HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    std::thread::sleep(TIMEOUT * 4);
    let (received, _) = read_until_closed(&mut stream);

    let length = 800 * 2 * 100 * 140;
    assert!(received.starts_with(b"HTTP/1.1 200 OK") && received.len() < length, "{} bytes", received.len());
    assert_eq!(server.send("GET /__admin/health HTTP/1.1", "").status, 200);
}

#[test]
fn a_streamed_response_may_exceed_the_timeout() {
    let server = with_short_timeout();
    let mut stream = server.connect();
    stream.write_all(b"GET /__admin/requests/stream HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();

    std::thread::sleep(TIMEOUT * 2);
    server.send("GET /v2/groups?account_id=a HTTP/1.1", "");

    let mut received = String::new();
    let mut buffer = [0; 1024];
    while !received.contains("/v2/groups?account_id=a") {
        let length = stream.read(&mut buffer).unwrap();
        assert!(length > 0, "the stream ended: {received}");
        received.push_str(&String::from_utf8_lossy(&buffer[..length]));
    }
}

/// HTTP/2 frame headers on stream 0: PING, PING with ACK, and SETTINGS with ACK.
const PING: [u8; 9] = [0, 0, 8, 6, 0, 0, 0, 0, 0];
const PING_ACK: [u8; 9] = [0, 0, 8, 6, 1, 0, 0, 0, 0];
const SETTINGS_ACK: [u8; 9] = [0, 0, 0, 4, 1, 0, 0, 0, 0];

#[test]
fn an_http_2_connection_without_ping_acks_is_closed() {
    let server = with_short_timeout();
    let mut stream = server.connect();
    stream.write_all(HTTP2_PREFACE).unwrap();

    let (received, elapsed) = read_until_closed(&mut stream);

    assert!(received.windows(PING.len()).any(|bytes| bytes == PING), "{received:?}");
    assert!(elapsed > TIMEOUT, "the connection ended after {elapsed:?}");
}

#[test]
fn an_http_2_connection_with_ping_acks_is_kept_open() {
    let server = with_short_timeout();
    let mut stream = server.connect();
    stream.write_all(HTTP2_PREFACE).unwrap();
    stream.write_all(&SETTINGS_ACK).unwrap();

    // Each ping is sent after the timeout, so several pings take much longer than an idle connection is kept.
    let mut pings = 0;
    while pings < 4 {
        let mut header = [0; 9];
        stream.read_exact(&mut header).unwrap();
        let mut payload = vec![0; usize::from(u16::from_be_bytes([header[1], header[2]]))];
        stream.read_exact(&mut payload).unwrap();
        if header == PING {
            stream.write_all(&[&PING_ACK[..], &payload].concat()).unwrap();
            pings += 1;
        }
    }
}
