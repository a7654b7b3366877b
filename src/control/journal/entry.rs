//! `Entry`: one exchange, whose credentials are redacted when it is first looked at.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::Method;
use axum::http::uri::Authority;
use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use uuid::Uuid;

use super::recorded::Recorded;
use crate::control::redaction;
use crate::spec::{ErrorCode, RequestError};

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
