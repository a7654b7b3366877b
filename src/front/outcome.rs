//! What a request was answered with before its dialect's headers were put on: a handler's answer, or a failure as the
//! dialect renders it.

use std::sync::Arc;

use axum::body::{Body, HttpBody};
use axum::http::header::{ALLOW, CONTENT_LENGTH};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use percent_encoding::percent_decode_str;
use tokio::time::error::Elapsed;

use super::strike::Asked;
use super::{RoutedAnswer, quota};
use crate::failure::{Failure, Refusal};
use crate::http::{Carried, Meta, Quota};

/// What a request was answered with before its dialect's headers were put on.
pub(super) struct Outcome {
    pub(super) response: Response,
    pub(super) failure: Option<Arc<Failure>>,
    pub(super) quota: Option<Quota>,
    pub(super) retry_after: Option<u32>,
    /// The id of the fault that asked for it.
    pub(super) asked_by: Option<String>,
}

impl Outcome {
    /// What became of a request that was routed.
    pub(super) fn of(routed: Result<RoutedAnswer, Elapsed>, meta: &Meta) -> Self {
        match routed {
            Ok(Ok(mut response)) => match response.extensions_mut().remove::<Carried>() {
                Some(Carried(failure)) => Self::failed(failure, meta),
                None => {
                    if meta.method == Method::HEAD {
                        measure(&mut response);
                        *response.body_mut() = Body::empty();
                    }
                    Self::plain(response)
                }
            },
            Ok(Err(_)) => Self::refused(Failure::Panic, meta),
            Err(_) => Self::refused(Failure::Timeout, meta),
        }
    }

    pub(super) const fn plain(response: Response) -> Self {
        Self { response, failure: None, quota: None, retry_after: None, asked_by: None }
    }

    /// The answer of the dialect to `failure`.
    pub(super) fn refused(failure: Failure, meta: &Meta) -> Self {
        Self::failed(Arc::new(failure), meta)
    }

    fn failed(failure: Arc<Failure>, meta: &Meta) -> Self {
        let response = render(&failure, meta);
        Self { failure: Some(failure), ..Self::plain(response) }
    }

    /// The refusal that a fault asks for, with the vendor's error where the vendor has one of its status.
    pub(super) fn asked_for(Asked { refused, by }: &Asked, meta: &Meta) -> Self {
        let codes = meta.operation.map_or(&[][..], |known| known.codes);
        let code = meta.dialect.code_for(codes, refused.status, refused.code.as_deref());
        let subject = subject_of(meta, code.message);
        let refusal =
            Refusal { status: refused.status, text: refused.message.clone(), ..code.about(subject) };
        let is_limit =
            refused.status == StatusCode::TOO_MANY_REQUESTS.as_u16() && refused.retry_after.is_none();
        Self {
            retry_after: refused.retry_after,
            quota: is_limit.then(|| quota::exceeded(meta)),
            asked_by: Some(by.clone()),
            ..Self::refused(refusal.into(), meta)
        }
    }
}

/// What the message of an injected refusal speaks of: the last capture of the path that is named in the message, else
/// the last one, else the last segment.
fn subject_of(meta: &Meta, message: &str) -> String {
    let given = meta.path().trim_end_matches('/').rsplit('/');
    let known = meta.operation.map_or("", |known| known.path).trim_end_matches('/').rsplit('/');
    let captures = given.clone().zip(known).filter_map(|(value, known)| {
        let (name, suffix) = known.strip_prefix('{')?.split_once('}')?;
        Some((name, value.strip_suffix(suffix).unwrap_or(value)))
    });
    let captures: Vec<(&str, &str)> = captures.collect();
    let message = message.to_lowercase();
    let is_named = |name: &str| name.split('_').any(|word| word != "id" && message.contains(word));
    let named = captures.iter().find(|(name, _)| is_named(name)).or(captures.first());
    let subject = named.map_or_else(|| given.clone().next().unwrap_or_default(), |(_, value)| value);
    percent_decode_str(subject).decode_utf8_lossy().into_owned()
}

/// Puts the length of its body on an answer whose body will not tell it; a 204 has none (RFC 9110, 8.6).
pub(crate) fn measure(response: &mut Response) {
    if response.status() != StatusCode::NO_CONTENT
        && let Some(length) = response.body().size_hint().exact()
    {
        response.headers_mut().entry(CONTENT_LENGTH).or_insert_with(|| length.into());
    }
}

/// Logs a failure once; a preflight that the dialect answers with a success is none.
fn log(failure: &Failure, status: StatusCode, meta: &Meta) {
    let (dialect, method, path, status_code) =
        (meta.dialect.name, &meta.method, meta.path(), status.as_u16());
    // The reason is put together only where it is written.
    if status.is_server_error() {
        tracing::error!(dialect, %method, path, status = status_code, reason = failure.reason(), "failed");
    } else if status.is_client_error() {
        tracing::info!(dialect, %method, path, status = status_code, reason = failure.reason(), "refused");
    }
}

/// The dialect's answer to a failure.
fn render(failure: &Failure, meta: &Meta) -> Response {
    let mut response = (meta.dialect.render)(failure, meta);
    let status = response.status();
    log(failure, status, meta);
    if let Failure::MethodNotAllowed { allow } = failure
        && let Ok(allow) = HeaderValue::from_str(allow)
    {
        response.headers_mut().insert(ALLOW, allow);
    }
    if meta.method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}
