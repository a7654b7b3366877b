//! `Collection<R>`: records by key, in creation order, with declared indexes.
//!
//! Imports only its siblings `indexed_set`, `cow_arc`, `chunked_vec`, `segment_texts`, `slot_set`, `cow_hash_table`,
//! `two_threads` and `undo`.
//! Invariants: every index agrees with the key table; an operation that fails changes nothing.

mod bulk_delete;
mod bulk_load;
mod change;
mod indexing;
mod listing;
mod partition;
mod record;
mod records;
mod search;
mod selection;
mod sharing;
mod slot_hint;
mod sorted_index;
mod sorting;
#[cfg(test)]
mod tests;
mod undo;
mod unindexed;

use super::chunked_vec::ChunkedVec;
use super::cow_arc::CowArc;
use super::cow_hash_table::CowHashTable;
use super::indexed_set::IndexedSet;
use super::slot_set::SlotSet;
pub use bulk_load::BulkLoadError;
use change::Change;
use indexing::{add_to_partition, by_sequence, record_at, remove_from_partition};
pub use listing::Listing;
use partition::PartitionIndex;
use record::Slot;
pub(super) use record::compute_hash;
pub use record::{AppendText, Direction, Index, Key, PageRange, Partition, Record};
pub use records::{NumberedRecords, Records};
pub use search::Found;
pub use selection::Selection;
pub use slot_hint::SlotHint;
use unindexed::Unindexed;

/// Records by key, in creation order, with the indexes that `R::VIEWS` declares.
#[derive(Debug, Clone)]
pub struct Collection<R: Record> {
    slots: ChunkedVec<Slot<R>>,
    free: Vec<u32>,
    next_sequence: u64,
    by_key: CowHashTable<u32>,
    created: IndexedSet,
    indexes: Vec<CowHashTable<PartitionIndex>>,
    /// The values that a deletion restores, sorted by their slots; a pinned slot is never freed.
    pinned: CowArc<Vec<(u32, R)>>,
    /// During a bulk load: what the indexes are built from at its end.
    unindexed: Option<Unindexed>,
    /// The changes of the current write, the oldest one first.
    changes: Vec<Change<R>>,
}

impl<R: Record> Default for Collection<R> {
    fn default() -> Self {
        Self {
            slots: ChunkedVec::default(),
            free: Vec::new(),
            next_sequence: 1,
            by_key: CowHashTable::default(),
            created: IndexedSet::default(),
            indexes: vec![CowHashTable::default(); R::INDEXES.len()],
            pinned: CowArc::default(),
            unindexed: None,
            changes: Vec::new(),
        }
    }
}

impl<R: Record> Collection<R> {
    /// The maximum sequence number in a saved state: the largest integer that every JSON parser reads exactly.
    pub const MAX_SEQUENCE: u64 = (1 << 53) - 1;

    /// Returns the number of records.
    pub fn len(&self) -> usize {
        self.created.len()
    }

    /// Returns whether the collection is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the record with `key`.
    pub fn get(&self, key: Key<'_>) -> Option<&R> {
        self.find_slot(key).map(|slot| self.record(slot))
    }

    /// Returns the record with `key`, like [`Collection::get`], if possible without looking up the key.
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

    /// Returns whether there is a record with `key`.
    pub fn contains(&self, key: Key<'_>) -> bool {
        self.find_slot(key).is_some()
    }

    /// Returns the first record of each partition of the index at `index`, and the number of its records, in no
    /// particular order.
    pub fn partitions(&self, index: usize) -> impl Iterator<Item = (&R, usize)> {
        self.indexes[index].iter().map(|partition| (self.record(partition.first()), partition.len()))
    }

