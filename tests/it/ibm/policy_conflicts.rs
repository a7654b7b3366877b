//! Policies that conflict, the placeholders of version 2 policies, the headers of policy management, and roles of single
//! services.

use serde_json::{Value, json};

use super::{assert_error, create_group};
use crate::support::{TestResponse, TestServer};

const VIEWER: &str = "crn:v1:bluemix:public:iam::::role:Viewer";
const EDITOR: &str = "crn:v1:bluemix:public:iam::::role:Editor";

/// Returns a policy of account `a` in the v1 format, for a subject, with these roles and resource attributes besides the
/// account.
fn v1(subject: [&str; 2], roles: &[&str], resource: &[[&str; 2]]) -> Value {
    let [name, value] = subject;
    let attribute =
        |name: &str, value: &str| json!({"name": name, "value": value, "operator": "stringEquals"});
    let mut attributes = vec![attribute("accountId", "a")];
    attributes.extend(resource.iter().map(|[name, value]| attribute(name, value)));
    json!({
        "type": "access",
        "subjects": [{"attributes": [{"name": name, "value": value}]}],
        "roles": roles.iter().map(|role| json!({"role_id": role})).collect::<Vec<_>>(),
        "resources": [{"attributes": attributes}]
    })
}

/// Returns the same policy in the v2 format.
fn v2(subject: [&str; 2], roles: &[&str], resource: &[[&str; 2]]) -> Value {
    let attribute =
        |name: &str, value: &str| json!({"key": name, "value": value, "operator": "stringEquals"});
    let mut attributes = vec![attribute("accountId", "a")];
    attributes.extend(resource.iter().map(|[name, value]| attribute(name, value)));
    json!({
        "type": "access",
        "subject": {"attributes": [attribute(subject[0], subject[1])]},
        "resource": {"attributes": attributes},
        "control": {"grant": {"roles": roles.iter().map(|role| json!({"role_id": role})).collect::<Vec<_>>()}}
    })
}

fn post(mock: &TestServer, version: &str, body: &Value) -> TestResponse {
    mock.post(&format!("/{version}/policies")).json(body.clone()).send()
}

/// Asserts a conflict with the policy of `existing`, in the format of `version`.
#[track_caller]
fn assert_conflict(mock: &TestServer, response: &TestResponse, verb: &str, version: &str, id: &str) {
    let existing = mock.get(&format!("/{version}/policies/{id}")).send().expect(200);
    let message = format!(
        "The policy wasn't {verb} because an access policy with identical attributes already exists. Please update the \
         roles in the existing policy ({id}), or update the one you're trying to assign to include a different \
         attribute assignment."
    );
    let details = json!({"conflicts_with": {"etag": existing.header("etag"), "policy": existing.json()}});
    let error = json!({"code": "policy_conflict_error", "message": message, "details": details});
    let expected = json!({"trace": response.header("transaction-id"), "errors": [error], "status_code": 409});
    assert_eq!(response.json(), expected);
}

fn id(response: &TestResponse) -> String {
    response.json()["id"].as_str().unwrap().to_owned()
}

#[test]
fn an_equal_policy_conflicts_in_both_versions() {
    let mock = TestServer::start();
    let subject = ["iam_id", "IBMid-1"];
    let first =
        id(&post(&mock, "v1", &v1(subject, &[VIEWER, EDITOR], &[["serviceName", "kms"]])).expect(201));

    for (version, body) in [
        ("v1", v1(subject, &[EDITOR, VIEWER], &[["serviceName", "kms"]])),
        ("v2", v2(subject, &[VIEWER, EDITOR], &[["serviceName", "kms"]])),
    ] {
        let conflict = post(&mock, version, &body).expect(409);
        assert_conflict(&mock, &conflict, "created", version, &first);
    }
    for body in [
        v1(subject, &[VIEWER], &[["serviceName", "kms"]]),
        v1(subject, &[VIEWER, EDITOR], &[["serviceName", "cos"]]),
        v1(subject, &[VIEWER, EDITOR], &[]),
        v1(["iam_id", "IBMid-2"], &[VIEWER, EDITOR], &[["serviceName", "kms"]]),
    ] {
        post(&mock, "v1", &body).expect(201);
    }
    mock.delete(&format!("/v1/policies/{first}")).send().expect(204);
    post(&mock, "v2", &v2(subject, &[VIEWER, EDITOR], &[["serviceName", "kms"]])).expect(201);
}

