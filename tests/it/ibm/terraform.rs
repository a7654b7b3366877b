//! The request sequences that terraform-provider-ibm sends for its access-group resources.
//!
//! Each test covers the lifecycle of one resource: apply, a second plan without differences, change, destroy.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::field_values;
use crate::support::{TestRequest, TestResponse, TestServer};

/// The account of the API key.
const ACCOUNT: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
const VIEWER: &str = "crn:v1:bluemix:public:iam::::role:Viewer";
const EDITOR: &str = "crn:v1:bluemix:public:iam::::role:Editor";

/// A started provider: it has exchanged its API key for a token and reads the account from the token.
struct Provider<'a> {
    mock: &'a TestServer,
    token: String,
    account: String,
}

impl<'a> Provider<'a> {
    fn start(mock: &'a TestServer) -> Self {
        let form = "grant_type=urn:ibm:params:oauth:grant-type:apikey&apikey=key&response_type=cloud_iam";
        let request = mock.post("/identity/token").header("authorization", "Basic Yng6Yng=");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let token_response = request.body(form).send().expect(200).json();
        let token = token_response["access_token"].as_str().unwrap().to_owned();
        let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert!(claims["id"].is_string());
        assert!(claims["iss"].as_str().unwrap().contains("https://iam.cloud.ibm.com"));
        let account = claims["account"]["bss"].as_str().unwrap().to_owned();
        Self { mock, token: format!("Bearer {token}"), account }
    }

    fn request(&self, method: &str, path: &str) -> TestRequest<'_> {
        self.mock.request(method, path).header("authorization", &self.token)
    }

    fn get(&self, path: &str) -> TestResponse {
        self.request("GET", path).send()
    }

    fn send(&self, method: &str, path: &str, body: Value) -> TestResponse {
        self.request(method, path).json(body).send()
    }

    /// Creates a group and returns its path.
    fn group(&self, name: &str) -> String {
        let path = format!("/v2/groups?account_id={}", self.account);
        let created = self.send("POST", &path, json!({ "name": name })).expect(201).json();
        format!("/v2/groups/{}", created["id"].as_str().unwrap())
    }

    /// Returns all items of a list: reads pages until it has `total_count` items.
    fn list_all(&self, path: &str, items: &str) -> Vec<Value> {
        let separator = if path.contains('?') { '&' } else { '?' };
        let mut all_items: Vec<Value> = Vec::new();
        loop {
            let page = self.get(&format!("{path}{separator}limit=100&offset={}", all_items.len()));
            let page = page.expect(200).json();
            let found = page[items].as_array().expect("a list is never null").clone();
            let total = usize::try_from(page["total_count"].as_u64().unwrap()).unwrap();
            assert!(!found.is_empty() || all_items.len() == total, "the loop of the provider would not end");
            all_items.extend(found);
            if all_items.len() >= total {
                assert_eq!(all_items.len(), total);
                return all_items;
            }
        }
    }

    /// Returns the users of the account like bluemix-go, which takes `next_url` as a path on the same host.
    fn users(&self) -> Vec<Value> {
        let mut next = Some(format!("/v2/accounts/{}/users", self.account));
        let mut users = Vec::new();
        while let Some(path) = next {
            let page = self.get(&path).expect(200).json();
            users.extend(page["resources"].as_array().expect("a list is never null").clone());
            next = page["next_url"].as_str().map(str::to_owned);
        }
        users
    }

    /// Returns the service ids or profiles of the account; reads pages with the token in `next`.
    fn principals(&self, list: &str, items: &str) -> Vec<Value> {
        let first = format!("{list}?account_id={}&pagesize=100", self.account);
        let (mut path, mut principals) = (first.clone(), Vec::new());
        loop {
            let page = self.get(&path).expect(200).json();
            principals.extend(page[items].as_array().expect("a list is never null").clone());
            let Some(next) = page["next"].as_str() else { return principals };
            path = format!("{first}&pagetoken={}", next.split_once("pagetoken=").unwrap().1);
        }
    }

    /// Returns the IAM id of the user with this e-mail address.
    fn iam_id(&self, email: &str) -> String {
        let users = self.users();
        let user = users.iter().find(|user| user["email"].as_str().unwrap().eq_ignore_ascii_case(email));
        user.expect("the user is in the account")["iam_id"].as_str().unwrap().to_owned()
    }

    /// Returns the members that the members resource keeps on read: those in one of the three lists of identities.
    fn known_members(&self, group: &str) -> Vec<String> {
        let mut known: Vec<String> = Vec::new();
        let lists = [
            self.users(),
            self.principals("/v1/serviceids/", "serviceids"),
            self.principals("/v1/profiles", "profiles"),
        ];
        let iam_ids: Vec<String> =
            lists.iter().flatten().map(|it| it["iam_id"].as_str().unwrap().to_owned()).collect();
        for member in self.list_all(&format!("{group}/members"), "members") {
            assert!(member["type"].is_string());
            let iam_id = member["iam_id"].as_str().unwrap().to_owned();
            known.extend(iam_ids.contains(&iam_id).then_some(iam_id));
        }
        known
    }
}

