//! `ExchangeRecorder`: records one exchange in the journal.
//!
//! It replaces tower-http's `TraceLayer`, because an entry has both bodies and is written before the response is sent.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use futures_util::FutureExt;
use http_body_util::BodyExt;

use super::broken_response::ConnectionFault;
use crate::control::journal::{EntryBuilder, EntryMeta};
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
    pending: Option<Box<PendingEntry>>,
}

/// An entry that is not written yet.
#[derive(Debug)]
struct PendingEntry {
    builder: EntryBuilder,
    watch: Stopwatch,
    meta: EntryMeta,
    is_gzip: bool,
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
    pub(super) fn start(meta: RequestMeta, request: &mut Request) -> Self {
        let namespace = meta.app.namespace();
        let builder = namespace.journal.start_entry(meta.path_and_query(), header_pairs(request.headers()));
        // Boxed to keep the future of the request small.
        let pending = builder.map(|builder| {
            Box::new(PendingEntry {
                builder,
                watch: Stopwatch::start(),
                meta: EntryMeta {
                    id: meta.id,
                    started_at: namespace.store.now(),
                    duration: Duration::ZERO,
                    dialect: meta.api.name,
                    operation: meta.operation.map(|operation| operation.id),
                    method: meta.method.clone(),
                    status: 0,
                    error: None,
                    error_code: None,
                    faults: Vec::new(),
                    fault_id: None,
                    fallback: None,
                },
                is_gzip: body::is_gzip(request.headers()),
            })
        });
        let tee_body = TeeBody::new(request, meta.app.config().journal.body_bytes);
        Self { meta: Arc::new(meta), tee_body, pending }
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
            pending.meta.faults = faults.to_vec();
        }
    }

    /// Returns whether a part of the request's body was not read.
    pub(super) fn has_unread_body(&self) -> bool {
        self.tee_body.as_ref().is_some_and(TeeBody::is_unread)
    }

    /// Reads and discards the rest of the request's body, and returns whether the response must end the connection.
    pub(super) async fn drain_request_body(&self) -> bool {
        match self.tee_body.clone() {
            Some(tee_body) => tee_body.drain().await,
            None => false,
        }
    }

    /// Writes the entry and returns the response with its body as one frame.
    pub(super) fn finish(&mut self, mut response: Response, end: ExchangeEnd) -> Response {
        let is_aborted = response.extensions().get::<ConnectionFault>().is_some();
        let status = if is_aborted { 0 } else { response.status().as_u16() };
        log_request(&self.meta, status, || self.pending.as_ref().map(|pending| pending.watch.elapsed()));
        let Some(pending) = &mut self.pending else { return response };
        let meta = &mut pending.meta;
        meta.status = status;
        (meta.error, meta.error_code, meta.fault_id) = (end.error, end.error_code, end.fault_id);
        meta.fallback =
            response.extensions().get::<ForwardedResponse>().map(|ForwardedResponse(url)| Arc::clone(url));
        let body = collect_ready_body(std::mem::take(response.body_mut()));
        self.write(response.headers(), &body);
        *response.body_mut() = Body::from(body);
        response
    }

    fn write(&mut self, headers: &HeaderMap, body: &Bytes) {
        let Some(pending) = self.pending.take() else { return };
        let PendingEntry { mut builder, watch, mut meta, is_gzip } = *pending;
        let journal = &self.meta.app.namespace().journal;
        match &self.tee_body {
            Some(tee_body) => tee_body.with_captured(|captured, length| {
                let body = body::decompress_lossy(is_gzip, captured, journal.config().body_bytes);
                builder.request_body(&body, length);
            }),
            None => builder.request_body(&[], 0),
        }
        let length = implied_content_length(&meta, headers, body);
        let length = length.iter().map(|length| (CONTENT_LENGTH.as_str(), length.as_bytes()));
        builder.response_headers(header_pairs(headers).chain(length));
        meta.duration = watch.elapsed();
        journal.finish_entry(builder, body, meta);
    }
}

impl Drop for ExchangeRecorder {
    fn drop(&mut self) {
        // A second panic would abort the process.
        if !std::thread::panicking() {
            if let Some(pending) = &self.pending {
                log_request(&self.meta, 0, || Some(pending.watch.elapsed()));
            }
            self.write(&HeaderMap::new(), &Bytes::new());
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
fn implied_content_length(meta: &EntryMeta, headers: &HeaderMap, body: &Bytes) -> Option<String> {
    let is_declared = headers.contains_key(CONTENT_LENGTH) || meta.method == Method::HEAD;
    let is_sent = meta.status != 0 && meta.status != StatusCode::NO_CONTENT.as_u16();
    (is_sent && !is_declared).then(|| body.len().to_string())
}

fn header_pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &[u8])> {
    headers.iter().map(|(name, value): (&HeaderName, &HeaderValue)| (name.as_str(), value.as_bytes()))
}
