//! Accounts, account groups and enterprises.

use access_groups_mock::{AuthMode, Config};
use serde_json::{Value, json};

use super::{ACCOUNT, demo_server, field_values};
use crate::support::TestServer;

/// The enterprise of the account of the demo seed.
const ENTERPRISE: &str = "6b7a9cf21b37593298f260438349cece";

fn get_json(mock: &TestServer, path: &str) -> Value {
    mock.get(path).send().expect(200).json()
}

/// Returns the ids of all pages of a list.
fn ids(mock: &TestServer, path: &str) -> Vec<String> {
    let mut next = Some(path.to_owned());
    let mut ids = Vec::new();
    while let Some(path) = next {
        let page = get_json(mock, &path);
        assert_eq!(page["rows_count"], page["resources"].as_array().unwrap().len());
        ids.extend(field_values(&page, "resources", "id"));
        next = page.get("next_url").map(|url| url.as_str().unwrap().to_owned());
    }
    ids
}

#[test]
fn an_account_has_the_whole_entity_and_the_name_of_the_seed() {
    let mock = demo_server();

    let account = get_json(&mock, &format!("/coe/v2/accounts/{ACCOUNT}"));

    assert_eq!(account["metadata"]["guid"], ACCOUNT);
    assert_eq!(account["metadata"]["url"], format!("/coe/v2/accounts/{ACCOUNT}"));
    let entity = &account["entity"];
    assert_eq!((&entity["name"], &entity["customer_id"]), (&json!("Demo"), &json!(ACCOUNT)));
    assert_eq!(entity["owner_iam_id"], "IBMid-270001");
    assert_eq!(entity["owner_userid"], "ada@example.com");
    let other = get_json(&mock, "/coe/v2/accounts/never-used");
    assert_eq!(
        (&other["entity"]["name"], &other["entity"]["owner_iam_id"]),
        (&json!("never-used"), &json!("IBMid-mock"))
    );
}

#[test]
fn accounts_are_those_that_were_used_page_by_page() {
    let mock = TestServer::start();
    for account in ["c", "a", "b"] {
        mock.post(&format!("/v2/groups?account_id={account}")).json(json!({"name": "g"})).send().expect(201);
    }
    let mut guids = Vec::new();
    let mut next = Some("/coe/v2/accounts?limit=1".to_owned());
    while let Some(path) = next {
        let page = get_json(&mock, &path);
        assert_eq!(page["total_results"], 4);
        guids.push(page["resources"][0]["metadata"]["guid"].as_str().unwrap().to_owned());
        next = page.get("next_url").map(|url| url.as_str().unwrap().to_owned());
    }

    assert_eq!(guids, [ACCOUNT, "a", "b", "c"]);
    assert_eq!(ids(&mock, "/v1/accounts?limit=2"), guids);
}

#[test]
fn account_groups_are_those_to_which_templates_are_assigned() {
    let mock = TestServer::start();
    assert_eq!(ids(&mock, "/v1/account-groups"), [""; 0]);
    let accounts = json!({"accounts": ["child", "other"]});
    for group in ["crew", "team"] {
        mock.put(&format!("/__admin/ibm/account-groups/{group}")).json(accounts.clone()).send().expect(200);
    }

    assert_eq!(ids(&mock, "/v1/account-groups?limit=1"), ["crew", "team"]);

    let enterprise = ids(&mock, "/v1/enterprises");
    assert_eq!(enterprise, [ENTERPRISE]);
    let group = get_json(&mock, "/v1/account-groups/crew");
    let crn = |resource: &str| format!("crn:v1:bluemix:public:enterprise::a/{ACCOUNT}::{resource}");
    assert_eq!(group["name"], "crew");
    assert_eq!(
        (&group["crn"], &group["parent"]),
        (&json!(crn("account-group:crew")), &json!(crn(&format!("enterprise:{ENTERPRISE}"))))
    );
    let child = get_json(&mock, "/v1/accounts/child");
    assert_eq!((&child["parent"], &child["is_enterprise_account"]), (&group["crn"], &json!(false)));
    let path = format!("enterprise:{ENTERPRISE}/account-group:crew/account:child");
    assert_eq!(child["enterprise_path"], path);
    let root = get_json(&mock, &format!("/v1/accounts/{ACCOUNT}"));
    assert_eq!((&root["parent"], &root["is_enterprise_account"]), (&group["parent"], &json!(true)));
    assert_eq!(ids(&mock, "/v1/accounts?account_group_id=crew&limit=1"), ["child", "other"]);
    assert_eq!(ids(&mock, &format!("/v1/accounts?parent={}", crn("account-group:crew"))), ["child", "other"]);
    assert_eq!(
        ids(&mock, &format!("/v1/accounts?parent={}", crn(&format!("enterprise:{ENTERPRISE}")))).len(),
        3
    );
    for nowhere in ["parent=crn:x", "enterprise_id=other", "account_group_id=unknown"] {
        assert_eq!(ids(&mock, &format!("/v1/accounts?{nowhere}")), [""; 0], "{nowhere}");
    }
    assert_eq!(ids(&mock, "/v1/account-groups?parent_account_group_id=crew"), [""; 0]);
    assert_eq!(ids(&mock, "/v1/account-groups?enterprise_id=other"), [""; 0]);
    mock.delete("/__admin/ibm/account-groups/crew").send().expect(204);
    mock.get("/v1/account-groups/crew").send().expect(404);
}

#[test]
fn limit_of_0_gives_an_empty_page() {
    let mock = demo_server();

    for list in ["enterprises", "accounts", "account-groups"] {
        let page = get_json(&mock, &format!("/v1/{list}?limit=0"));
        assert_eq!(page, json!({"rows_count": 0, "resources": []}), "{list}");
        let page = get_json(&mock, &format!("/v1/{list}?limit=1&next_docid=zzz"));
        assert_eq!(page, json!({"rows_count": 0, "resources": []}), "{list}");
    }
}

#[test]
fn names_of_the_seed_survive_a_saved_state() {
    let mock = demo_server();

    let other = TestServer::with_seed(&mock.get("/__admin/state").send().expect(200).text());

    for mock in [&mock, &other] {
        assert_eq!(field_values(&get_json(mock, "/v1/account-groups"), "resources", "name"), ["Europe"]);
        assert_eq!(get_json(mock, &format!("/v1/accounts/{ACCOUNT}"))["name"], "Demo");
        assert_eq!(get_json(mock, &format!("/v1/enterprises/{ENTERPRISE}"))["name"], "Demo");
    }
}

#[test]
fn a_credential_for_one_account_sees_only_that_account() {
    let seed = r#"{
        "credentials": [{"dialect": "ibm", "secret": "k", "account": "own"}],
        "ibm": {"accounts": {"own": {}, "foreign": {}}, "account_groups": {"crew": ["own", "foreign"]}}
    }"#;
    let mock = TestServer::with_config(Config { auth: AuthMode::Strict, ..Config::default() }, seed);
    let get = |path: &str| mock.get(path).header("authorization", "Bearer k").send();

    for path in ["/v1/accounts", "/v1/accounts?account_group_id=crew"] {
        assert_eq!(field_values(&get(path).expect(200).json(), "resources", "id"), ["own"], "{path}");
    }
    assert_eq!(get("/coe/v2/accounts").expect(200).json()["total_results"], 1);
    for path in ["/v1/accounts/foreign", "/coe/v2/accounts/foreign", "/v2/resource_groups?account_id=foreign"]
    {
        get(path).expect(403);
    }
    get("/v2/resource_groups/own").expect(200);
    get("/v2/resource_groups/foreign").expect(403);
}
