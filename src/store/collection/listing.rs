//! `Listing`: one partition of one view, read by creation or in a declared order.

use std::cmp::Ordering;

use super::super::ranked::RankedSet;
use super::indexing::{order_of, record_of};
use super::order::Order;
use super::{Collection, Direction, PartitionIndex, Record, Window};

/// One partition of one view.
#[derive(Debug)]
pub struct Listing<'a, R: Record> {
    pub(super) collection: &'a Collection<R>,
    pub(super) view: usize,
    pub(super) index: Option<&'a PartitionIndex>,
}

// Derived, these would ask the records themselves to be copied.
impl<R: Record> Clone for Listing<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Record> Copy for Listing<'_, R> {}

impl<'a, R: Record> Listing<'a, R> {
    /// Returns the number of records.
    pub fn len(&self) -> usize {
        self.index.map_or(0, |index| index.len())
    }

    /// Returns whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.index.is_none()
    }

    /// Returns the records in creation order.
    pub fn iter(&self) -> impl Iterator<Item = &'a R> + use<'a, R> {
        self.from(0)
    }

    /// Returns the records in creation order, from the one at `offset` on.
    pub fn from(&self, offset: usize) -> impl Iterator<Item = &'a R> + use<'a, R> {
        let collection = self.collection;
        let slots = self.index.into_iter().flat_map(move |index| index.iter_from(offset));
        slots.map(move |slot| collection.record(slot))
    }

    /// Returns the records created after the one with the sequence number `after`, each with its own.
    ///
    /// Sequence numbers are never given twice, so a reader that goes on after the last number it saw meets
    /// no record twice and misses none that was there throughout. 0 stands before all.
    pub fn after(&self, after: u64) -> impl Iterator<Item = (u64, &'a R)> + use<'a, R> {
        let collection = self.collection;
        let slots = self.index.into_iter().flat_map(move |index| {
            let rank = index.rank(|slot| match collection.sequence(slot).cmp(&after) {
                Ordering::Less | Ordering::Equal => Ordering::Less,
                Ordering::Greater => Ordering::Greater,
            });
            index.iter_from(rank)
        });
        slots.map(move |slot| {
            let slot = collection.slots.get(slot);
            (slot.sequence, slot.record())
        })
    }

    /// Returns the records of `window` in the secondary order with the index `order`.
    pub fn page(&self, order: usize, direction: Direction, window: Window) -> Vec<&'a R> {
        let Some(index) = self.index else { return Vec::new() };
        let slots = match self.kept(index, order) {
            Some(kept) => take_window(kept, direction, window),
            None => self.sorted_now(index, order, direction, window),
        };
        slots.into_iter().map(|slot| self.collection.record(slot)).collect()
    }

    /// Returns all records in the secondary order with the index `order`, read as they are needed.
    pub fn ordered(&self, order: usize, direction: Direction) -> Box<dyn Iterator<Item = &'a R> + 'a> {
        let collection = self.collection;
        let everything = Window { offset: 0, limit: usize::MAX };
        match self.index.map(|index| (index, self.kept(index, order))) {
            None => Box::new(std::iter::empty()),
            Some((index, None)) => {
                let slots = self.sorted_now(index, order, direction, everything);
                Box::new(slots.into_iter().map(|slot| collection.record(slot)))
            }
            Some((_, Some(kept))) if direction == Direction::Ascending => {
                Box::new(kept.iter_from(0).map(|slot| collection.record(slot)))
            }
            Some((_, Some(kept))) => Box::new(kept.iter_back_from(0).map(|slot| collection.record(slot))),
        }
    }

    /// Returns how many records the next reading in the order `order` must sort; 0 where the order is kept.
    pub fn unsorted(&self, order: usize) -> usize {
        let Some(index) = self.index else { return 0 };
        let is_kept = index.orders().get(order).is_some_and(Order::is_kept);
        if is_kept { 0 } else { index.len() }
    }

    /// Returns how many records `place` finds before the place it looks for, in the order `order`.
    ///
    /// `place` says of a record where it stands relative to that place, and must agree with the order.
    pub fn rank(&self, order: usize, place: impl Fn(&R) -> Ordering) -> usize {
        let Some(index) = self.index else { return 0 };
        match self.kept(index, order) {
            Some(kept) => kept.rank(|slot| place(self.collection.record(slot))),
            None => self.iter().filter(|record| place(record).is_lt()).count(),
        }
    }

    /// The slots in the secondary order with the index `order`, where the partition is long.
    fn kept(&self, index: &'a PartitionIndex, order: usize) -> Option<&'a RankedSet> {
        let compare = R::VIEWS[self.view].orders[order];
        let order = index.orders().get(order)?;
        Some(order.read(|| order_of(index, &self.collection.slots, compare)))
    }

    fn sorted_now(
        &self,
        index: &PartitionIndex,
        order: usize,
        direction: Direction,
        window: Window,
    ) -> Vec<u32> {
        let compare = R::VIEWS[self.view].orders[order];
        let slots = &self.collection.slots;
        let mut sorted: Vec<u32> = index.iter_from(0).collect();
        sorted.sort_by(|&left, &right| compare(record_of(slots, left), record_of(slots, right)));
        if direction == Direction::Descending {
            sorted.reverse();
        }
        sorted.into_iter().skip(window.offset).take(window.limit).collect()
    }
}

fn take_window(set: &RankedSet, direction: Direction, window: Window) -> Vec<u32> {
    match direction {
        Direction::Ascending => set.iter_from(window.offset).take(window.limit).collect(),
        Direction::Descending => set.iter_back_from(window.offset).take(window.limit).collect(),
    }
}
