//! Members of one group.

use access_groups_mock::{Config, Fidelity};
use serde_json::{Value, json};

use super::{
    AUDITORS, BLUE, PUBLIC, add_member, assert_error, assert_invalid, create_group, demo_server, field_values,
};
use crate::support::{TestResponse, TestServer};

fn members(group: &str) -> String {
    format!("/v2/groups/{group}/members")
}

#[expect(clippy::needless_pass_by_value, reason = "calls read better with `json!` in place")]
fn put(mock: &TestServer, group: &str, list: Value) -> TestResponse {
    mock.put(&members(group)).json(json!({ "members": list })).send()
}

#[test]
fn members_of_every_kind_are_added_item_by_item() {
    let mock = TestServer::start();
    let id = create_group(&mock, "a");

    let list = json!([
        {"iam_id": "IBMid-user1", "type": "user"},
        {"iam_id": "iam-ServiceId-123", "type": "service"},
        {"iam_id": "iam-Profile-1", "type": "profile"},
        {"iam_id": "other", "type": "service"}
    ]);
    let response = put(&mock, &id, list).expect(207);

    let result = response.json();
    let time = result["members"][0]["created_at"].clone();
    let added = |iam_id: &str, kind: &str| json!({"iam_id": iam_id, "type": kind, "created_at": time, "created_by_id": "IBMid-mock", "status_code": 200});
    let failed = json!({
        "iam_id": "other",
        "status_code": 400,
        "trace": response.header("transaction-id"),
        "errors": [{"code": "error_occurred", "message": "The service id is missing or incorrect"}]
    });
    let expected = [
        added("IBMid-user1", "user"),
        added("iam-ServiceId-123", "service"),
        added("iam-Profile-1", "profile"),
        failed,
    ];
    assert_eq!(result["members"], json!(expected));
    let listed = mock.get(&members(&id)).send().expect(200).json();
    assert_eq!(
        field_values(&listed, "members", "iam_id"),
        ["IBMid-user1", "iam-ServiceId-123", "iam-Profile-1"]
    );
}

#[test]
fn adding_an_existing_member_changes_nothing() {
    let mock = demo_server();

    let result = put(&mock, BLUE, json!([{"iam_id": "IBMid-270001", "type": "profile"}])).expect(207).json();

    let expected = json!({"members": [{
        "iam_id": "IBMid-270001",
        "type": "user",
        "created_at": "2026-01-05T10:01:00Z",
        "created_by_id": "IBMid-270001",
        "status_code": 200
    }]});
    assert_eq!(result, expected);
    assert_eq!(mock.get(&members(BLUE)).send().json()["total_count"], 4);
}

#[test]
fn a_member_is_in_at_most_50_groups_of_an_account() {
    let mock = TestServer::start();
    let ids: Vec<String> = (0..51).map(|number| create_group(&mock, &number.to_string())).collect();
    for id in &ids[..50] {
        add_member(&mock, id, "IBMid-1");
    }

    let list = json!([{"iam_id": "IBMid-1", "type": "user"}, {"iam_id": "IBMid-2", "type": "user"}]);
    let response = put(&mock, &ids[50], list).expect(207);

    let failed = json!({
        "iam_id": "IBMid-1",
        "status_code": 403,
        "trace": response.header("transaction-id"),
        "errors": [{
            "code": "error_occurred",
            "message": "Group membership limit reached. A member can be a member of at most 50 groups"
        }]
    });
    assert_eq!(response.json()["members"][0], failed);
    assert_eq!(response.json()["members"][1]["status_code"], 200);
    add_member(&mock, &ids[0], "IBMid-1");
    let other = mock.post("/v2/groups?account_id=b").json(json!({"name": "b"})).send().json();
    add_member(&mock, other["id"].as_str().unwrap(), "IBMid-1");
}

