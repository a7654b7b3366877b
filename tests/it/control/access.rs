//! Access to the admin API: by host, origin and token, or disabled.

use access_groups_mock::{AdminAccess, Config};
use serde_json::json;

use super::{assert_problem, create_legacy_group, legacy_group_names};
use crate::support::operations::operations;
use crate::support::{TestRequest, TestResponse, TestServer};

const NO_TOKEN: &str = "the admin API requires the token that the server was started with";

fn with_token() -> TestServer {
    TestServer::with_config(
        Config { admin: AdminAccess::Token("s3cret".to_owned()), ..Config::default() },
        "{}",
    )
}

/// Starts a server whose configured address is not a loopback address.
fn bound_to_network(admin: AdminAccess) -> TestServer {
    TestServer::with_config(
        Config { address: Some(([0, 0, 0, 0], 4010).into()), admin, ..Config::default() },
        "{}",
    )
}

fn state(mock: &TestServer) -> TestRequest<'_> {
    mock.get("/__admin/state").anonymous()
}

fn assert_no_token(response: &TestResponse) {
    assert_problem(response, 401, NO_TOKEN, "");
    assert_eq!(response.header("x-mock-rule"), "admin.auth.token-required");
}

#[test]
fn local_requests_need_no_token_by_default() {
    let mock = TestServer::start();

    state(&mock).send().expect(200);
}

#[test]
fn every_operation_except_health_requires_the_token() {
    let mock = with_token();
    create_legacy_group(&mock, "", "kept");

    for operation in operations().filter(|it| it.dialect() == "admin") {
        let target = operation.target();
        for prefix in ["", "/ns/one"] {
            let call =
                mock.request(&operation.method.to_uppercase(), &format!("{prefix}{target}")).anonymous();
            let response = call.send();
            if operation.id() == "admin_get_health" {
                assert_eq!(response.status, 200);
            } else {
                assert_no_token(&response);
            }
        }
    }
    assert_no_token(&mock.get("/__admin/nothing").anonymous().send());
    assert_eq!(legacy_group_names(&mock, ""), ["kept"], "vendor paths need no token, and nothing was reset");
}

#[test]
fn the_token_is_accepted_in_its_header_or_as_a_bearer_token() {
    let mock = with_token();

    state(&mock).header("X-Mock-Admin-Token", "s3cret").send().expect(200);
    state(&mock).header("authorization", "Bearer s3cret").send().expect(200);
    state(&mock).header("authorization", "bearer s3cret").send().expect(200);
    mock.get("/ns/one/__admin/state").header("x-mock-admin-token", "s3cret").send().expect(200);
}

#[test]
fn a_wrong_token_is_rejected() {
    let mock = with_token();

    for wrong in ["", "s3cre", "s3cret2", "S3CRET", "t3cret"] {
        assert_no_token(&state(&mock).header("x-mock-admin-token", wrong).send());
        assert_no_token(&state(&mock).header("authorization", &format!("Bearer {wrong}")).send());
    }
    assert_no_token(&state(&mock).header("authorization", "Basic czNjcmV0").send());
    assert_no_token(&state(&mock).header("authorization", "s3cret").send());
    // The header has precedence over the bearer token, which may be for the vendor API.
    let wrong_header =
        state(&mock).header("x-mock-admin-token", "wrong").header("authorization", "Bearer s3cret");
    assert_no_token(&wrong_header.send());
    let query = mock.get("/__admin/state?token=s3cret").anonymous().send();
    assert_no_token(&query);
}

#[test]
fn a_network_address_without_a_token_allows_only_the_health_check() {
    let mock = bound_to_network(AdminAccess::Open);

    mock.get("/__admin/health").anonymous().send().expect(200);
    for response in [
        state(&mock).send(),
        state(&mock).header("x-mock-admin-token", "").send(),
        state(&mock).header("x-mock-admin-token", "any").send(),
        mock.post("/__admin/reset").send(),
    ] {
        let title = "the server listens on a network address and has no admin token, so that its admin API is \
                     closed; start it with AGM_ADMIN_TOKEN, or with --host 127.0.0.1";
        assert_problem(&response, 401, title, "");
        assert_eq!(response.header("x-mock-rule"), "admin.auth.token-not-configured");
    }
    create_legacy_group(&mock, "", "the vendors' paths are open");
}

