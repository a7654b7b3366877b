//! The operations of the admin API, each with its route, handler and documentation.

use super::error;
use super::operation_parameters::{
    ACCOUNT, CREDENTIAL, CREDENTIALS, DIALECT, DOCUMENT_DIALECT, EVENT_FORMAT, EVENT_LIMIT, FORMAT,
    IF_NONE_MATCH, KIND, LAST_EVENT_ID, LIMIT, METHOD, NAME, NAMESPACE, OFFSET, OPERATION, RECORD_ACCOUNT,
    REQUEST_DIALECT, REQUEST_LIMIT, SCOPE, SEARCH, SINCE, STATUS, UNTIL, URL, URL_PATH, URL_PATH_PATTERN,
    URL_PATTERN,
};
use crate::spec::{Evidence, Operation};
use axum::http::{Method, StatusCode};

const DOCUMENT_DESCRIPTION: &str = "The servers are the URL that the client used, or `--public-url`. The document is \
    compressed with gzip for clients that accept it.";
const DOCUMENT_HEADERS: &[(&str, &str)] = &[("ETag", "The entity tag of the document.")];

const PATTERN: &str = r#"{"method":"GET","urlPathPattern":"/v2/groups.*"}"#;

pub(super) static GET_HEALTH: Operation = Operation::new(Method::GET, "/__admin/health", "get_health")
    .summary("Get the health of the server", Evidence::Spec)
    .description(
        "Needs no token and accepts every host, for the health checks of containers and load \
             balancers. `contract` is the version of the admin API.",
    )
    .unauthenticated()
    .response(StatusCode::OK, "Health")
    .source(error::ADMIN_API_SOURCE);

pub(super) static GET_SETTINGS: Operation = Operation::new(Method::GET, "/__admin/settings", "get_settings")
    .summary("Get the bounds of everything that the server stores or computes", Evidence::Spec)
    .description("Each with its maximum, its unit, and the option that sets it, if there is one.")
    .response(StatusCode::OK, "Settings")
    .source(error::ADMIN_API_SOURCE);

pub(super) static GET_METRICS: Operation = Operation::new(Method::GET, "/__admin/metrics", "get_metrics")
    .summary("Get the counters of the server in the text format of Prometheus", Evidence::Spec)
    .description("Of all namespaces together. They start with the server, and no reset sets them back.")
    .response_as(StatusCode::OK, super::metrics::MEDIA_TYPE, "Metrics")
    .source(error::ADMIN_API_SOURCE);

pub(super) static GET_OPENAPI_JSON: Operation =
    Operation::new(Method::GET, "/__admin/openapi.json", "get_openapi_json")
        .summary("Get this document as JSON", Evidence::Spec)
        .description(DOCUMENT_DESCRIPTION)
        .parameters(&[&DOCUMENT_DIALECT, &IF_NONE_MATCH])
        .response(StatusCode::OK, "Document")
        .response_headers(DOCUMENT_HEADERS)
        .empty_response(StatusCode::NOT_MODIFIED)
        .response_headers(DOCUMENT_HEADERS)
        .source(error::ADMIN_API_SOURCE);

pub(super) static GET_OPENAPI_YAML: Operation =
    Operation::new(Method::GET, "/__admin/openapi.yaml", "get_openapi_yaml")
        .summary("Get this document as YAML", Evidence::Spec)
        .description(DOCUMENT_DESCRIPTION)
        .parameters(&[&DOCUMENT_DIALECT, &IF_NONE_MATCH])
        .response_as(StatusCode::OK, "application/yaml", "Document")
        .response_headers(DOCUMENT_HEADERS)
        .empty_response(StatusCode::NOT_MODIFIED)
        .response_headers(DOCUMENT_HEADERS)
        .source(error::ADMIN_API_SOURCE);

pub(super) static GET_OPERATION: Operation =
    Operation::new(Method::GET, "/__admin/operations/{operation_id}", "get_operation")
        .summary("Get the description of one operation, with an example of a request", Evidence::Spec)
        .description(
            "`document` is an OpenAPI document with this operation and the components that it \
             refers to.",
        )
        .response(StatusCode::OK, "OperationSlice")
        .errors(&[&error::RESOURCE_NOT_FOUND])
        .source(error::ADMIN_API_SOURCE);

