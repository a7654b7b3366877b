//! Routing: the router in another program, methods that a path does not have, and paths without a route.

use access_groups_mock::store::ClockSetting;
use access_groups_mock::{App, AuthMode, Config, Dialect, Seed, router};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use axum::routing::get;
use serde_json::{Value, json};
use tokio::runtime::Builder;
use tower::ServiceExt;

use crate::support::TestServer;
use crate::support::contract::document;
use crate::support::operations::{Operation, demo_server, encode_body, operations};

const DEMO_SEED: &str = include_str!("../../seeds/demo.json");

const CLOUDFLARE_GROUP: &str =
    "/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/f174e90a-fafe-4643-bbbc-4a0ed4fc8415";
const IBM_GROUP: &str = "/v2/groups/AccessGroupId-1b0d2c34-7c1e-4f0a-9a55-2f1f0b0c7e11";
const LEGACY_GROUPS: &str = "/api2/access_groups.json";

/// An object of the demo seed for each vendor: its path, and a part of the response.
const OBJECTS: [(&str, &str); 6] = [
    (CLOUDFLARE_GROUP, "\"Allow devs\""),
    (
        "/client/v4/zones/9a7806061c88ada191ed06f989cc3dac/access/groups/f174e90a-fafe-4643-bbbc-4a0ed4fc8415/",
        "\"Office network\"",
    ),
    (IBM_GROUP, "\"Blue Team\""),
    ("/v1/groups/grp_support", "\"Support\""),
    ("/api2/access_groups/4.json", "\"Readers\""),
    ("/API2/Access_Groups/4.JSON", "\"Readers\""),
];

/// The places of the server in [`program`].
const PLACES: [&str; 4] = ["", "/mock", "/ns/one", "/mock/ns/one"];

/// The response of a router without a connection.
struct RouterResponse {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl RouterResponse {
    #[track_caller]
    fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Returns a router whose server has the objects of the demo seed.
fn demo_router(config: Config) -> Router {
    router(&App::new(config, Seed::parse(DEMO_SEED).unwrap()).unwrap())
}

/// Returns another program with routes of its own, which contains a server twice: merged, and nested under `/mock`.
fn program(config: Config) -> Router {
    let server = demo_router(config);
    Router::new()
        .route("/hello", get(async || "hello"))
        .route("/v1/groups/own/route", get(async || "own route"))
        .nest("/mock", server.clone())
        .merge(server)
}

/// Sends a request with a bearer token and a JSON body to `router`.
fn send(router: &Router, method: &str, target: &str, body: &str) -> RouterResponse {
    send_with(router, method, target, ("content-type", "application/json"), body)
}

/// Sends a request with a bearer token and another header to `router`.
fn send_with(
    router: &Router,
    method: &str,
    target: &str,
    header: (&str, &str),
    body: &str,
) -> RouterResponse {
    let request = Request::builder().method(method).uri(target).header(header.0, header.1);
    let request = request.header("host", "mock.test").header("authorization", "Bearer any");
    let request = request.body(Body::from(body.to_owned())).unwrap();
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
        let text = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
        RouterResponse { status: parts.status.as_u16(), headers: parts.headers, text }
    })
}

fn admin_not_found(path: &str) -> Value {
    json!({"errors": [{"code": 404, "title": format!("no API of this server has the path `{path}`")}]})
}

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
        send(&program, "GET", &format!("{place}/__admin/health"), "").expect(403);
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
        let ibm = get("/v2/nothing");
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
        assert_eq!(get("/v3/nothing"), admin_not_found("/v3/nothing"));
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
    assert_eq!(unknown.header("x-mock-rule"), "ibm.paths.no-route");
}

/// A path of the document with its methods in the order of the document.
struct DocumentedPath {
    operation: Operation,
    methods: Vec<String>,
}

