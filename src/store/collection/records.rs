//! `Records`: iterators over the records of a collection.
//!
//! They are types of their own, because chains of iterators have long type names, which the compiler repeats in the debug
//! information of all functions that are generated for them.

use super::super::indexed_set::Slots;
use super::Collection;
use super::record::Record;

/// The records in some slots of a collection.
#[derive(Debug)]
pub struct Records<'a, R: Record> {
    pub(super) collection: &'a Collection<R>,
    pub(super) slots: Slots<'a>,
}

/// The records in some slots of a collection, each with its sequence number.
#[derive(Debug)]
pub struct NumberedRecords<'a, R: Record> {
    pub(super) collection: &'a Collection<R>,
    pub(super) slots: Slots<'a>,
}

impl<'a, R: Record> Iterator for Records<'a, R> {
    type Item = &'a R;

    fn next(&mut self) -> Option<&'a R> {
        let slot = self.slots.next()?;
        Some(self.collection.record(slot))
    }
}

impl<'a, R: Record> Iterator for NumberedRecords<'a, R> {
    type Item = (u64, &'a R);

    fn next(&mut self) -> Option<(u64, &'a R)> {
        let slot = self.collection.slots.get(self.slots.next()?);
        Some((slot.sequence, slot.record()))
    }
}
