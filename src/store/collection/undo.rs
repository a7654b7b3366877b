//! The changes of a collection in one write, which are undone if it panics.

use super::super::undo::{Undo, WriteEnd, forget};
use super::Collection;
use super::change::Change;
use super::indexing::by_sequence;
use super::record::{Record, Slot, compute_hash};

impl<R: Record> Collection<R> {
    /// Notes a change of the current write. A bulk load is never undone.
    pub(super) fn note(&mut self, change: Change<R>) {
        if self.unindexed.is_none() {
            self.changes.push(change);
        }
    }

    /// Puts a removed record back into its slot.
    fn put_back(&mut self, slot: u32, old: Slot<R>) {
        // Slots are freed and used again in reverse order, so that this one was freed last.
        let free = self.free.pop();
        debug_assert_eq!(free, Some(slot), "changes are undone in reverse order");
        let hash = compute_hash(&old.record().key());
        *self.slots.get_mut(slot) = old;
        self.by_key.insert_unique(hash, slot);
        self.created.insert(slot, &by_sequence(&self.slots, slot));
        self.add_to_partitions(slot, &|_, _| true);
    }

    fn undo(&mut self, change: Change<R>) {
        match change {
            Change::Added { slot, next_sequence } => {
                drop(self.clear_slot(slot));
                self.next_sequence = next_sequence;
            }
            Change::Replaced { slot, old } => drop(self.swap(slot, *old)),
            Change::Removed { slot, old } => self.put_back(slot, *old),
            Change::Pinned { slot, old: Some(old) } => drop(self.swap_pinned(slot, *old)),
            Change::Pinned { slot, old: None } => {
                if let Ok(at) = self.pinned_index(slot) {
                    self.pinned.remove(at);
                }
            }
            Change::Reserved { next_sequence } => self.next_sequence = next_sequence,
        }
    }
}

impl<R: Record> Undo for Collection<R> {
    fn has_changes(&self) -> bool {
        !self.changes.is_empty()
    }

    fn end_write(&mut self, end: WriteEnd) {
        if end == WriteEnd::Panicked {
            while let Some(change) = self.changes.pop() {
                self.undo(change);
            }
        }
        forget(&mut self.changes);
    }
}
