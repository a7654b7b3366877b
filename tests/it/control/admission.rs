//! A request registers a namespace only if it has a route and access; a rejected one leaves all namespaces as they are.

use access_groups_mock::{AdminAccess, AuthMode, Config};
use serde_json::{Value, json};

use super::helpers::{GROUPS, VENDORS, admin_post};
use super::{DEMO_SEED, admin_get, create_legacy_group, legacy_group_names};
use crate::support::{TestRequest, TestServer};

const TOKEN_FORM: &str = "grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=any";

/// Returns the names of the server's namespaces.
fn namespaces(mock: &TestServer) -> Vec<String> {
    let list = admin_get(mock, "/__admin/namespaces")["namespaces"].clone();
    list.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

/// Starts a server whose only additional namespace `kept` is evicted by any other namespace.
fn with_one_namespace(config: Config) -> TestServer {
    let mock = TestServer::with_config(Config { max_namespaces: 1, ..config }, DEMO_SEED);
    create_legacy_group(&mock, "/ns/kept", "kept");
    mock
}

/// Asserts that the namespace `kept` still exists with its records, and is the only one.
#[track_caller]
fn assert_kept(mock: &TestServer) {
    assert_eq!(namespaces(mock), ["default", "kept"]);
    assert!(legacy_group_names(mock, "/ns/kept").contains(&"kept".to_owned()));
}

fn token_request<'a>(mock: &'a TestServer, namespace: &str, form: &str) -> TestRequest<'a> {
    let request = mock.post(&format!("/ns/{namespace}/identity/token")).anonymous();
    request.header("content-type", "application/x-www-form-urlencoded").body(form)
}

#[test]
fn a_vendor_request_without_a_credential_creates_no_namespace() {
    let mock = with_one_namespace(Config::default());

    for (dialect, target) in VENDORS {
        let by_prefix = mock.get(&format!("/ns/new{target}")).anonymous().send();
        let by_header = mock.get(target).anonymous().header("x-mock-namespace", "new").send();
        for response in [by_prefix, by_header] {
            assert!([400, 401].contains(&response.status), "{dialect}: {}", response.text());
            assert!(!response.header("x-mock-rule").is_empty(), "it has the envelope of {dialect}");
        }
    }

    assert_kept(&mock);
}

#[test]
fn a_request_that_strict_mode_rejects_creates_no_namespace() {
    let seed = r#"{"credentials":[{"dialect":"legacy","secret":"viewer","role":"viewer"}]}"#;
    let mock = TestServer::with_config(Config { auth: AuthMode::Strict, ..Config::default() }, seed);
    let create = |token: &str| {
        let request = mock.post("/ns/new/api2/access_groups.json").json(json!({"entry": {"name": "a"}}));
        request.header("authorization", &format!("Bearer {token}")).send()
    };

    assert_eq!(create("unknown").status, 401);
    assert_eq!(create("viewer").status, 403);
    let fault = mock.get("/ns/new/api2/access_groups.json").fault("status=503").send();
    assert_eq!(fault.status, 503);
    assert_eq!(token_request(&mock, "new", TOKEN_FORM).send().status, 400);
    assert_eq!(token_request(&mock, "new", TOKEN_FORM).fault("status=503").send().status, 503);

    assert_eq!(namespaces(&mock), ["default"]);
    let read = mock.get("/ns/new/api2/access_groups.json").header("authorization", "Bearer viewer").send();
    assert_eq!((read.status, namespaces(&mock)), (200, vec!["default".to_owned(), "new".to_owned()]));
}

#[test]
fn a_path_or_method_without_a_route_creates_no_namespace() {
    let mock = with_one_namespace(Config::default());

    for (method, target) in [
        ("GET", "/ns/new/whatever"),
        ("GET", "/ns/new"),
        ("GET", "/ns/new/x"),
        ("GET", "/ns/new/v2/nothing"),
        ("GET", "/ns/new/v1/groups/a/b/c"),
        ("GET", "/ns/new/api2/access_groups"),
        ("PATCH", "/ns/new/v1/groups"),
        ("OPTIONS", "/ns/new/v1/groups"),
        ("GET", "/ns/new/__admin/nothing"),
        ("PUT", "/ns/new/__admin/reset"),
    ] {
        let response = mock.request(method, target).send();
        assert!([200, 404, 405].contains(&response.status), "{method} {target}: {}", response.status);
    }

    assert_kept(&mock);
}

#[test]
fn an_admin_request_without_access_creates_no_namespace() {
    let token = || AdminAccess::Token("s3cret".to_owned());
    let open = with_one_namespace(Config::default());
    let with_token = TestServer::with_config(Config { admin: token(), ..Config::default() }, "{}");
    let disabled =
        TestServer::with_config(Config { admin: AdminAccess::Disabled, ..Config::default() }, "{}");

    let state = |mock| TestServer::get(mock, "/ns/new/__admin/state").anonymous();
    state(&open).header("host", "evil.test").send().expect(403);
    state(&open).header("origin", "http://evil.test").send().expect(403);
    state(&open).header("sec-fetch-site", "cross-site").send().expect(403);
    state(&with_token).send().expect(401);
    state(&with_token).header("x-mock-admin-token", "wrong").send().expect(401);
    state(&disabled).send().expect(404);
    // The health check needs no access, and reads nothing of a namespace.
    open.get("/ns/new/__admin/health").anonymous().send().expect(200);

    assert_kept(&open);
    let list = with_token.get("/__admin/namespaces").header("x-mock-admin-token", "s3cret").send();
    assert_eq!(list.json()["namespaces"].as_array().unwrap().len(), 1);
}

