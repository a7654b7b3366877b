//! One record by dialect, kind, account and identifier, in the format of the seed.

use serde::Serialize;
use serde_json::value::RawValue;

use super::admin_error::AdminError;
use super::api::Admin;
use crate::domain::mock_state::MockState;
use crate::domain::{authress, cloudflare, ibm, legacy};
use crate::store::{GroupSelector, SavedRecord};

/// A record as in a saved state.
#[derive(Debug, Clone, Serialize)]
pub struct StoredRecord {
    /// The dialect.
    pub dialect: String,
    /// The kind, such as `access_group`.
    pub kind: String,
    /// The account, zone or tenant; empty if there is none.
    pub account: String,
    /// The identifier.
    pub id: String,
    /// The object in the format of the seed, with its internal state in `$state`.
    pub record: Box<RawValue>,
}

/// The record that is looked up.
#[derive(Debug)]
pub(super) struct RecordQuery {
    dialect: &'static str,
    kind: String,
    selector: GroupSelector,
}

impl RecordQuery {
    /// Returns the query for the record `id` of `kind`, in any account if there is none.
    ///
    /// # Errors
    /// [`AdminError::NotFound`] for an unknown dialect.
    pub(super) fn new(
        dialect: &str,
        kind: &str,
        account: Option<&str>,
        id: &str,
    ) -> Result<Self, AdminError> {
        let known = MockState::DIALECTS.into_iter().find(|known| *known == dialect);
        let dialect = known.ok_or_else(|| AdminError::not_found("dialect", dialect))?;
        let selector = GroupSelector { id: id.to_owned(), account: account.map(str::to_owned) };
        Ok(Self { dialect, kind: kind.to_owned(), selector })
    }

    /// Returns the record.
    ///
    /// # Errors
    /// [`AdminError::NotFound`], and [`AdminError::Invalid`] if several accounts have such a record.
    pub(super) fn find(&self, world: &MockState) -> Result<StoredRecord, AdminError> {
        let (kind, selector) = (self.kind.as_str(), &self.selector);
        let mut found = match self.dialect {
            "cloudflare" => cloudflare::seed::saved_records(&world.cloudflare, kind, selector),
            "ibm" => ibm::seed::saved_records(&world.ibm, kind, selector),
            "authress" => authress::seed::saved_records(&world.authress, kind, selector),
            _ => legacy::seed::saved_records(&world.legacy, kind, selector),
        };
        if found.len() > 1 {
            let mut accounts: Vec<&str> = found.iter().map(|it| it.account.as_str()).collect();
            accounts.dedup();
            accounts.truncate(MAX_LISTED);
            let reason =
                format!("must be one of several with such a record, such as {}", accounts.join(", "));
            return Err(AdminError::invalid("account", reason));
        }
        let not_found = || AdminError::not_found("record", &self.selector.id);
        let SavedRecord { account, id, json } = found.pop().ok_or_else(not_found)?;
        let (dialect, kind) = (self.dialect.to_owned(), self.kind.clone());
        Ok(StoredRecord { dialect, kind, account, id, record: json })
    }
}

/// The maximum number of accounts in an error.
const MAX_LISTED: usize = 5;

impl Admin {
    /// Returns the record `id` of `kind` in the format of the seed: a group, a policy of IBM, or a neighbor of groups.
    ///
    /// # Errors
    /// [`AdminError::NotFound`] if there is no such record, and [`AdminError::Invalid`] if there are several and no
    /// `account` is given.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::builder().seed(r#"{"legacy":{"access_groups":[{"id":4,"name":"a"}]}}"#).start();
    /// let record = mock.admin().record("legacy", "access_group", None, "4")?;
    /// assert!(record.record.get().contains(r#""name":"a""#));
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn record(
        &self,
        dialect: &str,
        kind: &str,
        account: Option<&str>,
        id: &str,
    ) -> Result<StoredRecord, AdminError> {
        let query = RecordQuery::new(dialect, kind, account, id)?;
        query.find(&self.app.namespace().store.read(MockState::clone))
    }
}
