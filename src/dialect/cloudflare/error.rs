//! The errors of the cloudflare dialect.
//!
//! `observed` entries come from issue threads of Cloudflare's own repositories (the Terraform provider, the Python
//! and TypeScript SDKs), from recordings of the real service (the test data of cf-terraforming) and from the error
//! tables of a typed client whose authors probed the service. `assumed` entries use the closest known format.

use super::source;
use crate::failure::{Code, Evidence};

pub(super) const MISSING_CREDENTIALS: Code = Code {
    rule: "cloudflare.auth.missing-credentials",
    status: 400,
    code: "9106",
    message: "Missing X-Auth-Key, X-Auth-Email or Authorization headers",
    when: "The request has no credential, or an email address without its key.",
    remedy: "Send `Authorization: Bearer <token>`, or `X-Auth-Email` together with `X-Auth-Key`.",
    evidence: Evidence::Observed,
    source: "a report of the real response (https://github.com/cloudflare/cloudflare-python/issues/2678)",
};
pub(super) const BAD_HEADER: Code = Code {
    rule: "cloudflare.auth.malformed-header",
    status: 400,
    code: "6003",
    message: "Invalid request headers",
    when: "A credential header is malformed; `error_chain` identifies it: 6111 Authorization, 6103 \
           X-Auth-Key, 6102 X-Auth-Email.",
    remedy: "Correct the format of the header that `error_chain` names, for example `Authorization: Bearer \
             <token>`.",
    evidence: Evidence::Observed,
    source: "reports of the real response (https://github.com/jeessy2/ddns-go/issues/916, \
             https://github.com/cloudflare/cloudflare-typescript/issues/161, \
             https://github.com/rmbolger/Posh-ACME/issues/126)",
};
pub(super) const MALFORMED_JSON: Code = Code {
    rule: "cloudflare.requests.malformed-json",
    status: 400,
    code: "6007",
    message: "Malformed JSON in request body",
    when: "The body is not valid JSON; `error_chain` contains the position of the error.",
    remedy: "Send a valid JSON body.",
    evidence: Evidence::Observed,
    source: "a report of the real response of another service \
             (https://github.com/undefinedplayer/cloudflare-ddns/issues/10)",
};
pub(super) const ACCESS_INVALID: Code = Code {
    rule: "cloudflare.access.invalid-request",
    status: 400,
    code: "12130",
    message: "access.api.error.invalid_request",
    when: "A field of an Access group is missing or has the wrong type; the message includes the details.",
    remedy: "Correct what the message names after the colon; `source.pointer` contains its path.",
    evidence: Evidence::Observed,
    source: "a report of the real response \
             (https://github.com/cloudflare/terraform-provider-cloudflare/issues/2328)",
};
pub(super) const IAM_INVALID: Code = Code {
    rule: "cloudflare.iam.invalid-request",
    status: 400,
    code: "400",
    message: "Invalid request",
    when: "A field of a resource group is missing or has the wrong type; the message includes the details.",
    remedy: "Correct what the message names after the colon; `source.pointer` contains its path.",
    evidence: Evidence::Assumed,
    source: "the rejection was observed, the code and the message were not; the code repeats the status, \
             as in the 404 response of the same service",
};
pub(super) const UNKNOWN_TOKEN: Code = Code {
    rule: "cloudflare.auth.unknown-token",
    status: 401,
    code: "10000",
    message: "Authentication error",
    when: "In strict mode: the token is unknown.",
    remedy: "Send a token from the seed file.",
    evidence: Evidence::Observed,
    source: "a report of the real response \
             (https://github.com/cloudflare/terraform-provider-cloudflare/issues/1533)",
};
pub(super) const UNKNOWN_KEY: Code = Code {
    rule: "cloudflare.auth.unknown-key",
    status: 403,
    code: "9103",
    message: "Unknown X-Auth-Key or X-Auth-Email",
    when: "In strict mode: the combination of email address and key is unknown.",
    remedy: "Send an email address and key from the seed file.",
    evidence: Evidence::Observed,
    source: "a report of the real message (https://github.com/netcccyun/dnsmgr/issues/245)",
};
pub(super) const FOREIGN_ACCOUNT: Code = Code {
    rule: "cloudflare.auth.account-mismatch",
    status: 403,
    code: "10000",
    message: "Authentication error",
    when: "In strict mode: the credential belongs to another account.",
    remedy: "Use the account or zone that the seed file assigns to the credential.",
    evidence: Evidence::Observed,
    source: "a report of the real response \
             (https://github.com/cloudflare/terraform-provider-cloudflare/issues/3292)",
};
pub(super) const NOT_PERMITTED: Code = Code {
    rule: "cloudflare.auth.not-permitted",
    status: 403,
    code: "9109",
    message: "Unauthorized to access requested resource",
    when: "In strict mode: the credential is known but lacks the permission.",
    remedy: "Use a credential whose role in the seed file grants the permission.",
    evidence: Evidence::Observed,
    source: "a report of the real response (https://github.com/ChrispyBacon-dev/DockFlare/issues/177)",
};
pub(super) const NO_ROUTE: Code = Code {
    rule: "cloudflare.paths.no-route",
    status: 404,
    code: "7003",
    message: "Could not route to {}, perhaps your object identifier is invalid?",
    when: "The path is unknown, or the account or zone identifier in it is malformed; the response also \
           contains error 7000.",
    remedy: "Use a path of the API, with an account or zone identifier of 1 to 32 letters, digits, `_` and `-`.",
    evidence: Evidence::Observed,
    source: "a report of the real response \
             (https://github.com/cloudflare/terraform-provider-cloudflare/issues/835)",
};
pub(super) const UNKNOWN_ACCESS_GROUP: Code = Code {
    rule: "cloudflare.access.unknown-group",
    status: 404,
    code: "12152",
    message: "access.api.error.unknown_group",
    when: "The account or zone has no such Access group. (The code is observed, the message assumed.)",
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
    source: "no response is known; this is the one for a resource group of the same service",
};
pub(super) const WRONG_METHOD: Code = Code {
    rule: "cloudflare.paths.wrong-method",
    status: 405,
    code: "10405",
    message: "Method not allowed for this authentication scheme",
    when: "The path does not support the method; `Allow` lists the methods it supports. (The message was observed \
           for a wrong kind of credential.)",
    remedy: "Use one of the methods that `Allow` lists.",
    evidence: Evidence::Assumed,
    source: "no response is known; this is the closest observed one, for a wrong kind of credential",
};
pub(super) const TOO_LARGE: Code = Code {
    rule: "cloudflare.requests.body-too-large",
    status: 413,
    code: "10413",
    message: "Request body is larger than {} bytes",
    when: "The body is larger than the server's limit.",
    remedy: "Send a smaller body, or raise the limit with `--body-limit`.",
    evidence: Evidence::Assumed,
    source: "chosen by this server: the vendor's limit is not known",
};
pub(super) const NON_EDITABLE: Code = Code {
    rule: "cloudflare.iam.predefined-resource-group",
    status: 422,
    code: "422",
    message: "Resource group is non-editable",
    when: "The request changes or deletes a predefined resource group. (The status and the word \
           `non-editable` are observed.)",
    remedy: "Change or delete a resource group created by a request or by the seed file.",
    evidence: Evidence::Observed,
    source: source::LIVE_TESTS,
};
pub(super) const LIMITED: Code = Code {
    rule: "cloudflare.limits.too-many-requests",
    status: 429,
    code: "971",
    message: "Please wait and consider throttling your request speed",
    when: "The rate limit is exceeded; `Retry-After` contains the number of seconds to wait.",
    remedy: "Wait for the number of seconds in `Retry-After`, then send the request again.",
    evidence: Evidence::Observed,
    source: "a report of the real response (https://github.com/cloudflare/workers-sdk/issues/10025); status and \
             `Retry-After`: Cloudflare docs, Rate limits \
             (https://developers.cloudflare.com/fundamentals/api/reference/limits/)",
};
pub(super) const FAILED: Code = Code {
    rule: "cloudflare.server.failed",
    status: 500,
    code: "10001",
    message: "access.api.error.internal_server_error",
    when: "An internal error occurred in the server.",
    remedy: "Remove the fault that injects it; without such a fault it is a bug in this server, and its log has \
             details.",
    evidence: Evidence::Observed,
    source: "a report of the real response \
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
    source: "no message is known; the code is from the error tables of npm @distilled.cloud/cloudflare 0.30.3 \
             (https://www.npmjs.com/package/@distilled.cloud/cloudflare)",
};

pub(super) const FAULT: Code = Code {
    rule: "cloudflare.faults.injected",
    status: 500,
    code: "1000",
    message: "A fault of the mock server",
    when: "A fault requests a status that no other error has; the response has the status of the fault.",
    remedy: "Remove the fault, or wait until its schedule ends.",
    evidence: Evidence::Assumed,
    source: "specific to this mock; the envelope is that of the other errors",
};

pub(super) const CONTROL: Code = Code {
    rule: "cloudflare.control.invalid",
    status: 400,
    code: "1000",
    message: "A header or path prefix of the mock server is invalid",
    when: "`X-Mock-Fault`, `X-Mock-Namespace` or the path prefix `/ns/NAME` is invalid; the message says why, and \
           nothing was changed.",
    remedy: "Correct what the message names, or omit `X-Mock-Fault`, `X-Mock-Namespace` and `/ns/NAME`.",
    evidence: Evidence::Assumed,
    source: "specific to this mock; the envelope is that of the other errors",
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
