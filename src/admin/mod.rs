//! The server's own API under `/__admin`, and the answer to every path that no vendor owns.
//!
//! Imports `app`, `failure`, `http`, `openapi` and `store`. It answers only requests whose `Host` is loopback, the
//! bound address or allowed, so that a page in a browser cannot reach it by rebinding a name.

pub mod admin_error;
pub mod api;
pub mod coverage;
mod error;
pub mod exchange;
pub mod explain;
mod export;
mod groups;
mod host;
mod meant;
mod operations;
mod routes;
mod schema;
pub mod search;

pub use admin_error::AdminError;

use axum::response::Response;

use crate::http::{Dialect, Meta, Operation, dialect::Documentation};

/// The media type of its answers.
const MEDIA_TYPE: &str = "application/json";

/// The server's own API.
pub static DIALECT: Dialect = Dialect {
    name: "admin",
    title: "The server's own API",
    prefixes: &["__admin"],
    admit: host::admit,
    normalize: |path| path.into(),
    sends_cors: false,
    serves_head: true,
    operations,
    render: error::render,
    finish,
    request_id_header: None,
    limits_each_operation: false,
    limited: &error::FAILED,
    fault: &error::FAILED,
    control: &error::BAD_REQUEST,
    quota: |_, _| {},
    media_type: MEDIA_TYPE,
    documentation: Documentation {
        schemas: schema::schemas,
        error_schema: "Error",
        path_parameters: operations::PATH_PARAMETERS,
        common_codes: &[&error::NO_TOKEN, &error::FOREIGN_HOST, &error::FOREIGN_ORIGIN, &error::CLOSED],
        codes: error::ALL,
        security: || serde_json::json!({}),
        headers: &[],
    },
};

const fn finish(_: &mut Response, _: &Meta) {}

/// The operations; all are known from the same place.
fn operations() -> Vec<Operation> {
    let operations = operations::operations().into_iter();
    operations.map(|operation| operation.known_from(error::OWN_API)).collect()
}
