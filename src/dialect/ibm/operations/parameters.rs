//! The parameters of the ibm dialect as documented, with examples from the demo seed.

use crate::http::Parameter;

const FLAG: &str = r#"{"type":"boolean","default":false}"#;

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
    r#""AccessGroupAssignmentId-9e1d4b70-3c5a-4f28-8a6b-2d0e7f9c1a55""#,
);

pub(super) const TRANSACTION_ID: Parameter = Parameter::header(
    "Transaction-Id",
    "Names the request; it comes back as the header of the same name and as `trace` of errors.",
)
.like(r#""83adf5bd-de790caa3""#);
pub(super) const ACCOUNT_ID: Parameter =
    Parameter::query("account_id", "The account.", r#"{"type":"string","minLength":1}"#)
        .like(r#""0a1b2c3d4e5f60718293a4b5c6d7e8f9""#)
        .required();
pub(super) const IF_MATCH_GROUP: Parameter =
    Parameter::header("If-Match", "The `ETag` of the group, bare, quoted or weak.")
        .like(r#""1-d297a3335001547c9d94d0943d6e60b0""#)
        .required();
pub(super) const IF_MATCH_RULE: Parameter =
    Parameter::header("If-Match", "The `ETag` of the rule, bare, quoted or weak.")
        .like(r#""1-b872746a681a55a39dc89e7b7d53f185""#)
        .required();
pub(super) const OF_IAM_ID: Parameter = Parameter::query(
    "iam_id",
    "Only groups that this member was added to; never the Public Access group.",
    Parameter::TEXT,
);
pub(super) const SEARCH: Parameter = Parameter::query(
    "search",
    "`id:` and a whole id, or `name:` or `description:` and a part of it without regard to case.",
    r#"{"type":"string","pattern":"^(id|name|description):"}"#,
);
pub(super) const MEMBERSHIP_TYPE: Parameter = Parameter::query(
    "membership_type",
    "How the membership came about; for groups only together with `iam_id`. There are no dynamic ones here.",
    r#"{"type":"string","enum":["static","dynamic","all"],"default":"static"}"#,
);
pub(super) const LIMIT: Parameter = Parameter::query(
    "limit",
    "The greatest number of items on the page.",
    r#"{"type":"integer","minimum":0,"maximum":100,"default":50}"#,
);
pub(super) const OFFSET: Parameter = Parameter::query(
    "offset",
    "How many items are passed over.",
    r#"{"type":"integer","minimum":0,"default":0}"#,
);
pub(super) const GROUP_SORT: Parameter = Parameter::query(
    "sort",
    "The order, downwards with a leading minus. Case does not count, ids break ties. By name upwards, the Public \
     Access group is the first.",
    r#"{"type":"string","default":"name","enum":["id","name","description","is_federated","-id","-name","-description","-is_federated"]}"#,
);
pub(super) const MEMBER_SORT: Parameter = Parameter::query(
    "sort",
    "The order, downwards with a leading minus; by IAM id unless `verbose`. Without it, members stand in the \
     order in which they were added.",
    r#"{"type":"string","enum":["id","name","email","-id","-name","-email"]}"#,
);
pub(super) const SHOW_FEDERATED: Parameter =
    Parameter::query("show_federated", "Adds `is_federated`: whether the group has a rule.", FLAG);
pub(super) const HIDE_PUBLIC_ACCESS: Parameter =
    Parameter::query("hide_public_access", "Leaves the Public Access group out.", FLAG);
pub(super) const SHOW_CRN: Parameter = Parameter::query("show_crn", "Adds `crn`.", FLAG);
pub(super) const FORCE: Parameter = Parameter::query(
    "force",
    "Deletes the members and rules of the group too; its policies go in any case.",
    FLAG,
)
.like("true");
pub(super) const MEMBER_TYPE: Parameter = Parameter::query(
    "type",
    "Only members of this kind.",
    r#"{"type":"string","enum":["user","service","profile"]}"#,
);
pub(super) const VERBOSE: Parameter = Parameter::query(
    "verbose",
    "Adds names, e-mails of users and descriptions of service ids: what users, service ids and profiles say now, \
     else ones derived from the IAM id.",
    FLAG,
);

pub(super) const IF_MATCH_VERSION: Parameter =
    Parameter::header("If-Match", "The `ETag` of the version, bare, quoted or weak.")
        .like(r#""1-d297a3335001547c9d94d0943d6e60b0""#)
        .required();
pub(super) const IF_MATCH_ASSIGNMENT: Parameter =
    Parameter::header("If-Match", "The `ETag` of the assignment, bare, quoted or weak, or `*` for any.")
        .like(r#""1-d297a3335001547c9d94d0943d6e60b0""#)
        .required();
pub(super) const TEMPLATE_VERBOSE: Parameter =
    Parameter::query("verbose", "Makes no difference here; the real service takes more time.", FLAG);
pub(super) const ASSIGNMENT_VERBOSE: Parameter =
    Parameter::query("verbose", "Adds `resources`: what the assignment brought about.", FLAG);
pub(super) const OF_TEMPLATE: Parameter =
    Parameter::query("template_id", "Only of this template.", Parameter::TEXT);
pub(super) const OF_VERSION: Parameter =
    Parameter::query("template_version", "Only of versions with this number.", Parameter::TEXT);
pub(super) const OF_TARGET: Parameter =
    Parameter::query("target", "Only to this account or account group.", Parameter::TEXT);
pub(super) const OF_STATUS: Parameter = Parameter::query(
    "status",
    "Only those that are so far.",
    r#"{"type":"string","enum":["accepted","in_progress","succeeded","failed"]}"#,
);
