//! Sorting many slots by records that do not fit into the processor's cache.

use std::cmp::Ordering;

/// So many slots are sorted at a time: their records lie side by side and stay in the cache.
const RUN: usize = if cfg!(test) { 16 } else { 4096 };

/// Returns slots in the order of `compare`, which finds no two records equal; `record_of` gives the record of a slot.
///
/// The runs are merged all at once, so that each record comes into the cache twice, and not at every step of a sort.
pub(super) fn sorted<'a, T: 'a>(
    mut slots: Vec<u32>,
    record_of: impl Fn(u32) -> &'a T,
    compare: impl Fn(&T, &T) -> Ordering,
) -> Vec<u32> {
    let mut run: Vec<Head<'a, T>> = Vec::new();
    for slots in slots.chunks_mut(RUN) {
        run.clear();
        run.extend(slots.iter().map(|&slot| (record_of(slot), slot)));
        run.sort_unstable_by(|(left, _), (right, _)| compare(left, right));
        slots.iter_mut().zip(&run).for_each(|(slot, (_, sorted))| *slot = *sorted);
    }
    if slots.len() <= RUN {
        return slots;
    }
    merged(&slots, record_of, compare)
}

/// A slot with its record beside it, as the way to a record is long.
type Head<'a, T> = (&'a T, u32);

/// Merges runs that are in order and stand one after another.
fn merged<'a, T: 'a>(
    slots: &[u32],
    record_of: impl Fn(u32) -> &'a T,
    compare: impl Fn(&T, &T) -> Ordering,
) -> Vec<u32> {
    let mut all = Vec::with_capacity(slots.len());
    let mut rests: Vec<std::slice::Iter<'_, u32>> = slots.chunks(RUN).map(<[u32]>::iter).collect();
    let mut next = |run: usize| rests[run].next().map(|&slot| (record_of(slot), slot));
    // A heap of the heads of the runs, each with its run: none stands before the one at half its index.
    let mut heads: Vec<(Head<'a, T>, usize)> = Vec::new();
    for run in 0..slots.len().div_ceil(RUN) {
        heads.extend(next(run).map(|head| (head, run)));
    }
    let is_before =
        |left: &(Head<'_, T>, usize), right: &(Head<'_, T>, usize)| compare(left.0.0, right.0.0).is_lt();
    heads.sort_unstable_by(|left, right| compare(left.0.0, right.0.0));
    while let Some(&((_, slot), run)) = heads.first() {
        all.push(slot);
        match next(run) {
            Some(head) => heads[0] = (head, run),
            None => drop(heads.swap_remove(0)),
        }
        sift_down(&mut heads, is_before);
    }
    all
}

/// Moves the first item down to where it belongs in the heap.
fn sift_down<T>(heap: &mut [T], is_before: impl Fn(&T, &T) -> bool) {
    // Most items belong far down: one comparison at each step there, and then some steps up, are fewer than two at each.
    let mut at = 0;
    while 2 * at + 1 < heap.len() {
        let (left, right) = (2 * at + 1, 2 * at + 2);
        let least = if right < heap.len() && is_before(&heap[right], &heap[left]) { right } else { left };
        heap.swap(at, least);
        at = least;
    }
    while at > 0 && is_before(&heap[at], &heap[(at - 1) / 2]) {
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
        fn many_runs_are_merged_into_one_order(slots in proptest::collection::vec(any::<u32>(), 0..600)) {
            let compare = |left: &u32, right: &u32| left.reverse_bits().cmp(&right.reverse_bits());
            let mut expected = slots.clone();
            expected.sort_by(compare);
            let places = (0..).zip(&slots).map(|(place, _)| place).collect();

            let found = sorted(places, |place| &slots[place as usize], compare);

            prop_assert_eq!(found.iter().map(|&place| slots[place as usize]).collect::<Vec<_>>(), expected);
        }
    }
}
