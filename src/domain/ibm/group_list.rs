//! The list of an account's groups, including the Public Access group.

#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use memchr::memmem::Finder;

use super::page::ListPage;
use super::records::group::{Group, GroupOrder, GroupRef, SortKey, to_lowercase};
use super::records::member::MembershipType;
use super::state::IbmState;
use crate::store::{Direction, Listing, PageRange, contains_ignoring_ascii_case};

/// The query for a list of groups: filters that must all match, the sort order and the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupQuery {
    /// The account.
    pub account: String,
    /// Only groups that have this member.
    pub iam_id: Option<String>,
    /// With `iam_id`: only groups with a membership of this type.
    pub membership_type: MembershipType,
    /// Only groups that match this search.
    pub search: Option<GroupSearch>,
    /// The sort order.
    pub order: GroupOrder,
    /// The sort direction.
    pub direction: Direction,
    /// Whether the Public Access group is omitted.
    pub hides_public_access: bool,
    /// The page.
    pub window: PageRange,
}

/// A search in one field of the groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupSearch {
    /// The complete id.
    Id(String),
    /// A substring of the name, in lowercase.
    Name(String),
    /// A substring of the description, in lowercase.
    Description(String),
}

impl IbmState {
    /// Returns one page of an account's groups.
    ///
    /// In the default order, ascending by name, the Public Access group comes first; in every other order it is sorted
    /// like the other groups. It has no members, so it is never listed when the query has an `iam_id`.
    pub fn list_groups(&self, query: &GroupQuery) -> ListPage<GroupRef<'_>> {
        let listing = self.groups.list(Group::BY_ACCOUNT, (&query.account, ""));
        if let Some(iam_id) = &query.iam_id {
            let groups = self.groups_of_member(&query.account, iam_id, query.membership_type);
            let groups: Vec<&Group> = groups.collect();
            Group::preload(&groups);
            let matching = groups.into_iter().filter(|group| query.matches(group.sort_key())).collect();
            return query.page_from_list(&query.sorted(matching));
        }
        match &query.search {
            None => query.page_from_index(&listing),
            Some(GroupSearch::Id(id)) => {
                let group = self.groups.get(("", id)).filter(|group| *group.key.account == *query.account);
                query.page_from_list(group.as_slice())
            }
            Some(GroupSearch::Name(part)) => query.page_from_search(&listing, Group::NAME_TEXT, part),
            Some(GroupSearch::Description(part)) => {
                query.page_from_search(&listing, Group::DESCRIPTION_TEXT, part)
            }
        }
    }

    /// Returns the number of groups that must be scanned for a page; 0 if an index provides it.
    pub fn group_scan_cost(&self, query: &GroupQuery) -> usize {
        let listing = self.groups.list(Group::BY_ACCOUNT, (&query.account, ""));
        match (&query.iam_id, &query.search) {
            (None, Some(GroupSearch::Name(_) | GroupSearch::Description(_))) => listing.len(),
            (None, None) => listing.sort_cost(query.order as usize),
            (Some(_), _) | (None, Some(GroupSearch::Id(_))) => 0,
        }
    }
}

impl GroupQuery {
    /// Returns the page of an unfiltered list, read from an index.
    fn page_from_index<'a>(&self, listing: &Listing<'a, Group>) -> ListPage<GroupRef<'a>> {
        let order = self.order as usize;
        let before = || listing.rank(order, |group| self.compare_with_public_access(group));
        self.with_public_access(listing.len(), before, |window| listing.page(order, self.direction, window))
    }

    /// Returns the page of the groups whose text contains `part`.
    fn page_from_search<'a>(
        &self,
        listing: &Listing<'a, Group>,
        text: usize,
        part: &str,
    ) -> ListPage<GroupRef<'a>> {
        let (found, order) = (listing.search(text, &Finder::new(part)), self.order as usize);
        let before = || found.rank(order, |group| self.compare_with_public_access(group));
        self.with_public_access(found.len(), before, |window| found.page(order, self.direction, window))
    }

    /// Returns the page of a filtered list that is in order.
    fn page_from_list<'a>(&self, groups: &[&'a Group]) -> ListPage<GroupRef<'a>> {
        let before = || groups.iter().filter(|group| self.compare_with_public_access(group).is_lt()).count();
        self.with_public_access(groups.len(), before, |window| {
            groups.iter().skip(window.offset).take(window.limit).copied().collect()
        })
    }

    /// Compares a group with the Public Access group in the sort order.
    fn compare_with_public_access(&self, group: &Group) -> Ordering {
        self.order.compare(group.sort_key(), SortKey::PUBLIC_ACCESS)
    }

    /// Returns the page of a list of `stored` groups with the Public Access group inserted. In ascending order `before`
    /// returns how many of the stored groups precede it.
    fn with_public_access<'a>(
        &self,
        stored: usize,
        before: impl Fn() -> usize,
        page: impl Fn(PageRange) -> Vec<&'a Group>,
    ) -> ListPage<GroupRef<'a>> {
        let PageRange { offset, limit } = self.window;
        if !self.includes_public_access() {
            let items = page(self.window).into_iter().map(GroupRef::Stored).collect();
            return ListPage { items, total: stored };
        }
        let position = match self.direction {
            Direction::Ascending if self.order == GroupOrder::Name => 0,
            Direction::Ascending => before(),
            Direction::Descending => stored - before(),
        };
        let is_on_page = offset <= position && position - offset < limit;
        let skipped = usize::from(position < offset);
        let window = PageRange { offset: offset - skipped, limit: limit - usize::from(is_on_page) };
        let mut items: Vec<GroupRef<'a>> = page(window).into_iter().map(GroupRef::Stored).collect();
        if is_on_page {
            items.insert(position - offset, GroupRef::PublicAccess);
        }
        ListPage { items, total: stored + 1 }
    }

    fn includes_public_access(&self) -> bool {
        !self.hides_public_access && self.iam_id.is_none() && self.matches(SortKey::PUBLIC_ACCESS)
    }

    fn matches(&self, group: SortKey<'_>) -> bool {
        match &self.search {
            None => true,
            Some(GroupSearch::Id(id)) => group.id == id,
            Some(GroupSearch::Name(part)) => contains_ignoring_case(group.name, part),
            Some(GroupSearch::Description(part)) => contains_ignoring_case(group.description, part),
        }
    }

    fn sorted<'a>(&self, mut groups: Vec<&'a Group>) -> Vec<&'a Group> {
        groups.sort_by(|left, right| {
            let order = self.order.compare(left.sort_key(), right.sort_key());
            if self.direction == Direction::Descending { order.reverse() } else { order }
        });
        groups
    }
}

/// Returns whether `value` contains `part`, which is in lowercase; case-insensitive.
fn contains_ignoring_case(value: &str, part: &str) -> bool {
    if value.is_ascii() {
        contains_ignoring_ascii_case(value, part)
    } else {
        to_lowercase(value).contains(part)
    }
}
