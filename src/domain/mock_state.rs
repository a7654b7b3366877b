//! `MockState`: the records of all dialects, each in the types of the dialect that owns them.
//!
//! Imports `store` and the state of each dialect. Invariant: a dialect never accesses another dialect's records.

use std::sync::Arc;

use crate::domain::authress::model::AuthressState as Authress;
use crate::domain::cloudflare::model::CloudflareState as Cloudflare;
use crate::domain::credentials::Credentials;
use crate::domain::ibm::state::IbmState as Ibm;
use crate::domain::legacy::model::LegacyState as Legacy;
use crate::store::{SharedState, Summaries};

/// The records of all dialects.
#[derive(Debug, Clone, Default)]
pub struct MockState {
    /// The records of the cloudflare dialect.
    pub cloudflare: Cloudflare,
    /// The records of the ibm dialect.
    pub ibm: Ibm,
    /// The records of the authress dialect.
    pub authress: Authress,
    /// The records of the legacy dialect.
    pub legacy: Legacy,
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
}

impl MockState {
    /// Returns the number of groups of all dialects.
    pub fn group_count(&self) -> usize {
        let dialects: [&dyn Summaries; 4] = [&self.cloudflare, &self.ibm, &self.authress, &self.legacy];
        dialects.iter().map(|dialect| dialect.count()).sum()
    }
}
