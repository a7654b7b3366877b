//! Measures the throughput of the server in requests per second, compared with a baseline: a bare axum handler that
//! returns the same bytes.
//!
//! Both run in this process, each on its own thread. One client with 32 keep-alive connections measures them in turn
//! over real sockets. The ratio of the medians is comparable between machines.
//! `cargo bench --bench http`; `-- ibm` or `-- legacy/get` measures only operations whose name starts with it.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use access_groups_mock::{App, Config, Seed, serve};
use axum::Router;
use axum::body::Bytes;
use axum::http::{StatusCode, header::CONTENT_TYPE};
use axum::routing::any;
use axum::serve::ListenerExt;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

const CONNECTIONS: usize = 32;
const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_millis(400);

/// The number of groups at the start.
const GROUPS: u32 = 1_000;

/// One vendor: its seed, the headers of its requests and the measured requests.
struct Dialect {
    name: &'static str,
    seed: fn(u32) -> Value,
    headers: &'static str,
    calls: &'static [Call],
}

/// One measured request.
struct Call {
    name: &'static str,
    method: &'static str,
    path: &'static str,
    body: &'static str,
    /// The minimum ratio to the baseline that the project aims for.
    target: f64,
}

/// The target ratios for reading a group, creating a group, and a page of 50.
const GET_TARGET: f64 = 0.85;
const CREATE_TARGET: f64 = 0.60;
const PAGE_TARGET: f64 = 0.60;

const BEARER: &str = "Authorization: Bearer token\r\n";

/// A token in the format that Authress requires.
const JWT: &str = "Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJl\r\n";

const DIALECTS: &[Dialect] = &[
    Dialect {
        name: "cloudflare",
        seed: cloudflare_groups,
        headers: BEARER,
        calls: &[
            get("/client/v4/accounts/a1/access/groups/00000000-0000-4000-8000-000000000500"),
            post(
                "/client/v4/accounts/a1/access/groups",
                r#"{"name":"Editors of the house","include":[{"email_domain":{"domain":"example.com"}},{"email":{"email":"anna@example.com"}}],"exclude":[{"geo":{"country_code":"US"}}],"require":[]}"#,
            ),
            list("/client/v4/accounts/a1/access/groups?page=10&per_page=50"),
        ],
    },
    Dialect {
        name: "ibm",
        seed: ibm_groups,
        headers: BEARER,
        calls: &[
            get("/v2/groups/AccessGroupId-00000000-0000-4000-8000-000000000500"),
            post(
                "/v2/groups?account_id=a1",
                r#"{"name":"Editors of the house","description":"those who may edit what the house publishes"}"#,
            ),
            list("/v2/groups?account_id=a1&limit=50&offset=450"),
            member_check(
                "/v2/groups/AccessGroupId-00000000-0000-4000-8000-000000000500/members/IBMid-270001",
            ),
        ],
    },
    Dialect {
        name: "authress",
        seed: authress_groups,
        headers: JWT,
        calls: &[
            get("/v1/groups/grp_500"),
            post(
                "/v1/groups",
                r#"{"name":"Editors of the house","users":[{"userId":"anna"},{"userId":"ben"}],"admins":[{"userId":"carl"}]}"#,
            ),
            // The maximum page size of Authress.
            list("/v1/groups?limit=20"),
        ],
    },
    Dialect {
        name: "legacy",
        seed: legacy_groups,
        headers: BEARER,
        calls: &[
            get("/api2/access_groups/500.json"),
            post(
                "/api2/access_groups.json",
                r#"{"entry":{"name":"Editors of the house","valid":1,"company_id":12,"license_id":3,"auto_update":true,"send_mail":false,"customers":[{"email":"anna@example.com","valid":true}],"domains":["example.com","example.org"],"invite_type":"InviteOnly"}}"#,
            ),
            list("/api2/access_groups.json?Page=10"),
        ],
    },
];

const fn get(path: &'static str) -> Call {
    Call { name: "get", method: "GET", path, body: "", target: GET_TARGET }
}

const fn member_check(path: &'static str) -> Call {
    Call { name: "member check", method: "HEAD", path, body: "", target: GET_TARGET }
}

const fn post(path: &'static str, body: &'static str) -> Call {
    Call { name: "create", method: "POST", path, body, target: CREATE_TARGET }
}

const fn list(path: &'static str) -> Call {
    Call { name: "list", method: "GET", path, body: "", target: PAGE_TARGET }
}

