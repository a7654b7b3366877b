//! `HandlerOutcome`: the response of a handler, or an error in the dialect's envelope, and the headers that are added
//! to it.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::Response;
use percent_encoding::percent_decode_str;
use tokio::time::error::Elapsed;

use super::broken_response::ConnectionFault;
use super::rate_limit;
use super::recording::ExchangeEnd;
use crate::control::coverage::CallCounter;
use crate::control::faults::effect::ErrorEffect;
use crate::http::forwarding::ForwardedResponse;
use crate::http::render::{add_diagnostic_headers, render_error, render_injected_error, without_head_body};
use crate::http::{DialectSpec, ErrorExtension, RateLimitStatus, RequestMeta};
use crate::spec::{ApiError, ErrorCode, RequestError, Violation};

/// The response before headers are added, and its data for the journal.
pub(super) struct HandlerOutcome {
    response: Response,
    error: Option<Arc<RequestError>>,
    /// The rate limit that the headers show.
    rate_limit: Option<Box<RateLimitStatus>>,
    /// The value of `Retry-After` in seconds, from a fault.
    retry_after: Option<u32>,
    /// The id of the fault that injected the error.
    fault_id: Option<String>,
}

/// The response of a handler, or its panic.
pub(super) type GuardedResponse = std::thread::Result<Response>;

/// An error that a fault injects.
#[derive(Debug)]
pub(super) struct InjectedError {
    /// The error.
    pub(super) error: ErrorEffect,
    /// The vendor's error with the status.
    pub(super) error_code: &'static ErrorCode,
    /// The id of the fault.
    pub(super) fault_id: String,
}

/// Returns the error of a request that is rejected before faults and handler.
pub(super) fn rejection(
    dialect: &DialectSpec,
    namespace_error: Option<Violation>,
    rate_limit: Option<&RateLimitStatus>,
) -> Option<RequestError> {
    if let Some(violation) = namespace_error {
        return Some(invalid_control(dialect, &violation));
    }
    rate_limit.is_some_and(|status| status.is_exceeded).then(|| dialect.rate_limited.error().into())
}

/// Returns the error of an invalid control header or namespace prefix.
pub(super) fn invalid_control(dialect: &DialectSpec, violation: &Violation) -> RequestError {
    ApiError { message_override: Some(violation.to_string()), ..dialect.invalid_control.error() }.into()
}

impl HandlerOutcome {
    /// Returns the outcome of a handler: its response, its error, or the error of a timeout or panic.
    pub(super) fn from_handler(
        response: Result<GuardedResponse, Elapsed>,
        dialect: &DialectSpec,
        meta: &RequestMeta,
    ) -> Self {
        let mut response = match response {
            Ok(Ok(response)) => response,
            Ok(Err(_panic)) => return Self::from_error(RequestError::Panic, dialect, meta),
            Err(_elapsed) => return Self::from_error(RequestError::Timeout, dialect, meta),
        };
        match response.extensions_mut().remove::<ErrorExtension>() {
            Some(ErrorExtension(error)) => Self::from_shared_error(error, dialect, meta),
            None if is_forwarded(&response) => Self::success(response),
            None => Self::success(without_head_body(response, meta)),
        }
    }

    /// Returns the outcome with a response that is not an error.
    pub(super) const fn success(response: Response) -> Self {
        Self { response, error: None, rate_limit: None, retry_after: None, fault_id: None }
    }

    /// Returns the outcome with `error` in the dialect's envelope.
    pub(super) fn from_error(error: RequestError, dialect: &DialectSpec, meta: &RequestMeta) -> Self {
        Self::from_shared_error(Arc::new(error), dialect, meta)
    }

    fn from_shared_error(error: Arc<RequestError>, dialect: &DialectSpec, meta: &RequestMeta) -> Self {
        let response = render_error(dialect, &error, meta);
        Self { error: Some(error), ..Self::success(response) }
    }

