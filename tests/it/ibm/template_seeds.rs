//! Templates and assignments in the seed file.

use access_groups_mock::{App, Config, Seed};
use serde_json::{Value, json};

use super::assignments::{ASSIGNMENTS, assignment_path};
use super::templates::{TEMPLATE, TEMPLATES, create_version, template_path, version_path};
use super::{ACCOUNT, assert_uuid, demo_server};
use crate::support::TestServer;

fn server_with_account(account: &Value) -> TestServer {
    TestServer::with_seed(&json!({"ibm": {"accounts": {"a": account}}}).to_string())
}

fn seed_error(account: &Value) -> String {
    let seed = Seed::parse(&json!({"ibm": {"accounts": {"a": account}}}).to_string());
    match seed {
        Err(error) => error.to_string(),
        Ok(seed) => App::new(Config::default(), seed).expect_err("the seed is wrong").to_string(),
    }
}

#[test]
fn responses_of_the_api_are_valid_seeds() {
    let mock = demo_server();
    let paths = ["1", "2"].map(|number| version_path(TEMPLATE, number));
    let versions = paths.each_ref().map(|path| mock.get(path).send().expect(200).json());
    let list = mock.get(&format!("{ASSIGNMENTS}?account_id={ACCOUNT}")).send().expect(200).json();
    let path = format!("{}?verbose=true", assignment_path(list["assignments"][0]["id"].as_str().unwrap()));
    let whole = mock.get(&path).send().expect(200);

    let account = json!({"templates": versions, "assignments": [whole.json()]});
    let copy = TestServer::with_seed(&json!({"ibm": {"accounts": {ACCOUNT: account}}}).to_string());

    let with_copy_url = |value: &Value| {
        serde_json::from_str::<Value>(&value.to_string().replace(&mock.url(), &copy.url())).unwrap()
    };
    for (path, version) in paths.iter().zip(&versions) {
        assert_eq!(copy.get(path).send().expect(200).json(), with_copy_url(version));
    }
    let copied = copy.get(&path).send().expect(200);
    assert_eq!(copied.json(), with_copy_url(&whole.json()));
    assert_eq!(copied.header("etag"), whole.header("etag"));
}

#[test]
fn ids_version_numbers_and_times_are_optional() {
    let mock = server_with_account(
        &json!({"templates": [{"name": "one"}, {"id": "t", "name": "two"}, {"id": "t", "name": "two"}]}),
    );

    let list = mock.get(&format!("{TEMPLATES}?account_id=a")).send().expect(200).json();

    assert_eq!(list["total_count"], 2);
    assert_uuid(list["group_templates"][0]["id"].as_str().unwrap(), "AccessGroupTemplateId-");
    assert_eq!(list["group_templates"][0]["version"], "1");
    assert_eq!(list["group_templates"][1]["version"], "2");
}

#[test]
fn version_numbers_may_have_gaps_and_continue_after_the_highest() {
    let mock = server_with_account(&json!({"templates": [
        {"id": "t", "name": "n", "version": "3"}, {"id": "t", "name": "n", "version": "7"}
    ]}));

    assert_eq!(mock.get(&template_path("t")).send().expect(200).json()["version"], "7");
    assert_eq!(create_version(&mock, "t", json!({})), "8");
}

#[test]
fn template_errors_name_their_path() {
    let second =
        |seed: Value| seed_error(&json!({"templates": [{"id": "t", "name": "n", "version": "2"}, seed]}));
    let path = "ibm.accounts.a.templates[1]";

    assert_eq!(second(json!({"name": ""})), format!("{path}.name: must not be blank"));
    assert_eq!(second(json!({"id": "", "name": "n"})), format!("{path}.id: must not be empty"));
    assert_eq!(
        second(json!({"name": "n", "account_id": "b"})),
        format!("{path}.account_id: must be `a` at this location, not `b`")
    );
    assert_eq!(
        second(json!({"id": "t", "name": "n", "version": "2"})),
        format!("{path}.version: must be a number from 3 to 1000000, as a string")
    );
    assert_eq!(
        second(json!({"id": "t", "name": "n", "version": "03"})),
        format!("{path}.version: must be a number from 3 to 1000000, as a string")
    );
    assert_eq!(
        second(json!({"id": "u", "name": "n"})),
        format!("{path}.name: must not be the name of another template of the account")
    );
    assert_eq!(
        second(json!({"name": "n", "version": "1000001"})),
        format!("{path}.version: must be a number from 1 to 1000000, as a string")
    );
    assert_eq!(
        second(json!({"id": "t", "name": "m"})),
        format!("{path}.id: `t` has a different name or account in an earlier version")
    );
    assert_eq!(
        second(json!({"name": "n", "group": {"name": "g", "members": {"users": [1]}}})),
        format!("{path}.group.members.users[0]: must be a string")
    );
    assert!(second(json!({"name": "n", "color": 1})).starts_with(&format!("{path}.color: unknown field")));
}

