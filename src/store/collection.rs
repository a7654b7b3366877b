//! `Collection<R>`: records by key, in creation order, with declared secondary orders.
//!
//! Imports only its siblings `ranked`, `shared`, `slots` and `table`. Invariants: every view agrees with the table; no operation fails half-way.

mod indexing;
mod listing;
mod order;
mod partition;
mod sorting;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;

use super::ranked::RankedSet;
use super::shared::Shared;
use super::slots::Slots;
use super::table::Table;
use indexing::{LONG_FROM, by_sequence, index_in, order_in, record_of, unindex_in};
pub use listing::Listing;
use partition::PartitionIndex;

/// Fixed seeds: a hash never reaches a response, and nothing here is random.
const HASHER: FixedState = FixedState::with_seed(0);

/// What a collection must know of its records.
pub trait Record: Clone + std::fmt::Debug + 'static {
    /// The ways in which the records are listed.
    const VIEWS: &'static [View<Self>];

    /// Returns the record's key, unique in the collection.
    fn key(&self) -> Key<'_>;
}

/// The key of a record: up to two parts, such as an account and an identifier.
pub type Key<'a> = (&'a str, &'a str);

/// The name of a partition of a view: up to two parts, such as an account and a member.
pub type Partition<'a> = (&'a str, &'a str);

/// Compares two records for an order.
pub type Compare<R> = fn(&R, &R) -> Ordering;

/// One way of listing records: by partition, and in each partition by creation or by a declared order.
pub struct View<R: 'static> {
    /// Names the partition that a record belongs to.
    pub partition: fn(&R) -> Partition<'_>,
    /// The secondary orders; ties are broken by creation.
    pub orders: &'static [Compare<R>],
}

impl<R> std::fmt::Debug for View<R> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("View").field("orders", &self.orders.len()).finish_non_exhaustive()
    }
}

/// The direction in which an order is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the least to the greatest.
    Ascending,
    /// From the greatest to the least.
    Descending,
}

/// A part of a listing: at most `limit` records after the first `offset`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// How many records are passed over.
    pub offset: usize,
    /// How many records follow at most.
    pub limit: usize,
}

/// Records by key, in creation order, with the secondary orders that `R::VIEWS` declares.
#[derive(Debug, Clone)]
pub struct Collection<R: Record> {
    slots: Slots<Slot<R>>,
    free: Vec<u32>,
    next_sequence: u64,
    by_key: Table<u32>,
    created: RankedSet,
    views: Vec<Table<PartitionIndex>>,
    /// What a deletion restores, by slot; a pinned slot is never freed.
    pinned: Shared<BTreeMap<u32, R>>,
    /// While many records are added: a view and a record of each partition whose orders wait.
    unordered: Option<Vec<(usize, u32)>>,
}

#[derive(Debug, Clone)]
struct Slot<R> {
    /// Place in the creation order; never given twice.
    sequence: u64,
    record: Option<R>,
}

impl<R> Slot<R> {
    fn record(&self) -> &R {
        self.record.as_ref().expect("an indexed slot holds a record")
    }
}

impl<R: Record> Default for Collection<R> {
    fn default() -> Self {
        Self {
            slots: Slots::default(),
            free: Vec::new(),
            next_sequence: 1,
            by_key: Table::default(),
            created: RankedSet::default(),
            views: R::VIEWS.iter().map(|_| Table::default()).collect(),
            pinned: Shared::default(),
            unordered: None,
        }
    }
}

impl<R: Record> Collection<R> {
    /// The greatest place that a saved state can name: every reader of JSON takes this number for what it is.
    pub const GREATEST_PLACE: u64 = (1 << 53) - 1;

    /// Returns the number of records.
    pub fn len(&self) -> usize {
        self.created.len()
    }

    /// Returns whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the record with `key`.
    pub fn get(&self, key: Key<'_>) -> Option<&R> {
        self.slot_of(key).map(|slot| self.record(slot))
    }

    /// Returns whether there is a record with `key`.
    pub fn contains(&self, key: Key<'_>) -> bool {
        self.slot_of(key).is_some()
    }

    /// Returns all records in creation order.
    pub fn iter(&self) -> impl Iterator<Item = &R> {
        self.window(0)
    }

    /// Returns all records in creation order, from the one at `offset` on.
    pub fn window(&self, offset: usize) -> impl Iterator<Item = &R> {
        self.created.iter_from(offset).map(|slot| self.record(slot))
    }

    /// Returns all records in creation order, each with its place in it.
    pub fn numbered(&self) -> impl Iterator<Item = (u64, &R)> {
        self.created.iter_from(0).map(|slot| (self.sequence(slot), self.record(slot)))
    }