#[test]
fn an_admin_request_that_is_rejected_creates_no_namespace() {
    let mock = with_one_namespace(Config::default());

    admin_post(&mock, "/ns/new/__admin/faults", json!({"effect": {"type": "nothing"}})).expect(400);
    admin_post(&mock, "/ns/new/__admin/snapshots/none/restore", json!({})).expect(404);
    mock.put("/ns/new/__admin/state").json(json!({"version": 2})).send().expect(400);
    mock.get("/ns/new/__admin/requests?limit=x").send().expect(400);

    assert_kept(&mock);
}

#[test]
fn an_admin_request_that_succeeds_creates_the_namespace_with_its_change() {
    let mock = TestServer::start();

    let fault = json!({"effect": {"type": "status", "status": 418}, "schedule": {"times": 1}});
    admin_post(&mock, "/ns/new/__admin/faults", fault).expect(201);

    assert_eq!(namespaces(&mock), ["default", "new"]);
    mock.get("/ns/new/v1/groups").allow_injected_error().send().expect(418);
    mock.get("/ns/new/v1/groups").send().expect(200);
}

#[test]
fn an_authorized_request_creates_the_namespace_even_if_it_fails() {
    let mock = TestServer::start();

    mock.get("/ns/one/api2/access_groups/9.json").send().expect(404);
    mock.post("/ns/two/v2/groups?account_id=a").body("{").send().expect(400);

    assert_eq!(namespaces(&mock), ["default", "one", "two"]);
    for name in ["one", "two"] {
        let journal = admin_get(&mock, &format!("/ns/{name}/__admin/requests"));
        assert_eq!(journal["requests"].as_array().unwrap().len(), 1, "{name}");
    }
}

#[test]
fn a_token_request_creates_the_namespace_if_it_succeeds() {
    let mock = TestServer::start();

    token_request(&mock, "invalid", "grant_type=x").send().expect(400);
    token_request(&mock, "valid", TOKEN_FORM).send().expect(200);

    assert_eq!(namespaces(&mock), ["default", "valid"]);
    let journal = admin_get(&mock, "/ns/valid/__admin/requests")["requests"].clone();
    assert_eq!(journal[0]["operation"], "ibm_create_token");
}

#[test]
fn a_page_of_another_site_creates_no_namespace_with_a_form_of_the_token_endpoint() {
    let mock = with_one_namespace(Config::default());

    token_request(&mock, "new", TOKEN_FORM).header("origin", "http://evil.test").send().expect(200);
    token_request(&mock, "new", TOKEN_FORM).header("sec-fetch-site", "cross-site").send().expect(200);

    assert_kept(&mock);
}

#[test]
fn the_schedule_of_a_fault_in_a_header_counts_in_a_new_namespace() {
    let mock = TestServer::start();
    let call = |request: TestRequest<'_>| request.fault("status=503; times=2").send().status;

    let statuses: Vec<u16> = (0..3).map(|_| call(mock.get("/ns/one/v2/groups?account_id=a"))).collect();
    let tokens: Vec<u16> = (0..3).map(|_| call(token_request(&mock, "two", TOKEN_FORM))).collect();

    assert_eq!((statuses, tokens), (vec![503, 503, 200], vec![503, 503, 200]));
}

#[test]
fn an_invalid_control_header_creates_no_namespace() {
    let mock = with_one_namespace(Config::default());

    mock.get("/ns/new/v1/groups").header("x-mock-fault", "nonsense").send().expect(400);

    assert_kept(&mock);
}

#[test]
fn parallel_first_requests_share_the_new_namespace() {
    let mock = TestServer::multi_threaded(Config::default(), "{}");

    for round in 0..20 {
        let prefix = format!("/ns/round-{round}");
        std::thread::scope(|scope| {
            for number in 0..4 {
                let (mock, prefix) = (&mock, &prefix);
                scope.spawn(move || create_legacy_group(mock, prefix, &number.to_string()));
                scope.spawn(move || mock.get(&format!("{prefix}{GROUPS}")).anonymous().send());
                scope.spawn(move || token_request(mock, &prefix[4..], TOKEN_FORM).send().expect(200));
            }
        });

        assert_eq!(legacy_group_names(&mock, &prefix).len(), 4);
        let pattern = json!({"operation": "ibm_create_token"});
        let tokens = admin_post(&mock, &format!("{prefix}/__admin/requests/count"), pattern).expect(200);
        assert_eq!(tokens.json()["count"], 4, "no request of the namespace is lost");
    }
}

#[test]
fn faults_for_several_namespaces_are_added_in_all_or_in_none() {
    let mock = with_one_namespace(Config::default());
    let fault = |namespace: &str| json!({"match": {"namespace": namespace}, "effect": {"type": "status", "status": 503}});
    let mut faults: Vec<Value> = (0..1_001).map(|_| fault("b")).collect();
    faults.insert(0, fault("kept"));
    faults.push(fault("z"));

    let rejected = admin_post(&mock, "/__admin/faults", Value::from(faults));

    super::assert_invalid(&rejected, "a namespace holds at most 1000 faults");
    assert_kept(&mock);
    assert_eq!(admin_get(&mock, "/ns/kept/__admin/faults")["faults"], json!([]));
    let added = admin_post(&mock, "/__admin/faults", json!([fault("kept"), fault("default")])).expect(201);
    assert_eq!(added.json()["faults"].as_array().unwrap().len(), 2);
    assert_eq!(admin_get(&mock, "/ns/kept/__admin/faults")["faults"].as_array().unwrap().len(), 1);
}
