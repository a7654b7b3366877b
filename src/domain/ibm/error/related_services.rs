//! The errors of the related services: user management, IAM identity and policy management.

use crate::spec::{ApiError, ErrorCode, Evidence, Violation};

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
    evidence: Evidence::Observed,
    source: "responses of the real service in reports about the Terraform provider \
             (https://github.com/IBM-Cloud/terraform-provider-ibm/issues)",
};
pub const INVALID_BODY: ErrorCode = ErrorCode {
    id: "ibm.policies.invalid-body",
    status: 400,
    code: "invalid_body",
    message: "Invalid body format. Check the input parameters. {}",
    description: "The body of a policy is invalid; the message says where and why. The part after `instance` is \
           worded by this server.",
    remediation: "Correct what the message names after `instance`.",
    evidence: Evidence::Observed,
    source: "responses of the real service in reports about the Terraform provider \
             (https://github.com/IBM-Cloud/terraform-provider-ibm/issues)",
};
pub const MULTIPLE_ENTRIES: ErrorCode = ErrorCode {
    id: "ibm.policies.multiple-entries",
    status: 400,
    code: "invalid_body",
    message: "The following resource attribute(s) had multiple entries: {}",
    description: "The resource of a policy has an attribute twice.",
    remediation: "Name each attribute of the resource once.",
    evidence: Evidence::Observed,
    source: "a report of the real response (https://github.com/IBM-Cloud/terraform-provider-ibm/issues/5471)",
};
pub const GROUP_ACCOUNT_MISMATCH: ErrorCode = ErrorCode {
    id: "ibm.policies.group-account-mismatch",
    status: 400,
    code: "invalid_body",
    message: "Access groups can only be assigned against resources in the same account as the access group.",
    description: "The account of the resource has no such group.",
    remediation: "Use a group of the account that the resource names in `accountId`.",
    evidence: Evidence::Observed,
    source: "a report of the real response (https://github.com/IBM-Cloud/terraform-provider-ibm/issues/2627)",
};
pub const ROLE_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.policies.unknown-role",
    status: 400,
    code: "invalid_body",
    message: "The role was not found: {}",
    description: "The policy grants a role that `GET /v2/roles` does not list.",
    remediation: "Use the CRN of a role that `GET /v2/roles` lists.",
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
    source: "no response is known; for the rule see IBM platform-services-go-sdk 0.101.0, iamaccessgroupsv2, \
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
