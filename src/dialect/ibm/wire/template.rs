//! Templates and their versions.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::super::error;
use super::super::model::Moment;
use super::super::model::template::{self, GivenVersion, TemplateDraft, VersionDraft};
use super::super::page::Links;
use crate::failure::Refusal;
use crate::http::links::escape;

/// A version of a template; as an item of a list it lacks what the list itself says.
#[derive(Serialize)]
pub(in super::super) struct TemplateVersion<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    name: &'a str,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<&'a str>,
    version: &'a str,
    committed: bool,
    group: &'a RawValue,
    policy_template_references: &'a RawValue,
    href: String,
    created_at: Moment,
    created_by_id: &'a str,
    last_modified_at: Moment,
    last_modified_by_id: &'a str,
}

/// One page of templates.
#[derive(Serialize)]
pub(in super::super) struct ListTemplates<'a> {
    pub(in super::super) limit: usize,
    pub(in super::super) offset: usize,
    pub(in super::super) total_count: usize,
    #[serde(flatten)]
    pub(in super::super) links: Links,
    pub(in super::super) group_templates: Vec<TemplateVersion<'a>>,
}

/// One page of the versions of a template.
#[derive(Serialize)]
pub(in super::super) struct ListTemplateVersions<'a> {
    pub(in super::super) limit: usize,
    pub(in super::super) offset: usize,
    pub(in super::super) total_count: usize,
    #[serde(flatten)]
    pub(in super::super) links: Links,
    pub(in super::super) group_template_versions: Vec<TemplateVersion<'a>>,
}

impl<'a> TemplateVersion<'a> {
    /// Returns a version as it is answered alone; `templates_url` is the URL of all templates.
    pub(in super::super) fn alone(found: template::TemplateVersion<'a>, templates_url: &str) -> Self {
        let template::TemplateVersion { template, version } = found;
        let href = format!("{templates_url}/{}/versions/{}", escape(&template.id), version.number);
        Self {
            id: Some(&template.id),
            name: &template.name,
            description: &version.content.description,
            account_id: Some(&template.account),
            version: &version.number,
            committed: version.is_committed,
            group: &version.content.group.text,
            policy_template_references: &version.content.references,
            href,
            created_at: version.created.at,
            created_by_id: &version.created.by,
            last_modified_at: version.modified.at,
            last_modified_by_id: &version.modified.by,
        }
    }

    /// Returns a version as an item of the list of an account's templates: without the account.
    pub(in super::super) fn of_account(found: template::TemplateVersion<'a>, templates_url: &str) -> Self {
        Self { account_id: None, ..Self::alone(found, templates_url) }
    }

    /// Returns a version as an item of the list of a template's versions: without the template.
    pub(in super::super) fn of_template(found: template::TemplateVersion<'a>, templates_url: &str) -> Self {
        Self { id: None, ..Self::alone(found, templates_url) }
    }
}

/// The body that creates a template, or creates or replaces a version; `null` is as good as absent.
#[derive(Debug, Deserialize)]
pub(in super::super) struct TemplateRequest {
    account_id: Option<String>,
    name: Option<String>,
    description: Option<String>,
    group: Option<Box<RawValue>>,
    policy_template_references: Option<Box<RawValue>>,
}

impl TemplateRequest {
    /// Returns the content of a new template.
    ///
    /// # Errors
    /// [`error::INVALID_PAYLOAD`].
    pub(in super::super) fn into_template(self) -> Result<TemplateDraft, Refusal> {
        let (account, given) = self.into_given();
        TemplateDraft::new(account, given).map_err(|violations| error::INVALID_PAYLOAD.because(violations))
    }

    /// Returns the content of a version; the account in the body does not matter.
    ///
    /// # Errors
    /// [`error::INVALID_PAYLOAD`].
    pub(in super::super) fn into_version(self) -> Result<VersionDraft, Refusal> {
        let (_, given) = self.into_given();
        VersionDraft::new(given).map_err(|violations| error::INVALID_PAYLOAD.because(violations))
    }

    fn into_given(self) -> (Option<String>, GivenVersion) {
        let Self { account_id, name, description, group, policy_template_references: references } = self;
        (account_id, GivenVersion { name, description, group, references })
    }
}
