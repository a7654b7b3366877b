//! Searches of the journal by pattern, status and time, and the messages of failed verifications.

use std::fmt::{self, Write};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::admin_error::AdminError;
use crate::app::offload::Cancellation;
use crate::control::journal::Entry;
use crate::control::matching::body_matcher::MatchedBody;
use crate::control::matching::pattern::{Pattern, RequestView};
use crate::control::matching::string_matcher::{TOO_COMPLEX, check_regexes};
use crate::json::strict_json::{self, PathError};

/// Criteria for exchanges in the journal, which must all match.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Search {
    /// The pattern of the request; its `namespace` can be `*` for all namespaces.
    pub pattern: Pattern,
    /// The status of the response.
    pub status: Option<StatusFilter>,
    /// The earliest time of the request, inclusive, by the virtual clock.
    pub since: Option<DateTime<Utc>>,
    /// The latest time of the request, exclusive, by the virtual clock.
    pub until: Option<DateTime<Utc>>,
    /// The maximum number of exchanges; the latest ones are returned.
    pub limit: Option<usize>,
}

/// A status, or a class of statuses such as `4xx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub enum StatusFilter {
    /// This status.
    Is(u16),
    /// All statuses with this first digit.
    Class(u16),
}

/// The expected number of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// Exactly this number.
    Exactly(u64),
    /// This number or more.
    AtLeast(u64),
    /// This number or fewer.
    AtMost(u64),
}

/// A journal entry with the name of its namespace.
pub(super) type FoundEntry = (Arc<str>, Arc<Entry>);

/// The work that a search may do: it ends when the budget is used up, or when nobody waits for its result.
#[derive(Debug)]
pub(super) struct SearchBudget {
    steps: u64,
    cancellation: Cancellation,
}

/// The maximum number of steps of a search through the HTTP API; some seconds.
pub(super) const MAX_SEARCH_STEPS: u64 = 2_000_000_000;

/// The maximum length of the JSON of a search in bytes.
pub(super) const MAX_SEARCH_BYTES: usize = 64 * 1024;

/// The maximum number of requests in each list of the message of a failed verification.
const MAX_LISTED: usize = 5;

impl From<Pattern> for Search {
    fn from(pattern: Pattern) -> Self {
        Self { pattern, ..Self::default() }
    }
}

impl Search {
    /// Parses a JSON object with the fields of a pattern and `status`, `since`, `until` and `limit`.
    ///
    /// # Errors
    /// [`AdminError::Invalid`] with the path of the first invalid value.
    ///
    /// ```
    /// let search = access_groups_mock::Search::from_json(br#"{"method":"GET","status":"4xx"}"#)?;
    /// assert_eq!(search.pattern.method.as_deref(), Some("GET"));
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn from_json(text: &[u8]) -> Result<Self, AdminError> {
        Self::from_fields(parse_object(text)?)
    }

    fn from_fields(mut fields: Map<String, Value>) -> Result<Self, AdminError> {
        let search = Self {
            status: take_field(&mut fields, "status")?,
            since: take_field(&mut fields, "since")?,
            until: take_field(&mut fields, "until")?,
            limit: take_field(&mut fields, "limit")?,
            pattern: deserialize_at(&Value::Object(fields), "")?,
        };
        Ok(search)
    }

    /// Returns whether the exchange matches all criteria.
    ///
    /// # Errors
    /// [`AdminError::Invalid`] if the budget is used up.
    pub(super) fn matches(&self, found: &FoundEntry, budget: &mut SearchBudget) -> Result<bool, AdminError> {
        // The criteria for the metadata are checked first, because they cost nothing.
        if self.meta_mismatches(&found.1).next().is_some() {
            return budget.spend(1).map(|()| false);
        }
        self.with_view(found, |view| {
            budget.spend(self.pattern.work(view))?;
            Ok(self.pattern.matches(view))
        })
    }

    /// Returns the names of the criteria that the exchange does not match, such as `method` or `status`.
    ///
    /// # Errors
    /// [`AdminError::Invalid`] if the budget is used up.
    pub(super) fn mismatches(
        &self,
        found: &FoundEntry,
        budget: &mut SearchBudget,
    ) -> Result<Vec<String>, AdminError> {
        self.with_view(found, |view| {
            budget.spend(self.pattern.work(view))?;
            let meta = self.meta_mismatches(&found.1).map(str::to_owned);
            Ok(self.pattern.mismatches(view).chain(meta).collect())
        })
    }

