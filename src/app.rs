//! `App`: the server's state, cheap to clone: settings, credentials and the store.
//!
//! Imports `config`, `credentials`, `store` and `world`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};

use crate::config::Config;
use crate::credentials::Credentials;
use crate::seed::Seed;
use crate::seed_error::SeedError;
use crate::store::{Ids, Namespace, Tx};
use crate::world::World;

/// The server's state, shared by all requests.
#[derive(Debug, Clone)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    config: Config,
    credentials: Credentials,
    namespace: Namespace<World>,
    started: DateTime<Utc>,
    request_seed: u64,
    requests: AtomicU64,
}

impl App {
    /// Returns a server with `config` whose store begins with what `seed` holds.
    ///
    /// # Errors
    /// The path and reason of the first mistake in the seed.
    pub fn new(config: Config, seed: Seed) -> Result<Self, SeedError> {
        let mut ids = Ids::random();
        let request_seed = ids.uuid().as_u64_pair().0;
        let namespace = Namespace::new(World::default(), config.clock, ids);
        namespace.write(|world, tx| world.load(&seed, tx))?;
        let credentials = Credentials::new(seed.credentials);
        let requests = AtomicU64::new(0);
        let started = namespace.now();
        Ok(Self(Arc::new(Inner { config, credentials, namespace, started, request_seed, requests })))
    }

    /// Returns the settings.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// Returns the credentials that strict mode accepts.
    pub fn credentials(&self) -> &Credentials {
        &self.0.credentials
    }

    /// Returns the present time, in whole milliseconds.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.namespace.now()
    }

    /// Returns when the server was made.
    pub fn started(&self) -> DateTime<Utc> {
        self.0.started
    }

    /// Reads the store.
    pub fn read<T>(&self, read: impl FnOnce(&World) -> T) -> T {
        self.0.namespace.read(read)
    }

    /// Changes the store in one step.
    pub fn write<T>(&self, write: impl FnOnce(&mut World, &mut Tx<'_>) -> T) -> T {
        self.0.namespace.write(write)
    }

    /// Returns the identifier of a new request, a version 4 UUID.
    pub fn new_request_id(&self) -> String {
        let count = self.0.requests.fetch_add(1, Ordering::Relaxed);
        let seed = self.0.request_seed ^ count.wrapping_mul(0xd6e8_feb8_6659_fd93);
        Ids::seeded(seed).uuid().to_string()
    }
}
