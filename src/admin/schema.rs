//! The components of the server's own API in `openapi.yaml`.

mod control;
mod requests;

use serde_json::{Map, Value, json};

pub(super) fn schemas() -> Value {
    let parts = [server(), control::schemas(), requests::schemas()];
    let entries = parts.into_iter().filter_map(|part| match part {
        Value::Object(entries) => Some(entries),
        _ => None,
    });
    Value::Object(entries.flatten().collect::<Map<_, _>>())
}

/// An object with these members and no others; those named in `optional` may be absent.
fn object(optional: &[&str], properties: Value) -> Value {
    let names = properties.as_object().into_iter().flat_map(|members| members.keys());
    let required: Vec<&String> = names.filter(|name| !optional.contains(&name.as_str())).collect();
    let mut object = json!({"type": "object"});
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object["properties"] = properties;
    object["additionalProperties"] = false.into();
    object
}

fn list_of(schema: &str) -> Value {
    json!({"type": "array", "items": {"$ref": schema}})
}

fn text() -> Value {
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

fn server() -> Value {
    let error = object(&["detail"], json!({"code": {"type": "integer"}, "title": text(), "detail": text()}));
    let total = json!({"type": "integer", "description": "All groups that the filters admit."});
    json!({
        "Error": object(&[], json!({"errors": {"type": "array", "minItems": 1, "items": error}})),
        "Health": object(&[], json!({
            "status": {"type": "string", "const": "healthy"},
            "message": text(),
            "version": text(),
            "uptimeInSeconds": {"type": "integer"},
            "timestamp": time()
        })),
        "Document": {"type": "object", "required": ["openapi", "info", "paths"]},
        "Groups": object(&[], json!({"groups": list_of("Group"), "meta": object(&[], json!({"total": total}))})),
        "Group": object(&[], json!({
            "dialect": text(),
            "kind": text(),
            "account": {"type": "string", "description": "The account, zone or tenant; empty where there is none."},
            "id": text(),
            "name": text(),
            "members": {"type": "integer", "description": "What the vendor counts as the content of the group."},
            "created": or_null(time()),
            "modified": or_null(time()),
            "revision": {"type": "integer", "description": "The number of the last change; a pinned group gets its first one back with its value."}
        })),
        "Coverage": object(&[], json!({
            "summary": object(&[], json!({
                "operations": count(), "operationsCalled": count(), "rules": count(), "rulesMet": count()
            })),
            "operations": {"type": "array", "items": object(&[], json!({
                "operation": text(), "dialect": text(), "method": text(), "path": text(), "summary": text(),
                "evidence": evidence(), "source": text(), "rules": {"type": "array", "items": text()}, "calls": count()
            }))},
            "rules": {"type": "array", "items": object(&[], with(rule_members(), json!({
                "dialect": text(), "refusals": count()
            })))}
        })),
        "Namespaces": object(&[], json!({"namespaces": list_of("Namespace")})),
        "Namespace": object(&[], json!({
            "name": text(), "created": time(), "lastUsed": time(), "requests": count(), "faults": count(),
            "groups": count()
        }))
    })
}

fn evidence() -> Value {
    json!({"type": "string", "enum": ["seed", "spec", "observed", "client", "assumed"]})
}

fn rule_members() -> Value {
    json!({
        "id": text(), "status": {"type": "integer"}, "code": text(), "message": text(), "when": text(),
        "remedy": text(), "evidence": evidence(), "source": text()
    })
}

/// The members of both.
fn with(mut members: Value, more: Value) -> Value {
    if let (Some(members), Value::Object(more)) = (members.as_object_mut(), more) {
        members.extend(more);
    }
    members
}
