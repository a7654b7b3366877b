//! `openapi.yaml`, generated from the operations and error tables of the dialects.
//!
//! Imports `dialect`, `failure` and `http`. Invariant: what is routed is documented, because both come from one
//! registration; the examples of errors are rendered by the dialect itself.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use crate::dialect;
use crate::failure::Code;
use crate::http::{Dialect, Operation, Parameter};

/// The committed document, which a test holds against [`document`].
pub const YAML: &str = include_str!("../openapi.yaml");

/// Returns the document as JSON text, put together once.
pub(crate) fn json() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| document().to_string());
    &TEXT
}

/// Returns the document of every API of the server.
///
/// ```
/// let document = access_groups_mock::openapi_document();
/// assert_eq!(document["openapi"], "3.1.0");
/// ```
pub fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    let mut schemas = Map::new();
    let mut security = Map::new();
    for dialect in dialect::ALL {
        for operation in (dialect.operations)() {
            let item = paths.entry(operation.path).or_insert_with(|| json!({}));
            item[operation.method.as_str().to_lowercase()] = describe(dialect, &operation);
        }
        for (name, mut schema) in entries((dialect.documentation.schemas)()) {
            qualify(&mut schema, dialect);
            schemas.insert(component(dialect, &name), schema);
        }
        for (name, scheme) in entries((dialect.documentation.security)()) {
            security.insert(component(dialect, &name), scheme);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "access-groups-mock",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A local, stateful stand-in for the access-group APIs of several vendors. \
                `x-evidence` says how each operation and error is known: seed, spec, observed, client or assumed; \
                `x-source` says where from. `x-codes` lists the errors, each with the id of its `rule` and the \
                `remedy`: what a request must do to pass.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"}
        },
        "servers": [{"url": "http://127.0.0.1:4010"}],
        "tags": dialect::ALL.iter().map(|dialect| tag(dialect)).collect::<Vec<_>>(),
        "paths": paths,
        "components": {"securitySchemes": security, "schemas": schemas}
    })
}

/// A dialect, with all its errors, also those that no operation has: unknown paths and wrong methods.
fn tag(dialect: &Dialect) -> Value {
    json!({
        "name": dialect.name,
        "description": dialect.title,
        "x-codes": table(dialect.documentation.codes)
    })
}

fn describe(dialect: &Dialect, operation: &Operation) -> Value {
    let mut described = json!({
        "operationId": format!("{}_{}", dialect.name, operation.id),
        "tags": [dialect.name],
        "summary": operation.summary,
        "x-evidence": operation.evidence.to_string(),
        "x-source": operation.source,
    });
    if !operation.description.is_empty() {
        described["description"] = operation.description.into();
    }
    let captured = dialect
        .documentation
        .path_parameters
        .iter()
        .filter(|parameter| operation.path.contains(&format!("{{{}}}", parameter.name)));
    let parameters: Vec<Value> =
        captured.chain(operation.parameters).map(|parameter| parameter_of(parameter)).collect();
    if !parameters.is_empty() {
        described["parameters"] = parameters.into();
    }
    if let Some(body) = operation.body {
        let example = match body.media_type {
            "application/json" => parsed(body.example),
            _ => body.example.into(),
        };
        described["requestBody"] = json!({
            "required": true,
            "content": {body.media_type: {"schema": reference(dialect, body.schema), "example": example}}
        });
    }
    described["responses"] = responses(dialect, operation);
    let schemes = entries((dialect.documentation.security)());
    if !schemes.is_empty() && !operation.is_public {
        described["security"] =
            schemes.iter().map(|(name, _)| json!({component(dialect, name): []})).collect();
    }
    described
}

fn parameter_of(parameter: &Parameter) -> Value {
    let mut described = json!({
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.required,
        "description": parameter.description,
        "schema": parsed(parameter.schema),
    });
    if !parameter.example.is_empty() {
        described["example"] = parsed(parameter.example);
    }
    described
}

fn responses(dialect: &Dialect, operation: &Operation) -> Value {
    let mut responses = Map::new();
    for answer in &operation.answers {
        let headers = answer.headers.iter().chain(dialect.documentation.headers);
        let mut response = json!({"description": answer.status.canonical_reason().unwrap_or_default()});
        let headers = headers_of(headers);
        if !headers.is_empty() {
            response["headers"] = headers.into();
        }
        if let Some(schema) = answer.schema {
            let media_type = answer.media_type.unwrap_or(dialect.media_type);
            response["content"] = json!({media_type: {"schema": reference(dialect, schema)}});
        }
        let status = answer.status.as_u16().to_string();
        match (responses.get_mut(&status), entries(response["content"].take())) {
            // One status in another form: JSON, or as text.
            (Some(known), content) => {
                content.into_iter().for_each(|(name, form)| known["content"][name] = form)
            }
            (None, content) => {
                if !content.is_empty() {
                    response["content"] = content.into();
                }
                responses.insert(status, response);
            }
        }
    }
    let mut by_status: BTreeMap<u16, Vec<&Code>> = BTreeMap::new();
    for code in operation.codes.iter().chain(dialect.documentation.common_codes) {
        let codes = by_status.entry(code.status).or_default();
        if !codes.contains(code) {
            codes.push(code);
        }
    }
    for (status, codes) in by_status {
        responses.insert(status.to_string(), refusals(dialect, &codes));
    }
    responses.into()
}

/// The errors of one status: what each means, and all that is known of each as data.
fn refusals(dialect: &Dialect, codes: &[&Code]) -> Value {
    let described: Vec<&str> = codes.iter().map(|code| code.when).collect();
    let mut response = json!({
        "description": described.join(" "),
        "content": {dialect.media_type: {"schema": reference(dialect, dialect.documentation.error_schema)}},
        "x-codes": table(codes)
    });
    let headers = headers_of(dialect.documentation.headers.iter());
    if !headers.is_empty() {
        response["headers"] = headers.into();
    }
    response
}

fn table(codes: &[&Code]) -> Vec<Value> {
    let rows = codes.iter().map(|code| {
        json!({
            "rule": code.rule,
            "status": code.status,
            "code": code.code,
            "message": code.message,
            "when": code.when,
            "remedy": code.remedy,
            "evidence": code.evidence.to_string(),
            "source": code.source
        })
    });
    rows.collect()
}

fn headers_of<'a>(headers: impl Iterator<Item = &'a (&'static str, &'static str)>) -> Map<String, Value> {
    let described = headers.map(|(name, description)| {
        ((*name).to_owned(), json!({"description": description, "schema": {"type": "string"}}))
    });
    described.collect()
}

fn entries(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(entries) => entries,
        _ => Map::new(),
    }
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("the tables hold JSON, which a test reads as a whole")
}

/// The name of a component: the dialect's name with a capital, then the schema's.
fn component(dialect: &Dialect, name: &str) -> String {
    let (first, rest) = dialect.name.split_at(1);
    format!("{}{rest}{name}", first.to_uppercase())
}

fn reference(dialect: &Dialect, name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{}", component(dialect, name))})
}

/// Turns each `{"$ref": "Name"}` of a dialect's schema into a reference to its component.
fn qualify(schema: &mut Value, dialect: &Dialect) {
    match schema {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(target) if name == "$ref" => {
                        *target = format!("#/components/schemas/{}", component(dialect, target));
                    }
                    _ => qualify(member, dialect),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| qualify(item, dialect)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
