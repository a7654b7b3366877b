//! Error cases of the admin API.

use super::Rows;
use super::error_case::ErrorCase::{
    Body, EmptySegment, EncodedSlash, Header, Id, LargeBody, NonUtf8Segment, Query, WrongMethod,
};

pub(super) const ROWS: Rows = &[
    (
        &[
            "admin_get_metrics",
            "admin_get_settings",
            "admin_get_openapi_json",
            "admin_get_openapi_yaml",
            "admin_get_ca",
            "admin_list_groups",
            "admin_list_group_uses",
            "admin_get_record",
            "admin_get_operation",
            "admin_get_coverage",
            "admin_list_namespaces",
            "admin_delete_namespaces",
            "admin_get_namespace",
            "admin_delete_namespace",
            "admin_reset",
            "admin_get_state",
            "admin_put_state",
            "admin_list_snapshots",
            "admin_save_snapshot",
            "admin_restore_snapshot",
            "admin_delete_snapshot",
            "admin_list_account_groups",
            "admin_put_account_group",
            "admin_delete_account_group",
            "admin_get_clock",
            "admin_put_clock",
            "admin_get_fidelity",
            "admin_put_fidelity",
            "admin_list_faults",
            "admin_add_faults",
            "admin_delete_faults",
            "admin_get_fault",
            "admin_delete_fault",
            "admin_list_requests",
            "admin_delete_requests",
            "admin_find_requests",
            "admin_count_requests",
            "admin_remove_requests",
            "admin_verify_requests",
            "admin_list_unmatched_requests",
            "admin_stream_requests",
            "admin_get_request",
            "admin_explain_request",
        ],
        &[
            (WrongMethod, 405, "405"),
            (Header("host", "evil.test"), 403, "403"),
            (Header("origin", "http://evil.test"), 403, "403"),
            (Header("origin", "null"), 403, "403"),
            (Query("unknown=1"), 400, "400"),
        ],
    ),
    (
        &["admin_get_health"],
        &[
            (WrongMethod, 405, "405"),
            (Header("host", "evil.test"), 200, ""),
            (Query("unknown=1"), 400, "400"),
        ],
    ),
    (
        &["admin_list_groups"],
        &[
            (Query("limit=-1"), 400, "400"),
            (Query("limit=1001"), 400, "400"),
            (Query("offset=x"), 400, "400"),
            (Query("name=%ff"), 400, "400"),
        ],
    ),
    (
        &["admin_list_group_uses"],
        &[
            (Query("dialect=x"), 400, "400"),
            (Query("account=other"), 404, "404"),
            (Query("account=%ff"), 400, "400"),
        ],
    ),
    (
        &["admin_get_record"],
        &[
            (Id("unknown"), 404, "404"),
            (Query("account=other"), 404, "404"),
            (EncodedSlash, 404, "404"),
            (EmptySegment, 404, "404"),
            (NonUtf8Segment, 400, "400"),
        ],
    ),
    (
        &["admin_get_operation"],
        &[
            (Id("unknown"), 404, "404"),
            (EncodedSlash, 404, "404"),
            (EmptySegment, 404, "404"),
            (NonUtf8Segment, 400, "400"),
        ],
    ),
    (
        &["admin_get_request"],
        &[
            (Query("format=xml"), 400, "400"),
            (Query("credential=a"), 400, "400"),
            (Query("format=curl&credential=a%22b"), 400, "400"),
        ],
    ),
    (
        &["admin_delete_account_group"],
        &[
            (Id("unknown"), 404, "404"),
            (EncodedSlash, 404, "404"),
            (EmptySegment, 404, "404"),
            (NonUtf8Segment, 400, "400"),
        ],
    ),
    (
        &["admin_put_account_group"],
        &[
            // Every id of an account group is valid, even one with a slash.
            (EncodedSlash, 200, ""),
            (EmptySegment, 404, "404"),
            (NonUtf8Segment, 400, "400"),
            (Body(b""), 400, "400"),
            (Body(b"\xff"), 400, "400"),
            (Body(b"{}"), 400, "400"),
            (Body(br#"{"accounts":[""]}"#), 400, "400"),
            (Body(br#"{"accounts":["a","a"]}"#), 400, "400"),
            (Body(br#"{"accounts":[],"more":1}"#), 400, "400"),
            (LargeBody, 413, "413"),
        ],
    ),
    (&["admin_reset"], &[(Query("scope=all"), 400, "400"), (Query("scopes=state"), 400, "400")]),
    (
        &["admin_list_requests", "admin_list_unmatched_requests"],
        &[
            (Query("limit=-1"), 400, "400"),
            (Query("status=9xx"), 400, "400"),
            (Query("since=yesterday"), 400, "400"),
            (Query("urlPathPattern=("), 400, "400"),
        ],
    ),
    (&["admin_list_requests"], &[(Query("format=xml"), 400, "400")]),
    (
        &["admin_list_requests", "admin_list_unmatched_requests"],
        &[(Query("urlPathPattern=(a{0,100}){0,100}"), 422, "422")],
    ),
    (&["admin_get_state"], &[(Query("credentials=1"), 400, "400")]),
    (
        &["admin_stream_requests", "admin_list_requests"],
        &[
            (Query("limit=x"), 400, "400"),
            (Query("format=xml"), 400, "400"),
            (Query("credential=a"), 400, "400"),
            (Query("status=9xx"), 400, "400"),
            (Query("dialect=okta"), 400, "400"),
            (Query("urlPattern=("), 400, "400"),
            (Query("since=today"), 400, "400"),
        ],
    ),
    (
        &[
            "admin_get_namespace",
            "admin_delete_namespace",
            "admin_delete_snapshot",
            "admin_get_fault",
            "admin_delete_fault",
            "admin_get_request",
        ],
        &[
            (Id("unknown"), 404, "404"),
            (EncodedSlash, 404, "404"),
            (EmptySegment, 404, "404"),
            (NonUtf8Segment, 400, "400"),
        ],
    ),
    (
        &["admin_restore_snapshot", "admin_explain_request", "admin_list_group_uses"],
        &[
            (Id("unknown"), 404, "404"),
            (EncodedSlash, 404, "404"),
            (EmptySegment, 404, "404"),
            (NonUtf8Segment, 400, "400"),
        ],
    ),
    (
        &["admin_save_snapshot"],
        &[
            (Id("a%20b"), 400, "400"),
            (EncodedSlash, 400, "400"),
            (EmptySegment, 404, "404"),
            (NonUtf8Segment, 400, "400"),
        ],
    ),
    (
        &["admin_put_state"],
        &[
            (Body(b""), 400, "400"),
            (Body(b"\xff"), 400, "400"),
            (Body(b"[]"), 400, "400"),
            (Body(br#"{"version":2}"#), 400, "400"),
            (Body(br#"{"ibm":{"accounts":{"":{}}}}"#), 400, "400"),
            // The body limit of a state is higher than that of other bodies.
            (LargeBody, 400, "400"),
        ],
    ),
    (
        &["admin_put_clock"],
        &[
            (Body(b""), 400, "400"),
            (Body(b"\xff"), 400, "400"),
            (Body(br#"{"mode":"fast"}"#), 400, "400"),
            (Body(br#"{"mode":"frozen","step":"1s"}"#), 400, "400"),
            (Body(br#"{"advance":"9000y"}"#), 400, "400"),
            (Body(br#"{"freeze":true}"#), 400, "400"),
            (LargeBody, 413, "413"),
        ],
    ),
    (
        &["admin_put_fidelity"],
        &[
            (Body(b""), 400, "400"),
            (Body(b"\xff"), 400, "400"),
            (Body(br#"{"fidelity":"real"}"#), 400, "400"),
            (LargeBody, 413, "413"),
        ],
    ),
    (
        &["admin_add_faults"],
        &[
            (Body(b""), 400, "400"),
            (Body(b"\xff"), 400, "400"),
            (Body(br#"{"effect":{"type":"status","status":200}}"#), 400, "400"),
            (Body(br#"{"effect":{"type":"empty"},"match":{"namespace":"a b"}}"#), 400, "400"),
            (Body(br#"{"effect":{"type":"empty"},"match":{"urlPattern":"("}}"#), 400, "400"),
            (Body(br#"{"effect":{"type":"empty"},"match":{"urlPattern":"(a{0,100}){0,100}"}}"#), 422, "422"),
            (LargeBody, 413, "413"),
        ],
    ),
    (
        &["admin_find_requests", "admin_count_requests", "admin_remove_requests", "admin_verify_requests"],
        &[
            (Body(b"\xff"), 400, "400"),
            (Body(b"[]"), 400, "400"),
            (Body(br#"{"methods":"GET"}"#), 400, "400"),
            (Body(br#"{"urlPattern":"(a{0,100}){0,100}"}"#), 422, "422"),
            (Body(br#"{"headers":{"a":{"equals":"b"}}}"#), 400, "400"),
            (Body(br#"{"bodyPatterns":[{"matchesJsonPath":"name"}]}"#), 400, "400"),
            (LargeBody, 413, "413"),
        ],
    ),
    (
        &["admin_find_requests", "admin_count_requests", "admin_remove_requests"],
        // An empty pattern matches every request.
        &[(Body(b""), 200, "")],
    ),
    (
        &["admin_verify_requests"],
        &[
            (Body(b""), 422, "422"),
            (Body(br#"{"method":"POST","atLeast":1}"#), 422, "422"),
            (Body(br#"{"count":1,"atMost":2}"#), 400, "400"),
            (Body(br#"{"count":-1}"#), 400, "400"),
        ],
    ),
];
