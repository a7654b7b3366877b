//! Bulk loads: many records are added to an empty collection, and its indexes are built at the end.
//!
//! An insertion into an index loads the parts of the index and other records into the cache, which takes most of the time
//! of a load. The end of a bulk load sorts the hashes of all records instead, so that it builds each part of an index
//! once; two threads share the work of a large one. The result does not depend on the threads.

use super::super::cow_hash_table::{CowHashTable, Entry, ShortHash};
use super::super::indexed_set::IndexedSet;
use super::super::two_threads::in_two_threads;
use super::Collection;
use super::indexing::{MAX_UNINDEXED_LEN, build_order, build_orders, record_at};
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
            let runs = vec![Vec::new(); R::INDEXES.len()];
            self.unindexed.get_or_insert(Unindexed { keys: Vec::new(), runs, is_ordered: true });
        }
    }

    /// Finishes a bulk load, and builds the indexes with the sort orders of large partitions.
    ///
    /// # Errors
    /// [`BulkLoadError`]; the collection is unusable then.
    pub fn finish_bulk_load(&mut self) -> Result<(), BulkLoadError> {
        let slots = &self.slots;
        if let Some(unindexed) = self.unindexed.take() {
            let partition = |index: usize, slot| (R::INDEXES[index].partition)(record_at(slots, slot));
            let records = UnindexedRecords {
                len: u32::try_from(slots.len()).expect("fewer than 2^32 records fit into memory"),
                sequence: &|slot| slots.get(slot).sequence,
                have_same_key: &|one, other| record_at(slots, one).key() == record_at(slots, other).key(),
                have_same_partition: &|index, one, other| partition(index, one) == partition(index, other),
                count_orders: &|index| R::INDEXES[index].orders.len(),
            };
            let (by_key, created, indexes) = build_indexes(unindexed, &records);
            self.by_key = by_key?;
            self.created = created?;
            self.indexes = indexes;
        }
        for (index, partitions) in self.indexes.iter().enumerate() {
            partitions.for_each(&mut |partition| {
                if partition.len() > MAX_UNINDEXED_LEN {
                    build_orders(partition, &|order| build_order(partition, slots, (index, order)));
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
        for (number, runs) in unindexed.runs.iter_mut().enumerate() {
            let index = &R::INDEXES[number];
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

/// The records of a bulk load, of any type, so that the compiler generates its end only once.
struct UnindexedRecords<'a> {
    len: u32,
    sequence: &'a (dyn Fn(u32) -> u64 + Sync),
    have_same_key: &'a (dyn Fn(u32, u32) -> bool + Sync),
    /// Whether two records are in the same partition of the index with a number.
    have_same_partition: &'a (dyn Fn(usize, u32, u32) -> bool + Sync),
    /// Returns the number of sort orders of the index with a number.
    count_orders: &'a (dyn Fn(usize) -> usize + Sync),
}

/// The table of the keys, the slots in creation order, and the partitions of each index.
type Indexes = (
    Result<CowHashTable<u32>, BulkLoadError>,
    Result<IndexedSet, BulkLoadError>,
    Vec<CowHashTable<PartitionIndex>>,
);

/// Returns the indexes of the records, which large ones build in two threads.
fn build_indexes(unindexed: Unindexed, records: &UnindexedRecords<'_>) -> Indexes {
    let Unindexed { keys, runs, is_ordered } = unindexed;
    let (mut by_key, mut created, mut indexes) = (Err(BulkLoadError), Err(BulkLoadError), Vec::new());
    let index_records = || (by_key, created) = (index_keys(keys, records), order_slots(records, is_ordered));
    let partition = |(index, runs)| index_partitions(index, runs, records, is_ordered);
    let index_partition_runs = || indexes = runs.into_iter().enumerate().map(partition).collect();
    if (records.len as usize) < PARALLEL_LEN {
        index_records();
        index_partition_runs();
    } else {
        in_two_threads(Box::new(index_records), Box::new(index_partition_runs));
    }
    (by_key, created, indexes)
}

/// Returns the table of the keys with the hashes `keys`, by slot.
fn index_keys(
    keys: Vec<ShortHash>,
    records: &UnindexedRecords<'_>,
) -> Result<CowHashTable<u32>, BulkLoadError> {
    let mut entries: Vec<Entry<u32>> = (0..).zip(keys).map(|(item, hash)| Entry { hash, item }).collect();
    entries.sort_unstable_by_key(|entry| (entry.hash, entry.item));
    for same_hash in entries.chunk_by(|one, other| one.hash == other.hash) {
        for (at, entry) in same_hash.iter().enumerate().skip(1) {
            if same_hash[..at].iter().any(|earlier| (records.have_same_key)(earlier.item, entry.item)) {
                return Err(BulkLoadError);
            }
        }
    }
    Ok(CowHashTable::from_sorted(entries))
}

/// Returns the slots in creation order.
fn order_slots(records: &UnindexedRecords<'_>, is_ordered: bool) -> Result<IndexedSet, BulkLoadError> {
    if is_ordered {
        return Ok(IndexedSet::from_sorted((0..records.len).collect()));
    }
    let mut ordered: Vec<(u64, u32)> =
        (0..records.len).map(|slot| ((records.sequence)(slot), slot)).collect();
    ordered.sort_unstable();
    if ordered.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(BulkLoadError);
    }
    Ok(IndexedSet::from_sorted(ordered.into_iter().map(|(_, slot)| slot).collect()))
}

/// Returns the partitions of the index at `index` whose records are in `runs`.
fn index_partitions(
    index: usize,
    mut runs: Vec<Run>,
    records: &UnindexedRecords<'_>,
    is_ordered: bool,
) -> CowHashTable<PartitionIndex> {
    let orders = (records.count_orders)(index);
    runs.sort_unstable_by_key(|run| (run.hash, run.first));
    let mut entries = Vec::new();
    let (mut rest, mut members) = (Vec::new(), Vec::new());
    for same_hash in runs.chunk_by(|one, other| one.hash == other.hash) {
        rest.extend_from_slice(same_hash);
        // Nearly always, the same hash means the same partition.
        while let Some(first) = rest.first() {
            let Run { hash, first, .. } = *first;
            rest.retain(|run| {
                let is_other = run.first != first && !(records.have_same_partition)(index, first, run.first);
                if !is_other {
                    members.extend(run.first..run.first + run.len);
                }
                is_other
            });
            if !is_ordered {
                sort_by_sequence(&mut members, records.sequence);
            }
            let orders = if members.len() > MAX_UNINDEXED_LEN { orders } else { 0 };
            entries.push(Entry { hash, item: PartitionIndex::from_sorted(&members, orders) });
            members.clear();
        }
    }
    drop(runs);
    CowHashTable::from_sorted(entries)
}
