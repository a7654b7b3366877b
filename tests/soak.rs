//! The soak test: memory stays flat while journals and namespaces churn for minutes, and everything that the server
//! stores stays below its bound. It prints the measured values next to the bounds.
//!
//! It runs only on request: `cargo test --test soak`, or `--release --test soak`. `AGM_SOAK_MINUTES` sets its duration;
//! the default is 3. A run of less than a minute checks only the bounds. It reads the memory of the server process from
//! `/proc` and therefore requires Linux.
#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

/// The maximum number of namespaces of the server.
const MAX_NAMESPACES: u64 = 200;

/// The maximum ratio of the memory peak in the last third to the peak before; a leak over minutes exceeds it.
const MAX_GROWTH: f64 = 1.10;

/// The duration in minutes from which on growth is checked: in a shorter run the namespaces are still filling up.
const MIN_GROWTH_MINUTES: f64 = 1.0;

/// The maximum resident memory in bytes of a server with these limits.
const MAX_MEMORY: u64 = 192 * 1024 * 1024;

/// The maximum number of exchanges in the journal of a namespace.
const MAX_JOURNAL_ENTRIES: u64 = 200;

/// The maximum number of bytes in the journal of a namespace.
const MAX_JOURNAL_BYTES: u64 = 200_000;

/// The maximum number of open files: one for each client, and those of the runtime and the listener.
const MAX_OPEN_FILES: u64 = 32;

/// The maximum number of threads: those of the runtime and of its blocking thread pool.
const MAX_THREADS: u64 = 64;

/// A value that must not exceed its bound.
struct Bound {
    name: &'static str,
    value: u64,
    bound: u64,
}

/// The values of one point in time.
#[derive(Default)]
struct Sample {
    memory: u64,
    open_files: u64,
    threads: u64,
    namespaces: u64,
    journal_entries: u64,
    journal_bytes: u64,
}

