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
pub use entry::{Entry, EntryMeta, StartedEntry};
pub use recorded::Recorded;
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
    pub fn start_entry(&self, url: &str, headers: &HeaderMap) -> Option<StartedEntry> {
        if self.config.entries == 0 {
            return None;
        }
        let evicted = self.ring.lock().reusable.take();
        Some(StartedEntry::new(evicted, url, headers))
    }

    /// Appends an exchange and evicts the oldest ones that exceed the limits.
    ///
    /// `request_bytes` is the complete length of the request body, of which `request_body` is known, and
    /// `content_length` that of the response if the server adds it to `headers`.
    pub fn finish_entry(
        &self,
        StartedEntry { request, evicted }: StartedEntry,
        (request_body, request_bytes): (&[u8], usize),
        (headers, content_length, response_body): (&HeaderMap, Option<usize>, &Bytes),
        meta: EntryMeta,
    ) {
        let limit = self.config.body_bytes;
        let request_body = &request_body[..request_body.len().min(limit)];
        let recorded_body = split_body(response_body, MAX_COPIED_BYTES, limit);
        let recorded = Recorded::new(request, request_body, (headers, content_length), recorded_body);
        let lengths = [request_bytes, response_body.len()];
        let entry = Entry::new(meta, lengths, recorded, self.config.keep_secrets).into_shared(evicted);
        let mut ring = self.ring.lock();
        let before = ring.bytes;
        ring.push(self.budget.writes().next(), entry);
        let JournalConfig { entries, bytes, .. } = self.config;
        let oldest = ring.evict_oldest(entries, bytes).and_then(|oldest| ring.keep_reusable(oldest));
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::{HeaderValue, Method};

    use super::*;

    /// Records an exchange, and returns its URL, headers and response body with the address of its entry.
    fn record(journal: &Journal, number: usize) -> *const Entry {
        let value = HeaderValue::from(number);
        let headers = HeaderMap::from_iter([(axum::http::header::AGE, value)]);
        let started = journal.start_entry(&format!("/{number}"), &headers).expect("the journal is enabled");
        let body = Bytes::from(format!("body {number}"));
        let meta = EntryMeta {
            id: Uuid::from_u128(number as u128),
            started_at_ms: 0,
            duration: Duration::ZERO,
            dialect: "ibm",
            operation: None,
            method: Method::GET,
            is_secure: false,
            authority: None,
            status: 200,
            error: None,
            error_code: None,
            faults: Vec::new(),
            fault_id: None,
            fallback: None,
        };
        journal.finish_entry(started, (b"sent", 4), (&headers, None, &body), meta);
        Arc::as_ptr(&journal.entries()[journal.usage().0 - 1])
    }

    fn texts(entry: &Entry) -> [String; 4] {
        let shown = entry.shown();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("it is UTF-8");
        [
            shown.url().to_owned(),
            format!("{:?}", shown.request_headers()),
            text(shown.request_body()),
            text(shown.response_body()),
        ]
    }

    fn expected(number: usize) -> [String; 4] {
        let headers = format!("[(\"age\", \"{number}\")]");
        [format!("/{number}"), headers, "sent".to_owned(), format!("body {number}")]
    }

    #[test]
    fn exchange_uses_the_memory_of_an_evicted_one_that_nobody_looks_at() {
        let config = JournalConfig { entries: 2, ..JournalConfig::default() };
        let journal = Journal::new(config, Arc::new(JournalBudget::new(usize::MAX)));
        let first = record(&journal, 1);
        record(&journal, 2);
        record(&journal, 3);
        let looked_at = journal.entries();

        assert_eq!(record(&journal, 4), first, "the third evicted the first");
        assert_ne!(record(&journal, 5), Arc::as_ptr(&looked_at[0]), "the fourth evicted the second");

        let entries: Vec<_> = journal.entries().iter().map(|entry| texts(entry)).collect();
        assert_eq!(entries, [expected(4), expected(5)]);
        let looked_at: Vec<_> = looked_at.iter().map(|entry| texts(entry)).collect();
        assert_eq!(looked_at, [expected(2), expected(3)]);
        let bytes: usize = journal.entries().iter().map(|entry| entry.bytes()).sum();
        assert_eq!(journal.usage(), (2, bytes));
    }
}
