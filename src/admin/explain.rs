//! Explanations: the rule that rejected a request, the received values, the remediation, and the rule's evidence.

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::admin_error::AdminError;
use super::api::Admin;
use super::exchange::{Exchange, reason};
use crate::control::faults::remediation;
use crate::control::journal::{Entry, EntryMeta, Recorded};
use crate::spec::{ErrorCode, RequestError, Suggestion, Violation};

/// The maximum length of a received value in an explanation, in characters.
const MAX_VALUE_CHARS: usize = 400;

/// The headers that rules depend on.
const REQUEST_HEADERS: [&str; 10] = [
    "Authorization",
    "X-Auth-Email",
    "X-Auth-Key",
    "X-Auth-User-Service-Key",
    "If-Match",
    "If-Unmodified-Since",
    "Content-Type",
    "Content-Encoding",
    "X-Mock-Fault",
    "X-Mock-Namespace",
];

/// An explanation of the response to a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The exchange.
    pub exchange: Exchange,
    /// A summary in one or two sentences.
    pub summary: String,
    /// The rule that rejected the request; `None` if it was not rejected.
    pub rule: Option<RuleInfo>,
    /// The values of the request that the rule rejected.
    pub received: Vec<ReceivedValue>,
    /// A change after which the request would be accepted.
    pub remediation: Option<String>,
    /// The most similar operations, if no route has the path and method.
    pub suggestions: Vec<Suggestion>,
}

/// A rule with its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleInfo {
    /// The stable id, as in `X-Mock-Rule`.
    pub id: String,
    /// The status of its error responses.
    pub status: u16,
    /// The vendor's error code; empty if the vendor has none.
    pub code: String,
    /// The vendor's message; `{}` is the placeholder for the subject, such as an identifier.
    pub message: String,
    /// The condition under which it rejects a request.
    pub description: String,
    /// A change after which a request is accepted.
    pub remediation: String,
    /// The evidence for the rule: `vendor-doc`, `spec`, `observed`, `client` or `assumed`.
    pub evidence: String,
    /// The confidence in an observation: `high`, `medium` or `low`; `None` for other evidence.
    pub confidence: Option<String>,
    /// The date of an observation: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; `None` for other evidence.
    pub date: Option<String>,
    /// The source of the evidence.
    pub source: String,
}

/// A value of the request that a rule depends on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReceivedValue {
    /// The path or name of the value, such as `members[0].type`, `limit` or `If-Match`.
    pub path: String,
    /// The reason why it is invalid; empty if the rule's description is sufficient.
    pub reason: String,
    /// The received value; `None` if it is absent.
    pub value: Option<Value>,
}

impl RuleInfo {
    /// Returns the description of `error`.
    pub(super) fn new(error: &ErrorCode) -> Self {
        Self {
            id: error.id.to_owned(),
            status: error.status,
            code: error.code.to_owned(),
            message: error.message.to_owned(),
            description: error.description.to_owned(),
            remediation: error.remediation.to_owned(),
            evidence: error.evidence.to_string(),
            confidence: error.evidence.observation().map(|it| it.confidence.to_string()),
            date: error.evidence.observation().map(|it| it.date.to_owned()),
            source: error.source.to_owned(),
        }
    }
}

impl Admin {
    /// Explains the response to the request with `id`.
    ///
    /// # Errors
    /// [`AdminError::NotFound`] if the journal does not contain the request, or no longer contains it.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert!(admin.explain("00000000-0000-4000-8000-000000000000").is_err());
    /// ```
    pub fn explain(&self, id: &str) -> Result<Explanation, AdminError> {
        let (namespace, entry) = self.entry(id)?;
        let meta = &entry.meta;
        let shown = entry.shown();
        let suggestions = match meta.operation {
            None => self.apis.suggest(&meta.method, request_path(&shown)),
            Some(_) => Vec::new(),
        };
        Ok(Explanation {
            exchange: Exchange::from_entry(&entry, &namespace),
            summary: summarize(&entry, &shown, &suggestions),
            rule: meta.error_code.map(RuleInfo::new),
            received: shown_values(received_values(&entry, &shown), &entry),
            remediation: remediation_for(meta),
            suggestions,
        })
    }
}

/// Returns the path of a request without its query.
pub(super) fn request_path(shown: &Recorded) -> &str {
    shown.url().split('?').next().unwrap_or_default()
}

fn summarize(entry: &Entry, shown: &Recorded, suggestions: &[Suggestion]) -> String {
    let meta = &entry.meta;
    let request = format!("{} {}", meta.method, request_path(shown));
    let injected = match meta.faults.as_slice() {
        [] => String::new(),
        faults => format!(" Injected faults: {}.", faults.join(", ")),
    };
    let Some(error_code) = meta.error_code else {
        return match meta.status {
            0 => format!("{request} received no response.{injected}"),
            status => format!("{request} returned {status}; no rule rejected it.{injected}"),
        };
    };
    let reason = reason(entry).unwrap_or_default();
    let suggestion = suggestions.first().map_or_else(String::new, |suggestion| format!(" {suggestion}"));
    format!(
        "{request} was rejected with {} by {}: {reason}.{suggestion}{injected}",
        meta.status, error_code.id
    )
}

/// Returns the remediation: removing the fault that requested the error, or else the remediation of the rule.
fn remediation_for(meta: &EntryMeta) -> Option<String> {
    let fault_id = meta.fault_id.as_deref();
    fault_id.map(remediation).or_else(|| meta.error_code.map(|error_code| error_code.remediation.to_owned()))
}

