//! List groups: pages, cursors and the filter.

use serde_json::{Value, json};

use super::{LIST, assert_error, group_body};
use crate::support::TestServer;

fn with_groups(count: usize) -> TestServer {
    let groups: Vec<Value> = (0..count)
        .map(|index| {
            json!({"groupId": format!("grp_{index}"), "name": format!("g{index}"), "users": [], "admins": []})
        })
        .collect();
    TestServer::with_seed(&json!({"authress": {"groups": groups}}).to_string())
}

fn get(mock: &TestServer, target: &str) -> Value {
    mock.get(target).send().expect(200).json()
}

fn names(list: &Value) -> Vec<&str> {
    list["groups"].as_array().unwrap().iter().map(|group| group["name"].as_str().unwrap()).collect()
}

fn cursor(list: &Value) -> &str {
    list["pagination"]["next"]["cursor"].as_str().unwrap()
}

/// Returns the path and query of the link to the next page.
fn next(mock: &TestServer, list: &Value) -> String {
    let href = list["links"]["next"]["href"].as_str().unwrap();
    href.strip_prefix(&mock.url()).unwrap().to_owned()
}

#[test]
fn an_empty_list_has_only_groups_and_a_self_link() {
    let mock = TestServer::start();

    let list = get(&mock, LIST);

    assert_eq!(list, json!({"groups": [], "links": {"self": {"href": format!("{}/v1/groups", mock.url())}}}));
}

#[test]
fn a_page_has_twenty_groups_in_creation_order_and_a_next_link() {
    let mock = with_groups(21);

    let first = get(&mock, LIST);

    let expected: Vec<String> = (0..20).map(|index| format!("g{index}")).collect();
    assert_eq!(names(&first), expected);
    let fields: Vec<&str> = first.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["groups", "pagination", "links"]);
    let href = format!("{}/v1/groups?limit=20&cursor={}", mock.url(), cursor(&first));
    assert_eq!(first["links"]["next"], json!({"href": href}));
    assert_eq!(first["groups"][3], get(&mock, "/v1/groups/grp_3"));
    let last = get(&mock, &next(&mock, &first));
    assert_eq!(names(&last), ["g20"]);
    assert_eq!(last["links"], json!({"self": {"href": href}}));
    assert!(last.get("pagination").is_none());
}

#[test]
fn a_full_last_page_has_no_next_link() {
    let mock = with_groups(20);

    let list = get(&mock, LIST);

    assert_eq!(list["groups"].as_array().unwrap().len(), 20);
    assert!(list.get("pagination").is_none());
    assert!(list["links"].get("next").is_none());
}

#[test]
fn the_self_link_repeats_the_query_verbatim() {
    let mock = with_groups(1);

    let list = get(&mock, "/v1/groups?filter=g+0%7C&limit=3");

    assert_eq!(list["links"]["self"]["href"], format!("{}/v1/groups?filter=g+0%7C&limit=3", mock.url()));
}

#[test]
fn links_have_the_scheme_http_or_https_and_a_parsed_host() {
    let mock = TestServer::start();
    let base_url = |name: &str, value: &str| {
        let list = mock.get("/v1/groups?limit=1").header(name, value).send().expect(200).json();
        list["links"]["self"]["href"].as_str().unwrap().replace("/v1/groups?limit=1", "")
    };
    let address = mock.url().replace("http://", "");

    for invalid in ["javascript", "ftp", "", "data", "https:"] {
        assert_eq!(base_url("x-forwarded-proto", invalid), mock.url(), "{invalid}");
    }
    assert_eq!(base_url("x-forwarded-proto", "HTTPS, http"), format!("https://{address}"));
    for invalid in ["a.test:x", "[::1", "a..test", "-:-", "user@a.test", "a.test/x", "a.test:70000"] {
        assert_eq!(base_url("x-forwarded-host", invalid), mock.url(), "{invalid}");
    }
    assert_eq!(base_url("x-forwarded-host", "[::1]:80, b.test"), "http://[::1]:80");
}

#[test]
fn links_use_the_forwarded_host() {
    let mock = with_groups(2);

    let request = mock.get("/v1/groups?limit=1").header("x-forwarded-host", "a.test");
    let list = request.header("x-forwarded-proto", "https").send().expect(200).json();

    assert_eq!(list["links"]["self"]["href"], "https://a.test/v1/groups?limit=1");
    assert_eq!(list["groups"][0]["links"]["self"]["href"], "https://a.test/v1/groups/grp_0");
    let href = format!("https://a.test/v1/groups?limit=1&cursor={}", cursor(&list));
    assert_eq!(list["links"]["next"]["href"], href);
}

#[test]
fn the_limit_must_be_from_1_to_20() {
    let mock = with_groups(3);

    assert_eq!(names(&get(&mock, "/v1/groups?limit=1")), ["g0"]);
    assert_eq!(names(&get(&mock, "/v1/groups?limit=20")), ["g0", "g1", "g2"]);
    for (limit, title) in [
        ("21", "InvalidRequest: request.query.limit must be <= 20."),
        ("99999999999999999999", "InvalidRequest: request.query.limit must be <= 20."),
        ("0", "InvalidRequest: request.query.limit must be >= 1."),
        ("-1", "InvalidRequest: request.query.limit must be >= 1."),
        ("ten", "InvalidRequest: request.query.limit must be integer."),
        ("1.5", "InvalidRequest: request.query.limit must be integer."),
    ] {
        let response = mock.get(&format!("/v1/groups?limit={limit}")).send().expect(400);
        assert_error(&response, "InvalidRequest", title);
    }
}

