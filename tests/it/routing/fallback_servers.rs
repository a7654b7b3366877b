//! Fallback servers: requests whose path no operation has are forwarded to another server.

mod failures;

use std::net::TcpListener;
use std::time::Duration;

use access_groups_mock::{AuthMode, Config, Dialect, FallbackConfig, FallbackUrl};
use serde_json::{Value, json};

use super::{CLOUDFLARE_GROUP, DEMO_SEED, IBM_GROUP};
use crate::support::other_server::{OtherServer, ReceivedRequest, response};
use crate::support::{TestResponse, TestServer};

/// A path without an operation for each API, and the rule of the error if the fallback server does not respond.
const UNKNOWN_PATHS: [(&str, &str); 5] = [
    ("/client/v4/ips", "cloudflare.fallback.failed"),
    ("/v2/resource_keys", "ibm.fallback.failed"),
    ("/v1/tenants", "authress.fallback.failed"),
    ("/api2/orders.json", "legacy.fallback.failed"),
    ("/somewhere/else", "admin.fallback.failed"),
];

fn url(server: &OtherServer) -> FallbackUrl {
    server.url().parse().unwrap()
}

/// Starts a server with the demo seed whose paths without an operation are forwarded to `server`.
fn forwarding_to(server: &OtherServer) -> TestServer {
    with_fallback(FallbackConfig { server: Some(url(server)), ..FallbackConfig::default() })
}

fn with_fallback(fallback: FallbackConfig) -> TestServer {
    TestServer::with_config(Config { fallback, ..Config::default() }, DEMO_SEED)
}

/// Returns the URL of a port on which nothing listens.
fn closed_url() -> FallbackUrl {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap()).parse().unwrap()
}

fn get(mock: &TestServer, path: &str) -> TestResponse {
    mock.get(path).send_unchecked()
}

/// Returns the methods and targets of the requests that `server` received.
fn targets(server: &OtherServer) -> Vec<String> {
    server.received().iter().map(|request| format!("{} {}", request.method, request.target)).collect()
}

/// Returns the recorded exchanges, the newest first.
fn exchanges(mock: &TestServer, prefix: &str) -> Vec<Value> {
    let list = mock.get(&format!("{prefix}/__admin/requests")).send().expect(200).json();
    list["requests"].as_array().unwrap().clone()
}

#[test]
fn a_path_without_an_operation_is_forwarded() {
    let other =
        OtherServer::start(|_| response("201 Created", &["Content-Type: text/plain", "X-Own: 1"], b"other"));
    let mock = forwarding_to(&other);

    for (path, _) in UNKNOWN_PATHS {
        let target = format!("{path}?a=b%20c&a=d");
        let response = mock.patch(&target).body("a body").send_unchecked().expect(201);

        assert_eq!(response.text(), "other", "{path}");
        assert_eq!(response.header("x-mock-fallback"), other.url(), "{path}");
        assert_eq!(
            (response.header("content-type"), response.header("x-own")),
            ("text/plain", "1"),
            "{path}"
        );
        let ReceivedRequest { method, target: received, body, .. } = other.received().pop().unwrap();
        assert_eq!((method.as_str(), received, body), ("PATCH", target, b"a body".to_vec()));
    }
}

#[test]
fn requests_to_operations_and_other_methods_of_their_paths_are_not_forwarded() {
    let other = OtherServer::empty_object();
    let mock = forwarding_to(&other);

    mock.get(CLOUDFLARE_GROUP).send().expect(200);
    mock.get(IBM_GROUP).anonymous().send().expect(401);
    mock.get("/v2/groups/AccessGroupId-x").send().expect(404);
    let method = mock.patch(CLOUDFLARE_GROUP).send().expect(405);

    assert_eq!(method.header("x-mock-rule"), "cloudflare.paths.method-not-allowed");
    assert_eq!((method.header("allow"), method.header("x-mock-fallback")), ("GET, PUT, DELETE", ""));
    assert_eq!(targets(&other), Vec::<String>::new());
}

#[test]
fn paths_of_the_admin_api_are_never_forwarded() {
    let other = OtherServer::empty_object();
    let mock = forwarding_to(&other);

    for path in ["/__admin/nothing", "/ns/one/__admin/nothing", "/__ADMIN/nothing", "/__admin/health/x"] {
        assert_eq!(get(&mock, path).expect(404).header("x-mock-rule"), "admin.paths.not-found", "{path}");
    }
    assert_eq!(targets(&other), Vec::<String>::new());
}

