//! Requests of web pages: pages of other sites have no access to the admin API, and cannot write without credentials.

use access_groups_mock::{AuthMode, Config};
use serde_json::json;

use super::{assert_problem, create_legacy_group, legacy_group_names};
use crate::support::{TestRequest, TestServer};

/// The requests that a page can send without a preflight and that would create an object, one for each vendor.
const SIMPLE_WRITES: [(&str, &str); 4] = [
    (
        "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups",
        r#"{"name":"a","include":[{"everyone":{}}]}"#,
    ),
    ("/v2/groups?account_id=a", r#"{"name":"a"}"#),
    ("/v1/groups", r#"{"name":"a","users":[],"admins":[]}"#),
    ("/api2/access_groups.json", r#"{"entry":{"name":"a"}}"#),
];

fn without_credentials(cors: &[&str]) -> TestServer {
    let cors = cors.iter().map(|origin| (*origin).to_owned()).collect();
    TestServer::with_config(Config { auth: AuthMode::Off, cors, ..Config::default() }, "{}")
}

/// Builds a request of a form or of `fetch` without special headers.
fn simple_write<'a>(mock: &'a TestServer, target: &str, body: &str) -> TestRequest<'a> {
    mock.post(target).anonymous().header("content-type", "text/plain").body(body)
}

#[test]
fn a_foreign_page_writes_nothing_when_credentials_are_not_checked() {
    let mock = without_credentials(&[]);

    for (target, body) in SIMPLE_WRITES {
        for (header, value) in
            [("origin", "http://evil.test"), ("origin", "null"), ("sec-fetch-site", "cross-site")]
        {
            let response = simple_write(&mock, target, body).header(header, value).send();
            assert!([400, 401].contains(&response.status), "{target} {value}: {}", response.text());
        }
    }
    mock.get("/ns/new/v1/groups").anonymous().header("sec-fetch-site", "cross-site").send().expect(401);

    let groups = mock.get("/__admin/groups").send().expect(200).json();
    assert_eq!(groups["groups"], json!([]));
    let list = mock.get("/__admin/namespaces").send().expect(200).json();
    assert_eq!(list["namespaces"].as_array().unwrap().len(), 1);
}

#[test]
fn other_clients_need_no_credential_when_credentials_are_not_checked() {
    let mock = without_credentials(&["http://app.test"]);
    let target = "/v2/groups?account_id=a";

    for (header, value) in [
        ("user-agent", "curl"),
        ("origin", "http://app.test"),
        ("origin", "http://localhost:3000"),
        ("origin", mock.url().as_str()),
        ("sec-fetch-site", "none"),
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-site", "same-site"),
    ] {
        let body = r#"{"name":"a"}"#;
        simple_write(&mock, target, body).header(header, value).send().expect(201);
    }
    let any = without_credentials(&["*"]);
    simple_write(&any, target, r#"{"name":"a"}"#).header("origin", "http://any.test").send().expect(201);
}

#[test]
fn a_foreign_page_with_a_credential_is_accepted() {
    let mock = without_credentials(&[]);
    let write = mock.post("/api2/access_groups.json").json(json!({"entry": {"name": "a"}}));

    write.header("origin", "http://evil.test").send().expect(201);
}

#[test]
fn a_cross_site_request_without_an_origin_has_no_access_to_the_admin_api() {
    let mock = TestServer::start();
    create_legacy_group(&mock, "", "kept");

    let get = mock.get("/__admin/state").header("sec-fetch-site", "cross-site").send();
    let post = mock.post("/__admin/reset").header("sec-fetch-site", "cross-site").send();

    for response in [get, post] {
        assert_problem(&response, 403, "a page of another site is not allowed to use the admin API", "");
        assert_eq!(response.header("x-mock-rule"), "admin.origins.cross-site");
    }
    assert_eq!(legacy_group_names(&mock, ""), ["kept"]);
    for site in ["none", "same-origin", "same-site"] {
        mock.get("/__admin/state").header("sec-fetch-site", site).send().expect(200);
    }
}

#[test]
fn an_allowed_origin_has_access_to_the_admin_api_from_another_site() {
    let config = Config { cors: vec!["http://app.test".to_owned()], ..Config::default() };
    let mock = TestServer::with_config(config, "{}");

    let request = mock.get("/__admin/state").header("sec-fetch-site", "cross-site");
    request.header("origin", "http://app.test").send().expect(200);
}

#[test]
fn every_response_of_the_admin_api_has_security_headers() {
    let mock = TestServer::start();

    for (target, status) in [
        ("/__admin/health", 200),
        ("/__admin/state", 200),
        ("/__admin/openapi.yaml", 200),
        ("/__admin/nothing", 404),
        ("/__admin/requests/stream?limit=0", 200),
    ] {
        let response = mock.get(target).send().expect(status);
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(response.header(name), value, "{target}");
        }
        assert!(response.header("cache-control").starts_with("no-"), "{target}");
    }
    let vendor = mock.get("/v1/groups").send().expect(200);
    assert_eq!(vendor.header("x-content-type-options"), "", "the headers of vendors are theirs");
}
