//! The search of groups by member, single records, and single operations of the description.

use access_groups_mock::AuthMode;
use serde_json::{Value, json};

use super::ACCOUNT;
use super::helpers::admin_get;
use crate::support::TestServer;
use crate::support::operations::demo_server;

const CLOUDFLARE_ACCOUNT: &str = "023e105f4ecef8ad9ca31a8372d0c353";

/// Returns the names of the groups that a query finds, and their total.
fn found(mock: &TestServer, query: &str) -> (Vec<String>, u64) {
    let page = admin_get(mock, &format!("/__admin/groups?{query}"));
    let groups = page["groups"].as_array().unwrap().iter();
    let names = groups.map(|group| group["name"].as_str().unwrap().to_owned()).collect();
    (names, page["meta"]["total"].as_u64().unwrap())
}

#[test]
fn groups_are_found_by_id_name_and_member_in_every_dialect() {
    let mock = demo_server(AuthMode::Lenient);

    for (query, name) in [
        ("search=ADA@example.com&name=team", "Blue Team"),
        ("search=ben%20green&name=blue", "Blue Team"),
        ("search=accessgroupid-1b0d", "Blue Team"),
        ("search=oauth%7Cuserid", "Engineering"),
        ("search=grp_support", "Support"),
        ("search=reader@example.com", "Readers"),
        ("search=192.0.2.0", "Office network"),
        ("search=9a7806061c88ada191ed06f989cc3dac", "Production zones"),
        ("search=allow%20devs", "Allow devs"),
    ] {
        assert_eq!(found(&mock, query), (vec![name.to_owned()], 1), "{query}");
    }
    // The name of a field is not a member.
    assert_eq!(found(&mock, "search=email_domain"), (Vec::new(), 0));
    assert_eq!(found(&mock, "search=no%20such%20group"), (Vec::new(), 0));
    assert_eq!(found(&mock, "search="), found(&mock, ""));
}

#[test]
fn a_group_is_at_the_path_that_the_list_has() {
    let mock = demo_server(AuthMode::Lenient);
    let page = admin_get(&mock, "/__admin/groups?limit=1000");
    let groups = page["groups"].as_array().unwrap();

    for group in groups {
        let response = mock.get(group["path"].as_str().unwrap()).send().expect(200);
        let id = group["id"].as_str().unwrap();
        assert!(response.text().contains(id), "{group}: {}", response.text());
    }
    for prefix in ["/client/v4/accounts/", "/client/v4/zones/", "/v2/groups/", "/v1/groups/", "/api2/"] {
        assert!(groups.iter().any(|it| it["path"].as_str().unwrap().starts_with(prefix)), "{prefix}");
    }
}

#[test]
fn a_search_is_combined_with_the_filters_and_has_pages() {
    let mock = TestServer::start();
    for number in 0..25 {
        let entry =
            json!({"name": format!("g{number}"), "customers": [{"email": format!("u{number}@x.test")}]});
        mock.post("/api2/access_groups.json").json(json!({"entry": entry})).send().expect(201);
        let group = json!({"name": "other", "users": [{"userId": "u@x.test"}], "admins": []});
        mock.post("/v1/groups").json(group).send().expect(201);
    }

    let (names, total) = found(&mock, "search=@x.test&dialect=legacy&limit=3&offset=20");
    assert_eq!((names, total), (vec!["g20".to_owned(), "g21".to_owned(), "g22".to_owned()], 25));
    assert_eq!(found(&mock, "search=@x.test&name=g24"), (vec!["g24".to_owned()], 1));
    assert_eq!(found(&mock, "search=u7@x.test&kind=access_group"), (vec!["g7".to_owned()], 1));
    assert_eq!(found(&mock, "search=@x.test&limit=0").1, 50);
}

