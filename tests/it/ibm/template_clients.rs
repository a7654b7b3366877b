//! The request sequences that official clients send for templates.

use serde_json::{Value, json};

use super::assignments::{ASSIGNMENTS, assignment_path, request_assignment};
use super::field_values;
use super::templates::{TEMPLATES, create_version, entity_tag, template_path, version_path};
use crate::support::TestServer;

fn group(name: &str) -> Value {
    json!({
        "name": name,
        "description": "Group description",
        "members": {"users": ["IBMid-50PJGPKYJJ"], "services": ["iam-ServiceId-345"],
            "action_controls": {"add": true, "remove": false}},
        "assertions": {
            "rules": [{"name": "Manager group rule", "expiration": 12, "realm_name": "https://idp.example.org/SAML2",
                "conditions": [{"claim": "blueGroup", "operator": "CONTAINS", "value": "\"test-bluegroup-saml\""}],
                "action_controls": {"remove": false}}],
            "action_controls": {"add": false, "remove": true}
        },
        "action_controls": {"access": {"add": false}}
    })
}

#[test]
fn the_request_sequence_of_the_sdk_suites_succeeds() {
    let mock = TestServer::start();
    let references = json!([{"id": "pt1", "version": "1"}]);
    let body = |name: &str, group: Value| {
        json!({"name": name, "account_id": "acct1", "description": "d", "group": group,
            "policy_template_references": references})
    };

    let created =
        mock.post(TEMPLATES).json(body("IAM Admin Group template", group("IAM Admin Group"))).send();
    let id = created.expect(201).json()["id"].as_str().unwrap().to_owned();
    mock.get(&format!("{TEMPLATES}?account_id=acct1&limit=50&offset=0&verbose=true")).send().expect(200);
    create_version(&mock, &id, body("IAM Admin Group template 2", group("IAM Admin Group 8")));
    mock.get(&format!("{}/versions?limit=100&offset=0", template_path(&id))).send().expect(200);
    let first = entity_tag(&mock, &format!("{}?verbose=true", version_path(&id, "1")));
    let put = mock.put(&version_path(&id, "1")).header("if-match", &first);
    put.json(body("IAM Admin Group template 2", group("IAM Admin Group 8"))).send().expect(201);
    let latest = entity_tag(&mock, &format!("{}?verbose=true", template_path(&id)));
    let commit = mock.post(&format!("{}/commit", version_path(&id, "2"))).header("if-match", &latest);
    commit.header("content-type", "application/json").send().expect(204);
    let assigned = request_assignment(&mock, &id, "2", "AccountGroup", "acctgrp1").expect(202).json();
    let path = assignment_path(assigned["id"].as_str().unwrap());
    // The Python SDK suite passes the id of the template as the account.
    mock.get(&format!("{ASSIGNMENTS}?account_id={id}")).send().expect(200);
    let present = entity_tag(&mock, &format!("{path}?verbose=false"));
    let patch = mock.patch(&path).header("if-match", &present);
    patch.json(json!({"template_version": "2"})).send().expect(202);
    mock.delete(&path).send().expect(202);
    mock.delete(&version_path(&id, "2")).send().expect(204);
    mock.delete(&template_path(&id)).send().expect(204);
}

#[test]
fn terraform_commits_with_the_entity_tag_of_create_and_deletes_the_version() {
    let mock = TestServer::start();
    let body = json!({"name": "t", "account_id": "acct1", "group": group("g")});

    let created = mock.post(TEMPLATES).json(body).send().expect(201);
    let id = created.json()["id"].as_str().unwrap().to_owned();
    let commit = mock.post(&format!("{}/commit", version_path(&id, "1")));
    commit.header("if-match", created.header("etag")).send().expect(204);
    let read = mock.get(&version_path(&id, "1")).send().expect(200).json();
    assert_eq!(read["committed"], true);
    assert_eq!(read["group"], group("g"));
    mock.delete(&version_path(&id, "1")).send().expect(204);

    // The acceptance tests read the resource by its Terraform id, with the slash encoded.
    mock.get(&format!("{TEMPLATES}/{id}%2F1")).send().expect(404);
    mock.get(&version_path(&id, "1")).send().expect(404);
}

#[test]
fn terraform_commits_an_updated_version_with_the_entity_tag_of_the_update() {
    let mock = TestServer::start();
    let body = json!({"name": "t", "account_id": "acct1", "group": group("g")});
    let id = mock.post(TEMPLATES).json(body).send().expect(201).json()["id"].as_str().unwrap().to_owned();
    let path = version_path(&id, "1");

    let put = mock.put(&path).header("if-match", &entity_tag(&mock, &path));
    let updated = put.json(json!({"name": "u", "group": group("h")})).send().expect(201);
    let commit = mock.post(&format!("{path}/commit")).header("if-match", updated.header("etag"));
    commit.send().expect(204);

    let read = mock.get(&path).send().expect(200).json();
    assert_eq!((&read["name"], &read["group"]["name"]), (&json!("u"), &json!("h")));
}

#[test]
fn terraform_polls_an_assignment_until_it_succeeds_and_until_it_is_deleted() {
    let mock = TestServer::start();
    let body = json!({"name": "t", "account_id": "acct1", "group": group("g")});
    let created = mock.post(TEMPLATES).json(body).send().expect(201);
    let id = created.json()["id"].as_str().unwrap().to_owned();
    let commit = mock.post(&format!("{}/commit", version_path(&id, "1")));
    commit.header("if-match", created.header("etag")).send().expect(204);

    let assigned = request_assignment(&mock, &id, "1", "AccountGroup", "acctgrp1").expect(202).json();
    let path = assignment_path(assigned["id"].as_str().unwrap());
    assert_eq!(mock.get(&path).send().expect(200).json()["status"], "succeeded");
    mock.delete(&path).send().expect(202);
    mock.get(&path).send().expect(404);
}

#[test]
fn a_pager_that_uses_only_the_next_offset_returns_every_version_once() {
    let mock = TestServer::start();
    let body = json!({"name": "t", "account_id": "acct1"});
    let id = mock.post(TEMPLATES).json(body).send().expect(201).json()["id"].as_str().unwrap().to_owned();
    for _ in 0..4 {
        create_version(&mock, &id, json!({}));
    }
    let mut seen = Vec::new();
    let mut offset = Some("0".to_owned());

    while let Some(at) = offset {
        let path = format!("{}/versions?limit=2&offset={at}", template_path(&id));
        let page = mock.get(&path).send().expect(200).json();
        seen.extend(field_values(&page, "group_template_versions", "version"));
        let next = page["next"]["href"].as_str().map(|href| href.split("offset=").nth(1).unwrap());
        offset = next.map(|rest| rest.split('&').next().unwrap().to_owned());
    }

    assert_eq!(seen, ["1", "2", "3", "4", "5"]);
}
