//! Dynamic rules of access groups.

use std::sync::Arc;

use super::super::error;
use super::group::Place;
use super::managed::Change;
use super::{Caller, Stamp, State, entity_tag};
use crate::failure::{Refusal, Violation};
use crate::store::{Key, Record, Tx, View};

/// A rule of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The group.
    pub group: Arc<Place>,
    /// `ClaimRule-` and a UUID.
    pub id: Box<str>,
    /// What a request sets.
    pub content: RuleDraft,
    /// Its creation.
    pub created: Stamp,
    /// Its last replacement.
    pub modified: Stamp,
    /// The revision of the last change.
    pub revision: u64,
    /// How often its content was set.
    pub changes: u32,
}

/// The content of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleDraft {
    /// The display name; empty when none was given.
    pub name: Box<str>,
    /// For how many hours a membership lasts, 1 to 24.
    pub expiration: u8,
    /// The URL of the identity provider.
    pub realm_name: Box<str>,
    /// What must hold, all of it.
    pub conditions: Box<[Condition]>,
}

/// One condition of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The claim of the assertion.
    pub claim: Box<str>,
    /// How the claim is compared.
    pub operator: Operator,
    /// The value to compare with: JSON as text, which is not checked.
    pub value: Box<str>,
}

/// How a claim is compared.
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

/// A rule as it is given, before it is checked.
#[derive(Debug, Clone, Default)]
pub struct GivenRule {
    /// The display name.
    pub name: Option<String>,
    /// For how many hours a membership lasts.
    pub expiration: Option<f64>,
    /// The URL of the identity provider.
    pub realm_name: Option<String>,
    /// Claim, operator and value of each condition.
    pub conditions: Option<Vec<[Option<String>; 3]>>,
}

impl Record for Rule {
    const VIEWS: &'static [View<Self>] = &[View { partition: |rule| (&rule.group.id, ""), orders: &[] }];

    fn key(&self) -> Key<'_> {
        (&self.group.id, &self.id)
    }
}

impl Rule {
    /// The view of the rules of one group.
    pub const OF_GROUP: usize = 0;

    /// Returns the entity tag.
    pub fn entity_tag(&self) -> String {
        entity_tag(&self.id, self.changes, self.revision)
    }
}

impl Operator {
    /// All operators with their names.
    const NAMES: [(&'static str, Self); 6] = [
        ("EQUALS", Self::Equals),
        ("EQUALS_IGNORE_CASE", Self::EqualsIgnoreCase),
        ("IN", Self::In),
        ("NOT_EQUALS_IGNORE_CASE", Self::NotEqualsIgnoreCase),
        ("NOT_EQUALS", Self::NotEquals),
        ("CONTAINS", Self::Contains),
    ];

    /// Returns the operator with `name`.
    fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(other, _)| *other == name).map(|(_, operator)| *operator)
    }

    /// Returns the name.
    pub fn name(self) -> &'static str {
        let named = Self::NAMES.iter().find(|(_, operator)| *operator == self);
        named.expect("every operator has a name").0
    }
}

