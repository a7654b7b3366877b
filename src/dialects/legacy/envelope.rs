//! The error envelope of the legacy dialect: `HttpError` bodies of ASP.NET Web API.

use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::MEDIA_TYPE;
use crate::domain::legacy::error;
use crate::http::{RequestMeta, error_response};
use crate::spec::{ApiError, RequestError, Violation};

/// The `HttpError` object of ASP.NET Web API, without the details that only local clients receive.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct HttpError {
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_detail: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    model_state: Map<String, Value>,
}

pub(super) fn render_error(error: &RequestError, meta: &RequestMeta) -> Response {
    let api_error = to_api_error(error, meta);
    let mut response = error_response(&api_error, MEDIA_TYPE, &body(&api_error));
    if response.status() == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// Returns the body of an error as an example for the documentation.
pub(super) fn error_example(api_error: &ApiError, _path: &str) -> Value {
    json!(body(api_error))
}

fn body(api_error: &ApiError) -> HttpError {
    let (details, model_errors): (Vec<_>, Vec<Violation>) =
        api_error.violations.iter().cloned().partition(|violation| violation.path.is_empty());
    HttpError {
        message: api_error.message(),
        message_detail: details.into_iter().next().map(|violation| violation.reason),
        model_state: model_state(model_errors),
    }
}

fn to_api_error(error: &RequestError, meta: &RequestMeta) -> ApiError {
    match error {
        RequestError::Api(api_error) => api_error.clone(),
        RequestError::RouteNotFound => {
            error::PATH_NOT_FOUND.with_subject(format!("{}{}", meta.base_url(), meta.path()))
        }
        RequestError::MethodNotAllowed { .. } => error::METHOD_NOT_ALLOWED.with_subject(meta.method.as_str()),
        RequestError::InvalidPath(_) => error::not_an_integer("id"),
        RequestError::InvalidQuery(violation) => {
            error::INVALID.with_violation("", format!("The value of '{}' is not valid.", violation.path))
        }
        RequestError::JsonSyntax { line, column, reason } => error::INVALID.with_violation(
            "entry",
            format!("{}. Path '', line {line}, position {column}.", capitalize(reason)),
        ),
        RequestError::InvalidData(violation) => {
            error::INVALID.with_violation(violation.path.clone(), capitalize(&violation.reason))
        }
        RequestError::UnreadableBody(reason) => error::INVALID.with_violation("entry", capitalize(reason)),
        RequestError::BodyTooLarge { limit } => error::BODY_TOO_LARGE.with_subject(limit.to_string()),
        RequestError::UnsupportedMediaType(Some(given)) => error::MEDIA_TYPE_UNSUPPORTED.with_subject(given),
        RequestError::UnsupportedMediaType(None) => error::MEDIA_TYPE_MISSING.error(),
        RequestError::Timeout => error::TIMEOUT.error(),
        RequestError::Panic => error::INTERNAL_ERROR.error(),
    }
}

/// Capitalizes the first letter, as in the framework's own messages.
fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn model_state(violations: Vec<Violation>) -> Map<String, Value> {
    let mut state: Map<String, Value> = Map::new();
    for violation in violations {
        let messages = state.entry(violation.path).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(messages) = messages {
            messages.push(Value::String(violation.reason));
        }
    }
    state
}
