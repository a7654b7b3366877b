//! The ibm section of the seed file.

use access_groups_mock::{App, Config, Seed};
use serde_json::{Value, json};

use super::{add_member, create_group, field_values};
use crate::support::TestServer;

/// Returns the error of a seed with `groups` in account `a`.
fn seed_error(groups: &Value) -> String {
    section_error(&json!({"accounts": {"a": {"groups": groups}}}))
}

fn section_error(section: &Value) -> String {
    let text = json!({ "ibm": section }).to_string();
    match Seed::parse(&text) {
        Err(error) => error.to_string(),
        Ok(seed) => App::new(Config::default(), seed).expect_err("the seed is wrong").to_string(),
    }
}

fn rule(name: &str, value: Value) -> Value {
    let mut rule = json!({
        "expiration": 1,
        "realm_name": "r",
        "conditions": [{"claim": "c", "operator": "IN", "value": "[]"}]
    });
    rule[name] = value;
    rule
}

#[test]
fn responses_of_the_api_are_valid_seeds() {
    let mock = super::demo_server();
    let path = format!("/v2/groups/{}", super::BLUE);
    let mut group = mock.get(&format!("{path}?show_crn=true&show_federated=true")).send().json();
    group["members"] = mock.get(&format!("{path}/members?verbose=true")).send().json()["members"].clone();
    group["rules"] = mock.get(&format!("{path}/rules")).send().json()["rules"].clone();
    let settings = mock.get(&format!("/v2/groups/settings?account_id={}", super::ACCOUNT)).send().json();
    let account = json!({"groups": [group], "settings": settings});

    let copy = TestServer::with_seed(&json!({"ibm": {"accounts": {super::ACCOUNT: account}}}).to_string());

    let get = |mock: &TestServer, rest: &str| mock.get(&format!("{path}{rest}")).send().expect(200).json();
    assert_eq!(get(&copy, ""), get(&mock, ""));
    assert_eq!(get(&copy, "/rules"), get(&mock, "/rules"));
    let names = |mock: &TestServer| field_values(&get(mock, "/members?verbose=true"), "members", "name");
    assert_eq!(names(&copy), ["Ada Blue", "Ben Green", "ci bot", "deployments"]);
}

#[test]
fn ids_and_times_are_optional() {
    let seed =
        json!({"ibm": {"accounts": {"a": {"groups": [{"name": "g", "rules": [rule("name", json!("r"))]}]}}}});
    let mock = TestServer::with_seed(&seed.to_string());

    let list = mock.get("/v2/groups?account_id=a&hide_public_access=true").send().expect(200).json();

    let id = list["groups"][0]["id"].as_str().unwrap().to_owned();
    super::assert_uuid(&id, "AccessGroupId-");
    let rules = mock.get(&format!("/v2/groups/{id}/rules")).send().expect(200).json();
    super::assert_uuid(rules["rules"][0]["id"].as_str().unwrap(), "ClaimRule-");
}

#[test]
fn group_errors_name_their_path() {
    let group = |name: &str, value: Value| {
        let mut group = json!({"id": "x", "name": "g"});
        group[name] = value;
        seed_error(&json!([{"name": "first"}, group]))
    };
    let path = "ibm.accounts.a.groups[1]";

    assert_eq!(group("name", json!("")), format!("{path}.name: must not be blank"));
    assert_eq!(
        group("name", json!("x".repeat(101))),
        format!("{path}.name: must have at most 100 characters")
    );
    assert_eq!(
        group("description", json!("x".repeat(251))),
        format!("{path}.description: must have at most 250 characters")
    );
    assert_eq!(group("id", json!("")), format!("{path}.id: must be a valid group id"));
    assert_eq!(group("id", json!("settings")), format!("{path}.id: must be a valid group id"));
    assert_eq!(
        group("account_id", json!("b")),
        format!("{path}.account_id: must be `a` at this location, not `b`")
    );
    assert!(group("color", json!(1)).starts_with(&format!("{path}.color: unknown field `color`")));
    assert!(group("name", json!(7)).starts_with(&format!("{path}.name: invalid type: integer `7`")));
    assert!(group("pinned", json!(1)).starts_with(&format!("{path}.pinned: invalid type")));
    assert!(group("created_at", json!("soon")).starts_with(&format!("{path}.created_at: ")));
}

#[test]
fn group_ids_are_unique_across_accounts() {
    let groups = json!({"groups": [{"id": "x", "name": "g"}]});

    let error = section_error(&json!({"accounts": {"a": groups, "b": groups}}));

    assert_eq!(error, "ibm.accounts.b.groups[0].id: `x` is already used by an earlier group");
}

