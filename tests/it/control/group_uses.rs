//! The records that refer to a group, listed by the admin API.

use access_groups_mock::AuthMode;
use serde_json::{Value, json};

use super::ACCOUNT;
use crate::support::TestServer;
use crate::support::operations::demo_server;

const CLOUDFLARE_ACCOUNT: &str = "023e105f4ecef8ad9ca31a8372d0c353";
const GROUP: &str = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415";

fn uses(mock: &TestServer, group: &str, query: &str) -> Vec<(String, String, String)> {
    let found = mock.get(&format!("/__admin/groups/{group}/uses{query}")).send().expect(200).json();
    let text = |record: &Value, field: &str| record[field].as_str().unwrap().to_owned();
    let uses = found["uses"].as_array().unwrap().iter();
    uses.map(|it| (text(it, "kind"), text(it, "name"), text(it, "path"))).collect()
}

fn found(kind: &str, name: &str, path: &str) -> (String, String, String) {
    (kind.to_owned(), name.to_owned(), path.to_owned())
}

#[test]
fn an_access_group_is_used_by_groups_policies_and_applications_of_its_account() {
    let mock = demo_server(AuthMode::Lenient);
    let account = format!("/client/v4/accounts/{CLOUDFLARE_ACCOUNT}");
    let rule = json!({"group": {"id": GROUP}});
    let nested = json!({"name": "Nested", "include": [{"everyone": {}}, rule], "require": [rule]});
    mock.post(&format!("{account}/access/groups")).json(nested).send().expect(201);
    let policy = json!({"name": "Inline", "decision": "deny", "include": [], "exclude": [rule]});
    let app = json!({"name": "App", "policies": [{"id": "x"}, policy]});
    mock.post(&format!("{account}/access/apps")).json(app).send().expect(201);
    let unrelated = json!({"name": GROUP, "decision": "allow", "include": [{"email_list": {"id": GROUP}}]});
    mock.post(&format!("{account}/access/policies")).json(unrelated).send().expect(201);
    let other = json!({"name": "Other account", "include": [rule]});
    mock.post("/accounts/other/access/groups").json(other).send().expect(201);

    let of_account = uses(&mock, GROUP, &format!("?dialect=cloudflare&account={CLOUDFLARE_ACCOUNT}"));

    assert_eq!(
        of_account,
        [
            found("access_group", "Nested", "include[1].group"),
            found("access_group", "Nested", "require[0].group"),
            found("access_policy", "Allow devs", "include[0].group"),
            found("access_application", "App", "policies[1].exclude[0].group"),
        ]
    );
    assert_eq!(uses(&mock, GROUP, "?account=9a7806061c88ada191ed06f989cc3dac"), []);
    assert_eq!(uses(&mock, GROUP, "").len(), 4);
}

#[test]
fn a_resource_group_is_used_by_policies_of_members_and_user_groups() {
    let mock = demo_server(AuthMode::Lenient);
    let policy = json!({"access": "allow", "permission_groups": [], "resource_groups": [{"id": "x"}, {"id": CLOUDFLARE_ACCOUNT}]});
    let group = json!({"name": "Readers", "policies": [policy]});
    let list = format!("/client/v4/accounts/{CLOUDFLARE_ACCOUNT}/iam/user_groups");
    mock.post(&list).json(group).send().expect(200);

    assert_eq!(
        uses(&mock, CLOUDFLARE_ACCOUNT, ""),
        [found("user_group", "Readers", "policies[0].resource_groups[1]")]
    );
}

#[test]
fn an_ibm_group_is_used_by_its_policies() {
    let mock = demo_server(AuthMode::Lenient);
    let list = format!("/v2/groups?account_id={ACCOUNT}");
    let group = mock.post(&list).json(json!({"name": "g"})).send().expect(201).json();
    let id = group["id"].as_str().unwrap();
    assert_eq!(uses(&mock, id, ""), []);
    let policy = json!({
        "type": "access",
        "description": "Reads",
        "subjects": [{"attributes": [{"name": "access_group_id", "value": id}]}],
        "roles": [{"role_id": "crn:v1:bluemix:public:iam::::role:Viewer"}],
        "resources": [{"attributes": [
            {"name": "accountId", "value": ACCOUNT}, {"name": "serviceName", "value": "cos"}
        ]}]
    });

    mock.post("/v1/policies").json(policy).send().expect(201);

    assert_eq!(uses(&mock, id, "?dialect=ibm"), [found("policy", "Reads", "subject.access_group_id")]);
}

#[test]
fn a_group_that_does_not_exist_is_404_and_a_deleted_one_too() {
    let mock = demo_server(AuthMode::Lenient);
    mock.get("/__admin/groups/unknown/uses").send().expect(404);
    mock.get(&format!("/__admin/groups/{GROUP}/uses?dialect=ibm")).send().expect(404);
    mock.get(&format!("/__admin/groups/{GROUP}/uses")).header("x-mock-namespace", "other").send();
    let group = format!("/client/v4/accounts/{CLOUDFLARE_ACCOUNT}/access/groups/{GROUP}");

    // The policy that refers to the group does not keep it from being deleted.
    mock.delete(&group).send().expect(202);

    mock.get(&format!("/__admin/groups/{GROUP}/uses?account={CLOUDFLARE_ACCOUNT}")).send().expect(404);
}
