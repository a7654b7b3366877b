//! Patterns, and the exchanges of the journal.

use serde_json::{Value, json};

use super::{count, list_of, object, or_null, rule_members, text, time, with};

pub(super) fn schemas() -> Value {
    let disabled = json!({"type": "boolean"});
    json!({
        "Nothing": object(&[], json!({})),
        "Events": {"type": "string"},
        "Pattern": object(PATTERN, pattern()),
        "TextMatcher": object(TEXT, text_matcher()),
        "BodyMatcher": body_matcher(),
        "Search": object(&[PATTERN, SEARCH].concat(), with(pattern(), search())),
        "Verification": object(
            &[PATTERN, SEARCH, &["count", "atLeast", "atMost"]].concat(),
            with(with(pattern(), search()), json!({"count": count(), "atLeast": count(), "atMost": count()})),
        ),
        "Verified": object(&[], json!({"verified": {"type": "boolean", "const": true}, "count": count()})),
        "Count": object(&[], json!({"count": count(), "requestJournalDisabled": disabled})),
        "Requests": {
            "oneOf": [
                object(&[], json!({
                    "requests": list_of("Exchange"),
                    "meta": object(&[], json!({"total": count()})),
                    "requestJournalDisabled": disabled
                })),
                object(&[], json!({"log": {"type": "object", "description": "An HTTP Archive 1.2."}}))
            ]
        },
        "LoggedRequest": object(&[], with(exchange(), logged())),
        "FoundRequests": object(&[], json!({"requests": list_of("LoggedRequest"), "requestJournalDisabled": disabled})),
        "RemovedRequests": object(&[], json!({"requests": list_of("Exchange")})),
        "UnmatchedRequests": object(&[], json!({
            "requests": {"type": "array", "items": object(&[], with(with(exchange(), logged()), json!({"nearest": list_of("Nearest")})))},
            "requestJournalDisabled": disabled
        })),
        "Nearest": object(&[], json!({"operation": text(), "method": text(), "path": text(), "differs": text()})),
        "Exchange": object(&[], exchange()),
        "Explanation": object(&[], json!({
            "exchange": {"$ref": "Exchange"},
            "summary": text(),
            "rule": {"oneOf": [object(&[], rule_members()), {"type": "null"}]},
            "got": {"type": "array", "items": object(&[], json!({
                "path": text(), "reason": text(), "value": {"description": "What was there; null where nothing was."}
            }))},
            "remedy": or_null(text()),
            "nearest": list_of("Nearest")
        }))
    })
}

const PATTERN: &[&str] = &[
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
const SEARCH: &[&str] = &["status", "since", "until", "limit"];
const TEXT: &[&str] =
    &["equalTo", "caseInsensitive", "contains", "doesNotContain", "matches", "doesNotMatch", "absent"];

fn pattern() -> Value {
    let matchers = json!({"type": "object", "additionalProperties": {"$ref": "TextMatcher"}});
    json!({
        "dialect": text(),
        "operation": text(),
        "namespace": text(),
        "method": {"type": "string", "description": "A method, or `ANY`."},
        "url": {"type": "string", "description": "The path with its query."},
        "urlPattern": {"type": "string", "description": "A regular expression for the path with its query."},
        "urlPath": {"type": "string", "description": "The path without its query."},
        "urlPathPattern": {"type": "string", "description": "A regular expression for the path without its query."},
        "queryParameters": matchers,
        "headers": matchers,
        "bodyPatterns": list_of("BodyMatcher")
    })
}

fn search() -> Value {
    json!({
        "status": {"type": ["integer", "string"], "description": "A status, or a class such as `4xx`."},
        "since": time(),
        "until": time(),
        "limit": count()
    })
}

fn text_matcher() -> Value {
    let flag = json!({"type": "boolean"});
    json!({
        "equalTo": text(), "caseInsensitive": flag, "contains": text(), "doesNotContain": text(), "matches": text(),
        "doesNotMatch": text(), "absent": flag
    })
}

fn body_matcher() -> Value {
    let path = json!({"type": "string", "description": "Such as `$.members[0].iam_id`."});
    let fits = object(TEXT, with(json!({"expression": path}), text_matcher()));
    object(
        &["equalTo", "contains", "matches", "equalToJson", "ignoreExtraElements", "matchesJsonPath"],
        json!({
            "equalTo": text(),
            "contains": text(),
            "matches": text(),
            "equalToJson": {"description": "JSON, or JSON as text."},
            "ignoreExtraElements": {"type": "boolean"},
            "matchesJsonPath": {"oneOf": [path, fits]}
        }),
    )
}

fn exchange() -> Value {
    let headers = json!({"type": "object", "additionalProperties": text()});
    let response = object(
        &[],
        json!({
            "status": {"type": "integer"}, "headers": headers, "body": text(), "bodyBytes": count()
        }),
    );
    json!({
        "id": {"type": "string", "format": "uuid"},
        "namespace": text(),
        "dialect": text(),
        "operation": or_null(text()),
        "request": object(&[], logged()),
        "response": {"oneOf": [response, {"type": "null"}]},
        "wasMatched": {"type": "boolean"},
        "rule": or_null(text()),
        "faults": {"type": "array", "items": text()},
        "timing": object(&[], json!({"totalTime": {"type": "number"}}))
    })
}

/// The members of a recorded request.
fn logged() -> Value {
    json!({
        "url": text(), "absoluteUrl": text(), "method": text(),
        "headers": {"type": "object", "additionalProperties": text()}, "body": text(),
        "bodyAsBase64": text(), "bodyBytes": count(), "loggedDate": {"type": "integer"},
        "loggedDateString": time()
    })
}
