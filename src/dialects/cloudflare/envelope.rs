//! Renders error responses in the envelope of the part of Cloudflare that responds.

use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::MEDIA_TYPE;
use crate::config::Fidelity;
use crate::domain::cloudflare::error::{
    ACCESS_INVALID, BODY_TOO_LARGE, IAM_INVALID, INTERNAL_ERROR, MALFORMED_JSON, METHOD_NOT_ALLOWED,
    NO_ROUTE, TIMEOUT,
};
use crate::domain::cloudflare::rules::UNKNOWN_KIND;
use crate::http::{RequestMeta, error_response};
use crate::spec::{ApiError, ErrorCode, RequestError, Violation};

/// The media type of responses of the live gateway.
pub(super) const GATEWAY_MEDIA_TYPE: &str = "application/json";

/// The path that denotes the whole body in a violation.
const WHOLE_BODY: &str = "body";

/// The part of Cloudflare that responds with an error; it decides the envelope.
///
/// | part | envelope with `--fidelity live` | evidence |
/// |---|---|---|
/// | gateway | `success` and `errors` | `observed`, 2025-10 to 2026-02: <https://github.com/ChrispyBacon-dev/DockFlare/issues/288>, <https://github.com/ChrispyBacon-dev/DockFlare/issues/321>, <https://github.com/cloudflare/cloudflare-python/issues/2678> |
/// | Access authorization | `code` and `error` | `observed` on `access/apps`, one witness: `Rocket-Sites/rs-publisher`, `.github/actions/_lib/cf.mjs` |
/// | services, and the older checks of the gateway | all four fields | `observed`, 2025-05: <https://github.com/ChrispyBacon-dev/DockFlare/issues/56> |
///
/// Without that option, every error has the four fields of the vendor's document, except that of Access authorization,
/// which does not occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Responder {
    /// Checks credentials and routes.
    Gateway,
    /// Checks the permission of a token to write.
    AccessAuthorization,
    /// The Access service, the IAM service, and the checks of the gateway that respond in the same envelope.
    Service,
}

impl Responder {
    fn of(code: &ErrorCode) -> Self {
        match code.code {
            "9106" | "9107" | "10000" | "7003" => Self::Gateway,
            "1010" => Self::AccessAuthorization,
            _ => Self::Service,
        }
    }
}

/// The envelope of an error response, with the fields in the order of the Access service.
#[derive(Serialize)]
struct Envelope<'a> {
    result: (),
    success: bool,
    errors: [ErrorItem<'a>; 1],
    messages: [(); 0],
}

/// The envelope of an error response of the live gateway.
#[derive(Serialize)]
struct GatewayEnvelope<'a> {
    success: bool,
    errors: [ErrorItem<'a>; 1],
}

/// The body of an error response of the live service to a write without permission.
#[derive(Serialize)]
struct AuthorizationError<'a> {
    #[serde(serialize_with = "number")]
    code: &'static str,
    error: &'a str,
}

#[derive(Serialize)]
struct ErrorItem<'a> {
    #[serde(serialize_with = "number")]
    code: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    error_chain: Vec<Cause>,
}

#[derive(Serialize)]
struct Source {
    pointer: String,
}

/// A nested error, which the gateway adds to errors of headers and of malformed JSON, and the Access service to errors
/// of rules.
#[derive(Serialize)]
struct Cause {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u16>,
    message: String,
}

/// Serializes a code as a number.
fn number<S: Serializer>(code: &&str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(code.parse().unwrap_or_default())
}

pub(super) fn render_error(error: &RequestError, meta: &RequestMeta) -> Response {
    let api_error = to_api_error(error, meta);
    let mut message = api_error.message();
    let mut item =
        ErrorItem { code: api_error.code.code, message: "", source: None, error_chain: Vec::new() };
    match api_error.code.code {
        "6003" | "6007" => {
            let cause = |it: &Violation| Cause { code: it.path.parse().ok(), message: it.reason.clone() };
            item.error_chain = api_error.violations.iter().map(cause).collect();
        }
        "12130" | "400" if api_error.message_override.is_none() => {
            describe_violations(
                &api_error,
                matches!(error, RequestError::InvalidQuery(_)),
                &mut message,
                &mut item,
            );
        }
        _ => {}
    }
    item.message = &message;
    let mut response = match (Responder::of(api_error.code), meta.fidelity) {
        (Responder::AccessAuthorization, Fidelity::Live) => {
            let body = AuthorizationError { code: item.code, error: &message };
            error_response(&api_error, GATEWAY_MEDIA_TYPE, &body)
        }
        (Responder::Gateway, Fidelity::Live) => {
            let envelope = GatewayEnvelope { success: false, errors: [item] };
            error_response(&api_error, GATEWAY_MEDIA_TYPE, &envelope)
        }
        (_, _) => {
            let envelope = Envelope { result: (), success: false, errors: [item], messages: [] };
            error_response(&api_error, MEDIA_TYPE, &envelope)
        }
    };
    if matches!(error, RequestError::Panic) {
        // The SDKs retry every 5xx response. Retrying after a bug fails again, whereas a fault may be temporary.
        let header = HeaderName::from_static("x-should-retry");
        response.headers_mut().insert(header, HeaderValue::from_static("false"));
    }
    response
}

/// Returns the body of an error as an example for the documentation.
pub(super) fn error_example(api_error: &ApiError, _path: &str) -> Value {
    let message = api_error.message();
    let item =
        ErrorItem { code: api_error.code.code, message: &message, source: None, error_chain: Vec::new() };
    json!(Envelope { result: (), success: false, errors: [item], messages: [] })
}

/// Adds the violations to the message and to `source` or `error_chain`.
fn describe_violations(api_error: &ApiError, is_query: bool, message: &mut String, item: &mut ErrorItem<'_>) {
    let Some(first) = api_error.violations.first() else { return };
    if let Some(list) = rule_list(first) {
        // Errors of rules name only the list, and the reasons are in the chain.
        *message = format!("{message}: invalid '{list}' configuration");
        let of_list = api_error.violations.iter().filter(|it| rule_list(it) == Some(list));
        item.error_chain = of_list.map(|it| Cause { code: None, message: rule_reason(it) }).collect();
        return;
    }
    *message = format!("{message}: {}", api_error.details());
    if !is_query {
        item.source = pointer(first);
    }
}

/// Returns the list of rules that a violation is in, such as `include` of `include[0].email`.
fn rule_list(violation: &Violation) -> Option<&str> {
    let (list, _) = violation.path.split_once('[')?;
    ["include", "exclude", "require"].contains(&list).then_some(list)
}

fn rule_reason(violation: &Violation) -> String {
    if violation.reason.starts_with(UNKNOWN_KIND) { violation.reason.clone() } else { violation.to_string() }
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

/// Returns the path as received, with repeated slashes collapsed.
fn routed_path(meta: &RequestMeta) -> String {
    let mut path = String::new();
    for character in meta.path().chars() {
        if character != '/' || !path.ends_with('/') {
            path.push(character);
        }
    }
    path
}

fn to_api_error(error: &RequestError, meta: &RequestMeta) -> ApiError {
    let invalid = if meta.path().contains("/access/") { &ACCESS_INVALID } else { &IAM_INVALID };
    match error {
        RequestError::Api(api_error) if *api_error.code == NO_ROUTE => {
            ApiError { subject: routed_path(meta), ..api_error.clone() }
        }
        RequestError::Api(api_error) => api_error.clone(),
        RequestError::RouteNotFound | RequestError::InvalidPath(_) => {
            NO_ROUTE.with_subject(routed_path(meta))
        }
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
