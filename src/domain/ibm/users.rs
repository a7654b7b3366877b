//! The users of accounts.

use std::cmp::Ordering;
use std::sync::Arc;

use super::error;
use super::page::ListPage;
use super::records::audit::Timestamp;
use super::records::identity::Identity;
use super::records::interned::InternedStr;
use super::records::user::User;
use super::state::IbmState;
use crate::spec::ApiError;
use crate::store::{Direction, PageRange};

/// The filter and page for a list of users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserQuery {
    /// Only users with this login name.
    pub user_id: Option<String>,
    /// The page.
    pub window: PageRange,
}

impl IbmState {
    /// Returns a user of an account.
    ///
    /// # Errors
    /// [`error::related_services::USER_NOT_FOUND`].
    pub fn user(&self, account: &str, iam_id: &str) -> Result<&User, ApiError> {
        let user = self.users.get((account, iam_id));
        user.ok_or_else(|| error::related_services::USER_NOT_FOUND.with_subject(iam_id))
    }

    /// Returns one page of an account's users in the order in which they were added.
    pub fn list_users(&self, account: &str, query: &UserQuery) -> ListPage<&User> {
        let listing = self.users.list(User::BY_ACCOUNT, (account, ""));
        let PageRange { offset, limit } = query.window;
        let Some(user_id) = &query.user_id else {
            return ListPage { items: listing.iter_from(offset).take(limit).collect(), total: listing.len() };
        };
        let start = listing.rank(User::BY_LOGIN, |user| user.login().cmp(user_id.bytes()));
        let end = listing.rank(User::BY_LOGIN, |user| user.login().cmp(user_id.bytes()).then(Ordering::Less));
        let total = end - start;
        let limit = limit.min(total.saturating_sub(offset));
        let window = PageRange { offset: start.saturating_add(offset), limit };
        ListPage { items: listing.page(User::BY_LOGIN, Direction::Ascending, window), total }
    }

    /// Adds the identity as a user of the account, unless the account has that user.
    pub fn ensure_user(&mut self, account: &InternedStr, identity: &Arc<Identity>, at: Timestamp) {
        if !self.users.contains((account, &identity.iam_id)) {
            let (account, identity) = (account.clone(), Arc::clone(identity));
            let user = User { account, identity, added_at: at, profile: None, settings: None };
            self.users.insert(user).expect("the account does not have the user");
        }
    }
}
