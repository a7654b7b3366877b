//! The legacy dialect: FlickRocket's `api2/access_groups`, an ASP.NET Web API service.
//!
//! Sources: the help page of `PUT api2/access_groups/{id}.json` (the vendor document) and the source code of ASP.NET
//! Web API 2, which the layout of the help page identifies. Emulated: list, create, get, update and delete of access
//! groups with their customers. Not emulated: the separate user endpoints, the OAuth server, XML.

mod auth;
mod envelope;
mod handlers;
mod operations;
mod routes;
mod schema;
mod wire;

pub use routes::routes;

use std::borrow::Cow;

use crate::domain::legacy::error;
use crate::http::DialectSpec;
use crate::http::dialect::authorize_with;
use crate::spec::ApiSpec;

/// The legacy dialect.
pub static DIALECT: DialectSpec = DialectSpec {
    api: ApiSpec {
        name: "legacy",
        display_name: "FlickRocket",
        title: "FlickRocket access groups (`api2/access_groups`)",
        prefixes: &["api2"],
        base_path: "",
        resources: &[("/access_groups", "access groups")],
        is_admin: false,
        media_type: MEDIA_TYPE,
        other_error_media_types: &[],
        error_example: envelope::error_example,
        schemas: schema::schemas,
        field_descriptions: schema::FIELDS,
        error_schema: |_| "Error",
        path_parameters: &[&operations::ID],
        common_errors: &[
            &error::UNAUTHORIZED,
            &error::FORBIDDEN,
            &error::TOO_MANY_REQUESTS,
            &error::INTERNAL_ERROR,
        ],
        access_errors: &[],
        errors: error::ALL,
        fidelity: &[],
        security: schema::security,
        credentials: &[&["bearer"]],
        headers: &[],
    },
    #[cfg(feature = "recordings")]
    hosts: &["*.flickrocket.com"],
    route_paths,
    path_suffix: SUFFIX,
    canonical_path,
    sends_cors: false,
    serves_head: true,
    authorize: authorize_with::<auth::Caller>,
    render_error: envelope::render_error,
    apply_headers: |_, _| {},
    request_id_header: None,
    limits_per_operation: false,
    rate_limited: &error::TOO_MANY_REQUESTS,
    injected_fault: &error::INJECTED_FAULT,
    invalid_control: &error::INVALID_CONTROL,
    fallback_failed: &error::FALLBACK_FAILED,
    applies_to: |_, _, _| true,
    write_rate_limit_headers: |headers, status| status.write_retry_after(headers),
};

/// The media type of every response with a body.
const MEDIA_TYPE: &str = "application/json; charset=utf-8";

/// The literal suffix of every path; a path without it does not exist.
const SUFFIX: &str = ".json";

/// Returns the path without a suffix after a path parameter, which axum's router cannot match: the parameter value
/// includes the suffix instead.
fn route_paths(path: &'static str) -> Vec<Cow<'static, str>> {
    vec![path.strip_suffix("}.json").map_or(path.into(), |stem| format!("{stem}}}").into())]
}

/// Returns the path in lower case, because Web API routes are case-insensitive; `None` if it already is.
fn canonical_path(path: &str) -> Option<String> {
    path.bytes().any(|byte| byte.is_ascii_uppercase()).then(|| path.to_ascii_lowercase())
}
