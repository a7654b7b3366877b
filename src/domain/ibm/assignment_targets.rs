//! The effect of assignments in the accounts of their targets.
//!
//! Invariant: in each account at most one assignment of a template has a group. The assignment to the account itself
//! takes precedence over those to its account groups, and the latest of these over the others; the assignments without
//! a group are superseded or have failed.

use std::cmp::Reverse;
use std::sync::Arc;

use super::records::assignment::{Assignment, AssignmentOutcome, AssignmentStatus, GroupSource, TargetType};
use super::records::assignment_target::{AppliedVersion, AssignmentTarget};
use super::records::audit::AuditStamp;
use super::records::group::Group;
use super::records::interned::InternedStr;
use super::records::managed_group::{ManagedGroup, ManagedGroupIds};
use super::records::record_version::InsertError;
use super::records::template_group::TemplateGroup;
use super::state::IbmState;
use crate::store::Tx;

impl AssignmentTarget {
    /// Returns the result of the assignment in the account, once the operation has ended.
    pub const fn status(&self) -> AssignmentStatus {
        match (&self.applied, &self.error) {
            (_, Some(_)) => AssignmentStatus::Failed,
            (Some(_), None) => AssignmentStatus::Succeeded,
            (None, None) => AssignmentStatus::Superseded,
        }
    }
}

impl IbmState {
    /// Returns the accounts of an assignment with its results in them, sorted by account.
    pub fn targets(&self, assignment: &str) -> Vec<AssignmentTarget> {
        let targets = self.assignment_targets.list(AssignmentTarget::BY_ASSIGNMENT, (assignment, ""));
        let mut targets: Vec<AssignmentTarget> = targets.iter().cloned().collect();
        targets.sort_by(|left, right| left.account.cmp(&right.account));
        targets
    }

    /// Adds the accounts of a new assignment: with new groups, with saved results, or with an error.
    pub(super) fn add_targets(
        &mut self,
        id: &str,
        source: GroupSource,
        stamp: &AuditStamp,
        tx: &mut Tx<'_>,
    ) -> Result<(), InsertError> {
        let Some(assignment) = self.assignments.get(("", id)).cloned() else { return Ok(()) };
        match source {
            GroupSource::New(mut ids) => {
                for account in self.target_accounts(&assignment) {
                    let ids = ids.remove(&*account).unwrap_or_default();
                    self.apply_to_account(&assignment, (&account, ids), stamp, tx)?;
                }
            }
            GroupSource::Saved(saved) => {
                for target in saved {
                    let account = self.intern_account(&target.account);
                    self.set_target(&assignment, account, target.applied, target.error);
                }
            }
            GroupSource::Failed(error) => {
                for account in self.target_accounts(&assignment) {
                    self.set_target(&assignment, account, None, Some(error.clone()));
                }
            }
        }
        self.update_outcome(id);
        Ok(())
    }

    /// Applies the version of an assignment in all its accounts.
    pub(super) fn apply_to_targets(&mut self, id: &str, stamp: &AuditStamp, tx: &mut Tx<'_>) {
        let Some(assignment) = self.assignments.get(("", id)).cloned() else { return };
        for target in self.targets(id) {
            let applied =
                self.apply_to_account(&assignment, (&target.account, ManagedGroupIds::default()), stamp, tx);
            applied.expect("new identifiers are not in use");
        }
        self.update_outcome(id);
    }

    /// Deletes the accounts of an assignment, each with its group unless another assignment takes precedence then.
    pub(super) fn delete_targets(&mut self, id: &str, stamp: &AuditStamp, tx: &mut Tx<'_>) {
        for target in self.targets(id) {
            self.delete_target(target, stamp, tx);
        }
    }

    /// Adds an account to an assignment, and applies its version there.
    pub(super) fn add_target(
        &mut self,
        id: &str,
        account: &InternedStr,
        stamp: &AuditStamp,
        tx: &mut Tx<'_>,
    ) {
        let Some(assignment) = self.assignments.get(("", id)).cloned() else { return };
        let applied = self.apply_to_account(&assignment, (account, ManagedGroupIds::default()), stamp, tx);
        applied.expect("new identifiers are not in use");
        self.mark_assignment_changed(id, stamp, tx);
    }

