//! The operations of the server's own API: each one's route, handler and documentation.

use super::{error, routes};
use crate::failure::Evidence;
use crate::http::{Operation, Parameter};
use axum::http::{Method, StatusCode};

const DIALECT: Parameter = Parameter::query(
    "dialect",
    "Only the groups of this dialect.",
    r#"{"type":"string","enum":["cloudflare","ibm","authress","legacy"]}"#,
)
.like("\"ibm\"");
const KIND: Parameter =
    Parameter::query("kind", "Only groups of this kind.", Parameter::TEXT).like("\"access_group\"");
const ACCOUNT: Parameter =
    Parameter::query("account", "Only groups of this account or zone.", Parameter::TEXT);
const NAME: Parameter = Parameter::query(
    "name",
    "Only groups whose name contains this, without regard to case.",
    Parameter::TEXT,
);
const LIMIT: Parameter = Parameter::query(
    "limit",
    "The greatest number of groups in the answer.",
    r#"{"type":"integer","minimum":0,"maximum":1000,"default":100}"#,
)
.like("10");
const OFFSET: Parameter = Parameter::query(
    "offset",
    "How many groups are passed over.",
    r#"{"type":"integer","minimum":0,"default":0}"#,
)
.like("0");

const PART: Parameter = Parameter::query(
    "part",
    "What is set back; all of it when absent. Repeat it, or separate several by commas.",
    r#"{"type":"string","pattern":"^(state|requests|faults|clock)(,(state|requests|faults|clock))*$"}"#,
)
.like("\"state\"");
const OF_DIALECT: Parameter =
    Parameter::query("dialect", "Only requests to this dialect.", Parameter::TEXT).like("\"ibm\"");
const OPERATION: Parameter =
    Parameter::query("operation", "Only requests to this operation.", Parameter::TEXT)
        .like("\"ibm_list_access_groups\"");
const NAMESPACE: Parameter =
    Parameter::query("namespace", "The namespace looked into; `*` for all.", Parameter::TEXT).like("\"*\"");
const METHOD: Parameter =
    Parameter::query("method", "Only requests with this method.", Parameter::TEXT).like("\"GET\"");
const URL_PATH: Parameter =
    Parameter::query("urlPath", "Only requests with this path.", Parameter::TEXT).like("\"/v2/groups\"");
const URL_PATH_PATTERN: Parameter = Parameter::query(
    "urlPathPattern",
    "Only requests whose path this regular expression fits.",
    Parameter::TEXT,
)
.like("\"/v2/.*\"");
const STATUS: Parameter = Parameter::query(
    "status",
    "Only requests that were answered with this status, or with one of this class.",
    r#"{"type":"string","pattern":"^([1-5][0-9][0-9]|0|[1-5]xx)$"}"#,
)
.like("\"2xx\"");
const SINCE: Parameter = Parameter::query(
    "since",
    "Only requests from this time on, on the mock's clock.",
    r#"{"type":"string","format":"date-time"}"#,
)
.like("\"2020-01-01T00:00:00Z\"");
const UNTIL: Parameter = Parameter::query(
    "until",
    "Only requests before this time, on the mock's clock.",
    r#"{"type":"string","format":"date-time"}"#,
)
.like("\"2100-01-01T00:00:00Z\"");
const LATEST: Parameter =
    Parameter::query("limit", "Only the latest so many requests.", r#"{"type":"integer","minimum":0}"#)
        .like("10");
const FORMAT: Parameter = Parameter::query(
    "format",
    "The form of the answer: JSON, an HTTP Archive, or one curl line for each request.",
    r#"{"type":"string","enum":["json","har","curl"],"default":"json"}"#,
)
.like("\"json\"");

/// The captures of the paths.
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
const EVENTS: Parameter = Parameter::query(
    "limit",
    "After how many requests the stream ends; never when absent.",
    r#"{"type":"integer","minimum":0}"#,
)
.like("0");

const PATTERN: &str = r#"{"method":"GET","urlPathPattern":"/v2/groups.*"}"#;

pub(super) fn operations() -> Vec<Operation> {
    [server(), state(), clock_and_faults(), requests(), explained_requests()].into_iter().flatten().collect()
}

fn server() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/__admin/health", "get_health", routes::get_health)
            .says("Tell whether the server runs", Evidence::Spec)
            .answers(StatusCode::OK, "Health"),
        Operation::new(Method::GET, "/__admin/openapi.json", "get_openapi_json", routes::get_openapi_json)
            .says("Get this document as JSON", Evidence::Spec)
            .answers(StatusCode::OK, "Document"),
        Operation::new(Method::GET, "/__admin/openapi.yaml", "get_openapi_yaml", routes::get_openapi_yaml)
            .says("Get this document as YAML", Evidence::Spec)
            .answers_as(StatusCode::OK, "application/yaml", "Document"),
        Operation::new(Method::GET, "/__admin/groups", "list_groups", routes::list_groups)
            .says("List the groups of all dialects", Evidence::Spec)
            .takes(&[&DIALECT, &KIND, &ACCOUNT, &NAME, &LIMIT, &OFFSET])
            .answers(StatusCode::OK, "Groups")
            .refuses(&[&error::BAD_REQUEST]),
        Operation::new(Method::GET, "/__admin/coverage", "get_coverage", routes::get_coverage)
            .says("Get every operation and rule, how it is known, and how often it was met", Evidence::Spec)
            .answers(StatusCode::OK, "Coverage"),
        Operation::new(Method::GET, "/__admin/namespaces", "list_namespaces", routes::list_namespaces)
            .says("List the namespaces", Evidence::Spec)
            .answers(StatusCode::OK, "Namespaces"),
        Operation::new(Method::DELETE, "/__admin/namespaces", "delete_namespaces", routes::delete_namespaces)
            .says("Forget all namespaces but the default one, which is reset", Evidence::Spec)
            .answers_empty(StatusCode::NO_CONTENT),
        Operation::new(
            Method::GET,
            "/__admin/namespaces/{namespace}",
            "get_namespace",
            routes::get_namespace,
        )
        .says("Get a namespace", Evidence::Spec)
        .answers(StatusCode::OK, "Namespace")
        .refuses(&[&error::BAD_REQUEST, &error::UNKNOWN]),
        Operation::new(
            Method::DELETE,
            "/__admin/namespaces/{namespace}",
            "delete_namespace",
            routes::delete_namespace,
        )
        .says("Forget a namespace; the default one is reset", Evidence::Spec)
        .answers_empty(StatusCode::NO_CONTENT)
        .refuses(&[&error::BAD_REQUEST, &error::UNKNOWN]),
    ]
}

