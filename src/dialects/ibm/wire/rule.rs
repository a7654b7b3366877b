//! The JSON bodies of rules.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::ibm::error;
use crate::domain::ibm::records::audit::Timestamp;
use crate::domain::ibm::records::rule::{self, RuleDraft, RuleInput};
use crate::spec::ApiError;

/// A rule.
#[derive(Serialize)]
pub(in super::super) struct Rule<'a> {
    id: &'a str,
    name: &'a str,
    expiration: u8,
    realm_name: &'a str,
    access_group_id: &'a str,
    account_id: &'a str,
    conditions: Vec<RuleConditions<'a>>,
    created_at: Timestamp,
    created_by_id: &'a str,
    last_modified_at: Timestamp,
    last_modified_by_id: &'a str,
}

#[derive(Serialize)]
struct RuleConditions<'a> {
    claim: &'a str,
    operator: &'static str,
    value: &'a str,
}

/// All rules of a group.
#[derive(Serialize)]
pub(in super::super) struct RulesList<'a> {
    pub(in super::super) rules: Vec<Rule<'a>>,
}

impl<'a> Rule<'a> {
    pub(in super::super) fn new(rule: &'a rule::Rule) -> Self {
        let conditions = rule.content.conditions.iter().map(|condition| RuleConditions {
            claim: &condition.claim,
            operator: condition.operator.name(),
            value: &condition.value,
        });
        Self {
            id: &rule.id,
            name: &rule.content.name,
            expiration: rule.content.expiration,
            realm_name: &rule.content.realm_name,
            access_group_id: &rule.group.id,
            account_id: &rule.group.account,
            conditions: conditions.collect(),
            created_at: rule.created.at,
            created_by_id: &rule.created.by,
            last_modified_at: rule.modified.at,
            last_modified_by_id: &rule.modified.by,
        }
    }
}

/// The request body that creates or replaces a rule.
#[derive(Debug, Deserialize)]
pub(in super::super) struct RuleRequest {
    name: Option<String>,
    expiration: Option<Value>,
    realm_name: Option<String>,
    conditions: Option<Vec<ConditionRequest>>,
}

/// A condition in the request body of a rule.
#[derive(Debug, Deserialize)]
struct ConditionRequest {
    claim: Option<String>,
    operator: Option<String>,
    value: Option<String>,
}

impl RuleRequest {
    /// Returns the draft of the rule.
    ///
    /// # Errors
    /// [`error::INVALID_PAYLOAD`].
    pub(in super::super) fn into_draft(self) -> Result<RuleDraft, ApiError> {
        let conditions = self.conditions.map(|conditions| {
            let conditions = conditions.into_iter().map(|it| [it.claim, it.operator, it.value]);
            conditions.collect()
        });
        let input = RuleInput {
            name: self.name,
            expiration: self.expiration.as_ref().and_then(Value::as_f64),
            realm_name: self.realm_name,
            conditions,
        };
        RuleDraft::new(input).map_err(|violations| error::INVALID_PAYLOAD.with_violations(violations))
    }
}
