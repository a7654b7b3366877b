//! The users and members of an account that were loaded so far.

use std::sync::Arc;

use super::super::records::audit::Timestamp;
use super::super::records::identity::Identity;
use super::super::records::interned::InternedStr;
use super::super::records::member::MemberKind;
use super::super::state::IbmState;
use crate::store::LookupTable;

/// The users and members of an account that were loaded so far: during a bulk load, the state cannot find them.
#[derive(Debug, Default)]
pub struct KnownMembers(LookupTable<KnownMember>);

#[derive(Debug)]
struct KnownMember {
    identity: Arc<Identity>,
    is_user: bool,
}

impl KnownMembers {
    /// Adds a user of the account, and returns its identity.
    pub fn add_user(&mut self, state: &IbmState, iam_id: &str) -> Arc<Identity> {
        let identity = state.identity_beside(None, iam_id);
        self.0.insert(iam_id, KnownMember { identity: Arc::clone(&identity), is_user: true });
        identity
    }

    /// Returns the identity of a member, which the memberships of an account share; a member that is a user and was added
    /// at `added_at` is also added to the users of the account.
    pub fn add_member(
        &mut self,
        state: &mut IbmState,
        account: &InternedStr,
        (iam_id, kind): (&str, MemberKind),
        added_at: Timestamp,
    ) -> Arc<Identity> {
        let known = match self.0.get_mut(iam_id) {
            Some(known) => known,
            None => {
                let identity = state.identity_beside(None, iam_id);
                self.0.insert(iam_id, KnownMember { identity, is_user: false })
            }
        };
        if kind == MemberKind::User && !known.is_user {
            known.is_user = true;
            state.ensure_user(account, &known.identity, added_at);
        }
        Arc::clone(&known.identity)
    }
}
