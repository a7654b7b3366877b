//! Assignments that conflict with something in an account, and the reinstatement of earlier versions.

use serde_json::{Value, json};

use super::assignments::{assignment_path, create_assignment, request_assignment, update_assignment};
use super::templates::{
    TEMPLATES, commit_version, create_committed_template, create_template, create_version, entity_tag,
    template_path, version_path,
};
use super::{add_member, assert_error, field_values, group_path};
use crate::support::TestServer;

/// Creates a group in account `child` and returns its id.
fn own_group(mock: &TestServer, name: &str) -> String {
    let created = mock.post("/v2/groups?account_id=child").json(json!({"name": name})).send().expect(201);
    created.json()["id"].as_str().unwrap().to_owned()
}

/// Returns the names of the groups in account `child`.
fn child_groups(mock: &TestServer) -> Vec<String> {
    let list = mock.get("/v2/groups?account_id=child&hide_public_access=true").send().expect(200).json();
    field_values(&list, "groups", "name")
}

/// Returns the only group in account `child`.
fn child_group(mock: &TestServer) -> String {
    let list = mock.get("/v2/groups?account_id=child&hide_public_access=true").send().expect(200).json();
    let [id] = field_values(&list, "groups", "id").try_into().expect("there is one group");
    id
}

fn verbose(mock: &TestServer, id: &str) -> Value {
    mock.get(&format!("{}?verbose=true", assignment_path(id))).send().expect(200).json()
}

/// Adds a version with a group, commits it and returns its number.
fn committed_version(mock: &TestServer, template: &str, group: &Value) -> String {
    let number = create_version(mock, template, json!({"group": group}));
    commit_version(mock, template, &number).expect(204);
    number
}

#[test]
fn a_template_has_one_assignment_to_a_target_with_a_derived_id() {
    let mock = TestServer::start();
    let template = create_committed_template(&mock, &json!({"name": "g"}));
    let expected = format!("AccessGroupAssignmentId-{template}-Target-child");

    let created = request_assignment(&mock, &template, "1", "Account", "child").expect(202);
    let again = request_assignment(&mock, &template, "1", "Account", "child").expect(409);
    let group = request_assignment(&mock, &template, "1", "AccountGroup", "child").expect(409);

    assert_eq!(created.json()["id"], expected);
    assert_eq!(created.json()["href"], format!("{}{}", mock.url(), assignment_path(&expected)));
    let message = format!(
        "The template is already assigned to the target by the assignment {expected}. Update that assignment instead."
    );
    assert_error(&again, "assignment_conflict_error", &message);
    assert_error(&group, "assignment_conflict_error", &message);
    assert_eq!(child_groups(&mock), ["g"]);
    let tag = entity_tag(&mock, &assignment_path(&expected));
    mock.delete(&assignment_path(&expected)).send().expect(202);
    assert_eq!(create_assignment(&mock, &template, "1", "child"), expected);
    assert_ne!(entity_tag(&mock, &assignment_path(&expected)), tag);
    request_assignment(&mock, &template, "1", "Account", "other").expect(202);
}

#[test]
fn the_end_of_an_assignment_makes_its_first_entity_tag_stale() {
    let mock = TestServer::start();
    let template = create_committed_template(&mock, &json!({"name": "g"}));

    let created = request_assignment(&mock, &template, "1", "Account", "child").expect(202);

    assert!(created.header("etag").starts_with("1-"));
    let path = assignment_path(created.json()["id"].as_str().unwrap());
    let read = mock.get(&path).send().expect(200);
    assert!(read.header("etag").starts_with("2-"));
    assert_eq!(read.json()["operation"], "assign");
    assert_eq!(read.json()["created_at"], created.json()["created_at"]);
    assert!(read.json()["last_modified_at"].as_str() > created.json()["last_modified_at"].as_str());
    let patch =
        |tag: &str| mock.patch(&path).header("if-match", tag).json(json!({"template_version": "1"})).send();
    patch(created.header("etag")).expect(412);
    patch(read.header("etag")).expect(202);
}

