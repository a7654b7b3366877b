//! The ibm dialect.

mod error;
pub mod model;
pub mod seed;

use axum::response::Response;

use crate::http::{Dialect, Meta, dialect::Documentation};

/// The ibm dialect.
pub static DIALECT: Dialect = Dialect {
    name: "ibm",
    title: "ibm",
    prefixes: &["v2", "identity", "v1/group_templates", "v1/group_assignments"],
    normalize: |_| None,
    serves_head: true,
    operations: Vec::new,
    render: error::render,
    finish,
    request_id_header: None,
    media_type: "application/json",
    documentation: Documentation {
        schemas: || serde_json::json!({}),
        error_schema: "Error",
        path_parameters: &[],
        common_codes: &[],
        codes: &[],
        security: || serde_json::json!({}),
        headers: &[],
    },
};

const fn finish(_: &mut Response, _: &Meta) {}
