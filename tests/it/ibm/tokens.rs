//! The token endpoint, `POST /identity/token`.

use access_groups_mock::store::{ClockSetting, system_now};
use access_groups_mock::{AuthMode, Config};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::ACCOUNT;
use crate::support::{TestResponse, TestServer};

const GRANT: &str = "urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3A";

fn post(mock: &TestServer, form: &str) -> TestResponse {
    let request = mock.post("/identity/token").anonymous().body(form);
    request.header("content-type", "application/x-www-form-urlencoded").send()
}

fn grant(mock: &TestServer, kind: &str, rest: &str) -> TestResponse {
    post(mock, &format!("grant_type={GRANT}{kind}&{rest}"))
}

/// Decodes a part of a JWT: index 0 is the header, index 1 the claims.
fn part(token: &Value, index: usize) -> Value {
    let parts: Vec<&str> = token.as_str().unwrap().split('.').collect();
    assert_eq!(parts.len(), 3);
    assert!(!parts[2].is_empty());
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[index]).unwrap()).unwrap()
}

fn claims(response: &TestResponse) -> Value {
    part(&response.json()["access_token"], 1)
}

fn strict() -> TestServer {
    let config = Config { auth: AuthMode::Strict, ..Config::default() };
    TestServer::with_config(
        config,
        r#"{"credentials":[{"dialect":"ibm","secret":"key","account":"a","iam_id":"IBMid-9"}]}"#,
    )
}

#[test]
fn an_api_key_is_exchanged_for_a_token_with_the_fields_that_clients_read() {
    let mock = TestServer::start();

    let response = grant(&mock, "apikey", "apikey=any-text&response_type=cloud_iam").expect(200);

    let token = response.json();
    assert_eq!(token["token_type"], "Bearer");
    assert_eq!(token["expires_in"], 3600);
    assert_eq!(token["ims_user_id"], 1);
    assert_eq!(token["scope"], "ibm openid");
    assert_eq!(token["refresh_token"], "not_supported");
    assert_eq!(token["expiration"], claims(&response)["exp"]);
    assert_eq!(response.header("content-type"), "application/json");
}

#[test]
fn the_access_token_is_a_jwt_with_the_claims_that_clients_need() {
    let mock = TestServer::start();

    let response = grant(&mock, "apikey", "apikey=any-text&scope=ibm%20x").expect(200);

    let header = part(&response.json()["access_token"], 0);
    assert_eq!(header, json!({"alg": "HS256", "typ": "JWT", "kid": "access-groups-mock"}));
    let claims = claims(&response);
    assert_eq!(claims["iam_id"], "IBMid-mock");
    assert_eq!(claims["id"], "IBMid-mock");
    assert_eq!(claims["realmid"], "IBMid");
    assert_eq!(claims["sub"], "mock@example.com");
    assert_eq!(claims["email"], "mock@example.com");
    assert_eq!(claims["account"], json!({"valid": true, "bss": ACCOUNT}));
    assert_eq!(claims["iss"], "https://iam.cloud.ibm.com/identity");
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3600);
    assert_eq!(response.json()["scope"], "ibm x");
}

#[test]
fn a_token_of_a_clock_behind_that_of_the_machine_lasts_for_clients_but_expires_after_an_hour() {
    let now = "2026-03-01T12:00:00Z".parse().unwrap();
    let seed = r#"{"credentials":[{"dialect":"ibm","secret":"key","account":"a","iam_id":"IBMid-9"}]}"#;
    let config = || Config { auth: AuthMode::Strict, clock: ClockSetting::Frozen(now), ..Config::default() };
    let (mock, other) = (TestServer::with_config(config(), seed), TestServer::with_config(config(), seed));

    let response = grant(&mock, "apikey", "apikey=key").expect(200);
    let again = grant(&other, "apikey", "apikey=key").expect(200);

    let (token, claims) = (response.json(), claims(&response));
    let later_than_an_hour = system_now().timestamp() + 3600;
    assert_eq!(token, again.json());
    assert_eq!(claims["iat"], 1_772_366_400);
    assert!(claims["exp"].as_i64().unwrap() > later_than_an_hour, "{claims}");
    assert_eq!((&token["expiration"], &token["expires_in"]), (&claims["exp"], &json!(3600)));
    let list = || {
        let authorization = format!("Bearer {}", token["access_token"].as_str().unwrap());
        mock.get("/v2/groups?account_id=a").header("authorization", &authorization).send()
    };
    let advance = |by: &str| mock.put("/__admin/clock").json(json!({"advance": by})).send().expect(200);
    list().expect(200);
    advance("3599s");
    list().expect(200);
    advance("1s");
    list().expect(401);
}

#[test]
fn the_order_of_fields_is_ignored_and_a_client_with_credentials_gets_a_refresh_token() {
    let mock = TestServer::start();
    let form = format!("apikey=k&response_type=cloud_iam&grant_type={GRANT}apikey");

    let request = mock.post("/identity/token").header("authorization", "Basic Yng6Yng=").body(form);

    let token = request.send().expect(200).json();
    assert_eq!(part(&token["refresh_token"], 1)["typ"], "refresh");
}

