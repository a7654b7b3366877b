//! `IbmNeighbor`: a kind of neighbor with its errors, and the operations that the kinds share.

use super::super::error;
use super::super::records::caller::Caller;
use super::super::state::IbmState;
use crate::domain::neighbors::{Neighbor, NeighborKind};
use crate::json::RawFields;
use crate::spec::{ApiError, ErrorCode};
use crate::store::{Listing, Tx};

/// A kind of neighbor with its errors. Its ids are unique among all accounts, and its names in an account.
#[derive(Debug)]
pub struct IbmNeighbor {
    pub kind: NeighborKind,
    /// The error for an unknown id.
    pub unknown: &'static ErrorCode,
    /// The error for a name that another neighbor of the account has.
    pub name_in_use: &'static ErrorCode,
}

impl IbmNeighbor {
    /// Returns the name of the list, which contains the neighbors of all accounts.
    pub const fn list(&self) -> &'static str {
        self.kind.path
    }

    /// Checks the fields of a body; those that are absent only if the body must be complete.
    ///
    /// # Errors
    /// [`error::INVALID_PAYLOAD`] with every invalid field.
    pub fn check(&self, fields: &RawFields<'_>, is_complete: bool) -> Result<(), ApiError> {
        let violations = if is_complete { self.kind.check(fields) } else { self.kind.check_partial(fields) };
        if violations.is_empty() { Ok(()) } else { Err(error::INVALID_PAYLOAD.with_violations(violations)) }
    }
}

impl IbmState {
    /// Returns the neighbor with `id`.
    ///
    /// # Errors
    /// The error of the kind, and `forbidden` if the caller may not use the account.
    pub fn neighbor(&self, row: &IbmNeighbor, id: &str, caller: &Caller) -> Result<&Neighbor, ApiError> {
        let found = self.neighbors.get(row.list(), id).ok_or_else(|| row.unknown.with_subject(id))?;
        caller.check_account_access(&found.owner)?;
        Ok(found)
    }

    /// Returns the neighbors of a kind that an account has, in the order of creation.
    pub fn neighbors_of(&self, row: &IbmNeighbor, account: &str) -> Listing<'_, Neighbor> {
        self.neighbors.list_of(row.list(), account)
    }

    /// Adds a neighbor with the given fields, which were checked.
    ///
    /// # Errors
    /// The error of a name that is in use.
    pub fn create_neighbor(
        &mut self,
        row: &'static IbmNeighbor,
        fields: &RawFields<'_>,
        tx: &mut Tx<'_>,
    ) -> Result<&Neighbor, ApiError> {
        let account = fields.string("account_id").unwrap_or_default();
        self.check_neighbor_name(row, &account, fields, "")?;
        self.intern_account(&account);
        let created = self.neighbors.create(&row.kind, row.list(), fields, tx);
        Ok(created.expect("the server draws the identifiers of this kind"))
    }

    /// Replaces the given fields of the neighbor with `id`.
    ///
    /// # Errors
    /// The error of an unknown id, or of a name that is in use.
    pub fn update_neighbor(
        &mut self,
        (row, id): (&'static IbmNeighbor, &str),
        fields: &RawFields<'_>,
        tx: &mut Tx<'_>,
    ) -> Result<&Neighbor, ApiError> {
        let unknown = || row.unknown.with_subject(id);
        let account = self.neighbors.get(row.list(), id).ok_or_else(unknown)?.owner.clone();
        self.check_neighbor_name(row, &account, fields, id)?;
        self.neighbors.update((row.list(), id), fields, tx).ok_or_else(unknown)
    }

    /// Deletes the neighbor with `id`.
    ///
    /// # Errors
    /// As [`IbmState::neighbor`].
    pub fn delete_neighbor(&mut self, row: &IbmNeighbor, id: &str, caller: &Caller) -> Result<(), ApiError> {
        self.neighbor(row, id, caller)?;
        self.neighbors.delete(row.list(), id);
        Ok(())
    }

    /// Checks that no neighbor of the account has the name in `fields`, except the one with `own_id`.
    ///
    /// # Errors
    /// The error of the kind for a name that is in use.
    pub(super) fn check_neighbor_name(
        &self,
        row: &IbmNeighbor,
        account: &str,
        fields: &RawFields<'_>,
        own_id: &str,
    ) -> Result<(), ApiError> {
        let Some(name) = fields.string("name") else { return Ok(()) };
        let mut others =
            self.neighbors.list_of(row.list(), account).iter().filter(|other| *other.id != *own_id);
        if others.any(|other| other.has_text("name", &name)) {
            return Err(row.name_in_use.with_subject(name));
        }
        Ok(())
    }
}
