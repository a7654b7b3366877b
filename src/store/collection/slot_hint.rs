//! `SlotHint`: the slot in which a record was found.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};

/// The slot in which a record was found, kept by what refers to it: looking up its key again reads several cache lines.
///
/// It does not take part in comparisons and debug output: all hints are equal.
#[derive(Default)]
pub struct SlotHint(AtomicU32);

impl SlotHint {
    /// Returns whether the record was already found.
    pub fn is_set(&self) -> bool {
        self.slot().is_some()
    }

    /// Returns the slot; `None` if the record was not yet found.
    pub(super) fn slot(&self) -> Option<u32> {
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

impl fmt::Debug for SlotHint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SlotHint")
    }
}