#[test]
fn a_record_is_the_object_of_the_saved_state() {
    let mock = demo_server(AuthMode::Lenient);
    let state = admin_get(&mock, "/__admin/state");
    let cloudflare = &state["cloudflare"]["accounts"][CLOUDFLARE_ACCOUNT];
    let ibm = &state["ibm"]["accounts"][ACCOUNT];
    let encoded = |id: &Value| id.as_str().map_or_else(|| id.to_string(), str::to_owned);

    for (dialect, kind, account, saved) in [
        ("cloudflare", "access_group", CLOUDFLARE_ACCOUNT, &cloudflare["access_groups"][0]),
        ("cloudflare", "resource_group", CLOUDFLARE_ACCOUNT, &cloudflare["resource_groups"][0]),
        ("cloudflare", "permission_group", CLOUDFLARE_ACCOUNT, &cloudflare["permission_groups"][0]),
        ("cloudflare", "access_policy", CLOUDFLARE_ACCOUNT, &cloudflare["neighbors"]["access/policies"][0]),
        ("ibm", "access_group", ACCOUNT, &ibm["groups"][0]),
        ("ibm", "policy", ACCOUNT, &ibm["policies"][0]),
        ("authress", "group", "", &state["authress"]["groups"][0]),
        ("legacy", "access_group", "", &state["legacy"]["access_groups"][0]),
    ] {
        let id = encoded(if dialect == "authress" { &saved["groupId"] } else { &saved["id"] });
        let target = format!("/__admin/records/{dialect}/{kind}/{id}?account={account}");
        assert_eq!(
            admin_get(&mock, &target),
            json!({"dialect": dialect, "kind": kind, "account": account, "id": id, "record": saved}),
            "{target}"
        );
    }
}

#[test]
fn a_record_of_several_accounts_needs_the_account() {
    let mock = demo_server(AuthMode::Lenient);
    let target = "/__admin/records/cloudflare/access_group/f174e90a-fafe-4643-bbbc-4a0ed4fc8415";

    let response = mock.get(target).send().expect(400);

    let detail = "account must be one of several with such a record, such as 023e105f4ecef8ad9ca31a8372d0c353, \
                  9a7806061c88ada191ed06f989cc3dac";
    assert_eq!(response.json()["errors"][0]["detail"], detail);
    let zone = admin_get(&mock, &format!("{target}?account=9a7806061c88ada191ed06f989cc3dac"));
    assert_eq!(zone["record"]["name"], "Office network");
    for unknown in ["okta/access_group/4", "legacy/group/4", "legacy/access_group/5"] {
        mock.get(&format!("/__admin/records/{unknown}")).send().expect(404);
    }
}

#[test]
fn an_operation_is_described_with_its_schemas_and_an_example_that_the_server_accepts() {
    let mock = TestServer::start();

    let operation = admin_get(&mock, "/__admin/operations/ibm_create_access_group");

    assert_eq!((&operation["method"], &operation["path"]), (&json!("POST"), &json!("/v2/groups")));
    let document = &operation["document"];
    let described = &document["paths"]["/v2/groups"]["post"];
    assert_eq!(described["operationId"], "ibm_create_access_group");
    assert!(document["paths"].as_object().unwrap().len() == 1);
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert!(schemas.contains_key("IbmGroupsError") && schemas.len() < 20, "{:?}", schemas.keys());
    let text = document.to_string();
    for reference in text.split(r##""$ref":"#"##).skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
    let example = &operation["example"];
    let sent = mock
        .post(example["url"].as_str().unwrap())
        .header("content-type", example["mediaType"].as_str().unwrap())
        .body(example["body"].as_str().unwrap());
    sent.send().expect(201);
}

#[test]
fn every_operation_has_a_description_of_its_own() {
    let mock = TestServer::start();
    let coverage = admin_get(&mock, "/__admin/coverage");
    let operations = coverage["operations"].as_array().unwrap();

    // One of each dialect: each call builds the whole description.
    for dialect in ["cloudflare", "ibm", "authress", "legacy"] {
        let operation = operations.iter().rfind(|it| it["dialect"] == dialect).unwrap();
        let id = operation["operation"].as_str().unwrap();
        let described = admin_get(&mock, &format!("/__admin/operations/{id}"));
        assert_eq!((&described["method"], &described["path"]), (&operation["method"], &operation["path"]));
        assert!(!described["example"]["url"].as_str().unwrap().contains('{'), "{id}");
    }
}
