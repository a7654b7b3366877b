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
        match query.kind {
            Some(kind) => query.page_of_kind(&listing, kind),
            None => query.page(&listing),
        }
    }
}

impl MemberQuery {
    fn page<'a>(&self, listing: &Listing<'a, Membership>) -> Page<&'a Membership> {
        let items = match self.order {
            Some((order, direction)) => listing.page(order as usize, direction, self.window),
            None => listing.from(self.window.offset).take(self.window.limit).collect(),
        };
        Page { items, total: listing.len() }
    }

    /// The members of one kind stand side by side in the orders that begin with the kind.
    fn page_of_kind<'a>(&self, listing: &Listing<'a, Membership>, kind: MemberKind) -> Page<&'a Membership> {
        let (order, direction) = match self.order {
            Some((order, direction)) => (BY_KIND_AND_ID + order as usize, direction),
            None => (BY_KIND, Direction::Ascending),
        };
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
