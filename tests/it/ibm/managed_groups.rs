//! Groups that assignments create in accounts, and the changes that an account may make to them.

use serde_json::{Value, json};

use super::assignments::{assignment_path, create_assignment, request_assignment, update_assignment};
use super::templates::{
    commit_version, create_committed_template, create_version, entity_tag, template_path,
};
use super::{assert_error, field_values, group_path};
use crate::support::{TestResponse, TestServer};

/// Returns a template group with a member of each type and two rules.
///
/// `controls` are the action controls of the members, of all rules and of the first rule.
fn template_group(controls: [Value; 3]) -> Value {
    let [members, rules, first] = controls;
    json!({
        "name": "managed",
        "description": "by a template",
        "members": {"users": ["IBMid-1"], "services": ["iam-ServiceId-1"], "action_controls": members},
        "assertions": {
            "rules": [rule("one", 1, first), rule("two", 2, Value::Null)],
            "action_controls": rules
        }
    })
}

fn rule(name: &str, expiration: u8, controls: Value) -> Value {
    let mut rule = plain_rule(name, expiration);
    rule["action_controls"] = controls;
    rule
}

fn plain_rule(name: &str, expiration: u8) -> Value {
    let conditions = json!([{"claim": "team", "operator": "EQUALS", "value": "\"blue\""}]);
    json!({"name": name, "expiration": expiration, "realm_name": "r", "conditions": conditions})
}

fn no_controls() -> [Value; 3] {
    [json!({}), Value::Null, json!({})]
}

/// Assigns a template to account `child` and returns the ids of the template, the assignment and the group.
fn create_managed_group(mock: &TestServer, template_group: &Value) -> (String, String, String) {
    let template = create_committed_template(mock, template_group);
    let assignment = create_assignment(mock, &template, "1", "child");
    let [group] = child_group_ids(mock).try_into().expect("there is one group");
    (template, assignment, group)
}

/// Returns the ids of the groups in account `child`.
fn child_group_ids(mock: &TestServer) -> Vec<String> {
    let list = mock.get("/v2/groups?account_id=child&hide_public_access=true").send().expect(200).json();
    field_values(&list, "groups", "id")
}

fn members(mock: &TestServer, id: &str) -> Vec<String> {
    field_values(
        &mock.get(&format!("{}/members", group_path(id))).send().expect(200).json(),
        "members",
        "iam_id",
    )
}

fn rules(mock: &TestServer, id: &str, member: &str) -> Vec<String> {
    field_values(&mock.get(&format!("{}/rules", group_path(id))).send().expect(200).json(), "rules", member)
}

fn add(mock: &TestServer, id: &str, iam_id: &str) -> Value {
    let body = json!({"members": [{"iam_id": iam_id, "type": "user"}]});
    mock.put(&format!("{}/members", group_path(id))).json(body).send().expect(207).json()["members"][0]
        .clone()
}

fn remove(mock: &TestServer, id: &str, iam_id: &str) -> TestResponse {
    mock.delete(&format!("{}/members/{iam_id}", group_path(id))).send()
}

#[track_caller]
fn assert_managed(response: TestResponse, id: &str, rest: &str) {
    let response = response.expect(409);
    assert_error(&response, "group_managed_by_template", &format!("Access group {id} {rest}"));
}

#[test]
fn an_assignment_creates_the_group_with_members_and_rules() {
    let mock = TestServer::start();

    let (_, _, id) = create_managed_group(&mock, &template_group(no_controls()));

    let shape = mock.get(&format!("{}?show_federated=true", group_path(&id))).send().expect(200).json();
    assert_eq!(shape["name"], "managed");
    assert_eq!(shape["description"], "by a template");
    assert_eq!(shape["account_id"], "child");
    assert_eq!(shape["created_by_id"], "IBMid-mock");
    assert_eq!(shape["is_federated"], true);
    let list = mock.get(&format!("{}/members", group_path(&id))).send().expect(200).json();
    assert_eq!(field_values(&list, "members", "iam_id"), ["IBMid-1", "iam-ServiceId-1"]);
    assert_eq!(field_values(&list, "members", "type"), ["user", "service"]);
    assert_eq!(rules(&mock, &id, "name"), ["one", "two"]);
    let first = mock.get(&format!("{}/rules", group_path(&id))).send().json()["rules"][0].clone();
    assert_eq!(first["expiration"], 1);
    assert_eq!(first["account_id"], "child");
    assert_eq!(first["conditions"], plain_rule("one", 1)["conditions"]);
    mock.head(&format!("{}/members/IBMid-1", group_path(&id))).send().expect(204);
}

