//! The errors of the Access Groups API.
//!
//! Texts with the mark `seed` are copied to the letter from the API reference. Its introduction also shows a code
//! `invalid_access_token`, which no operation lists; the operations' own `invalid_token` is sent instead.

pub(super) mod managed;
pub(super) mod neighbors;
pub(super) mod template;

use crate::failure::{Code, Evidence};

pub(super) const INVALID_PAYLOAD: Code = Code {
    rule: "",
    status: 400,
    code: "invalid_payload",
    message: "Payload contains invalid/missing data.",
    when: "The body, the path or a parameter is wrong; `more_info` says where and why.",
    remedy: "",
    evidence: Evidence::Seed,
    source: "",
};
pub(super) const DUPLICATE_GROUP_ID: Code = Code {
    rule: "",
    status: 400,
    code: "duplicate_groupid_error",
    message: "A duplicate groupId entry was found for {}. Please remove any duplicate entries.",
    when: "A group stands twice in `groups`.",
    remedy: "",
    evidence: Evidence::Seed,
    source: "",
};
pub(super) const INVALID_TOKEN: Code = Code {
    rule: "",
    status: 401,
    code: "invalid_token",
    message: "The token is either missing or invalid",
    when: "No token, an expired one, or in strict mode an unknown one.",
    remedy: "",
    evidence: Evidence::Seed,
    source: "",
};
pub(super) const FORBIDDEN: Code = Code {
    rule: "",
    status: 403,
    code: "forbidden",
    message: "Forbidden: You don't have the required access to complete this action. Contact your account owner \
              for access",
    when: "In strict mode: the credential is known and lacks the right.",
    remedy: "",
    evidence: Evidence::Seed,
    source: "",
};
pub(super) const GROUP_NOT_FOUND: Code = Code {
    rule: "",
    status: 404,
    code: "group_not_found",
    message: "Failed to find the specified access group: {}",
    when: "There is no such group.",
    remedy: "",
    evidence: Evidence::Seed,
    source: "",
};
pub(super) const MEMBERSHIP_NOT_FOUND: Code = Code {
    rule: "",
    status: 404,
    code: "membership_not_found",
    message: "Failed to find the membership",
    when: "The group has no such member.",
    remedy: "",
    evidence: Evidence::Seed,
    source: "",
};
pub(super) const NO_MEMBERSHIPS: Code = Code {
    rule: "",
    status: 404,
    code: "membership_not_found",
    message: "No memberships found in group: {}",
    when: "None of the ids is a member of the group. (Clients need the status and the group in the text.)",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};
pub(super) const NO_GROUPS_FOUND: Code = Code {
    rule: "",
    status: 404,
    code: "no_groups_found",
    message: "No groups found for member: {}",
    when: "The member is in no group of the account.",
    remedy: "",
    evidence: Evidence::Seed,
    source: "",
};
pub(super) const RULE_NOT_FOUND: Code = Code {
    rule: "",
    status: 404,
    code: "rule_not_found",
    message: "Failed to find the rule",
    when: "The group has no such rule.",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};
pub(super) const NOT_FOUND: Code = Code {
    rule: "",
    status: 404,
    code: "not_found",
    message: "The requested resource can't be found.",
    when: "No route has the path.",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};
pub(super) const WRONG_METHOD: Code = Code {
    rule: "",
    status: 405,
    code: "method_not_allowed",
    message: "The method {} is not supported on the requested resource.",
    when: "The path has no operation for the method; `Allow` lists those it has.",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};

/// The refusal to change the Public Access group, with what was asked for.
const fn on_public_access(message: &'static str, evidence: Evidence) -> Code {
    Code {
        rule: "",
        status: 405,
        code: "method_not_allowed_for_group",
        message,
        when: "The group is the Public Access group.",
        remedy: "",
        evidence,
        source: "",
    }
}

