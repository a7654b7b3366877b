//! The life of templates and their versions: made, changed, committed, deleted.
//!
//! Invariants: a template has at least one version; the numbers of its versions only grow and are never given
//! twice; all its versions have its name; a committed version never changes but in that.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::super::error::template as error;
use super::saved::Mark;
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
    /// Its place, its revision and how often it was set.
    pub mark: Mark,
    /// The place of the template in the creation order, which counts with the first version.
    pub template_sequence: Option<u64>,
    /// The greatest number that a version of the template has ever had; at least that of this version.
    pub highest: u32,
}

/// Why a whole version cannot be put where it belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfit {
    /// The template has another name or account.
    OtherTemplate,
    /// The template has a version with this number or a greater one.
    Number,
    /// The place of the version is taken, or is before that of an earlier version.
    Place,
    /// The place of the template is taken.
    TemplatePlace,
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
    /// # Errors
    /// The number or the place is not greater than those before it, the template has another account or name, or
    /// its place is taken.
    pub fn put_template_version(&mut self, whole: WholeVersion, tx: &mut Tx<'_>) -> Result<(), Misfit> {
        let WholeVersion { number, is_committed, mark, highest, stamps: [created, modified], .. } = whole;
        let (content, name) = (whole.draft.content, whole.draft.name);
        if number <= self.latest_number(&whole.id) {
            return Err(Misfit::Number);
        }
        let account = self.account(&whole.draft.account);
        let template = match self.templates.get(("", &whole.id)) {
            None => {
                let id: Arc<str> = whole.id.into();
                let template = Template { id: Arc::clone(&id), account, name, highest: number };
                let added = self.put_back(template, whole.template_sequence);
                added.map_err(|_| Misfit::TemplatePlace)?;
                id
            }
            Some(known) if known.account == account && known.name == name => Arc::clone(&known.id),
            Some(_) => return Err(Misfit::OtherTemplate),
        };
        if mark.sequence.is_some_and(|sequence| sequence <= self.last_version_sequence(&template)) {
            return Err(Misfit::Place);
        }
        let (revision, changes, number_text) = (mark.revision(tx), mark.changes(), number.to_string().into());
        let version = Version {
            template: Arc::clone(&template),
            number: number_text,
            content,
            is_committed,
            created,
            modified,
            revision,
            changes,
        };
        self.put_back(version, mark.sequence).map_err(|_| Misfit::Place)?;
        self.templates.update(("", &template), |template| {
            template.highest = template.highest.max(number).max(highest);
        });
        Ok(())
    }

    /// Returns the greatest number of a version of the template with `id`; 0 when there is none.
    pub fn latest_number(&self, id: &str) -> u32 {
        let versions = self.versions.list(Version::OF_TEMPLATE, (id, ""));
        let last = versions.from(versions.len().saturating_sub(1)).next();
        last.and_then(|version| version.number.parse().ok()).unwrap_or_default()
    }

    /// The place of the last version of the template with `id` in the creation order; 0 when there is none.
    fn last_version_sequence(&self, id: &str) -> u64 {
        let number = self.latest_number(id).to_string();
        self.versions.sequence_of((id, &number)).unwrap_or_default()
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
