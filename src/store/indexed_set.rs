//! `IndexedSet`: a sorted set of record slots with selection by rank (an order-statistic set).
//!
//! Imports only its sibling `cow_arc`. Invariant: the slots are sorted by the comparator of their insertion. Lookup,
//! insertion, removal and selection by rank are O(log n).

use std::cmp::Ordering;
use std::slice;
use std::sync::Arc;

use super::cow_arc::make_mut;

/// The maximum length of a chunk, and the maximum length of a set that is stored as a single vector.
const MAX_CHUNK_LEN: usize = 512;

/// The maximum number of chunks in a branch: the first write to a shared branch increments this many reference counts.
/// It is small in tests, so that they cover sets with several branches.
const MAX_BRANCH_LEN: usize = if cfg!(test) { 4 } else { 64 };

/// A set of slots, sorted by a comparator of the caller.
///
/// The comparator is not stored: each call takes a *probe*, which returns the position of a slot in the set relative to
/// the searched element (`Less` = before it). It is a trait object, so that the compiler generates the code of the set
/// once, and not for every type of records. A set of up to 512 slots is a vector; a longer one is a tree of branches,
/// chunks and slots in which each part stores its length.
#[derive(Debug, Clone, Default)]
pub struct IndexedSet {
    small: Vec<u32>,
    large: Option<Box<Tree>>,
}

impl IndexedSet {
    /// The empty set.
    pub const EMPTY: Self = Self { small: Vec::new(), large: None };

    /// Returns a set of slots that are already sorted.
    pub fn from_sorted(slots: Vec<u32>) -> Self {
        if slots.len() <= MAX_CHUNK_LEN {
            return Self { small: slots, large: None };
        }
        let chunks: Vec<Part<u32>> =
            slots.chunks(MAX_CHUNK_LEN).map(|chunk| Part::chunk(chunk.to_vec())).collect();
        let branches = chunks.chunks(MAX_BRANCH_LEN).map(|chunks| Part::branch(chunks.to_vec())).collect();
        Self { small: Vec::new(), large: Some(Box::new(Tree { branches, len: slots.len() })) }
    }

    /// Returns the number of slots.
    pub fn len(&self) -> usize {
        self.large.as_ref().map_or(self.small.len(), |tree| tree.len)
    }

    /// Returns whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the first slot.
    pub fn first(&self) -> Option<u32> {
        let first =
            self.large.as_ref().map_or(self.small.first(), |tree| tree.branches[0].items[0].items.first());
        first.copied()
    }

    /// Returns the last slot.
    pub fn last(&self) -> Option<u32> {
        self.large.as_ref().map_or_else(|| self.small.last().copied(), |tree| Some(tree.last()))
    }

    /// Returns the number of slots before the searched position.
    pub fn rank(&self, probe: &dyn Fn(u32) -> Ordering) -> usize {
        match &self.large {
            None => self.small.partition_point(|&slot| probe(slot).is_lt()),
            Some(tree) => tree.rank(probe),
        }
    }

    /// Inserts `slot` at the searched position.
    pub fn insert(&mut self, slot: u32, probe: &dyn Fn(u32) -> Ordering) {
        if self.small.len() == MAX_CHUNK_LEN {
            self.large = Some(Box::new(Tree::from_chunk(std::mem::take(&mut self.small))));
        }
        if let Some(tree) = &mut self.large {
            tree.insert(slot, probe);
            return;
        }
        if self.small.last().is_none_or(|&last| probe(last).is_lt()) {
            self.small.push(slot);
            return;
        }
        let at = self.small.partition_point(|&other| probe(other).is_lt());
        self.small.insert(at, slot);
    }

    /// Removes and returns the slot for which the probe returns `Equal`; there must be at most one.
    pub fn remove(&mut self, probe: &dyn Fn(u32) -> Ordering) -> Option<u32> {
        if let Some(tree) = &mut self.large {
            let removed = tree.remove(probe);
            if let Some(last) = tree.only_chunk() {
                self.small = std::mem::take(last);
                self.large = None;
            }
            return removed;
        }
        let at = self.small.binary_search_by(|&slot| probe(slot)).ok()?;
        Some(self.small.remove(at))
    }

    /// Returns the slot at `rank`, counted from 0.
    pub fn select(&self, rank: usize) -> Option<u32> {
        match &self.large {
            None => self.small.get(rank).copied(),
            Some(tree) => tree.iter_from(rank).next(),
        }
    }

