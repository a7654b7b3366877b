//! `World`: the records of all dialects, each in the types of the dialect that owns them.
//!
//! Imports `seed`, `store` and each dialect's model. A dialect never sees another's records.

use crate::dialect::{authress, cloudflare, ibm, legacy};
use crate::seed::{Seed, SeedError};
use crate::store::Tx;

/// The records of all dialects.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// The records of the cloudflare dialect.
    pub cloudflare: cloudflare::model::State,
    /// The records of the ibm dialect.
    pub ibm: ibm::model::State,
    /// The records of the authress dialect.
    pub authress: authress::model::State,
    /// The records of the legacy dialect.
    pub legacy: legacy::model::State,
}

impl World {
    /// Puts the objects of a seed into the world.
    ///
    /// # Errors
    /// The path and reason of the first mistake.
    pub fn load(&mut self, seed: &Seed, tx: &mut Tx<'_>) -> Result<(), SeedError> {
        cloudflare::seed::load(&mut self.cloudflare, &seed.cloudflare, tx)
            .map_err(|it| it.below("cloudflare"))?;
        ibm::seed::load(&mut self.ibm, &seed.ibm, tx).map_err(|it| it.below("ibm"))?;
        authress::seed::load(&mut self.authress, &seed.authress, tx).map_err(|it| it.below("authress"))?;
        legacy::seed::load(&mut self.legacy, &seed.legacy, tx).map_err(|it| it.below("legacy"))
    }
}
