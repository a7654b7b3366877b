//! `openapi.yaml` is a valid OpenAPI 3.1 document, by the official JSON Schema and for common YAML parsers.

use access_groups_mock::openapi_document;
use serde_json::{Map, Value, json};

use super::{generated, visit_all};
use crate::support::operations::operations;

/// The JSON Schema of OpenAPI 3.1; its source is in the README beside it.
const OAS_SCHEMA: &str = include_str!("oas-3.1-schema.json");

/// Returns the violations of the OpenAPI schema in `document`; its schema objects are validated against JSON Schema
/// 2020-12.
fn violations(document: &Value) -> Vec<String> {
    let oas: Value = serde_json::from_str(OAS_SCHEMA).unwrap();
    // The OpenAPI schema does not fix the dialect of schema objects: a definition with the dynamic anchor `meta`
    // selects it.
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://access-groups-mock.test/openapi",
        "$ref": oas["$id"],
        "$defs": {
            "openapi": oas,
            "schema": {"$dynamicAnchor": "meta", "$ref": "https://json-schema.org/draft/2020-12/schema"}
        }
    });
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_document_is_valid_openapi_3_1() {
    assert_eq!(violations(&openapi_document()), [""; 0]);
}

#[test]
fn an_invalid_response_or_schema_object_is_found() {
    let with = |pointer: &str, value: Value| {
        let mut changed = openapi_document();
        *changed.pointer_mut(pointer).unwrap() = value;
        violations(&changed).len()
    };
    let response = "/paths/~1v1~1groups~1{groupId}/delete/responses/204";

    assert_ne!(with(response, json!({"description": "No Content", "content": null})), 0);
    assert_ne!(with(response, json!({"content": {}})), 0);
    assert_ne!(with("/components/schemas/AuthressGroup", json!({"type": "text"})), 0);
    assert_ne!(with("/components/schemas/AuthressGroup/properties", json!({"name": null})), 0);
}

#[test]
fn every_response_has_a_description_and_no_content_without_a_media_type() {
    for operation in operations() {
        for (status, response) in operation.definition["responses"].as_object().unwrap() {
            let name = format!("{status} of {}", operation.name());
            assert!(response["description"].as_str().is_some_and(|it| !it.is_empty()), "{name}");
            let content = response.get("content").map(|content| content.as_object().map(Map::len));
            assert!(!matches!(content, Some(None | Some(0))), "{name}");
        }
    }
}

#[test]
fn null_is_in_examples_and_enumerations_only() {
    fn check(path: &str, value: &Value) {
        match value {
            Value::Null => panic!("`{path}` is null"),
            Value::Object(fields) => {
                let fields = fields
                    .iter()
                    .filter(|(name, _)| !["example", "value", "enum", "const"].contains(&name.as_str()));
                fields.for_each(|(name, value)| check(&format!("{path}/{name}"), value));
            }
            Value::Array(items) => items.iter().for_each(|item| check(path, item)),
            Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    check("", &openapi_document());
}

#[test]
fn every_array_schema_has_items() {
    visit_all(&openapi_document(), &mut |value| {
        if value["type"] == "array" {
            assert!(value.get("items").is_some(), "{value} has no `items`");
        }
    });
}

#[test]
fn every_timestamp_is_quoted_in_the_yaml() {
    let yaml = generated();
    let is_quoted = |at: usize| yaml[..at].ends_with(['\'', '"']);

    let timestamps: Vec<usize> = yaml.match_indices("2026-01-02T03:04:05.678Z").map(|(at, _)| at).collect();

    assert!(!timestamps.is_empty());
    assert!(timestamps.iter().all(|at| is_quoted(*at)));
}
