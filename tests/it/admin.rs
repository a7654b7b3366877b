//! Black-box tests of the admin API.

use access_groups_mock::Config;
use serde_json::{Value, json};

use crate::support::{TestResponse, TestServer};

const GROUPS: &str = "/__admin/groups";

/// Starts a server with three groups of the legacy dialect; the second has two customers.
fn with_groups() -> TestServer {
    TestServer::with_seed(
        r#"{"legacy":{"access_groups":[
            {"id":4,"name":"Editors","created_at":"2024-11-01T04:45:57.4498996+01:00"},
            {"id":9,"name":"Ärzte","customers":[{"email":"a@b.c"},{"email":"d@e.f"}]},
            {"id":6,"name":null}
        ]}}"#,
    )
}

/// Returns the identifiers of a list of groups.
fn ids(response: &TestResponse) -> Vec<String> {
    let body = response.json();
    let groups = body["groups"].as_array().unwrap();
    groups.iter().map(|group| group["id"].as_str().unwrap().to_owned()).collect()
}

/// Returns the identifiers and the total of the groups that match a query.
fn find(mock: &TestServer, query: &str) -> (Vec<String>, Value) {
    let response = mock.get(&format!("{GROUPS}?{query}")).anonymous().send().expect(200);
    (ids(&response), response.json()["meta"]["total"].clone())
}

fn error(status: u16, title: &str) -> Value {
    json!({"errors": [{"code": status, "title": title}]})
}

#[test]
fn health_needs_no_credential_and_has_the_version_and_the_time() {
    let mock = TestServer::start();

    let response = mock.get("/__admin/health").anonymous().send().expect(200);

    let health = response.json();
    assert_eq!(response.header("content-type"), "application/json");
    assert_eq!(health["status"], "healthy");
    assert_eq!(health["message"], "access-groups-mock is ready");
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    assert!(health["uptimeInSeconds"].as_u64().unwrap() < 60);
    let timestamp = health["timestamp"].as_str().unwrap();
    assert!(chrono::DateTime::parse_from_rfc3339(timestamp).is_ok(), "{timestamp}");
    assert_eq!(timestamp.len(), "2026-01-01T00:00:00.000Z".len(), "{timestamp}");
}

#[test]
fn an_empty_server_lists_no_groups() {
    let mock = TestServer::start();

    let response = mock.get(GROUPS).anonymous().send().expect(200);

    assert_eq!(response.json(), json!({"groups": [], "meta": {"total": 0}}));
}

#[test]
fn a_group_is_listed_with_the_fields_common_to_all_dialects() {
    let mock = with_groups();

    let groups = mock.get(GROUPS).anonymous().send().expect(200).json()["groups"].clone();

    let modified = groups[0]["modified"].clone();
    assert_eq!(
        groups[0],
        json!({
            "dialect": "legacy", "kind": "access_group", "account": "", "id": "4",
            "path": "/api2/access_groups/4.json", "name": "Editors",
            "members": 0, "created": "2024-11-01T03:45:57.449Z", "modified": modified, "revision": 1
        })
    );
    assert_eq!(modified.as_str().unwrap().len(), "2026-01-01T00:00:00.000Z".len());
    assert_eq!(groups[1]["members"], 2);
    assert_eq!(groups[2]["name"], "");
}

#[test]
fn a_change_through_a_vendor_api_is_visible_immediately() {
    let mock = with_groups();

    mock.put("/api2/access_groups/4.json").json(json!({"entry": {"name": "Authors"}})).send().expect(200);
    mock.delete("/api2/access_groups/9.json").send().expect(204);

    let groups = mock.get(GROUPS).anonymous().send().expect(200).json()["groups"].clone();
    assert_eq!(groups.as_array().unwrap().len(), 2);
    assert_eq!(groups[0]["name"], "Authors");
    assert_eq!(groups[0]["revision"], 4);
    assert_eq!(groups[1]["id"], "6");
}

