//! The section of the seed file: `accounts` and `zones` by identifier, each with its groups as the API answers
//! them.
//!
//! Identifiers, timestamps and absent lists may be left out; `"pinned": true` makes a deletion restore the
//! seeded value.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::model::{self, AccessGroupContent, State, check_account};
use super::predefined;
use super::rules::Rules;
use super::scope::scope_of;
use crate::config::RuleCheck;
use crate::seed_error::SeedError;
use crate::store::Tx;

/// The objects of the cloudflare dialect.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The accounts by identifier.
    #[serde(default)]
    pub accounts: BTreeMap<String, Account>,
    /// The zones by identifier.
    #[serde(default)]
    pub zones: BTreeMap<String, Zone>,
}

/// The objects of an account.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    #[serde(default)]
    access_groups: Vec<AccessGroup>,
    #[serde(default)]
    resource_groups: Vec<ResourceGroup>,
    #[serde(default)]
    permission_groups: Vec<PermissionGroup>,
}

/// The objects of a zone.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    #[serde(default)]
    access_groups: Vec<AccessGroup>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccessGroup {
    id: Option<String>,
    /// The same as `id`, where it is there.
    uid: Option<String>,
    name: String,
    include: Option<Box<RawValue>>,
    exclude: Option<Box<RawValue>>,
    require: Option<Box<RawValue>>,
    /// A boolean, or the empty array of an answer.
    is_default: Option<Value>,
    created_at: Option<DateTime<Utc>>,
    updated_at: Option<DateTime<Utc>>,
    #[serde(default)]
    pinned: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceGroup {
    id: Option<String>,
    name: String,
    scope: Box<RawValue>,
    meta: Option<ResourceGroupMeta>,
    #[serde(default)]
    pinned: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceGroupMeta {
    editable: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct PermissionGroup {
    id: String,
    name: String,
    #[serde(default)]
    meta: PermissionGroupMeta,
    #[serde(rename = "status")]
    _status: Option<String>,
    #[serde(rename = "created_on")]
    _created_on: Option<String>,
    #[serde(rename = "modified_on")]
    _modified_on: Option<String>,
    /// Permission groups cannot be deleted: the mark is taken and means nothing.
    #[serde(default, rename = "pinned")]
    _pinned: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PermissionGroupMeta {
    label: String,
    description: String,
    scopes: String,
    #[serde(rename = "editable")]
    _editable: Option<String>,
}

/// Puts the objects of `section` into `state`.
///
/// # Errors
/// The path and reason of the first mistake.
pub fn load(state: &mut State, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    for (id, account) in &section.accounts {
        load_account(state, id, account, tx).map_err(|error| error.below(format!("accounts.{id}")))?;
    }
    for (id, zone) in &section.zones {
        let owner = format!("zones/{id}");
        check_id(id)
            .and_then(|()| load_access_groups(state, &owner, &zone.access_groups, tx))
            .map_err(|error| error.below(format!("zones.{id}")))?;
    }
    Ok(())
}

fn load_account(state: &mut State, id: &str, account: &Account, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    check_id(id)?;
    load_access_groups(state, &format!("accounts/{id}"), &account.access_groups, tx)?;
    for (index, group) in account.resource_groups.iter().enumerate() {
        load_resource_group(state, id, group, tx)
            .map_err(|error| error.below(format!("resource_groups[{index}]")))?;
    }
    for (index, group) in account.permission_groups.iter().enumerate() {
        let path = format!("permission_groups[{index}].id");
        let group = model::PermissionGroup {
            account: id.into(),
            id: text("id", &group.id).map_err(|error| error.below(format!("permission_groups[{index}]")))?,
            name: group.name.as_str().into(),
            label: group.meta.label.as_str().into(),
            description: group.meta.description.as_str().into(),
            scopes: group.meta.scopes.as_str().into(),
        };
        let is_taken = predefined::is_everywhere(&group.id) || state.seed_permission_group(group).is_none();
        if is_taken {
            return Err(SeedError::new(path, "is taken"));
        }
    }
    Ok(())
}

fn load_access_groups(
    state: &mut State,
    owner: &str,
    groups: &[AccessGroup],
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    for (index, group) in groups.iter().enumerate() {
        load_access_group(state, owner, group, tx)
            .map_err(|error| error.below(format!("access_groups[{index}]")))?;
    }
    Ok(())
}

fn load_access_group(
    state: &mut State,
    owner: &str,
    group: &AccessGroup,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    let is_default = match &group.is_default {
        None | Some(Value::Null | Value::Bool(false) | Value::Array(_)) => false,
        Some(Value::Bool(true)) => true,
        Some(_) => return Err(SeedError::new("is_default", "must be true, false or an array")),
    };
    let content = AccessGroupContent {
        name: text("name", &group.name)?,
        include: rules("include", group.include.as_deref())?,
        exclude: rules("exclude", group.exclude.as_deref())?,
        require: rules("require", group.require.as_deref())?,
        is_default,
    };
    let id = match group.id.as_ref().or(group.uid.as_ref()) {
        Some(id) => text("id", id)?,
        None => tx.ids.uuid().to_string().into(),
    };
    if group.uid.as_deref().is_some_and(|uid| *uid != *id) {
        return Err(SeedError::new("uid", "must be the same as `id`"));
    }
    let created = group.created_at.unwrap_or(tx.now);
    let record = model::AccessGroup {
        owner: owner.into(),
        id,
        content,
        created,
        updated: group.updated_at.unwrap_or(created),
        revision: tx.next_revision(),
    };
    state.seed_access_group(record, group.pinned).ok_or_else(|| SeedError::new("id", "is taken"))
}

fn load_resource_group(
    state: &mut State,
    account: &str,
    group: &ResourceGroup,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    let scope = scope_of(&group.scope).map_err(|wrong| SeedError::new(wrong.path, wrong.reason))?;
    let is_editable = match group.meta.as_ref().map(|meta| meta.editable.as_str()) {
        None | Some("true") => true,
        Some("false") => false,
        Some(_) => return Err(SeedError::new("meta.editable", "must be the text \"true\" or \"false\"")),
    };
    let id = match &group.id {
        Some(id) => text("id", id)?,
        None => tx.ids.hex().into(),
    };
    let record = model::ResourceGroup {
        account: account.into(),
        id,
        name: text("name", &group.name)?,
        scope: scope.text,
        objects: scope.objects,
        is_editable,
        revision: tx.next_revision(),
    };
    state.seed_resource_group(record, group.pinned).ok_or_else(|| SeedError::new("id", "is taken"))
}

fn check_id(id: &str) -> Result<(), SeedError> {
    check_account(id).map_err(|_| SeedError::new("", "an identifier has 1 to 32 letters, digits, `_` or `-`"))
}

fn text(path: &str, text: &str) -> Result<Box<str>, SeedError> {
    if text.is_empty() { Err(SeedError::new(path, "must not be empty")) } else { Ok(text.into()) }
}

fn rules(path: &str, text: Option<&RawValue>) -> Result<Rules, SeedError> {
    let Some(text) = text.filter(|text| text.get() != "null") else { return Ok(Rules::none()) };
    Rules::of(text, path, RuleCheck::Lenient).map_err(|violations| {
        let violation = violations.into_iter().next().expect("a refused list has a violation");
        SeedError::new(violation.path, violation.reason)
    })
}