#[test]
fn all_query_violations_are_listed() {
    let mock = TestServer::start();

    let filter = "a".repeat(65);
    let target = format!("/v1/groups?page=1&limit=50&cursor=&filter={filter}&x=");
    let response = mock.get(&target).send().expect(400);

    let title = "InvalidRequest: request.query must NOT have additional property: 'page', \
        request.query must NOT have additional property: 'x', request.query.limit must be <= 20, \
        request.query.filter must NOT have more than 64 characters.";
    assert_error(&response, "InvalidRequest", title);
}

#[test]
fn a_filter_has_1_to_64_characters() {
    let mock = TestServer::start();

    let response = mock.get("/v1/groups?filter=").send().expect(400);
    let title = "InvalidRequest: request.query.filter must NOT have fewer than 1 characters.";
    assert_error(&response, "InvalidRequest", title);
    get(&mock, &format!("/v1/groups?filter={}", "%C3%A9".repeat(64)));
}

#[test]
fn a_cursor_of_another_list_is_400() {
    let mock = with_groups(3);
    let list = get(&mock, "/v1/groups?limit=1&filter=G");
    let filtered = cursor(&list).to_owned();

    let title = "InvalidRequest: request.query.cursor must be a cursor of the same list.";
    for query in [
        "cursor=x".to_owned(),
        "cursor=MQ".to_owned(),
        "cursor=%00".to_owned(),
        format!("cursor={filtered}"),
        format!("cursor={filtered}&filter=g1"),
        format!("cursor={filtered}=&filter=g"),
        format!("cursor={}&filter=g", &filtered[1..]),
    ] {
        let response = mock.get(&format!("/v1/groups?{query}")).send().expect(400);
        assert_error(&response, "InvalidRequest", title);
    }
    assert_eq!(names(&get(&mock, &format!("/v1/groups?cursor={filtered}&filter=g"))), ["g1", "g2"]);
    assert_eq!(names(&get(&mock, &format!("/v1/groups?cursor={filtered}&filter=g&limit=1"))), ["g1"]);
}

#[test]
fn the_filter_searches_every_string_case_insensitively() {
    let mock = TestServer::with_seed(
        r#"{"authress":{"groups":[
            {"groupId":"grp_Alpha","name":"First","users":[{"userId":"oauth|Bob"}],
             "admins":[{"userId":"Carol"}],"tags":{"Environment":"Production","team":"ÄRZTE ΟΔΟΣ"}},
            {"groupId":"grp_beta","name":"Second","users":[],"admins":[]}]}}"#,
    );

    for filter in [
        "ALPHA",
        "first",
        "OAUTH%7Cbob",
        "aro",
        "environ",
        "PRODUCTION",
        "%C3%A4rzte",
        "%C3%84rzte+%CE%BF%CE%B4%CE%BF%CF%82",
        "%CE%9F%CE%94%CE%9F%CE%A3",
    ] {
        assert_eq!(names(&get(&mock, &format!("/v1/groups?filter={filter}"))), ["First"], "{filter}");
    }
    assert_eq!(names(&get(&mock, "/v1/groups?filter=GRP_")), ["First", "Second"]);
    for filter in
        ["nothing", "2026", "href", "http", "userId", "alphafirst", "alphaxfirst", "alpha+first", "X", "%00"]
    {
        assert_eq!(get(&mock, &format!("/v1/groups?filter={filter}"))["groups"], json!([]), "{filter}");
    }
}

#[test]
fn the_filter_reflects_updates() {
    let mock = with_groups(2);
    mock.put("/v1/groups/grp_0").json(group_body("renamed")).send().expect(200);

    assert_eq!(names(&get(&mock, "/v1/groups?filter=RENAMED")), ["renamed"]);
    assert_eq!(names(&get(&mock, "/v1/groups?filter=g0")), Vec::<&str>::new());
}

#[test]
fn the_next_link_keeps_the_limit_and_filter() {
    let mock = with_groups(5);
    mock.put("/v1/groups/grp_1").json(group_body("a b|&c")).send().expect(200);
    mock.put("/v1/groups/grp_3").json(group_body("A B|&C")).send().expect(200);

    let first = get(&mock, "/v1/groups?limit=1&filter=a+b%7C%26c");

    let target = next(&mock, &first);
    assert_eq!(target, format!("/v1/groups?limit=1&filter=a%20b%7C%26c&cursor={}", cursor(&first)));
    assert_eq!(names(&first), ["a b|&c"]);
    let last = get(&mock, &target);
    assert_eq!(names(&last), ["A B|&C"]);
    assert!(last.get("pagination").is_none());
}

#[test]
fn a_cursor_survives_deletion_of_its_group_and_reaches_new_groups() {
    let mock = with_groups(4);
    let first = get(&mock, "/v1/groups?limit=2");

    mock.delete("/v1/groups/grp_1").send().expect(204);
    mock.delete("/v1/groups/grp_0").send().expect(204);
    mock.put("/v1/groups/grp_2").json(group_body("changed")).send().expect(200);
    mock.post(LIST).json(group_body("new")).send().expect(201);

    let second = get(&mock, &next(&mock, &first));
    assert_eq!(names(&second), ["changed", "g3"]);
    assert_eq!(names(&get(&mock, &next(&mock, &second))), ["new"]);
}

#[test]
fn a_cursor_without_remaining_groups_returns_an_empty_last_page() {
    let mock = with_groups(2);
    let first = get(&mock, "/v1/groups?limit=1");

    mock.delete("/v1/groups/grp_1").send().expect(204);

    let last = get(&mock, &next(&mock, &first));
    assert_eq!(last["groups"], json!([]));
    assert!(last.get("pagination").is_none());
}
