//! The components of `openapi.yaml` for the neighbors; those of bodies are derived from their schemas.

use serde_json::{Map, Value, json};

use crate::domain::authress::body_schema::{ObjectSchema, ValueSchema};
use crate::domain::authress::neighbors::{RECORDS, ROLES};

/// Returns the schemas of all kinds.
pub(in super::super) fn schemas() -> [(&'static str, Value); 8] {
    let role = response(&ROLES.schema, &["roleId"], &json!({}));
    let record = response(
        &RECORDS.schema,
        &["recordId", "lastUpdated", "status", "links"],
        &json!({
            "lastUpdated": {"type": "string", "format": "date-time"},
            "status": {"type": "string", "const": "ACTIVE"},
            "links": {
                "type": "object",
                "required": ["self"],
                "properties": {"self": {"$ref": "Link"}},
                "additionalProperties": false
            }
        }),
    );
    let user = json!({
        "type": "object",
        "description": "As in the seed.",
        "required": ["userId"],
        "properties": {"userId": {"type": "string", "minLength": 1}}
    });
    [
        ("RoleRequest", object(&ROLES.schema)),
        ("Role", role),
        ("RoleCollection", collection("roles", "Role", 100)),
        ("AccessRecordRequest", object(&RECORDS.schema)),
        ("AccessRecord", record),
        ("AccessRecordCollection", collection("records", "AccessRecord", 20)),
        ("UserIdentity", user),
        ("UserIdentityCollection", collection("users", "UserIdentity", 100)),
    ]
}

/// Returns the schema of a response: that of the request with the fields that the service adds.
fn response(schema: &ObjectSchema, added: &[&str], properties: &Value) -> Value {
    let mut response = object(schema);
    for (name, property) in properties.as_object().into_iter().flatten() {
        response["properties"][name] = property.clone();
    }
    if let Value::Array(required) = &mut response["required"] {
        required.extend(added.iter().map(|name| json!(name)));
    }
    response
}

fn collection(name: &str, item: &str, max_items: usize) -> Value {
    json!({
        "type": "object",
        "description": "`pagination` and `links.next` are present only if there is a next page.",
        "required": [name, "links"],
        "properties": {
            name: {"type": "array", "maxItems": max_items, "items": {"$ref": item}},
            "pagination": {
                "type": "object",
                "required": ["next"],
                "properties": {
                    "next": {
                        "type": "object",
                        "required": ["cursor"],
                        "properties": {"cursor": {"type": "string", "minLength": 1}},
                        "additionalProperties": false
                    }
                },
                "additionalProperties": false
            },
            "links": {
                "type": "object",
                "required": ["self"],
                "properties": {"self": {"$ref": "Link"}, "next": {"$ref": "Link"}},
                "additionalProperties": false
            }
        },
        "additionalProperties": false
    })
}

fn object(schema: &ObjectSchema) -> Value {
    let required: Vec<&str> = schema.0.iter().filter(|it| it.required).map(|it| it.name).collect();
    let properties: Map<String, Value> = schema
        .0
        .iter()
        .map(|field| {
            let mut property = value(&field.schema);
            if !field.required
                && let Some(json_type) = property.get("type").cloned()
            {
                property["type"] = json!([json_type, "null"]);
            }
            (field.name.to_owned(), property)
        })
        .collect();
    json!({"type": "object", "required": required, "properties": properties, "additionalProperties": false})
}

fn value(schema: &ValueSchema) -> Value {
    match schema {
        ValueSchema::Text(min, max) => json!({"type": "string", "minLength": min, "maxLength": max}),
        ValueSchema::Pattern(max, pattern, _) => {
            json!({"type": "string", "minLength": 1, "maxLength": max, "pattern": pattern})
        }
        ValueSchema::Boolean => json!({"type": "boolean"}),
        ValueSchema::List(min, max, item) => {
            json!({"type": "array", "minItems": min, "maxItems": max, "items": value(item)})
        }
        ValueSchema::Object(schema) => object(schema),
        ValueSchema::Map(max) => {
            json!({"type": "object", "additionalProperties": {"type": "string", "maxLength": max}})
        }
        ValueSchema::ReadOnly => json!({"description": "Read-only: accepted with any value and ignored."}),
    }
}
