//! The dialect's section of the seed file: `accounts` and `zones` by identifier, each with its groups in the JSON
//! shape of the API.
//!
//! Identifiers, timestamps and lists are optional; `"pinned": true` makes a deletion restore the seeded value. A
//! saved state has the same format: the internal state of a group, which the API does not expose, is in `$state`.

mod load;
mod save;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::{Not, Range};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::domain::neighbors::seed::NeighborLists;
use crate::json::{JsonText, LazyJsonList, ListItem};

pub use load::load;
pub use save::{save, saved_records};

/// The objects of the cloudflare dialect.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The accounts by identifier.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub accounts: BTreeMap<String, Account>,
    /// The zones by identifier.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub zones: BTreeMap<String, Zone>,
    /// Internal state of all objects, not exposed by the API.
    #[serde(default, rename = "$state", skip_serializing_if = "Option::is_none")]
    pub state: Option<SectionState>,
}

impl Section {
    /// Returns whether there is nothing to load.
    pub fn is_empty(&self) -> bool {
        let Self { accounts, zones, state } = self;
        accounts.is_empty() && zones.is_empty() && state.is_none()
    }

    /// Returns whether the list at `path` is one of groups, which can be long.
    pub fn is_long_list(path: &[&str]) -> bool {
        matches!(path, ["accounts", _, "access_groups" | "resource_groups"] | ["zones", _, "access_groups"])
    }

    /// Sets the items of the list at `path` to those in the parts `blocks` of `text`, which are not checked; `None` if there
    /// is no such list, or the text cannot be read.
    pub fn set_long_list(&mut self, path: &[&str], text: &JsonText, blocks: &[Range<u64>]) -> Option<()> {
        let [owners, id, list] = path else { return None };
        let zone = self.zones.get_mut(*id).filter(|_| *owners == "zones");
        let account = self.accounts.get_mut(*id).filter(|_| *owners == "accounts");
        match (zone, account, *list) {
            (Some(zone), _, "access_groups") => zone.access_groups = LazyJsonList::from_text(text, blocks)?,
            (_, Some(account), "access_groups") => {
                account.access_groups = LazyJsonList::from_text(text, blocks)?;
            }
            (_, Some(account), "resource_groups") => {
                account.resource_groups = LazyJsonList::from_text(text, blocks)?;
            }
            _ => return None,
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
            is_new |= account.access_groups.check()? | account.resource_groups.check()?;
        }
        for zone in self.zones.values() {
            is_new |= zone.access_groups.check()?;
        }
        Ok(is_new)
    }
}

impl ListItem for AccessGroup {
    type Item<'a> = Self;
    type Shown<'a> = Self;
    type Saved<'a> = Self;
}

impl ListItem for ResourceGroup {
    type Item<'a> = Self;
    type Shown<'a> = Self;
    type Saved<'a> = Self;
}

/// Internal state of all objects, not exposed by the API.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionState {
    last_sequences: LastSequences,
}

/// The last assigned sequence number of each kind of record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct LastSequences {
    access_groups: u64,
    resource_groups: u64,
    permission_groups: u64,
    neighbors: u64,
}

/// The objects of an account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "LazyJsonList::is_empty")]
    access_groups: LazyJsonList<AccessGroup>,
    #[serde(default, skip_serializing_if = "LazyJsonList::is_empty")]
    resource_groups: LazyJsonList<ResourceGroup>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    permission_groups: Vec<PermissionGroup>,
    /// The neighbors of the groups, by the paths of their lists below the account.
    #[serde(default, skip_serializing_if = "NeighborLists::is_empty")]
    neighbors: NeighborLists,
}

/// The objects of a zone.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The account of the zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(default, skip_serializing_if = "LazyJsonList::is_empty")]
    access_groups: LazyJsonList<AccessGroup>,
    /// The neighbors of the groups, by the paths of their lists below the zone.
    #[serde(default, skip_serializing_if = "NeighborLists::is_empty")]
    neighbors: NeighborLists,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccessGroup {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// The same as `id`, if present.
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<String>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    include: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exclude: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    require: Option<Box<RawValue>>,
    /// A boolean, or an empty array as in API responses.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_default: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Not::not")]
    pinned: bool,
    #[serde(default, rename = "$state", skip_serializing_if = "Option::is_none")]
    state: Option<AccessGroupState>,
}

/// Internal state, not exposed by the API, of an Access group or of the value that its deletion restores.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct AccessGroupState {
    /// The sequence number in creation order; if absent, the group is added last.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
    /// The revision of the last change; if absent, a new one is assigned.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    /// The exact JSON of the rules as a string, if the seed file cannot contain them directly.
    #[serde(skip_serializing_if = "Option::is_none")]
    include: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exclude: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    require: Option<String>,
    /// The value that a deletion restores, if it differs from the current value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned: Option<Box<AccessGroup>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceGroup {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    name: String,
    scope: Box<RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<ResourceGroupMeta>,
    #[serde(default, skip_serializing_if = "Not::not")]
    pinned: bool,
    #[serde(default, rename = "$state", skip_serializing_if = "Option::is_none")]
    state: Option<ResourceGroupState>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceGroupMeta {
    editable: String,
}

/// Internal state, not exposed by the API, of a resource group or of the value that its deletion restores.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ResourceGroupState {
    /// The sequence number in creation order; if absent, the group is added last.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
    /// The revision of the last change; if absent, a new one is assigned.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    /// The exact JSON of the scope as a string, if the seed file cannot contain it directly.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    /// The value that a deletion restores, if it differs from the current value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned: Option<Box<ResourceGroup>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PermissionGroup {
    id: String,
    name: String,
    #[serde(default)]
    meta: PermissionGroupMeta,
    #[serde(rename = "status", skip_serializing)]
    _status: Option<String>,
    #[serde(rename = "created_on", skip_serializing)]
    _created_on: Option<String>,
    #[serde(rename = "modified_on", skip_serializing)]
    _modified_on: Option<String>,
    /// Accepted and ignored, because permission groups cannot be deleted.
    #[serde(default, rename = "pinned", skip_serializing)]
    _pinned: bool,
    #[serde(default, rename = "$state", skip_serializing_if = "Option::is_none")]
    state: Option<PermissionGroupState>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PermissionGroupMeta {
    label: String,
    description: String,
    scopes: String,
    #[serde(rename = "editable", skip_serializing)]
    _editable: Option<String>,
}

/// Internal state of a permission group, not exposed by the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PermissionGroupState {
    /// The sequence number in creation order; if absent, the group is added last.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
}
