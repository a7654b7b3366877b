//! `Journal`: the latest exchanges of one namespace, in a ring buffer of bounded size.
//!
//! An exchange is recorded before its response is sent, so a client that has the response finds the exchange here.

mod redact;

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::Method;
use chrono::{DateTime, Utc};
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::broadcast;
use uuid::Uuid;

use super::matching::pattern::RequestView;
use crate::spec::{ErrorCode, RequestError};

/// The limits of a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalConfig {
    /// The maximum number of exchanges; 1,000 by default, 0 disables the journal.
    pub entries: usize,
    /// The maximum number of bytes of one body; 64 KiB by default. Longer bodies are truncated.
    pub body_bytes: usize,
    /// The maximum number of bytes of all exchanges together; 4 MiB by default.
    pub bytes: usize,
    /// Whether credentials are shown unredacted; `false` by default.
    pub keep_secrets: bool,
}

impl Default for JournalConfig {
    fn default() -> Self {
        Self { entries: 1_000, body_bytes: 64 * 1024, bytes: 4 * 1024 * 1024, keep_secrets: false }
    }
}

/// The number of exchanges by which a slow subscriber of the live stream may lag behind.
const BROADCAST_CAPACITY: usize = 256;

/// The initial capacity of the buffer of an exchange; it grows for longer exchanges.
const INITIAL_CAPACITY: usize = 896;

/// The maximum length of a response body that is copied into the entry.
///
/// A longer body shares its memory with the response that is sent; copying short ones keeps the entries compact.
const MAX_COPIED_BYTES: usize = 2 * 1024;

/// The latest exchanges of one namespace.
#[derive(Debug)]
pub struct Journal {
    config: JournalConfig,
    ring: Mutex<Ring>,
    sender: OnceLock<broadcast::Sender<Arc<Entry>>>,
}

#[derive(Debug, Default)]
struct Ring {
    entries: VecDeque<Arc<Entry>>,
    bytes: usize,
}

/// A journal entry under construction.
#[derive(Debug)]
pub struct EntryBuilder {
    buffer: Vec<u8>,
    /// The end offsets of the URL, the request headers and the request body in `buffer`.
    ends: [usize; 3],
    config: JournalConfig,
    request_bytes: usize,
}

/// The metadata of an exchange: everything except its URL, headers and bodies.
#[derive(Debug, Clone)]
pub struct EntryMeta {
    /// The identifier, as in `X-Mock-Request-Id`.
    pub id: Uuid,
    /// The time on the virtual clock at which the request started.
    pub started_at: DateTime<Utc>,
    /// The elapsed real time.
    pub duration: Duration,
    /// The dialect that owns the path.
    pub dialect: &'static str,
    /// The operation; `None` if no route matches the path and method.
    pub operation: Option<&'static str>,
    /// The method.
    pub method: Method,
    /// The status; 0 if no response was sent.
    pub status: u16,
    /// The reason for an error response.
    pub error: Option<Arc<RequestError>>,
    /// The vendor's error code of an error response.
    pub error_code: Option<&'static ErrorCode>,
    /// The ids of the faults that were injected.
    pub faults: Vec<String>,
    /// The id of the fault that caused the error response.
    pub fault_id: Option<String>,
}

/// One exchange.
#[derive(Debug)]
pub struct Entry {
    /// The metadata of the exchange.
    pub meta: EntryMeta,
    /// The complete length of the request body in bytes, even if the recorded body is truncated.
    pub request_bytes: usize,
    /// The complete length of the response body in bytes, even if the recorded body is truncated.
    pub response_bytes: usize,
    /// The URL, request headers, request body, response headers and response body, concatenated.
    buffer: Box<[u8]>,
    /// The end offsets of the first four parts of `buffer`.
    ends: [usize; 4],
    /// The response body if it shares its memory with the response that was sent.
    shared_body: Bytes,
    keeps_secrets: bool,
}

