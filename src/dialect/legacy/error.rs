//! The errors of the legacy dialect: `HttpError` bodies of ASP.NET Web API.

use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{MEDIA_TYPE, source};
use crate::failure::{Code, Evidence, Failure, Refusal, Violation};
use crate::http::{Meta, refused};

pub(super) const INVALID: Code = Code {
    rule: "legacy.requests.invalid",
    status: 400,
    code: "",
    message: "The request is invalid.",
    when: "The body or the id cannot be bound; `ModelState` or `MessageDetail` says why.",
    remedy: "Correct what `ModelState` or `MessageDetail` names.",
    evidence: Evidence::Spec,
    source: source::FRAMEWORK,
};
pub(super) const UNAUTHORIZED: Code = Code {
    rule: "legacy.auth.unauthorized",
    status: 401,
    code: "",
    message: "Authorization has been denied for this request.",
    when: "No bearer token, or in strict mode an unknown one.",
    remedy: "Send `Authorization: Bearer <token>`; in strict mode with a token that the seed file lists.",
    evidence: Evidence::Spec,
    source: source::FRAMEWORK,
};
pub(super) const FORBIDDEN: Code = Code {
    rule: "legacy.auth.forbidden",
    status: 403,
    code: "",
    message: "Authorization has been denied for this request.",
    when: "In strict mode: the token is known and lacks the right.",
    remedy: "Use a token whose role in the seed file has the right.",
    evidence: Evidence::Assumed,
    source: "no answer is known; the text is that of the 401",
};
pub(super) const UNKNOWN_ID: Code = Code {
    rule: "legacy.groups.unknown-id",
    status: 404,
    code: "",
    message: "No access group with the id {} was found.",
    when: "The route matched, and there is no such access group.",
    remedy: "Use the `id` of a group that `GET /api2/access_groups.json` lists.",
    evidence: Evidence::Assumed,
    source: "no answer is known; the framework's own has no body, so the text is the choice of this server",
};
pub(super) const NO_ROUTE: Code = Code {
    rule: "legacy.paths.no-route",
    status: 404,
    code: "",
    message: "No HTTP resource was found that matches the request URI '{}'.",
    when: "No route matched, also where `.json` is missing.",
    remedy: "Use `/api2/access_groups.json` or `/api2/access_groups/{id}.json`; `.json` is a part of the \
             path.",
    evidence: Evidence::Spec,
    source: source::FRAMEWORK,
};
pub(super) const WRONG_METHOD: Code = Code {
    rule: "legacy.paths.wrong-method",
    status: 405,
    code: "",
    message: "The requested resource does not support http method '{}'.",
    when: "The route has no action for the method; `Allow` lists those it has.",
    remedy: "Use one of the methods that `Allow` lists.",
    evidence: Evidence::Spec,
    source: source::FRAMEWORK,
};
pub(super) const TOO_LARGE: Code = Code {
    rule: "legacy.requests.body-too-large",
    status: 413,
    code: "",
    message: "The request entity is larger than {} bytes.",
    when: "The body is larger than the server's limit.",
    remedy: "Send a smaller body, or raise the limit with `--body-limit`.",
    evidence: Evidence::Assumed,
    source: "the choice of this server: the vendor publishes no limit",
};
pub(super) const MEDIA_TYPE_UNSUPPORTED: Code = Code {
    rule: "legacy.requests.media-type-unsupported",
    status: 415,
    code: "",
    message: "The request entity's media type '{}' is not supported for this resource.",
    when: "The body is neither `application/json` nor `text/json`.",
    remedy: "Send the body as `Content-Type: application/json`.",
    evidence: Evidence::Spec,
    source: source::FRAMEWORK,
};
pub(super) const MEDIA_TYPE_MISSING: Code = Code {
    rule: "legacy.requests.media-type-missing",
    status: 415,
    code: "",
    message: "The request contains an entity body but no Content-Type header. The inferred media type \
              'application/octet-stream' is not supported for this resource.",
    when: "There is a body and no `Content-Type`.",
    remedy: "Send `Content-Type: application/json` with the body.",
    evidence: Evidence::Spec,
    source: source::FRAMEWORK,
};
pub(super) const LIMITED: Code = Code {
    rule: "legacy.limits.too-many-requests",
    status: 429,
    code: "",
    message: "The allowed number of requests has been exceeded.",
    when: "The rate limit is used up; `Retry-After` says for how many seconds.",
    remedy: "Wait for the seconds in `Retry-After`, then send the request again.",
    evidence: Evidence::Assumed,
    source: "FlickRocket limits requests by a leaky bucket; neither numbers nor an answer are published \
             (https://admin.flickrocket.com/Help)",
};
pub(super) const FAILED: Code = Code {
    rule: "legacy.server.failed",
    status: 500,
    code: "",
    message: "An error has occurred.",
    when: "The server failed.",
    remedy: "Remove the fault that asks for it; without one it is a bug of this server, and its log says more.",
    evidence: Evidence::Spec,
    source: source::FRAMEWORK,
};
pub(super) const TIMED_OUT: Code = Code {
    rule: "legacy.server.timed-out",
    status: 503,
    code: "",
    message: "An error has occurred.",
    when: "The request took longer than the server's limit.",
    remedy: "Send the request again, or raise the limit with `--request-timeout`.",
    evidence: Evidence::Assumed,
    source: "the text is that of the 500; that clients repeat a 503: WordPress plugin \
             woocommerce-digital-content-delivery-with-drm-flickrocket 4.74",
};