fn demo_server() -> TestServer {
    super::demo_server()
}

/// Returns the fields that the group resource keeps on read: version, name, description and CRN.
fn resource_state(response: &TestResponse) -> (String, Value) {
    let group = response.json();
    assert!(group["crn"].as_str().unwrap().starts_with("crn:v1:bluemix:public:iam-groups:global:a/"));
    (response.header("etag").to_owned(), group)
}

#[test]
fn a_group_supports_apply_plan_change_import_and_destroy() {
    let mock = demo_server();
    let provider = Provider::start(&mock);
    let group = provider.group("terraform");
    let read = || resource_state(&provider.get(&format!("{group}?show_crn=true")).expect(200));
    let applied = read();
    assert_eq!(applied.1["description"], "");

    let planned = read();
    let patch = provider.request("PATCH", &group).header("if-match", &planned.0);
    patch.json(json!({"description": "changed"})).send().expect(200);
    let changed = read();
    let imported = read();
    provider.request("DELETE", &format!("{group}?force=true")).send().expect(204);

    assert_eq!(planned, applied);
    assert_ne!(changed.0, applied.0);
    assert_eq!(changed.1["name"], "terraform");
    assert_eq!(changed.1["crn"], applied.1["crn"]);
    assert_eq!(imported, changed);
    provider.get(&format!("{group}?show_crn=true")).expect(404);
}

#[test]
fn version_and_crn_of_a_group_do_not_change_with_its_members_and_rules() {
    let mock = demo_server();
    let provider = Provider::start(&mock);
    let group = provider.group("terraform");
    let id = group.rsplit('/').next().unwrap();
    let before = resource_state(&provider.get(&format!("{group}?show_crn=true")));

    let members = json!({"members": [{"iam_id": "IBMid-270001", "type": "user"}]});
    provider.send("PUT", &format!("{group}/members"), members).expect(207);
    let rule = json!({"name": "r", "expiration": 1, "realm_name": "x", "conditions": [{"claim": "c", "operator": "EQUALS", "value": "\"v\""}]});
    provider.send("POST", &format!("{group}/rules"), rule).expect(201);
    provider.send("POST", "/v1/policies", policy(id, VIEWER)).expect(201);
    provider.request("DELETE", &format!("{group}/members/IBMid-270001")).send().expect(204);

    assert_eq!(resource_state(&provider.get(&format!("{group}?show_crn=true"))), before);
}

#[test]
fn members_of_all_three_types_are_resolved_added_read_and_removed() {
    let mock = demo_server();
    let provider = Provider::start(&mock);
    let group = provider.group("terraform");
    let create = |path: &str, name: &str| {
        let body = json!({"account_id": provider.account, "name": name});
        let id = provider.send("POST", path, body).expect(201).json()["id"].as_str().unwrap().to_owned();
        let path = format!("{}/{id}", path.trim_end_matches('/'));
        let iam_id = provider.get(&path).expect(200).json()["iam_id"].as_str().unwrap().to_owned();
        (path, iam_id)
    };
    let (service_path, service) = create("/v1/serviceids/", "tf service");
    let (profile_path, profile) = create("/v1/profiles", "tf profile");
    let user = provider.iam_id("ADA@example.com");
    let add = |members: Value| {
        provider.send("PUT", &format!("{group}/members"), json!({ "members": members })).expect(207);
    };

    add(json!([
        {"iam_id": user, "type": "user"},
        {"iam_id": service, "type": "service"},
        {"iam_id": profile, "type": "profile"}
    ]));
    assert_eq!(provider.known_members(&group), [&*user, &service, &profile]);
    assert_eq!(provider.known_members(&group), [&*user, &service, &profile]);

    let second = provider.iam_id("cleo@example.com");
    add(json!([{"iam_id": second, "type": "user"}]));
    provider.request("DELETE", &format!("{group}/members/{service}")).send().expect(204);
    assert_eq!(provider.known_members(&group), [&*user, &profile, &second]);

    for iam_id in [&user, &profile, &second] {
        provider.request("DELETE", &format!("{group}/members/{iam_id}")).send().expect(204);
    }
    assert_eq!(provider.known_members(&group), [""; 0]);
    provider.request("DELETE", &service_path).send().expect(204);
    provider.request("DELETE", &profile_path).send().expect(204);
    provider.request("DELETE", &format!("{group}?force=true")).send().expect(204);
    provider.get(&format!("{group}/members?limit=100")).expect(404);
}

