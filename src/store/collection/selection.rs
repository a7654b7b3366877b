//! `Selection`: the records of a collection that meet conditions, in creation order.

use memchr::memmem::Finder;

use super::super::slot_set::SlotSet;
use super::Collection;
use super::listing::Listing;
use super::record::{Key, PageRange, Partition, Record};
use super::search::FoundSlots;

/// The records of a collection that meet conditions, in creation order.
#[derive(Debug)]
pub struct Selection<'a, R: Record> {
    collection: &'a Collection<R>,
    /// The listing that has all of the records; `None` is the whole collection.
    listing: Option<Listing<'a, R>>,
    /// The slots of the records; `None` are all.
    slots: Option<SlotSet>,
}

impl<R: Record> Collection<R> {
    /// Returns all records.
    pub const fn select(&self) -> Selection<'_, R> {
        Selection { collection: self, listing: None, slots: None }
    }

    /// Returns the records with `keys`; a key can be unknown.
    pub fn select_keys<'k>(&self, keys: impl Iterator<Item = Key<'k>>) -> Selection<'_, R> {
        let mut slots = SlotSet::empty(self.slots.len());
        slots.extend(keys.filter_map(|key| self.find_slot(key)));
        Selection { collection: self, listing: None, slots: Some(slots) }
    }

    /// Returns the records of one partition of the index at `index`.
    pub fn select_partition(&self, index: usize, partition: Partition<'_>) -> Selection<'_, R> {
        Selection { collection: self, listing: Some(self.list(index, partition)), slots: None }
    }

    /// Returns the records of two partitions of the index at `index`.
    pub fn select_partitions(&self, index: usize, partitions: [Partition<'_>; 2]) -> Selection<'_, R> {
        let [first, second] = partitions;
        if self.find_partition(index, second).is_none() {
            return self.select_partition(index, first);
        }
        let [first, second] = partitions.map(|partition| self.list(index, partition));
        let mut slots = SlotSet::empty(self.slots.len());
        slots.extend(first.slots_after(0).chain(second.slots_after(0)));
        Selection { collection: self, listing: None, slots: Some(slots) }
    }
}

impl<'a, R: Record> Selection<'a, R> {
    /// Retains the records whose text at `text` in `R::TEXTS` contains `part`.
    pub fn containing(mut self, text: usize, part: &str) -> Self {
        let mut slots = self.take_slots();
        self.collection.retain_containing(&mut slots, text, &Finder::new(part));
        Self { slots: Some(slots), ..self }
    }

    /// Retains the records for which `is_match` returns `true`.
    pub fn matching(mut self, is_match: impl Fn(&R) -> bool + Sync) -> Self {
        let mut slots = self.take_slots();
        self.collection.slots.retain(&mut slots, |slot| slot.record.as_ref().is_some_and(&is_match));
        Self { slots: Some(slots), ..self }
    }

    /// Returns the records of both selections, which must be of the same collection.
    pub fn or(mut self, mut other: Self) -> Self {
        let mut slots = self.take_slots();
        slots.union(&other.take_slots());
        Self { collection: self.collection, listing: None, slots: Some(slots) }
    }

    /// Returns the records that are in both selections, which must be of the same collection.
    pub fn and(mut self, mut other: Self) -> Self {
        let mut slots = self.take_slots();
        slots.intersect(&other.take_slots());
        Self { slots: Some(slots), ..self }
    }

    /// Returns the records of `range`, and the number of all records.
    pub fn page(self, range: PageRange) -> (Vec<&'a R>, usize) {
        let PageRange { offset, limit } = range;
        let Self { collection, listing, slots } = self;
        let all = listing.map_or(collection.len(), |listing| listing.len());
        let Some(slots) = slots else {
            return match listing {
                Some(listing) => (listing.iter_from(offset).take(limit).collect(), all),
                None => (collection.iter_from(offset).take(limit).collect(), all),
            };
        };
        let found = FoundSlots::new(slots, all);
        let total = found.len();
        let records = match found {
            FoundSlots::Few(slots) => {
                collection.page(&mut collection.sort_by_sequence(slots).into_iter(), range)
            }
            FoundSlots::Many(found, _) => {
                let mut slots = collection.created.iter_from(0).filter(|slot| found.contains(*slot));
                collection.page(&mut slots, range)
            }
        };
        (records, total)
    }

    /// Returns the slots of the records; without other conditions, those of a whole collection include free slots.
    fn take_slots(&mut self) -> SlotSet {
        if let Some(slots) = self.slots.take() {
            return slots;
        }
        let Some(listing) = self.listing else { return self.collection.all_slots() };
        let mut slots = SlotSet::empty(self.collection.slots.len());
        slots.extend(listing.slots_after(0));
        slots
    }
}
