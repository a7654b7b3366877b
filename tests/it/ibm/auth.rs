//! Authentication and authorization in each mode.

use access_groups_mock::{AuthMode, Config};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{BLUE, PUBLIC, assert_error, groups_path};
use crate::support::{TestResponse, TestServer};

/// Returns a bearer token with `claims` and an invalid signature.
fn token(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("Bearer {}.{}.eA", part(&json!({"alg": "RS256"})), part(claims))
}

fn list_with(mock: &TestServer, authorization: &str) -> TestResponse {
    mock.get(&groups_path("")).header("authorization", authorization).send()
}

const MESSAGE: &str = "The token is either missing or invalid";
const FORBIDDEN: &str = "Forbidden: You don't have the required access to complete this action. Contact your account owner for access";

const CREDENTIALS: &str = r#"{
    "credentials": [
        {"dialect": "ibm", "secret": "editor", "iam_id": "IBMid-editor"},
        {"dialect": "ibm", "secret": "viewer", "role": "viewer"},
        {"dialect": "ibm", "secret": "nothing", "role": "none"},
        {"dialect": "ibm", "secret": "of-a", "account": "a", "iam_id": "IBMid-a"},
        {"dialect": "legacy", "secret": "legacy"}
    ],
    "ibm": {"accounts": {"b": {"groups": [{"id": "g", "name": "g", "members": [{"iam_id": "IBMid-1", "type": "user"}]}]}}}
}"#;

fn strict() -> TestServer {
    TestServer::with_config(Config { auth: AuthMode::Strict, ..Config::default() }, CREDENTIALS)
}

fn bearer(mock: &TestServer, secret: &str) -> String {
    let form = format!("grant_type=urn:ibm:params:oauth:grant-type:apikey&apikey={secret}");
    let token = mock.post("/identity/token").body(form).send().expect(200).json();
    format!("Bearer {}", token["access_token"].as_str().unwrap())
}

#[test]
fn lenient_mode_accepts_any_credential_but_requires_one() {
    let mock = TestServer::start();

    list_with(&mock, "Bearer x").expect(200);
    list_with(&mock, "bearer  x").expect(200);
    list_with(&mock, "Basic eDp5").expect(200);
    for bad in ["", "Bearer", "Bearer ", "Basic", "Digest x"] {
        assert_error(&list_with(&mock, bad).expect(401), "invalid_token", MESSAGE);
    }
    assert_error(&mock.get(&groups_path("")).anonymous().send().expect(401), "invalid_token", MESSAGE);
}

#[test]
fn a_missing_token_is_checked_before_everything_else() {
    let mock = TestServer::start();

    mock.get("/v2/groups").anonymous().send().expect(401);
    mock.post("/v2/groups").anonymous().body("{").send().expect(401);
    mock.delete(&format!("/v2/groups/{PUBLIC}")).anonymous().send().expect(401);
    mock.patch("/v2/groups/nope").anonymous().send().expect(401);
    let head = mock.head(&format!("/v2/groups/{BLUE}/members/x")).anonymous().send().expect(401);
    assert!(head.body.is_empty());
}

#[test]
fn an_expired_token_is_401() {
    let mock = TestServer::start();
    let list = |claims: Value| list_with(&mock, &token(&claims));

    list(json!({"exp": 4_000_000_000_i64})).expect(200);
    list(json!({})).expect(200);
    for expired in [json!(1_700_000_000), json!(1_700_000_000.5), json!("soon"), json!(-1)] {
        let response = list(json!({ "exp": expired })).expect(401);
        assert_error(&response, "invalid_token", MESSAGE);
    }
}

#[test]
fn the_author_is_the_iam_id_of_the_token_or_else_its_id() {
    let mock = TestServer::start();
    let author = |authorization: &str| {
        let request =
            mock.post(&groups_path("")).header("authorization", authorization).json(json!({"name": "n"}));
        request.send().expect(201).json()["created_by_id"].clone()
    };

    assert_eq!(author(&token(&json!({"iam_id": "IBMid-1", "id": "IBMid-2"}))), "IBMid-1");
    assert_eq!(author(&token(&json!({"id": "IBMid-2"}))), "IBMid-2");
    assert_eq!(author(&token(&json!({"iam_id": ""}))), "IBMid-mock");
    assert_eq!(author("Bearer opaque"), "IBMid-mock");
    assert_eq!(author(&bearer(&mock, "any")), "IBMid-mock");
}

