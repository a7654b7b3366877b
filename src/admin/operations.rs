//! The operations of the admin API, each with its route, handler and documentation.

use super::error;
use crate::error::Evidence;
use crate::http::{Operation, Parameter};
use axum::http::{Method, StatusCode};

const DIALECT: Parameter = Parameter::query(
    "dialect",
    "Only groups of this dialect.",
    r#"{"type":"string","enum":["cloudflare","ibm","authress","legacy"]}"#,
)
.like("\"ibm\"");
const KIND: Parameter =
    Parameter::query("kind", "Only groups of this kind.", Parameter::TEXT).like("\"access_group\"");
const ACCOUNT: Parameter =
    Parameter::query("account", "Only groups of this account or zone.", Parameter::TEXT);
const NAME: Parameter = Parameter::query(
    "name",
    "Only groups whose name contains this string (case-insensitive).",
    Parameter::TEXT,
);
const LIMIT: Parameter = Parameter::query(
    "limit",
    "The maximum number of groups in the response.",
    r#"{"type":"integer","minimum":0,"maximum":1000,"default":100}"#,
)
.like("10");
const OFFSET: Parameter = Parameter::query(
    "offset",
    "The number of groups to skip.",
    r#"{"type":"integer","minimum":0,"default":0}"#,
)
.like("0");

const SCOPE: Parameter = Parameter::query(
    "scope",
    "The part to reset; everything if absent. Can be repeated, or contain several parts separated by commas.",
    r#"{"type":"string","pattern":"^(state|requests|faults|clock)(,(state|requests|faults|clock))*$"}"#,
)
.like("\"state\"");
const REQUEST_DIALECT: Parameter =
    Parameter::query("dialect", "Only requests to this dialect.", Parameter::TEXT).like("\"ibm\"");
const OPERATION: Parameter =
    Parameter::query("operation", "Only requests to this operation.", Parameter::TEXT)
        .like("\"ibm_list_access_groups\"");
const NAMESPACE: Parameter =
    Parameter::query("namespace", "The namespace to search; `*` for all namespaces.", Parameter::TEXT)
        .like("\"*\"");
const METHOD: Parameter =
    Parameter::query("method", "Only requests with this method.", Parameter::TEXT).like("\"GET\"");
const URL_PATH: Parameter =
    Parameter::query("urlPath", "Only requests with this path.", Parameter::TEXT).like("\"/v2/groups\"");
const URL_PATH_PATTERN: Parameter = Parameter::query(
    "urlPathPattern",
    "Only requests whose path matches this regular expression.",
    Parameter::TEXT,
)
.like("\"/v2/.*\"");
const STATUS: Parameter = Parameter::query(
    "status",
    "Only requests whose response has this status, or a status of this class.",
    r#"{"type":"string","pattern":"^([1-5][0-9][0-9]|0|[1-5]xx)$"}"#,
)
.like("\"2xx\"");
const SINCE: Parameter = Parameter::query(
    "since",
    "Only requests at or after this time, by the virtual clock.",
    r#"{"type":"string","format":"date-time"}"#,
)
.like("\"2020-01-01T00:00:00Z\"");
const UNTIL: Parameter = Parameter::query(
    "until",
    "Only requests before this time, by the virtual clock.",
    r#"{"type":"string","format":"date-time"}"#,
)
.like("\"2100-01-01T00:00:00Z\"");
const REQUEST_LIMIT: Parameter = Parameter::query(
    "limit",
    "The maximum number of requests; the latest ones are returned.",
    r#"{"type":"integer","minimum":0}"#,
)
.like("10");
const FORMAT: Parameter = Parameter::query(
    "format",
    "The response format: JSON, an HTTP Archive, or one curl command per request.",
    r#"{"type":"string","enum":["json","har","curl"],"default":"json"}"#,
)
.like("\"json\"");

/// The path parameters.
pub(super) const PATH_PARAMETERS: &[&Parameter] = &[&NAMESPACE_NAME, &SNAPSHOT_NAME, &FAULT_ID, &REQUEST_ID];
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
const EVENT_LIMIT: Parameter = Parameter::query(
    "limit",
    "The number of requests after which the stream ends; unlimited if absent.",
    r#"{"type":"integer","minimum":0}"#,
)
.like("0");

