//! `Undo`: a part of a state that can undo the changes of a write that panics.
//!
//! A copy of the state before each write would be exact, too, but the write would then copy every shared part that it
//! changes. Imports nothing of this crate.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::ops::Deref;

/// The end of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteEnd {
    /// The write is complete, and its changes are kept.
    Complete,
    /// The write has panicked, and its changes are undone.
    Panicked,
}

/// A part of a state that notes its changes, until the write that makes them ends.
pub trait Undo {
    /// Returns whether the part has changed since the last write.
    fn has_changes(&self) -> bool;

    /// Ends a write.
    fn end_write(&mut self, end: WriteEnd);
}

/// The number of noted changes for which the memory is kept for the next write.
const MAX_KEPT: usize = 64;

/// Forgets the noted changes.
pub(super) fn forget<T>(changes: &mut Vec<T>) {
    if changes.capacity() > MAX_KEPT {
        *changes = Vec::new();
    }
    changes.clear();
}

/// A sorted map whose changes can be undone.
#[derive(Debug, Clone)]
pub struct UndoMap<K, V> {
    map: BTreeMap<K, V>,
    /// The changed keys with their values before, the oldest change first.
    changes: Vec<(K, Option<V>)>,
}

impl<K, V> Default for UndoMap<K, V> {
    fn default() -> Self {
        Self { map: BTreeMap::new(), changes: Vec::new() }
    }
}

impl<K, V> Deref for UndoMap<K, V> {
    type Target = BTreeMap<K, V>;

    fn deref(&self) -> &BTreeMap<K, V> {
        &self.map
    }
}

impl<K: Ord + Clone, V> UndoMap<K, V> {
    /// Sets the value of `key`.
    pub fn insert(&mut self, key: K, value: V) {
        let old = self.map.insert(key.clone(), value);
        self.changes.push((key, old));
    }

    /// Removes `key`.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q)
    where
        K: Borrow<Q>,
    {
        if let Some((key, old)) = self.map.remove_entry(key) {
            self.changes.push((key, Some(old)));
        }
    }
}

impl<K: Ord + Clone, V> Undo for UndoMap<K, V> {
    fn has_changes(&self) -> bool {
        !self.changes.is_empty()
    }

    fn end_write(&mut self, end: WriteEnd) {
        if end == WriteEnd::Panicked {
            while let Some((key, old)) = self.changes.pop() {
                match old {
                    Some(old) => drop(self.map.insert(key, old)),
                    None => drop(self.map.remove(&key)),
                }
            }
        }
        forget(&mut self.changes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_of_a_panicked_write_are_undone_and_those_of_a_complete_one_are_kept() {
        let mut map = UndoMap::default();
        map.insert("a", 1);
        map.insert("b", 2);
        map.end_write(WriteEnd::Complete);
        let before = map.map.clone();

        map.insert("a", 3);
        map.remove("a");
        map.insert("c", 4);
        map.insert("c", 5);
        map.remove("b");
        map.remove("d");
        assert!(map.has_changes());
        map.end_write(WriteEnd::Panicked);

        assert_eq!((map.map.clone(), map.has_changes()), (before.clone(), false));
        map.end_write(WriteEnd::Panicked);
        assert_eq!(map.map, before);
    }

    #[test]
    fn memory_for_many_changes_is_freed() {
        let mut map = UndoMap::default();
        for number in 0..10_000 {
            map.insert(number, ());
        }

        map.end_write(WriteEnd::Complete);

        assert_eq!((map.len(), map.changes.capacity()), (10_000, 0));
    }
}
