//! Extractors of the handlers, which parse a request and reject it with all violations.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::header::IF_UNMODIFIED_SINCE;
use axum::http::request::Parts;
use futures_util::FutureExt;

use crate::domain::authress::model::{Content, Filter};
use crate::domain::authress::page::{self, ListParams};
use crate::domain::authress::precondition::UnmodifiedSince;
use crate::domain::authress::{error, input};
use crate::http::{Query, RequestContext, body};
use crate::spec::{ApiError, RequestError, Violation, Violations};

/// The maximum body size in bytes, unless the server's body limit is lower.
const MAX_BODY_BYTES: usize = 102_400;

/// The maximum number of groups per page.
const MAX_LIMIT: i64 = 20;

/// The default number of groups per page.
const DEFAULT_LIMIT: usize = 20;

/// The maximum number of characters in a filter.
const MAX_FILTER_LENGTH: usize = 64;

/// The path of the body in the validator's messages.
const BODY_PATH: &str = "request.body";

/// The query of a list and its parsed parameters.
#[derive(Debug)]
pub(super) struct ListQuery {
    /// The query string as received; empty if there was none.
    pub(super) query_string: String,
    pub(super) filter: Option<String>,
    pub(super) params: ListParams,
}

/// The body of a new group: its identifier, if given, and its content.
#[derive(Debug)]
pub(super) struct NewGroup(pub(super) Option<String>, pub(super) Content);

/// The body of an update, and the time after which the group must not have changed.
#[derive(Debug)]
pub(super) struct Replacement(pub(super) Content, pub(super) Option<UnmodifiedSince>);

/// An empty query, for operations without query parameters.
#[derive(Debug)]
pub(super) struct NoQuery;

impl FromRequestParts<RequestContext> for ListQuery {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, _: &RequestContext) -> Result<Self, RequestError> {
        let text = parts.uri.query().unwrap_or_default();
        Ok(Self::parse(text, &Query::parse(text)?)?)
    }
}

impl FromRequestParts<RequestContext> for NoQuery {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, _: &RequestContext) -> Result<Self, RequestError> {
        let query = Query::parse(parts.uri.query().unwrap_or_default())?;
        Ok(into_result(Self, invalid_parameters(&query, &[]))?)
    }
}

impl FromRequest<RequestContext> for NewGroup {
    type Rejection = RequestError;

    fn from_request(
        request: Request,
        context: &RequestContext,
    ) -> impl Future<Output = Result<Self, RequestError>> + Send {
        let query = Query::parse(request.uri().query().unwrap_or_default());
        read_body(context, request).map(|bytes| {
            let mut violations = invalid_parameters(&query?, &[]);
            let group = input::parse_new_group(&body::parse(&bytes?)?, BODY_PATH);
            let (group_id, content) = collect_or_default(group, &mut violations);
            Ok(into_result(Self(group_id, content), violations)?)
        })
    }
}

impl FromRequest<RequestContext> for Replacement {
    type Rejection = RequestError;

    fn from_request(
        request: Request,
        context: &RequestContext,
    ) -> impl Future<Output = Result<Self, RequestError>> + Send {
        let query = Query::parse(request.uri().query().unwrap_or_default());
        let unmodified_since = parse_unmodified_since(request.headers());
        read_body(context, request).map(|bytes| {
            let mut violations = invalid_parameters(&query?, &[]);
            let unmodified_since = collect_or_default(unmodified_since, &mut violations);
            let content = input::parse_replacement(&body::parse(&bytes?)?, BODY_PATH);
            let content = collect_or_default(content, &mut violations);
            Ok(into_result(Self(content, unmodified_since), violations)?)
        })
    }
}

impl ListQuery {
    fn parse(text: &str, query: &Query) -> Result<Self, ApiError> {
        let mut violations = invalid_parameters(query, &["limit", "cursor", "filter"]);
        let limit = collect_or_default(parse_limit(query), &mut violations);
        let filter_text = collect_or_default(parse_filter(query), &mut violations);
        let filter = filter_text.as_deref().map(Filter::new);
        let after = collect_or_default(parse_cursor(query, filter.as_ref()), &mut violations);
        let params = ListParams { filter, limit, after };
        into_result(Self { query_string: text.to_owned(), filter: filter_text, params }, violations)
    }
}

