//! `Prefixes`: the prefixes that many strings of a text have in common.

/// Separates the strings in the text of an item. No searched string contains it, because an upper-case letter is
/// converted to lower case in both texts and searched strings.
pub(super) const SEPARATOR: char = 'X';

/// The maximum number of prefixes: a search looks for its string after each of them.
const MAX_PREFIXES: usize = 8;

/// The code of the first prefix; the others follow. No text contains an upper-case letter but [`SEPARATOR`].
const FIRST_CODE: u8 = b'A';

/// The code of the empty prefix.
const NO_PREFIX: u8 = SEPARATOR as u8;

/// One in this number of items is looked at to choose the prefixes.
const SAMPLED: usize = 16;

/// One in this number of strings must have a prefix.
const MIN_SHARE: usize = 32;

/// One in this number of bytes must be left out by a prefix.
const MIN_GAIN: usize = 64;

/// The prefixes that many strings of a text have in common and that are left out of it; the longest comes first.
#[derive(Debug)]
pub(super) struct Prefixes(Box<[Box<[u8]>]>);

impl Prefixes {
    /// Chooses the prefixes of a text of `items` items, of which `append` appends the text of one.
    pub(super) fn new(items: usize, append: &impl Fn(usize, &mut String)) -> Self {
        let mut sample = String::new();
        for item in (0..items).step_by(SAMPLED) {
            append(item, &mut sample);
            sample.push(SEPARATOR);
        }
        let mut strings: Vec<&[u8]> = sample.split(SEPARATOR).map(str::as_bytes).collect();
        strings.sort_unstable();
        let mut chosen = choose(&common_prefixes(&strings), sample.len() / MIN_GAIN);
        chosen.sort_by_key(|prefix| std::cmp::Reverse(prefix.len()));
        Self(chosen.into_iter().map(Into::into).collect())
    }

    /// Returns the code of the longest prefix of a string, and the rest of the string.
    pub(super) fn strip<'s>(&self, string: &'s [u8]) -> (u8, &'s [u8]) {
        let mut rests =
            self.with_codes().filter_map(|(code, prefix)| Some((code, string.strip_prefix(prefix)?)));
        rests.next().unwrap_or((NO_PREFIX, string))
    }

    /// Returns the codes and rests of strings in which `needle` starts in the prefix: what is found in their place.
    pub(super) fn parts_after(&self, needle: &[u8]) -> Vec<Vec<u8>> {
        let mut parts = Vec::new();
        for (code, prefix) in self.with_codes() {
            if memchr::memmem::find(prefix, needle).is_some() {
                parts.push(vec![code]);
                continue;
            }
            let lengths = 1..needle.len().min(prefix.len() + 1);
            let overlaps = lengths.filter(|len| prefix.ends_with(&needle[..*len]));
            parts.extend(overlaps.map(|len| [&[code], &needle[len..]].concat()));
        }
        parts
    }

    /// Returns the bytes that the prefixes take.
    pub(super) fn bytes(&self) -> usize {
        self.0.iter().map(|prefix| size_of::<Box<[u8]>>() + prefix.len()).sum()
    }

    fn with_codes(&self) -> impl Iterator<Item = (u8, &[u8])> {
        (FIRST_CODE..).zip(self.0.iter().map(|prefix| &**prefix))
    }
}

/// Returns the longest prefixes that many consecutive strings have in common, each with the number of strings that start
/// with it.
fn common_prefixes<'s>(strings: &[&'s [u8]]) -> Vec<(&'s [u8], usize)> {
    let with_many = strings.windows(strings.len() / MIN_SHARE + 2);
    let mut prefixes: Vec<&[u8]> =
        with_many.map(|window| common_prefix(window[0], window[window.len() - 1])).collect();
    prefixes.sort_unstable();
    prefixes.dedup();
    let count = |prefix: &[u8]| {
        let start = strings.partition_point(|string| *string < prefix);
        strings[start..].partition_point(|string| string.starts_with(prefix))
    };
    prefixes.into_iter().map(|prefix| (prefix, count(prefix))).collect()
}

/// Chooses the prefixes that leave out most bytes, more than `min_gain` each.
fn choose<'s>(prefixes: &[(&'s [u8], usize)], min_gain: usize) -> Vec<&'s [u8]> {
    let mut chosen: Vec<(&[u8], usize)> = Vec::new();
    while chosen.len() < MAX_PREFIXES {
        let gain = |(prefix, count): &(&[u8], usize)| {
            let shorter = chosen.iter().filter(|(it, _)| prefix.starts_with(it)).map(|(it, _)| it.len());
            let longer = chosen.iter().filter(|(it, _)| it.starts_with(prefix)).map(|(_, count)| count);
            count.saturating_sub(longer.sum()) * (prefix.len() - shorter.max().unwrap_or(0))
        };
        let best = prefixes.iter().max_by_key(|prefix| gain(prefix));
        let Some(best) = best.filter(|best| gain(best) > min_gain) else { break };
        chosen.push(*best);
    }
    chosen.into_iter().map(|(prefix, _)| prefix).collect()
}

fn common_prefix<'s>(one: &'s [u8], other: &[u8]) -> &'s [u8] {
    let len = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    &one[..len]
}