#[test]
fn the_server_of_a_dialect_has_precedence_for_its_paths() {
    let (all, cloudflare) = (OtherServer::empty_object(), OtherServer::empty_object());
    let mock = with_fallback(FallbackConfig {
        server: Some(url(&all)),
        dialects: [(Dialect::Cloudflare, url(&cloudflare))].into(),
        ..FallbackConfig::default()
    });

    for path in ["/zones/z/dns_records", "/client/v4/memberships", "/v2/resource_keys", "/other"] {
        get(&mock, path).expect(200);
    }

    assert_eq!(targets(&cloudflare), ["GET /zones/z/dns_records", "GET /memberships"]);
    assert_eq!(targets(&all), ["GET /v2/resource_keys", "GET /other"]);
}

#[test]
fn the_server_of_cloudflare_replaces_its_base_url() {
    let other = OtherServer::empty_object();
    let paths = [
        "/client/v4/memberships",
        "/CLIENT/v4/memberships?a=/client/v4",
        "/client/v4?a=b",
        "/zones/z/dns_records",
    ];
    let targets_with = |path: &str| {
        let server: FallbackUrl = format!("{}{path}", other.url()).parse().unwrap();
        let dialects = [(Dialect::Cloudflare, server)].into();
        let mock = with_fallback(FallbackConfig { dialects, ..FallbackConfig::default() });
        let before = other.received().len();
        for path in paths {
            get(&mock, path).expect(200);
        }
        other.received()[before..].iter().map(|request| request.target.clone()).collect::<Vec<_>>()
    };

    assert_eq!(
        targets_with(""),
        ["/memberships", "/memberships?a=/client/v4", "/?a=b", "/zones/z/dns_records"]
    );
    assert_eq!(
        targets_with("/client/v4"),
        [
            "/client/v4/memberships",
            "/client/v4/memberships?a=/client/v4",
            "/client/v4/?a=b",
            "/client/v4/zones/z/dns_records"
        ]
    );
}

#[test]
fn without_a_server_for_all_paths_other_paths_get_their_404() {
    let cloudflare = OtherServer::empty_object();
    let dialects = [(Dialect::Cloudflare, url(&cloudflare))].into();
    let mock = with_fallback(FallbackConfig { dialects, ..FallbackConfig::default() });

    for (path, rule) in
        [("/v2/resource_keys", "ibm.paths.not-routed"), ("/somewhere/else", "admin.paths.not-found")]
    {
        assert_eq!(get(&mock, path).expect(404).header("x-mock-rule"), rule);
    }
    assert_eq!(targets(&cloudflare), Vec::<String>::new());
}

#[test]
fn paths_of_a_dialect_that_is_not_served_are_forwarded_to_the_server_for_all_paths() {
    let other = OtherServer::empty_object();
    let fallback = FallbackConfig { server: Some(url(&other)), ..FallbackConfig::default() };
    let config = Config { dialects: [Dialect::Ibm].into(), fallback, ..Config::default() };
    let mock = TestServer::with_config(config, DEMO_SEED);

    get(&mock, "/api2/access_groups.json").expect(200);

    assert_eq!(targets(&other), ["GET /api2/access_groups.json"]);
}

#[test]
fn the_namespace_prefix_is_removed_and_the_path_of_the_url_is_added() {
    let other = OtherServer::empty_object();
    let base = format!("{}/base/", other.url());
    let mock =
        with_fallback(FallbackConfig { server: Some(base.parse().unwrap()), ..FallbackConfig::default() });

    for path in ["/ns/one/v1/tenants?a=b", "/ns/one/ns/one/v1/tenants", "/V1/Tenants", "/v1//tenants%2F/"] {
        get(&mock, path).expect(200);
    }

    let expected = [
        "GET /base/v1/tenants?a=b",
        "GET /base/v1/tenants",
        "GET /base/V1/Tenants",
        "GET /base/v1//tenants%2F/",
    ];
    assert_eq!(targets(&other), expected);
}

#[test]
fn headers_of_the_connection_credentials_and_controls_are_not_forwarded() {
    let other = OtherServer::empty_object();
    let mock = forwarding_to(&other);
    let removed = [
        ("authorization", "Bearer secret"),
        ("cookie", "session=secret"),
        ("iam-apikey", "secret"),
        ("x-auth-email", "ada@example.com"),
        ("x-auth-key", "secret"),
        ("x-auth-user-service-key", "secret"),
        ("keep-alive", "timeout=5"),
        ("te", "trailers"),
        ("x-of-connection", "1"),
        ("x-mock-namespace", "one"),
    ];

    let mut request = mock.get("/v1/tenants").header("connection", "x-of-connection").header("x-kept", "1");
    for (name, value) in removed {
        request = request.header(name, value);
    }
    request.send_unchecked().expect(200);

    let received = other.received().pop().unwrap();
    for (name, _) in removed {
        assert_eq!(received.header(name), None);
    }
    assert_eq!(received.header("x-kept"), Some("1"));
    assert_eq!(received.header("host"), other.url().strip_prefix("http://"));
    assert_eq!(received.header("via"), Some("1.1 access-groups-mock"));
    assert_eq!(received.header("connection"), Some("close"));
}