#[test]
fn template_names_are_unique_in_an_account() {
    let mock = TestServer::start();
    let post = |name: &str, account: &str| {
        mock.post(TEMPLATES).json(json!({"name": name, "account_id": account})).send()
    };
    let first = post("one", "root").expect(201).json()["id"].as_str().unwrap().to_owned();
    let second = post("two", "root").expect(201).json()["id"].as_str().unwrap().to_owned();
    let message = "An access group template with the name \"one\" already exists. Enter a different name.";

    let created = post("one", "root").expect(409);
    let version =
        mock.post(&format!("{}/versions", template_path(&second))).json(json!({"name": "one"})).send();
    let path = version_path(&second, "1");
    let put =
        mock.put(&path).header("if-match", &entity_tag(&mock, &path)).json(json!({"name": "one"})).send();

    for response in [created, version.expect(409), put.expect(409)] {
        assert_error(&response, "template_conflict_error", message);
    }
    assert_eq!(mock.get(&template_path(&second)).send().json()["name"], "two");
    post("one", "other").expect(201);
    create_version(&mock, &first, json!({"name": "one"}));
    create_version(&mock, &first, json!({"name": "three"}));
    post("one", "root").expect(201);
}

#[test]
fn an_assignment_to_an_account_with_a_group_of_that_name_fails() {
    let mock = TestServer::start();
    let template =
        create_committed_template(&mock, &json!({"name": "Crew", "members": {"users": ["IBMid-1"]}}));
    let own = own_group(&mock, "crew");

    let created = request_assignment(&mock, &template, "1", "Account", "child").expect(202).json();

    assert_eq!(created["status"], "accepted");
    let id = created["id"].as_str().unwrap();
    let failed = verbose(&mock, id);
    assert_eq!(failed["status"], "failed");
    let entry = json!({
        "id": template, "name": "Crew", "version": "1", "resource": "",
        "error": "The account already has an access group with the name \"Crew\".", "operation": "assign",
        "status": "failed"
    });
    let group = json!({"group": entry, "members": [], "rules": []});
    assert_eq!(
        failed["resources"],
        json!([{"target": "child", "group": group, "policy_template_references": []}])
    );
    assert_eq!(child_group(&mock), own);
    let list = |status: &str| {
        let path = format!("/v1/group_assignments?account_id=root&status={status}");
        mock.get(&path).send().expect(200).json()["total_count"].clone()
    };
    assert_eq!((list("failed"), list("succeeded")), (json!(1), json!(0)));
    mock.delete(&group_path(&own)).send().expect(204);
    update_assignment(&mock, id, "1").expect(202);
    assert_eq!(verbose(&mock, id)["status"], "succeeded");
    assert_eq!(child_groups(&mock), ["Crew"]);
}

#[test]
fn two_templates_with_one_group_name_conflict_in_an_account() {
    let mock = TestServer::start();
    let first = create_committed_template(&mock, &json!({"name": "g"}));
    let second = create_committed_template(&mock, &json!({"name": "g"}));

    create_assignment(&mock, &first, "1", "child");
    let failed = create_assignment(&mock, &second, "1", "child");

    assert_eq!(verbose(&mock, &failed)["status"], "failed");
    assert_eq!(child_groups(&mock), ["g"]);
    mock.delete(&assignment_path(&failed)).send().expect(202);
    assert_eq!(child_groups(&mock), ["g"]);
}

#[test]
fn an_update_to_the_name_of_another_group_fails_and_keeps_the_earlier_version() {
    let mock = TestServer::start();
    let template = create_committed_template(&mock, &json!({"name": "first"}));
    let id = create_assignment(&mock, &template, "1", "child");
    committed_version(&mock, &template, &json!({"name": "taken"}));
    own_group(&mock, "taken");

    update_assignment(&mock, &id, "2").expect(202);

    let failed = verbose(&mock, &id);
    assert_eq!((&failed["status"], &failed["template_version"]), (&json!("failed"), &json!("2")));
    let group = &failed["resources"][0]["group"]["group"];
    assert_eq!(group["error"], "The account already has an access group with the name \"taken\".");
    assert_eq!((&group["status"], &group["operation"]), (&json!("failed"), &json!("update")));
    let mut names = child_groups(&mock);
    names.sort();
    assert_eq!(names, ["first", "taken"]);
    // The version that is still in the account cannot be deleted.
    mock.delete(&version_path(&template, "1")).send().expect(409);
}

