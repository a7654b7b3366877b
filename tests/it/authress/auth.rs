//! Credentials: JWTs, raw access keys and opaque tokens.

use access_groups_mock::{AuthMode, Config};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{ITEM, LIST, assert_error, group_body};
use crate::support::TestServer;

const TITLE: &str = "The access token is missing, malformed, unknown or expired";

const KEY: &str =
    "sc_client.uDeF.acc-test_account.MC4CAQAwBQYDK2VwBCIEIDVjjrIVCH3dVRq4ixRzBwjVTest+/Key0123456789AAA==";

/// Returns a JWT with an arbitrary signature.
fn jwt(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.c2lnbmF0dXJl", part(header), part(claims))
}

/// Returns a JWT as clients create it from an access key.
fn client_jwt(client_id: &str, key_id: &str, expires: i64) -> String {
    jwt(
        &json!({"alg": "EdDSA", "kid": key_id, "typ": "at+jwt"}),
        &json!({"sub": client_id, "client_id": client_id, "exp": expires}),
    )
}

fn status(mock: &TestServer, authorization: &str) -> u16 {
    mock.get(LIST).header("authorization", authorization).send().status
}

fn strict() -> TestServer {
    let seed = json!({
        "credentials": [
            {"dialect": "authress", "secret": KEY},
            {"dialect": "authress", "secret": "reader", "role": "viewer"},
            {"dialect": "authress", "secret": "sc_reader.k1.acc.AAAA", "role": "viewer"},
            {"dialect": "authress", "secret": "stranger", "role": "none"},
            {"dialect": "cloudflare", "secret": "foreign"}
        ],
        "authress": {"groups": [{"groupId": "grp_a", "name": "a", "users": [], "admins": []}]}
    });
    TestServer::with_config(Config { auth: AuthMode::Strict, ..Config::default() }, &seed.to_string())
}

#[test]
fn a_missing_token_is_401_on_every_operation() {
    let mock = TestServer::start();

    for (method, path) in
        [("GET", LIST), ("POST", LIST), ("GET", ITEM), ("PUT", ITEM), ("POST", ITEM), ("DELETE", ITEM)]
    {
        let response = mock.request(method, path).anonymous().send().expect(401);
        assert_error(&response, "Unauthorized", TITLE);
    }
}

#[test]
fn a_header_without_a_usable_token_is_401() {
    let mock = TestServer::start();

    for authorization in
        ["", "Bearer", "Bearer ", "Bearer undefined", "Basic eA==", "token", "Bearer Bearer x"]
    {
        assert_eq!(status(&mock, authorization), 401, "{authorization}");
    }
}

#[test]
fn jwts_access_keys_and_opaque_tokens_are_accepted() {
    let mock = TestServer::start();

    for token in [
        &client_jwt("sc_client", "uDeF", 4_102_444_800),
        &jwt(&json!({"alg": "RS256"}), &json!({"sub": "user"})),
        KEY,
        "opaque",
        "a.b.c",
    ] {
        assert_eq!(status(&mock, &format!("Bearer {token}")), 200, "{token}");
    }
}

#[test]
fn an_expired_jwt_is_401() {
    let mock = TestServer::start();

    let token = client_jwt("sc_client", "uDeF", 1_700_000_000);
    let response = mock.get(LIST).header("authorization", &format!("Bearer {token}")).send().expect(401);

    assert_error(&response, "Unauthorized", TITLE);
    let fraction = jwt(&json!({}), &json!({"exp": 1_700_000_000.5}));
    assert_eq!(status(&mock, &format!("Bearer {fraction}")), 401);
}

#[test]
fn auth_off_accepts_every_request() {
    let mock = TestServer::with_config(Config { auth: AuthMode::Off, ..Config::default() }, "{}");

    mock.get(LIST).anonymous().send().expect(200);
    mock.post(LIST).anonymous().json(group_body("a")).send().expect(201);
    let token = client_jwt("sc_client", "uDeF", 1_700_000_000);
    assert_eq!(status(&mock, &format!("Bearer {token}")), 200);
}

#[test]
fn strict_mode_accepts_only_seeded_secrets() {
    let mock = strict();

    assert_eq!(status(&mock, &format!("Bearer {KEY}")), 200);
    assert_eq!(status(&mock, "Bearer reader"), 200);
    for unknown in ["other", "foreign", "sc_client.uDeF.acc-test_account.AAAA", "READER"] {
        assert_eq!(status(&mock, &format!("Bearer {unknown}")), 401, "{unknown}");
    }
}

#[test]
fn strict_mode_accepts_jwts_made_with_a_seeded_access_key() {
    let mock = strict();

    let token =
        |client_id: &str, key_id: &str| format!("Bearer {}", client_jwt(client_id, key_id, 4_102_444_800));

    assert_eq!(status(&mock, &token("sc_client", "uDeF")), 200);
    assert_eq!(status(&mock, &token("sc_client", "other")), 401);
    assert_eq!(status(&mock, &token("other", "uDeF")), 401);
    let expired = client_jwt("sc_client", "uDeF", 1_700_000_000);
    assert_eq!(status(&mock, &format!("Bearer {expired}")), 401);
    let by_client_id = jwt(&json!({"kid": "uDeF"}), &json!({"client_id": "sc_client"}));
    assert_eq!(status(&mock, &format!("Bearer {by_client_id}")), 200);
}

#[test]
fn a_known_credential_without_permission_is_403() {
    let mock = strict();
    let title = "The caller does not have permission to do this";

    let request = |method: &str, path: &str, token: &str| {
        mock.request(method, path)
            .header("authorization", &format!("Bearer {token}"))
            .json(group_body("b"))
            .send()
    };

    let reader = client_jwt("sc_reader", "k1", 4_102_444_800);
    for token in ["reader", reader.as_str()] {
        for (method, path) in [("POST", LIST), ("PUT", ITEM), ("POST", ITEM), ("DELETE", ITEM)] {
            assert_error(&request(method, path, token).expect(403), "Forbidden", title);
        }
    }
    let read = |path: &str| mock.get(path).header("authorization", "Bearer stranger").send();
    assert_error(&read(LIST).expect(403), "Forbidden", title);
    assert_error(&read(ITEM).expect(403), "Forbidden", title);
    request("PUT", ITEM, KEY).expect(200);
}
