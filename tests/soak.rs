//! The soak test: memory stays flat while journals and namespaces churn for minutes.
//!
//! It runs only when it is asked for: `cargo test --test soak`, or `--release --test soak`. `AGM_SOAK_MINUTES` says
//! how long it takes; 3 by default. It reads the memory of the server's process from `/proc`, so it needs Linux.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How many namespaces the server keeps.
const NAMESPACES: u64 = 200;

/// How much more memory than before the last third may take: a leak of minutes is more than that.
const GROWTH: f64 = 1.10;

/// A server that keeps little, so that everything it keeps is full soon.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_access-groups-mock"));
        command.args([
            "--port",
            "0",
            "--max-namespaces",
            "200",
            "--namespace-idle",
            "20s",
            "--log-level",
            "off",
        ]);
        command.args(["--journal-entries", "200", "--journal-bytes", "200000"]);
        command.args(["--seed", concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/demo.json")]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
        Self { child, port: u16::try_from(ready["port"].as_u64().unwrap()).unwrap() }
    }

    /// The resident memory in bytes.
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection that is kept alive.
struct Client(TcpStream);

impl Client {
    /// Makes a request and returns the status and the body.
    fn ask(&mut self, method: &str, target: &str, body: &str) -> (u16, String) {
        let length = body.len();
        let request = format!(
            "{method} {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer t\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        self.0.write_all(request.as_bytes()).unwrap();
        let mut read = Vec::new();
        let mut buffer = [0; 16 * 1024];
        loop {
            let count = self.0.read(&mut buffer).unwrap();
            assert!(count > 0, "the server closed: {}", String::from_utf8_lossy(&read));
            read.extend_from_slice(&buffer[..count]);
            let text = String::from_utf8_lossy(&read);
            let Some((head, rest)) = text.split_once("\r\n\r\n") else { continue };
            let length = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned));
            if rest.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return (head.split(' ').nth(1).unwrap().parse().unwrap(), rest.to_owned());
            }
        }
    }
}

/// One short life of a namespace, as a test would use it.
fn live(client: &mut Client, number: u64) {
    let prefix = format!("/ns/soak-{number}");
    let list = format!("{prefix}/api2/access_groups.json");
    for index in 0..20 {
        let body = format!(r#"{{"entry":{{"name":"group {index} {}"}}}}"#, "x".repeat(500));
        assert_eq!(client.ask("POST", &list, &body).0, 201);
        assert_eq!(client.ask("GET", &list, "").0, 200);
    }
    let ibm = format!("{prefix}/v2/groups?account_id=a");
    assert_eq!(client.ask("POST", &ibm, r#"{"name":"g"}"#).0, 201);
    assert_eq!(client.ask("GET", &format!("{prefix}/nothing"), "").0, 404);
    let fault = r#"{"effect":{"type":"stale-reads","window":"1s"}}"#;
    assert_eq!(client.ask("POST", &format!("{prefix}/__admin/faults"), fault).0, 201);
    assert_eq!(client.ask("POST", &ibm, r#"{"name":"h"}"#).0, 201);
    assert_eq!(client.ask("POST", &format!("{prefix}/__admin/snapshots/s"), "").0, 201);
    assert_eq!(client.ask("POST", &format!("{prefix}/__admin/snapshots/s/restore"), "").0, 200);
    assert_eq!(client.ask("GET", &format!("{prefix}/__admin/requests?limit=3"), "").0, 200);
    let state = client.ask("GET", &format!("{prefix}/__admin/state"), "").1;
    assert_eq!(client.ask("PUT", &format!("{prefix}/__admin/state"), &state).0, 200);
    match number % 4 {
        0 => assert_eq!(client.ask("POST", &format!("{prefix}/__admin/reset"), "").0, 200),
        1 => assert_eq!(client.ask("DELETE", &format!("/__admin/namespaces/soak-{number}"), "").0, 204),
        // The others are forgotten, as there are too many or as nobody uses them.
        _ => {}
    }
    // The default namespace is used by all: its journal is always full.
    assert_eq!(client.ask("GET", "/client/v4/accounts/a/access/groups", "").0, 200);
}

#[test]
fn memory_stays_flat_while_journals_and_namespaces_churn() {
    let minutes = std::env::var("AGM_SOAK_MINUTES").map_or(3.0, |text| text.parse::<f64>().unwrap());
    let time = Duration::from_secs_f64(minutes * 60.0);
    let server = Server::start();
    let (lives, began) = (AtomicU64::new(0), Instant::now());
    let mut samples = Vec::new();

    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut client = Client(TcpStream::connect(("127.0.0.1", server.port)).unwrap());
                while began.elapsed() < time {
                    live(&mut client, lives.fetch_add(1, Ordering::Relaxed));
                }
            });
        }
        while began.elapsed() < time {
            std::thread::sleep(time / 60);
            samples.push(server.memory());
        }
    });

    let lives = lives.into_inner();
    assert!(lives > NAMESPACES * 3, "only {lives} namespaces came and went: let it run longer");
    let third = samples.len() / 3;
    let most = |samples: &[u64]| samples.iter().copied().max().unwrap();
    let (first, last) = (most(&samples[..third * 2]), most(&samples[third * 2..]));
    let in_mebibytes: Vec<u64> = samples.iter().map(|bytes| bytes >> 20).collect();
    let _ = writeln!(std::io::stderr(), "{lives} namespaces; memory in MiB: {in_mebibytes:?}");
    assert!((last as f64) < (first as f64) * GROWTH, "from {first} to {last} bytes: {in_mebibytes:?}");
}
