//! The admin API under `/__admin`, which also responds to every path that belongs to no vendor.
//!
//! Imports `app`, `config`, `console`, `control`, `domain`, `http`, `json`, `openapi`, `spec` and `store`. It accepts only
//! requests whose `Host` is a loopback address, the bound address or an allowed host, which protects it from DNS
//! rebinding by web pages.

mod access;
pub mod admin_error;
pub mod api;
pub mod coverage;
mod entry_list;
mod error;
pub mod exchange;
pub mod explain;
mod export;
mod feed;
mod groups;
mod handlers;
mod json_stream;
mod layer;
mod metrics;
mod operation_parameters;
mod operations;
pub mod records;
mod routes;
mod schema;
pub mod search;
pub mod settings;
pub mod summary;
mod transcript;
mod validation;

pub use admin_error::AdminError;
pub use layer::{AdminLayer, AdminService};
pub use routes::routes;

use axum::response::Response;

use crate::http::{DialectSpec, RequestMeta};
use crate::spec::{ApiSpec, RequestError};

/// The version of the admin API. Only a change that `docs/stability.md` calls incompatible increases it.
const CONTRACT: u32 = 1;

/// The media type of the responses.
const MEDIA_TYPE: &str = "application/json";

/// The admin API.
pub static DIALECT: DialectSpec = DialectSpec {
    api: ApiSpec {
        name: "admin",
        display_name: "Admin API:",
        title: "The admin API of the mock server",
        prefixes: &["__admin"],
        base_path: "",
        resources: &[
            ("/namespaces", "namespaces"),
            ("/requests", "requests"),
            ("/faults", "faults"),
            ("/snapshots", "state"),
            ("/state", "state"),
            ("/reset", "state"),
            ("/account-groups", "account groups"),
            ("/groups", "groups"),
            ("/records", "groups"),
            ("/clock", "clock"),
            ("/fidelity", "fidelity"),
            ("/__admin", "server"),
        ],
        is_admin: true,
        media_type: MEDIA_TYPE,
        other_error_media_types: &[],
        error_example: error::example,
        schemas: schema::schemas,
        field_descriptions: schema::FIELDS,
        error_schema: |_| "Error",
        path_parameters: operation_parameters::PATH_PARAMETERS,
        common_errors: &[&error::INVALID_REQUEST, &error::ADMIN_DISABLED],
        access_errors: &[
            &error::TOKEN_REQUIRED,
            &error::HOST_NOT_ALLOWED,
            &error::ORIGIN_NOT_ALLOWED,
            &error::CROSS_SITE,
            &error::TOKEN_NOT_CONFIGURED,
        ],
        errors: error::ALL,
        fidelity: &[],
        security: schema::security,
        credentials: &[&[], &["token"], &["bearer"]],
        headers: &[
            ("X-Content-Type-Options", "`nosniff`."),
            ("Content-Security-Policy", "The response loads nothing and cannot be embedded."),
            ("Cache-Control", "`no-store`."),
        ],
    },
    #[cfg(feature = "recordings")]
    hosts: &[],
    route_paths: |path| vec![path.into()],
    path_suffix: "",
    canonical_path: |_| None,
    sends_cors: false,
    serves_head: true,
    // The layer of the admin API authorizes its requests; unknown paths have no caller.
    authorize: |_, _| Box::pin(async { Err(RequestError::RouteNotFound) }),
    render_error: error::render,
    apply_headers: finish,
    request_id_header: None,
    limits_per_operation: false,
    rate_limited: &error::INTERNAL_ERROR,
    injected_fault: &error::INTERNAL_ERROR,
    invalid_control: &error::INVALID_REQUEST,
    fallback_failed: &error::FALLBACK_FAILED,
    applies_to: |_, _, _| true,
    write_rate_limit_headers: |_, _| {},
};

const fn finish(_: &mut Response, _: &RequestMeta) {}
