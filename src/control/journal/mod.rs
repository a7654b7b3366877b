//! `Journal`: the latest exchanges of one namespace, in a ring buffer of bounded size.
//!
//! An exchange is recorded before its response is sent, so a client that has the response finds the exchange here.

mod budget;
mod entry;
mod recorded;
mod ring;
mod writes;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::HeaderMap;
use parking_lot::Mutex;
use uuid::Uuid;

pub use budget::JournalBudget;
pub use entry::{Entry, EntryMeta};
pub use recorded::{Recorded, RecordedRequest};
pub use writes::JournalWrites;

use entry::split_body;
use ring::Ring;

/// The limits of the journals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalConfig {
    /// The maximum number of exchanges of a namespace; 1,000 by default, 0 disables the journal.
    pub entries: usize,
    /// The maximum number of bytes of one body; 64 KiB by default. Longer bodies are truncated.
    pub body_bytes: usize,
    /// The maximum number of bytes of all exchanges of a namespace together; 4 MiB by default.
    pub bytes: usize,
    /// The maximum number of bytes of all exchanges of all namespaces together; 256 MiB by default.
    pub total_bytes: usize,
    /// Whether credentials are shown unredacted; `false` by default.
    pub keep_secrets: bool,
}

impl Default for JournalConfig {
    fn default() -> Self {
        Self {
            entries: 1_000,
            body_bytes: 64 * 1024,
            bytes: 4 * 1024 * 1024,
            total_bytes: 256 * 1024 * 1024,
            keep_secrets: false,
        }
    }
}

/// The maximum length of a response body that is copied into the entry.
///
/// A longer body shares its memory with the response that is sent; copying short ones keeps the entries compact.
const MAX_COPIED_BYTES: usize = 2 * 1024;

/// The latest exchanges of one namespace.
#[derive(Debug)]
pub struct Journal {
    config: JournalConfig,
    ring: Arc<Mutex<Ring>>,
    budget: Arc<JournalBudget>,
}

/// The exchanges of a journal after one that a reader has already read.
#[derive(Debug)]
pub struct UnreadEntries {
    /// The exchanges with their numbers, the oldest first.
    pub entries: Vec<(u64, Arc<Entry>)>,
    /// The number of exchanges before them that the journal still has.
    pub read: usize,
    /// The number of exchanges that the journal has evicted since it was created.
    pub evicted: u64,
}

impl Journal {
    /// Returns an empty journal, which shares `budget` with the other journals of the server.
    pub fn new(config: JournalConfig, budget: Arc<JournalBudget>) -> Self {
        let ring = Arc::default();
        budget.register(&ring);
        Self { config, ring, budget }
    }

    /// Returns the limits.
    pub const fn config(&self) -> &JournalConfig {
        &self.config
    }

    /// Records the URL and headers of a request, with which an entry starts; returns `None` if the journal is disabled.
    pub fn start_entry(&self, url: &str, headers: &HeaderMap) -> Option<RecordedRequest> {
        (self.config.entries > 0).then(|| RecordedRequest::new(url, headers))
    }

    /// Appends an exchange and evicts the oldest ones that exceed the limits.
    ///
    /// `request_bytes` is the complete length of the request body, of which `request_body` is known, and
    /// `content_length` that of the response if the server adds it to `headers`.
    pub fn finish_entry(
        &self,
        request: RecordedRequest,
        (request_body, request_bytes): (&[u8], usize),
        (headers, content_length, response_body): (&HeaderMap, Option<usize>, &Bytes),
        meta: EntryMeta,
    ) {
        let limit = self.config.body_bytes;
        let request_body = &request_body[..request_body.len().min(limit)];
        let recorded_body = split_body(response_body, MAX_COPIED_BYTES, limit);
        let recorded = Recorded::new(request, request_body, (headers, content_length), recorded_body);
        let lengths = [request_bytes, response_body.len()];
        let entry = Arc::new(Entry::new(meta, lengths, recorded, self.config.keep_secrets));
        let mut ring = self.ring.lock();
        let before = ring.bytes;
        ring.push(self.budget.writes().next(), entry);
        let JournalConfig { entries, bytes, .. } = self.config;
        let oldest = ring.evict_oldest(entries, bytes);
        let more: Vec<Arc<Entry>> = std::iter::from_fn(|| ring.evict_oldest(entries, bytes)).collect();
        let exceeds_budget = self.budget.replace(before, ring.bytes);
        // The entries are freed after the lock is released: every request waits for the lock, and freeing is slow.
        drop(ring);
        self.budget.writes().notify();
        drop((oldest, more));
        if exceeds_budget {
            self.budget.evict();
        }
    }

    /// Returns the number of exchanges and their bytes.
    pub fn usage(&self) -> (usize, usize) {
        let ring = self.ring.lock();
        (ring.entries.len(), ring.bytes)
    }

    /// Returns the exchanges, the oldest first.
    pub fn entries(&self) -> Vec<Arc<Entry>> {
        self.ring.lock().entries.iter().map(|(_, entry)| Arc::clone(entry)).collect()
    }

    /// Returns the exchange with `id`.
    pub fn get(&self, id: Uuid) -> Option<Arc<Entry>> {
        self.find(id).map(|(_, entry)| entry)
    }

    /// Returns the number of the exchange with `id`.
    pub fn number(&self, id: Uuid) -> Option<u64> {
        self.find(id).map(|(number, _)| number)
    }

    fn find(&self, id: Uuid) -> Option<(u64, Arc<Entry>)> {
        self.ring.lock().entries.iter().rev().find(|(_, entry)| entry.meta.id == id).cloned()
    }

    /// Returns the first exchanges after the number `after`, at most `limit` of them and up to the number `through`.
    pub fn unread(&self, after: u64, through: u64, limit: usize) -> UnreadEntries {
        let ring = self.ring.lock();
        let read = ring.count_through(after);
        let end = ring.count_through(through).max(read);
        let entries = ring.entries.range(read..end).take(limit).cloned().collect();
        UnreadEntries { entries, read, evicted: ring.evicted }
    }

    /// Removes the exchanges that `entries` contains, and returns them, the oldest first.
    pub fn remove(&self, entries: &[Arc<Entry>]) -> Vec<Arc<Entry>> {
        let selected: BTreeSet<*const Entry> = entries.iter().map(Arc::as_ptr).collect();
        let mut ring = self.ring.lock();
        let before = ring.bytes;
        let (removed, retained) = std::mem::take(&mut ring.entries)
            .into_iter()
            .partition::<Vec<_>, _>(|(_, entry)| selected.contains(&Arc::as_ptr(entry)));
        ring.bytes = retained.iter().map(|(_, entry)| entry.bytes()).sum();
        ring.entries = retained.into();
        self.budget.replace(before, ring.bytes);
        removed.into_iter().map(|(_, entry)| entry).collect()
    }

    /// Removes all exchanges.
    pub fn clear(&self) {
        let mut ring = self.ring.lock();
        self.budget.replace(ring.bytes, 0);
        let old = ring.clear();
        drop(ring);
        drop(old);
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.clear();
    }
}
