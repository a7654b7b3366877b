//! Accounts as account management and enterprise management show them: the accounts that were used, with the names and
//! owners that the state has, in one enterprise whose root is the account of the caller.

use std::ops::Bound::{Excluded, Unbounded};

use super::records::caller::Caller;
use super::records::user::User;
use super::state::IbmState;
use crate::store::stable_hex_id;

/// A page of ids, and whether there are more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdPage {
    /// The ids, sorted.
    pub ids: Vec<String>,
    /// Whether there are more ids after the last one.
    pub has_more: bool,
}

/// The page of a list that is sorted by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdWindow {
    /// The last id of the previous page; empty for the first page.
    pub after: String,
    /// The maximum number of ids.
    pub limit: usize,
}

impl IbmState {
    /// Returns one page of the accounts that the caller may use: all that were used, and its own.
    pub fn visible_accounts(&self, caller: &Caller, window: &IdWindow) -> IdPage {
        let own = &*caller.account;
        if let Some(account) = &caller.restricted_to {
            return window.page([account.as_str()]);
        }
        let after: (_, std::ops::Bound<&str>) = (Excluded(window.after.as_str()), Unbounded);
        let used = self.accounts.range::<str, _>(after).map(|(id, _)| &**id);
        let mut ids: Vec<&str> = used.take(window.limit.saturating_add(1)).collect();
        if !self.accounts.contains_key(own) {
            ids.push(own);
        }
        window.page(ids)
    }

    /// Returns the number of accounts that the caller may use.
    pub fn visible_account_count(&self, caller: &Caller) -> usize {
        match &caller.restricted_to {
            Some(_) => 1,
            None => self.accounts.len() + usize::from(!self.accounts.contains_key(&*caller.account)),
        }
    }

    /// Returns one page of the accounts of an account group that the caller may use.
    pub fn accounts_of_group(&self, group: &str, caller: &Caller, window: &IdWindow) -> IdPage {
        let accounts = self.account_group(group).unwrap_or_default();
        window.page(
            accounts.iter().map(|account| &**account).filter(|id| caller.check_account_access(id).is_ok()),
        )
    }

    /// Returns one page of the enterprises of the caller, of which there is one.
    pub fn enterprise_page(caller: &Caller, window: &IdWindow) -> IdPage {
        window.page([enterprise_id(&caller.account).as_str()])
    }

    /// Returns one page of the account groups.
    pub fn account_group_page(&self, window: &IdWindow) -> IdPage {
        window.page(self.account_groups().map(|(id, _)| id))
    }

    /// Returns the first of the account groups that an account belongs to.
    pub fn account_group_of(&self, account: &str) -> Option<&str> {
        let contains = |accounts: &[_]| {
            accounts.iter().any(|it: &super::records::interned::InternedStr| **it == *account)
        };
        self.account_groups().find(|(_, accounts)| contains(accounts)).map(|(id, _)| id)
    }

    /// Returns the name of an account; its id if the seed gives it none.
    pub fn account_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.account_names.get(id).map_or(id, |name| name)
    }

    /// Returns the name of an account group; its id if the seed gives it none.
    pub fn account_group_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.account_group_names.get(id).map_or(id, |name| name)
    }

    /// Returns the owner of an account: its first user.
    pub fn account_owner(&self, account: &str) -> Option<&User> {
        self.users.list(User::BY_ACCOUNT, (account, "")).iter().next()
    }
}

impl IdWindow {
    /// Returns the page of the given ids.
    fn page<'a>(&self, ids: impl IntoIterator<Item = &'a str>) -> IdPage {
        let mut ids: Vec<&str> = ids.into_iter().filter(|id| **id > *self.after).collect();
        ids.sort_unstable();
        let has_more = ids.len() > self.limit;
        IdPage { ids: ids.into_iter().take(self.limit).map(str::to_owned).collect(), has_more }
    }
}

/// Returns the id of the enterprise whose root is the given account.
pub fn enterprise_id(account: &str) -> String {
    stable_hex_id(&format!("ibm/enterprise/{account}"))
}
