//! The errors of the cloudflare dialect: the code table and the envelope.
//!
//! `observed` entries were seen in issue threads of Cloudflare's own repositories (the Terraform provider, the
//! Python and TypeScript SDKs), in recordings of the real service (the test data of cf-terraforming) and in the
//! error tables of a typed client that were made by probing it; `assumed` ones are the nearest known form.

use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use serde::{Serialize, Serializer};

use super::MEDIA_TYPE;
use crate::failure::{Code, Evidence, Failure, Refusal, Violation};
use crate::http::{Meta, refused};

pub(super) const MISSING_CREDENTIALS: Code = Code {
    rule: "",
    status: 400,
    code: "9106",
    message: "Missing X-Auth-Key, X-Auth-Email or Authorization headers",
    when: "No credential at all, or an e-mail without its key.",
    remedy: "",
    evidence: Evidence::Observed,
    source: "",
};
pub(super) const BAD_HEADER: Code = Code {
    rule: "",
    status: 400,
    code: "6003",
    message: "Invalid request headers",
    when: "A credential header is malformed; `error_chain` says which: 6111 Authorization, 6103 X-Auth-Key, \
           6102 X-Auth-Email.",
    remedy: "",
    evidence: Evidence::Observed,
    source: "",
};
pub(super) const MALFORMED_JSON: Code = Code {
    rule: "",
    status: 400,
    code: "6007",
    message: "Malformed JSON in request body",
    when: "The body is not JSON; `error_chain` says where it broke.",
    remedy: "",
    evidence: Evidence::Observed,
    source: "",
};
pub(super) const ACCESS_INVALID: Code = Code {
    rule: "",
    status: 400,
    code: "12130",
    message: "access.api.error.invalid_request",
    when: "An Access group lacks a member, or one has the wrong type; the message goes on with the detail.",
    remedy: "",
    evidence: Evidence::Observed,
    source: "",
};
pub(super) const IAM_INVALID: Code = Code {
    rule: "",
    status: 400,
    code: "400",
    message: "Invalid request",
    when: "A resource group lacks a member, or one has the wrong type; the message goes on with the detail.",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};
pub(super) const UNKNOWN_TOKEN: Code = Code {
    rule: "",
    status: 401,
    code: "10000",
    message: "Authentication error",
    when: "In strict mode: the token is unknown.",
    remedy: "",
    evidence: Evidence::Observed,
    source: "",
};
pub(super) const UNKNOWN_KEY: Code = Code {
    rule: "",
    status: 403,
    code: "9103",
    message: "Unknown X-Auth-Key or X-Auth-Email",
    when: "In strict mode: the pair of e-mail and key is unknown.",
    remedy: "",
    evidence: Evidence::Observed,
    source: "",
};
pub(super) const FOREIGN_ACCOUNT: Code = Code {
    rule: "",
    status: 403,
    code: "10000",
    message: "Authentication error",
    when: "In strict mode: the credential is of another account.",
    remedy: "",
    evidence: Evidence::Observed,
    source: "",
};
pub(super) const NOT_PERMITTED: Code = Code {
    rule: "",
    status: 403,
    code: "9109",
    message: "Unauthorized to access requested resource",
    when: "In strict mode: the credential lacks the right.",
    remedy: "",
    evidence: Evidence::Observed,
    source: "",
};
pub(super) const NO_ROUTE: Code = Code {
    rule: "",
    status: 404,
    code: "7003",
    message: "Could not route to {}, perhaps your object identifier is invalid?",
    when: "The path is unknown, or the account or zone identifier in it is malformed; 7000 follows.",
    remedy: "",
    evidence: Evidence::Observed,
    source: "",
};
pub(super) const UNKNOWN_ACCESS_GROUP: Code = Code {
    rule: "",
    status: 404,
    code: "12152",
    message: "access.api.error.unknown_group",
    when: "The account or zone has no such Access group. (The code is observed, the text assumed.)",
    remedy: "",
    evidence: Evidence::Observed,
    source: "",
};
pub(super) const UNKNOWN_RESOURCE_GROUP: Code = Code {
    rule: "",
    status: 404,
    code: "404",
    message: "Resource group not found",
    when: "The account has no such resource group.",
    remedy: "",
    evidence: Evidence::Observed,
    source: "",
};
pub(super) const UNKNOWN_PERMISSION_GROUP: Code = Code {
    rule: "",
    status: 404,
    code: "404",
    message: "Permission group not found",
    when: "The account has no such permission group.",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};
pub(super) const WRONG_METHOD: Code = Code {
    rule: "",
    status: 405,
    code: "10405",
    message: "Method not allowed for this authentication scheme",
    when: "The path takes other methods, listed in `Allow`. (Seen for a wrong kind of credential.)",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};
pub(super) const TOO_LARGE: Code = Code {
    rule: "",
    status: 413,
    code: "10413",
    message: "Request body is larger than {} bytes",
    when: "The body is larger than the server's limit.",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};
pub(super) const NON_EDITABLE: Code = Code {
    rule: "",
    status: 422,
    code: "422",
    message: "Resource group is non-editable",
    when: "A predefined resource group is changed or deleted. (The status and the word are observed.)",
    remedy: "",
    evidence: Evidence::Observed,
    source: "",
};
pub(super) const FAILED: Code = Code {
    rule: "",
    status: 500,
    code: "10001",
    message: "access.api.error.internal_server_error",
    when: "The server failed.",
    remedy: "",
    evidence: Evidence::Observed,
    source: "",
};
pub(super) const TIMED_OUT: Code = Code {
    rule: "",
    status: 504,
    code: "1000",
    message: "Gateway timeout",
    when: "The request took longer than the server's limit.",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};

