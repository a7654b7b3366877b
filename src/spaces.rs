//! `Spaces`: the private mocks of one server, by name.
//!
//! Imports `config`, `control`, `seed`, `seed_error`, `store` and `world`. Invariant: what is done in one namespace
//! is never seen in another.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::config::Config;
use crate::control::fault::Fault;
use crate::control::faults::Faults;
use crate::control::journal::Journal;
use crate::control::limit::Windows;
use crate::seed::Seed;
use crate::seed_error::SeedError;
use crate::store::{Clock, Ids, Namespace, Snapshot, machine_time};
use crate::world::World;

/// The name of the namespace of requests that name none.
pub const DEFAULT: &str = "default";

/// The longest name of a namespace in bytes.
const LONGEST_NAME: usize = 128;

/// One private mock: its records, and all that surrounds them.
#[derive(Debug)]
pub struct Space {
    /// Its name.
    pub name: String,
    /// Its records, clock and identifiers.
    pub store: Namespace<World>,
    /// Its latest exchanges.
    pub journal: Journal,
    /// Its faults.
    pub faults: Faults,
    /// The windows of its rate limits.
    pub windows: Windows,
    /// When it was made, on the machine's clock.
    pub created: DateTime<Utc>,
    snapshots: Mutex<BTreeMap<String, SavedSnapshot>>,
    requests: AtomicU64,
    /// The requests to the server's own API, which draw from a sequence of their own: a health check or a look at the
    /// journal changes nothing of the vendors' answers.
    own_requests: AtomicU64,
    request_seed: u64,
    last_used: AtomicI64,
}

/// A snapshot with the time at which it was taken.
#[derive(Debug, Clone)]
pub struct SavedSnapshot {
    /// When it was taken, on the mock's clock.
    pub taken: DateTime<Utc>,
    /// What it holds.
    pub state: Snapshot<World>,
}

/// What every namespace begins with.
#[derive(Debug)]
struct Origin {
    start: Snapshot<World>,
    /// Whether `start` says where the identifiers of the default namespace go on.
    continues: bool,
    ids: Ids,
    clock: Clock,
    faults: Vec<Fault>,
}

/// The private mocks of one server, by name.
#[derive(Debug)]
pub struct Spaces {
    config: Arc<Config>,
    origin: Origin,
    default: Arc<Space>,
    named: RwLock<BTreeMap<String, Arc<Space>>>,
}

impl Spaces {
    /// Returns the namespaces of a server that begin with what `seed` holds; the default one begins with `state`
    /// where there is one.
    ///
    /// # Errors
    /// The path and reason of the first mistake in the seed or in the state.
    pub fn new(config: Arc<Config>, seed: &Seed, state: Option<&Seed>) -> Result<Self, SeedError> {
        let ids = config.deterministic.map_or_else(Ids::random, Ids::seeded);
        let clock = config.clock;
        let start = seed.snapshot(clock, ids.named("seed"))?;
        let origin =
            Origin { start, continues: seed.state.is_some(), ids, clock, faults: config.faults.clone() };
        let default = Arc::new(origin.space(DEFAULT, &config));
        if let Some(state) = state {
            default.store.restore(state.snapshot(clock, default.store.snapshot().ids)?);
        }
        Ok(Self { config, origin, default, named: RwLock::default() })
    }

    /// Returns the namespace of requests that name none.
    pub const fn default_space(&self) -> &Arc<Space> {
        &self.default
    }

    /// Returns the namespace `name`, made from the seed where there is none yet.
    pub fn get_or_create(&self, name: &str) -> Arc<Space> {
        if let Some(space) = self.get(name) {
            space.touch();
            return space;
        }
        let mut named = self.named.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(space) = named.get(name) {
            return Arc::clone(space);
        }
        self.evict(&mut named);
        let space = Arc::new(self.origin.space(name, &self.config));
        named.insert(name.to_owned(), Arc::clone(&space));
        space
    }

