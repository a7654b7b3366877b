//! Error responses: they have Cloudflare's envelope and change no state.

use access_groups_mock::{CloudflareConfig, Config, RuleCheck};
use serde_json::{Value, json};

use super::{ACCOUNT, access_groups_path, assert_error, resource_groups_path};
use crate::support::TestServer;

#[test]
fn an_unknown_route_is_7003_alone_with_the_path_as_sent() {
    let mock = TestServer::start();
    let long = "a".repeat(33);

    for path in [
        format!("/client/v4/accounts/{ACCOUNT}/access/groupz"),
        "/client/v4/accounts//access/groups".to_owned(),
        "/zones//access/groups/f174e90a-fafe-4643-bbbc-4a0ed4fc8415".to_owned(),
        "/client/v4".to_owned(),
        "/client/v4/users".to_owned(),
        format!("/accounts/{long}/access/groups"),
        "/accounts/a%2Fb/access/groups".to_owned(),
        "/accounts/a.b/iam/resource_groups".to_owned(),
        "/accounts/%ff/access/groups".to_owned(),
    ] {
        let response = mock.get(&path).send().expect(404);
        let path = path.replace("//", "/");
        let message = format!("Could not route to {path}, perhaps your object identifier is invalid?");
        assert_eq!(
            response.json(),
            json!({"result": null, "success": false, "messages": [], "errors": [
                {"code": 7003, "message": message}]})
        );
    }
}

#[test]
fn a_wrong_method_is_10405_with_allow() {
    let mock = TestServer::start();
    let item = format!("{}/x", access_groups_path());

    let patch = mock.patch(&item).json(json!({})).send().expect(405);
    let head = mock.head(&access_groups_path()).send().expect(405);
    let options = mock.request("OPTIONS", &access_groups_path()).send().expect(405);

    assert_error(&patch, 10405, "Method not allowed for this authentication scheme");
    assert_eq!(patch.header("allow"), "GET, PUT, DELETE");
    assert_eq!(head.header("allow"), "GET, POST");
    assert_eq!(options.header("allow"), "GET, POST");
}

#[test]
fn malformed_json_is_6007_with_line_and_column() {
    let mock = TestServer::start();
    let assert_rejected = |body: &[u8], position: &str| {
        for path in [access_groups_path(), resource_groups_path()] {
            let response = mock.post(&path).body(body).send().expect(400);
            assert_error(&response, 6007, "Malformed JSON in request body");
            let cause =
                response.json()["errors"][0]["error_chain"][0]["message"].as_str().unwrap().to_owned();
            assert!(cause.ends_with(position), "{cause}");
        }
    };

    assert_rejected(b"", "at line 1 column 0");
    assert_rejected(b"{", "at line 1 column 1");
    assert_rejected(b"{\"name\":\n tru}", "at line 2 column 5");
    assert_rejected(b"{\"name\": \"\xff\"}", "at line 1 column 11");
    assert_rejected(b"{} {}", "at line 1 column 4");
    assert_eq!(mock.get(&access_groups_path()).send().json()["result"], json!([]));
}

#[test]
fn a_missing_or_mistyped_access_group_field_is_12130() {
    let mock = TestServer::start();
    let assert_rejected = |body: Value, detail: &str, pointer: &str| {
        let response = mock.post(&access_groups_path()).json(body).send().expect(400);
        assert_error(&response, 12130, &format!("access.api.error.invalid_request: {detail}"));
        assert_eq!(response.json()["errors"][0]["source"]["pointer"], pointer);
    };

    assert_rejected(json!({"include": []}), "name is required", "/name");
    assert_rejected(json!({"name": ""}), "name must not be empty, include is required", "/name");
    assert_rejected(json!({"name": 7, "include": []}), "name must be a string", "/name");
    assert_rejected(json!({"name": null, "include": null}), "name is required, include is required", "/name");
    assert_rejected(json!({"name": "a", "include": {}}), "include must be an array", "/include");
    assert_rejected(
        json!({"name": "a", "include": [], "is_default": 1}),
        "is_default must be a boolean",
        "/is_default",
    );
    assert_rejected(json!([1]), "body must be an object", "");
    assert_rejected(json!("x"), "body must be an object", "");
    assert_eq!(mock.get(&access_groups_path()).send().json()["result"], json!([]));
}

