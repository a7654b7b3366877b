//! Policy templates and their versions.
//!
//! Invariants: version numbers increase and are never reused; all versions have the name of the template, which no other
//! template of the account has; a committed version never changes except for that name. Deleting the last version
//! deletes the template.

use super::super::error::neighbors as error;
use super::super::records::caller::Caller;
use super::super::state::IbmState;
use super::kinds::{POLICY_TEMPLATE_VERSIONS, POLICY_TEMPLATES};
use crate::domain::neighbors::{Neighbor, json_string};
use crate::json::RawFields;
use crate::spec::ApiError;
use crate::store::Tx;

/// The fields of a version that requests set.
const CONTENT: &[&str] = &["policy", "description", "committed"];

impl IbmState {
    /// Returns the version `number` of the policy template with `id`.
    ///
    /// # Errors
    /// [`error::POLICY_TEMPLATE_NOT_FOUND`], and `forbidden` if the caller may not use the account.
    pub fn policy_template_version(
        &self,
        id: &str,
        number: &str,
        caller: &Caller,
    ) -> Result<&Neighbor, ApiError> {
        self.neighbor(&POLICY_TEMPLATES, id, caller)?;
        let version = self.neighbors.get(&versions(id), number);
        version.ok_or_else(|| error::POLICY_TEMPLATE_NOT_FOUND.with_subject(format!("{id} version {number}")))
    }

    /// Returns the latest version of the policy template with `id`.
    ///
    /// # Errors
    /// As [`IbmState::policy_template_version`].
    pub fn latest_policy_template_version(&self, id: &str, caller: &Caller) -> Result<&Neighbor, ApiError> {
        self.neighbor(&POLICY_TEMPLATES, id, caller)?;
        self.last_version(id).ok_or_else(|| error::POLICY_TEMPLATE_NOT_FOUND.with_subject(id))
    }

    /// Returns the number of policy templates of an account.
    pub fn policy_template_count(&self, account: &str) -> usize {
        self.neighbors_of(&POLICY_TEMPLATES, account).len()
    }

    /// Returns the latest versions of the policy templates of an account, in the order of creation.
    pub fn policy_templates(&self, account: &str) -> impl Iterator<Item = &Neighbor> {
        let templates = self.neighbors_of(&POLICY_TEMPLATES, account);
        templates.iter().filter_map(|template| self.last_version(&template.id))
    }

    /// Returns the versions of the policy template with `id`, in the order of creation.
    ///
    /// # Errors
    /// As [`IbmState::latest_policy_template_version`].
    pub fn policy_template_versions(
        &self,
        id: &str,
        caller: &Caller,
    ) -> Result<impl Iterator<Item = &Neighbor>, ApiError> {
        self.neighbor(&POLICY_TEMPLATES, id, caller)?;
        Ok(self.neighbors.list(&versions(id)).iter())
    }

    /// Adds a policy template with version 1.
    ///
    /// # Errors
    /// [`error::POLICY_TEMPLATE_CONFLICT`].
    pub fn create_policy_template(
        &mut self,
        draft: &RawFields<'_>,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Neighbor, ApiError> {
        let common = draft.only(&["account_id", "name"]);
        let template = self.create_neighbor(&POLICY_TEMPLATES, &common, tx)?;
        let id = template.id.to_string();
        Ok(self.insert_policy_template_version(&id, draft, caller, tx))
    }

    /// Adds a version to the policy template with `id`; a name in the draft becomes the name of all versions.
    ///
    /// # Errors
    /// [`error::POLICY_TEMPLATE_CONFLICT`], and as [`IbmState::latest_policy_template_version`].
    pub fn create_policy_template_version(
        &mut self,
        id: &str,
        draft: &RawFields<'_>,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Neighbor, ApiError> {
        self.neighbor(&POLICY_TEMPLATES, id, caller)?;
        self.rename_policy_template(id, draft, caller, tx)?;
        Ok(self.insert_policy_template_version(id, draft, caller, tx))
    }

    /// Replaces the content of a version; a name in the draft becomes the name of all versions.
    ///
    /// # Errors
    /// [`error::POLICY_TEMPLATE_COMMITTED`], [`error::POLICY_TEMPLATE_CONFLICT`], and as
    /// [`IbmState::policy_template_version`].
    pub fn replace_policy_template_version(
        &mut self,
        (id, number): (&str, &str),
        draft: &RawFields<'_>,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Neighbor, ApiError> {
        check_not_committed(self.policy_template_version(id, number, caller)?)?;
        self.rename_policy_template(id, draft, caller, tx)?;
        let previous = self.policy_template_version(id, number, caller)?.clone();
        let kept = previous.fields().only(&["version", "account_id", "name", "created_by_id"]);
        let author = modified_by(caller);
        let fields = kept.merge(&draft.only(CONTENT)).merge(&parse(&author));
        let replaced = self.neighbors.replace((&versions(id), number), &fields, tx);
        Ok(replaced.expect("the version was found above"))
    }

