//! `Order`: one secondary order of a partition.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use super::super::ranked::RankedSet;

/// One secondary order of a partition: kept by each write once it was read, as most orders of most partitions never are.
#[derive(Debug, Clone, Default)]
pub(super) struct Order {
    kept: OnceLock<RankedSet>,
    /// Whether this partition, or a copy of it, was ever read in this order.
    is_read: Arc<AtomicBool>,
}

impl Order {
    /// Returns the slots in this order for reading; `make` gives them where they are not kept yet.
    pub(super) fn read(&self, make: impl FnOnce() -> RankedSet) -> &RankedSet {
        self.is_read.store(true, Ordering::Relaxed);
        self.kept.get_or_init(make)
    }

    /// Keeps what `make` gives, so that the first reading finds it.
    pub(super) fn prepare(&self, make: impl FnOnce() -> RankedSet) {
        self.kept.get_or_init(make);
    }

    /// Returns the slots, where they are kept.
    #[cfg(test)]
    pub(super) fn kept(&self) -> Option<&RankedSet> {
        self.kept.get()
    }

    /// Returns the slots for writing, where they are kept.
    pub(super) fn kept_mut(&mut self) -> Option<&mut RankedSet> {
        self.kept.get_mut()
    }

    /// Forgets what is kept of an order that was never read.
    pub(super) fn forget_unread(&mut self) {
        if !self.is_read.load(Ordering::Relaxed) {
            self.kept.take();
        }
    }
}