#[test]
fn credentials_are_forwarded_on_request() {
    let other = OtherServer::empty_object();
    let mock = with_fallback(FallbackConfig {
        server: Some(url(&other)),
        forward_credentials: true,
        ..FallbackConfig::default()
    });

    mock.get("/zones/z/dns_records").header("x-auth-email", "ada@example.com").send_unchecked().expect(200);

    let received = other.received().pop().unwrap();
    assert_eq!(received.header("authorization"), Some("Bearer a-test-token"));
    assert_eq!(received.header("x-auth-email"), Some("ada@example.com"));
}

#[test]
fn the_response_has_only_the_end_to_end_headers_of_the_other_server() {
    let headers = [
        "Connection: x-of-connection",
        "X-Of-Connection: 1",
        "Keep-Alive: 1",
        "Access-Control-Allow-Origin: *",
        "X-Own: 1",
    ];
    let other = OtherServer::start(move |_| response("418 I'm a teapot", &headers, b"{\"a\":1}"));
    let mock = forwarding_to(&other);

    let response = get(&mock, "/zones/z/dns_records").expect(418);

    let mut names: Vec<&str> = response.headers.keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["content-length", "date", "x-mock-fallback", "x-own"]);
    assert_eq!(response.text(), "{\"a\":1}");
}

#[test]
fn responses_without_a_body_stay_without_one() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n".to_vec();
    let other = OtherServer::start(move |request| match request.method.as_str() {
        "HEAD" => head.clone(),
        _ => b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(),
    });
    let mock = forwarding_to(&other);

    let head = mock.head("/zones/z/dns_records").send_unchecked().expect(200);
    let deleted = mock.delete("/zones/z/dns_records").send_unchecked().expect(204);

    assert_eq!((head.header("content-length"), head.body.as_slice()), ("7", &[][..]));
    assert_eq!((deleted.header("content-length"), deleted.body.as_slice()), ("", &[][..]));
}

#[test]
fn a_chunked_response_is_returned_with_its_length() {
    let bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    let other = OtherServer::start(|_| bytes.to_vec());

    let response = get(&forwarding_to(&other), "/zones/z/dns_records").expect(200);

    assert_eq!((response.text().as_str(), response.header("content-length")), ("abcde", "5"));
}

#[test]
fn a_request_that_was_already_forwarded_is_rejected() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let own: FallbackUrl = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let mock = access_groups_mock::MockServer::builder().listener(listener).fallback(own).start();
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();

    let mut response = agent.get(format!("{}/v1/tenants", mock.url())).call().unwrap();

    assert_eq!(response.status(), 502);
    let body = response.body_mut().read_to_string().unwrap();
    assert!(body.contains("was already forwarded by the fallback of an access-groups-mock"), "{body}");
    assert_eq!(response.headers()["x-mock-rule"], "authress.fallback.failed");
}

#[test]
fn an_operation_responds_to_a_forwarded_request() {
    let response =
        TestServer::with_seed(DEMO_SEED).get(IBM_GROUP).header("via", "1.1 access-groups-mock").send();

    response.expect(200);
}

#[test]
fn the_journal_shows_the_server_that_responded() {
    let other = OtherServer::start(|_| response("200 OK", &[], b"{\"token\":\"secret\"}"));
    let mock = forwarding_to(&other);

    get(&mock, "/zones/z/dns_records?apikey=secret").expect(200);
    mock.get(IBM_GROUP).send().expect(200);

    let entries = exchanges(&mock, "");
    assert_eq!(entries[0]["fallback"], Value::Null);
    let forwarded = &entries[1];
    assert_eq!(forwarded["fallback"], other.url());
    assert_eq!((&forwarded["wasMatched"], &forwarded["operation"]), (&json!(true), &Value::Null));
    assert_eq!((&forwarded["dialect"], &forwarded["rule"]), (&json!("cloudflare"), &Value::Null));
    assert_eq!(forwarded["response"]["body"], "{\"token\":\"[redacted]\"}");
    assert_eq!(forwarded["request"]["url"], "/zones/z/dns_records?apikey=[redacted]");
    let unmatched = mock.get("/__admin/requests/unmatched").send().expect(200).json();
    assert_eq!(unmatched["requests"], json!([]));
}

