//! A hash table in leaves that clones share until one of them is written.
//!
//! Imports nothing of this crate.

use std::sync::Arc;

use hashbrown::HashTable;

/// Greatest number of items in a leaf: what the first write to a shared one copies.
const LEAF: usize = 1024;

/// For how many items a new part has room: half as many again as a part of a full leaf has.
const ROOM: usize = LEAF / PARTS * 3 / 2;

/// Number of parts of a branch, one for each value of four bits.
const PARTS: usize = 16;

/// The byte of a hash with the bits that choose the part of the first branch; each branch below takes the next four.
///
/// It is in the middle, as the bits at both ends choose an item's place in its leaf.
const FIRST_BYTE: usize = 3;

/// The last branch that has bits of its own; leaves below it grow without a limit.
const LAST_DEPTH: usize = 7;

/// A hash table that holds its items alone, as `HashTable` does; a clone costs a count.
///
/// A leaf that becomes full is split by four bits of the hash, so that no write moves more items than a leaf has.
#[derive(Debug)]
pub(super) struct Table<T>(Arc<Node<T>>);

#[derive(Debug)]
enum Node<T> {
    Leaf(HashTable<T>),
    Branch([Table<T>; PARTS]),
}

// Derived, these would ask more of the items than they need.
impl<T> Clone for Table<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Clone> Clone for Node<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Leaf(items) => Self::Leaf(items.clone()),
            Self::Branch(parts) => Self::Branch(parts.clone()),
        }
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(Arc::new(Node::Leaf(HashTable::new())))
    }
}

impl<T: Clone> Table<T> {
    /// Returns the item with `hash` that `is_wanted`.
    pub(super) fn find(&self, hash: u64, is_wanted: impl FnMut(&T) -> bool) -> Option<&T> {
        let mut node = &*self.0;
        let mut depth = 0;
        loop {
            match node {
                Node::Leaf(items) => return items.find(hash, is_wanted),
                Node::Branch(parts) => node = &parts[part_of(hash, depth)].0,
            }
            depth += 1;
        }
    }

    /// Returns the item with `hash` that `is_wanted`, for writing.
    pub(super) fn find_mut(&mut self, hash: u64, is_wanted: impl FnMut(&T) -> bool) -> Option<&mut T> {
        self.leaf_of(hash).find_mut(hash, is_wanted)
    }

    /// Adds an item that is not there yet; `hash_of` gives the hash of any item.
    pub(super) fn insert_unique(&mut self, hash: u64, item: T, hash_of: impl Fn(&T) -> u64) {
        Arc::make_mut(&mut self.0).insert_unique(0, hash, item, &hash_of);
    }

    /// Takes the item with `hash` that `is_wanted` out.
    pub(super) fn remove(&mut self, hash: u64, is_wanted: impl FnMut(&T) -> bool) -> Option<T> {
        let entry = self.leaf_of(hash).find_entry(hash, is_wanted).ok()?;
        Some(entry.remove().0)
    }

    /// Returns all items, in no order.
    #[cfg(test)]
    pub(super) fn iter(&self) -> Box<dyn Iterator<Item = &T> + '_> {
        match &*self.0 {
            Node::Leaf(items) => Box::new(items.iter()),
            Node::Branch(parts) => Box::new(parts.iter().flat_map(|part| part.iter())),
        }
    }

    /// The leaf of the items with `hash`, for writing.
    fn leaf_of(&mut self, hash: u64) -> &mut HashTable<T> {
        let mut node = Arc::make_mut(&mut self.0);
        let mut depth = 0;
        loop {
            match node {
                Node::Leaf(items) => return items,
                Node::Branch(parts) => node = Arc::make_mut(&mut parts[part_of(hash, depth)].0),
            }
            depth += 1;
        }
    }
}

impl<T: Clone> Node<T> {
    /// Adds an item below a node that stands under `depth` branches.
    fn insert_unique(&mut self, depth: usize, hash: u64, item: T, hash_of: &impl Fn(&T) -> u64) {
        match self {
            Self::Leaf(items) if items.len() >= LEAF && depth <= LAST_DEPTH => {
                *self = Self::split(std::mem::take(items), depth, hash_of);
                self.insert_unique(depth, hash, item, hash_of);
            }
            Self::Leaf(items) => {
                items.insert_unique(hash, item, hash_of);
            }
            Self::Branch(parts) => {
                let part = Arc::make_mut(&mut parts[part_of(hash, depth)].0);
                part.insert_unique(depth + 1, hash, item, hash_of);
            }
        }
    }

    /// Returns the branch that takes the place of a leaf.
    fn split(items: HashTable<T>, depth: usize, hash_of: &impl Fn(&T) -> u64) -> Self {
        // With room for as many as come at once, as to grow is to hash all items of a part again.
        let mut parts: [HashTable<T>; PARTS] = std::array::from_fn(|_| HashTable::with_capacity(ROOM));
        for item in items {
            let hash = hash_of(&item);
            parts[part_of(hash, depth)].insert_unique(hash, item, hash_of);
        }
        Self::Branch(parts.map(|part| Table(Arc::new(Self::Leaf(part)))))
    }
}

/// The part of a branch with so many others above it that the items with `hash` belong to.
fn part_of(hash: u64, depth: usize) -> usize {
    let byte = hash.to_le_bytes()[FIRST_BYTE + depth / 2];
    usize::from(byte >> (4 * (depth % 2))) % PARTS
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

        (1_000..50_000).for_each(|number| insert(&mut table, number));
        let long = table.clone();
        for number in (0..50_000).step_by(2) {
            assert_eq!(table.remove(hash_of(&number), |other| *other == number), Some(number));
            assert_eq!(table.remove(hash_of(&number), |other| *other == number), None);
        }
        *table.find_mut(hash_of(&1), |other| *other == 1).unwrap() = 99_999;

        assert_eq!(numbers(&short), (0..1_000).collect::<Vec<_>>());
        assert_eq!(numbers(&long), (0..50_000).collect::<Vec<_>>());
        let rest: Vec<u32> = (3..50_000).step_by(2).chain([99_999]).collect();
        assert_eq!(numbers(&table), rest);
        assert_eq!(table.find(hash_of(&7), |other| *other == 7), Some(&7));
        assert_eq!(table.find(hash_of(&8), |other| *other == 8), None);
    }

    #[test]
    fn a_long_table_that_was_emptied_can_be_filled_again() {
        let mut table = Table::default();
        (0..20_000).for_each(|number| insert(&mut table, number));

        for number in 0..20_000 {
            table.remove(hash_of(&number), |other| *other == number);
        }
        insert(&mut table, 7);

        assert_eq!(numbers(&table), [7]);
    }
}
