//! The documented parameters of the neighbors of groups, with examples from the demo seed.

use crate::spec::Parameter;

pub(in super::super) const RESOURCE_GROUP_ID: Parameter =
    Parameter::path("resource_group_id", "The resource group.", r#""5feb2e31c0fc4e4ea4bb8a5e4ffabf5e""#);
pub(in super::super) const SERVICE_ID_GROUP_ID: Parameter = Parameter::path(
    "serviceid_group_id",
    "The service id group.",
    r#""ServiceIdGroup-3f0c6a4e-7d18-4b52-8f7e-2a9b1c5d6e77""#,
);
pub(in super::super) const POLICY_TEMPLATE_ID: Parameter =
    Parameter::path("policy_template_id", "The policy template.", r#""policyTemplate-9""#);
pub(in super::super) const VERSION: Parameter =
    Parameter::path("version", "The number of the version.", r#""2""#);
pub(in super::super) const ENTERPRISE_ID: Parameter =
    Parameter::path("enterprise_id", "The enterprise.", r#""6b7a9cf21b37593298f260438349cece""#);
pub(in super::super) const ACCOUNT_GROUP_ID: Parameter =
    Parameter::path("account_group_id", "The account group.", r#""acctgrp-7""#);

pub(super) const IAM_API_KEY: Parameter =
    Parameter::header("IAM-ApiKey", "The API key.").example(r#""an-api-key""#).required();
pub(super) const IF_MATCH_SERVICE_ID_GROUP: Parameter = Parameter::header(
    "If-Match",
    "The `entity_tag` or `ETag` of the service id group, bare, quoted or weak, or `*` for any.",
)
.example(r#""1-3f0c6a4e7d184b528f7e2a9b1c5d6e77""#)
.required();
pub(super) const IF_MATCH_VERSION: Parameter =
    Parameter::header("If-Match", "The `ETag` of the version, bare, quoted or weak.")
        .example(r#""1-cbbcdae2d5765fa99d620d4ed31314de""#)
        .required();
pub(super) const OPTIONAL_ACCOUNT_ID: Parameter =
    Parameter::query("account_id", "The account; by default that of the token.", Parameter::STRING)
        .example(r#""0a1b2c3d4e5f60718293a4b5c6d7e8f9""#);
pub(super) const DEFAULT: Parameter = Parameter::query(
    "default",
    "Only the default resource group, or only the others.",
    r#"{"type":"boolean"}"#,
);
pub(super) const INCLUDE_DELETED: Parameter = Parameter::query(
    "include_deleted",
    "Also what was deleted; this server does not keep it.",
    r#"{"type":"boolean","default":false}"#,
);
pub(super) const POLICY_TYPE: Parameter = Parameter::query(
    "policy_type",
    "Only templates of policies of this type.",
    r#"{"type":"string","enum":["access","authorization"]}"#,
);
pub(super) const STATE: Parameter = Parameter::query(
    "state",
    "Only versions in this state; this server does not keep deleted ones.",
    r#"{"type":"string","enum":["active","deleted"],"default":"active"}"#,
);
pub(super) const TEMPLATES_LIMIT: Parameter = Parameter::query(
    "limit",
    "The maximum number of items on the page; without it, one page contains all.",
    r#"{"type":"integer","minimum":1,"maximum":100}"#,
);
pub(super) const TEMPLATES_START: Parameter = Parameter::query(
    "start",
    "The start of the page, taken from `next`.",
    r#"{"type":"integer","minimum":0,"maximum":4294967295}"#,
);
pub(super) const ACCOUNTS_LIMIT: Parameter = Parameter::query(
    "limit",
    "The maximum number of accounts on the page.",
    r#"{"type":"integer","minimum":1,"maximum":100,"default":100}"#,
);
pub(super) const ACCOUNTS_START: Parameter =
    Parameter::query("_start", "The start of the page, taken from `next_url`.", Parameter::STRING);
pub(super) const ENTERPRISE_LIMIT: Parameter = Parameter::query(
    "limit",
    "The maximum number of items on the page; with 0, the page is empty.",
    r#"{"type":"integer","minimum":0,"maximum":100,"default":10}"#,
);
pub(super) const NEXT_DOCID: Parameter =
    Parameter::query("next_docid", "The start of the page, taken from `next_url`.", Parameter::STRING);
pub(super) const PARENT: Parameter = Parameter::query(
    "parent",
    "Only what is in the enterprise or account group with this CRN.",
    Parameter::STRING,
);
pub(super) const ENTERPRISE: Parameter =
    Parameter::query("enterprise_id", "Only what is in this enterprise.", Parameter::STRING);
pub(super) const ACCOUNT_GROUP: Parameter =
    Parameter::query("account_group_id", "Only the accounts of this account group.", Parameter::STRING);
pub(super) const PARENT_ACCOUNT_GROUP: Parameter = Parameter::query(
    "parent_account_group_id",
    "Only the account groups in this one; this server nests none.",
    Parameter::STRING,
);
