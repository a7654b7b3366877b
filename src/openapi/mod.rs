//! The OpenAPI document, generated from the operations and error tables of the dialects.
//!
//! Imports `http` and `spec`. Invariant: every routed operation is documented, because the routes and the document are
//! built from the same list of operations.

mod slice;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::{Map, Value, json};

pub use slice::{ExampleRequest, OperationSlice, slice};

use crate::http::Query;
use crate::spec::{Api, ApiSpec, Apis, ErrorCode, FidelityDifference, Operation, Parameter};

/// The committed document, which a test compares with [`document`].
pub const YAML: &str = include_str!("../../openapi.yaml");

/// Returns the document as a JSON string, which is generated on first use.
pub(crate) fn json(apis: &Apis) -> &'static str {
    static JSON: OnceLock<String> = OnceLock::new();
    JSON.get_or_init(|| document(apis).to_string())
}

/// Returns the document as YAML: the committed one, or in builds without some of the dialects the generated JSON, which
/// is YAML, too.
pub(crate) fn yaml(apis: &Apis) -> &'static str {
    let has_all_dialects =
        cfg!(all(feature = "authress", feature = "cloudflare", feature = "ibm", feature = "legacy"));
    if has_all_dialects { YAML } else { json(apis) }
}

/// Returns the OpenAPI document of `apis`.
pub fn document(apis: &Apis) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    let mut schemas = Map::new();
    let mut security = Map::new();
    for Api { spec: api, operations } in apis.iter() {
        for operation in operations {
            let item = paths.entry(operation.path).or_insert_with(|| json!({}));
            item[operation.method.as_str().to_lowercase()] = describe_operation(api, operation);
        }
        for (name, mut schema) in entries((api.schemas)()) {
            qualify(&mut schema, api);
            schemas.insert(component(api, &name), schema);
        }
        for (name, scheme) in entries((api.security)()) {
            security.insert(component(api, &name), scheme);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "access-groups-mock",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A local, stateful mock server for the access-group APIs of several vendors. \
                `x-evidence` is the evidence for the behavior of an operation: vendor-doc, spec, observed, client or \
                assumed; `x-source` is the source of the evidence. `x-rules` of a response lists the rules of its \
                errors. `x-codes` of a tag describes all rules, each with its own evidence and a `remediation`: a \
                change that makes the request valid. `x-fidelity` lists the \
                differences between `--fidelity documented` and `live`.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"}
        },
        "servers": [{"url": "http://127.0.0.1:4010"}],
        "tags": apis.iter().map(|api| tag(api.spec)).collect::<Vec<_>>(),
        "paths": paths,
        "components": {"securitySchemes": security, "schemas": schemas}
    })
}

/// Returns the tag of a dialect with all its errors, including those of unknown paths and unsupported methods.
fn tag(api: &ApiSpec) -> Value {
    json!({
        "name": api.name,
        "description": api.title,
        "x-codes": error_table(api.errors),
        "x-fidelity": api.fidelity.iter().map(describe_difference).collect::<Vec<_>>()
    })
}

/// Returns a difference between the vendor's document and its live service.
fn describe_difference(difference: &FidelityDifference) -> Value {
    json!({
        "subject": difference.subject,
        "documented": difference.documented,
        "live": difference.live,
        "evidence": difference.evidence.to_string(),
        "source": difference.source
    })
}

/// Returns the operation object.
fn describe_operation(api: &ApiSpec, operation: &Operation) -> Value {
    let mut described = json!({
        "operationId": format!("{}_{}", api.name, operation.id),
        "tags": [api.name],
        "summary": operation.summary,
        "x-evidence": operation.evidence.to_string(),
        "x-source": operation.source,
    });
    if !operation.description.is_empty() {
        described["description"] = operation.description.into();
    }
    let path_parameters = api
        .path_parameters
        .iter()
        .filter(|parameter| operation.path.contains(&format!("{{{}}}", parameter.name)));
    let parameters: Vec<Value> =
        path_parameters.chain(operation.parameters).map(|parameter| describe_parameter(parameter)).collect();
    if !parameters.is_empty() {
        described["parameters"] = parameters.into();
    }
    if let Some(body) = operation.body {
        let example = match body.media_type {
            "application/json" => parse_json(body.example),
            _ => form_fields(body.example),
        };
        described["requestBody"] = json!({
            "required": true,
            "content": {body.media_type: {"schema": reference(api, body.schema), "example": example}}
        });
    }
    described["responses"] = responses(api, operation);
    let schemes = entries((api.security)());
    if !schemes.is_empty() && !operation.is_public {
        described["security"] = schemes.iter().map(|(name, _)| json!({component(api, name): []})).collect();
    }
    described
}

