//! The authress section of the seed file.

use access_groups_mock::{App, Config, Seed};
use serde_json::{Value, json};

use super::{ITEM, LIST, group_body};
use crate::support::TestServer;

/// Returns the error of a seed with `groups`.
fn seed_error(groups: &Value) -> String {
    let text = json!({"authress": {"groups": groups}}).to_string();
    App::new(Config::default(), Seed::parse(&text).unwrap()).unwrap_err().to_string()
}

#[test]
fn a_returned_group_is_a_valid_seed() {
    let first = TestServer::start();
    let body = json!({
        "groupId": "grp_a", "name": "a", "users": [{"userId": "u"}], "admins": [{"userId": "v"}],
        "tags": {"k": "v"}
    });
    first.post(LIST).json(body).send().expect(201);
    let mut group = first.get(ITEM).send().expect(200).json();

    let second = TestServer::with_seed(&json!({"authress": {"groups": [group.clone()]}}).to_string());

    group["links"] = json!({"self": {"href": format!("{}/v1/groups/grp_a", second.url())}});
    assert_eq!(second.get(ITEM).send().expect(200).json(), group);
}

#[test]
fn id_and_time_are_optional_and_a_time_may_have_any_offset() {
    let mock = TestServer::with_seed(
        r#"{"authress":{"groups":[{"name":"a","users":[],"admins":[]},
            {"name":"b","users":[],"admins":[],"lastUpdated":"2026-01-02T04:04:05.6789+01:00"}]}}"#,
    );

    let groups = mock.get(LIST).send().expect(200).json()["groups"].clone();

    assert_eq!(groups[0]["groupId"].as_str().unwrap().len(), 24);
    assert_eq!(groups[1]["lastUpdated"], "2026-01-02T03:04:05.678Z");
}

#[test]
fn seed_errors_name_their_path() {
    let group = |change: Value| {
        let mut group = group_body("a");
        group["groupId"] = json!("grp_a");
        group.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        group
    };

    for (groups, expected) in [
        (json!([{"name": "a", "users": []}]), "authress.groups[0]: missing required property admins"),
        (json!([group(json!({"x": 1}))]), "authress.groups[0]: must NOT have additional property: 'x'"),
        (
            json!([group(json!({})), group(json!({}))]),
            "authress.groups[1].groupId: grp_a is already used by an earlier group",
        ),
        (
            json!([group(json!({"users": [{"userId": []}]}))]),
            "authress.groups[0].users[0].userId: must be string",
        ),
        (json!([group(json!({"tags": {"k": []}}))]), "authress.groups[0].tags['k']: must be string"),
        (
            json!([group(json!({"lastUpdated": "now"}))]),
            "authress.groups[0].lastUpdated: must be an RFC 3339 time",
        ),
        (json!([group(json!({"pinned": 1}))]), "authress.groups[0].pinned: must be true or false"),
        (
            json!([group(json!({"groupId": "x"}))]),
            r#"authress.groups[0].groupId: must match pattern "^grp_[a-zA-Z0-9-_]+$""#,
        ),
    ] {
        assert_eq!(seed_error(&groups), expected);
    }
}

#[test]
fn an_unknown_field_of_the_section_is_an_error() {
    let error = Seed::parse(r#"{"authress":{"group":[]}}"#).unwrap_err();

    assert!(error.to_string().starts_with("authress"), "{error}");
}

#[test]
fn a_deleted_pinned_group_is_restored_at_its_list_position() {
    let mock = TestServer::with_seed(
        r#"{"authress":{"groups":[{"groupId":"grp_a","name":"kept","users":[],"admins":[],"pinned":true},
            {"name":"b","users":[],"admins":[]}]}}"#,
    );
    mock.put(ITEM).json(group_body("changed")).send().expect(200);

    mock.delete(ITEM).send().expect(204);

    assert_eq!(mock.get(ITEM).send().expect(200).json()["name"], "kept");
    assert_eq!(mock.get(LIST).send().json()["groups"][0]["groupId"], "grp_a");
}

#[test]
fn the_admin_api_lists_the_groups() {
    let mock = TestServer::with_seed(
        r#"{"authress":{"groups":[{"groupId":"grp_a","name":"a","lastUpdated":"2026-01-02T03:04:05.678Z",
            "users":[{"userId":"u"},{"userId":"v"}],"admins":[{"userId":"w"}]}]}}"#,
    );

    let list = mock.get("/__admin/groups?dialect=authress").send().expect(200).json();

    let group = &list["groups"][0];
    assert_eq!(group["kind"], "group");
    assert_eq!(group["id"], "grp_a");
    assert_eq!(group["members"], 2);
}
