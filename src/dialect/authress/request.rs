//! What the handlers take from a request: parsed once, refused with everything that is wrong.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::header::IF_UNMODIFIED_SINCE;
use axum::http::request::Parts;
use futures_util::FutureExt;

use super::model::{Content, Filter};
use super::page::{self, Selection};
use super::precondition::UnmodifiedSince;
use super::{error, input};
use crate::failure::{Failure, Refusal, Violation};
use crate::http::{Context, Query, body};

/// The largest body in bytes, where the server's own limit is not smaller.
const BODY_LIMIT: usize = 102_400;

/// The greatest number of groups on a page.
const GREATEST_LIMIT: i64 = 20;

/// The number of groups on a page where none is asked for.
const DEFAULT_LIMIT: usize = 20;

/// The most characters that a filter has.
const FILTER_LENGTH: usize = 64;

/// What the validator calls the body.
const BODY: &str = "request.body";

/// The query of a list, and what it asks for.
#[derive(Debug)]
pub(super) struct ListQuery {
    /// The query as received; empty where there was none.
    pub(super) text: String,
    pub(super) filter: Option<String>,
    pub(super) selection: Selection,
}

/// The body of a new group: the identifier that it asks for, and its content.
#[derive(Debug)]
pub(super) struct NewGroup(pub(super) Option<String>, pub(super) Content);

/// The body of an update, and the time after which the group must not have changed.
#[derive(Debug)]
pub(super) struct Replacement(pub(super) Content, pub(super) Option<UnmodifiedSince>);

/// A query without any parameter: the operation knows none.
#[derive(Debug)]
pub(super) struct NoQuery;

impl FromRequestParts<Context> for ListQuery {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Context) -> Result<Self, Failure> {
        let text = parts.uri.query().unwrap_or_default();
        Ok(Self::read(text, &Query::parse(text)?)?)
    }
}

impl FromRequestParts<Context> for NoQuery {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Context) -> Result<Self, Failure> {
        let query = Query::parse(parts.uri.query().unwrap_or_default())?;
        Ok(accept(Self, unknown_parameters(&query, &[]))?)
    }
}

impl FromRequest<Context> for NewGroup {
    type Rejection = Failure;

    fn from_request(
        request: Request,
        context: &Context,
    ) -> impl Future<Output = Result<Self, Failure>> + Send {
        let query = Query::parse(request.uri().query().unwrap_or_default());
        read_body(context, request).map(|bytes| {
            let mut violations = unknown_parameters(&query?, &[]);
            let group = input::new_group(&body::parse(&bytes?)?, BODY);
            let (group_id, content) = gather(group, &mut violations);
            Ok(accept(Self(group_id, content), violations)?)
        })
    }
}

impl FromRequest<Context> for Replacement {
    type Rejection = Failure;

    fn from_request(
        request: Request,
        context: &Context,
    ) -> impl Future<Output = Result<Self, Failure>> + Send {
        let query = Query::parse(request.uri().query().unwrap_or_default());
        let unmodified_since = unmodified_since(request.headers());
        read_body(context, request).map(|bytes| {
            let mut violations = unknown_parameters(&query?, &[]);
            let unmodified_since = gather(unmodified_since, &mut violations);
            let content = input::replacement(&body::parse(&bytes?)?, BODY);
            let content = gather(content, &mut violations);
            Ok(accept(Self(content, unmodified_since), violations)?)
        })
    }
}

impl ListQuery {
    fn read(text: &str, query: &Query) -> Result<Self, Refusal> {
        let mut violations = unknown_parameters(query, &["limit", "cursor", "filter"]);
        let limit = gather(limit_of(query), &mut violations);
        let text_filter = gather(filter_of(query), &mut violations);
        let filter = text_filter.as_deref().map(Filter::new);
        let after = gather(after_of(query, filter.as_ref()), &mut violations);
        let selection = Selection { filter, limit, after };
        accept(Self { text: text.to_owned(), filter: text_filter, selection }, violations)
    }
}

fn accept<T>(value: T, violations: Vec<Violation>) -> Result<T, Refusal> {
    if violations.is_empty() { Ok(value) } else { Err(error::INVALID.because(violations)) }
}

/// Returns what was read, or puts what is wrong with it to the rest and returns an empty value in its place.
fn gather<T: Default>(read: Result<T, Vec<Violation>>, violations: &mut Vec<Violation>) -> T {
    read.unwrap_or_else(|found| {
        violations.extend(found);
        T::default()
    })
}

fn unknown_parameters(query: &Query, known: &[&str]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (name, value) in query.iter() {
        if !known.contains(&name) {
            violations.push(Violation::new("", format!("Unknown query parameter '{name}'")));
        } else if value.is_empty() {
            violations.push(Violation::new("", format!("Empty value found for query parameter '{name}'")));
        }
    }
    violations
}

fn wrong<T>(path: &str, reason: impl Into<String>) -> Result<T, Vec<Violation>> {
    Err(vec![Violation::new(path, reason)])
}

fn limit_of(query: &Query) -> Result<usize, Vec<Violation>> {
    const PATH: &str = "request.query.limit";
    let Some(text) = query.text("limit") else { return Ok(DEFAULT_LIMIT) };
    let Some(limit) = integer(text) else { return wrong(PATH, "must be integer") };
    if limit > GREATEST_LIMIT {
        return wrong(PATH, format!("must be <= {GREATEST_LIMIT}"));
    }
    match usize::try_from(limit) {
        Ok(limit) if limit > 0 => Ok(limit),
        _ => wrong(PATH, "must be >= 1"),
    }
}

fn filter_of(query: &Query) -> Result<Option<String>, Vec<Violation>> {
    match query.text("filter") {
        Some(text) if text.chars().count() > FILTER_LENGTH => {
            wrong("request.query.filter", format!("must NOT have more than {FILTER_LENGTH} characters"))
        }
        text => Ok(text.map(str::to_owned)),
    }
}

/// Returns the sequence number after which the page begins.
fn after_of(query: &Query, filter: Option<&Filter>) -> Result<u64, Vec<Violation>> {
    let Some(cursor) = query.text("cursor") else { return Ok(0) };
    match page::decode(cursor, filter) {
        Some(last) => Ok(last),
        None => wrong("request.query.cursor", "must be a cursor of the same list"),
    }
}

/// Reads an integer; one that does not fit is taken as the nearest that does.
fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nearest = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    Some(text.parse().unwrap_or(nearest))
}

fn unmodified_since(headers: &HeaderMap) -> Result<Option<UnmodifiedSince>, Vec<Violation>> {
    let Some(value) = headers.get(IF_UNMODIFIED_SINCE) else { return Ok(None) };
    match value.to_str().ok().and_then(UnmodifiedSince::parse) {
        Some(time) => Ok(Some(time)),
        None => wrong("request.headers[\"if-unmodified-since\"]", "must match format \"date-time\""),
    }
}

/// Reads a body, which is JSON whatever its content type says; one that cannot be read is refused for that alone.
fn read_body(
    context: &Context,
    request: Request,
) -> impl Future<Output = Result<Bytes, Failure>> + Send + use<> {
    let limit = context.config().body_limit.min(BODY_LIMIT);
    body::read_up_to(limit, request).map(|bytes| match bytes {
        Ok(bytes) if bytes.is_empty() => {
            Err(error::INVALID.at("request", "must have required property 'body'").into())
        }
        Ok(_) | Err(_) => bytes,
    })
}
