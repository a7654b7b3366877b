//! The report of a replay: what is equal, and where and how the rest differs.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::difference::{Accepted, Difference};

/// The report of a replay.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The exchanges in the order of the recording.
    pub exchanges: Vec<ExchangeReport>,
    /// The accepted differences that did not occur.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_occurred: Vec<Accepted>,
}

/// The result of the replay of one exchange.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExchangeReport {
    /// The place in the recording.
    pub place: String,
    /// The method and the URL without credentials.
    pub request: String,
    /// The operation, such as `ibm.get_access_group`; absent if the request is none of an API of this server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The rule of the response: that of the error, or else the operation itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleReport>,
    /// The date of the recorded request, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The reason why the request was not sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
    /// The differences; empty if the responses are equal.
    pub differences: Vec<Difference>,
}

/// A rule with its evidence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RuleReport {
    /// The id of the error, such as `ibm.groups.if-match`, or the operation.
    pub id: String,
    /// The evidence mark.
    pub evidence: String,
    /// The source.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
}

/// The number of exchanges with each result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// The responses are equal.
    pub equal: usize,
    /// All differences are accepted.
    pub accepted: usize,
    /// There are other differences.
    pub different: usize,
    /// The request was not sent.
    pub skipped: usize,
}

impl ExchangeReport {
    /// Returns whether there is a difference that is not accepted.
    pub fn is_different(&self) -> bool {
        self.differences.iter().any(|difference| !difference.is_accepted)
    }

    fn add_to(&self, totals: &mut Totals) {
        let count = match (&self.skipped, self.differences.is_empty(), self.is_different()) {
            (Some(_), _, _) => &mut totals.skipped,
            (None, true, _) => &mut totals.equal,
            (None, false, false) => &mut totals.accepted,
            (None, false, true) => &mut totals.different,
        };
        *count += 1;
    }
}

impl Report {
    /// Returns whether a difference is not accepted.
    pub fn is_different(&self) -> bool {
        self.exchanges.iter().any(ExchangeReport::is_different)
    }

    /// Returns the totals of all exchanges.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for exchange in &self.exchanges {
            exchange.add_to(&mut totals);
        }
        totals
    }

    /// Returns the totals by operation.
    pub fn by_operation(&self) -> BTreeMap<&str, Totals> {
        self.by(|exchange| exchange.operation.as_deref())
    }

    /// Returns the totals by rule.
    pub fn by_rule(&self) -> BTreeMap<&str, Totals> {
        self.by(|exchange| exchange.rule.as_ref().map(|rule| rule.id.as_str()))
    }

    fn by<'a>(&'a self, name: impl Fn(&'a ExchangeReport) -> Option<&'a str>) -> BTreeMap<&'a str, Totals> {
        let mut by_name: BTreeMap<&str, Totals> = BTreeMap::new();
        for exchange in &self.exchanges {
            if let Some(name) = name(exchange) {
                exchange.add_to(by_name.entry(name).or_default());
            }
        }
        by_name
    }

    /// Returns the report as JSON.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "exchanges": self.exchanges,
            "notOccurred": self.not_occurred,
            "totals": self.totals(),
            "byOperation": self.by_operation(),
            "byRule": self.by_rule()
        })
    }
}

impl fmt::Display for Report {
    /// Writes the report as text: what differs and what was skipped, and the totals.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for exchange in &self.exchanges {
            if let Some(reason) = &exchange.skipped {
                writeln!(formatter, "skipped {}: {}: {reason}", exchange.place, exchange.request)?;
            } else if !exchange.differences.is_empty() {
                exchange.fmt(formatter)?;
            }
        }
        for accepted in &self.not_occurred {
            writeln!(formatter, "accepted, but did not occur: {accepted}")?;
        }
        for (title, totals) in [("operation", self.by_operation()), ("rule", self.by_rule())] {
            if totals.is_empty() {
                continue;
            }
            writeln!(formatter, "\nby {title}:")?;
            for (name, totals) in totals {
                writeln!(formatter, "  {name}: {totals}")?;
            }
        }
        writeln!(formatter, "\n{} exchanges: {}", self.exchanges.len(), self.totals())
    }
}

impl fmt::Display for ExchangeReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}: {}", self.place, self.request)?;
        if let Some(rule) = &self.rule {
            writeln!(formatter, "  rule {} ({})", rule.id, rule.evidence)?;
        }
        for difference in &self.differences {
            writeln!(formatter, "  {difference}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { equal, accepted, different, skipped } = self;
        write!(formatter, "{equal} equal, {different} different")?;
        if *accepted > 0 {
            write!(formatter, ", {accepted} with accepted differences")?;
        }
        if *skipped > 0 {
            write!(formatter, ", {skipped} skipped")?;
        }
        Ok(())
    }
}
