//! Explanations: which rule refused a request, what it got, what would pass, and how the rule is known.

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::admin_error::AdminError;
use super::api::Admin;
use super::exchange::Exchange;
use crate::control::faults::remedy;
use crate::control::journal::{Entry, Facts};
use crate::failure::{Code, Failure, Violation};
use crate::nearest::{Nearest, nearest};

/// The longest value that an explanation repeats, in characters.
const LONGEST_VALUE: usize = 400;

/// The headers that rules look at.
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

/// Why a request was answered as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The exchange.
    pub exchange: Exchange,
    /// The whole story in one or two sentences.
    pub summary: String,
    /// The rule that refused it; none where it was not refused.
    pub rule: Option<RuleReport>,
    /// What the rule got, place by place.
    pub got: Vec<Got>,
    /// What would pass.
    pub remedy: Option<String>,
    /// The operations that come nearest, where no route has the path and method.
    pub nearest: Vec<Nearest>,
}

/// A rule, and how it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleReport {
    /// The stable id, as in `X-Mock-Rule`.
    pub id: String,
    /// The status of its refusals.
    pub status: u16,
    /// The vendor's code; empty where the vendor has none.
    pub code: String,
    /// The vendor's message; `{}` stands for what it speaks of.
    pub message: String,
    /// When it refuses.
    pub when: String,
    /// What a request must do to pass.
    pub remedy: String,
    /// How well it is known: `seed`, `spec`, `observed`, `client` or `assumed`.
    pub evidence: String,
    /// Where it is known from.
    pub source: String,
}

/// What a rule got at one place of the request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Got {
    /// The place, such as `members[0].type`, `limit` or `If-Match`.
    pub path: String,
    /// What is wrong with it; empty where the rule says all.
    pub reason: String,
    /// What was there; none where nothing was.
    pub value: Option<Value>,
}

impl RuleReport {
    /// Returns the report of `code`.
    pub(super) fn of(code: &Code) -> Self {
        Self {
            id: code.rule.to_owned(),
            status: code.status,
            code: code.code.to_owned(),
            message: code.message.to_owned(),
            when: code.when.to_owned(),
            remedy: code.remedy.to_owned(),
            evidence: code.evidence.to_string(),
            source: code.source.to_owned(),
        }
    }
}

impl Admin {
    /// Returns why the request with `id` was answered as it was.
    ///
    /// # Errors
    /// There is none, or it was forgotten.
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
        let facts = &entry.facts;
        let nearest = match facts.operation {
            None => nearest(&facts.method, path_of(&entry)),
            Some(_) => Vec::new(),
        };
        Ok(Explanation {
            exchange: Exchange::of(&entry, &namespace),
            summary: summary_of(&entry, &nearest),
            rule: facts.code.map(RuleReport::of),
            got: got_of(&entry),
            remedy: remedy_of(facts),
            nearest,
        })
    }
}

/// The path of a request without its query.
pub(super) fn path_of(entry: &Entry) -> &str {
    entry.url().split('?').next().unwrap_or_default()
}

fn summary_of(entry: &Entry, nearest: &[Nearest]) -> String {
    let facts = &entry.facts;
    let asked = format!("{} {}", facts.method, path_of(entry));
    let struck = match facts.faults.as_slice() {
        [] => String::new(),
        faults => format!(" It was struck by {}.", faults.join(", ")),
    };
    let Some(code) = facts.code else {
        return match facts.status {
            0 => format!("{asked} got no answer.{struck}"),
            status => format!("{asked} was answered {status}; no rule refused it.{struck}"),
        };
    };
    let reason = facts.failure.as_deref().map(Failure::reason).unwrap_or_default();
    let near = nearest.first().map_or_else(String::new, |near| format!(" {near}"));
    let reason = reason.trim_end_matches('.');
    format!("{asked} was refused with {} by {}: {reason}.{near}{struck}", facts.status, code.rule)
}

/// What would pass: another request, or the same one without the fault that asked for its refusal.
fn remedy_of(facts: &Facts) -> Option<String> {
    let asked_by = facts.asked_by.as_deref();
    asked_by.map(remedy).or_else(|| facts.code.map(|code| code.remedy.to_owned()))
}

