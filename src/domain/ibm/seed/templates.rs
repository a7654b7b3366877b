//! The templates of an account: one entry per version, in the format of the API response.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::super::records::record_version::RecordVersion;
use super::super::records::template::{Template, TemplateDraft, Version, VersionInput};
use super::super::state::IbmState;
use super::super::template_lifecycle::{RestoreError, RestoredVersion};
use super::fields::{
    AuditFields, audit_stamp, audit_stamp_or, check_id, check_matches_location, first_violation,
    to_owned_string,
};
use super::internal_state::{self, is_false};
use crate::domain::seed::SeedError;
use crate::json::shown_and_exact;
use crate::store::Tx;

/// A version of a template. Versions with the same id belong to the same template.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateSeed {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    committed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_template_references: Option<Box<RawValue>>,
    #[serde(rename = "href", skip_serializing)]
    _href: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified_by_id: Option<String>,
    #[serde(rename = "$state", skip_serializing_if = "Option::is_none")]
    internal_state: Option<VersionState>,
}

/// The `$state` of a version.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct VersionState {
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<u32>,
    /// The sequence number of the template; only used with its first version.
    #[serde(skip_serializing_if = "Option::is_none")]
    template_sequence: Option<u64>,
    /// The highest version number of the template that was ever used.
    #[serde(skip_serializing_if = "Option::is_none")]
    highest: Option<u32>,
    /// The JSON of the group as a string, if a seed file could not contain the JSON itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    /// The JSON of the references as a string, if a seed file could not contain the JSON itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_template_references: Option<String>,
}

/// Loads a version into an account; the first version also adds its template.
pub fn load(
    state: &mut IbmState,
    account: &str,
    template: &TemplateSeed,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    check_matches_location("account_id", template.account_id.as_deref(), account)?;
    check_id(template.id.as_deref())?;
    let id =
        template.id.clone().unwrap_or_else(|| state.new_id::<Template>("AccessGroupTemplateId-", "", tx));
    let number = template.number(state.latest_version_number(&id) + 1)?;
    let (record_version, template_sequence, highest) = template.record_version(number)?;
    let exact = template.internal_state.as_ref();
    let input = VersionInput {
        name: Some(template.name.clone()),
        description: template.description.clone(),
        group: match exact.and_then(|exact| exact.group.as_deref()) {
            Some(json) => Some(parse_exact("group", json)?),
            None => template.group.clone(),
        },
        references: match exact.and_then(|exact| exact.policy_template_references.as_deref()) {
            Some(json) => Some(parse_exact("policy_template_references", json)?),
            None => template.policy_template_references.clone(),
        },
    };
    let draft = TemplateDraft::new(Some(account.to_owned()), input).map_err(first_violation)?;
    let created = audit_stamp(state, template.created_at, template.created_by_id.as_deref(), tx);
    let modified =
        audit_stamp_or(state, template.last_modified_at, template.last_modified_by_id.as_deref(), &created);
    let restored = RestoredVersion {
        id: id.clone(),
        number,
        is_committed: template.committed,
        draft,
        stamps: [created, modified],
        record_version,
        template_sequence,
        highest_version: highest,
    };
    state.restore_template_version(restored, tx).map_err(|error| restore_error(error, &id))
}

/// Parses JSON from the string in the field `name` of the `$state`.
fn parse_exact(name: &str, json: &str) -> Result<Box<RawValue>, SeedError> {
    let parsed = RawValue::from_string(json.to_owned());
    parsed.map_err(|error| SeedError::new(format!("$state.{name}"), format!("is not valid JSON: {error}")))
}

/// Returns the seed error for a version of the template with `id` that cannot be restored.
fn restore_error(error: RestoreError, id: &str) -> SeedError {
    match error {
        RestoreError::TemplateMismatch => {
            SeedError::new("id", format!("`{id}` has a different name or account in an earlier version"))
        }
        RestoreError::NameTaken => {
            SeedError::new("name", "must not be the name of another template of the account")
        }
        RestoreError::VersionNumber => {
            SeedError::new("version", "must be higher than that of an earlier version")
        }
        RestoreError::Sequence => {
            let reason = "is already used by an earlier record, or lower than that of an earlier version";
            SeedError::new("$state.sequence", reason)
        }
        RestoreError::TemplateSequence => {
            SeedError::new("$state.template_sequence", "is already used by an earlier template")
        }
    }
}