impl DocumentedPath {
    /// Returns the methods that the path rejects.
    fn rejected_methods(&self) -> impl Iterator<Item = &'static str> {
        let has = |method: &str| self.methods.iter().any(|it| it == method);
        // HEAD is like GET except at Cloudflare, and OPTIONS is a preflight at Authress.
        let has_head = has("HEAD") || (has("GET") && self.operation.dialect() != "cloudflare");
        let is_preflight = self.operation.dialect() == "authress";
        let all = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"].into_iter();
        let is_served = move |method: &str| match method {
            "HEAD" => has_head,
            "OPTIONS" => is_preflight,
            _ => has(method),
        };
        all.filter(move |method| !is_served(method))
    }

    /// Returns the path with the examples of its parameters, in every form that the vendor accepts.
    fn forms(&self) -> Vec<String> {
        let path = self.operation.target().split('?').next().unwrap().to_owned();
        match (self.operation.dialect(), path.as_str()) {
            ("cloudflare", _) => ["", "/client/v4"]
                .iter()
                .flat_map(|prefix| [format!("{prefix}{path}"), format!("{prefix}{path}/")])
                .collect(),
            ("ibm", "/v1/serviceids/") => vec![path, "/v1/serviceids".to_owned()],
            ("ibm", "/v1/profiles") => vec![path, "/v1/profiles/".to_owned()],
            ("legacy", _) => vec![path.to_uppercase(), path],
            _ => vec![path],
        }
    }
}

fn documented_paths() -> impl Iterator<Item = DocumentedPath> {
    let paths = document()["paths"].as_object().unwrap();
    paths.iter().map(|(path, item)| DocumentedPath {
        operation: operations().find(|operation| operation.path == path).unwrap(),
        methods: item.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect(),
    })
}

/// A request with a method that its path does not have.
struct RejectedRequest {
    method: &'static str,
    target: String,
    dialect: &'static str,
    /// The documented methods of the path.
    allow: String,
}

/// Returns a request for each form of each documented path and each method that the path rejects.
fn rejected_requests() -> Vec<RejectedRequest> {
    let mut requests = Vec::new();
    for path in documented_paths() {
        for (target, method) in
            path.forms().iter().flat_map(|form| path.rejected_methods().map(move |method| (form, method)))
        {
            let dialect = path.operation.dialect();
            let allow = path.methods.join(", ");
            requests.push(RejectedRequest { method, target: target.clone(), dialect, allow });
        }
    }
    requests
}

#[test]
fn every_other_method_is_405_with_the_methods_of_the_path_in_the_order_of_the_document() {
    let mock = demo_server(AuthMode::Off);

    for RejectedRequest { method, target, dialect, allow } in rejected_requests() {
        let rule = match (dialect, target.as_str()) {
            ("admin", _) => "admin.paths.method-not-allowed".to_owned(),
            (_, "/identity/token") => "ibm.tokens.wrong-method".to_owned(),
            _ => format!("{dialect}.paths.wrong-method"),
        };
        for target in [target.clone(), format!("/ns/one{target}")] {
            let response = mock.request(method, &target).send().expect(405);
            assert_eq!(response.header("allow"), allow, "{method} {target}");
            assert_eq!(response.header("x-mock-rule"), rule, "{method} {target}");
            assert_eq!(response.body.is_empty(), method == "HEAD", "{method} {target}");
        }
    }
}

#[test]
fn head_is_rejected_only_where_get_is_not_served_and_by_cloudflare() {
    let rejecting = documented_paths().filter(|path| path.rejected_methods().any(|method| method == "HEAD"));

    let with_get: Vec<&str> = rejecting
        .filter(|path| path.methods.iter().any(|method| method == "GET"))
        .map(|path| path.operation.dialect())
        .collect();

    assert_eq!(with_get, ["cloudflare"; 8]);
}

#[test]
fn options_is_a_preflight_on_every_path_of_authress() {
    let mock = demo_server(AuthMode::Lenient);

    for path in ["/v1/groups", "/v1/groups/grp_support", "/v1/nothing", "/ns/one/v1/groups"] {
        let response = mock.request("OPTIONS", path).anonymous().send().expect(200);
        let methods = "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT";
        assert_eq!(response.header("access-control-allow-methods"), methods, "{path}");
        assert_eq!(response.text(), "");
    }
}

