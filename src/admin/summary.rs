//! `ExchangeSummary`: a journal entry on one line, for lists that show many of them.

use serde::{Deserialize, Serialize};

use super::exchange::reason;
use crate::app::namespaces::DEFAULT_NAMESPACE;
use crate::control::journal::Entry;

/// The maximum length of the URL in characters.
pub(super) const MAX_URL_CHARS: usize = 300;

/// The maximum length of the reason in characters.
pub(super) const MAX_REASON_CHARS: usize = 200;

/// An exchange without headers and bodies.
///
/// Its JSON is some 200 bytes long: fields with their default value are left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExchangeSummary {
    /// The identifier, as in `X-Mock-Request-Id`: a UUID.
    pub id: String,
    /// The namespace; by default `default`.
    #[serde(default = "default_namespace", skip_serializing_if = "is_default_namespace")]
    pub namespace: String,
    /// The dialect that the path belongs to; `None` if there is an operation, whose id begins with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialect: Option<String>,
    /// The operation with its dialect; `None` if no route matches the path and method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The method.
    pub method: String,
    /// The path with its query, without the namespace prefix; a longer one is cut after 300 characters.
    pub url: String,
    /// The status of the response; 0 if the connection was closed without one.
    pub status: u16,
    /// The id of the rule that rejected the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The reason of an error response, or of a missing one; a longer one is cut after 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The ids of the faults that were injected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
    /// Whether a route has the path and method, or a fallback server has sent the response; by default `true`.
    #[serde(default = "default_was_matched", skip_serializing_if = "is_true")]
    pub was_matched: bool,
    /// The time of the request by the virtual clock, in milliseconds since 1970.
    pub logged_date: i64,
    /// The duration in milliseconds, by the system clock.
    pub duration: f64,
}

impl ExchangeSummary {
    /// Converts the entry of the namespace `namespace`.
    pub(super) fn from_entry(entry: &Entry, namespace: &str) -> Self {
        let meta = &entry.meta;
        let microseconds = meta.duration.as_micros();
        Self {
            id: meta.id.to_string(),
            namespace: namespace.to_owned(),
            dialect: meta.operation.is_none().then(|| meta.dialect.to_owned()),
            operation: meta.operation.map(|operation| format!("{}_{operation}", meta.dialect)),
            method: meta.method.to_string(),
            url: truncate(entry.shown().url(), MAX_URL_CHARS),
            status: meta.status,
            rule: meta.error_code.map(|error_code| error_code.id.to_owned()),
            reason: reason(entry).map(|reason| truncate(&reason, MAX_REASON_CHARS)),
            faults: meta.faults.clone(),
            was_matched: meta.was_matched(),
            logged_date: meta.started_at_ms,
            duration: microseconds as f64 / 1e3,
        }
    }
}

fn default_namespace() -> String {
    DEFAULT_NAMESPACE.to_owned()
}

fn is_default_namespace(name: &str) -> bool {
    name == DEFAULT_NAMESPACE
}

const fn default_was_matched() -> bool {
    true
}

const fn is_true(value: &bool) -> bool {
    *value
}

/// Returns `text`, or its start with an ellipsis if it has more than `max_chars` characters.
fn truncate(text: &str, max_chars: usize) -> String {
    match text.char_indices().nth(max_chars) {
        None => text.to_owned(),
        Some(_) => text.chars().take(max_chars - 1).chain(['…']).collect(),
    }
}
