//! Policies of an account, in the form of either version of their API.
//!
//! Those of a pinned group are pinned with it, unless the group is a saved one.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::model::group::Group;
use super::super::model::policy::{Attribute, GivenAttribute, GivenPolicy, Policy, PolicyDraft, Version};
use super::super::model::{Caller, DEFAULT_IAM_ID, State};
use super::hidden::{self, Pin, RecordState, is_false};
use super::{Written, check_id, check_same, stamp, stamp_or, text};
use crate::seed_error::SeedError;
use crate::store::{Record, Tx};

/// A policy in the form of either version.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicySeed {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    subjects: Vec<AttributesSeed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    roles: Vec<RoleSeed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    resources: Vec<AttributesSeed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<AttributesSeed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<AttributesSeed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    control: Option<ControlSeed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    href: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified_by_id: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pinned: bool,
    #[serde(rename = "$state", skip_serializing_if = "Option::is_none")]
    hidden: Option<RecordState<Self>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AttributesSeed {
    attributes: Vec<AttributeSeed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<AttributeSeed>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AttributeSeed {
    #[serde(alias = "key")]
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    operator: Option<String>,
    value: Value,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleSeed {
    role_id: String,
    #[serde(rename = "display_name", skip_serializing)]
    _display_name: Option<String>,
    #[serde(rename = "description", skip_serializing)]
    _description: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ControlSeed {
    grant: GrantSeed,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GrantSeed {
    roles: Vec<RoleSeed>,
}

/// Puts a policy into an account; one of the groups that `pinning` names is pinned with it.
pub(super) fn load(
    state: &mut State,
    account: &str,
    seed: &PolicySeed,
    pinning: &BTreeSet<String>,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    check_id(seed.id.as_deref())?;
    let id = seed.id.clone().unwrap_or_else(|| tx.ids.uuid().to_string());
    let policy = seed.policy(state, (account, &id), tx)?;
    let sequence = hidden::mark_of(seed.hidden.as_ref())?.sequence;
    let is_pinned = seed.pinned || seed.hidden.is_none() && pinning.contains(policy.content.group());
    let pinned = match Pin::of(is_pinned, seed.hidden.as_ref())? {
        Pin::Nothing => None,
        Pin::Present => Some(policy.clone()),
        Pin::Other(other) => Some(other.pinned_policy(state, (account, &id, policy.version), tx)?),
    };
    let put = state.put_back(policy, sequence);
    put.map_err(|taken| hidden::taken(taken, "id", format!("`{id}` is taken by an earlier policy")))?;
    let Some(pinned) = pinned else { return Ok(()) };
    if state.pinned::<Group>(("", pinned.content.group())).is_none() {
        return Err(hidden::must_be_in_pinned_group());
    }
    state.pin_as(pinned);
    Ok(())
}

impl PolicySeed {
    /// Returns the policy that is described.
    fn policy(
        &self,
        state: &mut State,
        (account, id): (&str, &str),
        tx: &mut Tx<'_>,
    ) -> Result<Policy, SeedError> {
        check_form(self)?;
        let content =
            PolicyDraft::new(given(self)).map_err(|refusal| SeedError::new("", refusal.message()))?;
        check_same("accountId", Some(content.account()), account)?;
        let caller =
            Caller { iam_id: DEFAULT_IAM_ID.to_owned(), account: account.to_owned(), limited_to: None };
        let checked = state.check_policy(&content, &caller);
        checked.map_err(|refusal| SeedError::new("", refusal.message()))?;
        let created = stamp(state, self.created_at, self.created_by_id.as_deref(), tx);
        let modified = stamp_or(state, self.last_modified_at, self.last_modified_by_id.as_deref(), &created);
        let mark = hidden::mark_of(self.hidden.as_ref())?;
        Ok(Policy {
            id: id.into(),
            account: state.account(account),
            version: version(self),
            content,
            created,
            modified,
            revision: mark.revision(tx),
            changes: mark.changes(),
        })
    }

    /// Returns the policy that a deletion restores, which was made by the same `version` as the present one.
    fn pinned_policy(
        &self,
        state: &mut State,
        (account, id, version): (&str, &str, Version),
        tx: &mut Tx<'_>,
    ) -> Result<Policy, SeedError> {
        let has_place = self.hidden.as_ref().is_some_and(RecordState::has_place);
        let others = [("id", self.id.is_some()), ("pinned", self.pinned), ("$state", has_place)];
        if let Some((name, _)) = others.into_iter().find(|(_, is_there)| *is_there) {
            return Err(hidden::not_in_pinned(name));
        }
        let policy = self.policy(state, (account, id), tx);
        policy.map(|it| Policy { version, ..it }).map_err(|error| error.below("$state.pinned"))
    }
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

/// Returns the policies of an account.
pub(super) fn save(state: &State, account: &str) -> Vec<PolicySeed> {
    let policies = state.saved::<Policy>(Policy::OF_ACCOUNT, (account, ""));
    policies.map(|(sequence, policy)| save_policy(state, sequence, policy)).collect()
}

fn save_policy(state: &State, sequence: u64, policy: &Policy) -> PolicySeed {
    let pinned = state.pinned::<Policy>(policy.key());
    let other = pinned.filter(|pinned| *pinned != policy).map(|pinned| {
        let hidden = RecordState::of_pinned((pinned.revision, pinned.changes));
        PolicySeed { hidden: Some(hidden), ..saved_policy(pinned) }
    });
    PolicySeed {
        id: Some(policy.id.to_string()),
        pinned: pinned.is_some() && other.is_none(),
        hidden: Some(RecordState::of(sequence, (policy.revision, policy.changes), other)),
        ..saved_policy(policy)
    }
}

/// A policy in the form of the version by which it was made.
fn saved_policy(policy: &Policy) -> PolicySeed {
    let PolicyDraft { kind, description, subject, resource, tags, roles, pattern, rule } = &policy.content;
    let written = Written::of(&policy.created, &policy.modified);
    let subject = AttributesSeed { attributes: saved_attributes(subject), tags: Vec::new() };
    let resource = AttributesSeed { attributes: saved_attributes(resource), tags: saved_attributes(tags) };
    let roles = roles.iter().map(|role| RoleSeed {
        role_id: role.to_string(),
        _display_name: None,
        _description: None,
    });
    let roles = roles.collect();
    let seed = PolicySeed {
        r#type: Some(kind.name().to_owned()),
        description: text(description.as_deref()),
        pattern: text(pattern.as_deref()),
        rule: rule.as_deref().cloned(),
        created_at: written.created_at,
        created_by_id: written.created_by_id,
        last_modified_at: written.last_modified_at,
        last_modified_by_id: written.last_modified_by_id,
        ..PolicySeed::default()
    };
    match policy.version {
        Version::V1 => PolicySeed { subjects: vec![subject], resources: vec![resource], roles, ..seed },
        Version::V2 => PolicySeed {
            subject: Some(subject),
            resource: Some(resource),
            control: Some(ControlSeed { grant: GrantSeed { roles } }),
            ..seed
        },
    }
}

fn saved_attributes(attributes: &[Attribute]) -> Vec<AttributeSeed> {
    let attributes = attributes.iter().map(|attribute| AttributeSeed {
        name: attribute.key.to_string(),
        operator: text(attribute.operator.as_deref()),
        value: attribute.value.clone(),
    });
    attributes.collect()
}
