//! `JournalWrites`: the numbers of the exchanges in all journals of a server, and the notification of their readers.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// The numbers of the exchanges in all journals of a server, in the order in which they were recorded.
#[derive(Debug, Default)]
pub struct JournalWrites {
    last: AtomicU64,
    /// The number of readers that wait for exchanges; without one, an exchange costs nothing more.
    readers: AtomicUsize,
    changed: Notify,
}

impl JournalWrites {
    /// Returns the number of the last exchange.
    ///
    /// All exchanges up to this number are in their journals as soon as the journals can be locked, because a number is
    /// assigned under the lock of the journal.
    pub fn last(&self) -> u64 {
        self.last.load(Ordering::Acquire)
    }

    /// Adds a reader, which [`JournalWrites::remove_reader`] must remove.
    pub fn add_reader(&self) {
        self.readers.fetch_add(1, Ordering::Relaxed);
    }

    /// Removes a reader.
    pub fn remove_reader(&self) {
        self.readers.fetch_sub(1, Ordering::Relaxed);
    }

    /// Returns a future that completes with the next exchange that is recorded after this call.
    pub fn changed(&self) -> Notified<'_> {
        self.changed.notified()
    }

    /// Returns the number of the next exchange. The caller holds the lock of its journal.
    pub(super) fn next(&self) -> u64 {
        self.last.fetch_add(1, Ordering::AcqRel) + 1
    }

    /// Wakes the readers. The exchange is in its journal, whose lock is released.
    pub(super) fn notify(&self) {
        if self.readers.load(Ordering::Relaxed) > 0 {
            self.changed.notify_waiters();
        }
    }
}
