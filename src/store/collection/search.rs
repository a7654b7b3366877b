//! Substring searches in the texts of the records of a listing.

use std::cmp::Ordering;

use memchr::memmem::Finder;

use super::super::chunk_texts::CHUNK;
use super::Collection;
use super::indexing::{MAX_UNINDEXED_LEN, record_at};
use super::listing::Listing;
use super::record::{Direction, PageRange, Record};

/// One in this number of records: if a search finds fewer, they are sorted, which is faster than to look for them in
/// the whole sort order.
const FEW: usize = 64;

/// The records of a listing that a search found.
#[derive(Debug)]
pub struct Found<'a, R: Record> {
    listing: Listing<'a, R>,
    /// In creation order.
    slots: Vec<u32>,
}

impl<'a, R: Record> Listing<'a, R> {
    /// Returns the records whose text at `text` in `R::TEXTS` contains the searched string.
    ///
    /// The texts of a listing of more than 64 records are kept from the first search on, until their records change.
    pub fn search(&self, text: usize, finder: &Finder<'_>) -> Found<'a, R> {
        let mut slots = Vec::new();
        if let Some(partition) = self.partition {
            let mut matcher = Matcher::new(self, text, finder);
            partition.iter_from(0).for_each(|slot| {
                if matcher.matches(slot) {
                    slots.push(slot);
                }
            });
        }
        Found { listing: *self, slots }
    }

    /// Returns the records that [`Listing::search`] finds among the first `limit` ones whose sequence number is greater
    /// than `after`, each with its sequence number.
    pub fn search_after<'f>(
        &self,
        text: usize,
        finder: &'f Finder<'_>,
        after: u64,
        limit: usize,
    ) -> impl Iterator<Item = (u64, &'a R)> + use<'a, 'f, R> {
        let collection = self.collection;
        let mut matcher = Matcher::new(self, text, finder);
        let slots = self.slots_after(after).take(limit).filter(move |slot| matcher.matches(*slot));
        slots.map(|slot| (collection.sequence(slot), collection.record(slot)))
    }
}

impl<'a, R: Record> Found<'a, R> {
    /// Returns the number of records.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Returns whether no record was found.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Returns the records of `range` in creation order.
    pub fn page_by_creation(&self, range: PageRange) -> Vec<&'a R> {
        let slots = self.slots.iter().skip(range.offset).take(range.limit);
        slots.map(|&slot| self.listing.collection.record(slot)).collect()
    }

    /// Returns the records of `range` in the sort order with the index `order`.
    pub fn page(&self, order: usize, direction: Direction, range: PageRange) -> Vec<&'a R> {
        let collection = self.listing.collection;
        let slots = |slots: &mut dyn Iterator<Item = u32>| {
            slots.skip(range.offset).take(range.limit).map(|slot| collection.record(slot)).collect()
        };
        if !self.is_few() {
            let found = self.bitmap();
            return slots(
                &mut self.listing.ordered_slots(order, direction).filter(|slot| found.contains(*slot)),
            );
        }
        let sorted = self.sorted(order);
        match direction {
            Direction::Ascending => slots(&mut sorted.into_iter()),
            Direction::Descending => slots(&mut sorted.into_iter().rev()),
        }
    }

    /// Returns the number of records before the position that `probe` searches for, as [`Listing::rank`] does.
    pub fn rank(&self, order: usize, probe: impl Fn(&R) -> Ordering) -> usize {
        if self.is_few() {
            let records = self.slots.iter().map(|&slot| self.listing.collection.record(slot));
            return records.filter(|record| probe(record).is_lt()).count();
        }
        let (found, end) = (self.bitmap(), self.listing.rank(order, probe));
        let before = self.listing.ordered_slots(order, Direction::Ascending).take(end);
        before.filter(|slot| found.contains(*slot)).count()
    }

    fn is_few(&self) -> bool {
        self.listing.len() <= MAX_UNINDEXED_LEN || self.slots.len() < self.listing.len() / FEW
    }

    fn sorted(&self, order: usize) -> Vec<u32> {
        let compare = R::INDEXES[self.listing.index].orders[order];
        let slots = &self.listing.collection.slots;
        let mut sorted = self.slots.clone();
        sorted.sort_by(|&left, &right| compare(record_at(slots, left), record_at(slots, right)));
        sorted
    }

    fn bitmap(&self) -> Bitmap {
        let mut bitmap = Bitmap(vec![0; self.listing.collection.slots.len().div_ceil(CHUNK)]);
        for &slot in &self.slots {
            bitmap.0[slot as usize / CHUNK] |= bit(slot);
        }
        bitmap
    }
}

/// A set of slots, a bit each.
struct Bitmap(Vec<u64>);

impl Bitmap {
    fn contains(&self, slot: u32) -> bool {
        self.0[slot as usize / CHUNK] & bit(slot) != 0
    }
}

/// Returns the bit of a slot in the mask of its chunk.
const fn bit(slot: u32) -> u64 {
    1 << (slot as usize % CHUNK)
}

/// Searches one text of records. Consecutive records are usually in the same chunk, which is searched as a whole.
struct Matcher<'a, 'f, R: Record> {
    collection: &'a Collection<R>,
    text: usize,
    finder: &'f Finder<'f>,
    /// Whether each record is searched by itself: in a small listing, whose records can be far apart.
    is_single: bool,
    /// The chunk that was searched last, and the mask of the records that contain the searched string.
    chunk: Option<(usize, u64)>,
    buffer: String,
}

impl<'a, 'f, R: Record> Matcher<'a, 'f, R> {
    fn new(listing: &Listing<'a, R>, text: usize, finder: &'f Finder<'f>) -> Self {
        let is_single = listing.len() <= MAX_UNINDEXED_LEN;
        Self { collection: listing.collection, text, finder, is_single, chunk: None, buffer: String::new() }
    }

    fn matches(&mut self, slot: u32) -> bool {
        let number = slot as usize / CHUNK;
        match self.chunk {
            Some((chunk, mask)) if chunk == number => mask & bit(slot) != 0,
            _ => self.search(number, slot),
        }
    }

    /// Searches the chunk with the record in `slot`, or only the record.
    fn search(&mut self, chunk: usize, slot: u32) -> bool {
        let append = R::TEXTS[self.text];
        let full = if self.is_single { None } else { self.collection.slots.chunk(slot) };
        let Some((items, texts)) = full else {
            self.buffer.clear();
            append(self.collection.record(slot), &mut self.buffer);
            return self.finder.find(self.buffer.as_bytes()).is_some();
        };
        let mask = texts.find(self.text, self.finder, items, |slot, text| {
            if let Some(record) = &slot.record {
                append(record, text);
            }
        });
        self.chunk = Some((chunk, mask));
        mask & bit(slot) != 0
    }
}
