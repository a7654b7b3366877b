//! Invited users, settings of users, and API keys.

use access_groups_mock::{AuthMode, Config};
use serde_json::{Value, json};

use super::{ACCOUNT, AUDITORS, assert_error, assert_invalid, create_group, demo_server, field_values};
use crate::support::TestServer;

fn users(account: &str) -> String {
    format!("/v2/accounts/{account}/users")
}

fn get_json(mock: &TestServer, path: &str) -> Value {
    mock.get(path).send().expect(200).json()
}

#[test]
fn an_invited_user_is_pending_and_in_the_groups() {
    let mock = TestServer::start();
    let group = create_group(&mock, "g");
    let body = json!({
        "users": [{"email": "Dana@example.com", "account_role": "Member"}, {"email": "eve@example.com"}],
        "access_groups": [group],
        "iam_policy": []
    });

    let invited = mock.post(&users("a")).json(body.clone()).send().expect(202).json();

    assert_eq!(field_values(&invited, "resources", "email"), ["Dana@example.com", "eve@example.com"]);
    assert_eq!(field_values(&invited, "resources", "state"), ["PROCESSING", "PROCESSING"]);
    let ids = field_values(&invited, "resources", "id");
    assert!(ids[0].starts_with("IBMid-") && ids[0] != ids[1], "{ids:?}");
    let listed = get_json(&mock, &users("a"));
    assert_eq!(field_values(&listed, "resources", "iam_id"), ids);
    assert_eq!(field_values(&listed, "resources", "state"), ["PENDING", "PENDING"]);
    assert_eq!(field_values(&listed, "resources", "email"), ["Dana@example.com", "eve@example.com"]);
    let members = get_json(&mock, &format!("/v2/groups/{group}/members?verbose=true"));
    assert_eq!(field_values(&members, "members", "iam_id"), ids);
    assert_eq!(field_values(&members, "members", "email"), ["Dana@example.com", "eve@example.com"]);
    let again = mock.post(&users("a")).json(body).send().expect(202).json();
    assert_eq!(field_values(&again, "resources", "id"), ids);
    assert_eq!(get_json(&mock, &users("a"))["total_results"], 2);
}

#[test]
fn a_user_of_the_account_stays_as_it_is_and_becomes_a_member() {
    let mock = demo_server();
    let before = get_json(&mock, &format!("{}/IBMid-270001", users(ACCOUNT)));
    let body = json!({"users": [{"email": "ada@example.com"}], "access_groups": [AUDITORS]});

    let invited = mock.post(&users(ACCOUNT)).json(body).send().expect(202).json();

    assert_eq!(invited["resources"][0]["id"], "IBMid-270001");
    assert_eq!(get_json(&mock, &format!("{}/IBMid-270001", users(ACCOUNT))), before);
    mock.head(&format!("/v2/groups/{AUDITORS}/members/IBMid-270001")).send().expect(204);
}

#[test]
fn an_invitation_to_an_unknown_group_invites_nobody() {
    let mock = TestServer::start();
    let group = create_group(&mock, "g");
    let body = json!({"users": [{"email": "a@example.com"}], "access_groups": [group]});

    let response = mock.post(&users("other")).json(body).send().expect(404);

    assert_error(
        &response,
        "group_not_found",
        &format!("Failed to find the specified access group: {group}"),
    );
    assert_eq!(get_json(&mock, &users("other"))["total_results"], 0);
    let wrong = json!({"users": [{"email": "a@example.com"}, {"email": "nobody"}, {}]});
    let response = mock.post(&users("a")).json(wrong).send();
    assert_invalid(
        response,
        "users[1].email must be an e-mail address, users[2].email must be an e-mail address",
    );
}

#[test]
fn an_invited_user_and_settings_survive_a_saved_state() {
    let mock = demo_server();
    let invited =
        mock.post(&users(ACCOUNT)).json(json!({"users": [{"email": "new@example.com"}]})).send().expect(202);
    let id = invited.json()["resources"][0]["id"].as_str().unwrap().to_owned();
    let item = format!("{}/{id}", users(ACCOUNT));
    mock.patch(&format!("{item}/settings")).json(json!({"language": "de"})).send().expect(204);

    let other = TestServer::with_seed(&mock.get("/__admin/state").send().expect(200).text());

    assert_eq!(get_json(&other, &item), get_json(&mock, &item));
    assert_eq!(get_json(&other, &item)["state"], "PENDING");
    assert_eq!(get_json(&other, &format!("{item}/settings"))["language"], "de");
}

#[test]
fn settings_change_one_by_one() {
    let mock = demo_server();
    let path = format!("{}/IBMid-270003/settings", users(ACCOUNT));
    let defaults = json!({"language": "", "notification_language": "", "allowed_ip_addresses": "", "self_manage": false});
    assert_eq!(get_json(&mock, &path), defaults);

    mock.patch(&path).json(json!({"language": "de", "self_manage": true})).send().expect(204);
    mock.patch(&path).json(json!({"allowed_ip_addresses": "192.0.2.1", "language": null})).send().expect(204);

    let expected = json!({
        "language": "de", "notification_language": "", "allowed_ip_addresses": "192.0.2.1", "self_manage": true
    });
    assert_eq!(get_json(&mock, &path), expected);
    let unknown = format!("{}/IBMid-nobody/settings", users(ACCOUNT));
    mock.patch(&unknown).json(json!({"language": "de"})).send().expect(404);
}

#[test]
fn the_details_of_an_api_key_have_the_account_and_the_iam_id_of_its_tokens() {
    let seed = r#"{"credentials": [{"dialect": "ibm", "secret": "the-key", "account": "acct", "iam_id": "IBMid-7"}]}"#;
    let mock = TestServer::with_seed(seed);
    let details =
        |key: &str| mock.get("/v1/apikeys/details").header("iam-apikey", key).send().expect(200).json();

    let known = details("the-key");

    assert_eq!((&known["account_id"], &known["iam_id"]), (&json!("acct"), &json!("IBMid-7")));
    assert_eq!((&known["apikey"], &known["locked"]), (&json!(""), &json!(false)));
    assert!(!known.to_string().contains("the-key"), "{known}");
    let other = details("any");
    assert_eq!((&other["account_id"], &other["iam_id"]), (&json!(ACCOUNT), &json!("IBMid-mock")));
    assert_ne!(other["id"], known["id"]);
    let strict = TestServer::with_config(Config { auth: AuthMode::Strict, ..Config::default() }, seed);
    let request = |key: &str| {
        let request = strict.get("/v1/apikeys/details").header("authorization", "Bearer the-key");
        request.header("iam-apikey", key).send()
    };
    request("the-key").expect(200);
    let unknown = request("any").expect(404).json();
    assert_eq!(unknown["errors"][0]["message"], "Provided API key could not be found.");
}