#[test]
fn a_network_address_with_a_token_allows_requests_with_the_token() {
    let mock = bound_to_network(AdminAccess::Token("s3cret".to_owned()));

    assert_no_token(&state(&mock).send());
    state(&mock).header("x-mock-admin-token", "s3cret").send().expect(200);
}

#[test]
fn a_foreign_host_is_rejected_even_with_a_token_or_a_prefix() {
    let mock = with_token();

    for target in ["/__admin/state", "/ns/one/__admin/state", "/__admin/healthy", "/__admin"] {
        let call = mock.get(target).anonymous().header("host", "evil.test:4010");
        let response = call.header("x-mock-admin-token", "s3cret").send();

        let title =
            "the host `evil.test:4010` is not allowed to use the admin API; allow it with --allow-host";
        assert_problem(&response, 403, title, "");
    }
    mock.get("/api2/access_groups.json").header("host", "evil.test").send().expect(200);
}

#[test]
fn the_health_check_accepts_every_host() {
    let mock = with_token();

    for host in ["docker", "host.docker.internal:32768", "evil.test", "172.17.0.1:32768"] {
        mock.get("/__admin/health").anonymous().header("host", host).send().expect(200);
    }
    let two_hosts = "GET /__admin/health HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n";
    assert!(mock.send_raw(two_hosts.as_bytes()).starts_with("HTTP/1.1 200"));
    let namespaces = mock.get("/__admin/namespaces").anonymous().header("x-mock-admin-token", "s3cret");
    mock.get("/ns/one/__admin/health").anonymous().header("host", "docker").send().expect(200);
    assert_eq!(namespaces.send().expect(200).json()["namespaces"].as_array().unwrap().len(), 1);
}

/// A page can be served under a name that resolves to another address later, but not under another address.
#[test]
fn an_ip_address_is_accepted_as_the_host_but_not_as_a_foreign_origin() {
    let mock = TestServer::start();

    for host in ["172.17.0.1:32768", "192.0.2.7", "[2001:db8::1]:4010"] {
        state(&mock).header("host", host).send().expect(200);
        let origin = format!("http://{host}");
        state(&mock).header("host", host).header("origin", &origin).send().expect(200);
        state(&mock).header("host", "localhost").header("origin", &origin).send().expect(403);
    }
    state(&mock).header("host", "172.17.0.1.evil.test").send().expect(403);
}