    /// Returns the outcome with the error that a fault injects: the vendor's error with the status, if there is one.
    pub(super) fn from_fault(
        InjectedError { error, error_code, fault_id }: &InjectedError,
        dialect: &DialectSpec,
        meta: &RequestMeta,
    ) -> Self {
        let subject = fault_subject(meta, error_code.message);
        let api_error = ApiError {
            status: error.status,
            message_override: error.message.clone(),
            ..error_code.with_subject(subject)
        };
        let is_limit = error.status == StatusCode::TOO_MANY_REQUESTS.as_u16() && error.retry_after.is_none();
        Self {
            retry_after: error.retry_after,
            rate_limit: is_limit.then(|| Box::new(rate_limit::exceeded(meta))),
            fault_id: Some(fault_id.clone()),
            ..Self::from_injected_error(api_error.into(), dialect, meta)
        }
    }

    fn from_injected_error(error: RequestError, dialect: &DialectSpec, meta: &RequestMeta) -> Self {
        let response = render_injected_error(dialect, &error, meta);
        Self { error: Some(Arc::new(error)), ..Self::success(response) }
    }

    /// Sets the status of the rate limit, unless an injected error has its own.
    pub(super) fn or_rate_limit(mut self, status: Option<Box<RateLimitStatus>>) -> Self {
        self.rate_limit = self.rate_limit.or(status);
        self
    }

    /// Returns whether the request has timed out.
    pub(super) fn has_timed_out(&self) -> bool {
        matches!(self.error.as_deref(), Some(RequestError::Timeout))
    }

    /// Returns whether a fault ends the connection without a response.
    pub(super) fn is_aborted(&self) -> bool {
        self.response.extensions().get::<ConnectionFault>().is_some()
    }

    /// Returns whether the response is a client or server error.
    pub(super) fn is_error(&self) -> bool {
        let status = self.response.status();
        status.is_client_error() || status.is_server_error()
    }
}

/// Adds the headers of the dialect and of this server, counts the call, and returns the response with its data for the
/// journal.
pub(super) fn finish(
    outcome: HandlerOutcome,
    dialect: &DialectSpec,
    meta: &RequestMeta,
    calls: &CallCounter,
) -> (Response, ExchangeEnd) {
    let status = if outcome.is_aborted() { 0 } else { outcome.response.status().as_u16() };
    calls.count(status);
    let HandlerOutcome { mut response, error, rate_limit, retry_after, fault_id } = outcome;
    let error_code = add_diagnostic_headers(&mut response, fault_id.as_deref(), meta);
    // The response of a fallback server has only the headers of that server.
    if !is_forwarded(&response) {
        (dialect.apply_headers)(&mut response, meta);
    }
    let headers = response.headers_mut();
    if let Some(status) = rate_limit {
        (dialect.write_rate_limit_headers)(headers, &status);
    }
    if let Some(seconds) = retry_after {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    (response, ExchangeEnd { error, error_code, fault_id })
}

/// Returns whether a fallback server sent the response.
fn is_forwarded(response: &Response) -> bool {
    response.extensions().get::<ForwardedResponse>().is_some()
}

/// Returns the subject of an injected error's message: the last path parameter whose name occurs in the message, else
/// the last parameter, else the last segment.
fn fault_subject(meta: &RequestMeta, message: &str) -> String {
    let received = meta.path().trim_end_matches('/').rsplit('/');
    let documented = meta.operation.map_or("", |operation| operation.path).trim_end_matches('/').rsplit('/');
    let parameters = received.clone().zip(documented).filter_map(|(value, segment)| {
        let (name, suffix) = segment.strip_prefix('{')?.split_once('}')?;
        Some((name, value.strip_suffix(suffix).unwrap_or(value)))
    });
    let parameters: Vec<(&str, &str)> = parameters.collect();
    let message = message.to_lowercase();
    let is_named = |name: &str| name.split('_').any(|word| word != "id" && message.contains(word));
    let named = parameters.iter().find(|(name, _)| is_named(name)).or(parameters.first());
    let subject = named.map_or_else(|| received.clone().next().unwrap_or_default(), |(_, value)| value);
    percent_decode_str(subject).decode_utf8_lossy().into_owned()
}
