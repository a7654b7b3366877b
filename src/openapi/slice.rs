//! `slice`: the part of the document about one operation, with the components that it needs and an example of a request.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::http::base_url::encode_component;

/// One operation of an API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OperationSlice {
    /// The operation id with its dialect, such as `ibm_list_access_groups`.
    pub operation: String,
    /// The method.
    pub method: String,
    /// The path with its parameters in braces.
    pub path: String,
    /// An example of a request.
    pub example: ExampleRequest,
    /// An `OpenAPI` document with this operation only.
    pub document: Value,
}

/// An example of a request, without its credential.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExampleRequest {
    /// The path with the examples of its parameters, and the query with those of the required parameters.
    pub url: String,
    /// The required headers.
    pub headers: Map<String, Value>,
    /// The media type of the body; `None` without a body.
    pub media_type: Option<String>,
    /// The body as text; `None` without a body.
    pub body: Option<String>,
}

/// Returns the part of `document` about the operation `id`; `None` if there is no such operation.
pub fn slice(document: &Value, id: &str) -> Option<OperationSlice> {
    let paths = document["paths"].as_object()?;
    let (path, item, method) = paths.iter().find_map(|(path, item)| {
        let (method, _) = item.as_object()?.iter().find(|(_, it)| it["operationId"] == id)?;
        Some((path, item, method))
    })?;
    let operation = resolve(document, item, &item[method]);
    let servers = item.get("servers").unwrap_or(&document["servers"]);
    Some(OperationSlice {
        operation: id.to_owned(),
        method: method.to_uppercase(),
        path: path.clone(),
        example: example(path, &operation),
        document: json!({
            "openapi": document["openapi"],
            "info": document["info"],
            "servers": servers,
            "paths": {path: {method: operation}},
            "components": components(document, &operation)
        }),
    })
}

/// Returns the operation with the parameters of its path, and without references in its parameters and its body.
fn resolve(document: &Value, item: &Value, operation: &Value) -> Value {
    let target =
        |value: &Value| match value["$ref"].as_str().and_then(|it| document.pointer(it.strip_prefix('#')?)) {
            Some(target) => target.clone(),
            None => value.clone(),
        };
    let mut operation = operation.clone();
    let parameters = [&item["parameters"], &operation["parameters"]].into_iter().filter_map(Value::as_array);
    let parameters: Vec<Value> = parameters.flatten().map(target).collect();
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some(body) = operation.get_mut("requestBody") {
        *body = target(body);
    }
    operation
}

/// Returns the components that `operation` refers to, directly or through others.
fn components(document: &Value, operation: &Value) -> Value {
    let mut targets = BTreeSet::new();
    let mut open = vec![operation];
    while let Some(value) = open.pop() {
        for target in references(value) {
            if targets.insert(target) {
                open.extend(document.pointer(target));
            }
        }
    }
    let security = operation["security"].as_array().into_iter().flatten().filter_map(Value::as_object);
    let schemes: BTreeSet<&String> = security.flat_map(Map::keys).collect();
    let mut components = json!({});
    for (kind, all) in document["components"].as_object().into_iter().flatten() {
        let is_needed = |name: &String| {
            let is_scheme = kind == "securitySchemes" && schemes.contains(name);
            is_scheme || targets.contains(format!("/components/{kind}/{name}").as_str())
        };
        let needed = all.as_object().into_iter().flatten().filter(|(name, _)| is_needed(name));
        let needed: Map<String, Value> =
            needed.map(|(name, component)| (name.clone(), component.clone())).collect();
        if !needed.is_empty() {
            components[kind] = needed.into();
        }
    }
    components
}

/// Returns the JSON pointers of the references in `value`.
fn references(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, field)| match (name.as_str(), field) {
                ("$ref", Value::String(target)) => target.strip_prefix('#').into_iter().collect(),
                _ => references(field),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

fn example(path: &str, operation: &Value) -> ExampleRequest {
    let mut url = path.to_owned();
    let mut query: Vec<String> = Vec::new();
    let mut headers = Map::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let (name, value) = (parameter["name"].as_str().unwrap_or_default(), example_of(parameter));
        match parameter["in"].as_str() {
            Some("path") => {
                url = url.replace(&format!("{{{name}}}"), &encode_component(&value).to_string());
            }
            Some("query") if parameter["required"] == true => {
                query.push(format!("{name}={}", encode_component(&value)));
            }
            Some("header") if parameter["required"] == true => {
                headers.insert(name.to_owned(), value.into());
            }
            _ => {}
        }
    }
    if !query.is_empty() {
        url = format!("{url}?{}", query.join("&"));
    }
    let content = operation["requestBody"]["content"].as_object();
    let content = content.and_then(|content| content.iter().next());
    ExampleRequest {
        url,
        headers,
        media_type: content.map(|(media_type, _)| media_type.clone()),
        body: content.map(|(media_type, content)| body(media_type, &content["example"])),
    }
}

/// Returns the example of a parameter as text.
fn example_of(parameter: &Value) -> String {
    let schema = &parameter["schema"];
    let candidates = [&parameter["example"], &schema["example"], &schema["default"], &schema["enum"][0]];
    match candidates.into_iter().find(|value| !value.is_null()) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => "example".to_owned(),
    }
}

/// Returns the example of a body: indented JSON, or an encoded form.
fn body(media_type: &str, example: &Value) -> String {
    match example.as_object() {
        Some(fields) if media_type == "application/x-www-form-urlencoded" => {
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let pairs = fields.iter().map(|(name, value)| {
                format!("{}={}", encode_component(name), encode_component(&text(value)))
            });
            pairs.collect::<Vec<_>>().join("&")
        }
        Some(_) | None => serde_json::to_string_pretty(example).unwrap_or_default(),
    }
}
