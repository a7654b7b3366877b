//! The section of the seed file: the accounts of account groups, the roles of single services, and accounts with settings, groups, templates, assignments, users, service ids, trusted
//! profiles and policies, each in the format of the API response.
//!
//! The section also contains the names of account groups, and the neighbors of groups in the format of the mechanism.
//! A group also has its `members`, in the format of the member list, and its `rules`. Ids and times are optional. With
//! `"pinned": true` on a group, a member or a rule, its deletion restores the seeded value.
//!
//! [`save`] writes the complete state in the same format. Internal state that the API does not expose is in the field
//! `$state` of each record and of the section: sequence numbers, revisions, change counts, and pinned values that
//! differ from the current ones. A record with a `$state` is loaded exactly as saved: a group pins only the members,
//! rules and policies that are marked as pinned, and an assignment does not create its groups.

mod assignments;
mod fields;
mod groups;
mod identities;
mod internal_state;
mod known_members;
mod members;
mod pinning;
mod policies;
mod principals;
mod rules;
mod section;
mod service_roles;
mod templates;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use section::Section;

use super::account_groups::check_accounts;
use super::neighbors;
use super::records::principal::PrincipalKind;
use super::records::settings::Settings;
use super::state::IbmState;
use crate::domain::neighbors::seed::NeighborLists;
use crate::domain::seed::SeedError;
use crate::store::{GroupSelector, SavedRecord, Tx};
use fields::{audit_stamp, check_matches_location};
use internal_state::SectionState;
use known_members::KnownMembers;
use section::{AccountSeed, SettingsSeed, for_each, for_each_account};

/// Loads the records of `section` into `state`.
///
/// # Errors
/// The path and reason of the first error.
pub fn load(state: &mut IbmState, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    if let Some(section_state) = &section.internal_state {
        section_state.reserve_sequences(state)?;
    }
    load_account_groups(state, section)?;
    load_service_roles(state, section)?;
    load_neighbors(state, section, tx)?;
    // The details of an identity apply wherever it occurs, so they are collected before the memberships are loaded.
    identities::collect_details(state, section)?;
    for_each_account(section, |id, account| {
        load_account(state, id, account, tx)?;
        load_principals(state, id, account, tx)
    })?;
    load_users_and_groups(state, section, tx)?;
    state.finish_bulk_load().map_err(SeedError::of_bulk_load)?;
    for_each_account(section, |id, account| {
        for_each("templates", &account.templates, |template| templates::load(state, id, template, tx))?;
        for_each("assignments", &account.assignments, |it| assignments::load(state, id, it, tx))
    })?;
    for_each_account(section, |id, account| {
        if account.policies.is_empty() {
            return Ok(());
        }
        let mut pinning_groups = BTreeSet::new();
        account.groups.for_each(|_, group| {
            pinning_groups.extend(group.into_id_if_policies_pinned());
            Ok::<(), SeedError>(())
        })?;
        for_each("policies", &account.policies, |policy| {
            policies::load(state, id, policy, &pinning_groups, tx)
        })
    })
}

/// Loads the users and the groups with their members, which hold the details of their identities.
fn load_users_and_groups(state: &mut IbmState, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    let mut members: BTreeMap<String, KnownMembers> = BTreeMap::new();
    for_each_account(section, |id, account| {
        let known = members.entry(id.to_owned()).or_default();
        account.users.for_each(|index, user| {
            let loaded = principals::load_user((state, known), id, &user, tx);
            loaded.map_err(|error| error.nested_in(format!("users[{index}]")))
        })
    })?;
    for_each_account(section, |id, account| {
        let known = members.entry(id.to_owned()).or_default();
        account.groups.for_each(|index, group| {
            let loaded = groups::load((state, known), id, group, tx);
            loaded.map_err(|error| error.nested_in(format!("groups[{index}]")))
        })
    })
}

fn load_account_groups(state: &mut IbmState, section: &Section) -> Result<(), SeedError> {
    for (id, accounts) in &section.account_groups {
        let invalid = |reason: &str| SeedError::new(format!("account_groups.{id}"), reason);
        if id.is_empty() {
            return Err(invalid("the id of an account group must not be empty"));
        }
        let accounts = check_accounts(accounts).map_err(|reason| invalid(&reason))?;
        state.insert_account_group(id, &accounts);
    }
    for (id, name) in &section.account_group_names {
        state.account_group_names.insert(id.as_str().into(), name.as_str().into());
    }
    Ok(())
}

