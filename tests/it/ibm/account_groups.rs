//! Account groups: their accounts in the seed and in the admin API, and the assignments of templates to them.

use serde_json::{Value, json};

use super::assignments::{assignment_path, create_assignment, request_assignment, update_assignment};
use super::templates::{commit_version, create_committed_template, create_version, entity_tag};
use super::{field_values, group_path};
use crate::support::TestServer;

const ACCOUNT_GROUPS: &str = "/__admin/ibm/account-groups";

fn set_accounts(mock: &TestServer, id: &str, accounts: &[&str]) {
    mock.put(&format!("{ACCOUNT_GROUPS}/{id}")).json(json!({"accounts": accounts})).send().expect(200);
}

/// Returns a server whose account group `crew` has the accounts `child` and `other`.
fn server() -> TestServer {
    TestServer::with_seed(&json!({"ibm": {"account_groups": {"crew": ["other", "child"]}}}).to_string())
}

/// Assigns a version to the account group `crew` and returns the id of the assignment.
fn assign_to_crew(mock: &TestServer, template: &str, number: &str) -> String {
    let response = request_assignment(mock, template, number, "AccountGroup", "crew").expect(202);
    response.json()["id"].as_str().unwrap().to_owned()
}

fn groups(mock: &TestServer, account: &str, field: &str) -> Vec<String> {
    let path = format!("/v2/groups?account_id={account}&hide_public_access=true");
    field_values(&mock.get(&path).send().expect(200).json(), "groups", field)
}

fn verbose(mock: &TestServer, id: &str) -> Value {
    mock.get(&format!("{}?verbose=true", assignment_path(id))).send().expect(200).json()
}

fn status(mock: &TestServer, id: &str) -> String {
    mock.get(&assignment_path(id)).send().expect(200).json()["status"].as_str().unwrap().to_owned()
}

