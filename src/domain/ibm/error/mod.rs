//! The errors of the Access Groups API.
//!
//! Messages with the evidence `vendor-doc` are copied verbatim from the API reference. Its introduction also shows the
//! code `invalid_access_token`, which no operation lists: the server sends the operations' `invalid_token` instead, and
//! `invalid_access_token` only when a fault injects it.

pub mod item;
pub mod managed;
pub mod neighbors;
pub mod related_services;
pub mod template;
pub mod token;

use super::source;
use crate::spec::{Confidence, ErrorCode, Evidence, Observation};

pub const INVALID_PAYLOAD: ErrorCode = ErrorCode {
    id: "ibm.requests.invalid-payload",
    status: 400,
    code: "invalid_payload",
    message: "Payload contains invalid/missing data.",
    description: "The body, the path or a parameter is invalid; `more_info` says where and why.",
    remediation: "Correct what `more_info` names.",
    evidence: Evidence::VendorDoc,
    source: source::CREATE_GROUP,
};
pub const DUPLICATE_GROUP_ID: ErrorCode = ErrorCode {
    id: "ibm.memberships.duplicate-group",
    status: 400,
    code: "duplicate_groupid_error",
    message: "A duplicate groupId entry was found for {}. Please remove any duplicate entries.",
    description: "`groups` contains a group twice.",
    remediation: "Name each group once in `groups`.",
    evidence: Evidence::VendorDoc,
    source: source::ADD_MEMBERSHIPS,
};
pub const INVALID_TOKEN: ErrorCode = ErrorCode {
    id: "ibm.auth.invalid-token",
    status: 401,
    code: "invalid_token",
    message: "The token is either missing or invalid",
    description: "The token is missing or expired, or unknown in strict mode.",
    remediation: "Send `Authorization: Bearer <token>` with a token of `POST /identity/token` that has not \
             expired.",
    evidence: Evidence::VendorDoc,
    source: source::EVERY_OPERATION,
};
pub const INVALID_ACCESS_TOKEN: ErrorCode = ErrorCode {
    id: "ibm.auth.invalid-access-token",
    status: 401,
    code: "invalid_access_token",
    message: "The provided access token provided is invalid.",
    description: "Only when a fault injects it: the introduction shows the code, but no operation lists it.",
    remediation: "Remove the fault, or wait until its schedule ends.",
    evidence: Evidence::VendorDoc,
    source: source::ERROR_HANDLING,
};
pub const FORBIDDEN: ErrorCode = ErrorCode {
    id: "ibm.auth.forbidden",
    status: 403,
    code: "forbidden",
    message: "Forbidden: You don't have the required access to complete this action. Contact your account owner \
              for access",
    description: "In strict mode: the credential is known but lacks the permission.",
    remediation: "Use a credential whose account and role in the seed file grant the permission.",
    evidence: Evidence::VendorDoc,
    source: source::EVERY_OPERATION,
};
pub const GROUP_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.groups.unknown-id",
    status: 404,
    code: "group_not_found",
    message: "Failed to find the specified access group: {}",
    description: "The group does not exist.",
    remediation: "Use the `id` of a group that `GET /v2/groups` of the account lists.",
    evidence: Evidence::VendorDoc,
    source: source::GET_GROUP,
};
pub const MEMBERSHIP_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.members.not-a-member",
    status: 404,
    code: "membership_not_found",
    message: "Failed to find the membership",
    description: "The group has no such member.",
    remediation: "Use the `iam_id` of a member that `GET /v2/groups/{access_group_id}/members` lists.",
    evidence: Evidence::VendorDoc,
    source: source::ADD_MEMBERS,
};
pub const NO_MEMBERSHIPS: ErrorCode = ErrorCode {
    id: "ibm.members.no-members-found",
    status: 404,
    code: "membership_not_found",
    message: "No memberships found in group: {}",
    description: "None of the ids is a member of the group. (Clients need the status and the group id in the message.)",
    remediation: "Name at least one `iam_id` that `GET /v2/groups/{access_group_id}/members` lists.",
    evidence: Evidence::Assumed,
    source: "not documented; the status and the group id in the message: integration tests of IBM \
             platform-services-go-sdk 0.103.0 (https://github.com/IBM/platform-services-go-sdk)",
};
pub const NO_GROUPS_FOUND: ErrorCode = ErrorCode {
    id: "ibm.memberships.none",
    status: 404,
    code: "no_groups_found",
    message: "No groups found for member: {}",
    description: "The member is in no group of the account.",
    remediation: "Add the member to a group of the account first.",
    evidence: Evidence::VendorDoc,
    source: source::DELETE_MEMBERSHIPS,
};
pub const RULE_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.rules.unknown-id",
    status: 404,
    code: "rule_not_found",
    message: "Failed to find the rule",
    description: "The group has no such rule.",
    remediation: "Use the `id` of a rule that `GET /v2/groups/{access_group_id}/rules` lists.",
    evidence: Evidence::Assumed,
    source: "IBM documents no errors for rules; modeled on the membership error \
             (https://cloud.ibm.com/apidocs/iam-access-groups)",
};
pub const PATH_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.paths.not-found",
    status: 404,
    code: "not_found",
    message: "The requested resource can't be found.",
    description: "No operation has this path.",
    remediation: "Use one of the vendor's paths; `openapi.yaml` lists them.",
    evidence: Evidence::Assumed,
    source: "no response of IBM is known; the message is from its table of errors \
             (https://cloud.ibm.com/apidocs/iam-access-groups)",
};
pub const NOT_ROUTED: ErrorCode = ErrorCode {
    id: "ibm.paths.not-routed",
    status: 404,
    code: "",
    message: "An 404 error occurred in iam-gateway.",
    description: "No service has this path; the body is an HTML page with the message.",
    remediation: "Use one of the vendor's paths; `openapi.yaml` lists them.",
    evidence: Evidence::Observed(Observation::new("2021-04-29", Confidence::High)),
    source: "a report of the real response (https://github.com/IBM-Cloud/terraform-provider-ibm/issues/2560)",
};
pub const METHOD_NOT_ALLOWED: ErrorCode = ErrorCode {
    id: "ibm.paths.method-not-allowed",
    status: 405,
    code: "method_not_allowed",
    message: "The method {} is not supported on the requested resource.",
    description: "The path does not support the method; `Allow` lists the methods it supports.",
    remediation: "Use one of the methods that `Allow` lists.",
    evidence: Evidence::Assumed,
    source: "no response of IBM is known; the message is from its table of errors \
             (https://cloud.ibm.com/apidocs/iam-access-groups)",
};

