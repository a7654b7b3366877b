//! Renders error responses in the envelope that the gateway and both services share.

use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use serde::{Serialize, Serializer};

use super::MEDIA_TYPE;
use crate::domain::cloudflare::error::{
    ACCESS_INVALID, BODY_TOO_LARGE, IAM_INVALID, INTERNAL_ERROR, MALFORMED_JSON, METHOD_NOT_ALLOWED,
    NO_ROUTE, TIMEOUT,
};
use crate::http::{RequestMeta, error_response};
use crate::spec::{ApiError, RequestError, Violation};

/// The path that denotes the whole body in a violation.
const WHOLE_BODY: &str = "body";

/// The second error in a response with [`NO_ROUTE`].
const SECOND_NO_ROUTE: ErrorItem<'static> =
    ErrorItem { code: "7000", message: "No route for that URI", source: None, error_chain: None };

/// The envelope of an error response, with the fields in the order of the Access service.
#[derive(Serialize)]
struct Envelope<'a> {
    result: (),
    success: bool,
    errors: Vec<ErrorItem<'a>>,
    messages: [(); 0],
}

#[derive(Serialize)]
struct ErrorItem<'a> {
    #[serde(serialize_with = "number")]
    code: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_chain: Option<[Cause<'a>; 1]>,
}

#[derive(Serialize)]
struct Source {
    pointer: String,
}

/// A nested error, which the gateway adds to errors of headers and of malformed JSON.
#[derive(Serialize)]
struct Cause<'a> {
    #[serde(serialize_with = "number")]
    code: &'a str,
    message: &'a str,
}

/// Serializes a code as a number.
fn number<S: Serializer>(code: &&str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(code.parse().unwrap_or_default())
}

pub(super) fn render_error(error: &RequestError, meta: &RequestMeta) -> Response {
    let api_error = to_api_error(error, meta);
    let message = full_message(&api_error);
    let violation = api_error.violations.first();
    let mut item =
        ErrorItem { code: api_error.code.code, message: &message, source: None, error_chain: None };
    match api_error.code.code {
        "6003" | "6007" => {
            item.error_chain = violation.map(|it| [Cause { code: &it.path, message: &it.reason }]);
        }
        "12130" | "400" if !matches!(error, RequestError::InvalidQuery(_)) => {
            item.source = violation.and_then(pointer);
        }
        _ => {}
    }
    let second = (*api_error.code == NO_ROUTE).then_some(SECOND_NO_ROUTE);
    let errors = std::iter::once(item).chain(second).collect();
    let envelope = Envelope { result: (), success: false, errors, messages: [] };
    let mut response = error_response(&api_error, MEDIA_TYPE, &envelope);
    if matches!(error, RequestError::Panic) {
        // The SDKs retry every 5xx response. Retrying after a bug fails again, whereas a fault may be temporary.
        let header = HeaderName::from_static("x-should-retry");
        response.headers_mut().insert(header, HeaderValue::from_static("false"));
    }
    response
}

/// Returns the message, followed by the violations if the error is one of the two services.
fn full_message(api_error: &ApiError) -> String {
    let has_detail = matches!(api_error.code.code, "12130" | "400") && !api_error.violations.is_empty();
    if has_detail && api_error.message_override.is_none() {
        format!("{}: {}", api_error.message(), api_error.details())
    } else {
        api_error.message()
    }
}

/// Converts a field path such as `include[0].email` into a JSON pointer.
fn pointer(violation: &Violation) -> Option<Source> {
    if violation.path == WHOLE_BODY {
        return Some(Source { pointer: String::new() });
    }
    if violation.path.is_empty() {
        return None;
    }
    let pointer = violation.path.replace(['.', '['], "/").replace(']', "");
    Some(Source { pointer: format!("/{pointer}") })
}

fn to_api_error(error: &RequestError, meta: &RequestMeta) -> ApiError {
    let invalid = if meta.path().contains("/iam/") { &IAM_INVALID } else { &ACCESS_INVALID };
    match error {
        RequestError::Api(api_error) if *api_error.code == NO_ROUTE => {
            ApiError { subject: meta.path().to_owned(), ..api_error.clone() }
        }
        RequestError::Api(api_error) => api_error.clone(),
        RequestError::RouteNotFound | RequestError::InvalidPath(_) => NO_ROUTE.with_subject(meta.path()),
        RequestError::MethodNotAllowed { .. } => METHOD_NOT_ALLOWED.error(),
        RequestError::InvalidData(violation) if violation.path.is_empty() => {
            invalid.with_violation(WHOLE_BODY, "must be an object")
        }
        RequestError::InvalidQuery(violation) | RequestError::InvalidData(violation) => {
            invalid.with_violations(vec![violation.clone()])
        }
        RequestError::JsonSyntax { line, column, reason } => {
            MALFORMED_JSON.with_violation("6007", format!("{reason} at line {line} column {column}"))
        }
        RequestError::UnreadableBody(reason) => MALFORMED_JSON.with_violation("6007", reason),
        RequestError::UnsupportedMediaType(_) => MALFORMED_JSON.with_violation("6007", error.reason()),
        RequestError::BodyTooLarge { limit } => BODY_TOO_LARGE.with_subject(limit.to_string()),
        RequestError::Timeout => TIMEOUT.error(),
        RequestError::Panic => INTERNAL_ERROR.error(),
    }
}
