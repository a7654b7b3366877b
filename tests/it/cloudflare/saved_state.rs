//! The cloudflare section of a saved state: a seed with internal state that the API does not expose.

use access_groups_mock::{App, Config, Seed};
use serde_json::{Value, json};

use super::{ACCOUNT, access_groups_path, resource_groups_path};
use crate::support::TestServer;

/// Starts a server with these groups in `ACCOUNT`.
fn server_with(groups: &Value) -> TestServer {
    TestServer::with_seed(&json!({"cloudflare": {"accounts": {ACCOUNT: groups}}}).to_string())
}

fn names(list: &Value) -> Vec<&str> {
    list["result"].as_array().unwrap().iter().map(|group| group["name"].as_str().unwrap()).collect()
}

#[test]
fn groups_are_listed_by_sequence() {
    let group = |name: &str, sequence: u64| json!({"name": name, "$state": {"sequence": sequence}});

    let mock = server_with(&json!({"access_groups": [group("c", 9), group("a", 3), group("b", 4)]}));

    assert_eq!(names(&mock.get(&access_groups_path()).send().expect(200).json()), ["a", "b", "c"]);
}

#[test]
fn a_deletion_restores_the_pinned_value_and_not_the_current_one() {
    let pinned = json!({"name": "kept", "is_default": true, "updated_at": "2026-01-02T03:04:05Z"});
    let mock = server_with(&json!({"access_groups": [
        {"id": "g", "name": "changed", "include": [{"everyone": {}}], "$state": {"pinned": pinned}}
    ]}));
    let path = format!("{}/g", access_groups_path());

    assert_eq!(mock.get(&path).send().expect(200).json()["result"]["name"], "changed");
    mock.delete(&path).send().expect(202);

    let group = mock.get(&path).send().expect(200).json()["result"].clone();
    assert_eq!((&group["name"], &group["include"]), (&json!("kept"), &json!([])));
    assert_eq!(group["updated_at"], "2026-01-02T03:04:05Z");
}

#[test]
fn rules_and_scopes_with_duplicate_fields_are_read_from_strings() {
    let include = r#"[{"ip":{"ip":"1"},"ip":{"ip":"2"}}]"#;
    let scope = r#"{"key":"a","key":"b","objects":[{"key":"*"}]}"#;
    let mock = server_with(&json!({
        "access_groups": [{"id": "g", "name": "a", "$state": {"include": include}}],
        "resource_groups": [{
            "id": "r", "name": "a", "scope": {"key": "b", "objects": [{"key": "*"}]}, "$state": {"scope": scope}
        }]
    }));

    let access_group = mock.get(&format!("{}/g", access_groups_path())).send().expect(200).text();
    let resource_group = mock.get(&format!("{}/r", resource_groups_path())).send().expect(200).text();

    assert!(access_group.contains(include), "{access_group}");
    assert!(resource_group.contains(scope), "{resource_group}");
}

#[test]
fn state_errors_name_their_path() {
    for (group, expected) in [
        (
            json!({"sequence": 0}),
            "$state.sequence: must be a number from 1 to 9007199254740991 that no earlier group has",
        ),
        (json!({"include": "[1]"}), "$state.include[0]: must be an object"),
        (json!({"pinned": {"name": ""}}), "$state.pinned.name: must not be empty"),
    ] {
        let groups = json!([{"name": "a", "$state": group}]);
        let text = json!({"cloudflare": {"zones": {"z": {"access_groups": groups}}}}).to_string();

        let error = App::new(Config::default(), Seed::parse(&text).unwrap()).unwrap_err();

        assert_eq!(error.to_string(), format!("cloudflare.zones.z.access_groups[0].{expected}"));
    }
}
