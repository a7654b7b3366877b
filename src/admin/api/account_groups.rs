//! The methods of `Admin` for the account groups of the ibm dialect.

use serde::{Deserialize, Serialize};

use super::Admin;
use crate::admin::admin_error::AdminError;
use crate::domain::ibm::account_groups::check_accounts;
use crate::domain::ibm::records::audit::SYSTEM_IAM_ID;
use crate::domain::ibm::records::caller::{Caller, DEFAULT_ACCOUNT};

/// An account group of the ibm dialect, to which templates can be assigned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountGroup {
    /// The id, as in the `target` of an assignment.
    pub id: String,
    /// The ids of its accounts, sorted.
    pub accounts: Vec<String>,
}

impl Admin {
    /// Returns the account groups that were set, sorted by id.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// assert!(mock.admin().account_groups().is_empty());
    /// ```
    pub fn account_groups(&self) -> Vec<AccountGroup> {
        self.app.namespace().store.read(|state| {
            let groups = state.ibm.account_groups().map(|(id, accounts)| AccountGroup {
                id: id.to_owned(),
                accounts: accounts.iter().map(ToString::to_string).collect(),
            });
            groups.collect()
        })
    }

    /// Sets the accounts of an account group. Templates that are assigned to it are applied in its new accounts, and
    /// removed from the accounts that it no longer has.
    ///
    /// # Errors
    /// [`AdminError::Invalid`] if the id of the account group or of an account is empty, if an account is listed twice, or
    /// if there are more than 500.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// admin.set_account_group("acctgrp-7", &["acct2", "acct3"])?;
    /// assert_eq!(admin.account_groups()[0].accounts, ["acct2", "acct3"]);
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn set_account_group(&self, id: &str, accounts: &[&str]) -> Result<(), AdminError> {
        if id.is_empty() {
            return Err(AdminError::invalid("id", "must not be empty"));
        }
        let accounts = check_accounts(accounts).map_err(|reason| AdminError::invalid("accounts", reason))?;
        self.app.namespace().store.write(|state, tx| {
            state.ibm.set_account_group(id, Some(&accounts), &system_caller(), tx);
        });
        Ok(())
    }

    /// Deletes an account group: it has no accounts then.
    ///
    /// # Errors
    /// [`AdminError::NotFound`] if it was never set.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// admin.set_account_group("acctgrp-7", &["acct2"])?;
    /// admin.delete_account_group("acctgrp-7")?;
    /// assert!(admin.delete_account_group("acctgrp-7").is_err());
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn delete_account_group(&self, id: &str) -> Result<(), AdminError> {
        self.app.namespace().store.write(|state, tx| {
            if state.ibm.account_group(id).is_none() {
                return Err(AdminError::not_found("account group", id));
            }
            state.ibm.set_account_group(id, None, &system_caller(), tx);
            Ok(())
        })
    }
}

/// Returns the author of changes that are not requests to the emulated API.
fn system_caller() -> Caller {
    Caller { iam_id: SYSTEM_IAM_ID.into(), account: DEFAULT_ACCOUNT.into(), restricted_to: None }
}
