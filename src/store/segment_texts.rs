//! `SegmentTexts`: the texts of the items of a segment of a `ChunkedVec`, kept contiguously for substring searches.

mod prefixes;
mod text;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use memchr::memmem::Finder;

use super::slot_set::{Bits, CHUNK};
use text::Text;

/// The number of chunks in a segment, whose texts are kept together: enough that a search spends its time in the texts,
/// and few enough that they are built in about a millisecond.
pub(super) const SEGMENT: usize = if cfg!(test) { 4 } else { 64 };

/// The maximum number of texts that an item has.
pub(super) const MAX_TEXTS: usize = 2;

/// The minimum number of items for whose search the text of their segment is built: one in sixteen.
const MIN_WANTED: usize = SEGMENT * CHUNK / 16;

/// The maximum number of items that are searched one by one because they were written after the texts were built; a
/// further write drops the texts.
const MAX_STALE: usize = SEGMENT;

/// The texts of the items of a segment, each built by the first search in it. A clone shares them.
#[derive(Debug, Clone, Default)]
pub(super) struct SegmentTexts {
    texts: [OnceLock<Arc<Text>>; MAX_TEXTS],
    /// The items that were written after a text was built, in ascending order.
    stale: Vec<u16>,
}

impl SegmentTexts {
    /// Removes the items whose text `number` does not contain the searched string from `wanted`, which has a word for
    /// each chunk of the segment.
    ///
    /// `append` appends the text of an item, which contains no upper-case ASCII letter but
    /// [`SEPARATOR`](prefixes::SEPARATOR).
    pub(super) fn retain(
        &self,
        number: usize,
        finder: &Finder<'_>,
        wanted: &mut [u64],
        append: &dyn Fn(usize, &mut String),
    ) {
        let mut found = [0; SEGMENT];
        let mut unknown = [u64::MAX; SEGMENT];
        if let Some(text) = self.text(number, wanted, append) {
            text.find(finder, chunks_in(wanted), &mut found);
            unknown[..text.len() / CHUNK].fill(0);
            self.stale
                .iter()
                .for_each(|&item| unknown[item as usize / CHUNK] |= 1 << (item as usize % CHUNK));
        }
        let mut buffer = String::new();
        for ((chunk, word), (found, unknown)) in wanted.iter_mut().enumerate().zip(found.iter().zip(unknown))
        {
            let single = *word & unknown;
            *word &= found & !unknown;
            retain_bits(word, single, |item| {
                buffer.clear();
                append(chunk * CHUNK + item, &mut buffer);
                finder.find(buffer.as_bytes()).is_some()
            });
        }
    }

    /// Returns whether the text `number` is kept.
    pub(super) fn is_kept(&self, number: usize) -> bool {
        self.texts[number].get().is_some()
    }

    /// Notes that the item was written.
    pub(super) fn invalidate(&mut self, item: usize) {
        if self.texts.iter().all(|text| text.get().is_none()) {
            return;
        }
        let item = u16::try_from(item).expect("a segment has at most 4,096 items");
        if let Err(at) = self.stale.binary_search(&item) {
            self.stale.insert(at, item);
        }
        if self.stale.len() > MAX_STALE {
            *self = Self::default();
        }
    }

    /// Notes that the segment has `chunks` chunks now; the texts are dropped if they lack more than one of them.
    pub(super) fn grow(&mut self, chunks: usize) {
        let mut texts = self.texts.iter().filter_map(OnceLock::get);
        if texts.any(|text| text.len() + CHUNK < chunks * CHUNK) {
            *self = Self::default();
        }
    }

    /// Returns the bytes of the texts that `other` does not share.
    pub(super) fn unshared_bytes(&self, other: Option<&Self>) -> usize {
        let texts = self.texts.iter().enumerate();
        let unshared = texts.filter_map(|(number, text)| {
            let (text, other) = (text.get()?, other.and_then(|other| other.texts[number].get()));
            other.is_none_or(|other| !Arc::ptr_eq(text, other)).then_some(text)
        });
        unshared.map(|text| text.bytes()).sum()
    }

    /// Returns the text `number`, which is built if many items are wanted.
    fn text(&self, number: usize, wanted: &[u64], append: &dyn Fn(usize, &mut String)) -> Option<&Text> {
        let text = &self.texts[number];
        let count: u32 = wanted.iter().map(|word| word.count_ones()).sum();
        if count as usize >= MIN_WANTED {
            text.get_or_init(|| Arc::new(Text::new(wanted.len() * CHUNK, append)));
        }
        text.get().map(|text| &**text)
    }
}

