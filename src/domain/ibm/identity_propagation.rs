//! Changes of the details of identities, and their propagation to the records that contain them.
//!
//! Invariant: every membership and every user holds the current details of its identity, so that the sort orders by
//! name and by e-mail address are correct.

use std::sync::Arc;

use super::records::group::GroupKey;
use super::records::identity::{Identity, IdentityDetails};
use super::records::interned::InternedStr;
use super::records::member::Membership;
use super::state::IbmState;

impl IbmState {
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
