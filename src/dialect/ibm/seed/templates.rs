//! Templates and assignments of the seed: each version of a template stands for itself, as the API answers it.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::model::assignment::{AssignmentDraft, NewAssignment, Operation};
use super::super::model::managed::EffectIds;
use super::super::model::template::{GivenVersion, TemplateDraft};
use super::super::model::template_lifecycle::WholeVersion;
use super::super::model::{Caller, DEFAULT_IAM_ID, State};
use super::{check_group_id, check_id, check_same, first, stamp, stamp_or};
use crate::seed_error::SeedError;
use crate::store::Tx;

/// A version of a template. Versions with the same id are of one template.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TemplateSeed {
    id: Option<String>,
    name: String,
    description: Option<String>,
    account_id: Option<String>,
    version: Option<String>,
    #[serde(default)]
    committed: bool,
    group: Option<Box<RawValue>>,
    policy_template_references: Option<Box<RawValue>>,
    #[serde(rename = "href")]
    _href: Option<String>,
    created_at: Option<DateTime<Utc>>,
    created_by_id: Option<String>,
    last_modified_at: Option<DateTime<Utc>>,
    last_modified_by_id: Option<String>,
}

/// An assignment. `resources` say which ids the group and its rules have.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AssignmentSeed {
    id: Option<String>,
    account_id: Option<String>,
    template_id: String,
    template_version: String,
    target_type: String,
    target: String,
    operation: Option<String>,
    status: Option<String>,
    #[serde(default)]
    resources: Vec<ResourceSeed>,
    #[serde(rename = "href")]
    _href: Option<String>,
    created_at: Option<DateTime<Utc>>,
    created_by_id: Option<String>,
    last_modified_at: Option<DateTime<Utc>>,
    last_modified_by_id: Option<String>,
}

/// What an assignment brought about in its target.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceSeed {
    target: Option<String>,
    group: ResourceGroupSeed,
    #[serde(rename = "policy_template_references", default)]
    _policy_template_references: Vec<EntrySeed>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceGroupSeed {
    group: EntrySeed,
    #[serde(rename = "members", default)]
    _members: Vec<EntrySeed>,
    #[serde(default)]
    rules: Vec<EntrySeed>,
}

/// Only the id counts; the rest follows from the template.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntrySeed {
    id: String,
    #[serde(rename = "name")]
    _name: Option<String>,
    #[serde(rename = "version")]
    _version: Option<String>,
    #[serde(rename = "resource")]
    _resource: Option<String>,
    #[serde(rename = "error")]
    _error: Option<String>,
    #[serde(rename = "operation")]
    _operation: Option<String>,
    #[serde(rename = "status")]
    _status: Option<String>,
}

pub(super) fn load_template(
    state: &mut State,
    account: &str,
    template: &TemplateSeed,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    check_same("account_id", template.account_id.as_deref(), account)?;
    check_id(template.id.as_deref())?;
    let id = template.id.clone().unwrap_or_else(|| format!("AccessGroupTemplateId-{}", tx.ids.uuid()));
    let number = number(state.highest_version(&id) + 1, template.version.as_deref())?;
    let given = GivenVersion {
        name: Some(template.name.clone()),
        description: template.description.clone(),
        group: template.group.clone(),
        references: template.policy_template_references.clone(),
    };
    let draft = TemplateDraft::new(Some(account.to_owned()), given).map_err(first)?;
    let created = stamp(state, template.created_at, template.created_by_id.as_deref(), tx);
    let modified =
        stamp_or(state, template.last_modified_at, template.last_modified_by_id.as_deref(), &created);
    let whole = WholeVersion {
        id: id.clone(),
        number,
        is_committed: template.committed,
        draft,
        stamps: [created, modified],
    };
    state.put_template_version(whole, tx).ok_or_else(|| {
        SeedError::new("id", format!("`{id}` has another name or account in an earlier version"))
    })
}

