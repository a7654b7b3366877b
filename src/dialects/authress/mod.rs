//! The authress dialect: the groups of Authress (`/v1/groups`), and roles, access records and users beside them.
//!
//! Sources, read in 2026-11: the vendor document; the official OpenAPI file in the history of
//! <https://github.com/Authress/authress-local>; the models of the official SDKs; for the wording of
//! validation errors <https://github.com/Authress-Engineering/openapi-data-validator.js>, run as the npm package
//! `openapi-data-validator` 2.0.54; for headers, preflight and the 500
//! <https://github.com/Authress/document-library-microservice.js>. Emulated:
//! all five operations, updates by POST as the C# SDK sends them, cursors, the filter, `If-Unmodified-Since`, and CORS
//! preflight on every path. Not emulated: what roles and records
//! grant, verification of token signatures, rate limit tiers,
//! and eventually consistent or reordered lists. `source` contains the source of each rule.

mod auth;
mod envelope;
mod handlers;
mod neighbors;
mod operations;
mod request;
mod routes;
mod schema;
mod wire;

pub use routes::routes;

use axum::http::HeaderValue;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, HeaderName, STRICT_TRANSPORT_SECURITY, VARY,
};
use axum::response::Response;

use crate::domain::authress::error;
use crate::http::dialect::authorize_with;
use crate::http::{DialectSpec, RequestMeta};
use crate::spec::ApiSpec;

/// The authress dialect.
pub static DIALECT: DialectSpec = DialectSpec {
    api: ApiSpec {
        name: "authress",
        display_name: "Authress",
        title: "Authress groups (`/v1/groups`), and their neighbors: roles (`/v1/roles`), access records (`/v1/records`), users (`/v1/users`)",
        prefixes: &["v1"],
        base_path: "",
        resources: &[
            ("/groups", "groups"),
            ("/roles", "roles"),
            ("/records", "access records"),
            ("/users", "users"),
        ],
        is_admin: false,
        media_type: MEDIA_TYPE,
        other_error_media_types: &[],
        error_example: envelope::error_example,
        schemas: schema::schemas,
        field_descriptions: schema::FIELDS,
        error_schema: |_| "Error",
        path_parameters: &[
            &operations::GROUP_ID,
            &neighbors::ROLE_ID,
            &neighbors::RECORD_ID,
            &neighbors::USER_ID,
        ],
        common_errors: &[
            &error::INVALID,
            &error::UNAUTHORIZED,
            &error::FORBIDDEN,
            &error::TOO_MANY_REQUESTS,
            &error::INTERNAL_ERROR,
            &error::TIMEOUT,
        ],
        access_errors: &[],
        errors: error::ALL,
        fidelity: &[],
        security: schema::security,
        credentials: &[&["oauth2"]],
        headers: &[
            ("x-request-id", "The identifier of the request, also `errorId` in error responses."),
            ("Access-Control-Allow-Origin", "The `Origin` of the request, or `*` without one."),
            ("Vary", "Always the same list, which starts with `Origin`."),
            ("Cache-Control", "`no-store`, except for a preflight response."),
            ("Strict-Transport-Security", "`max-age=31556926; includeSubDomains;`"),
            ("x-region", "The region of the service, `eu-west-1`."),
        ],
    },
    #[cfg(feature = "recordings")]
    hosts: &["authress.io", "*.authress.io"],
    route_paths: |path| vec![path.into()],
    path_suffix: "",
    canonical_path: |_| None,
    sends_cors: true,
    serves_head: true,
    authorize: authorize_with::<auth::Caller>,
    render_error: envelope::render_error,
    apply_headers: add_common_headers,
    request_id_header: None,
    limits_per_operation: false,
    rate_limited: &error::TOO_MANY_REQUESTS,
    injected_fault: &error::INJECTED_FAULT,
    invalid_control: &error::INVALID_CONTROL,
    fallback_failed: &error::FALLBACK_FAILED,
    applies_to: |_, _, _| true,
    write_rate_limit_headers: |headers, status| status.write_retry_after(headers),
};

/// The media type of every response with a body, including errors.
const MEDIA_TYPE: &str = "application/links+json";

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const REGION: HeaderName = HeaderName::from_static("x-region");

/// Adds the headers that every response has, as in the vendor's sample service; the value of `x-region` is assumed.
fn add_common_headers(response: &mut Response, meta: &RequestMeta) {
    let headers = response.headers_mut();
    let origin = meta.headers.origin.clone().unwrap_or(HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(REQUEST_ID, meta.request_id_header());
    headers
        .insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31556926; includeSubDomains;"));
    headers.insert(
        VARY,
        HeaderValue::from_static("Origin, Host, Sec-Fetch-Dest, Sec-Fetch-Mode, Sec-Fetch-Site"),
    );
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(REGION, HeaderValue::from_static("eu-west-1"));
}