#[test]
fn a_rule_that_is_no_object_is_12130_with_an_error_chain() {
    for (list, rules, reason) in [
        ("include", json!([{}, 1]), "include[1] must be an object"),
        ("require", json!(["x"]), "require[0] must be an object"),
    ] {
        for rules_check in [RuleCheck::Any, RuleCheck::Lenient, RuleCheck::Strict] {
            let cloudflare = CloudflareConfig { rules: rules_check, ..CloudflareConfig::default() };
            let mock = TestServer::with_config(Config { cloudflare, ..Config::default() }, "{}");
            let mut body = json!({"name": "a", "include": []});
            body[list] = rules.clone();
            let response = mock.post(&access_groups_path()).json(body).send().expect(400);
            let message = format!("access.api.error.invalid_request: invalid '{list}' configuration");
            assert_error(&response, 12130, &message);
            let chain = response.json()["errors"][0]["error_chain"].clone();
            assert!(chain.as_array().unwrap().contains(&json!({"message": reason})), "{chain}");
        }
    }
}

#[test]
fn a_rejected_replacement_changes_nothing() {
    let mock = TestServer::start();
    let body = json!({"name": "a", "include": [{"everyone": {}}]});
    let group = mock.post(&access_groups_path()).json(body).send().expect(201).json()["result"].clone();
    let path = format!("{}/{}", access_groups_path(), group["id"].as_str().unwrap());

    mock.put(&path).json(json!({"name": "b"})).send().expect(400);
    mock.put(&path).body("{").send().expect(400);

    assert_eq!(mock.get(&path).send().json()["result"], group);
}

#[test]
fn strict_rules_need_one_known_kind_with_its_fields() {
    let cloudflare = CloudflareConfig { rules: RuleCheck::Strict, ..CloudflareConfig::default() };
    let mock = TestServer::with_config(Config { cloudflare, ..Config::default() }, "{}");
    let assert_rejected = |rule: Value, detail: &str| {
        let body = json!({"name": "a", "include": [rule]});
        let response = mock.post(&access_groups_path()).json(body).send().expect(400);
        assert_error(&response, 12130, "access.api.error.invalid_request: invalid 'include' configuration");
        assert_eq!(response.json()["errors"][0]["error_chain"], json!([{"message": detail}]));
    };

    assert_rejected(json!({}), "include[0] must have exactly one kind");
    assert_rejected(json!({"everyone": {}, "certificate": {}}), "include[0] must have exactly one kind");
    assert_rejected(json!({"azure_ad": {}}), "unknown rule type: 'azure_ad'");
    assert_rejected(json!({"email": "a@b.c"}), "include[0].email must be an object");
    assert_rejected(json!({"email": {}}), "include[0].email.email is missing or has the wrong type");
    assert_rejected(
        json!({"geo": {"country_code": 1}}),
        "include[0].geo.country_code is missing or has the wrong type",
    );
    let score = "include[0].user_risk_score.user_risk_score is missing or has the wrong type";
    assert_rejected(json!({"user_risk_score": {"user_risk_score": []}}), score);
    assert_rejected(json!({"user_risk_score": {"user_risk_score": "low"}}), score);
    assert_rejected(json!({"user_risk_score": {"user_risk_score": ["odd"]}}), score);
    let domain = "include[0].email_domain.domain is missing or has the wrong type";
    assert_rejected(json!({"email_domain": {"domain": "@x"}}), domain);
    let valid =
        json!([{"everyone": {}}, {"user_risk_score": {"user_risk_score": ["low"]}}, {"ip": {"ip": "::1"}}]);
    mock.post(&access_groups_path()).json(json!({"name": "a", "include": valid})).send().expect(201);
}

#[test]
fn a_body_above_the_limit_is_413() {
    let mock = TestServer::with_config(Config { body_limit: 100, ..Config::default() }, "{}");

    let body = json!({"name": "x".repeat(200), "include": []});
    let response = mock.post(&access_groups_path()).json(body.clone()).send().expect(413);
    let resource = mock.post(&resource_groups_path()).json(body).send().expect(413);

    assert_error(&response, 10413, "Request body is larger than 100 bytes");
    assert_error(&resource, 10413, "Request body is larger than 100 bytes");
    mock.post(&access_groups_path()).json(json!({"name": "x", "include": []})).send().expect(201);
}

#[test]
fn a_non_utf_8_query_is_400() {
    let mock = TestServer::start();

    let access = mock.get(&format!("{}?name=%ff", access_groups_path())).send().expect(400);
    let resource = mock.get(&format!("{}?id=%ff", resource_groups_path())).send().expect(400);

    assert_error(&access, 12130, "access.api.error.invalid_request: name must be UTF-8");
    assert!(access.json()["errors"][0].get("source").is_none());
    assert_error(&resource, 400, "Invalid request: id must be UTF-8");
}

#[test]
fn every_response_has_its_own_request_id() {
    let mock = TestServer::start();

    let first = mock.get(&access_groups_path()).send().expect(200);
    let second = mock.get("/client/v4/nowhere").send().expect(404);

    assert_eq!(first.header("cf-ray").len(), 20);
    assert_ne!(first.header("cf-ray"), second.header("cf-ray"));
}
