//! `CowHashTable`: a hash table in leaves that clones share until one of them is written.
//!
//! Imports only its sibling `cow_arc`.

use std::sync::Arc;

use hashbrown::HashTable;

use super::cow_arc::make_mut;

/// The maximum number of items in a leaf: the first write to a shared leaf copies this many items.
const MAX_LEAF_LEN: usize = 1024;

/// The initial capacity of a child of a split leaf: 1.5 times the average number of its items.
const CHILD_CAPACITY: usize = MAX_LEAF_LEN / CHILDREN * 3 / 2;

/// The number of children of a branch, one for each value of four bits.
const CHILDREN: usize = 16;

/// The last level that has its own four bits; leaves below it have no maximum length.
const MAX_DEPTH: usize = 7;

/// A hash table of items that contain their keys, like `HashTable`; a clone is O(1) (reference count).
///
/// The conditions of searches are trait objects, so that the compiler generates a search once, and not for every type of
/// records. A full leaf is split by four bits of the hash, so no write moves more items than a leaf has. The table keeps 32 bits
/// of each hash, because computing a hash again loads the record of the item into the cache.
#[derive(Debug)]
pub(super) struct CowHashTable<T>(Arc<Node<T>>);

#[derive(Debug)]
enum Node<T> {
    Leaf(HashTable<Entry<T>>),
    Branch([CowHashTable<T>; CHILDREN]),
}

/// An item and its hash.
#[derive(Debug, Clone)]
pub(super) struct Entry<T> {
    pub(super) hash: ShortHash,
    pub(super) item: T,
}

/// The part of a hash that the table uses. The leaves of a table are in the order of their hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ShortHash(u32);

impl ShortHash {
    pub(super) const fn new(hash: u64) -> Self {
        let [.., first, second, third, fourth] = hash.to_le_bytes();
        Self(u32::from_le_bytes([first, second, third, fourth]))
    }

    /// Returns a hash that distributes the 32 bits over all 64, because `HashTable` uses those at both ends, and the
    /// hashes in a leaf have the first bits in common.
    const fn spread(self) -> u64 {
        (self.0 as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

// `derive` would add an unnecessary bound on `T`.
impl<T> Clone for CowHashTable<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Clone> Clone for Node<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Leaf(items) => Self::Leaf(items.clone()),
            Self::Branch(children) => Self::Branch(children.clone()),
        }
    }
}

impl<T> Default for CowHashTable<T> {
    fn default() -> Self {
        Self(Arc::new(Node::Leaf(HashTable::new())))
    }
}

impl<T: Clone> CowHashTable<T> {
    /// Returns the item with `hash` for which `matches` returns `true`.
    pub(super) fn find(&self, hash: u64, matches: &dyn Fn(&T) -> bool) -> Option<&T> {
        let hash = ShortHash::new(hash);
        let mut node = &*self.0;
        let mut depth = 0;
        loop {
            match node {
                Node::Leaf(entries) => {
                    let is_match = |entry: &Entry<T>| entry.hash == hash && matches(&entry.item);
                    return entries.find(hash.spread(), is_match).map(|entry| &entry.item);
                }
                Node::Branch(children) => node = &children[child_index(hash, depth)].0,
            }
            depth += 1;
        }
    }

    /// Loads the entries with `hashes` into the cache of the processor, which waits for several of them at a time.
    pub(super) fn preload(&self, hashes: impl Iterator<Item = u64>) {
        let found = hashes.filter(|hash| self.find(*hash, &|_| true).is_some());
        std::hint::black_box(found.count());
    }

    /// Returns a mutable reference to the item with `hash` for which `matches` returns `true`.
    pub(super) fn find_mut(&mut self, hash: u64, matches: &dyn Fn(&T) -> bool) -> Option<&mut T> {
        let hash = ShortHash::new(hash);
        let is_match = |entry: &Entry<T>| entry.hash == hash && matches(&entry.item);
        self.leaf_mut(hash).find_mut(hash.spread(), is_match).map(|entry| &mut entry.item)
    }