    /// Returns one partition of the view with the index `view` in `R::VIEWS`; an unknown partition is empty.
    pub fn list(&self, view: usize, partition: Partition<'_>) -> Listing<'_, R> {
        Listing { collection: self, view, index: self.partition(view, partition) }
    }

    /// Adds a record at the end of the creation order.
    ///
    /// # Errors
    /// Gives the record back when its key is taken; nothing changes then.
    pub fn insert(&mut self, record: R) -> Result<&R, R> {
        if self.contains(record.key()) {
            return Err(record);
        }
        Ok(self.add(self.next_sequence, record))
    }

    /// Adds a record at the place `sequence` of the creation order, which a saved state names.
    ///
    /// # Errors
    /// Gives the record back when its key or its place is taken, and when the place is not one from 1 to
    /// [`Collection::GREATEST_PLACE`]; nothing changes then.
    pub fn insert_at(&mut self, sequence: u64, record: R) -> Result<&R, R> {
        let is_place = (1..=Self::GREATEST_PLACE).contains(&sequence) && !self.is_taken(sequence);
        if !is_place || self.contains(record.key()) {
            return Err(record);
        }
        Ok(self.add(sequence, record))
    }

    /// Begins to add many records: secondary orders that are not kept yet wait for [`Collection::make_orders`].
    ///
    /// It changes nothing of what is read, and in the end costs a fraction of putting each record into its place.
    pub fn defer_orders(&mut self) {
        self.unordered.get_or_insert_default();
    }

    /// Makes the secondary orders that waited.
    pub fn make_orders(&mut self) {
        for (view, slot) in self.unordered.take().unwrap_or_default() {
            if self.slots.get(slot).record.is_some() {
                order_in(&R::VIEWS[view], &self.views[view], &self.slots, slot);
            }
        }
    }

    /// Makes the next record stand behind the place `sequence` of the creation order.
    pub fn leave_out(&mut self, sequence: u64) {
        self.next_sequence = self.next_sequence.max(sequence.saturating_add(1));
    }

    /// Returns the greatest place of the creation order that was ever given; 0 when there was none.
    pub const fn last_sequence(&self) -> u64 {
        self.next_sequence - 1
    }

    /// Returns the place of the record with `key` in the creation order, counted from 1 and never given twice.
    pub fn sequence_of(&self, key: Key<'_>) -> Option<u64> {
        self.slot_of(key).map(|slot| self.sequence(slot))
    }

    /// Changes the record with `key` by `change`, which must leave the key as it is.
    pub fn update(&mut self, key: Key<'_>, change: impl FnOnce(&mut R)) -> Option<&R> {
        let slot = self.slot_of(key)?;
        let mut record = self.record(slot).clone();
        change(&mut record);
        self.set(slot, record);
        Some(self.record(slot))
    }

    /// Puts `record` in the place of the one with the same key; `None` when there is none.
    pub fn replace(&mut self, record: R) -> Option<&R> {
        let slot = self.slot_of(record.key())?;
        self.set(slot, record);
        Some(self.record(slot))
    }

    /// Deletes the record with `key` and returns it; a pinned record is set back to its pinned value instead.
    pub fn delete(&mut self, key: Key<'_>) -> Option<R> {
        let slot = self.slot_of(key)?;
        let Some(pinned) = self.pinned.get(&slot).cloned() else { return Some(self.take(slot)) };
        let old = self.record(slot).clone();
        self.set(slot, pinned);
        Some(old)
    }

    /// Deletes all records of one partition of a view; pinned ones are set back to their pinned value instead.
    ///
    /// It costs less than deleting them one by one, because the indexes of the partition go as a whole.
    pub fn delete_partition(&mut self, view: usize, partition: Partition<'_>) {
        let index = self.partition(view, partition);
        let slots: Vec<u32> = index.into_iter().flat_map(|index| index.iter_from(0)).collect();
        let has_pinned = slots.iter().any(|slot| self.pinned.contains_key(slot));
        if !has_pinned {
            self.drop_index(view, partition);
        }
        for slot in slots {
            match self.pinned.get(&slot).cloned() {
                Some(pinned) => self.set(slot, pinned),
                None => drop(self.take(slot)),
            }
        }
    }

    /// Makes the present value of the record with `key` the one that a [`Collection::delete`] restores.
    pub fn pin(&mut self, key: Key<'_>) {
        if let Some(slot) = self.slot_of(key) {
            let record = self.record(slot).clone();
            self.pinned.insert(slot, record);
        }
    }

    /// Makes `record` the value that a [`Collection::delete`] of the record with its key restores.
    pub fn pin_as(&mut self, record: R) {
        if let Some(slot) = self.slot_of(record.key()) {
            self.pinned.insert(slot, record);
        }
    }

    /// Returns what a [`Collection::delete`] of the record with `key` restores.
    pub fn pinned(&self, key: Key<'_>) -> Option<&R> {
        if self.pinned.is_empty() {
            return None;
        }
        self.pinned.get(&self.slot_of(key)?)
    }

    fn add(&mut self, sequence: u64, record: R) -> &R {
        self.leave_out(sequence);
        let slot = self.put(Slot { sequence, record: Some(record) });
        self.index(slot);
        self.record(slot)
    }

    fn is_taken(&self, sequence: u64) -> bool {
        let last = self.created.last();
        if last.is_none_or(|slot| self.sequence(slot) < sequence) {
            return false;
        }
        let rank = self.created.rank(|slot| self.sequence(slot).cmp(&sequence));
        self.created.select(rank).is_some_and(|slot| self.sequence(slot) == sequence)
    }

    fn record(&self, slot: u32) -> &R {
        self.slots.get(slot).record()
    }

    fn sequence(&self, slot: u32) -> u64 {
        self.slots.get(slot).sequence
    }

    fn slot_of(&self, key: Key<'_>) -> Option<u32> {
        let wanted = self.by_key.find(hash_of(&key), |&slot| self.record(slot).key() == key);
        wanted.copied()
    }

    fn partition(&self, view: usize, partition: Partition<'_>) -> Option<&PartitionIndex> {
        let name = R::VIEWS[view].partition;
        self.views[view].find(hash_of(&partition), |index| name(self.first_of(index)) == partition)
    }

    fn first_of(&self, index: &PartitionIndex) -> &R {
        self.record(index.first())
    }

    fn put(&mut self, slot: Slot<R>) -> u32 {
        if let Some(free) = self.free.pop() {
            *self.slots.get_mut(free) = slot;
            return free;
        }
        self.slots.push(slot);
        u32::try_from(self.slots.len() - 1).expect("fewer than 2^32 records fit into memory")
    }

    fn index(&mut self, slot: u32) {
        let slots = &self.slots;
        let hash = |slot: &u32| hash_of(&record_of(slots, *slot).key());
        self.by_key.insert_unique(hash(&slot), slot, hash);
        self.created.insert(slot, by_sequence(slots, slot));
        self.index_in_views(slot, |_, _| true);
    }

    /// Puts the record in `slot` into the indexes of the views that `is_wanted` names.
    fn index_in_views(&mut self, slot: u32, is_wanted: impl Fn(&View<R>, &R) -> bool) {
        let slots = &self.slots;
        for (at, (view, partitions)) in R::VIEWS.iter().zip(&mut self.views).enumerate() {
            if !is_wanted(view, record_of(slots, slot)) {
                continue;
            }
            let length = index_in(view, partitions, slots, slot);
            if let Some(waiting) = &mut self.unordered
                && length == LONG_FROM + 1
            {
                // One record names the partition, which becomes long now.
                waiting.push((at, slot));
            }
        }
    }

    /// Replaces the record in `slot` by one with the same key, keeping its place in the creation order.
    fn set(&mut self, slot: u32, record: R) {
        debug_assert!(self.record(slot).key() == record.key(), "an update keeps the key");
        for (view, partitions) in R::VIEWS.iter().zip(&mut self.views) {
            if !view.keeps_place(record_of(&self.slots, slot), &record) {
                unindex_in(view, partitions, &self.slots, slot);
            }
        }
        let old = self.slots.get_mut(slot).record.replace(record).expect("an indexed slot holds a record");
        self.index_in_views(slot, |view, new| !view.keeps_place(&old, new));
    }

    /// Forgets the indexes of one partition of a view, whose records are about to be taken.
    fn drop_index(&mut self, view: usize, partition: Partition<'_>) {
        let name_of = R::VIEWS[view].partition;
        let slots = &self.slots;
        let is_wanted = |index: &PartitionIndex| name_of(record_of(slots, index.first())) == partition;
        self.views[view].remove(hash_of(&partition), is_wanted);
    }

    fn take(&mut self, slot: u32) -> R {
        for (view, partitions) in R::VIEWS.iter().zip(&mut self.views) {
            unindex_in(view, partitions, &self.slots, slot);
        }
        self.created.remove(by_sequence(&self.slots, slot));
        let hash = hash_of(&self.record(slot).key());
        self.by_key.remove(hash, |&other| other == slot);
        self.free.push(slot);
        self.slots.get_mut(slot).record.take().expect("an indexed slot holds a record")
    }
}

impl<R> View<R> {
    /// Whether a change from `old` to `new` leaves the record where it is in the partition and every order.
    fn keeps_place(&self, old: &R, new: &R) -> bool {
        (self.partition)(old) == (self.partition)(new)
            && self.orders.iter().all(|order| order(old, new).is_eq())
    }
}

fn hash_of(value: &impl Hash) -> u64 {
    HASHER.hash_one(value)
}
