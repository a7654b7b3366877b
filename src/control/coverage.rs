//! `Coverage`: counters of the operations, rules and faults that the traffic of a server has exercised.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::{Mutex, MutexGuard};

/// The name under which the requests that no operation has are counted; no operation has it as its id.
pub const UNMATCHED: &str = "unmatched";

/// The number of classes of statuses: the first digit of the status, or 0 if no response was sent.
const STATUS_CLASSES: usize = 10;

/// The number of calls of each operation, of error responses of each rule and of injections of each kind of fault,
/// summed over all namespaces.
#[derive(Debug, Default)]
pub struct Coverage {
    /// The calls by operation id and dialect.
    operations: Mutex<BTreeMap<OperationKey, Arc<CallCounter>>>,
    rules: Mutex<BTreeMap<&'static str, u64>>,
    /// The injections by dialect and effect.
    faults: Mutex<BTreeMap<(&'static str, &'static str), u64>>,
}

/// The id of an operation, and its dialect: compared in this order, because the ids differ nearly always.
type OperationKey = (&'static str, &'static str);

/// The calls of one operation, by the class of the status of the response.
#[derive(Debug, Default)]
pub struct CallCounter([AtomicU64; STATUS_CLASSES]);

impl CallCounter {
    /// Counts a call whose response has `status`; 0 if no response was sent.
    pub fn count(&self, status: u16) {
        if let Some(calls) = self.0.get(usize::from(status / 100)) {
            calls.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Returns the number of calls by the first digit of the status.
    fn by_class(&self) -> [u64; STATUS_CLASSES] {
        self.0.each_ref().map(|calls| calls.load(Ordering::Relaxed))
    }
}

impl Coverage {
    /// Returns the counter of an operation's calls, which its endpoint increments.
    pub fn counter(&self, dialect: &'static str, operation: &'static str) -> Arc<CallCounter> {
        Arc::clone(self.operations().entry((operation, dialect)).or_default())
    }

    /// Returns the number of calls of an operation.
    pub fn calls(&self, dialect: &'static str, operation: &'static str) -> u64 {
        self.calls_by_class(dialect, operation).iter().sum()
    }

    /// Returns the number of calls of an operation, by the first digit of the status of the response; the first are
    /// those without a response.
    pub fn calls_by_class(&self, dialect: &'static str, operation: &'static str) -> [u64; STATUS_CLASSES] {
        self.operations().get(&(operation, dialect)).map_or_else(Default::default, |calls| calls.by_class())
    }

    /// Counts an error response of `rule`.
    pub fn count_error(&self, rule: &'static str) {
        *self.rules().entry(rule).or_default() += 1;
    }

    /// Returns the number of error responses of `rule`.
    pub fn errors(&self, rule: &str) -> u64 {
        self.rules().get(rule).copied().unwrap_or(0)
    }

    /// Counts the injection of a fault with `effect` into a request to `dialect`.
    pub fn count_fault(&self, dialect: &'static str, effect: &'static str) {
        *self.faults.lock().entry((dialect, effect)).or_default() += 1;
    }

    /// Returns the number of injected faults by dialect and effect.
    pub fn faults(&self) -> BTreeMap<(&'static str, &'static str), u64> {
        self.faults.lock().clone()
    }

    fn operations(&self) -> MutexGuard<'_, BTreeMap<OperationKey, Arc<CallCounter>>> {
        self.operations.lock()
    }

    fn rules(&self) -> MutexGuard<'_, BTreeMap<&'static str, u64>> {
        self.rules.lock()
    }
}