impl Journal {
    /// Returns an empty journal.
    pub fn new(config: JournalConfig) -> Self {
        Self { config, ring: Mutex::default(), sender: OnceLock::new() }
    }

    /// Returns the limits.
    pub const fn config(&self) -> &JournalConfig {
        &self.config
    }

    /// Starts an entry with the URL and headers of a request; returns `None` if the journal is disabled.
    pub fn start_entry<'a>(
        &self,
        url: &str,
        headers: impl Iterator<Item = (&'a str, &'a [u8])>,
    ) -> Option<EntryBuilder> {
        if self.config.entries == 0 {
            return None;
        }
        let mut buffer = Vec::with_capacity(INITIAL_CAPACITY);
        buffer.extend_from_slice(url.as_bytes());
        let url_end = buffer.len();
        write_headers(&mut buffer, headers, self.config);
        let headers_end = buffer.len();
        Some(EntryBuilder { buffer, ends: [url_end, headers_end, 0], config: self.config, request_bytes: 0 })
    }

    /// Appends an exchange with its response body and evicts the oldest ones that exceed the limits.
    pub fn finish_entry(&self, builder: EntryBuilder, response_body: &Bytes, meta: EntryMeta) {
        let EntryBuilder { buffer, ends: [url_end, headers_end, body_end, ..], request_bytes, .. } = builder;
        let JournalConfig { body_bytes, keep_secrets: keeps_secrets, .. } = self.config;
        let response_bytes = response_body.len();
        let truncated = &response_body[..response_bytes.min(body_bytes)];
        let (copied, shared_body) = match response_bytes {
            0..=MAX_COPIED_BYTES => (truncated, Bytes::new()),
            _ if response_bytes > body_bytes => (truncated, Bytes::new()),
            _ => (&[][..], response_body.clone()),
        };
        let ends = [url_end, headers_end, body_end, buffer.len()];
        let buffer = [&buffer, copied].concat().into();
        let entry = Entry { meta, request_bytes, response_bytes, buffer, ends, shared_body, keeps_secrets };
        let entry = Arc::new(entry);
        if let Some(sender) = self.sender.get() {
            // Sending fails only if there are no subscribers.
            let _ = sender.send(Arc::clone(&entry));
        }
        let mut ring = self.lock();
        ring.bytes += entry.bytes();
        ring.entries.push_back(entry);
        let oldest = ring.evict_oldest(self.config);
        let more: Vec<Arc<Entry>> = std::iter::from_fn(|| ring.evict_oldest(self.config)).collect();
        // The entries are freed after the lock is released: every request waits for the lock, and freeing is slow.
        drop(ring);
        drop((oldest, more));
    }

    /// Returns the exchanges, the oldest first.
    pub fn entries(&self) -> Vec<Arc<Entry>> {
        self.lock().entries.iter().cloned().collect()
    }

    /// Returns the exchange with `id`.
    pub fn get(&self, id: Uuid) -> Option<Arc<Entry>> {
        self.lock().entries.iter().rev().find(|entry| entry.meta.id == id).cloned()
    }

    /// Removes and returns the exchanges for which `should_remove` returns `true`.
    pub fn remove(&self, should_remove: impl Fn(&Entry) -> bool) -> Vec<Arc<Entry>> {
        let (removed, retained) =
            self.entries().into_iter().partition::<Vec<_>, _>(|entry| should_remove(entry));
        let mut ring = self.lock();
        // Entries that were added in the meantime are retained.
        ring.entries.retain(|entry| !removed.iter().any(|other| Arc::ptr_eq(other, entry)));
        ring.bytes = ring.entries.iter().map(|entry| entry.bytes()).sum();
        drop(retained);
        removed
    }

    /// Removes all exchanges.
    pub fn clear(&self) {
        let old = std::mem::take(&mut *self.lock());
        drop(old);
    }

    /// Returns a receiver of future exchanges; if it lags behind by more than 256, it loses the oldest ones.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Entry>> {
        self.sender.get_or_init(|| broadcast::channel(BROADCAST_CAPACITY).0).subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock()
    }
}

