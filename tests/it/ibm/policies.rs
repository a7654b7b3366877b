//! Policies in both versions of the API.

use access_groups_mock::{AuthMode, Config};
use serde_json::{Value, json};

use super::{ACCOUNT, BLUE, PUBLIC, assert_error, assert_uuid, create_group, demo_server, field_values};
use crate::support::{TestResponse, TestServer};

const VIEWER: &str = "crn:v1:bluemix:public:iam::::role:Viewer";
const MANAGER: &str = "crn:v1:bluemix:public:iam::::serviceRole:Manager";
const BLUE_POLICY: &str = "9a1f6c2e-3b4d-4e5f-8a90-b1c2d3e4f501";

/// Returns a policy for a group of account `a` in the v1 format.
fn v1_policy(group: &str) -> Value {
    json!({
        "type": "access",
        "subjects": [{"attributes": [{"name": "access_group_id", "value": group}]}],
        "roles": [{"role_id": VIEWER}],
        "resources": [{"attributes": [
            {"name": "serviceType", "value": "service", "operator": "stringEquals"},
            {"name": "accountId", "value": "a"}
        ]}]
    })
}

/// Returns the same policy in the v2 format.
fn v2_policy(group: &str) -> Value {
    json!({
        "type": "access",
        "subject": {"attributes": [{"key": "access_group_id", "operator": "stringEquals", "value": group}]},
        "resource": {"attributes": [
            {"key": "serviceType", "operator": "stringEquals", "value": "service"},
            {"key": "accountId", "operator": "stringEquals", "value": "a"}
        ]},
        "control": {"grant": {"roles": [{"role_id": VIEWER}]}}
    })
}

/// Returns a v1 policy for an identity instead of a group.
fn identity_policy(iam_id: &str) -> Value {
    let mut policy = v1_policy("");
    policy["subjects"][0]["attributes"][0] = json!({"name": "iam_id", "value": iam_id});
    policy
}

fn post(mock: &TestServer, version: &str, body: &Value) -> TestResponse {
    mock.post(&format!("/{version}/policies")).json(body.clone()).send()
}

fn put(mock: &TestServer, path: &str, entity_tag: &str, body: &Value) -> TestResponse {
    mock.put(path).header("if-match", entity_tag).json(body.clone()).send()
}

/// Creates a policy and returns its id.
fn create_policy(mock: &TestServer, version: &str, body: &Value) -> String {
    post(mock, version, body).expect(201).json()["id"].as_str().unwrap().to_owned()
}

fn ids(mock: &TestServer, query: &str) -> Vec<String> {
    let path = format!("/v1/policies?account_id=a{query}");
    field_values(&mock.get(&path).send().expect(200).json(), "policies", "id")
}

#[test]
fn create_and_get_return_the_same_v1_policy() {
    let mock = TestServer::start();
    let group = create_group(&mock, "g");
    let mut body = v1_policy(&group);
    body["description"] = json!("viewers");

    let created = post(&mock, "v1", &body).expect(201);

    let result = created.json();
    let id = result["id"].as_str().unwrap();
    assert_uuid(id, "");
    let mut expected = body;
    expected["id"] = json!(id);
    expected["roles"][0]["display_name"] = json!("Viewer");
    expected["roles"][0]["description"] =
        json!("As a viewer, you can view service instances, but you can't modify them.");
    expected["href"] = json!(format!("{}/v1/policies/{id}", mock.url()));
    expected["state"] = json!("active");
    expected["created_at"] = result["created_at"].clone();
    expected["created_by_id"] = json!("IBMid-mock");
    expected["last_modified_at"] = result["created_at"].clone();
    expected["last_modified_by_id"] = json!("IBMid-mock");
    assert_eq!(result, expected);
    let read = mock.get(&format!("/v1/policies/{id}")).send().expect(200);
    assert_eq!(read.json(), result);
    assert_eq!(read.header("etag"), created.header("etag"));
}

#[test]
fn v2_returns_a_v1_policy_in_v2_format_with_its_v1_link() {
    let mock = TestServer::start();
    let group = create_group(&mock, "g");
    let id = create_policy(&mock, "v1", &v1_policy(&group));

    let read = mock.get(&format!("/v2/policies/{id}")).send().expect(200);

    let result = read.json();
    let mut expected = v2_policy(&group);
    expected["id"] = json!(id);
    expected["href"] = json!(format!("{}/v1/policies/{id}", mock.url()));
    expected["state"] = json!("active");
    expected["created_at"] = result["created_at"].clone();
    expected["created_by_id"] = json!("IBMid-mock");
    expected["last_modified_at"] = result["created_at"].clone();
    expected["last_modified_by_id"] = json!("IBMid-mock");
    assert_eq!(result, expected);
    let v1_read = mock.get(&format!("/v1/policies/{id}")).send();
    assert_eq!(read.header("etag"), v1_read.header("etag"));
}

