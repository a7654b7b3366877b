//! Create, get, update and delete groups.

use serde_json::{Value, json};

use super::{
    ACCOUNT, BLUE, EMPTY, PUBLIC, PUBLIC_DESCRIPTION, add_member, assert_error, assert_invalid, assert_uuid,
    create_group, demo_server, group_path, groups_path,
};
use crate::support::TestServer;

#[test]
fn create_returns_the_whole_group_and_get_has_the_same_entity_tag() {
    let mock = TestServer::start();

    let body = json!({"name": "Awesome Developers", "description": "Group for awesome developers"});
    let created = mock.post(&groups_path("")).json(body).send().expect(201);

    let shape = created.json();
    let members: Vec<&String> = shape.as_object().unwrap().keys().collect();
    assert_eq!(
        members,
        [
            "id",
            "name",
            "description",
            "account_id",
            "created_at",
            "created_by_id",
            "last_modified_at",
            "last_modified_by_id"
        ]
    );
    assert_uuid(shape["id"].as_str().unwrap(), "AccessGroupId-");
    assert_eq!(shape["name"], "Awesome Developers");
    assert_eq!(shape["description"], "Group for awesome developers");
    assert_eq!(shape["account_id"], "a");
    assert_eq!(shape["created_by_id"], "IBMid-mock");
    assert_eq!(shape["created_at"], shape["last_modified_at"]);
    let read = mock.get(&group_path(shape["id"].as_str().unwrap())).send().expect(200);
    assert_eq!(read.json(), shape);
    assert_eq!(read.header("etag"), created.header("etag"));
}

#[test]
fn an_entity_tag_is_a_number_and_32_hex_digits_without_quotes() {
    let mock = demo_server();

    let response = mock.get(&group_path(BLUE)).send().expect(200);

    let (number, digits) = response.header("etag").split_once('-').unwrap();
    assert_eq!(number, "1");
    assert_eq!(digits.len(), 32);
    assert!(digits.bytes().all(|digit| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit)));
}

#[test]
fn a_missing_description_is_returned_as_empty() {
    let mock = TestServer::start();

    let absent = mock.post(&groups_path("")).json(json!({"name": "a"})).send().expect(201);
    let null = mock.post(&groups_path("")).json(json!({"name": "a", "description": null})).send().expect(201);

    assert_eq!(absent.json()["description"], "");
    assert_eq!(null.json()["description"], "");
}

#[test]
fn group_names_need_not_be_unique() {
    let mock = TestServer::start();

    let ids = [create_group(&mock, "same"), create_group(&mock, "same")];

    assert_ne!(ids[0], ids[1]);
}

#[test]
fn a_group_needs_a_name_of_1_to_100_characters() {
    let mock = TestServer::start();
    let post = |body: Value| mock.post(&groups_path("")).json(body).send();

    assert_invalid(post(json!({})), "name is missing");
    assert_invalid(post(json!({"name": null})), "name is missing");
    assert_invalid(post(json!({"name": ""})), "name must not be blank");
    assert_invalid(post(json!({"name": " \t"})), "name must not be blank");
    assert_invalid(post(json!({"name": "é".repeat(101)})), "name must have at most 100 characters");
    assert_invalid(post(json!({"name": 7})), "name invalid type: integer `7`, expected a string");
    post(json!({"name": "é".repeat(100)})).expect(201);
}

#[test]
fn a_description_has_at_most_250_characters() {
    let mock = TestServer::start();
    let post = |length: usize| {
        mock.post(&groups_path("")).json(json!({"name": "a", "description": "é".repeat(length)})).send()
    };

    post(250).expect(201);
    assert_invalid(post(251), "description must have at most 250 characters");
}

#[test]
fn all_violations_of_a_group_are_listed() {
    let mock = TestServer::start();

    let response =
        mock.post(&groups_path("")).json(json!({"name": "", "description": "x".repeat(251)})).send();

    assert_invalid(response, "name must not be blank, description must have at most 250 characters");
}

#[test]
fn create_needs_an_account() {
    let mock = TestServer::start();

    assert_invalid(mock.post("/v2/groups").json(json!({"name": "a"})).send(), "account_id is missing");
    assert_invalid(
        mock.post("/v2/groups?account_id=").json(json!({"name": "a"})).send(),
        "account_id is missing",
    );
}

#[test]
fn query_flags_add_is_federated_and_crn() {
    let mock = demo_server();

    let blue = mock
        .get(&format!("{}?show_federated=true&show_crn=true", group_path(BLUE)))
        .send()
        .expect(200)
        .json();
    let empty = mock.get(&format!("{}?show_federated=True", group_path(EMPTY))).send().expect(200).json();

    assert_eq!(blue["is_federated"], true);
    assert_eq!(blue["crn"], format!("crn:v1:bluemix:public:iam-groups:global:a/{ACCOUNT}::groups:{BLUE}"));
    assert_eq!(empty["is_federated"], false);
    assert_eq!(empty["crn"], Value::Null);
    assert_invalid(
        mock.get(&format!("{}?show_crn=1&show_federated=x", group_path(BLUE))).send(),
        "show_federated must be one of true, false, show_crn must be one of true, false",
    );
}

