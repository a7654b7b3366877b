//! The callers of operations.

use std::borrow::Cow;

use super::super::error;
use crate::spec::ApiError;

/// The account of a caller whose token has none.
pub const DEFAULT_ACCOUNT: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

/// The IAM id of a caller whose token has none.
pub const DEFAULT_IAM_ID: &str = "IBMid-mock";

/// The caller of an operation: the author of its changes, and the accounts that it may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The IAM id.
    pub iam_id: Cow<'static, str>,
    /// The account of the token.
    pub account: Cow<'static, str>,
    /// The only account that the caller may use; `None` for all accounts.
    pub restricted_to: Option<String>,
}

impl Caller {
    /// Checks that the caller may use `account`.
    ///
    /// # Errors
    /// [`error::FORBIDDEN`].
    pub fn check_account_access(&self, account: &str) -> Result<(), ApiError> {
        match &self.restricted_to {
            Some(own) if own != account => Err(error::FORBIDDEN.error()),
            Some(_) | None => Ok(()),
        }
    }
}
