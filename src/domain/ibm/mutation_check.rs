//! Checks of the changes that an account makes to a managed group.
//!
//! Invariant: at most one assignment of a template has a group in an account, and no other group is managed.

use std::sync::Arc;

use super::records::assignment::Assignment;
use super::records::assignment_target::AssignmentTarget;
use super::records::managed_group::GroupMutation;
use super::records::template_group::TemplateGroup;
use super::state::IbmState;
use crate::spec::{ApiError, ErrorCode};

impl IbmState {
    /// Returns whether the account may make this change to the group with `id`; always true for an unmanaged group.
    ///
    /// The account may always change and remove the members and rules that it added itself.
    pub fn is_mutation_allowed(&self, id: &str, change: GroupMutation<'_>) -> bool {
        let manager = self.assignment_targets.list(AssignmentTarget::BY_GROUP, (id, "")).iter().next();
        let Some((target, applied)) = manager.and_then(|it| Some((it, it.applied.as_ref()?))) else {
            return true;
        };
        let group = self.template_group(&target.template, &applied.number);
        let rule_index = |rule_id: &str| applied.group.rule_ids.iter().position(|id| **id == *rule_id);
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

    /// Returns whether an assignment manages the group with `id`.
    pub fn is_managed_group(&self, id: &str) -> bool {
        !self.assignment_targets.list(AssignmentTarget::BY_GROUP, (id, "")).is_empty()
    }

    /// Returns the group that the version of an assignment describes.
    pub fn assigned_template_group(&self, assignment: &Assignment) -> &TemplateGroup {
        self.template_group(&assignment.template, &assignment.version)
    }

    /// Returns the group that an assigned version describes.
    pub(super) fn template_group(&self, template: &str, number: &str) -> &Arc<TemplateGroup> {
        let version = self.versions.get((template, number));
        &version.expect("an assigned version exists").content.group
    }

    /// Returns the number of rules that a version of a template describes; `None` if the version does not exist.
    pub fn template_rule_count(&self, template: &str, number: &str) -> Option<usize> {
        self.versions.get((template, number)).map(|version| version.content.group.rules.len())
    }
}