    /// Returns the slots in order, starting at `rank`.
    pub fn iter_from(&self, rank: usize) -> Slots<'_> {
        match &self.large {
            None => Slots::of_slice(self.small.get(rank..).unwrap_or_default()),
            Some(tree) => tree.iter_from(rank),
        }
    }

    /// Returns the slots in reverse order, starting at `rank` counted from the end.
    pub fn iter_back_from(&self, rank: usize) -> Box<dyn Iterator<Item = u32> + '_> {
        match &self.large {
            None => {
                let end = self.small.len().saturating_sub(rank);
                Box::new(self.small[..end].iter().rev().copied())
            }
            Some(tree) => tree.iter_back_from(rank),
        }
    }
}

/// The slots of a set in order, from a rank on.
///
/// It is a type of its own, because a chain of adapters takes several times longer for each slot of a page, and long to
/// compile.
#[derive(Debug, Clone, Default)]
pub struct Slots<'a> {
    slots: slice::Iter<'a, u32>,
    /// The chunks after that of `slots`.
    chunks: slice::Iter<'a, Part<u32>>,
    /// The branches after that of `chunks`.
    branches: slice::Iter<'a, Part<Part<u32>>>,
}

impl<'a> Slots<'a> {
    /// Returns the slots of `slice`.
    pub fn of_slice(slice: &'a [u32]) -> Self {
        Self { slots: slice.iter(), ..Self::default() }
    }
}

impl Iterator for Slots<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        loop {
            if let Some(slot) = self.slots.next() {
                return Some(*slot);
            }
            match self.chunks.next() {
                Some(chunk) => self.slots = chunk.items.iter(),
                None => self.chunks = self.branches.next()?.items.iter(),
            }
        }
    }
}

/// The representation of a long set, with at least two chunks; no branch and no chunk is empty.
///
/// Clones share branches and chunks until one of them is written.
#[derive(Debug, Clone)]
struct Tree {
    branches: Vec<Part<Part<u32>>>,
    len: usize,
}

/// A part of a set: a chunk of slots, or a branch of chunks.
///
/// The number of slots and the last slot are stored next to the pointer, so that a search need not dereference it.
#[derive(Debug)]
struct Part<T> {
    len: usize,
    last: u32,
    items: Arc<Vec<T>>,
}

// `derive` would add an unnecessary `T: Clone` bound.
impl<T> Clone for Part<T> {
    fn clone(&self) -> Self {
        Self { len: self.len, last: self.last, items: Arc::clone(&self.items) }
    }
}

impl Part<u32> {
    /// Returns a chunk of `slots`, which must not be empty.
    fn chunk(slots: Vec<u32>) -> Self {
        Self { len: slots.len(), last: slots[slots.len() - 1], items: Arc::new(slots) }
    }
}

impl Part<Part<u32>> {
    /// Returns a branch of `chunks`, which must not be empty.
    fn branch(chunks: Vec<Part<u32>>) -> Self {
        let last = chunks[chunks.len() - 1].last;
        Self { len: chunks.iter().map(|chunk| chunk.len).sum(), last, items: Arc::new(chunks) }
    }
}

impl Tree {
    fn from_chunk(slots: Vec<u32>) -> Self {
        let len = slots.len();
        Self { branches: vec![Part::branch(vec![Part::chunk(slots)])], len }
    }

    fn last(&self) -> u32 {
        self.branches[self.branches.len() - 1].last
    }

    fn rank(&self, probe: &dyn Fn(u32) -> Ordering) -> usize {
        let (before, branch) = find_part(&self.branches, probe);
        let Some(branch) = branch else { return before };
        let (chunks_before, chunk) = find_part(&branch.items, probe);
        let slots = chunk.map_or(&[][..], |chunk| &chunk.items);
        before + chunks_before + slots.partition_point(|&slot| probe(slot).is_lt())
    }

    fn insert(&mut self, slot: u32, probe: &dyn Fn(u32) -> Ordering) {
        self.len += 1;
        // Fast path: nearly all insertions in creation order are at the end.
        if probe(self.last()).is_lt() {
            self.append(slot);
            return;
        }
        let at = part_index(&self.branches, probe);
        let branch = &mut self.branches[at];
        branch.len += 1;
        let chunks = make_mut(&mut branch.items);
        let chunk = part_index(chunks, probe);
        let chunk =
            if chunks[chunk].len == MAX_CHUNK_LEN { split_chunk(chunks, chunk, probe) } else { chunk };
        let Part { len, items, .. } = &mut chunks[chunk];
        let slots = make_mut(items);
        slots.insert(slots.partition_point(|&other| probe(other).is_lt()), slot);
        *len += 1;
        if chunks.len() > MAX_BRANCH_LEN {
            let tail = chunks.split_off(MAX_BRANCH_LEN / 2);
            *branch = Part::branch(std::mem::take(chunks));
            self.branches.insert(at + 1, Part::branch(tail));
        }
    }