/// The name of the whole body in a detail.
const WHOLE_BODY: &str = "body";

/// The second error beside [`NO_ROUTE`].
const NO_ROUTE_ALSO: Item<'static> =
    Item { code: "7000", message: "No route for that URI", source: None, error_chain: None };

pub(super) const COMMON: &[&Code] = &[
    &MISSING_CREDENTIALS,
    &BAD_HEADER,
    &UNKNOWN_TOKEN,
    &UNKNOWN_KEY,
    &FOREIGN_ACCOUNT,
    &NOT_PERMITTED,
    &NO_ROUTE,
    &FAILED,
    &TIMED_OUT,
];

pub(super) const ALL: &[&Code] = &[
    &MISSING_CREDENTIALS,
    &BAD_HEADER,
    &MALFORMED_JSON,
    &ACCESS_INVALID,
    &IAM_INVALID,
    &UNKNOWN_TOKEN,
    &UNKNOWN_KEY,
    &FOREIGN_ACCOUNT,
    &NOT_PERMITTED,
    &NO_ROUTE,
    &UNKNOWN_ACCESS_GROUP,
    &UNKNOWN_RESOURCE_GROUP,
    &UNKNOWN_PERMISSION_GROUP,
    &WRONG_METHOD,
    &TOO_LARGE,
    &NON_EDITABLE,
    &FAILED,
    &TIMED_OUT,
];

/// The envelope of a failure; the members in the order of the Access service.
#[derive(Serialize)]
struct Envelope<'a> {
    result: (),
    success: bool,
    errors: Vec<Item<'a>>,
    messages: [(); 0],
}

#[derive(Serialize)]
struct Item<'a> {
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

/// What the gateway nests inside an error of a header.
#[derive(Serialize)]
struct Cause<'a> {
    #[serde(serialize_with = "number")]
    code: &'a str,
    message: &'a str,
}

/// Codes are numbers on the wire.
fn number<S: Serializer>(code: &&str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(code.parse().unwrap_or_default())
}

pub(super) fn render(failure: &Failure, meta: &Meta) -> Response {
    let refusal = refusal_of(failure, meta);
    let message = message_of(&refusal);
    let violation = refusal.violations.first();
    let mut item = Item { code: refusal.code.code, message: &message, source: None, error_chain: None };
    match refusal.code.code {
        "6003" | "6007" => {
            item.error_chain = violation.map(|it| [Cause { code: &it.path, message: &it.reason }]);
        }
        "12130" | "400" if !matches!(failure, Failure::BadQuery(_)) => {
            item.source = violation.and_then(pointer);
        }
        _ => {}
    }
    let also = (*refusal.code == NO_ROUTE).then_some(NO_ROUTE_ALSO);
    let errors = std::iter::once(item).chain(also).collect();
    let envelope = Envelope { result: (), success: false, errors, messages: [] };
    let mut response = refused(&refusal, MEDIA_TYPE, &envelope);
    if matches!(failure, Failure::Panic) {
        // The SDKs retry every 5xx; a bug would only fail again, and a fault may pass.
        let header = HeaderName::from_static("x-should-retry");
        response.headers_mut().insert(header, HeaderValue::from_static("false"));
    }
    response
}

/// The two services put the detail behind the message.
fn message_of(refusal: &Refusal) -> String {
    let has_detail = matches!(refusal.code.code, "12130" | "400") && !refusal.violations.is_empty();
    if has_detail && refusal.text.is_none() {
        format!("{}: {}", refusal.message(), refusal.details())
    } else {
        refusal.message()
    }
}

/// A member path such as `include[0].email` as a JSON pointer.
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

fn refusal_of(failure: &Failure, meta: &Meta) -> Refusal {
    let invalid = if meta.path().contains("/iam/") { &IAM_INVALID } else { &ACCESS_INVALID };
    match failure {
        Failure::Refused(refusal) if *refusal.code == NO_ROUTE => {
            Refusal { subject: meta.path().to_owned(), ..refusal.clone() }
        }
        Failure::Refused(refusal) => refusal.clone(),
        Failure::NoRoute | Failure::BadPath(_) => NO_ROUTE.about(meta.path()),
        Failure::MethodNotAllowed { .. } => WRONG_METHOD.plain(),
        Failure::BadShape(violation) if violation.path.is_empty() => {
            invalid.at(WHOLE_BODY, "must be an object")
        }
        Failure::BadQuery(violation) | Failure::BadShape(violation) => {
            invalid.because(vec![violation.clone()])
        }
        Failure::BadJson { line, column, reason } => {
            MALFORMED_JSON.at("6007", format!("{reason} at line {line} column {column}"))
        }
        Failure::BadBody(reason) => MALFORMED_JSON.at("6007", reason),
        Failure::MediaType(_) => MALFORMED_JSON.at("6007", failure.reason()),
        Failure::BodyTooLarge { limit } => TOO_LARGE.about(limit.to_string()),
        Failure::Timeout => TIMED_OUT.plain(),
        Failure::Panic => FAILED.plain(),
    }
}
