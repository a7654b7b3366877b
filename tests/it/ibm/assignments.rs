//! Assignments: create, list, get, update, delete; and the helpers of the assignment tests.

use serde_json::{Value, json};

use super::templates::{
    TEMPLATE, commit_version, create_committed_template, create_template, create_version, entity_tag,
    version_path,
};
use super::{ACCOUNT, assert_error, assert_invalid, demo_server, field_values};
use crate::support::{TestResponse, TestServer};

pub(super) const ASSIGNMENTS: &str = "/v1/group_assignments";
const SEEDED: &str = "AccessGroupAssignmentId-AccessGroupTemplateId-0c2f5a1e-8d47-4b36-9e20-5f7a1c3d6b44-Target-1b2c3d4e5f60718293a4b5c6d7e8f90a";

/// Returns the path of an assignment.
pub(super) fn assignment_path(id: &str) -> String {
    format!("{ASSIGNMENTS}/{id}")
}

/// Sends a request to assign a version.
pub(super) fn request_assignment(
    mock: &TestServer,
    template: &str,
    number: &str,
    target_type: &str,
    target: &str,
) -> TestResponse {
    let body = json!({
        "template_id": template, "template_version": number, "target_type": target_type, "target": target
    });
    mock.post(ASSIGNMENTS).json(body).send()
}

/// Assigns a version to an account and returns the id of the assignment.
pub(super) fn create_assignment(mock: &TestServer, template: &str, number: &str, target: &str) -> String {
    let response = request_assignment(mock, template, number, "Account", target).expect(202);
    response.json()["id"].as_str().unwrap().to_owned()
}

/// Sends a request to change the version of an assignment.
pub(super) fn update_assignment(mock: &TestServer, id: &str, number: &str) -> TestResponse {
    let request = mock.patch(&assignment_path(id)).header("if-match", "*");
    request.json(json!({"template_version": number})).send()
}

#[test]
fn a_new_assignment_is_accepted_and_has_succeeded_on_the_next_read() {
    let mock = TestServer::start();
    let template = create_committed_template(&mock, &json!({"name": "g"}));

    let created = request_assignment(&mock, &template, "1", "AccountGroup", "acctgrp-7").expect(202);

    let shape = created.json();
    let id = shape["id"].as_str().unwrap();
    assert_eq!(id, format!("AccessGroupAssignmentId-{template}-Target-acctgrp-7"));
    let mut expected = json!({
        "id": id,
        "account_id": "root",
        "template_id": template,
        "template_version": "1",
        "target_type": "AccountGroup",
        "target": "acctgrp-7",
        "operation": "assign",
        "status": "accepted",
        "href": format!("{}{}", mock.url(), assignment_path(id)),
        "created_at": shape["created_at"],
        "created_by_id": "IBMid-mock",
        "last_modified_at": shape["created_at"],
        "last_modified_by_id": "IBMid-mock"
    });
    assert_eq!(shape, expected);
    expected["status"] = json!("succeeded");
    let tag = entity_tag(&mock, &assignment_path(id));
    for _ in 0..2 {
        let read = mock.get(&assignment_path(id)).send().expect(200);
        expected["last_modified_at"] = read.json()["last_modified_at"].clone();
        assert_eq!(read.json(), expected);
        assert_eq!(read.header("etag"), tag);
    }
    let list = mock.get(&format!("{ASSIGNMENTS}?account_id=root")).send().expect(200).json();
    assert_eq!(list["assignments"], json!([expected]));
}

#[test]
fn a_read_does_not_invalidate_the_entity_tag() {
    let mock = TestServer::start();
    let template = create_committed_template(&mock, &json!({"name": "g"}));
    let created = request_assignment(&mock, &template, "1", "AccountGroup", "x").expect(202);
    let path = assignment_path(created.json()["id"].as_str().unwrap());

    let before = mock.get(&path).send().expect(200);
    mock.get(&path).send().expect(200);
    let body = json!({"template_version": "1"});
    let updated = mock.patch(&path).header("if-match", before.header("etag")).json(body).send().expect(202);

    assert_eq!(updated.json()["operation"], "update");
    assert_eq!(updated.json()["status"], "accepted");
    assert!(updated.header("etag").starts_with("3-"));
    let read = mock.get(&path).send().expect(200);
    assert_eq!(read.json()["status"], "succeeded");
    assert_eq!(read.json()["operation"], "update");
    assert!(read.header("etag").starts_with("4-"));
}