pub(super) static GET_CA: Operation = Operation::new(Method::GET, "/__admin/ca.pem", "get_ca")
    .summary("Get the CA certificate that --tls generated", Evidence::Spec)
    .description("404 unless the server generated its certificate.")
    .response_as(StatusCode::OK, "application/x-pem-file", "Certificate")
    .errors(&[&error::RESOURCE_NOT_FOUND])
    .source(error::ADMIN_API_SOURCE);

pub(super) static LIST_GROUPS: Operation = Operation::new(Method::GET, "/__admin/groups", "list_groups")
    .summary("List the groups of all dialects", Evidence::Spec)
    .description(
        "By dialect, kind and creation. A group must match all filters; `meta.total` counts all that do.",
    )
    .parameters(&[&DIALECT, &KIND, &ACCOUNT, &NAME, &SEARCH, &LIMIT, &OFFSET])
    .response(StatusCode::OK, "Groups")
    .source(error::ADMIN_API_SOURCE);

pub(super) static LIST_GROUP_USES: Operation =
    Operation::new(Method::GET, "/__admin/groups/{group_id}/uses", "list_group_uses")
        .summary("List the records that refer to a group", Evidence::Spec)
        .description(
            "Rules of Access groups, policies and applications, policies of members and user groups, and IBM \
             policies, each in the account or zone of the group.",
        )
        .parameters(&[&DIALECT, &ACCOUNT])
        .response(StatusCode::OK, "GroupUses")
        .errors(&[&error::INVALID_REQUEST, &error::RESOURCE_NOT_FOUND])
        .source(error::ADMIN_API_SOURCE);

pub(super) static GET_RECORD: Operation =
    Operation::new(Method::GET, "/__admin/records/{dialect}/{kind}/{record_id}", "get_record")
        .summary("Get a record in the format of the seed", Evidence::Spec)
        .description(
            "A group, a policy of IBM, or a neighbor of groups, as in the response of `/__admin/state`.",
        )
        .parameters(&[&RECORD_ACCOUNT])
        .response(StatusCode::OK, "Record")
        .errors(&[&error::RESOURCE_NOT_FOUND])
        .source(error::ADMIN_API_SOURCE);

pub(super) static GET_COVERAGE: Operation = Operation::new(Method::GET, "/__admin/coverage", "get_coverage")
    .summary("Get all operations and rules with their evidence and usage counts", Evidence::Spec)
    .description("The counts are those of all requests to this server.")
    .response(StatusCode::OK, "Coverage")
    .source(error::ADMIN_API_SOURCE);

pub(super) static LIST_NAMESPACES: Operation =
    Operation::new(Method::GET, "/__admin/namespaces", "list_namespaces")
        .summary("List the namespaces", Evidence::Spec)
        .description(
            "A namespace is created from the seed by the first request to it. The one that has \
             been idle longest is evicted when there are too many.",
        )
        .response(StatusCode::OK, "Namespaces")
        .source(error::ADMIN_API_SOURCE);

pub(super) static DELETE_NAMESPACES: Operation =
    Operation::new(Method::DELETE, "/__admin/namespaces", "delete_namespaces")
        .summary("Delete all namespaces except the default one, which is reset", Evidence::Spec)
        .description(
            "With their records, journals, faults and snapshots. The next request to one creates it again from the seed.",
        )
        .empty_response(StatusCode::NO_CONTENT)
        .source(error::ADMIN_API_SOURCE);

pub(super) static GET_NAMESPACE: Operation =
    Operation::new(Method::GET, "/__admin/namespaces/{namespace}", "get_namespace")
        .summary("Get a namespace", Evidence::Spec)
        .description(
            "With the numbers of its requests, faults and groups. 404 if no request has created it; this one does not.",
        )
        .response(StatusCode::OK, "Namespace")
        .errors(&[&error::RESOURCE_NOT_FOUND])
        .source(error::ADMIN_API_SOURCE);