#[test]
fn assignment_errors_name_their_path() {
    let with = |name: &str, value: Value| {
        let mut second = json!({
            "template_id": "t", "template_version": "1", "target_type": "Account", "target": "b"
        });
        second[name] = value;
        seed_error(&json!({
            "templates": [{"id": "t", "name": "n", "committed": true}, {"id": "u", "name": "m"}],
            "assignments": [{
                "id": "s", "template_id": "t", "template_version": "1", "target_type": "AccountGroup", "target": "g"
            }, second]
        }))
    };
    let path = "ibm.accounts.a.assignments[1]";

    assert_eq!(with("id", json!("s")), format!("{path}.id: `s` or the id of its group is already used"));
    assert_eq!(with("id", json!("")), format!("{path}.id: must not be empty"));
    assert_eq!(with("target", json!("")), format!("{path}.target: is missing or empty"));
    assert_eq!(
        with("target_type", json!("Region")),
        format!("{path}.target_type: must be one of Account, AccountGroup")
    );
    assert_eq!(
        with("operation", json!("replace")),
        format!("{path}.operation: must be one of assign, update, remove")
    );
    for status in ["done", ""] {
        assert_eq!(
            with("status", json!(status)),
            format!("{path}.status: must be one of accepted, in_progress, succeeded, failed, superseded")
        );
    }
    assert_eq!(
        with("template_id", json!("x")),
        format!("{path}: Failed to find the specified access group template: x")
    );
    assert_eq!(
        with("template_id", json!("u")),
        format!(
            "{path}: Version 1 of the template is not committed and can't be assigned. Commit the version first, \
             then assign it."
        )
    );
    assert!(
        with("target", json!("a")).starts_with(&format!("{path}: The template is in account a and can't"))
    );
    assert!(
        with("target", json!("g"))
            .starts_with(&format!("{path}: The template is already assigned to the target"))
    );
}

#[test]
fn an_assignment_may_have_the_status_of_its_first_response() {
    let mock = server_with_account(&json!({
        "templates": [{"id": "t", "name": "n", "committed": true}],
        "assignments": [{
            "id": "s", "template_id": "t", "template_version": "1", "target_type": "Account", "target": "b",
            "status": "accepted"
        }]
    }));

    assert_eq!(mock.get(&assignment_path("s")).send().expect(200).json()["status"], "succeeded");
}

/// Returns the error of an assignment with these `resources`, without the path of the assignment.
fn resources_error(resources: &Value) -> String {
    let seed = json!({
        "templates": [{"id": "t", "name": "n", "committed": true}],
        "assignments": [{
            "template_id": "t", "template_version": "1", "target_type": "Account", "target": "b",
            "resources": resources
        }]
    });
    let error = seed_error(&seed);
    let path = "ibm.accounts.a.assignments[0].resources";
    error.strip_prefix(path).unwrap_or_else(|| panic!("unexpected path: {error}")).to_owned()
}

#[test]
fn the_ids_of_resources_created_by_an_assignment_are_checked() {
    let group = |id: &str| resources_error(&json!([{"group": {"group": {"id": id}}}]));
    let rules = |ids: [&str; 2]| {
        let rules = ids.map(|id| json!({"id": id}));
        resources_error(&json!([{"group": {"group": {"id": "g"}, "rules": rules}}]))
    };

    for id in ["", "AccessGroupId-PublicAccess", "settings", "_allgroups"] {
        assert_eq!(group(id), "[0].group.group.id: must be a valid group id");
    }
    assert_eq!(rules(["r", ""]), "[0].group.rules[1].id: must not be empty");
    assert_eq!(
        rules(["r", "r"]),
        "[0].group.rules[1].id: `r` is already used by an earlier rule of the group"
    );
}

#[test]
fn the_resources_of_an_assignment_must_have_the_response_format() {
    let whole = |target: &str| json!({"target": target, "group": {"group": {"id": "g"}}});
    let group = |group: Value| resources_error(&json!([{"group": group}]));

    assert_eq!(resources_error(&json!([whole("c")])), "[0].target: must be `b` at this location, not `c`");
    assert_eq!(
        resources_error(&json!([whole("b"), whole("b")])),
        "[1].target: must not be the target of an earlier entry"
    );
    let cases = [
        (resources_error(&json!({})), ": invalid type: map, expected a sequence"),
        (resources_error(&json!(["g"])), "[0]: invalid type: string \"g\""),
        (resources_error(&json!([{}])), "[0]: missing field `group`"),
        (resources_error(&json!([{"color": 1}])), "[0].color: unknown field `color`"),
        (group(json!({"rules": []})), "[0].group: missing field `group`"),
        (group(json!({"group": {}})), "[0].group.group: missing field `id`"),
        (group(json!({"group": {"id": 7}})), "[0].group.group.id: invalid type: integer `7`"),
        (group(json!({"group": {"id": "g"}, "rules": [{}]})), "[0].group.rules[0]: missing field `id`"),
        (group(json!({"group": {"id": "g", "color": 1}})), "[0].group.group.color: unknown field `color`"),
    ];
    for (error, expected) in cases {
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn a_template_of_another_account_cannot_be_assigned() {
    let assignment =
        json!({"template_id": "t", "template_version": "1", "target_type": "Account", "target": "c"});
    let accounts = json!({
        "a": {"templates": [{"id": "t", "name": "n", "committed": true}]},
        "b": {"assignments": [assignment]}
    });
    let seed = Seed::parse(&json!({"ibm": {"accounts": accounts}}).to_string()).unwrap();

    let error = App::new(Config::default(), seed).expect_err("the seed is wrong").to_string();

    assert!(error.starts_with("ibm.accounts.b.assignments[0]: Forbidden"), "{error}");
}
