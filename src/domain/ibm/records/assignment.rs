//! Assignments of template versions to accounts and account groups.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::assignment_target::AppliedVersion;
use super::audit::{AuditStamp, Timestamp};
use super::entity_tag::entity_tag_of_revision;
use super::interned::InternedStr;
use super::managed_group::ManagedGroupIds;
use super::record_version::RecordVersion;
use crate::spec::{Violation, Violations};
use crate::store::{Index, Key, Record};

/// An assignment.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The id, which [`assignment_id`] derives from the template and the target; a seeded one may have any id.
    pub id: Arc<str>,
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
    /// The result of the last operation, once it has ended.
    pub outcome: AssignmentOutcome,
    /// The lower versions that were assigned before, in order of assignment; a removal reinstates the last one.
    pub earlier_versions: Box<[Box<str>]>,
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
    /// A group of accounts.
    AccountGroup,
}

/// The last operation of an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignmentOperation {
    /// The creation of the assignment.
    Assign,
    /// An update to a version.
    Update,
    /// The removal of a version, which reinstated an earlier one.
    Remove,
}

/// The result of an operation that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignmentOutcome {
    /// The version is in at least one account, and no account has an error.
    Succeeded,
    /// The version is not in at least one of the accounts, because it conflicts with something in that account.
    Failed,
    /// Other assignments of the template take precedence in all accounts.
    Superseded,
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
    /// Another assignment of the template takes precedence.
    Superseded,
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
    pub id: Arc<str>,
    /// The version and the target.
    pub draft: AssignmentDraft,
    /// The last operation.
    pub operation: AssignmentOperation,
    /// The groups to create, or the existing groups.
    pub group_source: GroupSource,
    /// The lower versions that were assigned before.
    pub earlier_versions: Box<[Box<str>]>,
    /// The times and authors of the creation and of the last update.
    pub stamps: [AuditStamp; 2],
    /// The sequence number, revision and change count.
    pub record_version: RecordVersion,
    /// The start time of the last operation; `None` if it completed.
    pub started_at: Option<DateTime<Utc>>,
}

/// The source of the managed groups of an assignment.
#[derive(Debug, Clone)]
pub enum GroupSource {
    /// New groups, created with these ids in the accounts.
    New(BTreeMap<Box<str>, ManagedGroupIds>),
    /// A saved result for each account.
    Saved(Vec<SavedTarget>),
    /// No groups: the operation failed with this error.
    Failed(Box<str>),
}

/// The saved result of an assignment in one account.
#[derive(Debug, Clone)]
pub struct SavedTarget {
    /// The id of the account.
    pub account: String,
    /// The version in the account and its group, if any.
    pub applied: Option<AppliedVersion>,
    /// The error of the last operation, if any.
    pub error: Option<Box<str>>,
}

/// Returns the id of the assignment of a template to a target.
pub fn assignment_id(template: &str, target: &str) -> Arc<str> {
    format!("AccessGroupAssignmentId-{template}-Target-{target}").into()
}

impl Record for Assignment {
    const INDEXES: &'static [Index<Self>] = &[
        Index { partition: |it| (&it.account, ""), orders: &[] },
        Index { partition: |it| (&it.template, ""), orders: &[] },
        Index { partition: |it| (&it.template, &it.target), orders: &[] },
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

    /// The index by template and target; each partition has one assignment.
    pub const BY_TARGET: usize = 2;

    /// Returns the entity tag, which the end of an operation changes.
    pub fn entity_tag(&self, seen: Viewpoint) -> String {
        let changes = self.change_count.saturating_add(u32::from(self.has_ended(seen)));
        // Seeded assignments have the same tags in every run, whatever else is seeded.
        let is_as_seeded = self.started_at.is_none() && self.change_count == 1;
        entity_tag_of_revision(&self.id, changes, if is_as_seeded { 0 } else { self.revision })
    }

    /// Returns the time of the last change, which the end of an operation is: at least one second after its start.
    pub fn modified_at(&self, seen: Viewpoint) -> Timestamp {
        let (Viewpoint::Observer { takes, .. }, Some(started_at), true) =
            (seen, self.started_at, self.has_ended(seen))
        else {
            return self.modified.at;
        };
        let takes = TimeDelta::from_std(takes).unwrap_or_default().max(TimeDelta::seconds(1));
        let ended_at = started_at.checked_add_signed(takes).unwrap_or(started_at);
        self.modified.at.max(ended_at.into())
    }

    /// Returns whether the last operation has ended.
    fn has_ended(&self, seen: Viewpoint) -> bool {
        match seen {
            Viewpoint::Initiator => false,
            Viewpoint::Observer { now, takes } => !self.is_in_progress(now, takes),
        }
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
/// be updated and removed at any time, and its groups exist in the accounts immediately.
pub fn assignment_status(assignment: &Assignment, seen: Viewpoint) -> AssignmentStatus {
    match seen {
        Viewpoint::Initiator => AssignmentStatus::Accepted,
        Viewpoint::Observer { now, takes } if assignment.is_in_progress(now, takes) => {
            AssignmentStatus::InProgress
        }
        Viewpoint::Observer { .. } => assignment.outcome.into(),
    }
}

impl From<AssignmentOutcome> for AssignmentStatus {
    fn from(outcome: AssignmentOutcome) -> Self {
        match outcome {
            AssignmentOutcome::Succeeded => Self::Succeeded,
            AssignmentOutcome::Failed => Self::Failed,
            AssignmentOutcome::Superseded => Self::Superseded,
        }
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
        [Self::Assign, Self::Update, Self::Remove].into_iter().find(|operation| operation.name() == name)
    }

    /// Returns the name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Update => "update",
            Self::Remove => "remove",
        }
    }
}

impl AssignmentStatus {
    /// Returns the status with `name`; `superseded` is not among the values of the list filter.
    pub fn from_filter(name: &str) -> Option<Self> {
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
            Self::Superseded => "superseded",
        }
    }
}

impl AssignmentDraft {
    /// Returns the draft with the given template id, version number, target type and target id, or all violations.
    ///
    /// # Errors
    /// One of the values is missing or empty, or the target type is unknown.
    pub fn new(values: [Option<String>; 4]) -> Result<Self, Violations> {
        let [template, version, target_type, target] = values;
        let mut violations = Violations::new();
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
