//! The authress dialect: the groups of Authress (`/v1/groups`).
//!
//! Sources, read in 2026-11: the seed document; the official OpenAPI file in the history of
//! <https://github.com/Authress/authress-local>; the models of the official SDKs; for the wording of
//! validation errors the tests of <https://github.com/Authress-Engineering/openapi-data-validator.js>; for
//! headers, preflight and the 500 <https://github.com/Authress/document-library-microservice.js>. Emulated:
//! all five operations, POST on a group as the C# SDK updates, cursors, the filter, `If-Unmodified-Since`,
//! preflight on every path. Not emulated: records, roles and users, the check of token signatures, the tiers
//! of rate limits, lists that lag behind or change their order. `source` says of each rule where it is known from.

mod auth;
mod error;
mod input;
pub mod model;
mod operations;
mod page;
mod precondition;
mod request;
mod routes;
mod schema;
pub mod seed;
mod source;
mod wire;

use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, HeaderName, VARY};
use axum::http::{HeaderValue, header};
use axum::response::Response;

use crate::http::{Dialect, Meta, dialect::Documentation};

/// The authress dialect.
pub static DIALECT: Dialect = Dialect {
    name: "authress",
    title: "Authress groups (`/v1/groups`)",
    prefixes: &["v1"],
    admit: |_, _, _| Ok(()),
    normalize: |path| path.into(),
    sends_cors: true,
    serves_head: true,
    operations: operations::operations,
    render: error::render,
    finish,
    request_id_header: None,
    limits_each_operation: false,
    limited: &error::LIMITED,
    fault: &error::FAULT,
    control: &error::CONTROL,
    quota: |headers, quota| quota.write_retry_after(headers),
    media_type: MEDIA_TYPE,
    documentation: Documentation {
        schemas: schema::schemas,
        error_schema: "Error",
        path_parameters: &[&operations::GROUP_ID],
        common_codes: &[
            &error::INVALID,
            &error::UNAUTHORIZED,
            &error::FORBIDDEN,
            &error::LIMITED,
            &error::UNEXPECTED,
            &error::TIMED_OUT,
        ],
        codes: error::ALL,
        security: schema::security,
        headers: &[
            ("x-request-id", "The identifier of the request; `errorId` in the body of an error."),
            ("Access-Control-Allow-Origin", "The `Origin` of the request, else `*`."),
            ("Vary", "`Origin`."),
            ("Cache-Control", "`no-store`."),
        ],
    },
};

/// The media type of every answer with a body, errors included.
const MEDIA_TYPE: &str = "application/links+json";

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What a preflight allows, as the vendor lists it.
const ALLOWED_HEADERS: &str = "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Powered-By,\
    If-Unmodified-Since,Origin,Referer,Accept,Accept-Language,Accept-Encoding,User-Agent,Content-Length,\
    Cache-Control,Pragma,Sec-Fetch-Dest,Sec-Fetch-Mode,Sec-Fetch-Site,sec-gpc";
const ALLOWED_METHODS: &str = "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT";

fn finish(response: &mut Response, meta: &Meta) {
    let headers = response.headers_mut();
    let origin = meta.origin.clone().unwrap_or(HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(VARY, HeaderValue::from_static("Origin"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REQUEST_ID, meta.request_id.clone());
}

/// The answer to OPTIONS, the same on every path and without a credential, as a browser needs it.
fn preflight() -> Response {
    let mut response = Response::default();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(ALLOWED_HEADERS));
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(ALLOWED_METHODS));
    response
}
