//! Substring searches in the texts of the records of a listing.

use std::cmp::Ordering;

use memchr::memmem::Finder;

use super::super::chunked_vec::TextSearch;
use super::super::slot_set::{CHUNK, SlotSet};
use super::Collection;
use super::indexing::{MAX_UNINDEXED_LEN, compare_slots};
use super::listing::Listing;
use super::record::{Direction, PageRange, Record, Slot};
use super::sorting::{sort_by_sequence, sort_slots};

/// One in this number of records: if a search finds fewer, they are sorted, which is faster than to look for them in
/// the whole sort order.
const FEW: usize = 64;

/// The number of records that [`Listing::search_first`] searches.
const FIRST: usize = if cfg!(test) { 16 } else { 512 };

/// The factor by which [`Listing::search_after`] increases the number of records that it searches at a time.
const GROWTH: usize = if cfg!(test) { 2 } else { 16 };

/// The range of a whole listing.
const EVERYTHING: PageRange = PageRange { offset: 0, limit: usize::MAX };

/// The records of a listing that a search found.
#[derive(Debug)]
pub struct Found<'a, R: Record> {
    listing: Listing<'a, R>,
    slots: FoundSlots,
}

/// The slots of the records that a search found.
#[derive(Debug)]
pub(super) enum FoundSlots {
    Few(Vec<u32>),
    /// With their number.
    Many(SlotSet, usize),
}

impl<R: Record> Collection<R> {
    /// Removes the slots of records whose text `text` does not contain the searched string from `wanted`, and free slots.
    pub(super) fn retain_containing(&self, wanted: &mut SlotSet, text: usize, finder: &Finder<'_>) {
        if finder.needle().is_empty() {
            self.slots.retain(wanted, |slot| slot.record.is_some());
        } else {
            self.slots.retain_texts(wanted, &text_search::<R>(text, finder));
        }
    }

    /// Returns the records of `range` of `slots`.
    pub(super) fn page(&self, slots: &mut dyn Iterator<Item = u32>, range: PageRange) -> Vec<&R> {
        let mut page = Vec::new();
        for slot in slots.skip(range.offset).take(range.limit) {
            page.push(self.record(slot));
        }
        page
    }

    /// Returns the slots in creation order.
    pub(super) fn sort_by_sequence(&self, mut slots: Vec<u32>) -> Vec<u32> {
        sort_by_sequence(&mut slots, &|slot| self.sequence(slot));
        slots
    }
}

impl<'a, R: Record> Listing<'a, R> {
    /// Returns the records whose text at `text` in `R::TEXTS` contains the searched string.
    ///
    /// The texts of the records are kept from the first search on, unless they are few.
    pub fn search(&self, text: usize, finder: &Finder<'_>) -> Found<'a, R> {
        self.search_range(EVERYTHING, text, finder)
    }

    /// Returns the records that [`Listing::search`] finds among the first 512 ones whose sequence number is greater than
    /// `after`, each with its sequence number.
    pub fn search_first<'f>(
        &self,
        text: usize,
        finder: &'f Finder<'f>,
        after: u64,
    ) -> impl Iterator<Item = (u64, &'a R)> + use<'a, 'f, R> {
        let collection = self.collection;
        let mut matcher = Matcher::new(self, text, finder);
        let slots = self.slots_after(after).take(FIRST).filter(move |slot| matcher.matches(*slot));
        slots.map(|slot| (collection.sequence(slot), collection.record(slot)))
    }

    /// Returns the records that [`Listing::search`] finds among those whose sequence number is greater than `after`, each
    /// with its sequence number.
    ///
    /// It searches more and more records at a time, when the iterator reaches them.
    pub fn search_after<'f>(
        &self,
        text: usize,
        finder: &'f Finder<'f>,
        after: u64,
    ) -> impl Iterator<Item = (u64, &'a R)> + use<'a, 'f, R> {
        let (listing, collection) = (*self, self.collection);
        let first = self.rank_after(after);
        let mut searched = FIRST;
        let others = std::iter::from_fn(move || {
            let range = PageRange { offset: first + searched, limit: searched * GROWTH };
            searched += range.limit;
            let is_within = range.offset < listing.len();
            is_within.then(|| listing.search_range(range, text, finder).created_slots(range))
        });
        let others = others.flatten().map(move |slot| (collection.sequence(slot), collection.record(slot)));
        self.search_first(text, finder, after).chain(others)
    }

    /// Returns the records that [`Listing::search`] finds, at least those in `range` in creation order.
    fn search_range(&self, range: PageRange, text: usize, finder: &Finder<'_>) -> Found<'a, R> {
        let few = |slots| Found { listing: *self, slots: FoundSlots::Few(slots) };
        let Some(partition) = self.partition else { return few(Vec::new()) };
        let collection = self.collection;
        if self.len() <= MAX_UNINDEXED_LEN {
            let mut matcher = Matcher::new(self, text, finder);
            let slots = partition.iter_from(range.offset).take(range.limit);
            return few(slots.filter(|slot| matcher.matches(*slot)).collect());
        }
        let rest = self.len().saturating_sub(range.offset);
        // The second half of a collection is searched with the first one, because looking up its slots takes longer.
        let is_half = self.len() == collection.len() && rest <= range.limit && rest >= self.len() / 2;
        let mut slots = if is_half {
            collection.all_slots()
        } else {
            let mut slots = SlotSet::empty(collection.slots.len());
            slots.extend(partition.iter_from(range.offset).take(range.limit));
            slots
        };
        collection.retain_containing(&mut slots, text, finder);
        Found { listing: *self, slots: FoundSlots::new(slots, rest.min(range.limit)) }
    }
}

