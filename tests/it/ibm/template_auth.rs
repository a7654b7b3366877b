//! Templates and assignments in strict mode: a credential only gives access to its own account.

use access_groups_mock::{AuthMode, Config};
use serde_json::json;

use super::assert_error;
use crate::support::{TestRequest, TestResponse, TestServer};

const SEED: &str = r#"{
    "credentials": [
        {"dialect": "ibm", "secret": "of-a", "account": "a", "iam_id": "IBMid-a"},
        {"dialect": "ibm", "secret": "of-b", "account": "b", "iam_id": "IBMid-b"},
        {"dialect": "ibm", "secret": "viewer", "account": "a", "role": "viewer"}
    ],
    "ibm": {"accounts": {"a": {
        "templates": [{"id": "t", "name": "t", "committed": true}],
        "assignments": [{"id": "s", "template_id": "t", "template_version": "1", "target_type": "Account", "target": "c"}]
    }}}
}"#;

const FORBIDDEN: &str = "Forbidden: You don't have the required access to complete this action. Contact your account owner for access";

fn strict() -> TestServer {
    TestServer::with_config(Config { auth: AuthMode::Strict, ..Config::default() }, SEED)
}

fn send_as(secret: &str, request: TestRequest<'_>) -> TestResponse {
    request.header("authorization", &format!("Bearer {secret}")).send()
}

#[test]
fn another_account_has_no_access() {
    let mock = strict();
    let assign =
        json!({"template_id": "t", "template_version": "1", "target_type": "Account", "target": "d"});

    for request in [
        mock.post("/v1/group_templates").json(json!({"name": "n", "account_id": "a"})),
        mock.get("/v1/group_templates?account_id=a"),
        mock.get("/v1/group_templates/t"),
        mock.delete("/v1/group_templates/t"),
        mock.post("/v1/group_templates/t/versions").json(json!({})),
        mock.get("/v1/group_templates/t/versions"),
        mock.get("/v1/group_templates/t/versions/1"),
        mock.put("/v1/group_templates/t/versions/1").json(json!({})),
        mock.delete("/v1/group_templates/t/versions/1"),
        mock.post("/v1/group_templates/t/versions/1/commit"),
        mock.post("/v1/group_assignments").json(assign),
        mock.get("/v1/group_assignments?account_id=a"),
        mock.get("/v1/group_assignments/s"),
        mock.patch("/v1/group_assignments/s").json(json!({"template_version": "1"})),
        mock.delete("/v1/group_assignments/s"),
    ] {
        assert_error(&send_as("of-b", request).expect(403), "forbidden", FORBIDDEN);
    }
}

#[test]
fn the_template_account_has_full_access_and_may_assign_to_other_accounts() {
    let mock = strict();

    let created =
        send_as("of-a", mock.post("/v1/group_templates").json(json!({"name": "n", "account_id": "a"})));
    assert_eq!(created.expect(201).json()["created_by_id"], "IBMid-a");
    let body = json!({"template_id": "t", "template_version": "1", "target_type": "Account", "target": "b"});
    send_as("of-a", mock.post("/v1/group_assignments").json(body)).expect(202);

    let groups =
        send_as("of-b", mock.get("/v2/groups?account_id=b&hide_public_access=true")).expect(200).json();
    assert_eq!(groups["groups"][0]["name"], "t");
    assert_eq!(groups["groups"][0]["created_by_id"], "IBMid-a");
}

#[test]
fn a_viewer_may_read() {
    let mock = strict();

    send_as("viewer", mock.get("/v1/group_templates/t")).expect(200);
    send_as("viewer", mock.get("/v1/group_assignments/s")).expect(200);
    send_as("viewer", mock.delete("/v1/group_assignments/s")).expect(403);
    send_as("viewer", mock.post("/v1/group_templates").json(json!({"name": "n", "account_id": "a"})))
        .expect(403);
}
