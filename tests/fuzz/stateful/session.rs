//! One session: a server, its namespaces, and the checks after each request.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::checks::repeated_id;
use super::json;
use super::report::Report;
use super::request::{Generator, Pool, RandomRequest};
use super::server::{Connection, NoResponse, Server};
use crate::rng::Rng;
use crate::support::TestResponse;
use crate::support::operation::{Operation, operations};
use crate::targets::server::difference;

/// The namespaces of a session.
pub(super) const NAMESPACES: [&str; 4] = ["default", "a", "b", "c@1"];

/// Operations that the general requests leave out: endless or large responses, and those with requests of their own.
const EXCLUDED: [&str; 7] = [
    "admin_stream_requests",
    "admin_get_ca",
    "admin_get_openapi_json",
    "admin_get_openapi_yaml",
    "admin_put_state",
    "admin_delete_namespaces",
    "admin_add_faults",
];

/// Bodies of `POST /__admin/faults`: valid ones without noticeable delays, and invalid ones.
const FAULTS: [&str; 9] = [
    r#"{"effect":{"type":"status","status":503},"schedule":{"times":3}}"#,
    r#"[{"effect":{"type":"empty"},"match":{"dialect":"ibm"}},{"effect":{"type":"malformed"},"match":{"method":"GET"}}]"#,
    r#"{"effect":{"type":"commit-then-fail","status":500},"match":{"bodyPatterns":[{"matchesJsonPath":"$.name"}]}}"#,
    r#"{"effect":{"type":"stale-reads","window":"5s"},"schedule":{"probability":0.5}}"#,
    r#"{"effect":{"type":"fail-items","status":404}}"#,
    r#"{"effect":{"type":"status","status":99}}"#,
    r#"[{"effect":{"type":"empty"}},{"effect":{"type":"none"}}]"#,
    r#"{"id":"","effect":{"type":"empty"}}"#,
    "[1]",
];

/// The state size in bytes above which a namespace is reset.
const MAX_STATE_BYTES: usize = 400_000;

/// A running session.
pub(super) struct Session<'a> {
    pub(super) number: u64,
    pub(super) arguments: Vec<String>,
    pub(super) rng: Rng,
    pub(super) server: Server,
    connection: Connection,
    operations: Vec<Operation>,
    pub(super) report: &'a mut Report,
    /// The state of each namespace after the last request.
    pub(super) states: BTreeMap<&'static str, String>,
    /// States that were read earlier.
    saved: Vec<String>,
    pools: BTreeMap<&'static str, Pool>,
    /// The namespaces with active faults.
    faulty: BTreeSet<&'static str>,
    pub(super) step: u64,
}

impl<'a> Session<'a> {
    /// Starts a server with `settings`, whose identifiers and times depend only on `number`.
    pub(super) fn start(number: u64, settings: &[&str], report: &'a mut Report) -> Self {
        let seed = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/demo.json");
        let mut arguments = vec!["--seed".to_owned(), seed.to_owned(), format!("--deterministic={number}")];
        arguments.extend(["--max-namespaces", "20", "--journal-bytes", "200000"].map(str::to_owned));
        arguments.extend(settings.iter().map(|argument| (*argument).to_owned()));
        let server = Server::start(number, &arguments);
        let connection = server.connect();
        let is_included = |operation: &Operation| !EXCLUDED.contains(&operation.id());
        let mut session = Self {
            number,
            arguments,
            rng: Rng::new(number),
            server,
            connection,
            operations: operations().filter(is_included).collect(),
            report,
            states: BTreeMap::new(),
            saved: Vec::new(),
            pools: BTreeMap::new(),
            faulty: BTreeSet::new(),
            step: 0,
        };
        for namespace in NAMESPACES {
            session.refresh(namespace);
        }
        session
    }