impl RuleDraft {
    /// Returns the content of a rule, or all that is wrong with it.
    ///
    /// # Errors
    /// The expiration is not within 1 to 24, the realm is missing or empty, there is no condition, or one of them
    /// lacks its claim, a known operator or its value.
    pub fn new(given: GivenRule) -> Result<Self, Vec<Violation>> {
        let mut violations = Vec::new();
        let expiration = given.expiration.and_then(|hours| (1..=24).find(|whole| f64::from(*whole) == hours));
        if expiration.is_none() {
            violations.push(Violation::new("expiration", "must be an integer from 1 to 24"));
        }
        let realm_name = text(given.realm_name, "realm_name", &mut violations);
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
        violations: &mut Vec<Violation>,
    ) -> Option<Self> {
        let path = |name: &str| format!("conditions[{index}].{name}");
        let claim = text(claim, &path("claim"), violations);
        let operator = operator.as_deref().and_then(Operator::named);
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

/// A text that must be there and not be empty.
fn text(given: Option<String>, path: &str, violations: &mut Vec<Violation>) -> Box<str> {
    let given = given.unwrap_or_default();
    if given.is_empty() {
        violations.push(Violation::new(path, "is missing or empty"));
    }
    given.into()
}

impl State {
    /// Returns the rules of the group with `id` in the order of their creation.
    pub fn rules_of(&self, id: &str) -> impl Iterator<Item = &Rule> {
        self.rules.list(Rule::OF_GROUP, (id, "")).iter()
    }

    /// Returns the rule `rule_id` of the group with `id`.
    ///
    /// # Errors
    /// [`error::RULE_NOT_FOUND`].
    pub fn rule(&self, id: &str, rule_id: &str) -> Result<&Rule, Refusal> {
        self.rules.get((id, rule_id)).ok_or_else(|| error::RULE_NOT_FOUND.plain())
    }

    /// Adds a rule to the group with `id`.
    ///
    /// # Errors
    /// [`error::GROUP_NOT_FOUND`], and as [`State::check_change`].
    pub fn create_rule(
        &mut self,
        id: &str,
        content: RuleDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Rule, Refusal> {
        let group = self.groups.get(("", id)).ok_or_else(|| error::GROUP_NOT_FOUND.about(id))?;
        self.check_change(id, Change::AddRule, &error::managed::ADD_RULE)?;
        let group = Arc::clone(&group.place);
        let created = self.stamp(caller, tx);
        let modified = created.clone();
        let rule_id: Box<str> = format!("ClaimRule-{}", tx.ids.uuid()).into();
        let revision = tx.next_revision();
        let key = rule_id.clone();
        self.put_rule(Rule { group, id: rule_id, content, created, modified, revision, changes: 1 });
        self.rule(id, &key)
    }

    /// Adds a rule whose id is new to its group.
    pub(super) fn put_rule(&mut self, rule: Rule) {
        let group = Arc::clone(&rule.group);
        self.rules.insert(rule).expect("the id of a new rule is not taken");
        self.count_rules(&group.id);
    }

    /// Replaces the content of the rule `rule_id` of the group with `id`.
    ///
    /// # Errors
    /// [`error::RULE_NOT_FOUND`], and as [`State::check_change`].
    pub fn replace_rule(
        &mut self,
        (id, rule_id): (&str, &str),
        content: RuleDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Rule, Refusal> {
        self.check_change(id, Change::ReplaceRule(rule_id), &error::managed::REPLACE_RULE)?;
        let modified = self.stamp(caller, tx);
        let revision = tx.next_revision();
        let replaced = self.rules.update((id, rule_id), |rule| {
            rule.content = content;
            rule.modified = modified;
            rule.revision = revision;
            rule.changes += 1;
        });
        replaced.ok_or_else(|| error::RULE_NOT_FOUND.plain())
    }

    /// Deletes the rule `rule_id` of the group with `id`.
    ///
    /// # Errors
    /// [`error::RULE_NOT_FOUND`], and as [`State::check_change`].
    pub fn delete_rule(&mut self, id: &str, rule_id: &str) -> Result<(), Refusal> {
        self.rule(id, rule_id)?;
        self.check_change(id, Change::RemoveRule(rule_id), &error::managed::REMOVE_RULE)?;
        self.drop_rule(id, rule_id);
        Ok(())
    }

    /// Deletes the rule `rule_id` of the group with `id`, whoever manages the group.
    pub(super) fn drop_rule(&mut self, id: &str, rule_id: &str) {
        self.rules.delete((id, rule_id));
        self.count_rules(id);
    }

    pub(super) fn delete_rules_of(&mut self, id: &str) {
        self.rules.delete_partition(Rule::OF_GROUP, (id, ""));
    }

    /// The number of rules that a deletion of the group with `id` leaves.
    pub(super) fn pinned_rule_count(&self, id: &str) -> u32 {
        let pinned = self.rules_of(id).filter(|rule| self.rules.pinned(rule.key()).is_some());
        u32::try_from(pinned.count()).expect("a collection holds fewer than 2^32 records")
    }
    /// Keeps the number of rules with the group, by which groups can be ordered.
    pub fn count_rules(&mut self, id: &str) {
        let count = self.rules.list(Rule::OF_GROUP, (id, "")).len();
        let count = u32::try_from(count).expect("a collection holds fewer than 2^32 records");
        self.groups.update(("", id), |group| group.rule_count = count);
    }
}