#[test]
fn an_error_that_replaces_a_405_does_not_list_the_methods_of_the_path() {
    let mock = demo_server(AuthMode::Lenient);

    for path in [CLOUDFLARE_GROUP, "/v2/groups", "/v1/groups/grp_support", LEGACY_GROUPS] {
        let injected = mock.patch(path).fault("status=503").send().expect(503);
        let invalid = mock.patch(&format!("/ns/a%20b{path}")).send().expect(400);
        assert_eq!((injected.header("allow"), invalid.header("allow")), ("", ""), "{path}");
    }
}

#[test]
fn a_request_with_a_wrong_method_has_no_operation_in_the_journal() {
    let mock = demo_server(AuthMode::Off);

    for RejectedRequest { method, target, dialect, .. } in rejected_requests() {
        if dialect == "admin" {
            continue;
        }
        let rejected = mock.request(method, &target).send().expect(405);

        let id = rejected.header("x-mock-request-id");
        let entry = mock.get(&format!("/__admin/requests/{id}")).send().expect(200).json();
        let expected = json!([dialect, null, false, method, target, 405]);
        let (request, response) = (&entry["request"], &entry["response"]);
        let actual = [&entry["dialect"], &entry["operation"], &entry["wasMatched"]];
        let actual = actual.into_iter().chain([&request["method"], &request["url"], &response["status"]]);
        assert_eq!(actual.cloned().collect::<Value>(), expected);
    }
}

#[test]
fn an_admin_request_with_a_wrong_method_is_not_in_the_journal() {
    let mock = demo_server(AuthMode::Off);

    for RejectedRequest { method, target, .. } in
        rejected_requests().iter().filter(|it| it.dialect == "admin")
    {
        mock.request(method, target).send().expect(405);
    }

    let journal = mock.get("/__admin/requests").send().expect(200).json();
    assert_eq!(journal["requests"], json!([]));
}

/// The prefixes of the paths that each API owns, with the rule of its 404.
const OWNED_PREFIXES: [(&str, &[&str]); 6] = [
    ("cloudflare.paths.no-route", &["/client/v4", "/accounts", "/zones"]),
    (
        "ibm.paths.no-route",
        &[
            "/v2",
            "/v1/group_templates",
            "/v1/group_assignments",
            "/v1/policies",
            "/v1/serviceids",
            "/v1/profiles",
        ],
    ),
    ("ibm.tokens.no-route", &["/identity"]),
    ("authress.paths.no-route", &["/v1"]),
    ("legacy.paths.no-route", &["/api2"]),
    ("admin.paths.not-found", &["/__admin"]),
];

/// Ends of paths that no API has below any of its prefixes.
const UNKNOWN_ENDS: [&str; 10] = [
    "/nothing/at/all",
    "/nothing/at/all/",
    "/nothing/at/all.json",
    "//nothing/at/all",
    "/nothing//at/all",
    "/nothing/at/all//",
    "/nothing%2Fat/all/x",
    "/nothing/%2F/all",
    "/%ff/at/all",
    "/nothing/%ff%00/all?x=%ff",
];

#[test]
fn an_unknown_path_gets_the_404_of_the_api_that_owns_its_prefix() {
    let mock = TestServer::start();

    for (rule, prefixes) in OWNED_PREFIXES {
        for (prefix, end) in prefixes.iter().flat_map(|prefix| UNKNOWN_ENDS.map(|end| (prefix, end))) {
            for place in ["", "/ns/one"] {
                for prefix in [(*prefix).to_owned(), prefix.to_uppercase()] {
                    let target = format!("{place}{prefix}{end}");
                    let response = mock.get(&target).send().expect(404);
                    assert_eq!(response.header("x-mock-rule"), rule, "{target}");
                }
            }
        }
    }
}

