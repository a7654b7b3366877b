//! Measures how long the small reads of one client take while another client makes one of the most expensive calls.
//!
//! `cargo bench --bench interference` runs the binary, repeats each call for three seconds, and fails if the 99th
//! percentile of the reads exceeds 50 ms during any of them.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

/// The time for which each call is repeated.
const DURATION: Duration = Duration::from_secs(3);

/// The limit of the 99th percentile of the reads.
const LIMIT: Duration = Duration::from_millis(50);

/// A running server, which is killed on drop.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start() -> io::Result<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_access-groups-mock"));
        command
            .args(["--port", "0", "--journal-bytes", "4194304"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let stdout = child.stdout.take().ok_or_else(|| io::Error::other("no standard output"))?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let ready: Value = serde_json::from_str(&line)?;
        let port = ready["port"].as_u64().and_then(|port| u16::try_from(port).ok());
        let port = port.ok_or_else(|| io::Error::other("the ready line has no port"))?;
        Ok(Self { child, address: ([127, 0, 0, 1], port).into() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client with one connection.
struct Client(BufReader<TcpStream>);

impl Client {
    fn new(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Sends a request and reads the whole response; returns its status and length.
    fn send(&mut self, call: &Call) -> io::Result<(u16, usize)> {
        let Call { method, target, headers, body } = call;
        let length = body.len();
        let head = format!(
            "{method} {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer t\r\n{headers}Content-Length: {length}\r\n\r\n"
        );
        self.0.get_mut().write_all(&[head.as_bytes(), body].concat())?;
        let status = self.line()?.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let (mut length, mut is_chunked) = (0, false);
        loop {
            let line = self.line()?.to_ascii_lowercase();
            match line.split_once(": ") {
                Some(("content-length", value)) => length = value.parse().unwrap_or(0),
                Some(("transfer-encoding", _)) => is_chunked = true,
                Some(_) => {}
                None => break,
            }
        }
        if !is_chunked {
            self.skip(length)?;
            return Ok((status, length));
        }
        let mut total = 0;
        loop {
            let size = usize::from_str_radix(&self.line()?, 16).map_err(io::Error::other)?;
            self.skip(size + 2)?;
            total += size;
            if size == 0 {
                return Ok((status, total));
            }
        }
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }

    fn skip(&mut self, length: usize) -> io::Result<()> {
        io::copy(&mut self.0.by_ref().take(length as u64), &mut io::sink()).map(drop)
    }
}

/// One request.
#[derive(Debug, Clone)]
struct Call {
    method: &'static str,
    target: String,
    headers: String,
    body: Vec<u8>,
}

impl Call {
    fn new(method: &'static str, target: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        let headers = "Content-Type: application/json\r\n".to_owned();
        Self { method, target: target.into(), headers, body: body.into() }
    }

    fn gzip(method: &'static str, target: &str, body: &[u8]) -> io::Result<Self> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(body)?;
        let mut call = Self::new(method, target, encoder.finish()?);
        call.headers.push_str("Content-Encoding: gzip\r\n");
        Ok(call)
    }
}

/// A call to repeat, and the calls before it.
struct Scenario {
    name: &'static str,
    setup: Vec<Call>,
    call: Call,
    /// The number of clients that read the live stream.
    readers: usize,
}

fn scenario(name: &'static str, setup: Vec<Call>, call: Call) -> Scenario {
    Scenario { name, setup, call, readers: 0 }
}

/// The list of IBM groups of an account without any.
const GROUPS: &str = "/v2/groups?account_id=a";

fn scenarios() -> io::Result<Vec<Scenario>> {
    let mut scenarios = vec![scenario("a small read", vec![], Call::new("GET", "/v1/groups", ""))];
    scenarios.extend(journal_scenarios());
    scenarios.extend(state_scenarios()?);
    scenarios.extend(vendor_scenarios()?);
    Ok(scenarios)
}

/// Returns the request to a vendor with a long body that contains the name of a credential.
fn secret_post() -> Call {
    Call::new("POST", GROUPS, json!({"name": format!("{}secret", "x".repeat(60_000))}).to_string())
}

fn journal_scenarios() -> Vec<Scenario> {
    let post = secret_post();
    let secrets = vec![post.clone(); 66];
    let path = format!("/v2/{}", "abc/".repeat(15_000));
    let paths = vec![Call::new("GET", &path[..60_000], ""); 64];
    let letters = Call::new("POST", GROUPS, json!({"name": "ab".repeat(30_000)}).to_string());
    let letters = vec![letters; 66];
    let everywhere = (0..50).flat_map(|namespace| {
        let call = Call { target: format!("/ns/n{namespace}{GROUPS}"), ..post.clone() };
        std::iter::repeat_n(call, 66)
    });
    let everywhere = everywhere.collect();
    let count = |pattern: &str| {
        let search = json!({"bodyPatterns": [{"matches": pattern}]});
        Call::new("POST", "/__admin/requests/count", search.to_string())
    };
    let verify = Call::new("POST", "/__admin/requests/verify", r#"{"count":0}"#);
    let count_all = Call::new("POST", "/__admin/requests/count", "{}");
    let list = Call::new("GET", "/__admin/requests", "");
    let stream =
        Scenario { name: "100 readers of the stream", setup: vec![], call: post.clone(), readers: 100 };
    vec![
        scenario("list of requests", secrets.clone(), list),
        scenario("HAR", secrets.clone(), Call::new("GET", "/__admin/requests?format=har", "")),
        scenario("summaries", secrets.clone(), Call::new("GET", "/__admin/requests?format=summary", "")),
        scenario("curl commands", secrets.clone(), Call::new("GET", "/__admin/requests?format=curl", "")),
        scenario("failed verification", secrets.clone(), verify),
        scenario("count", secrets, count_all),
        scenario("unmatched requests", paths, Call::new("GET", "/__admin/requests/unmatched", "")),
        scenario("count by an expensive pattern", letters.clone(), count(".*(?:[a-z]{0,5}x){0,2}.*y")),
        scenario("count by a pattern beyond the budget", letters, count(".*[a-z]{0,300}!")),
        scenario("list of all namespaces", everywhere, Call::new("GET", "/__admin/requests?namespace=*", "")),
        stream,
    ]
}

fn state_scenarios() -> io::Result<Vec<Scenario>> {
    let groups: Vec<Value> = (1..100_000).map(|number| json!({"name": format!("group {number}")})).collect();
    let state = json!({"version": 1, "legacy": {"access_groups": groups}}).to_string();
    let put = Call::new("PUT", "/__admin/state", state);
    let compressed = Call::gzip("PUT", "/__admin/state", " ".repeat(200_000_000).as_bytes())?;
    let with_groups =
        |name, method, target: &str| scenario(name, vec![put.clone()], Call::new(method, target, ""));
    Ok(vec![
        scenario("PUT state", vec![], put.clone()),
        with_groups("GET state", "GET", "/__admin/state"),
        with_groups("reset", "POST", "/__admin/reset"),
        with_groups("search of groups", "GET", "/__admin/groups?search=99999"),
        with_groups("last page of groups", "GET", "/__admin/groups?offset=99000&limit=1000"),
        with_groups("a record", "GET", "/__admin/records/legacy/access_group/99999"),
        with_groups("uses of a group", "GET", "/__admin/groups/99999/uses"),
        with_groups("a snapshot", "POST", "/__admin/snapshots/a"),
        with_groups("metrics", "GET", "/__admin/metrics"),
        scenario("compressed state", vec![], compressed),
        scenario("the OpenAPI document", vec![], Call::new("GET", "/__admin/openapi.json", "")),
        scenario("coverage", vec![], Call::new("GET", "/__admin/coverage", "")),
    ])
}

fn vendor_scenarios() -> io::Result<Vec<Scenario>> {
    let faults: Vec<Value> = (0..1_000)
        .map(|number| {
            let path = json!({"expression": format!("$.a{number}.b"), "equalTo": "x"});
            json!({"match": {"bodyPatterns": [{"matchesJsonPath": path}]}, "effect": {"type": "empty"}})
        })
        .collect();
    let faults = Call::new("POST", "/__admin/faults", json!(faults).to_string());
    let ones = vec![1; 480_000];
    let megabyte = Call::new("POST", GROUPS, json!({"name": "x", "items": ones}).to_string());
    let cloudflare = json!({"name": "x", "include": ones}).to_string();
    let authress = json!({"name": "x", "users": ones[..45_000], "admins": []}).to_string();
    let legacy = json!({"entry": {"customers": ones}}).to_string();
    // The most expensive bodies that are accepted.
    let rules =
        json!({"name": "x", "include": vec![json!({"email": {"email": "a@b.c"}}); 30_000]}).to_string();
    let roles = json!({"email": "a@b.c", "roles": vec!["r".repeat(30); 30_000]}).to_string();
    let extra = json!({"name": "x", "items": ones}).to_string();
    let user = json!({"email": "a@b.c", "account_role": "Member"});
    let users = json!({"users": vec![user; 20_000]}).to_string();
    let customers = json!({"entry": {"name": "x", "customers": vec![json!({}); 340_000]}}).to_string();
    let compressed = Call::gzip("POST", GROUPS, " ".repeat(1_000_000).as_bytes())?;
    let call = |target: &str, body: String| Call::new("POST", target, body);
    Ok(vec![
        scenario("1,000 faults with body patterns", vec![faults], megabyte),
        scenario("400 of Cloudflare", vec![], call("/client/v4/accounts/a/access/groups", cloudflare)),
        scenario("400 of Authress", vec![], call("/v1/groups", authress)),
        scenario("400 of legacy", vec![], call("/api2/access_groups.json", legacy)),
        scenario("201 of Cloudflare", vec![], call("/client/v4/accounts/a/access/groups", rules)),
        scenario("a member of Cloudflare", vec![], call("/client/v4/accounts/a/members", roles)),
        scenario("201 of IBM", vec![], call(GROUPS, extra)),
        scenario("an invitation of IBM", vec![], call("/v2/accounts/a/users", users)),
        scenario("201 of legacy", vec![], call("/api2/access_groups.json", customers)),
        scenario("compressed body", vec![], compressed),
    ])
}

fn main() -> io::Result<ExitCode> {
    let mut out = io::stdout();
    writeln!(
        out,
        "{:<38} {:>7} {:>10} {:>9} {:>9} {:>9}",
        "call", "status", "takes ms", "p50 ms", "p99 ms", "max ms"
    )?;
    let mut is_within_limit = true;
    for scenario in scenarios()? {
        let server = Server::start()?;
        let (status, took, mut reads) = measure(&server, &scenario)?;
        reads.sort_unstable();
        let percentile = |percent: usize| reads.get(reads.len() * percent / 100).copied().unwrap_or_default();
        let (p99, max) = (percentile(99), reads.last().copied().unwrap_or_default());
        is_within_limit &= p99 <= LIMIT;
        let ms = |duration: Duration| duration.as_secs_f64() * 1e3;
        writeln!(
            out,
            "{:<38} {status:>7} {:>10.1} {:>9.2} {:>9.2} {:>9.2}",
            scenario.name,
            ms(took),
            ms(percentile(50)),
            ms(p99),
            ms(max)
        )?;
    }
    Ok(if is_within_limit { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns the last status of the call, its longest duration, and the durations of the reads beside it.
fn measure(server: &Server, scenario: &Scenario) -> io::Result<(u16, Duration, Vec<Duration>)> {
    let mut client = Client::new(server.address)?;
    for call in &scenario.setup {
        client.send(call)?;
    }
    let mut readers = Vec::new();
    for _ in 0..scenario.readers {
        let mut stream = TcpStream::connect(server.address)?;
        stream.write_all(b"GET /__admin/requests/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
        readers.push(std::thread::spawn(move || io::copy(&mut stream, &mut io::sink())));
    }
    let is_over = Arc::new(AtomicBool::new(false));
    let observer = {
        let (mut client, is_over) = (Client::new(server.address)?, Arc::clone(&is_over));
        std::thread::spawn(move || -> io::Result<Vec<Duration>> {
            let read = Call::new("GET", "/ns/observer/v1/groups", "");
            let mut durations = Vec::new();
            while !is_over.load(Ordering::Relaxed) {
                let started = Instant::now();
                client.send(&read)?;
                durations.push(started.elapsed());
                std::thread::sleep(Duration::from_millis(2));
            }
            Ok(durations)
        })
    };
    let started = Instant::now();
    let (mut status, mut longest) = (0, Duration::ZERO);
    while started.elapsed() < DURATION {
        let call_started = Instant::now();
        (status, _) = client.send(&scenario.call).or_else(|_| {
            // A fault may have closed the connection.
            client = Client::new(server.address)?;
            Ok::<_, io::Error>((0, 0))
        })?;
        longest = longest.max(call_started.elapsed());
    }
    is_over.store(true, Ordering::Relaxed);
    let reads = observer.join().map_err(|_| io::Error::other("the observer panicked"))??;
    Ok((status, longest, reads))
}
