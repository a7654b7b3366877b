//! The handlers of the server's own API: each reads its request, makes one call of `Admin`, and writes the answer.

mod control;
mod requests;

pub(super) use control::*;
pub(super) use requests::*;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde_json::json;

use super::MEDIA_TYPE;
use super::api::Admin;
use super::groups::Selection;
use crate::app::App;
use crate::failure::Failure;
use crate::http::{Answer, Context, Query, Reply, body, json};
use crate::openapi;
use crate::world::World;

/// The longest body of a saved state in bytes: 1 GiB, for a million groups and more.
const STATE_BYTES: usize = 1 << 30;

/// Returns the control of the namespace that a request is for.
fn admin(context: &Context) -> Admin {
    Admin::new(App::clone(context))
}

/// A body as it came, up to the server's limit.
pub(super) struct Raw(Bytes);

impl FromRequest<Context> for Raw {
    type Rejection = Failure;

    async fn from_request(request: Request, context: &Context) -> Result<Self, Failure> {
        read_in_time(context, context.config().body_limit, request).await.map(Self)
    }
}

/// A saved state as it came, which may be much longer than any other body.
pub(super) struct RawState(Bytes);

impl FromRequest<Context> for RawState {
    type Rejection = Failure;

    async fn from_request(request: Request, context: &Context) -> Result<Self, Failure> {
        read_in_time(context, STATE_BYTES, request).await.map(Self)
    }
}

/// Reads a body for as long as a request may take; what is done with it may take longer, as a large state does.
async fn read_in_time(context: &Context, limit: usize, request: Request) -> Result<Bytes, Failure> {
    let patience = context.config().request_timeout;
    let read = tokio::time::timeout(patience, body::read_up_to(limit, request)).await;
    read.unwrap_or(Err(Failure::Timeout))
}

/// `GET /__admin/health`: 200 while the server runs.
pub(super) async fn get_health(context: Context) -> Answer {
    let now = context.now();
    let uptime = (crate::store::machine_time() - context.started()).num_seconds();
    let health = json!({
        "status": "healthy",
        "message": "access-groups-mock is ready",
        "version": env!("CARGO_PKG_VERSION"),
        "uptimeInSeconds": uptime,
        "timestamp": now.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
    });
    Ok(json(StatusCode::OK, MEDIA_TYPE, &health))
}

/// `GET /__admin/openapi.json`: 200 with the document of every API.
pub(super) async fn get_openapi_json() -> Answer {
    Ok(Reply::text(StatusCode::OK, MEDIA_TYPE, openapi::json()))
}

/// `GET /__admin/openapi.yaml`: 200 with the same document as YAML.
pub(super) async fn get_openapi_yaml() -> Answer {
    Ok(Reply::text(StatusCode::OK, "application/yaml", openapi::YAML))
}

/// `GET /__admin/ca.pem`: 200 with the certificate of the server's own authority.
pub(super) async fn get_ca(context: Context) -> Answer {
    let pem = context.config().ca_pem();
    let pem = pem.ok_or_else(|| super::AdminError::unknown("certificate authority", "ca.pem"))?;
    Ok(Reply::owned_text(StatusCode::OK, "application/x-pem-file", pem.to_owned()))
}

/// `GET /__admin/groups`: 200 with one page of the groups of all dialects.
pub(super) async fn list_groups(query: Query, context: Context) -> Answer {
    let selection = Selection::of(&query)?;
    let list = |world: &World, selection: Selection| json(StatusCode::OK, MEDIA_TYPE, &selection.page(world));
    context
        .read_many(selection, |world, selection| selection.cost(world), list)
        .await
        .map_err(|_| Failure::Panic)
}

/// `GET /__admin/coverage`: 200 with every operation and rule, and how often each was met.
pub(super) async fn get_coverage(context: Context) -> Answer {
    Ok(json(StatusCode::OK, MEDIA_TYPE, &admin(&context).coverage()))
}
