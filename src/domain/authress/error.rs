//! The error table of the authress dialect.
//!
//! The vendor does not publish a list of codes and titles. The evidence level of an error is that of its weakest part;
//! if the status is documented and only the title is assumed, the description says so.

use super::source;
use crate::spec::{ErrorCode, Evidence};

pub const INVALID: ErrorCode = ErrorCode {
    id: "authress.requests.invalid",
    status: 400,
    code: "InvalidRequest",
    message: "InvalidRequest: {}.",
    description: "The query, a header or the body is invalid; the title lists all violations.",
    remediation: "Correct all violations listed in the title.",
    evidence: Evidence::Spec,
    source: source::VALIDATOR,
};
pub const UNAUTHORIZED: ErrorCode = ErrorCode {
    id: "authress.auth.unauthorized",
    status: 401,
    code: "Unauthorized",
    message: "The access token is missing, malformed, unknown or expired",
    description: "The bearer token is missing, expired, or in strict mode unknown. (The status is documented.)",
    remediation: "Send `Authorization: Bearer <token>` with a token that has not expired; in strict mode, use \
             one from the seed file.",
    evidence: Evidence::Assumed,
    source: "no list of codes and titles is published; the status: authress.GroupsApi, HTTP response details \
             (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/GroupsApi.md)",
};
pub const FORBIDDEN: ErrorCode = ErrorCode {
    id: "authress.auth.forbidden",
    status: 403,
    code: "Forbidden",
    message: "The caller does not have permission to do this",
    description: "In strict mode: the credential is known but lacks the permission. (The status is documented.)",
    remediation: "Use a credential whose role in the seed file grants the permission.",
    evidence: Evidence::Assumed,
    source: "no list of codes and titles is published; the status: authress.GroupsApi, HTTP response details \
             (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/GroupsApi.md)",
};
pub const GROUP_NOT_FOUND: ErrorCode = ErrorCode {
    id: "authress.groups.unknown-id",
    status: 404,
    code: "GroupNotFound",
    message: "The group `{}` does not exist",
    description: "The group does not exist. (The status is documented.)",
    remediation: "Use the `groupId` of a group that `GET /v1/groups` lists.",
    evidence: Evidence::Assumed,
    source: "no list of codes and titles is published; the status: authress.GroupsApi, get_group \
             (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/GroupsApi.md#get_group)",
};
pub const PATH_NOT_FOUND: ErrorCode = ErrorCode {
    id: "authress.paths.not-found",
    status: 404,
    code: "NotFound",
    message: "The path `{}` does not exist",
    description: "No operation has this path.",
    remediation: "Use one of the vendor's paths; `openapi.yaml` lists them.",
    evidence: Evidence::Assumed,
    source: "the vendor's sample service returns 404 without a body, src/index.js \
             (https://github.com/Authress/document-library-microservice.js); the format is the same as for \
             other errors",
};
pub const METHOD_NOT_ALLOWED: ErrorCode = ErrorCode {
    id: "authress.paths.method-not-allowed",
    status: 405,
    code: "MethodNotAllowed",
    message: "The path does not support the method {}",
    description: "The path does not support the method; `Allow` lists the methods it supports.",
    remediation: "Use one of the methods that `Allow` lists.",
    evidence: Evidence::Assumed,
    source: "no response is known; the format is the same as for other errors",
};
pub const GROUP_ALREADY_EXISTS: ErrorCode = ErrorCode {
    id: "authress.groups.id-taken",
    status: 409,
    code: "GroupAlreadyExists",
    message: "The group `{}` already exists",
    description: "A new group has the `groupId` of an existing one.",
    remediation: "Use another `groupId`, or omit it.",
    evidence: Evidence::Assumed,
    source: "the vendor's local server returns 409, as does its API for roles and records \
             (https://github.com/Authress/authress-local)",
};
pub const PRECONDITION_FAILED: ErrorCode = ErrorCode {
    id: "authress.groups.stale-update",
    status: 412,
    code: "PreconditionFailed",
    message: "The group was last updated at {}, after the time in If-Unmodified-Since",
    description: "`If-Unmodified-Since` is older than `lastUpdated`, which `Last-Modified` contains. (The status is \
           documented.)",
    remediation: "Read the group again and send its `lastUpdated` in `If-Unmodified-Since`.",
    evidence: Evidence::Assumed,
    source: "no list of codes and titles is published; the status: authress.GroupsApi, update_group \
             (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/GroupsApi.md#update_group)",
};
pub const ROLE_NOT_FOUND: ErrorCode = ErrorCode {
    id: "authress.roles.unknown-id",
    status: 404,
    code: "RoleNotFound",
    message: "The role `{}` does not exist",
    description: "The role does not exist. (The status is documented.)",
    remediation: "Use the `roleId` of one that `GET /v1/roles` lists.",
    evidence: Evidence::Assumed,
    source: "no list of codes and titles is published; the status: authress.RolesApi \
             (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/RolesApi.md)",
};
pub const ROLE_ALREADY_EXISTS: ErrorCode = ErrorCode {
    id: "authress.roles.id-taken",
    status: 409,
    code: "RoleAlreadyExists",
    message: "The role `{}` already exists",
    description: "A new role has the `roleId` of an existing one. (The message is not documented.)",
    remediation: "Use another `roleId`, or omit it.",
    evidence: Evidence::VendorDoc,
    source: "authress.RolesApi, create_role \
             (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/RolesApi.md#create_role)",
};
pub const RECORD_NOT_FOUND: ErrorCode = ErrorCode {
    id: "authress.records.unknown-id",
    status: 404,
    code: "RecordNotFound",
    message: "The access record `{}` does not exist",
    description: "The access record does not exist. (The status is documented.)",
    remediation: "Use the `recordId` of one that `GET /v1/records` lists.",
    evidence: Evidence::Assumed,
    source: "no list of codes and titles is published; the status: authress.AccessRecordsApi \
             (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/AccessRecordsApi.md)",
};
pub const RECORD_ALREADY_EXISTS: ErrorCode = ErrorCode {
    id: "authress.records.id-taken",
    status: 409,
    code: "AccessRecordAlreadyExists",
    message: "The access record `{}` already exists",
    description: "A new access record has the `recordId` of an existing one. (The message is not documented.)",
    remediation: "Use another `recordId`, or omit it.",
    evidence: Evidence::VendorDoc,
    source: "authress.AccessRecordsApi, create_record \
             (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/AccessRecordsApi.md#create_record)",
};
pub const USER_NOT_FOUND: ErrorCode = ErrorCode {
    id: "authress.users.unknown-id",
    status: 404,
    code: "UserNotFound",
    message: "The user `{}` does not exist",
    description: "The user does not exist. (The status is documented.)",
    remediation: "Use the `userId` of one that `GET /v1/users` lists.",
    evidence: Evidence::Assumed,
    source: "no list of codes and titles is published; the status: authress.UsersApi \
             (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/UsersApi.md)",
};
pub const RECORD_PRECONDITION_FAILED: ErrorCode = ErrorCode {
    id: "authress.records.stale-update",
    status: 412,
    code: "PreconditionFailed",
    message: "The access record was last updated at {}, after the time in If-Unmodified-Since",
    description: "`If-Unmodified-Since` is older than `lastUpdated`, which `Last-Modified` contains. (The status is \
           documented.)",
    remediation: "Read the access record again and send its `lastUpdated` in `If-Unmodified-Since`.",
    evidence: Evidence::Assumed,
    source: "no list of codes and titles is published; the status: authress.AccessRecordsApi, update_record \
             (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/AccessRecordsApi.md#update_record)",
};
pub const BODY_TOO_LARGE: ErrorCode = ErrorCode {
    id: "authress.requests.body-too-large",
    status: 413,
    code: "RequestTooLarge",
    message: "The body of the request is larger than {} bytes",
    description: "The body is larger than 102,400 bytes, or than the server's body limit if that is lower.",
    remediation: "Send a body of at most 102,400 bytes; if the server's body limit is lower, increase it with \
             `--body-limit`.",
    evidence: Evidence::Assumed,
    source: "the size: authress.GroupsApi, create_group \
             (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/GroupsApi.md#create_group); the \
             status is the one that the vendor's API returns for access records",
};
pub const TOO_MANY_REQUESTS: ErrorCode = ErrorCode {
    id: "authress.limits.too-many-requests",
    status: 429,
    code: "TooManyRequests",
    message: "Too many requests",
    description: "The rate limit is exceeded; `Retry-After` contains the number of seconds to wait. (The status is \
           documented.)",
    remediation: "Wait for the number of seconds in `Retry-After`, then send the request again.",
    evidence: Evidence::Assumed,
    source: "Authress knowledge base, API billing and caching (https://authress.io/knowledge-base/); the \
             format is the same as for other errors",
};
pub const INTERNAL_ERROR: ErrorCode = ErrorCode {
    id: "authress.server.internal-error",
    status: 500,
    code: "",
    message: "Unexpected error",
    description: "An internal error occurred in the server.",
    remediation: "Remove the fault that injects it; without such a fault it is a bug in this server, and its log has \
             details.",
    evidence: Evidence::Spec,
    source: source::SAMPLE_SERVICE,
};
pub const TIMEOUT: ErrorCode = ErrorCode {
    id: "authress.server.timeout",
    status: 504,
    code: "RequestTimeout",
    message: "The request took too long",
    description: "The request took longer than the server's limit.",
    remediation: "Send the request again, or raise the limit with `--request-timeout`.",
    evidence: Evidence::Assumed,
    source: "no response is known; the format is the same as for other errors",
};

