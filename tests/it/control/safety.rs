//! Who may use the server's own API: by host, by origin, by token, or nobody.

use access_groups_mock::{AdminAccess, Config};
use serde_json::json;

use super::{assert_problem, create, names};
use crate::support::operations::operations;
use crate::support::{Call, Mock, Reply};

const NO_TOKEN: &str = "this API needs the token that the server was started with";

fn with_token() -> Mock {
    Mock::with(Config { admin: AdminAccess::Token("s3cret".to_owned()), ..Config::default() }, "{}")
}

/// A server that says that it is bound to an address of the network.
fn bound_elsewhere(admin: AdminAccess) -> Mock {
    Mock::with(Config { address: Some(([0, 0, 0, 0], 4010).into()), admin, ..Config::default() }, "{}")
}

fn state(mock: &Mock) -> Call<'_> {
    mock.get("/__admin/state").anonymous()
}

fn assert_no_token(reply: &Reply) {
    assert_problem(reply, 401, NO_TOKEN, "");
    assert_eq!(reply.header("x-mock-rule"), "admin.auth.token");
}

#[test]
fn without_a_token_this_machine_may_do_everything() {
    let mock = Mock::start();

    state(&mock).send().expect(200);
}

#[test]
fn a_token_is_asked_for_everywhere_but_in_the_health_check() {
    let mock = with_token();
    create(&mock, "", "kept");

    for operation in operations().filter(|it| it.dialect() == "admin") {
        let target = operation.target();
        for prefix in ["", "/ns/one"] {
            let call = mock.call(&operation.method.to_uppercase(), &format!("{prefix}{target}")).anonymous();
            let reply = call.send();
            if operation.id() == "admin_get_health" {
                assert_eq!(reply.status, 200);
            } else {
                assert_no_token(&reply);
            }
        }
    }
    assert_no_token(&mock.get("/__admin/nothing").anonymous().send());
    assert_eq!(names(&mock, ""), ["kept"], "the vendors' paths need none, and nothing was reset");
}

#[test]
fn the_token_is_taken_from_its_header_or_as_a_bearer() {
    let mock = with_token();

    state(&mock).header("X-Mock-Admin-Token", "s3cret").send().expect(200);
    state(&mock).header("authorization", "Bearer s3cret").send().expect(200);
    state(&mock).header("authorization", "bearer s3cret").send().expect(200);
    mock.get("/ns/one/__admin/state").header("x-mock-admin-token", "s3cret").send().expect(200);
}

#[test]
fn another_token_is_none() {
    let mock = with_token();

    for wrong in ["", "s3cre", "s3cret2", "S3CRET", "t3cret"] {
        assert_no_token(&state(&mock).header("x-mock-admin-token", wrong).send());
        assert_no_token(&state(&mock).header("authorization", &format!("Bearer {wrong}")).send());
    }
    assert_no_token(&state(&mock).header("authorization", "Basic czNjcmV0").send());
    assert_no_token(&state(&mock).header("authorization", "s3cret").send());
    // The header goes before the bearer, which may be the vendor's.
    let both = state(&mock).header("x-mock-admin-token", "wrong").header("authorization", "Bearer s3cret");
    assert_no_token(&both.send());
    let query = mock.get("/__admin/state?token=s3cret").anonymous().send();
    assert_no_token(&query);
}

#[test]
fn bound_elsewhere_without_a_token_only_the_health_check_is_answered() {
    let mock = bound_elsewhere(AdminAccess::Open);

    mock.get("/__admin/health").anonymous().send().expect(200);
    assert_no_token(&state(&mock).send());
    assert_no_token(&state(&mock).header("x-mock-admin-token", "").send());
    assert_no_token(&mock.post("/__admin/reset").send());
    create(&mock, "", "the vendors' paths are open");
}

#[test]
fn bound_elsewhere_with_a_token_the_token_is_enough() {
    let mock = bound_elsewhere(AdminAccess::Token("s3cret".to_owned()));

    assert_no_token(&state(&mock).send());
    state(&mock).header("x-mock-admin-token", "s3cret").send().expect(200);
}