/// The fields that all errors for changing the Public Access group share.
const PUBLIC_ACCESS_BASE: ErrorCode = ErrorCode {
    id: "",
    status: 405,
    code: "method_not_allowed_for_group",
    message: "",
    description: "The group is the Public Access group.",
    remediation: "",
    evidence: Evidence::VendorDoc,
    source: "",
};

pub const PUBLIC_UPDATE: ErrorCode = ErrorCode {
    id: "ibm.public-access.update",
    message: "Cannot update group for: {}",
    remediation: "Update another group: the Public Access group cannot be changed.",
    source: source::UPDATE_GROUP,
    ..PUBLIC_ACCESS_BASE
};
pub const PUBLIC_DELETE: ErrorCode = ErrorCode {
    id: "ibm.public-access.delete",
    message: "Cannot delete group for: {}",
    remediation: "Delete another group: the Public Access group cannot be deleted.",
    source: source::DELETE_GROUP,
    ..PUBLIC_ACCESS_BASE
};
pub const PUBLIC_ADD_MEMBERS: ErrorCode = ErrorCode {
    id: "ibm.public-access.add-members",
    message: "Cannot add members for: {}",
    remediation: "Add the members to another group: everyone belongs to the Public Access group.",
    source: source::ADD_MEMBERS,
    ..PUBLIC_ACCESS_BASE
};
pub const PUBLIC_DELETE_MEMBER: ErrorCode = ErrorCode {
    id: "ibm.public-access.delete-member",
    message: "Cannot delete group membership for: {}",
    remediation: "Remove the member from another group: everyone belongs to the Public Access group.",
    source: source::DELETE_MEMBER,
    ..PUBLIC_ACCESS_BASE
};
pub const PUBLIC_ADD_RULE: ErrorCode = ErrorCode {
    id: "ibm.public-access.add-rule",
    message: "Cannot add rule for: {}",
    remediation: "Add the rule to another group: everyone belongs to the Public Access group.",
    evidence: Evidence::Assumed,
    source: "IBM documents no errors for rules; modeled on the errors for other changes of the group \
             (https://cloud.ibm.com/apidocs/iam-access-groups)",
    ..PUBLIC_ACCESS_BASE
};
pub const PUBLIC_UPDATE_RULE: ErrorCode = ErrorCode {
    id: "ibm.public-access.update-rule",
    message: "Cannot update rule for: {}",
    remediation: "Use another group: the Public Access group has no rules.",
    evidence: Evidence::Assumed,
    source: "IBM documents no errors for rules; modeled on the errors for other changes of the group \
             (https://cloud.ibm.com/apidocs/iam-access-groups)",
    ..PUBLIC_ACCESS_BASE
};
pub const PUBLIC_DELETE_RULE: ErrorCode = ErrorCode {
    id: "ibm.public-access.delete-rule",
    message: "Cannot delete rule for: {}",
    remediation: "Use another group: the Public Access group has no rules.",
    evidence: Evidence::Assumed,
    source: "IBM documents no errors for rules; modeled on the errors for other changes of the group \
             (https://cloud.ibm.com/apidocs/iam-access-groups)",
    ..PUBLIC_ACCESS_BASE
};

