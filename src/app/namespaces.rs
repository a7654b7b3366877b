//! `Namespaces`: the namespaces of one server, by name.
//!
//! Imports `config`, `control`, `domain` and `store`. Invariant: a change in one namespace is
//! never visible in another.

mod namespace;
mod template;

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};

use parking_lot::{Mutex, RwLock};

pub use namespace::{DEFAULT_NAMESPACE, Namespace, SavedSnapshot};

use crate::config::Config;
use crate::control::faults::fault::Fault;
use crate::control::journal::JournalBudget;
use crate::domain::mock_state::MockState;
use crate::domain::seed::{Seed, SeedError};
use crate::store::{Snapshot, system_now};
use template::NamespaceTemplate;

/// The maximum length of a namespace name in bytes.
const MAX_NAME_BYTES: usize = 128;

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
        let template = NamespaceTemplate::new(&config, seed)?;
        let default = Arc::new(template.instantiate(DEFAULT_NAMESPACE, &config));
        if let Some(state) = state {
            default.store.restore(state.snapshot(config.clock, default.store.snapshot().ids)?);
        }
        Ok(Self { config, template, default, named: RwLock::default(), pending: Mutex::default() })
    }

    /// Returns the bound of all journals together.
    pub fn journal_budget(&self) -> &JournalBudget {
        self.template.journal_budget()
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
        namespace.touch();
        if Arc::ptr_eq(namespace, &self.default) || namespace.is_registered() {
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
        drop(self.replace_state(namespace));
    }

    /// Does the same as [`Namespaces::reset_state`], and returns the old state, which can take long to drop.
    fn replace_state(&self, namespace: &Namespace) -> Snapshot<MockState> {
        let mut snapshot = self.template.snapshot(&namespace.name);
        if self.config.deterministic.is_none() {
            // Clients that cache objects by identifier must not find an old one under the identifier of a new one.
            snapshot.ids = namespace.store.snapshot().ids;
        }
        namespace.store.replace(snapshot)
    }

    /// Replaces the seed, and resets the records of all namespaces to it.
    ///
    /// # Errors
    /// The path and reason of the first error in the seed; nothing is changed in this case.
    pub fn replace_seed(&self, seed: &Seed) -> Result<(), SeedError> {
        let prepared = self.template.prepare(seed)?;
        let mut old = Vec::new();
        let replaced = self.replace_template(
            || self.template.replace_seed(prepared),
            |namespace| old.push(self.replace_state(namespace)),
        );
        // Many records take long to drop, and requests no longer wait for them.
        drop((replaced, old));
        Ok(())
    }

    /// Replaces the initial faults, and resets the faults of all namespaces to them.
    pub fn replace_faults(&self, faults: Vec<Fault>) {
        self.replace_template(
            || self.template.replace_faults(faults),
            |namespace| self.reset_faults(namespace),
        );
    }

    /// Replaces a part of the template, and then resets all namespaces, also the pending ones.
    fn replace_template<T>(&self, replace: impl FnOnce() -> T, reset: impl FnMut(&Arc<Namespace>)) -> T {
        // While the locks are held, no namespace is created from the old template.
        let named = self.named.write();
        let pending = self.pending.lock();
        let replaced = replace();
        let pending: Vec<Arc<Namespace>> = pending.by_name.values().filter_map(Weak::upgrade).collect();
        std::iter::once(&self.default).chain(named.values()).chain(&pending).for_each(reset);
        replaced
    }

    /// Resets the faults and the rate limits of `namespace` to their initial state.
    pub fn reset_faults(&self, namespace: &Namespace) {
        namespace.store.drop_history();
        namespace.rate_limiter.reset();
        self.template.reset_faults(namespace);
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
        namespace.store.clock().set(self.config.clock);
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
    if matches!(name, "." | "..") {
        return Err("must not be `.` or `..`, which clients remove from a URL");
    }
    Ok(())
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
