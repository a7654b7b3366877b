//! All groups of one member.

use serde_json::{Value, json};

use super::{
    ACCOUNT, AUDITORS, BLUE, EMPTY, PUBLIC, add_member, assert_error, assert_invalid, create_group,
    demo_server,
};
use crate::support::{TestResponse, TestServer};

fn path(iam_id: &str) -> String {
    format!("/v2/groups/_allgroups/members/{iam_id}?account_id={ACCOUNT}")
}

fn put(mock: &TestServer, iam_id: &str, body: Value) -> TestResponse {
    mock.put(&path(iam_id)).json(body).send()
}

#[test]
fn a_member_is_added_to_several_groups_item_by_item() {
    let mock = demo_server();
    let foreign = create_group(&mock, "of account a");

    let body = json!({"type": "user", "groups": [EMPTY, "AccessGroupId-0000", foreign, PUBLIC]});
    let response = put(&mock, "IBMid-1", body).expect(207);

    let failed = |id: &str, status: u16, message: &str| {
        json!({
            "access_group_id": id,
            "trace": response.header("transaction-id"),
            "errors": [{"code": "error_occurred", "message": message}],
            "status_code": status
        })
    };
    let expected = json!({"iam_id": "IBMid-1", "groups": [
        {"access_group_id": EMPTY, "status_code": 200},
        failed("AccessGroupId-0000", 404, "Group not found in account"),
        failed(&foreign, 404, "Group not found in account"),
        failed(PUBLIC, 405, "Cannot add members for: AccessGroupId-PublicAccess"),
    ]});
    assert_eq!(response.json(), expected);
    mock.head(&format!("/v2/groups/{EMPTY}/members/IBMid-1")).send().expect(204);
}

#[test]
fn adding_an_existing_member_is_200() {
    let mock = demo_server();

    let result = put(&mock, "IBMid-270001", json!({"type": "user", "groups": [BLUE]})).expect(207).json();

    let expected =
        json!({"iam_id": "IBMid-270001", "groups": [{"access_group_id": BLUE, "status_code": 200}]});
    assert_eq!(result, expected);
}

#[test]
fn a_service_id_needs_its_prefix_in_every_group() {
    let mock = demo_server();

    let good = put(&mock, "iam-ServiceId-1", json!({"type": "service", "groups": [BLUE]})).expect(207).json();
    let bad = put(&mock, "IBMid-1", json!({"type": "service", "groups": [BLUE]})).expect(207).json();

    assert_eq!(good["groups"][0]["status_code"], 200);
    assert_eq!(bad["groups"][0]["status_code"], 400);
    assert_eq!(bad["groups"][0]["errors"][0]["message"], "The service id is missing or incorrect");
}

#[test]
fn the_51st_group_of_a_member_is_403() {
    let mock = TestServer::start();
    let ids: Vec<String> = (0..51).map(|number| create_group(&mock, &number.to_string())).collect();
    let put = |groups: &[String]| {
        let body = json!({"type": "user", "groups": groups});
        mock.put("/v2/groups/_allgroups/members/IBMid-1?account_id=a").json(body).send().expect(207).json()
    };

    put(&ids[..50]);
    let result = put(&ids[50..]);

    assert_eq!(result["groups"][0]["status_code"], 403);
    assert_eq!(
        result["groups"][0]["errors"][0]["message"],
        "Group membership limit reached. A member can be a member of at most 50 groups"
    );
}

#[test]
fn a_duplicate_group_is_400() {
    let mock = demo_server();

    let body = json!({"type": "user", "groups": [BLUE, EMPTY, BLUE]});
    let response = put(&mock, "IBMid-1", body).expect(400);

    let message =
        format!("A duplicate groupId entry was found for {BLUE}. Please remove any duplicate entries.");
    assert_error(&response, "duplicate_groupid_error", &message);
    mock.head(&format!("/v2/groups/{EMPTY}/members/IBMid-1")).send().expect(404);
}

#[test]
fn an_invalid_list_of_groups_is_rejected_as_a_whole() {
    let mock = demo_server();
    let many: Vec<String> = (0..51).map(|number| format!("g{number}")).collect();
    let put = |body: Value| put(&mock, "IBMid-1", body);

    assert_invalid(
        put(json!({})),
        "type must be one of user, service, profile, groups must have 1 to 50 entries",
    );
    assert_invalid(put(json!({"type": "user", "groups": []})), "groups must have 1 to 50 entries");
    assert_invalid(put(json!({"type": "user", "groups": many})), "groups must have 1 to 50 entries");
    assert_invalid(put(json!({"type": "user", "groups": [""]})), "groups[0] must not be empty");
    assert_invalid(
        put(json!({"type": "user", "groups": [1]})),
        "groups[0] invalid type: integer `1`, expected a string",
    );
}

#[test]
fn both_operations_need_an_account() {
    let mock = demo_server();
    let path = "/v2/groups/_allgroups/members/IBMid-270002";

    assert_invalid(mock.delete(path).send(), "account_id is missing");
    assert_invalid(
        mock.put(path).json(json!({"type": "user", "groups": [BLUE]})).send(),
        "account_id is missing",
    );
}

#[test]
fn a_member_is_removed_from_all_groups_of_one_account() {
    let mock = demo_server();
    let foreign = create_group(&mock, "of account a");
    add_member(&mock, &foreign, "IBMid-270002");

    let result = mock.delete(&path("IBMid-270002")).send().expect(207).json();

    let expected = json!({"iam_id": "IBMid-270002", "groups": [
        {"access_group_id": BLUE, "status_code": 204},
        {"access_group_id": AUDITORS, "status_code": 204}
    ]});
    assert_eq!(result, expected);
    mock.head(&format!("/v2/groups/{BLUE}/members/IBMid-270002")).send().expect(404);
    mock.head(&format!("/v2/groups/{foreign}/members/IBMid-270002")).send().expect(204);
}

#[test]
fn removing_a_member_that_is_in_no_group_is_404_and_names_it() {
    let mock = demo_server();

    let response = mock.delete(&path("IBMid-9")).send().expect(404);

    assert_error(&response, "no_groups_found", "No groups found for member: IBMid-9");
}
