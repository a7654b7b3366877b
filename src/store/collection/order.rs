//! `Order`: one secondary order of a long partition.

use std::cmp::Ordering;
use std::sync::atomic::{AtomicBool, Ordering as Memory};
use std::sync::{Arc, OnceLock};

use super::super::ranked::RankedSet;

/// With how many earlier records each write goes on to make an order that was read and is not kept.
const CATCH_UP: usize = 16;

/// One secondary order of a long partition.
///
/// A create pays for each order that is kept, and most are never read. So an order is kept from its first reading on:
/// it is made for that reading, and stays with the partition that was read and with all its copies. A copy that was
/// written meanwhile makes its own in small steps, one with each further write.
#[derive(Debug, Clone, Default)]
pub(super) struct Order {
    kept: OnceLock<RankedSet>,
    /// While it is not kept: the slots of the first so many records in the order of creation.
    begun: RankedSet,
    /// Whether the partition, or a copy of it, was ever read in this order.
    is_read: Arc<AtomicBool>,
}

impl Order {
    /// Returns whether the next reading need not make it.
    pub(super) fn is_kept(&self) -> bool {
        self.kept.get().is_some()
    }

    /// Returns the slots in this order for reading; `make` gives them where they are not kept yet.
    pub(super) fn read(&self, make: impl FnOnce() -> RankedSet) -> &RankedSet {
        // Written once, as all processors that read have it in their caches.
        if !self.is_read.load(Memory::Relaxed) {
            self.is_read.store(true, Memory::Relaxed);
        }
        self.kept.get_or_init(make)
    }

    /// Keeps what `make` gives, so that the first reading finds it.
    pub(super) fn prepare(&self, make: impl FnOnce() -> RankedSet) {
        self.kept.get_or_init(make);
    }

    /// Forgets what was prepared, unless it was read.
    pub(super) fn forget_unread(&mut self) {
        if !self.is_read.load(Memory::Relaxed) {
            self.kept.take();
        }
    }

    /// Returns whether it is being made in steps, so that a write must know a record's place by creation.
    pub(super) fn is_begun(&self) -> bool {
        !self.begun.is_empty()
    }

    /// Puts `slot`, which stands at `rank` in the order of creation, at the probed place.
    pub(super) fn insert(&mut self, slot: u32, rank: usize, probe: impl Fn(u32) -> Ordering) {
        match self.kept.get_mut() {
            Some(kept) => kept.insert(slot, probe),
            None if rank < self.begun.len() => self.begun.insert(slot, probe),
            None => {}
        }
    }

    /// Removes the slot at the probed place, which stood at `rank` in the order of creation.
    pub(super) fn remove(&mut self, rank: usize, probe: impl Fn(u32) -> Ordering) {
        match self.kept.get_mut() {
            Some(kept) => drop(kept.remove(probe)),
            None if rank < self.begun.len() => drop(self.begun.remove(probe)),
            None => {}
        }
    }

    /// Goes on to make an order that was read; `created` has all slots, and `probe_of` finds the place of one.
    pub(super) fn catch_up<P: Fn(u32) -> Ordering>(
        &mut self,
        created: &RankedSet,
        probe_of: impl Fn(u32) -> P,
    ) {
        if self.is_kept() {
            self.begun = RankedSet::default();
            return;
        }
        if !self.is_read.load(Memory::Relaxed) {
            return;
        }
        for slot in created.iter_from(self.begun.len()).take(CATCH_UP) {
            self.begun.insert(slot, probe_of(slot));
        }
        if self.begun.len() == created.len() {
            self.kept = OnceLock::from(std::mem::take(&mut self.begun));
        }
    }

    /// Returns the slots that it holds, and whether these are all.
    #[cfg(test)]
    pub(super) fn slots(&self) -> (&RankedSet, bool) {
        self.kept.get().map_or((&self.begun, false), |kept| (kept, true))
    }
}
