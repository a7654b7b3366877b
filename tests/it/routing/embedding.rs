//! The router in another program: merged, and nested under a path.

use access_groups_mock::store::ClockSetting;
use access_groups_mock::{App, AuthMode, Config, Seed, router};
use axum::Router;
use serde_json::{Value, json};

use super::{
    CLOUDFLARE_GROUP, LEGACY_GROUPS, OBJECTS, PLACES, admin_not_found, demo_router, program, send, send_with,
};
use crate::support::operations::{Operation, encode_body, operations};

#[test]
fn a_program_keeps_its_own_routes() {
    let program = program(Config::default());

    let hello = send(&program, "GET", "/hello", "").expect(200);
    let own_route = send(&program, "GET", "/v1/groups/own/route", "").expect(200);
    let wrong_method = send(&program, "POST", "/hello", "").expect(405);

    assert_eq!((hello.text.as_str(), own_route.text.as_str()), ("hello", "own route"));
    assert_eq!((wrong_method.header("allow"), wrong_method.text.as_str()), ("GET,HEAD", ""));
}

#[test]
fn every_vendor_is_served_where_the_router_is_merged_and_where_it_is_nested() {
    let program = program(Config::default());

    for place in PLACES {
        for (path, part) in OBJECTS {
            let response = send(&program, "GET", &format!("{place}{path}"), "").expect(200);
            assert!(response.text.contains(part), "{place}{path}: {}", response.text);
        }
        send(&program, "GET", &format!("{place}/__admin/groups"), "").expect(403);
    }
}

#[test]
fn only_the_id_of_a_response_is_kept_out_of_the_header_tables_of_http_2() {
    let program = program(Config::default());

    for (path, id) in [
        ("/v2/groups?account_id=a", "transaction-id"),
        ("/v1/groups", "x-request-id"),
        ("/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups", "cf-ray"),
    ] {
        let response = send(&program, "GET", path, "").expect(200);
        let unindexed = response.headers.iter().filter(|(_, value)| value.is_sensitive());
        let unindexed: Vec<&str> = unindexed.map(|(name, _)| name.as_str()).collect();
        assert_eq!(unindexed, [id], "{path}");
    }
}

#[test]
fn a_merged_and_a_nested_router_share_the_state_of_a_namespace() {
    let program = program(Config::default());

    send(&program, "DELETE", "/mock/v1/groups/grp_support", "").expect(204);
    send(&program, "DELETE", "/mock/ns/one/api2/access_groups/4.json", "").expect(204);

    send(&program, "GET", "/v1/groups/grp_support", "").expect(404);
    send(&program, "GET", "/ns/one/v1/groups/grp_support", "").expect(200);
    send(&program, "GET", "/ns/one/api2/access_groups/4.json", "").expect(404);
    send(&program, "GET", "/mock/api2/access_groups/4.json", "").expect(200);
}

/// Returns the links in responses at `place`: IBM's of a group and of a next page, Authress' of a group and of a next page, and
/// Legacy's of a new group.
fn links_at(program: &Router, place: &str) -> [String; 5] {
    let get = |path: &str| send(program, "GET", &format!("{place}{path}"), "").expect(200).json();
    let ibm = get("/v2/groups?account_id=0a1b2c3d4e5f60718293a4b5c6d7e8f9&limit=1");
    let authress = get("/v1/groups?limit=1");
    let new_group = r#"{"entry":{"name":"A"}}"#;
    let legacy = send(program, "POST", &format!("{place}{LEGACY_GROUPS}"), new_group).expect(201);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    [
        text(&ibm["groups"][0]["href"]),
        text(&ibm["next"]["href"]),
        text(&authress["groups"][0]["links"]["self"]["href"]),
        text(&authress["links"]["next"]["href"]),
        legacy.header("location").to_owned(),
    ]
}

