//! The handlers of the admin API: each parses its request, calls one method of `Admin`, and builds the response.

#[cfg(feature = "ibm")]
mod account_groups;
mod control;
mod document;
mod requests;

#[cfg(feature = "ibm")]
pub(super) use account_groups::*;
pub(super) use control::*;
pub(super) use document::*;
pub(super) use requests::*;

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use futures_util::FutureExt;
use serde_json::json;

use super::admin_error::AdminError;
use super::api::Admin;
use super::groups::{GroupQuery, UsesQuery};
use super::records::RecordQuery;
use super::{CONTRACT, MEDIA_TYPE, metrics};
use crate::app::App;
use crate::app::offload::{Cancellation, OffloadError, Permit};
use crate::domain::mock_state::MockState;
use crate::http::{ApiResponse, HandlerResult, Path, Query, RequestContext, body, json};
use crate::spec::RequestError;

/// The maximum size of a saved state in bytes: 2 GiB, sufficient for two million groups of IBM with five members each.
pub(super) const MAX_STATE_BYTES: usize = 2 * 1024 * 1024 * 1024;

/// The maximum size of a state in bytes that is received without a permit.
const MAX_SMALL_STATE: usize = 16 * 1024 * 1024;

/// The maximum time for processing a state, which can be much larger than other bodies.
const MAX_STATE_TIME: Duration = Duration::from_secs(10 * 60);

/// The cost of a read that parses records, each of which can have the length of a body: it is always offloaded.
const ALL_RECORDS: usize = usize::MAX;

/// Returns a handle to the namespace of a request.
fn admin(context: &RequestContext) -> Admin {
    Admin::with_apis(App::clone(context), context.0.apis)
}

/// Runs a call of the admin API on the blocking thread pool, for at most the request timeout.
///
/// # Errors
/// The error of the call, and [`RequestError::Timeout`].
fn offload<T: Send + 'static>(
    context: &RequestContext,
    call: impl FnOnce(&RequestContext, &Cancellation) -> Result<T, AdminError> + Send + 'static,
) -> impl Future<Output = Result<T, RequestError>> + Send {
    offload_within(context, context.config().request_timeout, call)
}

/// Runs a call like [`offload`], for at most `limit`.
fn offload_within<T: Send + 'static>(
    context: &RequestContext,
    limit: Duration,
    call: impl FnOnce(&RequestContext, &Cancellation) -> Result<T, AdminError> + Send + 'static,
) -> impl Future<Output = Result<T, RequestError>> + Send {
    let owned = context.clone();
    context.compute_within(limit, move |cancellation| call(&owned, cancellation)).map(request_result)
}

/// Runs a call that changes something on the blocking thread pool. It is completed once it has started.
///
/// # Errors
/// The error of the call, and [`RequestError::Timeout`] if it cannot start within the request timeout.
fn offload_change<T: Send + 'static>(
    context: &RequestContext,
    call: impl FnOnce(&RequestContext) -> Result<T, AdminError> + Send + 'static,
) -> impl Future<Output = Result<T, RequestError>> + Send {
    let (owned, shared) = (context.clone(), context.clone());
    async move { request_result(shared.complete(move || call(&owned)).await) }
}

fn request_result<T>(result: Result<Result<T, AdminError>, OffloadError>) -> Result<T, RequestError> {
    match result {
        Ok(result) => result.map_err(RequestError::from),
        Err(OffloadError::Timeout) => Err(RequestError::Timeout),
        Err(OffloadError::Panic) => Err(RequestError::Panic),
    }
}

/// The raw body of a request, up to the server's body limit.
pub(super) struct RawBody(Bytes);

impl FromRequest<RequestContext> for RawBody {
    type Rejection = RequestError;

    async fn from_request(request: Request, context: &RequestContext) -> Result<Self, RequestError> {
        read_with_timeout(context, context.config().body_limit, request).await.map(Self)
    }
}

/// The raw body of a request with a saved state, which can be much larger than other bodies.
///
/// Only a few large bodies are received at a time, because they take much memory.
pub(super) struct StateBody(Bytes, Option<Permit>);

impl FromRequest<RequestContext> for StateBody {
    type Rejection = RequestError;

    async fn from_request(request: Request, context: &RequestContext) -> Result<Self, RequestError> {
        let length = body::content_length(request.headers());
        let is_small = (1..=MAX_SMALL_STATE).contains(&length) && !body::is_gzip(request.headers());
        let permit = match is_small {
            true => None,
            false => {
                let permit = tokio::time::timeout(context.config().request_timeout, context.state_permit());
                Some(permit.await.map_err(|_| RequestError::Timeout)?)
            }
        };
        read_with_timeout(context, MAX_STATE_BYTES, request).await.map(|bytes| Self(bytes, permit))
    }
}

