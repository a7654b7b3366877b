//! Loads the dialect's section of a seed file into the state.

use serde_json::Value;
use serde_json::value::RawValue;

use super::super::model::{
    self, AccessGroupContent, CloudflareState, InsertError, Owner, Scope, validate_account_id,
};
use super::super::neighbors;
use super::super::predefined;
use super::super::rules::Rules;
use super::super::scope::parse_scope;
use super::{AccessGroup, AccessGroupState, Account, LastSequences, PermissionGroup, ResourceGroup};
use super::{ResourceGroupState, Section, Zone};
use crate::config::RuleCheck;
use crate::domain::neighbors::NeighborKind;
use crate::domain::neighbors::seed::NeighborLists;
use crate::domain::seed::SeedError;
use crate::json::LazyJsonList;
use crate::spec::Violation;
use crate::store::{Memo, Tx};

/// Loads the objects of `section` into `state`.
///
/// # Errors
/// The path and reason of the first error.
pub fn load(state: &mut CloudflareState, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    load_owners(state, section, tx)?;
    state.finish_bulk_load().map_err(SeedError::of_bulk_load)
}

fn load_owners(state: &mut CloudflareState, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    for (id, account) in &section.accounts {
        load_account(state, id, account, tx).map_err(|error| error.nested_in(format!("accounts.{id}")))?;
    }
    for (id, zone) in &section.zones {
        let owner = format!("zones/{id}");
        check_id(id)
            .and_then(|()| load_zone(state, id, zone))
            .and_then(|()| load_access_groups(state, &owner, &zone.access_groups, tx))
            .and_then(|()| load_neighbors(state, &owner, &zone.neighbors, &neighbors::ZONE_KINDS, tx))
            .map_err(|error| error.nested_in(format!("zones.{id}")))?;
    }
    match &section.state {
        Some(internal) => reserve_last_sequences(state, &internal.last_sequences),
        None => Ok(()),
    }
}

fn reserve_last_sequences(state: &mut CloudflareState, last: &LastSequences) -> Result<(), SeedError> {
    let results = [
        ("access_groups", state.reserve_access_group_sequences(last.access_groups)),
        ("resource_groups", state.reserve_resource_group_sequences(last.resource_groups)),
        ("permission_groups", state.reserve_permission_group_sequences(last.permission_groups)),
        ("neighbors", state.neighbors.reserve_sequences(last.neighbors)),
    ];
    for (kind, result) in results {
        result.map_err(|max| {
            let path = format!("$state.last_sequences.{kind}");
            SeedError::new(path, format!("must be a number from 0 to {max}"))
        })?;
    }
    Ok(())
}

fn load_account(
    state: &mut CloudflareState,
    id: &str,
    account: &Account,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    check_id(id)?;
    state.seed_owner(Owner {
        collection: "accounts",
        id: id.into(),
        name: optional("name", account.name.as_deref())?,
        account: None,
    });
    load_access_groups(state, &format!("accounts/{id}"), &account.access_groups, tx)?;
    account.resource_groups.for_each(|index, group| {
        load_resource_group(state, id, &group, tx)
            .map_err(|error| error.nested_in(format!("resource_groups[{index}]")))
    })?;
    for (index, group) in account.permission_groups.iter().enumerate() {
        load_permission_group(state, id, group)
            .map_err(|error| error.nested_in(format!("permission_groups[{index}]")))?;
    }
    load_neighbors(state, &format!("accounts/{id}"), &account.neighbors, &neighbors::KINDS, tx)
}

