//! The components of `openapi.yaml` for the cloudflare dialect.

use serde_json::{Map, Value, json};

use super::response_schema::{envelope, list};
use crate::domain::cloudflare::rules::KINDS;

pub(super) fn schemas() -> Value {
    let mut schemas = group_schemas();
    if let (Value::Object(schemas), Value::Object(errors)) = (&mut schemas, errors()) {
        schemas.extend(errors);
        schemas.extend(super::neighbors::schemas());
        schemas.extend(super::account_schema::schemas());
    }
    schemas
}

fn group_schemas() -> Value {
    json!({
        "Deleted": envelope(&json!({
            "type": "object",
            "required": ["id"],
            "properties": {"id": {"type": "string"}},
            "additionalProperties": false
        })),
        "Rule": rule(),
        "AccessGroup": access_group(),
        "AccessGroupResponse": envelope(&json!({"$ref": "AccessGroup"})),
        "AccessGroupList": list("AccessGroup", true),
        "AccessGroupRequest": access_group_request(),
        "Scope": scope(),
        "Scopes": {"type": "array", "minItems": 1, "items": {"$ref": "Scope"}},
        "ResourceGroup": resource_group(),
        "ResourceGroupResponse": envelope(&json!({"$ref": "ResourceGroup"})),
        "ResourceGroupList": list("ResourceGroup", true),
        "ResourceGroupRequest": resource_group_request(&["name", "scope"]),
        "ResourceGroupUpdate": resource_group_request(&[]),
        "PermissionGroup": permission_group(),
        "PermissionGroupResponse": envelope(&json!({"$ref": "PermissionGroup"})),
        "PermissionGroupList": list("PermissionGroup", false)
    })
}

/// Returns the schemas of error responses; the envelopes with fewer fields occur only with `--fidelity live`.
fn errors() -> Value {
    let success = json!({"type": "boolean", "description": "`false`."});
    let all_fields = json!({
        "result": {"const": null},
        "success": success,
        "messages": {"type": "array", "maxItems": 0, "items": {}},
        "errors": error_items()
    });
    let gateway = json!({"success": success, "errors": error_items()});
    let authorization = json!({"code": {"type": "integer"}, "error": {"type": "string"}});
    let authorization_error = closed_object(
        &["code", "error"],
        &authorization,
        "Of a write without permission, with `--fidelity live`.",
    );
    let gateway_error = closed_object(
        &["success", "errors"],
        &gateway,
        "Of the credential or the path, with `--fidelity live`.",
    );
    let service_error =
        closed_object(&["result", "success", "errors", "messages"], &all_fields, "Any other error.");
    json!({
        "Error": {"anyOf": [
            {"$ref": "ServiceError"}, {"$ref": "GatewayError"}, {"$ref": "AuthorizationError"}
        ]},
        "ServiceError": service_error,
        "GatewayError": gateway_error,
        "AuthorizationError": authorization_error,
        "ErrorItem": error_item()
    })
}

fn closed_object(required: &[&str], properties: &Value, description: &str) -> Value {
    json!({
        "type": "object",
        "description": description,
        "required": required,
        "properties": properties,
        "additionalProperties": false
    })
}

fn error_items() -> Value {
    json!({"type": "array", "minItems": 1, "items": {"$ref": "ErrorItem"}})
}

fn error_item() -> Value {
    json!({
        "type": "object",
        "required": ["code", "message"],
        "properties": {
            "code": {"type": "integer", "minimum": 0, "maximum": 65535},
            "message": {"type": "string"},
            "source": {
                "type": "object",
                "description": "The location of the first error in the body.",
                "required": ["pointer"],
                "properties": {"pointer": {"type": "string", "description": "A JSON pointer."}},
                "additionalProperties": false
            },
            "error_chain": {"type": "array", "items": {
                "type": "object",
                "required": ["message"],
                "properties": {"code": {"type": "integer"}, "message": {"type": "string"}},
                "additionalProperties": false
            }}
        },
        "additionalProperties": false
    })
}

/// Returns the schema of a rule: any object with one field, because unknown kinds are stored as written.
fn rule() -> Value {
    let kinds: Map<String, Value> = KINDS
        .iter()
        .map(|(kind, fields)| {
            let properties: Map<String, Value> =
                fields.iter().map(|field| ((*field).to_owned(), inner_field(kind))).collect();
            let schema = match fields {
                [] => json!({"type": "object"}),
                _ => json!({"type": "object", "required": fields, "properties": properties}),
            };
            ((*kind).to_owned(), schema)
        })
        .collect();
    json!({
        "description": "A rule: an object with one kind as its only field. It is stored and returned as written.",
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "properties": kinds,
        "additionalProperties": {"type": "object", "description": "A kind that is not listed."}
    })
}

