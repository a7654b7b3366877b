//! `App`: the application state of one namespace of a server (settings and store), cheap to clone.
//!
//! Imports `config`, `control`, `domain` and `store`.

pub mod list_cache;
pub mod namespaces;
pub mod offload;
pub mod state_file;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::{Either, ready};

use crate::config::{Config, Fidelity};
use crate::control::coverage::Coverage;
use crate::control::faults::fault::Fault;
use crate::domain::credentials::Credentials;
use crate::domain::mock_state::MockState;
use crate::domain::seed::{Seed, SeedError};
use crate::store::{Tx, system_now};
use list_cache::{ListBody, ListKey, ListRequest};
use namespaces::{Namespace, Namespaces};
use offload::{Cancellation, Offload, OffloadError, Permit};

/// The application state of one namespace of a server.
#[derive(Debug, Clone)]
pub struct App {
    inner: Arc<Inner>,
    /// The staleness of reads, if a fault sets one.
    staleness: Option<TimeDelta>,
}

/// One namespace and the state shared by all namespaces of its server.
#[derive(Debug)]
struct Inner {
    shared: Arc<Shared>,
    namespace: Arc<Namespace>,
}

/// The state shared by all namespaces of a server.
#[derive(Debug)]
struct Shared {
    config: Arc<Config>,
    namespaces: Namespaces,
    coverage: Coverage,
    started: DateTime<Utc>,
    /// The permits of the reads of records that are offloaded.
    reads: Offload,
    /// The permits of the other computations that are offloaded: they may take long, and reads do not wait for them.
    computations: Offload,
    /// The permits of the requests with a long body, which do not wait for the other computations.
    bodies: Offload,
    /// The permits for receiving large states.
    states: Offload,
    /// The permits for sending states.
    exports: Offload,
}

/// The number of records above which a read is offloaded: such a read takes a noticeable part of a millisecond.
const OFFLOAD_THRESHOLD: usize = 2_000;

impl App {
    /// Returns the default namespace of a new server with `config`, whose namespaces are initialized from `seed`.
    ///
    /// # Errors
    /// The path and reason of the first error in the seed.
    ///
    /// ```
    /// use access_groups_mock::{App, Config, Seed};
    ///
    /// let app = App::new(Config::default(), Seed::parse(r#"{"version":1}"#)?)?;
    /// # drop(app);
    /// # Ok::<(), access_groups_mock::SeedError>(())
    /// ```
    #[expect(clippy::needless_pass_by_value, reason = "callers usually create the seed for this one server")]
    pub fn new(config: Config, seed: Seed) -> Result<Self, SeedError> {
        Self::with_state(config, &seed, None)
    }

