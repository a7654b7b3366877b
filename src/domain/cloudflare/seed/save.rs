//! Saves the state of the dialect as a seed file section that restores it.

use serde::Serialize;
use serde_json::Value;
use serde_json::value::to_raw_value;

use super::super::model::{self, CloudflareState};
use super::{AccessGroup, AccessGroupState, LastSequences, PermissionGroup, PermissionGroupMeta};
use super::{PermissionGroupState, ResourceGroup, ResourceGroupMeta, ResourceGroupState};
use super::{Section, SectionState};
use crate::json::{LazyJsonList, shown_and_exact};
use crate::store::{GroupSelector, SavedRecord};

/// Returns the section that restores `state`, with the groups of each account and zone in creation order.
pub fn save(state: &CloudflareState) -> Section {
    let mut section = Section::default();
    for owner in state.all_owners() {
        let (id, name) = (owner.id.to_string(), owner.name.as_deref().map(str::to_owned));
        if owner.collection == "zones" {
            let zone = section.zones.entry(id).or_default();
            (zone.name, zone.account) = (name, owner.account.as_deref().map(str::to_owned));
        } else {
            section.accounts.entry(id).or_default().name = name;
        }
    }
    for owner in state.access_group_owners() {
        let groups = LazyJsonList::from_state((state.clone(), owner.clone()), |(state, owner), mut share| {
            let groups = state.access_groups_of(owner).filter(move |_| share.has_next());
            Box::new(groups.map(|(sequence, group, pinned)| save_access_group(sequence, group, pinned)))
        });
        match owner.split_once('/') {
            Some(("zones", id)) => section.zones.entry(id.to_owned()).or_default().access_groups = groups,
            Some((_, id)) => section.accounts.entry(id.to_owned()).or_default().access_groups = groups,
            None => debug_assert!(false, "an owner consists of a collection and an identifier"),
        }
    }
    for account in state.resource_group_accounts() {
        let groups =
            LazyJsonList::from_state((state.clone(), account.clone()), |(state, account), mut share| {
                let groups = state.resource_groups_of(account).filter(move |_| share.has_next());
                Box::new(groups.map(|(sequence, group, pinned)| save_resource_group(sequence, group, pinned)))
            });
        section.accounts.entry(account).or_default().resource_groups = groups;
    }
    for (sequence, group) in state.permission_groups_with_sequences() {
        let account = section.accounts.entry(group.account.to_string()).or_default();
        account.permission_groups.push(save_permission_group(sequence, group));
    }
    for (list, neighbor) in state.neighbors.saved() {
        // A list is named like its path, such as `accounts/1/access/apps`.
        let mut parts = list.splitn(3, '/');
        let (Some(collection), Some(id), Some(path)) = (parts.next(), parts.next(), parts.next()) else {
            debug_assert!(false, "a list belongs to an account or a zone");
            continue;
        };
        let lists = match collection {
            "zones" => &mut section.zones.entry(id.to_owned()).or_default().neighbors,
            _ => &mut section.accounts.entry(id.to_owned()).or_default().neighbors,
        };
        lists.push(path, &neighbor);
    }
    let (access_groups, resource_groups, permission_groups) = state.last_sequences();
    let neighbors = state.neighbors.last_sequence();
    let last_sequences = LastSequences { access_groups, resource_groups, permission_groups, neighbors };
    section.state = (last_sequences != LastSequences::default()).then_some(SectionState { last_sequences });
    section
}

/// Returns the records of `kind` that `selector` selects, each as an object of the section.
pub fn saved_records(state: &CloudflareState, kind: &str, selector: &GroupSelector) -> Vec<SavedRecord> {
    let account_of = |owner: &str| owner.split('/').nth(1).unwrap_or_default().to_owned();
    match kind {
        "access_group" => state
            .access_groups_with_pins()
            .map(|it| (account_of(&it.1.owner), it))
            .filter(|(account, (_, group, _))| selector.matches(account, &group.id))
            .map(|(account, (sequence, group, pinned))| {
                SavedRecord::new(&account, &group.id, &save_access_group(sequence, group, pinned))
            })
            .collect(),
        "resource_group" => state
            .resource_groups_with_pins()
            .filter(|(_, group, _)| selector.matches(&group.account, &group.id))
            .map(|(sequence, group, pinned)| {
                SavedRecord::new(&group.account, &group.id, &save_resource_group(sequence, group, pinned))
            })
            .collect(),
        "permission_group" => state
            .permission_groups_with_sequences()
            .filter(|(_, group)| selector.matches(&group.account, &group.id))
            .map(|(sequence, group)| {
                SavedRecord::new(&group.account, &group.id, &save_permission_group(sequence, group))
            })
            .collect(),
        _ => state.neighbors.saved_records(kind, selector, |neighbor| account_of(&neighbor.list)),
    }
}

