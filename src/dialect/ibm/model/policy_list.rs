//! The list of an account's policies.

use std::cmp::Ordering;

use super::State;
use super::group_list::Page;
use super::policy::{Policy, PolicyKind};
use crate::store::{Direction, Window};

/// What is asked for of the policies of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyQuery {
    /// The account.
    pub account: String,
    /// Only those of this group.
    pub access_group_id: Option<String>,
    /// Only those of this identity.
    pub iam_id: Option<String>,
    /// Only those of this kind.
    pub kind: Option<PolicyKind>,
    /// Whether deleted ones are asked for, which are not kept.
    pub deleted: bool,
    /// The order; `None` for the one in which they were created.
    pub order: Option<(PolicyOrder, Direction)>,
    /// Where the page begins.
    pub offset: usize,
    /// The length of the page; `None` for everything that follows.
    pub limit: Option<usize>,
}

/// What the policies of an account can be ordered by.
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
    /// By state, which is the same for all.
    State,
}

/// The orders in the order of [`PolicyOrder`].
pub(super) const ORDERS: &[fn(&Policy, &Policy) -> Ordering] = &[
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
    /// The view and the name of the partition that holds what is asked for; `None` when nothing can fit.
    ///
    /// A policy has one subject, and one of a group or an identity is an access policy.
    fn partition(&self) -> Option<(usize, &str)> {
        let of_party = !self.deleted && self.kind != Some(PolicyKind::Authorization);
        match (&self.access_group_id, &self.iam_id) {
            (Some(group), None) => of_party.then_some((Policy::OF_GROUP, group)),
            (None, Some(iam_id)) => of_party.then_some((Policy::OF_IAM_ID, iam_id)),
            (Some(_), Some(_)) => None,
            (None, None) if self.deleted => None,
            (None, None) => {
                Some(self.kind.map_or((Policy::OF_ACCOUNT, ""), |it| (Policy::OF_KIND, it.name())))
            }
        }
    }
}

impl State {
    /// Returns one page of an account's policies.
    pub fn list_policies(&self, query: &PolicyQuery) -> Page<&Policy> {
        let Some((view, name)) = query.partition() else { return Page { items: Vec::new(), total: 0 } };
        let listing = self.policies.list(view, (&query.account, name));
        let window = Window { offset: query.offset, limit: query.limit.unwrap_or(usize::MAX) };
        let items = match query.order {
            Some((order, direction)) => listing.page(order as usize, direction, window),
            None => listing.from(window.offset).take(window.limit).collect(),
        };
        Page { items, total: listing.len() }
    }
}
