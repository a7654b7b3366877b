//! The section of the seed file: accounts with their settings, groups, templates and assignments, each as the API
//! answers it, and with users, service ids, trusted profiles and policies.
//!
//! A group has besides its `members` as the list of members answers them and its `rules`. Ids and times may be left
//! out. `"pinned": true` makes a deletion of the group, of one of its members or of one of its rules restore the
//! seeded value.
//!
//! [`save`] writes the whole state in the same form. What the API does not show stands in a member `$state` of each
//! record and of the section: places in the creation orders, revisions, numbers of changes, pinned values that differ
//! from the present ones. A record with a `$state` is taken as it is: a group pins no parts that do not say so, and
//! an assignment brings nothing about.

mod assignments;
mod groups;
mod hidden;
mod identities;
mod neighbors;
mod policies;
mod templates;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::model::principal::PrincipalKind;
use super::model::settings::Settings;
use super::model::{DEFAULT_IAM_ID, Stamp, State};
use crate::failure::Violation;
use crate::seed_error::SeedError;
use crate::seed_list::SeedList;
use crate::store::Tx;
use assignments::AssignmentSeed;
use groups::GroupSeed;
use hidden::SectionState;
use neighbors::{PrincipalSeed, UserSeed};
use policies::PolicySeed;
use templates::TemplateSeed;

/// The objects of the ibm dialect.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The accounts by id.
    #[serde(default)]
    pub accounts: BTreeMap<String, AccountSeed>,
    /// What a saved state keeps besides the accounts.
    #[serde(rename = "$state", default, skip_serializing_if = "Option::is_none")]
    hidden: Option<SectionState>,
}

/// An account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSeed {
    /// Its settings; the defaults when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    settings: Option<SettingsSeed>,
    /// Its groups.
    #[serde(default, skip_serializing_if = "SeedList::is_empty")]
    groups: SeedList<GroupSeed>,
    /// Its templates, version by version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    templates: Vec<TemplateSeed>,
    /// The assignments of its templates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    assignments: Vec<AssignmentSeed>,
    /// Its users besides those that are members of its groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    users: Vec<UserSeed>,
    /// Its service ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    service_ids: Vec<PrincipalSeed>,
    /// Its trusted profiles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    profiles: Vec<PrincipalSeed>,
    /// The policies for its resources.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    policies: Vec<PolicySeed>,
}

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

/// Puts the objects of `section` into `state`.
///
/// # Errors
/// The path and reason of the first mistake.
pub fn load(state: &mut State, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    if let Some(hidden) = &section.hidden {
        hidden.leave_out(state)?;
    }
    state.defer_orders();
    let loaded = load_accounts(state, section, tx);
    state.make_orders();
    loaded
}

fn load_accounts(state: &mut State, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    // What is said of an identity in one place holds in all, so it is gathered before the memberships.
    identities::gather(state, section)?;
    each_account(section, |id, account| {
        load_account(state, id, account, tx)?;
        load_principals(state, id, account, tx)
    })?;
    // A user or a member holds what is known of its identity, which is whole only now.
    each_account(section, |id, account| {
        each("users", &account.users, |user| neighbors::load_user(state, id, user, tx))
    })?;
    each_account(section, |id, account| {
        each("groups", account.groups.iter(), |group| groups::load(state, id, &group, tx))
    })?;
    each_account(section, |id, account| {
        each("templates", &account.templates, |template| templates::load(state, id, template, tx))?;
        each("assignments", &account.assignments, |it| assignments::load(state, id, it, tx))
    })?;
    each_account(section, |id, account| {
        if account.policies.is_empty() {
            return Ok(());
        }
        let pinning = account.groups.iter().filter_map(GroupSeed::into_pinning_id).collect();
        each("policies", &account.policies, |policy| policies::load(state, id, policy, &pinning, tx))
    })
}

/// Returns the objects of `state`: what [`load`] makes the same state of again.
///
/// It should be written as text: a tree of values would lose how the groups of templates were written.
pub fn save(state: &State) -> Section {
    let accounts = state.accounts().map(|(id, settings)| (id.to_owned(), save_account(state, id, settings)));
    let accounts = accounts.collect();
    let hidden = SectionState::of(state, identities::unsaid(state, &accounts));
    Section { accounts, hidden }
}

fn save_account(state: &State, id: &str, settings: Option<&Settings>) -> AccountSeed {
    let settings = settings.map(|settings| SettingsSeed {
        account_id: None,
        last_modified_at: Some(settings.modified.at.time()),
        last_modified_by_id: Some(settings.modified.by.to_string()),
        public_access_enabled: settings.public_access_enabled,
    });
    AccountSeed {
        settings,
        groups: groups::save(state, id),
        templates: templates::save(state, id),
        assignments: assignments::save(state, id),
        users: neighbors::save_users(state, id),
        service_ids: neighbors::save_principals(state, PrincipalKind::ServiceId, id),
        profiles: neighbors::save_principals(state, PrincipalKind::Profile, id),
        policies: policies::save(state, id),
    }
}

