//! `Namespaces`: the namespaces of one server, by name.
//!
//! Imports `config`, `control`, `domain` and `store`. Invariant: a change in one namespace is
//! never visible in another.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::{Mutex, MutexGuard, RwLock};
use uuid::Uuid;

use crate::config::{Config, Fidelity};
use crate::control::faults::Faults;
use crate::control::faults::fault::Fault;
use crate::control::journal::{Journal, JournalBudget};
use crate::control::rate_limit::RateLimiter;
use crate::domain::mock_state::MockState;
use crate::domain::seed::{Seed, SeedError};
use crate::store::{ClockSetting, IdGenerator, Snapshot, Store, system_now};

/// The name of the namespace of requests that do not select one.
pub const DEFAULT_NAMESPACE: &str = "default";

/// The maximum length of a namespace name in bytes.
const MAX_NAME_BYTES: usize = 128;

/// One isolated namespace: its records and everything that belongs to them.
#[derive(Debug)]
pub struct Namespace {
    /// The name.
    pub name: String,
    /// The records, clock and identifiers.
    pub store: Store<MockState>,
    /// The journal of the latest exchanges.
    pub journal: Journal,
    /// The faults.
    pub faults: Faults,
    /// The state of the rate limits.
    pub rate_limiter: RateLimiter,
    /// The system time at which the namespace was created.
    pub created: DateTime<Utc>,
    is_live: AtomicBool,
    snapshots: Mutex<BTreeMap<String, SavedSnapshot>>,
    requests: AtomicU64,
    /// The requests to the admin API, which have their own sequence of identifiers: health checks and journal queries
    /// do not affect the vendors' responses.
    admin_requests: AtomicU64,
    request_seed: u64,
    last_used: AtomicI64,
    /// Whether the namespace was registered, also if it was deleted afterwards.
    is_registered: AtomicBool,
}

/// A snapshot with the time at which it was taken.
#[derive(Debug, Clone)]
pub struct SavedSnapshot {
    /// Its number in the order in which the snapshots of the namespace were taken.
    pub number: u64,
    /// The time on the virtual clock at which the snapshot was taken.
    pub taken_at: DateTime<Utc>,
    /// The saved state.
    pub state: Snapshot<MockState>,
}

/// The initial state of every namespace.
#[derive(Debug)]
struct NamespaceTemplate {
    snapshot: Snapshot<MockState>,
    /// Whether the identifiers of the default namespace resume from those in `snapshot`.
    resumes_ids: bool,
    ids: IdGenerator,
    clock: ClockSetting,
    faults: Vec<Fault>,
    /// The number of instances, from which each gets other identifiers; `None` in deterministic mode.
    instances: Option<AtomicU64>,
    /// The bound of all journals together.
    journal_budget: Arc<JournalBudget>,
}

/// The namespaces of one server, by name.
///
/// A namespace is registered by the first request that is admitted to it. Until then, the requests to it share a
/// pending namespace, which is not listed, evicts no other and is dropped with the last of them.
#[derive(Debug)]
pub struct Namespaces {
    config: Arc<Config>,
    template: NamespaceTemplate,
    default: Arc<Namespace>,
    named: RwLock<BTreeMap<String, Arc<Namespace>>>,
    /// Locked only while `named` is locked.
    pending: Mutex<PendingNamespaces>,
}

/// The namespaces of requests that are not admitted yet.
#[derive(Debug, Default)]
struct PendingNamespaces {
    by_name: BTreeMap<String, Weak<Namespace>>,
    /// The number of names at which those without a namespace are removed.
    purge_len: usize,
}

