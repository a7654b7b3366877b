//! Requests that take long: other requests are answered meanwhile, and calls of the admin API end after the request
//! timeout, and with their client.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::process::{Response, Server, request, server_command};

/// The head of a search that looks at every recorded body.
const COUNT: &str = "POST /__admin/requests/count HTTP/1.1";

/// A pattern that takes far longer than the request timeout, but less than the bound of a search.
fn expensive_search() -> String {
    json!({"bodyPatterns": [{"matches": ".*(?:[a-z]{0,20}x){0,4}.*y"}]}).to_string()
}

/// Starts a server whose journal is full of long bodies.
fn with_full_journal(timeout: &str) -> Server {
    let server = Server::start(&["--request-timeout", timeout]);
    let body = json!({"name": "ab".repeat(30_000)}).to_string();
    for _ in 0..66 {
        server.send("POST /v2/groups?account_id=a HTTP/1.1\nContent-Type: application/json", &body);
    }
    server
}

#[test]
fn a_call_ends_after_the_request_timeout() {
    let server = with_full_journal("1");

    let response = server.send(COUNT, &expensive_search());

    assert_eq!(response.status, 503);
    assert!(response.body.contains("the request took too long"), "{}", response.body);
    // The next call waits until the search has noticed that it was cancelled; all of it would take longer.
    let started = Instant::now();
    while server.send(COUNT, r#"{"url":"/"}"#).status != 200 {
        assert!(started.elapsed() < Duration::from_secs(20), "the next call is delayed");
    }
}

