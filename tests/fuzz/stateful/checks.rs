//! The invariants that a session checks after each request.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::Value;

use super::MAX_MEMORY;
use super::request::RandomRequest;
use super::session::{NAMESPACES, Session, prefix};
use crate::support::operation::is_beyond_serde_json;
use crate::support::{TestResponse, contract};
use crate::targets::server::difference;

impl Session<'_> {
    /// Checks that no namespace has changed since its last request.
    pub(super) fn check_all_namespaces(&mut self) {
        for namespace in NAMESPACES {
            let before = self.states[namespace].clone();
            self.refresh(namespace);
            let after = self.states[namespace].clone();
            if before != after {
                let request = RandomRequest::new("state", "GET", "/__admin/state");
                self.violation("changed without a request", &request, || difference(&before, &after));
            }
        }
    }

    pub(super) fn check_process(&mut self) {
        let request = RandomRequest::new("process", "", "");
        if let Some(memory) = self.server.memory() {
            self.report.sample_memory(memory);
            if memory > MAX_MEMORY {
                self.violation("resident memory", &request, || format!("{} MiB", memory >> 20));
            }
        }
        for panic in self.server.panics() {
            self.violation(&format!("panic: {panic}"), &request, || panic.clone());
        }
        assert!(self.server.is_running(), "the server has ended in session {}", self.number);
    }

    pub(super) fn check_response(
        &mut self,
        namespace: &'static str,
        request: &RandomRequest,
        response: &TestResponse,
    ) {
        if response.status >= 500 {
            self.violation("server error", request, || response.text());
        }
        if response.status < 300 && is_beyond_serde_json(&response.body) {
            return;
        }
        let target = format!("{}{}", prefix(namespace), request.target);
        let check = || contract::check_response(&request.method, &target, false, response);
        if let Err(panic) = catch_unwind(AssertUnwindSafe(check)) {
            let reason = panic.downcast_ref::<String>().cloned().unwrap_or_default();
            self.violation("undocumented response", request, || reason);
        }
    }

    pub(super) fn check_state(
        &mut self,
        namespace: &'static str,
        request: &RandomRequest,
        response: &TestResponse,
        before: &str,
    ) {
        let after = self.states[namespace].clone();
        let status = response.status;
        if (status >= 400 || request.is_safe()) && before != after {
            self.violation("changed by a rejected request or a read", request, || {
                format!("status {status}, {}: {}", difference(before, &after), response.text())
            });
        }
        if status == 201
            && !request.operation.starts_with("admin")
            && let Some(id) = repeated_id(&after)
        {
            self.violation("identifier that is in use", request, || id);
        }
        if status < 300
            && !request.is_safe()
            && self.rng.percent(10)
            && request.operation != "admin_put_state"
        {
            self.check_round_trip(namespace);
        }
    }

    pub(super) fn violation(&mut self, kind: &str, request: &RandomRequest, detail: impl FnOnce() -> String) {
        let (number, step, arguments) = (self.number, self.step, self.arguments.join(" "));
        let kind = format!("{kind} ({})", request.operation);
        self.report.violation(&kind, || {
            let detail = detail();
            let bytes = request.bytes("");
            let excerpt = bytes[..bytes.len().min(1_500)].escape_ascii();
            format!("session {number}, step {step}: {detail}\n  server: {arguments}\n  request: {excerpt}")
        });
    }
}

/// The lists of a state whose records have unique identifiers.
const LISTS: [&str; 8] = [
    "access_groups",
    "resource_groups",
    "groups",
    "rules",
    "assignments",
    "service_ids",
    "profiles",
    "policies",
];

/// Returns an identifier that two records of one list of a state have.
///
/// What a record of the neighbors contains is as it was sent: it may name an object twice.
pub(super) fn repeated_id(state: &str) -> Option<String> {
    /// Versions of a record have its identifier.
    fn repeated(records: &[Value]) -> Option<String> {
        let mut ids = BTreeSet::new();
        let mut all =
            records.iter().filter_map(|record| Some((record.get("id")?.to_string(), record.get("version"))));
        all.find(|(id, version)| !ids.insert((id.clone(), version.map(Value::to_string)))).map(|(id, _)| id)
    }
    fn find(name: &str, value: &Value) -> Option<String> {
        match value {
            Value::Object(lists) if name == "neighbors" => {
                lists.values().filter_map(Value::as_array).find_map(|records| repeated(records))
            }
            Value::Object(fields) => fields.iter().find_map(|(name, value)| find(name, value)),
            Value::Array(items) => {
                let in_list = if LISTS.contains(&name) { repeated(items) } else { None };
                in_list.or_else(|| items.iter().find_map(|item| find("", item)))
            }
            _ => None,
        }
    }
    find("", &serde_json::from_str(state).ok()?)
}
