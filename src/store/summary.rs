//! `Summary`: a vendor-neutral summary of a group.

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

/// A set of records that can be listed as summaries.
pub trait Summaries {
    /// Returns the number of groups.
    fn count(&self) -> usize;

    /// Returns the groups, by kind and then in creation order, starting at `offset`.
    fn summaries(&self, offset: usize) -> Box<dyn Iterator<Item = Summary<'_>> + '_>;
}
