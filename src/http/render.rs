//! The rendering of errors and the diagnostic headers, shared by the layers of the dialects and of the admin API.

use std::borrow::Cow;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{ALLOW, CONTENT_LENGTH, HeaderName};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use http_body::Frame;

use super::context::{X_MOCK_REQUEST_ID, uuid_header};
use super::received_headers::MAX_HEADER_BYTES;
use super::{DialectSpec, ErrorCodeExtension, RequestMeta};
use crate::control::faults::remediation;
use crate::control::redaction;
use crate::spec::{ErrorCode, RequestError};

/// The target of the log of requests.
const REQUEST_LOG: &str = "access_groups_mock::requests";

/// The end of a hint that is cut.
const CUT: &str = "...";

/// Renders `error` in the dialect's error envelope, and logs it.
pub fn render_error(dialect: &DialectSpec, error: &RequestError, meta: &RequestMeta) -> Response {
    let response = render_injected_error(dialect, error, meta);
    log(error, response.status(), meta);
    response
}

/// Renders the `error` that a fault injects in the dialect's error envelope; it is not logged, because it was asked
/// for.
pub fn render_injected_error(dialect: &DialectSpec, error: &RequestError, meta: &RequestMeta) -> Response {
    let mut response = (dialect.render_error)(error, meta);
    if let RequestError::MethodNotAllowed { allow } = error
        && let Ok(allow) = HeaderValue::from_str(allow)
    {
        response.headers_mut().insert(ALLOW, allow);
    }
    if meta.method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

/// Removes the body of a successful response to HEAD, with the `Content-Length` of the response to GET.
pub fn without_head_body(mut response: Response, meta: &RequestMeta) -> Response {
    if meta.method == Method::HEAD {
        set_content_length(&mut response);
        *response.body_mut() = Body::empty();
    }
    response
}

/// Prevents axum from adding `Content-Length: 0` to a 204, which has none (RFC 9110, section 8.6), and to a response to
/// HEAD whose length is unknown.
pub fn without_implied_length(mut response: Response, meta: &RequestMeta) -> Response {
    let is_unknown = meta.method == Method::HEAD && !response.headers().contains_key(CONTENT_LENGTH);
    if is_unknown || response.status() == StatusCode::NO_CONTENT {
        *response.body_mut() = Body::new(NoBody);
    }
    response
}

/// An empty body without an exact size hint.
struct NoBody;

impl HttpBody for NoBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        true
    }
}

/// Sets `Content-Length` if the length of the body is known.
fn set_content_length(response: &mut Response) {
    if let Some(length) = response.body().size_hint().exact() {
        response.headers_mut().entry(CONTENT_LENGTH).or_insert_with(|| length.into());
    }
}

/// Logs an error response. A preflight, which a dialect may render as a success, is not logged.
fn log(error: &RequestError, status: StatusCode, meta: &RequestMeta) {
    let (dialect, method, status_code) = (meta.api.name, &meta.method, status.as_u16());
    // The path and the reason are only formatted if the level is enabled.
    let (path, reason) = (|| loggable_path(meta), || loggable_reason(error));
    if status.is_server_error() {
        tracing::error!(dialect, %method, path = &*path(), status = status_code, reason = reason(), "request failed");
    } else if status.is_client_error() {
        tracing::info!(dialect, %method, path = &*path(), status = status_code, reason = reason(), "request rejected");
    }
}

/// Logs a request with the status of its response, for `--log-requests`. A status of 0 means that there is none.
pub fn log_request(meta: &RequestMeta, status: u16, duration: impl FnOnce() -> Option<Duration>) {
    tracing::debug!(
        target: REQUEST_LOG,
        method = %meta.method,
        path = &*loggable_path(meta),
        status,
        namespace = meta.app.namespace().name,
        operation = meta.operation.map(|operation| format!("{}_{}", meta.api.name, operation.id)),
        ms = duration().map(|duration| duration.as_millis()),
        "{}",
        meta.api.name
    );
}

/// Returns the path without credentials, cut after 1 KiB.
fn loggable_path(meta: &RequestMeta) -> Cow<'_, str> {
    let path = meta.path();
    redaction::url(path.get(..MAX_HEADER_BYTES).unwrap_or(path))
}

/// Returns the reason of an error, which may quote the request, without credentials.
fn loggable_reason(error: &RequestError) -> String {
    redaction::text(&error.reason()).into_owned()
}

/// Adds `X-Mock-Rule` and `X-Mock-Request-Id` to an error response, and returns its error code.
///
/// A client that sends `X-Mock-Request-Id` gets it with every response. With `--explain`, adds `X-Mock-Hint`, too.
/// `fault_id` is the id of the fault that injected the error.
pub fn add_diagnostic_headers(
    response: &mut Response,
    fault_id: Option<&str>,
    meta: &RequestMeta,
) -> Option<&'static ErrorCode> {
    const RULE: HeaderName = HeaderName::from_static("x-mock-rule");
    const HINT: HeaderName = HeaderName::from_static("x-mock-hint");
    let error_code = response.extensions_mut().remove::<ErrorCodeExtension>();
    let headers = response.headers_mut();
    if error_code.is_some() || meta.headers.asks_for_id {
        headers.insert(X_MOCK_REQUEST_ID, uuid_header(meta.id));
    }
    let ErrorCodeExtension(error_code) = error_code?;
    meta.app.coverage().count_error(error_code.id);
    headers.insert(RULE, HeaderValue::from_static(error_code.id));
    if meta.app.config().explain
        && let Ok(hint) = HeaderValue::from_str(&hint(error_code, fault_id, meta))
    {
        headers.insert(HINT, hint);
    }
    Some(error_code)
}

/// Returns the remediation in one or two sentences of ASCII, with the closest operation if no route matched, cut after
/// 1 KiB.
fn hint(error_code: &ErrorCode, fault_id: Option<&str>, meta: &RequestMeta) -> String {
    let mut hint = uncut_hint(error_code, fault_id, meta);
    if hint.len() > MAX_HEADER_BYTES {
        hint.truncate(MAX_HEADER_BYTES - CUT.len());
        hint.push_str(CUT);
    }
    hint
}

fn uncut_hint(error_code: &ErrorCode, fault_id: Option<&str>, meta: &RequestMeta) -> String {
    let hint = fault_id.map_or_else(|| error_code.remediation.replace('…', "..."), remediation);
    let hint: String = hint.chars().map(|it| if it.is_ascii() { it } else { '?' }).collect();
    if meta.operation.is_some() {
        return hint;
    }
    match meta.apis.suggest(&meta.method, meta.path()).into_iter().next() {
        Some(suggestion) => format!("{hint} {suggestion}"),
        None => hint,
    }
}
