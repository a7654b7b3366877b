//! `Prefixes`: the prefixes that many strings of a text have in common.

use std::collections::BTreeSet;

/// Separates the strings in the text of an item. No searched string contains it, because an upper-case letter is
/// converted to lower case in both texts and searched strings.
pub(super) const SEPARATOR: char = 'X';

/// The maximum number of prefixes: a search looks for its string after each of them.
const MAX_PREFIXES: usize = 8;

/// The maximum length of a prefix in bytes.
const MAX_BYTES: usize = 128;

/// The maximum number of starts of a searched string with which a prefix ends: a search looks for the rest after each.
const MAX_OVERLAPS: usize = 4;

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
    pub(super) fn new(items: usize, append: &dyn Fn(usize, &mut String)) -> Self {
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
    let common = with_many.map(|window| common_prefix(window[0], window[window.len() - 1]));
    let prefixes: BTreeSet<&[u8]> = common.collect();
    let prefixes: BTreeSet<&[u8]> = prefixes.into_iter().map(limit_overlaps).collect();
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

/// Returns a start of a prefix that has at most [`MAX_OVERLAPS`] overlaps with any searched string.
///
/// Without this bound, a search for a long string of one letter would look for as many parts as it has letters.
fn limit_overlaps(prefix: &[u8]) -> &[u8] {
    let prefix = &prefix[..prefix.len().min(MAX_BYTES)];
    // Usually, the zeros before a number repeat.
    let without_repetition =
        prefix.iter().rposition(|byte| Some(byte) != prefix.last()).map_or(0, |at| at + 1);
    let starts = [prefix, &prefix[..without_repetition]];
    starts.into_iter().find(|start| max_overlaps(start) <= MAX_OVERLAPS).unwrap_or_default()
}

/// Returns the maximum number of starts of any string with which `prefix` ends.
///
/// The longest of them starts and ends with each other one, and each with the next: they are followed like the mismatches
/// in the string search of Knuth, Morris and Pratt.
fn max_overlaps(prefix: &[u8]) -> usize {
    let reversed: Vec<u8> = prefix.iter().rev().copied().collect();
    // By the length of an end of the prefix: the next shorter overlap, and the number of overlaps.
    let (mut shorter, mut overlaps) = (vec![0; prefix.len() + 1], vec![0, 1]);
    for len in 2..=prefix.len() {
        let mut start = shorter[len - 1];
        while start > 0 && reversed[start] != reversed[len - 1] {
            start = shorter[start];
        }
        shorter[len] = start + usize::from(reversed[start] == reversed[len - 1]);
        overlaps.push(overlaps[shorter[len]] + 1);
    }
    overlaps.into_iter().take(prefix.len() + 1).max().unwrap_or_default()
}

fn common_prefix<'s>(one: &'s [u8], other: &[u8]) -> &'s [u8] {
    let len = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    &one[..len]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns the prefixes that are chosen for 4,096 strings, each `start` and its number.
    fn prefixes(start: &str) -> Prefixes {
        Prefixes::new(4_096, &|item, text| text.push_str(&format!("{start}{item:04}")))
    }

    #[test]
    fn search_for_a_long_string_of_one_letter_looks_for_few_parts() {
        for len in [40, 10_000] {
            let prefixes = prefixes(&"a".repeat(len));

            for needle in ["a".repeat(len) + "b", "a".repeat(len - 1) + "0001", "a".repeat(5)] {
                let parts = prefixes.parts_after(needle.as_bytes());
                assert!(parts.len() <= MAX_PREFIXES * (MAX_OVERLAPS + 1), "{}", parts.len());
            }
        }
        assert_eq!(limit_overlaps("a".repeat(200).as_bytes()), b"");
    }

    #[test]
    fn prefix_without_overlaps_is_kept_up_to_its_maximum_length() {
        assert_eq!(&*prefixes("crn:v1:bluemix::a/").0[0], b"crn:v1:bluemix::a/");
        assert_eq!(limit_overlaps(b"group-0000000000"), b"group-");
        assert_eq!(limit_overlaps(b"group-0000"), b"group-0000");
        let long: String = (0..1_000).map(|number| format!("{number:03}")).collect();
        assert_eq!(limit_overlaps(long.as_bytes()).len(), MAX_BYTES);
        assert_eq!((limit_overlaps(b""), max_overlaps(b""), max_overlaps(b"a")), (&b""[..], 0, 1));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn overlaps_are_counted(prefix in "[ab]{0,12}") {
            let prefix = prefix.as_bytes();
            let ends: Vec<&[u8]> = (0..prefix.len()).map(|start| &prefix[start..]).collect();
            let overlaps = |needle: &&[u8]| ends.iter().filter(|end| needle.starts_with(end)).count();

            prop_assert_eq!(max_overlaps(prefix), ends.iter().map(overlaps).max().unwrap_or_default());
        }
    }
}