/// A server with small limits, so that its journals and namespaces fill up quickly.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_access-groups-mock"));
        command.args(["--port", "0", "--log-level", "off", "--namespace-idle", "20s"]);
        command.args(["--max-namespaces", &MAX_NAMESPACES.to_string()]);
        command.args(["--journal-entries", &MAX_JOURNAL_ENTRIES.to_string()]);
        command.args(["--journal-bytes", &MAX_JOURNAL_BYTES.to_string()]);
        command.args(["--seed", concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/demo.json")]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        Self { child, port: u16::try_from(ready["port"].as_u64().unwrap()).unwrap() }
    }

    fn connect(&self) -> Client {
        Client(TcpStream::connect(("127.0.0.1", self.port)).unwrap())
    }

    /// Returns the number in a line of `/proc/PID/status`.
    fn process_status(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// Measures everything that has a bound. The journal is that of the default namespace, which is always full.
    fn sample(&self, client: &mut Client) -> Sample {
        let namespaces = client.get_json("/__admin/namespaces");
        let journal = client.get_json("/__admin/requests");
        let exchanges = journal["requests"].as_array().unwrap();
        let bytes = |message: &Value| message["body"].as_str().map_or(0, str::len) as u64;
        Sample {
            memory: self.process_status("VmRSS:") * 1024,
            open_files: std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap().count() as u64,
            threads: self.process_status("Threads:"),
            namespaces: namespaces["namespaces"].as_array().unwrap().len() as u64,
            journal_entries: exchanges.len() as u64,
            journal_bytes: exchanges.iter().map(|it| bytes(&it["request"]) + bytes(&it["response"])).sum(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client with a keep-alive connection.
struct Client(TcpStream);

impl Client {
    /// Returns the JSON body of a successful GET request.
    fn get_json(&mut self, target: &str) -> Value {
        let (status, body) = self.send("GET", target, "");
        assert_eq!(status, 200, "{target}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    /// Sends a request, and returns the status and the body of the response.
    fn send(&mut self, method: &str, target: &str, body: &str) -> (u16, String) {
        let length = body.len();
        let request = format!(
            "{method} {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer t\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        self.0.write_all(request.as_bytes()).unwrap();
        let mut received = Vec::new();
        let mut buffer = [0; 16 * 1024];
        loop {
            let count = self.0.read(&mut buffer).unwrap();
            assert!(count > 0, "the server closed the connection: {}", String::from_utf8_lossy(&received));
            received.extend_from_slice(&buffer[..count]);
            let response = String::from_utf8_lossy(&received);
            let Some((headers, body)) = response.split_once("\r\n\r\n") else { continue };
            let length = headers
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return (headers.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned());
            }
        }
    }
}

/// Prints each value next to its bound, and fails if one exceeds it.
fn check_bounds(samples: &[Sample]) {
    let max = |value: fn(&Sample) -> u64| samples.iter().map(value).max().unwrap();
    let bounds = [
        Bound { name: "resident memory in bytes", value: max(|it| it.memory), bound: MAX_MEMORY },
        // The default namespace does not count.
        Bound { name: "namespaces", value: max(|it| it.namespaces), bound: MAX_NAMESPACES + 1 },
        Bound { name: "journal entries", value: max(|it| it.journal_entries), bound: MAX_JOURNAL_ENTRIES },
        Bound {
            name: "bytes of journal bodies",
            value: max(|it| it.journal_bytes),
            bound: MAX_JOURNAL_BYTES,
        },
        Bound { name: "open files", value: max(|it| it.open_files), bound: MAX_OPEN_FILES },
        Bound { name: "threads", value: max(|it| it.threads), bound: MAX_THREADS },
    ];
    for Bound { name, value, bound } in &bounds {
        let _ = writeln!(std::io::stderr(), "{name}: at most {value}, bound {bound}");
    }
    for Bound { name, value, bound } in bounds {
        assert!(value <= bound, "{name}: {value} exceeds {bound}");
    }
}

/// Uses a new namespace like a short test would.
fn use_namespace(client: &mut Client, number: u64) {
    let prefix = format!("/ns/soak-{number}");
    let list = format!("{prefix}/api2/access_groups.json");
    for index in 0..20 {
        let body = format!(r#"{{"entry":{{"name":"group {index} {}"}}}}"#, "x".repeat(500));
        assert_eq!(client.send("POST", &list, &body).0, 201);
        assert_eq!(client.send("GET", &list, "").0, 200);
    }
    let ibm = format!("{prefix}/v2/groups?account_id=a");
    assert_eq!(client.send("POST", &ibm, r#"{"name":"g"}"#).0, 201);
    assert_eq!(client.send("GET", &format!("{prefix}/nothing"), "").0, 404);
    let fault = r#"{"effect":{"type":"stale-reads","window":"1s"}}"#;
    assert_eq!(client.send("POST", &format!("{prefix}/__admin/faults"), fault).0, 201);
    assert_eq!(client.send("POST", &ibm, r#"{"name":"h"}"#).0, 201);
    assert_eq!(client.send("POST", &format!("{prefix}/__admin/snapshots/s"), "").0, 201);
    assert_eq!(client.send("POST", &format!("{prefix}/__admin/snapshots/s/restore"), "").0, 200);
    assert_eq!(client.send("GET", &format!("{prefix}/__admin/requests?limit=3"), "").0, 200);
    let state = client.send("GET", &format!("{prefix}/__admin/state"), "").1;
    assert_eq!(client.send("PUT", &format!("{prefix}/__admin/state"), &state).0, 200);
    match number % 4 {
        0 => assert_eq!(client.send("POST", &format!("{prefix}/__admin/reset"), "").0, 200),
        1 => assert_eq!(client.send("DELETE", &format!("/__admin/namespaces/soak-{number}"), "").0, 204),
        // The others are evicted because there are too many or because they are idle.
        _ => {}
    }
    // All clients use the default namespace: its journal is always full.
    assert_eq!(client.send("GET", "/client/v4/accounts/a/access/groups", "").0, 200);
}

#[test]
fn memory_stays_flat_while_journals_and_namespaces_churn() {
    let minutes = std::env::var("AGM_SOAK_MINUTES").map_or(3.0, |value| value.parse::<f64>().unwrap());
    let duration = Duration::from_secs_f64(minutes * 60.0);
    let server = Server::start();
    let (namespaces, started) = (AtomicU64::new(0), Instant::now());
    let mut samples = Vec::new();

    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut client = server.connect();
                while started.elapsed() < duration {
                    use_namespace(&mut client, namespaces.fetch_add(1, Ordering::Relaxed));
                }
            });
        }
        let mut client = server.connect();
        while started.elapsed() < duration {
            std::thread::sleep(duration / 60);
            samples.push(server.sample(&mut client));
        }
    });

    let namespaces = namespaces.into_inner();
    let _ = writeln!(std::io::stderr(), "{namespaces} namespaces in {minutes} minutes");
    check_bounds(&samples);
    if minutes >= MIN_GROWTH_MINUTES {
        assert!(
            namespaces > MAX_NAMESPACES * 3,
            "only {namespaces} namespaces were used: increase the duration"
        );
        check_growth(&samples);
    }
}

/// Fails if the memory has grown in the last third.
fn check_growth(samples: &[Sample]) {
    let memory: Vec<u64> = samples.iter().map(|sample| sample.memory).collect();
    let third = memory.len() / 3;
    let max = |samples: &[u64]| samples.iter().copied().max().unwrap();
    let (first, last) = (max(&memory[..third * 2]), max(&memory[third * 2..]));
    let in_mebibytes: Vec<u64> = memory.iter().map(|bytes| bytes >> 20).collect();
    let _ = writeln!(std::io::stderr(), "memory in MiB: {in_mebibytes:?}");
    assert!((last as f64) < (first as f64) * MAX_GROWTH, "from {first} to {last} bytes: {in_mebibytes:?}");
}
