//! The group that a version of a template describes: its original JSON and its parsed content.

use serde_json::Value;
use serde_json::value::RawValue;

use super::group::GroupDraft;
use super::json_node::JsonNode;
use super::member::{MemberKind, NewMember};
use super::rule::{RuleDraft, RuleInput};
use crate::spec::{Violation, Violations};

/// The maximum number of users, service ids, rules, and conditions of one rule in a template.
const MAX_ENTRIES: usize = 50;

/// The maximum number of policy templates that a version may refer to.
const MAX_REFERENCES: usize = 100;

/// The group that a version of a template describes.
#[derive(Debug, Clone)]
pub struct TemplateGroup {
    /// The JSON object exactly as received, including fields that this server does not know.
    pub raw_json: Box<RawValue>,
    /// The name and description of the group.
    pub content: GroupDraft,
    /// The members: users, then service ids.
    pub members: Vec<NewMember>,
    /// The rules.
    pub rules: Vec<TemplateRule>,
    /// The changes that the target account may make to the group.
    pub controls: ActionControls,
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
pub struct ActionControls {
    /// Whether it may add members.
    pub can_add_members: bool,
    /// Whether it may remove members of the template.
    pub can_remove_members: bool,
    /// Whether it may add rules.
    pub can_add_rules: bool,
    /// Whether it may add policies for the group.
    pub can_add_policies: bool,
}

impl TemplateGroup {
    /// Parses the group of a template, which is the field `group` of a body.
    ///
    /// # Errors
    /// All violations: wrong types, the lengths of the name, description and lists, and the violations of the rules.
    pub fn parse(text: Box<RawValue>) -> Result<Self, Violations> {
        let value = parse(&text, "group")?;
        let mut violations = Violations::new();
        let group = JsonNode::new(&value, "group").require_object(&mut violations);
        let content = content(&group, &mut violations);
        let members = members(&group.field("members").require_object(&mut violations), &mut violations);
        let rules = rules(&group.field("assertions").require_object(&mut violations), &mut violations);
        let controls = controls(&group, &mut violations);
        match content {
            Some(content) if violations.is_empty() => {
                Ok(Self { raw_json: text, content, members, rules, controls })
            }
            Some(_) | None => Err(violations),
        }
    }

    /// Returns the group of a template that describes none: it has the name of the template.
    ///
    /// # Errors
    /// All violations of the name.
    pub fn from_name(name: &str) -> Result<Self, Violations> {
        let json = serde_json::json!({ "name": name }).to_string();
        Self::parse(RawValue::from_string(json).expect("a serialized object is valid JSON"))
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
pub fn check_references(json: &RawValue) -> Result<(), Violations> {
    let value = parse(json, "policy_template_references")?;
    let mut violations = Violations::new();
    let references = JsonNode::new(&value, "policy_template_references");
    for reference in references.items(MAX_REFERENCES, &mut violations) {
        if reference.is_absent() {
            violations.push(Violation::new(reference.path(), "must be an object"));
        }
        let reference = reference.require_object(&mut violations);
        for name in ["id", "version"] {
            reference.field(name).string(&mut violations);
        }
    }
    if violations.is_empty() { Ok(()) } else { Err(violations) }
}

fn parse(json: &RawValue, path: &str) -> Result<Value, Violations> {
    serde_json::from_str(json.get())
        .map_err(|error| Violation::new(path, format!("cannot be read: {error}")).into())
}

fn content(group: &JsonNode<'_>, violations: &mut Violations) -> Option<GroupDraft> {
    if group.is_absent() {
        return None;
    }
    let name = group.field("name").string(violations);
    let description = group.field("description").string(violations);
    GroupDraft::new(name, description).map_err(|nested| group.report_nested(nested, violations)).ok()
}

fn members(members: &JsonNode<'_>, violations: &mut Violations) -> Vec<NewMember> {
    let mut found: Vec<NewMember> = Vec::new();
    for (name, kind) in [("users", MemberKind::User), ("services", MemberKind::Service)] {
        for item in members.field(name).items(MAX_ENTRIES, violations) {
            let iam_id = item.string(violations).unwrap_or_default();
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

fn rules(assertions: &JsonNode<'_>, violations: &mut Violations) -> Vec<TemplateRule> {
    let outer = assertions.field("action_controls").require_object(violations);
    let is_removable = outer.field("remove").boolean(violations).unwrap_or_default();
    let mut found = Vec::new();
    for item in assertions.field("rules").items(MAX_ENTRIES, violations) {
        let item = item.require_object(violations);
        let override_removable =
            item.field("action_controls").require_object(violations).field("remove").boolean(violations);
        if let Some(content) = rule(&item, violations) {
            found.push(TemplateRule { content, is_removable: override_removable.unwrap_or(is_removable) });
        }
    }
    found
}

fn rule(rule: &JsonNode<'_>, violations: &mut Violations) -> Option<RuleDraft> {
    let conditions = rule.field("conditions").items(MAX_ENTRIES, violations);
    let mut condition_inputs = Vec::with_capacity(conditions.len());
    for condition in conditions {
        let condition = condition.require_object(violations);
        let values = ["claim", "operator", "value"].map(|name| condition.field(name).string(violations));
        condition_inputs.push(values);
    }
    let input = RuleInput {
        name: rule.field("name").string(violations),
        expiration: rule.field("expiration").number(),
        realm_name: rule.field("realm_name").string(violations),
        conditions: Some(condition_inputs),
    };
    RuleDraft::new(input).map_err(|nested| rule.report_nested(nested, violations)).ok()
}

fn controls(group: &JsonNode<'_>, violations: &mut Violations) -> ActionControls {
    let members = group.field("members").field("action_controls").require_object(violations);
    let assertions = group.field("assertions").field("action_controls");
    let access =
        group.field("action_controls").require_object(violations).field("access").require_object(violations);
    let adds_policies = access.field("add").boolean(violations).unwrap_or_default();
    ActionControls {
        can_add_members: members.field("add").boolean(violations).unwrap_or_default(),
        can_remove_members: members.field("remove").boolean(violations).unwrap_or_default(),
        can_add_rules: assertions.field("add").boolean(violations).unwrap_or_default(),
        can_add_policies: adds_policies,
    }
}
