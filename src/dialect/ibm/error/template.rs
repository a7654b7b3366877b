//! The errors of templates and assignments. IBM publishes none of their codes and texts.

use crate::failure::{Code, Evidence};

const fn code(status: u16, code: &'static str, message: &'static str, when: &'static str) -> Code {
    Code { rule: "", status, code, message, when, remedy: "", evidence: Evidence::Assumed, source: "" }
}

pub(in super::super) const NOT_COMMITTED: Code = code(
    400,
    "template_version_not_committed",
    "Version {} of the template is not committed and can't be assigned. Commit the version first, then assign it.",
    "The version that is to be assigned is not committed. (The rule is documented.)",
);
pub(in super::super) const ROOT_TARGET: Code = code(
    400,
    "invalid_target",
    "The template is in account {} and can't be assigned to it. Assign it to a child account or to an account \
     group of the enterprise.",
    "The target is the account of the template. (The rule is documented.)",
);
pub(in super::super) const NOT_FOUND: Code = code(
    404,
    "template_not_found",
    "Failed to find the specified access group template: {}",
    "There is no such template.",
);
pub(in super::super) const VERSION_NOT_FOUND: Code = code(
    404,
    "template_version_not_found",
    "Failed to find the specified version of the access group template: {}",
    "The template has no such version.",
);
pub(in super::super) const ASSIGNMENT_NOT_FOUND: Code = code(
    404,
    "assignment_not_found",
    "Failed to find the specified access group assignment: {}",
    "There is no such assignment.",
);
pub(in super::super) const COMMITTED: Code = code(
    409,
    "template_version_committed",
    "Version {} of the template is committed and can't be changed. Create a new version of the template and commit \
     that one.",
    "The version is committed. (The rule is documented.)",
);
pub(in super::super) const ASSIGNED: Code = code(
    409,
    "template_version_assigned",
    "Version {} of the template is assigned and can't be deleted. Remove its assignments first, or give them \
     another version.",
    "The version has assignments. (The rule is documented.)",
);
