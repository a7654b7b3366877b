//! The errors of IAM identity, the parameters of service id groups, and the pages of the gateway.

use access_groups_mock::{AuthMode, Config};
use serde_json::json;

use super::{ACCOUNT, assert_error, demo_server};
use crate::support::{TestResponse, TestServer};

/// Asserts the whole envelope of an error of IAM identity.
#[track_caller]
pub(super) fn assert_identity_error(
    response: &TestResponse,
    [code, message_code, message, details]: [&str; 4],
) {
    let error = json!({"code": code, "message_code": message_code, "message": message, "details": details});
    let expected = json!({
        "errors": [error], "trace": response.header("transaction-id"), "status_code": response.status
    });
    assert_eq!(response.json(), expected);
}

#[test]
fn errors_of_service_ids_and_profiles_have_the_format_of_the_identity_service() {
    let mock = TestServer::start();
    let invalid = "Payload contains invalid/missing data.";
    let message = "Failed to find the service ID: x";

    let unknown = mock.get("/v1/serviceids/x").send().expect(404);
    assert_identity_error(&unknown, ["service_id_not_found", "BXNIM0060E", message, message]);
    let message = "Failed to find the trusted profile: x";
    let unknown = mock.delete("/v1/profiles/x").send().expect(404);
    assert_identity_error(&unknown, ["profile_not_found", "BXNIM0060E", message, message]);
    let empty = mock.post("/v1/profiles").json(json!({"account_id": "a"})).send().expect(400);
    assert_identity_error(&empty, ["invalid_payload", "BXNIM0106E", invalid, "name is missing"]);
    let broken = mock.post("/v1/serviceids/").body("{").send().expect(400);
    assert_eq!(broken.json()["errors"][0]["message_code"], "BXNIM0106E");
    let missing = mock.get("/v1/serviceids").send().expect(400);
    assert_identity_error(&missing, ["invalid_payload", "BXNIM0106E", invalid, "account_id is missing"]);
    let method = mock.patch("/v1/profiles/x").send().expect(405);
    assert_eq!(method.json()["errors"][0]["message_code"], "BXNIM0060E");
    let anonymous = mock.get("/v1/profiles?account_id=a").anonymous().send().expect(401);
    let message = "The token is either missing or invalid";
    assert_identity_error(&anonymous, ["invalid_token", "BXNIM0308E", message, message]);
}

#[test]
fn a_forbidden_account_and_a_wrong_entity_tag_have_the_format_too() {
    let config = Config { auth: AuthMode::Strict, ..Config::default() };
    let seed = r#"{"credentials":[{"dialect":"ibm","secret":"key","account":"a"}],
        "ibm":{"accounts":{"a":{"service_ids":[{"id":"ServiceId-1","name":"n"}]}}}}"#;
    let mock = TestServer::with_config(config, seed);
    let with_key =
        |method: &str, path: &str| mock.request(method, path).header("authorization", "Bearer key");

    let forbidden = with_key("GET", "/v1/serviceids/?account_id=b").send().expect(403);
    let stale = with_key("PUT", "/v1/serviceids/ServiceId-1").header("if-match", "x").json(json!({})).send();
    // Existence is checked before the entity tag.
    let unknown =
        with_key("PUT", "/v1/serviceids/ServiceId-2").header("if-match", "x").json(json!({})).send();

    assert_eq!(forbidden.json()["errors"][0]["message_code"], "BXNIM0513E");
    let message = "If-Match header contains incorrect/invalid etag.";
    assert_identity_error(&stale.expect(412), ["incorrect_etag", "BXNIM0060E", message, message]);
    unknown.expect(404);
}

#[test]
fn parameters_of_service_id_groups_and_filters_are_not_ignored() {
    let mock = demo_server();
    let path = |query: &str| format!("/v1/serviceids/?account_id={ACCOUNT}{query}");
    let list = |query: &str| mock.get(&path(query)).send().expect(200).json();
    let all = list("")["serviceids"].as_array().unwrap().len();
    assert!(all > 0);

    assert_eq!(list("&group_id=ServiceIdGroup-1")["serviceids"], json!([]));
    assert_eq!(list("&group_id=")["serviceids"].as_array().unwrap().len(), all);
    assert_eq!(list("&show_group_id=true")["serviceids"].as_array().unwrap().len(), all);
    let next = list("&group_id=g&pagesize=1");
    let token = next["first"].as_str().unwrap().split("pagetoken=").nth(1).unwrap();
    let page = mock.get(&format!("/v1/serviceids/?pagetoken={token}")).send().expect(200).json();
    assert_eq!(page["serviceids"], json!([]));
    let invalid = mock.get(&path("&show_group_id=maybe")).send().expect(400).json();
    assert_eq!(invalid["errors"][0]["details"], "show_group_id must be one of true, false");
    for resource in ["serviceids", "profiles"] {
        let path = format!("/v1/{resource}?account_id={ACCOUNT}&filter=name%20eq%20%22a%22");
        let filter = mock.get(&path).send().expect(400).json();
        assert_eq!(filter["errors"][0]["details"], "filter is not supported by this server; use `name`");
    }
    let body = json!({"account_id": "a", "name": "n", "group_id": "g"});
    let created = mock.post("/v1/serviceids/").json(body).send().expect(400).json();
    let reason = "group_id is not supported by this server: service ids cannot be in a group";
    assert_eq!(created["errors"][0]["details"], reason);
}

#[test]
fn a_path_that_no_service_has_gets_the_page_of_the_gateway() {
    let mock = TestServer::start();

    for path in ["/v3/groups", "/v3", "/acms/v1/policies", "/v2/group", "/v2", "/v2/groupsx/g"] {
        let response = mock.get(path).send().expect(404);
        assert_eq!(response.header("content-type"), "text/html", "{path}");
        assert_eq!(response.header("x-mock-rule"), "ibm.paths.not-routed");
        assert!(response.text().contains("<h1>An 404 error occurred in iam-gateway.</h1>"), "{path}");
    }
    for path in ["/v2/groups/g/unknown", "/v2/policies/p/unknown", "/v1/group_templates/t/unknown"] {
        let response = mock.get(path).send().expect(404);
        assert_error(&response, "not_found", "The requested resource can't be found.");
    }
    let response = mock.get("/v1/profiles/p/unknown").send().expect(404);
    assert_eq!(response.json()["errors"][0]["message_code"], "BXNIM0060E");
    mock.head("/v3/groups").send().expect(404);
}
