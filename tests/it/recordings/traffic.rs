//! Traffic with every dialect, as a program that manages groups sends it.

use serde_json::{Value, json};

use crate::support::TestServer;

/// The account of Cloudflare.
pub(super) const ACCOUNT: &str = "023e105f4ecef8ad9ca31a8372d0c353";

/// Creates an object and returns it.
#[track_caller]
fn create(mock: &TestServer, path: &str, body: Value) -> Value {
    let response = mock.post(path).json(body).send();
    assert!([200, 201].contains(&response.status), "{path}: {}", response.text());
    response.json()
}

fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap_or_else(|| value["result"]["id"].as_str().unwrap())
}

/// Sends requests to all operations of Cloudflare that change objects, and returns paths to read afterwards.
pub(super) fn cloudflare(mock: &TestServer) -> Vec<String> {
    let account = format!("/client/v4/accounts/{ACCOUNT}");
    let groups = format!("{account}/access/groups");
    let rules = json!([{"email_domain": {"domain": "corp.example"}}]);
    let group = |name: &str| json!({"name": name, "include": rules, "require": [{"everyone": {}}]});
    let kept = create(mock, &groups, group("Engineers"));
    let deleted = create(mock, &groups, group("Contractors"));
    create(mock, &groups, group("Support"));
    mock.put(&format!("{groups}/{}", id(&kept))).json(group("All engineers")).send().expect(200);
    mock.delete(&format!("{groups}/{}", id(&deleted))).send().expect(202);
    create(mock, "/zones/9a7806061c88ada191ed06f989cc3dac/access/groups", group("Zone group"));
    let resource_groups = format!("{account}/iam/resource_groups");
    let scope = json!({"key": format!("com.cloudflare.api.account.{ACCOUNT}"), "objects": [{"key": "*"}]});
    create(mock, &resource_groups, json!({"name": "Everything", "scope": scope}));
    let app = create(
        mock,
        &format!("{account}/access/apps"),
        json!({"name": "Wiki", "domain": "wiki.corp.example"}),
    );
    let policies = format!("{account}/access/apps/{}/policies", id(&app));
    let policy = json!({"name": "Allow", "decision": "allow", "include": [{"group": {"id": id(&kept)}}]});
    create(mock, &policies, policy);
    let team = create(mock, &format!("{account}/iam/user_groups"), json!({"name": "Team"}));
    let members = format!("{account}/iam/user_groups/{}/members", id(&team));
    let member =
        create(mock, &format!("{account}/members"), json!({"email": "ada@corp.example", "roles": []}));
    mock.post(&members).json(json!([{"id": id(&member)}])).send().expect(200);
    let mut paths = vec![
        groups.clone(),
        format!("{groups}/{}", id(&kept)),
        format!("{groups}?per_page=1&page=2"),
        "/zones/9a7806061c88ada191ed06f989cc3dac/access/groups".to_owned(),
        resource_groups,
        policies,
        members,
    ];
    for list in ["access/apps", "access/policies", "members", "iam/user_groups", "iam/permission_groups"] {
        paths.push(format!("{account}/{list}"));
    }
    paths
}