#[test]
fn a_member_that_was_not_added_has_the_fields_of_a_member_in_the_live_service() {
    let list = json!([{"iam_id": "IBMid-1", "type": "service"}, {"iam_id": "IBMid-2", "type": "user"}]);
    for fidelity in [Fidelity::Documented, Fidelity::Live] {
        let mock = TestServer::with_config(Config { fidelity, ..Config::default() }, "{}");
        let id = create_group(&mock, "a");

        let response = put(&mock, &id, list.clone()).expect(207);

        let mut failed = json!({
            "iam_id": "IBMid-1",
            "status_code": 400,
            "trace": response.header("transaction-id"),
            "errors": [{"code": "error_occurred", "message": "The service id is missing or incorrect"}]
        });
        if fidelity == Fidelity::Live {
            failed["type"] = json!("service");
            failed["created_at"] = json!("");
            failed["created_by_id"] = json!("");
        }
        assert_eq!(response.json()["members"][0], failed);
        assert_eq!(response.json()["members"][1]["status_code"], 200);
    }
}

#[test]
fn an_invalid_list_of_members_is_rejected_as_a_whole() {
    let mock = demo_server();
    let many: Vec<Value> = (0..51).map(|n| json!({"iam_id": format!("IBMid-{n}"), "type": "user"})).collect();
    let user = json!({"iam_id": "IBMid-1", "type": "user"});

    assert_invalid(put(&mock, AUDITORS, json!(many)), "members must have 1 to 50 entries");
    assert_invalid(put(&mock, AUDITORS, json!([])), "members must have 1 to 50 entries");
    assert_invalid(put(&mock, AUDITORS, json!(null)), "members must have 1 to 50 entries");
    assert_invalid(put(&mock, AUDITORS, json!([user, user])), "members must not contain `IBMid-1` twice");
    assert_invalid(
        put(&mock, AUDITORS, json!([user, {"type": "robot"}])),
        "members[1].type must be one of user, service, profile, members[1].iam_id is missing or empty",
    );
    assert_invalid(
        put(&mock, AUDITORS, json!([{"iam_id": 5}])),
        "members[0].iam_id invalid type: integer `5`, expected a string",
    );
    assert_invalid(
        put(&mock, AUDITORS, json!([["IBMid-1", "user"]])),
        "members[0] invalid type: sequence, expected an object",
    );
    assert_eq!(mock.get(&members(AUDITORS)).send().json()["total_count"], 1);
}

#[test]
fn fifty_members_are_added_at_once() {
    let mock = TestServer::start();
    let id = create_group(&mock, "a");
    let many: Vec<Value> = (0..50).map(|n| json!({"iam_id": format!("IBMid-{n}"), "type": "user"})).collect();

    let result = put(&mock, &id, json!(many)).expect(207).json();

    assert_eq!(result["members"].as_array().unwrap().len(), 50);
    assert_eq!(mock.get(&members(&id)).send().json()["total_count"], 50);
}

#[test]
fn the_public_access_group_accepts_no_members() {
    let mock = TestServer::start();
    let code = "method_not_allowed_for_group";
    let remove = "Cannot delete group membership for: AccessGroupId-PublicAccess";

    let add = mock.put(&members(PUBLIC)).body("{").send().expect(405);
    let one = mock.delete(&format!("{}/IBMid-1", members(PUBLIC))).send().expect(405);
    let many = mock.post(&format!("{}/delete", members(PUBLIC))).body("{").send().expect(405);

    assert_error(&add, code, "Cannot add members for: AccessGroupId-PublicAccess");
    assert_error(&one, code, remove);
    assert_error(&many, code, remove);
}

#[test]
fn the_public_access_group_has_an_empty_member_list() {
    let mock = TestServer::start();

    let list = mock.get(&members(PUBLIC)).send().expect(200).json();
    mock.head(&format!("{}/IBMid-1", members(PUBLIC))).send().expect(404);

    assert_eq!(list["members"], json!([]));
    assert_eq!(list["total_count"], 0);
}

#[test]
fn member_operations_on_an_unknown_group_are_404() {
    let mock = TestServer::start();
    let path = members("AccessGroupId-0000");
    let message = "Failed to find the specified access group: AccessGroupId-0000";

    assert_error(&mock.get(&path).send().expect(404), "group_not_found", message);
    assert_error(&mock.put(&path).body("{").send().expect(404), "group_not_found", message);
    let one = mock.delete(&format!("{path}/IBMid-1")).send().expect(404);
    assert_error(&one, "group_not_found", message);
    let many = mock.post(&format!("{path}/delete")).body("{").send().expect(404);
    assert_error(&many, "group_not_found", message);
    let head = mock.head(&format!("{path}/IBMid-1")).send().expect(404);
    assert!(head.body.is_empty());
}