#[test]
fn members_are_read_across_several_pages() {
    let mock = demo_server();
    let provider = Provider::start(&mock);
    let group = provider.group("terraform");
    for start in (0..250).step_by(50) {
        let iam_ids = start..start + 50;
        let members: Vec<Value> =
            iam_ids.map(|n| json!({"iam_id": format!("IBMid-{n:03}"), "type": "user"})).collect();
        provider.send("PUT", &format!("{group}/members"), json!({ "members": members })).expect(207);
    }

    let known = provider.known_members(&group);

    assert_eq!(known, (0..250).map(|n| format!("IBMid-{n:03}")).collect::<Vec<_>>());
}

#[test]
fn a_dynamic_rule_supports_apply_plan_change_and_destroy() {
    let mock = demo_server();
    let provider = Provider::start(&mock);
    let group = provider.group("terraform");
    let rules = format!("{group}/rules");
    let rule = |name: Option<&str>, expiration: u8| {
        let mut rule = json!({
            "expiration": expiration,
            "realm_name": "https://idp.example.org/SAML2",
            "conditions": [{"claim": "blueGroups", "operator": "CONTAINS", "value": "\"test\""}]
        });
        if let Some(name) = name {
            rule["name"] = json!(name);
        }
        rule
    };

    let created = provider.send("POST", &rules, rule(Some("r"), 4)).expect(201).json();
    let path = format!("{rules}/{}", created["id"].as_str().unwrap());
    let applied = provider.get(&path).expect(200);
    assert_eq!(applied.json(), created);
    assert_eq!(provider.get(&path).expect(200).json(), created);
    assert_eq!(group.rsplit('/').next().unwrap(), created["access_group_id"]);

    // The provider sends no name on update, and the service replaces the whole rule.
    let put = provider.request("PUT", &path).header("if-match", applied.header("etag"));
    put.json(rule(None, 5)).send().expect(200);
    let changed = provider.get(&path).expect(200).json();
    assert_eq!(changed["expiration"], 5);
    assert_eq!(changed["name"], "");
    assert_eq!(changed["conditions"][0]["value"], "\"test\"");

    provider.request("DELETE", &path).send().expect(204);
    provider.get(&path).expect(404);
    provider.request("DELETE", &format!("{group}?force=true")).send().expect(204);
    provider.get(&path).expect(404);
}

#[test]
fn account_settings_are_set_and_read() {
    let mock = demo_server();
    let provider = Provider::start(&mock);
    let path = format!("/v2/groups/settings?account_id={}", provider.account);

    for enabled in [false, true] {
        provider.send("PATCH", &path, json!({"public_access_enabled": enabled})).expect(200);

        let read = provider.get(&path).expect(200).json();
        assert_eq!(read["public_access_enabled"], enabled);
        assert_eq!(provider.get(&path).expect(200).json(), read);
    }
}

/// Returns the v1 policy that the provider sends for a group and a role.
fn policy(group: &str, role: &str) -> Value {
    json!({
        "type": "access",
        "subjects": [{"attributes": [{"name": "access_group_id", "value": group}]}],
        "roles": [{"role_id": role}],
        "resources": [{"attributes": [
            {"name": "serviceType", "value": "service", "operator": "stringEquals"},
            {"name": "accountId", "value": ACCOUNT}
        ]}]
    })
}

