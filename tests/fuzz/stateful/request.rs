//! Random requests to the operations of the OpenAPI document, with valid and broken parameters, headers and bodies.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use super::json;
use crate::rng::Rng;
use crate::support::operation::{Operation, percent_encode, string_value};

/// Values that are not those of any record.
const BROKEN: [&str; 20] = [
    "",
    "x",
    "%00",
    "%ff",
    "%2F",
    "..",
    "a%20b",
    "%C3%A4",
    "null",
    "0",
    "-1",
    "1",
    "65536",
    "99999999999999999999",
    "true",
    "*",
    "a,b",
    "grp_",
    "AccessGroupId-",
    "2026-02-30T00:00:00Z",
];

/// Values of `X-Mock-Fault` that do not take noticeable time, and invalid ones.
const FAULTS: [&str; 14] = [
    "status=503",
    "status=429; retry-after=1",
    "status=400; times=1",
    "empty",
    "disconnect",
    "malformed",
    "commit-then-fail",
    "commit-then-fail=500",
    "fail-items=404",
    "stale-reads=5s",
    "status=200",
    "nonsense",
    "status",
    "delay=1ms",
];

/// Names and values of headers that are sent with some requests.
const HEADERS: [(&str, &str); 12] = [
    ("Accept", "text/plain"),
    ("Accept-Language", "de"),
    ("Content-Encoding", "identity"),
    ("Content-Encoding", "br"),
    ("Content-Type", "text/plain"),
    ("Transaction-Id", "fuzz"),
    ("X-Forwarded-Proto", "https"),
    ("X-Forwarded-Host", "mock.test"),
    ("Origin", "http://localhost:9"),
    ("If-None-Match", "*"),
    ("If-Unmodified-Since", "Thu, 05 Mar 2026 10:00:00 GMT"),
    ("X-Auth-Key", "k"),
];

/// The identifiers of the records of a state, by the kind of identifier.
#[derive(Debug, Default)]
pub(super) struct Pool {
    by_kind: BTreeMap<String, Vec<String>>,
    pub(super) all: Vec<String>,
}

/// A request as it is sent.
#[derive(Debug, Clone)]
pub(super) struct RandomRequest {
    /// The operation, for reports.
    pub(super) operation: &'static str,
    pub(super) method: String,
    /// The path and query, without the namespace.
    pub(super) target: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<Vec<u8>>,
    /// Whether a fault may be injected by a header of this request.
    pub(super) has_fault: bool,
}

impl Pool {
    /// Collects the identifiers and other short strings of a state.
    pub(super) fn new(state: &str) -> Self {
        let mut pool = Self::default();
        pool.collect("", &serde_json::from_str(state).unwrap_or_default());
        pool
    }

    fn collect(&mut self, name: &str, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.collect(name, item)),
            Value::Object(fields) => fields.iter().for_each(|(name, value)| self.collect(name, value)),
            Value::String(text) if text.len() < 100 => self.add(text.clone()),
            Value::Number(number) if name == "id" => self.add(number.to_string()),
            _ => {}
        }
    }

    fn add(&mut self, text: String) {
        self.by_kind.entry(kind(&text)).or_default().push(text.clone());
        self.all.push(text);
    }

    /// Returns an identifier of the same kind as `example`.
    fn like(&self, example: &str, rng: &mut Rng) -> String {
        self.by_kind.get(&kind(example)).map_or_else(|| example.to_owned(), |ids| rng.choose(ids).clone())
    }
}

/// Returns the kind of an identifier: its prefix, or its format.
fn kind(id: &str) -> String {
    let prefix = id.split(['-', '_']).next().unwrap_or_default();
    if prefix.len() < id.len() && !prefix.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return prefix.to_owned();
    }
    if id.bytes().all(|byte| byte.is_ascii_digit()) {
        return "number".to_owned();
    }
    format!("{} characters", id.len())
}

/// Builds requests from the numbers of `rng`.
pub(super) struct Generator<'a> {
    pub(super) rng: &'a mut Rng,
    pub(super) pool: &'a Pool,
}

