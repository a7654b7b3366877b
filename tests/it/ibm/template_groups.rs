//! The group of a template: returned exactly as it was sent, and validated.

use serde_json::{Value, json};

use super::assert_invalid;
use super::templates::{TEMPLATES, version_path};
use crate::support::{TestResponse, TestServer};

fn post(mock: &TestServer, group: &Value) -> TestResponse {
    let list = mock.get(&format!("{TEMPLATES}?account_id=root&limit=0")).send().expect(200).json();
    let body = json!({"name": format!("t{}", list["total_count"]), "account_id": "root", "group": group});
    mock.post(TEMPLATES).json(body).send()
}

fn rule() -> Value {
    json!({
        "expiration": 12,
        "realm_name": "https://sso.example.com/saml",
        "conditions": [{"claim": "team", "operator": "CONTAINS", "value": "\"blue\""}]
    })
}

#[test]
fn a_group_round_trips_exactly() {
    let mock = TestServer::start();
    let group = r#"{"description":"", "name":"g","members": {"services":[],"action_controls":{"remove":false}},"assertions":{"rules":[{"realm_name":"r","expiration":1,"conditions":[{"value":"\u0022x\u0022","operator":"EQUALS","claim":"c"}],"name":"n"}]},"action_controls":{"access":{}},"later":1.50E+2}"#;
    let references = r#"[ {"version":"1","id":"p","more":null}, {} ]"#;
    let body = format!(
        r#"{{"name":"t","account_id":"root","group":{group},"policy_template_references":{references}}}"#
    );

    let created = mock.post(TEMPLATES).body(body).send().expect(201);

    let id = created.json()["id"].as_str().unwrap().to_owned();
    let read = mock.get(&version_path(&id, "1")).send().expect(200);
    let list = mock.get(&format!("{TEMPLATES}?account_id=root")).send().expect(200);
    for response in [created, read, list] {
        let text = response.text();
        assert!(text.contains(&format!(r#""group":{group},"#)), "{text}");
        assert!(text.contains(&format!(r#""policy_template_references":{references},"#)), "{text}");
    }
}

#[test]
fn absent_blocks_stay_absent() {
    let mock = TestServer::start();

    for group in [
        json!({"name": "g"}),
        json!({"name": "g", "members": {}}),
        json!({"name": "g", "assertions": {"rules": []}}),
        json!({"name": "g", "action_controls": {}}),
        json!({"name": "g", "members": {"users": ["IBMid-1"]}, "assertions": {"rules": [rule()]}}),
    ] {
        assert_eq!(post(&mock, &group).expect(201).json()["group"], group);
    }
}

#[test]
fn all_violations_of_a_group_are_listed() {
    let mock = TestServer::start();
    let group = json!({
        "description": "x".repeat(251),
        "members": {"users": ["", 7], "services": "s", "action_controls": {"add": "yes"}},
        "assertions": {
            "rules": [
                {"expiration": 0, "conditions": [{"operator": "LIKE"}], "action_controls": {"remove": 1}},
                7
            ],
            "action_controls": []
        },
        "action_controls": {"access": {"add": 0}}
    });

    let response = post(&mock, &group);

    let operators = "EQUALS, EQUALS_IGNORE_CASE, IN, NOT_EQUALS_IGNORE_CASE, NOT_EQUALS, CONTAINS";
    let expected = [
        "group.name is missing",
        "group.description must have at most 250 characters",
        "group.members.users[0] must not be empty",
        "group.members.users[1] must be a string",
        "group.members.services must be an array",
        "group.assertions.action_controls must be an object",
        "group.assertions.rules[0].action_controls.remove must be true or false",
        "group.assertions.rules[0].expiration must be an integer from 1 to 24",
        "group.assertions.rules[0].realm_name is missing or empty",
        "group.assertions.rules[0].conditions[0].claim is missing or empty",
        &format!("group.assertions.rules[0].conditions[0].operator must be one of {operators}"),
        "group.assertions.rules[0].conditions[0].value is missing",
        "group.assertions.rules[1] must be an object",
        "group.assertions.rules[1].expiration must be an integer from 1 to 24",
        "group.assertions.rules[1].realm_name is missing or empty",
        "group.assertions.rules[1].conditions must have at least one condition",
        "group.action_controls.access.add must be true or false",
        "group.members.action_controls.add must be true or false",
    ];
    assert_invalid(response, &expected.join(", "));
}

#[test]
fn a_group_must_be_an_object() {
    let mock = TestServer::start();

    assert_invalid(post(&mock, &json!([])), "group must be an object");
    assert_invalid(post(&mock, &json!("g")), "group must be an object");
    assert_invalid(post(&mock, &json!({})), "group.name is missing");
    assert_invalid(post(&mock, &json!({"name": 7})), "group.name must be a string");
    assert_invalid(
        post(&mock, &json!({"name": "g", "members": ["IBMid-1"]})),
        "group.members must be an object",
    );
}

#[test]
fn lists_have_at_most_50_entries() {
    let mock = TestServer::start();
    let post_entries = |count: usize, what: &str| {
        let ids: Vec<String> = (0..count).map(|number| format!("iam-ServiceId-{number}")).collect();
        let mut group = json!({"name": "g"});
        match what {
            "rules" => group["assertions"] = json!({"rules": vec![rule(); count]}),
            "conditions" => {
                let mut rule = rule();
                rule["conditions"] = json!(vec![rule["conditions"][0].clone(); count]);
                group["assertions"] = json!({"rules": [rule]});
            }
            _ => group["members"] = json!({what: ids}),
        }
        post(&mock, &group)
    };

    for (what, path) in [
        ("users", "group.members.users"),
        ("services", "group.members.services"),
        ("rules", "group.assertions.rules"),
    ] {
        post_entries(50, what).expect(201);
        assert_invalid(post_entries(51, what), &format!("{path} must have at most 50 entries"));
    }
    post_entries(50, "conditions").expect(201);
    let too_many = post_entries(51, "conditions").expect(400);
    assert!(too_many.text().contains("conditions must have at most 50 entries"), "{}", too_many.text());
}

#[test]
fn there_are_at_most_100_references_to_policy_templates() {
    let mock = TestServer::start();
    let post = |references: Value| {
        let body = json!({"name": "t", "account_id": "root", "policy_template_references": references});
        mock.post(TEMPLATES).json(body).send()
    };
    let references = |count: usize| json!(vec![json!({"id": "p", "version": "1"}); count]);

    post(references(100)).expect(201);
    assert_invalid(post(references(101)), "policy_template_references must have at most 100 entries");
    assert_invalid(post(json!({})), "policy_template_references must be an array");
    assert_invalid(post(json!([null])), "policy_template_references[0] must be an object");
    assert_invalid(
        post(json!([{"id": 7, "version": 1}, "p"])),
        "policy_template_references[0].id must be a string, policy_template_references[0].version must be a \
         string, policy_template_references[1] must be an object",
    );
}

#[test]
fn a_group_that_is_nested_too_deeply_is_rejected() {
    let mock = TestServer::start();
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));

    let body = format!(r#"{{"name":"t","account_id":"root","group":{{"name":"g","x":{deep}}}}}"#);
    let response = mock.post(TEMPLATES).body(body).send().expect(400);

    assert!(
        response.text().contains("group cannot be read: recursion limit exceeded"),
        "{}",
        response.text()
    );
}
