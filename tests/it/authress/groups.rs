//! Create, get, update and delete.

use std::time::Duration;

use access_groups_mock::{Config, Seed};
use serde_json::{Value, json};

use super::{ITEM, LIST, assert_error, named, with_group};
use crate::support::Mock;

fn members(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_new_group_is_201_with_all_members_in_the_order_of_the_schema() {
    let mock = Mock::start();

    let body = json!({
        "tags": {"environment": "production", "a": ""}, "admins": [{"userId": "oauth|adminId"}],
        "users": [{"userId": "oauth|userId"}, {"userId": "a b+c._|/~:@-"}], "name": "Engineering",
        "groupId": "grp_user_group-001"
    });
    let reply = mock.post(LIST).json(body).send().expect(201);

    let group = reply.json();
    assert_eq!(members(&group), ["groupId", "name", "lastUpdated", "users", "admins", "links", "tags"]);
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
    assert_eq!(read.text(), reply.text());
}

#[test]
fn a_group_without_an_identifier_gets_one_and_without_tags_has_none() {
    let mock = Mock::start();

    let group = mock.post(LIST).json(named("a")).send().expect(201).json();
    let other = mock.post(LIST).json(named("a")).send().expect(201).json();

    let group_id = group["groupId"].as_str().unwrap();
    let (prefix, rest) = group_id.split_at(4);
    assert_eq!((prefix, rest.len()), ("grp_", 20));
    assert!(rest.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{group_id}");
    assert_ne!(other["groupId"], group["groupId"]);
    assert_eq!(members(&group), ["groupId", "name", "lastUpdated", "users", "admins", "links"]);
}

#[test]
fn empty_tags_are_tags() {
    let mock = Mock::start();

    let body = json!({"groupId": "grp_a", "name": "a", "users": [], "admins": [], "tags": {}});
    mock.post(LIST).json(body).send().expect(201);

    assert_eq!(mock.get(ITEM).send().expect(200).json()["tags"], json!({}));
}

#[test]
fn explicit_null_is_absent_and_read_only_members_are_ignored() {
    let mock = Mock::start();

    let nulls = json!({
        "groupId": null, "name": "a", "lastUpdated": null, "users": [], "admins": [], "links": null,
        "tags": null
    });
    let group = mock.post(LIST).json(nulls).send().expect(201).json();
    assert_eq!(members(&group), ["groupId", "name", "lastUpdated", "users", "admins", "links"]);

    let malformed = json!({
        "groupId": "grp_a", "name": "a", "lastUpdated": "never", "users": [], "admins": [],
        "links": [{"self": 3}]
    });
    let group = mock.post(LIST).json(malformed).send().expect(201).json();
    assert_eq!(group["links"]["self"]["href"], format!("{}/v1/groups/grp_a", mock.url()));
    assert_ne!(group["lastUpdated"], "never");
}

#[test]
fn a_taken_identifier_is_409_and_changes_nothing() {
    let mock = with_group();

    let body = json!({"groupId": "grp_a", "name": "New", "users": [], "admins": []});
    let reply = mock.post(LIST).json(body).send().expect(409);

    assert_error(&reply, "GroupAlreadyExists", "The group `grp_a` already exists");
    assert_eq!(mock.get(ITEM).send().json()["name"], "Old");
}

#[test]
fn an_update_replaces_the_whole_group_and_keeps_its_identifier() {
    let mock = with_group();

    let body = json!({"groupId": "grp_other", "name": "New", "users": [], "admins": [{"userId": "x"}]});
    let reply = mock.put(ITEM).json(body).send().expect(200);

    let group = reply.json();
    assert_eq!(members(&group), ["groupId", "name", "lastUpdated", "users", "admins", "links"]);
    assert_eq!(group["groupId"], "grp_a");
    assert_eq!(group["name"], "New");
    assert_eq!(group["users"], json!([]));
    assert_eq!(group["admins"], json!([{"userId": "x"}]));
    assert_eq!(group["links"]["self"]["href"], format!("{}/v1/groups/grp_a", mock.url()));
    assert_eq!(mock.get(ITEM).send().expect(200).text(), reply.text());
    mock.get("/v1/groups/grp_other").send().expect(404);
}

#[test]
fn a_group_as_it_was_answered_can_be_sent_back() {
    let mock = with_group();

    let mut group = mock.get(ITEM).send().expect(200).json();
    group["name"] = json!("New");
    let updated = mock.put(ITEM).json(group.clone()).send().expect(200).json();

    group["lastUpdated"] = updated["lastUpdated"].clone();
    assert_eq!(updated, group);
}

#[test]
fn post_on_a_group_is_put() {
    let mock = with_group();

    let group = mock.post(ITEM).json(named("New")).send().expect(200).json();

    assert_eq!(group["name"], "New");
    let late = mock.post(ITEM).header("if-unmodified-since", "2026-01-02T03:04:05.678Z");
    late.json(named("Newer")).send().expect(412);
    mock.post(ITEM).json(json!({})).send().expect(400);
    mock.post("/v1/groups/grp_b").json(named("b")).send().expect(404);
}

#[test]
fn last_updated_grows_by_a_millisecond_where_the_clock_stands_still() {
    // The clock is behind the seeded time.
    let mock = Mock::seeded(
        r#"{"authress":{"groups":[{"groupId":"grp_a","name":"a","lastUpdated":"2999-12-31T23:59:59.998Z",
            "users":[],"admins":[]}]}}"#,
    );

    let update = || mock.put(ITEM).json(named("b")).send().expect(200).json()["lastUpdated"].clone();

    assert_eq!([update(), update()], ["2999-12-31T23:59:59.999Z", "3000-01-01T00:00:00.000Z"]);
}

