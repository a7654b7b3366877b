//! `SlotSet`: a set of slots, a bit each.

/// The number of items in a chunk of a `ChunkedVec`: the first write to a shared chunk copies this many items. Each has a
/// bit in a word of a set.
pub(super) const CHUNK: usize = 64;

/// A set of slots. A word has the bits of the slots of one chunk.
#[derive(Debug, Clone, Default)]
pub(super) struct SlotSet(Vec<u64>);

impl SlotSet {
    /// Returns an empty set of slots below `len`.
    pub(super) fn empty(len: usize) -> Self {
        Self(vec![0; len.div_ceil(CHUNK)])
    }

    /// Returns the set of all slots below `len`.
    pub(super) fn full(len: usize) -> Self {
        let mut words = vec![u64::MAX; len.div_ceil(CHUNK)];
        if let Some(last) = words.last_mut()
            && !len.is_multiple_of(CHUNK)
        {
            *last = (1 << (len % CHUNK)) - 1;
        }
        Self(words)
    }

    /// Returns the number of slots.
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(super) fn contains(&self, slot: u32) -> bool {
        self.0[slot as usize / CHUNK] >> (slot as usize % CHUNK) & 1 == 1
    }

    /// Inserts the slots, which are below the length that the set was created with.
    pub(super) fn extend(&mut self, slots: impl Iterator<Item = u32>) {
        slots.for_each(|slot| self.0[slot as usize / CHUNK] |= 1 << (slot as usize % CHUNK));
    }

    /// Inserts the slots of `other`, which was created with the same length.
    pub(super) fn union(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    /// Removes the slots that are not in `other`, which was created with the same length.
    pub(super) fn intersect(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
    }

    /// Returns the slots in ascending order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let chunks = (0..).step_by(CHUNK).zip(&self.0);
        chunks.flat_map(|(first, &word)| Bits(word).map(move |bit| first + bit))
    }

    /// Returns the words.
    pub(super) fn words_mut(&mut self) -> &mut [u64] {
        &mut self.0
    }
}

/// The numbers of the bits that are set in a word, in ascending order.
pub(super) struct Bits(pub(super) u64);

impl Iterator for Bits {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        (self.0 != 0).then(|| {
            let bit = self.0.trailing_zeros();
            self.0 &= self.0 - 1;
            bit
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_has_the_slots_that_were_inserted_and_a_full_one_all_below_its_length() {
        let mut set = SlotSet::empty(130);
        set.extend([129, 0, 64, 63, 0].into_iter());

        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 63, 64, 129]);
        assert_eq!((set.len(), set.contains(63), set.contains(65)), (4, true, false));
        for len in [0_u32, 1, 63, 64, 65, 128, 130] {
            assert_eq!(SlotSet::full(len as usize).iter().collect::<Vec<_>>(), (0..len).collect::<Vec<_>>());
        }
    }
}