fn inner_field(kind: &str) -> Value {
    if kind == "user_risk_score" {
        let score = json!({"type": "string", "enum": ["low", "medium", "high", "unscored"]});
        return json!({"type": "array", "minItems": 1, "items": score});
    }
    json!({"type": "string"})
}

fn access_group() -> Value {
    let rules = json!({"type": "array", "items": {"$ref": "Rule"}});
    json!({
        "type": "object",
        "required": ["created_at", "exclude", "id", "include", "name", "require", "uid", "updated_at"],
        "properties": {
            "created_at": {"type": "string", "format": "date-time"},
            "exclude": rules,
            "id": {"type": "string"},
            "include": rules,
            "is_default": {
                "description": "An empty array, as the specification requires, or a boolean: see \
                    `--cloudflare-is-default`."
            },
            "name": {"type": "string"},
            "require": rules,
            "uid": {"type": "string", "description": "The same as `id`."},
            "updated_at": {"type": "string", "format": "date-time"}
        },
        "additionalProperties": false
    })
}

fn access_group_request() -> Value {
    let rules = json!({"type": ["array", "null"], "items": {"$ref": "Rule"}});
    json!({
        "type": "object",
        "required": ["name", "include"],
        "properties": {
            "name": {"type": "string", "minLength": 1},
            "include": {
                "type": "array",
                "items": {"$ref": "Rule"},
                "description": "A user must match at least one of these rules."
            },
            "exclude": rules,
            "require": rules,
            "is_default": {"type": ["boolean", "null"]}
        }
    })
}

fn scope() -> Value {
    json!({
        "type": "object",
        "required": ["key", "objects"],
        "properties": {
            "key": {"type": "string", "minLength": 1},
            "objects": {"type": "array", "minItems": 1, "items": {
                "type": "object",
                "required": ["key"],
                "properties": {"key": {"type": "string", "minLength": 1}}
            }}
        }
    })
}

fn scope_or_scopes() -> Value {
    json!({
        "description": "An object, or a non-empty array of objects; returned as it was written.",
        "anyOf": [{"$ref": "Scope"}, {"$ref": "Scopes"}]
    })
}

fn resource_group() -> Value {
    json!({
        "type": "object",
        "required": ["id", "name", "meta", "scope"],
        "properties": {
            "id": {"type": "string"},
            "name": {"type": "string"},
            "meta": {
                "type": "object",
                "required": ["editable"],
                "properties": {"editable": {"type": "string", "enum": ["true", "false"]}},
                "additionalProperties": false
            },
            "scope": scope_or_scopes()
        },
        "additionalProperties": false
    })
}

fn resource_group_request(required: &[&str]) -> Value {
    let name_type = if required.contains(&"name") { json!("string") } else { json!(["string", "null"]) };
    let name = json!({"type": name_type, "minLength": 1});
    json!({
        "type": "object",
        "required": required,
        "properties": {"name": name, "scope": scope_or_scopes()}
    })
}

fn permission_group() -> Value {
    json!({
        "type": "object",
        "required": ["id", "name", "status", "meta", "created_on", "modified_on"],
        "properties": {
            "id": {"type": "string"},
            "name": {"type": "string"},
            "status": {"type": "string", "const": "V"},
            "meta": {
                "type": "object",
                "required": ["description", "editable", "label", "scopes"],
                "properties": {
                    "description": {"type": "string"},
                    "editable": {"type": "string"},
                    "label": {"type": "string"},
                    "scopes": {"type": "string"}
                },
                "additionalProperties": false
            },
            "created_on": {"type": "string", "format": "date-time"},
            "modified_on": {"type": "string", "format": "date-time"}
        },
        "additionalProperties": false
    })
}

pub(super) fn security() -> Value {
    json!({
        "token": {"type": "http", "scheme": "bearer"},
        "key": {
            "type": "apiKey",
            "in": "header",
            "name": "X-Auth-Key",
            "description": "The API key of the user in `X-Auth-Email`."
        },
        "email": {
            "type": "apiKey",
            "in": "header",
            "name": "X-Auth-Email",
            "description": "The user of the API key in `X-Auth-Key`."
        },
        "serviceKey": {"type": "apiKey", "in": "header", "name": "X-Auth-User-Service-Key"}
    })
}