#[test]
fn an_update_of_a_group_that_changed_since_is_412_and_changes_nothing() {
    let mock = with_group();

    for since in [
        "2026-01-02T03:04:05.677Z",
        "2026-01-02T03:04:04Z",
        "2026-01-02T04:04:05.5+01:00",
        "Fri, 02 Jan 2026 03:04:04 GMT",
    ] {
        let call = mock.put(ITEM).header("if-unmodified-since", since);
        let reply = call.json(named("New")).send().expect(412);
        let title = "The group was last updated at Fri, 02 Jan 2026 03:04:05 GMT, after the time in \
            If-Unmodified-Since";
        assert_error(&reply, "PreconditionFailed", title);
        assert_eq!(reply.header("last-modified"), "Fri, 02 Jan 2026 03:04:05 GMT");
    }
    assert_eq!(mock.get(ITEM).send().json()["name"], "Old");
}

#[test]
fn an_update_of_a_group_that_has_not_changed_since_succeeds_in_every_notation() {
    for since in [
        "2026-01-02T03:04:05.678Z",
        "2026-01-02T03:04:05.678000+00:00",
        "2026-01-02T04:04:05.678999999+01:00",
        "2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.6Z",
        "Fri, 02 Jan 2026 03:04:05 GMT",
        "2030-01-01T00:00:00Z",
    ] {
        let mock = with_group();
        let call = mock.put(ITEM).header("if-unmodified-since", since);
        let group = call.json(named("New")).send().expect(200).json();
        assert_eq!(group["name"], "New", "{since}");
    }
}

#[test]
fn two_writers_with_the_same_last_updated_cannot_both_succeed() {
    let mock = with_group();
    let last_updated = mock.get(ITEM).send().json()["lastUpdated"].as_str().unwrap().to_owned();

    let write = |name: &str| {
        mock.put(ITEM).header("if-unmodified-since", &last_updated).json(named(name)).send().status
    };

    assert_eq!([write("first"), write("second")], [200, 412]);
    assert_eq!(mock.get(ITEM).send().json()["name"], "first");
}

#[test]
fn an_unparsable_if_unmodified_since_is_400() {
    let mock = with_group();

    for since in ["", "yesterday", "2026-01-02T03:04:05", "2026-01-02T03:04:05.1234567890Z"] {
        let call = mock.put(ITEM).header("if-unmodified-since", since);
        let reply = call.json(named("New")).send().expect(400);
        let title =
            r#"InvalidRequest: request.headers["if-unmodified-since"] must match format "date-time"."#;
        assert_error(&reply, "InvalidRequest", title);
    }
}