/// The greatest number that a seeded version may have, so that there is room for more.
const GREATEST_NUMBER: u32 = 1_000_000;

/// The number of a version, which is at least `least`; without one, `least`.
fn number(least: u32, given: Option<&str>) -> Result<u32, SeedError> {
    let least_text = least.to_string();
    let given = given.unwrap_or(&least_text);
    let number = given.parse::<u32>().ok().filter(|number| number.to_string() == given);
    let number = number.filter(|number| (least..=GREATEST_NUMBER).contains(number));
    let reason = || format!("must be a number from {least} to {GREATEST_NUMBER}, as text");
    number.ok_or_else(|| SeedError::new("version", reason()))
}

pub(super) fn load_assignment(
    state: &mut State,
    account: &str,
    assignment: &AssignmentSeed,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    check_same("account_id", assignment.account_id.as_deref(), account)?;
    check_id(assignment.id.as_deref())?;
    check_status(assignment.status.as_deref())?;
    let AssignmentSeed { template_id, template_version, target_type, target, .. } = assignment.clone();
    let draft = AssignmentDraft::new([template_id, template_version, target_type, target].map(Some));
    let operation = Operation::named(assignment.operation.as_deref().unwrap_or("assign"));
    let created = stamp(state, assignment.created_at, assignment.created_by_id.as_deref(), tx);
    let modified =
        stamp_or(state, assignment.last_modified_at, assignment.last_modified_by_id.as_deref(), &created);
    let id = assignment.id.clone().unwrap_or_else(|| format!("AccessGroupAssignmentId-{}", tx.ids.uuid()));
    let new = NewAssignment {
        id: id.clone().into(),
        draft: draft.map_err(first)?,
        operation: operation.ok_or_else(|| SeedError::new("operation", "must be one of assign, update"))?,
        effect: effect_ids(&assignment.resources, &assignment.target)?,
        stamps: [created, modified],
    };
    // Only a template of the account that the assignment stands in may be assigned.
    let caller = Caller {
        iam_id: DEFAULT_IAM_ID.to_owned(),
        account: account.to_owned(),
        limited_to: Some(account.to_owned()),
    };
    match state.put_assignment(new, &caller, tx) {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(SeedError::new("id", format!("`{id}` or the id of its group is taken"))),
        Err(refusal) => Err(SeedError::new("", refusal.message())),
    }
}

/// An assignment is accepted when it is made and has succeeded when it is looked at, so that it cannot be seeded with
/// another status.
fn check_status(status: Option<&str>) -> Result<(), SeedError> {
    match status {
        None | Some("accepted" | "succeeded") => Ok(()),
        Some(_) => Err(SeedError::new("status", "must be one of accepted, succeeded")),
    }
}

fn effect_ids(resources: &[ResourceSeed], target: &str) -> Result<EffectIds, SeedError> {
    let Some(resource) = resources.first() else { return Ok(EffectIds::default()) };
    if resources.len() > 1 {
        return Err(SeedError::new("resources[1]", "must not be there, as an assignment has one target"));
    }
    check_same("target", resource.target.as_deref(), target)
        .and_then(|()| group_ids(&resource.group))
        .map_err(|error| error.below("resources[0]"))
}

fn group_ids(ResourceGroupSeed { group, rules, .. }: &ResourceGroupSeed) -> Result<EffectIds, SeedError> {
    check_group_id("group.group.id", &group.id)?;
    let mut ids: Vec<Box<str>> = Vec::new();
    for (index, EntrySeed { id, .. }) in rules.iter().enumerate() {
        let place = format!("group.rules[{index}]");
        check_id(Some(id)).map_err(|error| error.below(&place))?;
        if ids.iter().any(|earlier| **earlier == **id) {
            let reason = format!("`{id}` is taken by an earlier rule of the group");
            return Err(SeedError::new("id", reason).below(place));
        }
        ids.push(id.as_str().into());
    }
    Ok(EffectIds { group: Some(group.id.as_str().into()), rules: ids })
}
