//! Create, get, update and delete.

use std::time::Duration;

use access_groups_mock::{Config, Seed};
use serde_json::{Value, json};

use super::{ITEM, LIST, assert_error, group_body, with_group};
use crate::support::TestServer;

fn fields(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn create_is_201_with_all_fields_in_schema_order() {
    let mock = TestServer::start();

    let body = json!({
        "tags": {"environment": "production", "a": ""}, "admins": [{"userId": "oauth|adminId"}],
        "users": [{"userId": "oauth|userId"}, {"userId": "a b+c._|/~:@-"}], "name": "Engineering",
        "groupId": "grp_user_group-001"
    });
    let response = mock.post(LIST).json(body).send().expect(201);

    let group = response.json();
    assert_eq!(fields(&group), ["groupId", "name", "lastUpdated", "users", "admins", "links", "tags"]);
    assert_eq!(group["groupId"], "grp_user_group-001");
    assert_eq!(group["name"], "Engineering");
    assert_eq!(group["users"], json!([{"userId": "oauth|userId"}, {"userId": "a b+c._|/~:@-"}]));
    assert_eq!(group["admins"], json!([{"userId": "oauth|adminId"}]));
    assert_eq!(group["tags"].to_string(), r#"{"environment":"production","a":""}"#);
    let href = format!("{}/v1/groups/grp_user_group-001", mock.url());
    assert_eq!(group["links"], json!({"self": {"href": href}}));
    let last_updated = group["lastUpdated"].as_str().unwrap();
    assert_eq!((last_updated.len(), &last_updated[19..20], &last_updated[23..]), (24, ".", "Z"));
    let read = mock.get("/v1/groups/grp_user_group-001").send().expect(200);
    assert_eq!(read.text(), response.text());
}

#[test]
fn a_missing_id_is_generated_and_missing_tags_stay_absent() {
    let mock = TestServer::start();

    let group = mock.post(LIST).json(group_body("a")).send().expect(201).json();
    let other = mock.post(LIST).json(group_body("a")).send().expect(201).json();

    let group_id = group["groupId"].as_str().unwrap();
    let (prefix, rest) = group_id.split_at(4);
    assert_eq!((prefix, rest.len()), ("grp_", 20));
    assert!(rest.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{group_id}");
    assert_ne!(other["groupId"], group["groupId"]);
    assert_eq!(fields(&group), ["groupId", "name", "lastUpdated", "users", "admins", "links"]);
}

#[test]
fn empty_tags_are_returned() {
    let mock = TestServer::start();

    let body = json!({"groupId": "grp_a", "name": "a", "users": [], "admins": [], "tags": {}});
    mock.post(LIST).json(body).send().expect(201);

    assert_eq!(mock.get(ITEM).send().expect(200).json()["tags"], json!({}));
}

#[test]
fn read_only_fields_and_null_tags_are_ignored() {
    let mock = TestServer::start();

    let body = json!({
        "groupId": "grp_a", "name": "a", "lastUpdated": "never", "users": [], "admins": [],
        "links": {"self": {"href": "https://other.test"}}, "tags": null
    });
    let group = mock.post(LIST).json(body).send().expect(201).json();

    assert_eq!(fields(&group), ["groupId", "name", "lastUpdated", "users", "admins", "links"]);
    assert_eq!(group["links"]["self"]["href"], format!("{}/v1/groups/grp_a", mock.url()));
    assert_ne!(group["lastUpdated"], "never");
}

#[test]
fn a_duplicate_id_is_409_and_changes_nothing() {
    let mock = with_group();

    let body = json!({"groupId": "grp_a", "name": "New", "users": [], "admins": []});
    let response = mock.post(LIST).json(body).send().expect(409);

    assert_error(&response, "GroupAlreadyExists", "The group `grp_a` already exists");
    assert_eq!(mock.get(ITEM).send().json()["name"], "Old");
}

#[test]
fn an_update_replaces_the_whole_group_except_its_id() {
    let mock = with_group();

    let body = json!({"groupId": "grp_other", "name": "New", "users": [], "admins": [{"userId": "x"}]});
    let response = mock.put(ITEM).json(body).send().expect(200);

    let group = response.json();
    assert_eq!(fields(&group), ["groupId", "name", "lastUpdated", "users", "admins", "links"]);
    assert_eq!(group["groupId"], "grp_a");
    assert_eq!(group["name"], "New");
    assert_eq!(group["users"], json!([]));
    assert_eq!(group["admins"], json!([{"userId": "x"}]));
    assert_eq!(group["links"]["self"]["href"], format!("{}/v1/groups/grp_a", mock.url()));
    assert_eq!(mock.get(ITEM).send().expect(200).text(), response.text());
    mock.get("/v1/groups/grp_other").send().expect(404);
}

#[test]
fn a_returned_group_is_a_valid_update_body() {
    let mock = with_group();

    let mut group = mock.get(ITEM).send().expect(200).json();
    group["name"] = json!("New");
    let updated = mock.put(ITEM).json(group.clone()).send().expect(200).json();

    group["lastUpdated"] = updated["lastUpdated"].clone();
    assert_eq!(updated, group);
}

#[test]
fn post_to_a_group_behaves_like_put() {
    let mock = with_group();

    let group = mock.post(ITEM).json(group_body("New")).send().expect(200).json();

    assert_eq!(group["name"], "New");
    let late = mock.post(ITEM).header("if-unmodified-since", "2026-01-02T03:04:05.678Z");
    late.json(group_body("Newer")).send().expect(412);
    mock.post(ITEM).json(json!({})).send().expect(400);
    mock.post("/v1/groups/grp_b").json(group_body("b")).send().expect(404);
}

#[test]
fn last_updated_grows_by_a_millisecond_if_the_clock_is_behind_it() {
    // The seeded time is ahead of the clock.
    let mock = TestServer::with_seed(
        r#"{"authress":{"groups":[{"groupId":"grp_a","name":"a","lastUpdated":"2999-12-31T23:59:59.998Z",
            "users":[],"admins":[]}]}}"#,
    );

    let update = || mock.put(ITEM).json(group_body("b")).send().expect(200).json()["lastUpdated"].clone();

    assert_eq!([update(), update()], ["2999-12-31T23:59:59.999Z", "3000-01-01T00:00:00.000Z"]);
}