fn cloudflare_groups(count: u32) -> Value {
    let group = |number: u32| {
        json!({
            "id": format!("00000000-0000-4000-8000-{number:012}"),
            "name": format!("Editors of the house number {number}"),
            "include": [
                {"email_domain": {"domain": "example.com"}},
                {"email": {"email": format!("anna-{number}@example.com")}}
            ],
            "exclude": [{"geo": {"country_code": "US"}}],
            "created_at": "2026-01-05T10:00:00Z"
        })
    };
    json!({"cloudflare": {"accounts": {"a1": {"access_groups": (1..=count).map(group).collect::<Vec<_>>()}}}})
}

fn ibm_groups(count: u32) -> Value {
    let group = |number: u32| {
        json!({
            "id": format!("AccessGroupId-00000000-0000-4000-8000-{number:012}"),
            "name": format!("Editors of the house number {number}"),
            "description": "those who may edit what the house publishes",
            "created_at": "2026-01-05T10:00:00Z",
            "created_by_id": "IBMid-270001",
            "members": [{"iam_id": "IBMid-270001", "type": "user"}]
        })
    };
    json!({"ibm": {"accounts": {"a1": {"groups": (1..=count).map(group).collect::<Vec<_>>()}}}})
}

fn authress_groups(count: u32) -> Value {
    let group = |number: u32| {
        json!({
            "groupId": format!("grp_{number}"),
            "name": format!("Editors of the house number {number}"),
            "lastUpdated": "2026-01-02T03:04:05.678Z",
            "users": [{"userId": "anna"}, {"userId": "ben"}, {"userId": format!("user-{number}")}],
            "admins": [{"userId": "carl"}],
            "tags": {"environment": "production"}
        })
    };
    json!({"authress": {"groups": (1..=count).map(group).collect::<Vec<_>>()}})
}

fn legacy_groups(count: u32) -> Value {
    let group = |number: u32| {
        json!({
            "id": number,
            "name": format!("Editors of the house number {number}"),
            "created_at": "2024-11-01T04:45:57.4498996+01:00",
            "valid": 1, "company_id": 12, "license_id": 3, "auto_update": true, "send_mail": false,
            "customers": [{"email": format!("anna-{number}@example.com"), "valid": true}],
            "domains": ["example.com", "example.org"],
            "invite_type": "InviteOnly"
        })
    };
    json!({"legacy": {"access_groups": (1..=count).map(group).collect::<Vec<_>>()}})
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let filter = arguments.iter().find(|argument| !argument.starts_with("--")).map_or("", String::as_str);
    // Without `--bench` this is a test run under `cargo test`.
    let is_measured = arguments.iter().any(|argument| argument == "--bench");
    let rounds = if is_measured { ROUNDS } else { 1 };
    let mut out = io::stdout();
    writeln!(
        out,
        "| request | bytes | mock /s | bare axum /s | ratio | target |\n|---|---|---|---|---|---|"
    )?;
    for dialect in DIALECTS {
        for call in dialect.calls {
            let name = format!("{}/{}", dialect.name, call.name);
            if name.starts_with(filter) {
                writeln!(out, "| {name} | {} |", measure(dialect, call, rounds)?)?;
            }
        }
    }
    Ok(())
}

/// Measures one request on the server and on the baseline in turn; returns the cells of its table row.
fn measure(dialect: &Dialect, call: &Call, rounds: usize) -> io::Result<String> {
    let seed = Seed::parse(&(dialect.seed)(GROUPS).to_string()).map_err(io::Error::other)?;
    let app = App::new(Config::default(), seed).map_err(io::Error::other)?;
    let mock = Server::start(move |listener, stopped| async move { serve(listener, &app, stopped).await })?;
    let request = request(dialect, call);
    let mut mock_client = Client::connect(mock.address, &request)?;
    let response = mock_client.sample()?;
    let bytes = response.body.len();
    let baseline = bare_axum(response)?;
    let mut baseline_client = Client::connect(baseline.address, &request)?;

    let (mut mock_rates, mut baseline_rates) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        mock_rates.push(mock_client.run_for(ROUND)?);
        baseline_rates.push(baseline_client.run_for(ROUND)?);
    }
    let (mock_rate, baseline_rate) = (median(mock_rates), median(baseline_rates));
    let ratio = mock_rate / baseline_rate;
    Ok(format!("{bytes} | {mock_rate:.0} | {baseline_rate:.0} | {ratio:.2} | {:.2}", call.target))
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn request(dialect: &Dialect, call: &Call) -> Vec<u8> {
    let Call { method, path, body, .. } = call;
    let length = match body.len() {
        0 => String::new(),
        length => format!("Content-Type: application/json\r\nContent-Length: {length}\r\n"),
    };
    format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{}{length}\r\n{body}", dialect.headers)
        .into_bytes()
}