#[test]
fn v1_returns_a_v2_policy_in_v1_format_with_its_v2_link() {
    let mock = TestServer::start();
    let group = create_group(&mock, "g");
    let mut body = v2_policy(&group);
    body["pattern"] = json!("time-based-conditions:weekly:all-day");
    body["rule"] = json!({"key": "{{environment.attributes.day_of_week}}", "operator": "dayOfWeekAnyOf", "value": ["1+00:00"]});
    body["resource"]["tags"] = json!([{"key": "project", "operator": "stringEquals", "value": "p"}]);

    let created = post(&mock, "v2", &body).expect(201).json();

    let id = created["id"].as_str().unwrap();
    let link = format!("{}/v2/policies/{id}", mock.url());
    assert_eq!(created["rule"], body["rule"]);
    assert_eq!(created["pattern"], body["pattern"]);
    assert_eq!(created["resource"], body["resource"]);
    assert_eq!(created["href"], link.as_str());
    let read = mock.get(&format!("/v1/policies/{id}")).send().expect(200).json();
    assert_eq!(read["subjects"], json!([{"attributes": [{"name": "access_group_id", "value": group}]}]));
    let attribute =
        |name: &str, value: &str| json!({"name": name, "value": value, "operator": "stringEquals"});
    assert_eq!(
        read["resources"],
        json!([{
            "attributes": [attribute("serviceType", "service"), attribute("accountId", "a")],
            "tags": [attribute("project", "p")]
        }])
    );
    assert_eq!(read["roles"][0]["role_id"], VIEWER);
    assert_eq!(read["href"], link.as_str());
    assert_eq!(read.get("rule"), None);
    assert_eq!(read.get("pattern"), None);
}

#[test]
fn v2_attribute_values_need_not_be_strings() {
    let mock = TestServer::start();
    let mut body = v2_policy(&create_group(&mock, "g"));
    let attributes = body["resource"]["attributes"].as_array_mut().unwrap();
    attributes.push(json!({"key": "serviceInstance", "operator": "stringExists", "value": true}));

    let id = create_policy(&mock, "v2", &body);

    let read = |version: &str| mock.get(&format!("/{version}/policies/{id}")).send().expect(200).json();
    assert_eq!(read("v2")["resource"]["attributes"][2]["value"], true);
    assert_eq!(read("v1")["resources"][0]["attributes"][2]["value"], "true");
}

#[test]
fn a_replaced_policy_keeps_only_its_link_and_creation_fields() {
    let mock = TestServer::start();
    let (group, other) = (create_group(&mock, "g"), create_group(&mock, "h"));
    let mut body = v1_policy(&group);
    body["description"] = json!("old");
    let created = post(&mock, "v1", &body).expect(201);
    let path = format!("/v2/policies/{}", created.json()["id"].as_str().unwrap());
    let mut new = v2_policy(&other);
    new["control"]["grant"]["roles"] = json!([{"role_id": MANAGER}]);

    let replaced = put(&mock, &path, created.header("etag"), &new).expect(200);

    let result = replaced.json();
    assert_eq!(result.get("description"), None);
    assert_eq!(result["subject"], new["subject"]);
    assert_eq!(result["control"], new["control"]);
    assert_eq!(result["href"], created.json()["href"]);
    assert_eq!(result["created_at"], created.json()["created_at"]);
    assert_ne!(replaced.header("etag"), created.header("etag"));
    assert_eq!(mock.get(&path).send().json(), result);
    assert_eq!(ids(&mock, &format!("&access_group_id={group}")), [""; 0]);
    assert_eq!(ids(&mock, &format!("&access_group_id={other}")), [result["id"].as_str().unwrap()]);
}

#[test]
fn a_replacement_needs_the_current_entity_tag() {
    let mock = TestServer::start();
    let group = create_group(&mock, "g");
    let created = post(&mock, "v1", &v1_policy(&group)).expect(201);
    let id = created.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/policies/{id}");
    put(&mock, &path, created.header("etag"), &v1_policy(&group)).expect(200);
    let before = mock.get(&path).send().text();

    let stale = put(&mock, &path, created.header("etag"), &v1_policy(&group)).expect(412);
    let star = put(&mock, &path, "*", &v1_policy(&group)).expect(412);
    let missing = mock.put(&format!("/v2/policies/{id}")).json(v2_policy(&group)).send().expect(412);

    for response in [stale, star, missing] {
        assert_error(&response, "incorrect_etag", "If-Match header contains incorrect/invalid etag.");
    }
    assert_eq!(mock.get(&path).send().text(), before);
}

