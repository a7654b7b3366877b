//! Bulk requests of which some items fail: the 207 responses of IBM.

use serde_json::{Value, json};

use super::super::helpers::{DEMO_SEED, GROUPS, add_faults};
use crate::support::{TestResponse, TestServer};

const BLUE: &str = "AccessGroupId-1b0d2c34-7c1e-4f0a-9a55-2f1f0b0c7e11";
const AUDITORS: &str = "AccessGroupId-8c4e6f10-52ab-4d9c-b3f7-6a1e9d0c2b22";
const ACCOUNT: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

fn add<'a>(mock: &'a TestServer, ids: &[&str]) -> crate::support::TestRequest<'a> {
    let members: Vec<Value> = ids.iter().map(|id| json!({"iam_id": id, "type": "user"})).collect();
    mock.put(&format!("/v2/groups/{BLUE}/members")).json(json!({ "members": members }))
}

fn is_member(mock: &TestServer, group: &str, iam_id: &str) -> bool {
    mock.head(&format!("/v2/groups/{group}/members/{iam_id}")).send().status == 204
}

/// Returns the statuses of the items, with the codes of failed ones.
fn items(response: &TestResponse, list: &str) -> Vec<(u64, Value)> {
    let body = response.json();
    let items = body[list].as_array().unwrap().iter();
    items.map(|item| (item["status_code"].as_u64().unwrap(), item["errors"][0]["code"].clone())).collect()
}

fn succeeded(status: u64) -> (u64, Value) {
    (status, Value::Null)
}

fn failed(status: u64) -> (u64, Value) {
    (status, json!("error_occurred"))
}

#[test]
fn only_the_first_item_fails_with_500_by_default() {
    let mock = TestServer::with_seed(DEMO_SEED);

    let response = add(&mock, &["IBMid-a", "IBMid-b"]).fault("fail-items").send().expect(207);

    assert_eq!(items(&response, "members"), [failed(500), succeeded(200)]);
    let body = response.json();
    assert_eq!(body["members"][0]["trace"], response.header("transaction-id"));
    assert_eq!(body["members"][0]["errors"][0]["message"], "A fault of the mock server made this part fail");
    assert!(!is_member(&mock, BLUE, "IBMid-a") && is_member(&mock, BLUE, "IBMid-b"));
}

#[test]
fn selected_items_fail_with_a_status_and_the_vendors_message() {
    let mock = TestServer::with_seed(DEMO_SEED);

    let call = add(&mock, &["IBMid-a", "IBMid-b", "IBMid-c"]);
    let response = call.fault("fail-items=400; ids=IBMid-b,IBMid-c").send().expect(207);

    assert_eq!(items(&response, "members"), [succeeded(200), failed(400), failed(400)]);
    assert_eq!(
        response.json()["members"][1]["errors"][0]["message"],
        "The service id is missing or incorrect"
    );
    assert!(is_member(&mock, BLUE, "IBMid-a") && !is_member(&mock, BLUE, "IBMid-b"));
}

#[test]
fn members_whose_removal_fails_stay() {
    let mock = TestServer::with_seed(DEMO_SEED);
    let ids = json!({"members": ["IBMid-270001", "IBMid-270002"]});

    let call = mock.post(&format!("/v2/groups/{BLUE}/members/delete")).json(ids);
    let response = call.fault("fail-items=404; ids=IBMid-270002").send().expect(207);

    assert_eq!(items(&response, "members"), [succeeded(204), failed(404)]);
    assert_eq!(response.json()["members"][1]["errors"][0]["message"], "Failed to find the membership");
    assert!(!is_member(&mock, BLUE, "IBMid-270001") && is_member(&mock, BLUE, "IBMid-270002"));
}

#[test]
fn a_member_stays_in_groups_whose_item_fails() {
    let mock = TestServer::with_seed(DEMO_SEED);
    mock.put(&format!("/v2/groups/{AUDITORS}/members"))
        .json(json!({"members": [{"iam_id": "IBMid-270002", "type": "user"}]}))
        .send()
        .expect(207);

    let call = mock.delete(&format!("/v2/groups/_allgroups/members/IBMid-270002?account_id={ACCOUNT}"));
    let response = call.fault(&format!("fail-items=409; ids={BLUE}")).send().expect(207);

    let body = response.json();
    let blue_item = body["groups"].as_array().unwrap().iter().find(|item| item["access_group_id"] == BLUE);
    assert_eq!(blue_item.unwrap()["status_code"], 409);
    assert_eq!(blue_item.unwrap()["errors"][0]["message"], "Cloudant document update conflict occurred");
    assert!(is_member(&mock, BLUE, "IBMid-270002") && !is_member(&mock, AUDITORS, "IBMid-270002"));
}

#[test]
fn a_member_is_added_only_to_groups_whose_item_succeeds() {
    let mock = TestServer::with_seed(DEMO_SEED);
    add_faults(
        &mock,
        json!({
            "match": {"operation": "ibm_add_member_to_multiple_access_groups"},
            "effect": {"type": "fail-items", "status": 403, "ids": [AUDITORS]}
        }),
    );
    let body = json!({"type": "user", "groups": [BLUE, AUDITORS]});

    let call = mock.put(&format!("/v2/groups/_allgroups/members/IBMid-a?account_id={ACCOUNT}")).json(body);
    let response = call.send().expect(207);

    assert_eq!(items(&response, "groups"), [succeeded(200), failed(403)]);
    assert!(is_member(&mock, BLUE, "IBMid-a") && !is_member(&mock, AUDITORS, "IBMid-a"));
}

#[test]
fn a_request_without_items_is_not_affected() {
    let mock = TestServer::with_seed(DEMO_SEED);

    mock.get(GROUPS).fault("fail-items").send().expect(200);
}
