//! The error table of the legacy dialect.

use super::source;
use crate::spec::{ApiError, ErrorCode, Evidence};

pub const INVALID: ErrorCode = ErrorCode {
    id: "legacy.requests.invalid",
    status: 400,
    code: "",
    message: "The request is invalid.",
    description: "The body or the id is invalid; `ModelState` or `MessageDetail` says why.",
    remediation: "Correct what `ModelState` or `MessageDetail` names.",
    evidence: Evidence::Spec,
    source: source::FRAMEWORK,
};
pub const UNAUTHORIZED: ErrorCode = ErrorCode {
    id: "legacy.auth.unauthorized",
    status: 401,
    code: "",
    message: "Authorization has been denied for this request.",
    description: "The bearer token is missing, or unknown in strict mode.",
    remediation: "Send `Authorization: Bearer <token>`; in strict mode, use a token from the seed file.",
    evidence: Evidence::Spec,
    source: source::FRAMEWORK,
};
pub const FORBIDDEN: ErrorCode = ErrorCode {
    id: "legacy.auth.forbidden",
    status: 403,
    code: "",
    message: "Authorization has been denied for this request.",
    description: "In strict mode: the token is known but lacks the permission.",
    remediation: "Use a token whose role in the seed file grants the permission.",
    evidence: Evidence::Assumed,
    source: "no response is known; the message is that of the 401",
};
pub const UNKNOWN_ID: ErrorCode = ErrorCode {
    id: "legacy.groups.unknown-id",
    status: 404,
    code: "",
    message: "No access group with the id {} was found.",
    description: "The path is valid, but the access group does not exist.",
    remediation: "Use the `id` of a group that `GET /api2/access_groups.json` lists.",
    evidence: Evidence::Assumed,
    source: "no response is known; the framework's own has no body, so the message is chosen by this server",
};
pub const PATH_NOT_FOUND: ErrorCode = ErrorCode {
    id: "legacy.paths.not-found",
    status: 404,
    code: "",
    message: "No HTTP resource was found that matches the request URI '{}'.",
    description: "No operation has this path, for example because `.json` is missing.",
    remediation: "Use `/api2/access_groups.json` or `/api2/access_groups/{id}.json`; `.json` is part of the \
             path.",
    evidence: Evidence::Spec,
    source: source::FRAMEWORK,
};
pub const METHOD_NOT_ALLOWED: ErrorCode = ErrorCode {
    id: "legacy.paths.method-not-allowed",
    status: 405,
    code: "",
    message: "The requested resource does not support http method '{}'.",
    description: "The path does not support the method; `Allow` lists the methods it supports.",
    remediation: "Use one of the methods that `Allow` lists.",
    evidence: Evidence::Spec,
    source: source::FRAMEWORK,
};
pub const BODY_TOO_LARGE: ErrorCode = ErrorCode {
    id: "legacy.requests.body-too-large",
    status: 413,
    code: "",
    message: "The request entity is larger than {} bytes.",
    description: "The body is larger than the server's limit.",
    remediation: "Send a smaller body, or raise the limit with `--body-limit`.",
    evidence: Evidence::Assumed,
    source: "chosen by this server: the vendor does not publish a limit",
};
pub const MEDIA_TYPE_UNSUPPORTED: ErrorCode = ErrorCode {
    id: "legacy.requests.media-type-unsupported",
    status: 415,
    code: "",
    message: "The request entity's media type '{}' is not supported for this resource.",
    description: "The media type of the body is neither `application/json` nor `text/json`.",
    remediation: "Send the body as `Content-Type: application/json`.",
    evidence: Evidence::Spec,
    source: source::FRAMEWORK,
};
pub const MEDIA_TYPE_MISSING: ErrorCode = ErrorCode {
    id: "legacy.requests.media-type-missing",
    status: 415,
    code: "",
    message: "The request contains an entity body but no Content-Type header. The inferred media type \
              'application/octet-stream' is not supported for this resource.",
    description: "The request has a body but no `Content-Type`.",
    remediation: "Send `Content-Type: application/json` with the body.",
    evidence: Evidence::Spec,
    source: source::FRAMEWORK,
};
pub const TOO_MANY_REQUESTS: ErrorCode = ErrorCode {
    id: "legacy.limits.too-many-requests",
    status: 429,
    code: "",
    message: "The allowed number of requests has been exceeded.",
    description: "The rate limit is exceeded; `Retry-After` contains the number of seconds to wait.",
    remediation: "Wait for the number of seconds in `Retry-After`, then send the request again.",
    evidence: Evidence::Assumed,
    source: "FlickRocket limits requests with a leaky bucket; neither the limits nor a response are published \
             (https://admin.flickrocket.com/Help)",
};
pub const INTERNAL_ERROR: ErrorCode = ErrorCode {
    id: "legacy.server.internal-error",
    status: 500,
    code: "",
    message: "An error has occurred.",
    description: "An internal error occurred in the server.",
    remediation: "Remove the fault that injects it; without such a fault it is a bug in this server, and its log has \
             details.",
    evidence: Evidence::Spec,
    source: source::FRAMEWORK,
};
pub const TIMEOUT: ErrorCode = ErrorCode {
    id: "legacy.server.timeout",
    status: 503,
    code: "",
    message: "An error has occurred.",
    description: "The request took longer than the server's limit.",
    remediation: "Send the request again, or raise the limit with `--request-timeout`.",
    evidence: Evidence::Assumed,
    source: "the message is that of the 500; clients retry a 503, see the WordPress plugin \
             woocommerce-digital-content-delivery-with-drm-flickrocket 4.74",
};