#[test]
fn an_update_of_a_group_modified_since_is_412_and_changes_nothing() {
    let mock = with_group();

    for since in [
        "2026-01-02T03:04:05.677Z",
        "2026-01-02T03:04:04Z",
        "2026-01-02T04:04:05.5+01:00",
        "Fri, 02 Jan 2026 03:04:04 GMT",
    ] {
        let request = mock.put(ITEM).header("if-unmodified-since", since);
        let response = request.json(group_body("New")).send().expect(412);
        let title = "The group was last updated at Fri, 02 Jan 2026 03:04:05 GMT, after the time in \
            If-Unmodified-Since";
        assert_error(&response, "PreconditionFailed", title);
        assert_eq!(response.header("last-modified"), "Fri, 02 Jan 2026 03:04:05 GMT");
    }
    assert_eq!(mock.get(ITEM).send().json()["name"], "Old");
}

#[test]
fn an_update_of_an_unmodified_group_succeeds_in_every_date_format() {
    for since in [
        "2026-01-02T03:04:05.678Z",
        "2026-01-02T03:04:05.678000+00:00",
        "2026-01-02T04:04:05.678999+01:00",
        "2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.6Z",
        "Fri, 02 Jan 2026 03:04:05 GMT",
        "2030-01-01T00:00:00Z",
    ] {
        let mock = with_group();
        let request = mock.put(ITEM).header("if-unmodified-since", since);
        let group = request.json(group_body("New")).send().expect(200).json();
        assert_eq!(group["name"], "New", "{since}");
    }
}

#[test]
fn two_writers_with_the_same_last_updated_cannot_both_succeed() {
    let mock = with_group();
    let last_updated = mock.get(ITEM).send().json()["lastUpdated"].as_str().unwrap().to_owned();

    let write = |name: &str| {
        mock.put(ITEM).header("if-unmodified-since", &last_updated).json(group_body(name)).send().status
    };

    assert_eq!([write("first"), write("second")], [200, 412]);
    assert_eq!(mock.get(ITEM).send().json()["name"], "first");
}

#[test]
fn an_unparsable_if_unmodified_since_is_400() {
    let mock = with_group();

    for since in ["yesterday", "2026-01-02T03:04:05", "2026-01-02T03:04:05.1234567890Z"] {
        let request = mock.put(ITEM).header("if-unmodified-since", since);
        let response = request.json(group_body("New")).send().expect(400);
        let title =
            r#"InvalidRequest: request.headers["if-unmodified-since"] must match format "date-time"."#;
        assert_error(&response, "InvalidRequest", title);
    }
}

