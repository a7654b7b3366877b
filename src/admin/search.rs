//! Searching the journal: by pattern, status and time; counting; and verifying, with a text that shows what came.

use std::fmt::Write;
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
    pub fn of_json(text: &[u8]) -> Result<Self, AdminError> {
        Self::of_members(members_of(text)?)
    }

    fn of_members(mut members: Map<String, Value>) -> Result<Self, AdminError> {
        Ok(Self {
            status: taken(&mut members, "status")?,
            since: taken(&mut members, "since")?,
            until: taken(&mut members, "until")?,
            limit: taken(&mut members, "limit")?,
            pattern: typed(Value::Object(members), "")?,
        })
    }

    /// Returns whether the exchange is wanted.
    pub(super) fn fits(&self, (namespace, entry): &Found) -> bool {
        let facts = &entry.facts;
        self.status.is_none_or(|status| status.fits(facts.status))
            && self.since.is_none_or(|since| facts.at >= since)
            && self.until.is_none_or(|until| facts.at < until)
            && self.pattern.fits(&entry.subject(namespace, &entry.request_headers()))
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
    pub const fn allows(self, count: u64) -> bool {
        match self {
            Self::Exactly(times) => count == times,
            Self::AtLeast(times) => count >= times,
            Self::AtMost(times) => count <= times,
        }
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exactly(times) => write!(formatter, "exactly {times}"),
            Self::AtLeast(times) => write!(formatter, "at least {times}"),
            Self::AtMost(times) => write!(formatter, "at most {times}"),
        }
    }
}

/// The text of a failed verification: what was expected, and the nearest of the requests that came.
pub(super) fn mismatch(search: &Search, times: Times, count: u64, all: &[Found]) -> String {
    let mut text = format!(
        "expected {times} {} that fit\n    {}\nbut {count} of {} did.",
        plural("request", matches!(times, Times::Exactly(1))),
        search.pattern,
        all.len(),
    );
    let mut nearest: Vec<(usize, &Found)> = all
        .iter()
        .filter(|found| count == 0 || search.fits(found))
        .map(|found| {
            let (namespace, entry) = found;
            (search.pattern.distance(&entry.subject(namespace, &entry.request_headers())), found)
        })
        .collect();
    nearest.sort_by_key(|(distance, _)| *distance);
    if !nearest.is_empty() {
        text.push_str(if count == 0 { "\nThe nearest that came:" } else { "\nThese did:" });
    }
    for (_, found) in nearest.iter().take(SHOWN) {
        describe(&mut text, search, found);
    }
    if nearest.len() > SHOWN {
        let _ = write!(text, "\n    and {} more", nearest.len() - SHOWN);
    }
    text
}

/// One request on a line, with what does not fit, and its body where the pattern speaks of bodies.
fn describe(text: &mut String, search: &Search, (namespace, entry): &Found) {
    let facts = &entry.facts;
    let operation = facts.operation.unwrap_or("no operation");
    let (method, url, status, dialect) = (&facts.method, entry.url(), facts.status, facts.dialect);
    let _ = write!(text, "\n    {method} {url} -> {status} ({dialect}, {operation})");
    let headers = entry.request_headers();
    let subject = entry.subject(namespace, &headers);
    let misfits: Vec<String> = search.pattern.misfits(&subject).collect();
    if !misfits.is_empty() {
        let _ = write!(text, " differs in {}", misfits.join(", "));
    }
    for name in misfits.iter().filter_map(|misfit| misfit.strip_prefix("headers.")) {
        let value = headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        let _ = write!(text, "\n        {name}: {}", value.map_or("(absent)", |(_, value)| value));
    }
    if misfits.iter().any(|misfit| misfit.starts_with("bodyPatterns")) {
        let body = String::from_utf8_lossy(entry.request_body());
        let shown: String = body.chars().take(400).collect();
        let _ = write!(text, "\n        body: {}", if shown.is_empty() { "(none)" } else { &shown });
    }
}

fn plural(noun: &str, is_one: bool) -> String {
    if is_one { noun.to_owned() } else { format!("{noun}s") }
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
