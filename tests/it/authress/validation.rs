//! Validation of create and update bodies, with the service's error messages.

use serde_json::{Value, json};

use super::{ITEM, LIST, assert_error, group_body, with_group};
use crate::support::TestServer;

/// Sends `body` in a create and an update request and asserts the title of both error responses.
#[track_caller]
fn assert_rejected(body: &Value, violations: &str) {
    let mock = with_group();
    let title = format!("InvalidRequest: {violations}.");
    assert_error(&mock.post(LIST).json(body.clone()).send().expect(400), "InvalidRequest", &title);
    assert_error(&mock.put(ITEM).json(body.clone()).send().expect(400), "InvalidRequest", &title);
    assert_eq!(mock.get(LIST).send().json()["groups"].as_array().unwrap().len(), 1);
    assert_eq!(mock.get(ITEM).send().json()["name"], "Old");
}

/// Sends a group with the field `name` set to `value` and asserts the error title.
#[track_caller]
fn assert_field_rejected(name: &str, value: Value, violations: &str) {
    let mut body = group_body("a");
    body[name] = value;
    assert_rejected(&body, violations);
}

fn users(count: usize) -> Value {
    (0..count).map(|index| json!({"userId": format!("u{index}")})).collect()
}

#[test]
fn a_name_has_1_to_128_characters() {
    let mock = TestServer::start();

    mock.post(LIST).json(group_body(&"é".repeat(128))).send().expect(201);
    assert_field_rejected("name", json!(""), "request.body.name must NOT have fewer than 1 characters");
    assert_field_rejected(
        "name",
        json!("é".repeat(129)),
        "request.body.name must NOT have more than 128 characters",
    );
}

#[test]
fn a_user_id_has_1_to_128_characters_of_the_pattern() {
    let mock = TestServer::start();
    let pattern = r#"must match pattern "^[a-zA-Z0-9+._|\/~:@\s-]+$""#;

    let longest = json!({"name": "a", "users": [{"userId": "u".repeat(128)}], "admins": []});
    mock.post(LIST).json(longest).send().expect(201);
    assert_field_rejected(
        "users",
        json!([{"userId": "é"}]),
        &format!("request.body.users[0].userId {pattern}"),
    );
    assert_field_rejected(
        "admins",
        json!([{"userId": "ok"}, {"userId": ""}, {"userId": "#".repeat(129)}]),
        &format!(
            "request.body.admins[1].userId must NOT have fewer than 1 characters, \
             request.body.admins[1].userId {pattern}, \
             request.body.admins[2].userId must NOT have more than 128 characters, \
             request.body.admins[2].userId {pattern}"
        ),
    );
}

#[test]
fn users_and_admins_are_at_most_100_each() {
    let mock = TestServer::start();

    let full = json!({"name": "a", "users": users(100), "admins": users(100)});
    let group = mock.post(LIST).json(full).send().expect(201).json();
    assert_eq!(group["users"].as_array().unwrap().len(), 100);
    assert_field_rejected("users", users(101), "request.body.users must NOT have more than 100 items");
    assert_field_rejected("admins", users(101), "request.body.admins must NOT have more than 100 items");
}

#[test]
fn the_value_of_a_tag_has_at_most_128_characters() {
    let mock = TestServer::start();

    let body = json!({"name": "a", "users": [], "admins": [], "tags": {"": "v".repeat(128)}});
    mock.post(LIST).json(body).send().expect(201);
    assert_field_rejected(
        "tags",
        json!({"my tag": "v".repeat(129)}),
        "request.body.tags['my tag'] must NOT have more than 128 characters",
    );
}