/// Removes the bits in `bits` from `word`, except those for which `is_retained` returns `true`.
pub(super) fn retain_bits(word: &mut u64, bits: u64, mut is_retained: impl FnMut(usize) -> bool) {
    *word &= !bits;
    for bit in Bits(bits) {
        *word |= u64::from(is_retained(bit as usize)) << bit;
    }
}

/// Returns the range of the chunks in which an item is wanted.
fn chunks_in(wanted: &[u64]) -> Range<usize> {
    let is_wanted = |word: &u64| *word != 0;
    let start = wanted.iter().position(is_wanted).unwrap_or(wanted.len());
    start..wanted.iter().rposition(is_wanted).map_or(start, |last| last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEMS: usize = SEGMENT * CHUNK;

    /// Returns the items whose text contains `part`.
    fn find(texts: &SegmentTexts, items: &[String], part: &str) -> Vec<usize> {
        let mut wanted = vec![u64::MAX; items.len() / CHUNK];
        texts.retain(1, &Finder::new(part), &mut wanted, &|item, text| text.push_str(&items[item]));
        (0..items.len()).filter(|item| wanted[item / CHUNK] >> (item % CHUNK) & 1 == 1).collect()
    }

    fn items_with(texts: &[(usize, &str)]) -> Vec<String> {
        let mut items = vec![String::new(); ITEMS];
        texts.iter().for_each(|(item, text)| items[*item].push_str(text));
        items
    }

    #[test]
    fn text_is_found_in_the_items_that_contain_it_and_not_across_two_items() {
        let last = ITEMS - 1;
        let items = items_with(&[
            (0, "abab"),
            (1, "b"),
            (63, "xab"),
            (64, "yab"),
            (65, "ya"),
            (66, "bya"),
            (last, "ab"),
        ]);
        let texts = SegmentTexts::default();

        assert_eq!(find(&texts, &items, "ab"), [0, 63, 64, last]);
        assert_eq!(find(&texts, &items, "ya"), [64, 65, 66]);
        assert_eq!(find(&texts, &items, "bb"), [0_usize; 0]);
        assert_eq!(find(&texts, &items, "").len(), ITEMS);
    }

    #[test]
    fn items_that_were_written_are_searched_by_themselves_until_they_are_many() {
        let mut items = items_with(&[(0, "ab"), (7, "ab"), (200, "ab")]);
        let mut texts = SegmentTexts::default();
        assert_eq!(find(&texts, &items, "ab"), [0, 7, 200]);
        let clone = texts.clone();

        (items[7], items[9], items[64]) = (String::new(), "ab".to_owned(), "ab".to_owned());
        assert_eq!(find(&texts, &items, "ab"), [0, 7, 200], "the text is kept");
        [9, 7, 9].into_iter().for_each(|item| texts.invalidate(item));
        assert_eq!(find(&texts, &items, "ab"), [0, 9, 200]);
        assert_eq!(texts.unshared_bytes(Some(&clone)), 0);
        assert!(texts.unshared_bytes(None) > 4 * ITEMS);

        (0..=MAX_STALE).for_each(|item| texts.invalidate(item));
        assert_eq!(texts.unshared_bytes(None), 0);
        assert_eq!(find(&texts, &items, "ab"), [0, 9, 64, 200]);
        assert_eq!(find(&clone, &items, "ab"), [0, 7, 200]);
    }

    #[test]
    fn one_chunk_more_is_searched_by_itself_and_two_drop_the_texts() {
        let items = items_with(&[(5, "ab"), (100, "ab"), (150, "ab")]);
        let mut texts = SegmentTexts::default();
        assert_eq!(find(&texts, &items[..CHUNK], "ab"), [5]);

        texts.grow(2);
        assert_eq!(find(&texts, &items[..2 * CHUNK], "ab"), [5, 100]);
        assert!(texts.unshared_bytes(None) > 0);
        texts.grow(3);
        assert_eq!(texts.unshared_bytes(None), 0);
        assert_eq!(find(&texts, &items[..3 * CHUNK], "ab"), [5, 100, 150]);
    }

    #[test]
    fn search_for_few_items_keeps_no_text() {
        let items = items_with(&[(5, "ab"), (6, "b")]);
        let texts = SegmentTexts::default();
        let mut wanted = [0; SEGMENT];
        wanted[0] = 0b110_0000;

        texts.retain(0, &Finder::new("ab"), &mut wanted, &|item, text| text.push_str(&items[item]));

        assert_eq!(wanted[0], 0b10_0000);
        assert_eq!(texts.unshared_bytes(None), 0);
    }
}
