//! How long the server waits for a client that does not go on.

use std::fmt::Write as _;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use super::process::{Answer, Server};

/// The time limit of the servers here, in seconds and as a time.
const LIMIT: &str = "1";
const LIMIT_TIME: Duration = Duration::from_secs(1);

/// What HTTP/2 begins with: the preface, and settings without any.
const BEGINNING: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

fn impatient() -> Server {
    Server::start(&["--request-timeout", LIMIT])
}

/// Reads until the server ends the connection, and returns what came and how long it took.
fn until_the_end(stream: &mut TcpStream) -> (Vec<u8>, Duration) {
    let (began, mut rest) = (Instant::now(), Vec::new());
    // What was not read makes it a reset; of a connection that stayed open the reads would take too long.
    if let Err(error) = stream.read_to_end(&mut rest) {
        assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{} bytes", rest.len());
    }
    (rest, began.elapsed())
}

#[test]
fn a_head_that_never_ends_is_given_up_after_the_time_limit() {
    let server = Server::start(&["--request-timeout", "1"]);
    let mut stream = server.connect();

    stream.write_all(b"GET /__admin/health HTTP/1.1\r\nHos").unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();

    assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&rest));
}

#[test]
fn a_connection_that_says_too_little_to_tell_the_protocol_is_given_up_after_the_time_limit() {
    let server = Server::start(&["--request-timeout", "1"]);

    for said in ["", "P", "PRI * HTTP/2.0\r\n"] {
        let mut stream = server.connect();
        stream.write_all(said.as_bytes()).unwrap();
        let mut rest = Vec::new();
        // What was not read makes it a reset; of a connection that stayed open the reads would take too long.
        if let Err(error) = stream.read_to_end(&mut rest) {
            assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{said:?}");
        }
        assert!(rest.is_empty(), "{said:?}: {}", String::from_utf8_lossy(&rest));
    }
    let mut stream = server.connect();
    for part in ["P", "O", "ST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"] {
        stream.write_all(part.as_bytes()).unwrap();
        std::thread::sleep(Duration::from_millis(30));
    }
    assert_eq!(Answer::read(&mut stream).status, 404);
}

#[test]
fn a_client_that_goes_away_before_the_protocol_can_be_told_leaves_nothing_behind() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    stream.write_all(b"P").unwrap();

    stream.shutdown(Shutdown::Write).unwrap();

    assert!(
        until_the_end(&mut stream).1 < Duration::from_secs(10),
        "it is kept as long as a request may take"
    );
}

#[test]
fn a_connection_that_is_kept_alive_is_closed_when_nothing_is_asked_any_more() {
    let server = impatient();
    let mut stream = server.connect();
    let request = b"GET /__admin/health HTTP/1.1\r\nHost: localhost\r\n\r\n";

    for _ in 0..4 {
        // Together they take longer than the limit.
        std::thread::sleep(LIMIT_TIME / 2);
        stream.write_all(request).unwrap();
        // It is small enough to come as a whole.
        let mut answer = [0; 4096];
        let length = stream.read(&mut answer).unwrap();
        assert!(answer[..length].starts_with(b"HTTP/1.1 200 OK"));
    }

    assert!(until_the_end(&mut stream).1 > LIMIT_TIME / 2);
}

#[test]
fn a_client_that_does_not_read_its_answer_is_given_up() {
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
    let server = Server::start(&["--request-timeout", LIMIT, "--seed", seed.to_str().unwrap()]);
    std::fs::remove_file(&seed).unwrap();
    let mut stream = server.connect();

    stream.write_all(b"GET /__admin/state HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    std::thread::sleep(LIMIT_TIME * 4);
    let (came, _) = until_the_end(&mut stream);

    let length = 800 * 2 * 100 * 140;
    assert!(came.starts_with(b"HTTP/1.1 200 OK") && came.len() < length, "{} bytes", came.len());
    assert_eq!(server.ask("GET /__admin/health HTTP/1.1", "").status, 200);
}

#[test]
fn an_answer_that_is_made_while_it_is_sent_may_take_longer_than_the_limit() {
    let server = impatient();
    let mut stream = server.connect();
    stream.write_all(b"GET /__admin/requests/stream HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();

    std::thread::sleep(LIMIT_TIME * 2);
    server.ask("GET /v2/groups?account_id=a HTTP/1.1", "");

    let mut came = String::new();
    let mut buffer = [0; 1024];
    while !came.contains("/v2/groups?account_id=a") {
        let length = stream.read(&mut buffer).unwrap();
        assert!(length > 0, "the stream ended: {came}");
        came.push_str(&String::from_utf8_lossy(&buffer[..length]));
    }
}

/// The head of a frame of HTTP/2: its length, type and flags, on the stream 0.
const PING: [u8; 9] = [0, 0, 8, 6, 0, 0, 0, 0, 0];
const PONG: [u8; 9] = [0, 0, 8, 6, 1, 0, 0, 0, 0];
const SETTINGS_SEEN: [u8; 9] = [0, 0, 0, 4, 1, 0, 0, 0, 0];

#[test]
fn an_http_2_connection_whose_client_does_not_answer_pings_is_closed() {
    let server = impatient();
    let mut deaf = server.connect();
    deaf.write_all(BEGINNING).unwrap();

    let (came, took) = until_the_end(&mut deaf);

    assert!(came.windows(PING.len()).any(|bytes| bytes == PING), "{came:?}");
    assert!(took > LIMIT_TIME, "it ended after {took:?}");
}

#[test]
fn an_http_2_connection_is_kept_as_long_as_its_client_answers_pings() {
    let server = impatient();
    let mut stream = server.connect();
    stream.write_all(BEGINNING).unwrap();
    stream.write_all(&SETTINGS_SEEN).unwrap();

    // Each ping comes after the limit, so that several take much longer than an idle connection lasts.
    let mut pings = 0;
    while pings < 4 {
        let mut head = [0; 9];
        stream.read_exact(&mut head).unwrap();
        let mut payload = vec![0; usize::from(u16::from_be_bytes([head[1], head[2]]))];
        stream.read_exact(&mut payload).unwrap();
        if head == PING {
            stream.write_all(&[&PONG[..], &payload].concat()).unwrap();
            pings += 1;
        }
    }
}
