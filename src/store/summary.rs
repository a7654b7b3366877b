//! `Summary`: a vendor-neutral summary of a group; `GroupUse`: a reference to one.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

/// A group of any dialect, as the admin API lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary<'a> {
    /// The vendor's name for the resource type, such as `access_group` or `resource_group`.
    pub kind: &'static str,
    /// The account, zone or tenant; empty if the dialect has none.
    pub account: &'a str,
    /// The identifier in the vendor's format.
    pub id: String,
    /// The vendor's path of the group before its identifier, such as `/v2/groups/`.
    pub path_prefix: Cow<'a, str>,
    /// The path after the identifier; usually empty.
    pub path_suffix: &'static str,
    /// The display name.
    pub name: &'a str,
    /// The number of members, rules or scope objects in the group.
    pub members: usize,
    /// The time of creation, if the dialect records it.
    pub created: Option<DateTime<Utc>>,
    /// The time of the last change, if the dialect records it.
    pub modified: Option<DateTime<Utc>>,
    /// The revision of the last change.
    pub revision: u64,
}

/// A record that refers to a group, as the admin API lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupUse {
    /// The name of the kind of record, such as `access_policy`.
    pub kind: &'static str,
    /// The account, zone or tenant; empty if the dialect has none.
    pub account: String,
    /// The identifier of the record.
    pub id: String,
    /// The name of the record; empty if it has none.
    pub name: String,
    /// The path of the reference in the record, such as `include[0].group`.
    pub path: String,
}

/// The group that [`Summaries::uses`] looks up.
#[derive(Debug, Clone)]
pub struct GroupSelector {
    /// The identifier.
    pub id: String,
    /// The account, zone or tenant; any if absent.
    pub account: Option<String>,
}

impl GroupSelector {
    /// Returns whether the selector selects the group `id` of `account`.
    pub fn matches(&self, account: &str, id: &str) -> bool {
        self.id == id && self.account.as_deref().is_none_or(|selected| selected == account)
    }
}

/// A record in the format of the seed.
#[derive(Debug, Clone)]
pub struct SavedRecord {
    /// The account, zone or tenant; empty if the dialect has none.
    pub account: String,
    /// The identifier.
    pub id: String,
    /// The object.
    pub json: Box<RawValue>,
}

impl SavedRecord {
    /// Returns the record `id` of `account`, which is serialized.
    pub fn new(account: &str, id: &str, record: &impl Serialize) -> Self {
        let json = to_raw_value(record).expect("records have string keys and no fallible serializers");
        Self { account: account.to_owned(), id: id.to_owned(), json }
    }
}

/// A set of records that can be listed as summaries.
pub trait Summaries {
    /// Returns the number of groups.
    fn count(&self) -> usize;

    /// Returns the groups, by kind and then in creation order, starting at `offset`.
    fn summaries(&self, offset: usize) -> Box<dyn Iterator<Item = Summary<'_>> + '_>;

    /// Returns the groups in the same order whose identifier, name or members contain `text`, which is in lower case.
    ///
    /// It reads all groups with their members.
    fn search<'s, 'a: 's>(&'a self, text: &'s str) -> Box<dyn Iterator<Item = Summary<'a>> + 's>;

    /// Returns the records that refer to the selected groups; `None` if there is no such group.
    fn uses(&self, selector: &GroupSelector) -> Option<Vec<GroupUse>> {
        let mut groups = self.summaries(0);
        groups.any(|group| selector.matches(group.account, &group.id)).then(Vec::new)
    }

    /// Returns the number of records that [`Summaries::uses`] scans.
    fn uses_scan_cost(&self) -> usize {
        self.count()
    }
}

/// Returns whether `text` contains `lower`, which is in lower case, in any case.
pub fn contains_lowercase(text: &str, lower: &str) -> bool {
    // Most texts are short and ASCII, and need no copy.
    if text.is_ascii() && lower.is_ascii() {
        let (text, lower) = (text.as_bytes(), lower.as_bytes());
        return lower.is_empty() || text.windows(lower.len()).any(|part| part.eq_ignore_ascii_case(lower));
    }
    text.to_lowercase().contains(lower)
}

/// Returns whether a string value in `json` contains `lower`, which is in lower case, in any case.
pub fn json_contains_lowercase(json: &str, lower: &str) -> bool {
    fn contains(value: &Value, lower: &str) -> bool {
        match value {
            Value::String(text) => contains_lowercase(text, lower),
            Value::Array(items) => items.iter().any(|item| contains(item, lower)),
            Value::Object(fields) => fields.values().any(|value| contains(value, lower)),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }
    // Parsing is slower than searching the text, in which escaped characters can differ.
    (json.contains('\\') || contains_lowercase(json, lower))
        && serde_json::from_str(json).is_ok_and(|value| contains(&value, lower))
}
