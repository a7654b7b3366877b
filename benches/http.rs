//! How many requests a second the server answers, beside a bare axum handler that returns the same bytes.
//!
//! Both run in this process, each on a thread of its own, and are asked in turn over real sockets by one client
//! with 32 keep-alive connections. The ratio of the medians is what travels from machine to machine.
//! `cargo bench --bench http`; with `-- ibm` or `-- legacy/get` only what begins so.

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

/// How many groups the server holds at the start.
const GROUPS: u32 = 1_000;

/// One vendor: its objects, the headers of its requests and what is asked.
struct Dialect {
    name: &'static str,
    seed: fn(u32) -> Value,
    headers: &'static str,
    calls: &'static [Call],
}

/// One request, measured again and again.
struct Call {
    name: &'static str,
    method: &'static str,
    path: &'static str,
    body: &'static str,
    /// The least ratio that the project aims at.
    target: f64,
}

/// The aims for one group, for a new group, and for a page of 50.
const GET: f64 = 0.85;
const CREATE: f64 = 0.60;
const PAGE: f64 = 0.60;

const BEARER: &str = "Authorization: Bearer token\r\n";

/// A token in the form that Authress asks for.
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
            // Its greatest page.
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
    Call { name: "get", method: "GET", path, body: "", target: GET }
}

const fn member_check(path: &'static str) -> Call {
    Call { name: "member check", method: "HEAD", path, body: "", target: GET }
}

const fn post(path: &'static str, body: &'static str) -> Call {
    Call { name: "create", method: "POST", path, body, target: CREATE }
}

const fn list(path: &'static str) -> Call {
    Call { name: "list", method: "GET", path, body: "", target: PAGE }
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
    // Without `--bench` this is a trial run under `cargo test`.
    let is_measured = arguments.iter().any(|argument| argument == "--bench");
    let rounds = if is_measured { ROUNDS } else { 1 };
    let mut out = io::stdout();
    writeln!(
        out,
        "| call | bytes | mock a second | bare axum a second | ratio | aim |\n|---|---|---|---|---|---|"
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

/// Measures one call on the server and on the yardstick in turn; returns the cells of its line.
fn measure(dialect: &Dialect, call: &Call, rounds: usize) -> io::Result<String> {
    let seed = Seed::parse(&(dialect.seed)(GROUPS).to_string()).map_err(io::Error::other)?;
    let app = App::new(Config::default(), seed).map_err(io::Error::other)?;
    let mock = Server::start(move |listener, stopped| async move { serve(listener, &app, stopped).await })?;
    let request = request(dialect, call);
    let mut asked = Client::connect(mock.address, &request)?;
    let answer = asked.sample()?;
    let bytes = answer.body.len();
    let yardstick = bare_axum(answer)?;
    let mut compared = Client::connect(yardstick.address, &request)?;

    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        ours.push(asked.run_for(ROUND)?);
        bare.push(compared.run_for(ROUND)?);
    }
    let (ours, bare) = (median(ours), median(bare));
    Ok(format!("{bytes} | {ours:.0} | {bare:.0} | {:.2} | {:.2}", ours / bare, call.target))
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

/// A handler that gives `answer` to everything: what axum itself costs.
fn bare_axum(answer: Answer) -> io::Result<Server> {
    let Answer { status, media_type, body } = answer;
    let handler = async move || (status, [(CONTENT_TYPE, media_type)], body);
    let router = Router::new().route("/{*path}", any(handler));
    Server::start(move |listener, stopped| async move {
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        axum::serve(listener, router).with_graceful_shutdown(stopped).await
    })
}

/// Something that serves HTTP on a thread of its own until it is dropped.
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

/// What the yardstick repeats.
struct Answer {
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
    /// What is received into; kept, because clearing it anew would cost more than an answer.
    buffer: Vec<u8>,
    read: Vec<u8>,
}

impl Client {
    fn connect(address: SocketAddr, request: &[u8]) -> io::Result<Self> {
        let connections = (0..CONNECTIONS).map(|_| {
            let stream = TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            Ok(Connection { stream, buffer: vec![0; 64 * 1024], read: Vec::new() })
        });
        Ok(Self { connections: connections.collect::<io::Result<_>>()?, request: request.to_owned() })
    }

    /// Asks once and returns the answer.
    fn sample(&mut self) -> io::Result<Answer> {
        let connection = &mut self.connections[0];
        connection.stream.write_all(&self.request)?;
        let head = connection.answer()?;
        let text = String::from_utf8_lossy(&connection.read[..head]).into_owned();
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.filter(StatusCode::is_success).ok_or_else(|| io::Error::other(text.clone()))?;
        let media_type = header(&text, "content-type").unwrap_or_default().to_owned();
        Ok(Answer { status, media_type, body: Bytes::copy_from_slice(&connection.read[head..]) })
    }

    /// Asks on all connections at once, again and again, and returns the answers a second.
    fn run_for(&mut self, time: Duration) -> io::Result<f64> {
        let start = Instant::now();
        let mut answers = 0_u32;
        while start.elapsed() < time {
            for connection in &mut self.connections {
                connection.stream.write_all(&self.request)?;
            }
            for connection in &mut self.connections {
                connection.answer()?;
                answers += 1;
            }
        }
        Ok(f64::from(answers) / start.elapsed().as_secs_f64())
    }
}

impl Connection {
    /// Reads one whole answer and returns the length of its head.
    fn answer(&mut self) -> io::Result<usize> {
        self.read.clear();
        loop {
            let count = self.stream.read(&mut self.buffer)?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.read.extend_from_slice(&self.buffer[..count]);
            let Some(head) = self.read.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
            let text = String::from_utf8_lossy(&self.read[..head]);
            let length = header(&text, "content-length").and_then(|length| length.parse::<usize>().ok());
            if self.read.len() >= head + 4 + length.unwrap_or(0) {
                return Ok(head + 4);
            }
        }
    }
}

/// The value of a header in the text of a head.
fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.into_iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
