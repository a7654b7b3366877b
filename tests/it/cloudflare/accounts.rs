//! Accounts, zones, the user, tokens, roles and members of user groups.

use access_groups_mock::{App, AuthMode, Config, Seed};
use serde_json::{Value, json};

use super::{ACCOUNT, ZONE, access_groups_path, assert_error};
use crate::support::TestServer;

fn result(mock: &TestServer, path: &str) -> Value {
    mock.get(path).send().expect(200).json()["result"].clone()
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[test]
fn accounts_and_zones_are_those_of_the_seed_and_those_for_which_something_is_stored() {
    let seed = json!({"cloudflare": {
        "accounts": {"b": {"name": "Beta"}, "d": {}},
        "zones": {"z": {"name": "example.com", "account": "b"}}
    }});
    let mock = TestServer::with_seed(&seed.to_string());
    let group = json!({"name": "g", "include": []});
    mock.post("/accounts/c/access/groups").json(group.clone()).send().expect(201);
    mock.post("/zones/y/access/groups").json(group).send().expect(201);
    mock.post("/accounts/a/members").json(json!({"email": "a@example.com"})).send().expect(200);
    mock.get("/accounts/read/access/groups").send().expect(200);
    mock.post("/accounts/invalid/access/groups").json(json!({})).send().expect(400);

    assert_eq!(ids(&result(&mock, "/accounts")), ["a", "b", "c", "d"]);
    let account =
        json!({"id": "b", "name": "Beta", "type": "standard", "settings": {"enforce_twofactor": false}});
    assert_eq!(result(&mock, "/accounts?name=Beta"), json!([account]));
    assert_eq!(ids(&result(&mock, "/accounts?per_page=3&page=2")), ["d"]);
    assert_eq!(result(&mock, "/accounts?page=2"), json!([]));
    assert_eq!(result(&mock, "/accounts?name=nothing"), json!([]));
    assert_eq!(ids(&result(&mock, "/zones")), ["y", "z"]);
    assert_eq!(ids(&result(&mock, "/zones?name=example.com")), ["z"]);
    assert_eq!(ids(&result(&mock, "/zones?account.id=b")), ["z"]);
    assert_eq!(result(&mock, "/zones?page=2"), json!([]));
    let zone = result(&mock, "/client/v4/zones/z");
    assert_eq!(zone["account"], json!({"id": "b", "name": "Beta"}));
    assert_eq!((&zone["name"], &zone["status"]), (&json!("example.com"), &json!("active")));
}

#[test]
fn every_account_and_zone_can_be_read() {
    let mock = TestServer::start();

    let account = result(&mock, &format!("/client/v4/accounts/{ACCOUNT}"));
    let zone = result(&mock, &format!("/client/v4/zones/{ZONE}"));

    assert_eq!((&account["id"], &account["name"]), (&json!(ACCOUNT), &json!(ACCOUNT)));
    assert_eq!((&zone["id"], &zone["name"]), (&json!(ZONE), &json!(format!("{ZONE}.example.com"))));
    assert_eq!(result(&mock, "/accounts"), json!([]));
    assert_eq!(mock.get("/__admin/state").send().expect(200).json()["cloudflare"], json!({}));
}

#[test]
fn known_accounts_survive_a_saved_state_without_their_groups() {
    let mock = TestServer::start();
    let created =
        mock.post(&access_groups_path()).json(json!({"name": "g", "include": []})).send().expect(201);
    let id = created.json()["result"]["id"].as_str().unwrap().to_owned();
    mock.delete(&format!("{}/{id}", access_groups_path())).send().expect(202);
    let saved = mock.get("/__admin/state").send().expect(200).text();
    let restored = TestServer::start();

    restored.put("/__admin/state").body(saved.clone()).send().expect(200);

    assert_eq!(ids(&result(&restored, "/accounts")), [ACCOUNT]);
    assert_eq!(restored.get("/__admin/state").send().expect(200).text(), saved);
    assert_eq!(result(&restored, "/ns/other/accounts"), json!([]));
}

#[test]
fn a_credential_for_one_account_sees_only_that_account() {
    let seed = json!({
        "credentials": [
            {"dialect": "cloudflare", "secret": "all"},
            {"dialect": "cloudflare", "secret": "one", "account": "a"},
            {"dialect": "cloudflare", "secret": "none", "role": "none"}
        ],
        "cloudflare": {"accounts": {"a": {}, "b": {}}}
    });
    let mock =
        TestServer::with_config(Config { auth: AuthMode::Strict, ..Config::default() }, &seed.to_string());
    let get = |path: &str, token: &str| {
        mock.get(path).header("authorization", &format!("Bearer {token}")).send_unchecked()
    };

    assert_eq!(ids(&get("/accounts", "all").json()["result"]), ["a", "b"]);
    assert_eq!(ids(&get("/accounts", "one").json()["result"]), ["a"]);
    assert_eq!(get("/accounts?page=2", "one").json()["result"], json!([]));
    assert_eq!(get("/user", "one").status, 200);
    assert_error(&get("/accounts/b", "one"), 10000, "Authentication error");
    assert_error(&get("/user", "none"), 9109, "Unauthorized to access requested resource");
    assert_error(&get("/accounts", "unknown"), 10000, "Authentication error");
    assert_eq!(get("/ns/new/user", "unknown").status, 401);
    let namespaces = mock.get("/__admin/namespaces").send().expect(200).json();
    assert_eq!(namespaces["namespaces"].as_array().unwrap().len(), 1);
}

#[test]
fn the_user_is_that_of_the_credential_and_every_token_is_active() {
    let mock = TestServer::start();

    assert_eq!(result(&mock, "/client/v4/user")["email"], "user@example.com");
    let with_key =
        mock.get("/user").anonymous().header("x-auth-email", "ada@example.com").header("x-auth-key", "k");
    assert_eq!(with_key.send().expect(200).json()["result"]["email"], "ada@example.com");
    for path in ["/user/tokens/verify".to_owned(), format!("/accounts/{ACCOUNT}/tokens/verify")] {
        assert_eq!(result(&mock, &path)["status"], "active");
    }
}

#[test]
fn permission_groups_of_tokens_have_the_identifiers_of_the_real_service() {
    let mock = TestServer::start();
    for list in
        ["/user/tokens/permission_groups".to_owned(), format!("/accounts/{ACCOUNT}/tokens/permission_groups")]
    {
        let page = mock.get(&list).send().expect(200).json();

        assert_eq!(page["result"].as_array().unwrap().len(), 305);
        assert_eq!(page["result_info"]["total_pages"], 1);
        let zone_read = json!([{
            "id": "c8fed203ed3043cba015a93ad1616f1f", "name": "Zone Read", "scopes": ["com.cloudflare.api.account.zone"]
        }]);
        assert_eq!(result(&mock, &format!("{list}?name=Zone%20Read")), zone_read);
        let buckets = result(&mock, &format!("{list}?scope=com.cloudflare.edge.r2.bucket"));
        assert_eq!(buckets.as_array().unwrap().len(), 2);
    }
}

#[test]
fn roles_are_the_predefined_permission_groups_of_an_account() {
    let mock = TestServer::start();
    let list = format!("/client/v4/accounts/{ACCOUNT}/roles");

    let roles = result(&mock, &list);

    assert_eq!(roles.as_array().unwrap().len(), 9);
    assert_eq!(roles[1]["name"], "Super Administrator - All Privileges");
    assert_eq!(roles[1]["id"], "8e23b19e4e0d44c29d239c5688ba8cbb");
    assert_eq!(result(&mock, &format!("{list}/{}", roles[3]["id"].as_str().unwrap())), roles[3]);
    assert_error(&mock.get(&format!("{list}/unknown")).send().expect(404), 1003, "Role not found");
    let page = mock.get(&format!("{list}?per_page=4&page=3")).send().expect(200).json();
    assert_eq!(page["result"], json!([roles[8]]));
}

#[test]
fn members_of_a_user_group_are_added_replaced_and_removed() {
    let mock = TestServer::start();
    let account = format!("/client/v4/accounts/{ACCOUNT}");
    let created = |list: &str, body: Value| {
        let response = mock.post(&format!("{account}/{list}")).json(body).send().expect(200).json();
        response["result"]["id"].as_str().unwrap().to_owned()
    };
    let member = created("members", json!({"email": "a@example.com"}));
    let group = created("iam/user_groups", json!({"name": "g"}));
    let list = format!("{account}/iam/user_groups/{group}/members");

    let added =
        mock.post(&list).json(json!([{"id": member}, {"id": "m1"}, {"id": "m1"}])).send().expect(200).json();

    let known = json!({"id": member, "email": "a@example.com", "status": "pending"});
    assert_eq!(added["result"], json!([known, {"id": "m1"}]));
    assert_eq!(
        mock.post(&list).json(json!([{"id": "m2"}])).send().expect(200).json()["result"],
        json!([{"id": "m2"}])
    );
    assert_eq!(ids(&result(&mock, &list)), [&member, "m1", "m2"]);
    assert_eq!(ids(&result(&mock, &format!("{list}?per_page=2&page=2"))), ["m2"]);
    assert_eq!(result(&mock, &format!("{list}/{member}")), known);
    let replaced = mock.put(&list).json(json!([{"id": "m3"}, {"id": "m1"}])).send().expect(200).json();
    assert_eq!(ids(&replaced["result"]), ["m3", "m1"]);
    assert_eq!(ids(&result(&mock, &list)), ["m3", "m1"]);
    let removed = mock.delete(&format!("{list}/m3")).send().expect(200).json();
    assert_eq!(removed["result"], json!({"id": "m3"}));
    let unknown = mock.delete(&format!("{list}/m3")).send().expect(404);
    assert_error(&unknown, 404, "Member not found in user group");
    let invalid = mock.post(&list).json(json!({})).send().expect(400);
    assert_error(&invalid, 400, "Invalid request: body must be an array");
    mock.delete(&format!("{account}/iam/user_groups/{group}")).send().expect(200);
    assert_error(&mock.get(&list).send().expect(404), 404, "User group not found");
    assert!(!mock.get("/__admin/state").send().expect(200).text().contains("m1"));
}

#[test]
fn names_and_accounts_in_a_seed_are_checked() {
    for (section, expected) in [
        (json!({"accounts": {"a": {"name": ""}}}), "accounts.a.name: must not be empty"),
        (json!({"zones": {"z": {"name": ""}}}), "zones.z.name: must not be empty"),
        (json!({"zones": {"z": {"account": "a b"}}}), "zones.z.account: must be an identifier of 1 to 32"),
    ] {
        let text = json!({"cloudflare": section}).to_string();

        let error = App::new(Config::default(), Seed::parse(&text).unwrap()).unwrap_err().to_string();

        assert!(error.starts_with(&format!("cloudflare.{expected}")), "{error}");
    }
}