#[test]
fn head_reports_membership() {
    let mock = demo_server();

    let present = mock.head(&format!("{}/IBMid-270001", members(BLUE))).send().expect(204);
    let absent = mock.head(&format!("{}/IBMid-9", members(BLUE))).send().expect(404);

    assert!(present.body.is_empty());
    assert!(absent.body.is_empty());
    mock.head(&format!("{}/ibmid-270001", members(BLUE))).send().expect(404);
}

#[test]
fn members_are_listed_in_insertion_order_without_names() {
    let mock = demo_server();

    let list = mock.get(&members(BLUE)).send().expect(200).json();

    let url = format!("{}{}", mock.url(), members(BLUE));
    assert_eq!(list["limit"], 50);
    assert_eq!(list["offset"], 0);
    assert_eq!(list["total_count"], 4);
    assert_eq!(list["first"], json!({"href": format!("{url}?limit=50")}));
    assert_eq!(list["last"], json!({"href": format!("{url}?offset=0&limit=50")}));
    assert_eq!(list["next"], Value::Null);
    assert_eq!(
        list["members"][0],
        json!({
            "iam_id": "IBMid-270001",
            "type": "user",
            "membership_type": "static",
            "href": format!("{url}/IBMid-270001"),
            "created_at": "2026-01-05T10:01:00Z",
            "created_by_id": "IBMid-270001"
        })
    );
    assert_eq!(field_values(&list, "members", "type"), ["user", "user", "service", "profile"]);
}

#[test]
fn a_verbose_list_has_names_and_the_fields_of_each_member_type() {
    let mock = demo_server();

    let list = mock.get(&format!("{}?verbose=true", members(BLUE))).send().expect(200).json();

    let shown = |index: usize| {
        let member = &list["members"][index];
        json!([member["name"], member["email"], member["description"]])
    };
    assert_eq!(shown(0), json!(["Ada Blue", "ada@example.com", null]));
    assert_eq!(shown(2), json!(["ci bot", null, "runs builds"]));
    assert_eq!(shown(3), json!(["deployments", null, null]));
    assert_eq!(list["first"]["href"], format!("{}{}?limit=50&verbose=true", mock.url(), members(BLUE)));
}

#[test]
fn member_details_missing_from_the_seed_are_derived_from_the_id() {
    let mock = TestServer::start();
    let id = create_group(&mock, "a");
    let list = json!([
        {"iam_id": "IBMid-7", "type": "user"},
        {"iam_id": "iam-ServiceId-7", "type": "service"},
        {"iam_id": "iam-Profile-7", "type": "profile"},
        {"iam_id": "seven", "type": "profile"}
    ]);
    put(&mock, &id, list).expect(207);

    let list = mock.get(&format!("{}?verbose=true", members(&id))).send().expect(200).json();

    assert_eq!(
        field_values(&list, "members", "name"),
        ["User 7", "Service ID 7", "Trusted profile 7", "seven"]
    );
    assert_eq!(list["members"][0]["email"], "7@example.com");
    assert_eq!(list["members"][1]["description"], "");
}

#[test]
fn seeded_member_details_apply_to_every_group_and_outlive_memberships() {
    let mock = demo_server();
    let name = |group: &str| {
        let list = mock.get(&format!("{}?verbose=true", members(group))).send().json();
        list["members"].as_array().unwrap().last().unwrap()["name"].clone()
    };

    assert_eq!(name(AUDITORS), "Ben Green");
    mock.delete(&format!("{}/IBMid-270002", members(AUDITORS))).send().expect(204);
    add_member(&mock, AUDITORS, "IBMid-270002");
    assert_eq!(name(AUDITORS), "Ben Green");
}