/// Returns the target, the status and the error of each resource.
fn results(assignment: &Value) -> Vec<(String, String, bool)> {
    let resources = assignment["resources"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let resources = resources.map(|it| {
        let group = &it["group"]["group"];
        (text(&it["target"]), text(&group["status"]), group["error"] != "")
    });
    resources.collect()
}

fn result(account: &str, status: &str, has_error: bool) -> (String, String, bool) {
    (account.to_owned(), status.to_owned(), has_error)
}

#[test]
fn an_assignment_to_an_account_group_creates_a_group_in_each_account() {
    let mock = server();
    let template = create_committed_template(&mock, &json!({"name": "g", "members": {"users": ["IBMid-1"]}}));

    let id = assign_to_crew(&mock, &template, "1");

    for account in ["child", "other"] {
        assert_eq!(groups(&mock, account, "name"), ["g"]);
    }
    let assignment = verbose(&mock, &id);
    assert_eq!(assignment["status"], "succeeded");
    assert_eq!(
        results(&assignment),
        [result("child", "succeeded", false), result("other", "succeeded", false)]
    );
    let resource = &assignment["resources"][1]["group"];
    assert_eq!(resource["group"]["id"], groups(&mock, "other", "id")[0]);
    assert_eq!(resource["members"][0]["id"], "IBMid-1");
    mock.delete(&group_path(&groups(&mock, "child", "id")[0])).send().expect(409);
    mock.delete(&assignment_path(&id)).send().expect(202);
    assert_eq!(groups(&mock, "child", "id"), [""; 0]);
    assert_eq!(groups(&mock, "other", "id"), [""; 0]);
}

#[test]
fn the_assignment_to_the_account_itself_takes_precedence_in_any_order() {
    for is_first in [true, false] {
        let mock = TestServer::start();
        set_accounts(&mock, "crew", &["child"]);
        let template = create_committed_template(&mock, &json!({"name": "first"}));
        create_version(&mock, &template, json!({"group": {"name": "second"}}));
        commit_version(&mock, &template, "2").expect(204);
        let assign_own = || create_assignment(&mock, &template, "2", "child");

        let (own, crew) = if is_first {
            let own = assign_own();
            (own, assign_to_crew(&mock, &template, "1"))
        } else {
            let crew = assign_to_crew(&mock, &template, "1");
            (assign_own(), crew)
        };

        assert_eq!(groups(&mock, "child", "name"), ["second"]);
        assert_eq!((status(&mock, &own), status(&mock, &crew)), ("succeeded".into(), "superseded".into()));
        assert_eq!(results(&verbose(&mock, &crew)), [result("child", "superseded", false)]);
        // An update of the superseded assignment changes nothing in the account.
        update_assignment(&mock, &crew, "1").expect(202);
        assert_eq!(groups(&mock, "child", "name"), ["second"]);
        let group = groups(&mock, "child", "id");
        let tag = entity_tag(&mock, &assignment_path(&crew));
        mock.delete(&assignment_path(&own)).send().expect(202);
        assert_eq!(status(&mock, &crew), "succeeded");
        assert_eq!(groups(&mock, "child", "name"), ["first"]);
        assert_eq!(groups(&mock, "child", "id"), group);
        assert_ne!(entity_tag(&mock, &assignment_path(&crew)), tag);
    }
}

#[test]
fn an_assignment_is_superseded_only_in_the_accounts_with_their_own() {
    let mock = server();
    let template = create_committed_template(&mock, &json!({"name": "g"}));
    let crew = assign_to_crew(&mock, &template, "1");

    create_assignment(&mock, &template, "1", "child");

    let assignment = verbose(&mock, &crew);
    assert_eq!(assignment["status"], "succeeded");
    assert_eq!(
        results(&assignment),
        [result("child", "superseded", false), result("other", "succeeded", false)]
    );
}

#[test]
fn a_conflict_in_one_account_makes_the_assignment_fail() {
    let mock = server();
    mock.post("/v2/groups?account_id=other").json(json!({"name": "g"})).send().expect(201);
    let template = create_committed_template(&mock, &json!({"name": "g"}));

    let id = assign_to_crew(&mock, &template, "1");

    let assignment = verbose(&mock, &id);
    assert_eq!(assignment["status"], "failed");
    assert_eq!(results(&assignment), [result("child", "succeeded", false), result("other", "failed", true)]);
}

#[test]
fn an_account_that_joins_or_leaves_an_account_group_gets_or_loses_its_templates() {
    let mock = server();
    let template = create_committed_template(&mock, &json!({"name": "g"}));
    let id = assign_to_crew(&mock, &template, "1");

    set_accounts(&mock, "crew", &["child", "third"]);

    assert_eq!(groups(&mock, "child", "name"), ["g"]);
    assert_eq!(groups(&mock, "other", "name"), [""; 0]);
    assert_eq!(groups(&mock, "third", "name"), ["g"]);
    assert_eq!(
        results(&verbose(&mock, &id)),
        [result("child", "succeeded", false), result("third", "succeeded", false)]
    );
    mock.delete(&format!("{ACCOUNT_GROUPS}/crew")).send().expect(204);
    assert_eq!(groups(&mock, "child", "name"), [""; 0]);
    // Without accounts, there is one entry for the account group itself.
    assert_eq!(results(&verbose(&mock, &id)), [result("crew", "succeeded", false)]);
}

#[test]
fn the_account_of_the_template_is_never_a_target() {
    let mock = TestServer::start();
    set_accounts(&mock, "crew", &["child", "root"]);
    let template = create_committed_template(&mock, &json!({"name": "g"}));

    assign_to_crew(&mock, &template, "1");

    assert_eq!(groups(&mock, "child", "name"), ["g"]);
    assert_eq!(groups(&mock, "root", "name"), [""; 0]);
}

#[test]
fn account_groups_are_listed_set_and_deleted() {
    let mock = server();
    let list = || mock.get(ACCOUNT_GROUPS).send().expect(200).json();

    let set = mock.put(&format!("{ACCOUNT_GROUPS}/a%2Fb")).json(json!({"accounts": ["y", "x"]})).send();

    assert_eq!(set.expect(200).json(), json!({"id": "a/b", "accounts": ["x", "y"]}));
    let crew = json!({"id": "crew", "accounts": ["child", "other"]});
    assert_eq!(list(), json!({"accountGroups": [{"id": "a/b", "accounts": ["x", "y"]}, crew]}));
    mock.delete(&format!("{ACCOUNT_GROUPS}/a%2Fb")).send().expect(204);
    mock.delete(&format!("{ACCOUNT_GROUPS}/a%2Fb")).send().expect(404);
    assert_eq!(list(), json!({"accountGroups": [crew]}));
    mock.post("/__admin/reset").send().expect(200);
    assert_eq!(list(), json!({"accountGroups": [crew]}));
}

#[test]
fn an_account_group_has_a_maximum_number_of_accounts() {
    let accounts: Vec<String> = (0..501).map(|number| format!("a{number}")).collect();
    let seed = |accounts: &[String]| json!({"ibm": {"account_groups": {"all": accounts}}});
    let mock = TestServer::start();
    let reason = "must be a list of at most 500 account ids";

    let put = mock.put(&format!("{ACCOUNT_GROUPS}/all")).json(json!({"accounts": accounts})).send();
    let state = mock.put("/__admin/state").json(seed(&accounts)).send();

    assert_eq!(put.expect(400).json()["errors"][0]["detail"], format!("accounts {reason}"));
    let detail = format!("ibm.account_groups.all {reason}");
    assert_eq!(state.expect(400).json()["errors"][0]["detail"], detail);
    mock.put("/__admin/state").json(seed(&accounts[1..])).send().expect(200);
}

#[test]
fn a_saved_state_has_the_results_in_every_account() {
    let mock = server();
    mock.post("/v2/groups?account_id=other").json(json!({"name": "g"})).send().expect(201);
    let template = create_committed_template(&mock, &json!({"name": "g"}));
    let crew = assign_to_crew(&mock, &template, "1");
    let own = create_assignment(&mock, &template, "1", "child");
    let before = (verbose(&mock, &crew), verbose(&mock, &own), groups(&mock, "child", "id"));

    let copy = TestServer::start();
    copy.put("/__admin/state").json(mock.get("/__admin/state").send().expect(200).json()).send().expect(200);

    let strip = |mut assignment: Value| {
        assignment["href"] = Value::Null;
        assignment
    };
    let after = (verbose(&copy, &crew), verbose(&copy, &own), groups(&copy, "child", "id"));
    assert_eq!((strip(after.0), strip(after.1), after.2), (strip(before.0), strip(before.1), before.2));
    assert_eq!(
        results(&verbose(&copy, &crew)),
        [result("child", "superseded", false), result("other", "failed", true)]
    );
    assert_eq!(
        copy.get(&assignment_path(&crew)).send().header("etag"),
        mock.get(&assignment_path(&crew)).send().header("etag")
    );
    copy.delete(&assignment_path(&own)).send().expect(202);
    assert_eq!(results(&verbose(&copy, &crew))[0], result("child", "succeeded", false));
}

#[test]
fn a_seeded_assignment_to_an_account_group_has_the_given_group_ids() {
    let seed = json!({"ibm": {
        "account_groups": {"crew": ["child", "other"]},
        "accounts": {"root": {
            "templates": [{"id": "t", "name": "n", "committed": true, "group": {"name": "g"}}],
            "assignments": [{
                "template_id": "t", "template_version": "1", "target_type": "AccountGroup", "target": "crew",
                "resources": [{"target": "other", "group": {"group": {"id": "AccessGroupId-given"}}}]
            }]
        }}
    }});

    let mock = TestServer::with_seed(&seed.to_string());

    assert_eq!(groups(&mock, "other", "id"), ["AccessGroupId-given"]);
    assert_eq!(groups(&mock, "child", "name"), ["g"]);
    assert_eq!(status(&mock, "AccessGroupAssignmentId-t-Target-crew"), "succeeded");
}

#[test]
fn a_failed_assignment_can_be_seeded() {
    let resource = json!({"group": {"group": {"id": "t", "resource": "", "error": "not today"}}});
    let seed = json!({"ibm": {"accounts": {"root": {
        "templates": [{"id": "t", "name": "n", "committed": true, "group": {"name": "g"}}],
        "assignments": [{
            "template_id": "t", "template_version": "1", "target_type": "Account", "target": "child",
            "status": "failed", "resources": [resource]
        }]
    }}}});

    let mock = TestServer::with_seed(&seed.to_string());

    let id = "AccessGroupAssignmentId-t-Target-child";
    assert_eq!(results(&verbose(&mock, id)), [result("child", "failed", true)]);
    assert_eq!(verbose(&mock, id)["resources"][0]["group"]["group"]["error"], "not today");
    assert_eq!(groups(&mock, "child", "name"), [""; 0]);
    update_assignment(&mock, id, "1").expect(202);
    assert_eq!(status(&mock, id), "succeeded");
}
