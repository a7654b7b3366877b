//! The schemas of patterns, and of the exchanges in the journal.

use serde_json::{Value, json};

use crate::admin::summary::{MAX_REASON_CHARS, MAX_URL_CHARS};

use super::{count, list_schema, merge, object, or_null, rule_fields, string, time};

pub(super) fn schemas() -> Value {
    let disabled = json!({"type": "boolean"});
    let schemas = json!({
        "EmptyObject": object(&[], json!({})),
        "Events": {"type": "string"},
        "CurlCommands": {"type": "string"},
        "Pattern": object(PATTERN_FIELDS, pattern()),
        "StringMatcher": object(STRING_MATCHER_FIELDS, string_matcher()),
        "BodyMatcher": body_matcher(),
        "JsonPathMatcher": object(STRING_MATCHER_FIELDS, merge(json!({"expression": json_path()}), string_matcher())),
        "Search": object(&[PATTERN_FIELDS, SEARCH_FIELDS].concat(), merge(pattern(), search())),
        "Verification": object(
            &[PATTERN_FIELDS, SEARCH_FIELDS, &["count", "atLeast", "atMost"]].concat(),
            merge(merge(pattern(), search()), json!({"count": count(), "atLeast": count(), "atMost": count()})),
        ),
        "Verified": object(&[], json!({"verified": {"type": "boolean", "description": "`true`."}, "count": count()})),
        "Count": object(&[], json!({"count": count(), "requestJournalDisabled": disabled})),
        "LoggedRequest": object(&[], merge(exchange(), recorded_request())),
        "FoundRequests": object(&[], json!({"requests": list_schema("LoggedRequest"), "requestJournalDisabled": disabled})),
        "RemovedRequests": object(&[], json!({"requests": list_schema("Exchange")})),
        "UnmatchedRequests": object(&[], json!({
            "requests": {"type": "array", "items": object(&[], merge(merge(exchange(), recorded_request()), json!({"suggestions": list_schema("Suggestion")})))},
            "requestJournalDisabled": disabled
        })),
        "Suggestion": object(&[], json!({"operation": string(), "method": string(), "path": string(), "difference": string()})),
        "Exchange": object(&[], exchange()),
        "ExchangeSummary": object(SUMMARY_DEFAULTS, summary()),
        "RecordedRequest": object(&[], recorded_request()),
        "RecordedResponse": object(&[], json!({
            "status": {"type": "integer"}, "headers": {"type": "object", "additionalProperties": string()},
            "body": string(), "bodyBytes": count()
        })),
        "Rule": object(&[], rule_fields()),
        "Explanation": object(&[], json!({
            "exchange": {"$ref": "Exchange"},
            "summary": string(),
            "rule": {"oneOf": [{"$ref": "Rule"}, {"type": "null"}]},
            "received": {"type": "array", "items": object(&[], json!({
                "path": string(), "reason": string(), "value": {"description": "The received value; null if it is absent."}
            }))},
            "remediation": or_null(string()),
            "suggestions": list_schema("Suggestion")
        }))
    });
    merge(schemas, lists(&disabled))
}

/// Returns the schemas of lists of exchanges.
fn lists(disabled: &Value) -> Value {
    json!({
        "Requests": {
            "description": "A list, with `format=summary` of summaries, or with `format=har` an HTTP Archive.",
            // An empty list is of both forms.
            "anyOf": [{"$ref": "RequestList"}, {"$ref": "RequestSummaryList"}, {"$ref": "HttpArchive"}]
        },
        "RequestList": object(&[], json!({
            "requests": list_schema("Exchange"),
            "meta": object(&[], json!({"total": count()})),
            "requestJournalDisabled": disabled
        })),
        "RequestSummaryList": object(&[], json!({
            "requests": list_schema("ExchangeSummary"),
            "meta": object(&[], json!({"total": count()})),
            "requestJournalDisabled": disabled
        })),
        "HttpArchive": object(&[], json!({"log": {"type": "object", "description": "An HTTP Archive 1.2."}})),
        "RequestOrList": {
            "description": "The exchange, or the list of it in another format.",
            "anyOf": [{"$ref": "Exchange"}, {"$ref": "Requests"}]
        }
    })
}

