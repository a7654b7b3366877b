//! Protocol behavior common to all operations: headers, preflight, unknown paths and methods, HEAD.

use super::{ITEM, LIST, assert_error, group_body, with_group};
use crate::support::{TestResponse, TestServer};

#[track_caller]
fn assert_headers(response: &TestResponse, origin: &str) {
    assert_eq!(response.header("access-control-allow-origin"), origin);
    assert_eq!(response.header("vary"), "Origin, Host, Sec-Fetch-Dest, Sec-Fetch-Mode, Sec-Fetch-Site");
    assert_eq!(response.header("strict-transport-security"), "max-age=31556926; includeSubDomains;");
    assert_eq!(response.header("x-region"), "eu-west-1");
    assert_eq!(response.header("x-request-id").len(), 36);
}

#[test]
fn every_response_allows_the_requesting_origin() {
    let mock = with_group();
    let origin = "https://app.test";

    for (method, path, status) in [
        ("GET", LIST, 200),
        ("GET", ITEM, 200),
        ("GET", "/v1/groups/grp_b", 404),
        ("GET", "/v1/nothing", 404),
        ("PATCH", ITEM, 405),
        ("DELETE", ITEM, 204),
    ] {
        let response = mock.request(method, path).header("origin", origin).send().expect(status);
        assert_headers(&response, origin);
        assert_eq!(response.header("cache-control"), "no-store");
    }
    assert_headers(&mock.get(LIST).send().expect(200), "*");
    assert_headers(&mock.get(LIST).anonymous().header("origin", origin).send().expect(401), origin);
}

#[test]
fn a_preflight_is_200_on_every_path_without_a_credential() {
    let mock = TestServer::start();

    for path in [LIST, ITEM, "/v1/groups/", "/v1/anything"] {
        let request = mock.request("OPTIONS", path).anonymous().header("origin", "https://app.test");
        let response = request.header("access-control-request-method", "PUT").send().expect(200);

        assert_headers(&response, "https://app.test");
        assert_eq!(response.header("cache-control"), "public, max-age=3600");
        assert_eq!(response.header("access-control-allow-methods"), "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT");
        let allowed: Vec<&str> = response.header("access-control-allow-headers").split(',').collect();
        for header in ["Authorization", "Content-Type", "If-Unmodified-Since"] {
            assert!(allowed.contains(&header), "{header}");
        }
        assert_eq!(response.text(), "");
    }
}

#[test]
fn an_unknown_path_is_404_also_with_a_trailing_slash() {
    let mock = with_group();

    for path in [
        "/v1",
        "/v1/",
        "/v1/groups/",
        "/v1/groups/grp_a/",
        "/v1/groups/grp_a/users",
        "/v1/roles/",
        "/v1/clients",
        "/v1/Groups",
    ] {
        let response = mock.get(path).send().expect(404);
        assert_error(&response, "NotFound", &format!("The path `{path}` does not exist"));
    }
}

#[test]
fn a_wrong_method_is_405_with_allow() {
    let mock = with_group();

    let list = mock.put(LIST).json(group_body("a")).send().expect(405);
    let item = mock.patch(ITEM).json(group_body("a")).send().expect(405);

    assert_eq!(list.header("allow"), "GET, POST");
    assert_error(&list, "MethodNotAllowed", "The path does not support the method PUT");
    assert_eq!(item.header("allow"), "GET, PUT, POST, DELETE");
    assert_error(&item, "MethodNotAllowed", "The path does not support the method PATCH");
}

#[test]
fn head_matches_get_without_a_body() {
    let mock = with_group();
    let head = |path: &str| {
        let request = format!(
            "HEAD {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n"
        );
        mock.send_raw(request.as_bytes()).to_ascii_lowercase()
    };

    for (path, status) in [(LIST, 200), (ITEM, 200), ("/v1/groups/grp_b", 404), ("/v1/groups?x=1", 400)] {
        let response = head(path);
        assert!(response.starts_with(&format!("http/1.1 {status} ")), "{response}");
        assert!(response.contains("content-type: application/links+json\r\n"), "{response}");
        assert!(response.contains("x-request-id: "), "{response}");
        assert!(response.ends_with("\r\n\r\n"), "{response}");
    }
}

#[test]
fn every_request_id_is_generated_by_the_server() {
    let mock = TestServer::start();

    let first = mock.get(LIST).header("x-request-id", "mine").send();
    let second = mock.get(LIST).send();

    assert_ne!(first.header("x-request-id"), "mine");
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
}

#[test]
fn accept_is_not_negotiated() {
    let mock = TestServer::start();

    for accept in ["application/json", "text/html", "*/*"] {
        let response = mock.get(LIST).header("accept", accept).send().expect(200);
        assert_eq!(response.header("content-type"), "application/links+json");
    }
}