#[test]
fn an_assignment_to_an_account_group_creates_no_group() {
    let mock = TestServer::start();
    let template = create_committed_template(&mock, &template_group(no_controls()));

    request_assignment(&mock, &template, "1", "AccountGroup", "child").expect(202);

    assert_eq!(child_group_ids(&mock), [""; 0]);
}

#[test]
fn deleting_an_assignment_deletes_its_group() {
    let mock = TestServer::start();
    let (_, assignment_id, id) = create_managed_group(&mock, &template_group(no_controls()));

    mock.delete(&assignment_path(&assignment_id)).send().expect(202);

    assert_eq!(child_group_ids(&mock), [""; 0]);
    mock.get(&group_path(&id)).send().expect(404);
    mock.delete("/v2/groups/_allgroups/members/IBMid-1?account_id=child").send().expect(404);
}

#[test]
fn deleting_a_template_deletes_its_group() {
    let mock = TestServer::start();
    let (template_id, _, id) = create_managed_group(&mock, &template_group(no_controls()));

    mock.delete(&template_path(&template_id)).send().expect(204);

    mock.get(&group_path(&id)).send().expect(404);
}

#[test]
fn a_version_change_updates_the_group_and_keeps_the_additions_of_the_account() {
    let mock = TestServer::start();
    let controls = [json!({"add": true}), json!({"add": true}), json!({})];
    let (template_id, assignment_id, id) = create_managed_group(&mock, &template_group(controls));
    add(&mock, &id, "IBMid-own");
    mock.post(&format!("{}/rules", group_path(&id))).json(plain_rule("own", 3)).send().expect(201);
    let own_rule = rules(&mock, &id, "id")[1].clone();
    let next = json!({
        "name": "renamed",
        "members": {"users": ["IBMid-2"], "services": ["iam-ServiceId-1"], "action_controls": {"add": true}},
        "assertions": {
            "rules": [rule("two", 2, Value::Null), rule("four", 4, Value::Null)], "action_controls": {"add": true}
        }
    });

    create_version(&mock, &template_id, json!({"group": next}));
    assert_eq!(mock.get(&group_path(&id)).send().json()["name"], "managed");
    commit_version(&mock, &template_id, "2").expect(204);
    update_assignment(&mock, &assignment_id, "2").expect(202);

    let shape = mock.get(&group_path(&id)).send().expect(200).json();
    assert_eq!(shape["name"], "renamed");
    assert_eq!(shape["description"], "");
    assert_eq!(members(&mock, &id), ["iam-ServiceId-1", "IBMid-own", "IBMid-2"]);
    assert_eq!(rules(&mock, &id, "name"), ["two", "own", "four"]);
    assert_eq!(rules(&mock, &id, "id")[0], own_rule);
}

#[test]
fn an_update_to_the_same_version_restores_removed_items_and_keeps_the_entity_tag() {
    let mock = TestServer::start();
    let controls = [json!({"remove": true}), json!({"remove": true}), Value::Null];
    let (_, assignment_id, id) = create_managed_group(&mock, &template_group(controls));
    let before = entity_tag(&mock, &group_path(&id));
    remove(&mock, &id, "IBMid-1").expect(204);
    let first = rules(&mock, &id, "id")[0].clone();
    mock.delete(&format!("{}/rules/{first}", group_path(&id))).send().expect(204);

    update_assignment(&mock, &assignment_id, "1").expect(202);

    assert_eq!(members(&mock, &id), ["iam-ServiceId-1", "IBMid-1"]);
    assert_eq!(rules(&mock, &id, "name"), ["two", "one"]);
    assert_eq!(entity_tag(&mock, &group_path(&id)), before);
}