const PATTERN: &str = r#"{"method":"GET","urlPathPattern":"/v2/groups.*"}"#;

pub(super) static GET_HEALTH: Operation = Operation::new(Method::GET, "/__admin/health", "get_health")
    .says("Get the health of the server", Evidence::Spec)
    .answers(StatusCode::OK, "Health")
    .known_from(error::ADMIN_API_SOURCE);

pub(super) static GET_OPENAPI_JSON: Operation =
    Operation::new(Method::GET, "/__admin/openapi.json", "get_openapi_json")
        .says("Get this document as JSON", Evidence::Spec)
        .answers(StatusCode::OK, "Document")
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static GET_OPENAPI_YAML: Operation =
    Operation::new(Method::GET, "/__admin/openapi.yaml", "get_openapi_yaml")
        .says("Get this document as YAML", Evidence::Spec)
        .answers_as(StatusCode::OK, "application/yaml", "Document")
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static GET_CA: Operation = Operation::new(Method::GET, "/__admin/ca.pem", "get_ca")
    .says("Get the CA certificate that --tls generated", Evidence::Spec)
    .answers_as(StatusCode::OK, "application/x-pem-file", "Certificate")
    .refuses(&[&error::RESOURCE_NOT_FOUND])
    .known_from(error::ADMIN_API_SOURCE);

pub(super) static LIST_GROUPS: Operation = Operation::new(Method::GET, "/__admin/groups", "list_groups")
    .says("List the groups of all dialects", Evidence::Spec)
    .takes(&[&DIALECT, &KIND, &ACCOUNT, &NAME, &LIMIT, &OFFSET])
    .answers(StatusCode::OK, "Groups")
    .refuses(&[&error::INVALID_REQUEST])
    .known_from(error::ADMIN_API_SOURCE);

pub(super) static GET_COVERAGE: Operation = Operation::new(Method::GET, "/__admin/coverage", "get_coverage")
    .says("Get all operations and rules with their evidence and usage counts", Evidence::Spec)
    .answers(StatusCode::OK, "Coverage")
    .known_from(error::ADMIN_API_SOURCE);

pub(super) static LIST_NAMESPACES: Operation =
    Operation::new(Method::GET, "/__admin/namespaces", "list_namespaces")
        .says("List the namespaces", Evidence::Spec)
        .answers(StatusCode::OK, "Namespaces")
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static DELETE_NAMESPACES: Operation =
    Operation::new(Method::DELETE, "/__admin/namespaces", "delete_namespaces")
        .says("Delete all namespaces except the default one, which is reset", Evidence::Spec)
        .answers_empty(StatusCode::NO_CONTENT)
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static GET_NAMESPACE: Operation =
    Operation::new(Method::GET, "/__admin/namespaces/{namespace}", "get_namespace")
        .says("Get a namespace", Evidence::Spec)
        .answers(StatusCode::OK, "Namespace")
        .refuses(&[&error::INVALID_REQUEST, &error::RESOURCE_NOT_FOUND])
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static DELETE_NAMESPACE: Operation =
    Operation::new(Method::DELETE, "/__admin/namespaces/{namespace}", "delete_namespace")
        .says("Delete a namespace; the default one is reset instead", Evidence::Spec)
        .answers_empty(StatusCode::NO_CONTENT)
        .refuses(&[&error::INVALID_REQUEST, &error::RESOURCE_NOT_FOUND])
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static RESET: Operation = Operation::new(Method::POST, "/__admin/reset", "reset")
    .says("Reset the namespace, or parts of it, to its initial state", Evidence::Spec)
    .takes(&[&SCOPE])
    .answers(StatusCode::OK, "Done")
    .refuses(&[&error::INVALID_REQUEST])
    .known_from(error::ADMIN_API_SOURCE);

pub(super) static GET_STATE: Operation = Operation::new(Method::GET, "/__admin/state", "get_state")
    .says("Get the complete state as a seed that can restore it", Evidence::Spec)
    .answers(StatusCode::OK, "State")
    .known_from(error::ADMIN_API_SOURCE);

