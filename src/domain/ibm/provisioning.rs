//! The creation of the group of a template in an account, and its update to another version.

use std::sync::Arc;

use super::records::audit::AuditStamp;
use super::records::group::{Group, GroupChange, GroupKey};
use super::records::managed_group::{ManagedGroup, ManagedGroupIds};
use super::records::rule::{Rule, RuleDraft};
use super::records::template_group::TemplateGroup;
use super::state::IbmState;
use crate::store::Tx;

impl IbmState {
    /// Creates the group of a template in an account; `None` if the given group id already exists.
    pub fn provision_group(
        &mut self,
        (account, ids): (&str, ManagedGroupIds),
        group: &TemplateGroup,
        stamp: &AuditStamp,
        tx: &mut Tx<'_>,
    ) -> Option<ManagedGroup> {
        let id = ids.group_id.unwrap_or_else(|| self.new_id::<Group>("AccessGroupId-", "", tx).into());
        let key = Arc::new(GroupKey::new(id.clone(), self.intern_account(account)));
        self.insert_group(Arc::clone(&key), group.content.clone(), [stamp.clone(), stamp.clone()], tx)?;
        for member in &group.members {
            self.insert_member(&key, member, stamp.clone());
        }
        let mut rule_ids = ids.rule_ids.into_iter();
        let rules = group.rules.iter().map(|rule| {
            let rule_id = rule_ids.next().unwrap_or_else(|| self.new_rule_id(&key, tx));
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
                    let rule_id = self.new_rule_id(&key, tx);
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

    fn new_rule_id(&self, group: &GroupKey, tx: &mut Tx<'_>) -> Box<str> {
        self.new_id::<Rule>("ClaimRule-", &group.id, tx).into()
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
