//! The refusals to change a group that a template manages. IBM publishes none of their codes and texts.
//!
//! They are conflicts and not prohibitions, because IBM's Node SDK replaces the message of every 403.

use crate::failure::{Code, Evidence};

const fn code(message: &'static str, when: &'static str) -> Code {
    Code {
        rule: "",
        status: 409,
        code: "group_managed_by_template",
        message,
        when,
        remedy: "",
        evidence: Evidence::Assumed,
        source: "",
    }
}

pub(in super::super) const UPDATE: Code = code(
    "Access group {} is managed by a template and can't be updated in its account. Create a version of the template \
     with the new name or description, commit it, and update the assignment.",
    "A template manages the group.",
);
pub(in super::super) const DELETE: Code = code(
    "Access group {} is managed by a template and can't be deleted in its account. Remove the assignment of the \
     template instead.",
    "A template manages the group.",
);
pub(in super::super) const REMOVE_MEMBER: Code = code(
    "Access group {} is managed by a template that doesn't let its account remove this member. Leave the member out \
     of a version of the template, or set members.action_controls.remove in it, commit it, and update the assignment.",
    "The member comes from the template, and its action controls don't let the account remove it.",
);
pub(in super::super) const ADD_RULE: Code = code(
    "Access group {} is managed by a template that doesn't let its account add rules. Add the rule to a version of \
     the template, or set assertions.action_controls.add in it, commit it, and update the assignment.",
    "A template manages the group, and its action controls don't let the account add rules.",
);
pub(in super::super) const REPLACE_RULE: Code = code(
    "Access group {} is managed by a template that this rule comes from, so it can't be replaced in its account. \
     Change the rule in a version of the template, commit it, and update the assignment.",
    "The rule comes from the template.",
);
pub(in super::super) const REMOVE_RULE: Code = code(
    "Access group {} is managed by a template that doesn't let its account remove this rule. Leave the rule out of a \
     version of the template, or set action_controls.remove for it, commit it, and update the assignment.",
    "The rule comes from the template, and its action controls don't let the account remove it.",
);
pub(in super::super) const ADD_POLICY: Code = code(
    "Access group {} is managed by a template that doesn't let its account add policies. Set \
     action_controls.access.add in a version of the template, commit it, and update the assignment.",
    "A template manages the group, and its action controls don't let the account add policies.",
);
