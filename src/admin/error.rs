//! The errors of the admin API, in WireMock's format: `{"errors":[{"code","title","detail"}]}`.

use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};

use super::MEDIA_TYPE;
use crate::http::{RequestMeta, error_response};
use crate::spec::{ApiError, ErrorCode, Evidence, RequestError};

/// The source of the rules of the admin API, which this project defines itself.
pub(super) const ADMIN_API_SOURCE: &str = "the definition of the admin API (/__admin/openapi.yaml)";

pub(super) const INVALID_REQUEST: ErrorCode = ErrorCode {
    id: "admin.requests.invalid",
    status: 400,
    code: "400",
    message: "the request is invalid",
    description: "A parameter or the body is invalid.",
    remediation: "Correct the parameter or field that `detail` names.",
    evidence: Evidence::Spec,
    source: ADMIN_API_SOURCE,
};
pub(super) const FALLBACK_FAILED: ErrorCode = ErrorCode {
    id: "admin.fallback.failed",
    status: 502,
    code: "502",
    message: "the fallback server did not respond",
    description: "With `--fallback`: no API has the path, and the fallback server cannot be reached or its response cannot be read; or another mock server forwarded the request. The message says which.",
    remediation: "Start the fallback server, or correct the URL of `--fallback`. Two servers must not forward to each other.",
    evidence: Evidence::Spec,
    source: ADMIN_API_SOURCE,
};
pub(super) const HOST_NOT_ALLOWED: ErrorCode = ErrorCode {
    id: "admin.hosts.not-allowed",
    status: 403,
    code: "403",
    message: "the host `{}` is not allowed to use the admin API; allow it with --allow-host",
    description: "The `Host` is malformed or sent twice, or it is neither a loopback address, nor the bound address, nor an allowed host.",
    remediation: "Use a loopback address or the bound address in the URL, or allow the host with `--allow-host`.",
    evidence: Evidence::Spec,
    source: ADMIN_API_SOURCE,
};
pub(super) const ORIGIN_NOT_ALLOWED: ErrorCode = ErrorCode {
    id: "admin.origins.not-allowed",
    status: 403,
    code: "403",
    message: "the origin `{}` is not allowed to use the admin API; allow it with --cors",
    description: "The `Origin` is malformed or sent twice, or it is neither the server's origin nor listed in `--cors`; `*` does not apply to the admin API.",
    remediation: "Send the request from a page of the server's origin, or allow the origin with `--cors`.",
    evidence: Evidence::Spec,
    source: ADMIN_API_SOURCE,
};
pub(super) const CROSS_SITE: ErrorCode = ErrorCode {
    id: "admin.origins.cross-site",
    status: 403,
    code: "403",
    message: "a page of another site is not allowed to use the admin API",
    description: "`Sec-Fetch-Site` is `cross-site`, and there is no `Origin`: a page of another site links to or embeds the URL.",
    remediation: "Open the URL directly, or send the request from a page whose origin `--cors` lists.",
    evidence: Evidence::Spec,
    source: ADMIN_API_SOURCE,
};
pub(super) const TOKEN_NOT_CONFIGURED: ErrorCode = ErrorCode {
    id: "admin.auth.token-not-configured",
    status: 401,
    code: "401",
    message: "the server listens on a network address and has no admin token, so that its admin API is closed; start it with AGM_ADMIN_TOKEN, or with --host 127.0.0.1",
    description: "The server listens on an address other than loopback, and was started without `--admin-token`.",
    remediation: "Start the server with a token in `AGM_ADMIN_TOKEN`, and send it in `X-Mock-Admin-Token`; or listen on 127.0.0.1.",
    evidence: Evidence::Spec,
    source: ADMIN_API_SOURCE,
};
pub(super) const TOKEN_REQUIRED: ErrorCode = ErrorCode {
    id: "admin.auth.token-required",
    status: 401,
    code: "401",
    message: "the admin API requires the token that the server was started with",
    description: "The server has an `--admin-token`, and the request has no token or a different one.",
    remediation: "Send the token in `X-Mock-Admin-Token`, or as `Authorization: Bearer <token>`.",
    evidence: Evidence::Spec,
    source: ADMIN_API_SOURCE,
};
pub(super) const ADMIN_DISABLED: ErrorCode = ErrorCode {
    id: "admin.access.disabled",
    status: 404,
    code: "404",
    message: "the admin API of this server is disabled",
    description: "The server was started with `--no-admin`.",
    remediation: "Start the server without `--no-admin`.",
    evidence: Evidence::Spec,
    source: ADMIN_API_SOURCE,
};
pub(super) const RESOURCE_NOT_FOUND: ErrorCode = ErrorCode {
    id: "admin.resources.not-found",
    status: 404,
    code: "404",
    message: "{}",
    description: "No namespace, snapshot, fault, request, group, record or operation has this name.",
    remediation: "Use a name from the list of these resources.",
    evidence: Evidence::Spec,
    source: ADMIN_API_SOURCE,
};
pub(super) const VERIFICATION_FAILED: ErrorCode = ErrorCode {
    id: "admin.requests.verification-failed",
    status: 422,
    code: "422",
    message: "the received requests do not match the expectation",
    description: "The number of matching requests is not the expected one; `detail` lists what was received instead.",
    remediation: "Compare `detail` with the expectation of the test.",
    evidence: Evidence::Spec,
    source: ADMIN_API_SOURCE,
};
pub(super) const PATTERN_TOO_COMPLEX: ErrorCode = ErrorCode {
    id: "admin.patterns.too-complex",
    status: 422,
    code: "422",
    message: "the pattern takes too much work",
    description: "A regular expression, or all those of the pattern or of the faults of the namespace together, would take too long to match.",
    remediation: "Use regular expressions with fewer repetitions, a shorter pattern, or further conditions that exclude most requests.",
    evidence: Evidence::Spec,
    source: ADMIN_API_SOURCE,
};
pub(super) const PATH_NOT_FOUND: ErrorCode = ErrorCode {
    id: "admin.paths.not-found",
    status: 404,
    code: "404",
    message: "no API of this server has the path `{}`",
    description: "The path belongs to no API of this server.",
    remediation: "Use a path that `/__admin/openapi.yaml` lists.",
    evidence: Evidence::Spec,
    source: ADMIN_API_SOURCE,
};
pub(super) const METHOD_NOT_ALLOWED: ErrorCode = ErrorCode {
    id: "admin.paths.method-not-allowed",
    status: 405,
    code: "405",
    message: "the path does not support the method {}",
    description: "The path supports only the methods that `Allow` lists.",
    remediation: "Use one of the methods that `Allow` lists.",
    evidence: Evidence::Spec,
    source: ADMIN_API_SOURCE,
};
pub(super) const BODY_TOO_LARGE: ErrorCode = ErrorCode {
    id: "admin.requests.body-too-large",
    status: 413,
    code: "413",
    message: "the body is larger than {} bytes",
    description: "The body is larger than the server's limit.",
    remediation: "Send a smaller body, or raise the limit with `--body-limit`.",
    evidence: Evidence::Spec,
    source: ADMIN_API_SOURCE,
};
pub(super) const INTERNAL_ERROR: ErrorCode = ErrorCode {
    id: "admin.server.internal-error",
    status: 500,
    code: "500",
    message: "internal server error",
    description: "The server has a bug, or a fault requests this error.",
    remediation: "Remove the fault that requests this error; without such a fault this is a bug, and the log has details.",
    evidence: Evidence::Spec,
    source: ADMIN_API_SOURCE,
};
pub(super) const TIMEOUT: ErrorCode = ErrorCode {
    id: "admin.server.timeout",
    status: 503,
    code: "503",
    message: "the request took too long",
    description: "Receiving the request body, or processing the request, took longer than the server's limit.",
    remediation: "Send the request again, search in fewer requests, or raise the limit with `--request-timeout`.",
    evidence: Evidence::Spec,
    source: ADMIN_API_SOURCE,
};