    /// Returns all records in creation order.
    pub fn iter(&self) -> Records<'_, R> {
        self.iter_from(0)
    }

    /// Returns all records in creation order, starting at `offset`.
    pub fn iter_from(&self, offset: usize) -> Records<'_, R> {
        Records { collection: self, slots: self.created.iter_from(offset) }
    }

    /// Returns all records in creation order, each with its sequence number.
    pub fn iter_with_sequence(&self) -> NumberedRecords<'_, R> {
        NumberedRecords { collection: self, slots: self.created.iter_from(0) }
    }

    /// Appends a record in creation order.
    ///
    /// # Errors
    /// Returns the record if its key already exists; the collection is unchanged then.
    pub fn insert(&mut self, record: R) -> Result<&R, R> {
        if self.unindexed.is_some() {
            return Ok(self.append(self.next_sequence, record));
        }
        let hash = compute_hash(&record.key());
        if self.find_slot_with_hash(hash, record.key()).is_some() {
            return Err(record);
        }
        Ok(self.add(self.next_sequence, hash, record))
    }

    /// Inserts a record with the sequence number `sequence` of a saved state.
    ///
    /// # Errors
    /// Returns the record if its key or its sequence number already exists, or if the sequence number is not from 1 to
    /// [`Collection::MAX_SEQUENCE`]; the collection is unchanged then.
    pub fn insert_at(&mut self, sequence: u64, record: R) -> Result<&R, R> {
        let is_valid = (1..=Self::MAX_SEQUENCE).contains(&sequence);
        if is_valid && self.unindexed.is_some() {
            return Ok(self.append(sequence, record));
        }
        let is_free = is_valid && !self.contains_sequence(sequence);
        let hash = compute_hash(&record.key());
        if !is_free || self.find_slot_with_hash(hash, record.key()).is_some() {
            return Err(record);
        }
        Ok(self.add(sequence, hash, record))
    }

    /// Reserves all sequence numbers up to and including `sequence`, so that the next record gets a greater one.
    pub fn reserve_through(&mut self, sequence: u64) {
        self.note(Change::Reserved { next_sequence: self.next_sequence });
        self.raise_sequence(sequence);
    }

    fn raise_sequence(&mut self, sequence: u64) {
        self.next_sequence = self.next_sequence.max(sequence.saturating_add(1));
    }

    /// Returns the maximum sequence number that was ever assigned or reserved; 0 if there is none.
    pub const fn last_sequence(&self) -> u64 {
        self.next_sequence - 1
    }

    /// Returns the sequence number of the record with `key`; numbers start at 1 and are never reused.
    pub fn sequence_by_key(&self, key: Key<'_>) -> Option<u64> {
        self.find_slot(key).map(|slot| self.sequence(slot))
    }

    /// Updates the record with `key` by `change`, which must not change the key; returns `None` if it does not exist.
    pub fn update(&mut self, key: Key<'_>, change: impl FnOnce(&mut R)) -> Option<&R> {
        let slot = self.find_slot(key)?;
        let mut record = self.record(slot).clone();
        change(&mut record);
        self.set(slot, record);
        Some(self.record(slot))
    }

    /// Replaces the record that has the same key as `record`; returns `None` if it does not exist.
    pub fn replace(&mut self, record: R) -> Option<&R> {
        let slot = self.find_slot(record.key())?;
        self.set(slot, record);
        Some(self.record(slot))
    }

    /// Deletes and returns the record with `key`; a pinned record is reset to its pinned value instead.
    pub fn delete(&mut self, key: Key<'_>) -> Option<R> {
        let slot = self.find_slot(key)?;
        let Some(pinned) = self.pinned_at(slot).cloned() else {
            let record = self.record(slot).clone();
            self.remove(slot);
            return Some(record);
        };
        let old = self.record(slot).clone();
        self.set(slot, pinned);
        Some(old)
    }

    /// Pins the record with `key`: [`Collection::delete`] resets it to its current value.
    pub fn pin(&mut self, key: Key<'_>) {
        if let Some(slot) = self.find_slot(key) {
            let record = self.record(slot).clone();
            self.pin_at(slot, record);
        }
    }

    /// Pins the record that has the same key as `record`: [`Collection::delete`] resets it to `record`.
    pub fn set_pinned(&mut self, record: R) {
        if let Some(slot) = self.find_slot(record.key()) {
            self.pin_at(slot, record);
        }
    }

    /// Returns the pinned value of the record with `key`, to which [`Collection::delete`] resets it.
    pub fn pinned(&self, key: Key<'_>) -> Option<&R> {
        if self.pinned.is_empty() {
            return None;
        }
        self.pinned_at(self.find_slot(key)?)
    }

    fn pinned_at(&self, slot: u32) -> Option<&R> {
        let at = self.pinned_index(slot).ok()?;
        Some(&self.pinned[at].1)
    }

    /// Returns the index of the pinned value of `slot`, or where it would be inserted.
    fn pinned_index(&self, slot: u32) -> Result<usize, usize> {
        self.pinned.binary_search_by_key(&slot, |(slot, _)| *slot)
    }

    fn pin_at(&mut self, slot: u32, record: R) {
        let old = self.swap_pinned(slot, record).map(Box::new);
        self.note(Change::Pinned { slot, old });
    }

    /// Pins the record in `slot`, and returns the previous pinned value.
    fn swap_pinned(&mut self, slot: u32, record: R) -> Option<R> {
        match self.pinned_index(slot) {
            Ok(at) => Some(std::mem::replace(&mut self.pinned[at].1, record)),
            Err(at) => {
                self.pinned.insert(at, (slot, record));
                None
            }
        }
    }

    /// Adds a record whose key has the hash `hash` to the slots, the key table, the creation order and all indexes.
    fn add(&mut self, sequence: u64, hash: u64, record: R) -> &R {
        let next_sequence = self.next_sequence;
        self.raise_sequence(sequence);
        let slot = self.store(Slot { sequence, record: Some(record) });
        if let Some(hint) = self.record(slot).slot_hint() {
            hint.set(slot);
        }
        self.by_key.insert_unique(hash, slot);
        self.created.insert(slot, &by_sequence(&self.slots, slot));
        self.add_to_partitions(slot, &|_, _| true);
        self.note(Change::Added { slot, next_sequence });
        self.record(slot)
    }

    fn contains_sequence(&self, sequence: u64) -> bool {
        let last = self.created.last();
        if last.is_none_or(|slot| self.sequence(slot) < sequence) {
            return false;
        }
        let rank = self.created.rank(&|slot| self.sequence(slot).cmp(&sequence));
        self.created.select(rank).is_some_and(|slot| self.sequence(slot) == sequence)
    }

    /// Returns the set of all slots; a free slot is in it, too.
    fn all_slots(&self) -> SlotSet {
        SlotSet::full(self.slots.len())
    }

    fn record(&self, slot: u32) -> &R {
        self.slots.get(slot).record()
    }

    fn sequence(&self, slot: u32) -> u64 {
        self.slots.get(slot).sequence
    }

    fn find_slot(&self, key: Key<'_>) -> Option<u32> {
        if self.unindexed.is_some() {
            return self.last_slot().filter(|&slot| self.record(slot).key() == key);
        }
        self.find_slot_with_hash(compute_hash(&key), key)
    }

    fn find_slot_with_hash(&self, hash: u64, key: Key<'_>) -> Option<u32> {
        self.by_key.find(hash, &|&slot| self.record(slot).key() == key).copied()
    }

    fn find_partition(&self, index: usize, key: Partition<'_>) -> Option<&PartitionIndex> {
        let partition_key = R::INDEXES[index].partition;
        self.indexes[index]
            .find(compute_hash(&key), &|partition| partition_key(self.record(partition.first())) == key)
    }

    /// Stores a record in a free or a new slot and returns the number of the slot.
    fn store(&mut self, slot: Slot<R>) -> u32 {
        if let Some(free) = self.free.pop() {
            *self.slots.get_mut(free) = slot;
            return free;
        }
        self.slots.push(slot);
        u32::try_from(self.slots.len() - 1).expect("fewer than 2^32 records fit into memory")
    }

    /// Adds the record in `slot` to its partition in each index for which `is_affected` returns `true`.
    fn add_to_partitions(&mut self, slot: u32, is_affected: &dyn Fn(&Index<R>, &R) -> bool) {
        let slots = &self.slots;
        for (number, partitions) in self.indexes.iter_mut().enumerate() {
            let index = &R::INDEXES[number];
            if is_affected(index, record_at(slots, slot)) {
                add_to_partition(index, partitions, slots, slot);
            }
        }
    }

    /// Replaces the record in `slot` by one with the same key; the sequence number stays the same.
    fn set(&mut self, slot: u32, record: R) {
        debug_assert!(self.record(slot).key() == record.key(), "an update keeps the key");
        if self.unindexed.is_some() {
            self.set_last(slot, record);
            return;
        }
        let old = Box::new(self.swap(slot, record));
        self.note(Change::Replaced { slot, old });
    }

    /// Replaces the record in `slot` like [`Collection::set`], and returns the old one.
    fn swap(&mut self, slot: u32, record: R) -> R {
        for (number, partitions) in self.indexes.iter_mut().enumerate() {
            let index = &R::INDEXES[number];
            if !index.keeps_position(record_at(&self.slots, slot), &record) {
                remove_from_partition(index, partitions, &self.slots, slot);
            }
        }
        let old = self.slots.get_mut(slot).record.replace(record).expect("an indexed slot holds a record");
        self.add_to_partitions(slot, &|index, new| !index.keeps_position(&old, new));
        old
    }

    /// Removes the record in `slot`.
    fn remove(&mut self, slot: u32) {
        let old = Box::new(self.clear_slot(slot));
        self.note(Change::Removed { slot, old });
    }

    /// Removes the record in `slot`, and returns it with its sequence number.
    fn clear_slot(&mut self, slot: u32) -> Slot<R> {
        for (number, partitions) in self.indexes.iter_mut().enumerate() {
            remove_from_partition(&R::INDEXES[number], partitions, &self.slots, slot);
        }
        self.created.remove(&by_sequence(&self.slots, slot));
        let hash = compute_hash(&self.record(slot).key());
        self.by_key.remove(hash, &|&other| other == slot);
        self.vacate(slot)
    }

    /// Takes the record, which no index has any more, out of `slot`, which is free then.
    fn vacate(&mut self, slot: u32) -> Slot<R> {
        self.free.push(slot);
        let vacated = self.slots.get_mut(slot);
        Slot { sequence: vacated.sequence, record: vacated.record.take() }
    }
}

impl<R> Index<R> {
    /// Returns whether a change from `old` to `new` keeps the partition and the position in every sort order.
    fn keeps_position(&self, old: &R, new: &R) -> bool {
        (self.partition)(old) == (self.partition)(new)
            && self.orders.iter().all(|compare| compare(old, new).is_eq())
    }
}
