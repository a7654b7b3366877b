//! `Summary`: a vendor-neutral summary of a group; `GroupUse`: a reference to one.

use chrono::{DateTime, Utc};

/// A group of any dialect, as the admin API lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary<'a> {
    /// The vendor's name for the resource type, such as `access_group` or `resource_group`.
    pub kind: &'static str,
    /// The account, zone or tenant; empty if the dialect has none.
    pub account: &'a str,
    /// The identifier in the vendor's format.
    pub id: String,
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

/// A set of records that can be listed as summaries.
pub trait Summaries {
    /// Returns the number of groups.
    fn count(&self) -> usize;

    /// Returns the groups, by kind and then in creation order, starting at `offset`.
    fn summaries(&self, offset: usize) -> Box<dyn Iterator<Item = Summary<'_>> + '_>;

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