    /// Returns the namespace `name` if it is there.
    pub fn get(&self, name: &str) -> Option<Arc<Space>> {
        if name == DEFAULT {
            return Some(Arc::clone(&self.default));
        }
        self.named.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Returns all namespaces: the default one, then the others by name.
    pub fn list(&self) -> Vec<Arc<Space>> {
        let named = self.named.read().unwrap_or_else(PoisonError::into_inner);
        std::iter::once(&self.default).chain(named.values()).cloned().collect()
    }

    /// Forgets the namespace `name`, and returns whether it was there; the default one is reset instead.
    pub fn remove(&self, name: &str) -> bool {
        if name == DEFAULT {
            self.reset(&self.default);
            return true;
        }
        let removed = self.named.write().unwrap_or_else(PoisonError::into_inner).remove(name);
        removed.is_some()
    }

    /// Forgets all namespaces but the default one, which is reset.
    pub fn remove_all(&self) {
        let removed = std::mem::take(&mut *self.named.write().unwrap_or_else(PoisonError::into_inner));
        drop(removed);
        self.reset(&self.default);
    }

    /// Sets everything in `space` back to how it began.
    pub fn reset(&self, space: &Space) {
        // The clock goes first: a fault that is set again counts its time from it.
        self.reset_clock(space);
        self.reset_state(space);
        self.reset_faults(space);
        Self::reset_requests(space);
        space.snapshots().clear();
    }

    /// Sets the records of `space`, and the identifiers to come, back to the seed.
    pub fn reset_state(&self, space: &Space) {
        space.store.restore(self.origin.state_of(&space.name));
    }

    /// Sets the faults and the rate limits of `space` back to how they began.
    pub fn reset_faults(&self, space: &Space) {
        space.store.forget();
        space.windows.reset();
        space.faults.reset(&self.origin.faults, space.store.now(), self.origin.faults_ids(&space.name));
        space.remember();
    }

    /// Forgets the exchanges of `space`, and numbers those to come anew.
    pub fn reset_requests(space: &Space) {
        space.journal.clear();
        space.requests.store(0, Ordering::Relaxed);
        space.own_requests.store(0, Ordering::Relaxed);
    }

    /// Sets the clock of `space` back to how it began.
    pub fn reset_clock(&self, space: &Space) {
        space.store.clock().set(self.origin.clock);
    }

    /// Forgets namespaces that nobody used for long, and the longest idle one where there are too many.
    fn evict(&self, named: &mut BTreeMap<String, Arc<Space>>) {
        let idle = self.config.namespace_idle;
        let oldest = machine_time() - idle.delta();
        named.retain(|name, space| {
            let is_used = space.last_used() >= oldest;
            if !is_used {
                tracing::info!(namespace = name, "forgot a namespace that was idle for more than {idle}");
            }
            is_used
        });
        while named.len() >= self.config.max_namespaces.max(1) {
            let longest_idle = named.values().min_by_key(|space| space.last_used()).map(|it| it.name.clone());
            let Some(name) = longest_idle else { break };
            named.remove(&name);
            tracing::warn!(
                namespace = name,
                limit = self.config.max_namespaces,
                "forgot the longest idle namespace, as there are too many"
            );
        }
    }
}

/// Says what is wrong with the name of a namespace.
///
/// # Errors
/// The reason, where it is none.
///
/// ```
/// assert!(access_groups_mock::check_namespace_name("test-1").is_ok());
/// assert!(access_groups_mock::check_namespace_name("a b").is_err());
/// ```
pub fn check_name(name: &str) -> Result<(), &'static str> {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "._~:@+-".contains(letter);
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(is_letter) {
        return Err("must have 1 to 128 ASCII letters, digits and characters of `._~:@+-`");
    }
    Ok(())
}

impl Origin {
    /// Returns the namespace `name` as it begins.
    fn space(&self, name: &str, config: &Config) -> Space {
        let space = Space {
            name: name.to_owned(),
            store: Namespace::starting(self.state_of(name), self.clock),
            journal: Journal::new(config.journal),
            faults: Faults::new(self.faults_ids(name)),
            windows: Windows::default(),
            created: machine_time(),
            snapshots: Mutex::default(),
            requests: AtomicU64::new(0),
            own_requests: AtomicU64::new(0),
            request_seed: self.ids.named(&format!("{name}/requests")).state(),
            last_used: AtomicI64::new(machine_time().timestamp_millis()),
        };
        space.faults.reset(&self.faults, space.store.now(), self.faults_ids(name));
        space.remember();
        space
    }

    fn state_of(&self, name: &str) -> Snapshot<World> {
        let mut state = self.start.clone();
        if name != DEFAULT || !self.continues {
            state.ids = self.ids.named(name);
        }
        state
    }

    fn faults_ids(&self, name: &str) -> Ids {
        self.ids.named(&format!("{name}/faults"))
    }
}

impl Space {
    /// Notes that it is used now.
    pub fn touch(&self) {
        self.last_used.store(machine_time().timestamp_millis(), Ordering::Relaxed);
    }

    /// Returns when it was last used, on the machine's clock.
    pub fn last_used(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.last_used.load(Ordering::Relaxed)).unwrap_or_default()
    }

    /// Returns the identifier of a new request, a version 4 UUID.
    pub fn new_request_id(&self) -> Uuid {
        let count = self.requests.fetch_add(1, Ordering::Relaxed);
        Ids::seeded(self.request_seed ^ count.wrapping_mul(0xd6e8_feb8_6659_fd93)).uuid()
    }

    /// Returns the identifier of a new request to the server's own API, a version 4 UUID.
    pub fn new_own_request_id(&self) -> Uuid {
        let count = self.own_requests.fetch_add(1, Ordering::Relaxed);
        Ids::seeded(!self.request_seed ^ count.wrapping_mul(0xd6e8_feb8_6659_fd93)).uuid()
    }

    /// Returns how many requests to the vendors there were since the last reset.
    pub fn request_count(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Returns the snapshots by name.
    pub fn snapshots(&self) -> MutexGuard<'_, BTreeMap<String, SavedSnapshot>> {
        self.snapshots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps as much of the past as the faults need.
    pub fn remember(&self) {
        if let Some(lag) = self.faults.longest_lag() {
            self.store.remember(lag);
        }
    }

    /// Keeps worlds of the past from now on, so that reads can lag this far behind.
    pub fn remember_for(&self, lag: TimeDelta) {
        self.store.remember(lag);
    }
}
