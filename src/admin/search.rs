//! Searching the journal: by pattern, status and time; counting; and verifying, with a text that shows what came.

use std::fmt::{self, Write};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::admin_error::AdminError;
use crate::control::journal::Entry;
use crate::control::pattern::Pattern;

/// Which exchanges are wanted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Search {
    /// Which requests; its `namespace` may be `*` for all namespaces.
    pub pattern: Pattern,
    /// With which status they were answered.
    pub status: Option<StatusFilter>,
    /// From when on, on the mock's clock.
    pub since: Option<DateTime<Utc>>,
    /// Before when, on the mock's clock.
    pub until: Option<DateTime<Utc>>,
    /// How many at most; the latest ones.
    pub limit: Option<usize>,
}

/// A status, or a class of them such as `4xx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub enum StatusFilter {
    /// One status.
    Is(u16),
    /// All statuses with this first digit.
    Class(u16),
}

/// How many requests are expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// Exactly so many.
    Exactly(u64),
    /// So many or more.
    AtLeast(u64),
    /// So many or fewer.
    AtMost(u64),
}

/// An entry with the name of its namespace.
pub(super) type Found = (String, Arc<Entry>);

/// How many of the nearest requests a failed verification shows.
const SHOWN: usize = 5;

impl From<Pattern> for Search {
    fn from(pattern: Pattern) -> Self {
        Self { pattern, ..Self::default() }
    }
}

impl Search {
    /// Reads a pattern with `status`, `since`, `until` and `limit` beside its members.
    ///
    /// # Errors
    /// The place of the first mistake.
    ///
    /// ```
    /// let search = access_groups_mock::Search::of_json(br#"{"method":"GET","status":"4xx"}"#)?;
    /// assert_eq!(search.pattern.method.as_deref(), Some("GET"));
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn of_json(text: &[u8]) -> Result<Self, AdminError> {
        Self::of_members(members_of(text)?)
    }

    fn of_members(mut members: Map<String, Value>) -> Result<Self, AdminError> {
        let search = Self {
            status: taken(&mut members, "status")?,
            since: taken(&mut members, "since")?,
            until: taken(&mut members, "until")?,
            limit: taken(&mut members, "limit")?,
            pattern: typed(Value::Object(members), "")?,
        };
        super::meant::check(&search.pattern)?;
        Ok(search)
    }

    /// Returns whether the exchange is wanted.
    pub(super) fn fits(&self, found: &Found) -> bool {
        self.misfits(found).is_empty()
    }

    /// The names of the conditions that the exchange does not meet, such as `method` or `status`.
    fn misfits(&self, (namespace, entry): &Found) -> Vec<String> {
        let facts = &entry.facts;
        let headers = entry.request_headers();
        let body = entry.request_body();
        let subject = entry.subject(namespace, &headers, &body);
        let own = [
            ("status", self.status.is_none_or(|status| status.fits(facts.status))),
            ("since", self.since.is_none_or(|since| facts.at >= since)),
            ("until", self.until.is_none_or(|until| facts.at < until)),
        ];
        let own = own.into_iter().filter(|(_, fits)| !fits).map(|(name, _)| name.to_owned());
        self.pattern.misfits(&subject).chain(own).collect()
    }
}

impl fmt::Display for Search {
    /// Writes it as JSON, with only what is given.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut written = serde_json::to_value(&self.pattern).map_err(|_| fmt::Error)?;
        if let Some(status) = self.status {
            written["status"] = status.into();
        }
        for (name, time) in [("since", self.since), ("until", self.until)] {
            if let Some(time) = time {
                written[name] = time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true).into();
            }
        }
        write!(formatter, "{written}")
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
    fn fits(self, status: u16) -> bool {
        match self {
            Self::Is(wanted) => wanted == status,
            Self::Class(first) => first == status / 100,
        }
    }

    fn of_text(text: &str) -> Option<Self> {
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
        Self::of_text(&text)
            .ok_or_else(|| format!("`{text}` must be a status such as 404, or a class such as `4xx`"))
    }
}

impl Times {
    /// Reads the pattern of `/__admin/requests/verify` with `count`, `atLeast` and `atMost` beside its members.
    ///
    /// # Errors
    /// The place of the first mistake.
    pub fn of_json(text: &[u8]) -> Result<(Search, Self), AdminError> {
        let mut members = members_of(text)?;
        let given = [
            taken::<u64>(&mut members, "count")?.map(Self::Exactly),
            taken(&mut members, "atLeast")?.map(Self::AtLeast),
            taken(&mut members, "atMost")?.map(Self::AtMost),
        ];
        let mut given = given.into_iter().flatten();
        let times = given.next().unwrap_or(Self::AtLeast(1));
        if given.next().is_some() {
            return Err(AdminError::wrong("", "has more than one of `count`, `atLeast` and `atMost`"));
        }
        Ok((Search::of_members(members)?, times))
    }

