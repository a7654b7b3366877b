//! `Journal`: the latest exchanges of one namespace, in a ring of bounded memory.
//!
//! An exchange is written before its answer is sent, so that whoever has the answer finds it here.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::Method;
use chrono::{DateTime, Utc};
use tokio::sync::broadcast;
use uuid::Uuid;

use super::pattern::Subject;
use super::redact;
use crate::failure::{Code, Failure};

/// How much a journal keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalConfig {
    /// The most exchanges; 1,000 by default, and 0 keeps none.
    pub entries: usize,
    /// The most bytes of one body; 64 KiB by default. What is longer is cut.
    pub body_bytes: usize,
    /// The most bytes of all exchanges together; 4 MiB by default.
    pub bytes: usize,
    /// Whether credentials are kept as they were sent; they are redacted by default.
    pub keep_secrets: bool,
}

impl Default for JournalConfig {
    fn default() -> Self {
        Self { entries: 1_000, body_bytes: 64 * 1024, bytes: 4 * 1024 * 1024, keep_secrets: false }
    }
}

/// How many exchanges a slow reader of the live stream may fall behind.
const LIVE: usize = 256;

/// Room for the texts of an exchange while it is written; longer ones grow.
const USUAL_BYTES: usize = 896;

/// A longer body of an answer is shared with the answer; a shorter one is copied, so that the entries of a journal lie in
/// as little memory as can be.
const COPIED_BYTES: usize = 2 * 1024;

/// The latest exchanges of one namespace.
#[derive(Debug)]
pub struct Journal {
    config: JournalConfig,
    ring: Mutex<Ring>,
    live: OnceLock<broadcast::Sender<Arc<Entry>>>,
}

#[derive(Debug, Default)]
struct Ring {
    entries: VecDeque<Arc<Entry>>,
    bytes: usize,
}

/// An exchange that is being written.
#[derive(Debug)]
pub struct Record {
    text: Vec<u8>,
    ends: [usize; 3],
    config: JournalConfig,
    request_bytes: usize,
}

/// What is known of an exchange besides its texts.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Its identifier, as in `X-Mock-Request-Id`.
    pub id: Uuid,
    /// When it began, on the mock's clock.
    pub at: DateTime<Utc>,
    /// How long it took on the machine.
    pub took: Duration,
    /// The dialect that owns the path.
    pub dialect: &'static str,
    /// The operation; `None` where no route has the path and method.
    pub operation: Option<&'static str>,
    /// The method.
    pub method: Method,
    /// The status; 0 where no answer was sent.
    pub status: u16,
    /// Why it was refused.
    pub failure: Option<Arc<Failure>>,
    /// The vendor's error that it was answered with.
    pub code: Option<&'static Code>,
    /// The faults that struck it.
    pub faults: Vec<String>,
    /// The fault that asked for its refusal.
    pub asked_by: Option<String>,
}

/// One exchange.
#[derive(Debug)]
pub struct Entry {
    /// What is known of it besides its texts.
    pub facts: Facts,
    /// The length of the request's body in bytes, also where not all of it is kept.
    pub request_bytes: usize,
    /// The length of the answer's body in bytes, also where not all of it is kept.
    pub response_bytes: usize,
    /// One after the other: URL, request headers, request body, response headers, response body.
    text: Box<[u8]>,
    ends: [usize; 4],
    /// The body of the answer where it is shared with the answer that was sent.
    shared_body: Bytes,
    keeps_secrets: bool,
}

impl Journal {
    /// Returns an empty journal.
    pub fn new(config: JournalConfig) -> Self {
        Self { config, ring: Mutex::default(), live: OnceLock::new() }
    }

    /// Returns how much it keeps.
    pub const fn config(&self) -> &JournalConfig {
        &self.config
    }

