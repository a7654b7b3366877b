//! The roles that policies grant.

use access_groups_mock::{App, Config, Seed};
use serde_json::{Value, json};

use super::{demo_server, field_values};
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

/// A section with a role of `hs-crypto` that has only a name, one of `logdna` with all fields, and nothing else.
fn seed_with_service_roles() -> String {
    let standard = json!({
        "display_name": "Standard Member", "description": "Reads and writes.", "actions": [],
        "crn": "crn:v1:bluemix:public:logdna::::serviceRole:Member"
    });
    let creator = json!({"display_name": "Key Custodian - Creator"});
    json!({"ibm": {"service_roles": {"hs-crypto": [creator], "logdna": [standard]}}}).to_string()
}

#[test]
fn seeded_roles_are_listed_for_their_service_only() {
    let mock = TestServer::with_seed(&seed_with_service_roles());
    let roles = |query: &str| {
        let roles = mock.get(&format!("/v2/roles?account_id=a&{query}")).send().expect(200).json();
        roles["service_roles"].as_array().unwrap()[3..].to_vec()
    };

    let creator = json!({
        "display_name": "Key Custodian - Creator", "description": "", "actions": [],
        "crn": "crn:v1:bluemix:public:hs-crypto::::serviceRole:KeyCustodianCreator"
    });
    let standard = json!({
        "display_name": "Standard Member", "description": "Reads and writes.", "actions": [],
        "crn": "crn:v1:bluemix:public:logdna::::serviceRole:Member"
    });
    assert_eq!(roles("service_name=hs-crypto"), [creator]);
    assert_eq!(roles("service_name=logdna"), [standard]);
    assert!(roles("service_name=kms").is_empty());
    assert!(roles("").is_empty());
}

#[test]
fn policies_show_the_name_and_description_of_a_seeded_role() {
    let mock = TestServer::with_seed(&seed_with_service_roles());
    let crn = "crn:v1:bluemix:public:logdna::::serviceRole:Member";
    let expected =
        json!([{"role_id": crn, "display_name": "Standard Member", "description": "Reads and writes."}]);

    let created =
        mock.post("/v1/policies").json(policy(&[json!({"role_id": crn})])).send().expect(201).json();
    let path = format!("/v1/policies/{}", created["id"].as_str().unwrap());
    let listed = mock.get("/v1/policies?account_id=a").send().expect(200).json();
    let read = mock.get(&path.replace("/v1/", "/v2/")).send().expect(200).json();

    assert_eq!(created["roles"], expected);
    assert_eq!(listed["policies"][0]["roles"], expected);
    assert_eq!(mock.get(&path).send().expect(200).json()["roles"], expected);
    assert_eq!(read["control"]["grant"]["roles"], json!([{"role_id": crn}]));
}

#[test]
fn seeded_roles_are_part_of_a_saved_state_and_of_every_namespace() {
    let mock = TestServer::with_seed(&seed_with_service_roles());
    let state = mock.get("/__admin/state").send().expect(200).json();
    let other = TestServer::start();
    other.put("/__admin/state").json(state.clone()).send().expect(200);
    let target = "/v2/roles?service_name=logdna";
    let expected = mock.get(target).send().expect(200).json();

    assert_eq!(other.get(target).send().expect(200).json(), expected);
    assert_eq!(mock.get(&format!("/ns/one{target}")).send().expect(200).json(), expected);
    assert_eq!(
        other.get("/__admin/state").send().expect(200).json()["ibm"]["service_roles"],
        state["ibm"]["service_roles"]
    );
    other.post("/__admin/reset").send().expect(200);
    assert_eq!(other.get(target).send().expect(200).json()["service_roles"].as_array().unwrap().len(), 3);
}

#[test]
fn invalid_seeded_roles_are_rejected_with_their_path() {
    let reason = |roles: Value| {
        let seed = json!({"ibm": {"service_roles": {"kms": roles}}}).to_string();
        Seed::parse(&seed).and_then(|seed| App::new(Config::default(), seed)).unwrap_err().to_string()
    };
    let viewer = "crn:v1:bluemix:public:iam::::role:Viewer";

    assert_eq!(
        reason(json!([{"display_name": "-"}])),
        "ibm.service_roles.kms[0].display_name: must contain a letter or a digit"
    );
    assert_eq!(
        reason(json!([{"display_name": "A", "crn": "role:A"}])),
        "ibm.service_roles.kms[0].crn: must have the form crn:v1:bluemix:public:SERVICE::::serviceRole:NAME"
    );
    assert_eq!(
        reason(json!([{"display_name": "A", "crn": viewer}])),
        format!("ibm.service_roles.kms[0].crn: `{viewer}` is already the CRN of another role")
    );
    assert_eq!(
        reason(json!([{"display_name": "A"}, {"display_name": "A", "crn": format!("{viewer}2")}])),
        "ibm.service_roles.kms[1].display_name: `A` is already the name of another role of the service"
    );
}

#[test]
fn the_demo_seed_has_the_roles_of_the_examples_of_ibms_module() {
    let mock = demo_server();
    let names = |service: &str| {
        let roles = mock.get(&format!("/v2/roles?service_name={service}")).send().expect(200).json();
        field_values(&roles, "service_roles", "display_name")[3..].to_vec()
    };

    let hs_crypto = [
        "Certificate Manager",
        "Vault Administrator",
        "Key Custodian - Creator",
        "Key Custodian - Deployer",
        "KMS Key Purge Role",
    ];
    assert_eq!(names("hs-crypto"), hs_crypto);
    assert_eq!(names("logdna"), ["Standard Member"]);
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
