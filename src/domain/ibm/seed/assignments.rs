//! The assignments of an account's templates.
//!
//! Loading an assignment creates its groups, unless it has failed or has a `$state`: then the assignment and its groups
//! were saved.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::records::assignment::{
    Assignment, AssignmentDraft, AssignmentOperation, GroupSource, NewAssignment, SavedTarget, TargetType,
    assignment_id,
};
use super::super::records::assignment_target::{AppliedVersion, AssignmentTarget};
use super::super::records::caller::{Caller, DEFAULT_IAM_ID};
use super::super::records::managed_group::{ManagedGroup, ManagedGroupIds};
use super::super::records::record_version::RecordVersion;
use super::super::state::IbmState;
use super::fields::{
    AuditFields, audit_stamp, audit_stamp_or, check_group_id, check_id, check_matches_location,
    first_violation, to_owned_string,
};
use super::internal_state;
use crate::domain::seed::SeedError;
use crate::store::Tx;

/// An assignment. `resources` determines the ids of its groups and their rules.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignmentSeed {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
    template_id: String,
    template_version: String,
    target_type: String,
    target: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    resources: Vec<ResourceSeed>,
    #[serde(rename = "href", skip_serializing)]
    _href: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified_by_id: Option<String>,
    #[serde(rename = "$state", skip_serializing_if = "Option::is_none")]
    internal_state: Option<AssignmentState>,
}

/// The `$state` of an assignment, whose groups were also saved.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AssignmentState {
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<u32>,
    /// The start time of the last operation, with millisecond precision; absent if it completed before the server
    /// started.
    #[serde(skip_serializing_if = "Option::is_none")]
    began: Option<DateTime<Utc>>,
    /// The lower versions that were assigned before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    earlier_versions: Vec<String>,
}

/// The resources that an assignment created in one account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceSeed {
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    group: ResourceGroupSeed,
    #[serde(rename = "policy_template_references", default, skip_serializing)]
    _policy_template_references: Vec<EntrySeed>,
}

/// The group and rules that an assignment created.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceGroupSeed {
    group: EntrySeed,
    #[serde(rename = "members", default, skip_serializing)]
    _members: Vec<EntrySeed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rules: Vec<EntrySeed>,
}

/// A created group or rule. Only the id is used, and of a group the error, and in a saved state the version; the other
/// fields follow from the template.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntrySeed {
    id: String,
    #[serde(rename = "name", skip_serializing)]
    _name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(skip_serializing)]
    resource: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(rename = "operation", skip_serializing)]
    _operation: Option<String>,
    #[serde(rename = "status", skip_serializing)]
    _status: Option<String>,
}

/// Loads an assignment into an account.
pub fn load(
    state: &mut IbmState,
    account: &str,
    assignment: &AssignmentSeed,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    check_matches_location("account_id", assignment.account_id.as_deref(), account)?;
    check_id(assignment.id.as_deref())?;
    check_status(assignment.status.as_deref())?;
    let AssignmentSeed { template_id, template_version, target_type, target, .. } = assignment.clone();
    let draft = AssignmentDraft::new([template_id, template_version, target_type, target].map(Some));
    let draft = draft.map_err(first_violation)?;
    let operation = AssignmentOperation::from_name(assignment.operation.as_deref().unwrap_or("assign"));
    let created = audit_stamp(state, assignment.created_at, assignment.created_by_id.as_deref(), tx);
    let modified = audit_stamp_or(
        state,
        assignment.last_modified_at,
        assignment.last_modified_by_id.as_deref(),
        &created,
    );
    let id =
        assignment.id.as_deref().map_or_else(|| assignment_id(&draft.template, &draft.target), Into::into);
    let mut new = NewAssignment {
        id: id.clone(),
        operation: operation
            .ok_or_else(|| SeedError::new("operation", "must be one of assign, update, remove"))?,
        group_source: match &assignment.internal_state {
            Some(_) => GroupSource::Saved(saved_targets(state, &assignment.resources, &draft)?),
            None => new_groups(state, assignment, &draft)?,
        },
        draft,
        earlier_versions: Box::default(),
        stamps: [created, modified],
        record_version: RecordVersion::default(),
        started_at: started_at(assignment, tx),
    };
    if let Some(assignment_state) = &assignment.internal_state {
        let AssignmentState { sequence, revision, changes, began, earlier_versions } = assignment_state;
        new.record_version = internal_state::validate_record_version(*sequence, *revision, *changes)?;
        new.started_at = *began;
        new.earlier_versions = earlier_versions.iter().map(|version| version.as_str().into()).collect();
    }
    // Only templates of the account that contains the assignment may be assigned.
    let caller = Caller {
        iam_id: DEFAULT_IAM_ID.into(),
        account: account.to_owned().into(),
        restricted_to: Some(account.to_owned()),
    };
    match state.insert_assignment(new, &caller, tx) {
        Ok(result) => {
            let reason = || format!("`{id}` or the id of its group is already used");
            result.map_err(|error| internal_state::insert_error(error, "id", reason()))
        }
        Err(error) => Err(SeedError::new("", error.message())),
    }
}

