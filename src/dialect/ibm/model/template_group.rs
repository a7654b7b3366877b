//! The group that a version of a template describes: its original JSON and its parsed content.

use serde_json::Value;
use serde_json::value::RawValue;

use super::group::GroupDraft;
use super::member::{MemberKind, NewMember};
use super::node::Node;
use super::rule::{GivenRule, RuleDraft};
use crate::error::Violation;

/// The maximum number of users, service ids, rules, and conditions of one rule in a template.
const MAX_ENTRIES: usize = 50;

/// The maximum number of policy templates that a version may refer to.
const MAX_REFERENCES: usize = 100;

/// The group that a version of a template describes.
#[derive(Debug, Clone)]
pub struct TemplateGroup {
    /// The JSON object exactly as received, including fields that this server does not know.
    pub text: Box<RawValue>,
    /// The name and description of the group.
    pub content: GroupDraft,
    /// The members: users, then service ids.
    pub members: Vec<NewMember>,
    /// The rules.
    pub rules: Vec<TemplateRule>,
    /// The changes that the target account may make to the group.
    pub controls: Controls,
}

/// A rule that a template describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateRule {
    /// The content of the rule.
    pub content: RuleDraft,
    /// Whether the target account may remove the rule.
    pub is_removable: bool,
}

/// The changes that the target account may make to a managed group; all are forbidden by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Controls {
    /// Whether it may add members.
    pub adds_members: bool,
    /// Whether it may remove members of the template.
    pub removes_members: bool,
    /// Whether it may add rules.
    pub adds_rules: bool,
    /// Whether it may add policies for the group.
    pub adds_policies: bool,
}

impl TemplateGroup {
    /// Parses the group of a template, which is the field `group` of a body.
    ///
    /// # Errors
    /// All violations: wrong types, the lengths of the name, description and lists, and the violations of the rules.
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
    /// All violations of the name.
    pub fn named(name: &str) -> Result<Self, Vec<Violation>> {
        let json = serde_json::json!({ "name": name }).to_string();
        Self::of(RawValue::from_string(json).expect("a serialized object is valid JSON"))
    }

    /// Returns whether the template has the member `iam_id`.
    pub fn has_member(&self, iam_id: &str) -> bool {
        self.members.iter().any(|member| member.iam_id == iam_id)
    }
}

/// Checks the references to policy templates, which are the field `policy_template_references` of a body.
///
/// # Errors
/// All violations: there are more than 100 references, or a reference is not an object with string fields.
pub fn check_references(json: &RawValue) -> Result<(), Vec<Violation>> {
    let value = parse(json, "policy_template_references")?;
    let mut violations = Vec::new();
    let references = Node::new(&value, "policy_template_references");
    for reference in references.items(MAX_REFERENCES, &mut violations) {
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

fn parse(json: &RawValue, path: &str) -> Result<Value, Vec<Violation>> {
    serde_json::from_str(json.get())
        .map_err(|error| vec![Violation::new(path, format!("cannot be read: {error}"))])
}

fn content(group: &Node<'_>, violations: &mut Vec<Violation>) -> Option<GroupDraft> {
    if group.is_absent() {
        return None;
    }
    let name = group.member("name").text(violations);
    let description = group.member("description").text(violations);
    GroupDraft::new(name, description).map_err(|nested| group.report(nested, violations)).ok()
}

fn members(members: &Node<'_>, violations: &mut Vec<Violation>) -> Vec<NewMember> {
    let mut found: Vec<NewMember> = Vec::new();
    for (name, kind) in [("users", MemberKind::User), ("services", MemberKind::Service)] {
        for item in members.member(name).items(MAX_ENTRIES, violations) {
            let iam_id = item.text(violations).unwrap_or_default();
            let is_reported = violations.last().is_some_and(|last| last.path == item.path());
            if iam_id.is_empty() && !is_reported {
                violations.push(Violation::new(item.path(), "must not be empty"));
            }
            let member = NewMember { iam_id, kind };
            if !is_reported && found.iter().any(|earlier| earlier.iam_id == member.iam_id) {
                violations.push(Violation::new(item.path(), "is a duplicate"));
            } else if !is_reported && member.check().is_err() {
                violations.push(Violation::new(item.path(), "is not a service id"));
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
    for item in assertions.member("rules").items(MAX_ENTRIES, violations) {
        let item = item.object(violations);
        let own = item.member("action_controls").object(violations).member("remove").flag(violations);
        if let Some(content) = rule(&item, violations) {
            found.push(TemplateRule { content, is_removable: own.unwrap_or(is_removable) });
        }
    }
    found
}

fn rule(rule: &Node<'_>, violations: &mut Vec<Violation>) -> Option<RuleDraft> {
    let conditions = rule.member("conditions").items(MAX_ENTRIES, violations);
    let mut condition_inputs = Vec::with_capacity(conditions.len());
    for condition in conditions {
        let condition = condition.object(violations);
        let values = ["claim", "operator", "value"].map(|name| condition.member(name).text(violations));
        condition_inputs.push(values);
    }
    let input = GivenRule {
        name: rule.member("name").text(violations),
        expiration: rule.member("expiration").number(),
        realm_name: rule.member("realm_name").text(violations),
        conditions: Some(condition_inputs),
    };
    RuleDraft::new(input).map_err(|nested| rule.report(nested, violations)).ok()
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