#[test]
fn an_unknown_group_is_404_before_the_precondition_and_put_creates_nothing() {
    let mock = TestServer::start();

    let title = "The group `grp_a` does not exist";
    assert_error(&mock.get(ITEM).send().expect(404), "GroupNotFound", title);
    assert_error(&mock.delete(ITEM).send().expect(404), "GroupNotFound", title);
    let put = mock.put(ITEM).header("if-unmodified-since", "2000-01-01T00:00:00Z").json(group_body("a"));
    assert_error(&put.send().expect(404), "GroupNotFound", title);
    assert_eq!(mock.get(LIST).send().json()["groups"], json!([]));
}

#[test]
fn a_malformed_id_is_404() {
    let mock = with_group();

    for (segment, subject) in [
        ("nope%20x", "nope x"),
        ("%ff", "%ff"),
        ("grp%5Fb", "grp_b"),
        ("GRP_A", "GRP_A"),
        ("%7Ba%7D", "{a}"),
        ("a%2Fb", "a/b"),
    ] {
        let response = mock.get(&format!("/v1/groups/{segment}")).send().expect(404);
        assert_error(&response, "GroupNotFound", &format!("The group `{subject}` does not exist"));
    }
    mock.get(&format!("/v1/groups/{}", "a".repeat(5000))).send().expect(404);
    mock.get("/v1/groups/grp%5Fa").send().expect(200);
}

#[test]
fn a_deleted_group_is_404_and_its_id_can_be_reused() {
    let mock = with_group();

    let response = mock.delete(ITEM).send().expect(204);

    assert_eq!(response.text(), "");
    assert_eq!(response.header("content-type"), "");
    mock.get(ITEM).send().expect(404);
    mock.delete(ITEM).send().expect(404);
    let body = json!({"groupId": "grp_a", "name": "Again", "users": [], "admins": []});
    mock.post(LIST).json(body).send().expect(201);
    assert_eq!(mock.get(ITEM).send().expect(200).json()["name"], "Again");
}

#[test]
fn the_content_type_of_a_body_is_ignored() {
    let mock = with_group();
    let body = group_body("New").to_string();

    mock.put(ITEM).body(body.clone()).send().expect(200);
    mock.put(ITEM).body(body.clone()).header("content-type", "text/plain").send().expect(200);
    mock.post(LIST).body(body).header("content-type", "application/xml").send().expect(201);
}

#[test]
fn a_body_above_102400_bytes_is_413_even_if_the_body_limit_is_higher() {
    let mock = with_group();
    let body = |length: usize| {
        let group = group_body("a").to_string();
        " ".repeat(length - group.len()) + &group
    };

    let fits = body(102_400);
    assert_eq!(fits.len(), 102_400);
    mock.put(ITEM).body(fits).send().expect(200);
    let response = mock.post(LIST).body(body(102_401)).send().expect(413);

    assert_error(&response, "RequestTooLarge", "The body of the request is larger than 102400 bytes");
}

#[test]
fn a_lower_body_limit_applies() {
    let mock = TestServer::with_config(Config { body_limit: 10, ..Config::default() }, "{}");

    let response = mock.post(LIST).json(group_body("a")).send().expect(413);

    assert_error(&response, "RequestTooLarge", "The body of the request is larger than 10 bytes");
}

#[test]
fn a_request_timeout_is_504() {
    let mock = TestServer::with_config(
        Config { request_timeout: Duration::from_secs(1), ..Config::default() },
        "{}",
    );

    let response = mock.send_raw(
        b"POST /v1/groups HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer x\r\nConnection: close\r\n\
          Content-Length: 9\r\n\r\n{",
    );

    assert!(response.starts_with("HTTP/1.1 504 "), "{response}");
    assert!(
        response.contains(r#"{"title":"The request took too long","errorCode":"RequestTimeout","errorId":""#),
        "{response}"
    );
}

#[test]
fn the_demo_seed_is_valid() {
    let seed = include_str!("../../../seeds/demo.json");

    let mock = TestServer::with_seed(seed);

    assert!(Seed::parse(seed).is_ok());
    assert_eq!(mock.get("/v1/groups/grp_user_group_001").send().expect(200).json()["name"], "Engineering");
}
