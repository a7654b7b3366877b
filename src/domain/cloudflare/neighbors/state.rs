//! Operations on neighbors: reads, creations, updates and deletions, with their errors.

use super::super::model::CloudflareState;
use super::row::CloudflareNeighbor;
use crate::domain::neighbors::Neighbor;
use crate::json::RawFields;
use crate::spec::ApiError;
use crate::store::Tx;

impl CloudflareState {
    /// Returns the neighbor `id` of `list`, such as `accounts/1/access/apps`.
    ///
    /// # Errors
    /// The error of the kind, or of the kind of its parent, for an unknown identifier.
    pub fn neighbor(&self, row: &CloudflareNeighbor, list: &str, id: &str) -> Result<&Neighbor, ApiError> {
        self.check_parent(row, list)?;
        self.neighbors.get(list, id).ok_or_else(|| row.unknown.error())
    }

    /// Checks that the neighbor that `list` belongs to exists.
    ///
    /// # Errors
    /// The error of its kind for an unknown identifier.
    pub fn check_parent(&self, row: &CloudflareNeighbor, list: &str) -> Result<(), ApiError> {
        let Some(parent) = row.parent else { return Ok(()) };
        let path = list.rsplit_once('/').and_then(|(path, _)| path.rsplit_once('/'));
        let found = path.and_then(|(parent_list, id)| self.neighbors.get(parent_list, id));
        found.map(|_| ()).ok_or_else(|| parent.unknown.error())
    }

    /// Adds a neighbor with the given fields, which were checked.
    ///
    /// # Errors
    /// The error of an unknown parent, or of a name that is in use.
    pub fn create_neighbor(
        &mut self,
        row: &'static CloudflareNeighbor,
        list: &str,
        fields: &RawFields<'_>,
        tx: &mut Tx<'_>,
    ) -> Result<&Neighbor, ApiError> {
        self.check_parent(row, list)?;
        self.check_name(row, list, fields, None)?;
        self.note_owner_of(list);
        let created = self.neighbors.create(&row.kind, list, fields, tx);
        Ok(created.expect("the server draws the identifiers of this kind"))
    }

    /// Replaces a neighbor, or the given fields of it.
    ///
    /// # Errors
    /// The error of an unknown identifier, or of a name that is in use.
    pub fn update_neighbor(
        &mut self,
        row: &'static CloudflareNeighbor,
        (list, id): (&str, &str),
        fields: &RawFields<'_>,
        tx: &mut Tx<'_>,
    ) -> Result<&Neighbor, ApiError> {
        self.neighbor(row, list, id)?;
        self.check_name(row, list, fields, Some(id))?;
        let updated = if row.updates_fields {
            self.neighbors.update((list, id), fields, tx)
        } else {
            self.neighbors.replace((list, id), fields, tx)
        };
        updated.ok_or_else(|| row.unknown.error())
    }

    /// Deletes a neighbor.
    ///
    /// # Errors
    /// The error of an unknown identifier.
    pub fn delete_neighbor(
        &mut self,
        row: &CloudflareNeighbor,
        list: &str,
        id: &str,
    ) -> Result<Neighbor, ApiError> {
        self.neighbor(row, list, id)?;
        self.neighbors.delete(list, id).ok_or_else(|| row.unknown.error())
    }

    /// Makes the account or zone of `list` known.
    fn note_owner_of(&mut self, list: &str) {
        let end = list.match_indices('/').nth(1).map_or(list.len(), |(index, _)| index);
        self.note_owner(&list[..end]);
    }

    /// Checks that no other neighbor of a list with unique names has the name in `fields`.
    fn check_name(
        &self,
        row: &CloudflareNeighbor,
        list: &str,
        fields: &RawFields<'_>,
        id: Option<&str>,
    ) -> Result<(), ApiError> {
        let (Some(code), Some(name)) = (row.name_in_use, fields.string("name")) else { return Ok(()) };
        let is_other = |other: &&Neighbor| id.is_none_or(|id| id != &*other.id);
        let mut others = self.neighbors.list(list).iter().filter(is_other);
        if others.any(|other| other.has_text("name", &name)) {
            return Err(code.error());
        }
        Ok(())
    }
}
