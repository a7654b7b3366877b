//! Dynamic rules of access groups.

use std::sync::Arc;

use super::audit::AuditStamp;
use super::entity_tag::entity_tag;
use super::group::GroupKey;
use crate::spec::{Violation, Violations};
use crate::store::{Index, Key, Record, unshared_arc_bytes};

/// A rule of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The group.
    pub group: Arc<GroupKey>,
    /// The id: `ClaimRule-` and a UUID.
    pub id: Box<str>,
    /// The content, which a request sets.
    pub content: RuleDraft,
    /// The time and author of the creation.
    pub created: AuditStamp,
    /// The time and author of the last replacement.
    pub modified: AuditStamp,
    /// The revision of the last change.
    pub revision: u64,
    /// The number of times the content was set.
    pub change_count: u32,
}

/// The content of a rule. The strings are shared by all groups that an assignment of a template creates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleDraft {
    /// The display name; empty if absent in the request.
    pub name: Arc<str>,
    /// The duration of a membership in hours, 1 to 24.
    pub expiration: u8,
    /// The URL of the identity provider.
    pub realm_name: Arc<str>,
    /// The conditions, all of which must be met.
    pub conditions: Arc<[Condition]>,
}

/// One condition of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The claim of the assertion.
    pub claim: Box<str>,
    /// The comparison of the claim with the value.
    pub operator: Operator,
    /// The value to compare with: JSON as a string, which is not validated.
    pub value: Box<str>,
}

/// The comparison of a claim with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `EQUALS`
    Equals,
    /// `EQUALS_IGNORE_CASE`
    EqualsIgnoreCase,
    /// `IN`
    In,
    /// `NOT_EQUALS_IGNORE_CASE`
    NotEqualsIgnoreCase,
    /// `NOT_EQUALS`
    NotEquals,
    /// `CONTAINS`
    Contains,
}

/// The content of a rule as received, before validation.
#[derive(Debug, Clone, Default)]
pub struct RuleInput {
    /// The display name.
    pub name: Option<String>,
    /// The duration of a membership in hours.
    pub expiration: Option<f64>,
    /// The URL of the identity provider.
    pub realm_name: Option<String>,
    /// The claim, operator and value of each condition.
    pub conditions: Option<Vec<[Option<String>; 3]>>,
}

impl Record for Rule {
    const INDEXES: &'static [Index<Self>] = &[Index { partition: |rule| (&rule.group.id, ""), orders: &[] }];

    fn key(&self) -> Key<'_> {
        (&self.group.id, &self.id)
    }

    fn unshared_bytes(&self, newer: Option<&Self>) -> usize {
        let newer = newer.map(|newer| &newer.content);
        let RuleDraft { name, expiration: _, realm_name, conditions } = &self.content;
        let conditions = unshared_arc_bytes(conditions, newer.map(|newer| &newer.conditions), |conditions| {
            let condition = |it: &Condition| size_of::<Condition>() + it.claim.len() + it.value.len();
            conditions.iter().map(condition).sum()
        });
        self.id.len()
            + unshared_arc_bytes(name, newer.map(|newer| &newer.name), str::len)
            + unshared_arc_bytes(realm_name, newer.map(|newer| &newer.realm_name), str::len)
            + conditions
    }
}

impl Rule {
    /// The index by group.
    pub const BY_GROUP: usize = 0;

    /// Returns the entity tag.
    pub fn entity_tag(&self) -> String {
        entity_tag(&self.id, self.change_count, self.revision)
    }
}

impl Operator {
    /// The operators with their names.
    const NAMES: [(&'static str, Self); 6] = [
        ("EQUALS", Self::Equals),
        ("EQUALS_IGNORE_CASE", Self::EqualsIgnoreCase),
        ("IN", Self::In),
        ("NOT_EQUALS_IGNORE_CASE", Self::NotEqualsIgnoreCase),
        ("NOT_EQUALS", Self::NotEquals),
        ("CONTAINS", Self::Contains),
    ];

    /// Returns the operator with `name`.
    fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(other, _)| *other == name).map(|(_, operator)| *operator)
    }

    /// Returns the name.
    pub fn name(self) -> &'static str {
        let named = Self::NAMES.iter().find(|(_, operator)| *operator == self);
        named.expect("every operator has a name").0
    }
}

impl RuleDraft {
    /// Returns the content of a rule, or all violations.
    ///
    /// # Errors
    /// The expiration is not an integer from 1 to 24, the realm is missing or empty, there is no condition, or a
    /// condition has no claim, no known operator or no value.
    pub fn new(given: RuleInput) -> Result<Self, Violations> {
        let mut violations = Violations::new();
        let expiration = given.expiration.and_then(|hours| (1..=24).find(|whole| f64::from(*whole) == hours));
        if expiration.is_none() {
            violations.push(Violation::new("expiration", "must be an integer from 1 to 24"));
        }
        let realm_name = required_string(given.realm_name, "realm_name", &mut violations).into();
        let given_conditions = given.conditions.unwrap_or_default();
        if given_conditions.is_empty() {
            violations.push(Violation::new("conditions", "must have at least one condition"));
        }
        let conditions = given_conditions
            .into_iter()
            .enumerate()
            .filter_map(|(index, condition)| Condition::new(condition, index, &mut violations));
        let conditions = conditions.collect();
        let name = given.name.unwrap_or_default().into();
        match expiration {
            Some(expiration) if violations.is_empty() => {
                Ok(Self { name, expiration, realm_name, conditions })
            }
            Some(_) | None => Err(violations),
        }
    }
}

impl Condition {
    fn new(
        [claim, operator, value]: [Option<String>; 3],
        index: usize,
        violations: &mut Violations,
    ) -> Option<Self> {
        let path = |name: &str| format!("conditions[{index}].{name}");
        let claim = required_string(claim, &path("claim"), violations);
        let operator = operator.as_deref().and_then(Operator::from_name);
        if operator.is_none() {
            let names = Operator::NAMES.map(|(name, _)| name).join(", ");
            violations.push(Violation::new(path("operator"), format!("must be one of {names}")));
        }
        if value.is_none() {
            violations.push(Violation::new(path("value"), "is missing"));
        }
        Some(Self { claim, operator: operator?, value: value?.into() })
    }
}

/// Returns a string that must be present and not empty.
fn required_string(value: Option<String>, path: &str, violations: &mut Violations) -> Box<str> {
    let value = value.unwrap_or_default();
    if value.is_empty() {
        violations.push(Violation::new(path, "is missing or empty"));
    }
    value.into()
}