    /// Deletes an account of an assignment, with its group unless another assignment takes precedence then.
    pub(super) fn delete_target(&mut self, target: AssignmentTarget, stamp: &AuditStamp, tx: &mut Tx<'_>) {
        self.assignment_targets.delete((&target.assignment, &target.account));
        let Some(applied) = target.applied else { return };
        let others = self.in_precedence(&target.account, &target.template);
        match others.first() {
            Some(next) if self.can_replace(&applied, next, &target.account) => {
                self.set_target(next, target.account.clone(), Some(applied), None);
            }
            Some(_) | None => self.delete_group(&applied.group.group_id),
        }
        for other in others {
            let ids = ManagedGroupIds::default();
            let reinstated = self.apply_to_account(&other, (&target.account, ids), stamp, tx);
            reinstated.expect("new identifiers are not in use");
            self.mark_assignment_changed(&other.id, stamp, tx);
            if self.holder(&target.account, &target.template).is_some() {
                return;
            }
        }
    }

    /// Returns whether the version of an assignment can replace a version that is in an account.
    fn can_replace(&self, applied: &AppliedVersion, next: &Assignment, account: &str) -> bool {
        let group = self.template_group(&next.template, &next.version);
        self.conflict((account, &next.template), Some(applied), group).is_none()
    }

    /// Returns the accounts of the target of an assignment; the account of the template is never one of them.
    pub(super) fn target_accounts(&mut self, assignment: &Assignment) -> Vec<InternedStr> {
        match assignment.target_type {
            TargetType::Account => vec![self.intern_account(&assignment.target)],
            TargetType::AccountGroup => {
                let accounts = self.account_group(&assignment.target).unwrap_or_default();
                accounts.iter().filter(|account| **account != assignment.account).cloned().collect()
            }
        }
    }

    /// Applies the version of an assignment in an account, unless another assignment takes precedence there.
    ///
    /// # Errors
    /// One of the given ids already exists.
    fn apply_to_account(
        &mut self,
        assignment: &Assignment,
        (account, ids): (&InternedStr, ManagedGroupIds),
        stamp: &AuditStamp,
        tx: &mut Tx<'_>,
    ) -> Result<(), InsertError> {
        let own = self.assignment_targets.get((&assignment.id, account));
        let own = own.and_then(|target| target.applied.clone());
        let holder = if own.is_none() { self.holder(account, &assignment.template) } else { None };
        if holder.as_ref().is_some_and(|it| it.is_direct)
            && assignment.target_type == TargetType::AccountGroup
        {
            self.set_target(assignment, account.clone(), None, None);
            return Ok(());
        }
        let held = own.as_ref().or_else(|| holder.as_ref()?.applied.as_ref()).cloned();
        let group = Arc::clone(self.template_group(&assignment.template, &assignment.version));
        if let Some(error) = self.conflict((account, &assignment.template), held.as_ref(), &group) {
            self.set_target(assignment, account.clone(), own, Some(error.into()));
            return Ok(());
        }
        let managed_group =
            self.bring_group((account, held, ids), (&assignment.template, &group), stamp, tx)?;
        if let Some(holder) = holder {
            self.assignment_targets.update((&holder.assignment, account), |target| {
                target.applied = None;
                target.error = None;
            });
            self.mark_assignment_changed(&holder.assignment, stamp, tx);
        }
        let applied = AppliedVersion { number: assignment.version.clone(), group: managed_group };
        self.set_target(assignment, account.clone(), Some(applied), None);
        Ok(())
    }

    /// Returns the group of a version in an account: the group of the version that is there, updated, or a new one.
    ///
    /// # Errors
    /// One of the given ids already exists.
    fn bring_group(
        &mut self,
        (account, held, ids): (&str, Option<AppliedVersion>, ManagedGroupIds),
        (template, group): (&str, &TemplateGroup),
        stamp: &AuditStamp,
        tx: &mut Tx<'_>,
    ) -> Result<ManagedGroup, InsertError> {
        let Some(AppliedVersion { number, group: managed_group }) = held else {
            let provisioned = self.provision_group((account, ids), group, stamp, tx);
            return provisioned.ok_or(InsertError::DuplicateKey);
        };
        let previous = Arc::clone(self.template_group(template, &number));
        Ok(self.reconcile_group(managed_group, [&previous, group], stamp, tx))
    }

    /// Returns the account of the assignment of a template that has a group in the account.
    fn holder(&self, account: &str, template: &str) -> Option<AssignmentTarget> {
        let targets = self.assignment_targets.list(AssignmentTarget::BY_TEMPLATE, (account, template));
        targets.iter().find(|target| target.applied.is_some()).cloned()
    }

