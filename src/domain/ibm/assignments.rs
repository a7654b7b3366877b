//! Operations on assignments, and the list of an account's assignments.
//!
//! Invariant: an assignment refers to an existing, committed version.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::error::template as error;
use super::page::ListPage;
use super::records::assignment::{
    Assignment, AssignmentDraft, AssignmentOperation, AssignmentStatus, GroupSource, NewAssignment,
    TargetType, Viewpoint, assignment_status,
};
use super::records::audit::AuditStamp;
use super::records::caller::Caller;
use super::records::managed_group::{ManagedGroup, ManagedGroupIds};
use super::records::record_version::{InsertError, RecordVersion};
use super::records::template::VersionWithTemplate;
use super::records::template_group::TemplateGroup;
use super::state::IbmState;
use crate::spec::ApiError;
use crate::store::{PageRange, Tx};

/// The query for a list of assignments: filters that must all match, and the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentQuery {
    /// The account.
    pub account: String,
    /// Only assignments of this template.
    pub template: Option<String>,
    /// Only assignments of versions with this number.
    pub version: Option<String>,
    /// Only assignments to this target.
    pub target: Option<String>,
    /// Only assignments with this status.
    pub status: Option<AssignmentStatus>,
    /// The page.
    pub window: PageRange,
}

impl AssignmentQuery {
    /// Returns whether the assignment matches all filters.
    fn matches(&self, assignment: &Assignment, viewpoint: Viewpoint) -> bool {
        *assignment.account == *self.account
            && self.template.as_deref().is_none_or(|template| template == &*assignment.template)
            && self.version.as_deref().is_none_or(|version| version == &*assignment.version)
            && self.target.as_deref().is_none_or(|target| target == &*assignment.target)
            && self.status.is_none_or(|status| status == assignment_status(assignment, viewpoint))
    }

    const fn has_filter(&self) -> bool {
        self.template.is_some() || self.version.is_some() || self.target.is_some() || self.status.is_some()
    }
}

impl IbmState {
    /// Returns the assignment with `id`.
    ///
    /// # Errors
    /// [`error::ASSIGNMENT_NOT_FOUND`], and `forbidden` if the caller may not use the account.
    pub fn assignment(&self, id: &str, caller: &Caller) -> Result<&Assignment, ApiError> {
        let assignment = self.assignments.get(("", id));
        let assignment = assignment.ok_or_else(|| error::ASSIGNMENT_NOT_FOUND.with_subject(id))?;
        caller.check_account_access(&assignment.account)?;
        Ok(assignment)
    }

