//! The OpenAPI schemas of the ibm dialect.

mod fields;

use serde_json::{Value, json};

use crate::spec::parse_schemas;

pub(super) use fields::FIELDS;

/// Returns all schemas by name.
pub(super) fn schemas() -> Value {
    let parts = [
        include_str!("errors.json"),
        include_str!("groups.json"),
        include_str!("requests.json"),
        include_str!("templates.json"),
        include_str!("principals.json"),
        include_str!("policies.json"),
        include_str!("neighbors.json"),
        include_str!("enterprises.json"),
    ];
    parse_schemas(&parts).into()
}

/// Returns the security schemes.
pub(super) fn security() -> Value {
    json!({
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "basic": {"type": "http", "scheme": "basic"}
    })
}