#[test]
fn a_policy_of_a_group_conflicts_with_a_broader_one() {
    let mock = TestServer::start();
    let group = create_group(&mock, "g");
    let subject = ["access_group_id", group.as_str()];
    let broad = post(&mock, "v1", &v1(subject, &[VIEWER, EDITOR], &[["serviceType", "service"]])).expect(201);

    let narrow = v2(subject, &[VIEWER], &[["serviceType", "service"], ["resourceGroupId", "r"]]);
    let conflict = post(&mock, "v2", &narrow).expect(409);

    assert_conflict(&mock, &conflict, "created", "v2", &id(&broad));
    let resource_group = [["resourceType", "resource-group"], ["resource", "r"]];
    let conflict = post(&mock, "v1", &v1(subject, &[VIEWER], &resource_group)).expect(409);
    assert_conflict(&mock, &conflict, "created", "v1", &id(&broad));
    post(&mock, "v2", &v2(subject, &[EDITOR], &[["serviceName", "kms"]])).expect(409);
    // More roles, another type of services, or a broader resource are not covered.
    let manager = "crn:v1:bluemix:public:iam::::serviceRole:Manager";
    let more = [["serviceType", "service"], ["resourceGroupId", "r"]];
    post(&mock, "v1", &v1(subject, &[VIEWER, manager], &more)).expect(201);
    post(&mock, "v1", &v1(subject, &[VIEWER], &[["serviceType", "platform_service"]])).expect(201);
    post(&mock, "v1", &v1(subject, &[VIEWER], &[["serviceName", "billing"]])).expect(201);
    post(&mock, "v1", &v1(subject, &[VIEWER], &[])).expect(201);
}

#[test]
fn a_broader_policy_of_an_identity_or_with_a_condition_does_not_conflict() {
    let mock = TestServer::start();
    let subject = ["iam_id", "IBMid-1"];
    post(&mock, "v1", &v1(subject, &[VIEWER], &[])).expect(201);
    post(&mock, "v1", &v1(subject, &[VIEWER], &[["serviceName", "kms"]])).expect(201);
    let group = create_group(&mock, "g");
    let subject = ["access_group_id", group.as_str()];
    let mut conditional = v2(subject, &[VIEWER], &[]);
    conditional["pattern"] = json!("time-based-conditions:weekly:all-day");
    conditional["rule"] = json!({"key": "k", "operator": "dayOfWeekAnyOf", "value": ["1+00:00"]});

    post(&mock, "v2", &conditional).expect(201);

    post(&mock, "v2", &v2(subject, &[VIEWER], &[["serviceName", "kms"]])).expect(201);
    post(&mock, "v2", &conditional).expect(409);
}

#[test]
fn an_authorization_conflicts_with_an_equal_one() {
    let mock = TestServer::start();
    let mut body = v1(
        ["serviceName", "cos"],
        &["crn:v1:bluemix:public:iam::::serviceRole:Reader"],
        &[["serviceName", "kms"]],
    );
    body["type"] = json!("authorization");
    let first = id(&post(&mock, "v1", &body).expect(201));

    let conflict = post(&mock, "v1", &body).expect(409);

    assert_conflict(&mock, &conflict, "created", "v1", &first);
}

#[test]
fn a_replacement_conflicts_with_another_policy_but_not_with_itself() {
    let mock = TestServer::start();
    let subject = ["iam_id", "IBMid-1"];
    let first = id(&post(&mock, "v1", &v1(subject, &[VIEWER], &[])).expect(201));
    let second = post(&mock, "v1", &v1(subject, &[EDITOR], &[])).expect(201);
    let path = format!("/v1/policies/{}", id(&second));
    let put = |body: Value| mock.put(&path).header("if-match", second.header("etag")).json(body).send();

    let conflict = put(v1(subject, &[VIEWER], &[])).expect(409);

    assert_conflict(&mock, &conflict, "updated", "v1", &first);
    put(v1(subject, &[EDITOR], &[])).expect(200);
}

