//! `MockState`: the records of all dialects, each in the types of the dialect that owns them.
//!
//! Imports `seed`, `store` and each dialect's model. Invariant: a dialect never accesses another dialect's records.

use std::sync::Arc;

use crate::domain::authress::model::AuthressState as Authress;
use crate::domain::authress::seed as authress;
use crate::domain::cloudflare::model::CloudflareState as Cloudflare;
use crate::domain::cloudflare::seed as cloudflare;
use crate::domain::credentials::Credentials;
use crate::domain::ibm::model::IbmState as Ibm;
use crate::domain::ibm::seed as ibm;
use crate::domain::legacy::model::LegacyState as Legacy;
use crate::domain::legacy::seed as legacy;
use crate::domain::seed::SeedError;
use crate::domain::seed::{FORMAT_VERSION, Seed};
use crate::store::{Summaries, Tx};

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

impl MockState {
    /// Returns the number of groups of all dialects.
    pub fn group_count(&self) -> usize {
        let dialects: [&dyn Summaries; 4] = [&self.cloudflare, &self.ibm, &self.authress, &self.legacy];
        dialects.iter().map(|dialect| dialect.count()).sum()
    }

    /// Returns a seed that restores this state.
    pub fn to_seed(&self) -> Seed {
        Seed {
            version: Some(FORMAT_VERSION),
            credentials: self.credentials.is_configured().then(|| self.credentials.to_vec()),
            cloudflare: cloudflare::save(&self.cloudflare),
            ibm: ibm::save(&self.ibm),
            authress: authress::save(&self.authress),
            legacy: legacy::save(&self.legacy),
            ..Seed::default()
        }
    }

    /// Adds the objects of a seed.
    ///
    /// # Errors
    /// The path and reason of the first error in the seed.
    pub fn load(&mut self, seed: &Seed, tx: &mut Tx<'_>) -> Result<(), SeedError> {
        if let Some(credentials) = &seed.credentials {
            self.credentials = Arc::new(Credentials::new(credentials.clone()));
        }
        cloudflare::load(&mut self.cloudflare, &seed.cloudflare, tx)
            .map_err(|error| error.nested_in("cloudflare"))?;
        ibm::load(&mut self.ibm, &seed.ibm, tx).map_err(|error| error.nested_in("ibm"))?;
        authress::load(&mut self.authress, &seed.authress, tx)
            .map_err(|error| error.nested_in("authress"))?;
        legacy::load(&mut self.legacy, &seed.legacy, tx).map_err(|error| error.nested_in("legacy"))
    }
}
