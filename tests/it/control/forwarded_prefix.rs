//! Links behind a proxy that removes a prefix of the path and sends it in `X-Forwarded-Prefix`.

use access_groups_mock::Config;
use serde_json::json;

use super::crawl::crawl;
use super::helpers::DEMO_SEED;
use crate::support::TestServer;

/// Returns the base URL of the links in a response to a request with `X-Forwarded-Prefix`.
#[track_caller]
fn base_url(mock: &TestServer, namespace: &str, prefix: &str) -> String {
    let request = mock.get(&format!("{namespace}/v1/groups")).header("x-forwarded-prefix", prefix);
    let list = request.send().expect(200).json();
    list["links"]["self"]["href"].as_str().unwrap().split_once("/v1/groups").unwrap().0.to_owned()
}

#[test]
fn every_link_keeps_the_prefix() {
    let mock = TestServer::with_seed(DEMO_SEED);
    let mut links = 0;

    for target in crawl(&mock).into_keys() {
        let response = mock.get(&target).header("x-forwarded-prefix", "/mock").send_unchecked();
        let text = response.text();
        for (at, url) in text.match_indices(&mock.url()) {
            assert!(text[at + url.len()..].starts_with("/mock/"), "{target}: {}", &text[at..]);
            links += 1;
        }
    }

    assert!(links > 100, "{links} links");
    let create = mock.post("/api2/access_groups.json").header("x-forwarded-prefix", "/mock");
    let created = create.json(json!({"entry": {"name": "A"}})).send().expect(201);
    assert!(created.header("location").starts_with(&format!("{}/mock/api2/access_groups/", mock.url())));
}

#[test]
fn a_prefix_precedes_that_of_the_namespace_and_follows_those_of_outer_proxies() {
    let mock = TestServer::start();
    let url = mock.url();

    assert_eq!(base_url(&mock, "/ns/a", "/mock"), format!("{url}/mock/ns/a"));
    assert_eq!(base_url(&mock, "", "/outer, /inner/"), format!("{url}/outer/inner"));
    let repeated = "GET /v1/groups HTTP/1.1\r\nHost: a.test\r\nAuthorization: Bearer a\r\n\
                    X-Forwarded-Prefix: /outer\r\nX-Forwarded-Prefix: /inner\r\nX-Forwarded-Host: b.test\r\n\
                    Connection: close\r\n\r\n";
    let response = mock.send_raw(repeated.as_bytes());
    assert!(response.contains("\"http://b.test/outer/inner/v1/groups\""), "{response}");
}

#[test]
fn an_invalid_or_too_long_prefix_is_ignored() {
    let mock = TestServer::start();
    let long = format!("/{}", "x".repeat(2_000));

    for prefix in
        ["", "/", "mock", "//evil.test", "https://evil.test", "/a/../b", "/a?b", "/a#b", "/a\"b", &long]
    {
        assert_eq!(base_url(&mock, "", prefix), mock.url(), "{prefix}");
    }
}

#[test]
fn the_public_url_has_precedence() {
    let public_url = Some("http://mock.test/public".to_owned());
    let mock = TestServer::with_config(Config { public_url, ..Config::default() }, "{}");

    assert_eq!(base_url(&mock, "", "/mock"), "http://mock.test/public");
}
