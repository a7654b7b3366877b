//! Puts records into the indexes of their partitions, and takes them out.

use std::cmp::Ordering;

use super::super::ranked::RankedSet;
use super::super::slots::Slots;
use super::super::table::Table;
use super::order::Order;
use super::partition::PartitionIndex;
use super::sorting::sorted;
use super::{Compare, Record, Slot, View, hash_of};

/// A partition of more records is a long one, which keeps orders; a shorter one is sorted whenever it is read.
pub(super) const LONG_FROM: usize = 64;

/// Orders of so many records that a load prepared are forgotten by the first write unless they were read: to make
/// them again takes a millisecond or two.
const FORGOTTEN_UP_TO: usize = if cfg!(test) { 128 } else { 4096 };

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

/// Puts a record into the indexes of its partition, and returns the length of that.
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
    let rank = rank_where_begun(index, slots, slot);
    write_orders(view, index, slots, |order, compare| {
        order.insert(slot, rank, by_order(slots, slot, compare))
    });
    length
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
    let rank = rank_where_begun(index, slots, slot);
    index.remove(by_sequence(slots, slot));
    write_orders(view, index, slots, |order, compare| order.remove(rank, by_order(slots, slot, compare)));
}

/// Writes each secondary order of a partition, forgets those that nobody reads, and goes on to make those that are read.
fn write_orders<R: Record>(
    view: &View<R>,
    index: &mut PartitionIndex,
    slots: &Slots<Slot<R>>,
    write: impl Fn(&mut Order, Compare<R>),
) {
    let length = index.len();
    let (created, orders) = index.orders_mut();
    for (order, compare) in orders.iter_mut().zip(view.orders) {
        if length <= FORGOTTEN_UP_TO {
            order.forget_unread();
        }
        write(order, *compare);
        order.catch_up(created, |slot| by_order(slots, slot, *compare));
    }
}

/// The place of the record in `slot` in the order of creation, where an order that is being made depends on it.
fn rank_where_begun<R: Record>(index: &PartitionIndex, slots: &Slots<Slot<R>>, slot: u32) -> usize {
    if index.orders().iter().any(Order::is_begun) { index.rank(by_sequence(slots, slot)) } else { usize::MAX }
}
