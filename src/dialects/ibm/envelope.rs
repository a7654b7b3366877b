//! The error responses, in the format of the service that the path belongs to.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

use super::MEDIA_TYPE;
use super::service::{self, Service};
use crate::domain::ibm::error::{self, token};
use crate::http::{ApiResponse, ErrorCodeExtension, RequestMeta, error_response};
use crate::spec::{ApiError, EXAMPLE_BASE_URL, EXAMPLE_REQUEST_ID, ErrorCode, RequestError};

/// The page of the gateway for a path that no service has.
const NOT_ROUTED_PAGE: &str = "<html>\n<head><title>404 Not Found</title></head>\n<body>\n\
    <h1>An 404 error occurred in iam-gateway.</h1>\n</body>\n</html>\n";

/// The body of an error response of Access Groups, user management and policy management.
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
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Box<Value>>,
}

/// The body of an error response of IAM identity.
#[derive(Serialize)]
struct IdentityEnvelope<'a> {
    errors: [IdentityError; 1],
    trace: &'a str,
    status_code: u16,
}

#[derive(Serialize)]
struct IdentityError {
    code: &'static str,
    message_code: &'static str,
    message: String,
    details: String,
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
    match (service::of_path(meta.path()), error) {
        (Service::Token, _) => render_token(error, meta),
        (Service::Identity, _) => render_identity(error, meta),
        (Service::Gateway, RequestError::RouteNotFound) => not_routed(),
        (Service::Gateway | Service::Groups | Service::Policies, _) => render_groups(error, meta),
    }
}

/// Returns the name of the schema of the errors in responses to `path`.
pub(super) fn error_schema(path: &str) -> &'static str {
    match service::of_path(path) {
        Service::Token => "TokenError",
        Service::Identity => "IdentityError",
        Service::Gateway | Service::Groups | Service::Policies => "GroupsError",
    }
}

/// Returns the body of an error in a response to `path` as an example for the documentation.
pub(super) fn error_example(api_error: &ApiError, path: &str) -> Value {
    if *api_error.code == error::NOT_ROUTED {
        return NOT_ROUTED_PAGE.into();
    }
    match service::of_path(path) {
        Service::Token => json!(token_body(api_error, EXAMPLE_REQUEST_ID, EXAMPLE_BASE_URL)),
        Service::Identity => json!(identity_body(api_error, EXAMPLE_REQUEST_ID)),
        Service::Gateway | Service::Groups | Service::Policies => {
            json!(groups_body(api_error, EXAMPLE_REQUEST_ID))
        }
    }
}

/// Returns the page of the gateway.
fn not_routed() -> Response {
    let mut response = ApiResponse::text(StatusCode::NOT_FOUND, "text/html", NOT_ROUTED_PAGE).into_response();
    response.extensions_mut().insert(ErrorCodeExtension(&error::NOT_ROUTED));
    response
}

fn render_groups(error: &RequestError, meta: &RequestMeta) -> Response {
    let api_error = api_error(error, meta);
    let trace = service::transaction_id(meta);
    error_response(&api_error, MEDIA_TYPE, &groups_body(&api_error, &trace))
}

fn groups_body<'a>(api_error: &ApiError, trace: &'a str) -> Envelope<'a> {
    let item = Error {
        code: api_error.code.code,
        message: api_error.message(),
        more_info: api_error.details(),
        details: api_error.vendor_details.clone(),
    };
    Envelope { trace, errors: [item], status_code: api_error.status }
}

fn render_identity(error: &RequestError, meta: &RequestMeta) -> Response {
    let api_error = api_error(error, meta);
    error_response(&api_error, MEDIA_TYPE, &identity_body(&api_error, meta.request_id()))
}

fn identity_body<'a>(api_error: &ApiError, trace: &'a str) -> IdentityEnvelope<'a> {
    let (message, details) = (api_error.message(), api_error.details());
    let item = IdentityError {
        code: api_error.code.code,
        message_code: message_code(api_error.code),
        details: if details.is_empty() { message.clone() } else { details },
        message,
    };
    IdentityEnvelope { errors: [item], trace, status_code: api_error.status }
}

/// Returns the message code of IAM identity for an error. Only the form of the codes is known, not which error has which:
/// these are the codes that the same service has for similar errors of tokens.
const fn message_code(code: &ErrorCode) -> &'static str {
    match code.status {
        400 => "BXNIM0106E",
        401 => "BXNIM0308E",
        403 => "BXNIM0513E",
        500..=599 => "BXNIM0061E",
        _ => "BXNIM0060E",
    }
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
    error_response(&api_error, MEDIA_TYPE, &token_body(&api_error, meta.request_id(), meta.base_url()))
}

fn token_body<'a>(api_error: &ApiError, request_id: &'a str, url: &'a str) -> TokenError<'a> {
    TokenError {
        error_code: api_error.code.code,
        error_message: api_error.message(),
        error_details: api_error.details(),
        context: TokenContext { request_id, request_type: "incoming.Identity_Token", url },
    }
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