#[test]
fn all_filters_must_match_and_the_total_counts_the_matches() {
    let mock = with_groups();
    let none: Vec<String> = Vec::new();

    assert_eq!(find(&mock, ""), (vec!["4".into(), "9".into(), "6".into()], json!(3)));
    assert_eq!(find(&mock, "dialect=legacy"), (vec!["4".into(), "9".into(), "6".into()], json!(3)));
    assert_eq!(find(&mock, "dialect=ibm"), (none.clone(), json!(0)));
    assert_eq!(find(&mock, "kind=access_group&limit=1"), (vec!["4".into()], json!(3)));
    assert_eq!(find(&mock, "kind=resource_group"), (none.clone(), json!(0)));
    assert_eq!(find(&mock, "account=a1"), (none.clone(), json!(0)));
    assert_eq!(find(&mock, "name=DIT"), (vec!["4".into()], json!(1)));
    assert_eq!(find(&mock, "name=%C3%A4rz"), (vec!["9".into()], json!(1)));
    assert_eq!(
        find(&mock, "name=e&dialect=legacy&kind=access_group"),
        (vec!["4".into(), "9".into()], json!(2))
    );
    assert_eq!(find(&mock, "name=e&dialect=ibm"), (none, json!(0)));
}

#[test]
fn an_unknown_dialect_is_rejected() {
    let mock = with_groups();

    let response = mock.get("/__admin/groups?dialect=okta").anonymous().send().expect(400);

    let detail = "dialect must be one of cloudflare, ibm, authress, legacy";
    assert_eq!(
        response.json(),
        json!({"errors": [{"code": 400, "title": "the request is invalid", "detail": detail}]})
    );
}

#[test]
fn limit_and_offset_paginate_the_filtered_groups() {
    let mock = with_groups();

    assert_eq!(find(&mock, "limit=2"), (vec!["4".into(), "9".into()], json!(3)));
    assert_eq!(find(&mock, "limit=2&offset=2"), (vec!["6".into()], json!(3)));
    assert_eq!(find(&mock, "offset=1&limit=1"), (vec!["9".into()], json!(3)));
    assert_eq!(find(&mock, "offset=3"), (Vec::new(), json!(3)));
    assert_eq!(find(&mock, "offset=99"), (Vec::new(), json!(3)));
    assert_eq!(find(&mock, "limit=0"), (Vec::new(), json!(3)));
    assert_eq!(find(&mock, "name=e&offset=1&limit=5"), (vec!["9".into()], json!(2)));
    assert_eq!(find(&mock, "name=e&limit=0"), (Vec::new(), json!(2)));
}

#[test]
fn a_page_has_a_hundred_groups_by_default() {
    let mock = TestServer::start();
    for _ in 0..101 {
        mock.post("/api2/access_groups.json").json(json!({"entry": {}})).send().expect(201);
    }

    assert_eq!(find(&mock, "").0.len(), 100);
    assert_eq!(find(&mock, "limit=1000").0.len(), 101);
    assert_eq!(find(&mock, "kind=access_group").0.len(), 100);
}

#[test]
fn the_pages_of_all_dialects_have_every_group_once() {
    let demo = include_str!("../../seeds/demo.json");
    let mock = TestServer::with_seed(demo);
    let all = mock.get("/__admin/groups?limit=1000").anonymous().send().expect(200).json();
    let total = usize::try_from(all["meta"]["total"].as_u64().unwrap()).unwrap();

    for filter in ["", "&name=", "&name=e"] {
        let all = mock.get(&format!("{GROUPS}?limit=1000{filter}")).anonymous().send().expect(200).json();
        let mut pages = Vec::new();
        for offset in 0..=total {
            let page =
                mock.get(&format!("{GROUPS}?limit=1&offset={offset}{filter}")).anonymous().send().json();
            assert_eq!(page["meta"], all["meta"]);
            pages.extend(page["groups"].as_array().unwrap().clone());
        }
        assert_eq!(Value::from(pages), all["groups"]);
    }
    let per_dialect = ["cloudflare", "ibm", "authress", "legacy"]
        .map(|dialect| find(&mock, &format!("dialect={dialect}")).1.as_u64().unwrap());
    assert_eq!(per_dialect.iter().sum::<u64>(), total as u64);
    assert_eq!(all["groups"].as_array().unwrap().len(), total);
}

