//! The errors of the cloudflare dialect.
//!
//! `observed` entries come from issue threads of Cloudflare's own repositories (the Terraform provider, the Python
//! and TypeScript SDKs), from recordings of the real service (the test data of cf-terraforming) and from the error
//! tables of a typed client whose authors probed the service. `assumed` entries use the closest known format.

use super::source;
use crate::spec::{ErrorCode, Evidence};

pub const MISSING_CREDENTIALS: ErrorCode = ErrorCode {
    id: "cloudflare.auth.missing-credentials",
    status: 400,
    code: "9106",
    message: "Missing X-Auth-Key, X-Auth-Email or Authorization headers",
    description: "The request has no credential, or an email address without its key.",
    remediation: "Send `Authorization: Bearer <token>`, or `X-Auth-Email` together with `X-Auth-Key`.",
    evidence: Evidence::Observed,
    source: "a report of the real response (https://github.com/cloudflare/cloudflare-python/issues/2678)",
};
pub const MALFORMED_HEADER: ErrorCode = ErrorCode {
    id: "cloudflare.auth.malformed-header",
    status: 400,
    code: "6003",
    message: "Invalid request headers",
    description: "A credential header is malformed; `error_chain` identifies it: 6111 Authorization, 6103 \
           X-Auth-Key, 6102 X-Auth-Email.",
    remediation: "Correct the format of the header that `error_chain` names, for example `Authorization: Bearer \
             <token>`.",
    evidence: Evidence::Observed,
    source: "reports of the real response (https://github.com/jeessy2/ddns-go/issues/916, \
             https://github.com/cloudflare/cloudflare-typescript/issues/161, \
             https://github.com/rmbolger/Posh-ACME/issues/126)",
};
pub const MALFORMED_JSON: ErrorCode = ErrorCode {
    id: "cloudflare.requests.malformed-json",
    status: 400,
    code: "6007",
    message: "Malformed JSON in request body",
    description: "The body is not valid JSON; `error_chain` contains the position of the error.",
    remediation: "Send a valid JSON body.",
    evidence: Evidence::Observed,
    source: "a report of the real response of another service \
             (https://github.com/undefinedplayer/cloudflare-ddns/issues/10)",
};
pub const ACCESS_INVALID: ErrorCode = ErrorCode {
    id: "cloudflare.access.invalid-request",
    status: 400,
    code: "12130",
    message: "access.api.error.invalid_request",
    description: "A field of an Access group is missing or has the wrong type; the message includes the details.",
    remediation: "Correct what the message names after the colon; `source.pointer` contains its path.",
    evidence: Evidence::Observed,
    source: "a report of the real response \
             (https://github.com/cloudflare/terraform-provider-cloudflare/issues/2328)",
};
pub const IAM_INVALID: ErrorCode = ErrorCode {
    id: "cloudflare.iam.invalid-request",
    status: 400,
    code: "400",
    message: "Invalid request",
    description: "A field of a resource group is missing or has the wrong type; the message includes the details.",
    remediation: "Correct what the message names after the colon; `source.pointer` contains its path.",
    evidence: Evidence::Assumed,
    source: "the rejection was observed, the code and the message were not; the code repeats the status, \
             as in the 404 response of the same service",
};
pub const UNKNOWN_TOKEN: ErrorCode = ErrorCode {
    id: "cloudflare.auth.unknown-token",
    status: 401,
    code: "10000",
    message: "Authentication error",
    description: "In strict mode: the token is unknown.",
    remediation: "Send a token from the seed file.",
    evidence: Evidence::Observed,
    source: "a report of the real response \
             (https://github.com/cloudflare/terraform-provider-cloudflare/issues/1533)",
};
pub const UNKNOWN_KEY: ErrorCode = ErrorCode {
    id: "cloudflare.auth.unknown-key",
    status: 403,
    code: "9103",
    message: "Unknown X-Auth-Key or X-Auth-Email",
    description: "In strict mode: the combination of email address and key is unknown.",
    remediation: "Send an email address and key from the seed file.",
    evidence: Evidence::Observed,
    source: "a report of the real message (https://github.com/netcccyun/dnsmgr/issues/245)",
};
pub const ACCOUNT_MISMATCH: ErrorCode = ErrorCode {
    id: "cloudflare.auth.account-mismatch",
    status: 403,
    code: "10000",
    message: "Authentication error",
    description: "In strict mode: the credential belongs to another account.",
    remediation: "Use the account or zone that the seed file assigns to the credential.",
    evidence: Evidence::Observed,
    source: "a report of the real response \
             (https://github.com/cloudflare/terraform-provider-cloudflare/issues/3292)",
};
pub const NOT_PERMITTED: ErrorCode = ErrorCode {
    id: "cloudflare.auth.not-permitted",
    status: 403,
    code: "9109",
    message: "Unauthorized to access requested resource",
    description: "In strict mode: the credential is known but lacks the permission.",
    remediation: "Use a credential whose role in the seed file grants the permission.",
    evidence: Evidence::Observed,
    source: "a report of the real response (https://github.com/ChrispyBacon-dev/DockFlare/issues/177)",
};
pub const NO_ROUTE: ErrorCode = ErrorCode {
    id: "cloudflare.paths.not-found",
    status: 404,
    code: "7003",
    message: "Could not route to {}, perhaps your object identifier is invalid?",
    description: "The path is unknown, or the account or zone identifier in it is malformed; the response also \
           contains error 7000.",
    remediation: "Use a path of the API, with an account or zone identifier of 1 to 32 letters, digits, `_` and `-`.",
    evidence: Evidence::Observed,
    source: "a report of the real response \
             (https://github.com/cloudflare/terraform-provider-cloudflare/issues/835)",
};
pub const UNKNOWN_ACCESS_GROUP: ErrorCode = ErrorCode {
    id: "cloudflare.access.unknown-group",
    status: 404,
    code: "12152",
    message: "access.api.error.unknown_group",
    description: "The account or zone has no such Access group. (The code is observed, the message assumed.)",
    remediation: "Use the `id` of a group that `GET …/access/groups` of the same account or zone lists.",
    evidence: Evidence::Observed,
    source: source::PROBES,
};
pub const UNKNOWN_RESOURCE_GROUP: ErrorCode = ErrorCode {
    id: "cloudflare.iam.unknown-resource-group",
    status: 404,
    code: "404",
    message: "Resource group not found",
    description: "The account has no such resource group.",
    remediation: "Use the `id` of a group that `GET …/iam/resource_groups` of the same account lists.",
    evidence: Evidence::Observed,
    source: source::PROBES,
};
pub const UNKNOWN_PERMISSION_GROUP: ErrorCode = ErrorCode {
    id: "cloudflare.iam.unknown-permission-group",
    status: 404,
    code: "404",
    message: "Permission group not found",
    description: "The account has no such permission group.",
    remediation: "Use the `id` of a group that `GET …/iam/permission_groups` of the same account lists.",
    evidence: Evidence::Assumed,
    source: "no response is known; this is the one for a resource group of the same service",
};
pub const METHOD_NOT_ALLOWED: ErrorCode = ErrorCode {
    id: "cloudflare.paths.method-not-allowed",
    status: 405,
    code: "10405",
    message: "Method not allowed for this authentication scheme",
    description: "The path does not support the method; `Allow` lists the methods it supports. (The message was observed \
           for a wrong kind of credential.)",
    remediation: "Use one of the methods that `Allow` lists.",
    evidence: Evidence::Assumed,
    source: "no response is known; this is the closest observed one, for a wrong kind of credential",
};
pub const BODY_TOO_LARGE: ErrorCode = ErrorCode {
    id: "cloudflare.requests.body-too-large",
    status: 413,
    code: "10413",
    message: "Request body is larger than {} bytes",
    description: "The body is larger than the server's limit.",
    remediation: "Send a smaller body, or raise the limit with `--body-limit`.",
    evidence: Evidence::Assumed,
    source: "chosen by this server: the vendor's limit is not known",
};
pub const NON_EDITABLE: ErrorCode = ErrorCode {
    id: "cloudflare.iam.predefined-resource-group",
    status: 422,
    code: "422",
    message: "Resource group is non-editable",
    description: "The request changes or deletes a predefined resource group. (The status and the word \
           `non-editable` are observed.)",
    remediation: "Change or delete a resource group created by a request or by the seed file.",
    evidence: Evidence::Observed,
    source: source::LIVE_TESTS,
};
pub const TOO_MANY_REQUESTS: ErrorCode = ErrorCode {
    id: "cloudflare.limits.too-many-requests",
    status: 429,
    code: "971",
    message: "Please wait and consider throttling your request speed",
    description: "The rate limit is exceeded; `Retry-After` contains the number of seconds to wait.",
    remediation: "Wait for the number of seconds in `Retry-After`, then send the request again.",
    evidence: Evidence::Observed,
    source: "a report of the real response (https://github.com/cloudflare/workers-sdk/issues/10025); status and \
             `Retry-After`: Cloudflare docs, Rate limits \
             (https://developers.cloudflare.com/fundamentals/api/reference/limits/)",
};
pub const INTERNAL_ERROR: ErrorCode = ErrorCode {
    id: "cloudflare.server.internal-error",
    status: 500,
    code: "10001",
    message: "access.api.error.internal_server_error",
    description: "An internal error occurred in the server.",
    remediation: "Remove the fault that injects it; without such a fault it is a bug in this server, and its log has \
             details.",
    evidence: Evidence::Observed,
    source: "a report of the real response \
             (https://github.com/cloudflare/terraform-provider-cloudflare/issues/683)",
};
pub const TIMEOUT: ErrorCode = ErrorCode {
    id: "cloudflare.server.timeout",
    status: 504,
    code: "1000",
    message: "Gateway timeout",
    description: "The request took longer than the server's limit.",
    remediation: "Send the request again, or raise the limit with `--request-timeout`.",
    evidence: Evidence::Assumed,
    source: "no message is known; the code is from the error tables of npm @distilled.cloud/cloudflare 0.30.3 \
             (https://www.npmjs.com/package/@distilled.cloud/cloudflare)",
};

