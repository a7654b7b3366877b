//! The errors of templates and assignments. IBM documents only the code and the message of a name conflict.

use super::super::source;
use crate::spec::{ErrorCode, Evidence};

pub const NOT_COMMITTED: ErrorCode = ErrorCode {
    id: "ibm.templates.not-committed",
    status: 400,
    code: "template_version_not_committed",
    message: "Version {} of the template is not committed and can't be assigned. Commit the version first, \
              then assign it.",
    description: "The version to assign is not committed. (The rule is documented.)",
    remediation: "Commit the version, then assign it.",
    evidence: Evidence::Assumed,
    source: source::TEMPLATE_VERSIONS,
};
pub const ROOT_TARGET: ErrorCode = ErrorCode {
    id: "ibm.templates.own-account",
    status: 400,
    code: "invalid_target",
    message: "The template is in account {} and can't be assigned to it. Assign it to a child account or to \
              an account group of the enterprise.",
    description: "The target is the account of the template. (The rule is documented.)",
    remediation: "Name a child account or an account group as the `target`.",
    evidence: Evidence::Assumed,
    source: source::TEMPLATE_VERSIONS,
};
pub const NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.templates.unknown-id",
    status: 404,
    code: "template_not_found",
    message: "Failed to find the specified access group template: {}",
    description: "The template does not exist.",
    remediation: "Use the `id` of a template that `GET /v1/group_templates` of the account lists.",
    evidence: Evidence::Assumed,
    source: "IBM documents neither the code nor the message; modeled on the group error",
};
pub const VERSION_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.templates.unknown-version",
    status: 404,
    code: "template_version_not_found",
    message: "Failed to find the specified version of the access group template: {}",
    description: "The template has no such version.",
    remediation: "Use a version that `GET /v1/group_templates/{template_id}/versions` lists.",
    evidence: Evidence::Assumed,
    source: "IBM documents neither the code nor the message; modeled on the group error",
};
pub const ASSIGNMENT_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.assignments.unknown-id",
    status: 404,
    code: "assignment_not_found",
    message: "Failed to find the specified access group assignment: {}",
    description: "The assignment does not exist.",
    remediation: "Use the `id` of an assignment that `GET /v1/group_assignments` of the account lists.",
    evidence: Evidence::Assumed,
    source: "IBM documents neither the code nor the message; modeled on the group error",
};
pub const NAME_CONFLICT: ErrorCode = ErrorCode {
    id: "ibm.templates.name-taken",
    status: 409,
    code: "template_conflict_error",
    message: "An access group template with the name \"{}\" already exists. Enter a different name.",
    description: "Another template of the account has the name. (The code and the message are documented, the status is \
           not.)",
    remediation: "Use a name that no other template of the account has.",
    evidence: Evidence::Spec,
    source: source::TEMPLATE_EVENTS,
};
pub const ASSIGNMENT_CONFLICT: ErrorCode = ErrorCode {
    id: "ibm.assignments.already-assigned",
    status: 409,
    code: "assignment_conflict_error",
    message: "The template is already assigned to the target by the assignment {}. Update that assignment instead.",
    description: "The template already has an assignment to the target. (That their ids are equal is observed, the response \
           is not.)",
    remediation: "Update the existing assignment to the version, or remove it first.",
    evidence: Evidence::Assumed,
    source: "modeled on the name conflict of templates; the ids are derived from the template and the target, see a \
             report of real assignments of August 2023 (https://github.com/IBM-Cloud/terraform-provider-ibm/pull/4750)",
};
pub const COMMITTED: ErrorCode = ErrorCode {
    id: "ibm.templates.committed",
    status: 409,
    code: "template_version_committed",
    message: "Version {} of the template is committed and can't be changed. Create a new version of the \
              template and commit that one.",
    description: "The version is committed. (The rule is documented.)",
    remediation: "Create a new version of the template and change that one.",
    evidence: Evidence::Assumed,
    source: source::TEMPLATE_VERSIONS,
};
pub const ASSIGNED: ErrorCode = ErrorCode {
    id: "ibm.templates.assigned",
    status: 409,
    code: "template_version_assigned",
    message: "Version {} of the template is assigned and can't be deleted. Remove its assignments first, or \
              give them another version.",
    description: "The version has assignments. (The rule is documented.)",
    remediation: "Remove the assignments of the version first, or update them to another version.",
    evidence: Evidence::Assumed,
    source: source::TEMPLATE_VERSIONS,
};
