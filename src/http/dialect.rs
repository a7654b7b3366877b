//! `Dialect`: what the pipeline, the router and the documentation must know of an API.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use serde_json::Value;

use super::{RateLimitStatus, RequestMeta};
use crate::spec::Parameter;
use crate::spec::{ErrorCode, RequestError};

/// An API as the pipeline, the router and the documentation see it.
#[derive(Debug, Clone, Copy)]
pub struct DialectSpec {
    /// The name, such as `ibm`.
    pub name: &'static str,
    /// What it emulates, in one sentence.
    pub title: &'static str,
    /// The path prefixes it owns, in lower case and without a slash at either end, each a whole number of segments;
    /// the longest one wins.
    pub prefixes: &'static [&'static str],
    /// Whether it is the admin API and no vendor's.
    pub is_admin: bool,
    /// Returns the paths at which an operation is routed, given its documented path.
    pub route_paths: fn(&'static str) -> Vec<Cow<'static, str>>,
    /// The literal end of every path, in lower case and matched case-insensitively; empty for none.
    pub path_suffix: &'static str,
    /// Returns the form in which a path is routed, where the vendor takes other forms of it, too; `None` if it is in that form.
    pub canonical_path: fn(&str) -> Option<String>,
    /// Whether the vendor sends CORS headers of its own, whatever `--cors` says.
    pub sends_cors: bool,
    /// Whether HEAD is answered wherever GET is.
    pub serves_head: bool,
    /// Renders a failure in the vendor's envelope.
    pub render_error: fn(&RequestError, &RequestMeta) -> Response,
    /// Adds the headers that stand on every answer.
    pub apply_headers: fn(&mut Response, &RequestMeta),
    /// The request header in which a client names its request.
    pub request_id_header: Option<&'static HeaderName>,
    /// Whether each operation has a rate limit of its own, instead of one for all.
    pub limits_per_operation: bool,
    /// The error of a request beyond the rate limit, status 429.
    pub rate_limited: &'static ErrorCode,
    /// The error of a fault whose status is none of the vendor's.
    pub injected_fault: &'static ErrorCode,
    /// The error of a request whose control headers or namespace prefix cannot be read, status 400.
    pub invalid_control: &'static ErrorCode,
    /// Writes what is left of the rate limit into the headers of an answer, and `Retry-After` where the vendor does.
    pub write_rate_limit_headers: fn(&mut HeaderMap, &RateLimitStatus),
    /// The media type of its JSON answers.
    pub media_type: &'static str,
    /// What `openapi.yaml` says of it.
    pub documentation: Documentation,
}

/// What `openapi.yaml` says of a dialect besides its operations.
#[derive(Debug, Clone, Copy)]
pub struct Documentation {
    /// The components, by name; the generator puts the dialect's name before each.
    pub schemas: fn() -> Value,
    /// The name of the schema of an error.
    pub error_schema: &'static str,
    /// The captures of the paths.
    pub path_parameters: &'static [&'static Parameter],
    /// The errors that every operation can answer.
    pub common_errors: &'static [&'static ErrorCode],
    /// All errors of the dialect.
    pub errors: &'static [&'static ErrorCode],
    /// The kinds of credentials as OpenAPI security schemes, by name; any one is enough.
    pub security: fn() -> Value,
    /// Headers that stand on every answer, with their descriptions.
    pub headers: &'static [(&'static str, &'static str)],
}

impl DialectSpec {
    /// Returns whether one of its prefixes owns `path`.
    pub fn matches_path(&self, path: &str) -> bool {
        self.prefixes.iter().any(|prefix| has_path_prefix(prefix, path))
    }

    /// Returns whether `path` ends as every path of the dialect does: in the suffix, after at least one other character.
    pub fn has_suffix(&self, path: &str) -> bool {
        let stem = path.len().checked_sub(self.path_suffix.len());
        let Some((stem, suffix)) = stem.and_then(|length| path.split_at_checked(length)) else { return false };
        suffix.eq_ignore_ascii_case(self.path_suffix) && (suffix.is_empty() || !stem.ends_with('/'))
    }

    /// Returns the identifier that the client gave its request.
    pub fn client_request_id(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let value = headers.get(self.request_id_header?)?;
        let is_text = value.to_str().is_ok_and(|text| !text.is_empty());
        is_text.then(|| value.clone())
    }

    /// Returns the error that a fault of `status` stands for: one of the operation's `codes` before one that every
    /// operation has, that before any of the dialect, and [`DialectSpec::injected_fault`] where none fits.
    ///
    /// `wanted` is the vendor's code or the id of the rule; without it the first error with the status is taken. An
    /// error of the vendor's that the dialect does not have thus becomes [`DialectSpec::injected_fault`], whose status the refusal
    /// overrides.
    pub fn error_for_status(
        &self,
        codes: &[&'static ErrorCode],
        status: u16,
        wanted: Option<&str>,
    ) -> &'static ErrorCode {
        let fits = |code: &&&'static ErrorCode| {
            code.status == status && wanted.is_none_or(|it| it == code.code || it == code.id)
        };
        let Documentation { common_errors: common_codes, errors: all, .. } = self.documentation;
        codes.iter().chain(common_codes).chain(all).find(fits).copied().unwrap_or(self.injected_fault)
    }
}

/// Returns whether `path` is `prefix` or begins with it and a slash, in any case and after any number of slashes.
pub fn has_path_prefix(prefix: &str, path: &str) -> bool {
    let (prefix, path) = (prefix.as_bytes(), path.as_bytes());
    let slashes = path.iter().take_while(|byte| **byte == b'/').count();
    let path = &path[slashes..];
    // The end of the segment and the first letter tell most prefixes apart at once.
    matches!(path.get(prefix.len()), None | Some(b'/'))
        && path.first().map(u8::to_ascii_lowercase) == prefix.first().copied()
        && path.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}
