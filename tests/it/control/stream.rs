//! The live stream of exchanges: server-sent events.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use super::helpers::{GROUPS, create_ibm_group, journal_entries};
use crate::support::TestServer;

/// A subscriber of the stream that has read the response headers.
struct Subscriber {
    reader: BufReader<TcpStream>,
    /// The bytes of the body that are received and not read yet.
    body: Vec<u8>,
}

/// One event: its name, its id and its data.
#[derive(Debug)]
struct Event {
    name: String,
    id: String,
    data: Value,
}

impl Subscriber {
    /// Connects to the stream of the namespace with `prefix`.
    #[track_caller]
    fn connect(mock: &TestServer, prefix: &str) -> Self {
        let mut stream = mock.connect();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let request = format!("GET {prefix}/__admin/requests/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut subscriber = Self { reader: BufReader::new(stream), body: Vec::new() };
        assert_eq!(subscriber.line(), "HTTP/1.1 200 OK");
        let mut headers = String::new();
        while !headers.ends_with("\n\n") {
            headers = format!("{headers}{}\n", subscriber.line().to_lowercase());
        }
        for expected in
            ["content-type: text/event-stream", "cache-control: no-cache", "x-accel-buffering: no"]
        {
            assert!(headers.contains(&format!("{expected}\n")), "{headers}");
        }
        // The server sends this comment as soon as the subscription is active.
        while subscriber.body_line() != ": connected" {}
        subscriber
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.reader.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Reads the next line of the body, which can be in several chunks.
    fn body_line(&mut self) -> String {
        loop {
            if let Some(end) = self.body.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.body.drain(..=end).collect();
                return String::from_utf8(line).unwrap().trim_end().to_owned();
            }
            let size = usize::from_str_radix(&self.line(), 16).unwrap();
            let mut chunk = vec![0; size];
            self.reader.read_exact(&mut chunk).unwrap();
            self.body.extend(chunk);
            assert_eq!(self.line(), "");
        }
    }

    /// Reads the next event.
    fn next(&mut self) -> Event {
        let mut event = Event { name: String::new(), id: String::new(), data: Value::Null };
        loop {
            let line = self.body_line();
            match line.split_once(": ") {
                Some(("event", name)) => name.clone_into(&mut event.name),
                Some(("id", id)) => id.clone_into(&mut event.id),
                Some(("data", data)) => event.data = serde_json::from_str(data).unwrap(),
                _ if line.is_empty() && !event.name.is_empty() => return event,
                _ => {}
            }
        }
    }
}

#[test]
fn each_exchange_is_an_event_with_its_journal_entry() {
    let mock = TestServer::start();
    mock.get("/v2/groups?account_id=a&limit=1").send().expect(200);
    let mut subscriber = Subscriber::connect(&mock, "");

    create_ibm_group(&mock, "line\nbreak").send().expect(201);
    mock.get("/v2/nothing").send().expect(404);

    let (first, second) = (subscriber.next(), subscriber.next());
    let mut journal = journal_entries(&mock);
    assert_eq!((first.name.as_str(), second.name.as_str()), ("request", "request"));
    assert_eq!(first.id, journal[1]["id"].as_str().unwrap());
    assert_eq!(first.data["request"], journal[1]["request"]);
    assert_eq!(first.data["response"], journal[1]["response"].take());
    assert_eq!(second.data["rule"], "ibm.paths.not-routed");
    assert_eq!(second.data["id"], journal[2]["id"]);
}

#[test]
fn a_subscriber_receives_only_the_events_of_its_namespace() {
    let mock = TestServer::start();
    let mut subscriber = Subscriber::connect(&mock, "/ns/blue");

    mock.get("/v2/groups?account_id=a&limit=1").send().expect(200);
    mock.get("/v2/groups?account_id=a&limit=2").header("x-mock-namespace", "blue").send().expect(200);

    let event = subscriber.next();
    assert_eq!(event.data["request"]["url"], "/v2/groups?account_id=a&limit=2");
    assert_eq!(event.data["namespace"], "blue");
}

#[test]
fn a_slow_subscriber_receives_the_number_of_missed_events() {
    let mock = TestServer::start();
    let mut subscriber = Subscriber::connect(&mock, "");
    // This exceeds all buffers of the connection and the stream.
    let body = json!({"name": "x".repeat(60_000)}).to_string();
    for _ in 0..700 {
        mock.post(GROUPS).body(body.clone()).send();
    }

    let mut received = 0;
    let missed = loop {
        let event = subscriber.next();
        if event.name == "missed" {
            break event.data["count"].as_u64().unwrap();
        }
        received += 1;
    };

    assert!(missed > 0 && received > 0, "{received} received, {missed} missed");
    for _ in 0..256 {
        assert_eq!(subscriber.next().name, "request");
    }
    assert_eq!(received + missed + 256, 700);
}