pub(super) const PUBLIC_UPDATE: Code = on_public_access("Cannot update group for: {}", Evidence::Seed);
pub(super) const PUBLIC_DELETE: Code = on_public_access("Cannot delete group for: {}", Evidence::Seed);
pub(super) const PUBLIC_ADD_MEMBERS: Code = on_public_access("Cannot add members for: {}", Evidence::Seed);
pub(super) const PUBLIC_DELETE_MEMBER: Code =
    on_public_access("Cannot delete group membership for: {}", Evidence::Seed);
pub(super) const PUBLIC_ADD_RULE: Code = on_public_access("Cannot add rule for: {}", Evidence::Assumed);
pub(super) const PUBLIC_UPDATE_RULE: Code = on_public_access("Cannot update rule for: {}", Evidence::Assumed);
pub(super) const PUBLIC_DELETE_RULE: Code = on_public_access("Cannot delete rule for: {}", Evidence::Assumed);

pub(super) const GROUP_NOT_EMPTY: Code = Code {
    rule: "",
    status: 409,
    code: "group_not_empty",
    message: "Access group is not empty: {}",
    when: "The group has members or rules, and `force` is not set.",
    remedy: "",
    evidence: Evidence::Seed,
    source: "",
};
pub(super) const INCORRECT_ETAG: Code = Code {
    rule: "",
    status: 412,
    code: "incorrect_etag",
    message: "If-Match header contains incorrect/invalid etag.",
    when: "`If-Match` is missing or is not the present entity tag.",
    remedy: "",
    evidence: Evidence::Seed,
    source: "",
};
pub(super) const TOO_LARGE: Code = Code {
    rule: "",
    status: 413,
    code: "payload_too_large",
    message: "Payload is larger than {} bytes.",
    when: "The body is larger than the server's limit.",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};
pub(super) const INTERNAL: Code = Code {
    rule: "",
    status: 500,
    code: "internal_server_error",
    message: "Internal Server Error",
    when: "The server failed.",
    remedy: "",
    evidence: Evidence::Seed,
    source: "",
};
pub(super) const UNAVAILABLE: Code = Code {
    rule: "",
    status: 503,
    code: "service_unavailable",
    message: "Service Temporarily Unavailable",
    when: "The request took longer than the server's limit.",
    remedy: "",
    evidence: Evidence::Seed,
    source: "",
};

pub(super) const ALL: &[&Code] = &[
    &INVALID_PAYLOAD,
    &DUPLICATE_GROUP_ID,
    &INVALID_TOKEN,
    &FORBIDDEN,
    &GROUP_NOT_FOUND,
    &MEMBERSHIP_NOT_FOUND,
    &NO_MEMBERSHIPS,
    &NO_GROUPS_FOUND,
    &RULE_NOT_FOUND,
    &NOT_FOUND,
    &WRONG_METHOD,
    &PUBLIC_UPDATE,
    &PUBLIC_DELETE,
    &PUBLIC_ADD_MEMBERS,
    &PUBLIC_DELETE_MEMBER,
    &PUBLIC_ADD_RULE,
    &PUBLIC_UPDATE_RULE,
    &PUBLIC_DELETE_RULE,
    &GROUP_NOT_EMPTY,
    &INCORRECT_ETAG,
    &TOO_LARGE,
    &INTERNAL,
    &UNAVAILABLE,
    &template::NOT_COMMITTED,
    &template::ROOT_TARGET,
    &template::NOT_FOUND,
    &template::VERSION_NOT_FOUND,
    &template::ASSIGNMENT_NOT_FOUND,
    &template::COMMITTED,
    &template::ASSIGNED,
    &managed::UPDATE,
    &managed::DELETE,
    &managed::REMOVE_MEMBER,
    &managed::ADD_RULE,
    &managed::REPLACE_RULE,
    &managed::REMOVE_RULE,
    &managed::ADD_POLICY,
    &neighbors::USER_NOT_FOUND,
    &neighbors::SERVICE_ID_NOT_FOUND,
    &neighbors::PROFILE_NOT_FOUND,
    &neighbors::PROFILE_NAME_TAKEN,
    &neighbors::POLICY_NOT_FOUND,
    &neighbors::INVALID_BODY,
    &neighbors::MULTIPLE_ENTRIES,
    &neighbors::FOREIGN_GROUP,
    &neighbors::ROLE_UNKNOWN,
    &neighbors::PUBLIC_ACCESS_OFF,
    &token::KEY_NOT_FOUND,
    &token::PROPERTY_MISSING,
    &token::PROPERTY_INVALID,
    &token::TOKEN_INVALID,
    &token::NO_ROUTE,
    &token::WRONG_METHOD,
    &token::TOO_LARGE,
    &token::FAILED,
    &token::TIMED_OUT,
];