/// Returns the saved results of an assignment, whose groups were loaded with the groups of the accounts.
fn saved_targets(
    state: &IbmState,
    resources: &[ResourceSeed],
    draft: &AssignmentDraft,
) -> Result<Vec<SavedTarget>, SeedError> {
    if draft.target_type == TargetType::Account && resources.is_empty() {
        return Err(SeedError::new("resources", "must have an entry for the target"));
    }
    let mut targets: Vec<SavedTarget> = Vec::new();
    for (index, resource) in resources.iter().enumerate() {
        let target = saved_target(state, resource, draft);
        let target = target.map_err(|error| error.nested_in(format!("resources[{index}]")))?;
        let holds_same = |earlier: &SavedTarget| {
            let id = |target: &SavedTarget| target.applied.as_ref().map(|it| it.group.group_id.clone());
            earlier.account == target.account || id(earlier).is_some() && id(earlier) == id(&target)
        };
        if targets.iter().any(holds_same) {
            let reason = "must not have the target or the group of an earlier entry";
            return Err(SeedError::new(format!("resources[{index}]"), reason));
        }
        targets.push(target);
    }
    Ok(targets)
}

/// Returns the saved result of an assignment in one account.
fn saved_target(
    state: &IbmState,
    resource: &ResourceSeed,
    draft: &AssignmentDraft,
) -> Result<SavedTarget, SeedError> {
    if draft.target_type == TargetType::Account {
        check_matches_location("target", resource.target.as_deref(), &draft.target)?;
    }
    let account = resource.target.clone().unwrap_or_else(|| draft.target.clone());
    let entry = &resource.group.group;
    let error = entry.error.as_deref().filter(|error| !error.is_empty()).map(Into::into);
    if entry.id.is_empty() {
        return Ok(SavedTarget { account, applied: None, error });
    }
    let ids = group_ids(&resource.group)?;
    let invalid = |path: &str, reason: &str| Err(SeedError::new(format!("group.{path}"), reason));
    let group = entry.id.as_str();
    if state.stored_group(group).is_none_or(|it| *it.key.account != *account) {
        return invalid("group.id", "must be the id of a group of the target");
    }
    if state.is_managed_group(group) {
        return invalid("group.id", "must not be the group of an earlier assignment");
    }
    let number = entry.version.as_deref().unwrap_or(&draft.version);
    if state.template_rule_count(&draft.template, number) != Some(ids.rule_ids.len()) {
        return invalid("rules", "must have one entry for each rule of the version");
    }
    let group = ManagedGroup { group_id: group.into(), rule_ids: ids.rule_ids };
    Ok(SavedTarget { account, applied: Some(AppliedVersion { number: number.into(), group }), error })
}

/// The error of a failed assignment in a seed without one.
const DEFAULT_ERROR: &str = "The assignment failed.";

/// Returns the groups to create for an assignment, with the ids of its resources, or the error of a failed one.
fn new_groups(
    state: &IbmState,
    assignment: &AssignmentSeed,
    draft: &AssignmentDraft,
) -> Result<GroupSource, SeedError> {
    if assignment.status.as_deref() == Some("failed") {
        let mut errors = assignment.resources.iter().filter_map(|it| it.group.group.error.as_deref());
        let error = errors.find(|error| !error.is_empty()).unwrap_or(DEFAULT_ERROR);
        return Ok(GroupSource::Failed(error.into()));
    }
    let mut ids = BTreeMap::new();
    for (index, resource) in assignment.resources.iter().enumerate() {
        let nested = |error: SeedError| error.nested_in(format!("resources[{index}]"));
        let account = resource.target.as_deref().unwrap_or(&draft.target);
        check_target(state, account, draft).map_err(nested)?;
        // An entry for a target without a group, such as an account group.
        if resource.group.group.resource.as_deref() == Some("") {
            continue;
        }
        let group_ids = group_ids(&resource.group).map_err(nested)?;
        if ids.insert(account.into(), group_ids).is_some() {
            return Err(nested(SeedError::new("target", "must not be the target of an earlier entry")));
        }
    }
    Ok(GroupSource::New(ids))
}

