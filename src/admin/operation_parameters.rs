//! The parameters of the operations of the admin API.

use crate::spec::Parameter;

pub(super) const DIALECT: Parameter = Parameter::query(
    "dialect",
    "Only groups of this dialect; of all if empty.",
    r#"{"type":"string","enum":["cloudflare","ibm","authress","legacy"]}"#,
)
.example("\"ibm\"");
pub(super) const KIND: Parameter =
    Parameter::query("kind", "Only groups of this kind.", Parameter::STRING).example("\"access_group\"");
pub(super) const ACCOUNT: Parameter =
    Parameter::query("account", "Only groups of this account or zone.", Parameter::STRING);
pub(super) const NAME: Parameter = Parameter::query(
    "name",
    "Only groups whose name contains this string (case-insensitive).",
    Parameter::STRING,
);
pub(super) const SEARCH: Parameter = Parameter::query(
    "search",
    "Only groups whose identifier, name or members contain this string (case-insensitive). It reads all groups with \
     their members.",
    Parameter::STRING,
)
.example("\"ada@example.com\"");
pub(super) const LIMIT: Parameter = Parameter::query(
    "limit",
    "The maximum number of groups in the response.",
    r#"{"type":"integer","minimum":0,"maximum":1000,"default":100}"#,
)
.example("10");
pub(super) const OFFSET: Parameter = Parameter::query(
    "offset",
    "The number of groups to skip.",
    r#"{"type":"integer","minimum":0,"default":0}"#,
)
.example("0");

pub(super) const SCOPE: Parameter = Parameter::query(
    "scope",
    "The part to reset; everything if absent. Can be repeated, or contain several parts separated by commas.",
    r#"{"type":"string","pattern":"^(state|requests|faults|clock)(,(state|requests|faults|clock))*$"}"#,
)
.example("\"state\"");
pub(super) const CREDENTIALS: Parameter = Parameter::query(
    "credentials",
    "Whether the state contains the credentials that strict mode accepts, which are secrets.",
    r#"{"type":"boolean","default":false}"#,
)
.example("true");
pub(super) const REQUEST_DIALECT: Parameter =
    Parameter::query("dialect", "Only requests to this dialect.", Parameter::STRING).example("\"ibm\"");
pub(super) const OPERATION: Parameter =
    Parameter::query("operation", "Only requests to this operation.", Parameter::STRING)
        .example("\"ibm_list_access_groups\"");
pub(super) const NAMESPACE: Parameter =
    Parameter::query("namespace", "The namespace to search; `*` for all namespaces.", Parameter::STRING)
        .example("\"*\"");
pub(super) const METHOD: Parameter =
    Parameter::query("method", "Only requests with this method.", Parameter::STRING).example("\"GET\"");
pub(super) const URL_PATH: Parameter =
    Parameter::query("urlPath", "Only requests with this path.", Parameter::STRING).example("\"/v2/groups\"");
pub(super) const URL_PATH_PATTERN: Parameter = Parameter::query(
    "urlPathPattern",
    "Only requests whose path matches this regular expression.",
    Parameter::STRING,
)
.example("\"/v2/.*\"");
pub(super) const STATUS: Parameter = Parameter::query(
    "status",
    "Only requests whose response has this status, or a status of this class.",
    r#"{"type":"string","pattern":"^([1-5][0-9][0-9]|0|[1-5]xx)$"}"#,
)
.example("\"2xx\"");
pub(super) const SINCE: Parameter = Parameter::query(
    "since",
    "Only requests at or after this time, by the virtual clock.",
    r#"{"type":"string","format":"date-time"}"#,
)
.example("\"2020-01-01T00:00:00Z\"");
pub(super) const UNTIL: Parameter = Parameter::query(
    "until",
    "Only requests before this time, by the virtual clock.",
    r#"{"type":"string","format":"date-time"}"#,
)
.example("\"2100-01-01T00:00:00Z\"");
pub(super) const REQUEST_LIMIT: Parameter = Parameter::query(
    "limit",
    "The maximum number of requests; the latest ones are returned.",
    r#"{"type":"integer","minimum":0}"#,
)
.example("10");
pub(super) const FORMAT: Parameter = Parameter::query(
    "format",
    "The response format: JSON, JSON with a summary of each request, an HTTP Archive, or one command of curl or of \
     PowerShell 7 per request.",
    r#"{"type":"string","enum":["json","summary","har","curl","powershell"],"default":"json"}"#,
)
.example("\"json\"");

