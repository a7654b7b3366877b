//! The errors of the cloudflare dialect.
//!
//! `observed` entries were seen in issue threads of Cloudflare's own repositories (the Terraform provider, the
//! Python and TypeScript SDKs), in recordings of the real service (the test data of cf-terraforming) and in the
//! error tables of a typed client that were made by probing it; `assumed` ones are the nearest known form.

use super::source;
use crate::failure::{Code, Evidence};

pub(super) const MISSING_CREDENTIALS: Code = Code {
    rule: "cloudflare.auth.missing-credentials",
    status: 400,
    code: "9106",
    message: "Missing X-Auth-Key, X-Auth-Email or Authorization headers",
    when: "No credential at all, or an e-mail without its key.",
    remedy: "Send `Authorization: Bearer <token>`, or `X-Auth-Email` together with `X-Auth-Key`.",
    evidence: Evidence::Observed,
    source: "a report of the real answer (https://github.com/cloudflare/cloudflare-python/issues/2678)",
};
pub(super) const BAD_HEADER: Code = Code {
    rule: "cloudflare.auth.malformed-header",
    status: 400,
    code: "6003",
    message: "Invalid request headers",
    when: "A credential header is malformed; `error_chain` says which: 6111 Authorization, 6103 X-Auth-Key, \
           6102 X-Auth-Email.",
    remedy: "Send the header that `error_chain` names in its right form, such as `Authorization: Bearer \
             <token>`.",
    evidence: Evidence::Observed,
    source: "reports of the real answer (https://github.com/jeessy2/ddns-go/issues/916, \
             https://github.com/cloudflare/cloudflare-typescript/issues/161, \
             https://github.com/rmbolger/Posh-ACME/issues/126)",
};
pub(super) const MALFORMED_JSON: Code = Code {
    rule: "cloudflare.requests.malformed-json",
    status: 400,
    code: "6007",
    message: "Malformed JSON in request body",
    when: "The body is not JSON; `error_chain` says where it broke.",
    remedy: "Send a body that is JSON.",
    evidence: Evidence::Observed,
    source: "a report of the real answer of another service \
             (https://github.com/undefinedplayer/cloudflare-ddns/issues/10)",
};
pub(super) const ACCESS_INVALID: Code = Code {
    rule: "cloudflare.access.invalid-request",
    status: 400,
    code: "12130",
    message: "access.api.error.invalid_request",
    when: "An Access group lacks a member, or one has the wrong type; the message goes on with the detail.",
    remedy: "Correct what the message names behind the colon; `source.pointer` says where it stands.",
    evidence: Evidence::Observed,
    source: "a report of the real answer \
             (https://github.com/cloudflare/terraform-provider-cloudflare/issues/2328)",
};
pub(super) const IAM_INVALID: Code = Code {
    rule: "cloudflare.iam.invalid-request",
    status: 400,
    code: "400",
    message: "Invalid request",
    when: "A resource group lacks a member, or one has the wrong type; the message goes on with the detail.",
    remedy: "Correct what the message names behind the colon; `source.pointer` says where it stands.",
    evidence: Evidence::Assumed,
    source: "that it is refused is seen, the code and the text are not; the code repeats the status as in \
             the 404 of the same service",
};
pub(super) const UNKNOWN_TOKEN: Code = Code {
    rule: "cloudflare.auth.unknown-token",
    status: 401,
    code: "10000",
    message: "Authentication error",
    when: "In strict mode: the token is unknown.",
    remedy: "Send a token that the seed file lists.",
    evidence: Evidence::Observed,
    source: "a report of the real answer \
             (https://github.com/cloudflare/terraform-provider-cloudflare/issues/1533)",
};
pub(super) const UNKNOWN_KEY: Code = Code {
    rule: "cloudflare.auth.unknown-key",
    status: 403,
    code: "9103",
    message: "Unknown X-Auth-Key or X-Auth-Email",
    when: "In strict mode: the pair of e-mail and key is unknown.",
    remedy: "Send a pair of e-mail and key that the seed file lists.",
    evidence: Evidence::Observed,
    source: "a report of the real text (https://github.com/netcccyun/dnsmgr/issues/245)",
};
pub(super) const FOREIGN_ACCOUNT: Code = Code {
    rule: "cloudflare.auth.foreign-account",
    status: 403,
    code: "10000",
    message: "Authentication error",
    when: "In strict mode: the credential is of another account.",
    remedy: "Use the account or zone to which the seed file gives the credential.",
    evidence: Evidence::Observed,
    source: "a report of the real answer \
             (https://github.com/cloudflare/terraform-provider-cloudflare/issues/3292)",
};
pub(super) const NOT_PERMITTED: Code = Code {
    rule: "cloudflare.auth.not-permitted",
    status: 403,
    code: "9109",
    message: "Unauthorized to access requested resource",
    when: "In strict mode: the credential lacks the right.",
    remedy: "Use a credential whose role in the seed file has the right.",
    evidence: Evidence::Observed,
    source: "a report of the real answer (https://github.com/ChrispyBacon-dev/DockFlare/issues/177)",
};
pub(super) const NO_ROUTE: Code = Code {
    rule: "cloudflare.paths.no-route",
    status: 404,
    code: "7003",
    message: "Could not route to {}, perhaps your object identifier is invalid?",
    when: "The path is unknown, or the account or zone identifier in it is malformed; 7000 follows.",
    remedy: "Use a path of the API, with an account or zone of 1 to 32 letters, digits, `_` and `-`.",
    evidence: Evidence::Observed,
    source: "a report of the real answer \
             (https://github.com/cloudflare/terraform-provider-cloudflare/issues/835)",
};
pub(super) const UNKNOWN_ACCESS_GROUP: Code = Code {
    rule: "cloudflare.access.unknown-group",
    status: 404,
    code: "12152",
    message: "access.api.error.unknown_group",
    when: "The account or zone has no such Access group. (The code is observed, the text assumed.)",
    remedy: "Use the `id` of a group that `GET …/access/groups` of the same account or zone lists.",
    evidence: Evidence::Observed,
    source: source::PROBES,
};
pub(super) const UNKNOWN_RESOURCE_GROUP: Code = Code {
    rule: "cloudflare.iam.unknown-resource-group",
    status: 404,
    code: "404",
    message: "Resource group not found",
    when: "The account has no such resource group.",
    remedy: "Use the `id` of a group that `GET …/iam/resource_groups` of the same account lists.",
    evidence: Evidence::Observed,
    source: source::PROBES,
};
pub(super) const UNKNOWN_PERMISSION_GROUP: Code = Code {
    rule: "cloudflare.iam.unknown-permission-group",
    status: 404,
    code: "404",
    message: "Permission group not found",
    when: "The account has no such permission group.",
    remedy: "Use the `id` of a group that `GET …/iam/permission_groups` of the same account lists.",
    evidence: Evidence::Assumed,
    source: "no answer is known; that of a resource group, which the same service gives",
};
pub(super) const WRONG_METHOD: Code = Code {
    rule: "cloudflare.paths.wrong-method",
    status: 405,
    code: "10405",
    message: "Method not allowed for this authentication scheme",
    when: "The path takes other methods, listed in `Allow`. (Seen for a wrong kind of credential.)",
    remedy: "Use one of the methods that `Allow` lists.",
    evidence: Evidence::Assumed,
    source: "no answer is known; the nearest one that was seen, for a wrong kind of credential",
};
pub(super) const TOO_LARGE: Code = Code {
    rule: "cloudflare.requests.body-too-large",
    status: 413,
    code: "10413",
    message: "Request body is larger than {} bytes",
    when: "The body is larger than the server's limit.",
    remedy: "Send a smaller body, or raise the limit with `--body-limit`.",
    evidence: Evidence::Assumed,
    source: "the choice of this server: no limit of the vendor is known",
};
pub(super) const NON_EDITABLE: Code = Code {
    rule: "cloudflare.iam.predefined-resource-group",
    status: 422,
    code: "422",
    message: "Resource group is non-editable",
    when: "A predefined resource group is changed or deleted. (The status and the word are observed.)",
    remedy: "Change or delete a resource group that was created by a request or the seed file.",
    evidence: Evidence::Observed,
    source: source::LIVE_TESTS,
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
    rule: "cloudflare.server.failed",
    status: 500,
    code: "10001",
    message: "access.api.error.internal_server_error",
    when: "The server failed.",
    remedy: "Remove the fault that asks for it; without one it is a bug of this server, and its log says more.",
    evidence: Evidence::Observed,
    source: "a report of the real answer \
             (https://github.com/cloudflare/terraform-provider-cloudflare/issues/683)",
};
pub(super) const TIMED_OUT: Code = Code {
    rule: "cloudflare.server.timed-out",
    status: 504,
    code: "1000",
    message: "Gateway timeout",
    when: "The request took longer than the server's limit.",
    remedy: "Send the request again, or raise the limit with `--request-timeout`.",
    evidence: Evidence::Assumed,
    source: "no text is known; the code stands in the error tables of npm @distilled.cloud/cloudflare 0.30.3 \
             (https://www.npmjs.com/package/@distilled.cloud/cloudflare)",
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

pub(super) const CONTROL: Code = Code {
    rule: "cloudflare.control.invalid",
    status: 400,
    code: "1000",
    message: "A header or path prefix of the mock server is invalid",
    when: "`X-Mock-Fault`, `X-Mock-Namespace` or the `/ns/NAME` before the path cannot be read; the message says \
           why, and nothing changed.",
    remedy: "Correct what the message names, or leave `X-Mock-Fault`, `X-Mock-Namespace` and `/ns/NAME` out.",
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
    &CONTROL,
];