    /// Appends `slot`; earlier chunks stay full, so a set that is filled in order is compact.
    fn append(&mut self, slot: u32) {
        let end = self.branches.len() - 1;
        let branch = &mut self.branches[end];
        let is_full =
            branch.items.len() == MAX_BRANCH_LEN && branch.items[MAX_BRANCH_LEN - 1].len == MAX_CHUNK_LEN;
        if is_full {
            self.branches.push(Part::branch(vec![Part::chunk(vec![slot])]));
            return;
        }
        let chunks = make_mut(&mut branch.items);
        let end = chunks.len() - 1;
        if chunks[end].len == MAX_CHUNK_LEN {
            chunks.push(Part::chunk(vec![slot]));
        } else {
            let Part { len, last, items } = &mut chunks[end];
            make_mut(items).push(slot);
            (*len, *last) = (*len + 1, slot);
        }
        (branch.len, branch.last) = (branch.len + 1, slot);
    }

    fn remove(&mut self, probe: &dyn Fn(u32) -> Ordering) -> Option<u32> {
        let at = part_index(&self.branches, probe);
        let branch = self.branches.get_mut(at)?;
        let chunk_index = part_index(&branch.items, probe);
        let found = branch.items[chunk_index].items.binary_search_by(|&slot| probe(slot)).ok()?;
        let chunks = make_mut(&mut branch.items);
        let slots = make_mut(&mut chunks[chunk_index].items);
        let slot = slots.remove(found);
        match slots.last() {
            Some(&last) => {
                (chunks[chunk_index].len, chunks[chunk_index].last) = (chunks[chunk_index].len - 1, last)
            }
            None => drop(chunks.remove(chunk_index)),
        }
        match chunks.last().map(|chunk| chunk.last) {
            Some(last) => (branch.len, branch.last) = (branch.len - 1, last),
            None => drop(self.branches.remove(at)),
        }
        self.len -= 1;
        Some(slot)
    }

    /// Returns the slots of the only chunk, or `None` if there are several chunks.
    fn only_chunk(&mut self) -> Option<&mut Vec<u32>> {
        let [branch] = self.branches.as_mut_slice() else { return None };
        if branch.items.len() > 1 {
            return None;
        }
        make_mut(&mut branch.items).first_mut().map(|chunk| make_mut(&mut chunk.items))
    }

    /// Returns the indexes of the branch and chunk that contain `rank`, and the rank within the chunk.
    ///
    /// Past the end, the branch index is the number of branches.
    fn find(&self, rank: usize) -> (usize, usize, usize) {
        let (branch, branch_rank) = part_at_rank(&self.branches, rank);
        let Some(found) = self.branches.get(branch) else { return (branch, 0, 0) };
        let (chunk, chunk_rank) = part_at_rank(&found.items, branch_rank);
        (branch, chunk, chunk_rank)
    }

    fn iter_from(&self, rank: usize) -> Slots<'_> {
        let (branch, chunk, chunk_rank) = self.find(rank);
        let mut branches = self.branches[branch..].iter();
        let mut chunks = branches.next().map_or(&[][..], |branch| &branch.items[chunk..]).iter();
        let slots = chunks.next().map_or(&[][..], |chunk| &chunk.items[chunk_rank..]).iter();
        Slots { slots, chunks, branches }
    }

    fn iter_back_from(&self, rank: usize) -> Box<dyn Iterator<Item = u32> + '_> {
        let (branch, chunk, chunk_rank) = self.find(self.len.saturating_sub(rank));
        let chunks = self.branches.get(branch).map_or(&[][..], |branch| &branch.items);
        let partial = chunks.get(chunk).map_or(&[][..], |chunk| &chunk.items[..chunk_rank]);
        let earlier = self.branches[..branch].iter().rev().flat_map(|branch| branch.items.iter().rev());
        let complete = chunks[..chunk].iter().rev().chain(earlier);
        Box::new(partial.iter().rev().chain(complete.flat_map(|chunk| chunk.items.iter().rev())).copied())
    }
}

