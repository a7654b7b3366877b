//! What is known of identities, and its way into the records that show it.
//!
//! Invariant: every membership and every user holds what is known of its identity now, so that the orders by name
//! and by e-mail are right.

use std::sync::Arc;

use super::group::Place;
use super::identity::{Details, Identity};
use super::member::Membership;
use super::{Interned, State};

impl State {
    /// Adds to what is known of an identity; `false` when it contradicts what was said of it before.
    pub fn describe(&mut self, iam_id: &str, details: Details) -> bool {
        let known = self.identities.get(iam_id).and_then(|identity| identity.details.as_deref());
        let Some(details) = known.cloned().unwrap_or_default().with(details) else { return false };
        self.identities.insert(iam_id.into(), Identity::described(iam_id, details));
        true
    }

    /// Returns the identities of whom more is known than their IAM id, in the order of those.
    pub fn identities(&self) -> impl Iterator<Item = (&str, &Details)> {
        self.identities
            .iter()
            .filter_map(|(iam_id, identity)| Some((&**iam_id, identity.details.as_deref()?)))
    }

    /// Returns the description of an identity.
    pub fn description_of(&self, iam_id: &str) -> Option<&str> {
        self.identities.get(iam_id)?.details.as_ref()?.description.as_deref()
    }

    /// Adds what its own record says to what is known of an identity that no other record holds yet.
    pub(super) fn introduce(&mut self, iam_id: &str, details: Details) {
        if !self.describe(iam_id, details.clone()) {
            self.identities.insert(iam_id.into(), Identity::described(iam_id, details));
        }
    }

    /// Replaces what is known of an identity, wherever it is held.
    pub(super) fn describe_anew(&mut self, iam_id: &str, details: Details) {
        let identity = Identity::described(iam_id, details);
        self.identities.insert(iam_id.into(), Arc::clone(&identity));
        self.spread(&identity);
    }

    /// Removes an identity from all groups of all accounts, and what is known of it.
    pub(super) fn forget(&mut self, iam_id: &str) {
        self.identities.remove(iam_id);
        for account in self.accounts_with(iam_id) {
            for group in self.groups_with(&account, iam_id) {
                self.delete_membership(&group.id, iam_id);
            }
        }
        self.spread(&Identity::plain(iam_id));
    }

    /// Gives a membership that was just restored what is known of its identity now.
    pub(super) fn refresh_membership(&mut self, id: &str, iam_id: &str) {
        let Some(restored) = self.members.get((id, iam_id)) else { return };
        let known = self.identities.get(iam_id).map_or_else(|| Identity::plain(iam_id), Arc::clone);
        if restored.member != known {
            self.members.update((id, iam_id), |membership| membership.member = known);
        }
    }

    fn spread(&mut self, identity: &Arc<Identity>) {
        let iam_id = &*identity.iam_id;
        for account in self.accounts_with(iam_id) {
            for group in self.groups_with(&account, iam_id) {
                self.members
                    .update((&group.id, iam_id), |membership| membership.member = Arc::clone(identity));
            }
            self.users.update((&account, iam_id), |user| user.identity = Arc::clone(identity));
        }
    }

    /// The accounts in which an identity is a user or a member.
    fn accounts_with(&self, iam_id: &str) -> Vec<Interned> {
        let has = |account: &&Interned| {
            let memberships = self.members.list(Membership::OF_MEMBER, (account, iam_id));
            !memberships.is_empty() || self.users.contains((account, iam_id))
        };
        self.accounts.keys().filter(has).cloned().collect()
    }

    fn groups_with(&self, account: &str, iam_id: &str) -> Vec<Arc<Place>> {
        let memberships = self.members.list(Membership::OF_MEMBER, (account, iam_id));
        memberships.iter().map(|membership| Arc::clone(&membership.group)).collect()
    }
}