#[test]
fn type_and_account_of_a_policy_cannot_change() {
    let mock = TestServer::start();
    let created = post(&mock, "v1", &identity_policy("IBMid-1")).expect(201);
    let path = format!("/v1/policies/{}", created.json()["id"].as_str().unwrap());
    let mut other_type = identity_policy("IBMid-1");
    other_type["type"] = json!("authorization");
    let mut other_account = identity_policy("IBMid-1");
    other_account["resources"][0]["attributes"][1]["value"] = json!("b");

    let kind = put(&mock, &path, created.header("etag"), &other_type).expect(400);
    let account = put(&mock, &path, created.header("etag"), &other_account).expect(400);

    let message = "Invalid body format. Check the input parameters. instance";
    assert_error(&kind, "invalid_body", &format!("{message}.type cannot be changed"));
    assert_error(&account, "invalid_body", &format!("{message}.resource must keep its account"));
}

#[test]
fn a_deleted_policy_is_404_in_both_versions() {
    let mock = demo_server();

    mock.delete(&format!("/v2/policies/{BLUE_POLICY}")).send().expect(204);

    for version in ["v1", "v2"] {
        let path = format!("/{version}/policies/{BLUE_POLICY}");
        let message = format!("Policy with Id {BLUE_POLICY} not found.");
        assert_error(&mock.get(&path).send().expect(404), "policy_not_found", &message);
        assert_error(&mock.delete(&path).send().expect(404), "policy_not_found", &message);
        let put = mock.put(&path).json(json!({})).send().expect(404);
        assert_error(&put, "policy_not_found", &message);
    }
    assert_eq!(mock.get(&format!("/v2/groups/{BLUE}")).send().status, 200);
}

#[test]
fn policies_are_listed_by_group_identity_and_type() {
    let mock = TestServer::start();
    let (group, other) = (create_group(&mock, "g"), create_group(&mock, "h"));
    let one = create_policy(&mock, "v1", &v1_policy(&group));
    let mut body = v2_policy(&group);
    body["control"]["grant"]["roles"][0]["role_id"] = json!(MANAGER);
    let two = create_policy(&mock, "v2", &body);
    let three = create_policy(&mock, "v1", &v1_policy(&other));
    let four = create_policy(&mock, "v1", &identity_policy("IBMid-1"));
    let mut body = v1_policy("");
    body["type"] = json!("authorization");
    body["subjects"][0]["attributes"] = json!([{"name": "serviceName", "value": "kms"}]);
    let five = create_policy(&mock, "v1", &body);

    assert_eq!(ids(&mock, ""), [&*one, &two, &three, &four, &five]);
    assert_eq!(ids(&mock, &format!("&access_group_id={group}")), [&*one, &two]);
    assert_eq!(ids(&mock, &format!("&access_group_id={other}&type=access")), [&*three]);
    assert_eq!(ids(&mock, &format!("&access_group_id={other}&type=authorization")), [""; 0]);
    assert_eq!(ids(&mock, "&iam_id=IBMid-1"), [&*four]);
    assert_eq!(ids(&mock, "&iam_id=IBMid-1&type=authorization"), [""; 0]);
    assert_eq!(ids(&mock, &format!("&iam_id=IBMid-1&access_group_id={group}")), [""; 0]);
    assert_eq!(ids(&mock, "&type=access"), [&*one, &two, &three, &four]);
    assert_eq!(ids(&mock, "&type=authorization"), [&*five]);
    assert_eq!(ids(&mock, "&state=active"), [&*one, &two, &three, &four, &five]);
    assert_eq!(ids(&mock, "&state=deleted"), [""; 0]);
    assert_eq!(mock.get("/v2/policies?account_id=b").send().expect(200).json(), json!({"policies": []}));
}

#[test]
fn a_list_has_the_format_of_its_api_version() {
    let mock = demo_server();
    let listed = |version: &str| {
        let path = format!("/{version}/policies?account_id={ACCOUNT}&access_group_id={BLUE}");
        mock.get(&path).send().expect(200).json()["policies"][0].clone()
    };

    let read = |version: &str| mock.get(&format!("/{version}/policies/{BLUE_POLICY}")).send().json();
    assert_eq!(listed("v1"), read("v1"));
    assert_eq!(listed("v2"), read("v2"));
    assert!(listed("v2")["subject"].is_object());
}