#[test]
fn members_are_sorted_by_id_name_or_email_in_both_directions() {
    let mock = TestServer::start();
    let id = create_group(&mock, "a");
    let list = json!([
        {"iam_id": "iam-ServiceId-b", "type": "service"},
        {"iam_id": "IBMid-c", "type": "user"},
        {"iam_id": "IBMid-A", "type": "user"},
        {"iam_id": "iam-Profile-a", "type": "profile"}
    ]);
    put(&mock, &id, list).expect(207);
    let ids = |query: &str| {
        let list = mock.get(&format!("{}?{query}", members(&id))).send().expect(200).json();
        field_values(&list, "members", "iam_id")
    };

    let by_id = ["IBMid-A", "IBMid-c", "iam-Profile-a", "iam-ServiceId-b"];
    let by_name = ["iam-ServiceId-b", "iam-Profile-a", "IBMid-A", "IBMid-c"];
    let by_email = ["iam-Profile-a", "iam-ServiceId-b", "IBMid-A", "IBMid-c"];
    assert_eq!(ids("verbose=true&sort=id"), by_id);
    assert_eq!(ids("verbose=true&sort=name"), by_name);
    assert_eq!(ids("verbose=true&sort=email"), by_email);
    let reversed = |mut order: [&'static str; 4]| {
        order.reverse();
        order
    };
    assert_eq!(ids("verbose=true&sort=-id"), reversed(by_id));
    assert_eq!(ids("verbose=true&sort=-name"), reversed(by_name));
    assert_eq!(ids("verbose=true&sort=-email"), reversed(by_email));
    assert_eq!(ids("sort=name"), by_id);
    assert_eq!(ids("sort=-email"), reversed(by_id));
}

#[test]
fn members_of_one_type_are_paged_in_every_sort_order_in_small_and_large_groups() {
    for count in [9, 120] {
        let kinds = ["user", "service", "profile"];
        let prefixes = ["IBMid-", "iam-ServiceId-", "iam-Profile-"];
        let member = |n: usize| json!({"iam_id": format!("{}{:03}", prefixes[n % 3], (n * 7) % count), "type": kinds[n % 3]});
        let all: Vec<Value> = (0..count).map(member).collect();
        let seed =
            json!({"ibm": {"accounts": {"a": {"groups": [{"id": "g", "name": "g", "members": all}]}}}});
        let mock = TestServer::with_seed(&seed.to_string());
        let added: Vec<String> = all
            .iter()
            .filter(|member| member["type"] == "service")
            .map(|member| member["iam_id"].as_str().unwrap().to_owned())
            .collect();
        let mut ordered = added.clone();
        ordered.sort();
        let mut reversed = ordered.clone();
        reversed.reverse();

        for (query, expected) in [
            ("", &added),
            ("&sort=id", &ordered),
            ("&sort=-id", &reversed),
            ("&verbose=true&sort=name", &ordered),
            ("&verbose=true&sort=-name", &reversed),
            ("&verbose=true&sort=email", &ordered),
        ] {
            let mut seen = Vec::new();
            for page in 0..=count / 12 {
                let path = format!("{}?type=service{query}&limit=4&offset={}", members("g"), page * 4);
                let list = mock.get(&path).send().expect(200).json();
                assert_eq!(list["total_count"], count / 3);
                seen.extend(field_values(&list, "members", "iam_id"));
            }
            assert_eq!(&seen, expected, "{query}");
        }
    }
}

#[test]
fn member_links_repeat_the_filters_in_their_documented_order() {
    let mock = demo_server();

    let query = "?sort=-id&type=user&limit=1&verbose=true&membership_type=all&offset=1";
    let list = mock.get(&format!("{}{query}", members(BLUE))).send().expect(200).json();

    let rest = "limit=1&membership_type=all&type=user&verbose=true&sort=-id";
    let url = format!("{}{}", mock.url(), members(BLUE));
    assert_eq!(list["first"]["href"], format!("{url}?{rest}"));
    assert_eq!(list["previous"]["href"], format!("{url}?offset=0&{rest}"));
    assert_eq!(list["next"], Value::Null);
    assert_eq!(list["last"]["href"], format!("{url}?offset=1&{rest}"));
}

