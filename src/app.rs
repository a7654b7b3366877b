//! `App`: the server in one of its namespaces, cheap to clone: settings and store.
//!
//! Imports `config`, `credentials`, `seed`, `spaces`, `store` and `world`.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Semaphore;
use tokio::task::JoinError;

use crate::config::Config;
use crate::control::coverage::Coverage;
use crate::credentials::Credentials;
use crate::seed::Seed;
use crate::seed_error::SeedError;
use crate::spaces::{Space, Spaces};
use crate::store::{Tx, machine_time};
use crate::world::World;

/// The server in one of its namespaces.
#[derive(Debug, Clone)]
pub struct App {
    place: Arc<Place>,
    /// How far reads lag behind, where a fault says so.
    lag: Option<TimeDelta>,
}

/// A namespace of a server.
#[derive(Debug)]
struct Place {
    server: Arc<Server>,
    space: Arc<Space>,
}

#[derive(Debug)]
struct Server {
    config: Arc<Config>,
    spaces: Spaces,
    coverage: Coverage,
    started: DateTime<Utc>,
    /// The turns of reads that take long.
    turns: Arc<Semaphore>,
}

/// A read of more records than this takes long: a part of a millisecond and more.
const LONG_READ: usize = 2_000;

impl App {
    /// Returns a server with `config` whose namespaces begin with what `seed` holds, in its default namespace.
    ///
    /// # Errors
    /// The path and reason of the first mistake in the seed.
    ///
    /// ```
    /// use access_groups_mock::{App, Config, Seed};
    ///
    /// let app = App::new(Config::default(), Seed::parse(r#"{"version":1}"#)?)?;
    /// # drop(app);
    /// # Ok::<(), access_groups_mock::SeedError>(())
    /// ```
    #[expect(clippy::needless_pass_by_value, reason = "a seed is mostly made for the one server")]
    pub fn new(config: Config, seed: Seed) -> Result<Self, SeedError> {
        Self::with_state(config, &seed, None)
    }

    /// Returns a server like [`App::new`], whose default namespace goes on with `state` where there is one.
    ///
    /// # Errors
    /// The path and reason of the first mistake in the seed or in the state.
    ///
    /// ```
    /// use access_groups_mock::{App, Config, Seed};
    ///
    /// let (seed, state) = (Seed::default(), Seed::parse(r#"{"version":1}"#)?);
    /// let app = App::with_state(Config::default(), &seed, Some(&state))?;
    /// # drop(app);
    /// # Ok::<(), access_groups_mock::SeedError>(())
    /// ```
    pub fn with_state(config: Config, seed: &Seed, state: Option<&Seed>) -> Result<Self, SeedError> {
        let config = Arc::new(config);
        let spaces = Spaces::new(Arc::clone(&config), seed, state)?;
        let space = Arc::clone(spaces.default_space());
        let server = Arc::new(Server {
            config,
            spaces,
            coverage: Coverage::default(),
            started: machine_time(),
            turns: Arc::new(Semaphore::new(turns())),
        });
        Ok(Self { place: Arc::new(Place { server, space }), lag: None })
    }

    /// Returns the server in the namespace `name`, which is made where there is none yet.
    #[must_use]
    pub fn in_namespace(&self, name: &str) -> Self {
        self.in_space(self.place.server.spaces.get_or_create(name))
    }

    /// Returns the server in `space`.
    #[must_use]
    pub fn in_space(&self, space: Arc<Space>) -> Self {
        Self { place: Arc::new(Place { server: Arc::clone(&self.place.server), space }), lag: None }
    }

    /// Returns the same whose reads lag behind.
    #[must_use]
    pub fn lagging(mut self, lag: TimeDelta) -> Self {
        self.lag = Some(lag);
        self
    }

    /// Returns the settings.
    pub fn config(&self) -> &Config {
        &self.place.server.config
    }

    /// Returns the namespace.
    pub fn space(&self) -> &Arc<Space> {
        &self.place.space
    }

    /// Returns all namespaces.
    pub fn spaces(&self) -> &Spaces {
        &self.place.server.spaces
    }

    /// Returns what the traffic has exercised.
    pub fn coverage(&self) -> &Coverage {
        &self.place.server.coverage
    }

    /// Returns the credentials that strict mode accepts.
    pub fn credentials(&self) -> Arc<Credentials> {
        self.place.space.store.read(|world| Arc::clone(&world.credentials))
    }

    /// Returns the present time of the namespace, in whole milliseconds.
    pub fn now(&self) -> DateTime<Utc> {
        self.place.space.store.now()
    }

    /// Returns when the server was made, on the machine's clock.
    pub fn started(&self) -> DateTime<Utc> {
        self.place.server.started
    }

    /// Reads the store.
    pub fn read<T>(&self, read: impl FnOnce(&World) -> T) -> T {
        match self.lag {
            Some(lag) => self.place.space.store.read_past(lag, read),
            None => self.place.space.store.read(read),
        }
    }

    /// Reads the store for what is `asked`, like [`App::read`]; but a read of many records from a copy and on a thread
    /// of its own, so that neither writers nor other requests wait for it. `cost` says how many records it looks at.
    ///
    /// Half of the processors read so at once; further such reads wait for their turn.
    ///
    /// # Errors
    /// What ended the thread, when `read` panics on it.
    pub async fn read_many<A, T, F>(
        &self,
        asked: A,
        cost: impl FnOnce(&World, &A) -> usize,
        read: F,
    ) -> Result<T, JoinError>
    where
        A: Send + 'static,
        T: Send + 'static,
        F: FnOnce(&World, A) -> T + Send + 'static,
    {
        let begun = self.read(|world| {
            if cost(world, &asked) <= LONG_READ { Ok(read(world, asked)) } else { Err((read, asked)) }
        });
        let (read, asked) = match begun {
            Ok(done) => return Ok(done),
            Err(waiting) => waiting,
        };
        // Few reads need this; in a box it leaves the others' future small.
        Box::pin(self.read_copy(asked, read)).await
    }

    /// Reads a copy on a thread of its own, when it is its turn.
    async fn read_copy<A, T, F>(&self, asked: A, read: F) -> Result<T, JoinError>
    where
        A: Send + 'static,
        T: Send + 'static,
        F: FnOnce(&World, A) -> T + Send + 'static,
    {
        let turn =
            Arc::clone(&self.place.server.turns).acquire_owned().await.expect("the turns are never closed");
        let world = self.read(World::clone);
        let done = tokio::task::spawn_blocking(move || {
            let done = read(&world, asked);
            drop((world, turn));
            done
        });
        done.await
    }

    /// Changes the store in one step.
    pub fn write<T>(&self, write: impl FnOnce(&mut World, &mut Tx<'_>) -> T) -> T {
        self.place.space.store.write(write)
    }
}

/// How many long reads go on at once.
fn turns() -> usize {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    (processors / 2).max(1)
}
