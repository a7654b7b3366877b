//! The errors of the cloudflare dialect.
//!
//! `observed` entries come from issue threads that quote responses of the real service. `assumed` entries use the
//! closest known format.

mod neighbors;

use crate::spec::{Confidence, ErrorCode, Evidence, Observation};
pub use neighbors::{
    UNKNOWN_ACCESS_OBJECT, UNKNOWN_APPLICATION, UNKNOWN_MEMBER, UNKNOWN_ROLE, UNKNOWN_USER_GROUP,
    UNKNOWN_USER_GROUP_MEMBER, USER_GROUP_NAME_IN_USE,
};

pub const MISSING_CREDENTIALS: ErrorCode = ErrorCode {
    id: "cloudflare.auth.missing-credentials",
    status: 400,
    code: "9106",
    message: "Missing X-Auth-Key, X-Auth-Email or Authorization headers",
    description: "The request has no credential, or an email address without its key.",
    remediation: "Send `Authorization: Bearer <token>`, or `X-Auth-Email` together with `X-Auth-Key`.",
    evidence: Evidence::Observed(Observation::of_sibling("2025-11-25", Confidence::High)),
    source: "reports of the real response to other operations (https://github.com/ChrispyBacon-dev/DockFlare/issues/288, \
             https://github.com/cloudflare/cloudflare-python/issues/2678)",
};
pub const MALFORMED_HEADER: ErrorCode = ErrorCode {
    id: "cloudflare.auth.malformed-header",
    status: 400,
    code: "6003",
    message: "Invalid request headers",
    description: "A credential header is malformed; `error_chain` identifies it: 6111 Authorization, 6102 X-Auth-Email, 6103 \
           X-Auth-Key. If both of the latter are malformed, it contains both, in this order.",
    remediation: "Correct the format of the header that `error_chain` names, for example `Authorization: Bearer \
             <token>`.",
    evidence: Evidence::Observed(Observation::of_sibling("2026-03-02", Confidence::High)),
    source: "reports of the real response to requests for zones (https://github.com/acmesh-official/acme.sh/issues/6824, \
             https://github.com/jeessy2/ddns-go/issues/916), for both headers at once \
             https://github.com/rmbolger/Posh-ACME/issues/126",
};
pub const MALFORMED_JSON: ErrorCode = ErrorCode {
    id: "cloudflare.requests.malformed-json",
    status: 400,
    code: "6007",
    message: "Malformed JSON in request body",
    description: "The body is not valid JSON; `error_chain` contains the position of the error.",
    remediation: "Send a valid JSON body.",
    evidence: Evidence::Assumed,
    source: "no response of this service is known; the code and the message are those of the DNS service of 2018 \
             (https://github.com/undefinedplayer/cloudflare-ddns/issues/10), the chain is chosen by this server",
};
pub const ACCESS_INVALID: ErrorCode = ErrorCode {
    id: "cloudflare.access.invalid-request",
    status: 400,
    code: "12130",
    message: "access.api.error.invalid_request",
    description: "A field of an Access group or of another object of Access is missing or has the wrong type, and the message includes the details; or a rule \
           is invalid, and `error_chain` includes them.",
    remediation: "Correct what the message names after the colon; `source.pointer` contains its path. The kinds of rules are \
             those of the specification; `--cloudflare-rules any` accepts others.",
    evidence: Evidence::Observed(Observation::of_sibling("2025-05-19", Confidence::High)),
    source: "a report of the real response to a create request for a group \
             (https://github.com/cloudflare/terraform-provider-cloudflare/issues/2328), and for rules one of a policy, \
             whose rules have the same syntax (https://github.com/ChrispyBacon-dev/DockFlare/issues/56)",
};
pub const IAM_INVALID: ErrorCode = ErrorCode {
    id: "cloudflare.iam.invalid-request",
    status: 400,
    code: "400",
    message: "Invalid request",
    description: "A field of a resource group, a user group or a member is missing or has the wrong type; the message \
           includes the details.",
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
    evidence: Evidence::Observed(Observation::of_sibling("2026-09-22", Confidence::Medium)),
    source: "a report of a 401 for another operation (https://github.com/ChrispyBacon-dev/DockFlare/issues/402); code and \
             message: https://github.com/BeeHiveSafety/CloudflareToAbuseIPDB/issues/5",
};
pub const UNKNOWN_KEY: ErrorCode = ErrorCode {
    id: "cloudflare.auth.unknown-key",
    status: 403,
    code: "9103",
    message: "Unknown X-Auth-Key or X-Auth-Email",
    description: "In strict mode: the combination of email address and key is unknown.",
    remediation: "Send an email address and key from the seed file.",
    evidence: Evidence::Observed(Observation::of_sibling("2025-06-15", Confidence::Medium)),
    source: "a report of the real message to a request for zones (https://github.com/netcccyun/dnsmgr/issues/245)",
};
pub const ACCOUNT_MISMATCH: ErrorCode = ErrorCode {
    id: "cloudflare.auth.account-mismatch",
    status: 403,
    code: "10000",
    message: "Authentication error",
    description: "In strict mode: the credential belongs to another account.",
    remediation: "Use the account or zone that the seed file assigns to the credential.",
    evidence: Evidence::Observed(Observation::of_sibling("2024", Confidence::High)),
    source: "a report of the whole response to another operation \
             (https://github.com/cloudflare/cloudflare-docs/issues/13405)",
};
pub const NOT_PERMITTED: ErrorCode = ErrorCode {
    id: "cloudflare.auth.not-permitted",
    status: 403,
    code: "9109",
    message: "Unauthorized to access requested resource",
    description: "In strict mode: the credential is known but lacks the permission for the resource.",
    remediation: "Use a credential whose role in the seed file grants the permission.",
    evidence: Evidence::Observed(Observation::of_sibling("2025-08-09", Confidence::Medium)),
    source: "a report of the real response of another service (https://github.com/ChrispyBacon-dev/DockFlare/issues/177)",
};
pub const ACCESS_NOT_PERMITTED: ErrorCode = ErrorCode {
    id: "cloudflare.auth.access-not-permitted",
    status: 403,
    code: "10000",
    message: "Authentication error",
    description: "In strict mode: the credential is known but lacks the permission for Access.",
    remediation: "Use a credential whose role in the seed file grants the permission.",
    evidence: Evidence::Observed(Observation::of_sibling("2026-02-09", Confidence::High)),
    source: "a report of the real response to a request for identity providers of Access \
             (https://github.com/ChrispyBacon-dev/DockFlare/issues/321)",
};
pub const WRITE_NOT_PERMITTED: ErrorCode = ErrorCode {
    id: "cloudflare.auth.write-not-permitted",
    status: 403,
    code: "1010",
    message: "auth.forbidden",
    description: "In strict mode, with `--fidelity live`: the credential may read Access groups but not write them; the \
           body is `{\"code\":1010,\"error\":\"auth.forbidden\"}`.",
    remediation: "Use a credential whose role in the seed file grants the permission.",
    evidence: Evidence::Observed(Observation::of_sibling("2026", Confidence::Medium)),
    source: "measured on `access/apps`, .github/actions/_lib/cf.mjs (https://github.com/Rocket-Sites/rs-publisher)",
};
pub const MISSING_KEY: ErrorCode = ErrorCode {
    id: "cloudflare.auth.missing-key",
    status: 400,
    code: "9107",
    message: "Missing X-Auth-Key header",
    description: "With `--fidelity live`: the request has an email address without its key.",
    remediation: "Send `X-Auth-Key`, too, or `Authorization: Bearer <token>`.",
    evidence: Evidence::Assumed,
    source: "one report of a measurement in 2026, without an address",
};
pub const MISSING_EMAIL: ErrorCode = ErrorCode {
    id: "cloudflare.auth.missing-email",
    status: 400,
    code: "9106",
    message: "Missing X-Auth-Email header",
    description: "With `--fidelity live`: the request has a key without its email address.",
    remediation: "Send `X-Auth-Email`, too, or `Authorization: Bearer <token>`.",
    evidence: Evidence::Assumed,
    source: "one report of a measurement in 2026, without an address",
};
pub const INVALID_PAGE_SIZE: ErrorCode = ErrorCode {
    id: "cloudflare.access.invalid-page-size",
    status: 400,
    code: "12091",
    message: "access.api.error.invalid_url_parameter_value",
    description: "With `--fidelity live`: `per_page` of a list of Access groups is none of 1, 5, 10, 20, 25, 50, 100 and \
           1000.",
    remediation: "Use one of these sizes, or omit `per_page`.",
    evidence: Evidence::Observed(Observation::of_sibling("2026", Confidence::Medium)),
    source: "measured on other lists of Access, .github/actions/_lib/cf.mjs \
             (https://github.com/Rocket-Sites/rs-publisher)",
};
pub const NO_ROUTE: ErrorCode = ErrorCode {
    id: "cloudflare.paths.not-found",
    status: 404,
    code: "7003",
    message: "Could not route to {}, perhaps your object identifier is invalid?",
    description: "The path is unknown, or the account or zone identifier in it is malformed.",
    remediation: "Use a path of the API, with an account or zone identifier of 1 to 32 letters, digits, `_` and `-`.",
    evidence: Evidence::Observed(Observation::new("2020-10-23", Confidence::Medium)),
    source: "code and message: a report of the real response to a request for a group \
             (https://github.com/cloudflare/terraform-provider-cloudflare/issues/835), then with status 400 and a \
             second error; the status 404, the path and the single error are those of a log of 2026",
};
pub const UNKNOWN_ACCESS_GROUP: ErrorCode = ErrorCode {
    id: "cloudflare.access.unknown-group",
    status: 404,
    code: "12152",
    message: "access.api.error.unknown_group",
    description: "The account or zone has no such Access group. (Only the code is known.)",
    remediation: "Use the `id` of a group that `GET …/access/groups` of the same account or zone lists.",
    evidence: Evidence::Assumed,
    source: "only the number 12152 is known, from the error tables of a client \
             (https://www.npmjs.com/package/@distilled.cloud/cloudflare)",
};
pub const UNKNOWN_RESOURCE_GROUP: ErrorCode = ErrorCode {
    id: "cloudflare.iam.unknown-resource-group",
    status: 404,
    code: "404",
    message: "Resource group not found",
    description: "The account has no such resource group.",
    remediation: "Use the `id` of a group that `GET …/iam/resource_groups` of the same account lists.",
    evidence: Evidence::Assumed,
    source: "the error tables of a client expect the code 404 and the words `Resource group` \
             (https://www.npmjs.com/package/@distilled.cloud/cloudflare)",
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
    description: "The request changes or deletes a predefined resource group. (Only the status and the word `non-editable` are \
           known, for DELETE.)",
    remediation: "Change or delete a resource group created by a request or by the seed file.",
    evidence: Evidence::Assumed,
    source: "a comment about DELETE in the live tests of a client: `UnprocessableEntity: non-editable` \
             (https://github.com/alchemy-run/alchemy)",
};
pub const TOO_MANY_REQUESTS: ErrorCode = ErrorCode {
    id: "cloudflare.limits.too-many-requests",
    status: 429,
    code: "971",
    message: "Please wait and consider throttling your request speed",
    description: "The rate limit is exceeded; `Retry-After` contains the number of seconds to wait.",
    remediation: "Wait for the number of seconds in `Retry-After`, then send the request again.",
    evidence: Evidence::Observed(Observation::of_sibling("2025-07-19", Confidence::Medium)),
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
    evidence: Evidence::Observed(Observation::of_sibling("2020", Confidence::Medium)),
    source: "a report of the real response to a request for a policy \
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

pub const FALLBACK_FAILED: ErrorCode = ErrorCode {
    id: "cloudflare.fallback.failed",
    status: 502,
    code: "1000",
    message: "The fallback server of the mock server did not respond",
    description: "With `--fallback`: no operation has the path, and the fallback server cannot be reached or its response \
           cannot be read; or another mock server forwarded the request. The message says which.",
    remediation: "Start the fallback server, or correct the URL of `--fallback`. Two servers must not forward to each other.",
    evidence: Evidence::Assumed,
    source: "specific to this mock; the envelope is that of the other errors",
};

pub const COMMON: &[&ErrorCode] = &[
    &MISSING_CREDENTIALS,
    &MISSING_KEY,
    &MISSING_EMAIL,
    &MALFORMED_HEADER,
    &UNKNOWN_TOKEN,
    &UNKNOWN_KEY,
    &ACCESS_NOT_PERMITTED,
    &WRITE_NOT_PERMITTED,
    &NOT_PERMITTED,
    &ACCOUNT_MISMATCH,
    &NO_ROUTE,
    &TOO_MANY_REQUESTS,
    &INTERNAL_ERROR,
    &TIMEOUT,
];

pub const ALL: &[&ErrorCode] = &[
    &MISSING_CREDENTIALS,
    &MISSING_KEY,
    &MISSING_EMAIL,
    &MALFORMED_HEADER,
    &MALFORMED_JSON,
    &ACCESS_INVALID,
    &INVALID_PAGE_SIZE,
    &IAM_INVALID,
    &UNKNOWN_TOKEN,
    &UNKNOWN_KEY,
    &ACCOUNT_MISMATCH,
    &ACCESS_NOT_PERMITTED,
    &WRITE_NOT_PERMITTED,
    &NOT_PERMITTED,
    &NO_ROUTE,
    &UNKNOWN_ACCESS_GROUP,
    &UNKNOWN_RESOURCE_GROUP,
    &UNKNOWN_PERMISSION_GROUP,
    &UNKNOWN_ACCESS_OBJECT,
    &UNKNOWN_APPLICATION,
    &UNKNOWN_MEMBER,
    &UNKNOWN_ROLE,
    &UNKNOWN_USER_GROUP,
    &UNKNOWN_USER_GROUP_MEMBER,
    &USER_GROUP_NAME_IN_USE,
    &METHOD_NOT_ALLOWED,
    &BODY_TOO_LARGE,
    &NON_EDITABLE,
    &TOO_MANY_REQUESTS,
    &INTERNAL_ERROR,
    &TIMEOUT,
    &INJECTED_FAULT,
    &INVALID_CONTROL,
    &FALLBACK_FAILED,
];
