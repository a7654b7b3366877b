//! A model of a collection: a plain list.

use std::collections::BTreeMap;

use super::super::{Key, Partition, Record};
use super::Item;

/// The records with their sequence numbers, in creation order, and the pinned values.
#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    pub(super) rows: Vec<(u64, Item)>,
    pub(super) last_sequence: u64,
    pub(super) pinned: BTreeMap<(String, String), Item>,
}

impl Model {
    pub(super) fn position(&self, key: Key<'_>) -> Option<usize> {
        self.rows.iter().position(|(_, item)| item.key() == key)
    }

    pub(super) fn items(&self) -> Vec<&Item> {
        self.rows.iter().map(|(_, item)| item).collect()
    }

    pub(super) fn insert(&mut self, item: Item) -> bool {
        self.insert_at(self.last_sequence + 1, item)
    }

    pub(super) fn insert_at(&mut self, sequence: u64, item: Item) -> bool {
        let is_valid = (1..=9_007_199_254_740_991).contains(&sequence);
        if !is_valid || self.rows.iter().any(|(existing, _)| *existing == sequence) {
            return false;
        }
        if self.position(item.key()).is_some() {
            return false;
        }
        self.last_sequence = self.last_sequence.max(sequence);
        self.rows.push((sequence, item));
        self.rows.sort_by_key(|(sequence, _)| *sequence);
        true
    }

    pub(super) fn delete(&mut self, key: Key<'_>) -> Option<Item> {
        let position = self.position(key)?;
        match self.pinned.get(&(key.0.to_owned(), key.1.to_owned())) {
            Some(pinned) => Some(std::mem::replace(&mut self.rows[position].1, pinned.clone())),
            None => Some(self.rows.remove(position).1),
        }
    }

    pub(super) fn pin(&mut self, key: Key<'_>) {
        if let Some(position) = self.position(key) {
            self.pinned.insert((key.0.to_owned(), key.1.to_owned()), self.rows[position].1.clone());
        }
    }

    pub(super) fn set_pinned(&mut self, item: Item) {
        if self.position(item.key()).is_some() {
            self.pinned.insert((item.account.to_owned(), item.id.clone()), item);
        }
    }

    pub(super) fn partition(&self, index: usize, partition: Partition<'_>) -> Vec<(u64, &Item)> {
        let rows = self.rows.iter().filter(|(_, item)| (Item::INDEXES[index].partition)(item) == partition);
        rows.map(|(sequence, item)| (*sequence, item)).collect()
    }

    pub(super) fn sorted(&self, index: usize, partition: Partition<'_>, order: usize) -> Vec<&Item> {
        let compare = Item::INDEXES[index].orders[order];
        let mut items: Vec<&Item> =
            self.partition(index, partition).into_iter().map(|(_, item)| item).collect();
        items.sort_by(|left, right| compare(left, right));
        items
    }
}