#[test]
fn an_unknown_group_is_404_before_its_precondition_and_a_put_creates_nothing() {
    let mock = Mock::start();

    let title = "The group `grp_a` does not exist";
    assert_error(&mock.get(ITEM).send().expect(404), "GroupNotFound", title);
    assert_error(&mock.delete(ITEM).send().expect(404), "GroupNotFound", title);
    let put = mock.put(ITEM).header("if-unmodified-since", "2000-01-01T00:00:00Z").json(named("a"));
    assert_error(&put.send().expect(404), "GroupNotFound", title);
    assert_eq!(mock.get(LIST).send().json()["groups"], json!([]));
}

#[test]
fn an_impossible_identifier_is_404() {
    let mock = with_group();

    for (segment, subject) in [
        ("nope%20x", "nope x"),
        ("%ff", "%ff"),
        ("grp%5Fb", "grp_b"),
        ("GRP_A", "GRP_A"),
        ("%7Ba%7D", "{a}"),
        ("a%2Fb", "a/b"),
    ] {
        let reply = mock.get(&format!("/v1/groups/{segment}")).send().expect(404);
        assert_error(&reply, "GroupNotFound", &format!("The group `{subject}` does not exist"));
    }
    mock.get(&format!("/v1/groups/{}", "a".repeat(5000))).send().expect(404);
    mock.get("/v1/groups/grp%5Fa").send().expect(200);
}

#[test]
fn a_deleted_group_is_gone_and_its_identifier_is_free() {
    let mock = with_group();

    let reply = mock.delete(ITEM).send().expect(204);

    assert_eq!(reply.text(), "");
    assert_eq!(reply.header("content-type"), "");
    mock.get(ITEM).send().expect(404);
    mock.delete(ITEM).send().expect(404);
    let body = json!({"groupId": "grp_a", "name": "Again", "users": [], "admins": []});
    mock.post(LIST).json(body).send().expect(201);
    assert_eq!(mock.get(ITEM).send().expect(200).json()["name"], "Again");
}

#[test]
fn a_body_is_json_whatever_its_content_type_says() {
    let mock = with_group();
    let body = named("New").to_string();

    mock.put(ITEM).body(body.clone()).send().expect(200);
    mock.put(ITEM).body(body.clone()).header("content-type", "text/plain").send().expect(200);
    mock.post(LIST).body(body).header("content-type", "application/xml").send().expect(201);
}

#[test]
fn a_body_above_102400_bytes_is_413_even_where_the_server_takes_more() {
    let mock = with_group();
    let body = |length: usize| {
        let group = named("a").to_string();
        " ".repeat(length - group.len()) + &group
    };

    let fits = body(102_400);
    assert_eq!(fits.len(), 102_400);
    mock.put(ITEM).body(fits).send().expect(200);
    let reply = mock.post(LIST).body(body(102_401)).send().expect(413);

    assert_error(&reply, "RequestTooLarge", "The body of the request is larger than 102400 bytes");
}

#[test]
fn a_smaller_limit_of_the_server_counts() {
    let mock = Mock::with(Config { body_limit: 10, ..Config::default() }, "{}");

    let reply = mock.post(LIST).json(named("a")).send().expect(413);

    assert_error(&reply, "RequestTooLarge", "The body of the request is larger than 10 bytes");
}

#[test]
fn a_request_that_takes_too_long_is_504() {
    let mock = Mock::with(Config { request_timeout: Duration::from_millis(50), ..Config::default() }, "{}");

    let answer = mock.raw(
        b"POST /v1/groups HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer x\r\nConnection: close\r\n\
          Content-Length: 9\r\n\r\n{",
    );

    assert!(answer.starts_with("HTTP/1.1 504 "), "{answer}");
    assert!(
        answer.contains(r#"{"title":"The request took too long","errorCode":"RequestTimeout","errorId":""#),
        "{answer}"
    );
}

#[test]
fn the_demo_seed_is_sound() {
    let seed = include_str!("../../../seeds/demo.json");

    let mock = Mock::seeded(seed);

    assert!(Seed::parse(seed).is_ok());
    assert_eq!(mock.get("/v1/groups/grp_user_group_001").send().expect(200).json()["name"], "Engineering");
}
