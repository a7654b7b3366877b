//! `SortedIndex`: one sort order of a large partition.

use std::cmp::Ordering;
use std::sync::atomic::{AtomicBool, Ordering as Memory};
use std::sync::{Arc, OnceLock};

use super::super::indexed_set::IndexedSet;

/// The number of slots that each write adds to a partial index.
const BUILD_STEP: usize = 16;

/// One sort order of a large partition, built lazily.
///
/// A complete index makes every insertion slower, and most orders are never read. Therefore an index is built by the
/// first read in its order, and then stays with that partition and all its clones. A clone that was written before that
/// read builds its own index in small steps, one with each further write.
#[derive(Debug, Clone, Default)]
pub(super) struct SortedIndex {
    complete: OnceLock<IndexedSet>,
    /// While the index is not complete: the slots of the first records in creation order.
    partial: IndexedSet,
    /// Whether the partition, or a clone of it, was ever read in this order.
    is_used: Arc<AtomicBool>,
}

impl SortedIndex {
    /// Returns whether the index is complete, so that the next read need not build it.
    pub(super) fn is_complete(&self) -> bool {
        self.complete.get().is_some()
    }

    /// Returns the sorted slots for reading, built by `build` if the index is not complete.
    pub(super) fn read(&self, build: &dyn Fn() -> IndexedSet) -> &IndexedSet {
        // Stored only once, because all processors that read share this cache line.
        if !self.is_used.load(Memory::Relaxed) {
            self.is_used.store(true, Memory::Relaxed);
        }
        self.complete.get_or_init(build)
    }

    /// Builds the index before its first read.
    pub(super) fn prebuild(&self, build: &dyn Fn() -> IndexedSet) {
        self.complete.get_or_init(build);
    }

    /// Drops a prebuilt index if it was never read.
    pub(super) fn drop_unused(&mut self) {
        if !self.is_used.load(Memory::Relaxed) {
            self.complete.take();
        }
    }

    /// Returns whether the index is being built in steps, so that a write needs the creation rank of its record.
    pub(super) fn is_partial(&self) -> bool {
        !self.partial.is_empty()
    }

    /// Inserts `slot`, which has the rank `rank` in creation order, at the searched position.
    pub(super) fn insert(&mut self, slot: u32, rank: usize, probe: &dyn Fn(u32) -> Ordering) {
        match self.complete.get_mut() {
            Some(complete) => complete.insert(slot, probe),
            None if rank < self.partial.len() => self.partial.insert(slot, probe),
            None => {}
        }
    }

    /// Removes the slot at the searched position, which had the rank `rank` in creation order.
    pub(super) fn remove(&mut self, rank: usize, probe: &dyn Fn(u32) -> Ordering) {
        match self.complete.get_mut() {
            Some(complete) => drop(complete.remove(probe)),
            None if rank < self.partial.len() => drop(self.partial.remove(probe)),
            None => {}
        }
    }

    /// Continues to build an index that was read; `created` has all slots, and `compare` compares two of them.
    pub(super) fn build_step(&mut self, created: &IndexedSet, compare: &dyn Fn(u32, u32) -> Ordering) {
        if self.is_complete() {
            self.partial = IndexedSet::default();
            return;
        }
        if !self.is_used.load(Memory::Relaxed) {
            return;
        }
        for slot in created.iter_from(self.partial.len()).take(BUILD_STEP) {
            self.partial.insert(slot, &|other| compare(other, slot));
        }
        if self.partial.len() == created.len() {
            self.complete = OnceLock::from(std::mem::take(&mut self.partial));
        }
    }

    /// Returns the slots in the index, and whether the index is complete.
    #[cfg(test)]
    pub(super) fn slots(&self) -> (&IndexedSet, bool) {
        self.complete.get().map_or((&self.partial, false), |complete| (complete, true))
    }
}