#[test]
fn the_journal_shows_a_request_that_could_not_be_forwarded_as_unmatched() {
    let mock = with_fallback(FallbackConfig { server: Some(closed_url()), ..FallbackConfig::default() });

    get(&mock, "/zones/z/dns_records").expect(502);

    let unmatched = mock.get("/__admin/requests/unmatched").send().expect(200).json();
    let entry = &unmatched["requests"][0];
    assert_eq!((&entry["fallback"], &entry["rule"]), (&Value::Null, &json!("cloudflare.fallback.failed")));
}

#[test]
fn only_a_successful_response_registers_the_namespace() {
    let other = OtherServer::start(|request| match request.target.as_str() {
        "/zones/z/dns_records" => response("200 OK", &[], b"{}"),
        _ => response("404 Not Found", &[], b"{}"),
    });
    let mock = forwarding_to(&other);
    let names = || {
        let list = mock.get("/__admin/namespaces").send().expect(200).json();
        let names = list["namespaces"].as_array().unwrap().iter();
        names.map(|it| it["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };

    get(&mock, "/ns/one/nothing").expect(404);
    let before = names();
    get(&mock, "/ns/two/zones/z/dns_records").expect(200);

    assert_eq!(before, ["default"]);
    assert_eq!(names(), ["default", "two"]);
    assert_eq!(exchanges(&mock, "/ns/two")[0]["fallback"], other.url());
}

#[test]
fn requests_of_foreign_web_pages_are_not_forwarded() {
    let other = OtherServer::empty_object();
    let mock = forwarding_to(&other);

    for (name, value) in [("origin", "https://evil.test"), ("sec-fetch-site", "cross-site")] {
        let response = mock.get("/zones/z/dns_records").header(name, value).send_unchecked().expect(404);
        assert_eq!(response.header("x-mock-rule"), "cloudflare.paths.not-found");
    }
    mock.get("/zones/z/dns_records").header("origin", "http://localhost:3000").send_unchecked().expect(200);

    assert_eq!(other.received().len(), 1);
}

#[test]
fn a_connect_request_is_not_forwarded() {
    let other = OtherServer::empty_object();
    let mock = forwarding_to(&other);

    let response = mock.send_raw(b"CONNECT other.test:80 HTTP/1.1\r\nHost: other.test:80\r\n\r\n");

    assert!(response.starts_with("HTTP/1.1 404 "), "{response}");
    assert_eq!(targets(&other), Vec::<String>::new());
}

#[test]
fn cors_headers_are_those_of_this_server() {
    let other = OtherServer::start(|_| response("200 OK", &["Access-Control-Allow-Origin: *"], b"{}"));
    let config = Config {
        cors: vec!["https://page.test".to_owned()],
        fallback: FallbackConfig { server: Some(url(&other)), ..FallbackConfig::default() },
        ..Config::default()
    };
    let mock = TestServer::with_config(config, "{}");

    let response =
        mock.get("/zones/z/dns_records").header("origin", "https://page.test").send_unchecked().expect(200);

    let origins: Vec<_> = response.headers.get_all("access-control-allow-origin").iter().collect();
    assert_eq!(origins, ["https://page.test"]);
}

#[test]
fn no_credential_is_needed_and_faults_and_rate_limits_apply() {
    let other = OtherServer::empty_object();
    let config = Config {
        auth: AuthMode::Strict,
        rate_limits: [("cloudflare".to_owned(), "2/1h".parse().unwrap())].into(),
        fallback: FallbackConfig { server: Some(url(&other)), ..FallbackConfig::default() },
        ..Config::default()
    };
    let mock = TestServer::with_config(config, "{}");
    let get = || mock.get("/zones/z/dns_records").anonymous();

    get().send_unchecked().expect(200);
    get().fault("status=503").send_unchecked().expect(503);
    let limited = get().send_unchecked().expect(429);

    assert_eq!(limited.header("x-mock-rule"), "cloudflare.limits.too-many-requests");
    assert_eq!(other.received().len(), 1);
}

#[test]
fn the_bound_of_responses_is_listed() {
    let settings = TestServer::start().get("/__admin/settings").send().expect(200).json();

    let bounds = settings["bounds"].as_array().unwrap();
    let bound = bounds.iter().find(|bound| bound["name"] == "fallback-bytes").unwrap();
    assert_eq!((&bound["limit"], &bound["scope"]), (&json!(16_777_216), &json!("request")));
}
