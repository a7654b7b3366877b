//! `Neighbors`: the neighbors of a vendor in the store.

use super::kind::{IdSource, NeighborKind};
use super::record::{Neighbor, compose, sent_id};
use crate::json::RawFields;
use crate::store::{Collection, CowArc, Listing, Tx, WriteEnd};

/// The only index: by list.
const BY_LIST: usize = 0;

/// The neighbors of a vendor. Each is in a list, which is named like the path of its kind.
#[derive(Debug, Clone, Default)]
pub struct Neighbors {
    pub(super) records: CowArc<Collection<Neighbor>>,
}

impl Neighbors {
    /// Returns the neighbor `id` of `list`.
    pub fn get(&self, list: &str, id: &str) -> Option<&Neighbor> {
        self.records.get((list, id))
    }

    /// Returns the neighbors of `list`, in the order of creation.
    pub fn list(&self, list: &str) -> Listing<'_, Neighbor> {
        self.list_of(list, "")
    }

    /// Returns the neighbors of one owner in a list of all owners, in the order of creation.
    pub fn list_of(&self, list: &str, owner: &str) -> Listing<'_, Neighbor> {
        self.records.list(BY_LIST, (list, owner))
    }

    /// Returns all neighbors in the order of creation.
    pub fn iter(&self) -> impl Iterator<Item = &Neighbor> {
        self.records.iter()
    }

    /// Returns an estimate of the bytes that this copy keeps in memory besides `newer`, a later copy.
    pub fn unshared_bytes(&self, newer: &Self) -> usize {
        self.records.unshared_bytes(&newer.records, Collection::unshared_bytes)
    }

    /// Ends a write: keeps or undoes its changes.
    pub fn end_write(&mut self, end: WriteEnd) {
        self.records.end_write(end);
    }

    /// Adds a neighbor with the given fields, which were checked.
    ///
    /// Returns `None`, and changes nothing, if the client chose an identifier that the list already has.
    pub fn create(
        &mut self,
        kind: &'static NeighborKind,
        list: &str,
        fields: &RawFields<'_>,
        tx: &mut Tx<'_>,
    ) -> Option<&Neighbor> {
        let id = match sent_id(kind, fields) {
            Some(id) if self.get(list, &id).is_some() => return None,
            Some(id) => id,
            None => self.new_id(kind, list, tx),
        };
        let json = compose(kind, (list, &id), fields, None, tx);
        let revision = tx.next_revision();
        let owner = kind.owner(fields);
        let record = Neighbor { kind, list: list.into(), id: id.into(), owner, json, revision };
        Some(self.records.insert(record).expect("the identifier was checked to be unused"))
    }

    /// Replaces the fields of the neighbor `id` of `list`; those that the vendor added once are kept.
    pub fn replace(
        &mut self,
        (list, id): (&str, &str),
        fields: &RawFields<'_>,
        tx: &mut Tx<'_>,
    ) -> Option<&Neighbor> {
        let mut record = self.get(list, id)?.clone();
        record.json = compose(record.kind, (list, id), fields, Some(&record.fields()), tx);
        record.revision = tx.next_revision();
        self.records.replace(record)
    }

    /// Replaces only the given fields of the neighbor `id` of `list`.
    pub fn update(
        &mut self,
        (list, id): (&str, &str),
        fields: &RawFields<'_>,
        tx: &mut Tx<'_>,
    ) -> Option<&Neighbor> {
        let mut record = self.get(list, id)?.clone();
        let previous = record.fields();
        let json = compose(record.kind, (list, id), &previous.merge(fields), Some(&previous), tx);
        record.json = json;
        record.revision = tx.next_revision();
        self.records.replace(record)
    }

    /// Deletes the neighbor `id` of `list`, with the lists below it, and returns it. A pinned one is reset to its
    /// seeded value.
    pub fn delete(&mut self, list: &str, id: &str) -> Option<Neighbor> {
        let deleted = self.records.delete((list, id))?;
        for child in deleted.kind.children {
            self.delete_list(&[list, id, child].join("/"));
        }
        Some(deleted)
    }

    /// Deletes all neighbors of `list`; pinned ones are reset to their seeded values.
    pub fn delete_list(&mut self, list: &str) {
        self.records.delete_partition(BY_LIST, (list, ""));
    }

    /// Returns an identifier that no neighbor of `list` has.
    pub(super) fn new_id(&self, kind: &NeighborKind, list: &str, tx: &mut Tx<'_>) -> String {
        let (IdSource::Drawn(draw) | IdSource::Sent(_, draw)) = kind.id;
        tx.ids.draw_unused(draw, |id| self.get(list, id).is_some())
    }
}
