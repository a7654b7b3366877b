//! The stored memberships of groups.

use std::sync::Arc;

use super::error;
use super::records::audit::AuditStamp;
use super::records::group::{Group, GroupKey};
use super::records::identity::Identity;
use super::records::member::{MemberKind, Membership, MembershipType, NewMember};
use super::state::IbmState;
use crate::spec::ApiError;

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

    /// Returns whether the group with `id` has a member for whose IAM id `matches` returns true.
    pub fn has_member_where(&self, id: &str, matches: impl Fn(&str) -> bool) -> bool {
        let mut members = self.members.list(Membership::BY_GROUP, (id, "")).iter();
        members.any(|membership| matches(&membership.member.iam_id))
    }

    /// Returns the groups of an account that have the member `iam_id`, in the order in which the member was added.
    pub fn groups_of_member(
        &self,
        account: &str,
        iam_id: &str,
        kind: MembershipType,
    ) -> impl Iterator<Item = &Group> {
        let memberships = self.members.list(Membership::BY_MEMBER, (account, iam_id)).iter();
        let memberships: Vec<&Membership> = memberships.filter(|_| kind != MembershipType::Dynamic).collect();
        // The keys and the groups are scattered over the memory: all keys are loaded before the first group is.
        std::hint::black_box(memberships.iter().filter(|it| it.group.slot.is_set()).count());
        memberships.into_iter().filter_map(|Membership { group: key, .. }| {
            self.groups.get_hinted(("", &key.id), &key.slot, |group| Arc::ptr_eq(&group.key, key))
        })
    }

    /// Returns the first membership of `iam_id` in an account.
    pub fn first_membership(&self, account: &str, iam_id: &str) -> Option<&Membership> {
        self.members.list(Membership::BY_MEMBER, (account, iam_id)).iter().next()
    }

    /// Adds a membership unless the group already has the member.
    pub fn insert_member(&mut self, group: &Arc<GroupKey>, new: &NewMember, added: AuditStamp) {
        let other = self.first_membership(&group.account, &new.iam_id);
        let member = self.identity_beside(other, &new.iam_id);
        // Users are never removed from their account, so a membership as a user implies that the user exists.
        let is_known_user = other.is_some_and(|other| other.kind == MemberKind::User);
        let added_at = added.at;
        let membership =
            Membership { group: Arc::clone(group), member: Arc::clone(&member), kind: new.kind, added };
        let is_new = self.members.insert(membership).is_ok();
        if is_new && new.kind == MemberKind::User && !is_known_user {
            self.ensure_user(&group.account, &member, added_at);
        }
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