fn save_access_group(
    sequence: u64,
    group: &model::AccessGroup,
    pinned: Option<&model::AccessGroup>,
) -> AccessGroup {
    let mut saved = access_group(group);
    let pinned = pinned.map(access_group);
    saved.pinned = pinned.as_ref().is_some_and(|pinned| to_json(pinned) == to_json(&saved));
    saved.id = Some(group.id.to_string());
    let pinned = pinned.filter(|_| !saved.pinned).map(Box::new);
    if let Some(internal) = &mut saved.state {
        internal.sequence = Some(sequence);
        internal.pinned = pinned;
    }
    saved
}

/// Returns one value of a group without its identifier.
fn access_group(group: &model::AccessGroup) -> AccessGroup {
    let content = &group.content;
    let (include, exact_include) = shown_and_exact(content.include.json());
    let (exclude, exact_exclude) = shown_and_exact(content.exclude.json());
    let (require, exact_require) = shown_and_exact(content.require.json());
    let internal = AccessGroupState {
        revision: Some(group.revision),
        include: exact_include,
        exclude: exact_exclude,
        require: exact_require,
        ..AccessGroupState::default()
    };
    AccessGroup {
        id: None,
        uid: None,
        name: content.name.to_string(),
        include,
        exclude: exclude.filter(|json| json.get() != "[]"),
        require: require.filter(|json| json.get() != "[]"),
        is_default: content.is_default.then_some(Value::Bool(true)),
        created_at: Some(group.created),
        updated_at: Some(group.updated),
        pinned: false,
        state: Some(internal),
    }
}

fn save_resource_group(
    sequence: u64,
    group: &model::ResourceGroup,
    pinned: Option<&model::ResourceGroup>,
) -> ResourceGroup {
    let mut saved = resource_group(group);
    let pinned = pinned.map(resource_group);
    saved.pinned = pinned.as_ref().is_some_and(|pinned| to_json(pinned) == to_json(&saved));
    saved.id = Some(group.id.to_string());
    let pinned = pinned.filter(|_| !saved.pinned).map(Box::new);
    if let Some(internal) = &mut saved.state {
        internal.sequence = Some(sequence);
        internal.pinned = pinned;
    }
    saved
}

/// Returns one value of a group without its identifier.
fn resource_group(group: &model::ResourceGroup) -> ResourceGroup {
    let (shown, exact) = shown_and_exact(&group.scope);
    // The seed format requires a scope, so a parsed form of it is written in addition to the exact one.
    let scope = shown.unwrap_or_else(|| {
        let value: Value = serde_json::from_str(group.scope.get()).expect("a stored scope was parsed before");
        to_raw_value(&value).expect("a JSON value can be serialized")
    });
    let editable = if group.is_editable { "true" } else { "false" };
    let internal =
        ResourceGroupState { revision: Some(group.revision), scope: exact, ..ResourceGroupState::default() };
    ResourceGroup {
        id: None,
        name: group.name.to_string(),
        scope,
        meta: Some(ResourceGroupMeta { editable: editable.to_owned() }),
        pinned: false,
        state: Some(internal),
    }
}

fn save_permission_group(sequence: u64, group: &model::PermissionGroup) -> PermissionGroup {
    let meta = PermissionGroupMeta {
        label: group.label.to_string(),
        description: group.description.to_string(),
        scopes: group.scopes.to_string(),
        _editable: None,
    };
    PermissionGroup {
        id: group.id.to_string(),
        name: group.name.to_string(),
        meta,
        _status: None,
        _created_on: None,
        _modified_on: None,
        _pinned: false,
        state: Some(PermissionGroupState { sequence: Some(sequence) }),
    }
}

fn to_json(saved: &impl Serialize) -> String {
    serde_json::to_string(saved).expect("a seed can be serialized")
}
