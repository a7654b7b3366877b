//! `PartitionIndex`: the slots of one partition of a view.

use std::cmp::Ordering;
use std::sync::Arc;

use super::super::ranked::RankedSet;
use super::order::Order;

/// So many slots stand in the index itself: most groups have a few members, and most members are in a few groups.
const FEW: usize = 5;

/// The slots of one partition; never empty, so that its first record names it.
#[derive(Debug, Clone)]
pub(super) enum PartitionIndex {
    /// Up to [`FEW`] slots in creation order, and how many they are.
    Few(u8, [u32; FEW]),
    /// Any number of slots; copies share them until one is written.
    Many(Arc<Many>),
}

#[derive(Debug, Clone)]
pub(super) struct Many {
    created: RankedSet,
    /// The secondary orders of a long partition; a short one has none.
    orders: Box<[Order]>,
}

impl PartitionIndex {
    /// Returns the index of a partition with one record.
    pub(super) const fn of(slot: u32) -> Self {
        Self::Few(1, [slot; FEW])
    }

    /// Returns the number of slots.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Few(len, _) => usize::from(*len),
            Self::Many(many) => many.created.len(),
        }
    }

    /// Returns the first slot in creation order.
    pub(super) fn first(&self) -> u32 {
        match self {
            Self::Few(_, slots) => slots[0],
            Self::Many(many) => many.created.first().expect("a partition is never empty"),
        }
    }

    /// Returns how many slots stand before the probed place of the creation order.
    pub(super) fn rank(&self, probe: impl Fn(u32) -> Ordering) -> usize {
        match self {
            Self::Few(..) => self.few().partition_point(|&slot| probe(slot).is_lt()),
            Self::Many(many) => many.created.rank(probe),
        }
    }

    /// Returns the slots in creation order, from `rank` on.
    pub(super) fn iter_from(&self, rank: usize) -> impl Iterator<Item = u32> + '_ {
        let few = self.few().get(rank..).unwrap_or_default().iter().copied();
        let many = match self {
            Self::Few(..) => None,
            Self::Many(many) => Some(many.created.iter_from(rank)),
        };
        few.chain(many.into_iter().flatten())
    }

    /// Returns the secondary orders of a long partition.
    pub(super) fn orders(&self) -> &[Order] {
        match self {
            Self::Few(..) => &[],
            Self::Many(many) => &many.orders,
        }
    }

    /// Returns the order of creation and, for writing, the secondary orders of a long partition.
    pub(super) fn orders_mut(&mut self) -> (&RankedSet, &mut [Order]) {
        static NONE: RankedSet = RankedSet::EMPTY;
        match self {
            Self::Few(..) => (&NONE, &mut []),
            Self::Many(many) => {
                let Many { created, orders } = Arc::make_mut(many);
                (created, orders)
            }
        }
    }

    /// Makes the partition a long one, with so many secondary orders.
    pub(super) fn lengthen(&mut self, count: usize) {
        if self.orders().len() != count {
            self.many().orders = (0..count).map(|_| Order::default()).collect();
        }
    }

    /// Puts `slot` at the probed place of the creation order.
    pub(super) fn insert(&mut self, slot: u32, probe: impl Fn(u32) -> Ordering) {
        match self {
            Self::Few(len, slots) if usize::from(*len) < FEW => {
                // From the end, as most slots come in the order of creation.
                let before = slots[..usize::from(*len)].iter().rposition(|&other| probe(other).is_lt());
                let at = before.map_or(0, |before| before + 1);
                slots.copy_within(at..usize::from(*len), at + 1);
                slots[at] = slot;
                *len += 1;
            }
            Self::Few(..) | Self::Many(_) => self.many().created.insert(slot, probe),
        }
    }

    /// Removes the slot at the probed place of the creation order, which is not the only one.
    pub(super) fn remove(&mut self, probe: impl Fn(u32) -> Ordering) {
        match self {
            Self::Few(len, slots) => {
                let found = slots[..usize::from(*len)].binary_search_by(|&slot| probe(slot));
                let Ok(at) = found else { return };
                slots.copy_within(at + 1..usize::from(*len), at);
                *len -= 1;
            }
            Self::Many(many) => drop(Arc::make_mut(many).created.remove(probe)),
        }
    }

    fn few(&self) -> &[u32] {
        match self {
            Self::Few(len, slots) => &slots[..usize::from(*len)],
            Self::Many(_) => &[],
        }
    }

    /// The form that holds any number of slots.
    fn many(&mut self) -> &mut Many {
        if let Self::Few(..) = self {
            let created = RankedSet::of_ordered(self.few().to_vec());
            *self = Self::Many(Arc::new(Many { created, orders: Box::default() }));
        }
        let Self::Many(many) = self else { unreachable!("it was made so above") };
        Arc::make_mut(many)
    }
}
