//! Puts a section of a seed into the state.

use serde_json::Value;
use serde_json::value::RawValue;

use super::super::model::{self, AccessGroupContent, Scope, State, Taken, check_account};
use super::super::predefined;
use super::super::rules::Rules;
use super::super::scope::scope_of;
use super::{AccessGroup, AccessGroupState, Account, LastSequences, PermissionGroup, ResourceGroup};
use super::{ResourceGroupState, Section};
use crate::config::RuleCheck;
use crate::failure::Violation;
use crate::seed_error::SeedError;
use crate::seed_list::SeedList;
use crate::store::{Kept, Tx};

/// Puts the objects of `section` into `state`.
///
/// # Errors
/// The path and reason of the first mistake.
pub fn load(state: &mut State, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    state.defer_orders();
    let loaded = load_owners(state, section, tx);
    state.make_orders();
    loaded
}

fn load_owners(state: &mut State, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    for (id, account) in &section.accounts {
        load_account(state, id, account, tx).map_err(|error| error.below(format!("accounts.{id}")))?;
    }
    for (id, zone) in &section.zones {
        let owner = format!("zones/{id}");
        check_id(id)
            .and_then(|()| load_access_groups(state, &owner, &zone.access_groups, tx))
            .map_err(|error| error.below(format!("zones.{id}")))?;
    }
    match &section.state {
        Some(hidden) => leave_out(state, &hidden.last_sequences),
        None => Ok(()),
    }
}

fn leave_out(state: &mut State, last: &LastSequences) -> Result<(), SeedError> {
    let given = [
        ("access_groups", state.leave_out_access_groups(last.access_groups)),
        ("resource_groups", state.leave_out_resource_groups(last.resource_groups)),
        ("permission_groups", state.leave_out_permission_groups(last.permission_groups)),
    ];
    for (kind, outcome) in given {
        outcome.map_err(|greatest| {
            let path = format!("$state.last_sequences.{kind}");
            SeedError::new(path, format!("must be a number from 0 to {greatest}"))
        })?;
    }
    Ok(())
}

fn load_account(state: &mut State, id: &str, account: &Account, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    check_id(id)?;
    load_access_groups(state, &format!("accounts/{id}"), &account.access_groups, tx)?;
    for (index, group) in account.resource_groups.iter().enumerate() {
        load_resource_group(state, id, &group, tx)
            .map_err(|error| error.below(format!("resource_groups[{index}]")))?;
    }
    for (index, group) in account.permission_groups.iter().enumerate() {
        load_permission_group(state, id, group)
            .map_err(|error| error.below(format!("permission_groups[{index}]")))?;
    }
    Ok(())
}

fn load_permission_group(state: &mut State, account: &str, group: &PermissionGroup) -> Result<(), SeedError> {
    let record = model::PermissionGroup {
        account: account.into(),
        id: text("id", &group.id)?,
        name: group.name.as_str().into(),
        label: group.meta.label.as_str().into(),
        description: group.meta.description.as_str().into(),
        scopes: group.meta.scopes.as_str().into(),
    };
    if predefined::is_everywhere(&record.id) {
        return Err(mistake(Taken::Key));
    }
    let sequence = group.state.as_ref().and_then(|hidden| hidden.sequence);
    state.seed_permission_group(record, sequence).map_err(mistake)
}

