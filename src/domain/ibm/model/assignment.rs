//! Assignments of template versions to accounts and account groups.
//!
//! Invariant: an assignment refers to an existing, committed version.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::super::error::template as error;
use super::managed_group::{ManagedGroup, ManagedGroupIds};
use super::restore::{InsertError, RecordVersion};
use super::template::VersionWithTemplate;
use super::{AuditStamp, Caller, IbmState, InternedStr, entity_tag};
use crate::spec::{ApiError, Violation};
use crate::store::{Index, Key, Record, Tx};

/// An assignment.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The id: `AccessGroupAssignmentId-` and a UUID.
    pub id: Box<str>,
    /// The account of the template.
    pub account: InternedStr,
    /// The id of the template.
    pub template: Arc<str>,
    /// The version number as a string.
    pub version: Box<str>,
    /// The type of the target.
    pub target_type: TargetType,
    /// The id of the account or of the account group.
    pub target: Box<str>,
    /// The last operation.
    pub operation: AssignmentOperation,
    /// The group that the assignment created; `None` if the target is an account group.
    pub managed_group: Option<ManagedGroup>,
    /// The time and author of the creation.
    pub created: AuditStamp,
    /// The time and author of the last update.
    pub modified: AuditStamp,
    /// The revision of the last update.
    pub revision: u64,
    /// The number of times the assignment was set.
    pub change_count: u32,
    /// The start time of the last operation; `None` if it completed before the server started.
    pub started_at: Option<DateTime<Utc>>,
}

/// The type of the target of an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetType {
    /// An account.
    Account,
    /// A group of accounts, whose accounts are not emulated.
    AccountGroup,
}

/// The last operation of an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignmentOperation {
    /// The creation of the assignment.
    Assign,
    /// An update to a version.
    Update,
}

/// The status of the last operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignmentStatus {
    /// The operation is accepted but has not started.
    Accepted,
    /// The operation is in progress.
    InProgress,
    /// The operation succeeded.
    Succeeded,
    /// The operation failed.
    Failed,
}

/// The request from which the status of an assignment is observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewpoint {
    /// The request that started the last operation.
    Initiator,
    /// A later request.
    Observer {
        /// The time of the request.
        now: DateTime<Utc>,
        /// The duration of an operation.
        takes: Duration,
    },
}

/// The version and the target of a new assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentDraft {
    /// The id of the template.
    pub template: String,
    /// The version number as a string.
    pub version: String,
    /// The type of the target.
    pub target_type: TargetType,
    /// The id of the account or of the account group.
    pub target: String,
}

/// A complete assignment to insert.
#[derive(Debug, Clone)]
pub struct NewAssignment {
    /// The id.
    pub id: Box<str>,
    /// The version and the target.
    pub draft: AssignmentDraft,
    /// The last operation.
    pub operation: AssignmentOperation,
    /// The group to create, or the existing group.
    pub group_source: GroupSource,
    /// The times and authors of the creation and of the last update.
    pub stamps: [AuditStamp; 2],
    /// The sequence number, revision and change count.
    pub record_version: RecordVersion,
    /// The start time of the last operation; `None` if it completed.
    pub started_at: Option<DateTime<Utc>>,
}

/// The source of the managed group of an assignment to an account.
#[derive(Debug, Clone)]
pub enum GroupSource {
    /// A new group, created with these ids.
    New(ManagedGroupIds),
    /// An existing group.
    Existing(ManagedGroup),
}

impl Record for Assignment {
    const INDEXES: &'static [Index<Self>] = &[
        Index { partition: |it| (&it.account, ""), orders: &[] },
        Index { partition: |it| (&it.template, ""), orders: &[] },
        Index { partition: |it| (&it.template, &it.version), orders: &[] },
        Index {
            partition: |it| (it.managed_group.as_ref().map_or("", |group| &group.group_id), ""),
            orders: &[],
        },
    ];

    fn key(&self) -> Key<'_> {
        ("", &self.id)
    }
}

impl Assignment {
    /// The index by the account of the template.
    pub const BY_ACCOUNT: usize = 0;

    /// The index by template.
    pub const BY_TEMPLATE: usize = 1;

    /// The index by version.
    const BY_VERSION: usize = 2;

    /// The index by managed group; each partition has one assignment.
    pub const BY_GROUP: usize = 3;

    /// Returns the entity tag, which does not depend on the status.
    pub fn entity_tag(&self) -> String {
        entity_tag(&self.id, self.change_count, self.revision)
    }

    /// Returns whether the last operation is in progress at `now`.
    fn is_in_progress(&self, now: DateTime<Utc>, takes: Duration) -> bool {
        let Some(started_at) = self.started_at else { return false };
        // A duration that `TimeDelta` cannot represent never ends.
        !takes.is_zero() && TimeDelta::from_std(takes).map_or(true, |takes| now - started_at < takes)
    }
}

