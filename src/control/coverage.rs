//! `Coverage`: counters of the operations and rules that the traffic of a server has exercised.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::{Mutex, MutexGuard};

/// The number of calls of each operation and of error responses of each rule, summed over all namespaces.
#[derive(Debug, Default)]
pub struct Coverage {
    /// The calls by dialect and operation id.
    operations: Mutex<BTreeMap<OperationKey, Arc<AtomicU64>>>,
    rules: Mutex<BTreeMap<&'static str, u64>>,
}

/// The dialect and the id of an operation.
type OperationKey = (&'static str, &'static str);

impl Coverage {
    /// Returns the counter of an operation's calls, which its endpoint increments.
    pub fn counter(&self, dialect: &'static str, operation: &'static str) -> Arc<AtomicU64> {
        Arc::clone(self.operations().entry((dialect, operation)).or_default())
    }

    /// Returns the number of calls of an operation.
    pub fn calls(&self, dialect: &'static str, operation: &'static str) -> u64 {
        self.operations().get(&(dialect, operation)).map_or(0, |calls| calls.load(Ordering::Relaxed))
    }

    /// Counts an error response of `rule`.
    pub fn count_error(&self, rule: &'static str) {
        *self.rules().entry(rule).or_default() += 1;
    }

    /// Returns the number of error responses of `rule`.
    pub fn errors(&self, rule: &str) -> u64 {
        self.rules().get(rule).copied().unwrap_or(0)
    }

    fn operations(&self) -> MutexGuard<'_, BTreeMap<OperationKey, Arc<AtomicU64>>> {
        self.operations.lock()
    }

    fn rules(&self) -> MutexGuard<'_, BTreeMap<&'static str, u64>> {
        self.rules.lock()
    }
}
