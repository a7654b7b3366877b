//! The errors of the services beside Access Groups: user management, IAM identity and policy management.

use crate::failure::{Code, Evidence, Refusal, Violation};

pub(in super::super) const USER_NOT_FOUND: Code = Code {
    rule: "ibm.users.unknown-id",
    status: 404,
    code: "user_not_found",
    message: "Failed to find the user: {}",
    when: "The account has no such user.",
    remedy: "Use the `iam_id` of a user that `GET /v2/accounts/{account_id}/users` lists.",
    evidence: Evidence::Assumed,
    source: "IBM publishes neither code nor text; the form is that of the access group",
};
pub(in super::super) const SERVICE_ID_NOT_FOUND: Code = Code {
    rule: "ibm.service-ids.unknown-id",
    status: 404,
    code: "service_id_not_found",
    message: "Failed to find the service ID: {}",
    when: "There is no such service id.",
    remedy: "Use the `id` of a service id that `GET /v1/serviceids/` lists.",
    evidence: Evidence::Assumed,
    source: "IBM publishes neither code nor text; the form is that of the access group",
};
pub(in super::super) const PROFILE_NOT_FOUND: Code = Code {
    rule: "ibm.profiles.unknown-id",
    status: 404,
    code: "profile_not_found",
    message: "Failed to find the trusted profile: {}",
    when: "There is no such trusted profile.",
    remedy: "Use the `id` of a profile that `GET /v1/profiles` lists.",
    evidence: Evidence::Assumed,
    source: "IBM publishes neither code nor text; the form is that of the access group",
};
pub(in super::super) const PROFILE_NAME_TAKEN: Code = Code {
    rule: "ibm.profiles.name-taken",
    status: 409,
    code: "profile_name_conflict",
    message: "The account already has a trusted profile with the name: {}",
    when: "Another trusted profile of the account has the name. That names differ is documented, the answer is not.",
    remedy: "Use a name that no other trusted profile of the account has.",
    evidence: Evidence::Assumed,
    source: "IBM publishes neither code nor text; the rule: IBM Cloud API Docs, IAM Identity Services, \
             Create a trusted profile (https://cloud.ibm.com/apidocs/iam-identity-token-api)",
};
pub(in super::super) const POLICY_NOT_FOUND: Code = Code {
    rule: "ibm.policies.unknown-id",
    status: 404,
    code: "policy_not_found",
    message: "Policy with Id {} not found.",
    when: "There is no such policy.",
    remedy: "Use the `id` of a policy that `GET /v1/policies` of the account lists.",
    evidence: Evidence::Observed,
    source: "answers of the real service in reports about the Terraform provider \
             (https://github.com/IBM-Cloud/terraform-provider-ibm/issues)",
};
pub(in super::super) const INVALID_BODY: Code = Code {
    rule: "ibm.policies.invalid-body",
    status: 400,
    code: "invalid_body",
    message: "Invalid body format. Check the input parameters. {}",
    when: "The body of a policy is wrong; the message says where and why. What stands behind `instance` is this \
           server's own.",
    remedy: "Correct what the message names behind `instance`.",
    evidence: Evidence::Observed,
    source: "answers of the real service in reports about the Terraform provider \
             (https://github.com/IBM-Cloud/terraform-provider-ibm/issues)",
};
pub(in super::super) const MULTIPLE_ENTRIES: Code = Code {
    rule: "ibm.policies.multiple-entries",
    status: 400,
    code: "invalid_body",
    message: "The following resource attribute(s) had multiple entries: {}",
    when: "An attribute of the resource of a policy stands twice.",
    remedy: "Name each attribute of the resource once.",
    evidence: Evidence::Observed,
    source: "a report of the real answer (https://github.com/IBM-Cloud/terraform-provider-ibm/issues/5471)",
};
pub(in super::super) const FOREIGN_GROUP: Code = Code {
    rule: "ibm.policies.foreign-group",
    status: 400,
    code: "invalid_body",
    message: "Access groups can only be assigned against resources in the same account as the access group.",
    when: "There is no such group in the account of the resource.",
    remedy: "Use a group of the account that the resource names in `accountId`.",
    evidence: Evidence::Observed,
    source: "a report of the real answer (https://github.com/IBM-Cloud/terraform-provider-ibm/issues/2627)",
};
pub(in super::super) const ROLE_UNKNOWN: Code = Code {
    rule: "ibm.policies.unknown-role",
    status: 400,
    code: "invalid_body",
    message: "The role was not found: {}",
    when: "The policy grants a role that `GET /v2/roles` does not list.",
    remedy: "Use the CRN of a role that `GET /v2/roles` lists.",
    evidence: Evidence::Assumed,
    source: "no answer is known; the code is that of the other errors of policies",
};
pub(in super::super) const PUBLIC_ACCESS_OFF: Code = Code {
    rule: "ibm.policies.public-access-off",
    status: 400,
    code: "invalid_body",
    message: "Public access is disabled for the account: {}",
    when: "The policy is for the Public Access group of an account whose settings switch public access off. That \
           it is refused is documented, the answer is not.",
    remedy: "Switch `public_access_enabled` on with `PATCH /v2/groups/settings` first.",
    evidence: Evidence::Assumed,
    source: "no answer is known; the rule: IBM platform-services-go-sdk 0.101.0, iamaccessgroupsv2, \
             UpdateAccountSettings (https://github.com/IBM/platform-services-go-sdk)",
};

/// Returns the refusal of the body of a policy.
pub(in super::super) fn invalid_body(violations: &[Violation]) -> Refusal {
    let reasons = violations.iter().map(|it| match it.path.as_str() {
        "" => it.reason.clone(),
        path => format!("instance.{path} {}", it.reason),
    });
    INVALID_BODY.about(reasons.collect::<Vec<_>>().join(", "))
}