    /// Sends one random request or a sequence of them, and checks the invariants.
    pub(super) fn step(&mut self, step: u64) {
        self.step = step;
        let namespace = *self.rng.choose(&NAMESPACES);
        if self.faulty.contains(namespace) && self.rng.percent(20) {
            self.send(namespace, &RandomRequest::new("admin_delete_faults", "DELETE", "/__admin/faults"));
        }
        match self.rng.below(100) {
            0..=3 => self.check_round_trip(namespace),
            4..=5 => self.put_saved_state(namespace),
            6 => self.put_state_of_other_namespace(namespace),
            7 => self.put_mutated_state(namespace),
            8..=10 => self.use_snapshot(namespace),
            11 => self.reset(namespace),
            12 => self.add_fault(namespace),
            13 => self.send_broken_bytes(namespace),
            14 => self.send_to_unknown_namespace(),
            15..=16 => self.check_all_namespaces(),
            _ => self.send_random_request(namespace),
        }
        if self.states[namespace].len() > MAX_STATE_BYTES {
            self.reset(namespace);
        }
        if step.is_multiple_of(100) {
            self.check_process();
        }
    }

    /// Checks the invariants at the end.
    pub(super) fn finish(mut self) {
        self.check_all_namespaces();
        self.check_process();
    }

    fn send_random_request(&mut self, namespace: &'static str) {
        let number = self.rng.below(self.operations.len());
        let pool = &self.pools[namespace];
        let mut request = Generator { rng: &mut self.rng, pool }.request(&self.operations[number]);
        let needs_tag = self.operations[number].parameters().any(|it| it["name"] == "If-Match");
        if needs_tag && let Some(tag) = self.entity_tag(namespace, &request) {
            request.headers.push(("If-Match".to_owned(), tag));
        }
        self.send(namespace, &request);
    }

    /// Returns a value of `If-Match`: mostly the current entity tag of the resource.
    fn entity_tag(&mut self, namespace: &'static str, request: &RandomRequest) -> Option<String> {
        match self.rng.below(20) {
            0 => return None,
            1 => return Some("*".to_owned()),
            2 => return Some("\"old\", W/\"x\"".to_owned()),
            _ => {}
        }
        let target = request.target.trim_end_matches("/commit").to_owned();
        let response = self.exchange(namespace, &RandomRequest::new("tag", "GET", &target)).ok()?;
        response.headers.get("etag").and_then(|tag| tag.to_str().ok()).map(str::to_owned)
    }

    /// Checks that the state can be put back, and is the same afterwards.
    pub(super) fn check_round_trip(&mut self, namespace: &'static str) {
        let state = self.states[namespace].clone();
        self.report.count_round_trip();
        let put = put_state(state.as_str());
        let response = self.send(namespace, &put);
        let after = self.states[namespace].clone();
        if response.as_ref().is_none_or(|response| response.status != 200) || after != state {
            self.violation("round trip of a state", &put, || {
                let response = response.map_or_else(|| "no response".to_owned(), |response| response.text());
                format!("{response}, {}", difference(&state, &after))
            });
            self.reset(namespace);
        }
        if let Some(id) = repeated_id(&state) {
            self.violation("identifier of two records", &put, || id);
            self.reset(namespace);
        }
        if self.saved.len() < 8 {
            self.saved.push(state);
        } else {
            let at = self.rng.below(8);
            self.saved[at] = state;
        }
    }

    fn put_saved_state(&mut self, namespace: &'static str) {
        if self.saved.is_empty() {
            return;
        }
        let mut state = self.rng.choose(&self.saved).clone();
        if self.rng.percent(30) {
            // The records are those of one state, and the generator of identifiers is that of another.
            let resume_point = |state: &str| serde_json::from_str::<Value>(state).unwrap()["$state"].clone();
            let mut mixed: Value = serde_json::from_str(&self.states[namespace]).unwrap();
            mixed["$state"] = resume_point(&state);
            state = mixed.to_string();
        }
        self.send(namespace, &put_state(state));
        self.check_round_trip(namespace);
    }