    /// Adds an item that is not in the table yet.
    pub(super) fn insert_unique(&mut self, hash: u64, item: T) {
        make_mut(&mut self.0).insert_unique(0, Entry { hash: ShortHash::new(hash), item });
    }

    /// Removes and returns the item with `hash` for which `matches` returns `true`.
    pub(super) fn remove(&mut self, hash: u64, matches: &dyn Fn(&T) -> bool) -> Option<T> {
        let hash = ShortHash::new(hash);
        let is_match = |entry: &Entry<T>| entry.hash == hash && matches(&entry.item);
        let entry = self.leaf_mut(hash).find_entry(hash.spread(), is_match).ok()?;
        Some(entry.remove().0.item)
    }

    /// Returns the table of items that are sorted by their hashes. It is the same as if they were inserted one by one, each
    /// of which would load a part of the table into the cache.
    pub(super) fn from_sorted(entries: Vec<Entry<T>>) -> Self {
        let len = entries.len();
        Self::from_next(&mut entries.into_iter(), len, 0)
    }

    /// Returns the node at `depth` with the next `len` entries.
    fn from_next(entries: &mut std::vec::IntoIter<Entry<T>>, len: usize, depth: usize) -> Self {
        if len <= MAX_LEAF_LEN || depth > MAX_DEPTH {
            let mut leaf = HashTable::with_capacity(len);
            entries.take(len).for_each(|entry| add(&mut leaf, entry));
            return Self(Arc::new(Node::Leaf(leaf)));
        }
        let mut rest = len;
        let children = std::array::from_fn(|child| {
            let is_in_child = |entry: &Entry<T>| child_index(entry.hash, depth) == child;
            let len = entries.as_slice()[..rest].partition_point(is_in_child);
            rest -= len;
            Self::from_next(entries, len, depth + 1)
        });
        Self(Arc::new(Node::Branch(children)))
    }

    /// Calls `visit` with all items in arbitrary order.
    pub(super) fn for_each(&self, visit: &mut dyn FnMut(&T)) {
        match &*self.0 {
            Node::Leaf(entries) => entries.iter().for_each(|entry| visit(&entry.item)),
            Node::Branch(children) => children.iter().for_each(|child| child.for_each(visit)),
        }
    }

    /// Returns all items in arbitrary order.
    pub(super) fn iter(&self) -> Box<dyn Iterator<Item = &T> + '_> {
        match &*self.0 {
            Node::Leaf(entries) => Box::new(entries.iter().map(|entry| &entry.item)),
            Node::Branch(children) => Box::new(children.iter().flat_map(|child| child.iter())),
        }
    }

    /// Returns a mutable reference to the leaf of the items with `hash`.
    fn leaf_mut(&mut self, hash: ShortHash) -> &mut HashTable<Entry<T>> {
        let mut node = make_mut(&mut self.0);
        let mut depth = 0;
        loop {
            match node {
                Node::Leaf(entries) => return entries,
                Node::Branch(children) => {
                    node = make_mut(&mut children[child_index(hash, depth)].0);
                }
            }
            depth += 1;
        }
    }
}

impl<T: Clone> Node<T> {
    /// Adds an entry to a node at `depth`, counted from 0 at the root.
    fn insert_unique(&mut self, depth: usize, entry: Entry<T>) {
        match self {
            Self::Leaf(entries) if entries.len() >= MAX_LEAF_LEN && depth <= MAX_DEPTH => {
                *self = Self::split(std::mem::take(entries), depth);
                self.insert_unique(depth, entry);
            }
            Self::Leaf(entries) => add(entries, entry),
            Self::Branch(children) => {
                let child = make_mut(&mut children[child_index(entry.hash, depth)].0);
                child.insert_unique(depth + 1, entry);
            }
        }
    }

