//! Credentials.

use access_groups_mock::{AuthMode, Config};
use serde_json::json;

use super::{access_groups_path, assert_error, resource_groups_path};
use crate::support::{TestRequest, TestServer};

const KEY: &str = "144c9defac04969c7bfad8efaa8ea194";

fn anonymous(mock: &TestServer) -> TestRequest<'_> {
    mock.get(&resource_groups_path()).anonymous()
}

#[test]
fn any_one_well_formed_credential_is_enough() {
    let mock = TestServer::start();

    anonymous(&mock).header("authorization", "Bearer any-token_1.2").send().expect(200);
    anonymous(&mock).header("x-auth-email", "user@example.com").header("x-auth-key", KEY).send().expect(200);
    anonymous(&mock).header("x-auth-user-service-key", "v1.0-x").send().expect(200);
    mock.get(&access_groups_path())
        .header("x-auth-email", "user@example.com")
        .header("x-auth-key", KEY)
        .send()
        .expect(200);
}

#[test]
fn a_missing_or_incomplete_credential_is_9106() {
    let mock = TestServer::start();

    for response in [
        anonymous(&mock).send(),
        anonymous(&mock).header("x-auth-email", "user@example.com").send(),
        anonymous(&mock).header("x-auth-key", KEY).send(),
    ] {
        assert_error(
            &response.expect(400),
            9106,
            "Missing X-Auth-Key, X-Auth-Email or Authorization headers",
        );
    }
}

#[test]
fn a_malformed_credential_is_6003_with_an_error_chain() {
    let mock = TestServer::start();
    let assert_rejected = |request: TestRequest<'_>, code: u16, message: &str| {
        let response = request.send().expect(400);
        assert_error(&response, 6003, "Invalid request headers");
        assert_eq!(response.json()["errors"][0]["error_chain"], json!([{"code": code, "message": message}]));
    };

    let request = || anonymous(&mock);
    assert_rejected(
        request().header("authorization", "Basic eA=="),
        6111,
        "Invalid format for Authorization header",
    );
    assert_rejected(
        request().header("authorization", "Bearer a b"),
        6111,
        "Invalid format for Authorization header",
    );
    let keyed = request().header("x-auth-email", "user@example.com").header("x-auth-key", "a key");
    assert_rejected(keyed, 6103, "Invalid format for X-Auth-Key header");
    let mailed = request().header("x-auth-email", "nobody").header("x-auth-key", KEY);
    assert_rejected(mailed, 6102, "Invalid format for X-Auth-Email header");
}

#[test]
fn auth_off_needs_no_credential() {
    let mock = TestServer::with_config(Config { auth: AuthMode::Off, ..Config::default() }, "{}");

    anonymous(&mock).send().expect(200);
}

#[test]
fn strict_mode_checks_credential_account_and_role() {
    let mock = TestServer::with_config(
        Config { auth: AuthMode::Strict, ..Config::default() },
        r#"{"credentials":[
            {"dialect":"cloudflare","secret":"all"},
            {"dialect":"cloudflare","secret":"read","account":"023e105f4ecef8ad9ca31a8372d0c353","role":"viewer"},
            {"dialect":"cloudflare","secret":"key","email":"user@example.com"},
            {"dialect":"ibm","secret":"ibm"}]}"#,
    );
    let get =
        |path: &str, token: &str| mock.get(path).header("authorization", &format!("Bearer {token}")).send();
    let body = json!({"name": "a", "include": []});
    let post = |token: &str| {
        let request = mock.post(&access_groups_path()).header("authorization", &format!("Bearer {token}"));
        request.json(body.clone()).send()
    };

    get(&access_groups_path(), "all").expect(200);
    get(&access_groups_path(), "read").expect(200);
    post("all").expect(201);
    assert_error(&post("read").expect(403), 10000, "Authentication error");
    assert_error(&get(&access_groups_path(), "unknown").expect(401), 10000, "Authentication error");
    assert_error(&get(&access_groups_path(), "ibm").expect(401), 10000, "Authentication error");
    assert_error(&get(&access_groups_path(), "key").expect(401), 10000, "Authentication error");
    let foreign = get("/accounts/another/access/groups", "read").expect(403);
    assert_error(&foreign, 10000, "Authentication error");
    get(&access_groups_path().replace("023e", "%3023e"), "read").expect(200);
    let keyed = |key: &str| {
        anonymous(&mock).header("x-auth-email", "user@example.com").header("x-auth-key", key).send()
    };
    keyed("key").expect(200);
    assert_error(&keyed("other").expect(403), 9103, "Unknown X-Auth-Key or X-Auth-Email");
}