pub const GROUP_NOT_EMPTY: ErrorCode = ErrorCode {
    id: "ibm.groups.not-empty",
    status: 409,
    code: "group_not_empty",
    message: "Access group is not empty: {}",
    description: "The group has members or rules, and `force` is not set.",
    remediation: "Remove the members and rules of the group first, or send `force=true`.",
    evidence: Evidence::VendorDoc,
    source: source::DELETE_GROUP,
};
pub const INCORRECT_ETAG: ErrorCode = ErrorCode {
    id: "ibm.requests.if-match",
    status: 412,
    code: "incorrect_etag",
    message: "If-Match header contains incorrect/invalid etag.",
    description: "`If-Match` is missing or does not match the current entity tag.",
    remediation: "Send the `ETag` of the most recent response for the resource in `If-Match`.",
    evidence: Evidence::VendorDoc,
    source: source::UPDATE_GROUP,
};
pub const BODY_TOO_LARGE: ErrorCode = ErrorCode {
    id: "ibm.requests.body-too-large",
    status: 413,
    code: "payload_too_large",
    message: "Payload is larger than {} bytes.",
    description: "The body is larger than the server's limit.",
    remediation: "Send a smaller body, or raise the limit with `--body-limit`.",
    evidence: Evidence::Assumed,
    source: "chosen by this server: IBM's limit is not known",
};
pub const TOO_MANY_REQUESTS: ErrorCode = ErrorCode {
    id: "ibm.limits.too-many-requests",
    status: 429,
    code: "too_many_requests",
    message: "Too many requests have been made within a time window. Wait before calling the API again.",
    description: "The rate limit is exceeded; `X-RateLimit-Reset` and `Retry-After` say until when. (The status and \
           the message are documented, the code is that of policy management.)",
    remediation: "Wait for the number of seconds in `Retry-After`, then send the request again.",
    evidence: Evidence::Spec,
    source: "IBM Cloud API Docs, IAM Access Groups, Error handling and Rate limiting \
             (https://cloud.ibm.com/apidocs/iam-access-groups); the code: IBM platform-services-go-sdk 0.103.0, \
             iampolicymanagementv1 (https://github.com/IBM/platform-services-go-sdk); `Retry-After`: the official SDKs honor it \
             (https://github.com/IBM/go-sdk-core)",
};
pub const INTERNAL_ERROR: ErrorCode = ErrorCode {
    id: "ibm.server.internal-error",
    status: 500,
    code: "internal_server_error",
    message: "Internal Server Error",
    description: "An internal error occurred in the server.",
    remediation: "Remove the fault that injects it; without such a fault it is a bug in this server, and its log has \
             details.",
    evidence: Evidence::VendorDoc,
    source: source::EVERY_OPERATION,
};
pub const SERVICE_UNAVAILABLE: ErrorCode = ErrorCode {
    id: "ibm.server.unavailable",
    status: 503,
    code: "service_unavailable",
    message: "Service Temporarily Unavailable",
    description: "The request took longer than the server's limit.",
    remediation: "Send the request again, or raise the limit with `--request-timeout`.",
    evidence: Evidence::VendorDoc,
    source: source::EVERY_OPERATION,
};

pub const INJECTED_FAULT: ErrorCode = ErrorCode {
    id: "ibm.faults.injected",
    status: 500,
    code: "mock_fault",
    message: "A fault of the mock server",
    description: "A fault requests a status that no other error has; the response has the status of the fault.",
    remediation: "Remove the fault, or wait until its schedule ends.",
    evidence: Evidence::Assumed,
    source: "specific to this mock; the envelope is that of the other errors",
};

pub const INVALID_CONTROL: ErrorCode = ErrorCode {
    id: "ibm.control.invalid",
    status: 400,
    code: "mock_control",
    message: "A header or path prefix of the mock server is invalid",
    description: "`X-Mock-Fault`, `X-Mock-Namespace` or the path prefix `/ns/NAME` is invalid; the message says why, and \
           nothing was changed.",
    remediation: "Correct what the message names, or omit `X-Mock-Fault`, `X-Mock-Namespace` and `/ns/NAME`.",
    evidence: Evidence::Assumed,
    source: "specific to this mock; the envelope is that of the other errors",
};

