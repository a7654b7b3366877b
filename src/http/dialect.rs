//! `DialectSpec`: the properties of an API that the router and the pipeline need.

use std::borrow::Cow;
use std::pin::Pin;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use axum::response::Response;

use super::{RateLimitStatus, RequestContext, RequestMeta};
use crate::spec::{ApiSpec, ErrorCode, Operation, RequestError};

/// The future of an authorization.
pub type AuthorizeFuture<'a> = Pin<Box<dyn Future<Output = Result<(), RequestError>> + Send + 'a>>;

/// Authorizes a request with the extractor `C` of its caller.
pub fn authorize_with<'a, C>(parts: &'a mut Parts, context: &'a RequestContext) -> AuthorizeFuture<'a>
where
    C: FromRequestParts<RequestContext, Rejection = RequestError> + 'static,
{
    Box::pin(async move { C::from_request_parts(parts, context).await.map(drop) })
}

/// The properties of an API that the router and the pipeline need.
#[derive(Debug, Clone, Copy)]
pub struct DialectSpec {
    /// The documentation of the API.
    pub api: ApiSpec,
    /// The host names of the vendor's service, in lower case; `*` at the start stands for any name that ends like it.
    #[cfg(feature = "recordings")]
    pub hosts: &'static [&'static str],
    /// Returns the axum route paths of an operation, given its documented path.
    pub route_paths: fn(&'static str) -> Vec<Cow<'static, str>>,
    /// The literal suffix of every path, in lower case and matched case-insensitively; empty if there is none.
    pub path_suffix: &'static str,
    /// Returns the canonical form of a path, which is the routed one; `None` if the path is canonical.
    pub canonical_path: fn(&str) -> Option<String>,
    /// Whether the vendor sends its own CORS headers, independent of `--cors`.
    pub sends_cors: bool,
    /// Whether every GET operation also supports HEAD.
    pub serves_head: bool,
    /// Authorizes a request as its handler does, with the credentials in its headers; ready on the first poll.
    pub authorize: for<'a> fn(&'a mut Parts, &'a RequestContext) -> AuthorizeFuture<'a>,
    /// Renders an error in the envelope of the vendor.
    pub render_error: fn(&RequestError, &RequestMeta) -> Response,
    /// Adds the vendor's headers to a response.
    pub apply_headers: fn(&mut Response, &RequestMeta),
    /// The request header with the client's request id.
    pub request_id_header: Option<&'static HeaderName>,
    /// Whether each operation has its own rate limit, instead of one for all operations.
    pub limits_per_operation: bool,
    /// The error of a request that exceeds the rate limit, status 429.
    pub rate_limited: &'static ErrorCode,
    /// The error of a fault whose status is not among the vendor's errors.
    pub injected_fault: &'static ErrorCode,
    /// The error of an invalid control header or namespace prefix, status 400.
    pub invalid_control: &'static ErrorCode,
    /// The error of a request that cannot be forwarded to the fallback server, status 502.
    pub fallback_failed: &'static ErrorCode,
    /// Whether an error can be the response to a request with these headers; a fault prefers such an error.
    pub applies_to: fn(&ErrorCode, &HeaderMap, Option<&Operation>) -> bool,
    /// Writes the rate limit headers of a response, and `Retry-After` if the vendor sends it.
    pub write_rate_limit_headers: fn(&mut HeaderMap, &RateLimitStatus),
}

impl DialectSpec {
    /// Returns whether `path` has the path suffix of the dialect, after a last segment that is not empty.
    pub fn has_suffix(&self, path: &str) -> bool {
        let stem = path.len().checked_sub(self.path_suffix.len());
        let Some((stem, suffix)) = stem.and_then(|length| path.split_at_checked(length)) else {
            return false;
        };
        suffix.eq_ignore_ascii_case(self.path_suffix) && (suffix.is_empty() || !stem.ends_with('/'))
    }

    /// Returns the error of a fault with `status`: the first match in the operation's `errors`, the common errors of
    /// the dialect and all its errors, in this order, else [`DialectSpec::injected_fault`].
    ///
    /// `code_or_id` is the vendor's code or the rule id; without it every error with the status matches. The first match
    /// for which `is_applicable` returns `true` takes precedence over the others. If no error matches, the caller
    /// replaces the status of [`DialectSpec::injected_fault`] with that of the fault.
    pub fn error_for_status(
        &self,
        errors: &[&'static ErrorCode],
        status: u16,
        code_or_id: Option<&str>,
        is_applicable: impl Fn(&ErrorCode) -> bool,
    ) -> &'static ErrorCode {
        let matches = |error: &&ErrorCode| {
            error.status == status && code_or_id.is_none_or(|it| it == error.code || it == error.id)
        };
        let ApiSpec { common_errors, errors: all, .. } = self.api;
        let mut matching = errors.iter().chain(common_errors).chain(all).copied().filter(matches).peekable();
        let first = matching.peek().copied();
        matching.find(|error| is_applicable(error)).or(first).unwrap_or(self.injected_fault)
    }
}