pub(super) static DELETE_NAMESPACE: Operation = Operation::new(
    Method::DELETE,
    "/__admin/namespaces/{namespace}",
    "delete_namespace",
)
.summary("Delete a namespace; the default one is reset instead", Evidence::Spec)
.description(
    "With its records, journal, faults and snapshots. The next request to it creates it again from the seed.",
)
.empty_response(StatusCode::NO_CONTENT)
.errors(&[&error::RESOURCE_NOT_FOUND])
.source(error::ADMIN_API_SOURCE);

pub(super) static RESET: Operation = Operation::new(Method::POST, "/__admin/reset", "reset")
    .summary("Reset the namespace, or parts of it, to its initial state", Evidence::Spec)
    .description(
        "`scope` limits it to some of `state`, `requests`, `faults` and `clock`. New objects \
             get new identifiers after a reset, too, unless the server is deterministic.",
    )
    .parameters(&[&SCOPE])
    .response(StatusCode::OK, "Done")
    .source(error::ADMIN_API_SOURCE);

pub(super) static GET_STATE: Operation = Operation::new(Method::GET, "/__admin/state", "get_state")
    .summary("Get the complete state as a seed that can restore it", Evidence::Spec)
    .description(
        "A restored state gives the same responses, with the same entity tags and cursors. \
             The credentials of strict mode are left out without `credentials=true`.",
    )
    .parameters(&[&CREDENTIALS])
    .response(StatusCode::OK, "State")
    .source(error::ADMIN_API_SOURCE);

