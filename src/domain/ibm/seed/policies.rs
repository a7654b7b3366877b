//! The policies of an account, in the format of either version of the policy API.
//!
//! The policies of a pinned group are also pinned, unless the group is a saved one.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::records::caller::{Caller, DEFAULT_IAM_ID};
use super::super::records::group::Group;
use super::super::records::policy::{
    ApiVersion, Attribute, AttributeInput, Policy, PolicyDraft, PolicyInput,
};
use super::super::state::IbmState;
use super::fields::{
    AuditFields, audit_stamp, audit_stamp_or, check_id, check_matches_location, to_owned_string,
};
use super::internal_state::{self, PinnedValue, RecordState, is_false};
use crate::domain::seed::SeedError;
use crate::store::{GroupSelector, Record, SavedRecord, Tx};

/// A policy in the format of either API version.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicySeed {
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
    internal_state: Option<RecordState<Self>>,
}

/// The attributes of a subject or a resource.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AttributesSeed {
    attributes: Vec<AttributeSeed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<AttributeSeed>,
}

/// An attribute of a subject or a resource.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AttributeSeed {
    #[serde(alias = "key")]
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    operator: Option<String>,
    value: Value,
}

/// A granted role.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleSeed {
    role_id: String,
    #[serde(rename = "display_name", skip_serializing)]
    _display_name: Option<String>,
    #[serde(rename = "description", skip_serializing)]
    _description: Option<String>,
}

/// The `control` of a version 2 policy.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ControlSeed {
    grant: GrantSeed,
}

/// The `control.grant` of a version 2 policy.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GrantSeed {
    roles: Vec<RoleSeed>,
}

/// Loads a policy into an account; a policy of one of the `pinning_groups` is pinned.
pub fn load(
    state: &mut IbmState,
    account: &str,
    seed: &PolicySeed,
    pinning_groups: &BTreeSet<String>,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    check_id(seed.id.as_deref())?;
    let id = seed.id.clone().unwrap_or_else(|| state.new_id::<Policy>("", "", tx));
    let policy = seed.to_policy(state, (account, &id), tx)?;
    let sequence = internal_state::record_version(seed.internal_state.as_ref())?.sequence;
    let is_pinned =
        seed.pinned || seed.internal_state.is_none() && pinning_groups.contains(policy.content.group_id());
    let pinned = match PinnedValue::from_seed(is_pinned, seed.internal_state.as_ref())? {
        PinnedValue::None => None,
        PinnedValue::Current => Some(policy.clone()),
        PinnedValue::Other(other) => {
            Some(other.to_pinned_policy(state, (account, &id, policy.version), tx)?)
        }
    };
    let result = state.restore(policy, sequence);
    result.map_err(|error| {
        internal_state::insert_error(error, "id", format!("`{id}` is already used by an earlier policy"))
    })?;
    let Some(pinned) = pinned else { return Ok(()) };
    if state.pinned::<Group>(("", pinned.content.group_id())).is_none() {
        return Err(internal_state::group_not_pinned());
    }
    state.set_pinned(pinned);
    Ok(())
}

impl PolicySeed {
    /// Converts the seed to a policy.
    fn to_policy(
        &self,
        state: &mut IbmState,
        (account, id): (&str, &str),
        tx: &mut Tx<'_>,
    ) -> Result<Policy, SeedError> {
        check_format(self)?;
        let content =
            PolicyDraft::new(policy_input(self)).map_err(|error| SeedError::new("", error.message()))?;
        check_matches_location("accountId", Some(content.account()), account)?;
        let caller =
            Caller { iam_id: DEFAULT_IAM_ID.into(), account: account.to_owned().into(), restricted_to: None };
        let checked = state.check_policy(&content, &caller);
        checked.map_err(|error| SeedError::new("", error.message()))?;
        let created = audit_stamp(state, self.created_at, self.created_by_id.as_deref(), tx);
        let modified =
            audit_stamp_or(state, self.last_modified_at, self.last_modified_by_id.as_deref(), &created);
        let record_version = internal_state::record_version(self.internal_state.as_ref())?;
        Ok(Policy {
            id: id.into(),
            account: state.intern_account(account),
            version: api_version(self),
            content,
            created,
            modified,
            revision: record_version.revision_or_next(tx),
            change_count: record_version.change_count_or_default(),
        })
    }

    /// Converts the seed to the pinned value of a policy, which has the same API `version` as the current value.
    fn to_pinned_policy(
        &self,
        state: &mut IbmState,
        (account, id, version): (&str, &str, ApiVersion),
        tx: &mut Tx<'_>,
    ) -> Result<Policy, SeedError> {
        let has_record_fields = self.internal_state.as_ref().is_some_and(RecordState::has_record_fields);
        let fields = [("id", self.id.is_some()), ("pinned", self.pinned), ("$state", has_record_fields)];
        if let Some((name, _)) = fields.into_iter().find(|(_, is_present)| *is_present) {
            return Err(internal_state::not_allowed_in_pinned_value(name));
        }
        let policy = self.to_policy(state, (account, id), tx);
        policy.map(|it| Policy { version, ..it }).map_err(|error| error.nested_in("$state.pinned"))
    }
}

