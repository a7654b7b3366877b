//! The authress dialect, tested through its HTTP API.

mod auth;
mod groups;
mod lists;
mod neighbors;
mod protocol;
mod saved_state;
mod seeds;
mod validation;
mod validator;

use serde_json::{Value, json};

use crate::support::{TestResponse, TestServer};

const LIST: &str = "/v1/groups";
const ITEM: &str = "/v1/groups/grp_a";

/// Returns a group body with only the required fields.
fn group_body(name: &str) -> Value {
    json!({"name": name, "users": [], "admins": []})
}

/// Starts a server with the group `grp_a`.
fn with_group() -> TestServer {
    TestServer::with_seed(
        r#"{"authress":{"groups":[{"groupId":"grp_a","name":"Old","lastUpdated":"2026-01-02T03:04:05.678Z",
            "users":[{"userId":"oauth|one"}],"admins":[],"tags":{"environment":"production"}}]}}"#,
    )
}

/// Asserts the whole body of an error response; its `errorId` is the request id.
#[track_caller]
fn assert_error(response: &TestResponse, code: &str, title: &str) {
    let request_id = response.header("x-request-id");
    assert_eq!(request_id.len(), 36);
    assert_eq!(response.json(), json!({"title": title, "errorCode": code, "errorId": request_id}));
    assert_eq!(response.header("content-type"), "application/links+json");
}
