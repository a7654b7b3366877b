//! The errors of the authress dialect: one flat object with `title`, `errorCode` and `errorId`.
//!
//! No list of codes and titles is published. The evidence of a code is that of its weakest part: `when` names
//! the status as documented where only the text is a guess.

use axum::http::header::LAST_MODIFIED;
use axum::http::{HeaderValue, Method};
use axum::response::Response;
use serde::Serialize;

use super::{MEDIA_TYPE, preflight, source};
use crate::failure::{Code, Evidence, Failure, Refusal};
use crate::http::{Meta, refused};

pub(super) const INVALID: Code = Code {
    rule: "authress.requests.invalid",
    status: 400,
    code: "InvalidRequest",
    message: "InvalidRequest: {}.",
    when: "The query, a header or the body does not fit; the title lists everything that is wrong.",
    remedy: "Correct what the title names; it lists everything that is wrong.",
    evidence: Evidence::Spec,
    source: source::VALIDATOR,
};
pub(super) const UNAUTHORIZED: Code = Code {
    rule: "authress.auth.unauthorized",
    status: 401,
    code: "Unauthorized",
    message: "The access token is missing, malformed, unknown or expired",
    when: "No bearer token, an expired one, or in strict mode an unknown one (the status is documented).",
    remedy: "Send `Authorization: Bearer <token>` with a token that has not expired; in strict mode one that \
             the seed file lists.",
    evidence: Evidence::Assumed,
    source: "no list of codes and titles is published; the status: authress.GroupsApi, HTTP response details \
             (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/GroupsApi.md)",
};
pub(super) const FORBIDDEN: Code = Code {
    rule: "authress.auth.forbidden",
    status: 403,
    code: "Forbidden",
    message: "The caller does not have permission to do this",
    when: "In strict mode: the credential is known and lacks the right (the status is documented).",
    remedy: "Use a credential whose role in the seed file has the right.",
    evidence: Evidence::Assumed,
    source: "no list of codes and titles is published; the status: authress.GroupsApi, HTTP response details \
             (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/GroupsApi.md)",
};
pub(super) const GROUP_NOT_FOUND: Code = Code {
    rule: "authress.groups.unknown-id",
    status: 404,
    code: "GroupNotFound",
    message: "The group `{}` does not exist",
    when: "There is no such group (the status is documented).",
    remedy: "Use the `groupId` of a group that `GET /v1/groups` lists.",
    evidence: Evidence::Assumed,
    source: "no list of codes and titles is published; the status: authress.GroupsApi, get_group \
             (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/GroupsApi.md#get_group)",
};
pub(super) const NOT_FOUND: Code = Code {
    rule: "authress.paths.no-route",
    status: 404,
    code: "NotFound",
    message: "The path `{}` does not exist",
    when: "No operation has the path.",
    remedy: "Use a path that the vendor has; `openapi.yaml` lists them.",
    evidence: Evidence::Assumed,
    source: "the vendor answers 404 without a body in its sample service, src/index.js \
             (https://github.com/Authress/document-library-microservice.js); the form is that of the other \
             errors",
};
pub(super) const METHOD_NOT_ALLOWED: Code = Code {
    rule: "authress.paths.wrong-method",
    status: 405,
    code: "MethodNotAllowed",
    message: "The path does not support the method {}",
    when: "The path has no operation for the method; `Allow` lists those it has.",
    remedy: "Use one of the methods that `Allow` lists.",
    evidence: Evidence::Assumed,
    source: "no answer is known; the form is that of the other errors",
};
pub(super) const GROUP_ALREADY_EXISTS: Code = Code {
    rule: "authress.groups.id-taken",
    status: 409,
    code: "GroupAlreadyExists",
    message: "The group `{}` already exists",
    when: "A new group asks for the `groupId` of another one.",
    remedy: "Use another `groupId`, or leave it out.",
    evidence: Evidence::Assumed,
    source: "the vendor's local server answers 409, and its API does so for roles and records \
             (https://github.com/Authress/authress-local)",
};
pub(super) const PRECONDITION_FAILED: Code = Code {
    rule: "authress.groups.stale-update",
    status: 412,
    code: "PreconditionFailed",
    message: "The group was last updated at {}, after the time in If-Unmodified-Since",
    when: "`If-Unmodified-Since` is older than `lastUpdated`; `Last-Modified` tells that time (the status is \
           documented).",
    remedy: "Read the group again and send its `lastUpdated` in `If-Unmodified-Since`.",
    evidence: Evidence::Assumed,
    source: "no list of codes and titles is published; the status: authress.GroupsApi, update_group \
             (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/GroupsApi.md#update_group)",
};
pub(super) const TOO_LARGE: Code = Code {
    rule: "authress.requests.body-too-large",
    status: 413,
    code: "RequestTooLarge",
    message: "The body of the request is larger than {} bytes",
    when: "The body is larger than 102,400 bytes, or than the server's limit when that is smaller.",
    remedy: "Send a body of at most 102,400 bytes, or raise the server's own limit with `--body-limit` when \
             that is smaller.",
    evidence: Evidence::Assumed,
    source: "the size: authress.GroupsApi, create_group \
             (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/GroupsApi.md#create_group); the \
             status is that of access records in the vendor's API",
};
pub(super) const LIMITED: Code = Code {
    rule: "authress.limits.too-many-requests",
    status: 429,
    code: "TooManyRequests",
    message: "Too many requests",
    when: "The rate limit is used up; `Retry-After` says for how many seconds. (The status is documented.)",
    remedy: "Wait for the seconds in `Retry-After`, then send the request again.",
    evidence: Evidence::Assumed,
    source: "Authress knowledge base, API billing and caching (https://authress.io/knowledge-base/); the \
             form is that of the other errors",
};
pub(super) const UNEXPECTED: Code = Code {
    rule: "authress.server.failed",
    status: 500,
    code: "",
    message: "Unexpected error",
    when: "The server failed.",
    remedy: "Remove the fault that asks for it; without one it is a bug of this server, and its log says more.",
    evidence: Evidence::Spec,
    source: source::HOUSE_STYLE,
};
pub(super) const TIMED_OUT: Code = Code {
    rule: "authress.server.timed-out",
    status: 504,
    code: "RequestTimeout",
    message: "The request took too long",
    when: "The request took longer than the server's limit.",
    remedy: "Send the request again, or raise the limit with `--request-timeout`.",
    evidence: Evidence::Assumed,
    source: "no answer is known; the form is that of the other errors",
};