#[test]
fn the_public_access_group_has_the_account_of_the_caller() {
    let mock = TestServer::start();
    // {"iam_id":"IBMid-1","account":{"bss":"acct1"}}
    let token = "e30.eyJpYW1faWQiOiJJQk1pZC0xIiwiYWNjb3VudCI6eyJic3MiOiJhY2N0MSJ9fQ.x";

    let known =
        mock.get(&group_path(PUBLIC)).header("authorization", &format!("Bearer {token}")).send().expect(200);
    let other = mock.get(&group_path(PUBLIC)).send().expect(200);

    let expected = json!({
        "id": "AccessGroupId-PublicAccess",
        "name": "Public Access",
        "description": PUBLIC_DESCRIPTION,
        "account_id": "acct1",
        "created_at": "2026-01-01T00:00:00Z",
        "created_by_id": "iam-system",
        "last_modified_at": "2026-01-01T00:00:00Z",
        "last_modified_by_id": "iam-system"
    });
    assert_eq!(known.json(), expected);
    assert_eq!(other.json()["account_id"], ACCOUNT);
    assert_eq!(known.header("etag"), other.header("etag"));
}

#[test]
fn a_patch_changes_the_given_fields_and_the_entity_tag() {
    let mock = demo_server();
    let before = mock.get(&group_path(BLUE)).send().expect(200);

    let body = json!({"description": "new", "unknown": 1});
    let response =
        mock.patch(&group_path(BLUE)).header("if-match", before.header("etag")).json(body).send().expect(200);

    let (shape, old) = (response.json(), before.json());
    assert_eq!(shape["name"], "Blue Team");
    assert_eq!(shape["description"], "new");
    assert_eq!(shape["account_id"], ACCOUNT);
    assert_eq!(shape["created_at"], "2026-01-05T10:00:00Z");
    assert_eq!(shape["created_by_id"], "IBMid-270001");
    assert_eq!(shape["last_modified_by_id"], "IBMid-mock");
    assert_ne!(shape["last_modified_at"], old["last_modified_at"]);
    assert!(response.header("etag").starts_with("2-"));
    let read = mock.get(&group_path(BLUE)).send();
    assert_eq!(read.json(), shape);
    assert_eq!(read.header("etag"), response.header("etag"));
}

#[test]
fn an_empty_patch_changes_nothing() {
    let mock = demo_server();
    let before = mock.get(&group_path(BLUE)).send().expect(200);

    for body in [json!({}), json!({"name": null}), json!({"unknown": 1})] {
        let request = mock.patch(&group_path(BLUE)).header("if-match", before.header("etag"));
        let after = request.json(body).send().expect(200);

        assert_eq!(after.text(), before.text());
        assert_eq!(after.header("etag"), before.header("etag"));
    }
}

#[test]
fn exactly_one_of_concurrent_patches_with_the_same_entity_tag_succeeds() {
    let mock = demo_server();
    let tag = mock.get(&group_path(BLUE)).send().expect(200).header("etag").to_owned();

    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let patch = |number: usize| {
            let request = mock.patch(&group_path(BLUE)).header("if-match", &tag);
            request.json(json!({"name": format!("writer {number}")})).send().status
        };
        let writers: Vec<_> = (0..16).map(|number| scope.spawn(move || patch(number))).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });

    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 15);
}

#[test]
fn a_patch_clears_a_description_and_ignores_null() {
    let mock = demo_server();
    let patch = |body: Value| {
        let tag = mock.get(&group_path(BLUE)).send().header("etag").to_owned();
        mock.patch(&group_path(BLUE)).header("if-match", &tag).json(body).send()
    };

    assert_eq!(
        patch(json!({"description": null})).expect(200).json()["description"],
        "people who build the blue thing"
    );
    assert_eq!(patch(json!({"description": ""})).expect(200).json()["description"], "");
    assert_eq!(patch(json!({"name": "x", "description": "y"})).expect(200).json()["name"], "x");
    assert_invalid(patch(json!({"name": " "})), "name must not be blank");
    assert_invalid(patch(json!([])), "invalid type: sequence, expected an object");
}

#[test]
fn if_match_accepts_bare_quoted_and_weak_entity_tags() {
    let mock = demo_server();
    let tag = || mock.get(&group_path(BLUE)).send().header("etag").to_owned();
    let patch =
        |tag: &str| mock.patch(&group_path(BLUE)).header("if-match", tag).json(json!({"name": "n"})).send();

    patch(&tag()).expect(200);
    patch(&format!("\"{}\"", tag())).expect(200);
    patch(&format!("W/\"{}\"", tag())).expect(200);
}

