//! Functions for JSON values.

use serde_json::{Map, Value};

/// Returns the fields of an object; none of any other value.
pub(super) fn entries(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(entries) => entries,
        _ => Map::new(),
    }
}

/// Returns the value of a schema or an example that is written as JSON.
pub(super) fn parse_json(json: &str) -> Value {
    serde_json::from_str(json)
        .expect("the schemas and examples are valid JSON, because a test generates the whole document")
}