pub(super) const FAULT: Code = Code {
    rule: "authress.faults.injected",
    status: 500,
    code: "MockFault",
    message: "A fault of the mock server",
    when: "A fault asks for a status that no other error has; the answer has the status of the fault.",
    remedy: "Remove the fault, or wait until it is used up.",
    evidence: Evidence::Assumed,
    source: "no vendor sends it; the envelope is that of the other errors",
};

pub(super) const CONTROL: Code = Code {
    rule: "authress.control.invalid",
    status: 400,
    code: "MockControl",
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
    &GROUP_NOT_FOUND,
    &NOT_FOUND,
    &METHOD_NOT_ALLOWED,
    &GROUP_ALREADY_EXISTS,
    &PRECONDITION_FAILED,
    &TOO_LARGE,
    &LIMITED,
    &UNEXPECTED,
    &TIMED_OUT,
    &FAULT,
    &CONTROL,
];

/// A `ResponseError`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResponseError<'a> {
    title: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    error_code: &'a str,
    error_id: &'a str,
}

/// Renders a failure; OPTIONS has no operation of its own, so that a preflight comes here on every path.
pub(super) fn render(failure: &Failure, meta: &Meta) -> Response {
    let is_unrouted = matches!(failure, Failure::NoRoute | Failure::MethodNotAllowed { .. });
    if is_unrouted && meta.method == Method::OPTIONS {
        return preflight();
    }
    let refusal = refusal_of(failure, meta);
    let body =
        ResponseError { title: title(&refusal), error_code: refusal.code.code, error_id: meta.request_id() };
    let mut response = refused(&refusal, MEDIA_TYPE, &body);
    // A fault may send the error without a time.
    if *refusal.code == PRECONDITION_FAILED
        && !refusal.subject.is_empty()
        && let Ok(last_modified) = HeaderValue::from_str(&refusal.subject)
    {
        response.headers_mut().insert(LAST_MODIFIED, last_modified);
    }
    response
}

fn title(refusal: &Refusal) -> String {
    if refusal.violations.is_empty() || refusal.text.is_some() {
        return refusal.message();
    }
    refusal.code.message.replacen("{}", &refusal.details(), 1)
}

fn refusal_of(failure: &Failure, meta: &Meta) -> Refusal {
    match failure {
        Failure::Refused(refusal) => refusal.clone(),
        Failure::NoRoute => NOT_FOUND.about(meta.path()),
        Failure::MethodNotAllowed { .. } => METHOD_NOT_ALLOWED.about(meta.method.as_str()),
        // The only captures are group identifiers, and an impossible one is an unknown one.
        Failure::BadPath(_) => {
            GROUP_NOT_FOUND.about(meta.path().rsplit_once('/').map_or("", |(_, segment)| segment))
        }
        Failure::BadQuery(violation) => {
            INVALID.at(format!("request.query.{}", violation.path), violation.reason.as_str())
        }
        Failure::BadJson { line, column, reason } => {
            INVALID.at("request.body", format!("must be JSON: {reason} at line {line} column {column}"))
        }
        Failure::BadShape(violation) => INVALID.at("request.body", violation.to_string()),
        Failure::BadBody(reason) => INVALID.at("request.body", format!("must be readable: {reason}")),
        Failure::BodyTooLarge { limit } => TOO_LARGE.about(limit.to_string()),
        Failure::MediaType(_) => INVALID.at("request.body", "must be JSON"),
        Failure::Timeout => TIMED_OUT.plain(),
        Failure::Panic => UNEXPECTED.plain(),
    }
}