/// Asserts that the links in responses at `place` begin with `base`.
#[track_caller]
fn assert_links(program: &Router, place: &str, base: &str) {
    let expected = [
        "/v2/groups/AccessGroupId-PublicAccess",
        "/v2/groups?offset=1&limit=1&account_id=0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "/v1/groups/grp_user_group_001",
        "/v1/groups?limit=1&cursor=MTo5NjkyYzRkODkzMGM",
        "/api2/access_groups/5.json",
    ];
    assert_eq!(links_at(program, place), expected.map(|path| format!("{base}{path}")));
}

#[test]
fn links_of_a_merged_router_contain_the_namespace() {
    let program = program(Config::default());

    assert_links(&program, "", "http://mock.test");
    assert_links(&program, "/ns/one", "http://mock.test/ns/one");
}

#[test]
fn links_of_a_nested_router_lack_the_path_that_it_is_nested_under() {
    assert_links(&program(Config::default()), "/mock", "http://mock.test");
    assert_links(&program(Config::default()), "/mock/ns/one", "http://mock.test/ns/one");
}

#[test]
fn links_of_a_nested_router_begin_with_the_public_url() {
    let public_url = Some("https://mock.test/mock".to_owned());
    let program = program(Config { public_url, ..Config::default() });

    assert_links(&program, "/mock", "https://mock.test/mock");
    assert_links(&program, "/mock/ns/one", "https://mock.test/mock/ns/one");
}

#[test]
fn a_link_of_a_nested_router_with_a_public_url_leads_to_its_object() {
    let public_url = Some("https://mock.test/mock".to_owned());
    let program = program(Config { public_url, ..Config::default() });

    for link in links_at(&program, "/mock/ns/one") {
        let target = link.strip_prefix("https://mock.test").unwrap();
        send(&program, "GET", target, "").expect(200);
    }
}

#[test]
fn an_unknown_path_gets_the_404_of_its_vendor_where_the_router_is_merged_and_where_it_is_nested() {
    let program = program(Config::default());

    for place in PLACES {
        let get = |path: &str| send(&program, "GET", &format!("{place}{path}"), "").expect(404).json();
        let namespace = if place.ends_with("/ns/one") { "/ns/one" } else { "" };

        let cloudflare = get("/client/v4/nothing");
        let message = "Could not route to /client/v4/nothing, perhaps your object identifier is invalid?";
        assert_eq!(cloudflare["errors"][0], json!({"code": 7003, "message": message}));
        assert_eq!(cloudflare["success"], false);
        let ibm = get("/v2/groups/g/nothing");
        let message = "The requested resource can't be found.";
        assert_eq!(ibm["errors"], json!([{"code": "not_found", "message": message}]));
        assert_eq!(ibm["status_code"], 404);
        let authress = get("/v1/groups/");
        assert_eq!(authress["title"], "The path `/v1/groups/` does not exist");
        assert_eq!(authress["errorCode"], "NotFound");
        let legacy = get("/api2/nothing.json");
        let message = format!(
            "No HTTP resource was found that matches the request URI \
             'http://mock.test{namespace}/api2/nothing.json'."
        );
        assert_eq!(legacy, json!({"Message": message}));
        assert_eq!(get("/v4/nothing"), admin_not_found("/v4/nothing"));
    }
}

#[test]
fn a_wrong_method_gets_the_405_of_its_vendor_where_the_router_is_merged_and_where_it_is_nested() {
    let program = program(Config::default());

    for place in PLACES {
        let patch = |path: &str, allow: &str| {
            let response = send(&program, "PATCH", &format!("{place}{path}"), "{}").expect(405);
            assert_eq!(response.header("allow"), allow, "{place}{path}");
            response.json()
        };

        let cloudflare = patch(CLOUDFLARE_GROUP, "GET, PUT, DELETE");
        let message = "Method not allowed for this authentication scheme";
        assert_eq!(cloudflare["errors"], json!([{"code": 10405, "message": message}]));
        let ibm = patch("/v2/groups", "POST, GET");
        let message = "The method PATCH is not supported on the requested resource.";
        assert_eq!(ibm["errors"], json!([{"code": "method_not_allowed", "message": message}]));
        let authress = patch("/v1/groups/grp_support", "GET, PUT, POST, DELETE");
        assert_eq!(authress["title"], "The path does not support the method PATCH");
        assert_eq!(authress["errorCode"], "MethodNotAllowed");
        let message = "The requested resource does not support http method 'PATCH'.";
        assert_eq!(patch("/API2/access_groups.json", "GET, POST"), json!({"Message": message}));
    }
}

