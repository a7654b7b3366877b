//! Assignments of template versions to accounts and account groups.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::audit::AuditStamp;
use super::entity_tag::entity_tag;
use super::interned::InternedStr;
use super::managed_group::{ManagedGroup, ManagedGroupIds};
use super::record_version::RecordVersion;
use crate::spec::Violation;
use crate::store::{Index, Key, Record};

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
    pub const BY_VERSION: usize = 2;

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
    /// Returns the draft with the given template id, version number, target type and target id, or all violations.
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