impl Namespaces {
    /// Returns the namespaces of a server, which are initialized from `seed`; the default one is restored from `state`
    /// if it is given.
    ///
    /// # Errors
    /// The path and reason of the first error in the seed or in the state.
    pub fn new(config: Arc<Config>, seed: &Seed, state: Option<&Seed>) -> Result<Self, SeedError> {
        let ids = config.deterministic.map_or_else(IdGenerator::from_entropy, IdGenerator::from_seed);
        let clock = config.clock;
        let snapshot = seed.snapshot(clock, ids.derive("seed"))?;
        let template = NamespaceTemplate {
            snapshot,
            resumes_ids: seed.state.is_some(),
            ids,
            clock,
            faults: config.faults.clone(),
            instances: config.deterministic.is_none().then(AtomicU64::default),
            journal_budget: Arc::new(JournalBudget::new(config.journal.total_bytes)),
        };
        let default = Arc::new(template.instantiate(DEFAULT_NAMESPACE, &config));
        if let Some(state) = state {
            default.store.restore(state.snapshot(clock, default.store.snapshot().ids)?);
        }
        Ok(Self { config, template, default, named: RwLock::default(), pending: Mutex::default() })
    }

    /// Returns the bound of all journals together.
    pub fn journal_budget(&self) -> &JournalBudget {
        &self.template.journal_budget
    }

    /// Returns the namespace of requests that do not select one.
    pub const fn default_namespace(&self) -> &Arc<Namespace> {
        &self.default
    }

    /// Returns the namespace `name`, which is created from the seed and registered on first use.
    pub fn get_or_create(&self, name: &str) -> Arc<Namespace> {
        let namespace = self.get_or_pending(name);
        self.admit(&namespace);
        namespace
    }

    /// Returns the namespace `name`; if it does not exist, a pending one with the state of the seed, which
    /// [`Namespaces::admit`] registers.
    pub fn get_or_pending(&self, name: &str) -> Arc<Namespace> {
        if name == DEFAULT_NAMESPACE {
            return Arc::clone(&self.default);
        }
        // The lock is held until the end, so that nobody registers the namespace in between.
        let named = self.named.read();
        if let Some(namespace) = named.get(name) {
            return Arc::clone(namespace);
        }
        self.pending.lock().get_or_insert(name, || self.template.instantiate(name, &self.config))
    }

    /// Registers `namespace` if it is pending, for which idle namespaces may be evicted, and sets its time of last use.
    ///
    /// A namespace that was deleted is not registered again.
    pub fn admit(&self, namespace: &Arc<Namespace>) {
        if Arc::ptr_eq(namespace, &self.default) {
            return;
        }
        namespace.touch();
        if namespace.is_registered() {
            return;
        }
        let mut named = self.named.write();
        if namespace.is_registered.swap(true, Ordering::Relaxed) {
            return;
        }
        self.evict(&mut named);
        self.pending.lock().by_name.remove(&namespace.name);
        named.insert(namespace.name.clone(), Arc::clone(namespace));
    }

    /// Returns the namespace `name` if it exists.
    pub fn get(&self, name: &str) -> Option<Arc<Namespace>> {
        if name == DEFAULT_NAMESPACE {
            return Some(Arc::clone(&self.default));
        }
        self.named.read().get(name).cloned()
    }

    /// Returns all namespaces: the default one, then the others by name.
    pub fn list(&self) -> Vec<Arc<Namespace>> {
        let named = self.named.read();
        std::iter::once(&self.default).chain(named.values()).cloned().collect()
    }

    /// Deletes the namespace `name` and returns whether it existed; the default one is reset instead.
    pub fn remove(&self, name: &str) -> bool {
        if name == DEFAULT_NAMESPACE {
            self.reset(&self.default);
            return true;
        }
        let removed = self.named.write().remove(name);
        removed.is_some()
    }

    /// Deletes all namespaces except the default one, which is reset.
    pub fn remove_all(&self) {
        let removed = std::mem::take(&mut *self.named.write());
        drop(removed);
        self.reset(&self.default);
    }

    /// Resets everything in `namespace` to its initial state.
    pub fn reset(&self, namespace: &Namespace) {
        // The clock is reset first because the start time of the restored faults is read from it.
        self.reset_clock(namespace);
        self.reset_state(namespace);
        self.reset_faults(namespace);
        Self::reset_requests(namespace);
        namespace.set_fidelity(self.config.fidelity);
        namespace.snapshots().clear();
    }

