//! Templates of an account: each version stands for itself, as the API answers it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::super::model::State;
use super::super::model::saved::Mark;
use super::super::model::template::{GivenVersion, Template, TemplateDraft, Version};
use super::super::model::template_lifecycle::{Misfit, WholeVersion};
use super::hidden::{self, is_false};
use super::{Written, check_id, check_same, first, stamp, stamp_or};
use crate::seed_error::SeedError;
use crate::store::Tx;

/// A version of a template. Versions with the same id are of one template.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TemplateSeed {
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
    hidden: Option<VersionState>,
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
    /// The place of the template in the creation order; it counts with the first version.
    #[serde(skip_serializing_if = "Option::is_none")]
    template_sequence: Option<u64>,
    /// The greatest number that a version of the template has ever had.
    #[serde(skip_serializing_if = "Option::is_none")]
    highest: Option<u32>,
}

/// Puts a version into an account, and its template with the first one.
pub(super) fn load(
    state: &mut State,
    account: &str,
    template: &TemplateSeed,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    check_same("account_id", template.account_id.as_deref(), account)?;
    check_id(template.id.as_deref())?;
    let id = template.id.clone().unwrap_or_else(|| format!("AccessGroupTemplateId-{}", tx.ids.uuid()));
    let number = template.number(state.latest_number(&id) + 1)?;
    let (mark, template_sequence, highest) = template.mark(number)?;
    let given = GivenVersion {
        name: Some(template.name.clone()),
        description: template.description.clone(),
        group: template.group.clone(),
        references: template.policy_template_references.clone(),
    };
    let draft = TemplateDraft::new(Some(account.to_owned()), given).map_err(first)?;
    let created = stamp(state, template.created_at, template.created_by_id.as_deref(), tx);
    let modified =
        stamp_or(state, template.last_modified_at, template.last_modified_by_id.as_deref(), &created);
    let whole = WholeVersion {
        id: id.clone(),
        number,
        is_committed: template.committed,
        draft,
        stamps: [created, modified],
        mark,
        template_sequence,
        highest,
    };
    state.put_template_version(whole, tx).map_err(|misfit| match misfit {
        Misfit::OtherTemplate => {
            SeedError::new("id", format!("`{id}` has another name or account in an earlier version"))
        }
        Misfit::Number => SeedError::new("version", "must be greater than that of an earlier version"),
        Misfit::Place => {
            SeedError::new("$state.sequence", "is that of an earlier one, or before an earlier version")
        }
        Misfit::TemplatePlace => SeedError::new("$state.template_sequence", "is that of an earlier template"),
    })
}

/// The greatest number that a seeded version may have, so that there is room for more.
const GREATEST_NUMBER: u32 = 1_000_000;

/// The greatest number that a saved version may have, which requests have raised since it was seeded.
const GREATEST_SAVED_NUMBER: u32 = 1_000_000_000;

impl TemplateSeed {
    /// The greatest number that the version may have.
    const fn greatest(&self) -> u32 {
        if self.hidden.is_some() { GREATEST_SAVED_NUMBER } else { GREATEST_NUMBER }
    }

    /// The number of the version, which is at least `least`; without one, `least`.
    fn number(&self, least: u32) -> Result<u32, SeedError> {
        let greatest = self.greatest();
        let least_text = least.to_string();
        let given = self.version.as_deref().unwrap_or(&least_text);
        let number = given.parse::<u32>().ok().filter(|number| number.to_string() == given);
        let number = number.filter(|number| (least..=greatest).contains(number));
        let reason = || format!("must be a number from {least} to {greatest}, as text");
        number.ok_or_else(|| SeedError::new("version", reason()))
    }

    /// What the `$state` says: the mark of the version, the place of the template, its greatest number.
    fn mark(&self, number: u32) -> Result<(Mark, Option<u64>, u32), SeedError> {
        let Some(hidden) = &self.hidden else { return Ok((Mark::default(), None, number)) };
        let mark = hidden::mark(hidden.sequence, hidden.revision, hidden.changes)?;
        let template_sequence = hidden::place("template_sequence", hidden.template_sequence)?;
        let highest = hidden.highest.unwrap_or(number);
        if !(number..=GREATEST_SAVED_NUMBER).contains(&highest) {
            let reason = format!("must be a number from {number} to {GREATEST_SAVED_NUMBER}");
            return Err(SeedError::new("$state.highest", reason));
        }
        Ok((mark, template_sequence, highest))
    }
}

/// Returns the versions of the templates of an account, template by template.
pub(super) fn save(state: &State, account: &str) -> Vec<TemplateSeed> {
    let mut versions = Vec::new();
    for (template_sequence, template) in state.saved::<Template>(Template::OF_ACCOUNT, (account, "")) {
        for (sequence, version) in state.saved::<Version>(Version::OF_TEMPLATE, (&template.id, "")) {
            let hidden = VersionState {
                sequence: Some(sequence),
                revision: Some(version.revision),
                changes: Some(version.changes),
                template_sequence: Some(template_sequence),
                highest: Some(template.highest),
            };
            versions.push(TemplateSeed { hidden: Some(hidden), ..saved_version(template, version) });
        }
    }
    versions
}

fn saved_version(template: &Template, version: &Version) -> TemplateSeed {
    let written = Written::of(&version.created, &version.modified);
    let content = &version.content;
    TemplateSeed {
        id: Some(template.id.to_string()),
        name: template.name.to_string(),
        description: Some(content.description.to_string()).filter(|text| !text.is_empty()),
        account_id: None,
        version: Some(version.number.to_string()),
        committed: version.is_committed,
        group: Some(content.group.text.clone()),
        policy_template_references: Some(content.references.clone()),
        _href: None,
        created_at: written.created_at,
        created_by_id: written.created_by_id,
        last_modified_at: written.last_modified_at,
        last_modified_by_id: written.last_modified_by_id,
        hidden: None,
    }
}