/// The path parameters.
pub(super) const PATH_PARAMETERS: &[&Parameter] = &[
    &NAMESPACE_NAME,
    &SNAPSHOT_NAME,
    &FAULT_ID,
    &REQUEST_ID,
    &ACCOUNT_GROUP_ID,
    &GROUP_ID,
    &RECORD_DIALECT,
    &RECORD_KIND,
    &RECORD_ID,
    &OPERATION_ID,
];
const OPERATION_ID: Parameter =
    Parameter::path("operation_id", "The operation id with its dialect.", "\"ibm_list_access_groups\"");
const RECORD_DIALECT: Parameter = Parameter::path("dialect", "The dialect.", "\"ibm\"");
const RECORD_KIND: Parameter = Parameter::path(
    "kind",
    "The kind of record, as in the lists of groups and of their uses, such as `access_group`.",
    "\"access_group\"",
);
const RECORD_ID: Parameter = Parameter::path(
    "record_id",
    "The identifier of the record.",
    "\"AccessGroupId-1b0d2c34-7c1e-4f0a-9a55-2f1f0b0c7e11\"",
);
pub(super) const RECORD_ACCOUNT: Parameter = Parameter::query(
    "account",
    "The account or zone of the record, if several have a record with this identifier.",
    Parameter::STRING,
);
const GROUP_ID: Parameter = Parameter::path(
    "group_id",
    "The identifier of the group.",
    "\"AccessGroupId-1b0d2c34-7c1e-4f0a-9a55-2f1f0b0c7e11\"",
);
const NAMESPACE_NAME: Parameter = Parameter::path("namespace", "The name of the namespace.", "\"test-1\"");
const SNAPSHOT_NAME: Parameter = Parameter::path(
    "snapshot",
    "The name of the snapshot: 1 to 128 ASCII letters, digits and characters of `._~:@+-`.",
    "\"before\"",
);
const FAULT_ID: Parameter = Parameter::path("fault_id", "The id of the fault.", "\"fault-1\"");
const REQUEST_ID: Parameter = Parameter::path(
    "request_id",
    "The identifier of the request, as in `X-Mock-Request-Id`.",
    "\"00000000-0000-4000-8000-000000000000\"",
);
const ACCOUNT_GROUP_ID: Parameter = Parameter::path(
    "account_group_id",
    "The id of the account group, as in the `target` of an assignment.",
    "\"acctgrp-7\"",
);
pub(super) const URL: Parameter =
    Parameter::query("url", "Only requests with this path and query.", Parameter::STRING)
        .example("\"/v2/groups?account_id=a\"");
pub(super) const URL_PATTERN: Parameter = Parameter::query(
    "urlPattern",
    "Only requests whose path and query match this regular expression.",
    Parameter::STRING,
)
.example("\"/v2/.*\"");
pub(super) const EVENT_FORMAT: Parameter = Parameter::query(
    "format",
    "The form of each request: complete, or a summary of some 300 bytes with the reason.",
    r#"{"type":"string","enum":["json","summary"],"default":"json"}"#,
)
.example("\"summary\"");
pub(super) const LAST_EVENT_ID: Parameter = Parameter::header(
    "Last-Event-ID",
    "The id of the last request that the client has received; the stream continues after it, or with the oldest \
     request that the journal has if it no longer has that one.",
);
pub(super) const EVENT_LIMIT: Parameter = Parameter::query(
    "limit",
    "The number of requests after which the stream ends; unlimited if absent.",
    r#"{"type":"integer","minimum":0}"#,
)
.example("0");

pub(super) const CREDENTIAL: Parameter = Parameter::query(
    "credential",
    "The credential that replaces redacted ones in commands of curl and PowerShell.",
    r#"{"type":"string","pattern":"^[-A-Za-z0-9._~+/=:]{1,1024}$"}"#,
);
pub(super) const DOCUMENT_DIALECT: Parameter = Parameter::query(
    "dialect",
    "Only this API; all that the server serves if absent.",
    r#"{"type":"string","enum":["cloudflare","ibm","authress","legacy","admin"]}"#,
)
.example("\"ibm\"");
pub(super) const IF_NONE_MATCH: Parameter =
    Parameter::header("If-None-Match", "The entity tag of a document that the client has.");
