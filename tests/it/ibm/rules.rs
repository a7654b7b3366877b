//! Rules of one group.

use serde_json::{Value, json};

use super::{
    ACCOUNT, BLUE, EMPTY, PUBLIC, RULE, assert_error, assert_invalid, assert_uuid, demo_server, field_values,
};
use crate::support::{TestResponse, TestServer};

fn rules(group: &str) -> String {
    format!("/v2/groups/{group}/rules")
}

fn rule(rule_id: &str) -> String {
    format!("/v2/groups/{BLUE}/rules/{rule_id}")
}

fn valid() -> Value {
    json!({
        "name": "test rule name",
        "expiration": 24,
        "realm_name": "test-idp.com",
        "conditions": [{"claim": "blueGroups", "operator": "CONTAINS", "value": "\"test-bluegroup-saml\""}]
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut body = valid();
    body[name] = value;
    body
}

fn post(mock: &TestServer, body: Value) -> TestResponse {
    mock.post(&rules(EMPTY)).json(body).send()
}

#[test]
fn create_returns_the_whole_rule_and_get_has_the_same_entity_tag() {
    let mock = demo_server();

    let created = post(&mock, valid()).expect(201);

    let shape = created.json();
    assert_uuid(shape["id"].as_str().unwrap(), "ClaimRule-");
    let expected = json!({
        "id": shape["id"],
        "name": "test rule name",
        "expiration": 24,
        "realm_name": "test-idp.com",
        "access_group_id": EMPTY,
        "account_id": ACCOUNT,
        "conditions": [{"claim": "blueGroups", "operator": "CONTAINS", "value": "\"test-bluegroup-saml\""}],
        "created_at": shape["created_at"],
        "created_by_id": "IBMid-mock",
        "last_modified_at": shape["created_at"],
        "last_modified_by_id": "IBMid-mock"
    });
    assert_eq!(shape, expected);
    assert!(created.header("etag").starts_with("1-"));
    let read = mock.get(&format!("{}/{}", rules(EMPTY), shape["id"].as_str().unwrap())).send().expect(200);
    assert_eq!(read.json(), shape);
    assert_eq!(read.header("etag"), created.header("etag"));
}

#[test]
fn a_missing_name_is_returned_as_empty() {
    let mock = demo_server();

    let shape = post(&mock, with("name", Value::Null)).expect(201).json();

    assert_eq!(shape["name"], "");
}

#[test]
fn an_expiration_is_1_to_24_hours() {
    let mock = demo_server();
    let reason = "expiration must be an integer from 1 to 24";

    for good in [1, 24] {
        assert_eq!(post(&mock, with("expiration", json!(good))).expect(201).json()["expiration"], good);
    }
    for bad in [json!(0), json!(25), json!(-1), json!(256), json!(257), json!(1.5), json!("12"), json!(null)]
    {
        assert_invalid(post(&mock, with("expiration", bad)), reason);
    }
    assert_eq!(post(&mock, with("expiration", json!(12.0))).expect(201).json()["expiration"], 12);
}

#[test]
fn only_documented_operators_are_accepted() {
    let mock = demo_server();
    let known = ["EQUALS", "EQUALS_IGNORE_CASE", "IN", "NOT_EQUALS_IGNORE_CASE", "NOT_EQUALS", "CONTAINS"];

    for operator in known {
        let conditions = json!([{"claim": "c", "operator": operator, "value": "1"}]);
        let shape = post(&mock, with("conditions", conditions)).expect(201).json();
        assert_eq!(shape["conditions"][0]["operator"], operator);
    }
    let conditions = json!([{"claim": "c", "operator": "equals", "value": "1"}]);
    assert_invalid(
        post(&mock, with("conditions", conditions)),
        "conditions[0].operator must be one of EQUALS, EQUALS_IGNORE_CASE, IN, NOT_EQUALS_IGNORE_CASE, \
         NOT_EQUALS, CONTAINS",
    );
}

#[test]
fn all_violations_of_a_rule_are_listed() {
    let mock = demo_server();

    assert_invalid(
        post(&mock, json!({})),
        "expiration must be an integer from 1 to 24, realm_name is missing or empty, \
         conditions must have at least one condition",
    );
    let conditions =
        json!([{"claim": "c", "operator": "IN", "value": "bare words pass"}, {"operator": "IN"}]);
    assert_invalid(
        post(&mock, with("conditions", conditions)),
        "conditions[1].claim is missing or empty, conditions[1].value is missing",
    );
    let conditions = json!([{"claim": "c", "operator": "IN", "value": ["a"]}]);
    assert_invalid(
        post(&mock, with("conditions", conditions)),
        "conditions[0].value invalid type: sequence, expected a string",
    );
}

#[test]
fn rules_are_listed_in_creation_order_without_pages() {
    let mock = demo_server();
    mock.post(&rules(BLUE)).json(valid()).send().expect(201);

    let list = mock.get(&rules(BLUE)).send().expect(200).json();

    assert_eq!(field_values(&list, "rules", "name"), ["leads only", "test rule name"]);
    assert_eq!(list.as_object().unwrap().len(), 1);
    assert_eq!(mock.get(&rules(EMPTY)).send().expect(200).json(), json!({"rules": []}));
}

#[test]
fn a_group_is_federated_while_it_has_a_rule() {
    let mock = demo_server();
    let is_federated =
        || mock.get(&format!("/v2/groups/{BLUE}?show_federated=true")).send().json()["is_federated"].clone();

    assert_eq!(is_federated(), true);
    mock.delete(&rule(RULE)).send().expect(204);
    assert_eq!(is_federated(), false);
}

#[test]
fn a_replaced_rule_keeps_only_id_and_creation_fields() {
    let mock = demo_server();
    let before = mock.get(&rule(RULE)).send().expect(200);
    let mut body = valid();
    body.as_object_mut().unwrap().remove("name");

    let response =
        mock.put(&rule(RULE)).header("if-match", before.header("etag")).json(body).send().expect(200);

    let shape = response.json();
    assert_eq!(shape["id"], RULE);
    assert_eq!(shape["name"], "");
    assert_eq!(shape["expiration"], 24);
    assert_eq!(shape["created_at"], "2026-01-05T10:05:00Z");
    assert_eq!(shape["created_by_id"], "IBMid-270001");
    assert_eq!(shape["last_modified_by_id"], "IBMid-mock");
    assert!(response.header("etag").starts_with("2-"));
    let read = mock.get(&rule(RULE)).send();
    assert_eq!(read.json(), shape);
    assert_eq!(read.header("etag"), response.header("etag"));
}

#[test]
fn a_replacement_needs_the_current_entity_tag_of_the_rule() {
    let mock = demo_server();
    let first = mock.get(&rule(RULE)).send().header("etag").to_owned();
    let of_group = mock.get(&format!("/v2/groups/{BLUE}")).send().header("etag").to_owned();
    let put = |tag: &str| mock.put(&rule(RULE)).header("if-match", tag).json(valid()).send();
    put(&format!("\"{first}\"")).expect(200);

    for tag in [&*first, &*of_group, "*", ""] {
        let response = put(tag).expect(412);
        assert_error(&response, "incorrect_etag", "If-Match header contains incorrect/invalid etag.");
    }
    mock.put(&rule(RULE)).json(valid()).send().expect(412);
}

#[test]
fn an_invalid_replacement_is_400_before_the_entity_tag_is_checked() {
    let mock = demo_server();

    let response = mock.put(&rule(RULE)).json(with("expiration", json!(0))).send();

    assert_invalid(response, "expiration must be an integer from 1 to 24");
}

#[test]
fn a_deleted_rule_is_404() {
    let mock = demo_server();

    let response = mock.delete(&rule(RULE)).send().expect(204);

    assert!(response.body.is_empty());
    let message = "Failed to find the rule";
    assert_error(&mock.get(&rule(RULE)).send().expect(404), "rule_not_found", message);
    assert_error(&mock.delete(&rule(RULE)).send().expect(404), "rule_not_found", message);
    assert_error(&mock.put(&rule(RULE)).body("{").send().expect(404), "rule_not_found", message);
}

#[test]
fn a_rule_is_only_found_in_its_own_group() {
    let mock = demo_server();

    let response = mock.get(&format!("{}/{RULE}", rules(EMPTY))).send().expect(404);

    assert_error(&response, "rule_not_found", "Failed to find the rule");
}

#[test]
fn rules_of_an_unknown_group_are_404() {
    let mock = TestServer::start();
    let path = rules("AccessGroupId-0000");
    let one = format!("{path}/{RULE}");
    let message = "Failed to find the specified access group: AccessGroupId-0000";

    let requests = [
        mock.get(&path),
        mock.post(&path).body("{"),
        mock.get(&one),
        mock.put(&one).body("{"),
        mock.delete(&one),
    ];
    for request in requests {
        assert_error(&request.send().expect(404), "group_not_found", message);
    }
}

#[test]
fn the_public_access_group_has_no_rules_and_accepts_none() {
    let mock = TestServer::start();
    let one = format!("{}/{RULE}", rules(PUBLIC));
    let code = "method_not_allowed_for_group";

    assert_eq!(mock.get(&rules(PUBLIC)).send().expect(200).json(), json!({"rules": []}));
    assert_error(&mock.get(&one).send().expect(404), "rule_not_found", "Failed to find the rule");
    let add = mock.post(&rules(PUBLIC)).body("{").send().expect(405);
    assert_error(&add, code, "Cannot add rule for: AccessGroupId-PublicAccess");
    let replace = mock.put(&one).body("{").send().expect(405);
    assert_error(&replace, code, "Cannot update rule for: AccessGroupId-PublicAccess");
    let delete = mock.delete(&one).send().expect(405);
    assert_error(&delete, code, "Cannot delete rule for: AccessGroupId-PublicAccess");
}
