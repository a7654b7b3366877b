//! Assignments with a duration.

use std::time::Duration;

use access_groups_mock::Config;
use serde_json::{Value, json};

use super::assignments::{
    ASSIGNMENTS, assignment_path, create_assignment, request_assignment, update_assignment,
};
use super::field_values;
use super::templates::create_committed_template;
use crate::support::TestServer;

/// Starts a server whose assignments are in progress for an hour.
fn server_with_duration(seed: &Value) -> TestServer {
    let mut config = Config::default();
    config.ibm.assignment_time = Duration::from_secs(3600);
    TestServer::with_config(config, &seed.to_string())
}

fn status(mock: &TestServer, id: &str) -> String {
    mock.get(&assignment_path(id)).send().expect(200).json()["status"].as_str().unwrap().to_owned()
}

#[test]
fn an_assignment_stays_in_progress_for_the_configured_duration() {
    let mock = server_with_duration(&json!({}));
    let template = create_committed_template(&mock, &json!({"name": "g"}));

    let created = request_assignment(&mock, &template, "1", "Account", "child").expect(202);

    let shape = created.json();
    assert_eq!(shape["status"], "accepted");
    let path = assignment_path(shape["id"].as_str().unwrap());
    for _ in 0..2 {
        let read = mock.get(&path).send().expect(200);
        assert_eq!(read.json()["status"], "in_progress");
        assert_eq!(read.header("etag"), created.header("etag"));
    }
    let verbose = mock.get(&format!("{path}?verbose=true")).send().expect(200).json();
    assert_eq!(verbose["status"], "in_progress");
    assert_eq!(verbose["resources"][0]["group"]["group"]["status"], "in_progress");
}

#[test]
fn the_status_filter_finds_assignments_in_progress() {
    let mock = server_with_duration(&json!({}));
    let template = create_committed_template(&mock, &json!({"name": "g"}));
    let id = create_assignment(&mock, &template, "1", "child");
    let list = |status: &str| {
        let path = format!("{ASSIGNMENTS}?account_id=root&status={status}");
        mock.get(&path).send().expect(200).json()
    };

    assert_eq!(field_values(&list("in_progress"), "assignments", "id"), [id]);
    assert_eq!(list("succeeded")["total_count"], 0);
    assert_eq!(list("accepted")["total_count"], 0);
}

#[test]
fn an_assignment_in_progress_can_be_updated_and_removed() {
    let mock = server_with_duration(&json!({}));
    let template = create_committed_template(&mock, &json!({"name": "g"}));
    let id = create_assignment(&mock, &template, "1", "child");

    assert_eq!(update_assignment(&mock, &id, "1").expect(202).json()["status"], "accepted");
    assert_eq!(status(&mock, &id), "in_progress");
    mock.delete(&assignment_path(&id)).send().expect(202);

    mock.get(&assignment_path(&id)).send().expect(404);
}

#[test]
fn a_seeded_assignment_has_succeeded_unless_it_has_another_status() {
    let seeded = |id: &str, status: Option<&str>| {
        let mut seed = json!({
            "id": id, "template_id": "t", "template_version": "1", "target_type": "Account", "target": id
        });
        if let Some(status) = status {
            seed["status"] = json!(status);
        }
        seed
    };
    let mock = server_with_duration(&json!({"ibm": {"accounts": {"a": {
        "templates": [{"id": "t", "name": "n", "committed": true}],
        "assignments": [
            seeded("none", None), seeded("done", Some("succeeded")), seeded("begun", Some("accepted")),
            seeded("going", Some("in_progress"))
        ]
    }}}}));

    assert_eq!(
        ["none", "done", "begun", "going"].map(|id| status(&mock, id)),
        ["succeeded", "succeeded", "in_progress", "in_progress"]
    );
}
