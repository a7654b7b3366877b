//! `ChunkTexts`: the texts of the items of a chunk, kept contiguously for substring searches.

use memchr::memmem::Finder;

use super::memo::Memo;

/// The number of items in a chunk of a `ChunkedVec`, a power of two: the first write to a shared chunk copies this many
/// items. Each has a bit in the mask that a search returns.
pub(super) const CHUNK: usize = 64;

/// The maximum number of texts that an item has.
pub(super) const MAX_TEXTS: usize = 2;

/// Ends the text of each item, so that no match extends over two items: no searched string contains it, because an
/// upper-case letter is converted to lower case in both texts and searched strings.
const SEPARATOR: char = 'X';

/// The texts of the items of a chunk, each built by the first search in it. A clone has no texts.
#[derive(Debug, Clone, Default)]
pub(super) struct ChunkTexts([Memo<Box<Text>>; MAX_TEXTS]);

/// One text of all items of a chunk.
#[derive(Debug)]
struct Text {
    joined: Box<str>,
    /// The end of each item's text in `joined`, with the separator.
    ends: [u32; CHUNK],
}

impl ChunkTexts {
    /// Returns a mask of the items whose text `number` contains the searched string; the first item has the lowest bit.
    ///
    /// `append` appends the text of an item, which contains no upper-case ASCII letter but [`SEPARATOR`].
    pub(super) fn find<T>(
        &self,
        number: usize,
        finder: &Finder<'_>,
        items: &[T; CHUNK],
        append: impl Fn(&T, &mut String),
    ) -> u64 {
        self.0[number].get_or_init(|| Box::new(Text::new(items, append))).find(finder)
    }

    /// Drops the texts.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Returns the bytes of the texts.
    pub(super) fn bytes(&self) -> usize {
        self.0.iter().filter_map(Memo::get).map(|text| size_of::<Text>() + text.joined.len()).sum()
    }
}

impl Text {
    fn new<T>(items: &[T; CHUNK], append: impl Fn(&T, &mut String)) -> Self {
        let mut joined = String::new();
        let ends = items.each_ref().map(|item| {
            append(item, &mut joined);
            joined.push(SEPARATOR);
            u32::try_from(joined.len()).expect("the texts of a chunk are much smaller than 4 GB")
        });
        Self { joined: joined.into(), ends }
    }

    fn find(&self, finder: &Finder<'_>) -> u64 {
        if finder.needle().is_empty() {
            return u64::MAX;
        }
        let (mut mask, mut item, mut start) = (0, 0, 0);
        while let Some(offset) = finder.find(&self.joined.as_bytes()[start..]) {
            let at = start + offset;
            while self.ends[item] as usize <= at {
                item += 1;
            }
            mask |= 1 << item;
            start = self.ends[item] as usize;
        }
        mask
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the indexes of the items whose text contains `part`.
    fn find(texts: &ChunkTexts, items: &[&str; CHUNK], part: &str) -> Vec<usize> {
        let mask = texts.find(1, &Finder::new(part), items, |item, text| text.push_str(item));
        (0..CHUNK).filter(|item| mask >> item & 1 == 1).collect()
    }

    #[test]
    fn text_is_found_in_the_items_that_contain_it_and_not_across_two_items() {
        let mut items = [""; CHUNK];
        (items[0], items[1], items[62], items[63]) = ("abab", "b", "xb", "ab");
        let mut texts = ChunkTexts::default();

        assert_eq!(find(&texts, &items, "ab"), [0, 63]);
        assert_eq!(find(&texts, &items, "b"), [0, 1, 62, 63]);
        assert_eq!(find(&texts, &items, "bb"), [0_usize; 0]);
        assert_eq!(find(&texts, &items, "").len(), CHUNK);
        assert!(texts.bytes() > 4 * CHUNK && texts.clone().bytes() == 0);

        items[5] = "ab";
        assert_eq!(find(&texts, &items, "ab"), [0, 63], "the text is kept");
        texts.clear();
        assert_eq!(find(&texts, &items, "ab"), [0, 5, 63]);
    }
}
