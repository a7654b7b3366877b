//! The lifecycle of templates and their versions: creation, change, commit and deletion.
//!
//! Invariants: a template has at least one version; version numbers increase and are never reused; all versions have
//! the name of the template, which no other template of the account has; a committed version never changes except for
//! that name.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::error::template as error;
use super::records::audit::AuditStamp;
use super::records::caller::Caller;
use super::records::record_version::RecordVersion;
use super::records::template::{
    Template, TemplateDraft, Version, VersionContent, VersionDraft, VersionWithTemplate,
};
use super::state::IbmState;
use crate::spec::ApiError;
use crate::store::Tx;

/// A complete version of a template, as read from the seed.
#[derive(Debug, Clone)]
pub struct RestoredVersion {
    /// The id of the template.
    pub id: String,
    /// The version number.
    pub number: u32,
    /// Whether the version is committed.
    pub is_committed: bool,
    /// The account and name of the template, and the content of the version.
    pub draft: TemplateDraft,
    /// The times and authors of the creation and of the last change.
    pub stamps: [AuditStamp; 2],
    /// The sequence number, revision and change count.
    pub record_version: RecordVersion,
    /// The sequence number of the template; only used with its first version.
    pub template_sequence: Option<u64>,
    /// The highest version number of the template that was ever used; at least the number of this version.
    pub highest_version: u32,
}

/// The reason why a version cannot be restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestoreError {
    /// The template has a different name or account.
    TemplateMismatch,
    /// The template has a version with this number or a higher one.
    VersionNumber,
    /// The sequence number of the version already exists, or is lower than that of an earlier version.
    Sequence,
    /// The sequence number of the template already exists.
    TemplateSequence,
    /// Another template of the account has the name.
    NameTaken,
}

impl IbmState {
    /// Adds a template with version 1, which is not committed.
    ///
    /// # Errors
    /// [`error::NAME_CONFLICT`].
    pub fn create_template(
        &mut self,
        draft: TemplateDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<VersionWithTemplate<'_>, ApiError> {
        self.check_template_name(&draft.account, &draft.name, "")?;
        let id: Arc<str> = self.new_id::<Template>("AccessGroupTemplateId-", "", tx).into();
        let created = self.audit_stamp(caller, tx);
        let account = self.intern_account(&draft.account);
        let template = Template { id: Arc::clone(&id), account, name: draft.name, highest_version: 1 };
        self.templates.insert(template).expect("the id was checked to be unused");
        self.insert_version((&id, 1), draft.content, created, tx);
        Ok(self.version_with_template(&id, "1"))
    }

    /// Adds a version to the template with `id`; a name in `draft` becomes the name of all versions.
    ///
    /// # Errors
    /// [`error::NAME_CONFLICT`], and as [`IbmState::template`].
    pub fn create_version(
        &mut self,
        id: &str,
        draft: VersionDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<VersionWithTemplate<'_>, ApiError> {
        let latest = self.latest_version(id, caller)?;
        let number = latest.template.highest_version + 1;
        let default = Arc::clone(&latest.version.content.group);
        let template = Arc::clone(&latest.template.id);
        self.check_rename(latest.template, draft.name.as_deref())?;
        let created = self.audit_stamp(caller, tx);
        if self.rename(id, draft.name.as_deref()) {
            self.mark_all_modified(id, &created, tx);
        }
        self.insert_version((&template, number), draft.into_content(&default), created, tx);
        Ok(self.version_with_template(id, &number.to_string()))
    }

