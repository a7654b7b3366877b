//! Coverage: all operations and rules with their evidence, and the number of requests that used them.

use serde::{Deserialize, Serialize};

use super::api::Admin;
use super::explain::RuleInfo;

/// All operations and rules of the vendor APIs, with the number of requests in all namespaces that used them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CoverageReport {
    /// The totals.
    pub summary: CoverageSummary,
    /// The operations in the order of their registration.
    pub operations: Vec<OperationCoverage>,
    /// The rules in the order of the dialects' error tables.
    pub rules: Vec<RuleCoverage>,
}

/// The total numbers of operations and rules, and the numbers of those that were used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CoverageSummary {
    /// The number of operations.
    pub operations: usize,
    /// The number of operations that were called.
    pub operations_called: usize,
    /// The number of rules.
    pub rules: usize,
    /// The number of rules that rejected a request.
    pub rules_hit: usize,
}

/// An operation with its evidence and the number of its calls.
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
    /// A short description of the operation.
    pub summary: String,
    /// The evidence for its behavior: `vendor-doc`, `spec`, `observed`, `client` or `assumed`.
    pub evidence: String,
    /// The confidence in an observation: `high`, `medium` or `low`; `None` for other evidence.
    pub confidence: Option<String>,
    /// The date of an observation: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; `None` for other evidence.
    pub date: Option<String>,
    /// The source of the evidence.
    pub source: String,
    /// The ids of its rules, without the rules that all operations of its dialect have.
    pub rules: Vec<String>,
    /// The number of calls.
    pub calls: u64,
}

/// A rule with the number of requests that it rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCoverage {
    /// The dialect.
    pub dialect: String,
    /// The rule and its evidence.
    #[serde(flatten)]
    pub rule: RuleInfo,
    /// The number of requests that the rule rejected.
    pub hits: u64,
}

impl Admin {
    /// Returns all operations and rules of the vendor APIs, with the number of requests that used them.
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
        let operations = self.apis.operations().filter(|(api, _)| !api.is_admin);
        let operations: Vec<OperationCoverage> = operations
            .map(|(api, operation)| OperationCoverage {
                operation: format!("{}_{}", api.name, operation.id),
                dialect: api.name.to_owned(),
                method: operation.method.to_string(),
                path: operation.path.to_owned(),
                summary: operation.summary.to_owned(),
                evidence: operation.evidence.to_string(),
                confidence: operation.evidence.observation().map(|it| it.confidence.to_string()),
                date: operation.evidence.observation().map(|it| it.date.to_owned()),
                source: operation.source.to_owned(),
                rules: operation.errors.iter().map(|error| error.id.to_owned()).collect(),
                calls: counts.calls(api.name, operation.id),
            })
            .collect();
        let vendors = self.apis.vendors().map(|api| api.spec);
        let rules: Vec<RuleCoverage> = vendors
            .flat_map(|api| api.errors.iter().map(|error| (api.name, *error)))
            .map(|(dialect, error)| RuleCoverage {
                dialect: dialect.to_owned(),
                rule: RuleInfo::new(error),
                hits: counts.errors(error.id),
            })
            .collect();
        let summary = CoverageSummary {
            operations: operations.len(),
            operations_called: operations.iter().filter(|operation| operation.calls > 0).count(),
            rules: rules.len(),
            rules_hit: rules.iter().filter(|rule| rule.hits > 0).count(),
        };
        CoverageReport { summary, operations, rules }
    }
}
