//! The errors of the server's own API, in WireMock's shape: `{"errors":[{"code","title","detail"}]}`.

use axum::response::Response;
use serde::Serialize;

use super::MEDIA_TYPE;
use crate::failure::{Code, Evidence, Failure, Refusal};
use crate::http::{Meta, refused};

/// Where the rules of this API are known from: they are made here.
pub(super) const OWN_API: &str = "this server's own definition (/__admin/openapi.yaml)";

pub(super) const BAD_REQUEST: Code = Code {
    rule: "admin.requests.bad",
    status: 400,
    code: "400",
    message: "the request is invalid",
    when: "A parameter or the body is invalid.",
    remedy: "Correct what `detail` names.",
    evidence: Evidence::Spec,
    source: OWN_API,
};
pub(super) const FOREIGN_HOST: Code = Code {
    rule: "admin.hosts.foreign",
    status: 403,
    code: "403",
    message: "the host `{}` may not use this API; allow it with --allow-host",
    when: "The `Host` is neither loopback nor the bound address nor allowed.",
    remedy: "Call the server by a loopback address or the one it is bound to, or allow the host with \
             `--allow-host`.",
    evidence: Evidence::Spec,
    source: OWN_API,
};
pub(super) const FOREIGN_ORIGIN: Code = Code {
    rule: "admin.origins.foreign",
    status: 403,
    code: "403",
    message: "the origin `{}` may not use this API; allow it with --cors",
    when: "The `Origin` is neither the server's own nor one that `--cors` names; `*` names none for this API.",
    remedy: "Call the server from a page of its own host, or allow the origin with `--cors`.",
    evidence: Evidence::Spec,
    source: OWN_API,
};
pub(super) const NO_TOKEN: Code = Code {
    rule: "admin.auth.token",
    status: 401,
    code: "401",
    message: "this API needs the token that the server was started with",
    when: "The server has an `--admin-token`, and the request has none or another.",
    remedy: "Send the token in `X-Mock-Admin-Token`, or as `Authorization: Bearer <token>`.",
    evidence: Evidence::Spec,
    source: OWN_API,
};
pub(super) const CLOSED: Code = Code {
    rule: "admin.access.closed",
    status: 404,
    code: "404",
    message: "this server runs without its own API",
    when: "The server was started with `--no-admin`.",
    remedy: "Start the server without `--no-admin`.",
    evidence: Evidence::Spec,
    source: OWN_API,
};
pub(super) const UNKNOWN: Code = Code {
    rule: "admin.things.unknown",
    status: 404,
    code: "404",
    message: "{}",
    when: "There is no namespace, snapshot, fault or request with this name.",
    remedy: "Use a name that the list of these things has.",
    evidence: Evidence::Spec,
    source: OWN_API,
};
pub(super) const UNVERIFIED: Code = Code {
    rule: "admin.requests.unverified",
    status: 422,
    code: "422",
    message: "the requests that came are not those that were expected",
    when: "More or fewer requests came than expected; `detail` shows what came instead.",
    remedy: "Compare `detail` with what the test expects.",
    evidence: Evidence::Spec,
    source: OWN_API,
};
pub(super) const NOT_FOUND: Code = Code {
    rule: "admin.paths.no-route",
    status: 404,
    code: "404",
    message: "no API of this server has the path `{}`",
    when: "No vendor owns the path.",
    remedy: "Use a path that `/__admin/openapi.yaml` lists.",
    evidence: Evidence::Spec,
    source: OWN_API,
};
pub(super) const WRONG_METHOD: Code = Code {
    rule: "admin.paths.wrong-method",
    status: 405,
    code: "405",
    message: "the path does not take the method {}",
    when: "The path takes other methods, listed in `Allow`.",
    remedy: "Use one of the methods that `Allow` lists.",
    evidence: Evidence::Spec,
    source: OWN_API,
};
pub(super) const TOO_LARGE: Code = Code {
    rule: "admin.requests.body-too-large",
    status: 413,
    code: "413",
    message: "the body is larger than {} bytes",
    when: "The body is larger than the server's limit.",
    remedy: "Send a smaller body, or raise the limit with `--body-limit`.",
    evidence: Evidence::Spec,
    source: OWN_API,
};
pub(super) const FAILED: Code = Code {
    rule: "admin.server.failed",
    status: 500,
    code: "500",
    message: "the server failed",
    when: "A bug of this server.",
    remedy: "Remove the fault that asks for it; without one it is a bug of this server, and its log says more.",
    evidence: Evidence::Spec,
    source: OWN_API,
};
pub(super) const TIMED_OUT: Code = Code {
    rule: "admin.server.timed-out",
    status: 503,
    code: "503",
    message: "the request took too long",
    when: "The body of the request took longer to come than the server's limit.",
    remedy: "Send the request again, or raise the limit with `--request-timeout`.",
    evidence: Evidence::Spec,
    source: OWN_API,
};

pub(super) const ALL: &[&Code] = &[
    &BAD_REQUEST,
    &NO_TOKEN,
    &FOREIGN_HOST,
    &FOREIGN_ORIGIN,
    &NOT_FOUND,
    &CLOSED,
    &UNKNOWN,
    &WRONG_METHOD,
    &TOO_LARGE,
    &UNVERIFIED,
    &FAILED,
    &TIMED_OUT,
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

pub(super) fn render(failure: &Failure, meta: &Meta) -> Response {
    let refusal = refusal_of(failure, meta);
    let item = Item { code: refusal.status, title: refusal.message(), detail: refusal.details() };
    refused(&refusal, MEDIA_TYPE, &Envelope { errors: [item] })
}

fn refusal_of(failure: &Failure, meta: &Meta) -> Refusal {
    match failure {
        Failure::Refused(refusal) => refusal.clone(),
        Failure::NoRoute => NOT_FOUND.about(meta.path()),
        Failure::MethodNotAllowed { .. } => WRONG_METHOD.about(meta.method.as_str()),
        Failure::BadPath(violation) | Failure::BadQuery(violation) | Failure::BadShape(violation) => {
            BAD_REQUEST.because(vec![violation.clone()])
        }
        Failure::BadJson { .. } | Failure::BadBody(_) | Failure::MediaType(_) => {
            BAD_REQUEST.at("", failure.reason())
        }
        Failure::BodyTooLarge { limit } => TOO_LARGE.about(limit.to_string()),
        Failure::Timeout => TIMED_OUT.plain(),
        Failure::Panic => FAILED.plain(),
    }
}
