//! Explanations: the rule that rejected a request, the received values, the remediation, and the evidence of the rule.

use access_groups_mock::Config;
use serde_json::{Value, json};

use super::helpers::{DEMO_SEED, GROUPS, add_faults, admin_get, create_ibm_group};
use crate::support::{TestResponse, TestServer};

/// Returns the explanation of the request that got `response`.
#[track_caller]
fn explain(mock: &TestServer, response: &TestResponse) -> Value {
    admin_get(mock, &format!("/__admin/requests/{}/explain", response.header("x-mock-request-id")))
}

#[test]
fn a_client_that_sends_the_header_of_the_id_gets_it_with_every_response() {
    let mock = TestServer::start();

    let plain = mock.get("/v1/groups").send().expect(200);
    let asked = mock.get("/v1/groups").header("x-mock-request-id", "").send().expect(200);
    let rejected = mock.get("/v1/groups/none").header("x-mock-request-id", "mine").send().expect(404);

    assert_eq!(plain.header("x-mock-request-id"), "");
    assert_eq!(explain(&mock, &asked)["exchange"]["response"]["status"], 200);
    assert_eq!(explain(&mock, &rejected)["exchange"]["response"]["status"], 404);
    let command = mock.get("/__admin/requests?format=curl&limit=1").send().expect(200).text();
    assert!(!command.to_lowercase().contains("x-mock-request-id"), "{command}");
}

#[test]
fn an_explanation_of_a_missing_precondition_has_all_fields() {
    let mock = TestServer::start();
    let id = create_ibm_group(&mock, "a").send().expect(201).json()["id"].as_str().unwrap().to_owned();
    let path = format!("/v2/groups/{id}");

    let response = mock.patch(&path).header("if-match", "old").json(json!({"name": "b"})).send().expect(412);

    assert_eq!(response.header("x-mock-rule"), "ibm.requests.if-match");
    let explanation = explain(&mock, &response);
    assert_eq!(explanation["exchange"]["request"]["url"], path);
    let reason = "If-Match header contains incorrect/invalid etag.";
    let summary = format!("PATCH {path} was rejected with 412 by ibm.requests.if-match: {reason}");
    assert_eq!(explanation["summary"], summary);
    assert_eq!(
        explanation["rule"],
        json!({
            "id": "ibm.requests.if-match", "status": 412, "code": "incorrect_etag",
            "message": "If-Match header contains incorrect/invalid etag.",
            "description": "`If-Match` is missing or does not match the current entity tag.",
            "remediation": "Send the `ETag` of the most recent response for the resource in `If-Match`.",
            "evidence": "vendor-doc", "confidence": null, "date": null, "source": explanation["rule"]["source"]
        })
    );
    assert!(explanation["rule"]["source"].as_str().unwrap().contains("IBM"));
    assert_eq!(explanation["received"], json!([{"path": "If-Match", "reason": "", "value": "old"}]));
    assert_eq!(
        explanation["remediation"],
        "Send the `ETag` of the most recent response for the resource in `If-Match`."
    );
    assert_eq!(explanation["suggestions"], json!([]));
}

#[test]
fn received_values_are_listed_by_path() {
    let mock = TestServer::start();
    let body = json!({"name": "a", "users": [{"userId": "#"}], "admins": []});

    let query = mock.get("/v1/groups?limit=21").send().expect(400);
    let body = mock.post("/v1/groups").json(body).send().expect(400);
    let missing = mock.get(GROUPS).anonymous().send().expect(401);

    assert_eq!(explain(&mock, &query)["received"][0]["value"], "21");
    let received = &explain(&mock, &body)["received"][0];
    assert_eq!(
        (&received["path"], &received["value"]),
        (&json!("request.body.users[0].userId"), &json!("#"))
    );
    let missing = &explain(&mock, &missing)["received"];
    let expected = json!({"path": "Authorization", "reason": "the header is absent", "value": null});
    assert!(missing.as_array().unwrap().contains(&expected), "{missing}");
}

#[test]
fn an_explanation_of_an_unknown_route_has_suggestions() {
    let mock = TestServer::start();

    let response = mock.get("/v2/group").send().expect(404);

    let explanation = explain(&mock, &response);
    assert_eq!(explanation["suggestions"][0]["operation"], "ibm_list_access_groups");
    let summary = explanation["summary"].as_str().unwrap();
    let suggestion = "The closest match is GET /v2/groups: segment 2 is `group` instead of `groups`.";
    assert!(
        summary.starts_with("GET /v2/group was rejected with 404 by ibm.paths.not-routed: "),
        "{summary}"
    );
    assert!(summary.ends_with(suggestion), "{summary}");
    let method = mock.patch(GROUPS).send().expect(405);
    let suggestion = explain(&mock, &method)["suggestions"][0].clone();
    assert!(
        suggestion["difference"].as_str().unwrap().starts_with("the method is PATCH instead of "),
        "{suggestion}"
    );
}