    fn meta_mismatches(&self, entry: &Entry) -> impl Iterator<Item = &'static str> {
        let meta = &entry.meta;
        let criteria = [
            ("status", self.status.is_none_or(|status| status.matches(meta.status))),
            ("since", self.since.is_none_or(|since| meta.started_at() >= since)),
            ("until", self.until.is_none_or(|until| meta.started_at() < until)),
        ];
        criteria.into_iter().filter(|(_, is_match)| !is_match).map(|(name, _)| name)
    }

    /// Calls `f` with the view of the request; without URL, headers and body if the pattern does not need them.
    fn with_view<T>(&self, (namespace, entry): &FoundEntry, f: impl FnOnce(&RequestView<'_>) -> T) -> T {
        let meta = &entry.meta;
        let view = RequestView {
            dialect: meta.dialect,
            operation: meta.operation,
            namespace,
            method: meta.method.as_str(),
            url: "",
            headers: &[],
            body: &MatchedBody::default(),
        };
        if !self.pattern.needs_content() {
            return f(&view);
        }
        let shown = entry.shown();
        let (headers, body) = (shown.request_headers(), MatchedBody::new(shown.request_body()));
        f(&RequestView { url: shown.url(), headers: &headers, body: &body, ..view })
    }
}

impl SearchBudget {
    /// Returns the budget of a search through the HTTP API.
    pub(super) fn new(cancellation: &Cancellation) -> Self {
        Self { steps: MAX_SEARCH_STEPS, cancellation: cancellation.clone() }
    }

    /// Returns a budget without a limit.
    pub(super) fn unlimited() -> Self {
        Self { steps: u64::MAX, cancellation: Cancellation::default() }
    }

    fn spend(&mut self, steps: u64) -> Result<(), AdminError> {
        if self.cancellation.is_cancelled() {
            return Err(AdminError::invalid("", "the search was cancelled"));
        }
        let remaining = self.steps.checked_sub(steps);
        self.steps = remaining.ok_or_else(|| {
            let reason = format!(
                "the pattern {TOO_COMPLEX} for the journal: it takes more than {MAX_SEARCH_STEPS} steps; use a \
                 simpler regular expression, or further conditions for the namespace, `status`, `since` or `until`"
            );
            AdminError::invalid("", reason)
        })?;
        Ok(())
    }
}

impl fmt::Display for Search {
    /// Writes the search as a JSON object without absent fields.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut json = serde_json::to_value(&self.pattern).map_err(|_| fmt::Error)?;
        if let Some(status) = self.status {
            json["status"] = status.into();
        }
        for (name, time) in [("since", self.since), ("until", self.until)] {
            if let Some(time) = time {
                json[name] = time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true).into();
            }
        }
        write!(formatter, "{json}")
    }
}

impl From<StatusFilter> for Value {
    fn from(status: StatusFilter) -> Self {
        match status {
            StatusFilter::Is(status) => status.into(),
            StatusFilter::Class(first) => format!("{first}xx").into(),
        }
    }
}

impl StatusFilter {
    fn matches(self, status: u16) -> bool {
        match self {
            Self::Is(expected) => expected == status,
            Self::Class(first) => first == status / 100,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text.strip_suffix("xx").or_else(|| text.strip_suffix("XX")) {
            Some(first) => first.parse().ok().filter(|first| (1..=5).contains(first)).map(Self::Class),
            None => text.parse().ok().filter(|status| *status <= 599).map(Self::Is),
        }
    }
}

impl TryFrom<Value> for StatusFilter {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let text = match &value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Self::parse(&text)
            .ok_or_else(|| format!("`{text}` must be a status such as 404, or a class such as `4xx`"))
    }
}

impl Times {
    /// Parses the body of `/__admin/requests/verify`: the fields of a search and `count`, `atLeast` or `atMost`.
    ///
    /// # Errors
    /// [`AdminError::Invalid`] with the path of the first invalid value, or if more than one of `count`, `atLeast` and
    /// `atMost` is present.
    pub fn from_json(text: &[u8]) -> Result<(Search, Self), AdminError> {
        let mut fields = parse_object(text)?;
        let conditions = [
            take_field::<u64>(&mut fields, "count")?.map(Self::Exactly),
            take_field(&mut fields, "atLeast")?.map(Self::AtLeast),
            take_field(&mut fields, "atMost")?.map(Self::AtMost),
        ];
        let mut conditions = conditions.into_iter().flatten();
        let times = conditions.next().unwrap_or(Self::AtLeast(1));
        if conditions.next().is_some() {
            return Err(AdminError::invalid("", "must have at most one of `count`, `atLeast` and `atMost`"));
        }
        Ok((Search::from_fields(fields)?, times))
    }

    /// Returns whether `count` is as expected.
    ///
    /// ```
    /// use access_groups_mock::Times;
    ///
    /// assert!(Times::AtMost(2).allows(2) && !Times::Exactly(1).allows(2));
    /// ```
    pub const fn allows(self, count: u64) -> bool {
        match self {
            Self::Exactly(times) => count == times,
            Self::AtLeast(times) => count >= times,
            Self::AtMost(times) => count <= times,
        }
    }
}

impl fmt::Display for Times {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(times) => write!(formatter, "exactly {times}"),
            Self::AtLeast(times) => write!(formatter, "at least {times}"),
            Self::AtMost(times) => write!(formatter, "at most {times}"),
        }
    }
}

/// A candidate of a verification with the names of the criteria that it does not match.
pub(super) type RankedEntry = (Vec<String>, FoundEntry);

