//! The operations of the server's own API: each one's route, handler and documentation.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{error, routes};
use crate::failure::Evidence;
use crate::http::{Operation, Parameter};

const DIALECT: Parameter = Parameter::query(
    "dialect",
    "Only the groups of this dialect.",
    r#"{"type":"string","enum":["cloudflare","ibm","authress","legacy"]}"#,
)
.like("\"ibm\"");
const KIND: Parameter =
    Parameter::query("kind", "Only groups of this kind.", Parameter::TEXT).like("\"access_group\"");
const ACCOUNT: Parameter =
    Parameter::query("account", "Only groups of this account or zone.", Parameter::TEXT);
const NAME: Parameter = Parameter::query(
    "name",
    "Only groups whose name contains this, without regard to case.",
    Parameter::TEXT,
);
const LIMIT: Parameter = Parameter::query(
    "limit",
    "The greatest number of groups in the answer.",
    r#"{"type":"integer","minimum":0,"maximum":1000,"default":100}"#,
)
.like("10");
const OFFSET: Parameter = Parameter::query(
    "offset",
    "How many groups are passed over.",
    r#"{"type":"integer","minimum":0,"default":0}"#,
)
.like("0");

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/__admin/health", "get_health", routes::get_health)
            .says("Tell whether the server runs", Evidence::Spec)
            .answers(StatusCode::OK, "Health"),
        Operation::new(Method::GET, "/__admin/openapi.json", "get_openapi_json", routes::get_openapi_json)
            .says("Get this document as JSON", Evidence::Spec)
            .answers(StatusCode::OK, "Document"),
        Operation::new(Method::GET, "/__admin/openapi.yaml", "get_openapi_yaml", routes::get_openapi_yaml)
            .says("Get this document as YAML", Evidence::Spec)
            .answers_as(StatusCode::OK, "application/yaml", "Document"),
        Operation::new(Method::GET, "/__admin/groups", "list_groups", routes::list_groups)
            .says("List the groups of all dialects", Evidence::Spec)
            .takes(&[&DIALECT, &KIND, &ACCOUNT, &NAME, &LIMIT, &OFFSET])
            .answers(StatusCode::OK, "Groups")
            .refuses(&[&error::BAD_REQUEST]),
    ]
}

pub(super) fn schemas() -> Value {
    json!({
        "Error": {
            "type": "object",
            "required": ["errors"],
            "properties": {"errors": {"type": "array", "minItems": 1, "items": {
                "type": "object",
                "required": ["code", "title"],
                "properties": {
                    "code": {"type": "integer"},
                    "title": {"type": "string"},
                    "detail": {"type": "string"}
                },
                "additionalProperties": false
            }}},
            "additionalProperties": false
        },
        "Health": {
            "type": "object",
            "required": ["status", "message", "version", "uptimeInSeconds", "timestamp"],
            "properties": {
                "status": {"type": "string", "const": "healthy"},
                "message": {"type": "string"},
                "version": {"type": "string"},
                "uptimeInSeconds": {"type": "integer"},
                "timestamp": {"type": "string", "format": "date-time"}
            },
            "additionalProperties": false
        },
        "Document": {"type": "object", "required": ["openapi", "info", "paths"]},
        "Groups": {
            "type": "object",
            "required": ["groups", "meta"],
            "properties": {
                "groups": {"type": "array", "items": {"$ref": "Group"}},
                "meta": {
                    "type": "object",
                    "required": ["total"],
                    "properties": {"total": {"type": "integer", "description": "All groups that the filters admit."}}
                }
            },
            "additionalProperties": false
        },
        "Group": group()
    })
}

fn group() -> Value {
    json!({
        "type": "object",
        "required": ["dialect", "kind", "account", "id", "name", "members", "created", "modified", "revision"],
        "properties": {
            "dialect": {"type": "string"},
            "kind": {"type": "string"},
            "account": {"type": "string", "description": "The account, zone or tenant; empty where there is none."},
            "id": {"type": "string"},
            "name": {"type": "string"},
            "members": {"type": "integer", "description": "What the vendor counts as the content of the group."},
            "created": {"type": ["string", "null"], "format": "date-time"},
            "modified": {"type": ["string", "null"], "format": "date-time"},
            "revision": {"type": "integer", "description": "The number of the last change; a pinned group gets its first one back with its value."}
        },
        "additionalProperties": false
    })
}