#[test]
fn there_are_no_dynamic_members() {
    let mock = demo_server();
    let total = |kind: &str| {
        let path = format!("{}?membership_type={kind}", members(BLUE));
        mock.get(&path).send().expect(200).json()["total_count"].clone()
    };

    assert_eq!([total("static"), total("all"), total("dynamic")], [4, 4, 0]);
}

#[test]
fn invalid_parameters_of_the_member_list_are_400() {
    let mock = demo_server();

    let query = "?verbose=x&sort=type&type=robot&membership_type=x&limit=101&offset=x";
    let response = mock.get(&format!("{}{query}", members(BLUE))).send();

    assert_invalid(
        response,
        "verbose must be one of true, false, \
         sort must be one of id, name, email, each optionally with a leading minus, \
         type must be one of user, service, profile, \
         membership_type must be one of static, dynamic, all, \
         limit must be an integer from 0 to 100, offset must be a non-negative integer",
    );
}

#[test]
fn one_member_is_removed() {
    let mock = demo_server();
    let path = format!("{}/IBMid-270001", members(BLUE));

    let response = mock.delete(&path).send().expect(204);

    assert!(response.body.is_empty());
    mock.head(&path).send().expect(404);
    let again = mock.delete(&path).send().expect(404);
    assert_error(&again, "membership_not_found", "Failed to find the membership");
}

#[test]
fn ids_in_paths_are_decoded() {
    let mock = TestServer::start();
    let id = create_group(&mock, "a");
    add_member(&mock, &id, "IBMid-é :1");

    let list = mock.get(&members(&id)).send().expect(200).json();
    let href = format!("{}{}/IBMid-%C3%A9%20%3A1", mock.url(), members(&id));

    assert_eq!(list["members"][0]["href"], href);
    mock.head(&format!("{}/IBMid-%c3%a9%20:1", members(&id))).send().expect(204);
    assert_eq!(
        mock.delete(&format!("{}/%ff", members(&id))).send().expect(400).json()["errors"][0]["code"],
        "invalid_payload"
    );
}

#[test]
fn several_members_are_removed_item_by_item() {
    let mock = demo_server();

    let body = json!({"members": ["IBMid-270001", "IBMid-9"]});
    let response = mock.post(&format!("{}/delete", members(BLUE))).json(body).send().expect(207);

    let expected = json!({
        "access_group_id": BLUE,
        "members": [
            {"iam_id": "IBMid-270001", "status_code": 204},
            {
                "iam_id": "IBMid-9",
                "trace": response.header("transaction-id"),
                "errors": [{"code": "error_occurred", "message": "Failed to find the membership"}],
                "status_code": 404
            }
        ]
    });
    assert_eq!(response.json(), expected);
    assert_eq!(mock.get(&members(BLUE)).send().json()["total_count"], 3);
}

#[test]
fn removing_only_non_members_is_404_and_names_the_group() {
    let mock = demo_server();

    let body = json!({"members": ["IBMid-8", "IBMid-9"]});
    let response = mock.post(&format!("{}/delete", members(BLUE))).json(body).send().expect(404);

    assert_error(&response, "membership_not_found", &format!("No memberships found in group: {BLUE}"));
}

#[test]
fn an_invalid_list_of_members_to_remove_is_rejected_as_a_whole() {
    let mock = demo_server();
    let post =
        |list: Value| mock.post(&format!("{}/delete", members(BLUE))).json(json!({ "members": list })).send();
    let many: Vec<String> = (0..51).map(|n| format!("IBMid-{n}")).collect();

    assert_invalid(post(json!([])), "members must have 1 to 50 entries");
    assert_invalid(post(json!(many)), "members must have 1 to 50 entries");
    assert_invalid(
        post(json!(["IBMid-270001", "IBMid-270001"])),
        "members must not contain `IBMid-270001` twice",
    );
    assert_invalid(post(json!(["IBMid-270001", ""])), "members[1] must not be empty");
    assert_invalid(post(json!([1])), "members[0] invalid type: integer `1`, expected a string");
    mock.head(&format!("{}/IBMid-270001", members(BLUE))).send().expect(204);
}
