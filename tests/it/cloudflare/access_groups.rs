//! Access groups of accounts and zones.

use access_groups_mock::{CloudflareConfig, Config, IsDefaultShape, RuleCheck};
use serde_json::{Value, json};

use super::{ACCOUNT, ZONE, access_groups_path, assert_error};
use crate::support::TestServer;

/// Returns a rule of each of the 26 kinds and one of an unknown kind.
fn rules_of_every_kind() -> Vec<Value> {
    let id = "aa0a4aab-672b-4bdb-bc33-a59f1130a11f";
    vec![
        json!({"group": {"id": id}}),
        json!({"any_valid_service_token": {}}),
        json!({"auth_context": {"id": "i", "ac_id": "c1", "identity_provider_id": id}}),
        json!({"auth_method": {"auth_method": "mfa"}}),
        json!({"azureAD": {"id": id, "identity_provider_id": id}}),
        json!({"certificate": {}}),
        json!({"common_name": {"common_name": "james@example.com"}}),
        json!({"geo": {"country_code": "US"}}),
        json!({"device_posture": {"integration_uid": id}}),
        json!({"email_domain": {"domain": "example.com"}}),
        json!({"email_list": {"id": id}}),
        json!({"email": {"email": "test@example.com"}}),
        json!({"everyone": {}}),
        json!({"external_evaluation": {"evaluate_url": "https://e.example.com", "keys_url": "https://k.example.com"}}),
        json!({"github-organization": {"name": "cloudflare", "identity_provider_id": id, "team": "t"}}),
        json!({"gsuite": {"email": "devs@example.com", "identity_provider_id": id}}),
        json!({"login_method": {"id": id}}),
        json!({"ip_list": {"id": id}}),
        json!({"ip": {"ip": "2400:cb00:21:10a::/64"}}),
        json!({"okta": {"name": "devs", "identity_provider_id": id}}),
        json!({"saml": {"attribute_name": "group", "attribute_value": "devs", "identity_provider_id": id}}),
        json!({"oidc": {"claim_name": "group", "claim_value": "devs", "identity_provider_id": id}}),
        json!({"service_token": {"token_id": id}}),
        json!({"linked_app_token": {"app_uid": id}}),
        json!({"user_risk_score": {"user_risk_score": ["low", "medium"]}}),
        json!({"cloudflare_account_member": {"account_id": ACCOUNT}}),
    ]
}

fn create(mock: &TestServer, name: &str) -> String {
    let body = json!({"name": name, "include": [{"everyone": {}}]});
    let created = mock.post(&access_groups_path()).json(body).send().expect(201).json();
    created["result"]["id"].as_str().unwrap().to_owned()
}

fn names(list: &Value) -> Vec<&str> {
    list["result"].as_array().unwrap().iter().map(|group| group["name"].as_str().unwrap()).collect()
}

#[test]
fn create_get_and_list_return_the_same_group() {
    let mock = TestServer::start();

    let body = json!({
        "name": "devs", "include": [{"email": {"email": "a@example.com"}}], "require": null, "is_default": true
    });
    let created = mock.post(&access_groups_path()).json(body).send().expect(201);

    let group = created.json()["result"].clone();
    let id = group["id"].as_str().unwrap();
    assert_eq!(id.len(), 36);
    assert_eq!(group["uid"], group["id"]);
    assert_eq!(group["name"], "devs");
    assert_eq!(group["include"], json!([{"email": {"email": "a@example.com"}}]));
    assert_eq!(
        [&group["exclude"], &group["require"], &group["is_default"]],
        [&json!([]), &json!([]), &json!([])]
    );
    let created_at = group["created_at"].as_str().unwrap();
    assert_eq!((created_at.len(), created_at.ends_with('Z')), (20, true));
    assert_eq!(group["created_at"], group["updated_at"]);
    assert_eq!(
        mock.get(&format!("{}/{id}", access_groups_path())).send().expect(200).json()["result"],
        group
    );
    let list = mock.get(&access_groups_path()).send().expect(200).json();
    assert_eq!(list["result"], json!([group]));
    assert_eq!(
        list["result_info"],
        json!({"count": 1, "page": 1, "per_page": 1000, "total_count": 1, "total_pages": 1})
    );
    assert_eq!(
        [&list["errors"], &list["messages"], &list["success"]],
        [&json!([]), &json!([]), &json!(true)]
    );
}

#[test]
fn every_kind_of_rule_is_echoed_in_each_list_in_order() {
    let mock = TestServer::start();
    let mut reversed = rules_of_every_kind();
    reversed.reverse();

    let body = json!({"name": "all", "include": rules_of_every_kind(), "exclude": reversed, "require": rules_of_every_kind()});
    let id = mock.post(&access_groups_path()).json(body).send().expect(201).json()["result"]["id"].clone();

    let group =
        mock.get(&format!("{}/{}", access_groups_path(), id.as_str().unwrap())).send().expect(200).json();
    assert_eq!(group["result"]["include"], json!(rules_of_every_kind()));
    assert_eq!(group["result"]["exclude"], json!(reversed));
    assert_eq!(group["result"]["require"], json!(rules_of_every_kind()));
}

