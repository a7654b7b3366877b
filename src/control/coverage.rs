//! Which operations and rules the traffic of a server has exercised.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// More than there are operations.
const MOST: usize = 512;

/// How often each operation was called and each rule refused, in all namespaces together.
#[derive(Debug)]
pub struct Coverage {
    operations: Box<[AtomicU64]>,
    rules: Mutex<BTreeMap<&'static str, u64>>,
}

impl Default for Coverage {
    fn default() -> Self {
        Self { operations: (0..MOST).map(|_| AtomicU64::new(0)).collect(), rules: Mutex::default() }
    }
}

impl Coverage {
    /// Counts a call of the operation at the place `index` of the catalog.
    pub fn called(&self, index: usize) {
        if let Some(count) = self.operations.get(index) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts a refusal by `rule`.
    pub fn refused(&self, rule: &'static str) {
        *self.rules.lock().unwrap_or_else(PoisonError::into_inner).entry(rule).or_default() += 1;
    }

    /// Returns how often the operation at the place `index` of the catalog was called.
    pub fn calls(&self, index: usize) -> u64 {
        self.operations.get(index).map_or(0, |count| count.load(Ordering::Relaxed))
    }

    /// Returns how often `rule` refused.
    pub fn refusals(&self, rule: &str) -> u64 {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner).get(rule).copied().unwrap_or(0)
    }
}
