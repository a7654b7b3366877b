//! The file of accepted differences.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::report::{Difference, DifferenceKind, Report};
use crate::json::strict_json;

/// The version of the file format.
const VERSION: u64 = 1;

/// The differences that are accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptedDifferences {
    version: u64,
    accepted: Vec<Accepted>,
}

/// A difference that is accepted in all responses of an operation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// The operation, such as `ibm.get_access_group`.
    pub operation: String,
    /// The kind.
    pub kind: DifferenceKind,
    /// The place, with `[*]` for any item of a list.
    pub path: String,
    /// The recorded value, if only this one is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<String>,
    /// The value of the replay, if only this one is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// The reason, for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl AcceptedDifferences {
    /// Parses the file.
    ///
    /// # Errors
    /// The reason, with line and column.
    pub fn parse(json: &str) -> Result<Self, String> {
        let file: Self = strict_json::from_slice(json.as_bytes()).map_err(|error| error.to_string())?;
        if file.version != VERSION {
            return Err(format!("version: must be {VERSION}, not {}", file.version));
        }
        Ok(file)
    }

    /// Returns the file that accepts all differences of the report; statuses and types only with their values.
    pub fn of_report(report: &Report) -> Self {
        let mut accepted = BTreeSet::new();
        for exchange in &report.exchanges {
            let operation = exchange.operation.clone().unwrap_or_default();
            for difference in &exchange.differences {
                let Difference { kind, path, recorded, actual, .. } = difference;
                let has_values = matches!(kind, DifferenceKind::Status | DifferenceKind::Type);
                accepted.insert(Accepted {
                    operation: operation.clone(),
                    kind: *kind,
                    path: any_item(path),
                    recorded: recorded.clone().filter(|_| has_values),
                    actual: actual.clone().filter(|_| has_values),
                    reason: None,
                });
            }
        }
        Self { version: VERSION, accepted: accepted.into_iter().collect() }
    }

    /// Marks the differences of the report that are accepted, and notes what did not occur.
    pub fn apply(&self, report: &mut Report) {
        let mut occurred = vec![false; self.accepted.len()];
        for exchange in &mut report.exchanges {
            let operation = exchange.operation.as_deref().unwrap_or_default();
            for difference in &mut exchange.differences {
                let index = self.accepted.iter().position(|accepted| accepted.covers(operation, difference));
                if let Some(index) = index {
                    difference.is_accepted = true;
                    occurred[index] = true;
                }
            }
        }
        let pairs = self.accepted.iter().zip(occurred);
        report.not_occurred =
            pairs.filter(|(_, occurred)| !occurred).map(|(accepted, _)| accepted.clone()).collect();
    }
}

impl Accepted {
    fn covers(&self, operation: &str, difference: &Difference) -> bool {
        let accepts =
            |accepted: &Option<String>, value: &Option<String>| accepted.is_none() || accepted == value;
        self.operation == operation
            && self.kind == difference.kind
            && (self.path == difference.path || self.path == any_item(&difference.path))
            && accepts(&self.recorded, &difference.recorded)
            && accepts(&self.actual, &difference.actual)
    }
}

impl fmt::Display for Accepted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {}", self.operation, self.kind, self.path)
    }
}

/// Returns a JSON path with `[*]` in the place of each index.
fn any_item(path: &str) -> String {
    let mut result = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('[') {
        let index = after.find(|char: char| !char.is_ascii_digit()).unwrap_or(after.len());
        let is_index = index > 0 && after[index..].starts_with(']');
        result.push_str(before);
        result.push_str(if is_index { "[*" } else { "[" });
        rest = if is_index { &after[index..] } else { after };
    }
    result + rest
}
