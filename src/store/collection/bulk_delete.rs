//! Deletions of many records at once.
//!
//! The entries of the records are scattered over large hash tables, and their removal would wait for the memory for each of
//! them. Therefore the entries are visited in the order of their hashes, in which the tables are stored, and several are
//! loaded into the cache of the processor before the first is removed.

use super::super::cow_hash_table::CowHashTable;
use super::Collection;
use super::change::Change;
use super::indexing::{by_sequence, record_at, remove_from_partition};
use super::partition::PartitionIndex;
use super::record::{Partition, Record, compute_hash};

/// The number of entries that are loaded at a time; they fit into the first-level cache.
const BATCH: usize = 128;

impl<R: Record> Collection<R> {
    /// Deletes all records of one partition of an index; pinned ones are reset to their pinned values instead.
    ///
    /// This is faster than deleting them one by one.
    pub fn delete_partition(&mut self, index: usize, key: Partition<'_>) {
        let partition = self.find_partition(index, key);
        let slots: Vec<u32> = partition.map_or_else(Vec::new, |partition| partition.iter_from(0).collect());
        let is_pinned = |slot: &u32| self.pinned_at(*slot).is_some();
        let (pinned, deleted): (Vec<u32>, Vec<u32>) = slots.into_iter().partition(is_pinned);
        let dropped = pinned.is_empty().then_some(index);
        if dropped.is_some() {
            self.drop_partition(index, key);
        }
        for slot in pinned {
            if let Some(pinned) = self.pinned_at(slot).cloned() {
                self.set(slot, pinned);
            }
        }
        self.remove_all(&deleted, dropped);
    }

    /// Removes one partition from an index; its records must be removed next.
    fn drop_partition(&mut self, index: usize, key: Partition<'_>) {
        let partition_key = R::INDEXES[index].partition;
        let slots = &self.slots;
        let has_key = |partition: &PartitionIndex| partition_key(record_at(slots, partition.first())) == key;
        self.indexes[index].remove(compute_hash(&key), &has_key);
    }

    /// Removes the records in `deleted`, whose partition was dropped from the index at `dropped`.
    fn remove_all(&mut self, deleted: &[u32], dropped: Option<usize>) {
        let slots = &self.slots;
        for (number, partitions) in self.indexes.iter_mut().enumerate() {
            if Some(number) == dropped {
                continue;
            }
            let index = &R::INDEXES[number];
            let hash = |slot| compute_hash(&(index.partition)(record_at(slots, slot)));
            remove_in_order(partitions, deleted, &hash, &|partitions, _, slot| {
                remove_from_partition(index, partitions, slots, slot);
            });
        }
        for &slot in deleted {
            self.created.remove(&by_sequence(slots, slot));
        }
        let hash = |slot| compute_hash(&record_at(slots, slot).key());
        remove_in_order(&mut self.by_key, deleted, &hash, &|by_key, hash, slot| {
            by_key.remove(hash, &|&other| other == slot);
        });
        for &slot in deleted {
            let old = Box::new(self.vacate(slot));
            self.note(Change::Removed { slot, old });
        }
    }
}

/// Calls `remove` for each of `slots`, whose entries in `table` have the hashes that `hash` returns.
fn remove_in_order<T: Clone>(
    table: &mut CowHashTable<T>,
    slots: &[u32],
    hash: &dyn Fn(u32) -> u64,
    remove: &dyn Fn(&mut CowHashTable<T>, u64, u32),
) {
    let mut hashed: Vec<(u64, u32)> = slots.iter().map(|&slot| (hash(slot), slot)).collect();
    hashed.sort_unstable();
    for batch in hashed.chunks(BATCH) {
        table.preload(batch.iter().map(|(hash, _)| *hash));
        batch.iter().for_each(|&(hash, slot)| remove(table, hash, slot));
    }
}
