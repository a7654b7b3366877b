//! The look-up of templates and their versions.

use super::error::template as error;
use super::page::ListPage;
use super::records::caller::Caller;
use super::records::template::{Template, Version, VersionWithTemplate};
use super::state::IbmState;
use crate::spec::ApiError;
use crate::store::PageRange;

impl IbmState {
    /// Returns the template with `id`.
    ///
    /// # Errors
    /// [`error::NOT_FOUND`], and `forbidden` if the caller may not use the account.
    pub fn template(&self, id: &str, caller: &Caller) -> Result<&Template, ApiError> {
        let template = self.templates.get(("", id)).ok_or_else(|| error::NOT_FOUND.with_subject(id))?;
        caller.check_account_access(&template.account)?;
        Ok(template)
    }

    /// Returns the version `number` of the template with `id`.
    ///
    /// # Errors
    /// [`error::VERSION_NOT_FOUND`], and as [`IbmState::template`].
    pub fn template_version(
        &self,
        id: &str,
        number: &str,
        caller: &Caller,
    ) -> Result<VersionWithTemplate<'_>, ApiError> {
        let template = self.template(id, caller)?;
        let version = self.versions.get((id, number));
        let version = version.ok_or_else(|| error::VERSION_NOT_FOUND.with_subject(number))?;
        Ok(VersionWithTemplate { template, version })
    }

    /// Returns the latest version of the template with `id`, which is the one with the highest number.
    ///
    /// # Errors
    /// As [`IbmState::template`].
    pub fn latest_version(&self, id: &str, caller: &Caller) -> Result<VersionWithTemplate<'_>, ApiError> {
        Ok(self.with_latest_version(self.template(id, caller)?))
    }

    /// Returns a template with its latest version.
    pub fn with_latest_version<'a>(&'a self, template: &'a Template) -> VersionWithTemplate<'a> {
        let versions = self.versions.list(Version::BY_TEMPLATE, (&template.id, ""));
        let last = versions.iter_from(versions.len().saturating_sub(1)).next();
        VersionWithTemplate { template, version: last.expect("a template has at least one version") }
    }

    /// Returns one page of an account's templates in order of creation, each with its latest version.
    pub fn list_templates(&self, account: &str, window: PageRange) -> ListPage<VersionWithTemplate<'_>> {
        let templates = self.templates.list(Template::BY_ACCOUNT, (account, ""));
        let items = templates
            .iter_from(window.offset)
            .take(window.limit)
            .map(|template| self.with_latest_version(template));
        ListPage { items: items.collect(), total: templates.len() }
    }

    /// Returns one page of the versions of the template with `id`, ordered by number.
    ///
    /// # Errors
    /// As [`IbmState::template`].
    pub fn list_versions(
        &self,
        id: &str,
        caller: &Caller,
        window: PageRange,
    ) -> Result<ListPage<VersionWithTemplate<'_>>, ApiError> {
        let template = self.template(id, caller)?;
        let versions = self.versions.list(Version::BY_TEMPLATE, (id, ""));
        let items = versions.iter_from(window.offset).take(window.limit);
        let items = items.map(|version| VersionWithTemplate { template, version });
        Ok(ListPage { items: items.collect(), total: versions.len() })
    }

    /// Returns the highest number of an existing version of the template with `id`; 0 if there is none.
    pub fn latest_version_number(&self, id: &str) -> u32 {
        let versions = self.versions.list(Version::BY_TEMPLATE, (id, ""));
        let last = versions.iter_from(versions.len().saturating_sub(1)).next();
        last.and_then(|version| version.number.parse().ok()).unwrap_or_default()
    }
}