/// Returns whether the first request of an operation has another response from a router that is nested under a path with the
/// parameters `outer`.
#[track_caller]
fn is_disturbed_by(outer: &[&str], operation: &Operation) -> bool {
    let now = "2026-11-01T00:00:00Z".parse().unwrap();
    let clock = ClockSetting::Frozen(now);
    let config = || Config { auth: AuthMode::Off, clock, deterministic: Some(1), ..Config::default() };
    let prefix: String = outer.iter().map(|name| format!("/{{{name}}}")).collect();
    let nested = Router::new().nest(&format!("/in{prefix}"), demo_router(config()));
    let place = format!("/in{}", "/an%20outer%2Fvalue".repeat(outer.len()));
    let (method, target) = (operation.method.to_uppercase(), operation.target());
    let (media_type, body) = operation.request_body().map_or_else(
        || ("application/json", String::new()),
        |(media_type, body)| (media_type, encode_body(media_type, &body["example"])),
    );

    let header = ("content-type", media_type);
    let expected = send_with(&demo_router(config()), &method, &target, header, &body);
    let actual = send_with(&nested, &method, &format!("{place}{target}"), header, &body);

    let needs_entity_tag = !operation.required_parameters("header").is_empty();
    let is_success = operation.success_statuses().any(|status| status == expected.status);
    assert!(is_success || needs_entity_tag, "{}: {}", operation.name(), expected.text);
    (actual.status, actual.text) != (expected.status, expected.text)
}

fn vendor_operations() -> impl Iterator<Item = Operation> {
    operations().filter(|operation| operation.dialect() != "admin")
}

#[test]
fn the_path_parameter_of_an_outer_nest_does_not_disturb_a_handler() {
    let disturbed = vendor_operations().filter(|operation| is_disturbed_by(&["tenant"], operation));

    assert_eq!(disturbed.map(|operation| operation.name()).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn outer_path_parameters_with_the_names_of_a_vendors_do_not_disturb_a_handler() {
    let names =
        ["zone_id", "account_id", "group_id", "resource_group_id", "access_group_id", "groupId", "id"];

    let disturbed = vendor_operations().filter(|operation| is_disturbed_by(&names, operation));

    assert_eq!(disturbed.map(|operation| operation.name()).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn the_account_of_a_credential_is_compared_with_that_of_the_vendors_path() {
    let seed = r#"{"credentials":[{"dialect":"cloudflare","secret":"any","account":"mine"}]}"#;
    let config = Config { auth: AuthMode::Strict, ..Config::default() };
    let server = router(&App::new(config, Seed::parse(seed).unwrap()).unwrap());
    let nested = Router::new().nest("/in/{account_id}", server);

    let own = send(&nested, "GET", "/in/other/accounts/mine/access/groups", "");
    let others = send(&nested, "GET", "/in/mine/accounts/other/access/groups", "");

    assert_eq!((own.status, others.status), (200, 403));
}

#[test]
fn a_router_is_nested_as_a_service_below_several_path_parameters() {
    let tenants = Router::new().nest_service("/{tenant}/{region}", demo_router(Config::default()));

    for (path, part) in OBJECTS {
        for place in ["/acme/eu", "/%C3%A9/a%2Fb", "/acme/eu/ns/one"] {
            let response = send(&tenants, "GET", &format!("{place}{path}"), "").expect(200);
            assert!(response.text.contains(part), "{place}{path}: {}", response.text);
        }
    }
    let unknown = send(&tenants, "GET", "/acme/eu/v2/nothing", "").expect(404);
    assert_eq!(unknown.header("x-mock-rule"), "ibm.paths.not-routed");
}
