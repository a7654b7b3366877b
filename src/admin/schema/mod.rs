//! The schemas of the admin API in `openapi.yaml`.

mod control;
mod fields;
mod requests;

use serde_json::{Map, Value, json};

pub(super) use fields::FIELDS;

/// Returns the schemas by name.
pub(super) fn schemas() -> Value {
    let parts = [server(), documents(), groups(), control::schemas(), requests::schemas()];
    let entries = parts.into_iter().filter_map(|part| match part {
        Value::Object(entries) => Some(entries),
        _ => None,
    });
    Value::Object(entries.flatten().collect::<Map<_, _>>())
}

/// Returns the security schemes; the server accepts the token in both headers.
pub(super) fn security() -> Value {
    let description = "The token of `--admin-token`, if the server has one.";
    json!({
        "token": {"type": "apiKey", "in": "header", "name": "X-Mock-Admin-Token", "description": description},
        "bearer": {"type": "http", "scheme": "bearer", "description": description}
    })
}

/// Returns the schema of an object with only these properties, which are required unless `optional` lists them.
fn object(optional: &[&str], properties: Value) -> Value {
    let names = properties.as_object().into_iter().flat_map(|properties| properties.keys());
    let required: Vec<&String> = names.filter(|name| !optional.contains(&name.as_str())).collect();
    let mut object = json!({"type": "object"});
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object["properties"] = properties;
    object["additionalProperties"] = false.into();
    object
}

fn list_schema(schema: &str) -> Value {
    json!({"type": "array", "items": {"$ref": schema}})
}

fn string() -> Value {
    json!({"type": "string"})
}

fn count() -> Value {
    json!({"type": "integer", "minimum": 0})
}

fn time() -> Value {
    json!({"type": "string", "format": "date-time"})
}

fn or_null(mut schema: Value) -> Value {
    schema["type"] = json!([schema["type"], "null"]);
    schema
}

fn documents() -> Value {
    json!({
        "Metrics": {
            "type": "string",
            "description": "The text format of Prometheus, version 0.0.4; docs/admin.md lists the metrics."
        },
        "OperationSlice": object(&[], json!({
            "operation": string(), "method": string(), "path": string(),
            "example": object(&[], json!({
                "url": {"type": "string", "description": "The path with the examples of its parameters, and the required part of the query."},
                "headers": {"type": "object", "additionalProperties": string()},
                "mediaType": or_null(string()), "body": or_null(string())
            })),
            "document": {"$ref": "Document"}
        })),
        "Certificate": {"type": "string"},
        "Document": {
            "type": "object",
            "description": "An OpenAPI 3.1 document.",
            "required": ["openapi", "info", "paths"],
            "properties": {"openapi": string(), "info": {"type": "object"}, "paths": {"type": "object"}}
        }
    })
}

fn server() -> Value {
    let error =
        object(&["detail"], json!({"code": {"type": "integer"}, "title": string(), "detail": string()}));
    json!({
        "Error": object(&[], json!({"errors": {"type": "array", "minItems": 1, "items": error}})),
        "Health": object(&[], json!({
            "status": {"type": "string", "const": "healthy"},
            "message": string(),
            "version": string(),
            "contract": {
                "type": "integer",
                "description": "The version of the admin API; only an incompatible change increases it."
            },
            "uptimeInSeconds": {"type": "integer"},
            "timestamp": time()
        })),
        "Settings": object(&[], json!({
            "bounds": {"type": "array", "items": object(&[], json!({
                "name": string(),
                "limit": count(),
                "unit": {"type": "string"},
                "scope": {"type": "string", "enum": ["server", "namespace", "connection", "request"]},
                "option": or_null(string()),
                "description": string()
            }))},
            "journalBytesUsed": count()
        })),
        "Coverage": object(&[], json!({
            "summary": object(&[], json!({
                "operations": count(), "operationsCalled": count(), "rules": count(), "rulesHit": count()
            })),
            "operations": {"type": "array", "items": object(&[], json!({
                "operation": string(), "dialect": string(), "method": string(), "path": string(), "summary": string(),
                "evidence": evidence(), "confidence": confidence(), "date": or_null(string()), "source": string(), "rules": {"type": "array", "items": string()}, "calls": count()
            }))},
            "rules": {"type": "array", "items": object(&[], merge(rule_fields(), json!({
                "dialect": string(), "hits": count()
            })))}
        })),
        "Namespaces": object(&[], json!({"namespaces": list_schema("Namespace")})),
        "Namespace": object(&[], json!({
            "name": string(), "created": time(), "lastUsed": time(), "requests": count(), "faults": count(),
            "groups": count()
        }))
    })
}

fn groups() -> Value {
    let total = json!({"type": "integer", "description": "The number of groups that match the filters."});
    json!({
        "Groups": object(&[], json!({"groups": list_schema("Group"), "meta": object(&[], json!({"total": total}))})),
        "Group": object(&[], json!({
            "dialect": string(),
            "kind": string(),
            "account": {"type": "string", "description": "The account, zone or tenant; empty if there is none."},
            "id": string(),
            "path": {"type": "string", "description": "The vendor's path of the group."},
            "name": string(),
            "members": {"type": "integer", "description": "The number of entries that the vendor counts as the group's content."},
            "created": or_null(time()),
            "modified": or_null(time()),
            "revision": {"type": "integer", "description": "The number of the last change; a pinned group that is restored gets back its first revision."}
        })),
        "Record": object(&[], json!({
            "dialect": string(), "kind": string(),
            "account": {"type": "string", "description": "The account, zone or tenant; empty if there is none."},
            "id": string(),
            "record": {"type": "object", "description": "The object in the format of docs/seed.md, with a `$state` field."}
        })),
        "GroupUses": object(&[], json!({"uses": list_schema("GroupUse")})),
        "GroupUse": object(&[], json!({
            "dialect": string(),
            "kind": {"type": "string", "description": "The kind of record, such as `access_policy`."},
            "account": {"type": "string", "description": "The account, zone or tenant; empty if there is none."},
            "id": string(),
            "name": {"type": "string", "description": "The name of the record; empty if it has none."},
            "path": {"type": "string", "description": "The path of the reference in the record."}
        }))
    })
}

fn confidence() -> Value {
    json!({"type": ["string", "null"], "enum": ["high", "medium", "low", null]})
}

fn evidence() -> Value {
    json!({"type": "string", "enum": ["vendor-doc", "spec", "observed", "observed, sibling", "client", "assumed"]})
}

fn rule_fields() -> Value {
    json!({
        "id": string(), "status": {"type": "integer"}, "code": string(), "message": string(), "description": string(),
        "remediation": string(), "evidence": evidence(), "confidence": confidence(), "date": or_null(string()), "source": string()
    })
}

/// Returns the properties of both.
fn merge(mut properties: Value, more: Value) -> Value {
    if let (Some(properties), Value::Object(more)) = (properties.as_object_mut(), more) {
        properties.extend(more);
    }
    properties
}
