//! Operations on the members of groups, and the list of a group's members.

#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::sync::Arc;

use super::bulk::{Batch, ItemFaults, ItemResult, apply_item_fault};
use super::error;
use super::page::ListPage;
use super::records::audit::AuditStamp;
use super::records::caller::Caller;
use super::records::group::{GroupKey, PUBLIC_ACCESS};
use super::records::managed_group::GroupMutation;
use super::records::member::{MemberKind, Membership, MembershipType, NewMember};
use super::state::IbmState;
use crate::spec::{ApiError, ErrorCode};
use crate::store::{Direction, Listing, PageRange, Tx};

/// The maximum number of groups of one account that a member can be in.
const MAX_GROUPS_PER_MEMBER: usize = 50;

/// The errors that a fault can inject into an item that adds a member to a group.
const ADD_ITEM_ERRORS: &[&ErrorCode] =
    &[&error::item::SERVICE_ID, &error::item::MEMBERSHIP_LIMIT, &error::item::MANAGED_ADD];

/// The errors that a fault can inject into an item that adds a member to one of several groups.
const ADD_TO_GROUPS_ITEM_ERRORS: &[&ErrorCode] = &[
    &error::item::SERVICE_ID,
    &error::item::FORBIDDEN,
    &error::item::GROUP_NOT_IN_ACCOUNT,
    &error::item::PUBLIC_ACCESS,
    &error::item::MANAGED_ADD,
];

/// The errors that a fault can inject into an item that removes a member from a group.
const REMOVE_ITEM_ERRORS: &[&ErrorCode] = &[&error::item::MEMBERSHIP_NOT_FOUND, &error::item::MANAGED_REMOVE];

/// The errors that a fault can inject into an item that removes a member from one of all its groups.
const REMOVE_FROM_ALL_ITEM_ERRORS: &[&ErrorCode] =
    &[&error::item::MEMBERSHIP_NOT_FOUND, &error::item::CONFLICT];

/// A group, and the result of removing a member from it.
pub type RemovedFromGroup = (Arc<GroupKey>, ItemResult<()>);

/// A membership that was added or already existed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipAdded {
    /// The kind that the member was added as.
    pub kind: MemberKind,
    /// The time and author of the addition.
    pub added: AuditStamp,
}

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

impl IbmState {
    /// Adds members to the group with `id`; existing memberships are unchanged.
    ///
    /// # Errors
    /// [`error::GROUP_NOT_FOUND`]; the errors of single members are in the result.
    pub fn add_members(
        &mut self,
        id: &str,
        members: Batch<'_, NewMember>,
        caller: &Caller,
        tx: &Tx<'_>,
    ) -> Result<Vec<ItemResult<MembershipAdded>>, ApiError> {
        let group = self.groups.get(("", id)).ok_or_else(|| error::GROUP_NOT_FOUND.with_subject(id))?;
        let key = Arc::clone(&group.key);
        let stamp = self.audit_stamp(caller, tx);
        let Batch { items, faults } = members;
        let outcomes = items.iter().enumerate().map(|(index, member)| {
            let fault = faults(index, &member.iam_id);
            apply_item_fault(fault, ADD_ITEM_ERRORS, || self.add_member(&key, member, &stamp))
        });
        Ok(outcomes.collect())
    }

    /// Adds a member to several groups of an account, each with its own result.
    pub fn add_to_groups(
        &mut self,
        account: &str,
        member: &NewMember,
        groups: Batch<'_, String>,
        stamp: &AuditStamp,
    ) -> Vec<ItemResult<MembershipAdded>> {
        let mut add = |id: &str| {
            if id == PUBLIC_ACCESS {
                return Err((&error::item::PUBLIC_ACCESS).into());
            }
            let group = self.groups.get(("", id)).filter(|group| *group.key.account == *account);
            let key = Arc::clone(&group.ok_or(&error::item::GROUP_NOT_IN_ACCOUNT)?.key);
            self.add_member(&key, member, stamp)
        };
        let Batch { items, faults } = groups;
        let items = items.iter().enumerate();
        items
            .map(|(index, id)| apply_item_fault(faults(index, id), ADD_TO_GROUPS_ITEM_ERRORS, || add(id)))
            .collect()
    }

