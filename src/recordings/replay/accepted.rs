//! The file of accepted differences.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::difference::{Accepted, Difference, DifferenceKind, any_item};
use super::report::Report;
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

impl AcceptedDifferences {
    /// Parses the file.
    ///
    /// # Errors
    /// The reason, with line and column.
    pub fn parse(json: &str) -> Result<Self, String> {
        let file: Self = strict_json::from_str(json).map_err(|error| error.to_string())?;
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