    /// Returns whether `count` is expected.
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

/// The text of a failed verification: what was expected, which requests did fit, and the nearest of the others.
pub(super) fn mismatch(search: &Search, times: Times, all: &[Found]) -> String {
    let mut ranked: Vec<(usize, &Found)> =
        all.iter().map(|found| (search.misfits(found).len(), found)).collect();
    ranked.sort_by_key(|(distance, _)| *distance);
    let (fitting, others) = ranked.split_at(ranked.partition_point(|(distance, _)| *distance == 0));
    let requests = if matches!(times, Times::Exactly(1) | Times::AtLeast(1) | Times::AtMost(1)) {
        "request that fits"
    } else {
        "requests that fit"
    };
    let mut text = format!("expected {times} {requests}\n    {search}\n");
    let _ = match all.len() {
        0 => write!(text, "but no request came at all."),
        came => write!(text, "but {} of the {came} that came did.", fitting.len()),
    };
    show(&mut text, "These did:", search, fitting);
    let is_too_few = !matches!(times, Times::AtMost(_)) && !times.allows(0) && !exceeds(times, fitting.len());
    if is_too_few {
        let title = if fitting.is_empty() { "The nearest that came:" } else { "The nearest of the others:" };
        show(&mut text, title, search, others);
    }
    text
}

/// Whether `count` is more than expected.
const fn exceeds(times: Times, count: usize) -> bool {
    match times {
        Times::Exactly(times) | Times::AtMost(times) => count as u64 > times,
        Times::AtLeast(_) => false,
    }
}

fn show(text: &mut String, title: &str, search: &Search, found: &[(usize, &Found)]) {
    if found.is_empty() {
        return;
    }
    let _ = write!(text, "\n{title}");
    for (_, found) in found.iter().take(SHOWN) {
        describe(text, search, found);
    }
    if found.len() > SHOWN {
        let _ = write!(text, "\n    and {} more", found.len() - SHOWN);
    }
}

/// One request on a line, with what does not fit, and its body where the pattern speaks of bodies.
fn describe(text: &mut String, search: &Search, found: &Found) {
    let (_, entry) = found;
    let facts = &entry.facts;
    let operation = facts.operation.unwrap_or("no operation");
    let (method, url, dialect) = (&facts.method, entry.url(), facts.dialect);
    let _ = match facts.status {
        0 => write!(text, "\n    {method} {url} -> no answer ({dialect}, {operation})"),
        status => write!(text, "\n    {method} {url} -> {status} ({dialect}, {operation})"),
    };
    let misfits = search.misfits(found);
    if !misfits.is_empty() {
        let _ = write!(text, " differs in {}", misfits.join(", "));
    }
    let headers = entry.request_headers();
    for name in misfits.iter().filter_map(|misfit| misfit.strip_prefix("headers.")) {
        let value = headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        let _ = write!(text, "\n        {name}: {}", value.map_or("(absent)", |(_, value)| value));
    }
    if misfits.iter().any(|misfit| misfit.starts_with("bodyPatterns")) {
        let body = entry.request_body();
        let body = String::from_utf8_lossy(&body);
        let shown: String = body.chars().take(400).collect();
        let _ = write!(text, "\n        body: {}", if shown.is_empty() { "(none)" } else { &shown });
    }
}

fn members_of(text: &[u8]) -> Result<Map<String, Value>, AdminError> {
    // A search without a body is one for everything.
    if text.trim_ascii().is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(AdminError::wrong("", "must be a JSON object: a pattern such as {\"method\":\"GET\"}")),
        Err(error) => Err(AdminError::wrong("", format!("must be JSON: {error}"))),
    }
}

fn taken<T: DeserializeOwned>(members: &mut Map<String, Value>, name: &str) -> Result<Option<T>, AdminError> {
    members.remove(name).map(|value| typed(value, name)).transpose()
}

/// Reads a value at `path` as a `T`, with the path of what does not fit.
pub(super) fn typed<T: DeserializeOwned>(value: Value, path: &str) -> Result<T, AdminError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let below = error.path().to_string();
        let below = below.trim_end_matches(['.', '?']);
        let separator = if path.is_empty() || below.is_empty() { "" } else { "." };
        AdminError::wrong(format!("{path}{separator}{below}"), error.inner().to_string())
    })
}
