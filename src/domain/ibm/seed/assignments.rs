//! The assignments of an account's templates.
//!
//! Loading an assignment creates its group, unless it has a `$state`: then the assignment and its group were saved.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::records::assignment::{
    Assignment, AssignmentDraft, AssignmentOperation, GroupSource, NewAssignment, TargetType,
};
use super::super::records::caller::{Caller, DEFAULT_IAM_ID};
use super::super::records::managed_group::{ManagedGroup, ManagedGroupIds};
use super::super::records::record_version::RecordVersion;
use super::super::state::IbmState;
use super::fields::{
    AuditFields, audit_stamp, audit_stamp_or, check_group_id, check_id, check_matches_location,
    first_violation,
};
use super::internal_state;
use crate::domain::seed::SeedError;
use crate::store::Tx;

/// An assignment. `resources` determines the ids of the group and its rules.
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

/// The `$state` of an assignment, whose group was also saved.
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
}

/// The resources that an assignment created in its target.
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

/// A created group or rule. Only the id is used; the other fields follow from the template.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntrySeed {
    id: String,
    #[serde(rename = "name", skip_serializing)]
    _name: Option<String>,
    #[serde(rename = "version", skip_serializing)]
    _version: Option<String>,
    #[serde(rename = "resource", skip_serializing)]
    _resource: Option<String>,
    #[serde(rename = "error", skip_serializing)]
    _error: Option<String>,
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
    let operation = AssignmentOperation::from_name(assignment.operation.as_deref().unwrap_or("assign"));
    let created = audit_stamp(state, assignment.created_at, assignment.created_by_id.as_deref(), tx);
    let modified = audit_stamp_or(
        state,
        assignment.last_modified_at,
        assignment.last_modified_by_id.as_deref(),
        &created,
    );
    let id = assignment
        .id
        .clone()
        .unwrap_or_else(|| state.new_id::<Assignment>("AccessGroupAssignmentId-", "", tx));
    let mut new = NewAssignment {
        id: id.clone().into(),
        draft: draft.map_err(first_violation)?,
        operation: operation.ok_or_else(|| SeedError::new("operation", "must be one of assign, update"))?,
        group_source: GroupSource::New(managed_group_ids(&assignment.resources, &assignment.target)?),
        stamps: [created, modified],
        record_version: RecordVersion::default(),
        started_at: started_at(assignment, tx),
    };
    if let Some(assignment_state) = &assignment.internal_state {
        let AssignmentState { sequence, revision, changes, began } = assignment_state;
        new.record_version = internal_state::validate_record_version(*sequence, *revision, *changes)?;
        new.started_at = *began;
        new.group_source = existing_group(state, new.group_source, &new.draft)?;
    }
    // Only templates of the account that contains the assignment may be assigned.
    let caller = Caller {
        iam_id: DEFAULT_IAM_ID.to_owned(),
        account: account.to_owned(),
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

/// Returns the existing group of a saved assignment, which was loaded with the groups.
fn existing_group(
    state: &IbmState,
    source: GroupSource,
    draft: &AssignmentDraft,
) -> Result<GroupSource, SeedError> {
    let (TargetType::Account, GroupSource::New(ids)) = (draft.target_type, &source) else {
        return Ok(source);
    };
    let invalid =
        |path: &str, reason: &str| Err(SeedError::new(format!("resources[0].group.{path}"), reason));
    let group = ids.group_id.as_deref().unwrap_or_default();
    if state.stored_group(group).is_none_or(|it| *it.key.account != *draft.target) {
        return invalid("group.id", "must be the id of a group of the target");
    }
    if state.is_managed_group(group) {
        return invalid("group.id", "must not be the group of an earlier assignment");
    }
    if state.template_rule_count(&draft.template, &draft.version) != Some(ids.rule_ids.len()) {
        return invalid("rules", "must have one entry for each rule of the version");
    }
    Ok(GroupSource::Existing(ManagedGroup { group_id: group.into(), rule_ids: ids.rule_ids.clone() }))
}

/// Returns the start time of the last operation of a seeded assignment; `None` unless its status is that of an
/// operation in progress.
fn started_at(assignment: &AssignmentSeed, tx: &Tx<'_>) -> Option<DateTime<Utc>> {
    let is_in_progress = matches!(assignment.status.as_deref(), Some("accepted" | "in_progress"));
    let modified_at = assignment.last_modified_at.or(assignment.created_at).unwrap_or(tx.now);
    is_in_progress.then_some(modified_at)
}

/// Checks the status: assignments never fail in this server, so that the failed status cannot be seeded.
fn check_status(status: Option<&str>) -> Result<(), SeedError> {
    match status {
        None | Some("accepted" | "in_progress" | "succeeded") => Ok(()),
        Some(_) => Err(SeedError::new("status", "must be one of accepted, in_progress, succeeded")),
    }
}

/// Returns the ids of the group and rules from the resources of an assignment.
fn managed_group_ids(resources: &[ResourceSeed], target: &str) -> Result<ManagedGroupIds, SeedError> {
    let Some(resource) = resources.first() else { return Ok(ManagedGroupIds::default()) };
    if resources.len() > 1 {
        return Err(SeedError::new("resources[1]", "is not allowed, because an assignment has one target"));
    }
    check_matches_location("target", resource.target.as_deref(), target)
        .and_then(|()| group_ids(&resource.group))
        .map_err(|error| error.nested_in("resources[0]"))
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
    assignments.map(|(sequence, assignment)| save_assignment(sequence, assignment)).collect()
}

/// Returns the seed of an assignment.
fn save_assignment(sequence: u64, assignment: &Assignment) -> AssignmentSeed {
    let audit_fields = AuditFields::new(&assignment.created, &assignment.modified);
    let assignment_state = AssignmentState {
        sequence: Some(sequence),
        revision: Some(assignment.revision),
        changes: Some(assignment.change_count),
        began: assignment.started_at,
    };
    AssignmentSeed {
        id: Some(assignment.id.to_string()),
        account_id: None,
        template_id: assignment.template.to_string(),
        template_version: assignment.version.to_string(),
        target_type: assignment.target_type.name().to_owned(),
        target: assignment.target.to_string(),
        operation: Some(assignment.operation.name().to_owned()),
        status: None,
        resources: assignment.managed_group.iter().map(save_managed_group).collect(),
        _href: None,
        created_at: audit_fields.created_at,
        created_by_id: audit_fields.created_by_id,
        last_modified_at: audit_fields.last_modified_at,
        last_modified_by_id: audit_fields.last_modified_by_id,
        internal_state: Some(assignment_state),
    }
}

/// Returns the seed of a managed group.
fn save_managed_group(managed_group: &ManagedGroup) -> ResourceSeed {
    let entry = |id: &str| EntrySeed { id: id.to_owned(), ..EntrySeed::default() };
    let rules = managed_group.rule_ids.iter().map(|id| entry(id)).collect();
    let group = ResourceGroupSeed { group: entry(&managed_group.group_id), _members: Vec::new(), rules };
    ResourceSeed { target: None, group, _policy_template_references: Vec::new() }
}