/// Starts the baseline: an axum handler that returns `response` for every request.
fn bare_axum(response: SampleResponse) -> io::Result<Server> {
    let SampleResponse { status, media_type, body } = response;
    let handler = async move || (status, [(CONTENT_TYPE, media_type)], body);
    let router = Router::new().route("/{*path}", any(handler));
    Server::start(move |listener, stopped| async move {
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        axum::serve(listener, router).with_graceful_shutdown(stopped).await
    })
}

/// An HTTP server on its own thread; it stops on drop.
struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

type Stopped = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

impl Server {
    fn start<F, R>(run: F) -> io::Result<Self>
    where
        F: FnOnce(TcpListener, Stopped) -> R + Send + 'static,
        R: Future<Output = io::Result<()>>,
    {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async move {
                let stopped = Box::pin(async move {
                    let _ = stopped.await;
                });
                run(TcpListener::from_std(listener)?, stopped).await
            })
        });
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A response that the baseline repeats.
struct SampleResponse {
    status: StatusCode,
    media_type: String,
    body: Bytes,
}

/// A client with several keep-alive connections and one request for all of them.
struct Client {
    connections: Vec<Connection>,
    request: Vec<u8>,
}

struct Connection {
    stream: TcpStream,
    /// The receive buffer; reused, because zeroing a new one would cost more than a response.
    buffer: Vec<u8>,
    received: Vec<u8>,
}

impl Client {
    fn connect(address: SocketAddr, request: &[u8]) -> io::Result<Self> {
        let connections = (0..CONNECTIONS).map(|_| {
            let stream = TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            Ok(Connection { stream, buffer: vec![0; 64 * 1024], received: Vec::new() })
        });
        Ok(Self { connections: connections.collect::<io::Result<_>>()?, request: request.to_owned() })
    }

    /// Sends the request once, and returns the response.
    fn sample(&mut self) -> io::Result<SampleResponse> {
        let connection = &mut self.connections[0];
        connection.stream.write_all(&self.request)?;
        let header_length = connection.read_response()?;
        let headers = String::from_utf8_lossy(&connection.received[..header_length]).into_owned();
        let status = headers.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status =
            status.filter(StatusCode::is_success).ok_or_else(|| io::Error::other(headers.clone()))?;
        let media_type = header(&headers, "content-type").unwrap_or_default().to_owned();
        Ok(SampleResponse {
            status,
            media_type,
            body: Bytes::copy_from_slice(&connection.received[header_length..]),
        })
    }

    /// Repeats the request on all connections for `duration`, and returns the responses per second.
    fn run_for(&mut self, duration: Duration) -> io::Result<f64> {
        let start = Instant::now();
        let mut responses = 0_u32;
        while start.elapsed() < duration {
            for connection in &mut self.connections {
                connection.stream.write_all(&self.request)?;
            }
            for connection in &mut self.connections {
                connection.read_response()?;
                responses += 1;
            }
        }
        Ok(f64::from(responses) / start.elapsed().as_secs_f64())
    }
}

impl Connection {
    /// Reads one complete response, and returns the length of its status line and headers.
    fn read_response(&mut self) -> io::Result<usize> {
        self.received.clear();
        loop {
            let count = self.stream.read(&mut self.buffer)?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.received.extend_from_slice(&self.buffer[..count]);
            let end = self.received.windows(4).position(|bytes| bytes == b"\r\n\r\n");
            let Some(end) = end else { continue };
            let headers = String::from_utf8_lossy(&self.received[..end]);
            let length = header(&headers, "content-length").and_then(|length| length.parse::<usize>().ok());
            if self.received.len() >= end + 4 + length.unwrap_or(0) {
                return Ok(end + 4);
            }
        }
    }
}

/// Returns the value of a header.
fn header<'a>(headers: &'a str, name: &str) -> Option<&'a str> {
    let lines = headers.lines().filter_map(|line| line.split_once(": "));
    lines.into_iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