pub const FALLBACK_FAILED: ErrorCode = ErrorCode {
    id: "ibm.fallback.failed",
    status: 502,
    code: "mock_fallback",
    message: "The fallback server of the mock server did not respond",
    description: "With `--fallback`: no operation has the path, and the fallback server cannot be reached or its response \
           cannot be read; or another mock server forwarded the request. The message says which.",
    remediation: "Start the fallback server, or correct the URL of `--fallback`. Two servers must not forward to each other.",
    evidence: Evidence::Assumed,
    source: "specific to this mock; the envelope is that of the other errors",
};

pub const ALL: &[&ErrorCode] = &[
    &INVALID_PAYLOAD,
    &DUPLICATE_GROUP_ID,
    &INVALID_TOKEN,
    &INVALID_ACCESS_TOKEN,
    &FORBIDDEN,
    &GROUP_NOT_FOUND,
    &MEMBERSHIP_NOT_FOUND,
    &NO_MEMBERSHIPS,
    &NO_GROUPS_FOUND,
    &RULE_NOT_FOUND,
    &PATH_NOT_FOUND,
    &NOT_ROUTED,
    &METHOD_NOT_ALLOWED,
    &PUBLIC_UPDATE,
    &PUBLIC_DELETE,
    &PUBLIC_ADD_MEMBERS,
    &PUBLIC_DELETE_MEMBER,
    &PUBLIC_ADD_RULE,
    &PUBLIC_UPDATE_RULE,
    &PUBLIC_DELETE_RULE,
    &GROUP_NOT_EMPTY,
    &INCORRECT_ETAG,
    &BODY_TOO_LARGE,
    &TOO_MANY_REQUESTS,
    &INTERNAL_ERROR,
    &SERVICE_UNAVAILABLE,
    &template::NOT_COMMITTED,
    &template::ROOT_TARGET,
    &template::NOT_FOUND,
    &template::VERSION_NOT_FOUND,
    &template::ASSIGNMENT_NOT_FOUND,
    &template::NAME_CONFLICT,
    &template::ASSIGNMENT_CONFLICT,
    &template::COMMITTED,
    &template::ASSIGNED,
    &managed::UPDATE,
    &managed::DELETE,
    &managed::REMOVE_MEMBER,
    &managed::ADD_RULE,
    &managed::REPLACE_RULE,
    &managed::REMOVE_RULE,
    &managed::ADD_POLICY,
    &related_services::USER_NOT_FOUND,
    &related_services::SERVICE_ID_NOT_FOUND,
    &related_services::PROFILE_NOT_FOUND,
    &related_services::PROFILE_NAME_CONFLICT,
    &related_services::POLICY_NOT_FOUND,
    &related_services::POLICY_CONFLICT,
    &related_services::POLICY_UPDATE_CONFLICT,
    &related_services::MISSING_PARAMETER,
    &related_services::INVALID_BODY,
    &related_services::MULTIPLE_ENTRIES,
    &related_services::GROUP_ACCOUNT_MISMATCH,
    &related_services::ROLE_NOT_FOUND,
    &related_services::PUBLIC_ACCESS_DISABLED,
    &neighbors::RESOURCE_GROUP_NOT_FOUND,
    &neighbors::RESOURCE_GROUP_NAME_IN_USE,
    &neighbors::DEFAULT_RESOURCE_GROUP,
    &neighbors::SERVICE_ID_GROUP_NOT_FOUND,
    &neighbors::SERVICE_ID_GROUP_NAME_IN_USE,
    &neighbors::API_KEY_NOT_FOUND,
    &neighbors::POLICY_TEMPLATE_NOT_FOUND,
    &neighbors::POLICY_TEMPLATE_CONFLICT,
    &neighbors::POLICY_TEMPLATE_COMMITTED,
    &neighbors::ENTERPRISE_NOT_FOUND,
    &neighbors::ACCOUNT_GROUP_NOT_FOUND,
    &token::KEY_NOT_FOUND,
    &token::PROPERTY_MISSING,
    &token::PROPERTY_INVALID,
    &token::TOKEN_INVALID,
    &token::REFRESH_TOKEN_EXPIRED,
    &token::PATH_NOT_FOUND,
    &token::METHOD_NOT_ALLOWED,
    &token::BODY_TOO_LARGE,
    &token::INTERNAL_ERROR,
    &token::TIMEOUT,
    &item::SERVICE_ID,
    &item::FORBIDDEN,
    &item::MEMBERSHIP_LIMIT,
    &item::MEMBERSHIP_NOT_FOUND,
    &item::GROUP_NOT_IN_ACCOUNT,
    &item::PUBLIC_ACCESS,
    &item::CONFLICT,
    &item::MANAGED_ADD,
    &item::MANAGED_REMOVE,
    &item::INJECTED_FAULT,
    &INJECTED_FAULT,
    &INVALID_CONTROL,
    &FALLBACK_FAILED,
];
