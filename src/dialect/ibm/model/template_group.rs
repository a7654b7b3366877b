//! The group that a version of a template describes: kept as it was written, and read for what it means.

use serde_json::Value;
use serde_json::value::RawValue;

use super::group::GroupDraft;
use super::member::{MemberKind, NewMember};
use super::node::Node;
use super::rule::{GivenRule, RuleDraft};
use crate::failure::Violation;

/// How many users, service ids, rules, and conditions of one rule a template may have.
const GREATEST_COUNT: usize = 50;

/// How many policy templates a version may refer to.
const GREATEST_REFERENCES: usize = 100;

/// The group that a version of a template describes.
#[derive(Debug, Clone)]
pub struct TemplateGroup {
    /// The JSON object as it was written; what this server does not know stays in it.
    pub text: Box<RawValue>,
    /// Name and description of the group.
    pub content: GroupDraft,
    /// Its members: users, then service ids.
    pub members: Vec<NewMember>,
    /// Its rules.
    pub rules: Vec<TemplateRule>,
    /// What the account that has the group may do to it.
    pub controls: Controls,
}

/// A rule that a template describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateRule {
    /// What the rule says.
    pub content: RuleDraft,
    /// Whether the account that has the group may remove it.
    pub is_removable: bool,
}

/// What the account that has a managed group may do to it; what a template does not say is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Controls {
    /// Whether it may add members of its own.
    pub adds_members: bool,
    /// Whether it may remove members of the template.
    pub removes_members: bool,
    /// Whether it may add rules of its own.
    pub adds_rules: bool,
    /// Whether it may add policies for the group.
    pub adds_policies: bool,
}

impl TemplateGroup {
    /// Reads the group of a template, the member `group` of a body.
    ///
    /// # Errors
    /// All that is wrong: types, lengths of name, description and lists, and whatever a rule must have.
    pub fn of(text: Box<RawValue>) -> Result<Self, Vec<Violation>> {
        let value = parse(&text, "group")?;
        let mut violations = Vec::new();
        let group = Node::new(&value, "group").object(&mut violations);
        let content = content(&group, &mut violations);
        let members = members(&group.member("members").object(&mut violations), &mut violations);
        let rules = rules(&group.member("assertions").object(&mut violations), &mut violations);
        let controls = controls(&group, &mut violations);
        match content {
            Some(content) if violations.is_empty() => Ok(Self { text, content, members, rules, controls }),
            Some(_) | None => Err(violations),
        }
    }

    /// Returns the group of a template that describes none: it has the name of the template.
    ///
    /// # Errors
    /// All that is wrong with the name.
    pub fn named(name: &str) -> Result<Self, Vec<Violation>> {
        let text = serde_json::json!({ "name": name }).to_string();
        Self::of(RawValue::from_string(text).expect("an object written as text is JSON"))
    }

    /// Returns whether `iam_id` is a member by the template.
    pub fn has_member(&self, iam_id: &str) -> bool {
        self.members.iter().any(|member| member.iam_id == iam_id)
    }
}

/// Checks the references to policy templates, the member `policy_template_references` of a body.
///
/// # Errors
/// All that is wrong: there are more than 100, or one is not an object of texts.
pub fn check_references(text: &RawValue) -> Result<(), Vec<Violation>> {
    let value = parse(text, "policy_template_references")?;
    let mut violations = Vec::new();
    let references = Node::new(&value, "policy_template_references");
    for reference in references.items(GREATEST_REFERENCES, &mut violations) {
        if reference.is_absent() {
            violations.push(Violation::new(reference.path(), "must be an object"));
        }
        let reference = reference.object(&mut violations);
        for name in ["id", "version"] {
            reference.member(name).text(&mut violations);
        }
    }
    if violations.is_empty() { Ok(()) } else { Err(violations) }
}

fn parse(text: &RawValue, path: &str) -> Result<Value, Vec<Violation>> {
    serde_json::from_str(text.get())
        .map_err(|error| vec![Violation::new(path, format!("cannot be read: {error}"))])
}

fn content(group: &Node<'_>, violations: &mut Vec<Violation>) -> Option<GroupDraft> {
    if group.is_absent() {
        return None;
    }
    let name = group.member("name").text(violations);
    let description = group.member("description").text(violations);
    GroupDraft::new(name, description).map_err(|found| group.report(found, violations)).ok()
}

fn members(members: &Node<'_>, violations: &mut Vec<Violation>) -> Vec<NewMember> {
    let mut found: Vec<NewMember> = Vec::new();
    for (name, kind) in [("users", MemberKind::User), ("services", MemberKind::Service)] {
        for item in members.member(name).items(GREATEST_COUNT, violations) {
            let iam_id = item.text(violations).unwrap_or_default();
            let known = violations.last().is_some_and(|last| last.path == item.path());
            if iam_id.is_empty() && !known {
                violations.push(Violation::new(item.path(), "must not be empty"));
            }
            let member = NewMember { iam_id, kind };
            if !known && found.iter().any(|earlier| earlier.iam_id == member.iam_id) {
                violations.push(Violation::new(item.path(), "is there twice"));
            } else if !known && member.check().is_err() {
                violations.push(Violation::new(item.path(), "is no service id"));
            }
            found.push(member);
        }
    }
    found
}

fn rules(assertions: &Node<'_>, violations: &mut Vec<Violation>) -> Vec<TemplateRule> {
    let outer = assertions.member("action_controls").object(violations);
    let is_removable = outer.member("remove").flag(violations).unwrap_or_default();
    let mut found = Vec::new();
    for item in assertions.member("rules").items(GREATEST_COUNT, violations) {
        let item = item.object(violations);
        let own = item.member("action_controls").object(violations).member("remove").flag(violations);
        if let Some(content) = rule(&item, violations) {
            found.push(TemplateRule { content, is_removable: own.unwrap_or(is_removable) });
        }
    }
    found
}

fn rule(rule: &Node<'_>, violations: &mut Vec<Violation>) -> Option<RuleDraft> {
    let conditions = rule.member("conditions").items(GREATEST_COUNT, violations);
    let mut given_conditions = Vec::with_capacity(conditions.len());
    for condition in conditions {
        let condition = condition.object(violations);
        let texts = ["claim", "operator", "value"].map(|name| condition.member(name).text(violations));
        given_conditions.push(texts);
    }
    let given = GivenRule {
        name: rule.member("name").text(violations),
        expiration: rule.member("expiration").number(),
        realm_name: rule.member("realm_name").text(violations),
        conditions: Some(given_conditions),
    };
    RuleDraft::new(given).map_err(|found| rule.report(found, violations)).ok()
}

fn controls(group: &Node<'_>, violations: &mut Vec<Violation>) -> Controls {
    let members = group.member("members").member("action_controls").object(violations);
    let assertions = group.member("assertions").member("action_controls");
    let access = group.member("action_controls").object(violations).member("access").object(violations);
    let adds_policies = access.member("add").flag(violations).unwrap_or_default();
    Controls {
        adds_members: members.member("add").flag(violations).unwrap_or_default(),
        removes_members: members.member("remove").flag(violations).unwrap_or_default(),
        adds_rules: assertions.member("add").flag(violations).unwrap_or_default(),
        adds_policies,
    }
}
