//! `Namespace`: one isolated mock.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::{Mutex, MutexGuard};
use uuid::Uuid;

use crate::app::list_cache::NamespaceLists;
use crate::config::Fidelity;
use crate::control::faults::Faults;
use crate::control::journal::Journal;
use crate::control::rate_limit::RateLimiter;
use crate::domain::mock_state::MockState;
use crate::store::{IdGenerator, Snapshot, Store, system_milliseconds};

/// The name of the namespace of requests that do not select one.
pub const DEFAULT_NAMESPACE: &str = "default";

/// One isolated namespace: its records and everything that belongs to them.
#[derive(Debug)]
pub struct Namespace {
    /// The name.
    pub name: String,
    /// The records, clock and identifiers.
    pub store: Store<MockState>,
    /// The journal of the latest exchanges.
    pub journal: Journal,
    /// The cached lists of the records.
    pub lists: NamespaceLists,
    /// The faults.
    pub faults: Faults,
    /// The state of the rate limits.
    pub rate_limiter: RateLimiter,
    /// The system time at which the namespace was created.
    pub created: DateTime<Utc>,
    pub(super) is_live: AtomicBool,
    pub(super) snapshots: Mutex<BTreeMap<String, SavedSnapshot>>,
    pub(super) requests: AtomicU64,
    /// The requests to the admin API, which have their own sequence of identifiers: health checks and journal queries
    /// do not affect the vendors' responses.
    pub(super) admin_requests: AtomicU64,
    pub(super) request_seed: u64,
    pub(super) last_used: AtomicI64,
    /// Whether the namespace was registered, also if it was deleted afterwards.
    pub(super) is_registered: AtomicBool,
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

impl Namespace {
    /// Returns whether the namespace was registered; one that was not is dropped with its last request.
    pub fn is_registered(&self) -> bool {
        self.is_registered.load(Ordering::Relaxed)
    }

    /// Sets the time of last use to the current time.
    pub(super) fn touch(&self) {
        self.last_used.store(system_milliseconds(), Ordering::Relaxed);
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
