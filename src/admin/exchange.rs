//! `Exchange`: a journal entry as the admin API returns it, in WireMock's format with some additional fields.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::app::namespaces::DEFAULT_NAMESPACE;
use crate::control::journal::{Entry, Recorded};

/// An exchange: a request and its response.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// The identifier, as in `X-Mock-Request-Id`: a UUID.
    pub id: String,
    /// The namespace.
    pub namespace: String,
    /// The dialect that the path belongs to.
    pub dialect: String,
    /// The operation with its dialect, such as `ibm_create_access_group`; `None` if no route matches the path and
    /// method.
    pub operation: Option<String>,
    /// The request.
    pub request: RecordedRequest,
    /// The response; `None` if the connection was closed without one.
    pub response: Option<RecordedResponse>,
    /// Whether a route has the path and method, or a fallback server has sent the response.
    pub was_matched: bool,
    /// The URL of the fallback server that sent the response; `None` if this server did.
    pub fallback: Option<String>,
    /// The id of the rule that rejected the request.
    pub rule: Option<String>,
    /// The reason of an error response, or of a missing response, in words; `None` for a success.
    pub reason: Option<String>,
    /// The ids of the faults that were injected.
    pub faults: Vec<String>,
    /// The duration of the exchange.
    pub timing: Timing,
}

/// A recorded request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordedRequest {
    /// The path with its query, without the namespace prefix.
    pub url: String,
    /// The absolute URL that the client requested.
    pub absolute_url: String,
    /// The method.
    pub method: String,
    /// The headers by lower-case name; the values of a repeated header are joined with a comma and a space.
    pub headers: BTreeMap<String, String>,
    /// The recorded part of the body as a string; invalid UTF-8 is replaced.
    pub body: String,
    /// The same bytes, base64-encoded.
    pub body_as_base64: String,
    /// The length of the complete body in bytes, even if only a part of it is recorded.
    pub body_bytes: usize,
    /// The time of the request by the virtual clock, in milliseconds since 1970.
    pub logged_date: i64,
    /// The same time in RFC 3339 format.
    pub logged_date_string: String,
}

/// A recorded response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordedResponse {
    /// The status.
    pub status: u16,
    /// The headers by lower-case name.
    pub headers: BTreeMap<String, String>,
    /// The recorded part of the body as a string; invalid UTF-8 is replaced.
    pub body: String,
    /// The length of the complete body in bytes, even if only a part of it is recorded.
    pub body_bytes: usize,
}

/// The duration of an exchange, by the system clock.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Timing {
    /// The time from receiving the request headers to recording the exchange, in milliseconds.
    pub total_time: f64,
}

impl Exchange {
    /// Converts the entry of the namespace `namespace`.
    pub(super) fn from_entry(entry: &Entry, namespace: &str) -> Self {
        let meta = &entry.meta;
        let dialect = meta.dialect;
        let shown = entry.shown();
        Self {
            id: meta.id.to_string(),
            namespace: namespace.to_owned(),
            dialect: dialect.to_owned(),
            operation: meta.operation.map(|operation| format!("{dialect}_{operation}")),
            request: RecordedRequest::from_entry(entry, &shown, namespace),
            response: (meta.status != 0).then(|| RecordedResponse::from_entry(entry, &shown)),
            was_matched: meta.was_matched(),
            fallback: meta.fallback.as_deref().map(str::to_owned),
            rule: meta.error_code.map(|error_code| error_code.id.to_owned()),
            reason: reason(entry),
            faults: meta.faults.clone(),
            timing: Timing { total_time: meta.duration.as_secs_f64() * 1e3 },
        }
    }
}

/// Returns the reason of an error response, or of a missing one, with redacted credentials; `None` for a success.
pub(super) fn reason(entry: &Entry) -> Option<String> {
    let meta = &entry.meta;
    if let Some(error) = meta.error.as_deref() {
        return Some(entry.shown_text(error.reason().trim_end_matches('.')).into_owned());
    }
    let is_aborted = meta.status == 0;
    is_aborted.then(|| match meta.faults.as_slice() {
        [] => "the client disconnected before the response".to_owned(),
        faults => format!("no response was sent, because of the fault {}", faults.join(", ")),
    })
}

impl RecordedRequest {
    fn from_entry(entry: &Entry, shown: &Recorded, namespace: &str) -> Self {
        let headers = join_values(&shown.request_headers());
        let scheme = if entry.meta.is_secure { "https" } else { "http" };
        // Without user information, which is a credential.
        let authority =
            entry.meta.authority.as_ref().and_then(|authority| authority.as_str().rsplit('@').next());
        let host = headers.get("host").map(String::as_str).or(authority).unwrap_or("localhost");
        let prefix = if namespace == DEFAULT_NAMESPACE { String::new() } else { format!("/ns/{namespace}") };
        let body = shown.request_body();
        Self {
            url: shown.url().to_owned(),
            absolute_url: format!("{scheme}://{host}{prefix}{}", shown.url()),
            method: entry.meta.method.to_string(),
            headers,
            body: String::from_utf8_lossy(body).into_owned(),
            body_as_base64: STANDARD.encode(body),
            body_bytes: entry.request_bytes,
            logged_date: entry.meta.started_at_ms,
            logged_date_string: entry.meta.started_at().to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        }
    }
}

impl RecordedResponse {
    fn from_entry(entry: &Entry, shown: &Recorded) -> Self {
        Self {
            status: entry.meta.status,
            headers: join_values(&shown.response_headers()),
            body: String::from_utf8_lossy(shown.response_body()).into_owned(),
            body_bytes: entry.response_bytes,
        }
    }
}

/// Returns the headers by name, with the values of repeated headers joined.
fn join_values(headers: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in headers {
        let values = joined.entry((*name).to_owned()).or_default();
        if !values.is_empty() {
            values.push_str(", ");
        }
        values.push_str(value);
    }
    joined
}