#[test]
fn lists_are_sorted_by_the_sort_parameter() {
    let mock = TestServer::start();
    let v2_id = create_policy(&mock, "v2", &v2_policy(&create_group(&mock, "g")));
    let v1_id = create_policy(&mock, "v1", &identity_policy("IBMid-1"));
    let mut by_id = [&*v2_id, &*v1_id];
    by_id.sort_unstable();

    assert_eq!(ids(&mock, "&sort=id"), by_id);
    assert_eq!(ids(&mock, "&sort=-id"), [by_id[1], by_id[0]]);
    assert_eq!(ids(&mock, "&sort=href"), [&*v1_id, &v2_id]);
    assert_eq!(ids(&mock, "&sort=-href"), [&*v2_id, &v1_id]);
    for field in ["type", "created_at", "created_by_id", "last_modified_at", "last_modified_by_id", "state"] {
        assert_eq!(ids(&mock, &format!("&sort={field}")).len(), 2, "{field}");
    }
}

#[test]
fn following_next_links_returns_every_policy_once() {
    let mock = TestServer::start();
    let created: Vec<String> = (0..5)
        .map(|number| create_policy(&mock, "v1", &identity_policy(&format!("IBMid-{number}"))))
        .collect();
    let mut path = "/v1/policies?account_id=a&type=access&limit=2".to_owned();
    let mut seen = Vec::new();

    loop {
        let page = mock.get(&path).send().expect(200).json();
        assert_eq!(page["limit"], 2);
        assert!(page["first"]["href"].as_str().unwrap().ends_with("?account_id=a&type=access&limit=2"));
        seen.extend(field_values(&page, "policies", "id"));
        let Some(next) = page["next"]["href"].as_str() else { break };
        let start = page["next"]["start"].as_str().unwrap();
        assert!(next.ends_with(&format!("&start={start}")));
        path = next.strip_prefix(&mock.url()).unwrap().to_owned();
    }

    assert_eq!(seen, created);
    let last = mock.get(&path).send().json();
    assert_eq!(last["previous"]["start"], "2");
}

#[test]
fn deleting_a_group_deletes_its_policies() {
    let mock = TestServer::start();
    let (group, other) = (create_group(&mock, "g"), create_group(&mock, "h"));
    let deleted = create_policy(&mock, "v1", &v1_policy(&group));
    let remaining = create_policy(&mock, "v1", &v1_policy(&other));

    mock.delete(&format!("/v2/groups/{group}")).send().expect(204);

    mock.get(&format!("/v1/policies/{deleted}")).send().expect(404);
    assert_eq!(ids(&mock, ""), [remaining]);
}

#[test]
fn disabling_public_access_deletes_its_policies_and_rejects_new_ones() {
    let mock = TestServer::start();
    let set_public_access = |on: bool| {
        let body = json!({"public_access_enabled": on});
        mock.patch("/v2/groups/settings?account_id=a").json(body).send().expect(200);
    };
    let other = create_policy(&mock, "v1", &v1_policy(&create_group(&mock, "g")));
    create_policy(&mock, "v1", &v1_policy(PUBLIC));
    let mut elsewhere = v1_policy(PUBLIC);
    elsewhere["resources"][0]["attributes"][1]["value"] = json!("b");
    let elsewhere = create_policy(&mock, "v1", &elsewhere);

    set_public_access(false);

    assert_eq!(ids(&mock, ""), [&*other]);
    mock.get(&format!("/v1/policies/{elsewhere}")).send().expect(200);
    for (version, body) in [("v1", v1_policy(PUBLIC)), ("v2", v2_policy(PUBLIC))] {
        let rejected = post(&mock, version, &body).expect(400);
        assert_error(&rejected, "invalid_body", "Public access is disabled for the account: a");
    }
    set_public_access(true);
    create_policy(&mock, "v1", &v1_policy(PUBLIC));
}

#[test]
fn a_policy_for_a_group_of_another_account_is_400() {
    let mock = TestServer::start();
    let group = mock.post("/v2/groups?account_id=b").json(json!({"name": "g"})).send().json();
    let message =
        "Access groups can only be assigned against resources in the same account as the access group.";

    for group in [group["id"].as_str().unwrap(), "AccessGroupId-unknown"] {
        assert_error(&post(&mock, "v1", &v1_policy(group)).expect(400), "invalid_body", message);
        assert_error(&post(&mock, "v2", &v2_policy(group)).expect(400), "invalid_body", message);
    }
    assert_eq!(ids(&mock, ""), [""; 0]);
}