    /// Assigns a committed version; if the target is an account, creates the group of the version in it.
    ///
    /// # Errors
    /// [`error::NOT_COMMITTED`] and [`error::ROOT_TARGET`], and as [`IbmState::template_version`].
    pub fn create_assignment(
        &mut self,
        draft: AssignmentDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Assignment, ApiError> {
        check_draft(&draft, self.template_version(&draft.template, &draft.version, caller)?)?;
        let id = self.new_id::<Assignment>("AccessGroupAssignmentId-", "", tx).into();
        let stamp = self.audit_stamp(caller, tx);
        let stamps = [stamp.clone(), stamp];
        let new = NewAssignment {
            id,
            draft,
            operation: AssignmentOperation::Assign,
            group_source: GroupSource::New(ManagedGroupIds::default()),
            stamps,
            record_version: RecordVersion::default(),
            started_at: Some(tx.now),
        };
        let id = new.id.clone();
        self.insert_assignment(new, caller, tx)?.expect("the ids are drawn unused");
        self.assignment(&id, caller)
    }

    /// Adds a complete assignment; returns [`InsertError`] if its id, the id of its group or its sequence number
    /// already exists.
    ///
    /// # Errors
    /// As [`IbmState::create_assignment`].
    pub fn insert_assignment(
        &mut self,
        new: NewAssignment,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<Result<(), InsertError>, ApiError> {
        let NewAssignment { id, draft, operation, group_source, stamps, record_version, started_at } = new;
        let [created, modified] = stamps;
        let assigned = self.template_version(&draft.template, &draft.version, caller)?;
        check_draft(&draft, assigned)?;
        if self.assignments.contains(("", &id)) {
            return Ok(Err(InsertError::DuplicateKey));
        }
        let (account, template) = (assigned.template.account.clone(), Arc::clone(&assigned.template.id));
        let group = Arc::clone(&assigned.version.content.group);
        let managed_group = match self.provide_group(&draft, group_source, (&group, &modified), tx) {
            Ok(managed_group) => managed_group,
            Err(error) => return Ok(Err(error)),
        };
        let assignment = Assignment {
            id,
            account,
            template,
            version: draft.version.into(),
            target_type: draft.target_type,
            target: draft.target.into(),
            operation,
            managed_group,
            created,
            modified,
            revision: record_version.revision_or_next(tx),
            change_count: record_version.change_count_or_default(),
            started_at,
        };
        Ok(self.restore(assignment, record_version.sequence))
    }

    /// Returns the managed group of a new assignment, after creating it in the account if it is new; `None` if the
    /// target is an account group.
    ///
    /// # Errors
    /// The given id of a new group already exists.
    fn provide_group(
        &mut self,
        draft: &AssignmentDraft,
        source: GroupSource,
        (group, stamp): (&TemplateGroup, &AuditStamp),
        tx: &mut Tx<'_>,
    ) -> Result<Option<ManagedGroup>, InsertError> {
        match (draft.target_type, source) {
            (TargetType::AccountGroup, _) => Ok(None),
            (TargetType::Account, GroupSource::Existing(existing)) => Ok(Some(existing)),
            (TargetType::Account, GroupSource::New(ids)) => {
                let provisioned = self.provision_group((&draft.target, ids), group, stamp, tx);
                provisioned.map(Some).ok_or(InsertError::DuplicateKey)
            }
        }
    }

    /// Updates an assignment to another version or to the same version again, and reconciles its group in the account.
    ///
    /// # Errors
    /// [`error::NOT_COMMITTED`], and as [`IbmState::assignment`] and [`IbmState::template_version`].
    pub fn update_assignment(
        &mut self,
        id: &str,
        number: &str,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Assignment, ApiError> {
        let assignment = self.assignment(id, caller)?;
        let next = self.template_version(&assignment.template, number, caller)?;
        check_assignable(next)?;
        let next = Arc::clone(&next.version.content.group);
        let previous = self.template_version(&assignment.template, &assignment.version, caller)?;
        let previous = Arc::clone(&previous.version.content.group);
        let managed_group = assignment.managed_group.clone();
        let modified = self.audit_stamp(caller, tx);
        let managed_group =
            managed_group.map(|group| self.reconcile_group(group, [&previous, &next], &modified, tx));
        let revision = tx.next_revision();
        let updated = self.assignments.update(("", id), |assignment| {
            assignment.version = number.into();
            assignment.operation = AssignmentOperation::Update;
            assignment.managed_group = managed_group;
            assignment.modified = modified;
            assignment.revision = revision;
            assignment.change_count += 1;
            assignment.started_at = Some(tx.now);
        });
        Ok(updated.expect("the assignment was found above"))
    }

    /// Deletes an assignment and the group it created.
    ///
    /// # Errors
    /// As [`IbmState::assignment`].
    pub fn delete_assignment(&mut self, id: &str, caller: &Caller) -> Result<(), ApiError> {
        self.assignment(id, caller)?;
        self.delete_with_managed_group(id);
        Ok(())
    }

    /// Deletes all assignments of the template with `id`, with the groups they created.
    pub fn delete_template_assignments(&mut self, id: &str) {
        let assignments = self.assignments.list(Assignment::BY_TEMPLATE, (id, "")).iter();
        let ids: Vec<Box<str>> = assignments.map(|assignment| assignment.id.clone()).collect();
        for id in ids {
            self.delete_with_managed_group(&id);
        }
    }

    /// Returns whether a version of the template with `id` is assigned.
    pub fn is_version_assigned(&self, id: &str, number: &str) -> bool {
        !self.assignments.list(Assignment::BY_VERSION, (id, number)).is_empty()
    }

    fn delete_with_managed_group(&mut self, id: &str) {
        let deleted = self.assignments.delete(("", id));
        if let Some(managed_group) = deleted.and_then(|assignment| assignment.managed_group) {
            self.delete_group(&managed_group.group_id);
        }
    }

    /// Returns one page of an account's assignments in order of creation; the status filter applies to the status as
    /// observed from `viewpoint`.
    pub fn list_assignments(&self, query: &AssignmentQuery, viewpoint: Viewpoint) -> ListPage<&Assignment> {
        let (view, partition) = match &query.template {
            Some(template) => (Assignment::BY_TEMPLATE, template),
            None => (Assignment::BY_ACCOUNT, &query.account),
        };
        let listing = self.assignments.list(view, (partition, ""));
        let PageRange { offset, limit } = query.window;
        if !query.has_filter() {
            return ListPage { items: listing.iter_from(offset).take(limit).collect(), total: listing.len() };
        }
        let matching: Vec<&Assignment> = listing.iter().filter(|it| query.matches(it, viewpoint)).collect();
        let total = matching.len();
        ListPage { items: matching.into_iter().skip(offset).take(limit).collect(), total }
    }
}

/// Checks that the version of a new assignment is committed, and that its target is not the template's account.
fn check_draft(draft: &AssignmentDraft, assigned: VersionWithTemplate<'_>) -> Result<(), ApiError> {
    check_assignable(assigned)?;
    check_target(draft, assigned)
}

/// Checks that the version is committed.
fn check_assignable(assigned: VersionWithTemplate<'_>) -> Result<(), ApiError> {
    if assigned.version.is_committed {
        return Ok(());
    }
    Err(error::NOT_COMMITTED.with_subject(&*assigned.version.number))
}

/// Checks that the target is not the account of the template.
fn check_target(draft: &AssignmentDraft, assigned: VersionWithTemplate<'_>) -> Result<(), ApiError> {
    let is_own_account =
        draft.target_type == TargetType::Account && *draft.target == *assigned.template.account;
    if is_own_account { Err(error::ROOT_TARGET.with_subject(&*draft.target)) } else { Ok(()) }
}