#[test]
fn a_managed_group_cannot_be_updated_or_deleted_in_its_account() {
    let mock = TestServer::start();
    let (_, _, id) = create_managed_group(&mock, &json!({"name": "g"}));

    let request = mock.patch(&group_path(&id)).header("if-match", &entity_tag(&mock, &group_path(&id)));
    let update = request.json(json!({"name": "mine"})).send();
    let delete = mock.delete(&group_path(&id)).send();
    let forced = mock.delete(&format!("{}?force=true", group_path(&id))).send();

    assert_managed(
        update,
        &id,
        "is managed by a template and can't be updated in its account. Create a version of the template with the new \
         name or description, commit it, and update the assignment.",
    );
    for response in [delete, forced] {
        assert_managed(
            response,
            &id,
            "is managed by a template and can't be deleted in its account. Remove the assignment of the template \
             instead.",
        );
    }
    assert_eq!(mock.get(&group_path(&id)).send().expect(200).json()["name"], "g");
}

#[test]
fn members_are_added_only_if_the_template_allows_it() {
    let mock = TestServer::start();
    let (_, _, id) = create_managed_group(&mock, &template_group(no_controls()));

    let rejected = add(&mock, &id, "IBMid-own");
    let present = add(&mock, &id, "IBMid-1");
    let body = json!({"type": "user", "groups": [id]});
    let path = "/v2/groups/_allgroups/members/IBMid-own?account_id=child";
    let to_many = mock.put(path).json(body).send().expect(207).json();

    let message = "The group is managed by a template that doesn't let its account add members. Add the member to \
                   the template instead.";
    assert_eq!(rejected["status_code"], 409);
    assert_eq!(rejected["errors"], json!([{"code": "error_occurred", "message": message}]));
    assert_eq!(present["status_code"], 200);
    assert_eq!(to_many["groups"][0]["status_code"], 409);
    assert_eq!(members(&mock, &id), ["IBMid-1", "iam-ServiceId-1"]);
}

#[test]
fn an_account_may_always_remove_its_own_additions() {
    let mock = TestServer::start();
    let controls = [json!({"add": true, "remove": false}), json!({"add": true, "remove": false}), json!({})];
    let (_, _, id) = create_managed_group(&mock, &template_group(controls));

    assert_eq!(add(&mock, &id, "IBMid-own")["status_code"], 200);
    remove(&mock, &id, "IBMid-own").expect(204);
    let created =
        mock.post(&format!("{}/rules", group_path(&id))).json(plain_rule("own", 3)).send().expect(201);
    let path = format!("{}/rules/{}", group_path(&id), created.json()["id"].as_str().unwrap());
    let request = mock.put(&path).header("if-match", created.header("etag"));
    request.json(plain_rule("mine", 4)).send().expect(200);
    mock.delete(&path).send().expect(204);

    assert_eq!(members(&mock, &id), ["IBMid-1", "iam-ServiceId-1"]);
    assert_eq!(rules(&mock, &id, "name"), ["one", "two"]);
}