impl FoundSlots {
    /// Returns the slots that were found among `total` ones.
    pub(super) fn new(slots: SlotSet, total: usize) -> Self {
        let len = slots.len();
        if len < total / FEW { Self::Few(slots.iter().collect()) } else { Self::Many(slots, len) }
    }

    /// Returns the number of slots.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Few(slots) => slots.len(),
            Self::Many(_, len) => *len,
        }
    }
}

impl<'a, R: Record> Found<'a, R> {
    /// Returns the number of records.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Returns whether no record was found.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the records of `range` in creation order.
    pub fn page_by_creation(self, range: PageRange) -> Vec<&'a R> {
        let collection = self.listing.collection;
        collection.page(&mut self.created_slots(EVERYTHING), range)
    }

    /// Returns the records of `range` in the sort order with the index `order`.
    pub fn page(&self, order: usize, direction: Direction, range: PageRange) -> Vec<&'a R> {
        let collection = self.listing.collection;
        match &self.slots {
            FoundSlots::Few(slots) => {
                let sorted = self.sorted(slots, order);
                match direction {
                    Direction::Ascending => collection.page(&mut sorted.into_iter(), range),
                    Direction::Descending => collection.page(&mut sorted.into_iter().rev(), range),
                }
            }
            FoundSlots::Many(found, _) => {
                let ordered = self.listing.ordered_slots(order, direction);
                collection.page(&mut ordered.filter(|slot| found.contains(*slot)), range)
            }
        }
    }

    /// Returns the number of records before the position that `probe` searches for, as [`Listing::rank`] does.
    pub fn rank(&self, order: usize, probe: impl Fn(&R) -> Ordering) -> usize {
        match &self.slots {
            FoundSlots::Few(slots) => {
                let records = slots.iter().map(|&slot| self.listing.collection.record(slot));
                records.filter(|record| probe(record).is_lt()).count()
            }
            FoundSlots::Many(found, _) => {
                let end = self.listing.rank(order, probe);
                let before = self.listing.ordered_slots(order, Direction::Ascending).take(end);
                before.filter(|slot| found.contains(*slot)).count()
            }
        }
    }

    /// Returns the slots in `range` of the listing in creation order.
    fn created_slots(self, range: PageRange) -> Box<dyn Iterator<Item = u32> + 'a> {
        let Listing { collection, partition, .. } = self.listing;
        let Some(partition) = partition else { return Box::new(std::iter::empty()) };
        let mut slots = partition.iter_from(range.offset).take(range.limit);
        match self.slots {
            FoundSlots::Few(found) => {
                let first = slots.next().map_or(u64::MAX, |slot| collection.sequence(slot));
                let found = collection.sort_by_sequence(found).into_iter();
                Box::new(found.filter(move |&slot| collection.sequence(slot) >= first))
            }
            FoundSlots::Many(found, _) => Box::new(slots.filter(move |&slot| found.contains(slot))),
        }
    }

    fn sorted(&self, slots: &[u32], order: usize) -> Vec<u32> {
        let compare = R::INDEXES[self.listing.index].orders[order];
        let mut sorted = slots.to_vec();
        sort_slots(&mut sorted, &compare_slots(&self.listing.collection.slots, compare));
        sorted
    }
}

/// Returns the search in the text `text` of records; a free slot has an empty text.
fn text_search<'f, R: Record>(
    text: usize,
    finder: &'f Finder<'f>,
) -> TextSearch<'f, impl Fn(&Slot<R>, &mut String) + Sync> {
    let append = R::TEXTS[text];
    let append = move |slot: &Slot<R>, text: &mut String| {
        if let Some(record) = &slot.record {
            append(record, text);
        }
    };
    TextSearch { number: text, finder, append }
}

/// Searches one text of records one after the other. Consecutive records are usually in the same chunk, which is searched
/// as a whole if its text is kept.
struct Matcher<'a, 'f, R: Record> {
    collection: &'a Collection<R>,
    text: usize,
    finder: &'f Finder<'f>,
    /// Whether each record is searched by itself: in a small listing, whose records can be far apart.
    is_single: bool,
    /// The chunk that was searched last, and the bits of the records that contain the searched string.
    chunk: Option<(usize, Option<u64>)>,
    buffer: String,
}

impl<'a, 'f, R: Record> Matcher<'a, 'f, R> {
    fn new(listing: &Listing<'a, R>, text: usize, finder: &'f Finder<'f>) -> Self {
        let is_single = listing.len() <= MAX_UNINDEXED_LEN;
        Self { collection: listing.collection, text, finder, is_single, chunk: None, buffer: String::new() }
    }

    fn matches(&mut self, slot: u32) -> bool {
        if let Some(mask) = self.find_in_chunk(slot as usize / CHUNK) {
            return mask >> (slot as usize % CHUNK) & 1 == 1;
        }
        self.buffer.clear();
        R::TEXTS[self.text](self.collection.record(slot), &mut self.buffer);
        self.finder.find(self.buffer.as_bytes()).is_some()
    }

    fn find_in_chunk(&mut self, chunk: usize) -> Option<u64> {
        if self.is_single {
            return None;
        }
        if let Some((last, mask)) = self.chunk
            && last == chunk
        {
            return mask;
        }
        let search = text_search::<R>(self.text, self.finder);
        let mask = self.collection.slots.find_in_chunk(chunk, &search);
        self.chunk = Some((chunk, mask));
        mask
    }
}
