//! The schemas of the envelope of successful responses.

use serde_json::{Map, Value, json};

/// Returns the schema of a response whose `result` has the schema `result`.
pub(super) fn envelope(result: &Value) -> Value {
    json!({
        "type": "object",
        "required": ["errors", "messages", "result", "success"],
        "properties": {
            "errors": {"type": "array", "maxItems": 0, "items": {}},
            "messages": {"type": "array", "maxItems": 0, "items": {}},
            "result": result,
            "success": {"type": "boolean", "const": true}
        },
        "additionalProperties": false
    })
}

/// Returns the schema of a page of a list of `item`.
pub(super) fn list(item: &str, has_total_pages: bool) -> Value {
    let mut fields = vec!["count", "page", "per_page", "total_count"];
    fields.extend(has_total_pages.then_some("total_pages"));
    let properties: Map<String, Value> =
        fields.iter().map(|field| ((*field).to_owned(), json!({"type": "integer", "minimum": 0}))).collect();
    let mut list = envelope(&json!({"type": "array", "items": {"$ref": item}}));
    list["required"] = json!(["errors", "messages", "result", "result_info", "success"]);
    list["properties"]["result_info"] = json!({
        "type": "object",
        "required": fields,
        "properties": properties,
        "additionalProperties": false
    });
    list
}
