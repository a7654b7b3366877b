//! The evidence in a replay: which operations and rules the recording confirms or contradicts.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::report::{ExchangeReport, Report};

/// The operations and rules that a recording confirms or contradicts.
///
/// It contains no values of the recording, only the places of differences.
#[derive(Debug, Clone, Serialize)]
pub struct EvidenceReport {
    version: u64,
    /// The operations, such as `ibm.get_access_group`.
    operations: Vec<Confirmation>,
    /// The rules of errors.
    rules: Vec<Confirmation>,
}

/// An operation or rule with the result of its exchanges.
#[derive(Debug, Clone, Default, Serialize)]
struct Confirmation {
    id: String,
    /// The evidence mark before.
    evidence: String,
    /// The number of exchanges whose responses are equal.
    confirmed: usize,
    /// The number of exchanges whose responses differ, also if the differences are accepted.
    contradicted: usize,
    /// The date of the newest exchange, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    /// The kinds and places of the differences.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    differences: BTreeSet<String>,
}

impl EvidenceReport {
    /// Returns the evidence in a report.
    pub fn new(report: &Report) -> Self {
        let (mut operations, mut rules) = (BTreeMap::new(), BTreeMap::new());
        for exchange in report.exchanges.iter().filter(|exchange| exchange.skipped.is_none()) {
            let (Some(operation), Some(rule)) = (&exchange.operation, &exchange.rule) else { continue };
            let is_error = rule.id != *operation;
            let confirmations = if is_error { &mut rules } else { &mut operations };
            let confirmation: &mut Confirmation = confirmations.entry(rule.id.clone()).or_default();
            confirmation.id.clone_from(&rule.id);
            confirmation.evidence.clone_from(&rule.evidence);
            confirmation.add(exchange);
        }
        let list = |map: BTreeMap<String, Confirmation>| map.into_values().collect();
        Self { version: 1, operations: list(operations), rules: list(rules) }
    }
}

impl Confirmation {
    fn add(&mut self, exchange: &ExchangeReport) {
        if exchange.differences.is_empty() {
            self.confirmed += 1;
        } else {
            self.contradicted += 1;
        }
        self.date = self.date.take().max(exchange.date.clone());
        let differences = exchange.differences.iter();
        self.differences
            .extend(differences.map(|difference| format!("{} {}", difference.kind, difference.path)));
    }
}
