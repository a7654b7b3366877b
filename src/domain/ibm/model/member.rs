//! Members of access groups: users, service ids and trusted profiles.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use super::super::error;
use super::bulk::{Batch, ItemFaults, ItemResult, apply_item_fault};
use super::group::{Group, GroupKey, PUBLIC_ACCESS};
use super::identity::{Identity, SERVICE_ID_PREFIX, concat_parts, lowercase_chars};
use super::managed_group::GroupMutation;
use super::restore::InsertError;
use super::{AuditStamp, Caller, IbmState};
use crate::spec::{ApiError, ErrorCode};
use crate::store::{Index, Key, Record, Tx};

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

/// A membership of one member in one group.
#[derive(Debug, Clone, PartialEq)]
pub struct Membership {
    /// The group.
    pub group: Arc<GroupKey>,
    /// The identity of the member; shared by the memberships of one account.
    pub member: Arc<Identity>,
    /// The kind that the member was added as.
    pub kind: MemberKind,
    /// The time and author of the addition.
    pub added: AuditStamp,
}

/// The kind of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MemberKind {
    /// A user, `IBMid-…`.
    User,
    /// A service id, `iam-ServiceId-…`.
    Service,
    /// A trusted profile, `iam-Profile-…`.
    Profile,
}

/// The type of memberships. There are no logins, so all stored memberships are static.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MembershipType {
    /// Created by a request.
    #[default]
    Static,
    /// Created by a rule at login.
    Dynamic,
    /// Both types.
    All,
}

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

/// A member to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMember {
    /// The IAM id.
    pub iam_id: String,
    /// The kind.
    pub kind: MemberKind,
}

impl Record for Membership {
    /// In the sort orders that start with the kind, the members of each kind are contiguous, so that a page of one
    /// kind is a range of them.
    const INDEXES: &'static [Index<Self>] = &[
        Index {
            partition: |it| (&it.group.id, ""),
            orders: &[
                Self::by_id,
                Self::by_name,
                Self::by_email,
                |left, right| left.kind.cmp(&right.kind),
                |left, right| left.kind.cmp(&right.kind).then_with(|| Self::by_id(left, right)),
                |left, right| left.kind.cmp(&right.kind).then_with(|| Self::by_name(left, right)),
                |left, right| left.kind.cmp(&right.kind).then_with(|| Self::by_email(left, right)),
            ],
        },
        Index { partition: |it| (&it.group.account, &it.member.iam_id), orders: &[] },
    ];

    fn key(&self) -> Key<'_> {
        (&self.group.id, &self.member.iam_id)
    }
}

impl Membership {
    /// The index by group.
    pub const BY_GROUP: usize = 0;

    /// The index by account and member.
    pub const BY_MEMBER: usize = 1;

    /// Returns the display name of the member.
    pub fn name(&self) -> Cow<'_, str> {
        concat_parts(self.member.name())
    }

    /// Returns the e-mail address of a user; `None` for other members.
    pub fn email(&self) -> Option<Cow<'_, str>> {
        (self.kind == MemberKind::User).then(|| concat_parts(self.member.email()))
    }

    /// Returns the description of a service id; `None` for other members.
    pub fn description(&self) -> Option<&str> {
        (self.kind == MemberKind::Service).then(|| self.member.description())
    }

    fn by_id(left: &Self, right: &Self) -> Ordering {
        left.member.iam_id.cmp(&right.member.iam_id)
    }

    fn by_name(left: &Self, right: &Self) -> Ordering {
        let order = lowercase_chars(left.member.name()).cmp(lowercase_chars(right.member.name()));
        order.then_with(|| Self::by_id(left, right))
    }

    fn by_email(left: &Self, right: &Self) -> Ordering {
        let order = lowercase_chars(left.email_parts()).cmp(lowercase_chars(right.email_parts()));
        order.then_with(|| Self::by_id(left, right))
    }

    fn email_parts(&self) -> (&str, &str) {
        if self.kind == MemberKind::User { self.member.email() } else { ("", "") }
    }
}

impl MemberKind {
    /// All kinds with their names.
    pub const NAMES: [(&'static str, Self); 3] =
        [("user", Self::User), ("service", Self::Service), ("profile", Self::Profile)];

    /// Returns the kind with `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(other, _)| *other == name).map(|(_, kind)| *kind)
    }

    /// Returns the name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Service => "service",
            Self::Profile => "profile",
        }
    }
}

