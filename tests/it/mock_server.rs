//! `MockServer`: an in-process server for Rust tests.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use access_groups_mock::store::ClockSetting;
use access_groups_mock::{
    Admin, App, AuthMode, ClockChange, Config, Dialect, Fault, MockServer, Pattern, ResetScope, Search, Seed,
    StatusFilter, StringMatcher, Times, router,
};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use tower::ServiceExt;

/// The maximum time for a start, a stop or a response.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Requests `path` under `base`, and returns status and body.
#[track_caller]
fn get(base: &str, path: &str) -> (u16, String) {
    send("GET", base, path, "")
}

#[track_caller]
fn send(method: &str, base: &str, path: &str, body: &str) -> (u16, String) {
    let rest = base.strip_prefix("http://").unwrap();
    let (host, prefix) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let mut stream = TcpStream::connect(host).unwrap();
    let length = body.len();
    let headers = "Authorization: Bearer t\r\nContent-Type: application/json\r\nConnection: close";
    let request = format!(
        "{method} {prefix}{path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    let (headers, body) = response.split_once("\r\n\r\n").unwrap();
    (headers.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

fn panic_message(run: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(run)).expect_err("the closure panics");
    payload
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| payload.downcast_ref::<&str>().map(|it| (*it).to_owned()))
        .unwrap()
}

fn json_body((_, body): (u16, String)) -> Value {
    serde_json::from_str(&body).unwrap()
}

#[test]
fn each_vendor_has_a_base_url() {
    let mock = MockServer::start();
    let mine = mock.namespace("mine");

    for base in [mock.cloudflare_url(), mine.cloudflare_url()] {
        assert_eq!(get(&base, "/accounts/a1/access/groups").0, 200);
    }
    for base in [mock.ibm_url(), mine.ibm_url()] {
        assert_eq!(get(&base, "/v2/groups?account_id=a1").0, 200);
    }
    for base in [mock.authress_url(), mine.authress_url()] {
        assert_eq!(get(&base, "/v1/groups").0, 200);
    }
    for base in [mock.legacy_url(), mine.legacy_url()] {
        assert_eq!(get(&base, "/api2/access_groups.json").0, 200);
    }
    assert_eq!(mine.to_string(), mine.url());
}

#[test]
fn writes_are_isolated_by_namespace_and_server() {
    let (mock, other) = (MockServer::start(), MockServer::start());

    let created =
        send("POST", mock.namespace("a").url(), "/api2/access_groups.json", r#"{"entry":{"name":"A"}}"#);

    assert_eq!(created.0, 201);
    for base in [mock.url(), mock.namespace("b").url().to_owned(), other.url()] {
        assert_eq!(json_body(get(&base, "/api2/access_groups.json")), json!({"entries": []}));
    }
}

#[test]
fn a_dropped_server_stops_immediately_despite_an_open_connection() {
    let mock = MockServer::start();
    let address = mock.address();
    let mut idle = TcpStream::connect(address).unwrap();
    idle.write_all(b"GET /v1/groups HTTP/1.1\r\n").unwrap();
    let started = Instant::now();

    drop(mock);

    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn a_panic_is_not_delayed_by_a_running_server() {
    let started = Instant::now();

    let message = panic_message(|| {
        let mock = MockServer::start();
        let _slow = mock.admin().add_fault(Fault::delay(TIMEOUT)).unwrap();
        let mut waiting = TcpStream::connect(mock.address()).unwrap();
        waiting.write_all(b"GET /v1/groups HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        panic!("the test fails");
    });

    assert_eq!(message, "the test fails");
    assert!(started.elapsed() < TIMEOUT);
}

#[test]
fn five_hundred_servers_run_in_one_process() {
    let mocks: Vec<MockServer> = (0..500).map(|_| MockServer::start()).collect();

    for mock in mocks.iter().step_by(50) {
        assert_eq!(get(&mock.url(), "/v1/groups").0, 200);
    }
    assert_eq!(get(&mocks[499].url(), "/__admin/health").0, 200);
}

#[test]
fn identifiers_and_times_are_deterministic_by_default() {
    let create = |mock: &MockServer| {
        send("POST", &mock.ibm_url(), "/v2/groups?account_id=a1", r#"{"name":"Devs"}"#)
            .1
            .replace(&mock.url(), "")
    };

    let (first, second) = (create(&MockServer::start()), create(&MockServer::start()));
    let seeded = create(&MockServer::builder().deterministic(7).start());
    let random = create(&MockServer::builder().random().start());

    assert_eq!(first, second);
    assert!(first.contains("2026-01-01T00:00:01Z"), "{first}");
    assert_ne!(first, seeded);
    assert_ne!(first, random);
}

#[test]
fn the_builder_configures_the_server() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let now = "2030-05-06T07:08:09Z".parse().unwrap();
    let mock = MockServer::builder()
        .dialects([Dialect::Ibm, Dialect::Legacy])
        .parsed_seed(Seed::parse(r#"{"legacy":{"access_groups":[{"id":9,"name":"Nine"}]}}"#).unwrap())
        .auth(AuthMode::Off)
        .frozen_at(now)
        .rate_limit(Dialect::Ibm, "1/1m".parse().unwrap())
        .fault(Fault::status(503).on(Pattern::operation("legacy_get_access_group")).times(1))
        .configure(|config| config.body_limit = 100)
        .listener(listener)
        .start();

    assert_eq!(mock.address().port(), port);
    assert_eq!(get(&mock.authress_url(), "/v1/groups").0, 404);
    assert_eq!(get(&mock.legacy_url(), "/api2/access_groups/9.json").0, 503);
    assert_eq!(get(&mock.legacy_url(), "/api2/access_groups/9.json").0, 200);
    assert_eq!(send("POST", &mock.legacy_url(), "/api2/access_groups.json", &" ".repeat(101)).0, 413);
    assert_eq!(mock.admin().clock().now, now);
    assert_eq!(get(&mock.ibm_url(), "/v2/groups?account_id=a1").0, 200);
    assert_eq!(get(&mock.ibm_url(), "/v2/groups?account_id=a1").0, 429);
}

#[test]
fn an_invalid_seed_panics_with_the_path_of_the_error() {
    let message = panic_message(|| {
        drop(MockServer::builder().seed(r#"{"legacy":{"access_groups":[{"id":0}]}}"#).start())
    });

    assert_eq!(
        message,
        "cannot start the mock server: legacy.access_groups[0].id: must be an integer from 1 to 2147483647"
    );
}

#[test]
fn a_failed_verification_panics_with_the_received_requests() {
    let mock = MockServer::start();
    let mine = mock.namespace("mine");
    get(mine.url(), "/v1/groups?limit=3");

    mine.verify(Pattern::operation("authress_get_groups"), Times::Exactly(1));
    mock.verify(Pattern::default(), Times::Exactly(0));
    let message = panic_message(|| mine.verify(Pattern::request("DELETE", "/v1/groups"), Times::AtLeast(1)));

    assert!(message.starts_with("expected at least 1 matching request"), "{message}");
    assert!(message.contains("GET /v1/groups?limit=3 -> 200"), "{message}");
}

#[test]
fn an_invalid_namespace_name_panics_with_the_allowed_characters() {
    let mock = MockServer::start();

    let message = panic_message(|| drop(mock.namespace("a b")));

    assert!(message.contains("1 to 128 ASCII letters"), "{message}");
}

#[test]
fn every_admin_operation_has_a_typed_method() {
    let mock = MockServer::start();
    let admin: Admin = mock.admin();
    let create = || send("POST", &mock.legacy_url(), "/api2/access_groups.json", r#"{"entry":{"name":"A"}}"#);

    admin.save_snapshot("empty").unwrap();
    create();
    let state = admin.state();
    admin.restore_snapshot("empty").unwrap();
    let after_restore = admin.namespaces()[0].groups;
    admin.put_state(&state).unwrap();
    admin
        .set_clock(ClockChange { now: "2031-01-01T00:00:00Z".parse().ok(), ..ClockChange::default() })
        .unwrap();
    admin.advance(Duration::from_secs(3_600)).unwrap();
    let frozen = admin.freeze();
    let fault =
        admin.add_fault(Fault::status(404).on(Pattern::request("POST", "/api2/access_groups.json"))).unwrap();
    let injected = create();
    let search = Search { status: Some(StatusFilter::Class(4)), ..Search::from(Pattern::default()) };
    let found = admin.requests(&search);
    let explained = admin.explain(&found[0].id).unwrap();
    let by_header = Pattern::default().with_header("authorization", StringMatcher::contains("redacted"));

    assert_eq!(after_restore + 1, admin.namespaces()[0].groups);
    assert_eq!(frozen.now.to_rfc3339(), "2031-01-01T01:00:00+00:00");
    assert_eq!(injected.0, 404);
    assert_eq!(explained.rule.unwrap().status, 404);
    assert_eq!(found[0].faults, [fault.fault.id.clone().unwrap()]);
    assert_eq!(admin.count(&by_header.into()), 2);
    assert_eq!(admin.faults()[0].injected, 1);
    assert!(admin.coverage().summary.operations_called >= 1);
    admin.remove_fault(fault.fault.id.as_deref().unwrap()).unwrap();
    admin.reset_scopes(&[ResetScope::Requests]);
    assert_eq!(admin.count(&Search::default()), 0);
    admin.reset();
    assert_eq!(admin.namespaces()[0].groups, after_restore);
    assert!(admin.snapshots().is_empty());
}

#[tokio::test]
async fn a_server_starts_inside_a_runtime() {
    let mock = MockServer::builder().clock(ClockSetting::System).start_async().await;

    let response = tokio::task::spawn_blocking({
        let url = mock.url();
        move || get(&url, "/v1/groups")
    });

    assert_eq!(response.await.unwrap().0, 200);
}

#[tokio::test]
async fn the_router_sets_content_length_without_a_connection() {
    let app = App::new(Config::default(), Seed::default()).unwrap();
    for (method, path, status, has_length) in [
        ("GET", "/v2/groups?account_id=a", 200, true),
        ("HEAD", "/v2/groups?account_id=a", 200, true),
        ("GET", "/v2/groups/none", 404, true),
        ("HEAD", "/v2/groups/none", 404, false),
    ] {
        let request = Request::builder().method(method).uri(path).header("authorization", "Bearer any");

        let response = router(&app).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();

        assert_eq!(response.status(), status, "{method} {path}");
        assert_eq!(response.headers().contains_key("content-length"), has_length, "{method} {path}");
    }
}

#[test]
fn verify_rejects_an_unknown_operation() {
    let mock = MockServer::start();

    for times in [Times::Exactly(0), Times::AtLeast(1)] {
        let error = mock.admin().verify(&Pattern::operation("ibm_create_group").into(), times).unwrap_err();
        assert!(error.to_string().starts_with("operation: "), "{error}");
    }
}

/// The variable that makes [`a_failed_test_prints_the_requests_with_the_rules`] fail.
const FAILS: &str = "TEST_WITH_REQUESTS_FAILS";

#[test]
fn a_failed_test_prints_the_requests_with_the_rules() {
    if std::env::var_os(FAILS).is_none() {
        let name = "mock_server::a_failed_test_prints_the_requests_with_the_rules";
        let mut test = std::process::Command::new(std::env::current_exe().unwrap());
        let output = test.args(["--exact", name]).env(FAILS, "").output().unwrap();
        let output = String::from_utf8(output.stdout).unwrap();
        for part in [
            "requests to the namespace `default` of http://127.0.0.1:",
            "GET /api2/access_groups/7.json -> 404",
            "    response {\"Message\":\"No access group with the id 7 was found.\"}",
            "    rule     legacy.",
        ] {
            assert!(output.contains(part), "{part} is missing: {output}");
        }
        return;
    }
    let mock = MockServer::start();
    let mut stream = TcpStream::connect(mock.address()).unwrap();
    stream.write_all(b"GET /api2/access_groups/7.json HTTP/1.0\r\nAuthorization: Bearer t\r\n\r\n").unwrap();
    stream.read_to_string(&mut String::new()).unwrap();
    panic!("the test fails");
}
