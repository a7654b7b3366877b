//! Template versions: numbers, names, entity tags, commit and delete.

use serde_json::{Value, json};

use super::templates::{
    TEMPLATE, commit_version, create_committed_template, create_template, create_version, entity_tag,
    template_path, version_path,
};
use super::{assert_error, assert_invalid, demo_server, field_values};
use crate::support::TestServer;

#[test]
fn a_new_version_has_the_next_number_and_is_the_latest() {
    let mock = TestServer::start();
    let id = create_committed_template(&mock, &json!({"name": "one"}));

    let body = json!({"description": "second", "group": {"name": "two"}});
    let created = mock.post(&format!("{}/versions", template_path(&id))).json(body).send().expect(201);

    let shape = created.json();
    assert_eq!(shape["version"], "2");
    assert_eq!(shape["committed"], false);
    assert_eq!(shape["name"], "t");
    assert_eq!(shape["description"], "second");
    assert_eq!(shape["group"], json!({"name": "two"}));
    assert_eq!(shape["href"], format!("{}{}", mock.url(), version_path(&id, "2")));
    let latest = mock.get(&template_path(&id)).send().expect(200);
    assert_eq!(latest.json(), shape);
    assert_eq!(latest.header("etag"), created.header("etag"));
}

#[test]
fn an_empty_version_copies_only_the_group_of_the_latest() {
    let mock = TestServer::start();
    let body = json!({
        "name": "t", "account_id": "root", "description": "d", "group": {"name": "g"},
        "policy_template_references": [{"id": "p"}]
    });
    let id = mock.post("/v1/group_templates").json(body).send().expect(201).json()["id"].clone();
    let id = id.as_str().unwrap();

    let shape =
        mock.post(&format!("{}/versions", template_path(id))).json(json!({})).send().expect(201).json();

    assert_eq!(shape["group"], json!({"name": "g"}));
    assert_eq!(shape["name"], "t");
    assert_eq!(shape["description"], "");
    assert_eq!(shape["policy_template_references"], json!([]));
}

#[test]
fn version_numbers_are_never_reused() {
    let mock = TestServer::start();
    let id = create_template(&mock, &json!({"name": "g"}));

    assert_eq!(create_version(&mock, &id, json!({})), "2");
    mock.delete(&version_path(&id, "2")).send().expect(204);
    assert_eq!(create_version(&mock, &id, json!({})), "3");

    let list = mock.get(&format!("{}/versions", template_path(&id))).send().expect(200).json();
    assert_eq!(field_values(&list, "group_template_versions", "version"), ["1", "3"]);
}

#[test]
fn versions_are_listed_by_number_without_the_template() {
    let mock = demo_server();
    let path = format!("{}/versions", template_path(TEMPLATE));

    let page = mock.get(&format!("{path}?limit=1")).send().expect(200).json();
    let second = mock.get(&format!("{path}?limit=1&offset=1")).send().expect(200).json();

    let mut first = mock.get(&version_path(TEMPLATE, "1")).send().expect(200).json();
    first.as_object_mut().unwrap().remove("id");
    let url = format!("{}{path}", mock.url());
    let expected = json!({
        "limit": 1,
        "offset": 0,
        "total_count": 2,
        "first": {"href": format!("{url}?limit=1")},
        "next": {"href": format!("{url}?offset=1&limit=1")},
        "last": {"href": format!("{url}?offset=1&limit=1")},
        "group_template_versions": [first]
    });
    assert_eq!(page, expected);
    assert_eq!(field_values(&second, "group_template_versions", "version"), ["2"]);
    assert_eq!(second["previous"]["href"], format!("{url}?offset=0&limit=1"));
    assert_eq!(second["next"], Value::Null);
}

#[test]
fn versions_are_sorted_numerically_beyond_nine() {
    let mock = TestServer::start();
    let id = create_template(&mock, &json!({"name": "g"}));
    for _ in 0..10 {
        create_version(&mock, &id, json!({}));
    }

    let list = mock.get(&format!("{}/versions?offset=8", template_path(&id))).send().expect(200).json();

    assert_eq!(field_values(&list, "group_template_versions", "version"), ["9", "10", "11"]);
    assert_eq!(mock.get(&template_path(&id)).send().expect(200).json()["version"], "11");
}

