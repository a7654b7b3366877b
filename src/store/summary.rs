//! `Summary`: a vendor-neutral summary of a group; `GroupUse`: a reference to one.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::collection::{PageRange, Record, Selection};

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

/// The conditions for groups, which must all match, and the page.
#[derive(Debug, Clone)]
pub struct SummaryQuery {
    /// The kind.
    pub kind: Option<String>,
    /// The account.
    pub account: Option<String>,
    /// A part of the name, in lower case.
    pub name: Option<String>,
    /// A part of the identifier, the name or a member, in lower case.
    pub text: Option<String>,
    /// The page.
    pub range: PageRange,
}

impl SummaryQuery {
    /// Returns whether the query has no condition for the kind, or for this one.
    pub fn selects_kind(&self, kind: &str) -> bool {
        self.kind.as_deref().is_none_or(|selected| selected == kind)
    }
}

/// A page of the groups that match a query.
#[derive(Debug, Default)]
pub struct SummaryPage<'a> {
    /// The groups of the page.
    pub summaries: Vec<Summary<'a>>,
    /// The number of all groups that match.
    pub total: usize,
}

impl<'a> SummaryPage<'a> {
    /// Appends the groups of `selected` that are in `range`, the range of the whole page.
    pub fn extend<R: Record>(
        &mut self,
        selected: Selection<'a, R>,
        range: PageRange,
        summary: impl FnMut(&'a R) -> Summary<'a>,
    ) {
        let offset = range.offset.saturating_sub(self.total);
        let (records, total) = selected.page(PageRange { offset, limit: range.limit - self.summaries.len() });
        self.summaries.extend(records.into_iter().map(summary));
        self.total += total;
    }
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

    /// Returns a page of the groups that match `query`, in the same order.
    fn select(&self, query: &SummaryQuery) -> SummaryPage<'_>;

    /// Returns the records that refer to the selected groups; `None` if there is no such group.
    fn uses(&self, selector: &GroupSelector) -> Option<Vec<GroupUse>> {
        let mut groups = self.summaries(0);
        groups.any(|group| selector.matches(group.account, &group.id)).then(Vec::new)
    }
}