#[test]
fn a_foreign_host_is_refused_also_with_a_token_and_a_prefix() {
    let mock = with_token();

    for target in ["/__admin/state", "/ns/one/__admin/state", "/__admin/health", "/__admin"] {
        let call = mock.get(target).anonymous().header("host", "evil.test:4010");
        let reply = call.header("x-mock-admin-token", "s3cret").send();

        let title = "the host `evil.test:4010` may not use this API; allow it with --allow-host";
        assert_problem(&reply, 403, title, "");
    }
    mock.get("/api2/access_groups.json").header("host", "evil.test").send().expect(200);
}

#[test]
fn an_allowed_host_may_use_it() {
    let mock = Mock::with(Config { allow_hosts: vec!["mock.test".to_owned()], ..Config::default() }, "{}");

    state(&mock).header("host", "mock.test:4010").send().expect(200);
    state(&mock).header("host", "localhost:1").send().expect(200);
    state(&mock).header("host", "[::1]:4010").send().expect(200);
    state(&mock).header("host", "notmock.test").send().expect(403);
}

#[test]
fn a_foreign_origin_is_refused_and_changes_nothing() {
    let mock = Mock::start();
    create(&mock, "", "kept");

    for origin in ["http://evil.test", "null", "http://127.0.0.1:1", "https://localhost.evil.test"] {
        let reply = mock.post("/__admin/reset").anonymous().header("origin", origin).send();

        let title = format!("the origin `{origin}` may not use this API; allow it with --cors");
        assert_problem(&reply, 403, &title, "");
    }
    assert_eq!(names(&mock, ""), ["kept"]);
    state(&mock).header("origin", &mock.url()).send().expect(200);
}

#[test]
fn an_origin_that_cors_names_may_use_it_and_a_wildcard_names_none() {
    let named = Mock::with(Config { cors: vec!["http://app.test".to_owned()], ..Config::default() }, "{}");
    let any = Mock::with(Config { cors: vec!["*".to_owned()], ..Config::default() }, "{}");

    let allowed = state(&named).header("origin", "http://app.test").send().expect(200);
    assert_eq!(allowed.header("access-control-allow-origin"), "http://app.test");
    state(&named).header("origin", "http://other.test").send().expect(403);
    state(&any).header("origin", "http://app.test").send().expect(403);
}

#[test]
fn without_an_api_of_its_own_the_server_has_none_and_the_vendors_stay() {
    let mock = Mock::with(Config { admin: AdminAccess::Closed, ..Config::default() }, "{}");
    create(&mock, "", "kept");

    for target in ["/__admin/health", "/__admin/state", "/ns/one/__admin/state", "/__admin/nothing"] {
        let reply = mock.get(target).header("x-mock-admin-token", "").send();
        assert_problem(&reply, 404, "this server runs without its own API", "");
    }
    let reset = mock.post("/__admin/reset").send();
    assert_problem(&reset, 404, "this server runs without its own API", "");
    assert_eq!(names(&mock, ""), ["kept"]);
}

#[test]
fn a_wrong_path_or_method_of_the_servers_own_api_says_what_there_is() {
    let mock = Mock::start();

    let path = mock.get("/__admin/nothing").send();
    let method = mock.delete("/__admin/clock").send();
    let reset = mock.get("/__admin/reset").send();

    assert_problem(&path, 404, "no API of this server has the path `/__admin/nothing`", "");
    assert_problem(&method, 405, "the path does not take the method DELETE", "");
    assert_eq!(method.header("allow"), "GET, PUT");
    assert_eq!(reset.expect(405).header("allow"), "POST");
}

#[test]
fn every_operation_that_reads_a_body_says_what_is_wrong_with_it() {
    let mock = Mock::start();

    for operation in operations().filter(|it| it.dialect() == "admin" && it.body().is_some()) {
        for (body, what) in [
            ("[7]", "an array"),
            ("{", "half an object"),
            ("7", "a number"),
            (r#"{"no-such-member":1}"#, "an unknown member"),
            ("{\"a\":\"\u{1}\"}", "a control character"),
        ] {
            let call = mock.call(&operation.method.to_uppercase(), &operation.target());
            let reply = call.body(body).header("content-type", "application/json").send().expect(400);

            let problem = reply.json()["errors"][0].clone();
            assert!(
                !problem["detail"].as_str().unwrap_or_default().is_empty(),
                "{}: {what}: {problem}",
                operation.name()
            );
            assert_eq!(problem["code"], json!(400));
        }
    }
}
