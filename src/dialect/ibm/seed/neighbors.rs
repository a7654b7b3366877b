//! Users, service ids, trusted profiles and policies of an account, each as its API answers it.
//!
//! Policies can have the form of either version. Those of a pinned group are pinned with it.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::super::model::identity::Details;
use super::super::model::policy::{GivenAttribute, GivenPolicy, Policy, PolicyDraft, Version};
use super::super::model::principal::{Principal, PrincipalChange, PrincipalDraft, PrincipalKind};
use super::super::model::user::{Profile, User};
use super::super::model::{Caller, DEFAULT_IAM_ID, State};
use super::{check_id, check_same, first, stamp, stamp_or};
use crate::seed_error::SeedError;
use crate::store::Tx;

/// A user.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UserSeed {
    iam_id: String,
    id: Option<String>,
    realm: Option<String>,
    user_id: Option<String>,
    firstname: Option<String>,
    lastname: Option<String>,
    state: Option<String>,
    email: Option<String>,
    phonenumber: Option<String>,
    altphonenumber: Option<String>,
    photo: Option<String>,
    account_id: Option<String>,
    added_on: Option<DateTime<Utc>>,
}

/// A service id or a trusted profile.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PrincipalSeed {
    id: Option<String>,
    iam_id: Option<String>,
    name: String,
    description: Option<String>,
    email: Option<String>,
    #[serde(default)]
    unique_instance_crns: Vec<String>,
    account_id: Option<String>,
    created_at: Option<DateTime<Utc>>,
    modified_at: Option<DateTime<Utc>>,
    #[serde(rename = "entity_tag")]
    _entity_tag: Option<String>,
    #[serde(rename = "crn")]
    _crn: Option<String>,
    #[serde(rename = "locked")]
    _locked: Option<bool>,
    #[serde(default)]
    pinned: bool,
}