impl NewMember {
    /// Checks that the IAM id of a service id has the prefix of service ids, as IBM does.
    ///
    /// # Errors
    /// [`error::item::SERVICE_ID`].
    pub fn check(&self) -> ItemResult<()> {
        if self.kind == MemberKind::Service && !self.iam_id.starts_with(SERVICE_ID_PREFIX) {
            return Err((&error::item::SERVICE_ID).into());
        }
        Ok(())
    }
}

impl IbmState {
    /// Returns the membership of `iam_id` in the group with `id`.
    ///
    /// # Errors
    /// [`error::MEMBERSHIP_NOT_FOUND`].
    pub fn membership(&self, id: &str, iam_id: &str) -> Result<&Membership, ApiError> {
        self.members.get((id, iam_id)).ok_or_else(|| error::MEMBERSHIP_NOT_FOUND.error())
    }

    /// Returns the number of members of the group with `id`.
    pub fn member_count(&self, id: &str) -> usize {
        self.members.list(Membership::BY_GROUP, (id, "")).len()
    }

    /// Returns the groups of an account that have the member `iam_id`, in the order in which the member was added.
    pub fn groups_of_member(
        &self,
        account: &str,
        iam_id: &str,
        kind: MembershipType,
    ) -> impl Iterator<Item = &Group> {
        let memberships = self.members.list(Membership::BY_MEMBER, (account, iam_id)).iter();
        let memberships = memberships.filter(move |_| kind != MembershipType::Dynamic);
        memberships.filter_map(|membership| self.groups.get(("", &membership.group.id)))
    }

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

    /// Adds a membership unless the group already has the member.
    pub fn insert_member(&mut self, group: &Arc<GroupKey>, new: &NewMember, added: AuditStamp) {
        // An existing membership is unchanged.
        let _ = self.insert_member_at(None, group, new, added);
    }

    /// Adds a membership with the given sequence number, as read from the seed; `None` assigns the next one.
    ///
    /// # Errors
    /// The group already has the member, or the sequence number already exists.
    pub fn insert_member_at(
        &mut self,
        sequence: Option<u64>,
        group: &Arc<GroupKey>,
        new: &NewMember,
        added: AuditStamp,
    ) -> Result<(), InsertError> {
        let member = self.resolve_identity(&group.account, &new.iam_id);
        // Users are never removed from their account, so a membership as a user implies that the user exists.
        let other = self.members.list(Membership::BY_MEMBER, (&group.account, &new.iam_id)).iter().next();
        let is_known_user = other.is_some_and(|other| other.kind == MemberKind::User);
        let added_at = added.at;
        let membership =
            Membership { group: Arc::clone(group), member: Arc::clone(&member), kind: new.kind, added };
        self.restore(membership, sequence)?;
        if new.kind == MemberKind::User && !is_known_user {
            self.ensure_user(&group.account, &member, added_at);
        }
        Ok(())
    }

    /// Returns the identity with `iam_id`: the stored one, else that of another membership in the account, else a new
    /// one without details.
    pub fn resolve_identity(&self, account: &str, iam_id: &str) -> Arc<Identity> {
        if let Some(identity) = self.identities.get(iam_id) {
            return Arc::clone(identity);
        }
        let other = self.members.list(Membership::BY_MEMBER, (account, iam_id)).iter().next();
        other.map_or_else(|| Identity::without_details(iam_id), |membership| Arc::clone(&membership.member))
    }

    /// Removes `iam_id` from the group with `id`.
    ///
    /// # Errors
    /// [`error::MEMBERSHIP_NOT_FOUND`], and as [`CloudflareState::check_mutation`].
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

    /// Deletes a membership and returns it; a pinned one is restored with the current details of its identity.
    pub fn delete_membership(&mut self, id: &str, iam_id: &str) -> Option<Membership> {
        let removed = self.members.delete((id, iam_id))?;
        self.refresh_membership(id, iam_id);
        Some(removed)
    }

    /// Deletes the memberships of the group with `id`; pinned ones are restored with the current details of their
    /// identities.
    pub fn delete_group_members(&mut self, id: &str) {
        self.members.delete_partition(Membership::BY_GROUP, (id, ""));
        // Only restored members are left.
        for member in self.identities_in_group(id) {
            self.refresh_membership(id, &member.iam_id);
        }
    }

    fn identities_in_group(&self, id: &str) -> Vec<Arc<Identity>> {
        let members = self.members.list(Membership::BY_GROUP, (id, ""));
        members.iter().map(|membership| Arc::clone(&membership.member)).collect()
    }
}