#[test]
fn an_invalid_parameter_is_400_with_its_name() {
    let mock = TestServer::start();

    for (query, detail) in [
        ("limit=1001", "limit must be an integer from 0 to 1000"),
        ("limit=-1", "limit must be an integer from 0 to 1000"),
        ("limit=x", "limit must be an integer from 0 to 1000"),
        ("limit=1.5", "limit must be an integer from 0 to 1000"),
        ("offset=-1", "offset must be an integer from 0 to 18446744073709551615"),
        (
            "page=1",
            "page is not a parameter of this operation, which has dialect, kind, account, name, search, limit, offset",
        ),
        ("name=%ff", "name must be UTF-8"),
    ] {
        let response = mock.get(&format!("{GROUPS}?{query}")).anonymous().send().expect(400);
        let expected =
            json!({"errors": [{"code": 400, "title": "the request is invalid", "detail": detail}]});
        assert_eq!(response.json(), expected, "{query}");
    }
}

#[test]
fn a_foreign_host_is_403_for_every_admin_path_except_health() {
    let mock = TestServer::start();

    for path in ["/__admin/openapi.json", "/__admin/openapi.yaml", GROUPS] {
        let response = mock.get(path).anonymous().header("host", "evil.test").send().expect(403);
        let title = "the host `evil.test` is not allowed to use the admin API; allow it with --allow-host";
        assert_eq!(response.json(), error(403, title));
    }
}

#[test]
fn the_host_is_checked_before_the_query() {
    let mock = TestServer::start();

    mock.get("/__admin/groups?limit=x").anonymous().header("host", "evil.test").send().expect(403);
}

#[test]
fn names_of_loopback_and_addresses_are_accepted() {
    let mock = TestServer::start();

    for host in [
        "localhost",
        "localhost:4010",
        "mock.localhost",
        "127.0.0.1",
        "127.9.9.9:80",
        "[::1]:80",
        "LOCALHOST",
        "10.0.0.1",
        "[2001:db8::1]",
    ] {
        mock.get(GROUPS).anonymous().header("host", host).send().expect(200);
    }
    for host in ["localhost.evil.test", "127.0.0.1.evil.test", "mylocalhost"] {
        mock.get(GROUPS).anonymous().header("host", host).send().expect(403);
    }
}

#[test]
fn allowed_hosts_and_all_addresses_are_accepted() {
    let config = Config {
        address: Some(([192, 0, 2, 7], 4010).into()),
        allow_hosts: vec!["mock.test".to_owned()],
        ..Config::default()
    };
    let mock = TestServer::with_config(config, "{}");

    for (host, status) in [
        ("mock.test:4010", 200),
        ("MOCK.test", 200),
        ("192.0.2.7:4010", 200),
        ("other.test", 403),
        ("192.0.2.8", 200),
    ] {
        mock.get("/__admin/ui/").anonymous().header("host", host).send().expect(status);
    }
}

#[test]
fn vendor_paths_accept_every_host() {
    let mock = TestServer::start();

    mock.get("/api2/access_groups.json").header("host", "evil.test").send().expect(200);
}

#[test]
fn a_path_of_no_api_is_404_in_the_admin_format() {
    let mock = TestServer::start();

    for path in
        ["/nothing", "/__admin", "/__admin/", "/__admin/nothing", "/__admin/groups/", "/__ADMIN/health"]
    {
        let response = mock.get(path).anonymous().send().expect(404);
        assert_eq!(response.json(), error(404, &format!("no API of this server has the path `{path}`")));
        assert_eq!(response.header("content-type"), "application/json");
    }
}

#[test]
fn an_unsupported_method_is_405_with_allow() {
    let mock = TestServer::start();

    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        let response = mock.request(method, GROUPS).anonymous().send().expect(405);
        assert_eq!(response.header("allow"), "GET");
        assert_eq!(response.json(), error(405, &format!("the path does not support the method {method}")));
    }
}

#[test]
fn head_returns_the_status_and_headers_of_get() {
    let mock = TestServer::start();

    for path in ["/__admin/health", GROUPS, "/__admin/openapi.yaml"] {
        let response = mock.head(path).anonymous().send().expect(200);
        let get = mock.get(path).anonymous().send();
        assert!(response.body.is_empty());
        assert_eq!(response.header("content-type"), get.header("content-type"));
        assert_eq!(response.header("content-length"), get.header("content-length"));
    }
    assert!(mock.head("/__admin/nothing").anonymous().send().expect(404).body.is_empty());
    mock.head(GROUPS).anonymous().header("host", "evil.test").send().expect(403);
}