#[test]
fn member_errors_name_their_path() {
    let member = |name: &str, value: Value| {
        let mut member = json!({"iam_id": "IBMid-2", "type": "user"});
        member[name] = value;
        seed_error(
            &json!([{"name": "g", "members": [{"iam_id": "IBMid-1", "type": "user", "name": "One"}, member]}]),
        )
    };
    let path = "ibm.accounts.a.groups[0].members[1]";

    assert_eq!(member("iam_id", json!("")), format!("{path}.iam_id: must not be empty"));
    assert_eq!(
        member("iam_id", json!("IBMid-1")),
        format!("{path}.iam_id: `IBMid-1` is already a member of the group")
    );
    assert_eq!(member("type", json!("robot")), format!("{path}.type: must be one of user, service, profile"));
    assert_eq!(
        member("type", json!("service")),
        format!("{path}.iam_id: must start with iam-ServiceId- for a service")
    );
    assert_eq!(
        member("membership_type", json!("dynamic")),
        format!("{path}.membership_type: must be static")
    );
    assert!(member("role", json!("x")).starts_with(&format!("{path}.role: unknown field `role`")));
}

#[test]
fn conflicting_details_of_one_identity_are_an_error() {
    let member = |name: &str| json!([{"iam_id": "IBMid-1", "type": "user", "name": name}]);
    let groups = json!([{"name": "g", "members": member("One")}, {"name": "h", "members": member("Two")}]);

    let error = seed_error(&groups);

    assert_eq!(error, "ibm.accounts.a.groups[1].members[0]: `IBMid-1` has contradictory details elsewhere");
}

#[test]
fn rule_errors_name_their_path() {
    let with = |name: &str, value: Value| seed_error(&json!([{"name": "g", "rules": [rule(name, value)]}]));
    let path = "ibm.accounts.a.groups[0].rules[0]";

    assert_eq!(with("expiration", json!(0)), format!("{path}.expiration: must be an integer from 1 to 24"));
    assert_eq!(with("realm_name", json!("")), format!("{path}.realm_name: is missing or empty"));
    assert_eq!(with("conditions", json!([])), format!("{path}.conditions: must have at least one condition"));
    let unknown = json!([{"claim": "c", "operator": "LIKE", "value": ""}]);
    assert!(
        with("conditions", unknown).starts_with(&format!("{path}.conditions[0].operator: must be one of"))
    );
    assert_eq!(with("id", json!("")), format!("{path}.id: must not be empty"));
    assert_eq!(
        with("access_group_id", json!("other")).split(": ").next().unwrap(),
        format!("{path}.access_group_id")
    );
    let twice = json!([{"name": "g", "rules": [rule("id", json!("r")), rule("id", json!("r"))]}]);
    assert_eq!(
        seed_error(&twice),
        "ibm.accounts.a.groups[0].rules[1].id: `r` is already used by an earlier rule of the group"
    );
}

#[test]
fn settings_errors_name_their_path() {
    let settings = |settings: Value| section_error(&json!({"accounts": {"a": {"settings": settings}}}));
    let path = "ibm.accounts.a.settings";

    assert!(settings(json!({})).starts_with(&format!("{path}: missing field `public_access_enabled`")));
    assert_eq!(
        settings(json!({"public_access_enabled": true, "account_id": "b"})),
        format!("{path}.account_id: must be `a` at this location, not `b`")
    );
    assert_eq!(
        section_error(&json!({"accounts": {"": {}}})),
        "ibm.accounts.: the id of an account must not be empty"
    );
}

#[test]
fn a_deleted_pinned_group_is_restored_with_its_members_and_rules() {
    let group = json!({
        "id": "g",
        "name": "kept",
        "pinned": true,
        "members": [{"iam_id": "IBMid-1", "type": "user"}],
        "rules": [rule("id", json!("r"))]
    });
    let mock = TestServer::with_seed(&json!({"ibm": {"accounts": {"a": {"groups": [group]}}}}).to_string());
    let first = mock.get("/v2/groups/g").send();
    let patch =
        mock.patch("/v2/groups/g").header("if-match", first.header("etag")).json(json!({"name": "x"}));
    patch.send().expect(200);
    let stale = mock.get("/v2/groups/g").send().header("etag").to_owned();
    add_member(&mock, "g", "IBMid-2");
    mock.post("/v2/groups/g/rules").json(rule("name", json!("new"))).send().expect(201);
    mock.delete("/v2/groups/g").send().expect(409);

    mock.delete("/v2/groups/g?force=true").send().expect(204);

    let back = mock.get("/v2/groups/g?show_federated=true").send().expect(200);
    assert_eq!(back.json()["name"], "kept");
    assert_eq!(back.json()["is_federated"], true);
    assert_eq!(back.header("etag"), first.header("etag"));
    let members = mock.get("/v2/groups/g/members").send().json();
    assert_eq!(field_values(&members, "members", "iam_id"), ["IBMid-1"]);
    assert_eq!(field_values(&mock.get("/v2/groups/g/rules").send().json(), "rules", "id"), ["r"]);
    let patch = mock.patch("/v2/groups/g").header("if-match", back.header("etag")).json(json!({"name": "y"}));
    let again = patch.send().expect(200);
    assert_ne!(again.header("etag"), stale);
    create_group(&mock, "other");
    assert_eq!(mock.get("/v2/groups?account_id=a").send().json()["total_count"], 3);
}
