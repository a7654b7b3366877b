//! The roles that policies grant.

use serde_json::{Value, json};

use super::field_values;
use crate::support::TestServer;

const PLATFORM: [&str; 4] = ["Viewer", "Operator", "Editor", "Administrator"];
const SERVICES: [&str; 3] = ["Reader", "Writer", "Manager"];

fn policy(roles: &[Value]) -> Value {
    json!({
        "type": "access",
        "subjects": [{"attributes": [{"name": "iam_id", "value": "IBMid-1"}]}],
        "roles": roles,
        "resources": [{"attributes": [{"name": "accountId", "value": "a"}, {"name": "service_group_id", "value": "IAM"}]}]
    })
}

#[test]
fn platform_and_service_roles_are_listed() {
    let mock = TestServer::start();

    let roles = mock.get("/v2/roles?account_id=a&service_name=alliamserviceroles").send().expect(200).json();

    assert_eq!(roles["custom_roles"], json!([]));
    assert_eq!(field_values(&roles, "system_roles", "display_name"), PLATFORM);
    assert_eq!(field_values(&roles, "service_roles", "display_name"), SERVICES);
    assert_eq!(roles["system_roles"][0]["crn"], "crn:v1:bluemix:public:iam::::role:Viewer");
    assert_eq!(roles["system_roles"][0]["actions"], json!([]));
    assert_eq!(roles["service_roles"][2]["crn"], "crn:v1:bluemix:public:iam::::serviceRole:Manager");
}

#[test]
fn the_iam_service_group_and_iam_identity_have_their_own_roles() {
    let mock = TestServer::start();

    for query in ["service_group_id=IAM", "service_name=iam-identity"] {
        let roles = mock.get(&format!("/v2/roles?account_id=a&{query}")).send().expect(200).json();

        assert_eq!(field_values(&roles, "system_roles", "display_name"), PLATFORM);
        assert_eq!(
            field_values(&roles, "service_roles", "display_name"),
            ["Reader", "Writer", "Manager", "Service ID creator", "User API key creator"]
        );
        assert_eq!(
            field_values(&roles, "service_roles", "crn")[3..],
            [
                "crn:v1:bluemix:public:iam-identity::::serviceRole:ServiceIdCreator",
                "crn:v1:bluemix:public:iam-identity::::serviceRole:UserApiKeyCreator"
            ]
        );
    }
    let others = mock.get("/v2/roles?service_group_id=Other").send().expect(200).json();
    assert_eq!(field_values(&others, "service_roles", "display_name"), SERVICES);
}

#[test]
fn every_role_can_be_granted() {
    let mock = TestServer::start();
    let roles = mock.get("/v2/roles?service_group_id=IAM").send().expect(200).json();
    let both = ["system_roles", "service_roles"].map(|list| roles[list].as_array().unwrap().clone());
    let granted: Vec<Value> = both.iter().flatten().map(|role| json!({"role_id": role["crn"]})).collect();

    let result = mock.post("/v1/policies").json(policy(&granted)).send().expect(201).json();

    let names: Vec<_> =
        result["roles"].as_array().unwrap().iter().map(|role| &role["display_name"]).collect();
    assert_eq!(names.len(), 9);
    assert_eq!(names[7..], ["Service ID creator", "User API key creator"]);
}
