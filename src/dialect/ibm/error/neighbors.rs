//! The errors of the services beside Access Groups: user management, IAM identity and policy management.

use crate::failure::{Code, Evidence, Refusal, Violation};

pub(in super::super) const USER_NOT_FOUND: Code = Code {
    rule: "",
    status: 404,
    code: "user_not_found",
    message: "Failed to find the user: {}",
    when: "The account has no such user.",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};
pub(in super::super) const SERVICE_ID_NOT_FOUND: Code = Code {
    rule: "",
    status: 404,
    code: "service_id_not_found",
    message: "Failed to find the service ID: {}",
    when: "There is no such service id.",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};
pub(in super::super) const PROFILE_NOT_FOUND: Code = Code {
    rule: "",
    status: 404,
    code: "profile_not_found",
    message: "Failed to find the trusted profile: {}",
    when: "There is no such trusted profile.",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};
pub(in super::super) const PROFILE_NAME_TAKEN: Code = Code {
    rule: "",
    status: 409,
    code: "profile_name_conflict",
    message: "The account already has a trusted profile with the name: {}",
    when: "Another trusted profile of the account has the name. That names differ is documented, the answer is not.",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};
pub(in super::super) const POLICY_NOT_FOUND: Code = Code {
    rule: "",
    status: 404,
    code: "policy_not_found",
    message: "Policy with Id {} not found.",
    when: "There is no such policy.",
    remedy: "",
    evidence: Evidence::Observed,
    source: "",
};
pub(in super::super) const INVALID_BODY: Code = Code {
    rule: "",
    status: 400,
    code: "invalid_body",
    message: "Invalid body format. Check the input parameters. {}",
    when: "The body of a policy is wrong; the message says where and why. What stands behind `instance` is this \
           server's own.",
    remedy: "",
    evidence: Evidence::Observed,
    source: "",
};
pub(in super::super) const MULTIPLE_ENTRIES: Code = Code {
    rule: "",
    status: 400,
    code: "invalid_body",
    message: "The following resource attribute(s) had multiple entries: {}",
    when: "An attribute of the resource of a policy stands twice.",
    remedy: "",
    evidence: Evidence::Observed,
    source: "",
};
pub(in super::super) const FOREIGN_GROUP: Code = Code {
    rule: "",
    status: 400,
    code: "invalid_body",
    message: "Access groups can only be assigned against resources in the same account as the access group.",
    when: "There is no such group in the account of the resource.",
    remedy: "",
    evidence: Evidence::Observed,
    source: "",
};
pub(in super::super) const ROLE_UNKNOWN: Code = Code {
    rule: "",
    status: 400,
    code: "invalid_body",
    message: "The role was not found: {}",
    when: "The policy grants a role that `GET /v2/roles` does not list.",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};
pub(in super::super) const PUBLIC_ACCESS_OFF: Code = Code {
    rule: "",
    status: 400,
    code: "invalid_body",
    message: "Public access is disabled for the account: {}",
    when: "The policy is for the Public Access group of an account whose settings switch public access off. That \
           it is refused is documented, the answer is not.",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};

/// Returns the refusal of the body of a policy.
pub(in super::super) fn invalid_body(violations: &[Violation]) -> Refusal {
    let reasons = violations.iter().map(|it| match it.path.as_str() {
        "" => it.reason.clone(),
        path => format!("instance.{path} {}", it.reason),
    });
    INVALID_BODY.about(reasons.collect::<Vec<_>>().join(", "))
}