#[test]
fn template_members_are_removed_only_if_the_template_allows_it() {
    let mock = TestServer::start();
    let (_, _, id) =
        create_managed_group(&mock, &template_group([json!({"add": true}), Value::Null, json!({})]));
    add(&mock, &id, "IBMid-own");

    let one = remove(&mock, &id, "IBMid-1");
    let body = json!({"members": ["IBMid-1", "IBMid-own", "IBMid-nobody"]});
    let several =
        mock.post(&format!("{}/members/delete", group_path(&id))).json(body).send().expect(207).json();
    let path = "/v2/groups/_allgroups/members/IBMid-1?account_id=child";
    let from_all = mock.delete(path).send().expect(207).json();

    assert_managed(
        one,
        &id,
        "is managed by a template that doesn't let its account remove this member. Leave the member out of a version \
         of the template, or set members.action_controls.remove in it, commit it, and update the assignment.",
    );
    let statuses: Vec<&Value> = (0..3).map(|at| &several["members"][at]["status_code"]).collect();
    assert_eq!(statuses, [409, 204, 404]);
    let message = "The group is managed by a template that doesn't let its account remove this member. Remove the \
                   member from the template instead.";
    let errors = json!([{"code": "error_occurred", "message": message}]);
    assert_eq!(several["members"][0]["errors"], errors);
    assert_eq!(from_all["groups"][0]["access_group_id"], id);
    assert_eq!(from_all["groups"][0]["status_code"], 409);
    assert_eq!(from_all["groups"][0]["errors"], errors);
    assert_eq!(members(&mock, &id), ["IBMid-1", "iam-ServiceId-1"]);
}

#[test]
fn removing_a_member_from_all_groups_fails_only_for_the_managed_group() {
    let mock = TestServer::start();
    let (_, _, id) = create_managed_group(&mock, &template_group(no_controls()));
    let own = mock.post("/v2/groups?account_id=child").json(json!({"name": "own"})).send().expect(201).json();
    let own = own["id"].as_str().unwrap();
    add(&mock, own, "IBMid-1");

    let path = "/v2/groups/_allgroups/members/IBMid-1?account_id=child";
    let result = mock.delete(path).send().expect(207).json();

    let statuses: Vec<(&Value, &Value)> = (0..2)
        .map(|at| (&result["groups"][at]["access_group_id"], &result["groups"][at]["status_code"]))
        .collect();
    assert_eq!(statuses, [(&json!(id), &json!(409)), (&json!(own), &json!(204))]);
}

#[test]
fn rules_are_added_and_replaced_only_if_the_template_allows_it() {
    let mock = TestServer::start();
    let (_, _, id) =
        create_managed_group(&mock, &template_group([Value::Null, json!({"remove": true}), json!({})]));
    let path = format!("{}/rules", group_path(&id));
    let own = format!("{path}/{}", rules(&mock, &id, "id")[0]);

    let added = mock.post(&path).json(plain_rule("own", 3)).send();
    let request = mock.put(&own).header("if-match", &entity_tag(&mock, &own));
    let replaced = request.json(plain_rule("mine", 4)).send();

    assert_managed(
        added,
        &id,
        "is managed by a template that doesn't let its account add rules. Add the rule to a version of the template, \
         or set assertions.action_controls.add in it, commit it, and update the assignment.",
    );
    assert_managed(
        replaced,
        &id,
        "is managed by a template that this rule comes from, so it can't be replaced in its account. Change the rule \
         in a version of the template, commit it, and update the assignment.",
    );
    assert_eq!(rules(&mock, &id, "name"), ["one", "two"]);
}

#[test]
fn the_controls_of_a_rule_override_those_of_all_rules() {
    let mock = TestServer::start();
    for (all, first, statuses) in [
        (json!({"remove": true}), json!({"remove": false}), [409, 204]),
        (json!({"remove": false}), json!({"remove": true}), [204, 409]),
        (json!({}), json!({}), [409, 409]),
    ] {
        let (_, assignment_id, id) = create_managed_group(&mock, &template_group([Value::Null, all, first]));

        for (rule_id, status) in rules(&mock, &id, "id").iter().zip(statuses) {
            let response = mock.delete(&format!("{}/rules/{rule_id}", group_path(&id))).send().expect(status);
            if status == 409 {
                assert_managed(
                    response,
                    &id,
                    "is managed by a template that doesn't let its account remove this rule. Leave the rule out of a \
                     version of the template, or set action_controls.remove for it, commit it, and update the \
                     assignment.",
                );
            }
        }
        mock.delete(&assignment_path(&assignment_id)).send().expect(202);
    }
}