    /// Adds a member to a group; an existing membership is unchanged.
    fn add_member(
        &mut self,
        group: &Arc<GroupKey>,
        new: &NewMember,
        stamp: &AuditStamp,
    ) -> ItemResult<MembershipAdded> {
        new.check()?;
        if let Some(existing) = self.members.get((&group.id, &new.iam_id)) {
            return Ok(MembershipAdded { kind: existing.kind, added: existing.added.clone() });
        }
        if !self.is_mutation_allowed(&group.id, GroupMutation::AddMember) {
            return Err((&error::item::MANAGED_ADD).into());
        }
        let memberships = self.members.list(Membership::BY_MEMBER, (&group.account, &new.iam_id));
        if memberships.len() >= MAX_GROUPS_PER_MEMBER {
            return Err((&error::item::MEMBERSHIP_LIMIT).into());
        }
        self.insert_member(group, new, stamp.clone());
        Ok(MembershipAdded { kind: new.kind, added: stamp.clone() })
    }

    /// Removes `iam_id` from the group with `id`.
    ///
    /// # Errors
    /// [`error::MEMBERSHIP_NOT_FOUND`], and as [`IbmState::check_mutation`].
    pub fn remove_member(&mut self, id: &str, iam_id: &str) -> Result<(), ApiError> {
        self.membership(id, iam_id)?;
        self.check_mutation(id, GroupMutation::RemoveMember(iam_id), &error::managed::REMOVE_MEMBER)?;
        self.delete_membership(id, iam_id);
        Ok(())
    }

    /// Removes several members from the group with `id`, each with its own result.
    ///
    /// # Errors
    /// [`error::NO_MEMBERSHIPS`] if none of them is a member.
    pub fn remove_members(
        &mut self,
        id: &str,
        iam_ids: Batch<'_, String>,
    ) -> Result<Vec<ItemResult<()>>, ApiError> {
        let Batch { items, faults } = iam_ids;
        if !items.iter().any(|iam_id| self.members.contains((id, iam_id))) {
            return Err(error::NO_MEMBERSHIPS.with_subject(id));
        }
        let outcomes = items.iter().enumerate().map(|(index, iam_id)| {
            apply_item_fault(faults(index, iam_id), REMOVE_ITEM_ERRORS, || self.remove_item(id, iam_id))
        });
        Ok(outcomes.collect())
    }

    /// Removes a member from a group, as one item of a bulk request.
    fn remove_item(&mut self, id: &str, iam_id: &str) -> ItemResult<()> {
        if self.members.contains((id, iam_id))
            && !self.is_mutation_allowed(id, GroupMutation::RemoveMember(iam_id))
        {
            return Err((&error::item::MANAGED_REMOVE).into());
        }
        let removed = self.delete_membership(id, iam_id);
        removed.map(|_| ()).ok_or((&error::item::MEMBERSHIP_NOT_FOUND).into())
    }

    /// Removes a member from all groups of an account, each with its own result, in the order in which the member was
    /// added.
    ///
    /// # Errors
    /// [`error::NO_GROUPS_FOUND`].
    pub fn remove_from_all(
        &mut self,
        account: &str,
        iam_id: &str,
        faults: ItemFaults<'_>,
    ) -> Result<Vec<RemovedFromGroup>, ApiError> {
        let memberships = self.members.list(Membership::BY_MEMBER, (account, iam_id));
        let groups: Vec<Arc<GroupKey>> = memberships.iter().map(|it| Arc::clone(&it.group)).collect();
        if groups.is_empty() {
            return Err(error::NO_GROUPS_FOUND.with_subject(iam_id));
        }
        let remove = |(index, group): (usize, Arc<GroupKey>)| {
            let fault = faults(index, &group.id);
            let outcome =
                apply_item_fault(fault, REMOVE_FROM_ALL_ITEM_ERRORS, || self.remove_item(&group.id, iam_id));
            (group, outcome)
        };
        Ok(groups.into_iter().enumerate().map(remove).collect())
    }

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
