//! The list of an account's assignments.

use super::State;
use super::assignment::{Assignment, Seen, Status, status_of};
use super::group_list::Page;
use crate::store::Window;

/// Which assignments are asked for: filters that must all hold, and the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentQuery {
    /// The account.
    pub account: String,
    /// Only of this template.
    pub template: Option<String>,
    /// Only of versions with this number.
    pub version: Option<String>,
    /// Only to this target.
    pub target: Option<String>,
    /// Only those that are so far.
    pub status: Option<Status>,
    /// The page.
    pub window: Window,
}

impl AssignmentQuery {
    fn fits(&self, assignment: &Assignment, seen: Seen) -> bool {
        *assignment.account == *self.account
            && self.template.as_deref().is_none_or(|template| template == &*assignment.template)
            && self.version.as_deref().is_none_or(|version| version == &*assignment.version)
            && self.target.as_deref().is_none_or(|target| target == &*assignment.target)
            && self.status.is_none_or(|status| status == status_of(assignment, seen))
    }

    const fn has_filter(&self) -> bool {
        self.template.is_some() || self.version.is_some() || self.target.is_some() || self.status.is_some()
    }
}

impl State {
    /// Returns one page of an account's assignments in the order of their creation, as they are `seen`.
    pub fn list_assignments(&self, query: &AssignmentQuery, seen: Seen) -> Page<&Assignment> {
        let (view, partition) = match &query.template {
            Some(template) => (Assignment::OF_TEMPLATE, template),
            None => (Assignment::OF_ACCOUNT, &query.account),
        };
        let listing = self.assignments.list(view, (partition, ""));
        let Window { offset, limit } = query.window;
        if !query.has_filter() {
            return Page { items: listing.from(offset).take(limit).collect(), total: listing.len() };
        }
        let found: Vec<&Assignment> = listing.iter().filter(|it| query.fits(it, seen)).collect();
        let total = found.len();
        Page { items: found.into_iter().skip(offset).take(limit).collect(), total }
    }
}
