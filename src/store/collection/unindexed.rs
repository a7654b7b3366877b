//! `Unindexed`: what a bulk load notes of its records until their indexes are built.

use super::super::cow_hash_table::ShortHash;

/// The records of a bulk load, of which each slot up to the last one has one.
#[derive(Debug, Clone)]
pub(super) struct Unindexed {
    /// The hash of each key, by slot.
    pub keys: Vec<ShortHash>,
    /// For each index, the runs of records that have the same partition.
    pub runs: Vec<Vec<Run>>,
    /// Whether the sequence numbers increase with the slots.
    pub is_ordered: bool,
}

/// Consecutive slots with records of the same partition.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub hash: ShortHash,
    pub first: u32,
    pub len: u32,
}
