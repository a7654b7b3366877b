//! Which requests a fault matches: each condition strikes the request that meets it, and not the one that does not.

use serde_json::{Value, json};

use super::super::bench::{GROUPS, SEED, arm};
use crate::support::Mock;

/// A request to be sent.
#[derive(Debug, Clone)]
struct Ask {
    method: &'static str,
    path: String,
    header: Option<(&'static str, &'static str)>,
    body: Option<String>,
}

impl Ask {
    fn with(self, name: &'static str, value: &'static str) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    fn send(self, mock: &Mock) -> u16 {
        let mut call = mock.call(self.method, &self.path).struck();
        if let Some((name, value)) = self.header {
            call = call.header(name, value);
        }
        if let Some(body) = self.body {
            call = call.body(body).header("content-type", "application/json");
        }
        call.send().status
    }
}

fn get(path: &str) -> Ask {
    Ask { method: "GET", path: path.to_owned(), header: None, body: None }
}

fn groups() -> Ask {
    get(GROUPS)
}

fn post(body: &str) -> Ask {
    Ask { method: "POST", path: GROUPS.to_owned(), header: None, body: Some(body.to_owned()) }
}

/// The creation of a group with `name` and a description.
fn named(name: &str) -> Ask {
    post(&format!(r#"{{"name":"{name}","description":"d"}}"#))
}

/// Asserts that a fault with `pattern` strikes `hit` and not `miss`.
#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "calls read better with `json!` in place")]
fn tells_apart(pattern: Value, hit: Ask, miss: Ask) {
    let mock = Mock::seeded(SEED);
    arm(&mock, json!({"match": pattern, "effect": {"type": "status", "status": 418}}));

    let (hit, miss) = (hit.send(&mock), miss.send(&mock));

    assert_eq!(hit, 418, "{pattern} does not strike");
    assert_ne!(miss, 418, "{pattern} strikes too much");
}

#[test]
fn a_fault_without_a_match_strikes_every_request_to_every_vendor_and_to_none() {
    let mock = Mock::seeded(SEED);
    arm(&mock, json!({"effect": {"type": "status", "status": 418}}));

    for path in
        ["/v2/groups", "/accounts/a/access/groups", "/v1/groups", "/api2/access_groups.json", "/v2/x", "/x"]
    {
        mock.get(path).struck().send().expect(418);
    }
    mock.get("/__admin/health").send().expect(200);
}

#[test]
fn a_dialect() {
    tells_apart(json!({"dialect": "ibm"}), groups(), get("/v1/groups"));
}

#[test]
fn an_operation_with_and_without_its_dialect() {
    for id in ["ibm_create_access_group", "ibm.create_access_group"] {
        tells_apart(json!({"operation": id}), named("a"), groups());
    }
    // Two vendors have an operation of this name.
    let pattern = json!({"operation": "list_access_groups", "dialect": "ibm"});
    tells_apart(pattern, groups(), get("/api2/access_groups.json"));
    let mock = Mock::seeded(SEED);
    arm(
        &mock,
        json!({"match": {"operation": "list_access_groups"}, "effect": {"type": "status", "status": 418}}),
    );
    for path in [GROUPS, "/api2/access_groups.json", "/accounts/a/access/groups"] {
        mock.get(path).struck().send().expect(418);
    }
}

#[test]
fn a_method_in_any_case_or_any() {
    tells_apart(json!({"method": "get"}), groups(), named("a"));
    tells_apart(json!({"method": "ANY", "urlPath": "/v2/groups"}), groups(), get("/v1/groups"));
}

#[test]
fn a_path_with_and_without_its_query_as_text_and_as_expression() {
    let other = get("/v2/groups?account_id=b");
    let one = get("/v2/groups/AccessGroupId-PublicAccess?account_id=a");

    tells_apart(json!({"url": GROUPS}), groups(), other.clone());
    tells_apart(json!({"urlPattern": "/v2/groups\\?account_id=[a-a]"}), groups(), other);
    tells_apart(json!({"urlPath": "/v2/groups"}), groups(), one.clone());
    tells_apart(json!({"urlPathPattern": "/v2/groups/[^/]+"}), one, groups());
    // An expression is held against the whole path.
    tells_apart(json!({"urlPathPattern": "/v2/group"}), get("/v2/group"), groups());
}

#[test]
fn a_query_parameter_after_decoding() {
    let pattern = json!({"queryParameters": {"search": {"equalTo": "a b&c"}}});
    let search = |text: &str| get(&format!("{GROUPS}&search={text}"));

    tells_apart(pattern.clone(), search("a%20b%26c"), search("a"));
    tells_apart(pattern, search("a+b%26c"), groups());
}

#[test]
fn a_header_by_each_kind_of_matcher() {
    let with = |value| groups().with("x-team", value);
    let pattern = |matcher: Value| json!({"headers": {"X-Team": matcher}});

    tells_apart(pattern(json!({"equalTo": "Blue"})), with("Blue"), with("blue"));
    tells_apart(pattern(json!({"equalTo": "BLUE", "caseInsensitive": true})), with("blue"), with("red"));
    tells_apart(pattern(json!({"contains": "lu"})), with("blue"), with("red"));
    tells_apart(pattern(json!({"doesNotContain": "lu"})), with("red"), with("blue"));
    tells_apart(pattern(json!({"matches": "b.*"})), with("blue"), with("a blue"));
    tells_apart(pattern(json!({"doesNotMatch": "b.*"})), with("red"), with("blue"));
    tells_apart(pattern(json!({"absent": true})), groups(), with("blue"));
    tells_apart(pattern(json!({"contains": "b", "doesNotContain": "e"})), with("bl"), with("blue"));
}

#[test]
fn a_member_of_the_body() {
    let path = |matcher: Value| json!({"bodyPatterns": [{"matchesJsonPath": matcher}]});
    let plain = post(r#"{"name":"a"}"#);

    tells_apart(path(json!({"expression": "$.name", "equalTo": "a"})), named("a"), named("b"));
    tells_apart(path(json!("$.description")), named("a"), plain);
    tells_apart(path(json!("$.name")), named("a"), post("no JSON at all"));
    let with_x = post(r#"{"name":"a","x":1}"#);
    tells_apart(path(json!({"expression": "$.x", "absent": true})), named("a"), with_x);
}

#[test]
fn a_body_as_json_and_as_text() {
    let bodies = |matcher: Value| json!({"bodyPatterns": [matcher]});
    let plain = || post(r#"{"name":"a"}"#);

    let exactly = json!({"equalToJson": {"description": "d", "name": "a"}});
    tells_apart(bodies(exactly), named("a"), plain());
    let at_least = json!({"equalToJson": {"name": "a"}, "ignoreExtraElements": true});
    tells_apart(bodies(at_least), named("a"), named("b"));
    tells_apart(bodies(json!({"contains": "\"a\""})), named("a"), named("b"));
    tells_apart(bodies(json!({"matches": ".*\"name\":\"[a-c]\".*"})), named("a"), named("d"));
    tells_apart(bodies(json!({"equalTo": "{\"name\":\"a\"}"})), plain(), named("a"));
}

#[test]
fn a_namespace_however_it_is_named() {
    let mock = Mock::start();
    let fault = json!({"match": {"namespace": "blue"}, "effect": {"type": "status", "status": 418}});
    arm(&mock, fault);

    mock.get(GROUPS).header("x-mock-namespace", "blue").struck().send().expect(418);
    mock.get(GROUPS).header("x-mock-namespace", "red").send().expect(200);
    mock.get(GROUPS).send().expect(200);
}

#[test]
fn faults_are_set_in_the_namespace_that_the_call_names() {
    let mock = Mock::start();
    let fault = json!({"effect": {"type": "status", "status": 418}});
    mock.post("/__admin/faults").header("x-mock-namespace", "blue").json(fault).send().expect(201);

    mock.get(GROUPS).header("x-mock-namespace", "blue").struck().send().expect(418);
    mock.get(GROUPS).send().expect(200);
}

#[test]
fn all_conditions_must_hold() {
    let pattern = json!({"dialect": "ibm", "method": "POST", "headers": {"x-team": {"equalTo": "blue"}}});
    let hit = named("a").with("x-team", "blue");

    tells_apart(pattern.clone(), hit.clone(), named("a"));
    tells_apart(pattern, hit, groups().with("x-team", "blue"));
}