    /// Replaces the content of a version; a name in `draft` becomes the name of all versions.
    ///
    /// # Errors
    /// [`error::COMMITTED`], [`error::NAME_CONFLICT`], and as [`IbmState::template_version`].
    pub fn replace_version(
        &mut self,
        (id, number): (&str, &str),
        draft: VersionDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<VersionWithTemplate<'_>, ApiError> {
        let existing = self.template_version(id, number, caller)?;
        if existing.version.is_committed {
            return Err(error::COMMITTED.with_subject(number));
        }
        self.check_rename(existing.template, draft.name.as_deref())?;
        let default = Arc::clone(&existing.version.content.group);
        let modified = self.audit_stamp(caller, tx);
        if self.rename(id, draft.name.as_deref()) {
            self.mark_all_modified(id, &modified, tx);
        } else {
            self.mark_modified(id, number, &modified, tx);
        }
        self.versions.update((id, number), |version| version.content = draft.into_content(&default));
        Ok(self.version_with_template(id, number))
    }

    /// Commits a version, so that it can be assigned and can no longer be changed.
    ///
    /// # Errors
    /// [`error::COMMITTED`], and as [`IbmState::template_version`].
    pub fn commit_version(
        &mut self,
        id: &str,
        number: &str,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<(), ApiError> {
        if self.template_version(id, number, caller)?.version.is_committed {
            return Err(error::COMMITTED.with_subject(number));
        }
        let modified = self.audit_stamp(caller, tx);
        self.mark_modified(id, number, &modified, tx);
        self.versions.update((id, number), |version| version.is_committed = true);
        Ok(())
    }

    /// Deletes a version without assignments; deleting the last version deletes the template.
    ///
    /// # Errors
    /// [`error::ASSIGNED`], and as [`IbmState::template_version`].
    pub fn delete_version(&mut self, id: &str, number: &str, caller: &Caller) -> Result<(), ApiError> {
        self.template_version(id, number, caller)?;
        if self.is_version_assigned(id, number) {
            return Err(error::ASSIGNED.with_subject(number));
        }
        self.versions.delete((id, number));
        if self.versions.list(Version::BY_TEMPLATE, (id, "")).is_empty() {
            self.templates.delete(("", id));
        }
        Ok(())
    }

    /// Deletes the template with `id`, its assignments with the groups they created, and its versions.
    ///
    /// # Errors
    /// As [`IbmState::template`].
    pub fn delete_template(&mut self, id: &str, caller: &Caller) -> Result<(), ApiError> {
        self.template(id, caller)?;
        self.delete_template_assignments(id);
        for number in self.version_numbers(id) {
            self.versions.delete((id, &number));
        }
        self.templates.delete(("", id));
        Ok(())
    }

    /// Adds a complete version, as read from the seed; the first version also adds its template.
    ///
    /// # Errors
    /// The number or the sequence number is not higher than that of the earlier versions, the template has a different
    /// account or name, or its sequence number or the name of another template already exists.
    pub fn restore_template_version(
        &mut self,
        restored: RestoredVersion,
        tx: &mut Tx<'_>,
    ) -> Result<(), RestoreError> {
        let RestoredVersion { id, number, is_committed, draft, record_version, .. } = restored;
        let [created, modified] = restored.stamps;
        let TemplateDraft { account, name, content } = draft;
        if number <= self.latest_version_number(&id) {
            return Err(RestoreError::VersionNumber);
        }
        let account = self.intern_account(&account);
        let template = Template { id: id.into(), account, name, highest_version: number };
        let template = self.restore_template(template, restored.template_sequence)?;
        if record_version.sequence.is_some_and(|sequence| sequence <= self.last_version_sequence(&template)) {
            return Err(RestoreError::Sequence);
        }
        let (revision, change_count) =
            (record_version.revision_or_next(tx), record_version.change_count_or_default());
        let version = Version {
            template: Arc::clone(&template),
            number: number.to_string().into(),
            content,
            is_committed,
            created,
            modified,
            revision,
            change_count,
        };
        self.restore(version, record_version.sequence).map_err(|_| RestoreError::Sequence)?;
        self.templates.update(("", &template), |template| {
            template.highest_version = template.highest_version.max(number).max(restored.highest_version);
        });
        Ok(())
    }

    /// Adds a template unless it exists, and returns its id.
    ///
    /// # Errors
    /// The existing template has a different account or name, another template has the name, or the sequence number
    /// already exists.
    fn restore_template(
        &mut self,
        template: Template,
        sequence: Option<u64>,
    ) -> Result<Arc<str>, RestoreError> {
        match self.templates.get(("", &template.id)) {
            None if self.check_template_name(&template.account, &template.name, "").is_err() => {
                Err(RestoreError::NameTaken)
            }
            None => {
                let id = Arc::clone(&template.id);
                self.restore(template, sequence).map_err(|_| RestoreError::TemplateSequence)?;
                Ok(id)
            }
            Some(existing) if existing.account == template.account && existing.name == template.name => {
                Ok(Arc::clone(&existing.id))
            }
            Some(_) => Err(RestoreError::TemplateMismatch),
        }
    }

    /// Returns the sequence number of the last version of the template with `id`; 0 if there is none.
    fn last_version_sequence(&self, id: &str) -> u64 {
        let number = self.latest_version_number(id).to_string();
        self.versions.sequence_by_key((id, &number)).unwrap_or_default()
    }

    /// Adds a version that is not committed.
    fn insert_version(
        &mut self,
        (template, number): (&Arc<str>, u32),
        content: VersionContent,
        created: AuditStamp,
        tx: &mut Tx<'_>,
    ) {
        let version = Version {
            template: Arc::clone(template),
            number: number.to_string().into(),
            content,
            is_committed: false,
            modified: created.clone(),
            created,
            revision: tx.next_revision(),
            change_count: 1,
        };
        self.versions.insert(version).expect("version numbers are never reused");
        self.templates.update(("", template), |template| template.highest_version = number);
    }

    /// Returns a version that exists, with its template.
    fn version_with_template(&self, id: &str, number: &str) -> VersionWithTemplate<'_> {
        let template = self.templates.get(("", id)).expect("the caller found or added the template");
        let version = self.versions.get((id, number)).expect("the caller found or added the version");
        VersionWithTemplate { template, version }
    }

