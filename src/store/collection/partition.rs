//! `PartitionIndex`: the slots of one partition of an index.

use std::cmp::Ordering;
use std::sync::Arc;

use super::super::cow_arc::make_mut;
use super::super::indexed_set::{IndexedSet, Slots};
use super::sorted_index::SortedIndex;

/// The maximum number of slots that are stored inline: most groups have few members, and most members few groups.
const INLINE: usize = 5;

/// The slots of one partition; never empty, because the key of the partition is read from its first record.
#[derive(Debug, Clone)]
pub(super) enum PartitionIndex {
    /// The number of slots, up to [`INLINE`], and the slots in creation order.
    Inline(u8, [u32; INLINE]),
    /// Any number of slots, shared by clones until one of them is written.
    Shared(Arc<SharedIndex>),
}

#[derive(Debug, Clone)]
pub(super) struct SharedIndex {
    created: IndexedSet,
    /// The sorted indexes of a large partition; empty for a small one.
    orders: Box<[SortedIndex]>,
}

impl PartitionIndex {
    /// Returns the index of a partition with one record.
    pub(super) const fn new(slot: u32) -> Self {
        Self::Inline(1, [slot; INLINE])
    }

    /// Returns the index of a partition with the slots in creation order, and with `orders` sorted indexes, which are built
    /// on first use.
    pub(super) fn from_sorted(slots: &[u32], orders: usize) -> Self {
        if slots.len() <= INLINE {
            let mut inline = [0; INLINE];
            inline[..slots.len()].copy_from_slice(slots);
            return Self::Inline(u8::try_from(slots.len()).unwrap_or_default(), inline);
        }
        let created = IndexedSet::from_sorted(slots.to_vec());
        let orders = (0..orders).map(|_| SortedIndex::default()).collect();
        Self::Shared(Arc::new(SharedIndex { created, orders }))
    }

    /// Returns the number of slots.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Inline(len, _) => usize::from(*len),
            Self::Shared(shared) => shared.created.len(),
        }
    }

    /// Returns the first slot in creation order.
    pub(super) fn first(&self) -> u32 {
        match self {
            Self::Inline(_, slots) => slots[0],
            Self::Shared(shared) => shared.created.first().expect("a partition is never empty"),
        }
    }

    /// Returns the number of slots before the searched position in creation order.
    pub(super) fn rank(&self, probe: &dyn Fn(u32) -> Ordering) -> usize {
        match self {
            Self::Inline(..) => self.inline_slots().partition_point(|&slot| probe(slot).is_lt()),
            Self::Shared(shared) => shared.created.rank(probe),
        }
    }

    /// Returns the slots in creation order, starting at `rank`.
    pub(super) fn iter_from(&self, rank: usize) -> Slots<'_> {
        match self {
            Self::Inline(..) => Slots::of_slice(self.inline_slots().get(rank..).unwrap_or_default()),
            Self::Shared(shared) => shared.created.iter_from(rank),
        }
    }

    /// Returns the sorted indexes; empty for a small partition.
    pub(super) fn orders(&self) -> &[SortedIndex] {
        match self {
            Self::Inline(..) => &[],
            Self::Shared(shared) => &shared.orders,
        }
    }

    /// Returns the slots in creation order and mutable references to the sorted indexes of a large partition.
    pub(super) fn orders_mut(&mut self) -> (&IndexedSet, &mut [SortedIndex]) {
        static EMPTY: IndexedSet = IndexedSet::EMPTY;
        match self {
            Self::Inline(..) => (&EMPTY, &mut []),
            Self::Shared(shared) => {
                let SharedIndex { created, orders } = make_mut(shared);
                (created, orders)
            }
        }
    }

    /// Makes the partition a large one with `count` sorted indexes, which are built on first use.
    pub(super) fn enable_sorting(&mut self, count: usize) {
        if self.orders().len() != count {
            self.make_shared().orders = (0..count).map(|_| SortedIndex::default()).collect();
        }
    }

    /// Inserts `slot` at the searched position in creation order.
    pub(super) fn insert(&mut self, slot: u32, probe: &dyn Fn(u32) -> Ordering) {
        match self {
            Self::Inline(len, slots) if usize::from(*len) < INLINE => {
                // Searched from the end, because most slots are inserted in creation order.
                let before = slots[..usize::from(*len)].iter().rposition(|&other| probe(other).is_lt());
                let at = before.map_or(0, |before| before + 1);
                slots.copy_within(at..usize::from(*len), at + 1);
                slots[at] = slot;
                *len += 1;
            }
            Self::Inline(..) | Self::Shared(_) => self.make_shared().created.insert(slot, probe),
        }
    }

    /// Removes the slot at the searched position in creation order; it must not be the only slot.
    pub(super) fn remove(&mut self, probe: &dyn Fn(u32) -> Ordering) {
        match self {
            Self::Inline(len, slots) => {
                let found = slots[..usize::from(*len)].binary_search_by(|&slot| probe(slot));
                let Ok(at) = found else { return };
                slots.copy_within(at + 1..usize::from(*len), at);
                *len -= 1;
            }
            Self::Shared(shared) => drop(make_mut(shared).created.remove(probe)),
        }
    }

    fn inline_slots(&self) -> &[u32] {
        match self {
            Self::Inline(len, slots) => &slots[..usize::from(*len)],
            Self::Shared(_) => &[],
        }
    }

    /// Converts an inline index to a shared one and returns a mutable reference to it.
    fn make_shared(&mut self) -> &mut SharedIndex {
        if let Self::Inline(..) = self {
            let created = IndexedSet::from_sorted(self.inline_slots().to_vec());
            *self = Self::Shared(Arc::new(SharedIndex { created, orders: Box::default() }));
        }
        let Self::Shared(shared) = self else { unreachable!("an inline index was converted above") };
        make_mut(shared)
    }
}