/// Returns a refresh token for the API key `key`.
fn refresh_token(mock: &TestServer) -> String {
    let form = format!("grant_type={GRANT}apikey&apikey=key");
    let request = mock.post("/identity/token").header("authorization", "Basic Yng6Yng=").body(form);
    request.send().expect(200).json()["refresh_token"].as_str().unwrap().to_owned()
}

fn refresh(mock: &TestServer, token: &str) -> TestResponse {
    post(mock, &format!("grant_type=refresh_token&refresh_token={token}"))
}

#[test]
fn a_seeded_key_sets_identity_and_account_in_every_mode() {
    for auth in [AuthMode::Lenient, AuthMode::Off, AuthMode::Strict] {
        let config = Config { auth, ..Config::default() };
        let seed = r#"{"credentials":[{"dialect":"ibm","secret":"key","account":"a","iam_id":"IBMid-9"}]}"#;
        let mock = TestServer::with_config(config, seed);

        let claims = claims(&grant(&mock, "apikey", "apikey=key").expect(200));

        assert_eq!(claims["iam_id"], "IBMid-9");
        assert_eq!(claims["account"]["bss"], "a");
    }
}

#[test]
fn a_refresh_token_returns_tokens_for_the_same_identity() {
    let mock = strict();

    let response = refresh(&mock, &refresh_token(&mock)).expect(200);

    assert_eq!(claims(&response)["iam_id"], "IBMid-9");
    assert_eq!(claims(&response)["account"]["bss"], "a");
}

#[test]
fn a_trusted_profile_is_assumed_by_id_crn_or_name() {
    let mock = strict();
    let token = grant(&mock, "apikey", "apikey=key").expect(200).json();
    let token = token["access_token"].as_str().unwrap();
    let iam_id = |rest: &str| {
        let response = grant(&mock, "assume", &format!("access_token={token}&{rest}")).expect(200);
        claims(&response)["iam_id"].as_str().unwrap().to_owned()
    };

    assert_eq!(iam_id("profile_id=Profile-1"), "iam-Profile-1");
    assert_eq!(iam_id("profile_id=iam-Profile-1"), "iam-Profile-1");
    assert_eq!(
        iam_id("profile_crn=crn:v1:bluemix:public:iam-identity::a/a::profile:Profile-2"),
        "iam-Profile-2"
    );
    let named = iam_id("profile_name=ops&account=a");
    assert!(named.starts_with("iam-Profile-"));
    assert_eq!(iam_id("profile_name=ops&account=a"), named);
    assert_ne!(iam_id("profile_name=ops&account=b"), named);
}

#[test]
fn a_compute_resource_token_and_a_service_authorization_return_tokens() {
    let mock = TestServer::start();

    let compute = grant(&mock, "cr-token", "cr_token=x&profile_name=ops").expect(200);
    let service = grant(&mock, "iam-authz", "access_token=x&desired_iam_id=iam-ServiceId-1").expect(200);

    assert!(claims(&compute)["iam_id"].as_str().unwrap().starts_with("iam-Profile-"));
    assert_eq!(claims(&service)["iam_id"], "iam-ServiceId-1");
}

#[track_caller]
fn assert_error(response: &TestResponse, code: &str, message: &str, details: Option<&str>) {
    let body = response.json();
    assert_eq!(body["errorCode"], code);
    assert_eq!(body["errorMessage"], message);
    assert_eq!(body["errorDetails"].as_str(), details);
    assert_eq!(body["context"]["requestId"], response.header("transaction-id"));
    assert_eq!(body["context"]["requestType"], "incoming.Identity_Token");
}

#[test]
fn a_missing_or_empty_key_is_a_missing_property_in_every_mode() {
    for auth in [AuthMode::Lenient, AuthMode::Off, AuthMode::Strict] {
        let mock = TestServer::with_config(Config { auth, ..Config::default() }, "{}");
        for rest in ["", "apikey="] {
            let response = grant(&mock, "apikey", rest).expect(400);
            let details = "Property 'apikey' either missing or empty.";
            assert_error(&response, "BXNIM0109E", "Property missing or empty.", Some(details));
        }
    }
}

#[test]
fn only_an_issued_refresh_token_is_refreshed_in_every_mode() {
    for auth in [AuthMode::Lenient, AuthMode::Off, AuthMode::Strict] {
        let config = Config { auth, ..Config::default() };
        let seed = r#"{"credentials":[{"dialect":"ibm","secret":"key","account":"a","iam_id":"IBMid-9"}]}"#;
        let mock = TestServer::with_config(config, seed);
        let access = grant(&mock, "apikey", "apikey=key").expect(200).json();
        let access = access["access_token"].as_str().unwrap();

        for unknown in ["x", "not_supported", "a.b.c", access] {
            let response = refresh(&mock, unknown).expect(400);
            assert_error(&response, "BXNIM0407E", "Provided token is not valid.", None);
        }
        let refreshed = refresh(&mock, &refresh_token(&mock)).expect(200);
        assert_eq!(claims(&refreshed)["iam_id"], "IBMid-9");
    }
}