    /// Commits a version, so that it can no longer be changed.
    ///
    /// # Errors
    /// [`error::POLICY_TEMPLATE_COMMITTED`], and as [`IbmState::policy_template_version`].
    pub fn commit_policy_template_version(
        &mut self,
        (id, number): (&str, &str),
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<(), ApiError> {
        check_not_committed(self.policy_template_version(id, number, caller)?)?;
        let author = modified_by(caller);
        let fields = parse(r#"{"committed":true}"#).merge(&parse(&author));
        self.neighbors.update((&versions(id), number), &fields, tx);
        Ok(())
    }

    /// Deletes a version; deleting the last one deletes the policy template.
    ///
    /// # Errors
    /// As [`IbmState::policy_template_version`].
    pub fn delete_policy_template_version(
        &mut self,
        (id, number): (&str, &str),
        caller: &Caller,
    ) -> Result<(), ApiError> {
        self.policy_template_version(id, number, caller)?;
        self.neighbors.delete(&versions(id), number);
        if self.last_version(id).is_none() {
            self.neighbors.delete(POLICY_TEMPLATES.list(), id);
        }
        Ok(())
    }

    /// Deletes the policy template with `id` and its versions.
    ///
    /// # Errors
    /// As [`IbmState::latest_policy_template_version`].
    pub fn delete_policy_template(&mut self, id: &str, caller: &Caller) -> Result<(), ApiError> {
        self.delete_neighbor(&POLICY_TEMPLATES, id, caller)
    }

    fn last_version(&self, id: &str) -> Option<&Neighbor> {
        let listing = self.neighbors.list(&versions(id));
        listing.iter_from(listing.len().saturating_sub(1)).next()
    }

    /// Adds the next version to the existing policy template with `id`.
    fn insert_policy_template_version(
        &mut self,
        id: &str,
        draft: &RawFields<'_>,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> &Neighbor {
        let list = (POLICY_TEMPLATES.list(), id);
        let template = self.neighbors.get(list.0, list.1).expect("the template was found before").clone();
        let common = template.fields();
        let last_used = common.get("last_version").and_then(|it| it.get().parse::<u32>().ok());
        let existing = self.neighbors.list(&versions(id)).iter();
        let last = existing.filter_map(|version| version.id.parse().ok()).chain(last_used).max();
        let number = last.unwrap_or_default().saturating_add(1);
        self.neighbors.update(list, &parse(&format!(r#"{{"last_version":{number}}}"#)), tx);
        let author = json_string(&caller.iam_id);
        let own =
            format!(r#"{{"version":"{number}","created_by_id":{author},"last_modified_by_id":{author}}}"#);
        let fields = common.only(&["account_id", "name"]).merge(&parse(&own));
        let fields = fields.merge(&draft.only(CONTENT));
        let created = self.neighbors.create(&POLICY_TEMPLATE_VERSIONS, &versions(id), &fields, tx);
        created.expect("no version has a higher number")
    }

    /// Gives all versions of a policy template the name of the draft, if it has one.
    fn rename_policy_template(
        &mut self,
        id: &str,
        draft: &RawFields<'_>,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<(), ApiError> {
        let Some(name) = draft.string("name") else { return Ok(()) };
        if self.neighbor(&POLICY_TEMPLATES, id, caller)?.has_text("name", &name) {
            return Ok(());
        }
        let name = format!(r#"{{"name":{}}}"#, json_string(&name));
        let author = modified_by(caller);
        let (name, author) = (parse(&name), parse(&author));
        self.update_neighbor((&POLICY_TEMPLATES, id), &name, tx)?;
        let numbers: Vec<Box<str>> =
            self.neighbors.list(&versions(id)).iter().map(|version| version.id.clone()).collect();
        for number in numbers {
            self.neighbors.update((&versions(id), &number), &name.merge(&author), tx);
        }
        Ok(())
    }
}

/// Returns the list of the versions of a policy template.
fn versions(id: &str) -> String {
    [POLICY_TEMPLATES.list(), "/", id, "/versions"].concat()
}

fn check_not_committed(version: &Neighbor) -> Result<(), ApiError> {
    if version.fields().get("committed").is_some_and(|it| it.get() == "true") {
        return Err(error::POLICY_TEMPLATE_COMMITTED.with_subject(&*version.id));
    }
    Ok(())
}

fn modified_by(caller: &Caller) -> String {
    format!(r#"{{"last_modified_by_id":{}}}"#, json_string(&caller.iam_id))
}

fn parse(json: &str) -> RawFields<'_> {
    serde_json::from_str(json).expect("it is an object")
}