    /// Resets the records of `namespace` to the seed, and in deterministic mode also the identifier generator.
    pub fn reset_state(&self, namespace: &Namespace) {
        let mut snapshot = self.template.snapshot(&namespace.name);
        if self.config.deterministic.is_none() {
            // Clients that cache objects by identifier must not find an old one under the identifier of a new one.
            snapshot.ids = namespace.store.snapshot().ids;
        }
        namespace.store.restore(snapshot);
    }

    /// Resets the faults and the rate limits of `namespace` to their initial state.
    pub fn reset_faults(&self, namespace: &Namespace) {
        namespace.store.drop_history();
        namespace.rate_limiter.reset();
        let ids = self.template.fault_ids(&namespace.name);
        namespace.faults.reset(&self.template.faults, namespace.store.now(), ids);
        namespace.retain_history();
    }

    /// Clears the journal of `namespace` and restarts its request counters.
    pub fn reset_requests(namespace: &Namespace) {
        namespace.journal.clear();
        namespace.requests.store(0, Ordering::Relaxed);
        namespace.admin_requests.store(0, Ordering::Relaxed);
    }

    /// Resets the clock of `namespace` to its initial setting.
    pub fn reset_clock(&self, namespace: &Namespace) {
        namespace.store.clock().set(self.template.clock);
    }

    /// Evicts idle namespaces, and the longest idle ones while there are too many.
    fn evict(&self, named: &mut BTreeMap<String, Arc<Namespace>>) {
        let max_idle = self.config.namespace_idle;
        let oldest = system_now() - max_idle.time_delta();
        named.retain(|name, namespace| {
            let is_used = namespace.last_used() >= oldest;
            if !is_used {
                tracing::info!(
                    namespace = name,
                    "evicted a namespace that was idle for more than {max_idle}"
                );
            }
            is_used
        });
        while named.len() >= self.config.max_namespaces.max(1) {
            let longest_idle = named.values().min_by_key(|namespace| namespace.last_used());
            let Some(name) = longest_idle.map(|namespace| namespace.name.clone()) else { break };
            named.remove(&name);
            tracing::warn!(
                namespace = name,
                limit = self.config.max_namespaces,
                "evicted the longest idle namespace because the maximum number of namespaces is reached"
            );
        }
    }
}

/// Validates the name of a namespace.
///
/// # Errors
/// The reason why the name is invalid.
///
/// ```
/// assert!(access_groups_mock::validate_namespace_name("test-1").is_ok());
/// assert!(access_groups_mock::validate_namespace_name("a b").is_err());
/// ```
pub fn validate_namespace_name(name: &str) -> Result<(), &'static str> {
    let is_allowed = |character: char| character.is_ascii_alphanumeric() || "._~:@+-".contains(character);
    if name.is_empty() || name.len() > MAX_NAME_BYTES || !name.chars().all(is_allowed) {
        return Err("must have 1 to 128 ASCII letters, digits and characters of `._~:@+-`");
    }
    Ok(())
}

impl NamespaceTemplate {
    /// Returns a new namespace `name` in its initial state.
    fn instantiate(&self, name: &str, config: &Config) -> Namespace {
        let mut snapshot = self.snapshot(name);
        let mut request_ids = self.ids.derive(&format!("{name}/requests"));
        if let Some(instances) = self.instances.as_ref().filter(|_| name != DEFAULT_NAMESPACE) {
            // A namespace that is created again must not repeat the identifiers of the deleted one.
            let instance = instances.fetch_add(1, Ordering::Relaxed).to_string();
            (snapshot.ids, request_ids) = (snapshot.ids.derive(&instance), request_ids.derive(&instance));
        }
        let namespace = Namespace {
            name: name.to_owned(),
            store: Store::from_snapshot(snapshot, self.clock),
            journal: Journal::new(config.journal, Arc::clone(&self.journal_budget)),
            faults: Faults::new(self.fault_ids(name)),
            rate_limiter: RateLimiter::default(),
            created: system_now(),
            is_live: AtomicBool::new(config.fidelity == Fidelity::Live),
            snapshots: Mutex::default(),
            requests: AtomicU64::new(0),
            admin_requests: AtomicU64::new(0),
            request_seed: request_ids.state(),
            last_used: AtomicI64::new(system_now().timestamp_millis()),
            is_registered: AtomicBool::new(name == DEFAULT_NAMESPACE),
        };
        namespace.faults.reset(&self.faults, namespace.store.now(), self.fault_ids(name));
        namespace.retain_history();
        namespace
    }

