//! Managed groups: the group that an assignment creates in its target account, and the changes that the account may
//! make.
//!
//! Invariant: every assignment to an account has its own group in it, and no other group is managed.

use std::sync::Arc;

use super::assignment::Assignment;
use super::group::{GroupChange, GroupKey};
use super::rule::{Rule, RuleDraft};
use super::template_group::TemplateGroup;
use super::{AuditStamp, IbmState};
use crate::spec::{ApiError, ErrorCode};
use crate::store::Tx;

/// The group and rules that an assignment created in an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedGroup {
    /// The id of the group.
    pub group_id: Box<str>,
    /// The ids of the rules of the template, in the order of the template.
    pub rule_ids: Vec<Box<str>>,
}

/// The ids of the group and rules that an assignment creates; missing ones are generated.
#[derive(Debug, Clone, Default)]
pub struct ManagedGroupIds {
    /// The id of the group.
    pub group_id: Option<Box<str>>,
    /// The ids of the rules, in the order of the template.
    pub rule_ids: Vec<Box<str>>,
}

/// A direct change of a group, not through its template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupMutation<'a> {
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

impl IbmState {
    /// Returns whether the account may make this change to the group with `id`; always true for an unmanaged group.
    ///
    /// The account may always change and remove the members and rules that it added itself.
    pub fn is_mutation_allowed(&self, id: &str, change: GroupMutation<'_>) -> bool {
        let manager = self.assignments.list(Assignment::BY_GROUP, (id, "")).iter().next();
        let Some((assignment, managed_group)) = manager.and_then(|it| Some((it, it.managed_group.as_ref()?)))
        else {
            return true;
        };
        let group = self.assigned_template_group(assignment);
        let rule_index = |rule_id: &str| managed_group.rule_ids.iter().position(|id| **id == *rule_id);
        match change {
            GroupMutation::Update | GroupMutation::Delete => false,
            GroupMutation::AddMember => group.controls.can_add_members,
            GroupMutation::RemoveMember(iam_id) => {
                group.controls.can_remove_members || !group.has_member(iam_id)
            }
            GroupMutation::AddRule => group.controls.can_add_rules,
            GroupMutation::AddPolicy => group.controls.can_add_policies,
            GroupMutation::ReplaceRule(rule_id) => rule_index(rule_id).is_none(),
            GroupMutation::RemoveRule(rule_id) => {
                rule_index(rule_id).is_none_or(|index| group.rules[index].is_removable)
            }
        }
    }

    /// Checks that the account may make this change to the group with `id`.
    ///
    /// # Errors
    /// `error`, whose message says what to do instead.
    pub fn check_mutation(
        &self,
        id: &str,
        change: GroupMutation<'_>,
        error: &'static ErrorCode,
    ) -> Result<(), ApiError> {
        if self.is_mutation_allowed(id, change) { Ok(()) } else { Err(error.with_subject(id)) }
    }

    /// Returns the group that the version of an assignment describes.
    pub fn assigned_template_group(&self, assignment: &Assignment) -> &TemplateGroup {
        let version = self.versions.get((&assignment.template, &assignment.version));
        &version.expect("the version of an assignment exists").content.group
    }

    /// Returns the number of rules that a version of a template describes; `None` if the version does not exist.
    pub fn template_rule_count(&self, template: &str, number: &str) -> Option<usize> {
        self.versions.get((template, number)).map(|version| version.content.group.rules.len())
    }

    /// Creates the group of a template in an account; `None` if the given group id already exists.
    pub fn provision_group(
        &mut self,
        (account, ids): (&str, ManagedGroupIds),
        group: &TemplateGroup,
        stamp: &AuditStamp,
        tx: &mut Tx<'_>,
    ) -> Option<ManagedGroup> {
        let id = ids.group_id.unwrap_or_else(|| format!("AccessGroupId-{}", tx.ids.uuid()).into());
        let key = Arc::new(GroupKey { id: id.clone(), account: self.intern_account(account) });
        self.insert_group(Arc::clone(&key), group.content.clone(), [stamp.clone(), stamp.clone()], tx)?;
        for member in &group.members {
            self.insert_member(&key, member, stamp.clone());
        }
        let mut rule_ids = ids.rule_ids.into_iter();
        let rules = group.rules.iter().map(|rule| {
            let rule_id = rule_ids.next().unwrap_or_else(|| new_rule_id(tx));
            self.insert_managed_rule(&key, (rule_id, &rule.content), stamp, tx)
        });
        let rules = rules.collect();
        Some(ManagedGroup { group_id: id, rule_ids: rules })
    }

    /// Updates a managed group from the group of the previous version to that of the next version.
    ///
    /// The name, description, members and rules of the next version are restored, and those that only the previous
    /// version has are removed. Members and rules that the account added are kept, except members that were also in the
    /// previous version. A rule with the same content in both versions keeps its id.
    pub fn reconcile_group(
        &mut self,
        managed_group: ManagedGroup,
        [previous, next]: [&TemplateGroup; 2],
        stamp: &AuditStamp,
        tx: &mut Tx<'_>,
    ) -> ManagedGroup {
        let ManagedGroup { group_id: id, rule_ids: mut managed_rules } = managed_group;
        let group = self.groups.get(("", &id)).expect("the group of an assignment to an account exists");
        let key = Arc::clone(&group.key);
        if !group.has_content(&next.content) {
            self.apply_group_change(&id, GroupChange::from(next.content.clone()), stamp.clone(), tx);
        }
        // A member whose kind changed is deleted here and added again below.
        for member in previous.members.iter().filter(|member| !next.members.contains(member)) {
            self.members.delete((&id, &member.iam_id));
        }
        for member in &next.members {
            self.insert_member(&key, member, stamp.clone());
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
            self.delete_rule_unchecked(&id, &rule_id);
        }
        ManagedGroup { group_id: id, rule_ids: rules }
    }

    /// Adds a rule of the template to a managed group and returns its id.
    fn insert_managed_rule(
        &mut self,
        group: &Arc<GroupKey>,
        (id, content): (Box<str>, &RuleDraft),
        stamp: &AuditStamp,
        tx: &mut Tx<'_>,
    ) -> Box<str> {
        let (created, modified) = (stamp.clone(), stamp.clone());
        let revision = tx.next_revision();
        let (group, content) = (Arc::clone(group), content.clone());
        self.insert_rule(Rule {
            group,
            id: id.clone(),
            content,
            created,
            modified,
            revision,
            change_count: 1,
        });
        id
    }
}

fn new_rule_id(tx: &mut Tx<'_>) -> Box<str> {
    format!("ClaimRule-{}", tx.ids.uuid()).into()
}
