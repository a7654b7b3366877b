//! The errors of the neighbors of groups.

use crate::spec::{ErrorCode, Evidence};

pub const UNKNOWN_ACCESS_OBJECT: ErrorCode = ErrorCode {
    id: "cloudflare.access.unknown-object",
    status: 404,
    code: "12135",
    message: "access.api.error.not_found",
    description: "The account or zone has no such identity provider or policy.",
    remediation: "Use the `id` of an object that the list of the same account or zone contains.",
    evidence: Evidence::Assumed,
    source: "the error tables of a client expect the code 12135 for an identity provider \
             (https://www.npmjs.com/package/@distilled.cloud/cloudflare); that policies have the same code is chosen \
             by this server",
};
pub const UNKNOWN_APPLICATION: ErrorCode = ErrorCode {
    id: "cloudflare.access.unknown-application",
    status: 404,
    code: "11021",
    message: "access.api.error.unknown_application",
    description: "The account or zone has no such Access application.",
    remediation: "Use the `id` of an application that `GET …/access/apps` of the same account or zone lists.",
    evidence: Evidence::Assumed,
    source: "the error tables of a client list the code 11021 among those of Access objects that do not exist \
             (https://www.npmjs.com/package/@distilled.cloud/cloudflare); the message follows the pattern of the service",
};
pub const UNKNOWN_MEMBER: ErrorCode = ErrorCode {
    id: "cloudflare.accounts.unknown-member",
    status: 404,
    code: "1003",
    message: "Member not found",
    description: "The account has no such member. (Only the code is known.)",
    remediation: "Use the `id` of a member that `GET …/members` of the same account lists.",
    evidence: Evidence::Assumed,
    source: "only the number 1003 is known, from the error tables of a client \
             (https://www.npmjs.com/package/@distilled.cloud/cloudflare)",
};
pub const UNKNOWN_ROLE: ErrorCode = ErrorCode {
    id: "cloudflare.accounts.unknown-role",
    status: 404,
    code: "1003",
    message: "Role not found",
    description: "The account has no such role.",
    remediation: "Use the `id` of a role that `GET …/roles` of the same account lists.",
    evidence: Evidence::Assumed,
    source: "no response is known; this is the one for a member of the same service",
};
pub const UNKNOWN_USER_GROUP: ErrorCode = ErrorCode {
    id: "cloudflare.iam.unknown-user-group",
    status: 404,
    code: "404",
    message: "User group not found",
    description: "The account has no such user group.",
    remediation: "Use the `id` of a group that `GET …/iam/user_groups` of the same account lists.",
    evidence: Evidence::Assumed,
    source: "the error tables of a client expect the code 404 and the words `User group` \
             (https://www.npmjs.com/package/@distilled.cloud/cloudflare)",
};
pub const UNKNOWN_USER_GROUP_MEMBER: ErrorCode = ErrorCode {
    id: "cloudflare.iam.unknown-user-group-member",
    status: 404,
    code: "404",
    message: "Member not found in user group",
    description: "The user group has no such member.",
    remediation: "Use the `id` of a member that `GET …/members` of the same user group lists.",
    evidence: Evidence::Assumed,
    source: "the error tables of a client expect the code 404 and the words `not found in user group` \
             (https://www.npmjs.com/package/@distilled.cloud/cloudflare)",
};
pub const USER_GROUP_NAME_IN_USE: ErrorCode = ErrorCode {
    id: "cloudflare.iam.user-group-name-in-use",
    status: 400,
    code: "400",
    message: "User group name is already in use",
    description: "Another user group of the account has the name.",
    remediation: "Use another name, or change the existing group.",
    evidence: Evidence::Assumed,
    source: "the error tables of a client expect the code 400 and the words `already in use` \
             (https://www.npmjs.com/package/@distilled.cloud/cloudflare)",
};