fn state() -> Vec<Operation> {
    vec![
        Operation::new(Method::POST, "/__admin/reset", "reset", routes::reset)
            .says("Set the namespace, or parts of it, back to how it began", Evidence::Spec)
            .takes(&[&PART])
            .answers(StatusCode::OK, "Done")
            .refuses(&[&error::BAD_REQUEST]),
        Operation::new(Method::GET, "/__admin/state", "get_state", routes::get_state)
            .says("Get the whole state as a seed that brings it back", Evidence::Spec)
            .answers(StatusCode::OK, "State"),
        Operation::new(Method::PUT, "/__admin/state", "put_state", routes::put_state)
            .says("Put a state, or a seed, in the place of all records", Evidence::Spec)
            .reads("State", r#"{"version":1}"#)
            .answers(StatusCode::OK, "Done")
            .refuses(&[&error::BAD_REQUEST]),
        Operation::new(Method::GET, "/__admin/snapshots", "list_snapshots", routes::list_snapshots)
            .says("List the snapshots", Evidence::Spec)
            .answers(StatusCode::OK, "Snapshots"),
        Operation::new(Method::POST, "/__admin/snapshots/{snapshot}", "save_snapshot", routes::save_snapshot)
            .says("Keep the present state under a name", Evidence::Spec)
            .answers(StatusCode::CREATED, "Snapshot")
            .refuses(&[&error::BAD_REQUEST]),
        Operation::new(
            Method::POST,
            "/__admin/snapshots/{snapshot}/restore",
            "restore_snapshot",
            routes::restore_snapshot,
        )
        .says("Put a kept state in the place of the present one", Evidence::Spec)
        .answers(StatusCode::OK, "Done")
        .refuses(&[&error::BAD_REQUEST, &error::UNKNOWN]),
        Operation::new(
            Method::DELETE,
            "/__admin/snapshots/{snapshot}",
            "delete_snapshot",
            routes::delete_snapshot,
        )
        .says("Forget a kept state", Evidence::Spec)
        .answers_empty(StatusCode::NO_CONTENT)
        .refuses(&[&error::BAD_REQUEST, &error::UNKNOWN]),
    ]
}

fn clock_and_faults() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/__admin/clock", "get_clock", routes::get_clock)
            .says("Get how the clock runs", Evidence::Spec)
            .answers(StatusCode::OK, "Clock"),
        Operation::new(Method::PUT, "/__admin/clock", "put_clock", routes::put_clock)
            .says("Freeze, set, advance or step the clock", Evidence::Spec)
            .reads("ClockChange", r#"{"advance":"1h"}"#)
            .answers(StatusCode::OK, "Clock")
            .refuses(&[&error::BAD_REQUEST, &error::TOO_LARGE]),
        Operation::new(Method::GET, "/__admin/faults", "list_faults", routes::list_faults)
            .says("List the faults, and how often each has struck", Evidence::Spec)
            .answers(StatusCode::OK, "Faults"),
        Operation::new(Method::POST, "/__admin/faults", "add_faults", routes::add_faults)
            .says("Set a fault, a preset, or a list of them", Evidence::Spec)
            .reads(
                "NewFaults",
                r#"{"match":{"operation":"ibm_create_access_group"},"effect":{"type":"status","status":503},"schedule":{"times":2}}"#,
            )
            .answers(StatusCode::CREATED, "Faults")
            .refuses(&[&error::BAD_REQUEST, &error::TOO_LARGE]),
        Operation::new(Method::DELETE, "/__admin/faults", "delete_faults", routes::delete_faults)
            .says("Remove all faults", Evidence::Spec)
            .answers_empty(StatusCode::NO_CONTENT),
        Operation::new(Method::GET, "/__admin/faults/{fault_id}", "get_fault", routes::get_fault)
            .says("Get a fault", Evidence::Spec)
            .answers(StatusCode::OK, "Fault")
            .refuses(&[&error::BAD_REQUEST, &error::UNKNOWN]),
        Operation::new(Method::DELETE, "/__admin/faults/{fault_id}", "delete_fault", routes::delete_fault)
            .says("Remove a fault", Evidence::Spec)
            .answers_empty(StatusCode::NO_CONTENT)
            .refuses(&[&error::BAD_REQUEST, &error::UNKNOWN]),
    ]
}