#[test]
fn only_a_committed_version_can_be_assigned() {
    let mock = TestServer::start();
    let template = create_template(&mock, &json!({"name": "g"}));
    let message = "Version 1 of the template is not committed and can't be assigned. Commit the version first, then \
                   assign it.";

    let response = request_assignment(&mock, &template, "1", "AccountGroup", "x").expect(400);

    assert_error(&response, "template_version_not_committed", message);
    commit_version(&mock, &template, "1").expect(204);
    request_assignment(&mock, &template, "1", "AccountGroup", "x").expect(202);
}

#[test]
fn the_account_of_the_template_is_an_invalid_target() {
    let mock = TestServer::start();
    let template = create_committed_template(&mock, &json!({"name": "g"}));
    let message = "The template is in account root and can't be assigned to it. Assign it to a child account or to \
                   an account group of the enterprise.";

    let response = request_assignment(&mock, &template, "1", "Account", "root").expect(400);

    assert_error(&response, "invalid_target", message);
    request_assignment(&mock, &template, "1", "AccountGroup", "root").expect(202);
}

#[test]
fn all_violations_of_an_assignment_are_listed() {
    let mock = TestServer::start();
    let post = |body: Value| mock.post(ASSIGNMENTS).json(body).send();

    assert_invalid(
        post(json!({"target": ""})),
        "template_id is missing or empty, template_version is missing or empty, target is missing or empty, \
         target_type must be one of Account, AccountGroup",
    );
    assert_invalid(
        post(json!({"template_id": "t", "template_version": 1, "target_type": "Account", "target": "a"})),
        "template_version invalid type: integer `1`, expected a string",
    );
    assert_invalid(
        request_assignment(&mock, "t", "1", "account", "a"),
        "target_type must be one of Account, AccountGroup",
    );
}

#[test]
fn an_unknown_template_or_version_is_404() {
    let mock = demo_server();

    let template = request_assignment(&mock, "x", "1", "Account", "a").expect(404);
    let version = request_assignment(&mock, TEMPLATE, "3", "Account", "a").expect(404);

    let message = "Failed to find the specified access group template: x";
    assert_error(&template, "template_not_found", message);
    let message = "Failed to find the specified version of the access group template: 3";
    assert_error(&version, "template_version_not_found", message);
}

#[test]
fn an_unknown_assignment_is_404_before_the_body_is_checked() {
    let mock = TestServer::start();
    let path = assignment_path("x");
    let message = "Failed to find the specified access group assignment: x";

    for response in [
        mock.get(&path).send(),
        mock.delete(&path).send(),
        mock.patch(&path).body("{").send(),
        mock.patch(&path).header("if-match", "*").json(json!({"template_version": "1"})).send(),
    ] {
        assert_error(&response.expect(404), "assignment_not_found", message);
    }
}

#[test]
fn assignments_must_match_all_filters() {
    let mock = TestServer::start();
    let first = create_committed_template(&mock, &json!({"name": "g"}));
    create_version(&mock, &first, json!({}));
    commit_version(&mock, &first, "2").expect(204);
    let second = create_committed_template(&mock, &json!({"name": "g"}));
    request_assignment(&mock, &first, "1", "AccountGroup", "a").expect(202);
    request_assignment(&mock, &first, "2", "AccountGroup", "b").expect(202);
    request_assignment(&mock, &second, "1", "AccountGroup", "b").expect(202);
    let found = |query: &str| {
        let list = mock.get(&format!("{ASSIGNMENTS}?account_id=root{query}")).send().expect(200).json();
        let targets = field_values(&list, "assignments", "target");
        assert_eq!(list["total_count"], targets.len());
        targets
    };

    assert_eq!(found(""), ["a", "b", "b"]);
    assert_eq!(found(&format!("&template_id={first}")), ["a", "b"]);
    assert_eq!(found("&template_version=1"), ["a", "b"]);
    assert_eq!(found(&format!("&template_id={first}&template_version=2")), ["b"]);
    assert_eq!(found("&target=b"), ["b", "b"]);
    assert_eq!(found(&format!("&target=a&template_id={second}")), [""; 0]);
    assert_eq!(found("&status=succeeded"), ["a", "b", "b"]);
    for status in ["accepted", "in_progress", "failed"] {
        assert_eq!(found(&format!("&status={status}")), [""; 0]);
    }
    assert_eq!(found("&template_id=unknown"), [""; 0]);
    let other = mock.get(&format!("{ASSIGNMENTS}?account_id=other&template_id={first}")).send().expect(200);
    assert_eq!(other.json()["assignments"], json!([]));
}

