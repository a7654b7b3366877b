//! Coverage: every operation and rule with its evidence, and how often this server's traffic met it.

use serde::{Deserialize, Serialize};

use super::api::Admin;
use super::explain::RuleReport;
use crate::catalog::catalog;
use crate::dialect;

/// Every operation and rule of the vendors, and how often each was met in all namespaces together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CoverageReport {
    /// The totals.
    pub summary: CoverageSummary,
    /// The operations in the order of their registration.
    pub operations: Vec<OperationCoverage>,
    /// The rules in the order of their dialects' tables.
    pub rules: Vec<RuleCoverage>,
}

/// How much there is, and how much of it was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CoverageSummary {
    /// The number of operations.
    pub operations: usize,
    /// How many of them were called.
    pub operations_called: usize,
    /// The number of rules.
    pub rules: usize,
    /// How many of them refused a request.
    pub rules_met: usize,
}

/// An operation, how it is known, and how often it was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationCoverage {
    /// The operation with its dialect, such as `ibm_list_access_groups`.
    pub operation: String,
    /// The dialect.
    pub dialect: String,
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// What it does.
    pub summary: String,
    /// How well it is known: `seed`, `spec`, `observed`, `client` or `assumed`.
    pub evidence: String,
    /// Where it is known from.
    pub source: String,
    /// The ids of the rules that it has besides those of all operations of its dialect.
    pub rules: Vec<String>,
    /// How often it was called.
    pub calls: u64,
}

/// A rule, and how often it refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCoverage {
    /// The dialect.
    pub dialect: String,
    /// The rule, and how it is known.
    #[serde(flatten)]
    pub rule: RuleReport,
    /// How many requests it refused.
    pub refusals: u64,
}

impl Admin {
    /// Returns every operation and rule of the vendors, and how often each was met.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert_eq!(admin.coverage().summary.operations_called, 0);
    /// ```
    pub fn coverage(&self) -> CoverageReport {
        let counts = self.app.coverage();
        let operations = catalog().operations().iter().filter(|known| known.dialect.name != "admin");
        let operations: Vec<OperationCoverage> = operations
            .map(|known| OperationCoverage {
                operation: format!("{}_{}", known.dialect.name, known.id),
                dialect: known.dialect.name.to_owned(),
                method: known.method.to_string(),
                path: known.path.to_owned(),
                summary: known.summary.to_owned(),
                evidence: known.evidence.to_string(),
                source: known.source.to_owned(),
                rules: known.codes.iter().map(|code| code.rule.to_owned()).collect(),
                calls: counts.calls(known.index),
            })
            .collect();
        let vendors = dialect::ALL.iter().filter(|dialect| dialect.name != "admin");
        let rules: Vec<RuleCoverage> = vendors
            .flat_map(|dialect| dialect.documentation.codes.iter().map(|code| (dialect.name, *code)))
            .map(|(dialect, code)| RuleCoverage {
                dialect: dialect.to_owned(),
                rule: RuleReport::of(code),
                refusals: counts.refusals(code.rule),
            })
            .collect();
        let summary = CoverageSummary {
            operations: operations.len(),
            operations_called: operations.iter().filter(|operation| operation.calls > 0).count(),
            rules: rules.len(),
            rules_met: rules.iter().filter(|rule| rule.refusals > 0).count(),
        };
        CoverageReport { summary, operations, rules }
    }
}
