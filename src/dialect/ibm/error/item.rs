//! The errors of single parts of a 207 answer; their status is the part's and never the answer's.

use super::super::source;
use crate::failure::{Code, Evidence};

pub(in super::super) const SERVICE_ID: Code = Code {
    rule: "ibm.parts.service-id",
    status: 400,
    code: "error_occurred",
    message: "The service id is missing or incorrect",
    when: "A part of a 207 answer: the member is added as a service id and its IAM id does not begin with \
           `iam-ServiceId-`.",
    remedy: "Give a member of type `service` an `iam_id` that begins with `iam-ServiceId-`.",
    evidence: Evidence::Seed,
    source: source::ADD_MEMBERS,
};
pub(in super::super) const MEMBERSHIP_LIMIT: Code = Code {
    rule: "ibm.parts.membership-limit",
    status: 403,
    code: "error_occurred",
    message: "Group membership limit reached. A member can be a member of at most 50 groups",
    when: "A part of a 207 answer: the member is in 50 groups of the account.",
    remedy: "Remove the member from one of its groups first.",
    evidence: Evidence::Observed,
    source: "a report of the real answer (https://github.com/IBM-Cloud/ibm-cloud-cli-release/issues/83)",
};
pub(in super::super) const MEMBERSHIP_NOT_FOUND: Code = Code {
    rule: "ibm.parts.not-a-member",
    status: 404,
    code: "error_occurred",
    message: "Failed to find the membership",
    when: "A part of a 207 answer: the group has no such member.",
    remedy: "Name only members that `GET /v2/groups/{access_group_id}/members` lists.",
    evidence: Evidence::Seed,
    source: source::DELETE_MEMBERS,
};
pub(in super::super) const GROUP_NOT_IN_ACCOUNT: Code = Code {
    rule: "ibm.parts.unknown-group",
    status: 404,
    code: "error_occurred",
    message: "Group not found in account",
    when: "A part of a 207 answer: the account has no such group.",
    remedy: "Name only groups that `GET /v2/groups` of the account lists.",
    evidence: Evidence::Seed,
    source: source::ADD_MEMBERSHIPS,
};
pub(in super::super) const PUBLIC_ACCESS: Code = Code {
    rule: "ibm.parts.public-access",
    status: 405,
    code: "error_occurred",
    message: "Cannot add members for: AccessGroupId-PublicAccess",
    when: "A part of a 207 answer: the group is the Public Access group.",
    remedy: "Leave the Public Access group out of `groups`: everyone is in it.",
    evidence: Evidence::Assumed,
    source: "the text of the same refusal of a whole call (https://cloud.ibm.com/apidocs/iam-access-groups)",
};
pub(in super::super) const MANAGED_ADD: Code = Code {
    rule: "ibm.parts.managed-add",
    status: 409,
    code: "error_occurred",
    message: "The group is managed by a template that doesn't let its account add members. Add the member to \
              the template instead.",
    when: "A part of a 207 answer: a template manages the group, and its action controls don't let the \
           account add members.",
    remedy: "Add the member to a version of the template, commit it and update the assignment.",
    evidence: Evidence::Assumed,
    source: source::MANAGED_GROUPS,
};
pub(in super::super) const MANAGED_REMOVE: Code = Code {
    rule: "ibm.parts.managed-remove",
    status: 409,
    code: "error_occurred",
    message: "The group is managed by a template that doesn't let its account remove this member. Remove the \
              member from the template instead.",
    when: "A part of a 207 answer: the member comes from the template, and its action controls don't let the \
           account remove it.",
    remedy: "Remove the member from a version of the template, commit it and update the assignment.",
    evidence: Evidence::Assumed,
    source: source::MANAGED_GROUPS,
};
pub(in super::super) const FORBIDDEN: Code = Code {
    rule: "ibm.parts.forbidden",
    status: 403,
    code: "error_occurred",
    message: "Forbidden: You don't have the required access to complete this action. Contact your account \
              owner for access",
    when: "A part of a 207 answer, and only where a fault asks for it: the credential lacks the right for \
           the group.",
    remedy: "Remove the fault, or wait until it is used up.",
    evidence: Evidence::Seed,
    source: source::ADD_MEMBERSHIPS,
};
pub(in super::super) const CONFLICT: Code = Code {
    rule: "ibm.parts.update-conflict",
    status: 409,
    code: "error_occurred",
    message: "Cloudant document update conflict occurred",
    when: "A part of a 207 answer, and only where a fault asks for it: another write came between.",
    remedy: "Send the failed parts again.",
    evidence: Evidence::Seed,
    source: source::DELETE_MEMBERSHIPS,
};
pub(in super::super) const FAULT: Code = Code {
    rule: "ibm.parts.injected",
    status: 500,
    code: "error_occurred",
    message: "A fault of the mock server",
    when: "A part of a 207 answer that a fault lets fail with a status that no other part has; the part has \
           the status of the fault.",
    remedy: "Remove the fault, or wait until it is used up.",
    evidence: Evidence::Assumed,
    source: "no vendor sends it; the envelope is that of the other errors",
};
