//! The section of the seed file: `accounts` and `zones` by identifier, each with its groups as the API answers
//! them.
//!
//! Identifiers, timestamps and absent lists may be left out; `"pinned": true` makes a deletion restore the
//! seeded value. A saved state is a seed too: what no answer shows of a group stands in its `$state`.

mod load;
mod save;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Not;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::seed_list::SeedList;

pub use load::load;
pub use save::save;

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
    /// What no answer shows of the objects together.
    #[serde(default, rename = "$state", skip_serializing_if = "Option::is_none")]
    pub state: Option<SectionState>,
}

/// What no answer shows of the objects together.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub struct SectionState {
    last_sequences: LastSequences,
}

/// The last place in the creation order that was given, kind by kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "an object")]
struct LastSequences {
    access_groups: u64,
    resource_groups: u64,
    permission_groups: u64,
}

/// The objects of an account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    #[serde(default, skip_serializing_if = "SeedList::is_empty")]
    access_groups: SeedList<AccessGroup>,
    #[serde(default, skip_serializing_if = "SeedList::is_empty")]
    resource_groups: SeedList<ResourceGroup>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    permission_groups: Vec<PermissionGroup>,
}

/// The objects of a zone.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    #[serde(default, skip_serializing_if = "SeedList::is_empty")]
    access_groups: SeedList<AccessGroup>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccessGroup {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// The same as `id`, where it is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<String>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    include: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exclude: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    require: Option<Box<RawValue>>,
    /// A boolean, or the empty array of an answer.
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

/// What no answer shows of an Access group, or of the value that its deletion restores.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "an object")]
struct AccessGroupState {
    /// The place in the creation order; behind all others when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
    /// The revision of the last change; a new one when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    /// The rules to the letter, where a seed cannot hold them as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    include: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exclude: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    require: Option<String>,
    /// What a deletion restores, where it is not the present value.
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

/// What no answer shows of a resource group, or of the value that its deletion restores.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "an object")]
struct ResourceGroupState {
    /// The place in the creation order; behind all others when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
    /// The revision of the last change; a new one when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    /// The scope to the letter, where a seed cannot hold it as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    /// What a deletion restores, where it is not the present value.
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
    /// Permission groups cannot be deleted: the mark is taken and means nothing.
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

/// What no answer shows of a permission group.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "an object")]
struct PermissionGroupState {
    /// The place in the creation order; behind all others when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
}
