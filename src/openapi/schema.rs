//! What the schemas of the dialects leave out: the names of components, and what can be said of all of them.

use serde_json::{Value, json};

use super::components::component;
use crate::spec::ApiSpec;

/// Completes a schema of `api`.
pub(super) fn complete(schema: &mut Value, api: &ApiSpec) {
    qualify(schema, api);
    open_objects(schema);
    split_types(schema);
    describe_fields(schema, api);
}

/// Replaces each `{"$ref": "Name"}` in a dialect's schema with a reference to its component.
fn qualify(schema: &mut Value, api: &ApiSpec) {
    match schema {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(target) if name == "$ref" => {
                        *target = format!("#/components/schemas/{}", component(api, target));
                    }
                    _ => qualify(field, api),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| qualify(item, api)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Says of objects without properties that they may have any: some generators take them for empty ones.
fn open_objects(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            let has = |name: &str| fields.contains_key(name);
            let is_object = fields.get("type") == Some(&json!("object"))
                || fields.get("type") == Some(&json!(["object", "null"]));
            if is_object && !has("properties") && !has("additionalProperties") {
                fields.insert("additionalProperties".to_owned(), true.into());
            }
            fields.values_mut().for_each(open_objects);
        }
        Value::Array(items) => items.iter_mut().for_each(open_objects),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Replaces several types with alternatives, because some generators know only one type and null.
fn split_types(schema: &mut Value) {
    match schema {
        Value::Object(keywords) => {
            let types = keywords.get("type").and_then(Value::as_array).cloned().unwrap_or_default();
            if types.iter().filter(|it| **it != "null").count() > 1 {
                keywords.remove("type");
                let alternatives: Vec<Value> = types.iter().map(|it| json!({"type": it})).collect();
                keywords.insert("oneOf".to_owned(), alternatives.into());
            }
            keywords.values_mut().for_each(split_types);
        }
        Value::Array(items) => items.iter_mut().for_each(split_types),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Describes fields without a description by their names.
fn describe_fields(schema: &mut Value, api: &ApiSpec) {
    match schema {
        Value::Object(keywords) => {
            let properties = keywords.get_mut("properties").and_then(Value::as_object_mut);
            for (name, property) in properties.into_iter().flatten() {
                let described = api.field_descriptions.iter().find(|(described, _)| described == name);
                // A reference has the description of its component.
                if let (Some((_, description)), Some(keywords)) = (described, property.as_object_mut())
                    && !keywords.contains_key("$ref")
                {
                    keywords.entry("description").or_insert_with(|| (*description).into());
                }
            }
            keywords.values_mut().for_each(|keyword| describe_fields(keyword, api));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| describe_fields(item, api)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
