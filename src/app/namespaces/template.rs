//! `NamespaceTemplate`: the initial state of every namespace.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use parking_lot::{Mutex, RwLock};

use super::namespace::{DEFAULT_NAMESPACE, Namespace};
use crate::app::list_cache::{ListCache, NamespaceLists};
use crate::config::{Config, Fidelity};
use crate::control::faults::Faults;
use crate::control::faults::fault::Fault;
use crate::control::journal::{Journal, JournalBudget};
use crate::control::rate_limit::RateLimiter;
use crate::domain::mock_state::MockState;
use crate::domain::seed::{Seed, SeedError};
use crate::store::{ClockSetting, IdGenerator, Snapshot, Store, system_now};

/// The initial state of every namespace.
#[derive(Debug)]
pub(super) struct NamespaceTemplate {
    seed: RwLock<PreparedSeed>,
    faults: RwLock<Vec<Fault>>,
    ids: IdGenerator,
    clock: ClockSetting,
    /// The number of instances, from which each gets other identifiers; `None` in deterministic mode.
    instances: Option<AtomicU64>,
    /// The bound of all journals together.
    journal_budget: Arc<JournalBudget>,
    /// The cached lists of all namespaces.
    lists: Arc<ListCache>,
}

/// The records of a seed.
#[derive(Debug)]
pub(super) struct PreparedSeed {
    snapshot: Snapshot<MockState>,
    /// Whether the identifiers of the default namespace resume from those in `snapshot`.
    resumes_ids: bool,
}

impl NamespaceTemplate {
    /// Returns the template of a server with `config` and `seed`.
    ///
    /// # Errors
    /// The path and reason of the first error in the seed.
    pub(super) fn new(config: &Config, seed: &Seed) -> Result<Self, SeedError> {
        let ids = config.deterministic.map_or_else(IdGenerator::from_entropy, IdGenerator::from_seed);
        Ok(Self {
            seed: RwLock::new(PreparedSeed::new(seed, config.clock, &ids)?),
            faults: RwLock::new(config.faults.clone()),
            ids,
            clock: config.clock,
            instances: config.deterministic.is_none().then(AtomicU64::default),
            journal_budget: Arc::new(JournalBudget::new(config.journal.total_bytes)),
            lists: Arc::default(),
        })
    }

    /// Returns the bound of all journals together.
    pub(super) fn journal_budget(&self) -> &JournalBudget {
        &self.journal_budget
    }

    /// Returns the records of `seed`, for [`NamespaceTemplate::replace_seed`].
    ///
    /// # Errors
    /// The path and reason of the first error in the seed.
    pub(super) fn prepare(&self, seed: &Seed) -> Result<PreparedSeed, SeedError> {
        PreparedSeed::new(seed, self.clock, &self.ids)
    }

    /// Replaces the seed, and returns the old one, which can take long to drop.
    pub(super) fn replace_seed(&self, seed: PreparedSeed) -> PreparedSeed {
        std::mem::replace(&mut *self.seed.write(), seed)
    }

    /// Replaces the initial faults.
    pub(super) fn replace_faults(&self, faults: Vec<Fault>) {
        *self.faults.write() = faults;
    }

    /// Resets the faults of `namespace` to the initial ones.
    pub(super) fn reset_faults(&self, namespace: &Namespace) {
        let ids = self.fault_ids(&namespace.name);
        namespace.faults.reset(&self.faults.read(), namespace.store.now(), ids);
    }

    /// Returns a new namespace `name` in its initial state.
    pub(super) fn instantiate(&self, name: &str, config: &Config) -> Namespace {
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
            lists: NamespaceLists::new(Arc::clone(&self.lists)),
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
        self.reset_faults(&namespace);
        namespace.retain_history();
        namespace
    }

    /// Returns the initial records of the namespace `name`.
    pub(super) fn snapshot(&self, name: &str) -> Snapshot<MockState> {
        let seed = self.seed.read();
        let mut snapshot = seed.snapshot.clone();
        if name != DEFAULT_NAMESPACE || !seed.resumes_ids {
            snapshot.ids = self.ids.derive(name);
        }
        snapshot
    }

    fn fault_ids(&self, name: &str) -> IdGenerator {
        self.ids.derive(&format!("{name}/faults"))
    }
}

impl PreparedSeed {
    fn new(seed: &Seed, clock: ClockSetting, ids: &IdGenerator) -> Result<Self, SeedError> {
        let snapshot = seed.snapshot(clock, ids.derive("seed"))?;
        Ok(Self { snapshot, resumes_ids: seed.state.is_some() })
    }
}
