//! One exchange on its way into the journal.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use chrono::{DateTime, Utc};
use http_body_util::BodyExt;

use super::breaking::Cut;
use crate::control::journal::{Facts, Record};
use crate::failure::{Code, Failure};
use crate::http::Meta;
use crate::http::unread::Unread;
use crate::store::Stopwatch;

/// One exchange on its way into the journal.
#[derive(Debug)]
pub(super) struct Exchange {
    record: Option<Record>,
    watch: Stopwatch,
    at: DateTime<Utc>,
}

/// How an exchange ended, besides its answer.
#[derive(Debug, Default)]
pub(super) struct Ending {
    /// Why it was refused.
    pub(super) failure: Option<Arc<Failure>>,
    /// The vendor's error that it was answered with.
    pub(super) code: Option<&'static Code>,
    /// The faults that struck it.
    pub(super) faults: Vec<String>,
}

impl Exchange {
    /// Begins to write the exchange with `headers` into the journal of its namespace.
    pub(super) fn begin(meta: &Meta, headers: &HeaderMap) -> Self {
        let space = meta.app.space();
        let record = space.journal.begin(meta.target(), pairs(headers));
        Self { record, watch: Stopwatch::start(), at: space.store.now() }
    }

    /// Writes the rest, and returns the answer, whose body may have been put together anew.
    pub(super) async fn finish(
        self,
        response: Response,
        unread: Option<&Unread>,
        ending: Ending,
        meta: &Meta,
    ) -> Response {
        let Some(mut record) = self.record else { return response };
        match unread {
            Some(unread) => unread.heard(|body, length| record.request_body(body, length)),
            None => record.request_body(&[], 0),
        }
        let is_cut = response.extensions().get::<Cut>().is_some();
        let (parts, body) = response.into_parts();
        let bytes = whole(body).await;
        record.response_headers(pairs(&parts.headers));
        record.response_body(&bytes);
        let facts = Facts {
            id: meta.id,
            at: self.at,
            took: self.watch.elapsed(),
            dialect: meta.dialect.name,
            operation: meta.operation.map(|known| known.id),
            method: meta.method.clone(),
            status: if is_cut { 0 } else { parts.status.as_u16() },
            failure: ending.failure,
            code: ending.code,
            faults: ending.faults,
        };
        meta.app.space().journal.finish(record, bytes.len(), facts);
        Response::from_parts(parts, Body::from(bytes))
    }
}

/// The whole body of an answer: it is in memory already.
pub(super) async fn whole(body: Body) -> Bytes {
    body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default()
}

fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &[u8])> {
    headers.iter().map(|(name, value): (&HeaderName, &HeaderValue)| (name.as_str(), value.as_bytes()))
}
