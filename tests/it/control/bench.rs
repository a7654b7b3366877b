//! What the tests of the control layer have in common: calls to `/__admin`, and connections read byte by byte.

use std::io::{ErrorKind, Read, Write};
use std::time::Duration;

use access_groups_mock::{Config, Fault};
use serde_json::{Value, json};

use crate::support::{Call, Mock, Reply};

/// The demo seed, which touches every dialect.
pub(super) const SEED: &str = include_str!("../../../seeds/demo.json");

/// The list of IBM's groups of an account that has none.
pub(super) const GROUPS: &str = "/v2/groups?account_id=a";

/// One GET of each vendor that a fault can strike, with the dialect's name.
pub(super) const VENDORS: [(&str, &str); 4] = [
    ("cloudflare", "/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups"),
    ("ibm", GROUPS),
    ("authress", "/v1/groups"),
    ("legacy", "/api2/access_groups.json"),
];

/// A server whose namespaces begin with the faults that `faults` says.
#[expect(clippy::needless_pass_by_value, reason = "calls read better with `json!` in place")]
pub(super) fn with_faults(faults: Value) -> Mock {
    let faults = Fault::read(faults.to_string().as_bytes()).unwrap();
    Mock::with(Config { faults, ..Config::default() }, SEED)
}

/// Sets faults, and returns them as the server lists them.
#[track_caller]
pub(super) fn arm(mock: &Mock, faults: Value) -> Vec<Value> {
    let reply = mock.post("/__admin/faults").anonymous().json(faults).send().expect(201);
    reply.json()["faults"].as_array().unwrap().clone()
}

/// What the server's own API answers a GET of `path` with.
#[track_caller]
pub(super) fn own(mock: &Mock, path: &str) -> Value {
    mock.get(path).anonymous().send().expect(200).json()
}

/// What the server's own API answers a POST to `path` with.
#[track_caller]
pub(super) fn ask(mock: &Mock, path: &str, body: Value) -> Reply {
    mock.post(path).anonymous().json(body).send()
}

/// The journal, the oldest exchange first.
#[track_caller]
pub(super) fn journal(mock: &Mock) -> Vec<Value> {
    let found = ask(mock, "/__admin/requests/find", json!({})).expect(200);
    found.json()["requests"].as_array().unwrap().clone()
}

/// The only exchange of the journal.
#[track_caller]
pub(super) fn only(mock: &Mock) -> Value {
    let journal = journal(mock);
    assert_eq!(journal.len(), 1, "{journal:?}");
    journal[0].clone()
}

/// Asserts that the server's own API refused a request as invalid, and that `detail` says why.
#[track_caller]
pub(super) fn assert_invalid(reply: &Reply, detail: &str) {
    let title = "the request is invalid";
    assert_eq!(reply.json(), json!({"errors": [{"code": 400, "title": title, "detail": detail}]}));
    assert_eq!((reply.status, reply.header("x-mock-rule")), (400, "admin.requests.bad"));
}

/// The names of IBM's groups of the account `a`, but for the one that is always there.
#[track_caller]
pub(super) fn names(mock: &Mock) -> Vec<String> {
    let list = mock.get("/v2/groups?account_id=a&hide_public_access=true").send().expect(200).json();
    let names = list["groups"].as_array().unwrap().iter().map(|group| group["name"].as_str().unwrap());
    names.map(str::to_owned).collect()
}

/// The creation of an IBM group with `name` in the account `a`.
pub(super) fn create<'a>(mock: &'a Mock, name: &str) -> Call<'a> {
    mock.post(GROUPS).json(json!({ "name": name }))
}

/// What came over a connection until it ended, and how it ended.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) bytes: Vec<u8>,
    pub(super) end: Result<(), ErrorKind>,
}

impl Heard {
    /// The status line and headers, and the body.
    #[track_caller]
    pub(super) fn parts(&self) -> (String, Vec<u8>) {
        let at = self.bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        (String::from_utf8_lossy(&self.bytes[..at]).into_owned(), self.bytes[at + 4..].to_vec())
    }

    /// The length that the head announces.
    #[track_caller]
    pub(super) fn announced(&self) -> usize {
        let (head, _) = self.parts();
        let head = head.to_lowercase();
        let (_, rest) = head.split_once("content-length: ").unwrap();
        rest.lines().next().unwrap().parse().unwrap()
    }
}

/// Sends a request with the lines of `head` and `body`, and listens until the connection ends.
pub(super) fn listen(mock: &Mock, head: &str, body: &str) -> Heard {
    let mut stream = mock.connect();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let length = body.len();
    let head = head.replace('\n', "\r\n");
    let standing = format!("Host: localhost\r\nAuthorization: Bearer t\r\nContent-Length: {length}");
    write!(stream, "{head}\r\n{standing}\r\nConnection: close\r\n\r\n{body}").unwrap();
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return Heard { bytes, end: Ok(()) },
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
            Err(error) => return Heard { bytes, end: Err(error.kind()) },
        }
    }
}
