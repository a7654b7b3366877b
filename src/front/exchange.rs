//! One exchange on its way into the journal.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use http_body_util::BodyExt;

use super::breaking::Cut;
use crate::control::journal::{Facts, Record};
use crate::failure::{Code, Failure};
use crate::http::unread::Unread;
use crate::http::{Meta, body};
use crate::spaces::Space;
use crate::store::Stopwatch;

/// One exchange on its way into the journal.
///
/// One that is dropped before it is finished, because its client went away, is written as one without an answer.
#[derive(Debug)]
pub(super) struct Exchange {
    space: Arc<Space>,
    record: Option<Record>,
    watch: Stopwatch,
    facts: Facts,
    unread: Option<Unread>,
    is_packed: bool,
    body_bytes: usize,
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
    pub(super) fn begin(meta: &Meta, request: &mut Request) -> Self {
        let space = Arc::clone(meta.app.space());
        let config = meta.app.config().journal;
        let facts = Facts {
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
        };
        Self {
            record: space.journal.begin(meta.target(), pairs(request.headers())),
            space,
            watch: Stopwatch::start(),
            facts,
            is_packed: body::is_packed(request.headers()),
            unread: Unread::of(request, config.body_bytes),
            body_bytes: config.body_bytes,
        }
    }

    /// Notes the faults that struck it.
    pub(super) fn struck_by(&mut self, faults: &[String]) {
        self.facts.faults = faults.to_vec();
    }

    /// Reads and forgets what is left of the request's body.
    pub(super) async fn drain(&self) {
        if let Some(unread) = self.unread.clone() {
            unread.drain().await;
        }
    }

    /// Writes the rest, and returns the answer, whose body may have been put together anew.
    pub(super) async fn finish(mut self, response: Response, ending: Ending) -> Response {
        if self.record.is_none() {
            return response;
        }
        let is_cut = response.extensions().get::<Cut>().is_some();
        let (parts, body) = response.into_parts();
        let bytes = whole(body).await;
        let Ending { failure, code, asked_by } = ending;
        let status = if is_cut { 0 } else { parts.status.as_u16() };
        let facts = Facts { status, failure, code, asked_by, ..self.facts.clone() };
        self.write(&parts.headers, &bytes, facts);
        Response::from_parts(parts, Body::from(bytes))
    }

    fn write(&mut self, headers: &HeaderMap, body: &[u8], facts: Facts) {
        let Some(mut record) = self.record.take() else { return };
        match &self.unread {
            Some(unread) => unread.heard(|heard, length| {
                let heard = body::unpacked(self.is_packed, heard, self.body_bytes);
                record.request_body(&heard, length);
            }),
            None => record.request_body(&[], 0),
        }
        record.response_headers(pairs(headers));
        record.response_body(body);
        let facts = Facts { took: self.watch.elapsed(), ..facts };
        self.space.journal.finish(record, body.len(), facts);
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        let facts = self.facts.clone();
        self.write(&HeaderMap::new(), &[], facts);
    }
}

/// The whole body of an answer: it is in memory already.
pub(super) async fn whole(body: Body) -> Bytes {
    body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default()
}

fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &[u8])> {
    headers.iter().map(|(name, value): (&HeaderName, &HeaderValue)| (name.as_str(), value.as_bytes()))
}
