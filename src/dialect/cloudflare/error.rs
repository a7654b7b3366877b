//! The errors of the cloudflare dialect.
//!
//! `observed` entries were seen in issue threads of Cloudflare's own repositories (the Terraform provider, the
//! Python and TypeScript SDKs), in recordings of the real service (the test data of cf-terraforming) and in the
//! error tables of a typed client that were made by probing it; `assumed` ones are the nearest known form.

use super::source;
use crate::failure::{Code, Evidence};

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
pub(super) const LIMITED: Code = Code {
    rule: "cloudflare.limits.too-many-requests",
    status: 429,
    code: "971",
    message: "Please wait and consider throttling your request speed",
    when: "The rate limit is used up; `Retry-After` says for how many seconds.",
    remedy: "Wait for the seconds in `Retry-After`, then send the request again.",
    evidence: Evidence::Observed,
    source: "a report of the real answer (https://github.com/cloudflare/workers-sdk/issues/10025); the \
             status and `Retry-After`: Cloudflare docs, Rate limits \
             (https://developers.cloudflare.com/fundamentals/api/reference/limits/)",
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

pub(super) const FAULT: Code = Code {
    rule: "cloudflare.faults.injected",
    status: 500,
    code: "1000",
    message: "A fault of the mock server",
    when: "A fault asks for a status that no other error has; the answer has the status of the fault.",
    remedy: "Remove the fault, or wait until it is used up.",
    evidence: Evidence::Assumed,
    source: "no vendor sends it; the envelope is that of the other errors",
};

pub(super) const COMMON: &[&Code] = &[
    &MISSING_CREDENTIALS,
    &BAD_HEADER,
    &UNKNOWN_TOKEN,
    &UNKNOWN_KEY,
    &FOREIGN_ACCOUNT,
    &NOT_PERMITTED,
    &NO_ROUTE,
    &LIMITED,
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
    &LIMITED,
    &FAILED,
    &TIMED_OUT,
    &FAULT,
];
