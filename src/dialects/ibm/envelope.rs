//! The error responses, in the format of Access Groups or in that of the token endpoint.

use axum::response::Response;
use serde::Serialize;

use super::MEDIA_TYPE;
use crate::domain::ibm::error::{self, token};
use crate::http::{RequestMeta, error_response};
use crate::spec::{ApiError, RequestError};

/// The body of an error response of Access Groups.
#[derive(Serialize)]
struct Envelope<'a> {
    trace: &'a str,
    errors: [Error; 1],
    status_code: u16,
}

#[derive(Serialize)]
struct Error {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    more_info: String,
}

/// The body of an error response of the token endpoint.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenError<'a> {
    error_code: &'static str,
    error_message: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    error_details: String,
    context: TokenContext<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenContext<'a> {
    request_id: &'a str,
    request_type: &'static str,
    url: &'a str,
}

/// Renders an error in the format of the service that the path belongs to.
pub(super) fn render_error(error: &RequestError, meta: &RequestMeta) -> Response {
    if is_token_path(meta.path()) { render_token(error, meta) } else { render_groups(error, meta) }
}

/// Returns whether the path belongs to the identity service; case-insensitive.
fn is_token_path(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    first.eq_ignore_ascii_case("identity")
}

fn render_groups(error: &RequestError, meta: &RequestMeta) -> Response {
    let api_error = api_error(error, meta);
    let item =
        Error { code: api_error.code.code, message: api_error.message(), more_info: api_error.details() };
    let body = Envelope { trace: meta.request_id(), errors: [item], status_code: api_error.status };
    error_response(&api_error, MEDIA_TYPE, &body)
}

fn api_error(error: &RequestError, meta: &RequestMeta) -> ApiError {
    match error {
        RequestError::Api(api_error) => api_error.clone(),
        RequestError::RouteNotFound => error::PATH_NOT_FOUND.error(),
        RequestError::MethodNotAllowed { .. } => error::METHOD_NOT_ALLOWED.with_subject(meta.method.as_str()),
        RequestError::InvalidPath(violation)
        | RequestError::InvalidQuery(violation)
        | RequestError::InvalidData(violation) => {
            error::INVALID_PAYLOAD.with_violations(vec![violation.clone()])
        }
        RequestError::JsonSyntax { .. }
        | RequestError::UnreadableBody(_)
        | RequestError::UnsupportedMediaType(_) => error::INVALID_PAYLOAD.with_violation("", error.reason()),
        RequestError::BodyTooLarge { limit } => error::BODY_TOO_LARGE.with_subject(limit.to_string()),
        RequestError::Timeout => error::SERVICE_UNAVAILABLE.error(),
        RequestError::Panic => error::INTERNAL_ERROR.error(),
    }
}

fn render_token(error: &RequestError, meta: &RequestMeta) -> Response {
    let api_error = token_api_error(error);
    let body = TokenError {
        error_code: api_error.code.code,
        error_message: api_error.message(),
        error_details: api_error.details(),
        context: TokenContext {
            request_id: meta.request_id(),
            request_type: "incoming.Identity_Token",
            url: meta.base_url(),
        },
    };
    error_response(&api_error, MEDIA_TYPE, &body)
}

fn token_api_error(error: &RequestError) -> ApiError {
    match error {
        RequestError::Api(api_error) => api_error.clone(),
        RequestError::RouteNotFound => token::PATH_NOT_FOUND.with_violation("", "HTTP 404 Not Found"),
        RequestError::MethodNotAllowed { .. } => {
            token::METHOD_NOT_ALLOWED.with_violation("", "HTTP 405 Method Not Allowed")
        }
        RequestError::BodyTooLarge { .. } => {
            token::BODY_TOO_LARGE.with_violation("", "HTTP 413 Request Entity Too Large")
        }
        RequestError::InvalidPath(_)
        | RequestError::InvalidQuery(_)
        | RequestError::InvalidData(_)
        | RequestError::JsonSyntax { .. }
        | RequestError::UnreadableBody(_)
        | RequestError::UnsupportedMediaType(_) => token::PROPERTY_INVALID.with_violation("", error.reason()),
        RequestError::Timeout => token::TIMEOUT.error(),
        RequestError::Panic => token::INTERNAL_ERROR.error(),
    }
}
