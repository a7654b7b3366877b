//! The details of identities, and their propagation to the records that contain them.
//!
//! Invariant: every membership and every user holds the current details of its identity, so that the sort orders by
//! name and by e-mail address are correct.

use std::sync::Arc;

use super::group::GroupKey;
use super::identity::{Identity, IdentityDetails};
use super::member::Membership;
use super::{IbmState, InternedStr};

impl IbmState {
    /// Merges `details` into the details of an identity; returns `false` and changes nothing if they contradict each
    /// other.
    pub fn merge_details(&mut self, iam_id: &str, details: IdentityDetails) -> bool {
        let known = self.identities.get(iam_id).and_then(|identity| identity.details.as_deref());
        let Some(details) = known.cloned().unwrap_or_default().merge(details) else { return false };
        self.identities.insert(iam_id.into(), Identity::with_details(iam_id, details));
        true
    }

    /// Returns the identities that have details, ordered by IAM id.
    pub fn identities(&self) -> impl Iterator<Item = (&str, &IdentityDetails)> {
        self.identities
            .iter()
            .filter_map(|(iam_id, identity)| Some((&**iam_id, identity.details.as_deref()?)))
    }

    /// Returns the description of an identity.
    pub fn identity_description(&self, iam_id: &str) -> Option<&str> {
        self.identities.get(iam_id)?.details.as_ref()?.description.as_deref()
    }

    /// Merges the details of a new service id or trusted profile into its identity, which no record holds yet. Details
    /// that contradict the known ones replace them.
    pub fn add_identity(&mut self, iam_id: &str, details: IdentityDetails) {
        if !self.merge_details(iam_id, details.clone()) {
            self.identities.insert(iam_id.into(), Identity::with_details(iam_id, details));
        }
    }

    /// Replaces the details of an identity, also in the records that hold it.
    pub fn replace_details(&mut self, iam_id: &str, details: IdentityDetails) {
        let identity = Identity::with_details(iam_id, details);
        self.identities.insert(iam_id.into(), Arc::clone(&identity));
        self.propagate(&identity);
    }

    /// Removes the details of an identity, and its memberships in all accounts.
    pub fn remove_identity(&mut self, iam_id: &str) {
        self.identities.remove(iam_id);
        for account in self.accounts_of_identity(iam_id) {
            for group in self.groups_of_identity(&account, iam_id) {
                self.delete_membership(&group.id, iam_id);
            }
        }
        self.propagate(&Identity::without_details(iam_id));
    }

    /// Updates the identity of a membership that was just restored to its current details.
    pub fn refresh_membership(&mut self, id: &str, iam_id: &str) {
        let Some(restored) = self.members.get((id, iam_id)) else { return };
        let current =
            self.identities.get(iam_id).map_or_else(|| Identity::without_details(iam_id), Arc::clone);
        if restored.member != current {
            self.members.update((id, iam_id), |membership| membership.member = current);
        }
    }

    /// Updates the records that hold an identity.
    fn propagate(&mut self, identity: &Arc<Identity>) {
        let iam_id = &*identity.iam_id;
        for account in self.accounts_of_identity(iam_id) {
            for group in self.groups_of_identity(&account, iam_id) {
                self.members
                    .update((&group.id, iam_id), |membership| membership.member = Arc::clone(identity));
            }
            self.users.update((&account, iam_id), |user| user.identity = Arc::clone(identity));
        }
    }

    /// Returns the accounts in which an identity is a user or a member.
    fn accounts_of_identity(&self, iam_id: &str) -> Vec<InternedStr> {
        let has = |account: &&InternedStr| {
            let memberships = self.members.list(Membership::BY_MEMBER, (account, iam_id));
            !memberships.is_empty() || self.users.contains((account, iam_id))
        };
        self.accounts.keys().filter(has).cloned().collect()
    }

    /// Returns the groups of an account in which an identity is a member.
    fn groups_of_identity(&self, account: &str, iam_id: &str) -> Vec<Arc<GroupKey>> {
        let memberships = self.members.list(Membership::BY_MEMBER, (account, iam_id));
        memberships.iter().map(|membership| Arc::clone(&membership.group)).collect()
    }
}
