//! The errors of the related services: user management, IAM identity and policy management.

use crate::spec::{ApiError, Confidence, ErrorCode, Evidence, Observation, Violation};

pub const USER_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.users.unknown-id",
    status: 404,
    code: "user_not_found",
    message: "Failed to find the user: {}",
    description: "The account has no such user.",
    remediation: "Use the `iam_id` of a user that `GET /v2/accounts/{account_id}/users` lists.",
    evidence: Evidence::Assumed,
    source: "IBM documents neither the code nor the message; modeled on the access group error",
};
pub const SERVICE_ID_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.service-ids.unknown-id",
    status: 404,
    code: "service_id_not_found",
    message: "Failed to find the service ID: {}",
    description: "The service id does not exist.",
    remediation: "Use the `id` of a service id that `GET /v1/serviceids/` lists.",
    evidence: Evidence::Assumed,
    source: "IBM documents neither the code nor the message; modeled on the access group error",
};
pub const PROFILE_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.profiles.unknown-id",
    status: 404,
    code: "profile_not_found",
    message: "Failed to find the trusted profile: {}",
    description: "The trusted profile does not exist.",
    remediation: "Use the `id` of a profile that `GET /v1/profiles` lists.",
    evidence: Evidence::Assumed,
    source: "IBM documents neither the code nor the message; modeled on the access group error",
};
pub const PROFILE_NAME_CONFLICT: ErrorCode = ErrorCode {
    id: "ibm.profiles.name-taken",
    status: 409,
    code: "profile_name_conflict",
    message: "The account already has a trusted profile with the name: {}",
    description: "Another trusted profile of the account has the name. (That names are unique is documented, the response is \
           not.)",
    remediation: "Use a name that no other trusted profile of the account has.",
    evidence: Evidence::Assumed,
    source: "IBM documents neither the code nor the message; for the rule see IBM Cloud API Docs, \
             IAM Identity Services, Create a trusted profile (https://cloud.ibm.com/apidocs/iam-identity-token-api)",
};
pub const POLICY_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.policies.unknown-id",
    status: 404,
    code: "policy_not_found",
    message: "Policy with Id {} not found.",
    description: "The policy does not exist.",
    remediation: "Use the `id` of a policy that `GET /v1/policies` of the account lists.",
    evidence: Evidence::Observed(Observation::new("2023", Confidence::High)),
    source: "a report of the real response of 2023 (https://github.com/terraform-ibm-modules/terraform-ibm-landing-zone/issues/394)",
};
/// The fields that the conflicts of policies share.
const CONFLICT: ErrorCode = ErrorCode {
    id: "",
    status: 409,
    code: "policy_conflict_error",
    message: "",
    description: "A policy has the same subject, resource and roles, or grants the group more; `details.conflicts_with` \
           contains it.",
    remediation: "Use the policy that the message names, or give the policy another subject, resource or role.",
    evidence: Evidence::Observed(Observation::new("2024-10", Confidence::High)),
    source: "IBM Cloud docs, a log of the real response of October 2024 \
             (https://cloud.ibm.com/docs/track-spend-with-cloudability?topic=track-spend-with-cloudability-troubleshoot-iam-policy-conflict); \
             that a broader policy of a group conflicts: a report of July 2026 \
             (https://github.com/redhat-cop/agnosticd/pull/9884)",
};
pub const POLICY_CONFLICT: ErrorCode = ErrorCode {
    id: "ibm.policies.conflict",
    message: "The policy wasn't created because an access policy with identical attributes already exists. Please update \
              the roles in the existing policy ({}), or update the one you're trying to assign to include a \
              different attribute assignment.",
    ..CONFLICT
};
pub const POLICY_UPDATE_CONFLICT: ErrorCode = ErrorCode {
    id: "ibm.policies.update-conflict",
    message: "The policy wasn't updated because an access policy with identical attributes already exists. Please update \
              the roles in the existing policy ({}), or update the one you're trying to assign to include a \
              different attribute assignment.",
    evidence: Evidence::Assumed,
    source: "no response is known; modeled on the conflict of a new policy",
    ..CONFLICT
};
pub const MISSING_PARAMETER: ErrorCode = ErrorCode {
    id: "ibm.policies.missing-parameter",
    status: 400,
    code: "missing_required_query_parameter",
    message: "The required query parameter is missing: {}",
    description: "A list of policies has no `account_id`. (The code is documented, the message is not.)",
    remediation: "Send `account_id`.",
    evidence: Evidence::Spec,
    source: crate::domain::ibm::source::POLICIES_SDK,
};
pub const INVALID_BODY: ErrorCode = ErrorCode {
    id: "ibm.policies.invalid-body",
    status: 400,
    code: "invalid_body",
    message: "Invalid body format. Check the input parameters. {}",
    description: "The body of a policy is invalid; the message says where and why. The part after `instance` is \
           worded by this server.",
    remediation: "Correct what the message names after `instance`.",
    evidence: Evidence::Observed(Observation::new("2019-06-27", Confidence::High)),
    source: "a report of the real response (https://github.com/IBM-Cloud/terraform-provider-ibm/issues/618)",
};
pub const MULTIPLE_ENTRIES: ErrorCode = ErrorCode {
    id: "ibm.policies.multiple-entries",
    status: 400,
    code: "invalid_body",
    message: "The following resource attribute(s) had multiple entries: {}",
    description: "The resource of a policy has an attribute twice.",
    remediation: "Name each attribute of the resource once.",
    evidence: Evidence::Observed(Observation::new("2024-06-25", Confidence::High)),
    source: "a report of the real response (https://github.com/IBM-Cloud/terraform-provider-ibm/issues/5471)",
};
pub const GROUP_ACCOUNT_MISMATCH: ErrorCode = ErrorCode {
    id: "ibm.policies.group-account-mismatch",
    status: 400,
    code: "invalid_body",
    message: "Access groups can only be assigned against resources in the same account as the access group.",
    description: "The account of the resource has no such group.",
    remediation: "Use a group of the account that the resource names in `accountId`.",
    evidence: Evidence::Observed(Observation::new("2021", Confidence::High)),
    source: "a report of the real response (https://github.com/IBM-Cloud/terraform-provider-ibm/issues/2627)",
};
pub const ROLE_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.policies.unknown-role",
    status: 400,
    code: "invalid_body",
    message: "The role was not found: {}",
    description: "The policy grants something that is neither a role of `GET /v2/roles` nor the well-formed CRN of a role.",
    remediation: "Use the CRN of a role, such as one that `GET /v2/roles` lists.",
    evidence: Evidence::Assumed,
    source: "no response is known; the code is that of the other policy errors",
};
pub const PUBLIC_ACCESS_DISABLED: ErrorCode = ErrorCode {
    id: "ibm.policies.public-access-off",
    status: 400,
    code: "invalid_body",
    message: "Public access is disabled for the account: {}",
    description: "The policy is for the Public Access group of an account whose settings disable public access. (That the \
           request fails is documented, the response is not.)",
    remediation: "Set `public_access_enabled` to `true` with `PATCH /v2/groups/settings` first.",
    evidence: Evidence::Assumed,
    source: "no response is known; for the rule see IBM platform-services-go-sdk 0.103.0, iamaccessgroupsv2, \
             UpdateAccountSettings (https://github.com/IBM/platform-services-go-sdk)",
};

/// Returns the error for an invalid policy body, with all violations in its message.
pub fn invalid_body(violations: &[Violation]) -> ApiError {
    let reasons = violations.iter().map(|it| match it.path.as_str() {
        "" => it.reason.clone(),
        path => format!("instance.{path} {}", it.reason),
    });
    INVALID_BODY.with_subject(reasons.collect::<Vec<_>>().join(", "))
}
