//! The documented parameters of access groups, with examples from the demo seed.

use crate::spec::Parameter;

const BOOLEAN_SCHEMA: &str = r#"{"type":"boolean","default":false}"#;

pub(in super::super) const GROUP_ID: Parameter = Parameter::path(
    "access_group_id",
    "The access group.",
    r#""AccessGroupId-1b0d2c34-7c1e-4f0a-9a55-2f1f0b0c7e11""#,
);
pub(in super::super) const IAM_ID: Parameter = Parameter::path("iam_id", "The member.", r#""IBMid-270001""#);
pub(in super::super) const RULE_ID: Parameter =
    Parameter::path("rule_id", "The rule.", r#""ClaimRule-77e2b7f0-3b7e-4c25-8e0f-0e6d1b6c9a11""#);

pub(in super::super) const TEMPLATE_ID: Parameter = Parameter::path(
    "template_id",
    "The template.",
    r#""AccessGroupTemplateId-0c2f5a1e-8d47-4b36-9e20-5f7a1c3d6b44""#,
);
pub(in super::super) const VERSION_NUM: Parameter =
    Parameter::path("version_num", "The number of the version.", r#""2""#);
pub(in super::super) const ASSIGNMENT_ID: Parameter = Parameter::path(
    "assignment_id",
    "The assignment.",
    r#""AccessGroupAssignmentId-AccessGroupTemplateId-0c2f5a1e-8d47-4b36-9e20-5f7a1c3d6b44-Target-1b2c3d4e5f60718293a4b5c6d7e8f90a""#,
);

pub(super) const TRANSACTION_ID: Parameter = Parameter::header(
    "Transaction-Id",
    "Identifies the request; returned in the header of the same name and as `trace` in errors.",
)
.example(r#""83adf5bd-de790caa3""#);
pub(super) const ACCOUNT_ID: Parameter =
    Parameter::query("account_id", "The account.", r#"{"type":"string","minLength":1}"#)
        .example(r#""0a1b2c3d4e5f60718293a4b5c6d7e8f9""#)
        .required();
pub(super) const IF_MATCH_GROUP: Parameter =
    Parameter::header("If-Match", "The `ETag` of the group, bare, quoted or weak.")
        .example(r#""1-d297a3335001547c9d94d0943d6e60b0""#)
        .required();
pub(super) const IF_MATCH_RULE: Parameter =
    Parameter::header("If-Match", "The `ETag` of the rule, bare, quoted or weak.")
        .example(r#""1-b872746a681a55a39dc89e7b7d53f185""#)
        .required();
pub(super) const IAM_ID_FILTER: Parameter = Parameter::query(
    "iam_id",
    "Only groups to which this member was added; never the Public Access group.",
    Parameter::STRING,
);
pub(super) const SEARCH: Parameter = Parameter::query(
    "search",
    "`id:` and a full id, or `name:` or `description:` and a case-insensitive substring.",
    r#"{"type":"string","pattern":"^(id|name|description):"}"#,
);
pub(super) const MEMBERSHIP_TYPE: Parameter = Parameter::query(
    "membership_type",
    "How the membership was created; for groups only together with `iam_id`. This server has no dynamic \
     memberships.",
    r#"{"type":"string","enum":["static","dynamic","all"],"default":"static"}"#,
);
pub(super) const LIMIT: Parameter = Parameter::query(
    "limit",
    "The maximum number of items on the page.",
    r#"{"type":"integer","minimum":0,"maximum":100,"default":50}"#,
);
pub(super) const OFFSET: Parameter = Parameter::query(
    "offset",
    "The number of items to skip.",
    r#"{"type":"integer","minimum":0,"maximum":4294967295,"default":0}"#,
);
pub(super) const GROUP_SORT: Parameter = Parameter::query(
    "sort",
    "The sort field, descending with a leading minus. Sorting is case-insensitive; ties are broken by id. The \
     Public Access group is first when sorting by name in ascending order.",
    r#"{"type":"string","default":"name","enum":["id","name","description","is_federated","-id","-name","-description","-is_federated"]}"#,
);
pub(super) const MEMBER_SORT: Parameter = Parameter::query(
    "sort",
    "The sort field, descending with a leading minus; without `verbose`, members are always sorted by IAM id. The \
     default is the order in which the members were added.",
    r#"{"type":"string","enum":["id","name","email","-id","-name","-email"]}"#,
);
pub(super) const SHOW_FEDERATED: Parameter =
    Parameter::query("show_federated", "Adds `is_federated`: whether the group has a rule.", BOOLEAN_SCHEMA);
pub(super) const HIDE_PUBLIC_ACCESS: Parameter =
    Parameter::query("hide_public_access", "Excludes the Public Access group.", BOOLEAN_SCHEMA);
pub(super) const SHOW_CRN: Parameter = Parameter::query("show_crn", "Adds `crn`.", BOOLEAN_SCHEMA);
pub(super) const FORCE: Parameter = Parameter::query(
    "force",
    "Also deletes the members and rules of the group; its policies are deleted in any case.",
    BOOLEAN_SCHEMA,
)
.example("true");
pub(super) const MEMBER_TYPE: Parameter = Parameter::query(
    "type",
    "Only members of this type.",
    r#"{"type":"string","enum":["user","service","profile"]}"#,
);
pub(super) const VERBOSE: Parameter = Parameter::query(
    "verbose",
    "Adds names, e-mail addresses of users and descriptions of service ids: the current values of the user, \
     service id or profile, or else values derived from the IAM id.",
    BOOLEAN_SCHEMA,
);

pub(super) const IF_MATCH_VERSION: Parameter =
    Parameter::header("If-Match", "The `ETag` of the version, bare, quoted or weak.")
        .example(r#""1-d297a3335001547c9d94d0943d6e60b0""#)
        .required();
pub(super) const IF_MATCH_ASSIGNMENT: Parameter =
    Parameter::header("If-Match", "The `ETag` of the assignment, bare, quoted or weak, or `*` for any.")
        .example(r#""1-d297a3335001547c9d94d0943d6e60b0""#)
        .required();
pub(super) const TEMPLATE_VERBOSE: Parameter = Parameter::query(
    "verbose",
    "Has no effect here; the real service takes longer to respond.",
    BOOLEAN_SCHEMA,
);
pub(super) const ASSIGNMENT_VERBOSE: Parameter = Parameter::query(
    "verbose",
    "Adds `resources`: the resources that the assignment created.",
    BOOLEAN_SCHEMA,
);
pub(super) const TEMPLATE_FILTER: Parameter =
    Parameter::query("template_id", "Only assignments of this template.", Parameter::STRING);
pub(super) const VERSION_FILTER: Parameter =
    Parameter::query("template_version", "Only assignments of versions with this number.", Parameter::STRING);
pub(super) const TARGET_FILTER: Parameter =
    Parameter::query("target", "Only assignments to this account or account group.", Parameter::STRING);
pub(super) const STATUS_FILTER: Parameter = Parameter::query(
    "status",
    "Only assignments with this status.",
    r#"{"type":"string","enum":["accepted","in_progress","succeeded","failed"]}"#,
);
