//! The types of the section, and the iteration over its accounts and lists.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::assignments::AssignmentSeed;
use super::groups::GroupSeed;
use super::internal_state::SectionState;
use super::policies::PolicySeed;
use super::principals::{PrincipalSeed, UserSeed};
use super::service_roles::ServiceRoleSeed;
use super::templates::TemplateSeed;
use crate::domain::neighbors::seed::NeighborLists;
use crate::domain::seed::SeedError;
use crate::json::{JsonText, LazyJsonList};

/// The seed section of the ibm dialect.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The accounts by id.
    #[serde(default)]
    pub accounts: BTreeMap<String, AccountSeed>,
    /// The accounts of the account groups, by id of the account group.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) account_groups: BTreeMap<String, Vec<String>>,
    /// The roles of single services, by service.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) service_roles: BTreeMap<String, Vec<ServiceRoleSeed>>,
    /// The names of the account groups that have one, by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) account_group_names: BTreeMap<String, String>,
    /// The neighbors of groups, by the paths of their lists.
    #[serde(default, skip_serializing_if = "NeighborLists::is_empty")]
    pub(super) neighbors: NeighborLists,
    /// The internal state of a saved section.
    #[serde(rename = "$state", default, skip_serializing_if = "Option::is_none")]
    pub(super) internal_state: Option<SectionState>,
}

impl Section {
    /// Returns whether there is nothing to load.
    pub fn is_empty(&self) -> bool {
        let Self { accounts, account_groups, service_roles, account_group_names, neighbors, internal_state } =
            self;
        let has_groups_of_accounts = !account_groups.is_empty() || !account_group_names.is_empty();
        let has_state = !neighbors.is_empty() || internal_state.is_some();
        accounts.is_empty() && service_roles.is_empty() && !has_groups_of_accounts && !has_state
    }

    /// Returns whether the list at `path` is one of groups or users, which can be long.
    pub fn is_long_list(path: &[&str]) -> bool {
        matches!(path, ["accounts", _, "groups" | "users"])
    }

    /// Sets the items of the list at `path` to those in the parts `blocks` of `text`, which are not checked; `None` if there
    /// is no such list, or the text cannot be read.
    pub fn set_long_list(&mut self, path: &[&str], text: &JsonText, blocks: &[Range<u64>]) -> Option<()> {
        let [_, account, list] = path else { return None };
        let account = self.accounts.get_mut(*account)?;
        match *list {
            "groups" => account.groups = LazyJsonList::from_text(text, blocks)?,
            _ => account.users = LazyJsonList::from_text(text, blocks)?,
        }
        Some(())
    }

    /// Checks the items of long lists that were not checked before; returns whether there are any.
    ///
    /// # Errors
    /// The text, if an item is not valid.
    pub fn check_lists(&self) -> Result<bool, JsonText> {
        let mut is_new = false;
        for account in self.accounts.values() {
            is_new |= account.groups.check()? | account.users.check()?;
        }
        Ok(is_new)
    }
}

/// An account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSeed {
    /// The name; the id if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    /// The settings; the defaults if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) settings: Option<SettingsSeed>,
    /// The groups.
    #[serde(default, skip_serializing_if = "LazyJsonList::is_empty")]
    pub(super) groups: LazyJsonList<GroupSeed<'static>>,
    /// The template versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) templates: Vec<TemplateSeed>,
    /// The assignments of the templates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) assignments: Vec<AssignmentSeed>,
    /// The users; user members of groups are added implicitly.
    #[serde(default, skip_serializing_if = "LazyJsonList::is_empty")]
    pub(super) users: LazyJsonList<UserSeed>,
    /// The service ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) service_ids: Vec<PrincipalSeed>,
    /// The trusted profiles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) profiles: Vec<PrincipalSeed>,
    /// The policies for resources of the account.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) policies: Vec<PolicySeed>,
}

/// The settings of an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsSeed {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) account_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_modified_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_modified_by_id: Option<String>,
    pub(super) public_access_enabled: bool,
}

/// Calls `load` with each account; prefixes the path of an error with that of the account.
pub fn for_each_account(
    section: &Section,
    mut load: impl FnMut(&str, &AccountSeed) -> Result<(), SeedError>,
) -> Result<(), SeedError> {
    for (id, account) in &section.accounts {
        load(id, account).map_err(|error| error.nested_in(format!("accounts.{id}")))?;
    }
    Ok(())
}

/// Calls `load` with each item of a list; prefixes the path of an error with that of the item.
pub fn for_each<T>(
    name: &str,
    items: impl IntoIterator<Item = T>,
    mut load: impl FnMut(T) -> Result<(), SeedError>,
) -> Result<(), SeedError> {
    for (index, item) in items.into_iter().enumerate() {
        load(item).map_err(|error| error.nested_in(format!("{name}[{index}]")))?;
    }
    Ok(())
}