/// A policy in the form of either version.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicySeed {
    id: Option<String>,
    r#type: Option<String>,
    description: Option<String>,
    #[serde(default)]
    subjects: Vec<AttributesSeed>,
    #[serde(default)]
    roles: Vec<RoleSeed>,
    #[serde(default)]
    resources: Vec<AttributesSeed>,
    subject: Option<AttributesSeed>,
    resource: Option<AttributesSeed>,
    control: Option<ControlSeed>,
    pattern: Option<String>,
    rule: Option<Value>,
    href: Option<String>,
    state: Option<String>,
    created_at: Option<DateTime<Utc>>,
    created_by_id: Option<String>,
    last_modified_at: Option<DateTime<Utc>>,
    last_modified_by_id: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct AttributesSeed {
    attributes: Vec<AttributeSeed>,
    #[serde(default)]
    tags: Vec<AttributeSeed>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct AttributeSeed {
    #[serde(alias = "key")]
    name: String,
    operator: Option<String>,
    value: Value,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleSeed {
    role_id: String,
    #[serde(rename = "display_name")]
    _display_name: Option<String>,
    #[serde(rename = "description")]
    _description: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ControlSeed {
    grant: GrantSeed,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct GrantSeed {
    roles: Vec<RoleSeed>,
}

fn boxed(text: Option<&String>) -> Option<Box<str>> {
    text.map(|text| text.as_str().into())
}

/// Keeps what a user's names and e-mail are.
pub(super) fn describe_user(state: &mut State, user: &UserSeed) -> Result<(), SeedError> {
    if user.iam_id.is_empty() {
        return Err(SeedError::new("iam_id", "must not be empty"));
    }
    let names: Vec<&str> =
        [&user.firstname, &user.lastname].into_iter().flatten().map(String::as_str).collect();
    let name = (!names.is_empty()).then(|| names.join(" ").into());
    describe(state, &user.iam_id, Details { name, email: boxed(user.email.as_ref()), description: None })
}

fn describe(state: &mut State, iam_id: &str, details: Details) -> Result<(), SeedError> {
    if details == Details::default() || state.describe(iam_id, details) {
        return Ok(());
    }
    Err(SeedError::new("", format!("`{iam_id}` is described otherwise at another place")))
}

pub(super) fn load_user(
    state: &mut State,
    account: &str,
    user: &UserSeed,
    tx: &Tx<'_>,
) -> Result<(), SeedError> {
    check_same("account_id", user.account_id.as_deref(), account)?;
    check_id(user.id.as_deref())?;
    let profile = Profile {
        id: boxed(user.id.as_ref()),
        realm: boxed(user.realm.as_ref()),
        user_id: boxed(user.user_id.as_ref()),
        firstname: boxed(user.firstname.as_ref()),
        lastname: boxed(user.lastname.as_ref()),
        state: boxed(user.state.as_ref()),
        phonenumber: boxed(user.phonenumber.as_ref()),
        altphonenumber: boxed(user.altphonenumber.as_ref()),
        photo: boxed(user.photo.as_ref()),
    };
    let account = state.account(account);
    let identity = state.identity(&account, &user.iam_id);
    let added = user.added_on.unwrap_or(tx.now).into();
    if state.put_user(User { account, identity, added, profile: Some(Box::new(profile)) }) {
        return Ok(());
    }
    Err(SeedError::new("iam_id", format!("`{}` is an earlier user of the account", user.iam_id)))
}

pub(super) fn load_principal(
    state: &mut State,
    kind: PrincipalKind,
    account: &str,
    seed: &PrincipalSeed,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    check_same("account_id", seed.account_id.as_deref(), account)?;
    check_id(seed.id.as_deref())?;
    let id = seed.id.clone().unwrap_or_else(|| format!("{}{}", kind.prefix(), tx.ids.uuid()));
    if !id.starts_with(kind.prefix()) {
        return Err(SeedError::new("id", format!("must begin with {}", kind.prefix())));
    }
    check_same("iam_id", seed.iam_id.as_deref(), &format!("iam-{id}"))?;
    let change = PrincipalChange {
        name: Some(seed.name.clone()),
        description: seed.description.clone(),
        email: seed.email.clone(),
        unique_instance_crns: Some(seed.unique_instance_crns.clone()),
    };
    let content = PrincipalDraft::new(change).map_err(first)?;
    let taken = state.check_name(kind, account, &content.name, "");
    taken.map_err(|refusal| SeedError::new("name", refusal.message()))?;
    let created = seed.created_at.unwrap_or(tx.now);
    let mut principal = Principal {
        kind,
        account: state.account(account),
        id: id.clone().into(),
        created: created.into(),
        modified: seed.modified_at.unwrap_or(created).into(),
        content,
        revision: tx.next_revision(),
        changes: 1,
    };
    // What a member says of it becomes its own, so that an update or a restoration does not lose it.
    let iam_id = principal.iam_id();
    describe(state, &iam_id, principal.details())?;
    principal.content.description = state.description_of(&iam_id).map(Into::into);
    if state.put_principal(principal).is_none() {
        return Err(SeedError::new("id", format!("`{id}` is taken by an earlier one")));
    }
    if seed.pinned {
        state.pin_principal(kind, &id);
    }
    Ok(())
}

pub(super) fn load_policy(
    state: &mut State,
    account: &str,
    seed: &PolicySeed,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    check_id(seed.id.as_deref())?;
    check_form(seed)?;
    let content = PolicyDraft::new(given(seed)).map_err(|refusal| SeedError::new("", refusal.message()))?;
    check_same("accountId", Some(content.account()), account)?;
    let caller = Caller { iam_id: DEFAULT_IAM_ID.to_owned(), account: account.to_owned(), limited_to: None };
    let checked = state.check_policy(&content, &caller);
    checked.map_err(|refusal| SeedError::new("", refusal.message()))?;
    let created = stamp(state, seed.created_at, seed.created_by_id.as_deref(), tx);
    let modified = stamp_or(state, seed.last_modified_at, seed.last_modified_by_id.as_deref(), &created);
    let id = seed.id.clone().unwrap_or_else(|| tx.ids.uuid().to_string());
    let policy = Policy {
        id: id.clone().into(),
        account: state.account(account),
        version: version(seed),
        content,
        created,
        modified,
        revision: tx.next_revision(),
        changes: 1,
    };
    if state.put_policy(policy).is_some() {
        return Ok(());
    }
    Err(SeedError::new("id", format!("`{id}` is taken by an earlier policy")))
}

/// Every policy is active here, and is in the form of one version.
fn check_form(seed: &PolicySeed) -> Result<(), SeedError> {
    if seed.state.as_deref().is_some_and(|state| state != "active") {
        return Err(SeedError::new("state", "must be active"));
    }
    let first = [
        ("subjects", !seed.subjects.is_empty()),
        ("roles", !seed.roles.is_empty()),
        ("resources", !seed.resources.is_empty()),
    ];
    let second = [
        ("subject", seed.subject.is_some()),
        ("control", seed.control.is_some()),
        ("resource", seed.resource.is_some()),
    ];
    let given = |form: [(&'static str, bool); 3]| form.into_iter().find(|(_, is_given)| *is_given);
    match (given(first), given(second)) {
        (Some((first, _)), Some((second, _))) => {
            let reason = format!("must not stand beside `{first}`, which is of the other form of a policy");
            Err(SeedError::new(second, reason))
        }
        (Some(_), None) | (None, Some(_)) | (None, None) => Ok(()),
    }
}

/// The version that the link says, else that of the form.
fn version(seed: &PolicySeed) -> Version {
    let is_second = match &seed.href {
        Some(href) => href.contains(Version::V2.path()),
        None => seed.subject.is_some(),
    };
    if is_second { Version::V2 } else { Version::V1 }
}

fn given(seed: &PolicySeed) -> GivenPolicy {
    let given = |attributes: &[AttributeSeed]| -> Vec<GivenAttribute> {
        let attributes = attributes.iter().cloned();
        attributes.map(|it| (Some(it.name), it.operator, Some(it.value))).collect()
    };
    let mut policy = GivenPolicy {
        kind: seed.r#type.clone(),
        description: seed.description.clone(),
        pattern: seed.pattern.clone(),
        rule: seed.rule.clone(),
        ..GivenPolicy::default()
    };
    for subject in seed.subjects.iter().chain(&seed.subject) {
        policy.subject.extend(given(&subject.attributes));
    }
    for resource in seed.resources.iter().chain(&seed.resource) {
        policy.resource.extend(given(&resource.attributes));
        policy.tags.extend(given(&resource.tags));
    }
    let granted = seed.control.iter().flat_map(|control| &control.grant.roles);
    policy.roles = seed.roles.iter().chain(granted).map(|role| role.role_id.clone()).collect();
    policy
}
