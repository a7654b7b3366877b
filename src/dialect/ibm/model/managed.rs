//! Managed groups: the group that an assignment creates in its target account, and the changes that the account may
//! make.
//!
//! Invariant: every assignment to an account has its own group in it, and no other group is managed.

use std::sync::Arc;

use super::assignment::Assignment;
use super::group::{GroupChange, Place};
use super::rule::{Rule, RuleDraft};
use super::template_group::TemplateGroup;
use super::{Stamp, State};
use crate::error::{ErrorCode, ApiError};
use crate::store::Tx;

/// The group and rules that an assignment created in an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// The id of the group.
    pub group: Box<str>,
    /// The ids of the rules of the template, in the order of the template.
    pub rules: Vec<Box<str>>,
}

/// The ids of the group and rules that an assignment creates; missing ones are generated.
#[derive(Debug, Clone, Default)]
pub struct EffectIds {
    /// The id of the group.
    pub group: Option<Box<str>>,
    /// The ids of the rules, in the order of the template.
    pub rules: Vec<Box<str>>,
}

/// A direct change of a group, not through its template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'a> {
    /// A change of the name or description.
    Update,
    /// The deletion of the group.
    Delete,
    /// The addition of a member.
    AddMember,
    /// The removal of this member.
    RemoveMember(&'a str),
    /// The addition of a rule.
    AddRule,
    /// The replacement of this rule.
    ReplaceRule(&'a str),
    /// The removal of this rule.
    RemoveRule(&'a str),
    /// The addition of a policy for the group.
    AddPolicy,
}

impl State {
    /// Returns whether the account may make this change to the group with `id`; always true for an unmanaged group.
    ///
    /// The account may always change and remove the members and rules that it added itself.
    pub fn allows(&self, id: &str, change: Change<'_>) -> bool {
        let manager = self.assignments.list(Assignment::OF_GROUP, (id, "")).iter().next();
        let Some((assignment, managed_group)) = manager.and_then(|it| Some((it, it.effect.as_ref()?))) else {
            return true;
        };
        let group = self.group_of(assignment);
        let rule_index = |rule_id: &str| managed_group.rules.iter().position(|id| **id == *rule_id);
        match change {
            Change::Update | Change::Delete => false,
            Change::AddMember => group.controls.adds_members,
            Change::RemoveMember(iam_id) => group.controls.removes_members || !group.has_member(iam_id),
            Change::AddRule => group.controls.adds_rules,
            Change::AddPolicy => group.controls.adds_policies,
            Change::ReplaceRule(rule_id) => rule_index(rule_id).is_none(),
            Change::RemoveRule(rule_id) => {
                rule_index(rule_id).is_none_or(|index| group.rules[index].is_removable)
            }
        }
    }

    /// Checks that the account may make this change to the group with `id`.
    ///
    /// # Errors
    /// `error`, whose message says what to do instead.
    pub fn check_change(&self, id: &str, change: Change<'_>, error: &'static ErrorCode) -> Result<(), ApiError> {
        if self.allows(id, change) { Ok(()) } else { Err(error.with_subject(id)) }
    }

    /// Returns the group that the version of an assignment describes.
    pub fn group_of(&self, assignment: &Assignment) -> &TemplateGroup {
        let version = self.versions.get((&assignment.template, &assignment.version));
        &version.expect("the version of an assignment exists").content.group
    }

    /// Returns the number of rules that a version of a template describes; `None` if the version does not exist.
    pub fn rules_in_version(&self, template: &str, number: &str) -> Option<usize> {
        self.versions.get((template, number)).map(|version| version.content.group.rules.len())
    }

    /// Creates the group of a template in an account; `None` if the given group id already exists.
    pub(super) fn manage(
        &mut self,
        (account, ids): (&str, EffectIds),
        group: &TemplateGroup,
        stamp: &Stamp,
        tx: &mut Tx<'_>,
    ) -> Option<Effect> {
        let id = ids.group.unwrap_or_else(|| format!("AccessGroupId-{}", tx.ids.uuid()).into());
        let key = Arc::new(Place { id: id.clone(), account: self.account(account) });
        self.put_group(Arc::clone(&key), group.content.clone(), [stamp.clone(), stamp.clone()], tx)?;
        for member in &group.members {
            self.put_member(&key, member, stamp.clone());
        }
        let mut rule_ids = ids.rules.into_iter();
        let rules = group.rules.iter().map(|rule| {
            let rule_id = rule_ids.next().unwrap_or_else(|| new_rule_id(tx));
            self.insert_managed_rule(&key, (rule_id, &rule.content), stamp, tx)
        });
        let rules = rules.collect();
        Some(Effect { group: id, rules })
    }

    /// Updates a managed group from the group of the previous version to that of the next version.
    ///
    /// The name, description, members and rules of the next version are restored, and those that only the previous
    /// version has are removed. Members and rules that the account added are kept, except members that were also in the
    /// previous version. A rule with the same content in both versions keeps its id.
    pub(super) fn manage_anew(
        &mut self,
        managed_group: Effect,
        [previous, next]: [&TemplateGroup; 2],
        stamp: &Stamp,
        tx: &mut Tx<'_>,
    ) -> Effect {
        let Effect { group: id, rules: mut managed_rules } = managed_group;
        let group = self.groups.get(("", &id)).expect("the group of an assignment to an account exists");
        let key = Arc::clone(&group.place);
        if !group.has(&next.content) {
            self.put_change(&id, GroupChange::from(next.content.clone()), stamp.clone(), tx);
        }
        // A member whose kind changed is deleted here and added again below.
        for member in previous.members.iter().filter(|member| !next.members.contains(member)) {
            self.members.delete((&id, &member.iam_id));
        }
        for member in &next.members {
            self.put_member(&key, member, stamp.clone());
        }
        let rules = next.rules.iter().map(|rule| {
            let is_same = |rule_id: &str| self.rule(&id, rule_id).is_ok_and(|it| it.content == rule.content);
            match managed_rules.iter().position(|rule_id| is_same(rule_id)) {
                Some(index) => managed_rules.remove(index),
                None => {
                    let rule_id = new_rule_id(tx);
                    self.insert_managed_rule(&key, (rule_id, &rule.content), stamp, tx)
                }
            }
        });
        let rules = rules.collect();
        for rule_id in managed_rules {
            self.drop_rule(&id, &rule_id);
        }
        Effect { group: id, rules }
    }

    /// Adds a rule of the template to a managed group and returns its id.
    fn insert_managed_rule(
        &mut self,
        group: &Arc<Place>,
        (id, content): (Box<str>, &RuleDraft),
        stamp: &Stamp,
        tx: &mut Tx<'_>,
    ) -> Box<str> {
        let (created, modified) = (stamp.clone(), stamp.clone());
        let revision = tx.next_revision();
        let (group, content) = (Arc::clone(group), content.clone());
        self.put_rule(Rule { group, id: id.clone(), content, created, modified, revision, changes: 1 });
        id
    }
}

fn new_rule_id(tx: &mut Tx<'_>) -> Box<str> {
    format!("ClaimRule-{}", tx.ids.uuid()).into()
}