/// Returns the message of a failed verification, which lists the matching requests and the closest other requests.
pub(super) fn mismatch_message(search: &Search, times: Times, mut ranked: Vec<RankedEntry>) -> String {
    ranked.sort_by_key(|(mismatches, _)| mismatches.len());
    let (matching, others) = ranked.split_at(ranked.partition_point(|(mismatches, _)| mismatches.is_empty()));
    let requests = if matches!(times, Times::Exactly(1) | Times::AtLeast(1) | Times::AtMost(1)) {
        "matching request"
    } else {
        "matching requests"
    };
    let mut message = format!("expected {times} {requests}\n    {search}\n");
    let _ = match ranked.len() {
        0 => write!(message, "but no requests were received."),
        total => write!(message, "but {} of {total} received requests matched.", matching.len()),
    };
    write_list(&mut message, "Matching requests:", matching);
    let is_too_few =
        !matches!(times, Times::AtMost(_)) && !times.allows(0) && !exceeds(times, matching.len());
    if is_too_few {
        let title = if matching.is_empty() { "Closest requests:" } else { "Closest other requests:" };
        write_list(&mut message, title, others);
    }
    message
}

/// Returns whether `count` is greater than expected.
const fn exceeds(times: Times, count: usize) -> bool {
    match times {
        Times::Exactly(times) | Times::AtMost(times) => count as u64 > times,
        Times::AtLeast(_) => false,
    }
}

/// Writes the first requests of `found` below `title`.
fn write_list(message: &mut String, title: &str, found: &[RankedEntry]) {
    if found.is_empty() {
        return;
    }
    let _ = write!(message, "\n{title}");
    for (mismatches, (_, entry)) in found.iter().take(MAX_LISTED) {
        write_request(message, mismatches, entry);
    }
    if found.len() > MAX_LISTED {
        let _ = write!(message, "\n    and {} more", found.len() - MAX_LISTED);
    }
}

/// Writes one request on a line with its mismatches, followed by the headers and the body that do not match.
fn write_request(message: &mut String, mismatches: &[String], entry: &Entry) {
    let meta = &entry.meta;
    let shown = entry.shown();
    let (method, url, dialect) = (&meta.method, shown.url(), meta.dialect);
    let operation = meta
        .operation
        .map_or_else(|| format!("{dialect}, no operation"), |operation| format!("{dialect}_{operation}"));
    let _ = match meta.status {
        0 => write!(message, "\n    {method} {url} -> no response ({operation})"),
        status => write!(message, "\n    {method} {url} -> {status} ({operation})"),
    };
    if !mismatches.is_empty() {
        let _ = write!(message, " differs in {}", mismatches.join(", "));
    }
    let headers = shown.request_headers();
    for name in mismatches.iter().filter_map(|mismatch| mismatch.strip_prefix("headers.")) {
        let value = headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        let _ = write!(message, "\n        {name}: {}", value.map_or("(absent)", |(_, value)| value));
    }
    if mismatches.iter().any(|mismatch| mismatch.starts_with("bodyPatterns")) {
        let body = String::from_utf8_lossy(shown.request_body());
        let excerpt: String = body.chars().take(400).collect();
        let _ = write!(message, "\n        body: {}", if excerpt.is_empty() { "(none)" } else { &excerpt });
    }
}

/// Parses a JSON object.
fn parse_object(text: &[u8]) -> Result<Map<String, Value>, AdminError> {
    if text.len() > MAX_SEARCH_BYTES {
        let reason = format!("the pattern {TOO_COMPLEX}: it has more than {MAX_SEARCH_BYTES} bytes");
        return Err(AdminError::invalid("", reason));
    }
    // A search without a body matches everything.
    if text.trim_ascii().is_empty() {
        return Ok(Map::new());
    }
    let value: Value = serde_json::from_slice(text)
        .map_err(|error| AdminError::invalid("", format!("must be JSON: {error}")))?;
    check_regexes(&value).map_err(|reason| AdminError::invalid("", reason))?;
    match value {
        Value::Object(fields) => Ok(fields),
        _ => Err(AdminError::invalid("", "must be a JSON object: a pattern such as {\"method\":\"GET\"}")),
    }
}

/// Removes the field `name` from `fields`, and deserializes its value.
fn take_field<T: DeserializeOwned>(
    fields: &mut Map<String, Value>,
    name: &str,
) -> Result<Option<T>, AdminError> {
    fields.remove(name).map(|value| deserialize_at(&value, name)).transpose()
}

/// Deserializes the value at `path`.
///
/// # Errors
/// [`AdminError::Invalid`] with the path of the first invalid value.
pub(super) fn deserialize_at<T: DeserializeOwned>(value: &Value, path: &str) -> Result<T, AdminError> {
    strict_json::with_path(value.to_string().as_bytes()).map_err(|PathError { path: subpath, error }| {
        let separator = if path.is_empty() || subpath.is_empty() { "" } else { "." };
        AdminError::invalid(format!("{path}{separator}{subpath}"), strict_json::reason(&error))
    })
}
