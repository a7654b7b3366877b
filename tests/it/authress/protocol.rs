//! What stands on every answer: headers, preflight, unknown paths and methods, HEAD.

use super::{ITEM, LIST, assert_error, named, with_group};
use crate::support::{Mock, Reply};

#[track_caller]
fn assert_headers(reply: &Reply, origin: &str) {
    assert_eq!(reply.header("access-control-allow-origin"), origin);
    assert_eq!(reply.header("vary"), "Origin");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("x-request-id").len(), 36);
}

#[test]
fn every_answer_can_be_read_from_the_origin_that_asked() {
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
        let reply = mock.call(method, path).header("origin", origin).send().expect(status);
        assert_headers(&reply, origin);
    }
    assert_headers(&mock.get(LIST).send().expect(200), "*");
    assert_headers(&mock.get(LIST).anonymous().header("origin", origin).send().expect(401), origin);
}

#[test]
fn a_preflight_is_200_on_every_path_without_a_credential() {
    let mock = Mock::start();

    for path in [LIST, ITEM, "/v1/groups/", "/v1/anything"] {
        let call = mock.call("OPTIONS", path).anonymous().header("origin", "https://app.test");
        let reply = call.header("access-control-request-method", "PUT").send().expect(200);

        assert_headers(&reply, "https://app.test");
        assert_eq!(reply.header("access-control-allow-methods"), "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT");
        let allowed: Vec<&str> = reply.header("access-control-allow-headers").split(',').collect();
        for header in ["Authorization", "Content-Type", "If-Unmodified-Since"] {
            assert!(allowed.contains(&header), "{header}");
        }
        assert_eq!(reply.text(), "");
    }
}

#[test]
fn an_unknown_path_is_404_also_with_a_slash_at_the_end() {
    let mock = with_group();

    for path in [
        "/v1",
        "/v1/",
        "/v1/groups/",
        "/v1/groups/grp_a/",
        "/v1/groups/grp_a/users",
        "/v1/roles",
        "/v1/Groups",
    ] {
        let reply = mock.get(path).send().expect(404);
        assert_error(&reply, "NotFound", &format!("The path `{path}` does not exist"));
    }
}

#[test]
fn a_wrong_method_is_405_with_allow() {
    let mock = with_group();

    let list = mock.put(LIST).json(named("a")).send().expect(405);
    let item = mock.patch(ITEM).json(named("a")).send().expect(405);

    assert_eq!(list.header("allow"), "GET, POST");
    assert_error(&list, "MethodNotAllowed", "The path does not support the method PUT");
    assert_eq!(item.header("allow"), "GET, PUT, POST, DELETE");
    assert_error(&item, "MethodNotAllowed", "The path does not support the method PATCH");
}

#[test]
fn head_answers_as_get_without_a_body() {
    let mock = with_group();
    let head = |path: &str| {
        let request = format!(
            "HEAD {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n"
        );
        mock.raw(request.as_bytes()).to_ascii_lowercase()
    };

    for (path, status) in [(LIST, 200), (ITEM, 200), ("/v1/groups/grp_b", 404), ("/v1/groups?x=1", 400)] {
        let answer = head(path);
        assert!(answer.starts_with(&format!("http/1.1 {status} ")), "{answer}");
        assert!(answer.contains("content-type: application/links+json\r\n"), "{answer}");
        assert!(answer.contains("x-request-id: "), "{answer}");
        assert!(answer.ends_with("\r\n\r\n"), "{answer}");
    }
}

#[test]
fn the_identifier_of_a_request_is_the_servers_own_and_new_each_time() {
    let mock = Mock::start();

    let first = mock.get(LIST).header("x-request-id", "mine").send();
    let second = mock.get(LIST).send();

    assert_ne!(first.header("x-request-id"), "mine");
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
}

#[test]
fn accept_is_not_negotiated() {
    let mock = Mock::start();

    for accept in ["application/json", "text/html", "*/*"] {
        let reply = mock.get(LIST).header("accept", accept).send().expect(200);
        assert_eq!(reply.header("content-type"), "application/links+json");
    }
}