/// Returns the parameter object.
fn describe_parameter(parameter: &Parameter) -> Value {
    let mut described = json!({
        "name": parameter.name,
        "in": parameter.location,
        "required": parameter.required,
        "description": parameter.description,
        "schema": parse_json(parameter.schema),
    });
    if !parameter.example.is_empty() {
        described["example"] = parse_json(parameter.example);
    }
    described
}

/// Returns the responses object, with the successful responses and one response per status of the errors.
fn responses(api: &ApiSpec, operation: &Operation) -> Value {
    let default_media_type = operation.media_type.unwrap_or(api.media_type);
    let mut responses = Map::new();
    for success in operation.responses() {
        let headers = success.headers.iter().chain(api.headers);
        let mut response = json!({"description": success.status.canonical_reason().unwrap_or_default()});
        let headers = describe_headers(headers);
        if !headers.is_empty() {
            response["headers"] = headers.into();
        }
        let status = success.status.as_u16().to_string();
        // A status can have several media types, such as JSON and text.
        let response = responses.entry(status).or_insert(response);
        if let Some(schema) = success.schema {
            let media_type = success.media_type.unwrap_or(default_media_type);
            response["content"][media_type] = json!({"schema": reference(api, schema)});
        }
    }
    let mut by_status: BTreeMap<u16, Vec<&ErrorCode>> = BTreeMap::new();
    for error in operation.errors.iter().chain(api.common_errors) {
        let errors = by_status.entry(error.status).or_default();
        if !errors.contains(error) {
            errors.push(error);
        }
    }
    for (status, errors) in by_status {
        responses.insert(status.to_string(), error_response(api, default_media_type, &errors));
    }
    responses.into()
}

/// Returns the response object of the errors with the same status.
fn error_response(api: &ApiSpec, media_type: &str, errors: &[&ErrorCode]) -> Value {
    let descriptions: Vec<&str> = errors.iter().map(|error| error.description).collect();
    let content = json!({"schema": reference(api, api.error_schema)});
    let media_types = std::iter::once(&media_type).chain(api.other_error_media_types);
    let contents = media_types.map(|it| ((*it).to_owned(), content.clone()));
    let mut response = json!({
        "description": descriptions.join(" "),
        "content": contents.collect::<Map<_, _>>(),
        "x-rules": errors.iter().map(|error| error.id).collect::<Vec<_>>()
    });
    let headers = describe_headers(api.headers.iter());
    if !headers.is_empty() {
        response["headers"] = headers.into();
    }
    response
}

/// Returns the errors with their rule, evidence and source.
fn error_table(errors: &[&ErrorCode]) -> Vec<Value> {
    let rows = errors.iter().map(|error| {
        json!({
            "rule": error.id,
            "status": error.status,
            "code": error.code,
            "message": error.message,
            "description": error.description,
            "remediation": error.remediation,
            "evidence": error.evidence.to_string(),
            "source": error.source
        })
    });
    rows.collect()
}

/// Returns the header objects by name.
fn describe_headers<'a>(
    headers: impl Iterator<Item = &'a (&'static str, &'static str)>,
) -> Map<String, Value> {
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

/// Returns the decoded fields of a form-encoded body.
fn form_fields(form: &str) -> Value {
    let fields = Query::parse(form).expect("the examples of forms are UTF-8");
    fields.iter().collect()
}

fn parse_json(json: &str) -> Value {
    serde_json::from_str(json)
        .expect("the schemas and examples are valid JSON, because a test generates the whole document")
}

/// Returns the name of a component: the capitalized name of the API, followed by the name of the schema.
fn component(api: &ApiSpec, name: &str) -> String {
    let (first, rest) = api.name.split_at(1);
    format!("{}{rest}{name}", first.to_uppercase())
}

fn reference(api: &ApiSpec, name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{}", component(api, name))})
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
