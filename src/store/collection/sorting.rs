//! Sorting many slots by records that do not fit into the processor's cache.

use std::cmp::Ordering;

/// So many slots are sorted at a time: their records lie side by side and stay in the cache.
const RUN: usize = if cfg!(test) { 16 } else { 4096 };

/// Returns slots in the order of `compare`, which finds no two of them equal.
///
/// The runs are merged all at once, so that each record comes into the cache twice, and not at every step of a sort.
pub(super) fn sorted(mut slots: Vec<u32>, compare: impl Fn(u32, u32) -> Ordering) -> Vec<u32> {
    for run in slots.chunks_mut(RUN) {
        run.sort_unstable_by(|&left, &right| compare(left, right));
    }
    if slots.len() <= RUN {
        return slots;
    }
    merged(slots.chunks(RUN).collect(), compare)
}

/// Merges runs that are in order; none of them is empty.
fn merged(mut runs: Vec<&[u32]>, compare: impl Fn(u32, u32) -> Ordering) -> Vec<u32> {
    let mut all = Vec::with_capacity(runs.iter().map(|run| run.len()).sum());
    // A heap: no run begins before the one at half its index.
    runs.sort_unstable_by(|left, right| compare(left[0], right[0]));
    while let Some([first, rest @ ..]) = runs.first().copied() {
        all.push(*first);
        if rest.is_empty() {
            runs.swap_remove(0);
        } else {
            runs[0] = rest;
        }
        sift_down(&mut runs, &compare);
    }
    all
}

/// Moves the first run down to where it belongs in the heap.
fn sift_down(runs: &mut [&[u32]], compare: &impl Fn(u32, u32) -> Ordering) {
    let is_before =
        |runs: &[&[u32]], left: usize, right: usize| compare(runs[left][0], runs[right][0]).is_lt();
    let mut at = 0;
    loop {
        let (left, right) = (2 * at + 1, 2 * at + 2);
        let Some(_) = runs.get(left) else { return };
        let least = if right < runs.len() && is_before(runs, right, left) { right } else { left };
        if !is_before(runs, least, at) {
            return;
        }
        runs.swap(at, least);
        at = least;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn many_runs_are_merged_into_one_order(slots in proptest::collection::vec(any::<u32>(), 0..600)) {
            let compare = |left: u32, right: u32| left.reverse_bits().cmp(&right.reverse_bits());
            let mut expected = slots.clone();
            expected.sort_by(|&left, &right| compare(left, right));

            prop_assert_eq!(sorted(slots, compare), expected);
        }
    }
}