/// Returns the index of the first part whose last slot is not before the searched position.
fn part_index<T>(parts: &[Part<T>], probe: &dyn Fn(u32) -> Ordering) -> usize {
    parts.partition_point(|part| probe(part.last).is_lt())
}

/// Returns the first part whose last slot is not before the searched position, and the number of slots before it.
fn find_part<'a, T>(parts: &'a [Part<T>], probe: &dyn Fn(u32) -> Ordering) -> (usize, Option<&'a Part<T>>) {
    let at = part_index(parts, probe);
    (parts[..at].iter().map(|part| part.len).sum(), parts.get(at))
}

/// Returns the index of the part that contains `rank`, and the rank within it; past the end, the number of parts.
fn part_at_rank<T>(parts: &[Part<T>], rank: usize) -> (usize, usize) {
    let mut remaining = rank;
    for (at, part) in parts.iter().enumerate() {
        if remaining < part.len {
            return (at, remaining);
        }
        remaining -= part.len;
    }
    (parts.len(), remaining)
}

/// Splits a chunk in two and returns the index of the one that contains the searched position.
fn split_chunk(chunks: &mut Vec<Part<u32>>, at: usize, probe: &dyn Fn(u32) -> Ordering) -> usize {
    let slots = make_mut(&mut chunks[at].items);
    let tail = Part::chunk(slots.split_off(MAX_CHUNK_LEN / 2));
    (chunks[at].len, chunks[at].last) = (MAX_CHUNK_LEN / 2, slots[MAX_CHUNK_LEN / 2 - 1]);
    chunks.insert(at + 1, tail);
    at + usize::from(probe(chunks[at].last).is_lt())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set_from(values: &[u32]) -> IndexedSet {
        let mut set = IndexedSet::default();
        for &value in values {
            set.insert(value, &|other| other.cmp(&value));
        }
        set
    }

    #[test]
    fn long_set_can_be_emptied_and_refilled() {
        let values: Vec<u32> = (0..2_000).collect();
        let mut set = set_from(&values);

        for &value in &values {
            assert_eq!(set.first(), Some(value));
            assert_eq!(set.remove(&|other| other.cmp(&value)), Some(value));
        }
        assert!(set.is_empty());
        assert_eq!(set.rank(&|other| other.cmp(&7)), 0);
        set.insert(7, &|other| other.cmp(&7));

        assert_eq!(set.iter_from(0).collect::<Vec<_>>(), [7]);
    }

    #[test]
    fn chunks_that_are_filled_in_order_are_full() {
        let values: Vec<u32> = (0..2_000).collect();
        let set = set_from(&values);

        let tree = set.large.unwrap();
        let lengths: Vec<usize> = tree.branches[0].items.iter().map(|chunk| chunk.len).collect();

        assert_eq!(lengths, [512, 512, 512, 464]);
    }

    proptest! {
        #[test]
        fn agrees_with_a_sorted_vector(
            inserts in proptest::collection::btree_set(0_u32..20_000, 0..3_000),
            removals in proptest::collection::vec(0_u32..20_000, 0..2_000),
            probes in proptest::collection::vec(0_u32..3_100, 20),
        ) {
            let mut shuffled: Vec<u32> = inserts.iter().copied().collect();
            shuffled.sort_by_key(|value| value.wrapping_mul(2_654_435_761));
            let mut set = set_from(&shuffled);
            let mut model = inserts;
            for value in removals {
                prop_assert_eq!(set.remove(&|other| other.cmp(&value)).is_some(), model.remove(&value));
            }
            let sorted: Vec<u32> = model.into_iter().collect();

            prop_assert_eq!(set.len(), sorted.len());
            prop_assert_eq!(&set.iter_from(0).collect::<Vec<_>>(), &sorted);
            for probe in probes {
                let rank = probe as usize;
                prop_assert_eq!(set.select(rank), sorted.get(rank).copied());
                let forward: Vec<u32> = set.iter_from(rank).take(5).collect();
                prop_assert_eq!(forward, sorted.iter().copied().skip(rank).take(5).collect::<Vec<_>>());
                let back: Vec<u32> = set.iter_back_from(rank).take(5).collect();
                prop_assert_eq!(back, sorted.iter().rev().copied().skip(rank).take(5).collect::<Vec<_>>());
                let before = sorted.partition_point(|&value| value < probe);
                prop_assert_eq!(set.rank(&|other| other.cmp(&probe)), before);
            }
        }
    }
}