#[test]
fn a_malformed_host_is_rejected_although_it_looks_local() {
    let mock = TestServer::start();

    for host in ["[::1]evil.test", "[::1", "localhost:x", "user@localhost", ".localhost", "127.0.0.1:4010:1"]
    {
        let request = format!("GET /__admin/state HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let response = mock.send_raw(request.as_bytes());
        // The HTTP library rejects some of them itself.
        let status = response.get(9..12).unwrap_or_default();
        assert!(["400", "403"].contains(&status), "{host}: {response}");
    }
    for host in ["localhost.", "LOCALHOST:80", "[::ffff:127.0.0.1]:4010", "a.localhost"] {
        state(&mock).header("host", host).send().expect(200);
    }
}

#[test]
fn a_request_with_two_hosts_or_two_origins_is_rejected() {
    let mock = TestServer::start();
    let send = |target: &str, headers: &str| {
        let request =
            format!("POST {target} HTTP/1.1\r\n{headers}Connection: close\r\nContent-Length: 0\r\n\r\n");
        mock.send_raw(request.as_bytes())
    };
    create_legacy_group(&mock, "", "kept");
    let address = mock.url().replace("http://", "");

    for (target, headers, rule) in [
        ("/__admin/reset", "Host: localhost\r\nHost: localhost\r\n".to_owned(), "hosts.not-allowed"),
        ("/__admin/reset", "Host: localhost\r\nHost: evil.test\r\n".to_owned(), "hosts.not-allowed"),
        ("http://localhost/__admin/reset", "Host: evil.test\r\n".to_owned(), "hosts.not-allowed"),
        (
            "/__admin/reset",
            format!("Host: {address}\r\nOrigin: http://{address}\r\nOrigin: http://evil.test\r\n"),
            "origins.not-allowed",
        ),
        ("/__admin/reset", format!("Host: {address}\r\nOrigin: foo://{address}\r\n"), "origins.not-allowed"),
    ] {
        let response = send(target, &headers);
        assert!(response.starts_with("HTTP/1.1 403"), "{headers}: {response}");
        assert!(response.contains(&format!("x-mock-rule: admin.{rule}")), "{headers}: {response}");
    }

    assert_eq!(legacy_group_names(&mock, ""), ["kept"]);
}

#[test]
fn an_allowed_host_is_accepted() {
    let mock = TestServer::with_config(
        Config { allow_hosts: vec!["mock.test".to_owned()], ..Config::default() },
        "{}",
    );

    state(&mock).header("host", "mock.test:4010").send().expect(200);
    state(&mock).header("host", "localhost:1").send().expect(200);
    state(&mock).header("host", "[::1]:4010").send().expect(200);
    state(&mock).header("host", "notmock.test").send().expect(403);
}

#[test]
fn a_foreign_origin_is_rejected_without_effect() {
    let mock = TestServer::start();
    create_legacy_group(&mock, "", "kept");

    for origin in ["http://evil.test", "null", "http://127.0.0.1:1", "https://localhost.evil.test"] {
        let response = mock.post("/__admin/reset").anonymous().header("origin", origin).send();

        let title =
            format!("the origin `{origin}` is not allowed to use the admin API; allow it with --cors");
        assert_problem(&response, 403, &title, "");
    }
    assert_eq!(legacy_group_names(&mock, ""), ["kept"]);
    state(&mock).header("origin", &mock.url()).send().expect(200);
}

#[test]
fn a_cors_origin_is_accepted_but_a_wildcard_is_not() {
    let named = TestServer::with_config(
        Config { cors: vec!["http://app.test".to_owned()], ..Config::default() },
        "{}",
    );
    let any = TestServer::with_config(Config { cors: vec!["*".to_owned()], ..Config::default() }, "{}");

    let allowed = state(&named).header("origin", "http://app.test").send().expect(200);
    assert_eq!(allowed.header("access-control-allow-origin"), "http://app.test");
    state(&named).header("origin", "http://other.test").send().expect(403);
    state(&any).header("origin", "http://app.test").send().expect(403);
}

#[test]
fn a_disabled_admin_api_is_404_and_vendor_apis_still_work() {
    let mock = TestServer::with_config(Config { admin: AdminAccess::Disabled, ..Config::default() }, "{}");
    create_legacy_group(&mock, "", "kept");

    for target in ["/__admin/health", "/__admin/state", "/ns/one/__admin/state", "/__admin/nothing"] {
        let response = mock.get(target).header("x-mock-admin-token", "").send();
        assert_problem(&response, 404, "the admin API of this server is disabled", "");
    }
    let reset = mock.post("/__admin/reset").send();
    assert_problem(&reset, 404, "the admin API of this server is disabled", "");
    assert_eq!(legacy_group_names(&mock, ""), ["kept"]);
}

#[test]
fn an_unknown_path_or_method_of_the_admin_api_is_404_or_405() {
    let mock = TestServer::start();

    let path = mock.get("/__admin/nothing").send();
    let method = mock.delete("/__admin/clock").send();
    let reset = mock.get("/__admin/reset").send();

    assert_problem(&path, 404, "no API of this server has the path `/__admin/nothing`", "");
    assert_problem(&method, 405, "the path does not support the method DELETE", "");
    assert_eq!(method.header("allow"), "GET, PUT");
    assert_eq!(reset.expect(405).header("allow"), "POST");
}

#[test]
fn every_operation_with_a_body_rejects_an_invalid_one_with_a_detail() {
    let mock = TestServer::start();

    for operation in operations().filter(|it| it.dialect() == "admin" && it.request_body().is_some()) {
        for (body, description) in [
            ("[7]", "an array"),
            ("{", "a truncated object"),
            ("7", "a number"),
            (r#"{"no-such-member":1}"#, "an unknown field"),
            ("{\"a\":\"\u{1}\"}", "a control character"),
        ] {
            let call = mock.request(&operation.method.to_uppercase(), &operation.target());
            let response = call.body(body).header("content-type", "application/json").send().expect(400);

            let problem = response.json()["errors"][0].clone();
            assert!(
                !problem["detail"].as_str().unwrap_or_default().is_empty(),
                "{}: {description}: {problem}",
                operation.name()
            );
            assert_eq!(problem["code"], json!(400));
        }
    }
}