#[test]
fn assignment_pages_link_to_each_other_and_repeat_the_filters() {
    let mock = TestServer::start();
    let template = create_committed_template(&mock, &json!({"name": "g"}));
    for target in ["a", "b", "c", "d", "e"] {
        request_assignment(&mock, &template, "1", "AccountGroup", target).expect(202);
    }
    for filter in ["", "&status=succeeded"] {
        let path = format!("{ASSIGNMENTS}?account_id=root{filter}&limit=2&offset=2");

        let page = mock.get(&path).send().expect(200).json();

        let link = |rest: &str| json!({"href": format!("{}{ASSIGNMENTS}?{rest}&account_id=root{filter}", mock.url())});
        assert_eq!(field_values(&page, "assignments", "target"), ["c", "d"]);
        assert_eq!(page["total_count"], 5);
        assert_eq!(page["first"], link("limit=2"));
        assert_eq!(page["previous"], link("offset=0&limit=2"));
        assert_eq!(page["next"], link("offset=4&limit=2"));
        assert_eq!(page["last"], link("offset=4&limit=2"));
    }
}

#[test]
fn a_list_of_assignments_needs_an_account_and_may_be_empty() {
    let mock = demo_server();

    // The Python SDK suite passes the id of a template as the account.
    let empty = mock.get(&format!("{ASSIGNMENTS}?account_id={TEMPLATE}")).send().expect(200).json();

    assert_eq!(empty["assignments"], json!([]));
    assert_eq!(empty["total_count"], 0);
    assert_invalid(mock.get(ASSIGNMENTS).send(), "account_id is missing");
    assert_invalid(
        mock.get(&format!("{ASSIGNMENTS}?account_id=a&status=superseded&limit=-1")).send(),
        "status must be one of accepted, in_progress, succeeded, failed, limit must be an integer from 0 to 100",
    );
}

#[test]
fn an_update_accepts_the_current_entity_tag_or_an_asterisk() {
    let mock = demo_server();
    let path = assignment_path(SEEDED);
    let patch = |given: Option<&str>| {
        let request = mock.patch(&path).json(json!({"template_version": "1"}));
        match given {
            Some(given) => request.header("if-match", given).send(),
            None => request.send(),
        }
    };
    let first = entity_tag(&mock, &path);

    patch(Some(&first)).expect(202);
    let message = "If-Match header contains incorrect/invalid etag.";
    for given in [Some(&*first), Some("x"), Some(""), None] {
        assert_error(&patch(given).expect(412), "incorrect_etag", message);
    }
    patch(Some("*")).expect(202);
    patch(Some(&format!("W/\"{}\"", entity_tag(&mock, &path)))).expect(202);
}

#[test]
fn an_update_needs_an_existing_committed_version() {
    let mock = demo_server();
    let path = assignment_path(SEEDED);
    let before = entity_tag(&mock, &path);

    let uncommitted = update_assignment(&mock, SEEDED, "2").expect(400);
    let unknown = update_assignment(&mock, SEEDED, "3").expect(404);

    let message = "Version 2 of the template is not committed and can't be assigned. Commit the version first, then \
                   assign it.";
    assert_error(&uncommitted, "template_version_not_committed", message);
    let message = "Failed to find the specified version of the access group template: 3";
    assert_error(&unknown, "template_version_not_found", message);
    assert_invalid(update_assignment(&mock, SEEDED, ""), "template_version is missing or empty");
    let empty = mock.patch(&path).header("if-match", "*").json(json!({})).send();
    assert_invalid(empty, "template_version is missing or empty");
    assert_eq!(entity_tag(&mock, &path), before);
    assert_eq!(mock.get(&path).send().json()["template_version"], "1");
}

