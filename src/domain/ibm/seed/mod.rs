//! The section of the seed file: accounts with settings, groups, templates, assignments, users, service ids, trusted
//! profiles and policies, each in the format of the API response.
//!
//! A group also has its `members`, in the format of the member list, and its `rules`. Ids and times are optional. With
//! `"pinned": true` on a group, a member or a rule, its deletion restores the seeded value.
//!
//! [`save`] writes the complete state in the same format. Internal state that the API does not expose is in the field
//! `$state` of each record and of the section: sequence numbers, revisions, change counts, and pinned values that
//! differ from the current ones. A record with a `$state` is loaded exactly as saved: a group pins only the members,
//! rules and policies that are marked as pinned, and an assignment does not create its group.

mod assignments;
mod groups;
mod identities;
mod internal_state;
mod policies;
mod principals;
mod templates;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::model::principal::PrincipalKind;
use super::model::settings::Settings;
use super::model::{AuditStamp, DEFAULT_IAM_ID, IbmState};
use crate::domain::seed::SeedError;
use crate::json::LazyJsonList;
use crate::spec::Violation;
use crate::store::Tx;
use assignments::AssignmentSeed;
use groups::GroupSeed;
use internal_state::SectionState;
use policies::PolicySeed;
use principals::{PrincipalSeed, UserSeed};
use templates::TemplateSeed;

/// The seed section of the ibm dialect.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The accounts by id.
    #[serde(default)]
    pub accounts: BTreeMap<String, AccountSeed>,
    /// The internal state of a saved section.
    #[serde(rename = "$state", default, skip_serializing_if = "Option::is_none")]
    internal_state: Option<SectionState>,
}

/// An account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSeed {
    /// The settings; the defaults if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    settings: Option<SettingsSeed>,
    /// The groups.
    #[serde(default, skip_serializing_if = "LazyJsonList::is_empty")]
    groups: LazyJsonList<GroupSeed>,
    /// The template versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    templates: Vec<TemplateSeed>,
    /// The assignments of the templates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    assignments: Vec<AssignmentSeed>,
    /// The users; user members of groups are added implicitly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    users: Vec<UserSeed>,
    /// The service ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    service_ids: Vec<PrincipalSeed>,
    /// The trusted profiles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    profiles: Vec<PrincipalSeed>,
    /// The policies for resources of the account.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    policies: Vec<PolicySeed>,
}

/// The settings of an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsSeed {
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified_by_id: Option<String>,
    public_access_enabled: bool,
}

/// Loads the records of `section` into `state`.
///
/// # Errors
/// The path and reason of the first error.
pub fn load(state: &mut IbmState, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    if let Some(section_state) = &section.internal_state {
        section_state.reserve_sequences(state)?;
    }
    state.begin_bulk_load();
    let result = load_accounts(state, section, tx);
    state.finish_bulk_load();
    result
}

fn load_accounts(state: &mut IbmState, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    // The details of an identity apply wherever it occurs, so they are collected before the memberships are loaded.
    identities::collect_details(state, section)?;
    for_each_account(section, |id, account| {
        load_account(state, id, account, tx)?;
        load_principals(state, id, account, tx)
    })?;
    // Users and members hold the details of their identities, which are complete only now.
    for_each_account(section, |id, account| {
        for_each("users", &account.users, |user| principals::load_user(state, id, user, tx))
    })?;
    for_each_account(section, |id, account| {
        for_each("groups", account.groups.iter(), |group| groups::load(state, id, &group, tx))
    })?;
    for_each_account(section, |id, account| {
        for_each("templates", &account.templates, |template| templates::load(state, id, template, tx))?;
        for_each("assignments", &account.assignments, |it| assignments::load(state, id, it, tx))
    })?;
    for_each_account(section, |id, account| {
        if account.policies.is_empty() {
            return Ok(());
        }
        let pinning_groups =
            account.groups.iter().filter_map(GroupSeed::into_id_if_policies_pinned).collect();
        for_each("policies", &account.policies, |policy| {
            policies::load(state, id, policy, &pinning_groups, tx)
        })
    })
}

/// Returns the section from which [`load`] restores the same state.
///
/// Serialize it directly to a string: a `serde_json::Value` would lose the original formatting of template groups.
pub fn save(state: &IbmState) -> Section {
    let accounts = state.accounts().map(|(id, settings)| (id.to_owned(), save_account(state, id, settings)));
    let accounts = accounts.collect();
    let section_state = SectionState::from_state(state, identities::unlisted_identities(state, &accounts));
    Section { accounts, internal_state: section_state }
}