#[test]
fn auth_off_accepts_every_request_and_takes_the_author_from_the_token() {
    let mock = TestServer::with_config(Config { auth: AuthMode::Off, ..Config::default() }, CREDENTIALS);
    let post = || mock.post(&groups_path("")).json(json!({"name": "n"}));

    let nobody = post().anonymous().send().expect(201).json();
    let expired = token(&json!({"iam_id": "IBMid-1", "exp": 1}));
    let somebody = post().header("authorization", &expired).send().expect(201).json();
    let seeded = post().header("authorization", "Bearer editor").send().expect(201).json();

    assert_eq!(nobody["created_by_id"], "IBMid-mock");
    assert_eq!(somebody["created_by_id"], "IBMid-1");
    assert_eq!(seeded["created_by_id"], "IBMid-editor");
}

#[test]
fn strict_mode_accepts_tokens_issued_for_a_seeded_key() {
    let mock = strict();
    let token = bearer(&mock, "editor");

    list_with(&mock, &token).expect(200);
    let created =
        mock.post(&groups_path("")).header("authorization", &token).json(json!({"name": "n"})).send();

    assert_eq!(created.expect(201).json()["created_by_id"], "IBMid-editor");
}

#[test]
fn strict_mode_accepts_a_seeded_key_as_token() {
    let mock = strict();

    list_with(&mock, "Bearer editor").expect(200);
    list_with(&mock, "Bearer viewer").expect(200);
}

#[test]
fn strict_mode_rejects_every_other_credential() {
    let mock = strict();
    let good = bearer(&mock, "editor");
    let (signed, _) = good.rsplit_once('.').unwrap();
    let form = "grant_type=urn:ibm:params:oauth:grant-type:apikey&apikey=editor";
    let request = mock.post("/identity/token").header("authorization", "Basic Yng6Yng=").body(form);
    let refresh = request.send().json()["refresh_token"].clone();

    for bad in [
        "Bearer other",
        "Bearer legacy",
        "Basic ZWRpdG9yOg==",
        "",
        &format!("{signed}.eA"),
        &format!("{signed}."),
        &format!("{good}x"),
        &token(&json!({"iam_id": "IBMid-editor"})),
        &format!("Bearer {}", refresh.as_str().unwrap()),
    ] {
        assert_error(&list_with(&mock, bad).expect(401), "invalid_token", MESSAGE);
    }
}

#[test]
fn a_token_for_an_unknown_key_is_401() {
    let lenient = TestServer::start();
    let mock = strict();

    let response = list_with(&mock, &bearer(&lenient, "unknown")).expect(401);

    assert_error(&response, "invalid_token", MESSAGE);
}

#[test]
fn a_viewer_may_read_but_not_write() {
    let mock = strict();

    for authorization in ["Bearer viewer".to_owned(), bearer(&mock, "viewer")] {
        list_with(&mock, &authorization).expect(200);
        let head = mock.head("/v2/groups/g/members/IBMid-1").header("authorization", &authorization);
        head.send().expect(204);
        let write =
            mock.post(&groups_path("")).header("authorization", &authorization).json(json!({"name": "n"}));
        assert_error(&write.send().expect(403), "forbidden", FORBIDDEN);
        let delete = mock.delete("/v2/groups/g?force=true").header("authorization", &authorization);
        delete.send().expect(403);
    }
}

#[test]
fn a_key_without_permissions_is_403() {
    let mock = strict();

    let response = list_with(&mock, "Bearer nothing").expect(403);

    assert_error(&response, "forbidden", FORBIDDEN);
}

#[test]
fn a_key_does_not_reach_another_account() {
    let mock = strict();
    let request =
        |method: &str, path: &str| mock.request(method, path).header("authorization", "Bearer of-a");

    request("GET", "/v2/groups?account_id=a").send().expect(200);
    let public = request("GET", &format!("/v2/groups/{PUBLIC}")).send().expect(200);
    assert_eq!(public.json()["account_id"], "a");
    for (method, path) in [
        ("GET", "/v2/groups?account_id=b"),
        ("GET", "/v2/groups/g"),
        ("PATCH", "/v2/groups/g"),
        ("DELETE", "/v2/groups/g"),
        ("GET", "/v2/groups/g/members"),
        ("DELETE", "/v2/groups/g/members/IBMid-1"),
        ("GET", "/v2/groups/g/rules"),
        ("POST", "/v2/groups/g/rules"),
        ("DELETE", "/v2/groups/_allgroups/members/IBMid-1?account_id=b"),
        ("GET", "/v2/groups/settings?account_id=b"),
    ] {
        assert_error(&request(method, path).send().expect(403), "forbidden", FORBIDDEN);
    }
    request("HEAD", "/v2/groups/g/members/IBMid-1").send().expect(403);
}
