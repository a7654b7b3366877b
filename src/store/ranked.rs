//! An ordered set of record slots with selection by rank.
//!
//! Imports nothing of this crate. Invariant: the slots stay in the order of the probe given at their
//! insertion; finding, inserting, removing and selecting by rank cost a logarithm of the length.

use std::cmp::Ordering;
use std::sync::Arc;

/// Greatest length of a chunk; also the length up to which a set is one plain vector.
const CHUNK: usize = 512;

/// Slots in a caller-given order.
///
/// The order is not stored: each call brings a *probe*, which says where an element that is already
/// in the set stands relative to the element looked for (`Less` = before it). A set of up to 512 slots is
/// one vector; a longer one is a list of chunks with a Fenwick tree over their lengths.
#[derive(Debug, Clone, Default)]
pub struct RankedSet {
    small: Vec<u32>,
    large: Option<Box<Chunks>>,
}

impl RankedSet {
    /// Returns the number of slots.
    pub fn len(&self) -> usize {
        self.large.as_ref().map_or(self.small.len(), |chunks| chunks.len)
    }

    /// Returns whether the set has no slot.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the first slot in order.
    pub fn first(&self) -> Option<u32> {
        let first = self.large.as_ref().map_or(self.small.first(), |chunks| chunks.list[0].first());
        first.copied()
    }

    /// Returns how many slots stand before the probed place.
    pub fn rank(&self, probe: impl Fn(u32) -> Ordering) -> usize {
        match &self.large {
            None => self.small.partition_point(|&slot| probe(slot).is_lt()),
            Some(chunks) => {
                let at = chunks.chunk_of(&probe);
                match chunks.list.get(at) {
                    None => chunks.len,
                    Some(chunk) => chunks.before(at) + chunk.partition_point(|&slot| probe(slot).is_lt()),
                }
            }
        }
    }

    /// Puts `slot` at the probed place.
    pub fn insert(&mut self, slot: u32, probe: impl Fn(u32) -> Ordering) {
        if self.small.len() == CHUNK {
            self.large = Some(Box::new(Chunks::of(std::mem::take(&mut self.small))));
        }
        if let Some(chunks) = &mut self.large {
            chunks.insert(slot, &probe);
            return;
        }
        let at = self.small.partition_point(|&other| probe(other).is_lt());
        self.small.insert(at, slot);
    }

    /// Removes the slot at the probed place; the probe must say `Equal` for exactly that slot.
    pub fn remove(&mut self, probe: impl Fn(u32) -> Ordering) -> Option<u32> {
        if let Some(chunks) = &mut self.large {
            let removed = chunks.remove(&probe);
            if let [last] = chunks.list.as_mut_slice() {
                self.small = std::mem::take(Arc::make_mut(last));
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
            Some(chunks) => chunks.iter_from(rank).next(),
        }
    }

    /// Returns the slots from `rank` on, in order.
    pub fn iter_from(&self, rank: usize) -> impl Iterator<Item = u32> + '_ {
        let small = self.small.get(rank..).unwrap_or_default().iter().copied();
        let large = self.large.as_ref().map(|chunks| chunks.iter_from(rank));
        small.chain(large.into_iter().flatten())
    }

    /// Returns the slots in reverse order, from `rank` counted from the end.
    pub fn iter_back_from(&self, rank: usize) -> impl Iterator<Item = u32> + '_ {
        let end = self.small.len().saturating_sub(rank);
        let small = self.small[..end].iter().rev().copied();
        let large = self.large.as_ref().map(|chunks| chunks.iter_back_from(rank));
        small.chain(large.into_iter().flatten())
    }
}

/// The chunked form of a long set; no chunk is empty, and there are two at least.
///
/// Clones share the chunks until one of them is written.
#[derive(Debug, Clone)]
struct Chunks {
    list: Vec<Arc<Vec<u32>>>,
    counts: Fenwick,
    len: usize,
}

impl Chunks {
    fn of(slots: Vec<u32>) -> Self {
        let len = slots.len();
        Self { list: vec![Arc::new(slots)], counts: Fenwick::of(std::iter::once(len)), len }
    }

    /// The first chunk whose last slot is not before the probed place.
    fn chunk_of(&self, probe: &impl Fn(u32) -> Ordering) -> usize {
        self.list.partition_point(|chunk| probe(chunk[chunk.len() - 1]).is_lt())
    }

    fn before(&self, chunk: usize) -> usize {
        self.counts.sum(chunk)
    }

    fn insert(&mut self, slot: u32, probe: &impl Fn(u32) -> Ordering) {
        self.len += 1;
        let at = self.chunk_of(probe);
        if at == self.list.len() {
            self.append(slot);
            return;
        }
        let at = if self.list[at].len() == CHUNK { self.split(at, probe) } else { at };
        let chunk = Arc::make_mut(&mut self.list[at]);
        chunk.insert(chunk.partition_point(|&other| probe(other).is_lt()), slot);
        self.counts.add(at, 1);
    }