pub(super) const FAULT: Code = Code {
    rule: "legacy.faults.injected",
    status: 500,
    code: "",
    message: "A fault of the mock server",
    when: "A fault asks for a status that no other error has; the answer has the status of the fault.",
    remedy: "Remove the fault, or wait until it is used up.",
    evidence: Evidence::Assumed,
    source: "no vendor sends it; the envelope is that of the other errors",
};

pub(super) const CONTROL: Code = Code {
    rule: "legacy.control.invalid",
    status: 400,
    code: "",
    message: "A header or path prefix of the mock server is invalid",
    when: "`X-Mock-Fault`, `X-Mock-Namespace` or the `/ns/NAME` before the path cannot be read; the message says \
           why, and nothing changed.",
    remedy: "Correct what the message names, or leave `X-Mock-Fault`, `X-Mock-Namespace` and `/ns/NAME` out.",
    evidence: Evidence::Assumed,
    source: "no vendor sends it; the envelope is that of the other errors",
};

pub(super) const ALL: &[&Code] = &[
    &INVALID,
    &UNAUTHORIZED,
    &FORBIDDEN,
    &UNKNOWN_ID,
    &NO_ROUTE,
    &WRONG_METHOD,
    &TOO_LARGE,
    &MEDIA_TYPE_UNSUPPORTED,
    &MEDIA_TYPE_MISSING,
    &LIMITED,
    &FAILED,
    &TIMED_OUT,
    &FAULT,
    &CONTROL,
];

/// An `HttpError` as a remote client sees it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct HttpError {
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_detail: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    model_state: Map<String, Value>,
}

pub(super) fn render(failure: &Failure, meta: &Meta) -> Response {
    let refusal = refusal_of(failure, meta);
    let (details, states): (Vec<_>, Vec<_>) =
        refusal.violations.iter().cloned().partition(|violation| violation.path.is_empty());
    let body = HttpError {
        message: refusal.message(),
        message_detail: details.into_iter().next().map(|violation| violation.reason),
        model_state: model_state(states),
    };
    let mut response = refused(&refusal, MEDIA_TYPE, &body);
    if response.status() == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

fn refusal_of(failure: &Failure, meta: &Meta) -> Refusal {
    match failure {
        Failure::Refused(refusal) => refusal.clone(),
        Failure::NoRoute => NO_ROUTE.about(format!("{}{}", meta.base_url(), meta.path())),
        Failure::MethodNotAllowed { .. } => WRONG_METHOD.about(meta.method.as_str()),
        Failure::BadPath(_) => not_an_integer("id"),
        Failure::BadQuery(violation) => {
            INVALID.at("", format!("The value of '{}' is not valid.", violation.path))
        }
        Failure::BadJson { line, column, reason } => {
            INVALID.at("entry", format!("{}. Path '', line {line}, position {column}.", sentence(reason)))
        }
        Failure::BadShape(violation) => INVALID.at(violation.path.clone(), sentence(&violation.reason)),
        Failure::BadBody(reason) => INVALID.at("entry", sentence(reason)),
        Failure::BodyTooLarge { limit } => TOO_LARGE.about(limit.to_string()),
        Failure::MediaType(Some(given)) => MEDIA_TYPE_UNSUPPORTED.about(given),
        Failure::MediaType(None) => MEDIA_TYPE_MISSING.plain(),
        Failure::Timeout => TIMED_OUT.plain(),
        Failure::Panic => FAILED.plain(),
    }
}

/// The first letter in upper case, as in the framework's own texts.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn model_state(violations: Vec<Violation>) -> Map<String, Value> {
    let mut state: Map<String, Value> = Map::new();
    for violation in violations {
        let texts = state.entry(violation.path).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(texts) = texts {
            texts.push(Value::String(violation.reason));
        }
    }
    state
}

/// Says that the parameter `name` is no 32-bit integer.
pub(super) fn not_an_integer(name: &str) -> Refusal {
    let text = format!(
        "The parameters dictionary contains a null entry for parameter '{name}' of non-nullable type 'System.Int32'."
    );
    INVALID.at("", text)
}
