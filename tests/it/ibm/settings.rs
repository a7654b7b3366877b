//! Account settings.

use serde_json::{Value, json};

use super::{ACCOUNT, assert_invalid, demo_server};
use crate::support::{TestResponse, TestServer};

const PATH: &str = "/v2/groups/settings?account_id=a";

fn patch(mock: &TestServer, body: Value) -> TestResponse {
    mock.patch(PATH).json(body).send()
}

#[test]
fn a_new_account_has_the_default_settings() {
    let mock = TestServer::start();

    let settings = mock.get(PATH).send().expect(200).json();

    let expected = json!({
        "account_id": "a",
        "last_modified_at": "2026-01-01T00:00:00Z",
        "last_modified_by_id": "iam-system",
        "public_access_enabled": true
    });
    assert_eq!(settings, expected);
}

#[test]
fn a_settings_change_records_its_author() {
    let mock = TestServer::start();

    let changed = patch(&mock, json!({"public_access_enabled": false})).expect(200).json();

    assert_eq!(changed["account_id"], "a");
    assert_eq!(changed["public_access_enabled"], false);
    assert_eq!(changed["last_modified_by_id"], "IBMid-mock");
    assert_ne!(changed["last_modified_at"], "2026-01-01T00:00:00Z");
    assert_eq!(mock.get(PATH).send().expect(200).json(), changed);
    let other = mock.get("/v2/groups/settings?account_id=b").send().expect(200).json();
    assert_eq!(other["public_access_enabled"], true);
}

#[test]
fn an_empty_change_changes_nothing() {
    let mock = demo_server();
    let path = format!("/v2/groups/settings?account_id={ACCOUNT}");
    let before = mock.get(&path).send().expect(200).json();

    for body in [json!({}), json!({"public_access_enabled": null}), json!({"unknown": 1})] {
        assert_eq!(mock.patch(&path).json(body).send().expect(200).json(), before);
    }
    assert_eq!(before["last_modified_by_id"], "IBMid-270001");
}

#[test]
fn the_public_access_group_stays_listed_when_it_is_switched_off() {
    let mock = TestServer::start();
    patch(&mock, json!({"public_access_enabled": false})).expect(200);

    let list = mock.get("/v2/groups?account_id=a").send().expect(200).json();

    assert_eq!(list["groups"][0]["id"], "AccessGroupId-PublicAccess");
}

#[test]
fn a_non_boolean_flag_is_400() {
    let mock = TestServer::start();

    let response = patch(&mock, json!({"public_access_enabled": "no"}));

    assert_invalid(response, "public_access_enabled invalid type: string \"no\", expected a boolean");
}

#[test]
fn settings_need_an_account() {
    let mock = TestServer::start();

    assert_invalid(mock.get("/v2/groups/settings").send(), "account_id is missing");
    assert_invalid(mock.patch("/v2/groups/settings").json(json!({})).send(), "account_id is missing");
}
