//! Timeouts for connections of stalled clients.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use serde_json::json;

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

/// Waits until the server has ended the connection of a client that reads nothing, which writes detect: a read would make
/// room for more of the response.
#[track_caller]
fn wait_until_disconnected(stream: &mut TcpStream) {
    let started = Instant::now();
    while stream.write_all(b"\r\n").is_ok() {
        assert!(started.elapsed() < TIMEOUT * 20, "the connection stays open");
        std::thread::sleep(Duration::from_millis(50));
    }
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

    for _ in 0..6 {
        // Together the requests take longer than the timeout.
        std::thread::sleep(TIMEOUT / 4);
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
    // More than the buffers of the sockets hold, and quick to read and to write.
    const GROUPS: usize = 24;
    const NAME_BYTES: usize = 1024 * 1024;
    let groups = vec![json!({"name": "n".repeat(NAME_BYTES)}); GROUPS];
    let seed = json!({"legacy": {"access_groups": groups}}).to_string();
    let seed = super::TemporaryFile::new("unread.json", &seed);
    let server = Server::start(&["--request-timeout", TIMEOUT_ARGUMENT, "--seed", seed.path()]);
    let mut stream = server.connect();

    stream.write_all(b"GET /__admin/state HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    // The response may take long to generate.
    let mut status = [0; 15];
    stream.read_exact(&mut status).unwrap();
    assert_eq!(&status, b"HTTP/1.1 200 OK");
    wait_until_disconnected(&mut stream);

    let (received, _) = read_until_closed(&mut stream);
    assert!(received.len() < GROUPS * NAME_BYTES, "{} bytes", received.len());
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

/// HTTP/2 frame headers on stream 0: PING, PING with ACK, SETTINGS, and SETTINGS with ACK.
const PING: [u8; 9] = [0, 0, 8, 6, 0, 0, 0, 0, 0];
const PING_ACK: [u8; 9] = [0, 0, 8, 6, 1, 0, 0, 0, 0];
const SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];
const SETTINGS_ACK: [u8; 9] = [0, 0, 0, 4, 1, 0, 0, 0, 0];

/// An HTTP/2 frame with `kind` on `stream`.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// The headers of `GET /__admin/health` on `stream`, as a complete request.
fn http2_request(stream: u32) -> Vec<u8> {
    http2_get(stream, "/__admin/health", &[])
}

/// The headers of a GET request on `stream`, as a complete request.
fn http2_get(stream: u32, path: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let text = |text: &str| [&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    // Indexed fields for method and scheme, literal ones for path, authority and the others (RFC 7541).
    let mut block = [&[0x82, 0x86, 0x04], &text(path)[..], &[0x01], &text("localhost")].concat();
    for (name, value) in headers {
        block.extend([&[0x00], &text(name)[..], &text(value)].concat());
    }
    frame(1, 0b101, stream, &block)
}

/// Starts an HTTP/2 connection whose streams have the initial window `window`.
fn http2_connection(server: &Server, window: u32) -> TcpStream {
    let mut stream = server.connect();
    let settings = frame(4, 0, 0, &[&[0, 4], &window.to_be_bytes()[..]].concat());
    stream.write_all(&[&HTTP2_PREFACE[..24], &settings, &SETTINGS_ACK].concat()).unwrap();
    stream
}

/// Writes what `next` returns, ten times a second, until the server ends the connection; fails after ten timeouts.
#[track_caller]
fn write_until_closed(stream: &mut TcpStream, mut next: impl FnMut(u32) -> Vec<u8>) {
    let (started, mut buffer) = (Instant::now(), [0; 64 * 1024]);
    stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    for round in 0.. {
        assert!(started.elapsed() < TIMEOUT * 10, "the connection stays open");
        if stream.write_all(&next(round)).is_err() {
            return;
        }
        match stream.read(&mut buffer) {
            Ok(0) => return,
            Ok(_) => std::thread::sleep(Duration::from_millis(100)),
            Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()) => {}
            Err(_) => return,
        }
    }
}

#[test]
fn an_http_2_connection_without_requests_is_closed_despite_other_frames() {
    let server = with_short_timeout();

    for other in [PING, SETTINGS] {
        let payload = vec![0; usize::from(other[2])];
        let mut stream = http2_connection(&server, 65_535);
        write_until_closed(&mut stream, |_| [&other[..], &payload].concat());
    }
}

#[test]
fn an_http_2_connection_with_requests_is_kept_open() {
    let server = with_short_timeout();
    let mut stream = http2_connection(&server, 65_535);
    let started = Instant::now();

    for round in 0_u32.. {
        stream.write_all(&http2_request(round * 2 + 1)).unwrap();
        let mut buffer = [0; 4096];
        assert!(stream.read(&mut buffer).unwrap() > 0, "the connection was closed");
        if started.elapsed() > TIMEOUT * 4 {
            return;
        }
        std::thread::sleep(TIMEOUT / 4);
    }
}

#[test]
fn an_http_2_connection_with_a_stream_that_is_not_read_is_closed() {
    let server = with_short_timeout();
    let mut alone = http2_connection(&server, 0);
    let mut beside_others = http2_connection(&server, 0);

    alone.write_all(&http2_request(1)).unwrap();
    write_until_closed(&mut alone, |_| [&PING[..], &[0; 8]].concat());
    beside_others.write_all(&http2_request(1)).unwrap();
    write_until_closed(&mut beside_others, |round| {
        // These responses are read.
        let window = frame(8, 0, round * 2 + 3, &65_535_u32.to_be_bytes());
        [http2_request(round * 2 + 3), window].concat()
    });
}

#[test]
fn a_client_that_disconnects_with_a_pipelined_request_is_released() {
    let server = with_short_timeout();
    let descriptors = || std::fs::read_dir(format!("/proc/{}/fd", server.id())).unwrap().count();
    if !std::path::Path::new("/proc/self/fd").exists() {
        return; // Only Linux lists the descriptors.
    }
    let waiting = [
        "GET /v1/groups HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer t\r\nX-Mock-Fault: delay=1h\r\n\r\n",
        "GET /__admin/requests/stream HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ];
    let before = descriptors();

    for request in waiting {
        for _ in 0..10 {
            let mut stream = server.connect();
            let pipelined = "GET /__admin/health HTTP/1.1\r\nHost: localhost\r\n\r\n";
            stream.write_all(request.as_bytes()).unwrap();
            std::thread::sleep(Duration::from_millis(10));
            stream.write_all(pipelined.as_bytes()).unwrap();
        }
    }

    let started = Instant::now();
    while descriptors() > before {
        assert!(started.elapsed() < TIMEOUT * 10, "{} of 20 connections are kept", descriptors() - before);
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_live_stream_that_is_not_read_is_closed() {
    let server = with_short_timeout();
    let mut stream = server.connect();
    stream.write_all(b"GET /__admin/requests/stream HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    std::thread::sleep(Duration::from_millis(100));
    let body = format!(r#"{{"name":"{}"}}"#, "x".repeat(60_000));
    let head = "POST /v2/groups?account_id=a HTTP/1.1\nContent-Type: application/json";

    for _ in 0..200 {
        server.send(head, &body);
    }
    wait_until_disconnected(&mut stream);

    let (received, _) = read_until_closed(&mut stream);
    assert!(received.len() < 200 * 100_000, "{} bytes", received.len());
}

#[test]
#[cfg(unix)]
fn a_client_that_speaks_tls_to_the_plain_port_is_logged_once() {
    let server = Server::start(&[]);

    for _ in 0..3 {
        let mut stream = server.connect();
        stream.write_all(&[0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0]).unwrap();
        read_until_closed(&mut stream);
    }

    let ended = server.stop();
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("a client speaks TLS to this port, which serves HTTP"), "{}", ended.stderr);
    assert!(ended.stderr.contains("--tls"), "{}", ended.stderr);
}

#[test]
fn an_http_2_connection_without_ping_acks_is_closed() {
    let server = with_short_timeout();
    let mut stream = server.connect();
    stream.write_all(HTTP2_PREFACE).unwrap();

    let (_, elapsed) = read_until_closed(&mut stream);

    assert!(elapsed > TIMEOUT / 2, "the connection ended after {elapsed:?}");
}

#[test]
fn an_http_2_connection_with_a_live_stream_is_closed_without_ping_acks() {
    let server = with_short_timeout();
    let live = http2_get(1, "/__admin/requests/stream", &[]);
    let [mut silent, mut answering] = [(); 2].map(|()| http2_connection(&server, 65_535));
    silent.write_all(&live).unwrap();
    answering.write_all(&live).unwrap();
    let mut sender = answering.try_clone().unwrap();
    // Answers pings until there is a response to a second request, and returns their number.
    let answered = std::thread::spawn(move || {
        let (mut header, mut pings) = ([0; 9], 0);
        while header[8] != 3 {
            answering.read_exact(&mut header).unwrap();
            let mut payload = vec![0; usize::from(u16::from_be_bytes([header[1], header[2]]))];
            answering.read_exact(&mut payload).unwrap();
            if header == PING {
                answering.write_all(&[&PING_ACK[..], &payload].concat()).unwrap();
                pings += 1;
            }
        }
        pings
    });

    let (_, elapsed) = read_until_closed(&mut silent);
    sender.write_all(&http2_request(3)).unwrap();

    assert!(elapsed > TIMEOUT, "the connection ended after {elapsed:?}");
    assert!(answered.join().unwrap() > 0);
}

#[test]
fn an_http_2_connection_that_only_answers_pings_is_closed() {
    let server = with_short_timeout();
    let mut stream = server.connect();
    stream.write_all(HTTP2_PREFACE).unwrap();
    stream.write_all(&SETTINGS_ACK).unwrap();
    let started = Instant::now();

    let mut header = [0; 9];
    while stream.read_exact(&mut header).is_ok() {
        let mut payload = vec![0; usize::from(u16::from_be_bytes([header[1], header[2]]))];
        stream.read_exact(&mut payload).unwrap();
        if header == PING && stream.write_all(&[&PING_ACK[..], &payload].concat()).is_err() {
            break;
        }
        assert!(started.elapsed() < TIMEOUT * 10, "the connection stays open");
    }
}

/// Reads the frames of an HTTP/2 connection, as their kind, stream and payload, until the server ends it.
#[track_caller]
fn read_frames(stream: &mut TcpStream) -> Vec<(u8, u32, Vec<u8>)> {
    std::iter::from_fn(|| read_frame(stream)).collect()
}

/// Reads the next frame like [`read_frames`].
#[track_caller]
fn read_frame(stream: &mut TcpStream) -> Option<(u8, u32, Vec<u8>)> {
    let mut header = [0; 9];
    stream.read_exact(&mut header).ok()?;
    let [_, a, b, kind, _, stream_id @ ..] = header;
    let mut payload = vec![0; usize::from(u16::from_be_bytes([a, b]))];
    stream.read_exact(&mut payload).unwrap();
    Some((kind, u32::from_be_bytes(stream_id), payload))
}

#[test]
fn an_idle_http_2_connection_ends_with_a_goaway() {
    let server = with_short_timeout();
    let mut stream = http2_connection(&server, 65_535);
    stream.write_all(&http2_request(1)).unwrap();

    let frames = read_frames(&mut stream);

    let (_, _, payload) = frames.iter().find(|(kind, ..)| *kind == 7).expect("a GOAWAY frame");
    assert_eq!(payload[4..8], [0; 4], "the error code is NO_ERROR");
}

#[test]
fn further_streams_of_an_http_2_connection_are_refused() {
    let server = with_short_timeout();
    // Without a window, no stream ends.
    let mut stream = http2_connection(&server, 0);
    // The server limits the streams once the client has acknowledged its settings, as it has when it answers a ping.
    stream.write_all(&[&PING[..], &[0; 8]].concat()).unwrap();
    loop {
        let (kind, _, payload) = read_frame(&mut stream).expect("a ping is acknowledged");
        if kind == PING[3] && payload == [0; 8] {
            break;
        }
    }

    let requests: Vec<u8> = (0..101).flat_map(|number| http2_request(number * 2 + 1)).collect();
    stream.write_all(&requests).unwrap();

    let frames = read_frames(&mut stream);
    let refused: Vec<_> = frames.iter().filter(|(kind, ..)| *kind == 3).collect();
    assert_eq!(refused, [&(3, 201, vec![0, 0, 0, 7])], "only the last stream is refused");
}

#[test]
fn a_request_of_an_http_2_connection_does_not_wait_for_an_earlier_one() {
    let server = Server::start(&[]);
    let mut stream = http2_connection(&server, 65_535);
    let waiting = http2_get(1, "/v1/groups", &[("authorization", "Bearer t"), ("x-mock-fault", "delay=1h")]);

    stream.write_all(&[waiting, http2_request(3)].concat()).unwrap();

    let (mut header, mut answered) = ([0; 9], Vec::new());
    // The last frame of the response to the second request is a DATA frame that ends its stream.
    while answered.last() != Some(&(0, 1, 3)) {
        stream.read_exact(&mut header).unwrap();
        let mut payload = vec![0; usize::from(u16::from_be_bytes([header[1], header[2]]))];
        stream.read_exact(&mut payload).unwrap();
        answered.push((header[3], header[4], header[8]));
    }
    assert!(answered.iter().all(|(.., stream)| *stream != 1), "{answered:?}");
}

#[test]
fn http_2_requests_that_arrive_together_all_get_a_response() {
    const GROUPS: usize = 100;
    let groups: Vec<_> = (0..GROUPS).map(|number| json!({"name": format!("group {number}")})).collect();
    let seed = super::TemporaryFile::new(
        "together.json",
        &json!({"ibm": {"accounts": {"a": {"groups": groups}}}}).to_string(),
    );
    let server = Server::start(&["--request-timeout", TIMEOUT_ARGUMENT, "--seed", seed.path()]);
    let mut stream = http2_connection(&server, 1024 * 1024);
    // The window of the connection.
    stream.write_all(&frame(8, 0, 0, &16_000_000_u32.to_be_bytes())).unwrap();

    // Responses of which many fit into one write, and in turn responses of more than one frame.
    let list = |id| http2_get(id, "/v2/groups?account_id=a&limit=100", &[("authorization", "Bearer t")]);
    let requests: Vec<u8> =
        (0..50).flat_map(|number| [http2_request(number * 4 + 1), list(number * 4 + 3)].concat()).collect();
    stream.write_all(&requests).unwrap();

    let frames = read_frames(&mut stream);
    for id in (1..200).step_by(2) {
        let of_stream: Vec<_> = frames.iter().filter(|(_, stream, _)| *stream == id).collect();
        let body: Vec<u8> =
            of_stream.iter().filter(|(kind, ..)| *kind == 0).flat_map(|it| it.2.clone()).collect();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        // The status 200 is an indexed field.
        assert_eq!((of_stream[0].0, of_stream[0].2[0]), (1, 0x88), "{body}");
        assert_eq!(body["groups"].as_array().map(Vec::len), (id % 4 == 3).then_some(GROUPS), "{body}");
    }
}
