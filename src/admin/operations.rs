//! The operations of the server's own API: each one's route, handler and documentation.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{error, routes};
use crate::failure::Evidence;
use crate::http::{Operation, Parameter};

const fn filter(name: &'static str, description: &'static str, example: &'static str) -> Parameter {
    Parameter { name, place: "query", required: false, description, schema: r#"{"type":"string"}"#, example }
}

const DIALECT: Parameter = Parameter {
    name: "dialect",
    place: "query",
    required: false,
    description: "Only the groups of this dialect.",
    schema: r#"{"type":"string","enum":["cloudflare","ibm","authress","legacy"]}"#,
    example: "\"ibm\"",
};
const KIND: Parameter = filter("kind", "Only groups of this kind.", "\"access_group\"");
const ACCOUNT: Parameter = filter("account", "Only groups of this account or zone.", "");
const NAME: Parameter = filter("name", "Only groups whose name contains this, without regard to case.", "");
const LIMIT: Parameter = Parameter {
    name: "limit",
    place: "query",
    required: false,
    description: "The greatest number of groups in the answer.",
    schema: r#"{"type":"integer","minimum":0,"maximum":1000,"default":100}"#,
    example: "10",
};
const OFFSET: Parameter = Parameter {
    name: "offset",
    place: "query",
    required: false,
    description: "How many groups are passed over.",
    schema: r#"{"type":"integer","minimum":0,"default":0}"#,
    example: "0",
};

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
