//! The section of the seed file: accounts with their settings, groups, templates and assignments, each as the API
//! answers it, and with users, service ids, trusted profiles and policies.
//!
//! A group has besides its `members` as the list of members answers them and its `rules`. Ids and times may be left
//! out. `"pinned": true` makes a deletion of the group, of one of its members or of one of its rules restore the
//! seeded value.

mod neighbors;
mod templates;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::model::group::{GroupDraft, PUBLIC_ACCESS, Place};
use super::model::identity::Details;
use super::model::member::{MemberKind, NewMember};
use super::model::principal::PrincipalKind;
use super::model::rule::{GivenRule, Rule, RuleDraft};
use super::model::settings::Settings;
use super::model::{DEFAULT_IAM_ID, Stamp, State};
use crate::failure::Violation;
use crate::seed_error::SeedError;
use crate::store::Tx;
use neighbors::{PolicySeed, PrincipalSeed, UserSeed};
use templates::{AssignmentSeed, TemplateSeed, load_assignment, load_template};

/// The objects of the ibm dialect.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The accounts by id.
    #[serde(default)]
    pub accounts: BTreeMap<String, AccountSeed>,
}

/// An account.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSeed {
    /// Its settings; the defaults when absent.
    #[serde(default)]
    settings: Option<SettingsSeed>,
    /// Its groups.
    #[serde(default)]
    groups: Vec<GroupSeed>,
    /// Its templates, version by version.
    #[serde(default)]
    templates: Vec<TemplateSeed>,
    /// The assignments of its templates.
    #[serde(default)]
    assignments: Vec<AssignmentSeed>,
    /// Its users besides those that are members of its groups.
    #[serde(default)]
    users: Vec<UserSeed>,
    /// Its service ids.
    #[serde(default)]
    service_ids: Vec<PrincipalSeed>,
    /// Its trusted profiles.
    #[serde(default)]
    profiles: Vec<PrincipalSeed>,
    /// The policies for its resources.
    #[serde(default)]
    policies: Vec<PolicySeed>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsSeed {
    account_id: Option<String>,
    last_modified_at: Option<DateTime<Utc>>,
    last_modified_by_id: Option<String>,
    public_access_enabled: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupSeed {
    id: Option<String>,
    name: String,
    description: Option<String>,
    account_id: Option<String>,
    created_at: Option<DateTime<Utc>>,
    created_by_id: Option<String>,
    last_modified_at: Option<DateTime<Utc>>,
    last_modified_by_id: Option<String>,
    #[serde(rename = "href")]
    _href: Option<String>,
    #[serde(rename = "is_federated")]
    _is_federated: Option<bool>,
    #[serde(rename = "crn")]
    _crn: Option<String>,
    #[serde(default)]
    members: Vec<MemberSeed>,
    #[serde(default)]
    rules: Vec<RuleSeed>,
    #[serde(default)]
    pinned: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct MemberSeed {
    iam_id: String,
    r#type: String,
    membership_type: Option<String>,
    name: Option<String>,
    email: Option<String>,
    description: Option<String>,
    #[serde(rename = "href")]
    _href: Option<String>,
    created_at: Option<DateTime<Utc>>,
    created_by_id: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleSeed {
    id: Option<String>,
    name: Option<String>,
    expiration: f64,
    realm_name: String,
    access_group_id: Option<String>,
    account_id: Option<String>,
    conditions: Vec<ConditionSeed>,
    created_at: Option<DateTime<Utc>>,
    created_by_id: Option<String>,
    last_modified_at: Option<DateTime<Utc>>,
    last_modified_by_id: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionSeed {
    claim: String,
    operator: String,
    value: String,
}

/// Puts the objects of `section` into `state`.
///
/// # Errors
/// The path and reason of the first mistake.
pub fn load(state: &mut State, section: &Section, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    // What is said of an identity in one place holds in all, so it is gathered before the memberships.
    each_account(section, |_, account| {
        each("users", &account.users, |user| neighbors::describe_user(state, user))?;
        each("groups", &account.groups, |group| describe_members(state, group))
    })?;
    each_account(section, |id, account| {
        load_account(state, id, account, tx)?;
        load_principals(state, id, account, tx)
    })?;
    // A user or a member holds what is known of its identity, which is whole only now.
    each_account(section, |id, account| {
        each("users", &account.users, |user| neighbors::load_user(state, id, user, tx))
    })?;
    each_account(section, |id, account| {
        each("groups", &account.groups, |group| load_group(state, id, group, tx))
    })?;
    each_account(section, |id, account| {
        each("templates", &account.templates, |template| load_template(state, id, template, tx))?;
        each("assignments", &account.assignments, |assignment| load_assignment(state, id, assignment, tx))
    })?;
    each_account(section, |id, account| {
        each("policies", &account.policies, |policy| neighbors::load_policy(state, id, policy, tx))?;
        let pinned = account.groups.iter().filter(|group| group.pinned);
        pinned.filter_map(|group| group.id.as_deref()).for_each(|group| state.pin_policies_of(id, group));
        Ok(())
    })
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
    items: &[T],
    mut load: impl FnMut(&T) -> Result<(), SeedError>,
) -> Result<(), SeedError> {
    for (index, item) in items.iter().enumerate() {
        load(item).map_err(|error| error.below(format!("{name}[{index}]")))?;
    }
    Ok(())
}

fn load_account(state: &mut State, id: &str, account: &AccountSeed, tx: &Tx<'_>) -> Result<(), SeedError> {
    if id.is_empty() {
        return Err(SeedError::new("", "the id of an account must not be empty"));
    }
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

fn describe_members(state: &mut State, group: &GroupSeed) -> Result<(), SeedError> {
    for (index, member) in group.members.iter().enumerate() {
        let text = |text: &Option<String>| text.as_deref().map(Into::into);
        let details = Details {
            name: text(&member.name),
            email: text(&member.email),
            description: text(&member.description),
        };
        if details != Details::default() && !state.describe(&member.iam_id, details) {
            let reason = format!("`{}` is described otherwise at another place", member.iam_id);
            return Err(SeedError::new(format!("members[{index}]"), reason));
        }
    }
    Ok(())
}

fn load_group(state: &mut State, account: &str, group: &GroupSeed, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    check_same("account_id", group.account_id.as_deref(), account)?;
    let id = group.id.clone().unwrap_or_else(|| format!("AccessGroupId-{}", tx.ids.uuid()));
    check_group_id("id", &id)?;
    let draft = GroupDraft::new(Some(group.name.clone()), group.description.clone()).map_err(first)?;
    let created = stamp(state, group.created_at, group.created_by_id.as_deref(), tx);
    let modified = stamp_or(state, group.last_modified_at, group.last_modified_by_id.as_deref(), &created);
    let place = Arc::new(Place { id: id.clone().into(), account: state.account(account) });
    if state.put_group(Arc::clone(&place), draft, [created.clone(), modified], tx).is_none() {
        return Err(SeedError::new("id", format!("`{id}` is taken by an earlier group")));
    }
    for (index, member) in group.members.iter().enumerate() {
        load_member(state, &place, member, &created)
            .map_err(|error| error.below(format!("members[{index}]")))?;
    }
    for (index, rule) in group.rules.iter().enumerate() {
        load_rule(state, &place, rule, tx).map_err(|error| error.below(format!("rules[{index}]")))?;
    }
    if group.pinned {
        state.pin_group(&id);
    }
    Ok(())
}

fn load_member(
    state: &mut State,
    group: &Arc<Place>,
    member: &MemberSeed,
    group_created: &Stamp,
) -> Result<(), SeedError> {
    if member.iam_id.is_empty() {
        return Err(SeedError::new("iam_id", "must not be empty"));
    }
    if member.membership_type.as_deref().is_some_and(|kind| kind != "static") {
        return Err(SeedError::new("membership_type", "must be static"));
    }
    let kind = MemberKind::named(&member.r#type);
    let kind = kind.ok_or_else(|| SeedError::new("type", "must be one of user, service, profile"))?;
    let new = NewMember { iam_id: member.iam_id.clone(), kind };
    new.check().map_err(|_| SeedError::new("iam_id", "must begin with iam-ServiceId- for a service"))?;
    let added = stamp_or(state, member.created_at, member.created_by_id.as_deref(), group_created);
    if state.put_member(group, &new, added) {
        return Ok(());
    }
    Err(SeedError::new("iam_id", format!("`{}` is a member of the group already", member.iam_id)))
}

fn load_rule(
    state: &mut State,
    group: &Arc<Place>,
    rule: &RuleSeed,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    check_same("access_group_id", rule.access_group_id.as_deref(), &group.id)?;
    check_same("account_id", rule.account_id.as_deref(), &group.account)?;
    check_id(rule.id.as_deref())?;
    let conditions = rule.conditions.iter().map(|condition| {
        let ConditionSeed { claim, operator, value } = condition.clone();
        [Some(claim), Some(operator), Some(value)]
    });
    let given = GivenRule {
        name: rule.name.clone(),
        expiration: Some(rule.expiration),
        realm_name: Some(rule.realm_name.clone()),
        conditions: Some(conditions.collect()),
    };
    let content = RuleDraft::new(given).map_err(first)?;
    let created = stamp(state, rule.created_at, rule.created_by_id.as_deref(), tx);
    let modified = stamp_or(state, rule.last_modified_at, rule.last_modified_by_id.as_deref(), &created);
    let id = rule.id.clone().unwrap_or_else(|| format!("ClaimRule-{}", tx.ids.uuid()));
    let revision = tx.next_revision();
    let group = Arc::clone(group);
    let record = Rule { group, id: id.clone().into(), content, created, modified, revision, changes: 1 };
    if state.put_rule(record) {
        return Ok(());
    }
    Err(SeedError::new("id", format!("`{id}` is taken by an earlier rule of the group")))
}

/// The mark of a creation: now and by nobody in particular unless the seed says more.
fn stamp(state: &mut State, at: Option<DateTime<Utc>>, by: Option<&str>, tx: &Tx<'_>) -> Stamp {
    let by = state.author(by.unwrap_or(DEFAULT_IAM_ID));
    Stamp { at: at.unwrap_or(tx.now).into(), by }
}

/// A mark that is as `default` where the seed says nothing.
fn stamp_or(state: &mut State, at: Option<DateTime<Utc>>, by: Option<&str>, default: &Stamp) -> Stamp {
    let by = by.map_or_else(|| Arc::clone(&default.by), |by| state.author(by));
    Stamp { at: at.map_or(default.at, Into::into), by }
}

/// Some ids stand for something else in the paths of the API, and the Public Access group is never stored.
fn check_group_id(path: &str, id: &str) -> Result<(), SeedError> {
    match id {
        "" | "settings" | "_allgroups" | PUBLIC_ACCESS => {
            Err(SeedError::new(path, "must be an id that a group can have"))
        }
        _ => Ok(()),
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

fn first(violations: Vec<Violation>) -> SeedError {
    let violation = violations.into_iter().next();
    violation.map_or_else(|| SeedError::new("", "is wrong"), |it| SeedError::new(it.path, it.reason))
}
