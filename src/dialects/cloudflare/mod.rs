//! The cloudflare dialect: Zero Trust Access groups and IAM resource groups.
//!
//! Sources: the two vendor documents (`priv/docs` of an Elixir client), Cloudflare's OpenAPI documents of 2024 and
//! August 2026, and responses of the real service in issue threads and, at least in part, in the test data of
//! cf-terraforming for version 5 of the provider; its go-vcr files are samples of the documentation.
//! Emulated: Access groups of accounts and zones, IAM resource groups, and permission groups (read-only); and as
//! neighbors, which are kept as they were sent: Access identity providers, policies and applications, members and user
//! groups. Not emulated: the check that the object a rule refers to exists.

mod access_groups;
mod account_operations;
mod accounts;
mod auth;
mod envelope;
mod fidelity;
mod fields;
mod neighbors;
mod operations;
mod page;
mod path;
mod permission_groups;
mod resource_groups;
mod response_schema;
mod routes;
mod schema;
mod user_group_members;
mod wire;

pub use routes::routes;

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use uuid::Uuid;

use crate::domain::cloudflare::error;
use crate::http::context::unrepeated;
use crate::http::dialect::authorize_with;
use crate::http::{DialectSpec, RateLimitStatus, RequestMeta};
use crate::spec::ApiSpec;

/// The cloudflare dialect.
pub static DIALECT: DialectSpec = DialectSpec {
    api: ApiSpec {
        name: "cloudflare",
        display_name: "Cloudflare",
        title: "Cloudflare Zero Trust Access groups and IAM resource groups (`/client/v4`, also without the prefix)",
        prefixes: &["client/v4", "accounts", "zones", "user"],
        base_path: "/client/v4",
        resources: &[
            ("/access/groups", "Access groups"),
            ("/access/identity_providers", "identity providers"),
            ("/access/policies", "policies"),
            ("/access/apps", "applications"),
            ("/resource_groups", "resource groups"),
            ("/permission_groups", "permission groups"),
            ("/user_groups", "user groups"),
            ("/members", "members"),
            ("/roles", "roles"),
            ("/tokens", "tokens"),
            ("/accounts", "accounts"),
            ("/zones", "zones"),
            ("/user", "user"),
        ],
        is_admin: false,
        media_type: MEDIA_TYPE,
        other_error_media_types: &[envelope::GATEWAY_MEDIA_TYPE],
        error_example: envelope::error_example,
        schemas: schema::schemas,
        field_descriptions: response_schema::FIELDS,
        error_schema: |_| "Error",
        path_parameters: operations::PATH_PARAMETERS,
        common_errors: error::COMMON,
        access_errors: &[],
        errors: error::ALL,
        fidelity: fidelity::DIFFERENCES,
        security: schema::security,
        credentials: &[&["token"], &["key", "email"], &["serviceKey"]],
        headers: &[("CF-Ray", "The identifier of the request.")],
    },
    #[cfg(feature = "recordings")]
    hosts: &["api.cloudflare.com"],
    route_paths,
    path_suffix: "",
    canonical_path,
    sends_cors: false,
    serves_head: false,
    authorize: authorize_with::<auth::Caller>,
    render_error: envelope::render_error,
    apply_headers: add_ray_id,
    request_id_header: None,
    limits_per_operation: false,
    rate_limited: &error::TOO_MANY_REQUESTS,
    injected_fault: &error::INJECTED_FAULT,
    invalid_control: &error::INVALID_CONTROL,
    fallback_failed: &error::FALLBACK_FAILED,
    applies_to: auth::applies_to,
    write_rate_limit_headers: write_ratelimit_fields,
};

/// The media type of every response, as recorded from the real service.
const MEDIA_TYPE: &str = "application/json; charset=UTF-8";

const CF_RAY: HeaderName = HeaderName::from_static("cf-ray");

/// Returns the path with and without the prefix `/client/v4`.
fn route_paths(path: &'static str) -> Vec<Cow<'static, str>> {
    vec![path.into(), format!("/client/v4{path}").into()]
}

/// Returns the path without a slash at its end; `None` if it has none.
///
/// Few clients send one. Routes for them would be a quarter of all routes, which every start builds.
fn canonical_path(path: &str) -> Option<String> {
    path.strip_suffix('/').map(str::to_owned)
}

/// Adds `CF-Ray`, which is derived from the request identifier.
fn add_ray_id(response: &mut Response, meta: &RequestMeta) {
    let mut buffer = Uuid::encode_buffer();
    let id = meta.id.simple().encode_lower(&mut buffer);
    let mut ray = *b"0000000000000000-MCK";
    ray[..16].copy_from_slice(&id.as_bytes()[..16]);
    if let Ok(value) = HeaderValue::from_bytes(&ray) {
        response.headers_mut().insert(CF_RAY, unrepeated(value));
    }
}

/// Writes the `RateLimit` and `RateLimit-Policy` fields of the IETF draft, as Cloudflare announced them in
/// September 2025, and `Retry-After`.
fn write_ratelimit_fields(headers: &mut HeaderMap, status: &RateLimitStatus) {
    let limit = format!("\"default\";r={};t={}", status.remaining, status.seconds_left());
    let policy = format!("\"default\";q={};w={}", status.limit, status.window.num_seconds());
    for (name, value) in [("ratelimit", limit), ("ratelimit-policy", policy)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
    status.write_retry_after(headers);
}