#[test]
fn an_update_changes_the_version() {
    let mock = demo_server();
    commit_version(&mock, TEMPLATE, "2").expect(204);

    let updated = update_assignment(&mock, SEEDED, "2").expect(202).json();

    assert_eq!(updated["template_version"], "2");
    assert_eq!(updated["created_by_id"], "IBMid-270001");
    assert_eq!(updated["last_modified_by_id"], "IBMid-mock");
    mock.delete(&version_path(TEMPLATE, "1")).send().expect(204);
    mock.delete(&version_path(TEMPLATE, "2")).send().expect(409);
}

#[test]
fn delete_is_202_without_a_body_and_removes_the_assignment() {
    let mock = demo_server();

    let response = mock.delete(&assignment_path(SEEDED)).send().expect(202);

    assert!(response.body.is_empty());
    assert_eq!(response.header("content-type"), "");
    mock.get(&assignment_path(SEEDED)).send().expect(404);
    mock.delete(&assignment_path(SEEDED)).send().expect(404);
}

#[test]
fn deleting_an_assigned_version_is_409_with_instructions() {
    let mock = demo_server();
    let message = "Version 1 of the template is assigned and can't be deleted. Remove its assignments first, or give \
                   them another version.";

    let response = mock.delete(&version_path(TEMPLATE, "1")).send().expect(409);

    assert_error(&response, "template_version_assigned", message);
    mock.delete(&assignment_path(SEEDED)).send().expect(202);
    mock.delete(&version_path(TEMPLATE, "1")).send().expect(204);
}

#[test]
fn deleting_a_template_deletes_its_assignments() {
    let mock = demo_server();

    mock.delete(&format!("/v1/group_templates/{TEMPLATE}")).send().expect(204);

    mock.get(&assignment_path(SEEDED)).send().expect(404);
    let list = mock.get(&format!("{ASSIGNMENTS}?account_id={ACCOUNT}")).send().expect(200).json();
    assert_eq!(list["total_count"], 0);
}

#[test]
fn a_verbose_assignment_to_an_account_lists_the_created_resources() {
    let mock = demo_server();

    let shape = mock.get(&format!("{}?verbose=true", assignment_path(SEEDED))).send().expect(200).json();
    let plain = mock.get(&format!("{}?verbose=false", assignment_path(SEEDED))).send().expect(200).json();

    let entry = |id: &str, name: Option<&str>| {
        let mut entry = json!({
            "id": id, "version": "1", "resource": id, "error": "", "operation": "assign", "status": "succeeded"
        });
        if let Some(name) = name {
            entry["name"] = json!(name);
        }
        entry
    };
    let group = json!({
        "group": entry("AccessGroupId-4f8b2d6a-9c1e-4a73-8d50-6b2e1f7c3a66", Some("Blue managed")),
        "members": [entry("IBMid-270001", None)],
        "rules": [entry("ClaimRule-2a9c6e14-7d3b-4f58-9b06-8e4d1c5f7a77", Some("blue claims"))]
    });
    let target = "1b2c3d4e5f60718293a4b5c6d7e8f90a";
    let expected = json!([{"target": target, "group": group, "policy_template_references": []}]);
    assert_eq!(shape["resources"], expected);
    assert_eq!(plain["resources"], Value::Null);
}

#[test]
fn a_verbose_assignment_to_an_account_group_has_one_entry_without_accounts() {
    let mock = TestServer::start();
    let template = create_committed_template(&mock, &json!({"name": "g", "members": {"users": ["IBMid-1"]}}));
    let created = request_assignment(&mock, &template, "1", "AccountGroup", "acctgrp-7").expect(202).json();
    let path = assignment_path(created["id"].as_str().unwrap());

    let shape = mock.get(&format!("{path}?verbose=true")).send().expect(200).json();

    let entry = json!({
        "id": template, "name": "g", "version": "1", "resource": "", "error": "", "operation": "assign",
        "status": "succeeded"
    });
    let group = json!({"group": entry, "members": [], "rules": []});
    let expected = json!([{"target": "acctgrp-7", "group": group, "policy_template_references": []}]);
    assert_eq!(shape["resources"], expected);
}