pub const INJECTED_FAULT: ErrorCode = ErrorCode {
    id: "cloudflare.faults.injected",
    status: 500,
    code: "1000",
    message: "A fault of the mock server",
    description: "A fault requests a status that no other error has; the response has the status of the fault.",
    remediation: "Remove the fault, or wait until its schedule ends.",
    evidence: Evidence::Assumed,
    source: "specific to this mock; the envelope is that of the other errors",
};

pub const INVALID_CONTROL: ErrorCode = ErrorCode {
    id: "cloudflare.control.invalid",
    status: 400,
    code: "1000",
    message: "A header or path prefix of the mock server is invalid",
    description: "`X-Mock-Fault`, `X-Mock-Namespace` or the path prefix `/ns/NAME` is invalid; the message says why, and \
           nothing was changed.",
    remediation: "Correct what the message names, or omit `X-Mock-Fault`, `X-Mock-Namespace` and `/ns/NAME`.",
    evidence: Evidence::Assumed,
    source: "specific to this mock; the envelope is that of the other errors",
};

pub const COMMON: &[&ErrorCode] = &[
    &MISSING_CREDENTIALS,
    &MALFORMED_HEADER,
    &UNKNOWN_TOKEN,
    &UNKNOWN_KEY,
    &ACCOUNT_MISMATCH,
    &NOT_PERMITTED,
    &NO_ROUTE,
    &TOO_MANY_REQUESTS,
    &INTERNAL_ERROR,
    &TIMEOUT,
];

pub const ALL: &[&ErrorCode] = &[
    &MISSING_CREDENTIALS,
    &MALFORMED_HEADER,
    &MALFORMED_JSON,
    &ACCESS_INVALID,
    &IAM_INVALID,
    &UNKNOWN_TOKEN,
    &UNKNOWN_KEY,
    &ACCOUNT_MISMATCH,
    &NOT_PERMITTED,
    &NO_ROUTE,
    &UNKNOWN_ACCESS_GROUP,
    &UNKNOWN_RESOURCE_GROUP,
    &UNKNOWN_PERMISSION_GROUP,
    &METHOD_NOT_ALLOWED,
    &BODY_TOO_LARGE,
    &NON_EDITABLE,
    &TOO_MANY_REQUESTS,
    &INTERNAL_ERROR,
    &TIMEOUT,
    &INJECTED_FAULT,
    &INVALID_CONTROL,
];
