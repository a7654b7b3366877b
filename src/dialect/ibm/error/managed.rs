//! The errors for changing a group that a template manages. IBM documents neither their codes nor their messages.
//!
//! Their status is 409 instead of 403, because IBM's Node SDK replaces the message of every 403.

use super::super::source;
use crate::failure::{Code, Evidence};

/// The fields that all these errors share.
const MANAGED: Code = Code {
    rule: "",
    status: 409,
    code: "group_managed_by_template",
    message: "",
    when: "",
    remedy: "",
    evidence: Evidence::Assumed,
    source: source::MANAGED_GROUPS,
};

pub(in super::super) const UPDATE: Code = Code {
    rule: "ibm.managed-groups.update",
    message: "Access group {} is managed by a template and can't be updated in its account. Create a version \
              of the template with the new name or description, commit it, and update the assignment.",
    when: "A template manages the group.",
    remedy: "Change the name and the description in a version of the template, commit it and update the \
             assignment.",
    ..MANAGED
};
pub(in super::super) const DELETE: Code = Code {
    rule: "ibm.managed-groups.delete",
    message: "Access group {} is managed by a template and can't be deleted in its account. Remove the \
              assignment of the template instead.",
    when: "A template manages the group.",
    remedy: "Remove the assignment of the template.",
    ..MANAGED
};
pub(in super::super) const REMOVE_MEMBER: Code = Code {
    rule: "ibm.managed-groups.remove-member",
    message: "Access group {} is managed by a template that doesn't let its account remove this member. \
              Leave the member out of a version of the template, or set members.action_controls.remove in \
              it, commit it, and update the assignment.",
    when: "The member comes from the template, and its action controls don't let the account remove it.",
    remedy: "Omit the member from a version of the template, or set `members.action_controls.remove` in \
             it, commit it and update the assignment.",
    ..MANAGED
};
pub(in super::super) const ADD_RULE: Code = Code {
    rule: "ibm.managed-groups.add-rule",
    message: "Access group {} is managed by a template that doesn't let its account add rules. Add the rule \
              to a version of the template, or set assertions.action_controls.add in it, commit it, and \
              update the assignment.",
    when: "A template manages the group, and its action controls don't let the account add rules.",
    remedy: "Add the rule to a version of the template, or set `assertions.action_controls.add` in it, \
             commit it and update the assignment.",
    ..MANAGED
};
pub(in super::super) const REPLACE_RULE: Code = Code {
    rule: "ibm.managed-groups.replace-rule",
    message: "Access group {} is managed by a template that this rule comes from, so it can't be replaced in \
              its account. Change the rule in a version of the template, commit it, and update the \
              assignment.",
    when: "The rule comes from the template.",
    remedy: "Change the rule in a version of the template, commit it and update the assignment.",
    ..MANAGED
};
pub(in super::super) const REMOVE_RULE: Code = Code {
    rule: "ibm.managed-groups.remove-rule",
    message: "Access group {} is managed by a template that doesn't let its account remove this rule. Leave \
              the rule out of a version of the template, or set action_controls.remove for it, commit it, \
              and update the assignment.",
    when: "The rule comes from the template, and its action controls don't let the account remove it.",
    remedy: "Omit the rule from a version of the template, or set `action_controls.remove` for it, commit \
             it and update the assignment.",
    ..MANAGED
};
pub(in super::super) const ADD_POLICY: Code = Code {
    rule: "ibm.managed-groups.add-policy",
    message: "Access group {} is managed by a template that doesn't let its account add policies. Set \
              action_controls.access.add in a version of the template, commit it, and update the assignment.",
    when: "A template manages the group, and its action controls don't let the account add policies.",
    remedy: "Set `action_controls.access.add` in a version of the template, commit it and update the \
             assignment.",
    ..MANAGED
};