#[test]
fn a_new_group_id_has_1_to_64_characters_of_the_pattern() {
    let mock = TestServer::start();
    let create = |group_id: Value| {
        let body = json!({"groupId": group_id, "name": "a", "users": [], "admins": []});
        mock.post(LIST).json(body).send()
    };
    let pattern = r#"request.body.groupId must match pattern "^grp_[a-zA-Z0-9-_]+$""#;

    create(json!(format!("grp_{}", "a".repeat(60)))).expect(201);
    for (group_id, violations) in [
        (json!("group"), pattern.to_owned()),
        (json!("grp_"), pattern.to_owned()),
        (json!("grp_a b"), pattern.to_owned()),
        (json!("grp_é"), pattern.to_owned()),
        (json!(""), format!("request.body.groupId must NOT have fewer than 1 characters, {pattern}")),
        (
            json!(format!("grp_{}", "a".repeat(61))),
            "request.body.groupId must NOT have more than 64 characters".to_owned(),
        ),
        (json!(7), pattern.to_owned()),
    ] {
        let response = create(group_id).expect(400);
        assert_error(&response, "InvalidRequest", &format!("InvalidRequest: {violations}."));
    }
}

#[test]
fn a_valid_id_in_an_update_body_is_ignored() {
    let mock = with_group();

    let mut body = group_body("New");
    body["groupId"] = json!("grp_b");
    assert_eq!(mock.put(ITEM).json(body.clone()).send().expect(200).json()["groupId"], "grp_a");
    body["groupId"] = json!("other");
    let title = r#"InvalidRequest: request.body.groupId must match pattern "^grp_[a-zA-Z0-9-_]+$"."#;
    assert_error(&mock.put(ITEM).json(body).send().expect(400), "InvalidRequest", title);
}

#[test]
fn an_unsupported_content_encoding_is_400() {
    let mock = TestServer::start();

    let response = mock.post(LIST).json(group_body("a")).header("content-encoding", "br").send().expect(400);

    let title = "InvalidRequest: request.body must be readable: the content encoding is not supported.";
    assert_error(&response, "InvalidRequest", title);
}

#[test]
fn query_header_and_body_violations_are_listed_together() {
    let mock = with_group();

    let request = mock.put("/v1/groups/grp_a?x=1").header("if-unmodified-since", "now");
    let response = request.json(json!({"name": "a", "users": []})).send().expect(400);

    let title = "InvalidRequest: request.query must NOT have additional property: 'x', \
        request.headers[\"if-unmodified-since\"] must match format \"date-time\", \
        missing required property request.body.admins.";
    assert_error(&response, "InvalidRequest", title);
}

#[test]
fn group_operations_accept_no_query_parameters() {
    let mock = with_group();
    let title = "InvalidRequest: request.query must NOT have additional property: 'force'.";

    assert_error(&mock.get("/v1/groups/grp_a?force=1").send().expect(400), "InvalidRequest", title);
    assert_error(&mock.delete("/v1/groups/grp_a?force").send().expect(400), "InvalidRequest", title);
    assert_error(
        &mock.post("/v1/groups?force=").json(group_body("a")).send().expect(400),
        "InvalidRequest",
        title,
    );
    mock.get(ITEM).send().expect(200);
}

#[test]
fn a_non_utf_8_query_is_400() {
    let mock = TestServer::start();

    let response = mock.get("/v1/groups?filter=%ff").send().expect(400);

    assert_error(&response, "InvalidRequest", "InvalidRequest: request.query.filter must be UTF-8.");
}

#[test]
fn the_last_of_duplicate_fields_wins() {
    let mock = with_group();
    let body = r#"{"name":"a","users":[{"userId":"x","userId":"y"}],"admins":[],"name":"b",
        "tags":{"k":"1","l":"2","k":"3"}}"#;

    let group = mock.post(LIST).body(body).send().expect(201).json();

    assert_eq!((&group["name"], &group["users"]), (&json!("b"), &json!([{"userId": "y"}])));
    assert_eq!(group["tags"].to_string(), r#"{"k":"3","l":"2"}"#);
    let response =
        mock.put(ITEM).body(r#"{"name":"a","users":[],"admins":[],"x":1,"x":2}"#).send().expect(400);
    let title = "InvalidRequest: request.body must NOT have additional property: 'x'.";
    assert_error(&response, "InvalidRequest", title);
}