pub const INJECTED_FAULT: ErrorCode = ErrorCode {
    id: "authress.faults.injected",
    status: 500,
    code: "MockFault",
    message: "A fault of the mock server",
    description: "A fault requests a status that no other error has; the response has the status of the fault.",
    remediation: "Remove the fault, or wait until its schedule ends.",
    evidence: Evidence::Assumed,
    source: "specific to this mock; the envelope is that of the other errors",
};

pub const INVALID_CONTROL: ErrorCode = ErrorCode {
    id: "authress.control.invalid",
    status: 400,
    code: "MockControl",
    message: "A header or path prefix of the mock server is invalid",
    description: "`X-Mock-Fault`, `X-Mock-Namespace` or the path prefix `/ns/NAME` is invalid; the message says why, and \
           nothing was changed.",
    remediation: "Correct what the message names, or omit `X-Mock-Fault`, `X-Mock-Namespace` and `/ns/NAME`.",
    evidence: Evidence::Assumed,
    source: "specific to this mock; the envelope is that of the other errors",
};

pub const FALLBACK_FAILED: ErrorCode = ErrorCode {
    id: "authress.fallback.failed",
    status: 502,
    code: "MockFallback",
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
    &GROUP_NOT_FOUND,
    &PATH_NOT_FOUND,
    &METHOD_NOT_ALLOWED,
    &GROUP_ALREADY_EXISTS,
    &PRECONDITION_FAILED,
    &ROLE_NOT_FOUND,
    &ROLE_ALREADY_EXISTS,
    &RECORD_NOT_FOUND,
    &RECORD_ALREADY_EXISTS,
    &RECORD_PRECONDITION_FAILED,
    &USER_NOT_FOUND,
    &BODY_TOO_LARGE,
    &TOO_MANY_REQUESTS,
    &INTERNAL_ERROR,
    &TIMEOUT,
    &INJECTED_FAULT,
    &INVALID_CONTROL,
    &FALLBACK_FAILED,
];
