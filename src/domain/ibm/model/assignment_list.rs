//! The list of an account's assignments.

use super::IbmState;
use super::assignment::{Assignment, AssignmentStatus, Viewpoint, assignment_status};
use super::group_list::ListPage;
use crate::store::PageRange;

/// The query for a list of assignments: filters that must all match, and the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentQuery {
    /// The account.
    pub account: String,
    /// Only assignments of this template.
    pub template: Option<String>,
    /// Only assignments of versions with this number.
    pub version: Option<String>,
    /// Only assignments to this target.
    pub target: Option<String>,
    /// Only assignments with this status.
    pub status: Option<AssignmentStatus>,
    /// The page.
    pub window: PageRange,
}

impl AssignmentQuery {
    /// Returns whether the assignment matches all filters.
    fn matches(&self, assignment: &Assignment, viewpoint: Viewpoint) -> bool {
        *assignment.account == *self.account
            && self.template.as_deref().is_none_or(|template| template == &*assignment.template)
            && self.version.as_deref().is_none_or(|version| version == &*assignment.version)
            && self.target.as_deref().is_none_or(|target| target == &*assignment.target)
            && self.status.is_none_or(|status| status == assignment_status(assignment, viewpoint))
    }

    const fn has_filter(&self) -> bool {
        self.template.is_some() || self.version.is_some() || self.target.is_some() || self.status.is_some()
    }
}

impl IbmState {
    /// Returns one page of an account's assignments in order of creation; the status filter applies to the status as
    /// observed from `viewpoint`.
    pub fn list_assignments(&self, query: &AssignmentQuery, viewpoint: Viewpoint) -> ListPage<&Assignment> {
        let (view, partition) = match &query.template {
            Some(template) => (Assignment::BY_TEMPLATE, template),
            None => (Assignment::BY_ACCOUNT, &query.account),
        };
        let listing = self.assignments.list(view, (partition, ""));
        let PageRange { offset, limit } = query.window;
        if !query.has_filter() {
            return ListPage { items: listing.iter_from(offset).take(limit).collect(), total: listing.len() };
        }
        let matching: Vec<&Assignment> = listing.iter().filter(|it| query.matches(it, viewpoint)).collect();
        let total = matching.len();
        ListPage { items: matching.into_iter().skip(offset).take(limit).collect(), total }
    }
}
