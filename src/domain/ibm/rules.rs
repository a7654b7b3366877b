//! Operations on the rules of groups.

use std::sync::Arc;

use super::error;
use super::records::caller::Caller;
use super::records::managed_group::GroupMutation;
use super::records::rule::{Rule, RuleDraft};
use super::state::IbmState;
use crate::spec::ApiError;
use crate::store::Tx;

impl IbmState {
    /// Returns the number of rules of the group with `id`.
    pub fn group_rule_count(&self, id: &str) -> usize {
        self.rules.list(Rule::BY_GROUP, (id, "")).len()
    }

    /// Returns the rules of the group with `id` in order of creation.
    pub fn group_rules(&self, id: &str) -> impl Iterator<Item = &Rule> {
        self.rules.list(Rule::BY_GROUP, (id, "")).iter()
    }

    /// Returns the rule `rule_id` of the group with `id`.
    ///
    /// # Errors
    /// [`error::RULE_NOT_FOUND`].
    pub fn rule(&self, id: &str, rule_id: &str) -> Result<&Rule, ApiError> {
        self.rules.get((id, rule_id)).ok_or_else(|| error::RULE_NOT_FOUND.error())
    }

    /// Adds a rule to the group with `id`.
    ///
    /// # Errors
    /// [`error::GROUP_NOT_FOUND`], and as [`IbmState::check_mutation`].
    pub fn create_rule(
        &mut self,
        id: &str,
        content: RuleDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Rule, ApiError> {
        let group = self.groups.get(("", id)).ok_or_else(|| error::GROUP_NOT_FOUND.with_subject(id))?;
        self.check_mutation(id, GroupMutation::AddRule, &error::managed::ADD_RULE)?;
        let group = Arc::clone(&group.key);
        let created = self.audit_stamp(caller, tx);
        let modified = created.clone();
        let rule_id: Box<str> = self.new_id::<Rule>("ClaimRule-", id, tx).into();
        let revision = tx.next_revision();
        let key = rule_id.clone();
        self.insert_rule(Rule { group, id: rule_id, content, created, modified, revision, change_count: 1 });
        self.rule(id, &key)
    }

    /// Adds a rule whose id does not exist in its group.
    pub fn insert_rule(&mut self, rule: Rule) {
        let group = Arc::clone(&rule.group);
        self.rules.insert(rule).expect("the id of a new rule is unique in its group");
        self.update_rule_count(&group.id);
    }

    /// Replaces the content of the rule `rule_id` of the group with `id`.
    ///
    /// # Errors
    /// [`error::RULE_NOT_FOUND`], and as [`IbmState::check_mutation`].
    pub fn replace_rule(
        &mut self,
        (id, rule_id): (&str, &str),
        content: RuleDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Rule, ApiError> {
        self.check_mutation(id, GroupMutation::ReplaceRule(rule_id), &error::managed::REPLACE_RULE)?;
        let modified = self.audit_stamp(caller, tx);
        let revision = tx.next_revision();
        let replaced = self.rules.update((id, rule_id), |rule| {
            rule.content = content;
            rule.modified = modified;
            rule.revision = revision;
            rule.change_count += 1;
        });
        replaced.ok_or_else(|| error::RULE_NOT_FOUND.error())
    }

    /// Deletes the rule `rule_id` of the group with `id`.
    ///
    /// # Errors
    /// [`error::RULE_NOT_FOUND`], and as [`IbmState::check_mutation`].
    pub fn delete_rule(&mut self, id: &str, rule_id: &str) -> Result<(), ApiError> {
        self.rule(id, rule_id)?;
        self.check_mutation(id, GroupMutation::RemoveRule(rule_id), &error::managed::REMOVE_RULE)?;
        self.delete_rule_unchecked(id, rule_id);
        Ok(())
    }

    /// Deletes the rule `rule_id` of the group with `id`, even if a template manages the group.
    pub fn delete_rule_unchecked(&mut self, id: &str, rule_id: &str) {
        self.rules.delete((id, rule_id));
        self.update_rule_count(id);
    }

    /// Deletes the rules of the group with `id`; pinned ones are restored.
    pub fn delete_group_rules(&mut self, id: &str) {
        self.rules.delete_partition(Rule::BY_GROUP, (id, ""));
    }

    /// Updates the number of rules in the group with `id`, by which groups can be sorted.
    pub fn update_rule_count(&mut self, id: &str) {
        let count = self.rules.list(Rule::BY_GROUP, (id, "")).len();
        self.set_rule_count(id, u32::try_from(count).expect("a collection holds fewer than 2^32 records"));
    }

    /// Sets the number of rules in the group with `id`.
    pub fn set_rule_count(&mut self, id: &str, count: u32) {
        self.groups.update(("", id), |group| group.rule_count = count);
    }
}