const PATTERN_FIELDS: &[&str] = &[
    "dialect",
    "operation",
    "namespace",
    "method",
    "url",
    "urlPattern",
    "urlPath",
    "urlPathPattern",
    "queryParameters",
    "headers",
    "bodyPatterns",
];
const SEARCH_FIELDS: &[&str] = &["status", "since", "until", "limit"];
const STRING_MATCHER_FIELDS: &[&str] =
    &["equalTo", "caseInsensitive", "contains", "doesNotContain", "matches", "doesNotMatch", "absent"];

fn pattern() -> Value {
    let matchers = json!({"type": "object", "additionalProperties": {"$ref": "StringMatcher"}});
    json!({
        "dialect": string(),
        "operation": string(),
        "namespace": string(),
        "method": {"type": "string", "description": "A method, or `ANY`."},
        "url": {"type": "string", "description": "The path with its query."},
        "urlPattern": {"type": "string", "description": "A regular expression for the path with its query."},
        "urlPath": {"type": "string", "description": "The path without its query."},
        "urlPathPattern": {"type": "string", "description": "A regular expression for the path without its query."},
        "queryParameters": matchers,
        "headers": matchers,
        "bodyPatterns": list_schema("BodyMatcher")
    })
}

fn search() -> Value {
    json!({
        "status": {
            "description": "A status, or a class such as `4xx`.",
            "oneOf": [{"type": "integer"}, {"type": "string"}]
        },
        "since": time(),
        "until": time(),
        "limit": count()
    })
}

fn string_matcher() -> Value {
    let boolean = json!({"type": "boolean"});
    json!({
        "equalTo": string(), "caseInsensitive": boolean, "contains": string(), "doesNotContain": string(), "matches": string(),
        "doesNotMatch": string(), "absent": boolean
    })
}

fn json_path() -> Value {
    json!({"type": "string", "description": "A JSON path such as `$.members[0].iam_id`."})
}

fn body_matcher() -> Value {
    let path = json_path();
    object(
        &["equalTo", "contains", "matches", "equalToJson", "ignoreExtraElements", "matchesJsonPath"],
        json!({
            "equalTo": string(),
            "contains": string(),
            "matches": string(),
            "equalToJson": {"description": "JSON, or a string that contains JSON."},
            "ignoreExtraElements": {"type": "boolean"},
            "matchesJsonPath": {"oneOf": [path, {"$ref": "JsonPathMatcher"}]}
        }),
    )
}

fn exchange() -> Value {
    json!({
        "id": {"type": "string", "format": "uuid"},
        "namespace": string(),
        "dialect": string(),
        "operation": or_null(string()),
        "request": {"$ref": "RecordedRequest"},
        "response": {"oneOf": [{"$ref": "RecordedResponse"}, {"type": "null"}]},
        "wasMatched": {"type": "boolean"},
        "fallback": or_null(string()),
        "rule": or_null(string()),
        "reason": or_null(json!({"type": "string", "description": "The reason of an error response, or of a missing one."})),
        "faults": {"type": "array", "items": string()},
        "timing": object(&[], json!({"totalTime": {"type": "number"}}))
    })
}

/// The properties of the summary of an exchange that are left out with their default.
const SUMMARY_DEFAULTS: &[&str] =
    &["namespace", "dialect", "operation", "rule", "reason", "faults", "wasMatched"];

/// Returns the properties of the summary of an exchange.
fn summary() -> Value {
    let text = |what: &str, max: usize| json!({"type": "string", "description": format!("{what}, at most {max} characters."), "maxLength": max});
    json!({
        "id": {"type": "string", "format": "uuid"}, "namespace": {"type": "string", "default": "default"},
        "dialect": {"type": "string", "description": "Absent if there is an operation, whose id begins with it."},
        "operation": {"type": "string", "description": "Absent if no operation has the path and method."},
        "method": string(), "url": text("The path with its query", MAX_URL_CHARS),
        "status": {"type": "integer", "description": "0 without a response."}, "rule": string(),
        "reason": text("The reason of an error response", MAX_REASON_CHARS),
        "faults": {"type": "array", "items": string(), "description": "Absent if no fault was injected."},
        "wasMatched": {"type": "boolean", "default": true},
        "loggedDate": {"type": "integer"}, "duration": {"type": "number", "description": "In milliseconds."}
    })
}

/// Returns the properties of a recorded request.
fn recorded_request() -> Value {
    json!({
        "url": string(), "absoluteUrl": string(), "method": string(),
        "headers": {"type": "object", "additionalProperties": string()}, "body": string(),
        "bodyAsBase64": string(), "bodyBytes": count(), "loggedDate": {"type": "integer"},
        "loggedDateString": time()
    })
}
