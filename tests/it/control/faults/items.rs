//! Bulk calls of which some parts fail: IBM's 207 answers.

use serde_json::{Value, json};

use super::super::bench::{SEED, arm};
use crate::support::{Mock, Reply};

const BLUE: &str = "AccessGroupId-1b0d2c34-7c1e-4f0a-9a55-2f1f0b0c7e11";
const AUDITORS: &str = "AccessGroupId-8c4e6f10-52ab-4d9c-b3f7-6a1e9d0c2b22";
const ACCOUNT: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

fn add<'a>(mock: &'a Mock, ids: &[&str]) -> crate::support::Call<'a> {
    let members: Vec<Value> = ids.iter().map(|id| json!({"iam_id": id, "type": "user"})).collect();
    mock.put(&format!("/v2/groups/{BLUE}/members")).json(json!({ "members": members }))
}

fn is_member(mock: &Mock, group: &str, iam_id: &str) -> bool {
    mock.head(&format!("/v2/groups/{group}/members/{iam_id}")).send().status == 204
}

/// The statuses of the parts, and the codes of those that failed.
fn parts(reply: &Reply, list: &str) -> Vec<(u64, Value)> {
    let body = reply.json();
    let parts = body[list].as_array().unwrap().iter();
    parts.map(|part| (part["status_code"].as_u64().unwrap(), part["errors"][0]["code"].clone())).collect()
}

fn done(status: u64) -> (u64, Value) {
    (status, Value::Null)
}

fn failed(status: u64) -> (u64, Value) {
    (status, json!("error_occurred"))
}

#[test]
fn the_first_part_fails_with_500_where_nothing_else_is_said_and_only_the_others_are_done() {
    let mock = Mock::seeded(SEED);

    let reply = add(&mock, &["IBMid-a", "IBMid-b"]).fault("fail-items").send().expect(207);

    assert_eq!(parts(&reply, "members"), [failed(500), done(200)]);
    let body = reply.json();
    assert_eq!(body["members"][0]["trace"], reply.header("transaction-id"));
    assert_eq!(body["members"][0]["errors"][0]["message"], "A fault of the mock server made this part fail");
    assert!(!is_member(&mock, BLUE, "IBMid-a") && is_member(&mock, BLUE, "IBMid-b"));
}

#[test]
fn named_parts_fail_with_a_status_and_the_vendors_words_for_it() {
    let mock = Mock::seeded(SEED);

    let call = add(&mock, &["IBMid-a", "IBMid-b", "IBMid-c"]);
    let reply = call.fault("fail-items=400; ids=IBMid-b,IBMid-c").send().expect(207);

    assert_eq!(parts(&reply, "members"), [done(200), failed(400), failed(400)]);
    assert_eq!(reply.json()["members"][1]["errors"][0]["message"], "The service id is missing or incorrect");
    assert!(is_member(&mock, BLUE, "IBMid-a") && !is_member(&mock, BLUE, "IBMid-b"));
}

#[test]
fn members_that_are_to_be_removed_stay_where_their_part_fails() {
    let mock = Mock::seeded(SEED);
    let ids = json!({"members": ["IBMid-270001", "IBMid-270002"]});

    let call = mock.post(&format!("/v2/groups/{BLUE}/members/delete")).json(ids);
    let reply = call.fault("fail-items=404; ids=IBMid-270002").send().expect(207);

    assert_eq!(parts(&reply, "members"), [done(204), failed(404)]);
    assert_eq!(reply.json()["members"][1]["errors"][0]["message"], "Failed to find the membership");
    assert!(!is_member(&mock, BLUE, "IBMid-270001") && is_member(&mock, BLUE, "IBMid-270002"));
}

#[test]
fn a_member_of_all_groups_stays_in_those_whose_part_fails() {
    let mock = Mock::seeded(SEED);
    mock.put(&format!("/v2/groups/{AUDITORS}/members"))
        .json(json!({"members": [{"iam_id": "IBMid-270002", "type": "user"}]}))
        .send()
        .expect(207);

    let call = mock.delete(&format!("/v2/groups/_allgroups/members/IBMid-270002?account_id={ACCOUNT}"));
    let reply = call.fault(&format!("fail-items=409; ids={BLUE}")).send().expect(207);

    let body = reply.json();
    let of_blue = body["groups"].as_array().unwrap().iter().find(|part| part["access_group_id"] == BLUE);
    assert_eq!(of_blue.unwrap()["status_code"], 409);
    assert_eq!(of_blue.unwrap()["errors"][0]["message"], "Cloudant document update conflict occurred");
    assert!(is_member(&mock, BLUE, "IBMid-270002") && !is_member(&mock, AUDITORS, "IBMid-270002"));
}

#[test]
fn a_member_is_added_only_to_the_groups_whose_part_does_not_fail() {
    let mock = Mock::seeded(SEED);
    arm(
        &mock,
        json!({
            "match": {"operation": "ibm_add_member_to_multiple_access_groups"},
            "effect": {"type": "fail-items", "status": 403, "ids": [AUDITORS]}
        }),
    );
    let groups = [BLUE, AUDITORS].map(|id| json!({"access_group_id": id}));
    let body = json!({"type": "user", "groups": groups});

    let call = mock.put(&format!("/v2/groups/_allgroups/members/IBMid-a?account_id={ACCOUNT}")).json(body);
    let reply = call.send().expect(207);

    assert_eq!(parts(&reply, "groups"), [done(200), failed(403)]);
    assert!(is_member(&mock, BLUE, "IBMid-a") && !is_member(&mock, AUDITORS, "IBMid-a"));
}

#[test]
fn a_call_without_parts_is_left_alone() {
    let mock = Mock::seeded(SEED);

    mock.get("/v2/groups").fault("fail-items").send().expect(200);
}