#[test]
fn an_unknown_role_is_400() {
    let mock = TestServer::start();
    let mut body = v1_policy(&create_group(&mock, "g"));
    body["roles"] = json!([{"role_id": VIEWER}, {"role_id": "crn:v1:x:role:Odd"}]);

    let rejected = post(&mock, "v1", &body).expect(400);

    assert_error(&rejected, "invalid_body", "The role was not found: crn:v1:x:role:Odd");
}

#[test]
fn an_invalid_body_is_400_and_names_the_field() {
    let mock = TestServer::start();
    let group = create_group(&mock, "g");
    let assert_rejected = |version: &str, body: &Value, reason: &str| {
        let message = format!("Invalid body format. Check the input parameters. {reason}");
        assert_error(&post(&mock, version, body).expect(400), "invalid_body", &message);
    };
    let with = |pointer: &str, value: Value| {
        let mut body = v1_policy(&group);
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };

    let types = "instance.type is not one of enum values: access,authorization";
    assert_rejected("v1", &with("/type", json!("odd")), types);
    assert_rejected("v1", &with("/roles", json!([])), "instance.roles must have at least one role");
    let parties = "instance.subject must have one attribute: access_group_id or iam_id";
    assert_rejected("v1", &with("/subjects", json!([])), parties);
    assert_rejected("v1", &with("/subjects/0/attributes/0/name", json!("color")), parties);
    assert_rejected(
        "v1",
        &with("/resources", json!([])),
        "instance.resource must have the attribute accountId",
    );
    assert_rejected(
        "v1",
        &with("/resources/0/attributes/0", json!({"value": ""})),
        "instance.resource.attributes[0] has no name, instance.resource.attributes[0] has no value that is a \
         string of 1 to 1000 characters, true or false",
    );
    assert_rejected(
        "v1",
        &with("/resources/0/attributes/0/value", json!("x".repeat(1001))),
        "instance.resource.attributes[0] has no value that is a string of 1 to 1000 characters, true or false",
    );
    assert_rejected(
        "v1",
        &with("/roles", json!("x")),
        "instance.roles invalid type: string \"x\", expected a sequence",
    );
    let mut with_rule = v2_policy(&group);
    with_rule["rule"] = json!({});
    assert_rejected("v2", &with_rule, "instance.pattern is required when there is a rule");
    with_rule["rule"] = json!(5);
    with_rule["pattern"] = json!("p");
    assert_rejected("v2", &with_rule, "instance.rule must be an object");
    let all_violations = format!(
        "{types}, instance.roles must have at least one role, {parties}, instance.resource must have the \
         attribute accountId"
    );
    assert_rejected("v2", &json!({}), &all_violations);
}

#[test]
fn a_duplicate_resource_attribute_is_400() {
    let mock = TestServer::start();
    let mut body = v1_policy(&create_group(&mock, "g"));
    let attributes = body["resources"][0]["attributes"].as_array_mut().unwrap();
    attributes.push(json!({"name": "accountId", "value": "a"}));

    let rejected = post(&mock, "v1", &body).expect(400);

    let message = "The following resource attribute(s) had multiple entries: accountId";
    assert_error(&rejected, "invalid_body", message);
}

#[test]
fn a_credential_only_reaches_policies_of_its_own_account() {
    let seed = json!({
        "credentials": [{"dialect": "ibm", "secret": "s", "account": "b"}],
        "ibm": {"accounts": {"a": {"policies": [identity_policy("IBMid-1")]}}}
    });
    let mut seed = seed;
    seed["ibm"]["accounts"]["a"]["policies"][0]["id"] = json!("p");
    let config = Config { auth: AuthMode::Strict, ..Config::default() };
    let mock = TestServer::with_config(config, &seed.to_string());
    let request = |method: &str, path: &str| mock.request(method, path).header("authorization", "Bearer s");

    request("GET", "/v1/policies?account_id=a").send().expect(403);
    request("GET", "/v1/policies?account_id=b").send().expect(200);
    request("GET", "/v1/policies/p").send().expect(403);
    request("DELETE", "/v2/policies/p").send().expect(403);
    request("PUT", "/v1/policies/p").json(identity_policy("IBMid-1")).send().expect(403);
    request("POST", "/v1/policies").json(identity_policy("IBMid-1")).send().expect(403);
}
