//! Operations on assignments, and the list of an account's assignments.
//!
//! Invariants: an assignment refers to an existing, committed version; a template has at most one assignment to each
//! target.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::template as error;
use super::page::ListPage;
use super::records::assignment::{
    Assignment, AssignmentDraft, AssignmentOperation, AssignmentOutcome, AssignmentStatus, GroupSource,
    NewAssignment, TargetType, Viewpoint, assignment_id, assignment_status,
};
use super::records::assignment_target::AssignmentTarget;
use super::records::audit::AuditStamp;
use super::records::caller::Caller;
use super::records::record_version::{InsertError, RecordVersion};
use super::records::template::VersionWithTemplate;
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

    /// Assigns a committed version, and brings it into the accounts of the target.
    ///
    /// A conflict in an account makes the assignment fail there; it is not an error of the request.
    ///
    /// # Errors
    /// [`error::NOT_COMMITTED`], [`error::ROOT_TARGET`] and [`error::ASSIGNMENT_CONFLICT`], and as
    /// [`IbmState::template_version`].
    pub fn create_assignment(
        &mut self,
        draft: AssignmentDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Assignment, ApiError> {
        let assigned = self.template_version(&draft.template, &draft.version, caller)?;
        check_draft(&draft, assigned)?;
        self.check_unassigned(&assigned.template.id, &draft.target)?;
        let id = assignment_id(&draft.template, &draft.target);
        let stamp = self.audit_stamp(caller, tx);
        let new = NewAssignment {
            id: Arc::clone(&id),
            draft,
            operation: AssignmentOperation::Assign,
            group_source: GroupSource::New(BTreeMap::new()),
            earlier_versions: Box::default(),
            stamps: [stamp.clone(), stamp],
            record_version: RecordVersion::default(),
            started_at: Some(tx.now),
        };
        if self.insert_assignment(new, caller, tx)?.is_err() {
            // A seeded assignment of another template has the id.
            return Err(error::ASSIGNMENT_CONFLICT.with_subject(&*id));
        }
        self.assignment(&id, caller)
    }

    /// Checks that the template is not assigned to the target.
    fn check_unassigned(&self, template: &str, target: &str) -> Result<(), ApiError> {
        let assignments = self.assignments.list(Assignment::BY_TARGET, (template, target));
        match assignments.iter().next() {
            Some(existing) => Err(error::ASSIGNMENT_CONFLICT.with_subject(&*existing.id)),
            None => Ok(()),
        }
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
        let NewAssignment { id, draft, operation, group_source, record_version, started_at, .. } = new;
        let [created, modified] = new.stamps;
        let assigned = self.template_version(&draft.template, &draft.version, caller)?;
        check_draft(&draft, assigned)?;
        self.check_unassigned(&assigned.template.id, &draft.target)?;
        if self.assignments.contains(("", &id)) {
            return Ok(Err(InsertError::DuplicateKey));
        }
        let (account, template) = (assigned.template.account.clone(), Arc::clone(&assigned.template.id));
        let assignment = Assignment {
            id: Arc::clone(&id),
            account,
            template,
            version: draft.version.into(),
            target_type: draft.target_type,
            target: draft.target.into(),
            operation,
            outcome: AssignmentOutcome::Succeeded,
            earlier_versions: new.earlier_versions,
            created,
            modified: modified.clone(),
            revision: record_version.revision_or_next(tx),
            change_count: record_version.change_count_or_default(),
            started_at,
        };
        if let Err(error) = self.restore(assignment, record_version.sequence) {
            return Ok(Err(error));
        }
        Ok(self.add_targets(&id, group_source, &modified, tx))
    }

    /// Updates an assignment to another version or to the same version again, in all its accounts.
    ///
    /// A conflict in an account makes the update fail there: the account keeps the earlier version.
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
        check_assignable(self.template_version(&assignment.template, number, caller)?)?;
        let earlier = earlier_versions(assignment, number);
        let stamp = self.audit_stamp(caller, tx);
        self.set_version(id, (number, AssignmentOperation::Update, earlier), &stamp, tx);
        self.assignment(id, caller)
    }

    /// Removes an assignment with its groups, or reinstates the lower version that was assigned before.
    ///
    /// # Errors
    /// As [`IbmState::assignment`].
    pub fn delete_assignment(&mut self, id: &str, caller: &Caller, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let assignment = self.assignment(id, caller)?;
        let template = Arc::clone(&assignment.template);
        let mut earlier = assignment.earlier_versions.to_vec();
        let stamp = self.audit_stamp(caller, tx);
        while let Some(number) = earlier.pop() {
            // An earlier version can be deleted while a later one is assigned.
            if self.versions.contains((&template, &number)) {
                self.set_version(id, (&number, AssignmentOperation::Remove, earlier.into()), &stamp, tx);
                return Ok(());
            }
        }
        self.delete_targets(id, &stamp, tx);
        self.assignments.delete(("", id));
        Ok(())
    }

    /// Sets the version of an assignment and applies it in all its accounts.
    fn set_version(
        &mut self,
        id: &str,
        (number, operation, earlier_versions): (&str, AssignmentOperation, Box<[Box<str>]>),
        stamp: &AuditStamp,
        tx: &mut Tx<'_>,
    ) {
        let revision = tx.next_revision();
        self.assignments.update(("", id), |assignment| {
            assignment.version = number.into();
            assignment.operation = operation;
            assignment.earlier_versions = earlier_versions;
            assignment.modified = stamp.clone();
            assignment.revision = revision;
            // The end of the previous operation and this one.
            assignment.change_count = assignment.change_count.saturating_add(2);
            assignment.started_at = Some(tx.now);
        });
        self.apply_to_targets(id, stamp, tx);
    }

    /// Deletes all assignments of the template with `id`, with the groups they created.
    pub fn delete_template_assignments(&mut self, id: &str) {
        let assignments = self.assignments.list(Assignment::BY_TEMPLATE, (id, "")).iter();
        let ids: Vec<Arc<str>> = assignments.map(|assignment| Arc::clone(&assignment.id)).collect();
        for id in &ids {
            for target in self.targets(id) {
                self.assignment_targets.delete((&target.assignment, &target.account));
                if let Some(applied) = target.applied {
                    self.delete_group(&applied.group.group_id);
                }
            }
            self.assignments.delete(("", id));
        }
    }

    /// Returns whether a version of the template with `id` is assigned, or is still in an account after a failed update.
    pub fn is_version_assigned(&self, id: &str, number: &str) -> bool {
        let mut assignments = self.assignments.list(Assignment::BY_TEMPLATE, (id, "")).iter();
        assignments.any(|assignment| {
            let is_applied = |target: &AssignmentTarget| {
                target.applied.as_ref().is_some_and(|applied| *applied.number == *number)
            };
            *assignment.version == *number || self.targets(&assignment.id).iter().any(is_applied)
        })
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

/// Returns the versions that were assigned before `number`, after an update of `assignment` to it: only lower ones,
/// because the removal of the first version removes the groups.
fn earlier_versions(assignment: &Assignment, number: &str) -> Box<[Box<str>]> {
    let as_number = |version: &str| version.parse::<u32>().unwrap_or_default();
    let assigned = assignment.earlier_versions.iter().chain([&assignment.version]);
    assigned.filter(|version| as_number(version) < as_number(number)).cloned().collect()
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