    /// Does the same as [`App::new`], but restores the default namespace from `state` if it is given.
    ///
    /// # Errors
    /// The path and reason of the first error in the seed or in the state.
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
        let namespaces = Namespaces::new(Arc::clone(&config), seed, state)?;
        let namespace = Arc::clone(namespaces.default_namespace());
        let shared = Arc::new(Shared {
            config,
            namespaces,
            coverage: Coverage::default(),
            started: system_now(),
            reads: Offload::new(),
            computations: Offload::new(),
            bodies: Offload::new(),
            states: Offload::states(),
            exports: Offload::states(),
        });
        Ok(Self { inner: Arc::new(Inner { shared, namespace }), staleness: None })
    }

    /// Replaces the seed of the server, and resets the records of all its namespaces to it; their journals, faults,
    /// clocks and snapshots remain.
    ///
    /// # Errors
    /// The path and reason of the first error in the seed; nothing is changed in this case.
    ///
    /// ```
    /// use access_groups_mock::{App, Config, Seed};
    ///
    /// let app = App::new(Config::default(), Seed::default())?;
    /// app.replace_seed(&Seed::parse(r#"{"version":1}"#)?)?;
    /// # Ok::<(), access_groups_mock::SeedError>(())
    /// ```
    pub fn replace_seed(&self, seed: &Seed) -> Result<(), SeedError> {
        self.inner.shared.namespaces.replace_seed(seed)
    }

    /// Replaces the initial faults of the server, and resets the faults and the rate limits of all its namespaces.
    ///
    /// ```
    /// use access_groups_mock::{App, Config, Fault, Seed};
    ///
    /// let app = App::new(Config::default(), Seed::default())?;
    /// app.replace_faults(vec![Fault::status(503)]);
    /// # Ok::<(), access_groups_mock::SeedError>(())
    /// ```
    pub fn replace_faults(&self, faults: Vec<Fault>) {
        self.inner.shared.namespaces.replace_faults(faults);
    }

    /// Returns the application state of the namespace `name`, which is created from the seed on first use.
    #[must_use]
    pub fn in_namespace(&self, name: &str) -> Self {
        self.with_namespace(self.inner.shared.namespaces.get_or_create(name))
    }

    /// Returns the application state of the namespace `name`, which is pending if it does not exist.
    #[must_use]
    pub fn in_pending_namespace(&self, name: &str) -> Self {
        self.with_namespace(self.inner.shared.namespaces.get_or_pending(name))
    }

    /// Registers the namespace if it is pending, and sets its time of last use.
    pub fn admit(&self) {
        self.inner.shared.namespaces.admit(&self.inner.namespace);
    }

    /// Returns the application state of `namespace`.
    #[must_use]
    pub fn with_namespace(&self, namespace: Arc<Namespace>) -> Self {
        Self { inner: Arc::new(Inner { shared: Arc::clone(&self.inner.shared), namespace }), staleness: None }
    }

    /// Returns the same application state with stale reads: they see the records as they were `staleness` ago.
    #[must_use]
    pub fn with_staleness(mut self, staleness: TimeDelta) -> Self {
        self.staleness = Some(staleness);
        self
    }

    /// Returns the settings.
    pub fn config(&self) -> &Config {
        &self.inner.shared.config
    }

    /// Returns the namespace.
    pub fn namespace(&self) -> &Arc<Namespace> {
        &self.inner.namespace
    }

    /// Returns the choice of the namespace where a vendor's document and its live service disagree.
    pub fn fidelity(&self) -> Fidelity {
        self.inner.namespace.fidelity()
    }

    /// Returns all namespaces.
    pub fn namespaces(&self) -> &Namespaces {
        &self.inner.shared.namespaces
    }

    /// Returns the coverage of operations and rules.
    pub fn coverage(&self) -> &Coverage {
        &self.inner.shared.coverage
    }

    /// Returns the credentials that strict mode accepts.
    pub fn credentials(&self) -> Arc<Credentials> {
        self.inner.namespace.store.read(|state| Arc::clone(&state.credentials))
    }

    /// Returns the current time of the namespace's virtual clock, in whole milliseconds.
    pub fn now(&self) -> DateTime<Utc> {
        self.inner.namespace.store.now()
    }

    /// Returns the current time of the namespace's virtual clock, in seconds since the Unix epoch.
    pub fn timestamp(&self) -> i64 {
        self.inner.namespace.store.milliseconds().div_euclid(1_000)
    }

    /// Returns whether the virtual clock is at least a second behind the system clock.
    pub fn is_clock_behind(&self) -> bool {
        self.now() + TimeDelta::seconds(1) <= system_now()
    }

    /// Returns the system time at which the server was created.
    pub fn started(&self) -> DateTime<Utc> {
        self.inner.shared.started
    }

    /// Reads the store.
    pub fn read<T>(&self, read: impl FnOnce(&MockState) -> T) -> T {
        match self.staleness {
            Some(staleness) => self.inner.namespace.store.read_stale(staleness, read),
            None => self.inner.namespace.store.read(read),
        }
    }

    /// Reads the store with `input`, like [`App::read`], but offloads a long read to the blocking thread pool, where it
    /// reads a snapshot: neither writers nor other requests wait for it. `cost` returns the number of records that the
    /// read visits.
    ///
    /// The number of concurrent offloaded reads is half of the number of processors; further ones wait for a permit.
    ///
    /// # Errors
    /// `OffloadError::Panic`, if the read is offloaded and panicked.
    pub fn read_offloaded<A, T, F>(
        &self,
        input: A,
        cost: impl FnOnce(&MockState, &A) -> usize,
        read: F,
    ) -> impl Future<Output = Result<T, OffloadError>> + Send
    where
        A: Send + 'static,
        T: Send + 'static,
        F: FnOnce(&MockState, A) -> T + Send + 'static,
    {
        let result = self.read(|state| read_short(state, input, cost, read));
        match result {
            Ok(output) => Either::Left(ready(Ok(output))),
            // Boxed to keep the common future small: few reads are offloaded.
            Err((read, input)) => {
                Either::Right(Box::pin(self.read_snapshot(Box::new(move |state| read(state, input)))))
            }
        }
    }

    /// Returns the list that `request` describes if it is cached, else the key for [`App::read_list`].
    ///
    /// The first list after a write is not cached, and neither is one for a stale read.
    ///
    /// # Errors
    /// The key: the list is not cached.
    pub fn cached_list<'a>(&self, request: impl FnOnce() -> ListRequest<'a>) -> Result<ListBody, ListKey> {
        let Namespace { store, lists, .. } = &**self.namespace();
        let version = store.version();
        if self.staleness.is_some() || !lists.is_repeated(version) {
            return Err(ListKey::none());
        }
        lists.get(request(), version)
    }

    /// Reads a list like [`App::read_offloaded`], and caches it under `key` until the next write.
    ///
    /// The list must depend on nothing but the records and the request of the key. A list that is offloaded is not
    /// cached.
    ///
    /// # Errors
    /// `OffloadError::Panic`, if the read is offloaded and panicked.
    pub fn read_list<A, F>(
        &self,
        key: ListKey,
        input: A,
        cost: impl FnOnce(&MockState, &A) -> usize,
        read: F,
    ) -> impl Future<Output = Result<ListBody, OffloadError>> + Send
    where
        A: Send + 'static,
        F: FnOnce(&MockState, A) -> ListBody + Send + 'static,
    {
        let Namespace { store, lists, .. } = &**self.namespace();
        // The version does not change while the state is read.
        let (result, version) = self.read(|state| (read_short(state, input, cost, read), store.version()));
        match result {
            Ok(list) => {
                lists.insert(key, version, list.clone());
                Either::Left(ready(Ok(list)))
            }
            Err((read, input)) => {
                Either::Right(Box::pin(self.read_snapshot(Box::new(move |state| read(state, input)))))
            }
        }
    }

    /// Reads a snapshot on the blocking thread pool, after acquiring a permit.
    async fn read_snapshot<T: Send + 'static>(
        &self,
        read: Box<dyn FnOnce(&MockState) -> T + Send>,
    ) -> Result<T, OffloadError> {
        // The snapshot is taken when the read starts, not while it waits.
        let app = self.clone();
        let read = move |_: &Cancellation| read(&app.read(MockState::clone));
        self.inner.shared.reads.run(Duration::MAX, read).await
    }

    /// Runs `work` on the blocking thread pool, for at most the request timeout.
    ///
    /// # Errors
    /// `OffloadError`: it panicked, or exceeded the request timeout.
    pub fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Cancellation) -> T + Send + 'static,
    ) -> impl Future<Output = Result<T, OffloadError>> + Send {
        self.compute_within(self.config().request_timeout, work)
    }

    /// Runs `work` like [`App::compute`], for at most `limit`.
    ///
    /// # Errors
    /// `OffloadError`: it panicked, or exceeded the limit.
    pub fn compute_within<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl FnOnce(&Cancellation) -> T + Send + 'static,
    ) -> impl Future<Output = Result<T, OffloadError>> + Send {
        self.inner.shared.computations.run(limit, work)
    }

    /// Runs `work`, which changes something, on the blocking thread pool, if it can start within the request timeout.
    ///
    /// # Errors
    /// `OffloadError`: it panicked, or has not started.
    pub fn complete<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> impl Future<Output = Result<T, OffloadError>> + Send {
        self.inner.shared.computations.complete(self.config().request_timeout, work)
    }

    /// Waits for a permit to receive a large state, which takes much memory.
    pub async fn state_permit(&self) -> Permit {
        self.inner.shared.states.acquire().await
    }

    /// Waits for a permit to process a long body on the blocking thread pool.
    pub async fn body_permit(&self) -> Permit {
        self.inner.shared.bodies.acquire().await
    }

    /// Waits for a permit to serialize a state, which takes long if it is large or the client is slow.
    pub async fn export_permit(&self) -> Permit {
        self.inner.shared.exports.acquire().await
    }

    /// Writes to the store atomically.
    pub fn write<T>(&self, write: impl FnOnce(&mut MockState, &mut Tx<'_>) -> T) -> T {
        self.inner.namespace.store.write(write)
    }
}

/// Reads `state` with `input`, unless that visits more than [`OFFLOAD_THRESHOLD`] records; then returns both.
fn read_short<A, T, F: FnOnce(&MockState, A) -> T>(
    state: &MockState,
    input: A,
    cost: impl FnOnce(&MockState, &A) -> usize,
    read: F,
) -> Result<T, (F, A)> {
    if cost(state, &input) <= OFFLOAD_THRESHOLD { Ok(read(state, input)) } else { Err((read, input)) }
}
