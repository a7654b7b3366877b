//! The memory that an older copy of a collection keeps.

use super::{Collection, Record, Slot};

/// An estimate of the bytes of the indexes that a write copies with the chunk of a record.
const INDEX_BYTES: usize = 4 * 1024;

impl<R: Record> Collection<R> {
    /// Returns an estimate of the bytes that this copy keeps in memory besides `newer`, a later copy.
    pub fn unshared_bytes(&self, newer: &Self) -> usize {
        self.slots.sum_unshared(&newer.slots, INDEX_BYTES, &|slot, newer| {
            let newer = newer.and_then(|slot| slot.record.as_ref());
            let record = slot.record.as_ref().map_or(0, |record| record.unshared_bytes(newer));
            size_of::<Slot<R>>() + record
        })
    }
}
