//! `ExchangeRecorder`: records one exchange in the journal.
//!
//! It replaces tower-http's `TraceLayer`, because an entry has both bodies and is written before the response is sent.

use std::sync::Arc;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use futures_util::FutureExt;
use http_body_util::BodyExt;

use super::broken_response::ConnectionFault;
use crate::control::journal::{EntryMeta, StartedEntry};
use crate::http::forwarding::ForwardedResponse;
use crate::http::render::log_request;
use crate::http::tee_body::TeeBody;
use crate::http::{RequestMeta, body};
use crate::spec::{ErrorCode, RequestError};
use crate::store::Stopwatch;

/// The recorder of one exchange.
///
/// If it is dropped before it is finished, because the client disconnected, it writes an entry without a response.
#[derive(Debug)]
pub(super) struct ExchangeRecorder {
    meta: Arc<RequestMeta>,
    tee_body: Option<TeeBody>,
    /// The entry; `None` if the journal is disabled, and once it is written.
    pending: Option<PendingEntry>,
}

/// An entry that is not written yet.
#[derive(Debug)]
struct PendingEntry {
    started: StartedEntry,
    watch: Stopwatch,
    /// The time on the virtual clock at which the request started, in milliseconds since the Unix epoch.
    started_at_ms: i64,
    /// The ids of the injected faults.
    faults: Vec<String>,
}

/// The data of an entry about the end of an exchange, besides the response.
#[derive(Debug, Default)]
pub(super) struct ExchangeEnd {
    /// The error.
    pub(super) error: Option<Arc<RequestError>>,
    /// The error code of the response.
    pub(super) error_code: Option<&'static ErrorCode>,
    /// The id of the fault that injected the error.
    pub(super) fault_id: Option<String>,
}

impl ExchangeRecorder {
    /// Starts the recording of `request` in the journal of its namespace.
    pub(super) fn start(meta: Arc<RequestMeta>, request: &mut Request) -> Self {
        let namespace = meta.app.namespace();
        let started = namespace.journal.start_entry(meta.path_and_query(), request.headers());
        let pending = started.map(|started| PendingEntry {
            started,
            watch: Stopwatch::start(),
            started_at_ms: namespace.store.milliseconds(),
            faults: Vec::new(),
        });
        let tee_body = TeeBody::new(request, meta.app.config().journal.body_bytes);
        Self { meta, tee_body, pending }
    }

    /// Returns the metadata of the request.
    pub(super) const fn meta(&self) -> &Arc<RequestMeta> {
        &self.meta
    }

    /// Returns the metadata for changes, which are possible until the handler is called.
    pub(super) fn meta_mut(&mut self) -> &mut RequestMeta {
        Arc::get_mut(&mut self.meta).expect("the recorder is the only owner until the handler is called")
    }

    /// Adds the ids of the injected faults to the entry.
    pub(super) fn set_faults(&mut self, faults: &[String]) {
        if let Some(pending) = &mut self.pending {
            pending.faults = faults.to_vec();
        }
    }

    /// Returns whether a part of the request's body was not read.
    pub(super) fn has_unread_body(&self) -> bool {
        self.tee_body.as_ref().is_some_and(TeeBody::is_unread)
    }

    /// Reads and discards the rest of the request's body, and returns whether the response must end the connection;
    /// `is_late` says whether the request has timed out.
    pub(super) async fn drain_request_body(&self, is_late: bool) -> bool {
        match self.tee_body.clone() {
            Some(tee_body) => tee_body.drain(is_late).await,
            None => false,
        }
    }

    /// Writes the entry and returns the response with its body as one frame.
    pub(super) fn finish(&mut self, mut response: Response, end: ExchangeEnd) -> Response {
        let is_aborted = response.extensions().get::<ConnectionFault>().is_some();
        let status = if is_aborted { 0 } else { response.status().as_u16() };
        log_request(&self.meta, status, || self.pending.as_ref().map(|pending| pending.watch.elapsed()));
        if self.pending.is_none() {
            return response;
        }
        let body = collect_ready_body(std::mem::take(response.body_mut()));
        self.write(status, end, &response, &body);
        *response.body_mut() = Body::from(body);
        response
    }

    /// Writes the entry with the headers of `response` and `body`.
    fn write(&mut self, status: u16, end: ExchangeEnd, response: &Response, body: &Bytes) {
        let Some(PendingEntry { started, watch, started_at_ms, faults }) = self.pending.take() else {
            return;
        };
        let RequestMeta { id, api, operation, method, app, .. } = &*self.meta;
        let journal = &app.namespace().journal;
        let fallback = response.extensions().get::<ForwardedResponse>();
        let meta = EntryMeta {
            id: *id,
            started_at_ms,
            duration: watch.elapsed(),
            dialect: api.name,
            operation: operation.map(|operation| operation.id),
            method: method.clone(),
            is_secure: self.meta.is_secure(),
            authority: self.meta.authority().cloned(),
            status,
            error: end.error,
            error_code: end.error_code,
            faults,
            fault_id: end.fault_id,
            fallback: fallback.map(|ForwardedResponse(url)| Arc::clone(url)),
        };
        let response = (response.headers(), implied_content_length(&meta, response.headers(), body), body);
        match &self.tee_body {
            Some(tee_body) => tee_body.with_captured(|captured, length| {
                let captured =
                    body::decompress_lossy(self.meta.headers.is_gzip, captured, journal.config().body_bytes);
                journal.finish_entry(started, (&captured, length), response, meta);
            }),
            None => journal.finish_entry(started, (&[], 0), response, meta),
        }
    }
}

impl Drop for ExchangeRecorder {
    fn drop(&mut self) {
        let Some(pending) = &self.pending else { return };
        // A second panic would abort the process.
        if !std::thread::panicking() {
            log_request(&self.meta, 0, || Some(pending.watch.elapsed()));
            self.write(0, ExchangeEnd::default(), &Response::default(), &Bytes::new());
        }
    }
}

/// Returns a body that is already in memory; one that is not ready is empty.
pub(super) fn collect_ready_body(mut body: Body) -> Bytes {
    // Nearly all bodies are one frame, which needs no copy.
    let first = match body.frame().now_or_never() {
        Some(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
        Some(Some(Err(_)) | None) | None => return Bytes::new(),
    };
    if body.is_end_stream() {
        return first;
    }
    let rest = body.collect().now_or_never().and_then(Result::ok).map(http_body_util::Collected::to_bytes);
    rest.filter(|rest| !rest.is_empty()).map_or(first.clone(), |rest| [first, rest].concat().into())
}

/// Returns the `Content-Length` that hyper adds to a response without one.
fn implied_content_length(meta: &EntryMeta, headers: &HeaderMap, body: &Bytes) -> Option<usize> {
    let is_declared = headers.contains_key(CONTENT_LENGTH) || meta.method == Method::HEAD;
    let is_sent = meta.status != 0 && meta.status != StatusCode::NO_CONTENT.as_u16();
    (is_sent && !is_declared).then_some(body.len())
}