/// The maximum version number in a seed, below `u32::MAX` so that it can increase.
const MAX_NUMBER: u32 = 1_000_000;

/// The maximum version number in a saved state, which requests may have increased beyond [`MAX_NUMBER`].
const MAX_SAVED_NUMBER: u32 = 1_000_000_000;

impl TemplateSeed {
    /// Returns the maximum number of the version.
    const fn max_number(&self) -> u32 {
        if self.internal_state.is_some() { MAX_SAVED_NUMBER } else { MAX_NUMBER }
    }

    /// Returns the number of the version, by default `min`, which is also the minimum.
    fn number(&self, min: u32) -> Result<u32, SeedError> {
        let max = self.max_number();
        let default = min.to_string();
        let value = self.version.as_deref().unwrap_or(&default);
        let number = value.parse::<u32>().ok().filter(|number| number.to_string() == value);
        let number = number.filter(|number| (min..=max).contains(number));
        let reason = || format!("must be a number from {min} to {max}, as a string");
        number.ok_or_else(|| SeedError::new("version", reason()))
    }

    /// Returns the fields of the `$state`: the sequence number, revision and change count of the version, the sequence
    /// number of the template, and its highest version number.
    fn record_version(&self, number: u32) -> Result<(RecordVersion, Option<u64>, u32), SeedError> {
        let Some(state) = &self.internal_state else { return Ok((RecordVersion::default(), None, number)) };
        let record_version =
            internal_state::validate_record_version(state.sequence, state.revision, state.changes)?;
        let template_sequence =
            internal_state::validate_sequence("template_sequence", state.template_sequence)?;
        let highest = state.highest.unwrap_or(number);
        if !(number..=MAX_SAVED_NUMBER).contains(&highest) {
            let reason = format!("must be a number from {number} to {MAX_SAVED_NUMBER}");
            return Err(SeedError::new("$state.highest", reason));
        }
        Ok((record_version, template_sequence, highest))
    }
}

/// Returns the versions of the templates of an account, grouped by template.
pub fn save(state: &IbmState, account: &str) -> Vec<TemplateSeed> {
    let mut versions = Vec::new();
    for (template_sequence, template) in
        state.iter_with_sequence::<Template>(Template::BY_ACCOUNT, (account, ""))
    {
        for (sequence, version) in
            state.iter_with_sequence::<Version>(Version::BY_TEMPLATE, (&template.id, ""))
        {
            versions.push(save_version((template_sequence, template), (sequence, version)));
        }
    }
    versions
}

/// Returns the seed of a version.
fn save_version(
    (template_sequence, template): (u64, &Template),
    (sequence, version): (u64, &Version),
) -> TemplateSeed {
    let audit_fields = AuditFields::new(&version.created, &version.modified);
    let content = &version.content;
    let (group, exact_group) = shown_and_exact(&content.group.raw_json);
    let (references, exact_references) = shown_and_exact(&content.references);
    let internal_state = VersionState {
        sequence: Some(sequence),
        revision: Some(version.revision),
        changes: Some(version.change_count),
        template_sequence: Some(template_sequence),
        highest: Some(template.highest_version),
        group: exact_group,
        policy_template_references: exact_references,
    };
    TemplateSeed {
        id: Some(template.id.to_string()),
        name: template.name.to_string(),
        description: Some(content.description.to_string()).filter(|description| !description.is_empty()),
        account_id: None,
        version: Some(version.number.to_string()),
        committed: version.is_committed,
        group,
        policy_template_references: references,
        _href: None,
        created_at: audit_fields.created_at,
        created_by_id: to_owned_string(audit_fields.created_by_id),
        last_modified_at: audit_fields.last_modified_at,
        last_modified_by_id: to_owned_string(audit_fields.last_modified_by_id),
        internal_state: Some(internal_state),
    }
}