#[test]
fn a_call_is_cancelled_when_its_client_disconnects() {
    // Without the cancellation, the calls would run for the request timeout.
    let server = with_full_journal("30");
    let search = expensive_search();
    let concurrent_calls = std::thread::available_parallelism().unwrap().get();
    for _ in 0..concurrent_calls {
        let mut stream = server.connect();
        let length = search.len();
        write!(stream, "{COUNT}\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{search}").unwrap();
        std::thread::sleep(Duration::from_millis(50));
    }
    let started = Instant::now();

    let response = server.send(COUNT, r#"{"url":"/"}"#);

    assert_eq!(response.status, 200);
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

/// Returns the median of durations.
fn median(mut durations: Vec<Duration>) -> Duration {
    durations.sort_unstable();
    durations[durations.len() / 2]
}

/// Sends `request` again and again for a second, and returns the status, and the medians of its durations and of those
/// of the reads beside it.
fn read_beside(server: &Server, request: &[u8]) -> (u16, Duration, Duration) {
    const DURATION: Duration = Duration::from_secs(1);
    let (address, started) = (("127.0.0.1", server.port()), Instant::now());
    std::thread::scope(|scope| {
        let long = scope.spawn(move || {
            let (mut status, mut durations) = (0, Vec::new());
            while started.elapsed() < DURATION {
                let sent = Instant::now();
                let mut stream = TcpStream::connect(address).unwrap();
                stream.write_all(request).unwrap();
                status = Response::read(&mut stream).status;
                durations.push(sent.elapsed());
            }
            (status, median(durations))
        });
        let mut reads = Vec::new();
        while !long.is_finished() {
            let sent = Instant::now();
            assert_eq!(server.send("GET /__admin/health HTTP/1.1", "").status, 200);
            reads.push(sent.elapsed());
        }
        let (status, took) = long.join().unwrap();
        (status, took, median(reads))
    })
}

#[test]
fn reads_are_answered_while_a_long_body_is_processed() {
    let ones = vec![1; 250_000];
    let rules = vec![json!({"email": {"email": "a@example.com"}}); 12_000];
    let customers = vec![json!({}); 20_000];
    let bodies = [
        ("POST /client/v4/accounts/a/access/groups", json!({"name": "x", "include": ones}), 400),
        ("POST /client/v4/accounts/a/access/groups", json!({"name": "x", "include": rules}), 201),
        ("POST /v2/groups?account_id=a", json!({"name": "x", "items": ones, "description": 1}), 400),
        ("POST /v1/groups", json!({"name": "x", "users": vec![1; 50_000], "admins": []}), 400),
        ("POST /api2/access_groups.json", json!({"entry": {"name": "x", "customers": customers}}), 201),
        ("PUT /__admin/clock", json!({"items": ones}), 400),
    ];
    // With one thread for all requests, a read would wait for the body that is being processed.
    let mut command = server_command(&["--port", "0", "--log-level", "off", "--journal-entries", "10"]);
    let server = Server::spawn(command.env("TOKIO_WORKER_THREADS", "1"));

    for (operation, body, expected) in bodies {
        let head = format!("{operation} HTTP/1.1\nContent-Type: application/json");

        let (status, took, read) = read_beside(&server, &request(&head, &body.to_string()));

        eprintln!("{operation}: {status} after {took:?}, reads {read:?}");
        assert_eq!(status, expected, "{operation}");
        assert!(read < took / 3, "{operation}: a read takes {read:?}, a long body {took:?}");
    }
    // The groups with many rules are parsed by the calls for uses and records.
    let groups = server.send("GET /client/v4/accounts/a/access/groups?per_page=1 HTTP/1.1", "");
    let groups: Value = serde_json::from_str(&groups.body).unwrap();
    let id = groups["result"][0]["id"].as_str().unwrap();
    let uses = format!("GET /__admin/groups/{id}/uses HTTP/1.1");

    let (status, took, read) = read_beside(&server, &request(&uses, ""));

    eprintln!("{uses}: {status} after {took:?}, reads {read:?}");
    assert!(status == 200 && read < took / 3, "{status}: a read takes {read:?}, the uses {took:?}");
}

#[test]
fn reads_are_answered_while_the_openapi_document_is_generated() {
    // With one thread for all requests, at most one read would be answered before the document.
    let mut command = server_command(&["--port", "0", "--log-level", "off"]);
    let server = Server::spawn(command.env("TOKIO_WORKER_THREADS", "1"));
    let mut stream = server.connect();

    let (status, reads) = std::thread::scope(|scope| {
        stream.write_all(&request("GET /__admin/openapi.yaml HTTP/1.1", "")).unwrap();
        let document = scope.spawn(move || Response::read(&mut stream).status);
        let mut reads = 0;
        while !document.is_finished() {
            assert_eq!(server.send("GET /__admin/health HTTP/1.1", "").status, 200);
            reads += 1;
        }
        (document.join().unwrap(), reads)
    });

    assert_eq!(status, 200);
    assert!(reads >= 10, "{reads} reads");
}

/// Returns a state with `count` rules in a group, policies, resource groups and service id groups of the account `a`.
fn with_long_lists(count: usize) -> Value {
    let rule = |number: usize| {
        let condition = json!({"claim": "c", "operator": "EQUALS", "value": "1"});
        json!({"name": number.to_string(), "expiration": 12, "realm_name": "r", "conditions": [condition]})
    };
    let policy = |number: usize| {
        let attribute = |name: &str, value: &str| json!({"name": name, "value": value});
        json!({
            "type": "access",
            "subjects": [{"attributes": [attribute("access_group_id", "AccessGroupId-g")]}],
            "roles": [{"role_id": "crn:v1:bluemix:public:iam::::role:Viewer"}],
            "resources": [{"attributes": [attribute("accountId", "a"), attribute("serviceName", &number.to_string())]}],
        })
    };
    let named = |number: usize| json!({"account_id": "a", "name": number.to_string()});
    let list = |item: &dyn Fn(usize) -> Value| (0..count).map(item).collect::<Vec<Value>>();
    let group = json!({"id": "AccessGroupId-g", "name": "g", "rules": list(&rule)});
    json!({"ibm": {
        "accounts": {"a": {"groups": [group], "policies": list(&policy)}},
        "neighbors": {"resource_groups": list(&named), "serviceid_groups": list(&named)},
    }})
}

#[test]
fn reads_are_answered_while_long_lists_are_sent() {
    let mut command = server_command(&["--port", "0", "--log-level", "off", "--journal-entries", "0"]);
    let server = Server::spawn(command.env("TOKIO_WORKER_THREADS", "1"));
    let put = server.send("PUT /__admin/state HTTP/1.1", &with_long_lists(5_000).to_string());
    assert_eq!(put.status, 200, "{}", put.body);

    for list in [
        "/v2/groups/AccessGroupId-g/rules",
        "/v1/policies?account_id=a",
        "/v2/resource_groups?account_id=a",
        "/v1/serviceid_groups?account_id=a&name=none",
    ] {
        let (status, took, read) = read_beside(&server, &request(&format!("GET {list} HTTP/1.1"), ""));

        eprintln!("{list}: {status} after {took:?}, reads {read:?}");
        assert_eq!(status, 200, "{list}");
        assert!(read < took / 3, "{list}: a read takes {read:?}, the list {took:?}");
    }
}
