//! The components of `openapi.yaml` for accounts, zones, the user, tokens, roles and members of user groups.

use serde_json::{Map, Value, json};

use super::response_schema::{envelope, list};

/// Returns the schemas by name.
pub(super) fn schemas() -> Map<String, Value> {
    let text = json!({"type": "string"});
    let time = json!({"type": "string", "format": "date-time"});
    let objects = [
        ("Account", json!({"id": text, "name": text, "type": text, "settings": {"type": "object"}})),
        (
            "Zone",
            json!({
                "id": text, "name": text, "status": text, "paused": {"type": "boolean"}, "type": text,
                "development_mode": {"type": "integer"}, "meta": {"type": "object"}, "created_on": time, "modified_on": time,
            "name_servers": {"type": "array", "items": text},
                "account": {"type": "object", "required": ["id", "name"], "properties": {"id": text, "name": text}},
                "owner": {"type": "object"}, "plan": {"type": "object"}
            }),
        ),
        (
            "User",
            json!({
                "id": text, "email": text, "first_name": {"type": ["string", "null"], "const": null},
                "last_name": {"type": ["string", "null"], "const": null},
                "username": text, "two_factor_authentication_enabled": {"type": "boolean"},
                "suspended": {"type": "boolean"}
            }),
        ),
        ("TokenStatus", json!({"id": text, "status": {"type": "string", "const": "active"}})),
        (
            "TokenPermissionGroup",
            json!({"id": text, "name": text, "scopes": {"type": "array", "items": text}}),
        ),
        ("Role", json!({"id": text, "name": text, "description": text, "permissions": {"type": "object"}})),
    ];
    let mut schemas = Map::new();
    for (name, properties) in objects {
        let required: Vec<&String> = properties.as_object().into_iter().flat_map(Map::keys).collect();
        let object = json!({
            "type": "object",
            "required": required,
            "properties": properties,
            "additionalProperties": false
        });
        schemas.insert(name.to_owned(), object);
    }
    schemas.insert(
        "UserGroupMember".to_owned(),
        json!({
            "type": "object",
            "required": ["id"],
            "properties": {"id": text, "email": text, "status": text}
        }),
    );
    schemas.insert("UserGroupMembersRequest".to_owned(), json!({
        "type": "array",
        "items": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "minLength": 1}}}
    }));
    for name in ["Account", "Zone", "Role", "UserGroupMember", "TokenPermissionGroup"] {
        schemas.insert(format!("{name}List"), list(name, true));
    }
    for name in ["Account", "Zone", "User", "TokenStatus", "Role", "UserGroupMember"] {
        schemas.insert(format!("{name}Response"), envelope(&json!({"$ref": name})));
    }
    schemas
}
