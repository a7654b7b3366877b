//! `DialectSpec`: an API as the pipeline and the router see it.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderName};
use axum::response::Response;

use super::{RateLimitStatus, RequestMeta};
use crate::spec::{ApiSpec, ErrorCode, RequestError};

/// An API as the pipeline and the router see it.
#[derive(Debug, Clone, Copy)]
pub struct DialectSpec {
    /// The API as it is documented.
    pub api: ApiSpec,
    /// Returns the paths at which an operation is routed, given its documented path.
    pub route_paths: fn(&'static str) -> Vec<Cow<'static, str>>,
    /// The literal end of every path, in lower case and matched case-insensitively; empty for none.
    pub path_suffix: &'static str,
    /// Returns the routed form of a path, if the vendor accepts other forms of it; `None` if it is in that form.
    pub canonical_path: fn(&str) -> Option<String>,
    /// Whether the vendor sends CORS headers of its own, independent of `--cors`.
    pub sends_cors: bool,
    /// Whether every operation with GET supports HEAD, too.
    pub serves_head: bool,
    /// Renders an error in the envelope of the vendor.
    pub render_error: fn(&RequestError, &RequestMeta) -> Response,
    /// Adds the headers of every response.
    pub apply_headers: fn(&mut Response, &RequestMeta),
    /// The request header by which a client names its request.
    pub request_id_header: Option<&'static HeaderName>,
    /// Whether each operation has a rate limit of its own, instead of one for all.
    pub limits_per_operation: bool,
    /// The error of a request beyond the rate limit, status 429.
    pub rate_limited: &'static ErrorCode,
    /// The error of a fault whose status none of the vendor's errors has.
    pub injected_fault: &'static ErrorCode,
    /// The error of an invalid control header or namespace prefix, status 400.
    pub invalid_control: &'static ErrorCode,
    /// Writes the status of the rate limit into the headers of a response, and `Retry-After` if the vendor does.
    pub write_rate_limit_headers: fn(&mut HeaderMap, &RateLimitStatus),
}

impl DialectSpec {
    /// Returns whether `path` ends as every path of the dialect does: in the suffix, after at least one other character.
    pub fn has_suffix(&self, path: &str) -> bool {
        let stem = path.len().checked_sub(self.path_suffix.len());
        let Some((stem, suffix)) = stem.and_then(|length| path.split_at_checked(length)) else {
            return false;
        };
        suffix.eq_ignore_ascii_case(self.path_suffix) && (suffix.is_empty() || !stem.ends_with('/'))
    }

    /// Returns the error of a fault with `status`: one of the operation's `errors`, else one that every operation has, else any of
    /// the dialect, else [`DialectSpec::injected_fault`].
    ///
    /// `wanted` is the vendor's code or the id of the rule; without it the first error with the status is taken. If the vendor has
    /// no such error, the status of the injected error replaces that of [`DialectSpec::injected_fault`].
    pub fn error_for_status(
        &self,
        errors: &[&'static ErrorCode],
        status: u16,
        wanted: Option<&str>,
    ) -> &'static ErrorCode {
        let matches = |error: &&&'static ErrorCode| {
            error.status == status && wanted.is_none_or(|it| it == error.code || it == error.id)
        };
        let ApiSpec { common_errors, errors: all, .. } = self.api;
        errors.iter().chain(common_errors).chain(all).find(matches).copied().unwrap_or(self.injected_fault)
    }
}
