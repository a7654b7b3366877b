//! Cache-efficient merge sort of slots by their records.
//!
//! The comparisons are trait objects, so that the compiler generates the sorts once and not for every type of records.

use std::cmp::Ordering;

/// The number of slots in a sorted run, small enough for the records of a run to stay in the cache.
const RUN: usize = if cfg!(test) { 16 } else { 4096 };

/// The comparison of two slots by their records.
pub(super) type CompareSlots<'a> = &'a dyn Fn(u32, u32) -> Ordering;

/// Sorts slots by `compare`; the order of equal ones stays the same.
pub(super) fn sort_slots(slots: &mut [u32], compare: CompareSlots<'_>) {
    slots.sort_by(|&left, &right| compare(left, right));
}

/// Sorts slots by the sequence numbers of their records.
pub(super) fn sort_by_sequence(slots: &mut [u32], sequence: &dyn Fn(u32) -> u64) {
    slots.sort_unstable_by_key(|&slot| sequence(slot));
}

/// Returns the slots sorted by `compare`, which must not find two records equal.
///
/// All runs are merged in one pass, so each record is loaded into the cache twice instead of in every pass of the sort.
pub(super) fn sorted(mut slots: Vec<u32>, compare: CompareSlots<'_>) -> Vec<u32> {
    slots.chunks_mut(RUN).for_each(|run| sort_slots(run, compare));
    if slots.len() <= RUN {
        return slots;
    }
    merge_runs(&slots, compare)
}

/// Returns the slots sorted like [`sorted`]; if the texts of two records differ, `compare` compares them like these.
/// `append` appends the text of a record.
///
/// The records are loaded only to compute their keys, the first bytes after those that all texts have in common, and to
/// sort the records with the same key.
pub(super) fn sorted_by_text(
    slots: Vec<u32>,
    append: &dyn Fn(u32, &mut String),
    compare: CompareSlots<'_>,
) -> Vec<u32> {
    let Some(&first) = slots.first() else { return slots };
    let (mut common, mut text) = (String::new(), String::new());
    append(first, &mut common);
    let mut common_len = common.len();
    for &slot in &slots {
        text.clear();
        append(slot, &mut text);
        let pairs = common.bytes().zip(text.bytes()).take(common_len);
        common_len = pairs.take_while(|(one, other)| one == other).count();
    }
    let with_key = slots.into_iter().map(|slot| {
        text.clear();
        append(slot, &mut text);
        (key(&text.as_bytes()[common_len..]), slot)
    });
    let mut keyed: Vec<(u128, u32)> = with_key.collect();
    keyed.sort_unstable();
    let mut all = Vec::with_capacity(keyed.len());
    for equal in keyed.chunk_by(|(left, _), (right, _)| left == right) {
        match equal {
            [(_, slot)] => all.push(*slot),
            _ => all.extend(sorted(equal.iter().map(|(_, slot)| *slot).collect(), compare)),
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

/// Merges consecutive sorted runs.
fn merge_runs(slots: &[u32], compare: CompareSlots<'_>) -> Vec<u32> {
    let mut all = Vec::with_capacity(slots.len());
    let mut runs: Vec<std::slice::Iter<'_, u32>> = slots.chunks(RUN).map(<[u32]>::iter).collect();
    // A binary min-heap of the first slots of the runs, each with the index of its run.
    let mut heads: Vec<(u32, usize)> = Vec::new();
    for (run, slots) in runs.iter_mut().enumerate() {
        heads.extend(slots.next().map(|head| (*head, run)));
    }
    heads.sort_unstable_by(|left, right| compare(left.0, right.0));
    while let Some(&(slot, run)) = heads.first() {
        all.push(slot);
        match runs[run].next() {
            Some(head) => heads[0] = (*head, run),
            None => drop(heads.swap_remove(0)),
        }
        sift_down(&mut heads, compare);
    }
    all
}

/// Moves the first item down to its position in the heap.
fn sift_down(heap: &mut [(u32, usize)], compare: CompareSlots<'_>) {
    let is_less = |left: (u32, usize), right: (u32, usize)| compare(left.0, right.0).is_lt();
    // Most items belong near the bottom. Therefore, moving down to a leaf with one comparison per level, and then back
    // up, needs fewer comparisons than two per level on the way down.
    let mut at = 0;
    while 2 * at + 1 < heap.len() {
        let (left, right) = (2 * at + 1, 2 * at + 2);
        let smaller = if right < heap.len() && is_less(heap[right], heap[left]) { right } else { left };
        heap.swap(at, smaller);
        at = smaller;
    }
    while at > 0 && is_less(heap[at], heap[(at - 1) / 2]) {
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

            let found = sorted(indexes, &|left, right| compare(&slots[left as usize], &slots[right as usize]));

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
            let compare = |left: u32, right: u32| {
                (&texts[left as usize], left).cmp(&(&texts[right as usize], right))
            };
            let indexes = (0..).zip(&texts).map(|(index, _)| index).collect();

            let found = sorted_by_text(
                indexes,
                &|index, out| out.push_str(&texts[index as usize].0),
                &compare,
            );

            let found: Vec<usize> = found.iter().map(|&index| index as usize).collect();
            prop_assert_eq!(found, expected.iter().map(|(_, index)| *index).collect::<Vec<_>>());
        }
    }
}
