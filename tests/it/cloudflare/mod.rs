//! The cloudflare dialect, tested through its HTTP API.

mod access_groups;
mod accounts;
mod auth;
mod errors;
mod fidelity;
mod neighbors;
mod resource_groups;
mod saved_state;

use serde_json::{Value, json};

use crate::support::TestResponse;

const ACCOUNT: &str = "023e105f4ecef8ad9ca31a8372d0c353";
const ZONE: &str = "9a7806061c88ada191ed06f989cc3dac";

/// Returns the path of the Access groups of `ACCOUNT`.
fn access_groups_path() -> String {
    format!("/client/v4/accounts/{ACCOUNT}/access/groups")
}

/// Returns the path of the resource groups of `ACCOUNT`.
fn resource_groups_path() -> String {
    format!("/client/v4/accounts/{ACCOUNT}/iam/resource_groups")
}

/// Asserts the envelope of an error response that has exactly one error with this code and message.
#[track_caller]
fn assert_error(response: &TestResponse, code: u16, message: &str) {
    let body = response.json();
    assert_eq!(body["success"], json!(false));
    assert_eq!(body["result"], Value::Null);
    assert_eq!(body["messages"], json!([]));
    assert_eq!(body["errors"].as_array().unwrap().len(), 1, "{body}");
    assert_eq!(body["errors"][0]["code"], json!(code), "{body}");
    assert_eq!(body["errors"][0]["message"], json!(message), "{body}");
}
