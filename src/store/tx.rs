//! `Tx`: the time, identifiers and revisions of one write.

use chrono::{DateTime, Utc};

use super::IdGenerator;

/// The context of one write: a fixed time, and identifiers and revisions that are drawn in order.
#[derive(Debug)]
pub struct Tx<'a> {
    /// The time of the write.
    pub now: DateTime<Utc>,
    /// The identifier generator.
    pub ids: &'a mut IdGenerator,
    pub(super) revision: &'a mut u64,
}

impl Tx<'_> {
    /// Returns the next revision, a number that is unique in a namespace and always increases.
    pub fn next_revision(&mut self) -> u64 {
        *self.revision += 1;
        *self.revision
    }

    /// Returns the revision of a record from elsewhere, by default the next one; later revisions are higher.
    pub fn revision_or_next(&mut self, revision: Option<u64>) -> u64 {
        let Some(revision) = revision else { return self.next_revision() };
        *self.revision = revision.max(*self.revision);
        revision
    }
}
