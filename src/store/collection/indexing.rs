//! Adds records to the indexes of their partitions and removes them.

use std::cmp::Ordering;

use super::super::chunked_vec::ChunkedVec;
use super::super::cow_hash_table::CowHashTable;
use super::super::indexed_set::IndexedSet;
use super::super::two_threads::in_two_threads;
use super::partition::PartitionIndex;
use super::record::{Compare, Index, Record, Slot, compute_hash};
use super::sorted_index::SortedIndex;
use super::sorting::{sorted, sorted_by_text};

/// The maximum length of a small partition, which is sorted on every read; a larger one has sorted indexes.
pub(super) const MAX_UNINDEXED_LEN: usize = 64;

/// The maximum length of a partition whose prebuilt indexes are dropped by the first write if they were never read.
///
/// Rebuilding an index of this length takes one or two milliseconds.
const MAX_DROPPED_LEN: usize = if cfg!(test) { 128 } else { 4096 };

/// The length of a partition above which two threads build its sort orders at the end of a bulk load.
const PARALLEL_LEN: usize = if cfg!(test) { 100 } else { 20_000 };

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

/// Returns the comparison of two slots in a sort order.
pub(super) fn compare_slots<R: Record>(
    slots: &ChunkedVec<Slot<R>>,
    compare: Compare<R>,
) -> impl Fn(u32, u32) -> Ordering + '_ {
    move |left, right| {
        let (left, right) = (slots.get(left), slots.get(right));
        match compare(left.record(), right.record()) {
            Ordering::Equal => left.sequence.cmp(&right.sequence),
            different => different,
        }
    }
}

/// Adds a record to its partition.
pub(super) fn add_to_partition<R: Record>(
    index: &Index<R>,
    partitions: &mut CowHashTable<PartitionIndex>,
    slots: &ChunkedVec<Slot<R>>,
    slot: u32,
) {
    let key = (index.partition)(record_at(slots, slot));
    let has_key = |partition: &PartitionIndex| (index.partition)(record_at(slots, partition.first())) == key;
    let hash = compute_hash(&key);
    let Some(partition) = partitions.find_mut(hash, &has_key) else {
        partitions.insert_unique(hash, PartitionIndex::new(slot));
        return;
    };
    partition.insert(slot, &by_sequence(slots, slot));
    if partition.len() > MAX_UNINDEXED_LEN {
        partition.enable_sorting(index.orders.len());
    }
    let rank = rank_if_partial(partition, slots, slot);
    update_orders(index, partition, slots, &|order, compare| {
        order.insert(slot, rank, &by_order(slots, slot, compare))
    });
}

/// Builds the sorted indexes of a partition; `build_order` returns the slots in one of its sort orders.
pub(super) fn build_orders(partition: &PartitionIndex, build_order: &(dyn Fn(usize) -> IndexedSet + Sync)) {
    let orders: Vec<(usize, &SortedIndex)> = partition.orders().iter().enumerate().collect();
    let build = |orders: &[(usize, &SortedIndex)]| {
        for (number, order) in orders {
            order.prebuild(&|| build_order(*number));
        }
    };
    if partition.len() < PARALLEL_LEN {
        build(&orders);
        return;
    }
    let (first, second) = orders.split_at(orders.len() / 2);
    in_two_threads(Box::new(|| build(first)), Box::new(|| build(second)));
}

/// Returns the slots of a partition in the sort order `order` of the index at `index`.
pub(super) fn build_order<R: Record>(
    partition: &PartitionIndex,
    slots: &ChunkedVec<Slot<R>>,
    (index, order): (usize, usize),
) -> IndexedSet {
    let compare_slots = compare_slots(slots, R::INDEXES[index].orders[order]);
    let unsorted = partition.iter_from(0).collect();
    IndexedSet::from_sorted(match R::order_text(index, order) {
        Some(append) => {
            let append = |slot, text: &mut String| append(record_at(slots, slot), text);
            sorted_by_text(unsorted, &append, &compare_slots)
        }
        None => sorted(unsorted, &compare_slots),
    })
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
    let hash = compute_hash(&key);
    let Some(partition) = partitions.find_mut(hash, &has_key) else { return };
    if partition.len() == 1 {
        partitions.remove(hash, &has_key);
        return;
    }
    let rank = rank_if_partial(partition, slots, slot);
    partition.remove(&by_sequence(slots, slot));
    update_orders(index, partition, slots, &|order, compare| {
        order.remove(rank, &by_order(slots, slot, compare))
    });
}

/// Updates each sorted index of a partition, drops unused ones, and continues to build those that are read.
fn update_orders<R: Record>(
    index: &Index<R>,
    partition: &mut PartitionIndex,
    slots: &ChunkedVec<Slot<R>>,
    update: &dyn Fn(&mut SortedIndex, Compare<R>),
) {
    let length = partition.len();
    let (created, orders) = partition.orders_mut();
    for (number, order) in orders.iter_mut().enumerate() {
        let compare = index.orders[number];
        if length <= MAX_DROPPED_LEN {
            order.drop_unused();
        }
        update(order, compare);
        order.build_step(created, &compare_slots(slots, compare));
    }
}

/// Returns the rank of the record in `slot` in creation order if any sorted index is partial, else `usize::MAX`.
fn rank_if_partial<R: Record>(partition: &PartitionIndex, slots: &ChunkedVec<Slot<R>>, slot: u32) -> usize {
    if partition.orders().iter().any(SortedIndex::is_partial) {
        partition.rank(&by_sequence(slots, slot))
    } else {
        usize::MAX
    }
}