    fn put_state_of_other_namespace(&mut self, namespace: &'static str) {
        let other = *self.rng.choose(&NAMESPACES);
        let state = self.states[other].clone();
        self.send(namespace, &put_state(state));
    }

    fn put_mutated_state(&mut self, namespace: &'static str) {
        let state: Value = serde_json::from_str(&self.states[namespace]).unwrap_or_default();
        let mut state = json::Json::from(&state);
        let pool = &self.pools[namespace].all;
        for _ in 0..=self.rng.below(3) {
            state.mutate(&mut self.rng, pool);
        }
        let put = put_state(state.text());
        self.send(namespace, &put);
        self.check_round_trip(namespace);
    }

    fn use_snapshot(&mut self, namespace: &'static str) {
        let name = *self.rng.choose(&["one", "two", "three"]);
        let target = format!("/__admin/snapshots/{name}");
        let request = match self.rng.below(3) {
            0 => RandomRequest::new("admin_save_snapshot", "POST", &target),
            1 => RandomRequest::new("admin_restore_snapshot", "POST", &format!("{target}/restore")),
            _ => RandomRequest::new("admin_delete_snapshot", "DELETE", &target),
        };
        self.send(namespace, &request);
    }

    fn reset(&mut self, namespace: &'static str) {
        let request = if namespace != "default" && self.rng.percent(30) {
            RandomRequest::new(
                "admin_delete_namespace",
                "DELETE",
                &format!("/__admin/namespaces/{namespace}"),
            )
        } else {
            RandomRequest::new("admin_reset", "POST", "/__admin/reset")
        };
        self.send(namespace, &request);
    }

    fn add_fault(&mut self, namespace: &'static str) {
        let body = *self.rng.choose(&FAULTS);
        self.send(
            namespace,
            &RandomRequest::new("admin_add_faults", "POST", "/__admin/faults").with_body(body),
        );
    }

    /// Sends a request with changed bytes on a connection of its own. The server may answer or close the connection.
    fn send_broken_bytes(&mut self, namespace: &'static str) {
        let number = self.rng.below(self.operations.len());
        let pool = &self.pools[namespace];
        let request = Generator { rng: &mut self.rng, pool }.request(&self.operations[number]);
        let mut bytes = request.bytes(&prefix(namespace));
        for _ in 0..=self.rng.below(4) {
            let at = self.rng.below(bytes.len());
            bytes[at] = [b'\r', b'\n', b':', b' ', 0, 0xff, b'/', b'?', b'1'][self.rng.below(9)];
        }
        // A request that waits for more bytes ends here.
        let mut connection = self.server.connect();
        connection.end_after(&bytes);
        if let Some(status) = connection.read_status()
            && status >= 500
            && !request.has_fault
            && self.faulty.is_empty()
        {
            self.violation("server error after broken bytes", &request, || {
                format!("{status} for {}", bytes.escape_ascii())
            });
        }
        for namespace in NAMESPACES {
            self.refresh(namespace);
        }
    }

    fn send_to_unknown_namespace(&mut self) {
        let before = self.namespaces();
        let name = *self.rng.choose(&["unknown", "a%20b", "", "%ff", "x/y"]);
        let target = *self.rng.choose(&["/none", "/v1/none", "/api2/x.json", "/__admin/none"]);
        let mut request = RandomRequest::new("unknown namespace", "GET", &format!("/ns/{name}{target}"));
        if self.rng.percent(30) {
            request.headers.clear();
        }
        if let Ok(response) = self.exchange("default", &request)
            && response.status >= 400
        {
            let after = self.namespaces();
            if before != after {
                self.violation("namespaces after a rejected request", &request, || {
                    format!("{before:?} and then {after:?}")
                });
            }
        }
    }