#[test]
fn a_rule_keeps_its_field_order_and_number_notation() {
    let cloudflare = CloudflareConfig { rules: RuleCheck::Any, ..CloudflareConfig::default() };
    let mock = TestServer::with_config(Config { cloudflare, ..Config::default() }, "{}");
    let rule = r#"{"z":{"b":1.50,"a":1E+2,"big":12345678901234567890123,"s":"a  \u00e9"}}"#;

    let body = format!(r#"{{ "name": "x", "include": [ {rule} ] }}"#);
    let created = mock.post(&access_groups_path()).body(body).send().expect(201);

    assert!(created.text().contains(&format!(r#""include":[{rule}]"#)), "{}", created.text());
}

#[test]
fn a_replacement_keeps_only_id_and_creation_time() {
    let mock = TestServer::start();
    let body = json!({"name": "a", "include": [{"everyone": {}}], "exclude": [{"everyone": {}}], "is_default": true});
    let before = mock.post(&access_groups_path()).json(body).send().expect(201).json()["result"].clone();
    let path = format!("{}/{}", access_groups_path(), before["id"].as_str().unwrap());

    let body = json!({"id": "other", "name": "b", "include": [{"certificate": {}}], "exclude": null});
    let after = mock.put(&path).json(body).send().expect(200).json()["result"].clone();

    assert_eq!(after["id"], before["id"]);
    assert_eq!(after["created_at"], before["created_at"]);
    assert!(after["updated_at"].as_str() >= before["updated_at"].as_str());
    assert_eq!(after["name"], "b");
    assert_eq!(after["include"], json!([{"certificate": {}}]));
    assert_eq!([&after["exclude"], &after["require"]], [&json!([]), &json!([])]);
    assert_eq!(mock.get(&path).send().json()["result"], after);
}

#[test]
fn a_deleted_group_is_404() {
    let mock = TestServer::start();
    let id = create(&mock, "a");
    let path = format!("{}/{id}", access_groups_path());

    let deleted = mock.delete(&path).send().expect(202);

    assert_eq!(deleted.json()["result"], json!({"id": id}));
    for response in [mock.get(&path).send(), mock.delete(&path).send()] {
        assert_error(&response.expect(404), 12152, "access.api.error.unknown_group");
    }
    let body = json!({"name": "b", "include": []});
    assert_error(&mock.put(&path).json(body).send().expect(404), 12152, "access.api.error.unknown_group");
    assert_eq!(mock.get(&access_groups_path()).send().json()["result"], json!([]));
}

#[test]
fn paths_work_without_the_prefix_and_with_a_trailing_slash() {
    let mock = TestServer::start();
    let id = create(&mock, "a");

    let prefixed = access_groups_path();
    let bare = prefixed.replace("/client/v4", "");

    for path in [&bare, &prefixed] {
        mock.get(&format!("{path}/{id}")).send().expect(200);
        mock.get(&format!("{path}/{id}/")).send().expect(200);
        assert_eq!(names(&mock.get(path).send().expect(200).json()), ["a"]);
        assert_eq!(names(&mock.get(&format!("{path}/?per_page=1")).send().expect(200).json()), ["a"]);
        mock.get(&format!("{path}//")).send().expect(404);
        mock.patch(&format!("{path}/")).send().expect(405);
    }
    mock.get(&format!("/client/v4{prefixed}")).send().expect(404);
}

#[test]
fn zones_and_accounts_are_isolated() {
    let mock = TestServer::start();
    let zone = format!("/client/v4/zones/{ZONE}/access/groups");
    let body = json!({"name": "z", "include": [{"everyone": {}}]});
    let created = mock.post(&zone).json(body.clone()).send().expect(201).json();
    let id = created["result"]["id"].as_str().unwrap();

    let same_id_elsewhere = format!("/client/v4/accounts/{ZONE}/access/groups/{id}");

    mock.get(&same_id_elsewhere).send().expect(404);
    mock.put(&same_id_elsewhere).json(body.clone()).send().expect(404);
    mock.delete(&same_id_elsewhere).send().expect(404);
    assert_eq!(names(&mock.get(&zone).send().json()), ["z"]);
    mock.put(&format!("{zone}/{id}")).json(body).send().expect(200);
    mock.delete(&format!("{zone}/{id}")).send().expect(202);
}

#[test]
fn accounts_exist_on_first_use_and_are_isolated() {
    let mock = TestServer::start();
    let id = create(&mock, "a");

    let list = mock.get("/accounts/account_id/access/groups").send().expect(200).json();
    mock.get(&format!("/accounts/account_id/access/groups/{id}")).send().expect(404);

    assert_eq!(list["result"], json!([]));
    assert_eq!(
        list["result_info"],
        json!({"count": 0, "page": 1, "per_page": 1000, "total_count": 0, "total_pages": 0})
    );
}

#[test]
fn a_page_after_the_last_is_empty() {
    let mock = TestServer::start();
    for name in ["a", "b", "c"] {
        create(&mock, name);
    }
    let page = |query: &str| mock.get(&format!("{}?{query}", access_groups_path())).send().expect(200).json();

    let second = page("page=2&per_page=2");
    let third = page("page=3&per_page=2");

    assert_eq!(names(&page("page=1&per_page=2")), ["a", "b"]);
    assert_eq!(names(&second), ["c"]);
    assert_eq!(
        second["result_info"],
        json!({"count": 1, "page": 2, "per_page": 2, "total_count": 3, "total_pages": 2})
    );
    assert_eq!(third["result"], json!([]));
    assert_eq!(
        third["result_info"],
        json!({"count": 0, "page": 3, "per_page": 2, "total_count": 3, "total_pages": 2})
    );
}

#[test]
fn invalid_page_parameters_fall_back_to_the_default_or_maximum() {
    let mock = TestServer::start();
    create(&mock, "a");
    let info = |query: &str| {
        mock.get(&format!("{}?{query}", access_groups_path())).send().expect(200).json()["result_info"]
            .clone()
    };

    for query in ["page=0&per_page=0", "page=-1&per_page=x", "page=&per_page=", "per_page=5000", "page=1.5"] {
        let expected = json!({"count": 1, "page": 1, "per_page": 1000, "total_count": 1, "total_pages": 1});
        assert_eq!(info(query), expected, "{query}");
    }
    let far = info("page=18446744073709551615&per_page=1000");
    assert_eq!([&far["count"], &far["total_count"]], [&json!(0), &json!(1)]);
}

#[test]
fn name_matches_exactly_and_search_matches_a_substring() {
    let mock = TestServer::start();
    for name in ["devs", "Devs", "devs", "ops", "devops"] {
        create(&mock, name);
    }
    let list = |query: &str| mock.get(&format!("{}?{query}", access_groups_path())).send().expect(200).json();

    assert_eq!(names(&list("name=devs")), ["devs", "devs"]);
    assert_eq!(names(&list("name=devs&per_page=1&page=2")), ["devs"]);
    assert_eq!(list("name=devs&per_page=1&page=2")["result_info"]["total_count"], 2);
    assert_eq!(names(&list("search=DEV")), ["devs", "Devs", "devs", "devops"]);
    assert_eq!(names(&list("search=dev&per_page=2&page=2")), ["devs", "devops"]);
    assert_eq!(names(&list("name=ops&search=dev")), [""; 0]);
    assert_eq!(list("name=ops&search=dev&page=9")["result_info"]["total_count"], 0);
    assert_eq!(names(&list("name=devops&search=ops")), ["devops"]);
    assert_eq!(names(&list("name=&search=")).len(), 5);
    assert_eq!(list("name=nobody")["result"], json!([]));
}

#[test]
fn is_default_has_the_configured_shape() {
    let create_with = |shape: IsDefaultShape| {
        let cloudflare = CloudflareConfig { is_default: Some(shape), ..CloudflareConfig::default() };
        let mock = TestServer::with_config(Config { cloudflare, ..Config::default() }, "{}");
        let body = json!({"name": "a", "include": [], "is_default": true});
        mock.post(&access_groups_path()).json(body).send().expect(201).json()["result"].clone()
    };

    assert_eq!(create_with(IsDefaultShape::Array)["is_default"], json!([]));
    assert_eq!(create_with(IsDefaultShape::Bool)["is_default"], json!(true));
    assert!(create_with(IsDefaultShape::Omit).get("is_default").is_none());
}

#[test]
fn a_deleted_pinned_group_is_restored() {
    let seed = r#"{"cloudflare":{"accounts":{"account_id":{"access_groups":[
        {"id":"f174e90a-fafe-4643-bbbc-4a0ed4fc8415","name":"kept","include":[{"certificate":{}}],
         "created_at":"2014-01-01T05:20:00Z","pinned":true}]}}}}"#;
    let mock = TestServer::with_seed(seed);
    let path = "/accounts/account_id/access/groups/f174e90a-fafe-4643-bbbc-4a0ed4fc8415";
    mock.put(path).json(json!({"name": "changed", "include": []})).send().expect(200);

    mock.delete(path).send().expect(202);

    let group = mock.get(path).send().expect(200).json()["result"].clone();
    assert_eq!(group["name"], "kept");
    assert_eq!(group["created_at"], "2014-01-01T05:20:00Z");
    assert_eq!(names(&mock.get("/accounts/account_id/access/groups").send().json()), ["kept"]);
}

#[test]
fn the_last_of_duplicate_fields_wins_even_with_an_escaped_name() {
    let mock = TestServer::start();
    let create = |body: &'static str| mock.post(&access_groups_path()).body(body).send();

    let group =
        create(r#"{"name":"a","include":[],"n\u0061me":"b","include":[{"everyone":{}}]}"#).expect(201).json();
    let missing = create(r#"{"name":"a","include":[{"everyone":{}}],"include":null}"#).expect(400);

    assert_eq!(
        (&group["result"]["name"], &group["result"]["include"]),
        (&json!("b"), &json!([{"everyone": {}}]))
    );
    assert_error(&missing, 12130, "access.api.error.invalid_request: include is required");
}
