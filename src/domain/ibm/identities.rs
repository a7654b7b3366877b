//! The identities that records contain, and their details.

use std::sync::Arc;

use super::records::identity::{Identity, IdentityDetails};
use super::records::member::Membership;
use super::state::IbmState;

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

    /// Returns the identity with `iam_id`: the stored one, else that of another membership in the account, else a new
    /// one without details.
    pub fn resolve_identity(&self, account: &str, iam_id: &str) -> Arc<Identity> {
        self.identity_beside(self.first_membership(account, iam_id), iam_id)
    }

    /// Returns the identity of [`IbmState::resolve_identity`]; `other` is another membership in the account.
    pub fn identity_beside(&self, other: Option<&Membership>, iam_id: &str) -> Arc<Identity> {
        if let Some(identity) = self.identities.get(iam_id) {
            return Arc::clone(identity);
        }
        other.map_or_else(|| Identity::without_details(iam_id), |membership| Arc::clone(&membership.member))
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
}