/// The errors of single parts of a 207 answer; their status is the part's and never the answer's.
pub(super) mod item {
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
}

/// The errors of the token endpoint, which belongs to another service of IBM with a body of its own.
pub(super) mod token {
    use crate::failure::{Code, Evidence};

    pub(in super::super) const KEY_NOT_FOUND: Code = Code {
        rule: "",
        status: 400,
        code: "BXNIM0415E",
        message: "Provided API key could not be found.",
        when: "There is no `apikey`, or in strict mode an unknown one.",
        remedy: "",
        evidence: Evidence::Observed,
        source: "",
    };
    pub(in super::super) const PROPERTY_MISSING: Code = Code {
        rule: "",
        status: 400,
        code: "BXNIM0109E",
        message: "Property missing or empty.",
        when: "The grant type, or a property that it needs, is not there; `errorDetails` names it.",
        remedy: "",
        evidence: Evidence::Observed,
        source: "",
    };
    pub(in super::super) const PROPERTY_INVALID: Code = Code {
        rule: "",
        status: 400,
        code: "BXNIM0106E",
        message: "Property validation failed.",
        when: "The grant type is unknown or the form cannot be read; `errorDetails` says why.",
        remedy: "",
        evidence: Evidence::Assumed,
        source: "",
    };
    pub(in super::super) const TOKEN_INVALID: Code = Code {
        rule: "",
        status: 400,
        code: "BXNIM0407E",
        message: "Provided token is not valid.",
        when: "In strict mode: the form holds a token that this server did not issue or that has expired.",
        remedy: "",
        evidence: Evidence::Assumed,
        source: "",
    };
    pub(in super::super) const NO_ROUTE: Code = Code {
        rule: "",
        status: 404,
        code: "BXNIM0060E",
        message: "Web application exception 'javax.ws.rs.NotFoundException' during request processing.",
        when: "No route has the path.",
        remedy: "",
        evidence: Evidence::Assumed,
        source: "",
    };
    pub(in super::super) const WRONG_METHOD: Code = Code {
        rule: "",
        status: 405,
        code: "BXNIM0060E",
        message: "Web application exception 'javax.ws.rs.ClientErrorException' during request processing.",
        when: "The method is not POST.",
        remedy: "",
        evidence: Evidence::Observed,
        source: "",
    };
    pub(in super::super) const TOO_LARGE: Code = Code {
        rule: "",
        status: 413,
        code: "BXNIM0060E",
        message: "Web application exception 'javax.ws.rs.ClientErrorException' during request processing.",
        when: "The body is larger than the server's limit.",
        remedy: "",
        evidence: Evidence::Assumed,
        source: "",
    };
    pub(in super::super) const FAILED: Code = Code {
        rule: "",
        status: 500,
        code: "BXNIM0061E",
        message: "Internal server error during request processing.",
        when: "The server failed.",
        remedy: "",
        evidence: Evidence::Assumed,
        source: "",
    };
    pub(in super::super) const TIMED_OUT: Code = Code {
        rule: "",
        status: 503,
        code: "BXNIM0061E",
        message: "Service temporarily unavailable.",
        when: "The request took longer than the server's limit.",
        remedy: "",
        evidence: Evidence::Assumed,
        source: "",
    };
}
