//! Matching of requests: every condition is tested with a request that matches and one that does not.

use serde_json::{Value, json};

use super::super::helpers::{DEMO_SEED, GROUPS, add_faults};
use crate::support::TestServer;

/// A request to send.
#[derive(Debug, Clone)]
struct SampleRequest {
    method: &'static str,
    path: String,
    header: Option<(&'static str, &'static str)>,
    body: Option<String>,
}

impl SampleRequest {
    fn with(self, name: &'static str, value: &'static str) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    fn send(self, mock: &TestServer) -> u16 {
        let mut call = mock.request(self.method, &self.path).allow_injected_error();
        if let Some((name, value)) = self.header {
            call = call.header(name, value);
        }
        if let Some(body) = self.body {
            call = call.body(body).header("content-type", "application/json");
        }
        call.send().status
    }
}

fn get(path: &str) -> SampleRequest {
    SampleRequest { method: "GET", path: path.to_owned(), header: None, body: None }
}

fn groups() -> SampleRequest {
    get(GROUPS)
}

fn post(body: &str) -> SampleRequest {
    SampleRequest { method: "POST", path: GROUPS.to_owned(), header: None, body: Some(body.to_owned()) }
}

/// Returns a request that creates a group with `name` and a description.
fn post_group(name: &str) -> SampleRequest {
    post(&format!(r#"{{"name":"{name}","description":"d"}}"#))
}

/// Asserts that a fault with `pattern` matches `hit` and not `miss`.
#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "calls read better with `json!` in place")]
fn assert_matches_only(pattern: Value, hit: SampleRequest, miss: SampleRequest) {
    let mock = TestServer::with_seed(DEMO_SEED);
    add_faults(&mock, json!({"match": pattern, "effect": {"type": "status", "status": 418}}));

    let (hit, miss) = (hit.send(&mock), miss.send(&mock));

    assert_eq!(hit, 418, "{pattern} does not match");
    assert_ne!(miss, 418, "{pattern} matches too much");
}

#[test]
fn a_fault_without_a_pattern_matches_every_request_except_to_the_admin_api() {
    let mock = TestServer::with_seed(DEMO_SEED);
    add_faults(&mock, json!({"effect": {"type": "status", "status": 418}}));

    for path in
        ["/v2/groups", "/accounts/a/access/groups", "/v1/groups", "/api2/access_groups.json", "/v2/x", "/x"]
    {
        mock.get(path).allow_injected_error().send().expect(418);
    }
    mock.get("/__admin/health").send().expect(200);
}

#[test]
fn by_dialect() {
    assert_matches_only(json!({"dialect": "ibm"}), groups(), get("/v1/groups"));
}

#[test]
fn by_operation_with_and_without_its_dialect() {
    for id in ["ibm_create_access_group", "ibm.create_access_group"] {
        assert_matches_only(json!({"operation": id}), post_group("a"), groups());
    }
    // Two vendors have an operation of this name.
    let pattern = json!({"operation": "list_access_groups", "dialect": "ibm"});
    assert_matches_only(pattern, groups(), get("/api2/access_groups.json"));
    let mock = TestServer::with_seed(DEMO_SEED);
    add_faults(
        &mock,
        json!({"match": {"operation": "list_access_groups"}, "effect": {"type": "status", "status": 418}}),
    );
    for path in [GROUPS, "/api2/access_groups.json", "/accounts/a/access/groups"] {
        mock.get(path).allow_injected_error().send().expect(418);
    }
}

#[test]
fn by_method_case_insensitively_or_any() {
    assert_matches_only(json!({"method": "get"}), groups(), post_group("a"));
    assert_matches_only(json!({"method": "ANY", "urlPath": "/v2/groups"}), groups(), get("/v1/groups"));
}

#[test]
fn by_path_with_and_without_query_exactly_or_by_regular_expression() {
    let other = get("/v2/groups?account_id=b");
    let one = get("/v2/groups/AccessGroupId-PublicAccess?account_id=a");

    assert_matches_only(json!({"url": GROUPS}), groups(), other.clone());
    assert_matches_only(json!({"urlPattern": "/v2/groups\\?account_id=[a-a]"}), groups(), other);
    assert_matches_only(json!({"urlPath": "/v2/groups"}), groups(), one.clone());
    assert_matches_only(json!({"urlPathPattern": "/v2/groups/[^/]+"}), one, groups());
    // A regular expression must match the whole path.
    assert_matches_only(json!({"urlPathPattern": "/v2/group"}), get("/v2/group"), groups());
}

#[test]
fn by_decoded_query_parameter() {
    let pattern = json!({"queryParameters": {"search": {"equalTo": "a b&c"}}});
    let search = |value: &str| get(&format!("{GROUPS}&search={value}"));

    assert_matches_only(pattern.clone(), search("a%20b%26c"), search("a"));
    assert_matches_only(pattern, search("a+b%26c"), groups());
}

#[test]
fn by_header_with_each_kind_of_matcher() {
    let with = |value| groups().with("x-team", value);
    let pattern = |matcher: Value| json!({"headers": {"X-Team": matcher}});

    assert_matches_only(pattern(json!({"equalTo": "Blue"})), with("Blue"), with("blue"));
    assert_matches_only(
        pattern(json!({"equalTo": "BLUE", "caseInsensitive": true})),
        with("blue"),
        with("red"),
    );
    assert_matches_only(pattern(json!({"contains": "lu"})), with("blue"), with("red"));
    assert_matches_only(pattern(json!({"doesNotContain": "lu"})), with("red"), with("blue"));
    assert_matches_only(pattern(json!({"matches": "b.*"})), with("blue"), with("a blue"));
    assert_matches_only(pattern(json!({"doesNotMatch": "b.*"})), with("red"), with("blue"));
    assert_matches_only(pattern(json!({"absent": true})), groups(), with("blue"));
    assert_matches_only(pattern(json!({"contains": "b", "doesNotContain": "e"})), with("bl"), with("blue"));
}

#[test]
fn by_json_path_of_the_body() {
    let path = |matcher: Value| json!({"bodyPatterns": [{"matchesJsonPath": matcher}]});
    let without_description = post(r#"{"name":"a"}"#);

    assert_matches_only(
        path(json!({"expression": "$.name", "equalTo": "a"})),
        post_group("a"),
        post_group("b"),
    );
    assert_matches_only(path(json!("$.description")), post_group("a"), without_description);
    assert_matches_only(path(json!("$.name")), post_group("a"), post("no JSON at all"));
    let with_x = post(r#"{"name":"a","x":1}"#);
    assert_matches_only(path(json!({"expression": "$.x", "absent": true})), post_group("a"), with_x);
}

#[test]
fn by_body_as_json_and_as_string() {
    let bodies = |matcher: Value| json!({"bodyPatterns": [matcher]});
    let compact = || post(r#"{"name":"a"}"#);

    let exactly = json!({"equalToJson": {"description": "d", "name": "a"}});
    assert_matches_only(bodies(exactly), post_group("a"), compact());
    let at_least = json!({"equalToJson": {"name": "a"}, "ignoreExtraElements": true});
    assert_matches_only(bodies(at_least), post_group("a"), post_group("b"));
    assert_matches_only(bodies(json!({"contains": "\"a\""})), post_group("a"), post_group("b"));
    assert_matches_only(
        bodies(json!({"matches": ".*\"name\":\"[a-c]\".*"})),
        post_group("a"),
        post_group("d"),
    );
    assert_matches_only(bodies(json!({"equalTo": "{\"name\":\"a\"}"})), compact(), post_group("a"));
}

#[test]
fn by_namespace() {
    let mock = TestServer::start();
    let fault = json!({"match": {"namespace": "blue"}, "effect": {"type": "status", "status": 418}});
    add_faults(&mock, fault);

    mock.get(GROUPS).header("x-mock-namespace", "blue").allow_injected_error().send().expect(418);
    mock.get(GROUPS).header("x-mock-namespace", "red").send().expect(200);
    mock.get(GROUPS).send().expect(200);
}

#[test]
fn faults_are_added_to_the_namespace_of_the_request() {
    let mock = TestServer::start();
    let fault = json!({"effect": {"type": "status", "status": 418}});
    mock.post("/__admin/faults").header("x-mock-namespace", "blue").json(fault).send().expect(201);

    mock.get(GROUPS).header("x-mock-namespace", "blue").allow_injected_error().send().expect(418);
    mock.get(GROUPS).send().expect(200);
}

#[test]
fn all_conditions_must_match() {
    let pattern = json!({"dialect": "ibm", "method": "POST", "headers": {"x-team": {"equalTo": "blue"}}});
    let hit = post_group("a").with("x-team", "blue");

    assert_matches_only(pattern.clone(), hit.clone(), post_group("a"));
    assert_matches_only(pattern, hit, groups().with("x-team", "blue"));
}
