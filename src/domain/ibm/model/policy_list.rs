//! The list of an account's policies.

use std::cmp::Ordering;

use super::IbmState;
use super::group_list::ListPage;
use super::policy::{Policy, PolicyKind};
use crate::store::{Direction, PageRange};

/// The query for a list of policies: filters that must all match, the sort order and the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyQuery {
    /// The account.
    pub account: String,
    /// Only policies of this group.
    pub access_group_id: Option<String>,
    /// Only policies of this identity.
    pub iam_id: Option<String>,
    /// Only policies of this type.
    pub kind: Option<PolicyKind>,
    /// Whether only deleted policies are requested; they are not stored, so that the list is empty.
    pub deleted: bool,
    /// The sort order; `None` for order of creation.
    pub order: Option<(PolicyOrder, Direction)>,
    /// The number of policies before the page.
    pub offset: usize,
    /// The maximum length of the page; `None` for no limit.
    pub limit: Option<usize>,
}

/// The sort orders of the policies of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyOrder {
    /// By id.
    Id,
    /// By type.
    Type,
    /// By link: by version, then by id.
    Href,
    /// By the time of creation.
    CreatedAt,
    /// By the author.
    CreatedById,
    /// By the time of the last change.
    LastModifiedAt,
    /// By the author of the last change.
    LastModifiedById,
    /// By state, which is the same for all policies.
    State,
}

/// The comparison functions, in the order of [`PolicyOrder`].
pub const SORT_ORDERS: &[fn(&Policy, &Policy) -> Ordering] = &[
    |left, right| left.id.cmp(&right.id),
    |left, right| left.content.kind.name().cmp(right.content.kind.name()),
    |left, right| (left.version, &left.id).cmp(&(right.version, &right.id)),
    |left, right| left.created.at.cmp(&right.created.at),
    |left, right| left.created.by.cmp(&right.created.by),
    |left, right| left.modified.at.cmp(&right.modified.at),
    |left, right| left.modified.by.cmp(&right.modified.by),
    |_, _| Ordering::Equal,
];

impl PolicyQuery {
    /// Returns the index and the partition name for the filters; `None` if no policy can match.
    ///
    /// A policy has one subject, and a policy with a group or an identity as its subject is an access policy.
    fn partition(&self) -> Option<(usize, &str)> {
        let is_for_subject = !self.deleted && self.kind != Some(PolicyKind::Authorization);
        match (&self.access_group_id, &self.iam_id) {
            (Some(group), None) => is_for_subject.then_some((Policy::BY_GROUP, group)),
            (None, Some(iam_id)) => is_for_subject.then_some((Policy::BY_IAM_ID, iam_id)),
            (Some(_), Some(_)) => None,
            (None, None) if self.deleted => None,
            (None, None) => {
                Some(self.kind.map_or((Policy::BY_ACCOUNT, ""), |it| (Policy::BY_KIND, it.name())))
            }
        }
    }
}

impl IbmState {
    /// Returns one page of an account's policies.
    pub fn list_policies(&self, query: &PolicyQuery) -> ListPage<&Policy> {
        let Some((view, name)) = query.partition() else { return ListPage { items: Vec::new(), total: 0 } };
        let listing = self.policies.list(view, (&query.account, name));
        let window = PageRange { offset: query.offset, limit: query.limit.unwrap_or(usize::MAX) };
        let items = match query.order {
            Some((order, direction)) => listing.page(order as usize, direction, window),
            None => listing.iter_from(window.offset).take(window.limit).collect(),
        };
        ListPage { items, total: listing.len() }
    }
}
