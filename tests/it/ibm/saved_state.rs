//! Seeds with `$state`: internal state that the API does not expose.

use access_groups_mock::{App, Config, Seed};
use serde_json::{Value, json};

use super::{field_values, group_path};
use crate::support::TestServer;

fn account_seed(account: &Value) -> String {
    json!({"ibm": {"accounts": {"a": account}}}).to_string()
}

#[test]
fn a_record_continues_from_its_revision_and_change_count() {
    let mock = TestServer::with_seed(&account_seed(&json!({
        "groups": [{"id": "g", "name": "n", "$state": {"sequence": 4, "revision": 7, "changes": 3}}]
    })));

    let read = mock.get(&group_path("g")).send().expect(200);
    let change = mock.patch(&group_path("g")).header("if-match", read.header("etag"));
    let changed = change.json(json!({"name": "m"})).send().expect(200);

    assert_eq!(read.header("etag"), "3-a923b2af22d25892abf13f4df8d17658");
    assert!(changed.header("etag").starts_with("4-"), "{}", changed.header("etag"));
}

#[test]
fn a_deletion_restores_the_pinned_value_of_the_state() {
    let rule = |hours: u8| {
        json!({
            "expiration": hours, "realm_name": "r",
            "conditions": [{"claim": "c", "operator": "EQUALS", "value": "1"}]
        })
    };
    let mut present = rule(2);
    present["id"] = json!("r");
    present["$state"] = json!({"changes": 2, "pinned": rule(1)});
    let mock = TestServer::with_seed(&account_seed(&json!({
        "groups": [{
            "id": "g", "name": "now", "$state": {"changes": 2, "pinned": {"name": "before"}},
            "rules": [present],
            "members": [
                {"iam_id": "IBMid-1", "type": "user", "pinned": true}, {"iam_id": "IBMid-2", "type": "user"}
            ]
        }]
    })));
    assert_eq!(mock.get(&group_path("g")).send().expect(200).json()["name"], "now");

    mock.delete(&format!("{}?force=true", group_path("g"))).send().expect(204);

    let restored = mock.get(&group_path("g")).send().expect(200);
    assert_eq!(restored.json()["name"], "before");
    assert!(restored.header("etag").starts_with("1-"));
    let members = mock.get(&format!("{}/members", group_path("g"))).send().expect(200).json();
    assert_eq!(field_values(&members, "members", "iam_id"), ["IBMid-1"]);
    let rules = mock.get(&format!("{}/rules", group_path("g"))).send().expect(200).json();
    assert_eq!(rules["rules"][0]["expiration"], 1);
}

#[test]
fn a_saved_assignment_keeps_its_group_and_template() {
    let mock = TestServer::with_seed(
        &json!({"ibm": {"accounts": {
            "root": {
                "templates": [{
                    "id": "t", "name": "n", "committed": true,
                    "group": {"name": "managed", "members": {"users": ["IBMid-1"], "action_controls": {"remove": true}}},
                    "$state": {"highest": 6}
                }],
                "assignments": [{
                    "id": "s", "template_id": "t", "template_version": "1", "target_type": "Account",
                    "target": "a", "resources": [{"group": {"group": {"id": "g"}}}], "$state": {"changes": 5}
                }]
            },
            "a": {"groups": [
                {"id": "g", "name": "managed", "members": [{"iam_id": "IBMid-9", "type": "user"}], "$state": {}}
            ]}
        }}})
        .to_string(),
    );

    let members = mock.get(&format!("{}/members", group_path("g"))).send().expect(200).json();
    assert_eq!(field_values(&members, "members", "iam_id"), ["IBMid-9"]);
    mock.delete(&format!("{}?force=true", group_path("g"))).send().expect(409);
    let next = mock.post("/v1/group_templates/t/versions").json(json!({})).send().expect(201);
    assert_eq!(next.json()["version"], "7");
}

#[test]
fn state_errors_name_their_path() {
    let seed_error = |groups: Value| {
        let seed = Seed::parse(&account_seed(&json!({ "groups": groups })));
        let loaded = seed.and_then(|seed| App::new(Config::default(), seed));
        loaded.map(|_| ()).unwrap_err().to_string()
    };

    let unknown = seed_error(json!([{"name": "n", "$state": {"sequences": 1}}]));
    let taken = seed_error(json!([
        {"name": "n", "$state": {"sequence": 1}}, {"name": "m", "$state": {"sequence": 1}}
    ]));

    assert!(
        unknown.starts_with("ibm.accounts.a.groups[0].$state.sequences: unknown field `sequences`"),
        "{unknown}"
    );
    assert_eq!(taken, "ibm.accounts.a.groups[1].$state.sequence: is already used by an earlier record");
}
