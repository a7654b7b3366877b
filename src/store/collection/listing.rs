//! `Listing`: one partition of an index, read in creation order or in a declared sort order.

use std::cmp::Ordering;

use super::super::indexed_set::{IndexedSet, Slots};
use super::Collection;
use super::indexing::{build_order, record_at};
use super::partition::PartitionIndex;
use super::record::{Direction, PageRange, Partition, Record};
use super::records::{NumberedRecords, Records};
use super::sorted_index::SortedIndex;
use super::sorting::sort_slots;

/// One partition of an index.
#[derive(Debug)]
pub struct Listing<'a, R: Record> {
    pub(super) collection: &'a Collection<R>,
    pub(super) index: usize,
    pub(super) partition: Option<&'a PartitionIndex>,
}

impl<R: Record> Collection<R> {
    /// Returns one partition of the index at `index` in `R::VIEWS`; an unknown partition is empty.
    pub fn list(&self, index: usize, partition: Partition<'_>) -> Listing<'_, R> {
        Listing { collection: self, index, partition: self.find_partition(index, partition) }
    }
}

// `derive` would add an unnecessary `R: Copy` bound.
impl<R: Record> Clone for Listing<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Record> Copy for Listing<'_, R> {}

impl<'a, R: Record> Listing<'a, R> {
    /// Returns the number of records.
    pub fn len(&self) -> usize {
        self.partition.map_or(0, |partition| partition.len())
    }

    /// Returns whether the listing is empty.
    pub fn is_empty(&self) -> bool {
        self.partition.is_none()
    }

    /// Returns the records in creation order.
    pub fn iter(&self) -> Records<'a, R> {
        self.iter_from(0)
    }

    /// Returns the records in creation order, starting at `offset`.
    pub fn iter_from(&self, offset: usize) -> Records<'a, R> {
        Records { collection: self.collection, slots: self.slots_from(offset) }
    }

    /// Returns the records whose sequence number is greater than `after`, each with its sequence number.
    ///
    /// Sequence numbers are never reused, so a client that continues after the last number of a page sees no record
    /// twice and misses no record that existed throughout. Every sequence number is greater than 0.
    pub fn after(&self, after: u64) -> NumberedRecords<'a, R> {
        NumberedRecords { collection: self.collection, slots: self.slots_after(after) }
    }

    /// Returns the slots of the records whose sequence number is greater than `after`.
    pub(super) fn slots_after(&self, after: u64) -> Slots<'a> {
        self.slots_from(self.rank_after(after))
    }

    /// Returns the slots in creation order, starting at `offset`.
    fn slots_from(&self, offset: usize) -> Slots<'a> {
        self.partition.map(|partition| partition.iter_from(offset)).unwrap_or_default()
    }

    /// Returns the number of records whose sequence number is not greater than `after`.
    pub(super) fn rank_after(&self, after: u64) -> usize {
        let Some(partition) = self.partition else { return 0 };
        partition.rank(&|slot| match self.collection.sequence(slot).cmp(&after) {
            Ordering::Less | Ordering::Equal => Ordering::Less,
            Ordering::Greater => Ordering::Greater,
        })
    }

    /// Returns the records of `range` in the sort order with the index `order`.
    pub fn page(&self, order: usize, direction: Direction, range: PageRange) -> Vec<&'a R> {
        let Some(partition) = self.partition else { return Vec::new() };
        let slots = match self.sorted_index(partition, order) {
            Some(sorted) => page_slots(sorted, direction, range),
            None => self.sort_now(partition, order, direction, range),
        };
        let mut page = Vec::with_capacity(slots.len());
        for slot in slots {
            page.push(self.collection.record(slot));
        }
        page
    }

    /// Returns a lazy iterator over all records in the sort order with the index `order`.
    pub fn ordered(&self, order: usize, direction: Direction) -> Box<dyn Iterator<Item = &'a R> + 'a> {
        let collection = self.collection;
        Box::new(self.ordered_slots(order, direction).map(|slot| collection.record(slot)))
    }

    /// Returns the slots of [`Listing::ordered`].
    pub(super) fn ordered_slots(
        &self,
        order: usize,
        direction: Direction,
    ) -> Box<dyn Iterator<Item = u32> + 'a> {
        let everything = PageRange { offset: 0, limit: usize::MAX };
        match self.partition.map(|partition| (partition, self.sorted_index(partition, order))) {
            None => Box::new(std::iter::empty()),
            Some((partition, None)) => {
                Box::new(self.sort_now(partition, order, direction, everything).into_iter())
            }
            Some((_, Some(sorted))) if direction == Direction::Ascending => Box::new(sorted.iter_from(0)),
            Some((_, Some(sorted))) => sorted.iter_back_from(0),
        }
    }

    /// Returns the number of records that the next read in the order `order` must sort; 0 if the order is built.
    pub fn sort_cost(&self, order: usize) -> usize {
        let Some(partition) = self.partition else { return 0 };
        let is_complete = partition.orders().get(order).is_some_and(SortedIndex::is_complete);
        if is_complete { 0 } else { partition.len() }
    }

    /// Returns the number of records before the position that `probe` searches for in the sort order `order`.
    ///
    /// `probe` returns the position of a record relative to the searched one (`Less` = before it), consistent with the
    /// sort order.
    pub fn rank(&self, order: usize, probe: impl Fn(&R) -> Ordering) -> usize {
        let Some(partition) = self.partition else { return 0 };
        match self.sorted_index(partition, order) {
            Some(sorted) => sorted.rank(&|slot| probe(self.collection.record(slot))),
            None => self.iter().filter(|record| probe(record).is_lt()).count(),
        }
    }

    /// Returns the slots in the sort order with the index `order`, or `None` if the partition is small.
    fn sorted_index(&self, partition: &'a PartitionIndex, order: usize) -> Option<&'a IndexedSet> {
        let sorted = partition.orders().get(order)?;
        Some(sorted.read(&|| build_order(partition, &self.collection.slots, (self.index, order))))
    }

    /// Sorts the slots of a small partition.
    fn sort_now(
        &self,
        partition: &PartitionIndex,
        order: usize,
        direction: Direction,
        range: PageRange,
    ) -> Vec<u32> {
        let compare = R::INDEXES[self.index].orders[order];
        let slots = &self.collection.slots;
        let mut sorted: Vec<u32> = partition.iter_from(0).collect();
        sort_slots(&mut sorted, &|left, right| compare(record_at(slots, left), record_at(slots, right)));
        if direction == Direction::Descending {
            sorted.reverse();
        }
        sorted.into_iter().skip(range.offset).take(range.limit).collect()
    }
}

/// Returns the slots of `range` in a sort order. Reading them first, and then their records, lets the compiler generate
/// the iterators once, and not for every type of records.
fn page_slots(sorted: &IndexedSet, direction: Direction, range: PageRange) -> Vec<u32> {
    match direction {
        Direction::Ascending => sorted.iter_from(range.offset).take(range.limit).collect(),
        Direction::Descending => sorted.iter_back_from(range.offset).take(range.limit).collect(),
    }
}