#[test]
fn each_assignment_has_its_own_group() {
    let mock = TestServer::start();
    let (_, first, id) = create_managed_group(&mock, &template_group(no_controls()));
    let second = create_committed_template(&mock, &json!({"name": "other"}));
    create_assignment(&mock, &second, "1", "child");
    assert_eq!(child_group_ids(&mock).len(), 2);

    mock.delete(&assignment_path(&first)).send().expect(202);

    let remaining = child_group_ids(&mock);
    assert_eq!(remaining.len(), 1);
    assert_ne!(remaining[0], id);
}

/// Creates a policy for a group of account `child` with each version of the API.
fn create_policies(mock: &TestServer, id: &str) -> [TestResponse; 2] {
    let role = |name: &str| json!([{"role_id": format!("crn:v1:bluemix:public:iam::::role:{name}")}]);
    let first = json!({
        "type": "access",
        "subjects": [{"attributes": [{"name": "access_group_id", "value": id}]}],
        "roles": role("Viewer"),
        "resources": [{"attributes": [{"name": "accountId", "value": "child"}]}]
    });
    let second = json!({
        "type": "access",
        "subject": {"attributes": [{"key": "access_group_id", "operator": "stringEquals", "value": id}]},
        "resource": {"attributes": [{"key": "accountId", "operator": "stringEquals", "value": "child"}]},
        "control": {"grant": {"roles": role("Editor")}}
    });
    [mock.post("/v1/policies").json(first).send(), mock.post("/v2/policies").json(second).send()]
}

#[test]
fn policies_are_added_only_if_the_template_allows_it() {
    for (controls, is_allowed) in [
        (Value::Null, false),
        (json!({"access": {"add": false}}), false),
        (json!({"access": {"add": true}}), true),
    ] {
        let mock = TestServer::start();
        let mut template_group = template_group(no_controls());
        if !controls.is_null() {
            template_group["action_controls"] = controls;
        }
        let (.., id) = create_managed_group(&mock, &template_group);

        for response in create_policies(&mock, &id) {
            if is_allowed {
                response.expect(201);
            } else {
                assert_managed(
                    response,
                    &id,
                    "is managed by a template that doesn't let its account add policies. Set \
                     action_controls.access.add in a version of the template, commit it, and update the assignment.",
                );
            }
        }
    }
}

#[test]
fn a_new_version_can_change_the_type_of_a_member() {
    let mock = TestServer::start();
    let first = json!({"name": "managed", "members": {"users": ["iam-ServiceId-q"]}});
    let (template, assignment_id, id) = create_managed_group(&mock, &first);
    let second = json!({"name": "managed", "members": {"services": ["iam-ServiceId-q"]}});
    create_version(&mock, &template, json!({"group": second}));
    commit_version(&mock, &template, "2").expect(204);

    update_assignment(&mock, &assignment_id, "2").expect(202);

    let list = mock.get(&format!("{}/members", group_path(&id))).send().expect(200).json();
    assert_eq!(field_values(&list, "members", "iam_id"), ["iam-ServiceId-q"]);
    assert_eq!(list["members"][0]["type"], "service");
}

#[test]
fn duplicate_members_and_invalid_service_ids_are_rejected() {
    let mock = TestServer::start();
    let assert_rejected = |members: Value, reason: &str| {
        let body = json!({"name": "t", "account_id": "a", "group": {"name": "g", "members": members}});
        let response = mock.post("/v1/group_templates").json(body).send().expect(400);
        assert_eq!(response.json()["errors"][0]["more_info"], reason);
    };

    assert_rejected(json!({"users": ["IBMid-1", "IBMid-1"]}), "group.members.users[1] is a duplicate");
    assert_rejected(
        json!({"users": ["iam-ServiceId-1"], "services": ["iam-ServiceId-1"]}),
        "group.members.services[0] is a duplicate",
    );
    assert_rejected(json!({"services": ["IBMid-1"]}), "group.members.services[0] is not a service id");
}
