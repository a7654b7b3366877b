//! Request bodies that the operation does not read: they are read and discarded, so that no response is lost.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use access_groups_mock::Config;

use super::{DEMO_SEED, create_legacy_group};
use crate::support::TestServer;

/// Operations without a body, with their method.
const TARGETS: [(&str, &str); 8] = [
    ("GET", "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups?per_page=1000"),
    ("GET", "/v2/groups?account_id=a"),
    ("GET", "/v1/groups"),
    ("GET", "/api2/access_groups.json"),
    ("GET", "/__admin/openapi.yaml"),
    ("GET", "/__admin/state"),
    ("POST", "/__admin/reset"),
    ("DELETE", "/__admin/requests"),
];

/// Reads a response with a `Content-Length`, and returns its headers.
#[track_caller]
fn read_response(stream: &mut TcpStream) -> String {
    let (mut received, mut buffer) = (Vec::new(), [0; 64 * 1024]);
    loop {
        let length = stream.read(&mut buffer).unwrap();
        assert!(length > 0, "the connection was closed: {}", String::from_utf8_lossy(&received));
        received.extend_from_slice(&buffer[..length]);
        let Some(end) = received.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let headers = String::from_utf8_lossy(&received[..end]).to_lowercase();
        let declared = headers.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = declared.map_or(0, |length| length.parse().unwrap());
        if received.len() >= end + 4 + length {
            return headers;
        }
    }
}

fn connect(mock: &TestServer) -> TcpStream {
    let stream = mock.connect();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

fn head(method: &str, target: &str, headers: &str) -> String {
    format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer t\r\n{headers}\r\n")
}

#[test]
fn a_body_that_is_not_read_loses_no_response_and_keeps_the_connection() {
    let mock = TestServer::with_config(Config::default(), DEMO_SEED);
    for number in 0..300 {
        create_legacy_group(&mock, "", &format!("{number} {}", "x".repeat(200)));
    }

    for (method, target) in TARGETS {
        let mut stream = connect(&mock);
        for _ in 0..5 {
            stream.write_all(head(method, target, "Content-Length: 2\r\n").as_bytes()).unwrap();
            // The server handles the headers before the body arrives.
            std::thread::sleep(Duration::from_millis(5));
            stream.write_all(b"{}").unwrap();
            let headers = read_response(&mut stream);
            assert!(headers.starts_with("http/1.1 2") && !headers.contains("connection: close"), "{headers}");
        }
    }
}

#[test]
fn a_body_that_never_arrives_closes_the_connection_with_a_header() {
    let mock = TestServer::start();

    for target in ["/v1/groups", "/__admin/state"] {
        let mut stream = connect(&mock);
        stream.write_all(head("GET", target, "Content-Length: 9\r\n").as_bytes()).unwrap();
        let headers = read_response(&mut stream);
        assert!(headers.starts_with("http/1.1 200") && headers.contains("connection: close"), "{headers}");
    }
}

#[test]
fn a_body_that_is_not_asked_for_closes_the_connection_with_a_header() {
    let mock = TestServer::start();
    let mut stream = connect(&mock);

    let headers = "Content-Length: 9\r\nExpect: 100-continue\r\n";
    stream.write_all(head("GET", "/v1/groups", headers).as_bytes()).unwrap();

    let headers = read_response(&mut stream);
    assert!(headers.starts_with("http/1.1 200") && headers.contains("connection: close"), "{headers}");
}

#[test]
fn a_timeout_is_an_error_at_the_limit_when_the_client_has_paused() {
    let limit = Duration::from_secs(1);
    let mock = TestServer::with_config(Config { request_timeout: limit, ..Config::default() }, "{}");
    let started = Instant::now();
    let mut streams = [("POST", "/v1/groups", "504"), ("PUT", "/__admin/state", "503")].map(|target| {
        let mut stream = connect(&mock);
        stream.write_all(head(target.0, target.1, "Content-Length: 9\r\n").as_bytes()).unwrap();
        stream.write_all(b"{").unwrap();
        (stream, target.2)
    });

    for (stream, status) in &mut streams {
        let headers = read_response(stream);
        assert!(headers.starts_with(&format!("http/1.1 {status}")), "{headers}");
        assert!(headers.contains("connection: close"), "{headers}");
    }

    // Waiting for the rest of the body would take 2 s more.
    let elapsed = started.elapsed();
    assert!((limit..limit + Duration::from_millis(1900)).contains(&elapsed), "{elapsed:?}");
}

#[test]
fn a_state_of_up_to_two_gibibytes_is_asked_for() {
    let mock = TestServer::start();
    for (len, start) in
        [(513 << 20, "http/1.1 100 "), (2_u64 << 30, "http/1.1 100 "), ((2 << 30) + 1, "http/1.1 413 ")]
    {
        let mut stream = connect(&mock);

        let headers = format!("Content-Length: {len}\r\nExpect: 100-continue\r\n");
        stream.write_all(head("PUT", "/__admin/state", &headers).as_bytes()).unwrap();

        let headers = read_response(&mut stream);
        assert!(headers.starts_with(start), "{len}: {headers}");
    }
}

#[test]
fn a_body_beyond_the_bound_is_not_read_and_closes_the_connection() {
    const MIB: usize = 1024 * 1024;
    let mock = TestServer::start();

    for (length, is_closed) in [(15 * MIB, false), (17 * MIB, true)] {
        let mut stream = connect(&mock);
        let mut sender = stream.try_clone().unwrap();
        let head = head("GET", "/v1/groups", &format!("Content-Length: {length}\r\n"));
        let sending = std::thread::spawn(move || {
            sender.write_all(head.as_bytes()).unwrap();
            // The server does not read the end of a body that is too long.
            let _ = sender.write_all(&vec![b' '; length]);
        });

        let headers = read_response(&mut stream);

        assert!(headers.starts_with("http/1.1 200"), "{headers}");
        assert_eq!(headers.contains("connection: close"), is_closed, "{length}: {headers}");
        drop(stream);
        sending.join().unwrap();
    }
}

#[test]
fn only_two_large_states_are_received_at_a_time() {
    let limit = Duration::from_secs(3);
    let mock = TestServer::with_config(Config { request_timeout: limit, ..Config::default() }, "{}");
    let put = |headers: &str, body: &str| {
        let mut stream = connect(&mock);
        stream.write_all([&*head("PUT", "/__admin/state", headers), body].concat().as_bytes()).unwrap();
        stream
    };
    let duration = |mut stream: TcpStream, status: &str| {
        let started = Instant::now();
        let headers = read_response(&mut stream);
        assert!(headers.starts_with(&format!("http/1.1 {status}")), "{headers}");
        started.elapsed()
    };
    // Clients that send nothing have both permits for the request timeout.
    let stalled = [(); 2].map(|()| put("Content-Length: 100000000\r\n", ""));
    std::thread::sleep(limit / 4);

    let small = put("Content-Length: 2\r\n", "{}");
    // The length of a chunked body is not known.
    let large = put("Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n");

    assert!(duration(small, "200") < limit / 2);
    assert!(duration(large, "200") > limit / 6);
    for stream in stalled {
        duration(stream, "503");
    }
}
