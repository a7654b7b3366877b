//! Searches in the items of a vector, by the texts that are kept of them or by a condition.

use memchr::memmem::Finder;
use parking_lot::Mutex;

use super::super::segment_texts::{SEGMENT, retain_bits};
use super::super::slot_set::{CHUNK, SlotSet};
use super::ChunkedVec;

/// The number of chunks in which items are wanted above which two threads search: at most half as many long reads as there
/// are processors run at a time, so that each may use two.
const PARALLEL_CHUNKS: usize = if cfg!(test) { 8 } else { 512 };

/// A search for a string in one text of the items.
pub(in super::super) struct TextSearch<'f, A> {
    /// The number of the text.
    pub(in super::super) number: usize,
    pub(in super::super) finder: &'f Finder<'f>,
    /// Appends the text of an item.
    pub(in super::super) append: A,
}

impl<T: Clone + Send + Sync> ChunkedVec<T> {
    /// Removes the items whose text does not contain the searched string from `wanted`.
    pub(in super::super) fn retain_texts(
        &self,
        wanted: &mut SlotSet,
        search: &TextSearch<'_, impl Fn(&T, &mut String) + Sync>,
    ) {
        for_each_segment(wanted.words_mut(), &|segment, words| {
            self.retain_in_segment(segment, words, search)
        });
    }

    /// Returns the items of a chunk whose text contains the searched string, a bit each; `None` if the text is not kept.
    pub(in super::super) fn find_in_chunk(
        &self,
        chunk: usize,
        search: &TextSearch<'_, impl Fn(&T, &mut String)>,
    ) -> Option<u64> {
        let (chunks, texts) = self.segment(chunk / SEGMENT)?;
        if chunk % SEGMENT >= chunks.len() || !texts.is_kept(search.number) {
            return None;
        }
        let mut words = [0; SEGMENT];
        words[chunk % SEGMENT] = u64::MAX;
        self.retain_in_segment(chunk / SEGMENT, &mut words[..chunks.len()], search);
        Some(words[chunk % SEGMENT])
    }

    /// Removes the items for which `is_retained` returns `false` from `wanted`.
    pub(in super::super) fn retain(&self, wanted: &mut SlotSet, is_retained: impl Fn(&T) -> bool + Sync) {
        for_each_segment(wanted.words_mut(), &|segment, words| {
            let chunks = self.segment(segment).map_or(&[][..], |(chunks, _)| chunks);
            let (full, tail) = words.split_at_mut(chunks.len());
            for (word, chunk) in full.iter_mut().zip(chunks) {
                let bits = *word;
                retain_bits(word, bits, |item| is_retained(&chunk[item]));
            }
            self.retain_in_tail(tail, &is_retained);
        });
    }

    /// Removes items from `words`, the words of a segment.
    fn retain_in_segment(
        &self,
        segment: usize,
        words: &mut [u64],
        TextSearch { number, finder, append }: &TextSearch<'_, impl Fn(&T, &mut String)>,
    ) {
        let mut full = 0;
        if let Some((chunks, texts)) = self.segment(segment) {
            full = chunks.len();
            let append = |item: usize, text: &mut String| append(&chunks[item / CHUNK][item % CHUNK], text);
            texts.retain(*number, finder, &mut words[..full], &append);
        }
        self.retain_in_tail(&mut words[full..], |item| {
            let mut text = String::new();
            append(item, &mut text);
            finder.find(text.as_bytes()).is_some()
        });
    }

    /// Removes items after the full chunks from `words`, which has their word if they are in the searched segment.
    fn retain_in_tail(&self, words: &mut [u64], is_retained: impl Fn(&T) -> bool) {
        if let [word] = words {
            let bits = *word;
            retain_bits(word, bits, |item| self.tail.get(item).is_some_and(&is_retained));
        }
    }
}

/// Calls `search` with each segment in which an item is wanted, and its words of `wanted`.
fn for_each_segment(wanted: &mut [u64], search: &(dyn Fn(usize, &mut [u64]) + Sync)) {
    let is_long = wanted.iter().filter(|word| **word != 0).count() > PARALLEL_CHUNKS;
    let segments = Mutex::new(wanted.chunks_mut(SEGMENT).enumerate());
    let next = || segments.lock().next();
    let search_all = || {
        while let Some((segment, words)) = next() {
            if words.iter().any(|word| *word != 0) {
                search(segment, words);
            }
        }
    };
    std::thread::scope(|scope| {
        if is_long {
            // Without a second thread, the first one searches everything.
            let _ = std::thread::Builder::new().spawn_scoped(scope, search_all);
        }
        search_all();
    });
}
