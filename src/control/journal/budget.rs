//! `JournalBudget`: the bound in bytes of all journals of a server together.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use super::ring::Ring;
use super::writes::JournalWrites;

/// The bound in bytes of all journals of a server together.
///
/// When it is exceeded, the journals that were written least recently lose their oldest exchanges first.
#[derive(Debug)]
pub struct JournalBudget {
    limit: usize,
    used: AtomicUsize,
    /// The numbers of the exchanges, which order the journals by their last write.
    writes: JournalWrites,
    rings: Mutex<Vec<Weak<Mutex<Ring>>>>,
}

impl JournalBudget {
    /// Returns a budget of `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self { limit, used: AtomicUsize::new(0), writes: JournalWrites::default(), rings: Mutex::default() }
    }

    /// Returns the number of bytes in all journals.
    pub fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    /// Adds the journal of a namespace.
    pub(super) fn register(&self, ring: &Arc<Mutex<Ring>>) {
        let mut rings = self.rings.lock();
        rings.retain(|ring| ring.strong_count() > 0);
        rings.push(Arc::downgrade(ring));
    }

    /// Returns the numbers of the exchanges.
    pub const fn writes(&self) -> &JournalWrites {
        &self.writes
    }

    /// Replaces `before` bytes of a journal with `after` bytes, and returns whether the limit is exceeded.
    pub(super) fn replace(&self, before: usize, after: usize) -> bool {
        let used = if after >= before {
            self.used.fetch_add(after - before, Ordering::Relaxed) + (after - before)
        } else {
            self.used.fetch_sub(before - after, Ordering::Relaxed) - (before - after)
        };
        used > self.limit
    }

    /// Removes exchanges until an eighth of the limit is free, so that not every write has to.
    pub(super) fn evict(&self) {
        let mut rings: Vec<Arc<Mutex<Ring>>> = self.rings.lock().iter().filter_map(Weak::upgrade).collect();
        rings.sort_by_cached_key(|ring| ring.lock().last_write);
        let target = self.limit - self.limit / 8;
        for ring in rings {
            let excess = self.used().saturating_sub(target);
            if excess == 0 {
                break;
            }
            let mut ring = ring.lock();
            let before = ring.bytes;
            let evicted = ring.evict_bytes(excess);
            self.replace(before, ring.bytes);
            // The exchanges are freed after the lock is released, because a request may wait for it.
            drop(ring);
            drop(evicted);
        }
    }
}
