//! The errors for changing a group that a template manages. IBM documents neither their codes nor their messages.
//!
//! Their status is 409 instead of 403, because IBM's Node SDK replaces the message of every 403.

use super::super::source;
use crate::spec::{ErrorCode, Evidence};

/// The fields that all these errors share.
const MANAGED: ErrorCode = ErrorCode {
    id: "",
    status: 409,
    code: "group_managed_by_template",
    message: "",
    description: "",
    remediation: "",
    evidence: Evidence::Assumed,
    source: source::MANAGED_GROUPS,
};

pub const UPDATE: ErrorCode = ErrorCode {
    id: "ibm.managed-groups.update",
    message: "Access group {} is managed by a template and can't be updated in its account. Create a version \
              of the template with the new name or description, commit it, and update the assignment.",
    description: "A template manages the group.",
    remediation: "Change the name and the description in a version of the template, commit it and update the \
             assignment.",
    ..MANAGED
};
pub const DELETE: ErrorCode = ErrorCode {
    id: "ibm.managed-groups.delete",
    message: "Access group {} is managed by a template and can't be deleted in its account. Remove the \
              assignment of the template instead.",
    description: "A template manages the group.",
    remediation: "Remove the assignment of the template.",
    ..MANAGED
};
pub const REMOVE_MEMBER: ErrorCode = ErrorCode {
    id: "ibm.managed-groups.remove-member",
    message: "Access group {} is managed by a template that doesn't let its account remove this member. \
              Leave the member out of a version of the template, or set members.action_controls.remove in \
              it, commit it, and update the assignment.",
    description: "The member comes from the template, and its action controls don't let the account remove it.",
    remediation: "Omit the member from a version of the template, or set `members.action_controls.remove` in \
             it, commit it and update the assignment.",
    ..MANAGED
};
pub const ADD_RULE: ErrorCode = ErrorCode {
    id: "ibm.managed-groups.add-rule",
    message: "Access group {} is managed by a template that doesn't let its account add rules. Add the rule \
              to a version of the template, or set assertions.action_controls.add in it, commit it, and \
              update the assignment.",
    description: "A template manages the group, and its action controls don't let the account add rules.",
    remediation: "Add the rule to a version of the template, or set `assertions.action_controls.add` in it, \
             commit it and update the assignment.",
    ..MANAGED
};
pub const REPLACE_RULE: ErrorCode = ErrorCode {
    id: "ibm.managed-groups.replace-rule",
    message: "Access group {} is managed by a template that this rule comes from, so it can't be replaced in \
              its account. Change the rule in a version of the template, commit it, and update the \
              assignment.",
    description: "The rule comes from the template.",
    remediation: "Change the rule in a version of the template, commit it and update the assignment.",
    ..MANAGED
};
pub const REMOVE_RULE: ErrorCode = ErrorCode {
    id: "ibm.managed-groups.remove-rule",
    message: "Access group {} is managed by a template that doesn't let its account remove this rule. Leave \
              the rule out of a version of the template, or set action_controls.remove for it, commit it, \
              and update the assignment.",
    description: "The rule comes from the template, and its action controls don't let the account remove it.",
    remediation: "Omit the rule from a version of the template, or set `action_controls.remove` for it, commit \
             it and update the assignment.",
    ..MANAGED
};
pub const ADD_POLICY: ErrorCode = ErrorCode {
    id: "ibm.managed-groups.add-policy",
    message: "Access group {} is managed by a template that doesn't let its account add policies. Set \
              action_controls.access.add in a version of the template, commit it, and update the assignment.",
    description: "A template manages the group, and its action controls don't let the account add policies.",
    remediation: "Set `action_controls.access.add` in a version of the template, commit it and update the \
             assignment.",
    ..MANAGED
};
