//! The sequence number, revision and change count of a record, and the reasons why it cannot be inserted.

use crate::store::Tx;

/// The sequence number, revision and change count of a record; for `None` the values of a new record are used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RecordVersion {
    /// The sequence number, which determines the creation order.
    pub sequence: Option<u64>,
    /// The revision of the last change.
    pub revision: Option<u64>,
    /// The number of times the record was set.
    pub change_count: Option<u32>,
}

/// The reason why a record cannot be inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InsertError {
    /// A record with this key already exists.
    DuplicateKey,
    /// A record with this sequence number already exists.
    SequenceTaken,
}

impl RecordVersion {
    /// Returns the revision of the last change, by default the next one.
    pub fn revision_or_next(self, tx: &mut Tx<'_>) -> u64 {
        tx.revision_or_next(self.revision)
    }

    /// Returns the number of times the record was set, by default 1.
    pub fn change_count_or_default(self) -> u32 {
        self.change_count.unwrap_or(1)
    }
}