/// Returns the status of the last operation of an assignment.
///
/// The status has no other effect: no source says that an operation in progress blocks others, so an assignment can
/// be updated and removed at any time, and its group exists in the account immediately.
pub fn assignment_status(assignment: &Assignment, seen: Viewpoint) -> AssignmentStatus {
    match seen {
        Viewpoint::Initiator => AssignmentStatus::Accepted,
        Viewpoint::Observer { now, takes } if assignment.is_in_progress(now, takes) => {
            AssignmentStatus::InProgress
        }
        Viewpoint::Observer { .. } => AssignmentStatus::Succeeded,
    }
}

impl TargetType {
    const NAMES: [(&'static str, Self); 2] =
        [("Account", Self::Account), ("AccountGroup", Self::AccountGroup)];

    /// Returns the type with `name`.
    fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(other, _)| *other == name).map(|(_, kind)| *kind)
    }

    /// Returns the name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "Account",
            Self::AccountGroup => "AccountGroup",
        }
    }
}

impl AssignmentOperation {
    /// Returns the operation with `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Assign, Self::Update].into_iter().find(|operation| operation.name() == name)
    }

    /// Returns the name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Update => "update",
        }
    }
}

impl AssignmentStatus {
    /// Returns the status with `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Accepted, Self::InProgress, Self::Succeeded, Self::Failed];
        all.into_iter().find(|status| status.name() == name)
    }

    /// Returns the name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::InProgress => "in_progress",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}

impl AssignmentDraft {
    /// Returns the draft made of the given template id, version number, target type and target id, or all violations.
    ///
    /// # Errors
    /// One of the values is missing or empty, or the target type is unknown.
    pub fn new(values: [Option<String>; 4]) -> Result<Self, Vec<Violation>> {
        let [template, version, target_type, target] = values;
        let mut violations = Vec::new();
        let mut required = |value: Option<String>, name: &str| {
            let value = value.unwrap_or_default();
            if value.is_empty() {
                violations.push(Violation::new(name, "is missing or empty"));
            }
            value
        };
        let template = required(template, "template_id");
        let version = required(version, "template_version");
        let target = required(target, "target");
        let target_type = target_type.as_deref().and_then(TargetType::from_name);
        if target_type.is_none() {
            violations.push(Violation::new("target_type", "must be one of Account, AccountGroup"));
        }
        match target_type {
            Some(target_type) if violations.is_empty() => Ok(Self { template, version, target_type, target }),
            Some(_) | None => Err(violations),
        }
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
    /// [`error::NOT_COMMITTED`] and [`error::ROOT_TARGET`], and as [`State::template_version`].
    pub fn create_assignment(
        &mut self,
        draft: AssignmentDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Assignment, ApiError> {
        let id = format!("AccessGroupAssignmentId-{}", tx.ids.uuid()).into();
        let stamp = self.audit_stamp(caller, tx);
        let stamps = [stamp.clone(), stamp];
        let (outcome, record_version) =
            (GroupSource::New(ManagedGroupIds::default()), RecordVersion::default());
        let (operation, started_at) = (AssignmentOperation::Assign, Some(tx.now));
        let new =
            NewAssignment { id, draft, operation, group_source: outcome, stamps, record_version, started_at };
        let id = new.id.clone();
        self.insert_assignment(new, caller, tx)?.expect("new UUIDs are unique");
        self.assignment(&id, caller)
    }

    /// Adds a complete assignment; returns [`Taken`] if its id, the id of its group or its sequence number already
    /// exists.
    ///
    /// # Errors
    /// As [`State::create_assignment`].
    pub fn insert_assignment(
        &mut self,
        new: NewAssignment,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<Result<(), InsertError>, ApiError> {
        let NewAssignment { id, draft, operation, group_source: outcome, stamps, record_version, started_at } =
            new;
        let [created, modified] = stamps;
        let assigned = self.template_version(&draft.template, &draft.version, caller)?;
        check_assignable(assigned)?;
        check_target(&draft, assigned)?;
        if self.assignments.contains(("", &id)) {
            return Ok(Err(InsertError::DuplicateKey));
        }
        let (account, template) = (assigned.template.account.clone(), Arc::clone(&assigned.template.id));
        let group = Arc::clone(&assigned.version.content.group);
        let managed_group = match (draft.target_type, outcome) {
            (TargetType::AccountGroup, _) => None,
            (TargetType::Account, GroupSource::Existing(existing)) => Some(existing),
            (TargetType::Account, GroupSource::New(ids)) => {
                let Some(provisioned) = self.provision_group((&draft.target, ids), &group, &modified, tx)
                else {
                    return Ok(Err(InsertError::DuplicateKey));
                };
                Some(provisioned)
            }
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

    /// Returns whether an assignment manages the group with `id`.
    pub fn is_managed_group(&self, id: &str) -> bool {
        !self.assignments.list(Assignment::BY_GROUP, (id, "")).is_empty()
    }

    /// Updates an assignment to another version or to the same version again, and reconciles its group in the account.
    ///
    /// # Errors
    /// [`error::NOT_COMMITTED`], and as [`State::assignment`] and [`State::template_version`].
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
    /// As [`State::assignment`].
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
