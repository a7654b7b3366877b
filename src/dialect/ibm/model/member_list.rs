//! The list of a group's members.

use std::cmp::Ordering;

use super::State;
use super::group_list::Page;
use super::member::{MemberKind, Membership, MembershipKind};
use crate::store::{Direction, Listing, Window};

/// What is asked for: filters that must all hold, the order and the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberQuery {
    /// Only members of this kind.
    pub kind: Option<MemberKind>,
    /// Only memberships of this kind.
    pub membership: MembershipKind,
    /// The order; `None` for the one in which the members were added.
    pub order: Option<(MemberOrder, Direction)>,
    /// The page.
    pub window: Window,
}

/// What the members of a group can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberOrder {
    /// By IAM id.
    Id,
    /// By name, without regard to case.
    Name,
    /// By e-mail, without regard to case; members without one come first.
    Email,
}

/// The indexes of the orders in `Membership::VIEWS`: by kind and then as added, and by kind and then `Id`.
const BY_KIND: usize = 3;
const BY_KIND_AND_ID: usize = 4;

impl State {
    /// Returns one page of the members of the group with `id`; a group without members is empty.
    pub fn list_members(&self, id: &str, query: &MemberQuery) -> Page<&Membership> {
        if query.membership == MembershipKind::Dynamic {
            return Page { items: Vec::new(), total: 0 };
        }
        let listing = self.members.list(Membership::OF_GROUP, (id, ""));
        match query.read_in() {
            Some(read_in) => query.page_in(&listing, read_in),
            None => {
                let items = listing.from(query.window.offset).take(query.window.limit).collect();
                Page { items, total: listing.len() }
            }
        }
    }

    /// Returns how many members must be looked at for a page; 0 where an index gives it.
    pub fn cost_of_members(&self, id: &str, query: &MemberQuery) -> usize {
        let listing = self.members.list(Membership::OF_GROUP, (id, ""));
        let orders = query.kind.map(|_| BY_KIND).into_iter().chain(query.read_in().map(|(order, _)| order));
        orders.map(|order| listing.unsorted(order)).max().unwrap_or(0)
    }
}

impl MemberQuery {
    /// The order that is read, by its index, and its direction; `None` for the one in which the members were added.
    fn read_in(&self) -> Option<(usize, Direction)> {
        match (self.kind, self.order) {
            (None, order) => order.map(|(order, direction)| (order as usize, direction)),
            (Some(_), Some((order, direction))) => Some((BY_KIND_AND_ID + order as usize, direction)),
            (Some(_), None) => Some((BY_KIND, Direction::Ascending)),
        }
    }

    fn page_in<'a>(
        &self,
        listing: &Listing<'a, Membership>,
        (order, direction): (usize, Direction),
    ) -> Page<&'a Membership> {
        let Some(kind) = self.kind else {
            return Page { items: listing.page(order, direction, self.window), total: listing.len() };
        };
        // The members of one kind stand side by side in the orders that begin with the kind.
        let start = listing.rank(BY_KIND, |it| it.kind.cmp(&kind));
        let end = listing.rank(BY_KIND, |it| if it.kind > kind { Ordering::Greater } else { Ordering::Less });
        let total = end - start;
        let first = match direction {
            Direction::Ascending => start,
            Direction::Descending => listing.len() - end,
        };
        let offset = self.window.offset.min(total);
        let window = Window { offset: first + offset, limit: self.window.limit.min(total - offset) };
        Page { items: listing.page(order, direction, window), total }
    }
}