impl Generator<'_> {
    /// Returns a request to an operation. `tag` is the entity tag of its resource, if that is known.
    pub(super) fn request(&mut self, operation: &Operation) -> RandomRequest {
        let method = match self.rng.below(200) {
            0 => "PATCH".to_owned(),
            1 => "HEAD".to_owned(),
            2 => "OPTIONS".to_owned(),
            _ => operation.method.to_uppercase(),
        };
        let target = format!("{}{}", self.path(operation), self.query(operation));
        let mut request = RandomRequest {
            operation: operation.id(),
            method,
            target,
            headers: Vec::new(),
            body: None,
            has_fault: false,
        };
        self.add_headers(operation, &mut request);
        if request.method != "HEAD" && request.method != "OPTIONS" {
            self.add_body(operation, &mut request);
        }
        request
    }

    fn path(&mut self, operation: &Operation) -> String {
        let mut path = operation.path.to_owned();
        for (name, example) in operation.required_parameters("path") {
            path = path.replace(&format!("{{{name}}}"), &self.value(&example, !name.contains("account")));
        }
        if operation.dialect() == "cloudflare" && self.rng.percent(70) {
            path.insert_str(0, "/client/v4");
        }
        match self.rng.below(100) {
            0 => path.push('/'),
            1 => path.make_ascii_uppercase(),
            2 => path.push_str("/x"),
            _ => {}
        }
        path
    }

    /// Returns a value for a parameter, percent-encoded unless it is broken.
    fn value(&mut self, example: &str, prefers_records: bool) -> String {
        match self.rng.below(100) {
            0..=5 => (*self.rng.choose(&BROKEN)).to_owned(),
            6 => "x".repeat([65, 129, 300, 3_000][self.rng.below(4)]),
            7..=60 if prefers_records => percent_encode(&self.pool.like(example, self.rng)),
            7..=15 => percent_encode(&self.pool.like(example, self.rng)),
            _ => percent_encode(example),
        }
    }

    fn query(&mut self, operation: &Operation) -> String {
        let mut pairs = Vec::new();
        for parameter in operation.parameters().filter(|parameter| parameter["in"] == "query") {
            let is_sent = if parameter["required"] == true { 97 } else { 25 };
            let times = usize::from(self.rng.percent(is_sent)) + usize::from(self.rng.percent(2));
            let example = parameter.get("example").map_or_else(|| "2".to_owned(), string_value);
            for _ in 0..times {
                let name = parameter["name"].as_str().unwrap_or_default();
                pairs.push(format!("{name}={}", self.value(&example, false)));
            }
        }
        if self.rng.percent(2) {
            pairs.push((*self.rng.choose(&["x=1", "&&", "=", "%", "%00=%ff", "a[]=1"])).to_owned());
        }
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    fn add_headers(&mut self, operation: &Operation, request: &mut RandomRequest) {
        let mut add = |name: &str, value: &str| request.headers.push((name.to_owned(), value.to_owned()));
        match self.rng.below(100) {
            0..=1 => {}
            2 => add("Authorization", "Basic YTpi"),
            3 => add("Authorization", "Bearer a.eyJpYW1faWQiOiJJQk1pZC0xIn0.b"),
            _ => add("Authorization", "Bearer any"),
        }
        for (name, example) in operation.required_parameters("header") {
            if self.rng.percent(97) && !name.eq_ignore_ascii_case("if-match") {
                add(name, &example);
            }
        }
        if self.rng.percent(8) {
            let (name, value) = self.rng.choose(&HEADERS);
            add(name, value);
        }
        if operation.dialect() != "admin" && self.rng.percent(4) {
            request.has_fault = true;
            let fault = *self.rng.choose(&FAULTS);
            add("X-Mock-Fault", fault);
        }
    }

    fn add_body(&mut self, operation: &Operation, request: &mut RandomRequest) {
        let Some((media_type, described)) = operation.request_body() else { return };
        let example = &described["example"];
        let text = match media_type {
            "application/x-www-form-urlencoded" => self.form(example),
            _ => json::body(example, self.rng, &self.pool.all),
        };
        let mut body = text.into_bytes();
        if self.rng.percent(6) {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(&body).expect("a vector can be written");
            body = encoder.finish().expect("a vector can be written");
            if self.rng.percent(25) {
                let at = self.rng.below(body.len());
                body[at] ^= 0x55;
            }
            request.headers.push(("Content-Encoding".to_owned(), "gzip".to_owned()));
        } else if self.rng.percent(2) && !body.is_empty() {
            let at = self.rng.below(body.len());
            body[at] ^= 0x80;
        }
        request.headers.push(("Content-Type".to_owned(), media_type.to_owned()));
        request.body = Some(body);
    }

    fn form(&mut self, example: &Value) -> String {
        let mut pairs = Vec::new();
        for (name, value) in example.as_object().into_iter().flatten() {
            let times = usize::from(self.rng.percent(95)) + usize::from(self.rng.percent(3));
            let value = string_value(value);
            for _ in 0..times {
                let value =
                    if self.rng.percent(15) { self.value(&value, true) } else { percent_encode(&value) };
                pairs.push(format!("{}={value}", percent_encode(name)));
            }
        }
        pairs.join("&")
    }
}

impl RandomRequest {
    /// Returns a request without body and with a valid credential.
    pub(super) fn new(operation: &'static str, method: &str, target: &str) -> Self {
        Self {
            operation,
            method: method.to_owned(),
            target: target.to_owned(),
            headers: vec![("Authorization".to_owned(), "Bearer any".to_owned())],
            body: None,
            has_fault: false,
        }
    }

    /// Returns the request with a JSON body.
    pub(super) fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        self.body = Some(body.into());
        self
    }

    /// Returns the bytes of the request with `prefix` before its path.
    pub(super) fn bytes(&self, prefix: &str) -> Vec<u8> {
        let mut bytes =
            format!("{} {prefix}{} HTTP/1.1\r\nHost: localhost\r\n", self.method, self.target).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        match &self.body {
            Some(body) => {
                bytes.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
                bytes.extend_from_slice(body);
            }
            None => bytes.extend_from_slice(b"\r\n"),
        }
        bytes
    }

    /// Returns whether the request is safe: it must not change anything.
    pub(super) fn is_safe(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }
}
