//! Every status and error code that the vendor documents list for an operation, injected by a fault.
//!
//! The tables are transcribed by hand from the vendor documents, independently of this server's error tables.

use access_groups_mock::AuthMode;
use serde_json::{Value, json};

use crate::support::operations::{Operation, demo_server, example_request, operations};
use crate::support::{TestResponse, TestServer};

/// A status, the vendor's code and its message; the code is empty where the document gives none.
type Row = (u16, &'static str, &'static str);

const INVALID_PAYLOAD: Row = (400, "invalid_payload", "Payload contains invalid/missing data.");
const INVALID_TOKEN: Row = (401, "invalid_token", "The token is either missing or invalid");
const FORBIDDEN: Row = (
    403,
    "forbidden",
    "Forbidden: You don't have the required access to complete this action. Contact your account owner for \
     access",
);
const INTERNAL: Row = (500, "internal_server_error", "Internal Server Error");
const UNAVAILABLE: Row = (503, "service_unavailable", "Service Temporarily Unavailable");
const GROUP_NOT_FOUND: Row = (404, "group_not_found", "Failed to find the specified access group: <id>");

/// The errors that IBM documents for every operation.
const IBM_EVERYWHERE: [Row; 4] = [INVALID_TOKEN, FORBIDDEN, INTERNAL, UNAVAILABLE];

/// The additional errors that IBM documents by operation.
const IBM: [(&str, &[Row]); 13] = [
    ("create_access_group", &[INVALID_PAYLOAD]),
    ("list_access_groups", &[]),
    ("get_access_group", &[GROUP_NOT_FOUND]),
    (
        "update_access_group",
        &[
            INVALID_PAYLOAD,
            GROUP_NOT_FOUND,
            (405, "method_not_allowed_for_group", "Cannot update group for: <id>"),
            (412, "incorrect_etag", "If-Match header contains incorrect/invalid etag."),
        ],
    ),
    (
        "delete_access_group",
        &[
            GROUP_NOT_FOUND,
            (405, "method_not_allowed_for_group", "Cannot delete group for: <id>"),
            (409, "group_not_empty", "Access group is not empty: <id>"),
        ],
    ),
    (
        "add_members_to_access_group",
        &[
            INVALID_PAYLOAD,
            (404, "membership_not_found", "Failed to find the membership"),
            (405, "method_not_allowed_for_group", "Cannot add members for: <id>"),
        ],
    ),
    ("list_access_group_members", &[GROUP_NOT_FOUND]),
    ("is_member_of_access_group", &[(404, "", "")]),
    (
        "remove_member_from_access_group",
        &[GROUP_NOT_FOUND, (405, "method_not_allowed_for_group", "Cannot delete group membership for: <id>")],
    ),
    ("remove_members_from_access_group", &[INVALID_PAYLOAD]),
    ("remove_member_from_all_access_groups", &[(404, "no_groups_found", "No groups found for member: <id>")]),
    (
        "add_member_to_multiple_access_groups",
        &[(
            400,
            "duplicate_groupid_error",
            "A duplicate groupId entry was found for <id>. Please remove any duplicate entries.",
        )],
    ),
    ("add_access_group_rule", &[]),
];

/// The statuses of IBM's table "Error handling", which applies to all operations.
const IBM_STATUSES: [u16; 9] = [400, 401, 403, 404, 405, 409, 429, 500, 503];

/// The items of a 207 response: the operation, the list of its items, and the statuses and messages of failed ones.
type Items = (&'static str, &'static str, &'static [(u16, &'static str)]);

/// The failed items that IBM documents for 207 responses.
const IBM_ITEMS: [Items; 4] = [
    ("add_members_to_access_group", "members", &[(400, "The service id is missing or incorrect")]),
    ("remove_members_from_access_group", "members", &[(404, "Failed to find the membership")]),
    (
        "remove_member_from_all_access_groups",
        "groups",
        &[(409, "Cloudant document update conflict occurred")],
    ),
    (
        "add_member_to_multiple_access_groups",
        "groups",
        &[
            (404, "Group not found in account"),
            (
                403,
                "Forbidden: You don't have the required access to complete this action. Contact your account \
                 owner for access",
            ),
        ],
    ),
];

/// The statuses that Authress documents.
const AUTHRESS: [(&str, &[u16]); 5] = [
    ("create_group", &[401, 403]),
    ("delete_group", &[401, 403, 404]),
    ("get_group", &[401, 403, 404]),
    ("get_groups", &[401, 403]),
    ("update_group", &[401, 403, 404]),
];

