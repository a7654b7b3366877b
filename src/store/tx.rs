//! What a write may use besides the records: the time, new identifiers, the next revision.

use chrono::{DateTime, Utc};

use super::Ids;

/// One write: it sees one moment in time and draws identifiers and revisions in order.
#[derive(Debug)]
pub struct Tx<'a> {
    /// The moment of the write.
    pub now: DateTime<Utc>,
    /// The source of identifiers.
    pub ids: &'a mut Ids,
    pub(super) revision: &'a mut u64,
}

impl Tx<'_> {
    /// Returns the next revision: a number that is never given twice in a namespace and only grows.
    pub fn next_revision(&mut self) -> u64 {
        *self.revision += 1;
        *self.revision
    }
}
