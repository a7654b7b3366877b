//! The operation objects with their parameters, request bodies and responses.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::components::{component, without_media_type_parameters};
use super::rules::{Rules, Sources};
use super::values::{entries, parse_json};
use crate::http::Query;
use crate::spec::{ApiSpec, ErrorCode, Operation, Parameter};

/// The status of a rate limit, whose response has `Retry-After`.
const TOO_MANY_REQUESTS: u16 = 429;

/// Returns the operation object, without references to components besides schemas and examples.
pub(super) fn describe(
    api: &ApiSpec,
    operation: &'static Operation,
    rules: &mut Rules,
    sources: &mut Sources,
) -> Value {
    let mut described = json!({
        "operationId": format!("{}_{}", api.name, operation.id),
        "tags": [tag(api, operation)],
        "summary": operation.summary,
    });
    if !operation.description.is_empty() {
        described["description"] = operation.description.into();
    }
    described["x-evidence"] = operation.evidence.to_string().into();
    described["x-source"] = sources.id(api, operation.source).into();
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
            "required": body.required,
            "content": {body.media_type: {"schema": schema(api, body.schema), "example": example}}
        });
    }
    described["responses"] = responses(api, operation, rules, sources);
    described["security"] = security(api, operation);
    described
}

/// Returns the tag of the resource that the path belongs to.
pub(super) fn tag(api: &ApiSpec, operation: &Operation) -> String {
    let resource = api.resources.iter().find(|(part, _)| operation.path.contains(part));
    format!("{}: {}", api.name, resource.map_or("other", |(_, name)| name))
}

/// Returns the alternative credentials; an empty list if the operation requires none.
///
/// Each operation has them, because generators such as openapi-python-client ignore those of the document
/// (`findings/openapi-python-client-ignores-document-security.sh`).
fn security(api: &ApiSpec, operation: &Operation) -> Value {
    if operation.is_public {
        return json!([]);
    }
    let alternatives = api
        .credentials
        .iter()
        .map(|schemes| schemes.iter().map(|name| (component(api, name), json!([]))).collect::<Map<_, _>>());
    json!(alternatives.collect::<Vec<_>>())
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
    if !parameter.required
        && let Some(fields) = described.as_object_mut()
    {
        // `false` is the default.
        fields.shift_remove("required");
    }
    if !parameter.example.is_empty() {
        described["example"] = parse_json(parameter.example);
    }
    described
}

/// Returns the responses object, with the successful responses and one response per status of the errors.
fn responses(api: &ApiSpec, operation: &Operation, rules: &mut Rules, sources: &mut Sources) -> Value {
    let default_media_type = operation.media_type.unwrap_or(api.media_type);
    let mut responses: Map<String, Value> = Map::new();
    for success in operation.responses() {
        let headers = describe_headers(success.headers);
        let mut response = json!({"description": success.status.canonical_reason().unwrap_or_default()});
        if !headers.is_empty() {
            response["headers"] = headers.into();
        }
        let status = success.status.as_u16().to_string();
        // A status can have several media types, such as JSON and text.
        let response = responses.entry(status).or_insert(response);
        if let Some(name) = success.schema {
            let media_type = success.media_type.unwrap_or(default_media_type);
            let content = json!({media_type: {"schema": schema(api, name)}});
            for (media_type, definition) in entries(without_media_type_parameters(content, &[api.media_type]))
            {
                response["content"][media_type] = definition;
            }
        }
    }
    let mut by_status: BTreeMap<u16, Vec<&'static ErrorCode>> = BTreeMap::new();
    let access_errors = if operation.is_public { &[] } else { api.access_errors };
    for error in operation.errors.iter().chain(api.common_errors).chain(access_errors) {
        let errors = by_status.entry(error.status).or_default();
        if !errors.contains(error) {
            errors.push(error);
        }
    }
    for (status, errors) in by_status {
        let examples: Map<String, Value> = errors
            .iter()
            .map(|error| (error.id.to_owned(), rules.reference(api, error, operation.path, sources)))
            .collect();
        let error_schema = schema(api, (api.error_schema)(operation.path));
        responses.insert(
            status.to_string(),
            error_response(api, &error_schema, default_media_type, status, &examples),
        );
    }
    responses.into()
}

/// Returns the response object of the errors with the same status.
fn error_response(
    api: &ApiSpec,
    error_schema: &Value,
    media_type: &str,
    status: u16,
    examples: &Map<String, Value>,
) -> Value {
    let content = json!({"schema": error_schema, "examples": examples});
    let media_types = std::iter::once(media_type).chain(api.other_error_media_types.iter().copied());
    let contents = media_types.map(|it| (it.to_owned(), content.clone()));
    let contents: Map<String, Value> = contents.collect();
    let usual: Vec<&str> = error_media_types(api).collect();
    let reason = axum::http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let mut response = json!({
        "description": reason.unwrap_or("Error"),
        "content": without_media_type_parameters(contents.into(), &usual),
    });
    if status == TOO_MANY_REQUESTS {
        response["headers"] = json!({"Retry-After": {
            "description": "The number of seconds until the next request is accepted; absent if a fault without it causes the error.",
            "schema": {"type": "integer", "minimum": 0}
        }});
    }
    response
}

/// Returns the media types of the errors of an operation without a media type of its own.
pub(super) fn error_media_types(api: &ApiSpec) -> impl Iterator<Item = &'static str> {
    std::iter::once(api.media_type).chain(api.other_error_media_types.iter().copied())
}

/// Returns the header objects by name.
pub(super) fn describe_headers(headers: &[(&'static str, &'static str)]) -> Map<String, Value> {
    let described = headers.iter().map(|(name, description)| {
        let header = json!({"description": description, "required": true, "schema": {"type": "string"}});
        ((*name).to_owned(), header)
    });
    described.collect()
}

/// Returns the decoded fields of a form-encoded body.
fn form_fields(form: &str) -> Value {
    let fields = Query::parse(form).expect("the examples of forms are UTF-8");
    fields.iter().collect()
}

fn schema(api: &ApiSpec, name: &str) -> Value {
    super::components::reference("schemas", &component(api, name))
}
