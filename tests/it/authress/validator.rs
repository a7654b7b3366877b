//! The errors and conversions of the vendor's validator, in a table of requests with what it says about each.
//!
//! The table is the output of the npm package `openapi-data-validator` 2.0.54 with the schema of groups in its
//! `tests/openapi.js`, changed to the limits and patterns of the newer SDKs, with `tags` and `If-Unmodified-Since`.
//! `createValidator()` and `compileValidator()` gave the same output. Left out is what cannot be sent or what the
//! validator does not check: the format of a cursor and of a time.

use serde_json::{Value, json};

use super::{ITEM, LIST, assert_error, with_group};
use crate::support::TestServer;

/// Returns the rows of the table that have the field `name`.
fn rows(name: &str) -> Vec<Value> {
    let rows =
        include_str!("validator.jsonl").lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    rows.filter(|row| row.get(name).is_some()).collect()
}

fn title(row: &Value) -> Option<String> {
    row.get("rejected").map(|rejected| format!("InvalidRequest: {}.", rejected.as_str().unwrap()))
}

/// Encodes query parameters; all characters, so that none has a meaning.
fn query(parameters: &Value) -> String {
    let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let pairs = parameters.as_object().unwrap().iter();
    pairs.map(|(name, value)| format!("{}={}&", encode(name), encode(value.as_str().unwrap()))).collect()
}

#[test]
fn bodies_of_new_groups_are_validated_and_converted_like_the_validator_does() {
    let rows: Vec<Value> =
        rows("body").into_iter().filter(|row| row.get("ifUnmodifiedSince").is_none()).collect();
    assert!(rows.len() > 100, "{}", rows.len());

    for row in rows {
        let mock = TestServer::start();
        let response = mock.post(LIST).body(row["body"].to_string()).send();
        if let Some(title) = title(&row) {
            assert_error(&response.expect(400), "InvalidRequest", &title);
            assert_eq!(mock.get(LIST).send().json()["groups"], json!([]), "{row}");
            continue;
        }
        let group = response.expect(201).json();
        for (name, value) in row["accepted"].as_object().unwrap() {
            // A service stores no `null`.
            assert_eq!(group[name], *value, "{row}");
        }
    }
}

#[test]
fn bodies_and_headers_of_updates_are_validated_like_the_validator_does() {
    let mock = with_group();

    for row in rows("body") {
        let before = mock.get(ITEM).send().expect(200).text();
        let query =
            row.get("query").map_or_else(String::new, |query| format!("?{}", query.as_str().unwrap()));
        let mut request = mock.put(&format!("{ITEM}{query}"));
        if let Some(since) = row.get("ifUnmodifiedSince") {
            request = request.header("if-unmodified-since", since.as_str().unwrap());
        }
        let response = request.body(row["body"].to_string()).send();
        if let Some(title) = title(&row) {
            assert_error(&response.expect(400), "InvalidRequest", &title);
            assert_eq!(mock.get(ITEM).send().text(), before, "{row}");
            continue;
        }
        let group = response.expect(200).json();
        assert_eq!((&group["groupId"], &group["name"]), (&json!("grp_a"), &row["accepted"]["name"]));
    }
}

#[test]
fn query_parameters_are_validated_and_converted_like_the_validator_does() {
    let groups: Vec<Value> =
        (0..25).map(|index| json!({"name": format!("{index}"), "users": [], "admins": []})).collect();
    let mock = TestServer::with_seed(&json!({"authress": {"groups": groups}}).to_string());

    let rows = rows("parameters");
    assert!(rows.len() > 30, "{}", rows.len());
    for row in rows {
        let response = mock.get(&format!("{LIST}?{}", query(&row["parameters"]))).send();
        if let Some(title) = title(&row) {
            assert_error(&response.expect(400), "InvalidRequest", &title);
            continue;
        }
        let count = response.expect(200).json()["groups"].as_array().unwrap().len();
        let limit =
            if row["parameters"].get("filter").is_some() { 0 } else { row["limit"].as_u64().unwrap() };
        assert_eq!(count as u64, limit, "{row}");
    }
}

#[test]
fn a_body_that_is_missing_or_not_json_is_no_object() {
    let mock = with_group();
    let title = "InvalidRequest: request.body must be object.";

    for body in ["", "{\"name\":\n  x}", "{\"name\":", "{} {}", "[1e999]", "\u{feff}{}"] {
        assert_error(&mock.post(LIST).body(body).send().expect(400), "InvalidRequest", title);
        assert_error(&mock.put(ITEM).body(body).send().expect(400), "InvalidRequest", title);
    }
    assert_error(&mock.post(LIST).send().expect(400), "InvalidRequest", title);
    mock.put(ITEM).body(b"{\"name\":\"\xff\"}".as_slice()).send().expect(400);
    mock.put(ITEM).body("[".repeat(50_000)).send().expect(400);
}

#[test]
fn every_violation_of_a_long_list_is_listed_up_to_the_hundredth() {
    let mock = TestServer::start();
    let body = json!({"name": "a", "users": vec![Value::Null; 101], "admins": []});

    let title = mock.post(LIST).json(body).send().expect(400).json()["title"].as_str().unwrap().to_owned();

    let start = "InvalidRequest: request.body.users must NOT have more than 100 items, \
        request.body.users[0] must be object, request.body.users[1] must be object, ";
    assert!(title.starts_with(start), "{title}");
    assert!(title.contains("request.body.users[98] must be object"), "{title}");
}