/// Calls `load` with each account, and puts its place before the path of a mistake.
fn each_account(
    section: &Section,
    mut load: impl FnMut(&str, &AccountSeed) -> Result<(), SeedError>,
) -> Result<(), SeedError> {
    for (id, account) in &section.accounts {
        load(id, account).map_err(|error| error.below(format!("accounts.{id}")))?;
    }
    Ok(())
}

/// Calls `load` with each item of a list, and puts its place before the path of a mistake.
fn each<T>(
    name: &str,
    items: impl IntoIterator<Item = T>,
    mut load: impl FnMut(T) -> Result<(), SeedError>,
) -> Result<(), SeedError> {
    for (index, item) in items.into_iter().enumerate() {
        load(item).map_err(|error| error.below(format!("{name}[{index}]")))?;
    }
    Ok(())
}

fn load_account(state: &mut State, id: &str, account: &AccountSeed, tx: &Tx<'_>) -> Result<(), SeedError> {
    if id.is_empty() {
        return Err(SeedError::new("", "the id of an account must not be empty"));
    }
    state.account(id);
    let Some(settings) = &account.settings else { return Ok(()) };
    check_same("settings.account_id", settings.account_id.as_deref(), id)?;
    let modified = stamp(state, settings.last_modified_at, settings.last_modified_by_id.as_deref(), tx);
    let public_access_enabled = settings.public_access_enabled;
    state.put_settings(id, Settings { public_access_enabled, modified });
    Ok(())
}

fn load_principals(
    state: &mut State,
    id: &str,
    account: &AccountSeed,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    let (service_id, profile) = (PrincipalKind::ServiceId, PrincipalKind::Profile);
    each("service_ids", &account.service_ids, |it| neighbors::load_principal(state, service_id, id, it, tx))?;
    each("profiles", &account.profiles, |it| neighbors::load_principal(state, profile, id, it, tx))
}

/// The mark of a creation: now and by nobody in particular unless the seed says more.
fn stamp(state: &mut State, at: Option<DateTime<Utc>>, by: Option<&str>, tx: &Tx<'_>) -> Stamp {
    let by = state.author(by.unwrap_or(DEFAULT_IAM_ID));
    Stamp { at: at.unwrap_or(tx.now).into(), by }
}

/// A mark that is as `default` where the seed says nothing.
fn stamp_or(state: &mut State, at: Option<DateTime<Utc>>, by: Option<&str>, default: &Stamp) -> Stamp {
    let by = by.map_or_else(|| default.by.clone(), |by| state.author(by));
    Stamp { at: at.map_or(default.at, Into::into), by }
}

/// The marks of a record's creation and last change as a seed writes them; what is the same is not written twice.
struct Written {
    created_at: Option<DateTime<Utc>>,
    created_by_id: Option<String>,
    last_modified_at: Option<DateTime<Utc>>,
    last_modified_by_id: Option<String>,
}

impl Written {
    fn of(created: &Stamp, modified: &Stamp) -> Self {
        Self {
            created_at: Some(created.at.time()),
            created_by_id: Some(created.by.to_string()),
            last_modified_at: Some(modified.at.time()).filter(|_| modified.at != created.at),
            last_modified_by_id: Some(modified.by.to_string()).filter(|_| modified.by != created.by),
        }
    }
}

/// What is left out gets a new id, so that an empty one is a mistake.
fn check_id(id: Option<&str>) -> Result<(), SeedError> {
    if id == Some("") { Err(SeedError::new("id", "must not be empty")) } else { Ok(()) }
}

/// A member that repeats what its place says must not say something else.
fn check_same(path: &str, given: Option<&str>, place: &str) -> Result<(), SeedError> {
    match given {
        Some(given) if given != place => {
            Err(SeedError::new(path, format!("must be `{place}`, where it stands, not `{given}`")))
        }
        Some(_) | None => Ok(()),
    }
}

/// A text of a seed as a record holds it.
fn boxed(text: Option<&String>) -> Option<Box<str>> {
    text.map(|text| text.as_str().into())
}

/// A text of a record as a seed writes it.
fn text(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

fn first(violations: Vec<Violation>) -> SeedError {
    let violation = violations.into_iter().next();
    violation.map_or_else(|| SeedError::new("", "is wrong"), |it| SeedError::new(it.path, it.reason))
}