/// The operations of Cloudflare's two documents; each documents `4XX`.
const CLOUDFLARE: [&str; 15] = [
    "create_access_group",
    "list_access_groups",
    "replace_access_group",
    "get_access_group",
    "delete_access_group",
    "create_zone_access_group",
    "list_zone_access_groups",
    "replace_zone_access_group",
    "get_zone_access_group",
    "delete_zone_access_group",
    "create_resource_group",
    "list_resource_groups",
    "update_resource_group",
    "get_resource_group",
    "delete_resource_group",
];

fn operation(dialect: &str, id: &str) -> Operation {
    let id = format!("{dialect}_{id}");
    operations().find(|operation| operation.id() == id).unwrap_or_else(|| panic!("no operation {id}"))
}

/// Sends the example request of an operation with a fault.
fn send_with_fault(mock: &TestServer, operation: &Operation, fault: &str) -> TestResponse {
    example_request(mock, operation, &operation.target()).fault(fault).send()
}

fn all_groups(mock: &TestServer) -> String {
    mock.get("/__admin/groups?limit=1000").send().expect(200).text()
}

/// Returns whether `message` is `expected`, in which `<id>` stands for any non-empty string.
fn matches_message(message: &str, expected: &str) -> bool {
    match expected.split_once("<id>") {
        None => message == expected,
        Some((before, after)) => {
            let subject = message.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
            subject.is_some_and(|subject| !subject.is_empty())
        }
    }
}

#[test]
fn ibm_errors_have_its_envelope_codes_and_messages() {
    let mock = demo_server(AuthMode::Lenient);
    let before = all_groups(&mock);
    for (id, rows) in IBM {
        let operation = operation("ibm", id);
        for (status, code, message) in IBM_EVERYWHERE.iter().chain(rows) {
            let fault = if code.is_empty() {
                format!("status={status}")
            } else {
                format!("status={status}; code={code}")
            };

            let response = send_with_fault(&mock, &operation, &fault);

            assert_eq!(response.status, *status, "{id}");
            assert!(response.header("x-mock-rule").starts_with("ibm."), "{id} {status}");
            assert_ne!(response.header("x-mock-rule"), "ibm.faults.injected", "{id} {status} {code}");
            if operation.method == "head" {
                assert!(response.body.is_empty(), "{id} {status}");
                continue;
            }
            let body = response.json();
            let received = body["errors"][0]["message"].as_str().unwrap();
            assert!(matches_message(received, message), "{id} {status}: `{received}` is not `{message}`");
            let expected = json!({
                "trace": response.header("transaction-id"), "errors": [{"code": code, "message": received}],
                "status_code": status
            });
            assert_eq!(body, expected, "{id}");
        }
    }
    assert_eq!(all_groups(&mock), before);
}

#[test]
fn a_status_alone_selects_the_code_that_ibm_documents_for_the_operation() {
    let mock = demo_server(AuthMode::Lenient);
    for (id, rows) in IBM.into_iter().filter(|(id, _)| *id != "is_member_of_access_group") {
        let operation = operation("ibm", id);
        for (status, code, message) in IBM_EVERYWHERE.iter().chain(rows) {
            let body = send_with_fault(&mock, &operation, &format!("status={status}")).json();

            // Errors with the same status are distinguished by their codes.
            let is_first = body["errors"][0]["code"] == *code;
            assert!(is_first || *status == 404 || *status == 400, "{id} {status}: {body}");
            let received = body["errors"][0]["message"].as_str().unwrap();
            assert!(!is_first || matches_message(received, message), "{id} {status}: {received}");
        }
    }
}

#[test]
fn ibm_general_statuses_can_be_injected_into_every_operation() {
    let mock = demo_server(AuthMode::Lenient);
    for (id, _) in IBM {
        let operation = operation("ibm", id);
        for status in IBM_STATUSES {
            let response = send_with_fault(&mock, &operation, &format!("status={status}"));

            assert_eq!(response.status, status, "{id}");
            if operation.method != "head" {
                let body = response.json();
                assert_eq!(body["status_code"], status, "{id}");
                assert!(body["errors"][0]["code"].is_string() && body["trace"].is_string(), "{id}: {body}");
            }
        }
    }
}

