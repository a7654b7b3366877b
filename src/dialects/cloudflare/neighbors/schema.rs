//! The components of `openapi.yaml` for the neighbors, derived from their kinds.

use serde_json::{Map, Value, json};

use super::super::response_schema::{envelope, list};
use super::operations::APIS;
use crate::domain::neighbors::{AddedValue, FieldType, KnownField, NeighborKind};

/// Returns the schemas of all kinds.
pub(in super::super) fn schemas() -> Map<String, Value> {
    let mut schemas = Map::new();
    for api in &APIS {
        let (name, kind) = (api.schema, &api.kind.kind);
        schemas.insert(name.to_owned(), object(kind));
        schemas.insert(format!("{name}Request"), request(kind, api.kind.updates_fields));
        schemas.insert(format!("{name}Response"), envelope(&json!({"$ref": name})));
        schemas.insert(format!("{name}List"), list(name));
    }
    schemas
}

/// Returns the schema of an object in a response: the fields that were sent, and those that are added.
fn object(kind: &NeighborKind) -> Value {
    let sent = kind.fields.iter().filter(|field| field.required).map(|field| field.name);
    let mut required: Vec<&str> = kind.added.iter().map(|field| field.name).chain(sent).collect();
    required.sort_unstable();
    required.dedup();
    let mut properties: Map<String, Value> =
        kind.fields.iter().map(|field| (field.name.to_owned(), nullable(field))).collect();
    for added in kind.added {
        let schema = match added.value {
            AddedValue::Id | AddedValue::Owner => json!({"type": "string"}),
            AddedValue::Once(_) | AddedValue::Always(_) | AddedValue::Default(_) => json!({}),
        };
        properties.entry(added.name).or_insert(schema);
    }
    json!({
        "description": "The fields that were sent, and those that the service adds.",
        "type": "object",
        "required": required,
        "properties": properties
    })
}

/// Returns the schema of a body; other fields are kept as they are sent.
fn request(kind: &NeighborKind, updates_fields: bool) -> Value {
    let required = kind.fields.iter().filter(|field| field.required).map(|field| field.name);
    let properties: Map<String, Value> =
        kind.fields.iter().map(|field| (field.name.to_owned(), nullable(field))).collect();
    let mut schema = json!({
        "description": "Other fields are kept as they are sent.",
        "type": "object",
        "required": required.collect::<Vec<_>>(),
        "properties": properties
    });
    if updates_fields {
        schema["description"] =
            "Other fields are kept as they are sent; an update needs only the fields that change.".into();
    }
    schema
}

/// Returns the schema of a field; `null` is only allowed where the field may be absent.
fn nullable(field: &KnownField) -> Value {
    let json_type = field.field_type.json_type();
    let mut schema = match field.required {
        true => json!({"type": json_type}),
        false => json!({"type": [json_type, "null"]}),
    };
    match field.field_type {
        FieldType::Text => schema["minLength"] = 1.into(),
        FieldType::Array => schema["items"] = json!({}),
        FieldType::Objects => schema["items"] = json!({"type": "object"}),
        FieldType::ObjectsOrIds => schema["items"] = json!({"type": ["object", "string"]}),
        FieldType::OneOf(values) if field.required => schema["enum"] = json!(values),
        FieldType::OneOf(values) => {
            schema["enum"] = values.iter().map(|value| json!(value)).chain([Value::Null]).collect();
        }
        FieldType::String | FieldType::Boolean | FieldType::Number | FieldType::Object => {}
    }
    schema
}