    /// Checks that no template of the account has the name, except the one with the id `own_id`.
    fn check_template_name(&self, account: &str, name: &str, own_id: &str) -> Result<(), ApiError> {
        let mut templates = self.templates.list(Template::BY_NAME, (account, name)).iter();
        if templates.any(|template| *template.id != *own_id) {
            return Err(error::NAME_CONFLICT.with_subject(name));
        }
        Ok(())
    }

    /// Checks that a template can get the name of a version, if it has one.
    fn check_rename(&self, template: &Template, name: Option<&str>) -> Result<(), ApiError> {
        name.map_or(Ok(()), |name| self.check_template_name(&template.account, name, &template.id))
    }

    /// Renames the template with `id`; returns whether the name changed.
    fn rename(&mut self, id: &str, name: Option<&str>) -> bool {
        let Some(name) = name else { return false };
        if self.templates.get(("", id)).is_none_or(|template| *template.name == *name) {
            return false;
        }
        self.templates.update(("", id), |template| template.name = name.into());
        true
    }

    /// Updates the time and author of the last change, the revision and the change count of all versions.
    fn mark_all_modified(&mut self, id: &str, modified: &AuditStamp, tx: &mut Tx<'_>) {
        for number in self.version_numbers(id) {
            self.mark_modified(id, &number, modified, tx);
        }
    }

    /// Updates the time and author of the last change, the revision and the change count of a version.
    fn mark_modified(&mut self, id: &str, number: &str, modified: &AuditStamp, tx: &mut Tx<'_>) {
        let revision = tx.next_revision();
        self.versions.update((id, number), |version| {
            version.modified = modified.clone();
            version.revision = revision;
            version.change_count += 1;
        });
    }

    fn version_numbers(&self, id: &str) -> Vec<Box<str>> {
        let versions = self.versions.list(Version::BY_TEMPLATE, (id, "")).iter();
        versions.map(|version| version.number.clone()).collect()
    }
}
