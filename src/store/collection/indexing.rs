//! Adds records to the indexes of their partitions and removes them.

use std::cmp::Ordering;

use super::super::chunked_vec::ChunkedVec;
use super::super::cow_hash_table::CowHashTable;
use super::super::indexed_set::IndexedSet;
use super::partition::PartitionIndex;
use super::record::{Compare, Index, Record, Slot, compute_hash};
use super::sorted_index::SortedIndex;
use super::sorting::sorted;

/// The maximum length of a small partition, which is sorted on every read; a larger one has sorted indexes.
pub(super) const MAX_UNINDEXED_LEN: usize = 64;

/// The maximum length of a partition whose prebuilt indexes are dropped by the first write if they were never read.
///
/// Rebuilding an index of this length takes one or two milliseconds.
const MAX_DROPPED_LEN: usize = if cfg!(test) { 128 } else { 4096 };

pub(super) fn record_at<R: Record>(slots: &ChunkedVec<Slot<R>>, slot: u32) -> &R {
    slots.get(slot).record()
}

/// Returns a probe for the position of `slot` in creation order.
pub(super) fn by_sequence<R: Record>(
    slots: &ChunkedVec<Slot<R>>,
    slot: u32,
) -> impl Fn(u32) -> Ordering + '_ {
    let sequence = slots.get(slot).sequence;
    move |other| slots.get(other).sequence.cmp(&sequence)
}

/// Returns a probe for the position of `slot` in a sort order.
fn by_order<R: Record>(
    slots: &ChunkedVec<Slot<R>>,
    slot: u32,
    compare: Compare<R>,
) -> impl Fn(u32) -> Ordering + '_ {
    let (sequence, record) = (by_sequence(slots, slot), record_at(slots, slot));
    move |other| compare(record_at(slots, other), record).then_with(|| sequence(other))
}

/// Adds a record to its partition and returns the length of the partition.
pub(super) fn add_to_partition<R: Record>(
    index: &Index<R>,
    partitions: &mut CowHashTable<PartitionIndex>,
    slots: &ChunkedVec<Slot<R>>,
    slot: u32,
) -> usize {
    let key = (index.partition)(record_at(slots, slot));
    let partition_key = |partition: &PartitionIndex| (index.partition)(record_at(slots, partition.first()));
    let Some(partition) =
        partitions.find_mut(compute_hash(&key), |partition| partition_key(partition) == key)
    else {
        let hasher = |partition: &PartitionIndex| compute_hash(&partition_key(partition));
        partitions.insert_unique(compute_hash(&key), PartitionIndex::new(slot), hasher);
        return 1;
    };
    partition.insert(slot, by_sequence(slots, slot));
    let length = partition.len();
    if length > MAX_UNINDEXED_LEN {
        partition.enable_sorting(index.orders.len());
    }
    let rank = rank_if_partial(partition, slots, slot);
    update_orders(index, partition, slots, |order, compare| {
        order.insert(slot, rank, by_order(slots, slot, compare))
    });
    length
}

/// Builds the sorted indexes of the partition that contains the record in `slot`.
pub(super) fn build_orders<R: Record>(
    index: &Index<R>,
    partitions: &CowHashTable<PartitionIndex>,
    slots: &ChunkedVec<Slot<R>>,
    slot: u32,
) {
    let key = (index.partition)(record_at(slots, slot));
    let has_key = |partition: &PartitionIndex| (index.partition)(record_at(slots, partition.first())) == key;
    let Some(partition) = partitions.find(compute_hash(&key), has_key) else { return };
    for (order, compare) in partition.orders().iter().zip(index.orders) {
        order.prebuild(|| build_order(partition, slots, *compare));
    }
}

/// Returns the slots of a partition in a sort order.
pub(super) fn build_order<R: Record>(
    partition: &PartitionIndex,
    slots: &ChunkedVec<Slot<R>>,
    compare: Compare<R>,
) -> IndexedSet {
    let compare_slots = |left: &Slot<R>, right: &Slot<R>| {
        let ordering = compare(left.record(), right.record());
        ordering.then_with(|| left.sequence.cmp(&right.sequence))
    };
    IndexedSet::from_sorted(sorted(partition.iter_from(0).collect(), |slot| slots.get(slot), compare_slots))
}

/// Removes a record from its partition.
pub(super) fn remove_from_partition<R: Record>(
    index: &Index<R>,
    partitions: &mut CowHashTable<PartitionIndex>,
    slots: &ChunkedVec<Slot<R>>,
    slot: u32,
) {
    let key = (index.partition)(record_at(slots, slot));
    let has_key = |partition: &PartitionIndex| (index.partition)(record_at(slots, partition.first())) == key;
    let Some(partition) = partitions.find_mut(compute_hash(&key), has_key) else { return };
    if partition.len() == 1 {
        partitions.remove(compute_hash(&key), has_key);
        return;
    }
    let rank = rank_if_partial(partition, slots, slot);
    partition.remove(by_sequence(slots, slot));
    update_orders(index, partition, slots, |order, compare| {
        order.remove(rank, by_order(slots, slot, compare))
    });
}

/// Updates each sorted index of a partition, drops unused ones, and continues to build those that are read.
fn update_orders<R: Record>(
    index: &Index<R>,
    partition: &mut PartitionIndex,
    slots: &ChunkedVec<Slot<R>>,
    update: impl Fn(&mut SortedIndex, Compare<R>),
) {
    let length = partition.len();
    let (created, orders) = partition.orders_mut();
    for (order, compare) in orders.iter_mut().zip(index.orders) {
        if length <= MAX_DROPPED_LEN {
            order.drop_unused();
        }
        update(order, *compare);
        order.build_step(created, |slot| by_order(slots, slot, *compare));
    }
}

/// Returns the rank of the record in `slot` in creation order if any sorted index is partial, else `usize::MAX`.
fn rank_if_partial<R: Record>(partition: &PartitionIndex, slots: &ChunkedVec<Slot<R>>, slot: u32) -> usize {
    if partition.orders().iter().any(SortedIndex::is_partial) {
        partition.rank(by_sequence(slots, slot))
    } else {
        usize::MAX
    }
}
