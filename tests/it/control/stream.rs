//! The live stream of exchanges: server-sent events.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use super::bench::{GROUPS, create, journal};
use crate::support::Mock;

/// A reader of the stream, past the head of its answer.
struct Follower {
    reader: BufReader<TcpStream>,
}

/// One event: its name, its id and its data.
#[derive(Debug)]
struct Event {
    name: String,
    id: String,
    data: Value,
}

impl Follower {
    /// Connects to the stream of the namespace that `prefix` names.
    #[track_caller]
    fn connect(mock: &Mock, prefix: &str) -> Self {
        let mut stream = mock.connect();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let head = format!("GET {prefix}/__admin/requests/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut follower = Self { reader: BufReader::new(stream) };
        assert_eq!(follower.line(), "HTTP/1.1 200 OK");
        let mut head = String::new();
        while !head.ends_with("\n\n") {
            head = format!("{head}{}\n", follower.line().to_lowercase());
        }
        assert!(head.contains("content-type: text/event-stream"), "{head}");
        // The server says at once that it listens.
        while follower.line() != ": connected" {}
        follower
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.reader.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// The next event; the sizes of chunks between them are passed over.
    fn next(&mut self) -> Event {
        let mut event = Event { name: String::new(), id: String::new(), data: Value::Null };
        loop {
            let line = self.line();
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
fn each_exchange_is_an_event_as_the_journal_has_it() {
    let mock = Mock::start();
    mock.get("/v2/groups?limit=1").send().expect(200);
    let mut follower = Follower::connect(&mock, "");

    create(&mock, "line\nbreak").send().expect(201);
    mock.get("/v2/nothing").send().expect(404);

    let (first, second) = (follower.next(), follower.next());
    let mut journal = journal(&mock);
    assert_eq!((first.name.as_str(), second.name.as_str()), ("request", "request"));
    assert_eq!(first.id, journal[1]["id"].as_str().unwrap());
    assert_eq!(first.data["request"], journal[1]["request"]);
    assert_eq!(first.data["response"], journal[1]["response"].take());
    assert_eq!(second.data["rule"], "ibm.paths.no-route");
    assert_eq!(second.data["id"], journal[2]["id"]);
}

#[test]
fn a_follower_hears_only_its_namespace() {
    let mock = Mock::start();
    let mut follower = Follower::connect(&mock, "/ns/blue");

    mock.get("/v2/groups?limit=1").send().expect(200);
    mock.get("/v2/groups?limit=2").header("x-mock-namespace", "blue").send().expect(200);

    let event = follower.next();
    assert_eq!(event.data["request"]["url"], "/v2/groups?limit=2");
    assert_eq!(event.data["namespace"], "blue");
}

#[test]
fn a_follower_that_falls_behind_is_told_how_many_it_missed() {
    let mock = Mock::start();
    let mut follower = Follower::connect(&mock, "");
    // More than all buffers of the connection and the stream hold.
    let body = json!({"name": "x".repeat(60_000)}).to_string();
    for _ in 0..700 {
        mock.post(GROUPS).body(body.clone()).send();
    }

    let mut heard = 0;
    let missed = loop {
        let event = follower.next();
        if event.name == "missed" {
            break event.data["count"].as_u64().unwrap();
        }
        heard += 1;
    };

    assert!(missed > 0 && heard > 0, "{heard} heard, {missed} missed");
    for _ in 0..256 {
        assert_eq!(follower.next().name, "request");
    }
    assert_eq!(heard + missed + 256, 700);
}