#[test]
fn a_policy_supports_apply_plan_change_and_destroy() {
    let mock = demo_server();
    let provider = Provider::start(&mock);
    let group = provider.group("terraform");
    let id = group.rsplit('/').next().unwrap();
    let crns = || {
        let path = format!("/v2/roles?account_id={}&service_name=alliamserviceroles", provider.account);
        let roles = provider.get(&path).expect(200).json();
        [field_values(&roles, "system_roles", "crn"), field_values(&roles, "service_roles", "crn")].concat()
    };
    assert!(crns().contains(&VIEWER.to_owned()));

    let created = provider.send("POST", "/v1/policies", policy(id, VIEWER)).expect(201).json();
    let policy_id = created["id"].as_str().unwrap();
    let (first, second) = (format!("/v1/policies/{policy_id}"), format!("/v2/policies/{policy_id}"));
    let read = || {
        let read = provider.get(&second).expect(200);
        let policy = read.json();
        assert_eq!(policy["subject"]["attributes"][0]["key"], "access_group_id");
        assert_eq!(policy["subject"]["attributes"][0]["value"], id);
        assert_eq!(policy["state"], "active");
        for role in policy["control"]["grant"]["roles"].as_array().unwrap() {
            assert!(crns().contains(&role["role_id"].as_str().unwrap().to_owned()));
        }
        (read.header("etag").to_owned(), policy)
    };
    let applied = read();
    assert_eq!(read(), applied);

    assert!(!applied.1["href"].as_str().unwrap().contains("/v2/policies"));
    let put = provider.request("PUT", &first).header("if-match", &applied.0);
    put.json(policy(id, EDITOR)).send().expect(200);
    let changed = read();
    assert_eq!(changed.1["control"]["grant"]["roles"][0]["role_id"], EDITOR);
    assert_ne!(changed.0, applied.0);
    let list = format!("/v1/policies?account_id={}&access_group_id={id}", provider.account);
    assert_eq!(field_values(&provider.get(&list).expect(200).json(), "policies", "id"), [policy_id]);

    provider.get(&second).expect(200);
    provider.request("DELETE", &first).send().expect(204);
    provider.get(&second).expect(404);
}

#[test]
fn a_policy_with_conditions_is_managed_with_v2() {
    let mock = demo_server();
    let provider = Provider::start(&mock);
    let group = provider.group("terraform");
    let id = group.rsplit('/').next().unwrap();
    let body = json!({
        "type": "access",
        "subject": {"attributes": [{"key": "access_group_id", "operator": "stringEquals", "value": id}]},
        "control": {"grant": {"roles": [{"role_id": VIEWER}]}},
        "resource": {"attributes": [
            {"key": "serviceName", "operator": "stringEquals", "value": "kms"},
            {"key": "accountId", "operator": "stringEquals", "value": ACCOUNT}
        ]},
        "pattern": "time-based-conditions:weekly:custom-hours",
        "rule": {"operator": "and", "conditions": [
            {"key": "{{environment.attributes.current_time}}", "operator": "timeLessThanOrEquals", "value": "17:00:00+00:00"}
        ]}
    });

    let created = provider.send("POST", "/v2/policies", body.clone()).expect(201).json();
    let path = format!("/v2/policies/{}", created["id"].as_str().unwrap());
    let read = provider.get(&path).expect(200);

    assert_eq!(read.json()["rule"], body["rule"]);
    assert_eq!(read.json()["pattern"], body["pattern"]);
    assert!(read.json()["href"].as_str().unwrap().contains("/v2/policies"));
    provider.request("PUT", &path).header("if-match", read.header("etag")).json(body).send().expect(200);
    provider.request("DELETE", &path).send().expect(204);
    provider.get(&path).expect(404);
}

#[test]
fn the_data_source_reads_every_group_with_its_members_and_rules() {
    let mock = demo_server();
    let provider = Provider::start(&mock);
    for number in 0..120 {
        provider.group(&format!("group {number:03}"));
    }

    let path = format!("/v2/groups?account_id={}&show_crn=true", provider.account);
    let groups = provider.list_all(&path, "groups");

    assert_eq!(groups.len(), 124);
    assert_eq!(groups[0]["name"], "Public Access");
    assert_eq!(provider.users().len(), 3);
    assert_eq!(provider.principals("/v1/serviceids/", "serviceids").len(), 2);
    assert_eq!(provider.principals("/v1/profiles", "profiles").len(), 2);
    for group in &groups[..6] {
        assert!(group["crn"].is_string());
        let path = format!("/v2/groups/{}", group["id"].as_str().unwrap());
        assert!(provider.get(&format!("{path}/members")).expect(200).json()["members"].is_array());
        assert!(provider.get(&format!("{path}/rules")).expect(200).json()["rules"].is_array());
    }
}

#[test]
fn an_account_without_users_service_ids_and_profiles_has_empty_lists() {
    let mock = TestServer::start();
    let provider = Provider::start(&mock);

    assert_eq!(provider.users(), Vec::<Value>::new());
    assert_eq!(provider.principals("/v1/serviceids/", "serviceids"), Vec::<Value>::new());
    assert_eq!(provider.principals("/v1/profiles", "profiles"), Vec::<Value>::new());
    let path = format!("/v2/groups?account_id={}&show_crn=true", provider.account);
    assert_eq!(provider.list_all(&path, "groups").len(), 1);
}