#[test]
fn an_update_is_201_and_replaces_all_but_an_absent_name_and_group() {
    let mock = TestServer::start();
    let body = json!({
        "name": "t", "account_id": "root", "description": "d", "group": {"name": "g"},
        "policy_template_references": [{"id": "p"}]
    });
    let id = mock.post("/v1/group_templates").json(body).send().expect(201).json()["id"].clone();
    let path = version_path(id.as_str().unwrap(), "1");
    let put = |body: Value| mock.put(&path).header("if-match", &entity_tag(&mock, &path)).json(body).send();

    let unchanged = put(json!({"name": null, "group": null})).expect(201);
    assert_eq!(unchanged.json()["name"], "t");
    assert_eq!(unchanged.json()["group"], json!({"name": "g"}));
    assert_eq!(unchanged.json()["description"], "");
    assert_eq!(unchanged.json()["policy_template_references"], json!([]));
    assert!(unchanged.header("etag").starts_with("2-"));

    let body = json!({
        "name": "u", "description": "e", "group": {"name": "h"}, "policy_template_references": [{"id": "q"}]
    });
    let changed = put(body).expect(201);
    assert_eq!(changed.json()["name"], "u");
    assert_eq!(changed.json()["description"], "e");
    assert_eq!(changed.json()["group"], json!({"name": "h"}));
    assert_eq!(changed.json()["policy_template_references"], json!([{"id": "q"}]));
    let read = mock.get(&path).send().expect(200);
    assert_eq!(read.json(), changed.json());
    assert_eq!(read.header("etag"), changed.header("etag"));
}

#[test]
fn the_entity_tag_of_an_update_is_valid_for_a_commit() {
    let mock = TestServer::start();
    let id = create_template(&mock, &json!({"name": "g"}));
    let path = version_path(&id, "1");

    let updated =
        mock.put(&path).header("if-match", &entity_tag(&mock, &path)).json(json!({})).send().expect(201);
    mock.post(&format!("{path}/commit")).header("if-match", updated.header("etag")).send().expect(204);

    assert_eq!(mock.get(&path).send().json()["committed"], true);
}

#[test]
fn naming_a_version_renames_all_versions() {
    let mock = TestServer::start();
    let id = create_committed_template(&mock, &json!({"name": "g"}));
    let names = || {
        let list = mock.get(&format!("{}/versions", template_path(&id))).send().expect(200).json();
        field_values(&list, "group_template_versions", "name")
    };

    create_version(&mock, &id, json!({"name": "second"}));
    assert_eq!(names(), ["second", "second"]);

    let path = version_path(&id, "2");
    mock.put(&path)
        .header("if-match", &entity_tag(&mock, &path))
        .json(json!({"name": "third"}))
        .send()
        .expect(201);
    assert_eq!(names(), ["third", "third"]);
    let first = mock.get(&version_path(&id, "1")).send().expect(200).json();
    assert_eq!(first["name"], "third");
    assert_eq!(first["committed"], true);
}

#[test]
fn a_new_version_keeps_the_other_entity_tags_unless_it_renames_them() {
    let mock = TestServer::start();
    let id = create_template(&mock, &json!({"name": "g"}));
    let first = entity_tag(&mock, &version_path(&id, "1"));

    create_version(&mock, &id, json!({"name": "t", "group": {"name": "h"}}));
    assert_eq!(entity_tag(&mock, &version_path(&id, "1")), first);
    create_version(&mock, &id, json!({"name": "another"}));
    assert_ne!(entity_tag(&mock, &version_path(&id, "1")), first);

    let path = version_path(&id, "1");
    let tag = entity_tag(&mock, &path);
    mock.put(&path).header("if-match", &tag).json(json!({})).send().expect(201);
}