    /// Returns the branch that replaces a full leaf.
    fn split(entries: HashTable<Entry<T>>, depth: usize) -> Self {
        // The capacity avoids growth during the split.
        let mut children: [HashTable<Entry<T>>; CHILDREN] =
            std::array::from_fn(|_| HashTable::with_capacity(CHILD_CAPACITY));
        for entry in entries {
            add(&mut children[child_index(entry.hash, depth)], entry);
        }
        Self::Branch(children.map(|child| CowHashTable(Arc::new(Self::Leaf(child)))))
    }
}

fn add<T>(leaf: &mut HashTable<Entry<T>>, entry: Entry<T>) {
    leaf.insert_unique(entry.hash.spread(), entry, |entry| entry.hash.spread());
}

/// Returns the index of the child for `hash` in a branch at `depth`.
const fn child_index(hash: ShortHash, depth: usize) -> usize {
    (hash.0 >> (4 * (MAX_DEPTH - depth))) as usize % CHILDREN
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a hash that distributes numbers over all 64 bits.
    const fn hash(number: &u32) -> u64 {
        (*number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    fn insert(table: &mut CowHashTable<u32>, number: u32) {
        table.insert_unique(hash(&number), number);
    }

    fn numbers(table: &CowHashTable<u32>) -> Vec<u32> {
        let mut numbers: Vec<u32> = table.iter().copied().collect();
        numbers.sort_unstable();
        numbers
    }

    #[test]
    fn growing_table_keeps_its_items_and_does_not_affect_its_clones() {
        let mut table = CowHashTable::default();
        (0..1_000).for_each(|number| insert(&mut table, number));
        let short = table.clone();

        (1_000..50_000).for_each(|number| insert(&mut table, number));
        let long = table.clone();
        for number in (0..50_000).step_by(2) {
            assert_eq!(table.remove(hash(&number), &|other| *other == number), Some(number));
            assert_eq!(table.remove(hash(&number), &|other| *other == number), None);
        }
        *table.find_mut(hash(&1), &|other| *other == 1).unwrap() = 99_999;

        assert_eq!(numbers(&short), (0..1_000).collect::<Vec<_>>());
        assert_eq!(numbers(&long), (0..50_000).collect::<Vec<_>>());
        let rest: Vec<u32> = (3..50_000).step_by(2).chain([99_999]).collect();
        assert_eq!(numbers(&table), rest);
        assert_eq!(table.find(hash(&7), &|other| *other == 7), Some(&7));
        assert_eq!(table.find(hash(&8), &|other| *other == 8), None);
    }

    #[test]
    fn table_of_sorted_items_is_like_one_of_inserted_items() {
        for len in [0, 1, 1_024, 1_025, 50_000] {
            let mut inserted = CowHashTable::default();
            (0..len).for_each(|number| insert(&mut inserted, number));
            let entries = (0..len).map(|item| Entry { hash: ShortHash::new(hash(&item)), item });
            let mut entries: Vec<Entry<u32>> = entries.collect();
            entries.sort_by_key(|entry| entry.hash);

            let mut table = CowHashTable::from_sorted(entries);

            assert_eq!(leaf_lens(&table), leaf_lens(&inserted));
            for number in 0..len {
                assert_eq!(table.find(hash(&number), &|other| *other == number), Some(&number));
            }
            insert(&mut table, len);
            assert_eq!(numbers(&table), (0..=len).collect::<Vec<_>>());
        }
    }

    fn leaf_lens(table: &CowHashTable<u32>) -> Vec<usize> {
        match &*table.0 {
            Node::Leaf(entries) => vec![entries.len()],
            Node::Branch(children) => children.iter().flat_map(leaf_lens).collect(),
        }
    }

    #[test]
    fn large_table_can_be_emptied_and_refilled() {
        let mut table = CowHashTable::default();
        (0..20_000).for_each(|number| insert(&mut table, number));

        for number in 0..20_000 {
            table.remove(hash(&number), &|other| *other == number);
        }
        insert(&mut table, 7);

        assert_eq!(numbers(&table), [7]);
    }
}
