//! `Exchange`: an entry of the journal as the admin API shows it, in WireMock's shape and a few members of our own.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::control::journal::Entry;
use crate::spaces::DEFAULT;

/// An exchange: a request, and how it was answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// The identifier, as in `X-Mock-Request-Id`: a UUID.
    pub id: String,
    /// The namespace.
    pub namespace: String,
    /// The dialect that owns the path.
    pub dialect: String,
    /// The operation with its dialect, such as `ibm_create_access_group`; none where no route has path and method.
    pub operation: Option<String>,
    /// The request.
    pub request: RecordedRequest,
    /// The answer; none where the connection was ended instead.
    pub response: Option<RecordedResponse>,
    /// Whether a route has the path and method.
    pub was_matched: bool,
    /// The rule that refused it.
    pub rule: Option<String>,
    /// The faults that struck it.
    pub faults: Vec<String>,
    /// How long it took.
    pub timing: Timing,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordedRequest {
    /// The path with its query, without the prefix of a namespace.
    pub url: String,
    /// The URL as it was sent.
    pub absolute_url: String,
    /// The method.
    pub method: String,
    /// The headers by name in lower case; the values of one that stands several times are joined by comma and space.
    pub headers: BTreeMap<String, String>,
    /// The body as text, as much of it as is kept.
    pub body: String,
    /// The same bytes in base64.
    pub body_as_base64: String,
    /// The length of the body in bytes, also where not all of it is kept.
    pub body_bytes: usize,
    /// When it came, on the mock's clock, in milliseconds since 1970.
    pub logged_date: i64,
    /// The same in RFC 3339.
    pub logged_date_string: String,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordedResponse {
    /// The status.
    pub status: u16,
    /// The headers by name in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body as text, as much of it as is kept.
    pub body: String,
    /// The length of the body in bytes, also where not all of it is kept.
    pub body_bytes: usize,
}

/// How long an exchange took on the machine.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Timing {
    /// From the head of the request to the writing of the journal, in milliseconds.
    pub total_time: f64,
}

impl Exchange {
    /// Returns `entry` of the namespace `namespace` as the admin API shows it.
    pub(super) fn of(entry: &Entry, namespace: &str) -> Self {
        let facts = &entry.facts;
        let dialect = facts.dialect;
        Self {
            id: facts.id.to_string(),
            namespace: namespace.to_owned(),
            dialect: dialect.to_owned(),
            operation: facts.operation.map(|operation| format!("{dialect}_{operation}")),
            request: RecordedRequest::of(entry, namespace),
            response: (facts.status != 0).then(|| RecordedResponse::of(entry)),
            was_matched: facts.operation.is_some(),
            rule: facts.code.map(|code| code.rule.to_owned()),
            faults: facts.faults.clone(),
            timing: Timing { total_time: facts.took.as_secs_f64() * 1e3 },
        }
    }
}

impl RecordedRequest {
    fn of(entry: &Entry, namespace: &str) -> Self {
        let headers = joined(&entry.request_headers());
        let host = headers.get("host").map_or("localhost", String::as_str);
        let prefix = if namespace == DEFAULT { String::new() } else { format!("/ns/{namespace}") };
        let body = entry.request_body();
        Self {
            url: entry.url().to_owned(),
            absolute_url: format!("http://{host}{prefix}{}", entry.url()),
            method: entry.facts.method.to_string(),
            headers,
            body: String::from_utf8_lossy(&body).into_owned(),
            body_as_base64: STANDARD.encode(&body),
            body_bytes: entry.request_bytes,
            logged_date: entry.facts.at.timestamp_millis(),
            logged_date_string: entry.facts.at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        }
    }
}

impl RecordedResponse {
    fn of(entry: &Entry) -> Self {
        Self {
            status: entry.facts.status,
            headers: joined(&entry.response_headers()),
            body: String::from_utf8_lossy(&entry.response_body()).into_owned(),
            body_bytes: entry.response_bytes,
        }
    }
}

fn joined(headers: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in headers {
        let known = joined.entry((*name).to_owned()).or_default();
        if !known.is_empty() {
            known.push_str(", ");
        }
        known.push_str(value);
    }
    joined
}
