//! Templates and assignments of the seed: each version of a template stands for itself, as the API answers it.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::super::model::assignment::{AssignmentDraft, NewAssignment, Operation};
use super::super::model::managed::EffectIds;
use super::super::model::template::{GivenVersion, TemplateDraft};
use super::super::model::template_lifecycle::WholeVersion;
use super::super::model::{Caller, DEFAULT_IAM_ID, State};
use super::{check_same, first, stamp, stamp_or};
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
    #[serde(rename = "status")]
    _status: Option<String>,
    resources: Option<Value>,
    #[serde(rename = "href")]
    _href: Option<String>,
    created_at: Option<DateTime<Utc>>,
    created_by_id: Option<String>,
    last_modified_at: Option<DateTime<Utc>>,
    last_modified_by_id: Option<String>,
}

pub(super) fn load_template(
    state: &mut State,
    account: &str,
    template: &TemplateSeed,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    check_same("account_id", template.account_id.as_deref(), account)?;
    if template.id.as_deref() == Some("") {
        return Err(SeedError::new("id", "must not be empty"));
    }
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
    if assignment.id.as_deref() == Some("") {
        return Err(SeedError::new("id", "must not be empty"));
    }
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
        effect: effect_ids(assignment.resources.as_ref()),
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

fn effect_ids(resources: Option<&Value>) -> EffectIds {
    let group = resources.and_then(|resources| resources.pointer("/0/group"));
    let id_of = |entry: &Value| entry.get("id")?.as_str().map(Into::into);
    let rules = group.and_then(|group| group.get("rules")?.as_array());
    EffectIds {
        group: group.and_then(|group| id_of(group.get("group")?)),
        rules: rules.into_iter().flatten().filter_map(id_of).collect(),
    }
}
