//! Bulk loads: many records are added to an empty collection, and its indexes are built at the end.
//!
//! An insertion into an index loads the parts of the index and other records into the cache, which takes most of the time
//! of a load. The end of a bulk load sorts the hashes of all records instead, so that it builds each part of an index
//! once; two threads share the work of a large one. The result does not depend on the threads.

use super::super::chunked_vec::ChunkedVec;
use super::super::cow_hash_table::{CowHashTable, Entry, ShortHash};
use super::super::indexed_set::IndexedSet;
use super::super::two_threads::in_two_threads;
use super::Collection;
use super::indexing::{MAX_UNINDEXED_LEN, build_orders, record_at};
use super::partition::PartitionIndex;
use super::record::{Record, Slot, compute_hash};
use super::sorting::sort_by_sequence;
use super::unindexed::{Run, Unindexed};

/// The number of records from which on two threads build the indexes: for fewer, starting a thread takes longer.
const PARALLEL_LEN: usize = if cfg!(test) { 100 } else { 2_000 };

/// Two records of a bulk load have the same key or the same sequence number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkLoadError;

impl<R: Record> Collection<R> {
    /// Starts a bulk load if the collection is empty; otherwise, records are still inserted one by one.
    ///
    /// Until [`Collection::finish_bulk_load`], insertions succeed even if the key or the sequence number already exists,
    /// the collection must not be listed, and only the record that was inserted last can be found, updated and pinned.
    pub fn begin_bulk_load(&mut self) {
        if self.slots.len() == 0 {
            let runs = R::INDEXES.iter().map(|_| Vec::new()).collect();
            self.unindexed.get_or_insert(Unindexed { keys: Vec::new(), runs, is_ordered: true });
        }
    }

    /// Finishes a bulk load, and builds the indexes with the sort orders of large partitions.
    ///
    /// # Errors
    /// [`BulkLoadError`]; the collection is unusable then.
    pub fn finish_bulk_load(&mut self) -> Result<(), BulkLoadError> {
        if let Some(Unindexed { keys, runs, is_ordered }) = self.unindexed.take() {
            let slots = &self.slots;
            let (mut by_key, mut created, mut indexes) = (Err(BulkLoadError), Err(BulkLoadError), Vec::new());
            let index_records =
                || (by_key, created) = (index_keys(keys, slots), order_slots(slots, is_ordered));
            let partition = |(index, runs)| index_partitions(index, runs, slots, is_ordered);
            let index_partition_runs = || indexes = runs.into_iter().enumerate().map(partition).collect();
            if slots.len() < PARALLEL_LEN {
                index_records();
                index_partition_runs();
            } else {
                in_two_threads(Box::new(index_records), Box::new(index_partition_runs));
            }
            self.by_key = by_key?;
            self.created = created?;
            self.indexes = indexes;
        }
        for (index, partitions) in self.indexes.iter().enumerate() {
            partitions.for_each(&mut |partition| {
                if partition.len() > MAX_UNINDEXED_LEN {
                    build_orders(index, partition, &self.slots);
                }
            });
        }
        Ok(())
    }

    /// Adds a record during a bulk load.
    pub(super) fn append(&mut self, sequence: u64, record: R) -> &R {
        let last = self.last_slot().map(|slot| self.slots.get(slot));
        let slot = u32::try_from(self.slots.len()).expect("fewer than 2^32 records fit into memory");
        let unindexed = self.unindexed.as_mut().expect("a bulk load was started");
        unindexed.is_ordered &= last.is_none_or(|last| last.sequence < sequence);
        unindexed.keys.push(ShortHash::new(compute_hash(&record.key())));
        for (index, runs) in R::INDEXES.iter().zip(&mut unindexed.runs) {
            let partition = (index.partition)(&record);
            match runs.last_mut() {
                Some(run) if last.is_some_and(|last| (index.partition)(last.record()) == partition) => {
                    run.len += 1;
                }
                _ => runs.push(Run { hash: ShortHash::new(compute_hash(&partition)), first: slot, len: 1 }),
            }
        }
        if let Some(hint) = record.slot_hint() {
            hint.set(slot);
        }
        self.raise_sequence(sequence);
        self.slots.push(Slot { sequence, record: Some(record) });
        self.record(slot)
    }

