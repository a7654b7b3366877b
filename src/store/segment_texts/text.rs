//! `Text`: one text of the items of a segment.

use std::ops::Range;

use memchr::memmem::Finder;

use super::super::slot_set::CHUNK;
use super::prefixes::{Prefixes, SEPARATOR};

/// One text of the first items of a segment.
#[derive(Debug)]
pub(super) struct Text {
    /// The strings of all items, each after the code of the prefix that it lacks. A code is an upper-case letter, so that
    /// no match extends over two strings.
    joined: Box<[u8]>,
    /// The end of each item's strings in `joined`.
    ends: Box<[u32]>,
    prefixes: Prefixes,
}

impl Text {
    /// Returns the text of `items` items, of which `append` appends the text of one.
    pub(super) fn new(items: usize, append: &dyn Fn(usize, &mut String)) -> Self {
        let prefixes = Prefixes::new(items, append);
        let (mut joined, mut text) = (Vec::new(), String::new());
        let ends = (0..items).map(|item| {
            text.clear();
            append(item, &mut text);
            for string in text.split(SEPARATOR) {
                let (code, rest) = prefixes.strip(string.as_bytes());
                joined.push(code);
                joined.extend_from_slice(rest);
            }
            u32::try_from(joined.len()).expect("the texts of a segment are much smaller than 4 GB")
        });
        Self { ends: ends.collect(), joined: joined.into(), prefixes }
    }

    /// Returns the number of items.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns the bytes that the text takes.
    pub(super) fn bytes(&self) -> usize {
        self.joined.len() + size_of_val(&*self.ends) + self.prefixes.bytes()
    }

    /// Sets the bits in `found`, a word for each chunk, of the items of `chunks` that contain the searched string.
    pub(super) fn find(&self, finder: &Finder<'_>, chunks: Range<usize>, found: &mut [u64]) {
        let needle = finder.needle();
        if needle.is_empty() {
            return found.fill(u64::MAX);
        }
        let last = (chunks.end * CHUNK).min(self.len());
        let items = (chunks.start * CHUNK).min(last)..last;
        self.find_joined(finder, items.clone(), found);
        for part in self.prefixes.parts_after(needle) {
            self.find_joined(&Finder::new(&part), items.clone(), found);
        }
    }

    /// Sets the bits in `found` of the `items` whose part of `joined` contains the searched bytes.
    fn find_joined(&self, finder: &Finder<'_>, items: Range<usize>, found: &mut [u64]) {
        let (needle, last) = (finder.needle(), items.end);
        let text = &self.joined[..self.start(last)];
        let mut item = items.start;
        let mut start = self.start(item);
        while let Some(offset) = finder.find(&text[start..]) {
            while self.ends[item] as usize <= start + offset {
                item += 1;
            }
            let position = start + offset - self.start(item);
            // A string that many items contain is usually at the same position in each.
            loop {
                found[item / CHUNK] |= 1 << (item % CHUNK);
                item += 1;
                start = self.start(item);
                if item == last
                    || !text[start..self.ends[item] as usize]
                        .get(position..)
                        .is_some_and(|it| it.starts_with(needle))
                {
                    break;
                }
            }
        }
    }

    /// Returns the start of an item's strings in `joined`.
    fn start(&self, item: usize) -> usize {
        item.checked_sub(1).map_or(0, |before| self.ends[before] as usize)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CHUNKS: usize = 4;
    const ITEMS: usize = CHUNKS * CHUNK;

    /// Returns the items that contain `part` and those in whose text it is found.
    fn find(items: &[Vec<String>], part: &str) -> (Vec<usize>, Vec<usize>) {
        let expected = (0..items.len()).filter(|item| items[*item].iter().any(|it| it.contains(part)));
        let text = Text::new(items.len(), &|item, text| text.push_str(&items[item].join("X")));
        let mut found = [0; CHUNKS];
        text.find(&Finder::new(part), 0..CHUNKS, &mut found);
        let is_found = |item: &usize| found[item / CHUNK] >> (item % CHUNK) & 1 == 1;
        (expected.collect(), (0..items.len()).filter(is_found).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn strings_with_common_prefixes_are_found_like_others(
            prefixes in proptest::array::uniform4("[aé-]{0,6}"),
            rests in proptest::array::uniform8("[abé-]{0,4}"),
            items in proptest::collection::vec(
                proptest::collection::vec((0..4_usize, 0..8_usize), 0..4),
                CHUNK..=2 * CHUNK,
            ),
            parts in proptest::array::uniform8("[abé-]{1,6}"),
        ) {
            let string = |(prefix, rest): &(usize, usize)| format!("{}{}", prefixes[*prefix], rests[*rest]);
            let items: Vec<Vec<String>> =
                items.iter().map(|strings| strings.iter().map(string).collect()).collect();
            let items = &items[..items.len() / CHUNK * CHUNK];

            for part in parts.iter().chain(prefixes.iter().filter(|prefix| !prefix.is_empty())) {
                let (expected, found) = find(items, part);
                prop_assert_eq!(found, expected, "{}", part);
            }
        }
    }

    #[test]
    fn text_lacks_the_prefixes_that_many_strings_have() {
        let strings = |item: usize| vec![format!("group number {item:03}"), "ibmid-0001".to_owned()];
        let items: Vec<Vec<String>> = (0..ITEMS).map(strings).collect();

        let text = Text::new(ITEMS, &|item, text| text.push_str(&items[item].join("X")));

        // A name keeps a code and at most three digits, and the second string only its code.
        assert!(text.joined.len() <= 5 * ITEMS, "{}", text.joined.len());
        for (part, count) in [("group", ITEMS), ("r 00", 10), ("ibmid-0001", ITEMS), ("d-0001x", 0)] {
            let (expected, found) = find(&items, part);
            assert_eq!((found.len(), &found), (count, &expected), "{part}");
        }
    }
}