fn load_access_groups(
    state: &mut State,
    owner: &str,
    groups: &SeedList<AccessGroup>,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    for (index, group) in groups.iter().enumerate() {
        load_access_group(state, owner, &group, tx)
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
    let record = access_group_of(group, owner, None, tx)?;
    let hidden = group.state.as_ref();
    let pinned = match hidden.and_then(|hidden| hidden.pinned.as_deref()) {
        Some(_) if group.pinned => return Err(two_pinned_values()),
        Some(value) => {
            let own_state = value.state.as_ref().map(|hidden| (hidden.sequence, hidden.pinned.is_some()));
            let read = check_pinned(value.pinned, own_state).and_then(|()| {
                let pinned = access_group_of(value, owner, Some(&record.id), tx)?;
                check_same_id(&pinned.id, &record.id)?;
                Ok(pinned)
            });
            Some(read.map_err(|error| error.below("$state.pinned"))?)
        }
        None => group.pinned.then(|| record.clone()),
    };
    let sequence = hidden.and_then(|hidden| hidden.sequence);
    state.seed_access_group(record, sequence, pinned).map_err(mistake)
}

/// Reads one value of an Access group; without an identifier it gets `own_id`, or a new one.
fn access_group_of(
    group: &AccessGroup,
    owner: &str,
    own_id: Option<&str>,
    tx: &mut Tx<'_>,
) -> Result<model::AccessGroup, SeedError> {
    let is_default = match &group.is_default {
        None | Some(Value::Null | Value::Bool(false) | Value::Array(_)) => false,
        Some(Value::Bool(true)) => true,
        Some(_) => return Err(SeedError::new("is_default", "must be true, false or an array")),
    };
    let no_state = AccessGroupState::default();
    let hidden = group.state.as_ref().unwrap_or(&no_state);
    let content = AccessGroupContent {
        name: text("name", &group.name)?,
        include: rules("include", group.include.as_deref(), hidden.include.as_deref())?,
        exclude: rules("exclude", group.exclude.as_deref(), hidden.exclude.as_deref())?,
        require: rules("require", group.require.as_deref(), hidden.require.as_deref())?,
        is_default,
    };
    let id = match group.id.as_deref().or(group.uid.as_deref()).or(own_id) {
        Some(id) => text("id", id)?,
        None => tx.ids.uuid().to_string().into(),
    };
    if group.uid.as_deref().is_some_and(|uid| *uid != *id) {
        return Err(SeedError::new("uid", "must be the same as `id`"));
    }
    let created = group.created_at.unwrap_or(tx.now);
    Ok(model::AccessGroup {
        owner: owner.into(),
        id,
        content,
        created,
        updated: group.updated_at.unwrap_or(created),
        revision: hidden.revision.unwrap_or_else(|| tx.next_revision()),
        json: Kept::default(),
    })
}

fn load_resource_group(
    state: &mut State,
    account: &str,
    group: &ResourceGroup,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    let record = resource_group_of(group, account, None, tx)?;
    let hidden = group.state.as_ref();
    let pinned = match hidden.and_then(|hidden| hidden.pinned.as_deref()) {
        Some(_) if group.pinned => return Err(two_pinned_values()),
        Some(value) => {
            let own_state = value.state.as_ref().map(|hidden| (hidden.sequence, hidden.pinned.is_some()));
            let read = check_pinned(value.pinned, own_state).and_then(|()| {
                let pinned = resource_group_of(value, account, Some(&record.id), tx)?;
                check_same_id(&pinned.id, &record.id)?;
                Ok(pinned)
            });
            Some(read.map_err(|error| error.below("$state.pinned"))?)
        }
        None => group.pinned.then(|| record.clone()),
    };
    let sequence = hidden.and_then(|hidden| hidden.sequence);
    state.seed_resource_group(record, sequence, pinned).map_err(mistake)
}

/// Reads one value of a resource group; without an identifier it gets `own_id`, or a new one.
fn resource_group_of(
    group: &ResourceGroup,
    account: &str,
    own_id: Option<&str>,
    tx: &mut Tx<'_>,
) -> Result<model::ResourceGroup, SeedError> {
    let no_state = ResourceGroupState::default();
    let hidden = group.state.as_ref().unwrap_or(&no_state);
    let scope = scope(&group.scope, hidden.scope.as_deref())?;
    let is_editable = match group.meta.as_ref().map(|meta| meta.editable.as_str()) {
        None | Some("true") => true,
        Some("false") => false,
        Some(_) => return Err(SeedError::new("meta.editable", "must be the text \"true\" or \"false\"")),
    };
    let id = match group.id.as_deref().or(own_id) {
        Some(id) => text("id", id)?,
        None => tx.ids.hex().into(),
    };
    Ok(model::ResourceGroup {
        account: account.into(),
        id,
        name: text("name", &group.name)?,
        scope: scope.text,
        objects: scope.objects,
        is_editable,
        revision: hidden.revision.unwrap_or_else(|| tx.next_revision()),
    })
}

/// Says which of the two that a seeded record needs for itself is taken.
fn mistake(taken: Taken) -> SeedError {
    match taken {
        Taken::Key => SeedError::new("id", "is taken"),
        Taken::Place => SeedError::new(
            "$state.sequence",
            "must be a number from 1 to 9007199254740991 that no earlier group has",
        ),
    }
}

fn two_pinned_values() -> SeedError {
    SeedError::new("$state.pinned", "must not stand beside `pinned`")
}

/// Fails where a pinned value has a mark, a place or a pinned value of its own.
fn check_pinned(mark: bool, own_state: Option<(Option<u64>, bool)>) -> Result<(), SeedError> {
    let (sequence, is_pinned) = own_state.unwrap_or_default();
    let members = [("pinned", mark), ("$state.sequence", sequence.is_some()), ("$state.pinned", is_pinned)];
    match members.into_iter().find(|(_, is_there)| *is_there) {
        Some((member, _)) => Err(SeedError::new(member, "means nothing in a pinned value")),
        None => Ok(()),
    }
}

fn check_same_id(pinned: &str, id: &str) -> Result<(), SeedError> {
    if pinned == id {
        Ok(())
    } else {
        Err(SeedError::new("id", format!("must be {id}, as that of the group")))
    }
}

fn check_id(id: &str) -> Result<(), SeedError> {
    check_account(id).map_err(|_| SeedError::new("", "an identifier has 1 to 32 letters, digits, `_` or `-`"))
}

fn text(path: &str, text: &str) -> Result<Box<str>, SeedError> {
    if text.is_empty() { Err(SeedError::new(path, "must not be empty")) } else { Ok(text.into()) }
}

/// Reads rules: `exact`, which holds them to the letter, goes before `shown`.
fn rules(path: &str, shown: Option<&RawValue>, exact: Option<&str>) -> Result<Rules, SeedError> {
    let read = |text: &RawValue| {
        Rules::of(text, path, RuleCheck::Lenient).map_err(|violations| {
            mistake_of(violations.into_iter().next().expect("a refused list has a violation"))
        })
    };
    if let Some(exact) = exact {
        return json_in(path, exact).and_then(read).map_err(|error| error.below("$state"));
    }
    shown.filter(|text| text.get() != "null").map_or_else(|| Ok(Rules::none()), read)
}

/// Reads a scope: `exact`, which holds it to the letter, goes before `shown`.
fn scope(shown: &RawValue, exact: Option<&str>) -> Result<Scope, SeedError> {
    let read = |text: &RawValue| scope_of(text).map_err(mistake_of);
    match exact {
        Some(exact) => json_in("scope", exact).and_then(read).map_err(|error| error.below("$state")),
        None => read(shown),
    }
}

fn mistake_of(violation: Violation) -> SeedError {
    SeedError::new(violation.path, violation.reason)
}

/// Returns the JSON that stands in a text.
fn json_in<'a>(path: &str, text: &'a str) -> Result<&'a RawValue, SeedError> {
    serde_json::from_str(text).map_err(|error| SeedError::new(path, format!("holds no JSON: {error}")))
}