fn got_of(entry: &Entry) -> Vec<Got> {
    let Some(failure) = entry.facts.failure.as_deref() else { return Vec::new() };
    let mut got: Vec<Got> = match failure {
        Failure::BadPath(violation) | Failure::BadQuery(violation) | Failure::BadShape(violation) => {
            vec![got_at(entry, violation)]
        }
        Failure::Refused(refusal) => {
            let subject = (!refusal.subject.is_empty()).then(|| Got {
                path: String::new(),
                reason: "what the message speaks of".to_owned(),
                value: Some(refusal.subject.clone().into()),
            });
            let violations = refusal.violations.iter().map(|violation| got_at(entry, violation));
            subject.into_iter().chain(violations).collect()
        }
        Failure::MediaType(given) => vec![got_of_header("Content-Type", given.clone())],
        Failure::BadJson { .. } | Failure::BadBody(_) | Failure::BodyTooLarge { .. } => {
            let body = shortened(&String::from_utf8_lossy(&entry.request_body()));
            vec![Got { path: "body".to_owned(), reason: failure.reason(), value: Some(body.into()) }]
        }
        Failure::NoRoute | Failure::MethodNotAllowed { .. } | Failure::Timeout | Failure::Panic => Vec::new(),
    };
    for name in entry.facts.code.map_or_else(Vec::new, headers_of) {
        let found = entry.request_headers().into_iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        got.push(got_of_header(name, found.map(|(_, value)| value.to_owned())));
    }
    got
}

/// The headers of a request that a rule speaks of, when it refuses or when it lets pass.
fn headers_of(code: &Code) -> Vec<&'static str> {
    let named = |name: &&str| {
        let begin = format!("`{name}");
        let speaks = |text: &str| {
            text.match_indices(&begin).any(|(at, _)| text[at + begin.len()..].starts_with(['`', ':']))
        };
        speaks(code.when) || speaks(code.remedy)
    };
    REQUEST_HEADERS.into_iter().filter(named).collect()
}

fn got_of_header(name: &str, value: Option<String>) -> Got {
    let reason = if value.is_none() { "the header is not there" } else { "" };
    Got { path: name.to_owned(), reason: reason.to_owned(), value: value.map(Value::String) }
}

/// What was at the place of a violation: a parameter of the query, a header, or a member of the body.
fn got_at(entry: &Entry, violation: &Violation) -> Got {
    let path = violation.path.as_str();
    let name = path.rsplit_once("query.").map_or(path, |(_, name)| name);
    let value = query_value(entry.url(), name)
        .map(Value::String)
        .or_else(|| header_value(entry, path).map(Value::String))
        .or_else(|| body_value(entry, path));
    let value = value.map(|value| match value {
        Value::String(text) => Value::String(shortened(&text)),
        other if other.to_string().len() > LONGEST_VALUE => Value::String(shortened(&other.to_string())),
        other => other,
    });
    Got { path: violation.path.clone(), reason: violation.reason.clone(), value }
}

fn query_value(url: &str, name: &str) -> Option<String> {
    let pairs = url.split_once('?')?.1.split('&');
    let found =
        pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).find(|(other, _)| *other == name)?;
    Some(percent_decode_str(&found.1.replace('+', " ")).decode_utf8_lossy().into_owned())
}

fn header_value(entry: &Entry, name: &str) -> Option<String> {
    let headers = entry.request_headers();
    let found = headers.into_iter().find(|(other, _)| !name.is_empty() && other.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.to_owned())
}

/// The member of a JSON body at `path`; some vendors put the name of the whole body before it.
fn body_value(entry: &Entry, path: &str) -> Option<Value> {
    let body: Value = serde_json::from_slice(&entry.request_body()).ok()?;
    let path = path.strip_prefix("request.body").map_or(path, |rest| rest.trim_start_matches('.'));
    if path.is_empty() {
        return Some(body);
    }
    let pointer = format!("/{}", path.replace(['.', '['], "/").replace(']', ""));
    body.pointer(&pointer).cloned()
}

fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST_VALUE).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
