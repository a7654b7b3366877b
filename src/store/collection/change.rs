//! `Change`: a change of a collection, which can be undone.

use super::record::Slot;

/// A change of a collection with what it has replaced.
///
/// Records are boxed, so that the changes of a load, which adds many records, are short.
#[derive(Debug, Clone)]
pub(super) enum Change<R> {
    /// A record was added to a slot; before, `next_sequence` was the next sequence number.
    Added { slot: u32, next_sequence: u64 },
    /// The record in a slot was replaced.
    Replaced { slot: u32, old: Box<R> },
    /// The record in a slot was removed.
    Removed { slot: u32, old: Box<Slot<R>> },
    /// The value that a deletion restores was set.
    Pinned { slot: u32, old: Option<Box<R>> },
    /// Sequence numbers were reserved.
    Reserved { next_sequence: u64 },
}
