//! The live stream of exchanges: server-sent events.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use access_groups_mock::ExchangeSummary;
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
        Self::open(mock, &format!("{prefix}/__admin/requests/stream"), "")
    }

    /// Connects to the stream at `target`, after the event `last_id` if it is not empty.
    #[track_caller]
    fn open(mock: &TestServer, target: &str, last_id: &str) -> Self {
        let mut stream = mock.connect();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: {last_id}\r\n\r\n");
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
    assert_eq!(received + missed + 1 + count_until_last(&mut subscriber, &mock), 700);
}

/// Reads the next event, which the journal still has, and returns the number of those after it until the last one.
fn count_until_last(subscriber: &mut Subscriber, mock: &TestServer) -> u64 {
    let last = journal_entries(mock).last().unwrap()["id"].as_str().unwrap().to_owned();
    let mut count = 0;
    loop {
        let event = subscriber.next();
        assert_eq!(event.name, "request");
        if event.id == last {
            return count;
        }
        count += 1;
    }
}

#[test]
fn a_fast_burst_is_complete_as_long_as_the_journal_has_it() {
    let mock = TestServer::start();
    let mut subscriber = Subscriber::open(&mock, "/__admin/requests/stream?format=summary", "");
    for number in 0..900 {
        mock.get(&format!("/v1/groups?limit={number}")).send();
    }

    for number in 0..900 {
        let event = subscriber.next();
        assert_eq!(event.data["url"], format!("/v1/groups?limit={number}"));
    }
}

#[test]
fn a_summary_is_short_and_has_the_reason() {
    let mock = TestServer::start();
    let mut subscriber = Subscriber::open(&mock, "/__admin/requests/stream?format=summary", "");

    mock.get("/v2/groups").send().expect(400);
    mock.get(&format!("/v1/{}", "ä".repeat(400))).send().expect(404);

    let first = subscriber.next();
    let mut expected = first.data.clone();
    let fields = expected.as_object_mut().unwrap();
    let (logged, duration) = (fields.remove("loggedDate").unwrap(), fields.remove("duration").unwrap());
    assert!(logged.as_i64().unwrap() > 0 && duration.as_f64().unwrap() > 0.0);
    assert_eq!(
        expected,
        json!({
            "id": first.id, "operation": "ibm_list_access_groups", "method": "GET", "url": "/v2/groups",
            "status": 400, "rule": "ibm.requests.invalid-payload", "reason": "account_id is missing"
        })
    );
    assert!(first.data.to_string().len() < 260, "{}", first.data);
    let second = subscriber.next().data;
    assert_eq!(second["url"].as_str().unwrap().chars().count(), 300);
    assert_eq!((&second["wasMatched"], &second["dialect"]), (&json!(false), &json!("authress")));
    assert_eq!(second.get("operation"), None);
    let list = mock.get("/__admin/requests?format=summary").send().expect(200).json();
    assert_eq!(list["requests"], json!([second, first.data]));
    assert_eq!(list["meta"]["total"], 2);
}

#[test]
fn a_summary_leaves_out_only_what_has_its_default() {
    let mock = TestServer::start();
    let mut all = Subscriber::open(&mock, "/__admin/requests/stream?format=summary&namespace=*", "");

    mock.get("/v1/groups").send().expect(200);
    mock.get("/ns/red/v1/groups").header("x-mock-fault", "status=503").send().expect(503);

    let success = all.next().data;
    let fields: Vec<&String> = success.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["id", "operation", "method", "url", "status", "loggedDate", "duration"]);
    assert!(success.to_string().len() < 200, "{success}");
    let injected = all.next().data;
    assert_eq!((&injected["namespace"], &injected["status"]), (&json!("red"), &json!(503)));
    assert_eq!(injected["faults"].as_array().map(Vec::len), Some(1), "{injected}");
    let read: ExchangeSummary = serde_json::from_value(success).unwrap();
    assert_eq!((read.namespace.as_str(), read.was_matched), ("default", true));
    assert_eq!((read.dialect, read.rule, read.reason), (None, None, None));
}

#[test]
fn a_filtered_stream_has_only_the_exchanges_that_match() {
    let mock = TestServer::start();
    let open = |query: &str| Subscriber::open(&mock, &format!("/__admin/requests/stream?{query}"), "");
    let mut by_status = open("status=4xx");
    let mut by_pattern = open("urlPattern=/v1/.*x.*&method=GET");
    let mut by_operation = open("operation=authress_get_groups&dialect=authress");

    mock.get("/v1/groups?filter=x").send().expect(200);
    mock.get("/v1/groups").send().expect(200);
    mock.get("/v1/groups/unknown").send().expect(404);

    assert_eq!(by_status.next().data["response"]["status"], 404);
    assert_eq!(by_pattern.next().data["request"]["url"], "/v1/groups?filter=x");
    assert_eq!(by_operation.next().data["request"]["url"], "/v1/groups?filter=x");
    assert_eq!(by_operation.next().data["request"]["url"], "/v1/groups");
}

#[test]
fn a_stream_of_all_namespaces_includes_those_that_are_created_later() {
    let mock = TestServer::start();
    let mut all = Subscriber::open(&mock, "/ns/red/__admin/requests/stream?namespace=*", "");
    let mut named = Subscriber::open(&mock, "/__admin/requests/stream?namespace=blue", "");

    for prefix in ["", "/ns/red", "/ns/blue", ""] {
        mock.get(&format!("{prefix}/v1/groups")).send().expect(200);
    }

    let names: Vec<Value> = (0..4).map(|_| all.next().data["namespace"].clone()).collect();
    assert_eq!(names, ["default", "red", "blue", "default"]);
    assert_eq!(named.next().data["namespace"], "blue");
    mock.delete("/__admin/namespaces/blue").send().expect(204);
    mock.get("/ns/blue/v1/groups/x").send().expect(404);
    assert_eq!(named.next().data["request"]["url"], "/v1/groups/x");
}

#[test]
fn a_stream_continues_after_the_last_event() {
    let mock = TestServer::start();
    let urls: Vec<String> = (0..4).map(|number| format!("/v1/groups?limit={number}")).collect();
    for url in &urls {
        mock.get(url).send();
    }
    let ids: Vec<String> =
        journal_entries(&mock).iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect();

    for (target, last_id, expected) in [
        ("/__admin/requests/stream", ids[1].as_str(), &urls[2..]),
        ("/__admin/requests/stream?namespace=*", ids[2].as_str(), &urls[3..]),
        ("/__admin/requests/stream", "00000000-0000-4000-8000-000000000000", &urls[..]),
        ("/__admin/requests/stream", "nothing", &urls[..]),
    ] {
        let mut subscriber = Subscriber::open(&mock, target, last_id);
        for url in expected {
            assert_eq!(subscriber.next().data["request"]["url"], **url, "{target} {last_id}");
        }
    }
    mock.delete("/__admin/requests").send().expect(200);
    mock.get("/v1/groups/later").send().expect(404);
    let mut subscriber = Subscriber::open(&mock, "/__admin/requests/stream", &ids[3]);
    assert_eq!(subscriber.next().data["request"]["url"], "/v1/groups/later");
}