#[test]
fn a_successful_request_and_one_without_a_response_have_explanations() {
    let mock = TestServer::start();
    mock.get(GROUPS).send().expect(200);
    super::helpers::send_raw(&mock, "GET /v2/groups HTTP/1.1\nX-Mock-Fault: disconnect", "");

    let explanations: Vec<Value> = super::helpers::journal_entries(&mock)
        .iter()
        .map(|it| admin_get(&mock, &format!("/__admin/requests/{}/explain", it["id"].as_str().unwrap())))
        .collect();

    assert_eq!(explanations[0]["summary"], "GET /v2/groups returned 200; no rule rejected it.");
    assert_eq!((&explanations[0]["rule"], &explanations[0]["remediation"]), (&Value::Null, &Value::Null));
    assert_eq!(
        explanations[1]["summary"],
        "GET /v2/groups received no response. Injected faults: X-Mock-Fault."
    );
}

#[test]
fn the_remediation_of_an_injected_error_names_the_fault() {
    let mock = TestServer::start();
    add_faults(
        &mock,
        json!({"id": "mine", "effect": {"type": "status", "status": 409}, "schedule": {"times": 1}}),
    );

    let by_admin = mock.delete("/v2/groups/x").allow_injected_error().send().expect(409);
    let by_header = mock.delete("/v2/groups/x").fault("status=409").send().expect(409);

    let explanation = explain(&mock, &by_admin);
    assert_eq!(explanation["rule"]["id"], "ibm.groups.not-empty");
    let remedy = "Remove the fault `mine`, which injected this error, or wait until its schedule ends.";
    assert_eq!(explanation["remediation"], remedy);
    assert!(explanation["summary"].as_str().unwrap().ends_with(" Injected faults: mine."), "{explanation}");
    let remedy = "Send the request without the `X-Mock-Fault` header, which requested this error.";
    assert_eq!(explain(&mock, &by_header)["remediation"], remedy);
}

#[test]
fn an_explanation_of_an_invalid_control_header_has_its_value() {
    let mock = TestServer::start();

    let response = mock.get(GROUPS).fault("stats=503").send().expect(400);

    let explanation = explain(&mock, &response);
    assert_eq!(explanation["rule"]["id"], "ibm.control.invalid");
    assert_eq!(
        explanation["remediation"],
        "Correct what the message names, or omit `X-Mock-Fault`, `X-Mock-Namespace` and `/ns/NAME`."
    );
    assert_eq!(
        explanation["received"][0],
        json!({"path": "X-Mock-Fault", "reason": "", "value": "stats=503"})
    );
}

#[test]
fn hints_are_sent_only_when_enabled() {
    let without_hints = TestServer::start();
    let with_hints = TestServer::with_config(Config { explain: true, ..Config::default() }, DEMO_SEED);

    assert_eq!(without_hints.get("/v2/group").send().expect(404).header("x-mock-hint"), "");
    let missing = with_hints.get(GROUPS).anonymous().send().expect(401);
    let hint = "Send an IAM token in `Authorization: Bearer <token>`.";
    assert!(!missing.header("x-mock-hint").is_empty(), "{hint}");
    let unknown = with_hints.get("/v2/group").send().expect(404);
    let suggestion = " The closest match is GET /v2/groups: segment 2 is `group` instead of `groups`.";
    assert!(unknown.header("x-mock-hint").ends_with(suggestion), "{:?}", unknown.headers);
    let injected = with_hints.get(GROUPS).fault("status=503").send().expect(503);
    let remedy = "Send the request without the `X-Mock-Fault` header, which requested this error.";
    assert_eq!(injected.header("x-mock-hint"), remedy);
    assert_eq!(with_hints.get(GROUPS).send().expect(200).header("x-mock-hint"), "");
}

#[test]
fn headers_of_the_server_have_at_most_1_kib() {
    let config = Config { explain: true, cors: vec!["http://app.test".to_owned()], ..Config::default() };
    let mock = TestServer::with_config(config, DEMO_SEED);
    let long = "x".repeat(15_000);
    let path = format!("/v2/group/{}", "a/".repeat(450));

    for response in [
        mock.get(&format!("/v2/group/{long}")).send().expect(404),
        mock.get(&path).send().expect(404),
        mock.get(&format!("/nothing/{long}")).send().expect(404),
        mock.get(GROUPS).header("transaction-id", &long).send().expect(200),
        mock.get("/v1/groups").header("origin", &format!("http://{long}")).send().expect(200),
        mock.get("/v1/groups?limit=1").header("x-forwarded-host", &long).send().expect(200),
        mock.get("/api2/access_groups/nothing.json").header("x-mock-fault", &long).send().expect(400),
    ] {
        for (name, value) in &response.headers {
            assert!(value.len() <= 1_024, "{name}: {} bytes", value.len());
        }
    }
    let cut = mock.get(&path).send().expect(404);
    assert_eq!(cut.header("x-mock-hint").len(), 1_024);
    assert!(cut.header("x-mock-hint").ends_with("..."));
}

#[test]
fn a_request_can_be_explained_from_any_namespace() {
    let mock = TestServer::start();

    mock.get(GROUPS).header("x-mock-namespace", "blue").send().expect(200);

    let response = mock.get("/v2/group").header("x-mock-namespace", "blue").send().expect(404);

    assert_eq!(explain(&mock, &response)["exchange"]["namespace"], "blue");
}
