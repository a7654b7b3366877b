//! The authress section of a saved state: a seed with internal state that the API does not expose.

use access_groups_mock::{App, Config, Seed};
use serde_json::{Value, json};

use super::{ITEM, LIST, group_body};
use crate::support::TestServer;

/// Returns a state with three groups whose sequence numbers differ from the array order and have gaps.
fn saved_state() -> Value {
    let group = |id: &str, sequence: u64| {
        let mut group = group_body(id);
        group["groupId"] = json!(format!("grp_{id}"));
        group["$state"] = json!({"sequence": sequence, "revision": sequence});
        group
    };
    let groups = [group("c", 7), group("a", 2), group("b", 4)];
    json!({"authress": {"groups": groups, "$state": {"last_sequence": 9}}})
}

fn ids(list: &Value) -> Vec<&str> {
    list["groups"].as_array().unwrap().iter().map(|group| group["groupId"].as_str().unwrap()).collect()
}

#[test]
fn groups_are_listed_by_sequence_and_new_groups_follow() {
    let mock = TestServer::with_seed(&saved_state().to_string());
    let mut group = group_body("d");
    group["groupId"] = json!("grp_d");

    mock.post(LIST).json(group).send().expect(201);

    let list = mock.get(LIST).send().expect(200).json();
    assert_eq!(ids(&list), ["grp_a", "grp_b", "grp_c", "grp_d"]);
}

#[test]
fn a_cursor_is_valid_on_a_server_with_the_same_state() {
    let first = TestServer::with_seed(&saved_state().to_string());
    let second = TestServer::with_seed(&saved_state().to_string());

    let page = first.get("/v1/groups?limit=2").send().expect(200).json();
    let cursor = page["pagination"]["next"]["cursor"].as_str().unwrap();
    let rest = second.get(&format!("/v1/groups?limit=2&cursor={cursor}")).send().expect(200).json();

    assert_eq!(ids(&page), ["grp_a", "grp_b"]);
    assert_eq!(ids(&rest), ["grp_c"]);
}

#[test]
fn a_deletion_restores_the_pinned_value_and_not_the_current_one() {
    let mut seed = saved_state();
    let mut pinned = group_body("kept");
    pinned["lastUpdated"] = json!("2026-01-02T03:04:05.678Z");
    pinned["$state"] = json!({"revision": 1});
    seed["authress"]["groups"][1]["$state"]["pinned"] = pinned;
    let mock = TestServer::with_seed(&seed.to_string());

    assert_eq!(mock.get(ITEM).send().expect(200).json()["name"], "a");
    mock.delete(ITEM).send().expect(204);

    let group = mock.get(ITEM).send().expect(200).json();
    assert_eq!((&group["name"], &group["lastUpdated"]), (&json!("kept"), &json!("2026-01-02T03:04:05.678Z")));
}

#[test]
fn a_group_state_error_names_its_path() {
    let mut seed = saved_state();
    seed["authress"]["groups"][2]["$state"]["sequence"] = json!(2);

    let error = App::new(Config::default(), Seed::parse(&seed.to_string()).unwrap()).unwrap_err();

    let expected = "authress.groups[2].$state.sequence: must be a number from 1 to 9007199254740991 that no earlier group has";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_section_state_error_names_its_path() {
    let error = Seed::parse(r#"{"authress":{"$state":{"last_sequence":-1}}}"#).unwrap_err();

    assert!(error.to_string().starts_with("authress.$state.last_sequence: invalid value"), "{error}");
}
