//! The cloudflare dialect: Zero Trust Access groups and IAM resource groups.
//!
//! Sources: the two seed documents (`priv/docs` of an Elixir client), Cloudflare's OpenAPI documents of 2024 and
//! August 2026, recordings of the real service in the test data of cf-terraforming and in issue threads.
//! Emulated: Access groups of accounts and zones; IAM resource groups; permission groups, read only. Not
//! emulated: policies, members, user groups, and whether what a rule points to exists.

mod access_groups;
mod auth;
mod envelope;
mod error;
mod members;
pub mod model;
mod operations;
mod page;
mod path;
mod permission_groups;
mod predefined;
mod resource_groups;
mod rules;
mod schema;
mod scope;
pub mod seed;
mod source;
mod wire;

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;

use crate::http::{Dialect, Meta, Quota, dialect::Documentation};

/// The cloudflare dialect.
pub static DIALECT: Dialect = Dialect {
    name: "cloudflare",
    title: "Cloudflare Zero Trust Access groups and IAM resource groups (`/client/v4`, also without the prefix)",
    prefixes: &["client/v4", "accounts", "zones"],
    admit: |_, _, _| Ok(()),
    normalize,
    sends_cors: false,
    serves_head: false,
    operations: operations::operations,
    render: envelope::render,
    finish,
    request_id_header: None,
    limits_each_operation: false,
    limited: &error::LIMITED,
    fault: &error::FAULT,
    control: &error::CONTROL,
    quota,
    media_type: MEDIA_TYPE,
    documentation: Documentation {
        schemas: schema::schemas,
        error_schema: "Error",
        path_parameters: operations::PATH_PARAMETERS,
        common_codes: error::COMMON,
        codes: error::ALL,
        security: schema::security,
        headers: &[("CF-Ray", "The identifier of the request.")],
    },
};

/// The media type of every answer, as recorded from the real service.
const MEDIA_TYPE: &str = "application/json; charset=UTF-8";

const CF_RAY: HeaderName = HeaderName::from_static("cf-ray");

/// Routes are registered once, without the prefix; a slash at the end is tolerated.
fn normalize(path: &str) -> Cow<'_, str> {
    let stripped = path.strip_prefix("/client/v4").unwrap_or(path);
    let stripped = stripped.strip_suffix('/').unwrap_or(stripped);
    if stripped.is_empty() { "/client/v4".into() } else { stripped.into() }
}

fn finish(response: &mut Response, meta: &Meta) {
    // The first 16 digits of a UUID, which has dashes after 8, 12 and 16 digits.
    let id = meta.request_id();
    let ray = [&id[..8], &id[9..13], &id[14..18], "-MCK"].concat();
    if let Ok(value) = HeaderValue::try_from(ray) {
        response.headers_mut().insert(CF_RAY, value);
    }
}

/// Writes the headers of the draft RFC, as Cloudflare announced them in September 2025.
fn quota(headers: &mut HeaderMap, quota: &Quota) {
    let left = format!("\"default\";r={};t={}", quota.remaining, quota.seconds_left());
    let policy = format!("\"default\";q={};w={}", quota.limit, quota.window.num_seconds());
    for (name, text) in [("ratelimit", left), ("ratelimit-policy", policy)] {
        if let Ok(value) = HeaderValue::try_from(text) {
            headers.insert(name, value);
        }
    }
    quota.write_retry_after(headers);
}