    /// Begins to write an exchange; `None` where the journal keeps none.
    pub fn begin<'a>(&self, url: &str, headers: impl Iterator<Item = (&'a str, &'a [u8])>) -> Option<Record> {
        if self.config.entries == 0 {
            return None;
        }
        let mut text = Vec::with_capacity(USUAL_BYTES);
        text.extend_from_slice(url.as_bytes());
        let url_end = text.len();
        write_headers(&mut text, headers, self.config);
        let headers_end = text.len();
        Some(Record { text, ends: [url_end, headers_end, 0], config: self.config, request_bytes: 0 })
    }

    /// Puts an exchange into the ring with the body of its answer, and forgets the oldest ones beyond its bounds.
    pub fn finish(&self, record: Record, response_body: &Bytes, facts: Facts) {
        let Record { text, ends: [url, head, body, ..], request_bytes, .. } = record;
        let JournalConfig { body_bytes, keep_secrets: keeps_secrets, .. } = self.config;
        let response_bytes = response_body.len();
        let kept = &response_body[..response_bytes.min(body_bytes)];
        let (copied, shared_body) = match response_bytes {
            0..=COPIED_BYTES => (kept, Bytes::new()),
            _ if response_bytes > body_bytes => (kept, Bytes::new()),
            _ => (&[][..], response_body.clone()),
        };
        let ends = [url, head, body, text.len()];
        let text = [&text, copied].concat().into();
        let entry = Entry { facts, request_bytes, response_bytes, text, ends, shared_body, keeps_secrets };
        let entry = Arc::new(entry);
        if let Some(live) = self.live.get() {
            // Without a reader there is nobody to miss it.
            let _ = live.send(Arc::clone(&entry));
        }
        let mut ring = self.lock();
        ring.bytes += entry.bytes();
        ring.entries.push_back(entry);
        let forgotten = ring.pop_beyond(self.config);
        let more: Vec<Arc<Entry>> = std::iter::from_fn(|| ring.pop_beyond(self.config)).collect();
        // Freeing takes longer than all that is done under the lock, for which every request waits.
        drop(ring);
        drop((forgotten, more));
    }

    /// Returns the exchanges, the oldest first.
    pub fn entries(&self) -> Vec<Arc<Entry>> {
        self.lock().entries.iter().cloned().collect()
    }

    /// Returns the exchange with `id`.
    pub fn get(&self, id: Uuid) -> Option<Arc<Entry>> {
        self.lock().entries.iter().rev().find(|entry| entry.facts.id == id).cloned()
    }

    /// Forgets the exchanges that `is_unwanted`, and returns them.
    pub fn remove(&self, is_unwanted: impl Fn(&Entry) -> bool) -> Vec<Arc<Entry>> {
        let (unwanted, wanted) =
            self.entries().into_iter().partition::<Vec<_>, _>(|entry| is_unwanted(entry));
        let mut ring = self.lock();
        // What was written meanwhile stays.
        ring.entries.retain(|entry| !unwanted.iter().any(|other| Arc::ptr_eq(other, entry)));
        ring.bytes = ring.entries.iter().map(|entry| entry.bytes()).sum();
        drop(wanted);
        unwanted
    }

    /// Forgets all exchanges.
    pub fn clear(&self) {
        let old = std::mem::take(&mut *self.lock());
        drop(old);
    }

    /// Returns a reader of the exchanges to come; one that falls behind by more than 256 loses the oldest.
    pub fn follow(&self) -> broadcast::Receiver<Arc<Entry>> {
        self.live.get_or_init(|| broadcast::channel(LIVE).0).subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ring {
    /// Takes the oldest exchange out, where there is more than the journal keeps.
    fn pop_beyond(&mut self, config: JournalConfig) -> Option<Arc<Entry>> {
        if self.entries.len() <= config.entries && self.bytes <= config.bytes {
            return None;
        }
        let oldest = self.entries.pop_front()?;
        self.bytes -= oldest.bytes();
        Some(oldest)
    }
}

impl Record {
    /// Writes the body of the request, of which `heard` is known and `length` bytes came.
    pub fn request_body(&mut self, heard: &[u8], length: usize) {
        self.request_bytes = length;
        self.text.extend_from_slice(&heard[..heard.len().min(self.config.body_bytes)]);
        self.ends[2] = self.text.len();
    }

    /// Writes the head of the answer.
    pub fn response_headers<'a>(&mut self, headers: impl Iterator<Item = (&'a str, &'a [u8])>) {
        write_headers(&mut self.text, headers, self.config);
    }
}

fn write_headers<'a>(
    text: &mut Vec<u8>,
    headers: impl Iterator<Item = (&'a str, &'a [u8])>,
    config: JournalConfig,
) {
    for (name, value) in headers {
        text.extend_from_slice(name.as_bytes());
        text.push(b':');
        if config.keep_secrets {
            text.extend_from_slice(value);
        } else {
            redact::header(text, name, value);
        }
        text.push(b'\n');
    }
}

impl Entry {
    /// Returns the path with its query, without the prefix of a namespace.
    pub fn url(&self) -> &str {
        std::str::from_utf8(&self.text[..self.ends[0]]).unwrap_or_default()
    }

    /// Returns the headers of the request in their order; a value that is not UTF-8 is left out.
    pub fn request_headers(&self) -> Vec<(&str, &str)> {
        headers_of(&self.text[self.ends[0]..self.ends[1]])
    }

    /// Returns the body of the request, as much of it as is kept.
    pub fn request_body(&self) -> Cow<'_, [u8]> {
        self.shown(&self.text[self.ends[1]..self.ends[2]])
    }

    /// Returns the headers of the answer in their order.
    pub fn response_headers(&self) -> Vec<(&str, &str)> {
        headers_of(&self.text[self.ends[2]..self.ends[3]])
    }

    /// Returns the body of the answer, as much of it as is kept.
    pub fn response_body(&self) -> Cow<'_, [u8]> {
        let copied = &self.text[self.ends[3]..];
        self.shown(if copied.is_empty() { &self.shared_body } else { copied })
    }

    /// A body as it may be shown: bodies are kept as they came, as most of them are never looked at.
    fn shown<'a>(&self, body: &'a [u8]) -> Cow<'a, [u8]> {
        if self.keeps_secrets { body.into() } else { redact::body(body) }
    }

    /// How many bytes it takes.
    const fn bytes(&self) -> usize {
        self.text.len() + self.shared_body.len()
    }

    /// Returns the request as a pattern sees it, with its headers and its body as they are shown.
    pub fn subject<'a>(
        &'a self,
        namespace: &'a str,
        headers: &'a [(&'a str, &'a str)],
        body: &'a [u8],
    ) -> Subject<'a> {
        Subject {
            dialect: self.facts.dialect,
            operation: self.facts.operation,
            namespace,
            method: self.facts.method.as_str(),
            url: self.url(),
            headers,
            body,
        }
    }
}

fn headers_of(text: &[u8]) -> Vec<(&str, &str)> {
    let lines = text.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
    lines.filter_map(|line| line.split_once(':')).collect()
}