pub(super) const ALL: &[&ErrorCode] = &[
    &INVALID_REQUEST,
    &FALLBACK_FAILED,
    &TOKEN_REQUIRED,
    &HOST_NOT_ALLOWED,
    &ORIGIN_NOT_ALLOWED,
    &CROSS_SITE,
    &TOKEN_NOT_CONFIGURED,
    &PATH_NOT_FOUND,
    &ADMIN_DISABLED,
    &RESOURCE_NOT_FOUND,
    &METHOD_NOT_ALLOWED,
    &BODY_TOO_LARGE,
    &VERIFICATION_FAILED,
    &PATTERN_TOO_COMPLEX,
    &INTERNAL_ERROR,
    &TIMEOUT,
];

#[derive(Serialize)]
struct Envelope {
    errors: [Item; 1],
}

#[derive(Serialize)]
struct Item {
    code: u16,
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    detail: String,
}

/// Returns the error response for `error`.
pub(super) fn render(error: &RequestError, meta: &RequestMeta) -> Response {
    let api_error = api_error(error, meta);
    error_response(&api_error, MEDIA_TYPE, &body(&api_error))
}

/// Returns the body of an error as an example for the documentation.
pub(super) fn example(api_error: &ApiError, _path: &str) -> Value {
    json!(body(api_error))
}

fn body(api_error: &ApiError) -> Envelope {
    let item = Item { code: api_error.status, title: api_error.message(), detail: api_error.details() };
    Envelope { errors: [item] }
}

/// Returns the error of the admin API that represents `error`.
fn api_error(error: &RequestError, meta: &RequestMeta) -> ApiError {
    match error {
        RequestError::Api(api_error) => api_error.clone(),
        RequestError::RouteNotFound => PATH_NOT_FOUND.with_subject(meta.path()),
        RequestError::MethodNotAllowed { .. } => METHOD_NOT_ALLOWED.with_subject(meta.method.as_str()),
        RequestError::InvalidPath(violation)
        | RequestError::InvalidQuery(violation)
        | RequestError::InvalidData(violation) => INVALID_REQUEST.with_violations(vec![violation.clone()]),
        RequestError::JsonSyntax { .. }
        | RequestError::UnreadableBody(_)
        | RequestError::UnsupportedMediaType(_) => INVALID_REQUEST.with_violation("", error.reason()),
        RequestError::BodyTooLarge { limit } => BODY_TOO_LARGE.with_subject(limit.to_string()),
        RequestError::Timeout => TIMEOUT.error(),
        RequestError::Panic => INTERNAL_ERROR.error(),
    }
}
