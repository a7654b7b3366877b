//! One exchange on its way into the journal.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use futures_util::FutureExt;
use http_body_util::BodyExt;

use super::breaking::Cut;
use crate::control::journal::{Facts, Record};
use crate::failure::{Code, Failure};
use crate::http::unread::Unread;
use crate::http::{Meta, body};
use crate::store::Stopwatch;

/// One exchange on its way into the journal.
///
/// One that is dropped before it is finished, because its client went away, is written as one without an answer.
#[derive(Debug)]
pub(super) struct Exchange {
    meta: Arc<Meta>,
    unread: Option<Unread>,
    /// What is written; `None` where the journal keeps nothing, and when it was written.
    open: Option<Open>,
}

/// What is known of an exchange that is not finished.
#[derive(Debug)]
struct Open {
    record: Record,
    watch: Stopwatch,
    facts: Facts,
    is_packed: bool,
}

/// How an exchange ended, besides its answer.
#[derive(Debug, Default)]
pub(super) struct Ending {
    /// Why it was refused.
    pub(super) failure: Option<Arc<Failure>>,
    /// The vendor's error that it was answered with.
    pub(super) code: Option<&'static Code>,
    /// The id of the fault that asked for the refusal.
    pub(super) asked_by: Option<String>,
}

impl Exchange {
    /// Begins to write the exchange of `request` into the journal of its namespace.
    pub(super) fn begin(meta: Meta, request: &mut Request) -> Self {
        let space = meta.app.space();
        let record = space.journal.begin(meta.target(), pairs(request.headers()));
        let open = record.map(|record| Open {
            record,
            watch: Stopwatch::start(),
            facts: Facts {
                id: meta.id,
                at: space.store.now(),
                took: Duration::ZERO,
                dialect: meta.dialect.name,
                operation: meta.operation.map(|known| known.id),
                method: meta.method.clone(),
                status: 0,
                failure: None,
                code: None,
                faults: Vec::new(),
                asked_by: None,
            },
            is_packed: body::is_packed(request.headers()),
        });
        let unread = Unread::of(request, meta.app.config().journal.body_bytes);
        Self { meta: Arc::new(meta), unread, open }
    }

    /// Returns what is known of the request.
    pub(super) const fn meta(&self) -> &Arc<Meta> {
        &self.meta
    }

    /// Returns the same to be changed, before it is given to a handler.
    pub(super) fn meta_mut(&mut self) -> &mut Meta {
        Arc::get_mut(&mut self.meta).expect("nobody else has it before the handler")
    }

    /// Notes the faults that struck it.
    pub(super) fn struck_by(&mut self, faults: &[String]) {
        if let Some(open) = &mut self.open {
            open.facts.faults = faults.to_vec();
        }
    }

    /// Reads and forgets what is left of the request's body.
    pub(super) async fn drain(&self) {
        if let Some(unread) = self.unread.clone() {
            unread.drain().await;
        }
    }

    /// Returns whether the request brings a body.
    pub(super) const fn has_body(&self) -> bool {
        self.unread.is_some()
    }

    /// Returns whether there is a journal that it is written into.
    pub(super) const fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Writes the rest: the head of `response`, its `body`, and how it ended.
    pub(super) fn finish(&mut self, response: &Response, body: &Bytes, ending: Ending) {
        if let Some(Open { facts, .. }) = &mut self.open {
            let is_cut = response.extensions().get::<Cut>().is_some();
            facts.status = if is_cut { 0 } else { response.status().as_u16() };
            (facts.failure, facts.code, facts.asked_by) = (ending.failure, ending.code, ending.asked_by);
        }
        self.write(response.headers(), body);
    }

    fn write(&mut self, headers: &HeaderMap, body: &Bytes) {
        let Some(Open { mut record, watch, mut facts, is_packed }) = self.open.take() else { return };
        match &self.unread {
            Some(unread) => unread.heard(|heard, length| {
                let heard =
                    body::unpacked(is_packed, heard, self.meta.app.space().journal.config().body_bytes);
                record.request_body(&heard, length);
            }),
            None => record.request_body(&[], 0),
        }
        let length = sent_length(&facts, headers, body);
        let length = length.iter().map(|length| (CONTENT_LENGTH.as_str(), length.as_bytes()));
        record.response_headers(pairs(headers).chain(length));
        facts.took = watch.elapsed();
        self.meta.app.space().journal.finish(record, body, facts);
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.write(&HeaderMap::new(), &Bytes::new());
    }
}

/// The whole body of an answer: it is in memory already, so that nothing of it is waited for.
pub(super) fn whole(mut body: Body) -> Bytes {
    // Nearly all bodies are one piece, which need not be put together.
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

/// The length that the connection puts on an answer of which the head does not tell it.
fn sent_length(facts: &Facts, headers: &HeaderMap, body: &Bytes) -> Option<String> {
    let is_told = headers.contains_key(CONTENT_LENGTH) || facts.method == Method::HEAD;
    let is_sent = facts.status != 0 && facts.status != StatusCode::NO_CONTENT.as_u16();
    (is_sent && !is_told).then(|| body.len().to_string())
}

fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &[u8])> {
    headers.iter().map(|(name, value): (&HeaderName, &HeaderValue)| (name.as_str(), value.as_bytes()))
}
