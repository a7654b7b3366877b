//! The life of templates and their versions: made, changed, committed, deleted.
//!
//! Invariants: a template has at least one version; the numbers of its versions only grow and are never given
//! twice; all its versions have its name; a committed version never changes but in that.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::super::error::template as error;
use super::template::{Content, Template, TemplateDraft, TemplateVersion, Version, VersionDraft};
use super::{Caller, Stamp, State};
use crate::failure::Refusal;
use crate::store::Tx;

/// A whole version of a template, as the seed gives it.
#[derive(Debug, Clone)]
pub struct WholeVersion {
    /// The id of the template.
    pub id: String,
    /// The number.
    pub number: u32,
    /// Whether it is committed.
    pub is_committed: bool,
    /// Account and name of the template, and what the version says.
    pub draft: TemplateDraft,
    /// Its creation and its last change.
    pub stamps: [Stamp; 2],
}

impl State {
    /// Adds a template with version 1, which is not committed.
    pub fn create_template(
        &mut self,
        draft: TemplateDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> TemplateVersion<'_> {
        let id: Arc<str> = format!("AccessGroupTemplateId-{}", tx.ids.uuid()).into();
        let created = self.stamp(caller, tx);
        let account = self.account(&draft.account);
        let template = Template { id: Arc::clone(&id), account, name: draft.name, highest: 1 };
        self.templates.insert(template).expect("a new UUID is not taken");
        self.put_version((&id, 1), draft.content, created, tx);
        self.found(&id, "1")
    }

    /// Adds a version to the template with `id`; a name in `draft` becomes the name of all versions.
    ///
    /// # Errors
    /// As [`State::template`].
    pub fn create_version(
        &mut self,
        id: &str,
        draft: VersionDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<TemplateVersion<'_>, Refusal> {
        let latest = self.latest_version(id, caller)?;
        let number = latest.template.highest + 1;
        let default = Arc::clone(&latest.version.content.group);
        let template = Arc::clone(&latest.template.id);
        let created = self.stamp(caller, tx);
        if self.rename(id, draft.name.as_deref()) {
            self.touch_all(id, &created, tx);
        }
        self.put_version((&template, number), draft.into_content(&default), created, tx);
        Ok(self.found(id, &number.to_string()))
    }

    /// Replaces the content of a version; a name in `draft` becomes the name of all versions.
    ///
    /// # Errors
    /// [`error::COMMITTED`], and as [`State::template_version`].
    pub fn replace_version(
        &mut self,
        (id, number): (&str, &str),
        draft: VersionDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<TemplateVersion<'_>, Refusal> {
        let found = self.template_version(id, number, caller)?;
        if found.version.is_committed {
            return Err(error::COMMITTED.about(number));
        }
        let default = Arc::clone(&found.version.content.group);
        let modified = self.stamp(caller, tx);
        if self.rename(id, draft.name.as_deref()) {
            self.touch_all(id, &modified, tx);
        } else {
            self.touch(id, number, &modified, tx);
        }
        self.versions.update((id, number), |version| version.content = draft.into_content(&default));
        Ok(self.found(id, number))
    }