#[test]
fn ibm_items_fail_with_its_statuses_and_messages() {
    for (id, list, items) in IBM_ITEMS {
        let operation = operation("ibm", id);
        for (status, message) in items {
            let mock = demo_server(AuthMode::Lenient);

            let response = send_with_fault(&mock, &operation, &format!("fail-items={status}")).expect(207);

            let item = &response.json()[list][0];
            assert_eq!(item["status_code"], *status, "{id}");
            assert_eq!(item["trace"], response.header("transaction-id"), "{id}");
            assert_eq!(item["errors"], json!([{"code": "error_occurred", "message": message}]), "{id}");
        }
    }
}

#[test]
fn authress_errors_have_its_envelope() {
    let mock = demo_server(AuthMode::Lenient);
    for (id, statuses) in AUTHRESS {
        let operation = operation("authress", id);
        for status in statuses {
            let response = send_with_fault(&mock, &operation, &format!("status={status}"));

            assert_eq!(response.status, *status, "{id}");
            let codes = [(401, "Unauthorized"), (403, "Forbidden"), (404, "GroupNotFound")];
            let code = codes.iter().find(|(known, _)| known == status).unwrap().1;
            let body = response.json();
            assert_eq!(body["errorCode"], code, "{id}");
            assert!(body["title"].is_string() && body["errorId"].is_string(), "{id}: {body}");
        }
    }
}

#[test]
fn cloudflare_4xx_errors_have_its_envelope() {
    let mock = demo_server(AuthMode::Lenient);
    for id in CLOUDFLARE {
        let operation = operation("cloudflare", id);
        for status in 400..=499 {
            let response = send_with_fault(&mock, &operation, &format!("status={status}"));

            assert_eq!(response.status, status, "{id}");
            let body = response.json();
            assert!(body["errors"][0]["code"].is_u64(), "{id} {status}: {body}");
            assert!(body["errors"][0]["message"].is_string(), "{id} {status}: {body}");
            let rest = (&body["messages"], &body["result"], &body["success"]);
            assert_eq!(rest, (&json!([]), &Value::Null, &json!(false)), "{id} {status}");
        }
    }
}

#[test]
fn a_cloudflare_status_selects_the_code_that_fits_the_credential_and_the_path() {
    let mock = demo_server(AuthMode::Lenient);
    let code = |id: &str, status: u16, headers: &[(&str, &str)]| {
        let operation = operation("cloudflare", id);
        let mut request = example_request(&mock, &operation, &operation.target()).anonymous();
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let response = request.fault(&format!("status={status}")).send().expect(status);
        response.json()["errors"][0]["code"].as_u64().unwrap()
    };
    let token = [("authorization", "Bearer any")];
    let key = [("x-auth-email", "ada@example.com"), ("x-auth-key", "any")];

    assert_eq!(code("list_access_groups", 403, &token), 10000);
    assert_eq!(code("list_access_groups", 403, &key), 9103);
    assert_eq!(code("list_resource_groups", 403, &token), 9109);
    assert_eq!(code("list_resource_groups", 403, &key), 9103);
    assert_eq!(code("list_access_groups", 403, &[]), 10000);
    assert_eq!(code("get_access_group", 401, &token), 10000);
    assert_eq!(code("get_access_group", 400, &token), 6003);
    assert_eq!(code("get_access_group", 400, &key), 6003);
    assert_eq!(code("get_access_group", 400, &[]), 9106);
    assert_eq!(code("get_access_group", 400, &key[..1]), 9106);
    assert_eq!(code("create_access_group", 400, &token), 12130);
    assert_eq!(code("create_resource_group", 400, &token), 400);
}

#[test]
fn an_explicit_cloudflare_code_is_injected_whatever_the_credential() {
    let mock = demo_server(AuthMode::Lenient);
    let operation = operation("cloudflare", "list_access_groups");

    let response = send_with_fault(&mock, &operation, "status=403; code=9103");

    assert_eq!(response.json()["errors"][0]["code"], 9103);
}

#[test]
fn legacy_errors_have_the_format_of_asp_net() {
    let mock = demo_server(AuthMode::Lenient);
    let operation = operation("legacy", "update_access_group");
    for status in (400..=429).chain(500..=504) {
        let response = send_with_fault(&mock, &operation, &format!("status={status}"));

        assert_eq!(response.status, status);
        assert!(response.json()["Message"].is_string(), "{status}");
    }
}
