//! The handlers of the server's own API.

use axum::http::StatusCode;
use serde_json::json;

use super::MEDIA_TYPE;
use super::groups::Selection;
use crate::http::{Answer, Context, Query, Reply, json};
use crate::openapi;

/// `GET /__admin/health`: 200 while the server runs.
pub(super) async fn get_health(context: Context) -> Answer {
    let now = context.now();
    let uptime = (now - context.started()).num_seconds();
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

/// `GET /__admin/groups`: 200 with one page of the groups of all dialects.
pub(super) async fn list_groups(query: Query, context: Context) -> Answer {
    let selection = Selection::of(&query)?;
    Ok(context.read(|world| json(StatusCode::OK, MEDIA_TYPE, &selection.page(world))))
}
