//! The errors of the neighbors of groups: resource groups, service id groups, policy templates, API keys and enterprises.
//!
//! Those of policy management have documented codes; of the others nothing is documented.

use super::super::source;
use crate::spec::{ErrorCode, Evidence};

/// The source of errors of which nothing is documented.
const UNDOCUMENTED: &str =
    "IBM documents neither the code nor the message; modeled on the access group error";

pub const RESOURCE_GROUP_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.resource-groups.unknown-id",
    status: 404,
    code: "not_found",
    message: "Failed to find the resource group: {}",
    description: "The resource group does not exist.",
    remediation: "Use the `id` of a resource group that `GET /v2/resource_groups` lists.",
    evidence: Evidence::Assumed,
    source: UNDOCUMENTED,
};
pub const RESOURCE_GROUP_NAME_IN_USE: ErrorCode = ErrorCode {
    id: "ibm.resource-groups.name-taken",
    status: 409,
    code: "conflict",
    message: "The account already has a resource group with the name: {}",
    description: "Another resource group of the account has the name.",
    remediation: "Use a name that no other resource group of the account has.",
    evidence: Evidence::Assumed,
    source: UNDOCUMENTED,
};
pub const DEFAULT_RESOURCE_GROUP: ErrorCode = ErrorCode {
    id: "ibm.resource-groups.default",
    status: 400,
    code: "bad_request",
    message: "The default resource group can't be deleted: {}",
    description: "The resource group is the default one of its account.",
    remediation: "Delete another resource group.",
    evidence: Evidence::Assumed,
    source: UNDOCUMENTED,
};
pub const SERVICE_ID_GROUP_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.service-id-groups.unknown-id",
    status: 404,
    code: "serviceid_group_not_found",
    message: "Failed to find the service ID group: {}",
    description: "The service id group does not exist.",
    remediation: "Use the `id` of a service id group that `GET /v1/serviceid_groups` lists.",
    evidence: Evidence::Assumed,
    source: UNDOCUMENTED,
};
pub const SERVICE_ID_GROUP_NAME_IN_USE: ErrorCode = ErrorCode {
    id: "ibm.service-id-groups.name-taken",
    status: 409,
    code: "serviceid_group_name_conflict",
    message: "The account already has a service ID group with the name: {}",
    description: "Another service id group of the account has the name. (That names are unique is documented, the \
           response is not.)",
    remediation: "Use a name that no other service id group of the account has.",
    evidence: Evidence::Assumed,
    source: source::IDENTITY_SDK,
};
pub const API_KEY_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.api-keys.unknown",
    status: 404,
    code: "not_found",
    message: "Provided API key could not be found.",
    description: "In strict mode: the API key in `IAM-ApiKey` is not in the seed.",
    remediation: "Use an API key from the seed file.",
    evidence: Evidence::Assumed,
    source: "no response of the operation is known; the message is that of the token endpoint",
};
pub const POLICY_TEMPLATE_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.policy-templates.unknown-id",
    status: 404,
    code: "policy_template_not_found",
    message: "Policy template with Id {} not found.",
    description: "The policy template does not exist, or it has no such version. (The code is documented, the message is \
           not.)",
    remediation: "Use the `id` of a policy template that `GET /v1/policy_templates` of the account lists, and the \
             `version` of one that `GET /v1/policy_templates/{policy_template_id}/versions` lists.",
    evidence: Evidence::Spec,
    source: source::POLICIES_SDK,
};
pub const POLICY_TEMPLATE_CONFLICT: ErrorCode = ErrorCode {
    id: "ibm.policy-templates.name-taken",
    status: 409,
    code: "policy_template_conflict_error",
    message: "A policy template with the name \"{}\" already exists.",
    description: "Another policy template of the account has the name. (The code is documented, the message is not.)",
    remediation: "Use a name that no other policy template of the account has.",
    evidence: Evidence::Spec,
    source: source::POLICIES_SDK,
};
pub const POLICY_TEMPLATE_COMMITTED: ErrorCode = ErrorCode {
    id: "ibm.policy-templates.committed",
    status: 400,
    code: "request_not_processed",
    message: "Version {} of the policy template is committed and can't be changed. Create a new version.",
    description: "The version is committed. (The rule is documented; which of the documented codes it has is not.)",
    remediation: "Create a new version with `POST /v1/policy_templates/{policy_template_id}/versions`.",
    evidence: Evidence::Assumed,
    source: source::POLICIES_SDK,
};
pub const ENTERPRISE_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.enterprises.unknown-id",
    status: 404,
    code: "not_found",
    message: "Failed to find the enterprise: {}",
    description: "It is not the enterprise of the caller's account.",
    remediation: "Use the `id` of the enterprise that `GET /v1/enterprises` lists.",
    evidence: Evidence::Assumed,
    source: UNDOCUMENTED,
};
pub const ACCOUNT_GROUP_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.account-groups.unknown-id",
    status: 404,
    code: "not_found",
    message: "Failed to find the account group: {}",
    description: "The account group does not exist.",
    remediation: "Use the `id` of an account group that `GET /v1/account-groups` lists; the seed and the admin API set \
             them.",
    evidence: Evidence::Assumed,
    source: UNDOCUMENTED,
};