    /// Returns the assignments of a template in an account in order of precedence: the one to the account itself, then
    /// the latest ones.
    fn in_precedence(&self, account: &str, template: &str) -> Vec<Assignment> {
        let targets = self.assignment_targets.list(AssignmentTarget::BY_TEMPLATE, (account, template));
        let assignments = targets.iter().filter_map(|target| self.assignments.get(("", &target.assignment)));
        let mut assignments: Vec<Assignment> = assignments.cloned().collect();
        assignments.sort_by_key(|it| Reverse((it.target_type == TargetType::Account, it.revision)));
        assignments
    }

    /// Returns the reason why a version of a template cannot be in an account, if any; `held` is the version of the
    /// template that it replaces there.
    fn conflict(
        &self,
        (account, template): (&str, &str),
        held: Option<&AppliedVersion>,
        next: &TemplateGroup,
    ) -> Option<String> {
        let held_id = held.map_or("", |held| &held.group.group_id);
        let name = next.content.name();
        let has_name =
            |group: &Group| *group.key.id != *held_id && group.name.to_lowercase() == name.to_lowercase();
        if self.groups.list(Group::BY_ACCOUNT, (account, "")).iter().any(has_name) {
            return Some(format!("The account already has an access group with the name \"{name}\"."));
        }
        let added = self.added_by_account((account, template), held?, next)?;
        Some(format!(
            "The account added {added} to the access group, and the version doesn't let it add them. Remove what the \
             account added, or assign a version that lets it add {added}."
        ))
    }

    /// Returns what the account added to a managed group although the version `next` does not let it, if anything.
    fn added_by_account(
        &self,
        (account, template): (&str, &str),
        held: &AppliedVersion,
        next: &TemplateGroup,
    ) -> Option<&'static str> {
        let ManagedGroup { group_id, rule_ids } = &held.group;
        let previous = self.template_group(template, &held.number);
        let is_own_member = |iam_id: &str| !previous.has_member(iam_id) && !next.has_member(iam_id);
        if !next.controls.can_add_members && self.has_member_where(group_id, is_own_member) {
            return Some("members");
        }
        if !next.controls.can_add_rules && self.group_rules(group_id).any(|rule| !rule_ids.contains(&rule.id))
        {
            return Some("rules");
        }
        if !next.controls.can_add_policies && self.has_group_policies(account, group_id) {
            return Some("policies");
        }
        None
    }

    /// Sets the result of an assignment in an account.
    fn set_target(
        &mut self,
        assignment: &Assignment,
        account: InternedStr,
        applied: Option<AppliedVersion>,
        error: Option<Box<str>>,
    ) {
        let target = AssignmentTarget {
            assignment: Arc::clone(&assignment.id),
            template: Arc::clone(&assignment.template),
            account,
            is_direct: assignment.target_type == TargetType::Account,
            applied,
            error,
        };
        if let Err(existing) = self.assignment_targets.insert(target) {
            self.assignment_targets.replace(existing);
        }
    }

    /// Marks an assignment as changed by another one or by a change of its account group.
    pub(super) fn mark_assignment_changed(&mut self, id: &str, stamp: &AuditStamp, tx: &mut Tx<'_>) {
        let revision = tx.next_revision();
        self.assignments.update(("", id), |assignment| {
            assignment.modified = stamp.clone();
            assignment.revision = revision;
            assignment.change_count = assignment.change_count.saturating_add(1);
        });
        self.update_outcome(id);
    }

    /// Updates the outcome of an assignment from the results in its accounts.
    fn update_outcome(&mut self, id: &str) {
        let targets = self.assignment_targets.list(AssignmentTarget::BY_ASSIGNMENT, (id, ""));
        let statuses: Vec<AssignmentStatus> = targets.iter().map(AssignmentTarget::status).collect();
        let outcome = if statuses.contains(&AssignmentStatus::Failed) {
            AssignmentOutcome::Failed
        } else if !statuses.is_empty() && statuses.iter().all(|it| *it == AssignmentStatus::Superseded) {
            AssignmentOutcome::Superseded
        } else {
            AssignmentOutcome::Succeeded
        };
        self.assignments.update(("", id), |assignment| assignment.outcome = outcome);
    }
}