pub const INJECTED_FAULT: ErrorCode = ErrorCode {
    id: "legacy.faults.injected",
    status: 500,
    code: "",
    message: "A fault of the mock server",
    description: "A fault requests a status that no other error has; the response has the status of the fault.",
    remediation: "Remove the fault, or wait until its schedule ends.",
    evidence: Evidence::Assumed,
    source: "specific to this mock; the envelope is that of the other errors",
};

pub const INVALID_CONTROL: ErrorCode = ErrorCode {
    id: "legacy.control.invalid",
    status: 400,
    code: "",
    message: "A header or path prefix of the mock server is invalid",
    description: "`X-Mock-Fault`, `X-Mock-Namespace` or the path prefix `/ns/NAME` is invalid; the message says why, and \
           nothing was changed.",
    remediation: "Correct what the message names, or omit `X-Mock-Fault`, `X-Mock-Namespace` and `/ns/NAME`.",
    evidence: Evidence::Assumed,
    source: "specific to this mock; the envelope is that of the other errors",
};

pub const FALLBACK_FAILED: ErrorCode = ErrorCode {
    id: "legacy.fallback.failed",
    status: 502,
    code: "",
    message: "The fallback server of the mock server did not respond",
    description: "With `--fallback`: no operation has the path, and the fallback server cannot be reached or its response \
           cannot be read; or another mock server forwarded the request. The message says which.",
    remediation: "Start the fallback server, or correct the URL of `--fallback`. Two servers must not forward to each other.",
    evidence: Evidence::Assumed,
    source: "specific to this mock; the envelope is that of the other errors",
};

pub const ALL: &[&ErrorCode] = &[
    &INVALID,
    &UNAUTHORIZED,
    &FORBIDDEN,
    &UNKNOWN_ID,
    &PATH_NOT_FOUND,
    &METHOD_NOT_ALLOWED,
    &BODY_TOO_LARGE,
    &MEDIA_TYPE_UNSUPPORTED,
    &MEDIA_TYPE_MISSING,
    &TOO_MANY_REQUESTS,
    &INTERNAL_ERROR,
    &TIMEOUT,
    &INJECTED_FAULT,
    &INVALID_CONTROL,
    &FALLBACK_FAILED,
];

/// Returns the error for a parameter `name` that is not a 32-bit integer.
pub fn not_an_integer(name: &str) -> ApiError {
    let message = format!(
        "The parameters dictionary contains a null entry for parameter '{name}' of non-nullable type 'System.Int32'."
    );
    INVALID.with_violation("", message)
}
