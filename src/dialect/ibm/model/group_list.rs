//! The list of an account's groups, with the Public Access group in its place.

use super::State;
use super::group::{Found, Group, GroupOrder, SortKey, folded};
use super::member::MembershipKind;
use crate::store::{Direction, Listing, Window};

/// What is asked for: filters that must all hold, the order and the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupQuery {
    /// The account.
    pub account: String,
    /// Only groups of this member.
    pub iam_id: Option<String>,
    /// With `iam_id`: only groups in which the membership is of this kind.
    pub membership: MembershipKind,
    /// Only groups that fit.
    pub search: Option<Search>,
    /// The order.
    pub order: GroupOrder,
    /// The direction of the order.
    pub direction: Direction,
    /// Whether the Public Access group is left out.
    pub hides_public_access: bool,
    /// The page.
    pub window: Window,
}

/// A search in one member of the groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// The whole id.
    Id(String),
    /// A part of the name, in lower case.
    Name(String),
    /// A part of the description, in lower case.
    Description(String),
}

/// One page, and how much there is in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on the page.
    pub items: Vec<T>,
    /// How much fits the filters.
    pub total: usize,
}

impl State {
    /// Returns one page of an account's groups.
    ///
    /// In the default order, by name upwards, the Public Access group is the first; in every other one it stands
    /// where it belongs. It has no members, so it is in no list of one member's groups.
    pub fn list_groups(&self, query: &GroupQuery) -> Page<Found<'_>> {
        match self.found_groups(query) {
            Some(found) => query.page_of(&found),
            None => query.page(&self.groups.list(Group::OF_ACCOUNT, (&query.account, ""))),
        }
    }

    /// Returns how many groups must be looked at for a page; 0 where an index gives it.
    pub fn cost_of(&self, query: &GroupQuery) -> usize {
        let listing = self.groups.list(Group::OF_ACCOUNT, (&query.account, ""));
        match (&query.iam_id, &query.search) {
            (None, Some(Search::Name(_) | Search::Description(_))) => listing.len(),
            (None, None) => listing.unsorted(query.order as usize),
            (Some(_), _) | (None, Some(Search::Id(_))) => 0,
        }
    }

    /// The groups that fit, in order, where there is a filter.
    fn found_groups(&self, query: &GroupQuery) -> Option<Vec<&Group>> {
        if let Some(iam_id) = &query.iam_id {
            let groups = self.groups_of(&query.account, iam_id, query.membership);
            return Some(query.sorted(groups.filter(|group| query.fits(group.sort_key())).collect()));
        }
        match query.search.as_ref()? {
            Search::Id(id) => {
                let group = self.groups.get(("", id));
                Some(group.filter(|group| *group.place.account == *query.account).into_iter().collect())
            }
            Search::Name(_) | Search::Description(_) => {
                let listing = self.groups.list(Group::OF_ACCOUNT, (&query.account, ""));
                let ordered = listing.ordered(query.order as usize, query.direction);
                Some(ordered.filter(|group| query.fits(group.sort_key())).collect())
            }
        }
    }
}

impl GroupQuery {
    /// The page of a whole account, read from its index.
    fn page<'a>(&self, listing: &Listing<'a, Group>) -> Page<Found<'a>> {
        let before = listing
            .rank(self.order as usize, |group| self.order.compare(group.sort_key(), SortKey::PUBLIC_ACCESS));
        self.with_public_access(listing.len(), before, |window| {
            listing.page(self.order as usize, self.direction, window)
        })
    }

    /// The page of groups that were found and are in order.
    fn page_of<'a>(&self, found: &[&'a Group]) -> Page<Found<'a>> {
        let is_before =
            |group: &&&Group| self.order.compare(group.sort_key(), SortKey::PUBLIC_ACCESS).is_lt();
        let before = found.iter().filter(is_before).count();
        self.with_public_access(found.len(), before, |window| {
            found.iter().skip(window.offset).take(window.limit).copied().collect()
        })
    }

    /// Cuts the page out of `stored` groups, of which `before` stand before the Public Access group upwards.
    fn with_public_access<'a>(
        &self,
        stored: usize,
        before: usize,
        page: impl Fn(Window) -> Vec<&'a Group>,
    ) -> Page<Found<'a>> {
        let Window { offset, limit } = self.window;
        if !self.shows_public_access() {
            let items = page(self.window).into_iter().map(Found::Stored).collect();
            return Page { items, total: stored };
        }
        let place = match self.direction {
            Direction::Ascending if self.order == GroupOrder::Name => 0,
            Direction::Ascending => before,
            Direction::Descending => stored - before,
        };
        let is_here = offset <= place && place - offset < limit;
        let skipped = usize::from(place < offset);
        let window = Window { offset: offset - skipped, limit: limit - usize::from(is_here) };
        let mut items: Vec<Found<'a>> = page(window).into_iter().map(Found::Stored).collect();
        if is_here {
            items.insert(place - offset, Found::PublicAccess);
        }
        Page { items, total: stored + 1 }
    }

    fn shows_public_access(&self) -> bool {
        !self.hides_public_access && self.iam_id.is_none() && self.fits(SortKey::PUBLIC_ACCESS)
    }

    fn fits(&self, group: SortKey<'_>) -> bool {
        match &self.search {
            None => true,
            Some(Search::Id(id)) => group.id == id,
            Some(Search::Name(part)) => contains(group.name, part),
            Some(Search::Description(part)) => contains(group.description, part),
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

/// Whether `text` contains `part`, which is in lower case, without regard to case.
fn contains(text: &str, part: &str) -> bool {
    if !text.is_ascii() {
        return folded(text).contains(part);
    }
    let (text, part) = (text.as_bytes(), part.as_bytes());
    let Some(first) = part.first() else { return true };
    let is_here = |at: usize| text[at..].get(..part.len()).is_some_and(|it| it.eq_ignore_ascii_case(part));
    memchr::memchr2_iter(*first, first.to_ascii_uppercase(), text).any(is_here)
}