    fn snapshot(&self, name: &str) -> Snapshot<MockState> {
        let mut snapshot = self.snapshot.clone();
        if name != DEFAULT_NAMESPACE || !self.resumes_ids {
            snapshot.ids = self.ids.derive(name);
        }
        snapshot
    }

    fn fault_ids(&self, name: &str) -> IdGenerator {
        self.ids.derive(&format!("{name}/faults"))
    }
}

impl PendingNamespaces {
    /// The minimum number of names at which those without a namespace are removed.
    const MIN_PURGE_LEN: usize = 64;

    /// Returns the pending namespace `name`, or adds a new one.
    fn get_or_insert(&mut self, name: &str, instantiate: impl FnOnce() -> Namespace) -> Arc<Namespace> {
        if let Some(namespace) = self.by_name.get(name).and_then(Weak::upgrade) {
            return namespace;
        }
        if self.by_name.len() >= self.purge_len {
            self.by_name.retain(|_, namespace| namespace.strong_count() > 0);
            self.purge_len = (self.by_name.len() * 2).max(Self::MIN_PURGE_LEN);
        }
        let namespace = Arc::new(instantiate());
        self.by_name.insert(name.to_owned(), Arc::downgrade(&namespace));
        namespace
    }
}

impl Namespace {
    /// Returns whether the namespace was registered; one that was not is dropped with its last request.
    pub fn is_registered(&self) -> bool {
        self.is_registered.load(Ordering::Relaxed)
    }

    /// Sets the time of last use to the current time.
    fn touch(&self) {
        self.last_used.store(system_now().timestamp_millis(), Ordering::Relaxed);
    }

    /// Returns the system time of the last use.
    pub fn last_used(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.last_used.load(Ordering::Relaxed)).unwrap_or_default()
    }

    /// Returns the choice where a vendor's document and its live service disagree.
    pub fn fidelity(&self) -> Fidelity {
        if self.is_live.load(Ordering::Relaxed) { Fidelity::Live } else { Fidelity::Documented }
    }

    /// Sets the choice where a vendor's document and its live service disagree.
    pub fn set_fidelity(&self, fidelity: Fidelity) {
        self.is_live.store(fidelity == Fidelity::Live, Ordering::Relaxed);
    }

    /// Returns the identifier of a new request to a vendor's API, a version 4 UUID.
    pub fn new_request_id(&self) -> Uuid {
        let count = self.requests.fetch_add(1, Ordering::Relaxed);
        IdGenerator::from_seed(self.request_seed ^ count.wrapping_mul(0xd6e8_feb8_6659_fd93)).uuid()
    }

    /// Returns the identifier of a new request to the admin API, a version 4 UUID.
    pub fn new_admin_request_id(&self) -> Uuid {
        let count = self.admin_requests.fetch_add(1, Ordering::Relaxed);
        IdGenerator::from_seed(!self.request_seed ^ count.wrapping_mul(0xd6e8_feb8_6659_fd93)).uuid()
    }

    /// Returns the number of requests to the vendors' APIs since the last reset.
    pub fn request_count(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Returns the snapshots by name.
    pub fn snapshots(&self) -> MutexGuard<'_, BTreeMap<String, SavedSnapshot>> {
        self.snapshots.lock()
    }

    /// Retains as much history as the stale reads of the faults need, and no more.
    pub fn retain_history(&self) {
        self.store.pin_history(self.faults.max_staleness());
    }

    /// Retains history from now on, so that reads can be stale by up to `duration`, as long as there are such reads.
    pub fn retain_history_for(&self, duration: TimeDelta) {
        self.store.retain_history(duration);
    }
}
