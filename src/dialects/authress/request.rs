//! Extractors of the handlers, which parse a request and reject it with all violations, in the wording of the service's
//! validator.

use std::collections::BTreeSet;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::header::IF_UNMODIFIED_SINCE;
use axum::http::request::Parts;
use futures_util::FutureExt;

use super::neighbors::NeighborApi;
use crate::domain::authress::model::{Content, Filter};
use crate::domain::authress::page::{self, ListParams};
use crate::domain::authress::precondition::UnmodifiedSince;
use crate::domain::authress::{coercion, error, input};
use crate::http::{Query, RequestContext, body};
use crate::spec::{ApiError, RequestError, Violation, Violations};

/// The maximum body size in bytes, unless the server's body limit is lower.
const MAX_BODY_BYTES: usize = 102_400;

/// The maximum number of groups per page, which is also the default, like that of each neighbor.
const MAX_LIMIT: u8 = 20;

/// The maximum number of characters in a filter.
const MAX_FILTER_LENGTH: usize = 64;

/// The maximum number of characters in `If-Unmodified-Since`.
const MAX_TIME_LENGTH: usize = 32;

/// The path of the query in the validator's messages.
const QUERY_PATH: &str = "request.query";

/// The path of the body in the validator's messages.
const BODY_PATH: &str = "request.body";

/// The query of a list and its parsed parameters.
#[derive(Debug)]
pub(super) struct ListQuery {
    /// The query string as received; empty if there was none.
    pub(super) query_string: String,
    /// The path of the list.
    pub(super) path: &'static str,
    pub(super) filter: Option<String>,
    pub(super) params: ListParams,
}

/// The body of a new group: its identifier, if given, and its content.
#[derive(Debug)]
pub(super) struct NewGroup(pub(super) Option<String>, pub(super) Content);

/// The body of an update, and the time after which the group must not have changed.
#[derive(Debug)]
pub(super) struct Replacement(pub(super) Content, pub(super) Option<UnmodifiedSince>);

/// The body of a neighbor, which was checked, and the time after which the neighbor must not have changed.
#[derive(Debug)]
pub(super) struct NeighborBody(pub(super) Bytes, pub(super) Option<UnmodifiedSince>);

/// An empty query, for operations without query parameters.
#[derive(Debug)]
pub(super) struct NoQuery;

impl FromRequestParts<RequestContext> for ListQuery {
    type Rejection = RequestError;

    async fn from_request_parts(_: &mut Parts, context: &RequestContext) -> Result<Self, RequestError> {
        Self::received(context)
    }
}

impl FromRequestParts<RequestContext> for NoQuery {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, _: &RequestContext) -> Result<Self, RequestError> {
        let query = Query::parse(parts.uri.query().unwrap_or_default())?;
        Ok(into_result(Self, unknown_parameters(&query, &[]))?)
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
            let mut violations = unknown_parameters(&query?, &[]);
            let group = input::parse_group(&body::parse(&bytes?)?, BODY_PATH);
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
            let mut violations = unknown_parameters(&query?, &[]);
            let unmodified_since = collect_or_default(unmodified_since, &mut violations);
            let group = input::parse_group(&body::parse(&bytes?)?, BODY_PATH);
            let (_, content) = collect_or_default(group, &mut violations);
            Ok(into_result(Self(content, unmodified_since), violations)?)
        })
    }
}

impl FromRequest<RequestContext> for NeighborBody {
    type Rejection = RequestError;

    fn from_request(
        request: Request,
        context: &RequestContext,
    ) -> impl Future<Output = Result<Self, RequestError>> + Send {
        let query = Query::parse(request.uri().query().unwrap_or_default());
        let unmodified_since = parse_unmodified_since(request.headers());
        let api = NeighborApi::of(context).expect("only operations on neighbors have such a body");
        read_body(context, request).map(|bytes| {
            let mut violations = unknown_parameters(&query?, &[]);
            let unmodified_since = collect_or_default(unmodified_since, &mut violations);
            let bytes = bytes?;
            violations.append(api.kind.schema.check(&body::parse(&bytes)?, BODY_PATH));
            Ok(into_result(Self(bytes, unmodified_since), violations)?)
        })
    }
}

