//! Everything that clients can fill has a bound: the resident memory of the binary at each bound.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::process::Server;

pub(super) const MIB: u64 = 1024 * 1024;

/// A client with one connection.
struct Client(BufReader<TcpStream>);

impl Client {
    fn new(server: &Server) -> Self {
        Self(BufReader::new(server.connect()))
    }

    /// Sends a request with more header lines, reads the response, and returns its status and the length of its body.
    fn send(&mut self, method: &str, target: &str, headers: &str, body: &[u8]) -> (u16, usize) {
        let length = body.len();
        let auth = if headers.contains("Authorization") { "" } else { "Authorization: Bearer t\r\n" };
        let head = format!(
            "{method} {target} HTTP/1.1\r\nHost: localhost\r\n{auth}{headers}Content-Length: {length}\r\n\r\n"
        );
        let stream = self.0.get_mut();
        // One write, because the second of two waits for an acknowledgement.
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        self.read_response()
    }

    fn read_response(&mut self) -> (u16, usize) {
        let status = self.line().split(' ').nth(1).unwrap().parse().unwrap();
        let (mut length, mut is_chunked) = (0, false);
        loop {
            let line = self.line().to_ascii_lowercase();
            match line.split_once(": ") {
                Some(("content-length", value)) => length = value.parse().unwrap(),
                Some(("transfer-encoding", _)) => is_chunked = true,
                Some(_) => {}
                None => break,
            }
        }
        if !is_chunked {
            self.skip(length);
            return (status, length);
        }
        let mut total = 0;
        loop {
            let size = usize::from_str_radix(&self.line(), 16).unwrap();
            self.skip(size + 2);
            total += size;
            if size == 0 {
                return (status, total);
            }
        }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn skip(&mut self, length: usize) {
        let mut body = self.0.by_ref().take(length as u64);
        std::io::copy(&mut body, &mut std::io::sink()).unwrap();
    }

    fn json(&mut self, method: &str, target: &str, body: &Value) -> u16 {
        self.send(method, target, "Content-Type: application/json\r\n", body.to_string().as_bytes()).0
    }
}

/// Returns a field of the memory of a process in bytes.
pub(super) fn memory(server: &Server, field: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
    let kib: u64 = line.trim_matches([':', ' ', '\t']).split(' ').next().unwrap().trim().parse().unwrap();
    kib * 1024
}

/// Fills a store of a server with these arguments, and fails if the memory grows by more than `max_mib`.
fn check_bound(arguments: &[&str], max_mib: u64, fill: fn(&mut Client)) {
    // Nobody reads the standard error of the server, so that many errors would fill its pipe.
    let server = Server::start(&[&["--log-level", "off"], arguments].concat());
    let mut client = Client::new(&server);
    client.send("GET", "/v1/groups", "", b"");
    let before = memory(&server, "VmRSS");

    fill(&mut client);

    let grown = memory(&server, "VmHWM").saturating_sub(before) / MIB;
    eprintln!("+{grown} MiB, at most {max_mib}");
    assert!(grown <= max_mib, "+{grown} MiB instead of at most {max_mib}");
}

fn violations(client: &mut Client) {
    let include = vec![1; 250_000];
    let group = json!({"name": "x", "include": include});
    let entry = json!({"entry": {"name": "x", "customers": include}});
    for _ in 0..10 {
        assert_eq!(client.json("POST", "/client/v4/accounts/a/access/groups", &group), 400);
        assert_eq!(client.json("POST", "/api2/access_groups.json", &entry), 400);
    }
}

fn fault_messages(client: &mut Client) {
    let message = "m".repeat(900_000);
    let fault = json!({"effect": {"type": "status", "status": 503, "message": message}});
    assert_eq!(client.json("POST", "/__admin/faults", &fault), 201);
    assert_eq!(client.json("POST", "/__admin/faults", &fault), 400);
    for _ in 0..60 {
        client.send("GET", "/v1/groups", "", b"");
    }
}

fn fault_headers(client: &mut Client) {
    for number in 0..1_500 {
        let message = "m".repeat(4_000);
        let header = format!("X-Mock-Fault: status=503; message={number}{message}\r\n");
        assert_eq!(client.send("GET", "/v1/groups", &header, b"").0, 503);
    }
}

fn rate_limit_keys(client: &mut Client) {
    for number in 0..1_000 {
        let token = "t".repeat(30_000);
        let header = format!("Authorization: Bearer {number}{token}\r\n");
        assert_eq!(client.send("GET", "/v1/groups", &header, b"").0, 200);
    }
}

fn history(client: &mut Client) {
    let groups: Vec<Value> =
        (1..=5_000).map(|number| json!({"id": number, "name": format!("{number}")})).collect();
    assert_eq!(client.json("PUT", "/__admin/state", &json!({"legacy": {"access_groups": groups}})), 200);
    let stale = "X-Mock-Fault: stale-reads=1000days\r\n";
    assert_eq!(client.send("GET", "/api2/access_groups.json", stale, b"").0, 200);
    for number in 0..4_000 {
        let target = format!("/api2/access_groups/{}.json", 1 + number * 37 % 5_000);
        assert_eq!(client.json("PUT", &target, &json!({"entry": {"name": "x"}})), 200);
    }
}

fn history_bytes(client: &mut Client) {
    assert_eq!(client.json("POST", "/api2/access_groups.json", &json!({"entry": {"name": "x"}})), 201);
    let stale = "X-Mock-Fault: stale-reads=50000s\r\n";
    assert_eq!(client.send("GET", "/api2/access_groups.json", stale, b"").0, 200);
    let name = "n".repeat(300_000);
    for _ in 0..900 {
        let group = json!({"entry": {"name": name}});
        assert_eq!(client.json("PUT", "/api2/access_groups/1.json", &group), 200);
    }
}

fn snapshot_bytes(client: &mut Client) {
    let name = "n".repeat(15 * 1024 * 1024);
    let state = json!({"legacy": {"access_groups": [{"name": name}]}});
    let taken = (0..30).take_while(|number| {
        assert_eq!(client.json("PUT", "/__admin/state", &state), 200);
        client.send("POST", &format!("/__admin/snapshots/s{number}"), "", b"").0 == 201
    });
    let taken = taken.count();
    assert!((17..20).contains(&taken), "{taken} snapshots of 15 MiB");
    assert_eq!(client.send("DELETE", "/__admin/snapshots/s0", "", b"").0, 204);
    assert_eq!(client.send("POST", "/__admin/snapshots/last", "", b"").0, 201);
}

/// Assigns a template with long rules to many accounts, whose groups share them.
fn assignments(client: &mut Client) {
    let condition = json!({"claim": "a", "operator": "EQUALS", "value": "v".repeat(30_000)});
    let rule = json!({"name": "r", "expiration": 1, "realm_name": "q", "conditions": [condition]});
    let group = json!({"name": "g", "assertions": {"rules": vec![rule; 20]}});
    let template = json!({"id": "t", "name": "T", "committed": true, "group": group});
    let state = json!({"ibm": {"accounts": {"root": {"templates": [template]}}}});
    assert_eq!(client.json("PUT", "/__admin/state", &state), 200);
    for number in 0..200 {
        let assignment = json!({
            "template_id": "t",
            "template_version": "1",
            "target_type": "Account",
            "target": format!("account-{number}")
        });
        assert_eq!(client.json("POST", "/v1/group_assignments", &assignment), 202);
    }
}

fn journals(client: &mut Client) {
    let body = json!({"name": "x".repeat(60_000)}).to_string();
    for namespace in 0..12 {
        for _ in 0..30 {
            let target = format!("/ns/n{namespace}/v2/groups?account_id=a");
            client.send("POST", &target, "Content-Type: application/json\r\n", body.as_bytes());
        }
    }
}

fn lists(client: &mut Client) {
    journals(client);
    for format in ["json", "har", "curl", "powershell"] {
        let target = format!("/__admin/requests?namespace=*&format={format}");
        let (status, length) = client.send("GET", &target, "", b"");
        assert_eq!(status, 200);
        assert!(length > 20_000_000, "{format}: {length}");
    }
    let (status, length) = client.send("POST", "/__admin/requests/find", "", br#"{"namespace":"*"}"#);
    assert!(status == 200 && length > 40_000_000, "{status} {length}");
}

/// Sends a state that is received completely and rejected at its first byte, which is not UTF-8.
fn rejected_states(client: &mut Client) {
    let body = vec![b'\xff'; 60 * 1024 * 1024];
    assert_eq!(client.send("PUT", "/__admin/state", "", &body).0, 400);
}

fn gzip_states(client: &mut Client) {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..200 {
        encoder.write_all(&vec![b' '; 1024 * 1024]).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    for _ in 0..3 {
        assert_eq!(client.send("PUT", "/__admin/state", "Content-Encoding: gzip\r\n", &bomb).0, 413);
    }
}

/// A regular expression with a compiled size of up to 64 KiB.
const LARGE_REGEX: &str = "[a-z]{0,300}!";

/// Fills the faults of eight namespaces with regular expressions, and searches with as many as fit into a search.
fn regexes(client: &mut Client) {
    let path = format!("/v1/{}", "a".repeat(2_000));
    for namespace in 0..8 {
        let faults = format!("/ns/n{namespace}/__admin/faults");
        let fault = json!({"match": {"urlPattern": LARGE_REGEX}, "effect": {"type": "empty"}});
        let accepted = (0..40).take_while(|_| client.json("POST", &faults, &fault) == 201).count();
        assert_eq!(accepted, 16);
        assert_eq!(client.send("GET", &format!("/ns/n{namespace}{path}"), "", b"").0, 404);
    }
    client.send("GET", &path, "", b"");
    // Each expression takes less than 40 bytes of JSON.
    for (count, status) in [(15, 200), (1_000, 422)] {
        let body_patterns = vec![json!({"matches": LARGE_REGEX}); count];
        let search = json!({"urlPattern": LARGE_REGEX, "bodyPatterns": body_patterns});
        let fault = json!({"match": search, "effect": {"type": "empty"}});
        for _ in 0..10 {
            assert_eq!(client.json("POST", "/__admin/requests/count", &search), status);
        }
        let added = client.json("POST", "/ns/n9/__admin/faults", &fault);
        assert_eq!(added, if status == 200 { 201 } else { status });
    }
}

/// Searches a full journal with searches of the maximum length, and the records.
fn searches(client: &mut Client) {
    let body = json!({"name": "x".repeat(60_000)}).to_string();
    for _ in 0..80 {
        let json = "Content-Type: application/json\r\n";
        client.send("POST", "/v2/groups?account_id=a", json, body.as_bytes());
    }
    let search = |length: usize| {
        let matcher = json!({"contains": "y".repeat(length), "caseInsensitive": true});
        json!({"bodyPatterns": [{"contains": "y".repeat(length)}], "headers": {"Host": matcher}})
    };
    for operation in ["find", "count", "remove"] {
        let target = format!("/__admin/requests/{operation}");
        for _ in 0..10 {
            assert_eq!(client.json("POST", &target, &search(32_000)), 200);
        }
        assert_eq!(client.json("POST", &target, &search(33_000)), 422);
    }
    let groups: Vec<Value> = (0..5_000).map(|number| json!({"name": format!("group {number}")})).collect();
    assert_eq!(client.json("PUT", "/__admin/state", &json!({"legacy": {"access_groups": groups}})), 200);
    for number in 0..50 {
        let target = format!("/__admin/groups?search={number}");
        assert_eq!(client.send("GET", &target, "", b"").0, 200);
    }
}

/// Opens a connection to the server of `client`, and sends the start of a request.
fn start_request(client: &Client, start: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(client.0.get_ref().peer_addr().unwrap()).unwrap();
    stream.write_all(start).unwrap();
    stream
}

/// Fills the journal beside readers of the live stream that do not read.
fn stream_readers(client: &mut Client) {
    let request = b"GET /__admin/requests/stream HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let readers: Vec<TcpStream> = (0..20).map(|_| start_request(client, request)).collect();
    let body = json!({"name": "x".repeat(60_000)}).to_string();
    for _ in 0..200 {
        client.send("POST", "/v2/groups?account_id=a", "Content-Type: application/json\r\n", body.as_bytes());
    }
    drop(readers);
}

/// Sends headers without an end on many connections, and too long ones.
fn unfinished_headers(client: &mut Client) {
    let headers =
        |length: usize| format!("GET / HTTP/1.1\r\nHost: localhost\r\nFiller: {}", "f".repeat(length));
    let connections: Vec<TcpStream> =
        (0..60).map(|_| start_request(client, headers(390_000).as_bytes())).collect();
    for (start, status) in
        [(headers(500_000), " 431 "), (format!("GET /{} HTTP/1.1\r\n\r\n", "p".repeat(70_000)), " 414 ")]
    {
        let mut response = [0; 20];
        start_request(client, start.as_bytes()).read_exact(&mut response).unwrap();
        assert!(String::from_utf8_lossy(&response).contains(status), "{}", response.escape_ascii());
    }
    drop(connections);
}

#[test]
fn the_memory_of_readers_of_the_live_stream_is_bounded() {
    check_bound(&[], 60, stream_readers);
}

#[test]
fn the_memory_of_unfinished_headers_is_bounded() {
    check_bound(&[], 60, unfinished_headers);
}

#[test]
fn the_memory_of_regular_expressions_is_bounded() {
    check_bound(&["--journal-entries", "10"], 30, regexes);
}

#[test]
fn the_memory_of_searches_is_bounded() {
    check_bound(&[], 60, searches);
}

#[test]
fn the_memory_of_violations_is_bounded() {
    check_bound(&[], 60, violations);
}

#[test]
fn the_memory_of_fault_messages_is_bounded() {
    check_bound(&[], 40, fault_messages);
}

#[test]
fn the_memory_of_fault_headers_is_bounded() {
    check_bound(&["--journal-entries", "0"], 8, fault_headers);
}

#[test]
fn the_memory_of_rate_limit_keys_is_bounded() {
    check_bound(&["--journal-entries", "0", "--rate-limit", "authress=9/1h"], 8, rate_limit_keys);
}

#[test]
fn the_memory_of_the_history_is_bounded() {
    check_bound(&["--journal-entries", "10"], 90, history);
}

#[test]
fn the_memory_of_a_history_of_large_records_is_bounded() {
    check_bound(&["--journal-entries", "10", "--clock", "stepping/1m"], 210, history_bytes);
}

#[test]
fn the_memory_of_snapshots_is_bounded() {
    check_bound(&[], 560, snapshot_bytes);
}

#[test]
fn the_memory_of_assignments_is_bounded() {
    check_bound(&[], 30, assignments);
}

#[test]
fn the_memory_of_all_journals_is_bounded() {
    check_bound(&["--journal-total-bytes", "8388608"], 30, journals);
}

#[test]
fn the_memory_of_lists_is_bounded() {
    check_bound(&[], 110, lists);
}

#[test]
fn the_memory_of_a_state_that_is_received_is_that_of_its_body() {
    check_bound(&[], 90, rejected_states);
}

#[test]
fn the_memory_of_unpacked_bodies_is_bounded() {
    check_bound(&[], 160, gzip_states);
}
