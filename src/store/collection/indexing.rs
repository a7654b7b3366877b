//! Puts records into the indexes of their partitions, and takes them out.

use std::cmp::Ordering;

use super::super::ranked::RankedSet;
use super::super::slots::Slots;
use super::super::table::Table;
use super::partition::PartitionIndex;
use super::sorting::sorted;
use super::{Compare, Record, Slot, View, hash_of};

/// A partition of more records is a long one: each of its secondary orders is kept from its first reading on. A shorter
/// one is sorted whenever it is read.
pub(super) const LONG_FROM: usize = 64;

/// A partition of at least as many records keeps all its secondary orders, so that no reading sorts more than these.
pub(super) const ORDERED_FROM: usize = if cfg!(test) { 160 } else { 65_536 };

pub(super) fn record_of<R: Record>(slots: &Slots<Slot<R>>, slot: u32) -> &R {
    slots.get(slot).record()
}

pub(super) fn by_sequence<R: Record>(slots: &Slots<Slot<R>>, slot: u32) -> impl Fn(u32) -> Ordering + '_ {
    let sequence = slots.get(slot).sequence;
    move |other| slots.get(other).sequence.cmp(&sequence)
}

fn by_order<R: Record>(
    slots: &Slots<Slot<R>>,
    slot: u32,
    order: Compare<R>,
) -> impl Fn(u32) -> Ordering + '_ {
    let (sequence, record) = (by_sequence(slots, slot), record_of(slots, slot));
    move |other| order(record_of(slots, other), record).then_with(|| sequence(other))
}

/// Puts a record into the indexes of its partition; returns the length of that where an order is not kept, else 0.
pub(super) fn index_in<R: Record>(
    view: &View<R>,
    partitions: &mut Table<PartitionIndex>,
    slots: &Slots<Slot<R>>,
    slot: u32,
) -> usize {
    let name = (view.partition)(record_of(slots, slot));
    let name_of = |index: &PartitionIndex| (view.partition)(record_of(slots, index.first()));
    let Some(index) = partitions.find_mut(hash_of(&name), |index| name_of(index) == name) else {
        let rehash = |index: &PartitionIndex| hash_of(&name_of(index));
        partitions.insert_unique(hash_of(&name), PartitionIndex::of(slot), rehash);
        return 1;
    };
    index.insert(slot, by_sequence(slots, slot));
    let length = index.len();
    if length > LONG_FROM {
        index.lengthen(view.orders.len());
    }
    let mut keeps_all = true;
    for (kept, compare) in orders_to_write(view, index) {
        match kept {
            Some(kept) => kept.insert(slot, by_order(slots, slot, compare)),
            None => keeps_all = false,
        }
    }
    if keeps_all { 0 } else { length }
}

/// Makes the secondary orders of the partition of the record in `slot`.
pub(super) fn order_in<R: Record>(
    view: &View<R>,
    partitions: &Table<PartitionIndex>,
    slots: &Slots<Slot<R>>,
    slot: u32,
) {
    let name = (view.partition)(record_of(slots, slot));
    let is_wanted = |index: &PartitionIndex| (view.partition)(record_of(slots, index.first())) == name;
    let Some(index) = partitions.find(hash_of(&name), is_wanted) else { return };
    for (order, compare) in index.orders().iter().zip(view.orders) {
        order.prepare(|| order_of(index, slots, *compare));
    }
}

/// Returns the slots of a partition in a secondary order.
pub(super) fn order_of<R: Record>(
    index: &PartitionIndex,
    slots: &Slots<Slot<R>>,
    compare: Compare<R>,
) -> RankedSet {
    let compare_all = |left: &Slot<R>, right: &Slot<R>| {
        let order = compare(left.record(), right.record());
        order.then_with(|| left.sequence.cmp(&right.sequence))
    };
    RankedSet::of_ordered(sorted(index.iter_from(0).collect(), |slot| slots.get(slot), compare_all))
}

pub(super) fn unindex_in<R: Record>(
    view: &View<R>,
    partitions: &mut Table<PartitionIndex>,
    slots: &Slots<Slot<R>>,
    slot: u32,
) {
    let name = (view.partition)(record_of(slots, slot));
    let is_wanted = |index: &PartitionIndex| (view.partition)(record_of(slots, index.first())) == name;
    let Some(index) = partitions.find_mut(hash_of(&name), is_wanted) else { return };
    if index.len() == 1 {
        partitions.remove(hash_of(&name), is_wanted);
        return;
    }
    index.remove(by_sequence(slots, slot));
    for (kept, compare) in orders_to_write(view, index) {
        if let Some(kept) = kept {
            kept.remove(by_order(slots, slot, compare));
        }
    }
}

/// Returns the secondary orders of a partition, with their slots where a write has to keep them.
fn orders_to_write<'a, R>(
    view: &'a View<R>,
    index: &'a mut PartitionIndex,
) -> impl Iterator<Item = (Option<&'a mut RankedSet>, Compare<R>)> {
    // Not as soon as all need not be kept, or a length that goes up and down would have them made again and again.
    let forgets = index.len() < ORDERED_FROM / 2;
    index.orders_mut().iter_mut().zip(view.orders).map(move |(order, compare)| {
        if forgets {
            order.forget_unread();
        }
        (order.kept_mut(), *compare)
    })
}