#[test]
fn a_list_of_version_1_has_placeholders_for_the_policies_of_version_2() {
    let mock = TestServer::start();
    let group = create_group(&mock, "g");
    let subject = ["access_group_id", group.as_str()];
    let old = id(&post(&mock, "v1", &v1(subject, &[VIEWER], &[["serviceName", "kms"]])).expect(201));
    let new = id(&post(&mock, "v2", &v2(subject, &[EDITOR], &[["serviceName", "kms"]])).expect(201));
    let text = "**This is a unsupported policy version placeholder, to view the full content, please call GET with \
                provided href**";

    let list =
        mock.get(&format!("/v1/policies?account_id=a&access_group_id={group}")).send().expect(200).json();

    assert_eq!(list["policies"][0], mock.get(&format!("/v1/policies/{old}")).send().json());
    let placeholder = json!({
        "id": new,
        "type": "access",
        "description": text,
        "subjects": [{"attributes": [{"name": "iam_id", "value": "unsupported version"}]}],
        "roles": [{
            "role_id": "crn:v1:bluemix:public:iam::::role:UnsupportedVersion",
            "display_name": "Unsupported Version",
            "description": text
        }],
        "resources": [{"attributes": [{"name": "accountId", "value": "a"}]}],
        "href": format!("{}/v2/policies/{new}", mock.url())
    });
    assert_eq!(list["policies"][1], placeholder);
    let list = mock.get("/v2/policies?account_id=a").send().expect(200).json();
    assert_eq!(list["policies"][0], mock.get(&format!("/v2/policies/{old}")).send().json());
    assert_eq!(list["policies"][1], mock.get(&format!("/v2/policies/{new}")).send().json());
}

#[test]
fn a_list_without_an_account_is_400_with_the_code_of_policy_management() {
    let mock = TestServer::start();

    for version in ["v1", "v2"] {
        for query in ["", "?account_id=", "?type=access"] {
            let response = mock.get(&format!("/{version}/policies{query}")).send().expect(400);
            let message = "The required query parameter is missing: account_id";
            assert_error(&response, "missing_required_query_parameter", message);
        }
    }
}

#[test]
fn roles_of_single_services_and_custom_roles_are_accepted() {
    let mock = TestServer::start();
    let role = "crn:v1:bluemix:public:satellite::::serviceRole:SatelliteLinkAdministrator";
    let custom = "crn:v1:bluemix:public:iam-access-management::a/a::customRole:Example";

    for (index, role) in [role, custom].into_iter().enumerate() {
        let subject = format!("IBMid-{index}");
        let created = post(&mock, "v1", &v1(["iam_id", &subject], &[role], &[])).expect(201).json();
        assert_eq!(created["roles"], json!([{"role_id": role}]));
        post(&mock, "v2", &v2(["iam_id", &format!("{subject}-2")], &[role], &[])).expect(201);
    }
    for malformed in [
        "Viewer",
        "crn:v1:bluemix:public:iam::::role:",
        "crn:v1:bluemix:public:::::role:Viewer",
        "crn:v1:bluemix:public:iam::::policy:Viewer",
        "crn:v1:bluemix:public:iam:::role:Viewer",
    ] {
        let response = post(&mock, "v1", &v1(["iam_id", "IBMid-9"], &[malformed], &[])).expect(400);
        assert_error(&response, "invalid_body", &format!("The role was not found: {malformed}"));
    }
}

#[test]
fn every_response_of_policy_management_has_its_headers_and_times() {
    let mock = TestServer::start();
    let created = post(&mock, "v1", &v1(["iam_id", "IBMid-1"], &[VIEWER], &[])).expect(201);
    let path = format!("/v1/policies/{}", id(&created));

    for response in [
        mock.get(&path).send().expect(200),
        mock.get("/v2/policies?account_id=a").send().expect(200),
        mock.get("/v2/roles").send().expect(200),
        mock.get("/v1/policies/unknown").send().expect(404),
        mock.get("/v2/policies").send().expect(400),
        mock.delete(&path).send().expect(204),
        created,
    ] {
        if response.status != 204 {
            assert_eq!(response.header("content-type"), "application/json; charset=utf-8");
        }
        assert_eq!(response.header("cache-control"), "no-cache,no-store");
        assert_eq!(response.header("pragma"), "no-cache");
        assert_eq!(response.header("expires"), "Thursday, 1 January 1970 00:00:00 GMT");
        let transaction = response.header("transaction-id");
        assert_eq!(transaction.len(), 32, "{transaction}");
        assert!(transaction.bytes().all(|digit| digit.is_ascii_hexdigit()), "{transaction}");
        if response.status >= 400 {
            assert_eq!(response.json()["trace"], transaction);
        }
        if response.status == 201 {
            for name in ["created_at", "last_modified_at"] {
                let time = response.json()[name].as_str().unwrap().to_owned();
                assert_eq!((time.len(), &time[19..20]), (24, "."), "{time}");
            }
        }
    }
    let given = mock.get("/v2/roles").header("transaction-id", "my-id").send().expect(200);
    assert_eq!(given.header("transaction-id"), "my-id");
    let groups = mock.get("/v2/groups?account_id=a").send().expect(200);
    assert_eq!(groups.header("content-type"), "application/json");
    assert_eq!(groups.header("cache-control"), "");
    assert_eq!(groups.header("transaction-id").len(), 36);
}
