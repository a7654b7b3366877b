//! The errors of single items of a 207 response. The status is that of the item, never that of the response.

use super::super::source;
use crate::spec::{Confidence, ErrorCode, Evidence, Observation};

pub const SERVICE_ID: ErrorCode = ErrorCode {
    id: "ibm.bulk-items.service-id",
    status: 400,
    code: "error_occurred",
    message: "The service id is missing or incorrect",
    description: "An item of a 207 response: the member is added as a service id and its IAM id does not start with \
           `iam-ServiceId-`.",
    remediation: "Give a member of type `service` an `iam_id` that starts with `iam-ServiceId-`.",
    evidence: Evidence::VendorDoc,
    source: source::ADD_MEMBERS,
};
pub const MEMBERSHIP_LIMIT: ErrorCode = ErrorCode {
    id: "ibm.bulk-items.membership-limit",
    status: 403,
    code: "error_occurred",
    message: "Group membership limit reached. A member can be a member of at most 50 groups",
    description: "An item of a 207 response: the member is already in 50 groups of the account.",
    remediation: "Remove the member from one of its groups first.",
    evidence: Evidence::Observed(Observation::new("2019-04-30", Confidence::High)),
    source: "a report of the real response (https://github.com/IBM-Cloud/ibm-cloud-cli-release/issues/83)",
};
pub const MEMBERSHIP_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.bulk-items.not-a-member",
    status: 404,
    code: "error_occurred",
    message: "Failed to find the membership",
    description: "An item of a 207 response: the group has no such member.",
    remediation: "Name only members that `GET /v2/groups/{access_group_id}/members` lists.",
    evidence: Evidence::VendorDoc,
    source: source::DELETE_MEMBERS,
};
pub const GROUP_NOT_IN_ACCOUNT: ErrorCode = ErrorCode {
    id: "ibm.bulk-items.unknown-group",
    status: 404,
    code: "error_occurred",
    message: "Group not found in account",
    description: "An item of a 207 response: the account has no such group.",
    remediation: "Name only groups that `GET /v2/groups` of the account lists.",
    evidence: Evidence::VendorDoc,
    source: source::ADD_MEMBERSHIPS,
};
pub const PUBLIC_ACCESS: ErrorCode = ErrorCode {
    id: "ibm.bulk-items.public-access",
    status: 405,
    code: "error_occurred",
    message: "Cannot add members for: AccessGroupId-PublicAccess",
    description: "An item of a 207 response: the group is the Public Access group.",
    remediation: "Omit the Public Access group from `groups`: everyone belongs to it.",
    evidence: Evidence::Assumed,
    source: "the message of the same error of a whole request (https://cloud.ibm.com/apidocs/iam-access-groups)",
};
pub const MANAGED_ADD: ErrorCode = ErrorCode {
    id: "ibm.bulk-items.managed-add",
    status: 409,
    code: "error_occurred",
    message: "The group is managed by a template that doesn't let its account add members. Add the member to \
              the template instead.",
    description: "An item of a 207 response: a template manages the group, and its action controls don't let the \
           account add members.",
    remediation: "Add the member to a version of the template, commit it and update the assignment.",
    evidence: Evidence::Assumed,
    source: source::MANAGED_GROUPS,
};
pub const MANAGED_REMOVE: ErrorCode = ErrorCode {
    id: "ibm.bulk-items.managed-remove",
    status: 409,
    code: "error_occurred",
    message: "The group is managed by a template that doesn't let its account remove this member. Remove the \
              member from the template instead.",
    description: "An item of a 207 response: the member comes from the template, and its action controls don't let the \
           account remove it.",
    remediation: "Remove the member from a version of the template, commit it and update the assignment.",
    evidence: Evidence::Assumed,
    source: source::MANAGED_GROUPS,
};
pub const FORBIDDEN: ErrorCode = ErrorCode {
    id: "ibm.bulk-items.forbidden",
    status: 403,
    code: "error_occurred",
    message: "Forbidden: You don't have the required access to complete this action. Contact your account \
              owner for access",
    description: "An item of a 207 response, only when a fault injects it: the credential lacks the permission for \
           the group.",
    remediation: "Remove the fault, or wait until its schedule ends.",
    evidence: Evidence::VendorDoc,
    source: source::ADD_MEMBERSHIPS,
};
pub const CONFLICT: ErrorCode = ErrorCode {
    id: "ibm.bulk-items.update-conflict",
    status: 409,
    code: "error_occurred",
    message: "Cloudant document update conflict occurred",
    description: "An item of a 207 response, only when a fault injects it: a concurrent write conflicted.",
    remediation: "Send the failed items again.",
    evidence: Evidence::VendorDoc,
    source: source::DELETE_MEMBERSHIPS,
};
pub const INJECTED_FAULT: ErrorCode = ErrorCode {
    id: "ibm.bulk-items.injected",
    status: 500,
    code: "error_occurred",
    message: "A fault of the mock server",
    description: "An item of a 207 response: a fault requests a status that no other item error has; the item has \
           the status of the fault.",
    remediation: "Remove the fault, or wait until its schedule ends.",
    evidence: Evidence::Assumed,
    source: "specific to this mock; the envelope is that of the other errors",
};