fn load_neighbors(
    state: &mut CloudflareState,
    owner: &str,
    lists: &NeighborLists,
    kinds: &[&'static NeighborKind],
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    lists
        .load_into(&mut state.neighbors, &format!("{owner}/"), kinds, tx)
        .map_err(|error| error.nested_in("neighbors"))
}

fn load_zone(state: &mut CloudflareState, id: &str, zone: &Zone) -> Result<(), SeedError> {
    let account = zone.account.as_deref();
    account.map_or(Ok(()), check_id).map_err(|error| error.nested_in("account"))?;
    state.seed_owner(Owner {
        collection: "zones",
        id: id.into(),
        name: optional("name", zone.name.as_deref())?,
        account: account.map(Into::into),
    });
    Ok(())
}

fn optional(path: &str, value: Option<&str>) -> Result<Option<Box<str>>, SeedError> {
    value.map(|value| non_empty(path, value)).transpose()
}

fn load_permission_group(
    state: &mut CloudflareState,
    account: &str,
    group: &PermissionGroup,
) -> Result<(), SeedError> {
    let record = model::PermissionGroup {
        account: account.into(),
        id: non_empty("id", &group.id)?,
        name: group.name.as_str().into(),
        label: group.meta.label.as_str().into(),
        description: group.meta.description.as_str().into(),
        scopes: group.meta.scopes.as_str().into(),
    };
    if predefined::is_predefined(&record.id) {
        return Err(insert_error(InsertError::DuplicateKey));
    }
    let sequence = group.state.as_ref().and_then(|internal| internal.sequence);
    state.seed_permission_group(record, sequence).map_err(insert_error)
}

fn load_access_groups(
    state: &mut CloudflareState,
    owner: &str,
    groups: &LazyJsonList<AccessGroup>,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    let parse = |group: AccessGroup| parse_content(&group).map(|content| (group, content));
    groups.for_each_parsed(parse, |index, parsed| {
        parsed
            .and_then(|(group, content)| load_access_group(state, (owner, &group, content), tx))
            .map_err(|error| error.nested_in(format!("access_groups[{index}]")))
    })
}

fn load_access_group(
    state: &mut CloudflareState,
    (owner, group, content): (&str, &AccessGroup, AccessGroupContent),
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    let new_id = |tx: &mut Tx<'_>| state.new_access_group_id(owner, tx);
    let record = parse_access_group(group, content, owner, new_id, tx)?;
    let internal = group.state.as_ref();
    let pinned = match internal.and_then(|internal| internal.pinned.as_deref()) {
        Some(_) if group.pinned => return Err(two_pinned_values()),
        Some(value) => {
            let own_state =
                value.state.as_ref().map(|internal| (internal.sequence, internal.pinned.is_some()));
            let read = check_pinned(value.pinned, own_state).and_then(|()| {
                let content = parse_content(value)?;
                let pinned = parse_access_group(value, content, owner, |_| record.id.clone(), tx)?;
                check_same_id(&pinned.id, &record.id)?;
                Ok(pinned)
            });
            Some(read.map_err(|error| error.nested_in("$state.pinned"))?)
        }
        None => group.pinned.then(|| record.clone()),
    };
    let sequence = internal.and_then(|internal| internal.sequence);
    state.seed_access_group(record, sequence, pinned).map_err(insert_error)
}

/// Parses the content of one value of an Access group.
fn parse_content(group: &AccessGroup) -> Result<AccessGroupContent, SeedError> {
    let is_default = match &group.is_default {
        None | Some(Value::Null | Value::Bool(false) | Value::Array(_)) => false,
        Some(Value::Bool(true)) => true,
        Some(_) => return Err(SeedError::new("is_default", "must be true, false or an array")),
    };
    let no_state = AccessGroupState::default();
    let internal = group.state.as_ref().unwrap_or(&no_state);
    Ok(AccessGroupContent {
        name: non_empty("name", &group.name)?,
        include: parse_rules("include", group.include.as_deref(), internal.include.as_deref())?,
        exclude: parse_rules("exclude", group.exclude.as_deref(), internal.exclude.as_deref())?,
        require: parse_rules("require", group.require.as_deref(), internal.require.as_deref())?,
        is_default,
    })
}

/// Returns one value of an Access group; if it has no identifier, it gets that of `default_id`.
fn parse_access_group(
    group: &AccessGroup,
    content: AccessGroupContent,
    owner: &str,
    default_id: impl FnOnce(&mut Tx<'_>) -> Box<str>,
    tx: &mut Tx<'_>,
) -> Result<model::AccessGroup, SeedError> {
    let id = match group.id.as_deref().or(group.uid.as_deref()) {
        Some(id) => non_empty("id", id)?,
        None => default_id(tx),
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
        revision: tx.revision_or_next(group.state.as_ref().and_then(|internal| internal.revision)),
        json: Memo::default(),
    })
}

fn load_resource_group(
    state: &mut CloudflareState,
    account: &str,
    group: &ResourceGroup,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    let new_id = |tx: &mut Tx<'_>| state.new_resource_group_id(account, tx);
    let record = parse_resource_group(group, account, new_id, tx)?;
    let internal = group.state.as_ref();
    let pinned = match internal.and_then(|internal| internal.pinned.as_deref()) {
        Some(_) if group.pinned => return Err(two_pinned_values()),
        Some(value) => {
            let own_state =
                value.state.as_ref().map(|internal| (internal.sequence, internal.pinned.is_some()));
            let read = check_pinned(value.pinned, own_state).and_then(|()| {
                let pinned = parse_resource_group(value, account, |_| record.id.clone(), tx)?;
                check_same_id(&pinned.id, &record.id)?;
                Ok(pinned)
            });
            Some(read.map_err(|error| error.nested_in("$state.pinned"))?)
        }
        None => group.pinned.then(|| record.clone()),
    };
    let sequence = internal.and_then(|internal| internal.sequence);
    state.seed_resource_group(record, sequence, pinned).map_err(insert_error)
}

/// Parses one value of a resource group; if it has no identifier, it gets that of `default_id`.
fn parse_resource_group(
    group: &ResourceGroup,
    account: &str,
    default_id: impl FnOnce(&mut Tx<'_>) -> Box<str>,
    tx: &mut Tx<'_>,
) -> Result<model::ResourceGroup, SeedError> {
    let no_state = ResourceGroupState::default();
    let internal = group.state.as_ref().unwrap_or(&no_state);
    let scope = load_scope(&group.scope, internal.scope.as_deref())?;
    let is_editable = match group.meta.as_ref().map(|meta| meta.editable.as_str()) {
        None | Some("true") => true,
        Some("false") => false,
        Some(_) => return Err(SeedError::new("meta.editable", "must be the string \"true\" or \"false\"")),
    };
    let id = match group.id.as_deref() {
        Some(id) => non_empty("id", id)?,
        None => default_id(tx),
    };
    Ok(model::ResourceGroup {
        account: account.into(),
        id,
        name: non_empty("name", &group.name)?,
        scope: scope.json,
        objects: scope.objects,
        is_editable,
        revision: tx.revision_or_next(internal.revision),
    })
}

/// Converts a conflict with another record into a seed error.
fn insert_error(conflict: InsertError) -> SeedError {
    match conflict {
        InsertError::DuplicateKey => SeedError::new("id", "already exists"),
        InsertError::SequenceTaken => SeedError::new(
            "$state.sequence",
            "must be a number from 1 to 9007199254740991 that no earlier group has",
        ),
    }
}

fn two_pinned_values() -> SeedError {
    SeedError::new("$state.pinned", "cannot be combined with `pinned`")
}

/// Rejects a pinned value that itself is pinned, has a sequence number or has a pinned value.
fn check_pinned(is_marked: bool, own_state: Option<(Option<u64>, bool)>) -> Result<(), SeedError> {
    let (sequence, is_pinned) = own_state.unwrap_or_default();
    let fields =
        [("pinned", is_marked), ("$state.sequence", sequence.is_some()), ("$state.pinned", is_pinned)];
    match fields.into_iter().find(|(_, is_present)| *is_present) {
        Some((field, _)) => Err(SeedError::new(field, "is not allowed in a pinned value")),
        None => Ok(()),
    }
}

fn check_same_id(pinned: &str, id: &str) -> Result<(), SeedError> {
    if pinned == id {
        Ok(())
    } else {
        Err(SeedError::new("id", format!("must be {id}, the identifier of the group")))
    }
}

fn check_id(id: &str) -> Result<(), SeedError> {
    validate_account_id(id)
        .map_err(|_| SeedError::new("", "must be an identifier of 1 to 32 letters, digits, `_` or `-`"))
}

fn non_empty(path: &str, value: &str) -> Result<Box<str>, SeedError> {
    if value.is_empty() { Err(SeedError::new(path, "must not be empty")) } else { Ok(value.into()) }
}

/// Parses rules from the JSON string `exact`, if given, or else from `shown`.
fn parse_rules(path: &str, shown: Option<&RawValue>, exact: Option<&str>) -> Result<Rules, SeedError> {
    let parse = |json: &RawValue| {
        Rules::parse(json, path, RuleCheck::Any).map_err(|violations| {
            seed_error(violations.into_iter().next().expect("a rejected list has a violation"))
        })
    };
    if let Some(exact) = exact {
        return parse_json(path, exact).and_then(parse).map_err(|error| error.nested_in("$state"));
    }
    shown.filter(|json| json.get() != "null").map_or_else(|| Ok(Rules::empty()), parse)
}

/// Parses a scope from the JSON string `exact`, if given, or else from `shown`.
fn load_scope(shown: &RawValue, exact: Option<&str>) -> Result<Scope, SeedError> {
    let parse = |json: &RawValue| parse_scope(json).map_err(seed_error);
    match exact {
        Some(exact) => parse_json("scope", exact).and_then(parse).map_err(|error| error.nested_in("$state")),
        None => parse(shown),
    }
}

fn seed_error(violation: Violation) -> SeedError {
    SeedError::new(violation.path, violation.reason)
}

/// Parses JSON from a string.
fn parse_json<'a>(path: &str, json: &'a str) -> Result<&'a RawValue, SeedError> {
    serde_json::from_str(json).map_err(|error| SeedError::new(path, format!("is not valid JSON: {error}")))
}