/// Checks that the policy is active, and that it has the format of only one version.
fn check_format(seed: &PolicySeed) -> Result<(), SeedError> {
    if seed.state.as_deref().is_some_and(|state| state != "active") {
        return Err(SeedError::new("state", "must be active"));
    }
    let version_1 = [
        ("subjects", !seed.subjects.is_empty()),
        ("roles", !seed.roles.is_empty()),
        ("resources", !seed.resources.is_empty()),
    ];
    let version_2 = [
        ("subject", seed.subject.is_some()),
        ("control", seed.control.is_some()),
        ("resource", seed.resource.is_some()),
    ];
    let present = |fields: [(&'static str, bool); 3]| fields.into_iter().find(|(_, is_present)| *is_present);
    match (present(version_1), present(version_2)) {
        (Some((first, _)), Some((second, _))) => {
            let reason =
                format!("cannot be combined with `{first}`, which belongs to the other policy version");
            Err(SeedError::new(second, reason))
        }
        (Some(_), None) | (None, Some(_)) | (None, None) => Ok(()),
    }
}

/// Returns the API version of the link, by default that of the format.
fn api_version(seed: &PolicySeed) -> ApiVersion {
    let is_version_2 = match &seed.href {
        Some(href) => href.contains(ApiVersion::V2.path()),
        None => seed.subject.is_some(),
    };
    if is_version_2 { ApiVersion::V2 } else { ApiVersion::V1 }
}

/// Converts the seed to the input of a policy.
fn policy_input(seed: &PolicySeed) -> PolicyInput {
    let inputs = |attributes: &[AttributeSeed]| -> Vec<AttributeInput> {
        let attributes = attributes.iter().cloned();
        attributes.map(|it| (Some(it.name), it.operator, Some(it.value))).collect()
    };
    let mut policy = PolicyInput {
        kind: seed.r#type.clone(),
        description: seed.description.clone(),
        pattern: seed.pattern.clone(),
        rule: seed.rule.clone(),
        ..PolicyInput::default()
    };
    for subject in seed.subjects.iter().chain(&seed.subject) {
        policy.subject.extend(inputs(&subject.attributes));
    }
    for resource in seed.resources.iter().chain(&seed.resource) {
        policy.resource.extend(inputs(&resource.attributes));
        policy.tags.extend(inputs(&resource.tags));
    }
    let granted = seed.control.iter().flat_map(|control| &control.grant.roles);
    policy.roles = seed.roles.iter().chain(granted).map(|role| role.role_id.clone()).collect();
    policy
}

/// Returns the policies of an account.
pub fn save(state: &IbmState, account: &str) -> Vec<PolicySeed> {
    let policies = state.iter_with_sequence::<Policy>(Policy::BY_ACCOUNT, (account, ""));
    policies.map(|(sequence, policy)| save_policy(state, sequence, policy)).collect()
}

/// Returns the seed of a policy with its id and `$state`.
/// Returns the policies that `selector` selects.
pub fn saved_records(state: &IbmState, selector: &GroupSelector) -> Vec<SavedRecord> {
    let policies = state.all_with_sequence::<Policy>();
    let selected = policies.filter(|(_, it)| selector.matches(&it.account, &it.id));
    let saved = selected.map(|(sequence, policy)| {
        SavedRecord::new(&policy.account, &policy.id, &save_policy(state, sequence, policy))
    });
    saved.collect()
}

fn save_policy(state: &IbmState, sequence: u64, policy: &Policy) -> PolicySeed {
    let pinned = state.pinned::<Policy>(policy.key());
    let other = pinned.filter(|pinned| *pinned != policy).map(|pinned| {
        let record_state = RecordState::new_pinned((pinned.revision, pinned.change_count));
        PolicySeed { internal_state: Some(record_state), ..policy_seed(pinned) }
    });
    PolicySeed {
        id: Some(policy.id.to_string()),
        pinned: pinned.is_some() && other.is_none(),
        internal_state: Some(RecordState::new(sequence, (policy.revision, policy.change_count), other)),
        ..policy_seed(policy)
    }
}

/// Returns the seed of a policy without its id and `$state`, in the format of the API version that created it.
fn policy_seed(policy: &Policy) -> PolicySeed {
    let PolicyDraft { kind, description, subject, resource, tags, roles, pattern, rule } = &policy.content;
    let audit_fields = AuditFields::new(&policy.created, &policy.modified);
    let subject = AttributesSeed { attributes: attribute_seeds(subject), tags: Vec::new() };
    let resource = AttributesSeed { attributes: attribute_seeds(resource), tags: attribute_seeds(tags) };
    let roles = roles.iter().map(|role| RoleSeed {
        role_id: role.to_string(),
        _display_name: None,
        _description: None,
    });
    let roles = roles.collect();
    let seed = PolicySeed {
        r#type: Some(kind.name().to_owned()),
        description: to_owned_string(description.as_deref()),
        pattern: to_owned_string(pattern.as_deref()),
        rule: rule.as_deref().cloned(),
        created_at: audit_fields.created_at,
        created_by_id: to_owned_string(audit_fields.created_by_id),
        last_modified_at: audit_fields.last_modified_at,
        last_modified_by_id: to_owned_string(audit_fields.last_modified_by_id),
        ..PolicySeed::default()
    };
    match policy.version {
        ApiVersion::V1 => PolicySeed { subjects: vec![subject], resources: vec![resource], roles, ..seed },
        ApiVersion::V2 => PolicySeed {
            subject: Some(subject),
            resource: Some(resource),
            control: Some(ControlSeed { grant: GrantSeed { roles } }),
            ..seed
        },
    }
}

/// Returns the seeds of attributes.
fn attribute_seeds(attributes: &[Attribute]) -> Vec<AttributeSeed> {
    let attributes = attributes.iter().map(|attribute| AttributeSeed {
        name: attribute.key.to_string(),
        operator: to_owned_string(attribute.operator.as_deref()),
        value: attribute.value.clone(),
    });
    attributes.collect()
}
