//! Records and what a collection must know of them: keys, partitions and sort orders.

use std::cmp::Ordering;
use std::hash::{BuildHasher, Hash};

use foldhash::SharedSeed;
use foldhash::fast::SeedableRandomState;

use super::slot_hint::SlotHint;

/// A record of a collection.
pub trait Record: Clone + std::fmt::Debug + Send + Sync + 'static {
    /// The indexes by which the records are listed.
    const INDEXES: &'static [Index<Self>];

    /// The texts in which the records are searched, at most two, in the form in which they are compared with the searched
    /// string; neither a text nor a searched string contains an upper-case ASCII letter, except that `X` can separate the
    /// parts of a text.
    const TEXTS: &'static [AppendText<Self>] = &[];

    /// Returns the text by which a sort order of the index at `index` compares two records first: if the bytes of their
    /// texts differ, they compare like them. It makes sorting faster.
    fn order_text(_index: usize, _order: usize) -> Option<AppendText<Self>> {
        None
    }

    /// Returns the record's key, unique in the collection.
    fn key(&self) -> Key<'_>;

    /// Returns the hint that other records have of this one, in which the collection notes its slot.
    fn slot_hint(&self) -> Option<&SlotHint> {
        None
    }

    /// Returns an estimate of the bytes on the heap that this record has and `newer`, the record in its place in a later
    /// copy of the collection, does not share.
    ///
    /// The default is that of a record with a few short strings.
    fn unshared_bytes(&self, _newer: Option<&Self>) -> usize {
        256
    }
}

/// The key of a record: up to two parts, such as an account and an identifier.
pub type Key<'a> = (&'a str, &'a str);

/// The key of a partition of an index: up to two parts, such as an account and a member.
pub type Partition<'a> = (&'a str, &'a str);

/// The comparator of a sort order.
pub type Compare<R> = fn(&R, &R) -> Ordering;

/// Appends a text of a record.
pub type AppendText<R> = fn(&R, &mut String);

/// An index: a division of the records into partitions, which are listed in creation order or in a declared sort order.
pub struct Index<R: 'static> {
    /// Returns the key of the partition that a record belongs to.
    pub partition: fn(&R) -> Partition<'_>,
    /// The sort orders; ties are broken by creation order.
    pub orders: &'static [Compare<R>],
}

impl<R> std::fmt::Debug for Index<R> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Index").field("orders", &self.orders.len()).finish_non_exhaustive()
    }
}

/// The direction of a sort order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the minimum to the maximum.
    Ascending,
    /// From the maximum to the minimum.
    Descending,
}

/// A page of a listing: at most `limit` records after the first `offset`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRange {
    /// The number of records to skip.
    pub offset: usize,
    /// The maximum number of records in the page.
    pub limit: usize,
}

/// A slot of a collection, with or without a record.
#[derive(Debug, Clone)]
pub(super) struct Slot<R> {
    /// The sequence number in creation order; never reused.
    pub(super) sequence: u64,
    pub(super) record: Option<R>,
}

impl<R> Slot<R> {
    /// Returns the record of a slot that an index refers to.
    pub(super) fn record(&self) -> &R {
        self.record.as_ref().expect("an indexed slot holds a record")
    }
}

/// Returns the hash of a key or partition, which depends on a random seed of the process: clients choose the keys, and
/// must not be able to choose many with the same hash. The order of a hash table never affects a response.
pub(in super::super) fn compute_hash(value: &impl Hash) -> u64 {
    SeedableRandomState::with_seed(0, SharedSeed::global_random()).hash_one(value)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn keys_that_collide_for_a_known_seed_do_not_collide() {
        let known = SeedableRandomState::with_seed(0, SharedSeed::global_fixed());
        let keys = (0..100_000).map(|number| ("account", format!("IBMid-{number}")));
        let colliding: Vec<_> = keys.filter(|key| known.hash_one(key) & 0x3ff == 0).collect();

        let mut buckets = BTreeMap::<u64, usize>::new();
        for key in &colliding {
            *buckets.entry(compute_hash(key) & 0x3ff).or_default() += 1;
        }

        let fullest = buckets.values().max().copied().unwrap_or_default();
        assert!(colliding.len() > 50 && fullest < 10, "{fullest} of {} keys", colliding.len());
    }
}