fn load_neighbors(state: &mut IbmState, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    let loaded = section.neighbors.load_into(&mut state.neighbors, "", &neighbors::KINDS, tx);
    loaded.map_err(|error| error.nested_in("neighbors"))?;
    let owners: Vec<Box<str>> = state.neighbors.iter().map(|neighbor| neighbor.owner.clone()).collect();
    for owner in owners.iter().filter(|owner| !owner.is_empty()) {
        state.intern_account(owner);
    }
    Ok(())
}

fn load_service_roles(state: &mut IbmState, section: &Section) -> Result<(), SeedError> {
    for (service, roles) in &section.service_roles {
        let path = format!("service_roles.{service}");
        if service.is_empty() || service.contains(':') {
            return Err(SeedError::new(path, "must be the name of a service, without `:`"));
        }
        for_each(&path, roles, |role| service_roles::load(state, service, role))?;
    }
    Ok(())
}

fn load_account(state: &mut IbmState, id: &str, account: &AccountSeed, tx: &Tx<'_>) -> Result<(), SeedError> {
    if id.is_empty() {
        return Err(SeedError::new("", "the id of an account must not be empty"));
    }
    state.intern_account(id);
    if let Some(name) = &account.name {
        state.account_names.insert(id.into(), name.as_str().into());
    }
    let Some(settings) = &account.settings else { return Ok(()) };
    check_matches_location("settings.account_id", settings.account_id.as_deref(), id)?;
    let modified = audit_stamp(state, settings.last_modified_at, settings.last_modified_by_id.as_deref(), tx);
    let public_access_enabled = settings.public_access_enabled;
    state.insert_settings(id, Settings { public_access_enabled, modified });
    Ok(())
}

fn load_principals(
    state: &mut IbmState,
    id: &str,
    account: &AccountSeed,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    let (service_id, profile) = (PrincipalKind::ServiceId, PrincipalKind::Profile);
    for_each("service_ids", &account.service_ids, |it| {
        principals::load_principal(state, service_id, id, it, tx)
    })?;
    for_each("profiles", &account.profiles, |it| principals::load_principal(state, profile, id, it, tx))
}

/// Returns the section from which [`load`] restores the same state.
///
/// Serialize it directly to a string: a `serde_json::Value` would lose the original formatting of template groups.
pub fn save(state: &IbmState) -> Section {
    let accounts = state.accounts().map(|(id, settings)| (id.to_owned(), save_account(state, id, settings)));
    let accounts = accounts.collect();
    let section_state = SectionState::from_state(state, identities::unlisted_identities(state, &accounts));
    let account_groups = state
        .account_groups()
        .map(|(id, accounts)| (id.to_owned(), accounts.iter().map(ToString::to_string).collect()));
    let mut lists = NeighborLists::default();
    for (list, neighbor) in state.neighbors.saved() {
        lists.push(list, &neighbor);
    }
    let names = state.account_group_names.iter().map(|(id, name)| (id.to_string(), name.to_string()));
    Section {
        accounts,
        account_groups: account_groups.collect(),
        service_roles: service_roles::save(state),
        account_group_names: names.collect(),
        neighbors: lists,
        internal_state: section_state,
    }
}

/// Returns the records of `kind` that `selector` selects, each as an object of the section.
pub fn saved_records(state: &IbmState, kind: &str, selector: &GroupSelector) -> Vec<SavedRecord> {
    match kind {
        "access_group" => groups::saved_records(state, selector),
        "policy" => policies::saved_records(state, selector),
        _ => state.neighbors.saved_records(kind, selector, |neighbor| neighbor.owner.to_string()),
    }
}

fn save_account(state: &IbmState, id: &str, settings: Option<&Settings>) -> AccountSeed {
    let settings = settings.map(|settings| SettingsSeed {
        account_id: None,
        last_modified_at: Some(settings.modified.at.to_datetime()),
        last_modified_by_id: Some(settings.modified.by.to_string()),
        public_access_enabled: settings.public_access_enabled,
    });
    AccountSeed {
        name: state.account_names.get(id).map(ToString::to_string),
        settings,
        groups: groups::save(state, id),
        templates: templates::save(state, id),
        assignments: assignments::save(state, id),
        users: principals::save_users(state, id),
        service_ids: principals::save_principals(state, PrincipalKind::ServiceId, id),
        profiles: principals::save_principals(state, PrincipalKind::Profile, id),
        policies: policies::save(state, id),
    }
}