#[test]
fn update_and_commit_need_the_current_entity_tag_and_reject_an_asterisk() {
    let mock = TestServer::start();
    let id = create_template(&mock, &json!({"name": "g"}));
    let path = version_path(&id, "1");
    let stale = entity_tag(&mock, &path);
    mock.put(&path).header("if-match", &stale).json(json!({})).send().expect(201);

    let message = "If-Match header contains incorrect/invalid etag.";
    for given in [&*stale, "*", "x", ""] {
        let update = mock.put(&path).header("if-match", given).json(json!({"name": "u"})).send().expect(412);
        assert_error(&update, "incorrect_etag", message);
        let commit = mock.post(&format!("{path}/commit")).header("if-match", given).send().expect(412);
        assert_error(&commit, "incorrect_etag", message);
    }
    mock.put(&path).json(json!({})).send().expect(412);
    mock.post(&format!("{path}/commit")).send().expect(412);

    let shape = mock.get(&path).send().json();
    assert_eq!((&shape["name"], &shape["committed"]), (&json!("t"), &json!(false)));
    let quoted = format!("\"{}\"", entity_tag(&mock, &path));
    mock.post(&format!("{path}/commit")).header("if-match", &quoted).send().expect(204);
}

#[test]
fn an_invalid_body_is_400_before_the_entity_tag_is_checked() {
    let mock = demo_server();

    let response = mock.put(&version_path(TEMPLATE, "2")).json(json!({"name": 1})).send();

    assert_invalid(response, "name invalid type: integer `1`, expected a string");
}

#[test]
fn commit_ignores_body_and_content_type() {
    let mock = TestServer::start();
    let assert_committed = |content_type: Option<&str>, body: Option<&str>| {
        let id = create_template(&mock, &json!({"name": "g"}));
        let path = version_path(&id, "1");
        let mut request = mock.post(&format!("{path}/commit")).header("if-match", &entity_tag(&mock, &path));
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().expect(204);
        assert!(response.body.is_empty());
        assert_eq!(response.header("content-type"), "");
    };

    assert_committed(None, None);
    assert_committed(Some("application/json"), None);
    assert_committed(Some("application/json"), Some(""));
    assert_committed(Some("application/json"), Some("{}"));
    assert_committed(Some("text/plain"), Some("no json"));
}

#[test]
fn changing_a_committed_version_is_409_with_instructions() {
    let mock = TestServer::start();
    let id = create_committed_template(&mock, &json!({"name": "g"}));
    let path = version_path(&id, "1");
    let before = mock.get(&path).send().expect(200);
    let message = "Version 1 of the template is committed and can't be changed. Create a new version of the \
                   template and commit that one.";

    let update = mock.put(&path).header("if-match", before.header("etag")).json(json!({})).send().expect(409);
    let commit = commit_version(&mock, &id, "1").expect(409);

    assert_error(&update, "template_version_committed", message);
    assert_error(&commit, "template_version_committed", message);
    let after = mock.get(&path).send().expect(200);
    assert_eq!(after.json(), before.json());
    assert_eq!(after.header("etag"), before.header("etag"));
}

#[test]
fn a_commit_changes_the_entity_tag() {
    let mock = TestServer::start();
    let id = create_template(&mock, &json!({"name": "g"}));
    let path = version_path(&id, "1");
    let first = entity_tag(&mock, &path);

    mock.post(&format!("{path}/commit")).header("if-match", &first).send().expect(204);

    assert_ne!(entity_tag(&mock, &path), first);
    mock.post(&format!("{path}/commit")).header("if-match", &first).send().expect(412);
}

#[test]
fn an_unknown_version_is_404() {
    let mock = demo_server();
    let message = "Failed to find the specified version of the access group template: 02";

    for response in [
        mock.get(&version_path(TEMPLATE, "02")).send(),
        mock.put(&version_path(TEMPLATE, "02")).body("{").send(),
        mock.delete(&version_path(TEMPLATE, "02")).send(),
        mock.post(&format!("{}/commit", version_path(TEMPLATE, "02"))).send(),
    ] {
        assert_error(&response.expect(404), "template_version_not_found", message);
    }
}

#[test]
fn deleting_the_last_version_deletes_the_template() {
    let mock = TestServer::start();
    let id = create_committed_template(&mock, &json!({"name": "g"}));
    create_version(&mock, &id, json!({}));

    let response = mock.delete(&version_path(&id, "1")).send().expect(204);
    assert!(response.body.is_empty());
    assert_eq!(mock.get(&template_path(&id)).send().expect(200).json()["version"], "2");
    mock.delete(&version_path(&id, "2")).send().expect(204);

    mock.get(&version_path(&id, "2")).send().expect(404);
    mock.get(&template_path(&id)).send().expect(404);
    mock.delete(&template_path(&id)).send().expect(404);
}
