//! Cache-efficient merge sort of slots by their records.

use std::cmp::Ordering;

/// The number of slots in a sorted run, small enough for the records of a run to stay in the cache.
const RUN: usize = if cfg!(test) { 16 } else { 4096 };

/// Returns the slots sorted by `compare`, which must not find two records equal; `record` returns the record of a slot.
///
/// All runs are merged in one pass, so each record is loaded into the cache twice instead of in every pass of the sort.
pub(super) fn sorted<'a, T: 'a>(
    mut slots: Vec<u32>,
    record: impl Fn(u32) -> &'a T,
    compare: impl Fn(&T, &T) -> Ordering,
) -> Vec<u32> {
    let mut run: Vec<Head<'a, T>> = Vec::new();
    for slots in slots.chunks_mut(RUN) {
        run.clear();
        run.extend(slots.iter().map(|&slot| (record(slot), slot)));
        run.sort_unstable_by(|(left, _), (right, _)| compare(left, right));
        slots.iter_mut().zip(&run).for_each(|(slot, (_, sorted))| *slot = *sorted);
    }
    if slots.len() <= RUN {
        return slots;
    }
    merge_runs(&slots, record, compare)
}

/// Returns the slots sorted like [`sorted`]; if the texts of two records differ, `compare` compares them like these.
///
/// The records are loaded only to compute their keys, the first bytes after those that all texts have in common, and to
/// sort the records with the same key.
pub(super) fn sorted_by_text<'a, T: 'a>(
    slots: Vec<u32>,
    record: impl Fn(u32) -> &'a T,
    append: impl Fn(&T, &mut String),
    compare: impl Fn(&T, &T) -> Ordering,
) -> Vec<u32> {
    let Some(&first) = slots.first() else { return slots };
    let (mut common, mut text) = (String::new(), String::new());
    append(record(first), &mut common);
    let mut common_len = common.len();
    for &slot in &slots {
        text.clear();
        append(record(slot), &mut text);
        let pairs = common.bytes().zip(text.bytes()).take(common_len);
        common_len = pairs.take_while(|(one, other)| one == other).count();
    }
    let with_key = slots.into_iter().map(|slot| {
        text.clear();
        append(record(slot), &mut text);
        (key(&text.as_bytes()[common_len..]), slot)
    });
    let mut keyed: Vec<(u128, u32)> = with_key.collect();
    keyed.sort_unstable();
    let mut all = Vec::with_capacity(keyed.len());
    for equal in keyed.chunk_by(|(left, _), (right, _)| left == right) {
        match equal {
            [(_, slot)] => all.push(*slot),
            _ => all.extend(sorted(equal.iter().map(|(_, slot)| *slot).collect(), &record, &compare)),
        }
    }
    all
}

/// Returns the first bytes of a text as a number that sorts like them.
fn key(text: &[u8]) -> u128 {
    let mut bytes = [0; 16];
    let len = text.len().min(bytes.len());
    bytes[..len].copy_from_slice(&text[..len]);
    u128::from_be_bytes(bytes)
}

/// A slot and its record, cached here because loading a record is slow.
type Head<'a, T> = (&'a T, u32);

/// Merges consecutive sorted runs.
fn merge_runs<'a, T: 'a>(
    slots: &[u32],
    record: impl Fn(u32) -> &'a T,
    compare: impl Fn(&T, &T) -> Ordering,
) -> Vec<u32> {
    let mut all = Vec::with_capacity(slots.len());
    let mut runs: Vec<std::slice::Iter<'_, u32>> = slots.chunks(RUN).map(<[u32]>::iter).collect();
    let mut next = |run: usize| runs[run].next().map(|&slot| (record(slot), slot));
    // A binary min-heap of the heads of the runs, each with the index of its run.
    let mut heads: Vec<(Head<'a, T>, usize)> = Vec::new();
    for run in 0..slots.len().div_ceil(RUN) {
        heads.extend(next(run).map(|head| (head, run)));
    }
    let is_less =
        |left: &(Head<'_, T>, usize), right: &(Head<'_, T>, usize)| compare(left.0.0, right.0.0).is_lt();
    heads.sort_unstable_by(|left, right| compare(left.0.0, right.0.0));
    while let Some(&((_, slot), run)) = heads.first() {
        all.push(slot);
        match next(run) {
            Some(head) => heads[0] = (head, run),
            None => drop(heads.swap_remove(0)),
        }
        sift_down(&mut heads, is_less);
    }
    all
}

/// Moves the first item down to its position in the heap.
fn sift_down<T>(heap: &mut [T], is_less: impl Fn(&T, &T) -> bool) {
    // Most items belong near the bottom. Therefore, moving down to a leaf with one comparison per level, and then back
    // up, needs fewer comparisons than two per level on the way down.
    let mut at = 0;
    while 2 * at + 1 < heap.len() {
        let (left, right) = (2 * at + 1, 2 * at + 2);
        let smaller = if right < heap.len() && is_less(&heap[right], &heap[left]) { right } else { left };
        heap.swap(at, smaller);
        at = smaller;
    }
    while at > 0 && is_less(&heap[at], &heap[(at - 1) / 2]) {
        heap.swap(at, (at - 1) / 2);
        at = (at - 1) / 2;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn runs_are_merged_into_one_order(slots in proptest::collection::vec(any::<u32>(), 0..600)) {
            let compare = |left: &u32, right: &u32| left.reverse_bits().cmp(&right.reverse_bits());
            let mut expected = slots.clone();
            expected.sort_by(compare);
            let indexes = (0..).zip(&slots).map(|(index, _)| index).collect();

            let found = sorted(indexes, |index| &slots[index as usize], compare);

            prop_assert_eq!(found.iter().map(|&index| slots[index as usize]).collect::<Vec<_>>(), expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn texts_are_sorted_by_their_bytes_and_equal_texts_by_comparison(
            common in "[a-z]{0,20}",
            texts in proptest::collection::vec(("[a-c\u{0}é]{0,2}", "[ab]{14,18}", 0_u8..3), 0..200),
        ) {
            let texts: Vec<(String, u8)> =
                texts.into_iter().map(|(one, other, number)| (format!("{common}{one}{other}"), number)).collect();
            let mut expected: Vec<(&(String, u8), usize)> = texts.iter().zip(0..).collect();
            expected.sort();
            let compare = |left: &(usize, &(String, u8)), right: &(usize, &(String, u8))| {
                (left.1, left.0).cmp(&(right.1, right.0))
            };
            let records: Vec<(usize, &(String, u8))> = texts.iter().enumerate().collect();
            let indexes = (0..).zip(&texts).map(|(index, _)| index).collect();

            let found = sorted_by_text(
                indexes,
                |index| &records[index as usize],
                |(_, (text, _)), out| out.push_str(text),
                compare,
            );

            let found: Vec<usize> = found.iter().map(|&index| index as usize).collect();
            prop_assert_eq!(found, expected.iter().map(|(_, index)| *index).collect::<Vec<_>>());
        }
    }
}