pub(super) static PUT_STATE: Operation = Operation::new(Method::PUT, "/__admin/state", "put_state")
    .summary("Replace all records with a state or a seed", Evidence::Spec)
    .description(
        "A state without `credentials` keeps the current ones. An invalid state changes \
             nothing.",
    )
    .json_body("State", r#"{"version":1}"#)
    .response(StatusCode::OK, "Done")
    .source(error::ADMIN_API_SOURCE);

pub(super) static LIST_SNAPSHOTS: Operation = Operation::new(
    Method::GET,
    "/__admin/snapshots",
    "list_snapshots",
)
.summary("List the snapshots", Evidence::Spec)
.description(
    "Those of the namespace, by name, each with its time by the virtual clock and the number of its groups.",
)
.response(StatusCode::OK, "Snapshots")
.source(error::ADMIN_API_SOURCE);

pub(super) static SAVE_SNAPSHOT: Operation =
    Operation::new(Method::POST, "/__admin/snapshots/{snapshot}", "save_snapshot")
        .summary("Save the current state as a snapshot", Evidence::Spec)
        .description(
            "In memory, at most 100 in a namespace. A snapshot shares all records that did not \
             change.",
        )
        .response(StatusCode::CREATED, "Snapshot")
        .source(error::ADMIN_API_SOURCE);

pub(super) static RESTORE_SNAPSHOT: Operation = Operation::new(
    Method::POST,
    "/__admin/snapshots/{snapshot}/restore",
    "restore_snapshot",
)
.summary("Restore a snapshot", Evidence::Spec)
.description(
    "Replaces all records; the journal, the faults and the clock are not changed. The snapshot is kept.",
)
.response(StatusCode::OK, "Done")
.errors(&[&error::RESOURCE_NOT_FOUND])
.source(error::ADMIN_API_SOURCE);

pub(super) static DELETE_SNAPSHOT: Operation =
    Operation::new(Method::DELETE, "/__admin/snapshots/{snapshot}", "delete_snapshot")
        .summary("Delete a snapshot", Evidence::Spec)
        .description("The current state is not changed.")
        .empty_response(StatusCode::NO_CONTENT)
        .errors(&[&error::RESOURCE_NOT_FOUND])
        .source(error::ADMIN_API_SOURCE);

pub(super) static LIST_ACCOUNT_GROUPS: Operation =
    Operation::new(Method::GET, "/__admin/ibm/account-groups", "list_account_groups")
        .summary("List the IBM account groups", Evidence::Spec)
        .description("Those of the seed, and those that were set.")
        .response(StatusCode::OK, "AccountGroups")
        .source(error::ADMIN_API_SOURCE);

pub(super) static PUT_ACCOUNT_GROUP: Operation = Operation::new(
    Method::PUT,
    "/__admin/ibm/account-groups/{account_group_id}",
    "put_account_group",
)
.summary("Set the accounts of an IBM account group", Evidence::Spec)
.description(
    "Templates that are assigned to the account group are applied in its new accounts, and removed from the \
             accounts that it no longer has.",
)
.json_body("NewAccountGroup", r#"{"accounts":["acct2","acct3"]}"#)
.response(StatusCode::OK, "AccountGroup")
.errors(&[&error::BODY_TOO_LARGE])
.source(error::ADMIN_API_SOURCE);

pub(super) static DELETE_ACCOUNT_GROUP: Operation =
    Operation::new(Method::DELETE, "/__admin/ibm/account-groups/{account_group_id}", "delete_account_group")
        .summary("Delete an IBM account group", Evidence::Spec)
        .description("Templates that are assigned to it are removed from its accounts.")
        .empty_response(StatusCode::NO_CONTENT)
        .errors(&[&error::RESOURCE_NOT_FOUND])
        .source(error::ADMIN_API_SOURCE);

pub(super) static GET_CLOCK: Operation = Operation::new(Method::GET, "/__admin/clock", "get_clock")
    .summary("Get the mode and the time of the virtual clock", Evidence::Spec)
    .description("That of the namespace. Calls of the admin API do not advance it.")
    .response(StatusCode::OK, "Clock")
    .source(error::ADMIN_API_SOURCE);

pub(super) static PUT_CLOCK: Operation = Operation::new(Method::PUT, "/__admin/clock", "put_clock")
    .summary("Freeze, set, advance or step the virtual clock", Evidence::Spec)
    .description(
        "`mode` is `system` (follows the clock of the machine), `frozen`, or `stepping` \
             (advances by `step` with each request to a vendor's API).",
    )
    .json_body("ClockChange", r#"{"advance":"1h"}"#)
    .response(StatusCode::OK, "Clock")
    .errors(&[&error::BODY_TOO_LARGE])
    .source(error::ADMIN_API_SOURCE);

pub(super) static GET_FIDELITY: Operation = Operation::new(Method::GET, "/__admin/fidelity", "get_fidelity")
    .summary("Get whether responses follow the vendors' documents or their live services", Evidence::Spec)
    .description("That of the namespace: `--fidelity`, or what a PUT has set since the last full reset.")
    .response(StatusCode::OK, "Fidelity")
    .source(error::ADMIN_API_SOURCE);

pub(super) static PUT_FIDELITY: Operation = Operation::new(Method::PUT, "/__admin/fidelity", "put_fidelity")
    .summary("Set whether responses follow the vendors' documents or their live services", Evidence::Spec)
    .description("For the namespace, from the next request on. A full reset restores `--fidelity`.")
    .json_body("Fidelity", r#"{"fidelity":"live"}"#)
    .response(StatusCode::OK, "Fidelity")
    .errors(&[&error::BODY_TOO_LARGE])
    .source(error::ADMIN_API_SOURCE);

pub(super) static LIST_FAULTS: Operation = Operation::new(Method::GET, "/__admin/faults", "list_faults")
    .summary("List the faults with the number of injections", Evidence::Spec)
    .description(
        "In the order in which they were added. `matched` counts the matching requests, `injected` those that got \
         the fault.",
    )
    .response(StatusCode::OK, "Faults")
    .source(error::ADMIN_API_SOURCE);

pub(super) static ADD_FAULTS: Operation = Operation::new(Method::POST, "/__admin/faults", "add_faults")
    .summary("Add a fault, a preset, or a list of both", Evidence::Spec)
        .description("All are added or, if one is invalid, none. If several match a request, the first one \
             that injects an error takes precedence, and delays add up.")
    .json_body(
        "NewFaults",
        r#"{"match":{"operation":"ibm_create_access_group"},"effect":{"type":"status","status":503},"schedule":{"times":2}}"#,
    )
    .response(StatusCode::CREATED, "Faults")
    .errors(&[&error::PATTERN_TOO_COMPLEX, &error::BODY_TOO_LARGE]).source(error::ADMIN_API_SOURCE);

pub(super) static DELETE_FAULTS: Operation =
    Operation::new(Method::DELETE, "/__admin/faults", "delete_faults")
        .summary("Remove all faults", Evidence::Spec)
        .description("Also those of `--faults`, which a reset restores.")
        .empty_response(StatusCode::NO_CONTENT)
        .source(error::ADMIN_API_SOURCE);

pub(super) static GET_FAULT: Operation =
    Operation::new(Method::GET, "/__admin/faults/{fault_id}", "get_fault")
        .summary("Get a fault", Evidence::Spec)
        .description("With its pattern, effect and schedule, and the numbers of matches and injections.")
        .response(StatusCode::OK, "Fault")
        .errors(&[&error::RESOURCE_NOT_FOUND])
        .source(error::ADMIN_API_SOURCE);

pub(super) static DELETE_FAULT: Operation =
    Operation::new(Method::DELETE, "/__admin/faults/{fault_id}", "delete_fault")
        .summary("Remove a fault", Evidence::Spec)
        .description("The other faults keep their ids and counts.")
        .empty_response(StatusCode::NO_CONTENT)
        .errors(&[&error::RESOURCE_NOT_FOUND])
        .source(error::ADMIN_API_SOURCE);

pub(super) static LIST_REQUESTS: Operation =
    Operation::new(Method::GET, "/__admin/requests", "list_requests")
        .summary("List the latest requests with their responses, the latest first", Evidence::Spec)
        .description(
            "Requests to the vendors' APIs only. Credentials are redacted, unless the server has \
             `--journal-secrets`. `format` selects summaries, an HTTP Archive or commands.",
        )
        .parameters(&[
            &REQUEST_DIALECT,
            &OPERATION,
            &NAMESPACE,
            &METHOD,
            &URL,
            &URL_PATTERN,
            &URL_PATH,
            &URL_PATH_PATTERN,
            &STATUS,
            &SINCE,
            &UNTIL,
            &REQUEST_LIMIT,
            &FORMAT,
            &CREDENTIAL,
        ])
        .response(StatusCode::OK, "Requests")
        .response_as(StatusCode::OK, "text/plain; charset=utf-8", "CurlCommands")
        .errors(&[&error::PATTERN_TOO_COMPLEX])
        .source(error::ADMIN_API_SOURCE);

pub(super) static DELETE_REQUESTS: Operation = Operation::new(
    Method::DELETE,
    "/__admin/requests",
    "delete_requests",
)
.summary("Delete all requests", Evidence::Spec)
.description(
    "Empties the journal of the namespace. Coverage, metrics and the schedules of faults keep their counts.",
)
.response(StatusCode::OK, "EmptyObject")
.source(error::ADMIN_API_SOURCE);

pub(super) static FIND_REQUESTS: Operation =
    Operation::new(Method::POST, "/__admin/requests/find", "find_requests")
        .summary("Find the requests that match a pattern, the oldest first", Evidence::Spec)
        .description("Without a body, every request matches.")
        .json_body("Search", PATTERN)
        .optional_body()
        .response(StatusCode::OK, "FoundRequests")
        .errors(&[&error::PATTERN_TOO_COMPLEX, &error::BODY_TOO_LARGE])
        .source(error::ADMIN_API_SOURCE);

pub(super) static COUNT_REQUESTS: Operation =
    Operation::new(Method::POST, "/__admin/requests/count", "count_requests")
        .summary("Count the requests that match a pattern", Evidence::Spec)
        .description("Without a body, every request matches.")
        .json_body("Search", PATTERN)
        .optional_body()
        .response(StatusCode::OK, "Count")
        .errors(&[&error::PATTERN_TOO_COMPLEX, &error::BODY_TOO_LARGE])
        .source(error::ADMIN_API_SOURCE);

pub(super) static REMOVE_REQUESTS: Operation =
    Operation::new(Method::POST, "/__admin/requests/remove", "remove_requests")
        .summary("Delete the requests that match a pattern", Evidence::Spec)
        .description("Without a body, all requests are deleted.")
        .json_body("Search", PATTERN)
        .optional_body()
        .response(StatusCode::OK, "RemovedRequests")
        .errors(&[&error::PATTERN_TOO_COMPLEX, &error::BODY_TOO_LARGE])
        .source(error::ADMIN_API_SOURCE);

pub(super) static VERIFY_REQUESTS: Operation =
    Operation::new(Method::POST, "/__admin/requests/verify", "verify_requests")
        .summary("Verify the number of requests that match a pattern", Evidence::Spec)
        .description("Without `count`, `atLeast` and `atMost`, at least one request is expected.")
        .json_body("Verification", r#"{"method":"DELETE","count":0}"#)
        .optional_body()
        .response(StatusCode::OK, "Verified")
        .errors(&[
            &error::PATTERN_TOO_COMPLEX,
            &error::INVALID_REQUEST,
            &error::BODY_TOO_LARGE,
            &error::VERIFICATION_FAILED,
        ])
        .source(error::ADMIN_API_SOURCE);

pub(super) static LIST_UNMATCHED_REQUESTS: Operation =
    Operation::new(Method::GET, "/__admin/requests/unmatched", "list_unmatched_requests")
        .summary(
            "List the requests that matched no route, with suggestions of similar operations",
            Evidence::Spec,
        )
        .description("Without those that a fallback server responded to.")
        .parameters(&[
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
        .response(StatusCode::OK, "UnmatchedRequests")
        .errors(&[&error::PATTERN_TOO_COMPLEX])
        .source(error::ADMIN_API_SOURCE);

pub(super) static STREAM_REQUESTS: Operation =
    Operation::new(Method::GET, "/__admin/requests/stream", "stream_requests")
        .summary("Stream new requests as server-sent events", Evidence::Spec)
        .description(
            "Ends after `limit` events, or never. With `Last-Event-ID` it continues after this \
             exchange; an event `missed` counts those that are no longer recorded.",
        )
        .parameters(&[
            &REQUEST_DIALECT,
            &OPERATION,
            &NAMESPACE,
            &METHOD,
            &URL,
            &URL_PATTERN,
            &URL_PATH,
            &URL_PATH_PATTERN,
            &STATUS,
            &SINCE,
            &UNTIL,
            &EVENT_LIMIT,
            &EVENT_FORMAT,
            &LAST_EVENT_ID,
        ])
        .response_as(StatusCode::OK, "text/event-stream", "Events")
        .source(error::ADMIN_API_SOURCE);

pub(super) static GET_REQUEST: Operation =
    Operation::new(Method::GET, "/__admin/requests/{request_id}", "get_request")
        .summary("Get a request with its response", Evidence::Spec)
        .description(
            "As in the list: with redacted credentials, and in the same formats. 404 if the journal no longer has it.",
        )
        .parameters(&[&FORMAT, &CREDENTIAL])
        .response(StatusCode::OK, "RequestOrList")
        .response_as(StatusCode::OK, "text/plain; charset=utf-8", "CurlCommands")
        .errors(&[&error::RESOURCE_NOT_FOUND])
        .source(error::ADMIN_API_SOURCE);

pub(super) static EXPLAIN_REQUEST: Operation =
    Operation::new(Method::GET, "/__admin/requests/{request_id}/explain", "explain_request")
        .summary("Explain the response to a request", Evidence::Spec)
        .description(
            "For an error: the rule, the rejected values, the change that makes the request valid \
             and, if no operation has the method and path, similar operations.",
        )
        .response(StatusCode::OK, "Explanation")
        .errors(&[&error::RESOURCE_NOT_FOUND])
        .source(error::ADMIN_API_SOURCE);