#[test]
fn a_stale_wrong_or_missing_if_match_is_412_and_changes_nothing() {
    let mock = demo_server();
    let first = mock.get(&group_path(BLUE)).send().header("etag").to_owned();
    let patch = || mock.patch(&group_path(BLUE)).json(json!({"name": "second"}));
    patch().header("if-match", &first).send().expect(200);

    for tag in [&*first, "*", "x", ""] {
        let response = mock
            .patch(&group_path(BLUE))
            .json(json!({"name": "third"}))
            .header("if-match", tag)
            .send()
            .expect(412);
        assert_error(&response, "incorrect_etag", "If-Match header contains incorrect/invalid etag.");
    }
    patch().send().expect(412);

    assert_eq!(mock.get(&group_path(BLUE)).send().json()["name"], "second");
}

#[test]
fn members_and_rules_do_not_change_the_group() {
    let mock = demo_server();
    let before = mock.get(&group_path(BLUE)).send();

    add_member(&mock, BLUE, "IBMid-new");
    mock.delete(&format!("/v2/groups/{BLUE}/members/IBMid-270001")).send().expect(204);
    let rule = json!({"expiration": 1, "realm_name": "r", "conditions": [{"claim": "c", "operator": "IN", "value": "[]"}]});
    mock.post(&format!("/v2/groups/{BLUE}/rules")).json(rule).send().expect(201);

    let after = mock.get(&group_path(BLUE)).send();
    assert_eq!(after.header("etag"), before.header("etag"));
    assert_eq!(after.json(), before.json());
}

#[test]
fn an_unknown_group_is_404_before_body_and_entity_tag_are_checked() {
    let mock = TestServer::start();
    let message = "Failed to find the specified access group: AccessGroupId-0000";
    let path = group_path("AccessGroupId-0000");

    assert_error(&mock.get(&path).send().expect(404), "group_not_found", message);
    assert_error(&mock.delete(&path).send().expect(404), "group_not_found", message);
    assert_error(&mock.patch(&path).body("{").send().expect(404), "group_not_found", message);
}

#[test]
fn an_invalid_body_is_400_before_the_entity_tag_is_checked() {
    let mock = demo_server();

    let response = mock.patch(&group_path(BLUE)).json(json!({"name": 1})).send();

    assert_invalid(response, "name invalid type: integer `1`, expected a string");
}

#[test]
fn the_public_access_group_cannot_be_updated_or_deleted() {
    let mock = TestServer::start();

    let update = mock.patch(&group_path(PUBLIC)).body("{").send().expect(405);
    let delete = mock.delete(&format!("{}?force=x", group_path(PUBLIC))).send().expect(405);

    let code = "method_not_allowed_for_group";
    assert_error(&update, code, "Cannot update group for: AccessGroupId-PublicAccess");
    assert_error(&delete, code, "Cannot delete group for: AccessGroupId-PublicAccess");
}

#[test]
fn an_empty_group_is_deleted() {
    let mock = demo_server();

    let response = mock.delete(&group_path(EMPTY)).send().expect(204);

    assert!(response.body.is_empty());
    assert_eq!(response.header("content-type"), "");
    mock.get(&group_path(EMPTY)).send().expect(404);
}

#[test]
fn a_group_with_members_or_rules_is_only_deleted_with_force() {
    let mock = demo_server();
    let message = format!("Access group is not empty: {BLUE}");

    assert_error(&mock.delete(&group_path(BLUE)).send().expect(409), "group_not_empty", &message);
    mock.delete(&format!("{}?force=false", group_path(BLUE))).send().expect(409);
    let bad = mock.delete(&format!("{}?force=yes", group_path(BLUE))).send();
    assert_invalid(bad, "force must be one of true, false");
    mock.delete(&format!("{}?force=true", group_path(BLUE))).send().expect(204);

    mock.get(&format!("{}/members", group_path(BLUE))).send().expect(404);
    mock.get(&format!("{}/rules", group_path(BLUE))).send().expect(404);
    let path = format!("/v2/groups/_allgroups/members/IBMid-270002?account_id={ACCOUNT}");
    let remaining = mock.delete(&path).send().expect(207).json();
    assert_eq!(remaining["groups"].as_array().unwrap().len(), 1);
}

#[test]
fn a_group_with_a_rule_and_no_members_is_not_empty() {
    let mock = TestServer::start();
    let id = create_group(&mock, "a");
    let rule = json!({"expiration": 1, "realm_name": "r", "conditions": [{"claim": "c", "operator": "EQUALS", "value": "1"}]});
    mock.post(&format!("/v2/groups/{id}/rules")).json(rule).send().expect(201);

    mock.delete(&group_path(&id)).send().expect(409);
    mock.delete(&format!("{}?force=true", group_path(&id))).send().expect(204);
}