/// Returns the values without the credentials that the vendor's rules quote.
fn shown_values(mut received: Vec<ReceivedValue>, entry: &Entry) -> Vec<ReceivedValue> {
    for ReceivedValue { path: _, reason, value } in &mut received {
        *reason = entry.shown_text(reason).into_owned();
        if let Some(Value::String(text)) = value {
            *text = entry.shown_text(text).into_owned();
        }
    }
    received
}

/// Returns the values of the request that caused its error.
fn received_values(entry: &Entry, shown: &Recorded) -> Vec<ReceivedValue> {
    // The body is parsed once for all violations.
    let request = ReceivedRequest { shown, body: serde_json::from_slice(shown.request_body()).ok() };
    let Some(error) = entry.meta.error.as_deref() else { return Vec::new() };
    let mut received: Vec<ReceivedValue> = match error {
        RequestError::InvalidPath(violation)
        | RequestError::InvalidQuery(violation)
        | RequestError::InvalidData(violation) => {
            vec![request.value_at(violation)]
        }
        RequestError::Api(error) => {
            let subject = (!error.subject.is_empty()).then(|| ReceivedValue {
                path: String::new(),
                reason: "the subject of the message".to_owned(),
                value: Some(error.subject.clone().into()),
            });
            let violations = error.violations.iter().map(|violation| request.value_at(violation));
            subject.into_iter().chain(violations).collect()
        }
        RequestError::UnsupportedMediaType(given) => vec![received_header("Content-Type", given.clone())],
        RequestError::JsonSyntax { .. }
        | RequestError::UnreadableBody(_)
        | RequestError::BodyTooLarge { .. } => {
            let body = truncate(&String::from_utf8_lossy(shown.request_body()));
            vec![ReceivedValue { path: "body".to_owned(), reason: error.reason(), value: Some(body.into()) }]
        }
        RequestError::RouteNotFound
        | RequestError::MethodNotAllowed { .. }
        | RequestError::Timeout
        | RequestError::Panic => Vec::new(),
    };
    for name in entry.meta.error_code.map_or_else(Vec::new, related_headers) {
        let found = shown.request_headers().into_iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        received.push(received_header(name, found.map(|(_, value)| value.to_owned())));
    }
    received
}

/// Returns the request headers that the description or the remediation of a rule mentions in backticks.
fn related_headers(error_code: &ErrorCode) -> Vec<&'static str> {
    let is_related = |name: &&str| {
        let quoted = format!("`{name}");
        let mentions = |text: &str| {
            text.match_indices(&quoted).any(|(at, _)| text[at + quoted.len()..].starts_with(['`', ':']))
        };
        mentions(error_code.description) || mentions(error_code.remediation)
    };
    REQUEST_HEADERS.into_iter().filter(is_related).collect()
}

fn received_header(name: &str, value: Option<String>) -> ReceivedValue {
    let reason = if value.is_none() { "the header is absent" } else { "" };
    ReceivedValue { path: name.to_owned(), reason: reason.to_owned(), value: value.map(Value::String) }
}

/// A recorded request with its parsed body.
struct ReceivedRequest<'a> {
    shown: &'a Recorded,
    body: Option<Value>,
}

impl ReceivedRequest<'_> {
    /// Returns the value that a violation is about: a query parameter, a header, or a field of the body.
    fn value_at(&self, violation: &Violation) -> ReceivedValue {
        let path = violation.path.as_str();
        let name = path.rsplit_once("query.").map_or(path, |(_, name)| name);
        let value = query_value(self.shown.url(), name)
            .map(Value::String)
            .or_else(|| header_value(self.shown, path).map(Value::String))
            .or_else(|| self.body_value(path));
        ReceivedValue { path: violation.path.clone(), reason: violation.reason.clone(), value }
    }

    /// Returns the field of a JSON body at `path`, which some vendors prefix with `request.body`.
    fn body_value(&self, path: &str) -> Option<Value> {
        let body = self.body.as_ref()?;
        let path = path.strip_prefix("request.body").map_or(path, |rest| rest.trim_start_matches('.'));
        if path.is_empty() {
            return Some(shortened(body));
        }
        let pointer = format!("/{}", path.replace(['.', '['], "/").replace(']', ""));
        body.pointer(&pointer).map(shortened)
    }
}

/// Returns a value, or the start of its JSON if it is long.
fn shortened(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(truncate(text)),
        other => match other.to_string() {
            json if json.len() > MAX_VALUE_CHARS => Value::String(truncate(&json)),
            _ => other.clone(),
        },
    }
}

fn query_value(url: &str, name: &str) -> Option<String> {
    let pairs = url.split_once('?')?.1.split('&');
    let found =
        pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).find(|(other, _)| *other == name)?;
    Some(truncate(&percent_decode_str(&found.1.replace('+', " ")).decode_utf8_lossy()))
}

fn header_value(shown: &Recorded, name: &str) -> Option<String> {
    let headers = shown.request_headers();
    let found = headers.into_iter().find(|(other, _)| !name.is_empty() && other.eq_ignore_ascii_case(name));
    found.map(|(_, value)| truncate(value))
}

fn truncate(text: &str) -> String {
    let mut truncated: String = text.chars().take(MAX_VALUE_CHARS).collect();
    if truncated.len() < text.len() {
        truncated.push('…');
    }
    truncated
}