/// Checks that a resource is in the target, or in one of its accounts if it is an account group.
fn check_target(state: &IbmState, account: &str, draft: &AssignmentDraft) -> Result<(), SeedError> {
    let accounts = state.account_group(&draft.target).unwrap_or_default();
    let is_account_of_group =
        draft.target_type == TargetType::AccountGroup && accounts.iter().any(|it| **it == *account);
    if is_account_of_group {
        return Ok(());
    }
    check_matches_location("target", Some(account), &draft.target)
}

/// Returns the start time of the last operation of a seeded assignment; `None` unless its status is that of an
/// operation in progress.
fn started_at(assignment: &AssignmentSeed, tx: &Tx<'_>) -> Option<DateTime<Utc>> {
    let is_in_progress = matches!(assignment.status.as_deref(), Some("accepted" | "in_progress"));
    let modified_at = assignment.last_modified_at.or(assignment.created_at).unwrap_or(tx.now);
    is_in_progress.then_some(modified_at)
}

/// Checks the status.
fn check_status(status: Option<&str>) -> Result<(), SeedError> {
    match status {
        None | Some("accepted" | "in_progress" | "succeeded" | "failed" | "superseded") => Ok(()),
        Some(_) => Err(SeedError::new(
            "status",
            "must be one of accepted, in_progress, succeeded, failed, superseded",
        )),
    }
}

/// Returns the ids of a group and its rules.
fn group_ids(
    ResourceGroupSeed { group, rules, .. }: &ResourceGroupSeed,
) -> Result<ManagedGroupIds, SeedError> {
    check_group_id("group.group.id", &group.id)?;
    let mut ids: Vec<Box<str>> = Vec::new();
    for (index, EntrySeed { id, .. }) in rules.iter().enumerate() {
        let path = format!("group.rules[{index}]");
        check_id(Some(id)).map_err(|error| error.nested_in(&path))?;
        if ids.iter().any(|earlier| **earlier == **id) {
            let reason = format!("`{id}` is already used by an earlier rule of the group");
            return Err(SeedError::new("id", reason).nested_in(path));
        }
        ids.push(id.as_str().into());
    }
    Ok(ManagedGroupIds { group_id: Some(group.id.as_str().into()), rule_ids: ids })
}

/// Returns the assignments of the templates of an account.
pub fn save(state: &IbmState, account: &str) -> Vec<AssignmentSeed> {
    let assignments = state.iter_with_sequence::<Assignment>(Assignment::BY_ACCOUNT, (account, ""));
    assignments.map(|(sequence, assignment)| save_assignment(state, sequence, assignment)).collect()
}

/// Returns the seed of an assignment.
fn save_assignment(state: &IbmState, sequence: u64, assignment: &Assignment) -> AssignmentSeed {
    let audit_fields = AuditFields::new(&assignment.created, &assignment.modified);
    let assignment_state = AssignmentState {
        sequence: Some(sequence),
        revision: Some(assignment.revision),
        changes: Some(assignment.change_count),
        began: assignment.started_at,
        earlier_versions: assignment.earlier_versions.iter().map(ToString::to_string).collect(),
    };
    let targets = state.targets(&assignment.id);
    AssignmentSeed {
        id: Some(assignment.id.to_string()),
        account_id: None,
        template_id: assignment.template.to_string(),
        template_version: assignment.version.to_string(),
        target_type: assignment.target_type.name().to_owned(),
        target: assignment.target.to_string(),
        operation: Some(assignment.operation.name().to_owned()),
        status: None,
        resources: targets.iter().map(|target| save_target(target, assignment)).collect(),
        _href: None,
        created_at: audit_fields.created_at,
        created_by_id: to_owned_string(audit_fields.created_by_id),
        last_modified_at: audit_fields.last_modified_at,
        last_modified_by_id: to_owned_string(audit_fields.last_modified_by_id),
        internal_state: Some(assignment_state),
    }
}

/// Returns the seed of the result of an assignment in one account.
fn save_target(target: &AssignmentTarget, assignment: &Assignment) -> ResourceSeed {
    let entry = |id: &str| EntrySeed { id: id.to_owned(), ..EntrySeed::default() };
    let applied = target.applied.as_ref();
    let number = applied.map(|applied| &applied.number).filter(|number| **number != assignment.version);
    let group = EntrySeed {
        version: number.map(ToString::to_string),
        error: target.error.as_deref().map(str::to_owned),
        ..entry(applied.map_or("", |applied| &applied.group.group_id))
    };
    let rules = applied.iter().flat_map(|applied| &applied.group.rule_ids).map(|id| entry(id)).collect();
    ResourceSeed {
        target: Some(target.account.to_string()).filter(|account| **account != *assignment.target),
        group: ResourceGroupSeed { group, _members: Vec::new(), rules },
        _policy_template_references: Vec::new(),
    }
}