    /// Commits a version: from now on it can be assigned, and no longer changed.
    ///
    /// # Errors
    /// [`error::COMMITTED`], and as [`State::template_version`].
    pub fn commit_version(
        &mut self,
        id: &str,
        number: &str,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<(), Refusal> {
        if self.template_version(id, number, caller)?.version.is_committed {
            return Err(error::COMMITTED.about(number));
        }
        let modified = self.stamp(caller, tx);
        self.touch(id, number, &modified, tx);
        self.versions.update((id, number), |version| version.is_committed = true);
        Ok(())
    }

    /// Deletes a version without assignments; with the last one goes the template.
    ///
    /// # Errors
    /// [`error::ASSIGNED`], and as [`State::template_version`].
    pub fn delete_version(&mut self, id: &str, number: &str, caller: &Caller) -> Result<(), Refusal> {
        self.template_version(id, number, caller)?;
        if self.is_assigned(id, number) {
            return Err(error::ASSIGNED.about(number));
        }
        self.versions.delete((id, number));
        if self.versions.list(Version::OF_TEMPLATE, (id, "")).is_empty() {
            self.templates.delete(("", id));
        }
        Ok(())
    }

    /// Deletes the template with `id`, its assignments with all they brought about, and its versions.
    ///
    /// # Errors
    /// As [`State::template`].
    pub fn delete_template(&mut self, id: &str, caller: &Caller) -> Result<(), Refusal> {
        self.template(id, caller)?;
        self.delete_assignments_of(id);
        for number in self.version_numbers(id) {
            self.versions.delete((id, &number));
        }
        self.templates.delete(("", id));
        Ok(())
    }

    /// Adds a whole version, as the seed does, and its template with the first one.
    ///
    /// The number must be greater than those before it; `None` when it is not, or when the template has another
    /// account or name.
    pub fn put_template_version(&mut self, whole: WholeVersion, tx: &mut Tx<'_>) -> Option<()> {
        let WholeVersion { id, number, is_committed, draft, stamps: [created, modified] } = whole;
        let account = self.account(&draft.account);
        let id = match self.templates.get(("", &id)) {
            None => {
                let id: Arc<str> = id.into();
                let template = Template { id: Arc::clone(&id), account, name: draft.name, highest: number };
                self.templates.insert(template).ok()?;
                id
            }
            Some(known) => {
                let fits = known.account == account && known.name == draft.name && known.highest < number;
                let id = fits.then(|| Arc::clone(&known.id))?;
                self.templates.update(("", &id), |template| template.highest = number);
                id
            }
        };
        self.put_version((&id, number), draft.content, created, tx);
        self.versions.update((&id, &number.to_string()), |version| {
            version.is_committed = is_committed;
            version.modified = modified;
        });
        Some(())
    }

    /// Returns the greatest number that a version of the template with `id` has ever had.
    pub fn highest_version(&self, id: &str) -> u32 {
        self.templates.get(("", id)).map_or(0, |template| template.highest)
    }

    fn put_version(
        &mut self,
        (template, number): (&Arc<str>, u32),
        content: Content,
        created: Stamp,
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
            changes: 1,
        };
        self.versions.insert(version).expect("a number is never given twice");
        self.templates.update(("", template), |template| template.highest = number);
    }

    fn found(&self, id: &str, number: &str) -> TemplateVersion<'_> {
        let template = self.templates.get(("", id)).expect("the template was found or added above");
        let version = self.versions.get((id, number)).expect("the version was found or added above");
        TemplateVersion { template, version }
    }

    /// Gives the template with `id` another name; returns whether it is another one.
    fn rename(&mut self, id: &str, name: Option<&str>) -> bool {
        let Some(name) = name else { return false };
        if self.templates.get(("", id)).is_none_or(|template| *template.name == *name) {
            return false;
        }
        self.templates.update(("", id), |template| template.name = name.into());
        true
    }

    fn touch_all(&mut self, id: &str, modified: &Stamp, tx: &mut Tx<'_>) {
        for number in self.version_numbers(id) {
            self.touch(id, &number, modified, tx);
        }
    }

    /// Makes a version one that was changed now.
    fn touch(&mut self, id: &str, number: &str, modified: &Stamp, tx: &mut Tx<'_>) {
        let revision = tx.next_revision();
        self.versions.update((id, number), |version| {
            version.modified = modified.clone();
            version.revision = revision;
            version.changes += 1;
        });
    }

    fn version_numbers(&self, id: &str) -> Vec<Box<str>> {
        let versions = self.versions.list(Version::OF_TEMPLATE, (id, "")).iter();
        versions.map(|version| version.number.clone()).collect()
    }
}