    /// Puts `slot` after all others; the chunks before it stay full, so that a set in creation order is compact.
    fn append(&mut self, slot: u32) {
        let last = self.list.len() - 1;
        if self.list[last].len() < CHUNK {
            Arc::make_mut(&mut self.list[last]).push(slot);
            self.counts.add(last, 1);
            return;
        }
        self.list.push(Arc::new(vec![slot]));
        self.recount();
    }

    fn remove(&mut self, probe: &impl Fn(u32) -> Ordering) -> Option<u32> {
        let at = self.chunk_of(probe);
        let chunk = Arc::make_mut(self.list.get_mut(at)?);
        let place = chunk.binary_search_by(|&slot| probe(slot)).ok()?;
        let slot = chunk.remove(place);
        self.len -= 1;
        if chunk.is_empty() {
            self.list.remove(at);
            self.recount();
        } else {
            self.counts.add(at, -1);
        }
        Some(slot)
    }

    /// Splits a chunk in two and returns the one that holds the probed place.
    fn split(&mut self, at: usize, probe: &impl Fn(u32) -> Ordering) -> usize {
        let tail = Arc::make_mut(&mut self.list[at]).split_off(CHUNK / 2);
        self.list.insert(at + 1, Arc::new(tail));
        self.recount();
        at + usize::from(probe(self.list[at][CHUNK / 2 - 1]).is_lt())
    }

    fn recount(&mut self) {
        self.counts = Fenwick::of(self.list.iter().map(|chunk| chunk.len()));
    }

    fn iter_from(&self, rank: usize) -> impl Iterator<Item = u32> + '_ {
        let (chunk, inside) = self.counts.find(rank);
        self.list[chunk.min(self.list.len())..].iter().flat_map(|chunk| chunk.iter()).skip(inside).copied()
    }

    fn iter_back_from(&self, rank: usize) -> impl Iterator<Item = u32> + '_ {
        let end = self.len.saturating_sub(rank);
        let (chunk, inside) = self.counts.find(end);
        let whole = &self.list[..chunk.min(self.list.len())];
        let part = self.list.get(chunk).map_or(&[][..], |chunk| &chunk[..inside]);
        part.iter().rev().chain(whole.iter().rev().flat_map(|chunk| chunk.iter().rev())).copied()
    }
}

/// Prefix sums of the chunk lengths (a Fenwick tree).
#[derive(Debug, Clone, Default)]
struct Fenwick(Vec<usize>);

impl Fenwick {
    fn of(lengths: impl Iterator<Item = usize>) -> Self {
        let mut tree: Vec<usize> = lengths.collect();
        for at in 1..=tree.len() {
            let parent = at + (at & at.wrapping_neg());
            if parent <= tree.len() {
                tree[parent - 1] += tree[at - 1];
            }
        }
        Self(tree)
    }

    fn add(&mut self, chunk: usize, change: isize) {
        let mut at = chunk + 1;
        while at <= self.0.len() {
            self.0[at - 1] = self.0[at - 1].wrapping_add_signed(change);
            at += at & at.wrapping_neg();
        }
    }

    /// The number of slots in the first `chunks` chunks.
    fn sum(&self, chunks: usize) -> usize {
        let mut at = chunks;
        let mut sum = 0;
        while at > 0 {
            sum += self.0[at - 1];
            at -= at & at.wrapping_neg();
        }
        sum
    }

    /// The chunk that holds `rank`, and the rank inside it; past the end, the number of chunks.
    fn find(&self, rank: usize) -> (usize, usize) {
        let mut chunk = 0;
        let mut rest = rank;
        let mut step = self.0.len().checked_ilog2().map_or(0, |log| 1_usize << log);
        while step > 0 {
            if chunk + step <= self.0.len() && self.0[chunk + step - 1] <= rest {
                chunk += step;
                rest -= self.0[chunk - 1];
            }
            step /= 2;
        }
        (chunk, rest)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set_of(values: &[u32]) -> RankedSet {
        let mut set = RankedSet::default();
        for &value in values {
            set.insert(value, |other| other.cmp(&value));
        }
        set
    }

    #[test]
    fn a_long_set_that_was_emptied_can_be_filled_again() {
        let values: Vec<u32> = (0..2_000).collect();
        let mut set = set_of(&values);

        for &value in &values {
            assert_eq!(set.first(), Some(value));
            assert_eq!(set.remove(|other| other.cmp(&value)), Some(value));
        }
        assert!(set.is_empty());
        assert_eq!(set.rank(|other| other.cmp(&7)), 0);
        set.insert(7, |other| other.cmp(&7));

        assert_eq!(set.iter_from(0).collect::<Vec<_>>(), [7]);
    }

    #[test]
    fn chunks_filled_in_order_are_full() {
        let values: Vec<u32> = (0..2_000).collect();
        let set = set_of(&values);

        let lengths: Vec<usize> = set.large.unwrap().list.iter().map(|chunk| chunk.len()).collect();

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
            let mut set = set_of(&shuffled);
            let mut model = inserts;
            for value in removals {
                prop_assert_eq!(set.remove(|other| other.cmp(&value)).is_some(), model.remove(&value));
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
                prop_assert_eq!(set.rank(|other| other.cmp(&probe)), before);
            }
        }
    }
}