/// Returns the value, or [`error::INVALID`] if there are violations.
fn into_result<T>(value: T, violations: Violations) -> Result<T, ApiError> {
    if violations.is_empty() { Ok(value) } else { Err(error::INVALID.with_violations(violations)) }
}

/// Returns the value, or adds its violations to `violations` and returns a default value.
fn collect_or_default<T: Default>(result: Result<T, Violations>, violations: &mut Violations) -> T {
    result.unwrap_or_else(|found| {
        violations.append(found);
        T::default()
    })
}

/// Returns the violations of query parameters that are not in `allowed` or have an empty value.
fn invalid_parameters(query: &Query, allowed: &[&str]) -> Violations {
    let mut violations = Violations::new();
    for (name, value) in query.iter() {
        if !allowed.contains(&name) {
            violations.push(Violation::new("", format!("Unknown query parameter '{name}'")));
        } else if value.is_empty() {
            violations.push(Violation::new("", format!("Empty value found for query parameter '{name}'")));
        }
    }
    violations
}

fn invalid<T>(path: &str, reason: impl Into<String>) -> Result<T, Violations> {
    Err(Violation::new(path, reason).into())
}

fn parse_limit(query: &Query) -> Result<usize, Violations> {
    const PATH: &str = "request.query.limit";
    let Some(text) = query.get_non_empty("limit") else { return Ok(DEFAULT_LIMIT) };
    let Some(limit) = parse_integer(text) else { return invalid(PATH, "must be integer") };
    if limit > MAX_LIMIT {
        return invalid(PATH, format!("must be <= {MAX_LIMIT}"));
    }
    match usize::try_from(limit) {
        Ok(limit) if limit > 0 => Ok(limit),
        _ => invalid(PATH, "must be >= 1"),
    }
}

fn parse_filter(query: &Query) -> Result<Option<String>, Violations> {
    match query.get_non_empty("filter") {
        Some(text) if text.chars().count() > MAX_FILTER_LENGTH => {
            invalid("request.query.filter", format!("must NOT have more than {MAX_FILTER_LENGTH} characters"))
        }
        text => Ok(text.map(str::to_owned)),
    }
}

/// Returns the sequence number after which the page starts.
fn parse_cursor(query: &Query, filter: Option<&Filter>) -> Result<u64, Violations> {
    let Some(cursor) = query.get_non_empty("cursor") else { return Ok(0) };
    match page::decode_cursor(cursor, filter) {
        Some(last) => Ok(last),
        None => invalid("request.query.cursor", "must be a cursor of the same list"),
    }
}

/// Parses an integer, saturating at the bounds of `i64`.
fn parse_integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let saturated = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    Some(text.parse().unwrap_or(saturated))
}

fn parse_unmodified_since(headers: &HeaderMap) -> Result<Option<UnmodifiedSince>, Violations> {
    let Some(value) = headers.get(IF_UNMODIFIED_SINCE) else { return Ok(None) };
    match value.to_str().ok().and_then(UnmodifiedSince::parse) {
        Some(time) => Ok(Some(time)),
        None => invalid("request.headers[\"if-unmodified-since\"]", "must match format \"date-time\""),
    }
}

/// Reads a body, whose content type is ignored. A body that cannot be read is rejected without other violations.
fn read_body(
    context: &RequestContext,
    request: Request,
) -> impl Future<Output = Result<Bytes, RequestError>> + Send + use<> {
    let limit = context.config().body_limit.min(MAX_BODY_BYTES);
    body::read_body_limited(limit, request).map(|bytes| match bytes {
        Ok(bytes) if bytes.is_empty() => {
            Err(error::INVALID.with_violation("request", "must have required property 'body'").into())
        }
        Ok(_) | Err(_) => bytes,
    })
}