#[test]
fn an_unknown_path_is_404_for_every_method() {
    let mock = TestServer::start();

    for (rule, prefixes) in OWNED_PREFIXES {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
            // OPTIONS is a preflight at Authress.
            if (rule, method) == ("authress.paths.no-route", "OPTIONS") {
                continue;
            }
            let target = format!("{}/nothing/at/all", prefixes[0]);
            let response = mock.request(method, &target).send().expect(404);
            assert_eq!((response.header("x-mock-rule"), response.header("allow")), (rule, ""), "{target}");
        }
    }
}

#[test]
fn a_path_of_a_vendor_with_doubled_slashes_or_another_trailing_slash_has_no_route() {
    let router = demo_router(Config::default());

    for (path, rule) in [
        ("//v2/groups", "ibm.paths.no-route"),
        ("/v2//groups", "ibm.paths.no-route"),
        ("/v2/groups/", "ibm.paths.no-route"),
        ("/v1/policies/", "ibm.paths.no-route"),
        ("//identity/token", "ibm.tokens.no-route"),
        ("/identity/token/", "ibm.tokens.no-route"),
        ("//v1/groups", "authress.paths.no-route"),
        ("/v1//groups", "authress.paths.no-route"),
        ("/v1/groups/", "authress.paths.no-route"),
        ("//api2/access_groups.json", "legacy.paths.no-route"),
        ("/api2//access_groups.json", "legacy.paths.no-route"),
        ("/api2/access_groups.json/", "legacy.paths.no-route"),
        ("//accounts/a/access/groups", "cloudflare.paths.no-route"),
        ("/accounts//access/groups", "cloudflare.paths.no-route"),
        ("/accounts/a/access/groups/x//", "cloudflare.paths.no-route"),
        ("/client//v4/accounts/a/access/groups", "admin.paths.not-found"),
        ("//ns/one/v2/groups", "admin.paths.not-found"),
    ] {
        for place in ["", "/ns/one"] {
            let response = send(&router, "GET", &format!("{place}{path}"), "").expect(404);
            assert_eq!(response.header("x-mock-rule"), rule, "{place}{path}");
        }
    }
}

#[test]
fn an_empty_segment_is_the_path_parameter_of_no_object() {
    let mock = demo_server(AuthMode::Off);

    for operation in operations() {
        for (name, _) in operation.required_parameters("path") {
            let template = operation.path.replace(&format!("{{{name}}}/"), "/");
            if template == operation.path {
                continue;
            }
            let target = operation.target_for_template(&template);
            let response = mock.request(&operation.method.to_uppercase(), &target).json(json!({})).send();
            // IBM's user service rejects an empty account as invalid.
            let status = if target.starts_with("/v2/accounts//") { 400 } else { 404 };
            response.expect(status);
        }
    }
}

#[test]
fn a_path_that_no_vendor_owns_gets_the_404_of_the_admin_api() {
    let mock = TestServer::start();

    for path in [
        "/",
        "/nothing",
        "/v",
        "/v3/groups",
        "/v20/groups",
        "/v10/groups",
        "/client",
        "/client/v40/accounts",
        "/account/a/access/groups",
        "/zones2/a/access/groups",
        "/identities/token",
        "/api/access_groups.json",
        "/api20/access_groups.json",
        "/__admins/health",
        "/%76%32/groups",
        "/v2%2Fgroups",
        "/client%2Fv4/accounts",
        "/%ff",
        "/NS/one/v2/groups",
    ] {
        let response = mock.get(path).send().expect(404);
        assert_eq!(response.json(), admin_not_found(path));
    }
}

#[test]
fn only_one_namespace_prefix_is_removed() {
    let mock = TestServer::start();

    let response = mock.get("/ns/one/ns/two/v2/groups").send().expect(404);

    assert_eq!(response.json(), admin_not_found("/ns/two/v2/groups"));
}