impl Ring {
    /// Removes and returns the oldest exchange if the journal exceeds its limits.
    fn evict_oldest(&mut self, config: JournalConfig) -> Option<Arc<Entry>> {
        if self.entries.len() <= config.entries && self.bytes <= config.bytes {
            return None;
        }
        let oldest = self.entries.pop_front()?;
        self.bytes -= oldest.bytes();
        Some(oldest)
    }
}

impl EntryBuilder {
    /// Appends the request body, of which `captured` is known, and sets its complete length.
    pub fn request_body(&mut self, captured: &[u8], length: usize) {
        self.request_bytes = length;
        self.buffer.extend_from_slice(&captured[..captured.len().min(self.config.body_bytes)]);
        self.ends[2] = self.buffer.len();
    }

    /// Appends the response headers.
    pub fn response_headers<'a>(&mut self, headers: impl Iterator<Item = (&'a str, &'a [u8])>) {
        write_headers(&mut self.buffer, headers, self.config);
    }
}

/// Appends headers to `buffer`, one on each line, with redacted credentials.
fn write_headers<'a>(
    buffer: &mut Vec<u8>,
    headers: impl Iterator<Item = (&'a str, &'a [u8])>,
    config: JournalConfig,
) {
    for (name, value) in headers {
        buffer.extend_from_slice(name.as_bytes());
        buffer.push(b':');
        if config.keep_secrets {
            buffer.extend_from_slice(value);
        } else {
            redact::header(buffer, name, value);
        }
        buffer.push(b'\n');
    }
}

impl Entry {
    /// Returns the path and query, without the namespace prefix.
    pub fn url(&self) -> &str {
        std::str::from_utf8(&self.buffer[..self.ends[0]]).unwrap_or_default()
    }

    /// Returns the request headers in order, without those whose value is not UTF-8.
    pub fn request_headers(&self) -> Vec<(&str, &str)> {
        parse_headers(&self.buffer[self.ends[0]..self.ends[1]])
    }

    /// Returns the recorded part of the request body.
    pub fn request_body(&self) -> Cow<'_, [u8]> {
        self.redacted(&self.buffer[self.ends[1]..self.ends[2]])
    }

    /// Returns the response headers in order, without those whose value is not UTF-8.
    pub fn response_headers(&self) -> Vec<(&str, &str)> {
        parse_headers(&self.buffer[self.ends[2]..self.ends[3]])
    }

    /// Returns the recorded part of the response body.
    pub fn response_body(&self) -> Cow<'_, [u8]> {
        let copied = &self.buffer[self.ends[3]..];
        self.redacted(if copied.is_empty() { &self.shared_body } else { copied })
    }

    /// Redacts a recorded body; bodies are redacted when they are read, because most of them never are.
    fn redacted<'a>(&self, body: &'a [u8]) -> Cow<'a, [u8]> {
        if self.keeps_secrets { body.into() } else { redact::body(body) }
    }

    /// Returns the size in bytes.
    const fn bytes(&self) -> usize {
        self.buffer.len() + self.shared_body.len()
    }

    /// Returns the view of the request for patterns, with the given headers and body.
    pub fn request_view<'a>(
        &'a self,
        namespace: &'a str,
        headers: &'a [(&'a str, &'a str)],
        body: &'a [u8],
    ) -> RequestView<'a> {
        RequestView {
            dialect: self.meta.dialect,
            operation: self.meta.operation,
            namespace,
            method: self.meta.method.as_str(),
            url: self.url(),
            headers,
            body,
        }
    }
}

/// Parses the headers that [`write_headers`] wrote.
fn parse_headers(buffer: &[u8]) -> Vec<(&str, &str)> {
    let lines = buffer.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
    lines.filter_map(|line| line.split_once(':')).collect()
}
