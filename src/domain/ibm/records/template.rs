//! Access group templates and their versions.

use std::sync::Arc;

use serde_json::value::RawValue;

use super::audit::AuditStamp;
use super::entity_tag::entity_tag;
use super::group::{check_description, check_name};
use super::interned::InternedStr;
use super::template_group::{TemplateGroup, check_references};
use crate::spec::{Violation, Violations};
use crate::store::{Index, Key, Record, unshared_arc_bytes};

/// A template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The id: `AccessGroupTemplateId-` and a UUID.
    pub id: Arc<str>,
    /// The root account of the enterprise.
    pub account: InternedStr,
    /// The name, 1 to 100 characters; shared by all versions.
    pub name: Box<str>,
    /// The highest version number that was ever used.
    pub highest_version: u32,
}

/// A version of a template.
#[derive(Debug, Clone)]
pub struct Version {
    /// The id of the template.
    pub template: Arc<str>,
    /// The version number as a string.
    pub number: Box<str>,
    /// The content, which a request sets.
    pub content: VersionContent,
    /// Whether the version is committed: it can be assigned and can no longer be changed.
    pub is_committed: bool,
    /// The time and author of the creation.
    pub created: AuditStamp,
    /// The time and author of the last change.
    pub modified: AuditStamp,
    /// The revision of the last change.
    pub revision: u64,
    /// The number of times the version was set.
    pub change_count: u32,
}

/// The content of a version.
#[derive(Debug, Clone)]
pub struct VersionContent {
    /// The description, at most 250 characters.
    pub description: Box<str>,
    /// The group that the version describes.
    pub group: Arc<TemplateGroup>,
    /// The JSON array of references to policy templates, exactly as received.
    pub references: Arc<RawValue>,
}

/// A version and its template.
#[derive(Debug, Clone, Copy)]
pub struct VersionWithTemplate<'a> {
    /// The template.
    pub template: &'a Template,
    /// The version.
    pub version: &'a Version,
}

/// The content of a version as received, before validation.
#[derive(Debug, Default)]
pub struct VersionInput {
    /// The name of the template.
    pub name: Option<String>,
    /// The description of the version.
    pub description: Option<String>,
    /// The group as JSON.
    pub group: Option<Box<RawValue>>,
    /// The references to policy templates as JSON.
    pub references: Option<Box<RawValue>>,
}

/// The content of a version. For a `None` name the template keeps its name; for a `None` group the version keeps or
/// inherits the group.
#[derive(Debug, Clone)]
pub struct VersionDraft {
    pub name: Option<Box<str>>,
    description: Box<str>,
    group: Option<Arc<TemplateGroup>>,
    references: Arc<RawValue>,
}

/// The content of a new template.
#[derive(Debug, Clone)]
pub struct TemplateDraft {
    /// The root account of the enterprise.
    pub account: String,
    pub name: Box<str>,
    pub content: VersionContent,
}

impl Record for Template {
    const INDEXES: &'static [Index<Self>] = &[
        Index { partition: |it| (&it.account, ""), orders: &[] },
        Index { partition: |it| (&it.account, &it.name), orders: &[] },
    ];

    fn key(&self) -> Key<'_> {
        ("", &self.id)
    }
}

impl Template {
    /// The index by account.
    pub const BY_ACCOUNT: usize = 0;

    /// The index by account and name; each partition has one template.
    pub const BY_NAME: usize = 1;
}

impl Record for Version {
    const INDEXES: &'static [Index<Self>] = &[Index { partition: |it| (&it.template, ""), orders: &[] }];

    fn key(&self) -> Key<'_> {
        (&self.template, &self.number)
    }

    fn unshared_bytes(&self, newer: Option<&Self>) -> usize {
        let newer = newer.map(|newer| &newer.content);
        let VersionContent { description, group, references } = &self.content;
        // The group consists of its JSON and of what was parsed from it.
        let group =
            unshared_arc_bytes(group, newer.map(|newer| &newer.group), |it| 2 * it.raw_json.get().len());
        let references =
            unshared_arc_bytes(references, newer.map(|newer| &newer.references), |it| it.get().len());
        self.number.len() + description.len() + group + references
    }
}

impl Version {
    /// The index by template. The versions are ordered by number, because the numbers increase in order of creation.
    pub const BY_TEMPLATE: usize = 0;

    /// Returns the entity tag.
    pub fn entity_tag(&self) -> String {
        entity_tag(&format!("{}/{}", self.template, self.number), self.change_count, self.revision)
    }
}

impl VersionDraft {
    /// Returns the content of a version, or all violations.
    ///
    /// # Errors
    /// The name is blank or longer than 100 characters, the description is longer than 250 characters, or the group or
    /// the references are invalid.
    pub fn new(input: VersionInput) -> Result<Self, Violations> {
        let mut violations = Violations::new();
        if let Some(name) = &input.name {
            check_name(name, &mut violations);
        }
        check_description(input.description.as_deref(), &mut violations);
        let group = input.group.map(TemplateGroup::parse).transpose();
        let group = group.unwrap_or_else(|nested| {
            violations.append(nested);
            None
        });
        if let Some(Err(nested)) = input.references.as_deref().map(check_references) {
            violations.append(nested);
        }
        if !violations.is_empty() {
            return Err(violations);
        }
        Ok(Self {
            name: input.name.map(Into::into),
            description: input.description.unwrap_or_default().into(),
            group: group.map(Arc::new),
            references: input.references.unwrap_or_else(no_references).into(),
        })
    }

    /// Returns the content of the version, with the group `default` if the draft has none.
    pub fn into_content(self, default: &Arc<TemplateGroup>) -> VersionContent {
        let Self { name: _, description, group, references } = self;
        VersionContent { description, group: group.unwrap_or_else(|| Arc::clone(default)), references }
    }
}

fn no_references() -> Box<RawValue> {
    RawValue::from_string("[]".to_owned()).expect("an empty array is JSON")
}

impl TemplateDraft {
    /// Returns the content of a new template, or all violations.
    ///
    /// # Errors
    /// The name or the account is missing or empty, or as [`VersionDraft::new`].
    pub fn new(account: Option<String>, input: VersionInput) -> Result<Self, Violations> {
        let mut violations = Violations::new();
        let name = input.name.clone();
        if name.is_none() {
            violations.push(Violation::new("name", "is missing"));
        }
        let account = account.unwrap_or_default();
        if account.is_empty() {
            violations.push(Violation::new("account_id", "is missing or empty"));
        }
        let draft = VersionDraft::new(input).map_err(|nested| violations.append(nested));
        let (Some(name), Ok(draft), true) = (name, draft, violations.is_empty()) else {
            return Err(violations);
        };
        let default = Arc::new(TemplateGroup::from_name(&name)?);
        Ok(Self { account, name: name.into(), content: draft.into_content(&default) })
    }
}
