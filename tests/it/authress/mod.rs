//! The authress dialect, from outside.

mod auth;
mod groups;
mod lists;
mod protocol;
mod seeds;
mod states;
mod validation;

use serde_json::{Value, json};

use crate::support::{Mock, Reply};

const LIST: &str = "/v1/groups";
const ITEM: &str = "/v1/groups/grp_a";

/// The least body that a group needs.
fn named(name: &str) -> Value {
    json!({"name": name, "users": [], "admins": []})
}

/// A server with the group `grp_a`.
fn with_group() -> Mock {
    Mock::seeded(
        r#"{"authress":{"groups":[{"groupId":"grp_a","name":"Old","lastUpdated":"2026-01-02T03:04:05.678Z",
            "users":[{"userId":"oauth|one"}],"admins":[],"tags":{"environment":"production"}}]}}"#,
    )
}

/// Asserts the whole body of an error, whose `errorId` is the request's.
#[track_caller]
fn assert_error(reply: &Reply, code: &str, title: &str) {
    let request_id = reply.header("x-request-id");
    assert_eq!(request_id.len(), 36);
    assert_eq!(reply.json(), json!({"title": title, "errorCode": code, "errorId": request_id}));
    assert_eq!(reply.header("content-type"), "application/links+json");
}