    /// Returns the names of the namespaces.
    fn namespaces(&mut self) -> Vec<String> {
        let list = RandomRequest::new("admin_list_namespaces", "GET", "/__admin/namespaces");
        let Ok(response) = self.exchange("default", &list) else { return Vec::new() };
        let body = response.json();
        let names = body["namespaces"].as_array().into_iter().flatten();
        names.map(|namespace| namespace["name"].to_string()).collect()
    }

    /// Sends a request, checks its response, and reads the state again.
    fn send(&mut self, namespace: &'static str, request: &RandomRequest) -> Option<TestResponse> {
        let before = self.states[namespace].clone();
        let result = self.exchange(namespace, request);
        self.refresh(namespace);
        let is_faulty = request.has_fault || self.faulty.contains(namespace);
        let response = match result {
            Ok(response) => response,
            Err(reason) if !is_faulty || request.target.starts_with("/__admin") => {
                self.violation("no response", request, || format!("{reason:?}"));
                return None;
            }
            Err(_) => return None,
        };
        self.report.count(request.operation, response.status);
        self.track_faults(namespace, request, response.status);
        let is_injected = is_faulty && !request.target.starts_with("/__admin");
        if !is_injected {
            self.check_response(namespace, request, &response);
            self.check_state(namespace, request, &response, &before);
        }
        Some(response)
    }

    fn track_faults(&mut self, namespace: &'static str, request: &RandomRequest, status: u16) {
        if status >= 300 {
            return;
        }
        match request.operation {
            "admin_add_faults" => drop(self.faulty.insert(namespace)),
            "admin_delete_faults" => drop(self.faulty.remove(namespace)),
            "admin_reset" if !request.target.contains('?') => drop(self.faulty.remove(namespace)),
            "admin_delete_namespace" => {
                // The name in the path may be that of any namespace.
                let name = request.target.rsplit('/').next().unwrap_or_default().replace("%40", "@");
                for namespace in NAMESPACES {
                    if name == namespace {
                        self.faulty.remove(namespace);
                    }
                    self.refresh(namespace);
                }
            }
            _ => {}
        }
    }

    /// Sends a request, on a new connection if the server has closed the current one.
    fn exchange(
        &mut self,
        namespace: &'static str,
        request: &RandomRequest,
    ) -> Result<TestResponse, NoResponse> {
        let prefix = prefix(namespace);
        let bytes = request.bytes(&prefix);
        let name = format!("{} {prefix}{}", request.method, request.target);
        for _ in 0..2 {
            match self.connection.exchange(&name, &bytes, request.method == "HEAD") {
                Err(NoResponse::ClosedBefore) => self.connection = self.server.connect(),
                Err(reason) => {
                    self.connection = self.server.connect();
                    return Err(reason);
                }
                Ok(response) => {
                    if response.headers.get("connection").is_some_and(|value| value == "close") {
                        self.connection = self.server.connect();
                    }
                    return Ok(response);
                }
            }
        }
        Err(NoResponse::ClosedBefore)
    }

    /// Reads the state of a namespace.
    pub(super) fn refresh(&mut self, namespace: &'static str) {
        let request = RandomRequest::new("admin_get_state", "GET", "/__admin/state");
        match self.exchange(namespace, &request) {
            Ok(response) if response.status == 200 => {
                let state = response.text();
                if self.states.get(namespace) != Some(&state) {
                    self.pools.insert(namespace, Pool::new(&state));
                    self.states.insert(namespace, state);
                }
            }
            other => panic!("session {} cannot read the state of {namespace}: {other:?}", self.number),
        }
    }
}

/// Returns the request that restores a state.
fn put_state(state: impl Into<Vec<u8>>) -> RandomRequest {
    RandomRequest::new("admin_put_state", "PUT", "/__admin/state").with_body(state)
}

/// Returns the path prefix of a namespace.
pub(super) fn prefix(namespace: &str) -> String {
    if namespace == "default" { String::new() } else { format!("/ns/{namespace}") }
}
