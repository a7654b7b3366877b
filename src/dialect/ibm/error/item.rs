//! The errors of single parts of a 207 answer; their status is the part's and never the answer's.

use super::super::source;
use crate::failure::{Code, Evidence};

const fn item(status: u16, message: &'static str, when: &'static str, evidence: Evidence) -> Code {
    Code { rule: "", status, code: "error_occurred", message, when, remedy: "", evidence, source: "" }
}

pub(in super::super) const SERVICE_ID: Code = item(
    400,
    "The service id is missing or incorrect",
    "The member is added as a service id and its IAM id does not begin with `iam-ServiceId-`.",
    Evidence::Seed,
);
pub(in super::super) const MEMBERSHIP_LIMIT: Code = item(
    403,
    "Group membership limit reached. A member can be a member of at most 50 groups",
    "The member is in 50 groups of the account.",
    Evidence::Observed,
);
pub(in super::super) const MEMBERSHIP_NOT_FOUND: Code =
    item(404, "Failed to find the membership", "The group has no such member.", Evidence::Seed);
pub(in super::super) const GROUP_NOT_IN_ACCOUNT: Code =
    item(404, "Group not found in account", "The account has no such group.", Evidence::Seed);
pub(in super::super) const PUBLIC_ACCESS: Code = item(
    405,
    "Cannot add members for: AccessGroupId-PublicAccess",
    "The group is the Public Access group.",
    Evidence::Assumed,
);
pub(in super::super) const MANAGED_ADD: Code = item(
    409,
    "The group is managed by a template that doesn't let its account add members. Add the member to the template \
     instead.",
    "A template manages the group, and its action controls don't let the account add members.",
    Evidence::Assumed,
);
pub(in super::super) const MANAGED_REMOVE: Code = item(
    409,
    "The group is managed by a template that doesn't let its account remove this member. Remove the member from \
     the template instead.",
    "The member comes from the template, and its action controls don't let the account remove it.",
    Evidence::Assumed,
);
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