/// Sends requests to the operations of IBM Cloud that change objects, and returns paths to read afterwards.
pub(super) fn ibm(mock: &TestServer) -> Vec<String> {
    let kept =
        create(mock, "/v2/groups?account_id=acct9", json!({"name": "Operators", "description": "on call"}));
    let deleted = create(mock, "/v2/groups?account_id=acct9", json!({"name": "Gone"}));
    mock.delete(&format!("/v2/groups/{}", id(&deleted))).send().expect(204);
    let group = format!("/v2/groups/{}", id(&kept));
    let tag = mock.get(&group).send().header("etag").to_owned();
    mock.patch(&group)
        .header("if-match", &tag)
        .json(json!({"description": "always on call"}))
        .send()
        .expect(200);
    let service = create(mock, "/v1/serviceids", json!({"account_id": "acct9", "name": "robot"}));
    let members = json!({"members": [
        {"iam_id": "IBMid-900001", "type": "user"}, {"iam_id": "IBMid-900002", "type": "user"},
        {"iam_id": service["iam_id"], "type": "service"}
    ]});
    mock.put(&format!("{group}/members")).json(members).send().expect(207);
    mock.delete(&format!("{group}/members/IBMid-900002")).send().expect(204);
    let condition = json!({"claim": "team", "operator": "EQUALS", "value": "\"ops\""});
    let rule = json!({"name": "ops", "expiration": 4, "realm_name": "https://sso.corp.example/saml",
        "conditions": [condition]});
    create(mock, &format!("{group}/rules"), rule);
    mock.patch("/v2/groups/settings?account_id=acct9")
        .json(json!({"public_access_enabled": false}))
        .send()
        .expect(200);
    let policy = json!({"type": "access", "subjects": [{"attributes": [{"name": "access_group_id", "value": id(&kept)}]}],
        "roles": [{"role_id": "crn:v1:bluemix:public:iam::::role:Viewer"}],
        "resources": [{"attributes": [{"name": "accountId", "value": "acct9"}, {"name": "serviceName", "value": "kms"}]}]});
    let policy = create(mock, "/v1/policies", policy);
    let template = json!({"account_id": "acct9", "name": "Shared", "group": {"name": "Shared team",
        "members": {"users": ["IBMid-900001"]}}});
    let template = create(mock, "/v1/group_templates", template);
    let version = format!("/v1/group_templates/{}/versions", id(&template));
    let tag = mock.get(&format!("{version}/1")).send().header("etag").to_owned();
    mock.post(&format!("{version}/1/commit")).header("if-match", &tag).send().expect(204);
    create(mock, &version, json!({"name": "Shared", "group": {"name": "Shared team"}}));
    create(mock, "/v2/resource_groups", json!({"account_id": "acct9", "name": "staging"}));
    vec![
        "/v2/groups?account_id=acct9&hide_public_access=true".to_owned(),
        "/v2/groups?account_id=acct9&limit=1&offset=1".to_owned(),
        group.clone(),
        format!("{group}/members?verbose=true"),
        format!("{group}/rules"),
        "/v2/groups/settings?account_id=acct9".to_owned(),
        "/v2/accounts/acct9/users".to_owned(),
        "/v1/serviceids?account_id=acct9".to_owned(),
        "/v1/policies?account_id=acct9".to_owned(),
        format!("/v1/policies/{}", id(&policy)),
        "/v1/group_templates?account_id=acct9&verbose=true".to_owned(),
        format!("{version}?verbose=true"),
        "/v2/resource_groups?account_id=acct9".to_owned(),
    ]
}

/// Sends requests to the operations of Authress that change objects, and returns paths to read afterwards.
pub(super) fn authress(mock: &TestServer) -> Vec<String> {
    let group = |name: &str| json!({"name": name, "users": [{"userId": "auth0|9"}], "admins": [], "tags": {"env": "test"}});
    let kept = create(mock, "/v1/groups", group("Writers"));
    let deleted = create(mock, "/v1/groups", group("Readers"));
    let path = format!("/v1/groups/{}", kept["groupId"].as_str().unwrap());
    mock.put(&path).json(group("Authors")).send().expect(200);
    mock.delete(&format!("/v1/groups/{}", deleted["groupId"].as_str().unwrap())).send().expect(204);
    let statements = json!([{"roles": ["ro_writer"], "resources": [{"resourceUri": "documents/*"}]}]);
    create(
        mock,
        "/v1/roles",
        json!({"roleId": "ro_writer", "name": "Writer", "permissions": [
        {"action": "documents:write", "allow": true, "grant": false, "delegate": false}]}),
    );
    create(
        mock,
        "/v1/records",
        json!({"recordId": "rec_9", "name": "Writers", "users": [], "statements": statements}),
    );
    vec!["/v1/groups".to_owned(), path, "/v1/roles".to_owned(), "/v1/records".to_owned()]
}

/// Sends requests to the operations of FlickRocket that change objects, and returns paths to read afterwards.
pub(super) fn legacy(mock: &TestServer) -> Vec<String> {
    let group = |name: &str| json!({"entry": {"name": name, "valid": 1, "customers": [{"email": "ada@corp.example"}]}});
    let kept = create(mock, "/api2/access_groups.json", group("Subscribers"));
    let deleted = create(mock, "/api2/access_groups.json", group("Trial"));
    let path = |group: &Value| format!("/api2/access_groups/{}.json", group["entry"]["id"]);
    mock.put(&path(&kept)).json(group("Paying subscribers")).send().expect(200);
    mock.delete(&path(&deleted)).send();
    vec!["/api2/access_groups.json".to_owned(), path(&kept)]
}
