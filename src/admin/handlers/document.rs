//! The handlers of the OpenAPI document: with the server that the client reached, compressed, and with an entity tag.

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, ETAG, HeaderMap, IF_NONE_MATCH, VARY,
};

use super::super::MEDIA_TYPE;
use super::super::admin_error::AdminError;
use super::offload;
use crate::http::{ApiResponse, HandlerResult, Query, RequestContext, gzip};
use crate::openapi::{self, Format};
use crate::spec::Api;

/// Handles `GET /__admin/openapi.json`: 200 with the OpenAPI document of all APIs, or of one.
pub(in super::super) async fn get_openapi_json(
    headers: HeaderMap,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    respond(headers, query, context, Format::Json).await
}

/// Handles `GET /__admin/openapi.yaml`: 200 with the same document as YAML.
pub(in super::super) async fn get_openapi_yaml(
    headers: HeaderMap,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    respond(headers, query, context, Format::Yaml).await
}

/// Responds with a document. The first one is generated, and each may be compressed, which takes long.
async fn respond(headers: HeaderMap, query: Query, context: RequestContext, format: Format) -> HandlerResult {
    offload(&context, move |context, _| document(&headers, &query, context, format)).await
}

fn document(
    headers: &HeaderMap,
    query: &Query,
    context: &RequestContext,
    format: Format,
) -> Result<ApiResponse, AdminError> {
    let apis = select(query, context)?;
    let text = openapi::text(&apis, format);
    let document = openapi::with_base_url(&text, context.0.root_url(), context.base_url());
    let tag = entity_tag(&document);
    let response = match (is_current(headers, &tag), format) {
        (true, _) => ApiResponse::empty(StatusCode::NOT_MODIFIED),
        (false, Format::Json) => encoded(headers, MEDIA_TYPE, document),
        (false, Format::Yaml) => encoded(headers, "application/yaml", document),
    };
    // `no-cache`: a stored document may be used again only after its entity tag has been checked.
    Ok(response
        .header(ETAG, &tag)
        .header(CACHE_CONTROL, "no-cache")
        .header(VARY, "Accept-Encoding, Host, X-Forwarded-Host, X-Forwarded-Proto, X-Forwarded-Prefix"))
}

/// Returns the APIs that the server serves, or the one that the query names.
fn select(query: &Query, context: &RequestContext) -> Result<Vec<&'static Api>, AdminError> {
    let apis = context.0.apis.iter();
    let served: Vec<&Api> = apis.filter(|api| context.config().serves(api.spec.name)).collect();
    let Some(name) = query.get("dialect") else { return Ok(served) };
    match served.iter().find(|api| api.spec.name == name) {
        Some(api) => Ok(vec![api]),
        None => {
            let names: Vec<&str> = served.iter().map(|api| api.spec.name).collect();
            Err(AdminError::invalid("dialect", format!("must be one of {}", names.join(", "))))
        }
    }
}

/// Returns a weak entity tag, because the compressed document has the same one.
fn entity_tag(document: &str) -> String {
    let mut hasher = DefaultHasher::new();
    document.hash(&mut hasher);
    format!("W/\"{:016x}\"", hasher.finish())
}

/// Returns whether the client has the document with this entity tag.
fn is_current(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let values = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|it| it.trim() == "*" || opaque(it) == opaque(tag))
}

/// Returns the document, compressed with gzip if the client accepts it.
fn encoded(headers: &HeaderMap, media_type: &'static str, document: String) -> ApiResponse {
    let compressed = if accepts_gzip(headers) { gzip::compress(document.as_bytes()) } else { None };
    let Some(compressed) = compressed else {
        return ApiResponse::owned_text(StatusCode::OK, media_type, document);
    };
    ApiResponse::body(media_type, Body::from(compressed)).header(CONTENT_ENCODING, "gzip")
}

/// Returns whether `Accept-Encoding` lists gzip with a weight above 0.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = parameters.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f64>);
        name.trim().eq_ignore_ascii_case("gzip") && weight.is_ok_and(|weight| weight > 0.0)
    })
}
