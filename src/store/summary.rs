//! The view of a group that all dialects share.

use chrono::{DateTime, Utc};

/// A group of any dialect, as the admin API lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary<'a> {
    /// The vendor's word for what the group is, such as `access_group` or `resource_group`.
    pub kind: &'static str,
    /// The account, zone or tenant; empty where the dialect has none.
    pub account: &'a str,
    /// The identifier in its own notation.
    pub id: String,
    /// The display name.
    pub name: &'a str,
    /// The number of members, rules or scope objects in it: what the vendor counts as its content.
    pub members: usize,
    /// When the group was created, where the dialect records it.
    pub created: Option<DateTime<Utc>>,
    /// When the group was last changed, where the dialect records it.
    pub modified: Option<DateTime<Utc>>,
    /// The revision of the last change.
    pub revision: u64,
}

/// Records that can be listed as summaries.
pub trait Summaries {
    /// Returns the number of groups.
    fn count(&self) -> usize;

    /// Returns the groups in creation order, kind by kind, from the one at `offset` on.
    fn summaries(&self, offset: usize) -> Box<dyn Iterator<Item = Summary<'_>> + '_>;
}