fn requests() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/__admin/requests", "list_requests", routes::list_requests)
            .says("List the latest requests and their answers, the latest first", Evidence::Spec)
            .takes(&[
                &OF_DIALECT,
                &OPERATION,
                &NAMESPACE,
                &METHOD,
                &URL_PATH,
                &URL_PATH_PATTERN,
                &STATUS,
                &SINCE,
                &UNTIL,
                &LATEST,
                &FORMAT,
            ])
            .answers(StatusCode::OK, "Requests")
            .refuses(&[&error::BAD_REQUEST]),
        Operation::new(Method::DELETE, "/__admin/requests", "delete_requests", routes::delete_requests)
            .says("Forget all requests", Evidence::Spec)
            .answers(StatusCode::OK, "Nothing"),
        Operation::new(Method::POST, "/__admin/requests/find", "find_requests", routes::find_requests)
            .says("Find the requests that fit a pattern, the oldest first", Evidence::Spec)
            .reads("Search", PATTERN)
            .answers(StatusCode::OK, "FoundRequests")
            .refuses(&[&error::BAD_REQUEST, &error::TOO_LARGE]),
        Operation::new(Method::POST, "/__admin/requests/count", "count_requests", routes::count_requests)
            .says("Count the requests that fit a pattern", Evidence::Spec)
            .reads("Search", PATTERN)
            .answers(StatusCode::OK, "Count")
            .refuses(&[&error::BAD_REQUEST, &error::TOO_LARGE]),
        Operation::new(Method::POST, "/__admin/requests/remove", "remove_requests", routes::remove_requests)
            .says("Forget the requests that fit a pattern", Evidence::Spec)
            .reads("Search", PATTERN)
            .answers(StatusCode::OK, "RemovedRequests")
            .refuses(&[&error::BAD_REQUEST, &error::TOO_LARGE]),
        Operation::new(Method::POST, "/__admin/requests/verify", "verify_requests", routes::verify_requests)
            .says("Check that as many requests came as expected", Evidence::Spec)
            .describes("Without `count`, `atLeast` and `atMost`, at least one is expected.")
            .reads("Verification", r#"{"method":"DELETE","count":0}"#)
            .answers(StatusCode::OK, "Verified")
            .refuses(&[&error::BAD_REQUEST, &error::TOO_LARGE, &error::UNVERIFIED]),
    ]
}

fn explained_requests() -> Vec<Operation> {
    vec![
        Operation::new(
            Method::GET,
            "/__admin/requests/unmatched",
            "list_unmatched_requests",
            routes::list_unmatched_requests,
        )
        .says("List the requests that no route took, each with the nearest operations", Evidence::Spec)
        .takes(&[
            &OF_DIALECT,
            &NAMESPACE,
            &METHOD,
            &URL_PATH,
            &URL_PATH_PATTERN,
            &STATUS,
            &SINCE,
            &UNTIL,
            &LATEST,
        ])
        .answers(StatusCode::OK, "UnmatchedRequests")
        .refuses(&[&error::BAD_REQUEST]),
        Operation::new(Method::GET, "/__admin/requests/stream", "stream_requests", routes::stream_requests)
            .says("Follow the requests live, as server-sent events", Evidence::Spec)
            .takes(&[&EVENTS])
            .answers_as(StatusCode::OK, "text/event-stream", "Events")
            .refuses(&[&error::BAD_REQUEST]),
        Operation::new(Method::GET, "/__admin/requests/{request_id}", "get_request", routes::get_request)
            .says("Get a request and its answer", Evidence::Spec)
            .answers(StatusCode::OK, "Exchange")
            .refuses(&[&error::BAD_REQUEST, &error::UNKNOWN]),
        Operation::new(
            Method::GET,
            "/__admin/requests/{request_id}/explain",
            "explain_request",
            routes::explain_request,
        )
        .says("Explain why a request was answered as it was", Evidence::Spec)
        .answers(StatusCode::OK, "Explanation")
        .refuses(&[&error::BAD_REQUEST, &error::UNKNOWN]),
    ]
}
