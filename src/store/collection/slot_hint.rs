//! `SlotHint`: the slot in which a record was found.

use std::sync::atomic::{AtomicU32, Ordering};

use super::{Collection, Key, Record};

/// The slot in which a record was found, kept by what refers to it: looking up its key again reads several cache lines.
///
/// It does not take part in comparisons: all hints are equal.
#[derive(Debug, Default)]
pub struct SlotHint(AtomicU32);

impl SlotHint {
    /// Returns the slot; `None` if the record was not yet found.
    fn slot(&self) -> Option<u32> {
        self.0.load(Ordering::Relaxed).checked_sub(1)
    }

    /// Notes the slot of the record.
    pub(super) fn set(&self, slot: u32) {
        self.0.store(slot.saturating_add(1), Ordering::Relaxed);
    }
}

impl PartialEq for SlotHint {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for SlotHint {}

impl<R: Record> Collection<R> {
    /// Returns the record with `key`, like [`Collection::get`].
    ///
    /// `hint` may be of another copy of the collection, or of a record that was deleted: `is_record` returns whether a
    /// record is the wanted one, and is false for some wanted ones.
    pub fn get_hinted(&self, key: Key<'_>, hint: &SlotHint, is_record: impl Fn(&R) -> bool) -> Option<&R> {
        let hinted = hint.slot().filter(|slot| (*slot as usize) < self.slots.len());
        let record = hinted.and_then(|slot| self.slots.get(slot).record.as_ref());
        record.filter(|record| is_record(record)).or_else(|| {
            let slot = self.find_slot(key)?;
            hint.set(slot);
            Some(self.record(slot))
        })
    }
}