fn save_account(state: &IbmState, id: &str, settings: Option<&Settings>) -> AccountSeed {
    let settings = settings.map(|settings| SettingsSeed {
        account_id: None,
        last_modified_at: Some(settings.modified.at.to_datetime()),
        last_modified_by_id: Some(settings.modified.by.to_string()),
        public_access_enabled: settings.public_access_enabled,
    });
    AccountSeed {
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

/// Calls `load` with each account; prefixes the path of an error with that of the account.
fn for_each_account(
    section: &Section,
    mut load: impl FnMut(&str, &AccountSeed) -> Result<(), SeedError>,
) -> Result<(), SeedError> {
    for (id, account) in &section.accounts {
        load(id, account).map_err(|error| error.nested_in(format!("accounts.{id}")))?;
    }
    Ok(())
}

/// Calls `load` with each item of a list; prefixes the path of an error with that of the item.
fn for_each<T>(
    name: &str,
    items: impl IntoIterator<Item = T>,
    mut load: impl FnMut(T) -> Result<(), SeedError>,
) -> Result<(), SeedError> {
    for (index, item) in items.into_iter().enumerate() {
        load(item).map_err(|error| error.nested_in(format!("{name}[{index}]")))?;
    }
    Ok(())
}

fn load_account(state: &mut IbmState, id: &str, account: &AccountSeed, tx: &Tx<'_>) -> Result<(), SeedError> {
    if id.is_empty() {
        return Err(SeedError::new("", "the id of an account must not be empty"));
    }
    state.intern_account(id);
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

/// Returns the time and author of a creation, by default the current time and the default IAM id.
fn audit_stamp(state: &mut IbmState, at: Option<DateTime<Utc>>, by: Option<&str>, tx: &Tx<'_>) -> AuditStamp {
    let by = state.intern_author(by.unwrap_or(DEFAULT_IAM_ID));
    AuditStamp { at: at.unwrap_or(tx.now).into(), by }
}

/// Returns the time and author of a change, by default those of `default`.
fn audit_stamp_or(
    state: &mut IbmState,
    at: Option<DateTime<Utc>>,
    by: Option<&str>,
    default: &AuditStamp,
) -> AuditStamp {
    let by = by.map_or_else(|| default.by.clone(), |by| state.intern_author(by));
    AuditStamp { at: at.map_or(default.at, Into::into), by }
}

/// The times and authors of the creation and last change of a record in the seed format. Those of the last change are
/// omitted if they equal those of the creation.
struct AuditFields {
    created_at: Option<DateTime<Utc>>,
    created_by_id: Option<String>,
    last_modified_at: Option<DateTime<Utc>>,
    last_modified_by_id: Option<String>,
}

impl AuditFields {
    fn new(created: &AuditStamp, modified: &AuditStamp) -> Self {
        Self {
            created_at: Some(created.at.to_datetime()),
            created_by_id: Some(created.by.to_string()),
            last_modified_at: Some(modified.at.to_datetime()).filter(|_| modified.at != created.at),
            last_modified_by_id: Some(modified.by.to_string()).filter(|_| modified.by != created.by),
        }
    }
}

/// Checks that an id is not empty; a missing one is generated.
fn check_id(id: Option<&str>) -> Result<(), SeedError> {
    if id == Some("") { Err(SeedError::new("id", "must not be empty")) } else { Ok(()) }
}

/// Checks that a redundant field is absent or has the value that follows from its location.
fn check_matches_location(path: &str, value: Option<&str>, expected: &str) -> Result<(), SeedError> {
    match value {
        Some(value) if value != expected => {
            Err(SeedError::new(path, format!("must be `{expected}` at this location, not `{value}`")))
        }
        Some(_) | None => Ok(()),
    }
}

/// Converts a string of the seed to that of a record.
fn to_boxed_str(value: Option<&String>) -> Option<Box<str>> {
    value.map(|value| value.as_str().into())
}

/// Converts a string of a record to that of the seed.
fn to_owned_string(value: Option<&str>) -> Option<String> {
    value.map(str::to_owned)
}

/// Converts the first violation to a seed error.
fn first_violation(violations: Vec<Violation>) -> SeedError {
    let violation = violations.into_iter().next();
    violation.map_or_else(|| SeedError::new("", "is invalid"), |it| SeedError::new(it.path, it.reason))
}
