//! The JSON bodies of templates and their versions.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::super::page::Links;
use crate::domain::ibm::error;
use crate::domain::ibm::records::audit::Timestamp;
use crate::domain::ibm::records::template::{self, TemplateDraft, VersionDraft, VersionInput};
use crate::http::base_url::encode_component;
use crate::spec::ApiError;

/// A version of a template; list items omit the field that all items of the list share.
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
    created_at: Timestamp,
    created_by_id: &'a str,
    last_modified_at: Timestamp,
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
    /// Returns a version as a single resource; `templates_url` is the URL of the template list.
    pub(in super::super) fn single(
        template_version: template::VersionWithTemplate<'a>,
        templates_url: &str,
    ) -> Self {
        let template::VersionWithTemplate { template, version } = template_version;
        let href = format!("{templates_url}/{}/versions/{}", encode_component(&template.id), version.number);
        Self {
            id: Some(&template.id),
            name: &template.name,
            description: &version.content.description,
            account_id: Some(&template.account),
            version: &version.number,
            committed: version.is_committed,
            group: &version.content.group.raw_json,
            policy_template_references: &version.content.references,
            href,
            created_at: version.created.at,
            created_by_id: &version.created.by,
            last_modified_at: version.modified.at,
            last_modified_by_id: &version.modified.by,
        }
    }

    /// Returns a version as an item of an account's template list: without `account_id`.
    pub(in super::super) fn in_template_list(
        template_version: template::VersionWithTemplate<'a>,
        templates_url: &str,
    ) -> Self {
        Self { account_id: None, ..Self::single(template_version, templates_url) }
    }

    /// Returns a version as an item of a template's version list: without `id`.
    pub(in super::super) fn in_version_list(
        template_version: template::VersionWithTemplate<'a>,
        templates_url: &str,
    ) -> Self {
        Self { id: None, ..Self::single(template_version, templates_url) }
    }
}

/// The request body that creates a template, or creates or replaces a version; `null` is equivalent to absent.
#[derive(Debug, Deserialize)]
pub(in super::super) struct TemplateRequest {
    account_id: Option<String>,
    name: Option<String>,
    description: Option<String>,
    group: Option<Box<RawValue>>,
    policy_template_references: Option<Box<RawValue>>,
}

impl TemplateRequest {
    /// Returns the draft of a new template.
    ///
    /// # Errors
    /// [`error::INVALID_PAYLOAD`].
    pub(in super::super) fn into_template(self) -> Result<TemplateDraft, ApiError> {
        let (account, input) = self.into_input();
        TemplateDraft::new(account, input)
            .map_err(|violations| error::INVALID_PAYLOAD.with_violations(violations))
    }

    /// Returns the draft of a version; `account_id` is ignored.
    ///
    /// # Errors
    /// [`error::INVALID_PAYLOAD`].
    pub(in super::super) fn into_version(self) -> Result<VersionDraft, ApiError> {
        let (_, input) = self.into_input();
        VersionDraft::new(input).map_err(|violations| error::INVALID_PAYLOAD.with_violations(violations))
    }

    fn into_input(self) -> (Option<String>, VersionInput) {
        let Self { account_id, name, description, group, policy_template_references: references } = self;
        (account_id, VersionInput { name, description, group, references })
    }
}