pub(super) static PUT_STATE: Operation = Operation::new(Method::PUT, "/__admin/state", "put_state")
    .says("Replace all records with a state or a seed", Evidence::Spec)
    .reads("State", r#"{"version":1}"#)
    .answers(StatusCode::OK, "Done")
    .refuses(&[&error::INVALID_REQUEST])
    .known_from(error::ADMIN_API_SOURCE);

pub(super) static LIST_SNAPSHOTS: Operation =
    Operation::new(Method::GET, "/__admin/snapshots", "list_snapshots")
        .says("List the snapshots", Evidence::Spec)
        .answers(StatusCode::OK, "Snapshots")
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static SAVE_SNAPSHOT: Operation =
    Operation::new(Method::POST, "/__admin/snapshots/{snapshot}", "save_snapshot")
        .says("Save the current state as a snapshot", Evidence::Spec)
        .answers(StatusCode::CREATED, "Snapshot")
        .refuses(&[&error::INVALID_REQUEST])
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static RESTORE_SNAPSHOT: Operation =
    Operation::new(Method::POST, "/__admin/snapshots/{snapshot}/restore", "restore_snapshot")
        .says("Restore a snapshot", Evidence::Spec)
        .answers(StatusCode::OK, "Done")
        .refuses(&[&error::INVALID_REQUEST, &error::RESOURCE_NOT_FOUND])
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static DELETE_SNAPSHOT: Operation =
    Operation::new(Method::DELETE, "/__admin/snapshots/{snapshot}", "delete_snapshot")
        .says("Delete a snapshot", Evidence::Spec)
        .answers_empty(StatusCode::NO_CONTENT)
        .refuses(&[&error::INVALID_REQUEST, &error::RESOURCE_NOT_FOUND])
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static GET_CLOCK: Operation = Operation::new(Method::GET, "/__admin/clock", "get_clock")
    .says("Get the mode and the time of the virtual clock", Evidence::Spec)
    .answers(StatusCode::OK, "Clock")
    .known_from(error::ADMIN_API_SOURCE);

pub(super) static PUT_CLOCK: Operation = Operation::new(Method::PUT, "/__admin/clock", "put_clock")
    .says("Freeze, set, advance or step the virtual clock", Evidence::Spec)
    .reads("ClockChange", r#"{"advance":"1h"}"#)
    .answers(StatusCode::OK, "Clock")
    .refuses(&[&error::INVALID_REQUEST, &error::BODY_TOO_LARGE])
    .known_from(error::ADMIN_API_SOURCE);

pub(super) static LIST_FAULTS: Operation = Operation::new(Method::GET, "/__admin/faults", "list_faults")
    .says("List the faults with the number of injections", Evidence::Spec)
    .answers(StatusCode::OK, "Faults")
    .known_from(error::ADMIN_API_SOURCE);

pub(super) static ADD_FAULTS: Operation = Operation::new(Method::POST, "/__admin/faults", "add_faults")
    .says("Add a fault, a preset, or a list of both", Evidence::Spec)
    .reads(
        "NewFaults",
        r#"{"match":{"operation":"ibm_create_access_group"},"effect":{"type":"status","status":503},"schedule":{"times":2}}"#,
    )
    .answers(StatusCode::CREATED, "Faults")
    .refuses(&[&error::INVALID_REQUEST, &error::BODY_TOO_LARGE]).known_from(error::ADMIN_API_SOURCE);

pub(super) static DELETE_FAULTS: Operation =
    Operation::new(Method::DELETE, "/__admin/faults", "delete_faults")
        .says("Remove all faults", Evidence::Spec)
        .answers_empty(StatusCode::NO_CONTENT)
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static GET_FAULT: Operation =
    Operation::new(Method::GET, "/__admin/faults/{fault_id}", "get_fault")
        .says("Get a fault", Evidence::Spec)
        .answers(StatusCode::OK, "Fault")
        .refuses(&[&error::INVALID_REQUEST, &error::RESOURCE_NOT_FOUND])
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static DELETE_FAULT: Operation =
    Operation::new(Method::DELETE, "/__admin/faults/{fault_id}", "delete_fault")
        .says("Remove a fault", Evidence::Spec)
        .answers_empty(StatusCode::NO_CONTENT)
        .refuses(&[&error::INVALID_REQUEST, &error::RESOURCE_NOT_FOUND])
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static LIST_REQUESTS: Operation =
    Operation::new(Method::GET, "/__admin/requests", "list_requests")
        .says("List the latest requests with their responses, the latest first", Evidence::Spec)
        .takes(&[
            &REQUEST_DIALECT,
            &OPERATION,
            &NAMESPACE,
            &METHOD,
            &URL_PATH,
            &URL_PATH_PATTERN,
            &STATUS,
            &SINCE,
            &UNTIL,
            &REQUEST_LIMIT,
            &FORMAT,
        ])
        .answers(StatusCode::OK, "Requests")
        .answers_as(StatusCode::OK, "text/plain; charset=utf-8", "CurlCommands")
        .refuses(&[&error::INVALID_REQUEST])
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static DELETE_REQUESTS: Operation =
    Operation::new(Method::DELETE, "/__admin/requests", "delete_requests")
        .says("Delete all requests", Evidence::Spec)
        .answers(StatusCode::OK, "EmptyObject")
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static FIND_REQUESTS: Operation =
    Operation::new(Method::POST, "/__admin/requests/find", "find_requests")
        .says("Find the requests that match a pattern, the oldest first", Evidence::Spec)
        .reads("Search", PATTERN)
        .answers(StatusCode::OK, "FoundRequests")
        .refuses(&[&error::INVALID_REQUEST, &error::BODY_TOO_LARGE])
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static COUNT_REQUESTS: Operation =
    Operation::new(Method::POST, "/__admin/requests/count", "count_requests")
        .says("Count the requests that match a pattern", Evidence::Spec)
        .reads("Search", PATTERN)
        .answers(StatusCode::OK, "Count")
        .refuses(&[&error::INVALID_REQUEST, &error::BODY_TOO_LARGE])
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static REMOVE_REQUESTS: Operation =
    Operation::new(Method::POST, "/__admin/requests/remove", "remove_requests")
        .says("Delete the requests that match a pattern", Evidence::Spec)
        .reads("Search", PATTERN)
        .answers(StatusCode::OK, "RemovedRequests")
        .refuses(&[&error::INVALID_REQUEST, &error::BODY_TOO_LARGE])
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static VERIFY_REQUESTS: Operation =
    Operation::new(Method::POST, "/__admin/requests/verify", "verify_requests")
        .says("Verify the number of requests that match a pattern", Evidence::Spec)
        .describes("Without `count`, `atLeast` and `atMost`, at least one request is expected.")
        .reads("Verification", r#"{"method":"DELETE","count":0}"#)
        .answers(StatusCode::OK, "Verified")
        .refuses(&[&error::INVALID_REQUEST, &error::BODY_TOO_LARGE, &error::VERIFICATION_FAILED])
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static LIST_UNMATCHED_REQUESTS: Operation =
    Operation::new(Method::GET, "/__admin/requests/unmatched", "list_unmatched_requests")
        .says(
            "List the requests that matched no route, with suggestions of similar operations",
            Evidence::Spec,
        )
        .takes(&[
            &REQUEST_DIALECT,
            &NAMESPACE,
            &METHOD,
            &URL_PATH,
            &URL_PATH_PATTERN,
            &STATUS,
            &SINCE,
            &UNTIL,
            &REQUEST_LIMIT,
        ])
        .answers(StatusCode::OK, "UnmatchedRequests")
        .refuses(&[&error::INVALID_REQUEST])
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static STREAM_REQUESTS: Operation =
    Operation::new(Method::GET, "/__admin/requests/stream", "stream_requests")
        .says("Stream new requests as server-sent events", Evidence::Spec)
        .takes(&[&EVENT_LIMIT])
        .answers_as(StatusCode::OK, "text/event-stream", "Events")
        .refuses(&[&error::INVALID_REQUEST])
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static GET_REQUEST: Operation =
    Operation::new(Method::GET, "/__admin/requests/{request_id}", "get_request")
        .says("Get a request with its response", Evidence::Spec)
        .answers(StatusCode::OK, "Exchange")
        .refuses(&[&error::INVALID_REQUEST, &error::RESOURCE_NOT_FOUND])
        .known_from(error::ADMIN_API_SOURCE);

pub(super) static EXPLAIN_REQUEST: Operation =
    Operation::new(Method::GET, "/__admin/requests/{request_id}/explain", "explain_request")
        .says("Explain the response to a request", Evidence::Spec)
        .answers(StatusCode::OK, "Explanation")
        .refuses(&[&error::INVALID_REQUEST, &error::RESOURCE_NOT_FOUND])
        .known_from(error::ADMIN_API_SOURCE);
