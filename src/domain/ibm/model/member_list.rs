//! The list of a group's members.

use std::cmp::Ordering;

use super::IbmState;
use super::group_list::ListPage;
use super::member::{MemberKind, Membership, MembershipType};
use crate::store::{Direction, Listing, PageRange};

/// The query for a list of members: filters that must all match, the sort order and the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberQuery {
    /// Only members of this kind.
    pub kind: Option<MemberKind>,
    /// Only memberships of this type.
    pub membership_type: MembershipType,
    /// The sort order; `None` for the order in which the members were added.
    pub order: Option<(MemberOrder, Direction)>,
    /// The page.
    pub window: PageRange,
}

/// The sort orders of the members of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberOrder {
    /// By IAM id.
    Id,
    /// By name, case-insensitive.
    Name,
    /// By e-mail address, case-insensitive; members without one come first.
    Email,
}

/// The position, among the sort orders of the index by group, of the order by kind and then by time of addition.
const BY_KIND: usize = 3;

/// The position, among the sort orders of the index by group, of the order by kind and then by id.
const BY_KIND_AND_ID: usize = 4;

impl IbmState {
    /// Returns one page of the members of the group with `id`.
    pub fn list_members(&self, id: &str, query: &MemberQuery) -> ListPage<&Membership> {
        if query.membership_type == MembershipType::Dynamic {
            return ListPage { items: Vec::new(), total: 0 };
        }
        let listing = self.members.list(Membership::BY_GROUP, (id, ""));
        match query.sort_order() {
            Some(sort_order) => query.page_in(&listing, sort_order),
            None => {
                let items = listing.iter_from(query.window.offset).take(query.window.limit).collect();
                ListPage { items, total: listing.len() }
            }
        }
    }

    /// Returns the number of members that must be scanned for a page; 0 if an index provides it.
    pub fn member_scan_cost(&self, id: &str, query: &MemberQuery) -> usize {
        let listing = self.members.list(Membership::BY_GROUP, (id, ""));
        let orders =
            query.kind.map(|_| BY_KIND).into_iter().chain(query.sort_order().map(|(order, _)| order));
        orders.map(|order| listing.sort_cost(order)).max().unwrap_or(0)
    }
}

impl MemberQuery {
    /// Returns the sort order to read, as its position in the index, and its direction; `None` for the order in which
    /// the members were added.
    fn sort_order(&self) -> Option<(usize, Direction)> {
        match (self.kind, self.order) {
            (None, order) => order.map(|(order, direction)| (order as usize, direction)),
            (Some(_), Some((order, direction))) => Some((BY_KIND_AND_ID + order as usize, direction)),
            (Some(_), None) => Some((BY_KIND, Direction::Ascending)),
        }
    }

    /// Returns the page in the given sort order.
    fn page_in<'a>(
        &self,
        listing: &Listing<'a, Membership>,
        (order, direction): (usize, Direction),
    ) -> ListPage<&'a Membership> {
        let Some(kind) = self.kind else {
            return ListPage { items: listing.page(order, direction, self.window), total: listing.len() };
        };
        // In the sort orders that start with the kind, the members of one kind are contiguous.
        let start = listing.rank(BY_KIND, |it| it.kind.cmp(&kind));
        let end = listing.rank(BY_KIND, |it| if it.kind > kind { Ordering::Greater } else { Ordering::Less });
        let total = end - start;
        let first = match direction {
            Direction::Ascending => start,
            Direction::Descending => listing.len() - end,
        };
        let offset = self.window.offset.min(total);
        let window = PageRange { offset: first + offset, limit: self.window.limit.min(total - offset) };
        ListPage { items: listing.page(order, direction, window), total }
    }
}