/// Reads a body within the request timeout, which does not include processing it, because a large state takes longer.
async fn read_with_timeout(
    context: &RequestContext,
    limit: usize,
    request: Request,
) -> Result<Bytes, RequestError> {
    let timeout = context.config().request_timeout;
    let read = tokio::time::timeout(timeout, body::read_body_limited(context, limit, request)).await;
    read.unwrap_or(Err(RequestError::Timeout))
}

/// Handles `GET /__admin/health`: 200 with the health of the server.
pub(super) async fn get_health(context: RequestContext) -> HandlerResult {
    let now = context.now();
    let uptime = (crate::store::system_now() - context.started()).num_seconds();
    let health = json!({
        "status": "healthy",
        "message": "access-groups-mock is ready",
        "version": env!("CARGO_PKG_VERSION"),
        "contract": CONTRACT,
        "uptimeInSeconds": uptime,
        "timestamp": now.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
    });
    Ok(json(StatusCode::OK, MEDIA_TYPE, &health))
}

/// Handles `GET /__admin/settings`: 200 with the bounds of everything that the server stores or computes.
pub(super) async fn get_settings(context: RequestContext) -> HandlerResult {
    Ok(json(StatusCode::OK, MEDIA_TYPE, &admin(&context).settings()))
}

/// Handles `GET /__admin/metrics`: 200 with the counters of the server.
pub(super) async fn get_metrics(context: RequestContext) -> HandlerResult {
    // Many snapshots take long to compare.
    let text = offload(&context, |context, _| Ok(admin(context).metrics())).await?;
    Ok(ApiResponse::owned_text(StatusCode::OK, metrics::MEDIA_TYPE, text))
}

/// Handles `GET /__admin/operations/{operation_id}`: 200 with the description of the operation and an example.
pub(super) async fn get_operation(Path(id): Path<String>, context: RequestContext) -> HandlerResult {
    let described = offload(&context, move |context, _| admin(context).operation(&id)).await?;
    Ok(json(StatusCode::OK, MEDIA_TYPE, &described))
}

/// Handles `GET /__admin/ca.pem`: 200 with the generated CA certificate.
pub(super) async fn get_ca(context: RequestContext) -> HandlerResult {
    let pem = context.config().ca_pem();
    let pem = pem.ok_or_else(|| AdminError::not_found("certificate authority", "ca.pem"))?;
    Ok(ApiResponse::owned_text(StatusCode::OK, "application/x-pem-file", pem.to_owned()))
}

/// Handles `GET /__admin/groups`: 200 with one page of the groups of all dialects.
pub(super) async fn list_groups(query: Query, context: RequestContext) -> HandlerResult {
    let group_query = GroupQuery::parse(&query)?;
    let list = |world: &MockState, query: GroupQuery| json(StatusCode::OK, MEDIA_TYPE, &query.page(world));
    context
        .read_offloaded(group_query, |world, query| query.scan_cost(world), list)
        .await
        .map_err(|_| RequestError::Panic)
}

/// Handles `GET /__admin/groups/{group_id}/uses`: 200 with the records that refer to the group.
pub(super) async fn list_group_uses(
    Path(id): Path<String>,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let uses_query = UsesQuery::parse(&id, &query)?;
    let find = |world: &MockState, query: UsesQuery| {
        query.uses(world).map(|uses| json(StatusCode::OK, MEDIA_TYPE, &uses))
    };
    let response = context.read_offloaded(uses_query, |_, _| ALL_RECORDS, find).await;
    let response = response.map_err(|_| RequestError::Panic)?;
    Ok(response.ok_or_else(|| AdminError::not_found("group", &id))?)
}

/// Handles `GET /__admin/records/{dialect}/{kind}/{record_id}`: 200 with the record in the format of the seed.
pub(super) async fn get_record(
    Path((dialect, kind, id)): Path<(String, String, String)>,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let record_query = RecordQuery::new(&dialect, &kind, query.get_non_empty("account"), &id)?;
    let find = |world: &MockState, query: RecordQuery| query.find(world);
    let found = context.read_offloaded(record_query, |_, _| ALL_RECORDS, find).await;
    let record = found.map_err(|_| RequestError::Panic)??;
    Ok(json(StatusCode::OK, MEDIA_TYPE, &record))
}

/// Handles `GET /__admin/coverage`: 200 with all operations and rules and their usage counts.
pub(super) async fn get_coverage(context: RequestContext) -> HandlerResult {
    Ok(json(StatusCode::OK, MEDIA_TYPE, &admin(&context).coverage()))
}
