//! `Entry`: one exchange, whose credentials are redacted when it is first looked at.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method};
use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use uuid::Uuid;

use super::recorded::{INITIAL_CAPACITY, Recorded, RecordedRequest};
use crate::control::redaction;
use crate::spec::{ErrorCode, RequestError};

/// The metadata of an exchange: everything except its URL, headers and bodies.
#[derive(Debug, Clone)]
pub struct EntryMeta {
    /// The identifier, as in `X-Mock-Request-Id`.
    pub id: Uuid,
    /// The time on the virtual clock at which the request started, in milliseconds since the Unix epoch.
    pub started_at_ms: i64,
    /// The elapsed real time.
    pub duration: Duration,
    /// The dialect that owns the path.
    pub dialect: &'static str,
    /// The operation; `None` if no route matches the path and method.
    pub operation: Option<&'static str>,
    /// The method.
    pub method: Method,
    /// Whether the request was received over TLS.
    pub is_secure: bool,
    /// The host in the request itself: HTTP/2 has it in the place of the header `Host`.
    pub authority: Option<Authority>,
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
    /// The URL of the fallback server that sent the response.
    pub fallback: Option<Arc<str>>,
}

/// The start of an exchange: the URL and the headers of its request.
#[derive(Debug)]
pub struct StartedEntry {
    pub(super) request: RecordedRequest,
    /// An exchange that was evicted, whose memory this one uses.
    pub(super) evicted: Option<Arc<Entry>>,
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
    content: Mutex<Content>,
    /// The size at which the journal counts the exchange.
    bytes: usize,
    /// Whether credentials are shown.
    keeps_secrets: bool,
}

/// The URL, headers and bodies of an exchange.
#[derive(Debug)]
enum Content {
    /// As received.
    Raw(Recorded),
    /// As shown: with redacted credentials, unless the journal keeps them.
    Shown(Arc<Recorded>),
}

/// The maximum size of an exchange whose memory is used again: that of most short exchanges, so that the next one, which
/// is counted with it, is counted as hardly more than it needs.
const MAX_REUSED_BYTES: usize = size_of::<Entry>() + INITIAL_CAPACITY + INITIAL_CAPACITY / 4;

impl StartedEntry {
    /// Returns the start of an exchange in the memory of `evicted`, unless somebody still looks at that exchange.
    pub(super) fn new(mut evicted: Option<Arc<Entry>>, url: &str, headers: &HeaderMap) -> Self {
        let buffer = evicted.as_mut().and_then(Arc::get_mut).map(Entry::take_buffer).unwrap_or_default();
        Self { request: RecordedRequest::new(buffer, url, headers), evicted }
    }
}

impl Entry {
    /// Returns an exchange with the complete lengths of its bodies.
    pub(super) fn new(
        meta: EntryMeta,
        [request_bytes, response_bytes]: [usize; 2],
        recorded: Recorded,
        keeps_secrets: bool,
    ) -> Self {
        let bytes = size_of::<Self>() + recorded.bytes() + meta.bytes();
        let content = match keeps_secrets {
            true => Content::Shown(Arc::new(recorded)),
            // Most exchanges are never looked at, so that they are redacted only when they are.
            false => Content::Raw(recorded),
        };
        Self { meta, request_bytes, response_bytes, content: Mutex::new(content), bytes, keeps_secrets }
    }

    /// Returns the exchange with shared ownership, in the memory of `evicted` if nobody looks at that exchange.
    pub(super) fn into_shared(self, evicted: Option<Arc<Self>>) -> Arc<Self> {
        if let Some(mut shared) = evicted
            && let Some(entry) = Arc::get_mut(&mut shared)
        {
            *entry = self;
            return shared;
        }
        Arc::new(self)
    }

    /// Returns whether the memory of the exchange may be used for another one.
    pub(super) const fn is_reusable(&self) -> bool {
        self.bytes <= MAX_REUSED_BYTES
    }

    /// Takes the buffer of an exchange that is no longer needed; an empty one if the exchange was looked at.
    fn take_buffer(&mut self) -> Vec<u8> {
        match self.content.get_mut() {
            Content::Raw(recorded) => recorded.take_buffer(),
            Content::Shown(_) => Vec::new(),
        }
    }

    /// Returns the URL, headers and bodies as they are shown. Credentials are redacted by the first call.
    pub fn shown(&self) -> Arc<Recorded> {
        let mut content = self.content.lock();
        if let Content::Shown(shown) = &*content {
            return Arc::clone(shown);
        }
        let shown = match std::mem::replace(&mut *content, Content::Raw(Recorded::default())) {
            Content::Raw(recorded) => Arc::new(recorded.redacted()),
            Content::Shown(shown) => shown,
        };
        *content = Content::Shown(Arc::clone(&shown));
        shown
    }

    /// Returns a text that quotes the request, such as the reason of an error, as it is shown: with redacted credentials,
    /// unless the journal keeps them.
    pub fn shown_text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.keeps_secrets { text.into() } else { redaction::text(text) }
    }

    /// Returns the size in bytes at which the journal counts the exchange.
    ///
    /// It includes the reason of an error. Redaction can make a text longer by 10 bytes for each credential in it.
    pub const fn bytes(&self) -> usize {
        self.bytes
    }
}

impl EntryMeta {
    /// Returns the time on the virtual clock at which the request started.
    pub fn started_at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.started_at_ms).unwrap_or_default()
    }

    /// Returns whether an operation has the path and method, or a fallback server has sent the response.
    pub const fn was_matched(&self) -> bool {
        self.operation.is_some() || self.fallback.is_some()
    }

    /// Returns the size of the parts outside of this struct in bytes.
    fn bytes(&self) -> usize {
        let faults = self.faults.iter().map(|id| size_of::<String>() + id.len()).sum::<usize>();
        let error = self.error.as_deref().map_or(0, RequestError::bytes);
        error + faults + self.fault_id.as_deref().map_or(0, str::len)
    }
}

/// Returns a body that an entry shares with the response that is sent, or copies it if it is short.
pub(super) fn split_body(body: &Bytes, max_copied: usize, limit: usize) -> (&[u8], Bytes) {
    let recorded = &body[..body.len().min(limit)];
    if body.len() <= max_copied || body.len() > limit {
        (recorded, Bytes::new())
    } else {
        (&[], body.clone())
    }
}
