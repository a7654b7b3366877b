//! `MockState`: the records of all dialects, each in the types of the dialect that owns them.
//!
//! Imports `store` and the state of each dialect. Invariant: a dialect never accesses another dialect's records.

use std::sync::Arc;

use crate::domain::credentials::Credentials;
use crate::domain::{authress, cloudflare, ibm, legacy};
use crate::store::{SharedState, Summaries, WriteEnd};

/// The records of all dialects.
#[derive(Debug, Clone, Default)]
pub struct MockState {
    /// The records of the cloudflare dialect.
    pub cloudflare: cloudflare::State,
    /// The records of the ibm dialect.
    pub ibm: ibm::State,
    /// The records of the authress dialect.
    pub authress: authress::State,
    /// The records of the legacy dialect.
    pub legacy: legacy::State,
    /// The credentials that strict mode accepts.
    pub credentials: Arc<Credentials>,
}

impl SharedState for MockState {
    fn unshared_bytes(&self, newer: &Self) -> usize {
        let Self { cloudflare, ibm, authress, legacy, credentials: _ } = self;
        cloudflare.unshared_bytes(&newer.cloudflare)
            + ibm.unshared_bytes(&newer.ibm)
            + authress.unshared_bytes(&newer.authress)
            + legacy.unshared_bytes(&newer.legacy)
    }

    fn end_write(&mut self, end: WriteEnd) {
        // Only a load sets the credentials.
        let Self { cloudflare, ibm, authress, legacy, credentials: _ } = self;
        cloudflare.end_write(end);
        ibm.end_write(end);
        authress.end_write(end);
        legacy.end_write(end);
    }
}

impl MockState {
    /// The names of the dialects, in the order in which they are listed.
    pub const DIALECTS: [&str; 4] = ["cloudflare", "ibm", "authress", "legacy"];

    /// Returns the records of each dialect with its name, in the order of [`MockState::DIALECTS`].
    pub fn dialects(&self) -> impl Iterator<Item = (&'static str, &dyn Summaries)> {
        let states: [&dyn Summaries; 4] = [&self.cloudflare, &self.ibm, &self.authress, &self.legacy];
        Self::DIALECTS.into_iter().zip(states)
    }

    /// Starts a bulk load of each dialect, which its `seed::load` finishes.
    pub fn begin_bulk_load(&mut self) {
        self.cloudflare.begin_bulk_load();
        self.ibm.begin_bulk_load();
        self.authress.begin_bulk_load();
        self.legacy.begin_bulk_load();
    }

    /// Returns the number of groups of all dialects.
    pub fn group_count(&self) -> usize {
        self.dialects().map(|(_, state)| state.count()).sum()
    }
}