#[test]
fn an_update_fails_if_the_version_forbids_what_the_account_added() {
    let allowed = json!({
        "name": "g",
        "members": {"action_controls": {"add": true}},
        "assertions": {"action_controls": {"add": true}},
        "action_controls": {"access": {"add": true}}
    });
    for added in ["members", "rules", "policies"] {
        let mock = TestServer::start();
        let template = create_committed_template(&mock, &allowed);
        let id = create_assignment(&mock, &template, "1", "child");
        let group = child_group(&mock);
        match added {
            "members" => add_member(&mock, &group, "IBMid-own"),
            "rules" => {
                let rule = json!({
                    "expiration": 1, "realm_name": "r",
                    "conditions": [{"claim": "c", "operator": "EQUALS", "value": "1"}]
                });
                mock.post(&format!("{}/rules", group_path(&group))).json(rule).send().expect(201);
            }
            _ => {
                let policy = json!({
                    "type": "access",
                    "subjects": [{"attributes": [{"name": "access_group_id", "value": group}]}],
                    "roles": [{"role_id": "crn:v1:bluemix:public:iam::::role:Viewer"}],
                    "resources": [{"attributes": [{"name": "accountId", "value": "child"}]}]
                });
                mock.post("/v1/policies").json(policy).send().expect(201);
            }
        }
        committed_version(&mock, &template, &json!({"name": "g"}));
        let mut relaxed = allowed.clone();
        relaxed["name"] = json!("h");
        committed_version(&mock, &template, &relaxed);

        update_assignment(&mock, &id, "2").expect(202);

        let failed = verbose(&mock, &id);
        assert_eq!(failed["status"], "failed", "{added}");
        let error = format!(
            "The account added {added} to the access group, and the version doesn't let it add them. Remove what the \
             account added, or assign a version that lets it add {added}."
        );
        assert_eq!(failed["resources"][0]["group"]["group"]["error"], error);
        assert_eq!(failed["resources"][0]["group"]["group"]["id"], group);
        update_assignment(&mock, &id, "3").expect(202);
        assert_eq!(verbose(&mock, &id)["status"], "succeeded", "{added}");
        assert_eq!(child_groups(&mock), ["h"]);
    }
}

#[test]
fn removing_a_version_reinstates_the_lower_one_that_was_assigned_before() {
    let mock = TestServer::start();
    let template =
        create_committed_template(&mock, &json!({"name": "first", "members": {"users": ["IBMid-1"]}}));
    let id = create_assignment(&mock, &template, "1", "child");
    let group = child_group(&mock);
    committed_version(&mock, &template, &json!({"name": "second", "members": {"users": ["IBMid-2"]}}));
    update_assignment(&mock, &id, "2").expect(202);
    assert_eq!(child_groups(&mock), ["second"]);

    mock.delete(&assignment_path(&id)).send().expect(202);

    let reinstated = mock.get(&assignment_path(&id)).send().expect(200).json();
    assert_eq!(reinstated["template_version"], "1");
    assert_eq!((&reinstated["operation"], &reinstated["status"]), (&json!("remove"), &json!("succeeded")));
    assert_eq!(child_group(&mock), group);
    assert_eq!(child_groups(&mock), ["first"]);
    let members = mock.get(&format!("{}/members", group_path(&group))).send().expect(200).json();
    assert_eq!(field_values(&members, "members", "iam_id"), ["IBMid-1"]);
    mock.delete(&version_path(&template, "2")).send().expect(204);
    mock.delete(&assignment_path(&id)).send().expect(202);
    mock.get(&assignment_path(&id)).send().expect(404);
    assert_eq!(child_groups(&mock), [""; 0]);
}

#[test]
fn removing_a_version_reinstates_neither_a_higher_nor_a_deleted_one() {
    let mock = TestServer::start();
    let template = create_committed_template(&mock, &json!({"name": "first"}));
    for name in ["second", "third"] {
        committed_version(&mock, &template, &json!({"name": name}));
    }
    let id = create_assignment(&mock, &template, "3", "child");
    for number in ["1", "2", "3"] {
        update_assignment(&mock, &id, number).expect(202);
    }
    mock.delete(&version_path(&template, "2")).send().expect(204);

    mock.delete(&assignment_path(&id)).send().expect(202);

    assert_eq!(mock.get(&assignment_path(&id)).send().expect(200).json()["template_version"], "1");
    mock.delete(&assignment_path(&id)).send().expect(202);
    mock.get(&assignment_path(&id)).send().expect(404);
}

#[test]
fn deleting_a_template_reinstates_nothing() {
    let mock = TestServer::start();
    let template = create_committed_template(&mock, &json!({"name": "first"}));
    committed_version(&mock, &template, &json!({"name": "second"}));
    let id = create_assignment(&mock, &template, "1", "child");
    update_assignment(&mock, &id, "2").expect(202);

    mock.delete(&template_path(&template)).send().expect(204);

    mock.get(&assignment_path(&id)).send().expect(404);
    assert_eq!(child_groups(&mock), [""; 0]);
    create_template(&mock, &json!({"name": "first"}));
}
