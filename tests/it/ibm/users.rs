//! Users of an account.

use access_groups_mock::{AuthMode, Config};
use serde_json::{Value, json};

use super::{
    ACCOUNT, BLUE, add_member, assert_error, assert_invalid, create_group, demo_server, field_values,
};
use crate::support::TestServer;

fn users(account: &str) -> String {
    format!("/v2/accounts/{account}/users")
}

fn get_json(mock: &TestServer, path: &str) -> Value {
    mock.get(path).send().expect(200).json()
}

/// Starts a server with `count` users in account `a`: `IBMid-000`, `IBMid-001`, …
fn with_users(count: usize) -> TestServer {
    let users: Vec<Value> = (0..count).map(|n| json!({"iam_id": format!("IBMid-{n:03}")})).collect();
    TestServer::with_seed(&json!({"ibm": {"accounts": {"a": {"users": users}}}}).to_string())
}

#[test]
fn a_new_account_has_no_users() {
    let mock = TestServer::start();

    let list = get_json(&mock, &users("a"));

    let expected = json!({
        "total_results": 0,
        "limit": 100,
        "first_url": "/v2/accounts/a/users?limit=100",
        "resources": []
    });
    assert_eq!(list, expected);
}

#[test]
fn get_returns_the_whole_user() {
    let mock = demo_server();

    let user = get_json(&mock, &format!("{}/IBMid-270001", users(ACCOUNT)));

    let expected = json!({
        "id": user["id"],
        "iam_id": "IBMid-270001",
        "realm": "IBMid",
        "user_id": "ada@example.com",
        "firstname": "Ada",
        "lastname": "Blue",
        "state": "ACTIVE",
        "email": "ada@example.com",
        "phonenumber": "",
        "altphonenumber": "",
        "photo": "",
        "account_id": ACCOUNT,
        "added_on": "2026-01-05T09:00:00Z"
    });
    assert_eq!(user, expected);
    assert_eq!(user["id"].as_str().unwrap().len(), 32);
    assert_eq!(get_json(&mock, &users(ACCOUNT))["resources"][0], user);
}

#[test]
fn a_new_group_member_becomes_a_user_and_stays_one() {
    let mock = TestServer::start();
    let id = create_group(&mock, "g");
    add_member(&mock, &id, "IBMid-7");
    add_member(&mock, &create_group(&mock, "h"), "IBMid-7");
    let service = json!({"members": [{"iam_id": "iam-ServiceId-1", "type": "service"}]});
    mock.put(&format!("/v2/groups/{id}/members")).json(service).send().expect(207);

    mock.delete(&format!("/v2/groups/{id}/members/IBMid-7")).send().expect(204);

    let list = get_json(&mock, &users("a"));
    assert_eq!(field_values(&list, "resources", "iam_id"), ["IBMid-7"]);
    assert_eq!(list["resources"][0]["firstname"], "User");
    assert_eq!(list["resources"][0]["lastname"], "7");
    assert_eq!(list["resources"][0]["email"], "7@example.com");
    assert_eq!(get_json(&mock, &users("b"))["total_results"], 0);
}

#[test]
fn a_member_added_to_several_groups_becomes_a_user() {
    let mock = TestServer::start();
    let id = create_group(&mock, "g");
    let body = json!({"type": "user", "groups": [id]});

    mock.put("/v2/groups/_allgroups/members/IBMid-8?account_id=a").json(body).send().expect(207);

    assert_eq!(field_values(&get_json(&mock, &users("a")), "resources", "iam_id"), ["IBMid-8"]);
}

#[test]
fn members_have_the_names_of_their_users() {
    let mock = demo_server();
    add_member(&mock, BLUE, "IBMid-270003");

    let path = format!("/v2/groups/{BLUE}/members?verbose=true&type=user&sort=email");
    let members = get_json(&mock, &path);

    assert_eq!(field_values(&members, "members", "name"), ["Ada Blue", "Ben Green", "Cleo Red"]);
    let users = get_json(&mock, &users(ACCOUNT));
    assert_eq!(field_values(&users, "resources", "lastname"), ["Blue", "Red", "Green"]);
}

#[test]
fn an_unknown_user_is_404() {
    let response = demo_server().get(&format!("{}/IBMid-nobody", users(ACCOUNT))).send().expect(404);

    assert_error(&response, "user_not_found", "Failed to find the user: IBMid-nobody");
}

#[test]
fn following_next_url_returns_every_user_once() {
    let mock = with_users(250);
    let mut next = Some(users("a"));
    let mut seen = Vec::new();
    let mut pages = 0;

    while let Some(path) = next {
        let page = get_json(&mock, &path);
        assert_eq!(page["total_results"], 250);
        seen.extend(field_values(&page, "resources", "iam_id"));
        next = page["next_url"].as_str().map(str::to_owned);
        pages += 1;
    }

    assert_eq!(pages, 3);
    assert_eq!(seen, (0..250).map(|n| format!("IBMid-{n:03}")).collect::<Vec<_>>());
}

#[test]
fn a_page_has_the_requested_length() {
    let mock = with_users(3);

    let page = get_json(&mock, &format!("{}?limit=2", users("a")));

    assert_eq!(page["limit"], 2);
    assert_eq!(page["first_url"], "/v2/accounts/a/users?limit=2");
    assert_eq!(page["next_url"], "/v2/accounts/a/users?_start=2&limit=2");
    assert_eq!(field_values(&page, "resources", "iam_id"), ["IBMid-000", "IBMid-001"]);
    assert_eq!(get_json(&mock, &format!("{}?_start=9", users("a")))["resources"], json!([]));
}

#[test]
fn users_are_found_by_their_login_name() {
    let mock = demo_server();

    let found = get_json(&mock, &format!("{}?user_id=ben%40example.com&limit=1", users(ACCOUNT)));

    assert_eq!(field_values(&found, "resources", "iam_id"), ["IBMid-270002"]);
    assert_eq!(found["total_results"], 1);
    assert_eq!(found.get("next_url"), None);
    assert_eq!(get_json(&mock, &format!("{}?user_id=x", users(ACCOUNT)))["resources"], json!([]));
}

#[test]
fn invalid_parameters_are_400() {
    let mock = TestServer::start();
    let get = |query: &str| mock.get(&format!("{}{query}", users("a"))).send();

    assert_invalid(get("?limit=0"), "limit must be an integer from 1 to 100");
    assert_invalid(get("?limit=101"), "limit must be an integer from 1 to 100");
    assert_invalid(get("?_start=x"), "_start must be the `_start` value of `next_url`");
    assert_invalid(mock.get("/v2/accounts//users").send(), "account_id is empty");
}

#[test]
fn a_credential_only_reaches_users_of_its_own_account() {
    let credentials = json!([{"dialect": "ibm", "secret": "s", "account": "a"}]);
    let config = Config { auth: AuthMode::Strict, ..Config::default() };
    let mock = TestServer::with_config(config, &json!({ "credentials": credentials }).to_string());
    let get = |path: String| mock.get(&path).header("authorization", "Bearer s").send();

    get(users("a")).expect(200);
    get(users("b")).expect(403);
    get(format!("{}/IBMid-1", users("b"))).expect(403);
}
