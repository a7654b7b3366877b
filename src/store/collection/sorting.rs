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
}