    /// Replaces the last record of a bulk load by one with the same key and in the same partitions.
    pub(super) fn set_last(&mut self, slot: u32, record: R) {
        debug_assert!(
            R::INDEXES.iter().all(|index| (index.partition)(self.record(slot)) == (index.partition)(&record)),
            "an update in a bulk load keeps the partitions"
        );
        self.slots.get_mut(slot).record = Some(record);
    }

    /// Returns the last slot of a bulk load.
    pub(super) fn last_slot(&self) -> Option<u32> {
        u32::try_from(self.slots.len()).ok()?.checked_sub(1)
    }
}

/// Returns the table of the keys with the hashes `keys`, by slot.
fn index_keys<R: Record>(
    keys: Vec<ShortHash>,
    slots: &ChunkedVec<Slot<R>>,
) -> Result<CowHashTable<u32>, BulkLoadError> {
    let mut entries: Vec<Entry<u32>> = (0..).zip(keys).map(|(item, hash)| Entry { hash, item }).collect();
    sort_entries(&mut entries);
    for same_hash in entries.chunk_by(|one, other| one.hash == other.hash) {
        for (at, entry) in same_hash.iter().enumerate().skip(1) {
            let key = record_at(slots, entry.item).key();
            if same_hash[..at].iter().any(|earlier| record_at(slots, earlier.item).key() == key) {
                return Err(BulkLoadError);
            }
        }
    }
    Ok(CowHashTable::from_sorted(entries))
}

/// Returns the slots in creation order.
fn order_slots<R: Record>(
    slots: &ChunkedVec<Slot<R>>,
    is_ordered: bool,
) -> Result<IndexedSet, BulkLoadError> {
    let count = u32::try_from(slots.len()).expect("fewer than 2^32 records fit into memory");
    if is_ordered {
        return Ok(IndexedSet::from_sorted((0..count).collect()));
    }
    let mut ordered: Vec<(u64, u32)> = (0..count).map(|slot| (slots.get(slot).sequence, slot)).collect();
    ordered.sort_unstable();
    if ordered.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(BulkLoadError);
    }
    Ok(IndexedSet::from_sorted(ordered.into_iter().map(|(_, slot)| slot).collect()))
}

/// Returns the partitions of the index at `index` whose records are in `runs`.
fn index_partitions<R: Record>(
    index: usize,
    mut runs: Vec<Run>,
    slots: &ChunkedVec<Slot<R>>,
    is_ordered: bool,
) -> CowHashTable<PartitionIndex> {
    let partition_of = |run: &Run| (R::INDEXES[index].partition)(record_at(slots, run.first));
    sort_runs(&mut runs);
    let mut entries = Vec::new();
    let (mut rest, mut members) = (Vec::new(), Vec::new());
    for same_hash in runs.chunk_by(|one, other| one.hash == other.hash) {
        rest.extend_from_slice(same_hash);
        // Nearly always, the same hash means the same partition.
        while let Some(first) = rest.first() {
            let (hash, partition) = (first.hash, partition_of(first));
            rest.retain(|run| {
                let is_other = partition_of(run) != partition;
                if !is_other {
                    members.extend(run.first..run.first + run.len);
                }
                is_other
            });
            if !is_ordered {
                sort_by_sequence(&mut members, &|slot| slots.get(slot).sequence);
            }
            let orders = if members.len() > MAX_UNINDEXED_LEN { R::INDEXES[index].orders.len() } else { 0 };
            entries.push(Entry { hash, item: PartitionIndex::from_sorted(&members, orders) });
            members.clear();
        }
    }
    drop(runs);
    CowHashTable::from_sorted(entries)
}

fn sort_entries(entries: &mut [Entry<u32>]) {
    entries.sort_unstable_by_key(|entry| (entry.hash, entry.item));
}

fn sort_runs(runs: &mut [Run]) {
    runs.sort_unstable_by_key(|run| (run.hash, run.first));
}