#[test]
fn a_path_of_a_dialect_that_is_not_served_gets_the_404_of_the_admin_api() {
    for served in Dialect::ALL {
        let router = demo_router(Config { dialects: [served].into(), ..Config::default() });
        for (dialect, path) in [
            (Dialect::Cloudflare, CLOUDFLARE_GROUP),
            (Dialect::Cloudflare, "/client/v4/nothing"),
            (Dialect::Ibm, IBM_GROUP),
            (Dialect::Ibm, "/v1/policies"),
            (Dialect::Ibm, "/v1/profiles/nothing/at/all"),
            (Dialect::Ibm, "/identity/token"),
            (Dialect::Authress, "/v1/groups"),
            (Dialect::Authress, "/v1/nothing"),
            (Dialect::Legacy, LEGACY_GROUPS),
            (Dialect::Legacy, "/API2/Access_Groups.json"),
        ] {
            for method in ["GET", "PATCH", "OPTIONS"] {
                let response = send(&router, method, path, "");
                let is_admin = response.header("x-mock-rule") == "admin.paths.not-found";
                assert_eq!(is_admin, dialect != served, "{method} {path} with {served:?}");
                if is_admin {
                    assert_eq!((response.status, response.json()), (404, admin_not_found(path)));
                }
            }
        }
    }
}

#[test]
fn cors_applies_to_the_404_of_a_dialect_that_is_not_served() {
    let cors = vec!["http://app.test".to_owned()];
    let router = demo_router(Config { dialects: [Dialect::Ibm].into(), cors, ..Config::default() });

    for path in ["/v3/groups", "/api2/access_groups.json", "/v1/groups"] {
        let response = send_with(&router, "GET", path, ("origin", "http://app.test"), "").expect(404);
        assert_eq!(response.json(), admin_not_found(path));
        assert_eq!(response.header("access-control-allow-origin"), "http://app.test", "{path}");
    }
}

#[test]
fn a_path_of_legacy_works_in_any_letter_case() {
    let mock = demo_server(AuthMode::Lenient);

    let read = mock.get("/API2/Access_Groups/4.JSON").send().expect(200);
    let renamed = mock.put("/Api2/ACCESS_GROUPS/4.Json").json(json!({"entry": {"name": "B"}})).send();
    let listed = mock.get("/API2/Access_Groups.JSON?Page=1").send().expect(200);
    mock.delete("/api2/access_groups/4.JSON").send().expect(204);

    assert_eq!(read.json()["entry"]["name"], "Readers");
    assert_eq!(renamed.expect(200).json()["entry"]["name"], "B");
    assert_eq!(listed.json()["entries"][0]["name"], "B");
    mock.get("/api2/access_groups/4.json").send().expect(404);
}

/// Paths of Legacy without the suffix or the id of a group.
const INCOMPLETE_LEGACY_PATHS: [&str; 8] = [
    "/api2/access_groups",
    "/api2/access_groups/4",
    "/API2/Access_Groups/4",
    "/api2/access_groups/4.jso",
    "/api2/access_groups/4json",
    "/api2/access_groups/4.json/",
    "/api2/access_groups/.json",
    "/API2/Access_Groups/.JSON",
];

#[test]
fn a_path_of_legacy_without_its_suffix_or_an_id_is_404_for_every_method() {
    let mock = demo_server(AuthMode::Lenient);

    for path in INCOMPLETE_LEGACY_PATHS {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
            let response = mock.request(method, path).send().expect(404);
            let uri = format!("{}{path}", mock.url());
            let message = format!("No HTTP resource was found that matches the request URI '{uri}'.");
            assert_eq!(response.json(), json!({"Message": message}), "{method} {path}");
        }
        mock.head(path).send().expect(404);
    }
}

#[test]
fn a_404_of_legacy_does_not_list_the_methods_of_another_path() {
    let mock = demo_server(AuthMode::Lenient);

    for path in INCOMPLETE_LEGACY_PATHS {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
            let response = mock.request(method, path).send().expect(404);
            assert_eq!(response.header("allow"), "", "{method} {path}");
        }
    }
}
