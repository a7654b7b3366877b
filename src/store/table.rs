//! A hash table in parts that clones share until one of them is written.
//!
//! Imports nothing of this crate.

use std::sync::Arc;

use hashbrown::HashTable;

/// Number of parts of a long table, one for each value of a byte; the first write to a shared one copies one of them.
const PARTS: usize = 256;

/// A table of fewer items is one part.
const PARTED_FROM: usize = 1024;

/// A hash table that holds its items alone, as `HashTable` does; a clone costs a count for each part.
#[derive(Debug)]
pub(super) struct Table<T> {
    /// One part or [`PARTS`]. A byte from the middle of an item's hash names its part, as the bits at both ends
    /// choose its place there.
    parts: Vec<Arc<HashTable<T>>>,
    len: usize,
}

// Derived, these would ask more of the items than they need.
impl<T> Clone for Table<T> {
    fn clone(&self) -> Self {
        Self { parts: self.parts.clone(), len: self.len }
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { parts: vec![Arc::default()], len: 0 }
    }
}

impl<T: Clone> Table<T> {
    /// Returns the item with `hash` that `is_wanted`.
    pub(super) fn find(&self, hash: u64, is_wanted: impl FnMut(&T) -> bool) -> Option<&T> {
        self.parts[self.part_of(hash)].find(hash, is_wanted)
    }

    /// Returns the item with `hash` that `is_wanted`, for writing.
    pub(super) fn find_mut(&mut self, hash: u64, is_wanted: impl FnMut(&T) -> bool) -> Option<&mut T> {
        let part = self.part_of(hash);
        Arc::make_mut(&mut self.parts[part]).find_mut(hash, is_wanted)
    }

    /// Adds an item that is not there yet; `hash_of` gives the hash of any item.
    pub(super) fn insert_unique(&mut self, hash: u64, item: T, hash_of: impl Fn(&T) -> u64) {
        if self.parts.len() == 1 && self.len == PARTED_FROM {
            self.split(&hash_of);
        }
        let part = self.part_of(hash);
        Arc::make_mut(&mut self.parts[part]).insert_unique(hash, item, hash_of);
        self.len += 1;
    }

    /// Takes the item with `hash` that `is_wanted` out.
    pub(super) fn remove(&mut self, hash: u64, is_wanted: impl FnMut(&T) -> bool) -> Option<T> {
        let part = self.part_of(hash);
        let entry = Arc::make_mut(&mut self.parts[part]).find_entry(hash, is_wanted).ok()?;
        self.len -= 1;
        Some(entry.remove().0)
    }

    /// Returns all items, in no order.
    #[cfg(test)]
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.parts.iter().flat_map(|part| part.iter())
    }

    fn part_of(&self, hash: u64) -> usize {
        let [_, _, _, middle, ..] = hash.to_le_bytes();
        if self.parts.len() == 1 { 0 } else { usize::from(middle) }
    }

    fn split(&mut self, hash_of: &impl Fn(&T) -> u64) {
        let whole = std::mem::take(Arc::make_mut(&mut self.parts[0]));
        let mut parts: Vec<HashTable<T>> = (0..PARTS).map(|_| HashTable::new()).collect();
        self.parts.resize_with(PARTS, Arc::default);
        for item in whole {
            let hash = hash_of(&item);
            parts[self.part_of(hash)].insert_unique(hash, item, hash_of);
        }
        self.parts = parts.into_iter().map(Arc::new).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scatters numbers over all 64 bits.
    const fn hash_of(number: &u32) -> u64 {
        (*number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    fn insert(table: &mut Table<u32>, number: u32) {
        table.insert_unique(hash_of(&number), number, hash_of);
    }

    fn numbers(table: &Table<u32>) -> Vec<u32> {
        let mut numbers: Vec<u32> = table.iter().copied().collect();
        numbers.sort_unstable();
        numbers
    }

    #[test]
    fn a_table_that_becomes_long_keeps_its_items_and_leaves_its_copies_alone() {
        let mut table = Table::default();
        (0..1_000).for_each(|number| insert(&mut table, number));
        let short = table.clone();

        (1_000..5_000).for_each(|number| insert(&mut table, number));
        let long = table.clone();
        for number in (0..5_000).step_by(2) {
            assert_eq!(table.remove(hash_of(&number), |other| *other == number), Some(number));
            assert_eq!(table.remove(hash_of(&number), |other| *other == number), None);
        }
        *table.find_mut(hash_of(&1), |other| *other == 1).unwrap() = 9_999;

        assert_eq!(numbers(&short), (0..1_000).collect::<Vec<_>>());
        assert_eq!(numbers(&long), (0..5_000).collect::<Vec<_>>());
        let rest: Vec<u32> = (3..5_000).step_by(2).chain([9_999]).collect();
        assert_eq!(numbers(&table), rest);
        assert_eq!(table.find(hash_of(&7), |other| *other == 7), Some(&7));
        assert_eq!(table.find(hash_of(&8), |other| *other == 8), None);
    }

    #[test]
    fn a_long_table_that_was_emptied_can_be_filled_again() {
        let mut table = Table::default();
        (0..2_000).for_each(|number| insert(&mut table, number));

        for number in 0..2_000 {
            table.remove(hash_of(&number), |other| *other == number);
        }
        insert(&mut table, 7);

        assert_eq!(numbers(&table), [7]);
    }
}