impl ListQuery {
    /// Returns the query of the request of `context`.
    pub(super) fn received(context: &RequestContext) -> Result<Self, RequestError> {
        let text = context.0.query();
        Ok(Self::parse(text, &Query::parse(text)?, NeighborApi::of(context))?)
    }

    /// Parses the query of a list of neighbors, or of groups.
    fn parse(text: &str, query: &Query, api: Option<&NeighborApi>) -> Result<Self, ApiError> {
        let further = api.map_or(&[][..], |api| api.further_parameters);
        let mut violations = unknown_parameters(query, &[&["limit", "cursor", "filter"], further].concat());
        let max_limit = api.map_or(MAX_LIMIT, |api| api.max_limit);
        let limit = collect_or_default(parse_limit(query, max_limit), &mut violations);
        let filter_text = collect_or_default(parse_filter(query), &mut violations);
        let filter = filter_text.as_deref().map(Filter::new);
        let after = collect_or_default(parse_cursor(query, filter.as_ref()), &mut violations);
        let params = ListParams { filter, limit, after };
        let path = api.map_or("/v1/groups", NeighborApi::path);
        into_result(Self { query_string: text.to_owned(), path, filter: filter_text, params }, violations)
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

/// Returns the violations of query parameters that are not in `known`.
fn unknown_parameters(query: &Query, known: &[&str]) -> Violations {
    let mut names = BTreeSet::new();
    let unknown = query.iter().map(|(name, _)| name).filter(|name| !known.contains(name));
    unknown.filter(|name| names.insert(*name)).map(|name| input::unknown_property(QUERY_PATH, name)).collect()
}

fn invalid<T>(path: &str, reason: impl Into<String>) -> Result<T, Violations> {
    Err(Violation::new(path, reason).into())
}

/// Parses the limit, which the validator converts to a number; an empty one counts as absent.
fn parse_limit(query: &Query, max_limit: u8) -> Result<usize, Violations> {
    const PATH: &str = "request.query.limit";
    let Some(text) = query.get_non_empty("limit") else { return Ok(usize::from(max_limit)) };
    match coercion::parse_number(text) {
        // The validator compares only finite numbers with the bounds.
        Some(limit) if limit.is_infinite() => Ok(usize::from(max_limit)),
        Some(limit) if limit.fract() != 0.0 => invalid(PATH, "must be integer"),
        Some(limit) if limit > f64::from(max_limit) => invalid(PATH, format!("must be <= {max_limit}")),
        Some(limit) => match (1..=max_limit).find(|number| f64::from(*number) == limit) {
            Some(limit) => Ok(usize::from(limit)),
            None => invalid(PATH, "must be >= 1"),
        },
        None => invalid(PATH, "must be integer"),
    }
}

fn parse_filter(query: &Query) -> Result<Option<String>, Violations> {
    let Some(text) = query.get("filter") else { return Ok(None) };
    match input::length_violation(text, 1, MAX_FILTER_LENGTH) {
        Some(reason) => invalid("request.query.filter", reason),
        None => Ok(Some(text.to_owned())),
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

/// Parses `If-Unmodified-Since`. The validator checks only its length, so the error for other values is assumed.
fn parse_unmodified_since(headers: &HeaderMap) -> Result<Option<UnmodifiedSince>, Violations> {
    const PATH: &str = "request.headers[\"if-unmodified-since\"]";
    let Some(value) = headers.get(IF_UNMODIFIED_SINCE) else { return Ok(None) };
    let text = String::from_utf8_lossy(value.as_bytes());
    if let Some(reason) = input::length_violation(&text, 1, MAX_TIME_LENGTH) {
        return invalid(PATH, reason);
    }
    match UnmodifiedSince::parse(&text) {
        Some(time) => Ok(Some(time)),
        None => invalid(PATH, "must match format \"date-time\""),
    }
}

/// Reads a body, whose content type is ignored. A body that cannot be read is rejected without other violations.
fn read_body(
    context: &RequestContext,
    request: Request,
) -> impl Future<Output = Result<Bytes, RequestError>> + Send + use<> {
    let limit = context.config().body_limit.min(MAX_BODY_BYTES);
    body::read_body_limited(context, limit, request).map(|bytes| match bytes {
        Ok(bytes) if bytes.is_empty() => {
            Err(error::INVALID.with_violation(BODY_PATH, "must be object").into())
        }
        Ok(_) | Err(_) => bytes,
    })
}