#[test]
fn an_expired_refresh_token_is_400_in_every_mode() {
    for auth in [AuthMode::Lenient, AuthMode::Off, AuthMode::Strict] {
        let config = Config { auth, ..Config::default() };
        let seed = r#"{"credentials":[{"dialect":"ibm","secret":"key","account":"a","iam_id":"IBMid-9"}]}"#;
        let mock = TestServer::with_config(config, seed);
        let token = refresh_token(&mock);
        mock.put("/__admin/clock").json(json!({"advance": "29d 23h"})).send().expect(200);
        refresh(&mock, &token).expect(200);
        mock.put("/__admin/clock").json(json!({"advance": "2h"})).send().expect(200);

        let response = refresh(&mock, &token).expect(400);

        assert_error(&response, "BXNIM0408E", "Provided refresh token is expired", None);
    }
}

#[test]
fn a_refresh_token_is_no_access_token() {
    let mock = TestServer::start();
    let token = refresh_token(&mock);

    let bearer =
        mock.get("/v2/groups?account_id=a").header("authorization", &format!("Bearer {token}")).send();
    let assumed = grant(&mock, "assume", &format!("access_token={token}&profile_id=p")).expect(400);

    assert_eq!(bearer.expect(401).json()["errors"][0]["code"], "invalid_token");
    assert_error(&assumed, "BXNIM0407E", "Provided token is not valid.", None);
}

#[test]
fn an_unknown_key_is_400_in_strict_mode() {
    let mock = strict();

    let response = grant(&mock, "apikey", "apikey=other").expect(400);

    assert_error(&response, "BXNIM0415E", "Provided API key could not be found.", None);
    grant(&mock, "cr-token", "cr_token=other&profile_id=p").expect(400);
}

#[test]
fn a_missing_property_is_400_and_named() {
    let mock = TestServer::start();
    let named = |response: TestResponse, name: &str| {
        let details = format!("Property '{name}' either missing or empty.");
        assert_error(&response.expect(400), "BXNIM0109E", "Property missing or empty.", Some(&details));
    };

    named(post(&mock, ""), "grant_type");
    named(post(&mock, "grant_type=refresh_token"), "refresh_token");
    named(grant(&mock, "assume", "profile_id=x"), "access_token");
    named(grant(&mock, "assume", "access_token=x"), "profile_id");
    named(grant(&mock, "cr-token", "profile_id=x"), "cr_token");
    named(grant(&mock, "iam-authz", "access_token=x"), "desired_iam_id");
}

#[test]
fn an_unknown_grant_type_is_400() {
    let mock = TestServer::start();

    let response = post(&mock, "grant_type=password&username=a&password=b").expect(400);

    let details = "Validation of property 'grant_type' with value '[password]' failed.";
    assert_error(&response, "BXNIM0106E", "Property validation failed.", Some(details));
}

#[test]
fn strict_mode_accepts_only_tokens_it_issued() {
    let mock = strict();
    let message = "Provided token is not valid.";

    let refresh = post(&mock, "grant_type=refresh_token&refresh_token=x").expect(400);
    let assume = grant(&mock, "assume", "access_token=x.y.z&profile_id=p").expect(400);
    let access = grant(&mock, "apikey", "apikey=key").expect(200).json();
    let access = access["access_token"].as_str().unwrap().to_owned();
    let mixed = post(&mock, &format!("grant_type=refresh_token&refresh_token={access}")).expect(400);

    assert_error(&refresh, "BXNIM0407E", message, None);
    assert_error(&assume, "BXNIM0407E", message, None);
    assert_error(&mixed, "BXNIM0407E", message, None);
}

#[test]
fn every_error_under_identity_has_the_identity_service_format() {
    let mock = TestServer::with_config(Config { body_limit: 100, ..Config::default() }, "{}");

    let method = mock.get("/identity/token").send().expect(405);
    assert_eq!(method.header("allow"), "POST");
    assert_error(
        &method,
        "BXNIM0060E",
        "Web application exception 'javax.ws.rs.ClientErrorException' during request processing.",
        Some("HTTP 405 Method Not Allowed"),
    );
    assert_error(
        &mock.post("/identity/other").send().expect(404),
        "BXNIM0060E",
        "Web application exception 'javax.ws.rs.NotFoundException' during request processing.",
        Some("HTTP 404 Not Found"),
    );
    assert_error(
        &post(&mock, &"x".repeat(101)).expect(413),
        "BXNIM0060E",
        "Web application exception 'javax.ws.rs.ClientErrorException' during request processing.",
        Some("HTTP 413 Request Entity Too Large"),
    );
    let broken = mock.post("/identity/token").body([b'a', b'=', 0xff]).send().expect(400);
    let details = "the body cannot be read: the form is not UTF-8";
    assert_error(&broken, "BXNIM0106E", "Property validation failed.", Some(details));
    assert_error(
        &post(&mock, "grant_type=%ff").expect(400),
        "BXNIM0106E",
        "Property validation failed.",
        Some("grant_type must be UTF-8"),
    );
}
