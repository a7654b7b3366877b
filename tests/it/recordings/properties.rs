//! A property: the import of a journal of random operations gives a seed with the same state.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{imported, journal, unused};
use crate::support::TestServer;

/// A random operation; the numbers select one of the objects.
#[derive(Debug, Clone)]
enum Operation {
    Create(usize),
    Update(usize),
    Delete(usize),
    AddMember(usize, usize),
    RemoveMember(usize, usize),
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        3 => (0..4usize).prop_map(Operation::Create),
        2 => (0..8usize).prop_map(Operation::Update),
        1 => (0..8usize).prop_map(Operation::Delete),
        2 => (0..8usize, 0..4usize).prop_map(|(group, member)| Operation::AddMember(group, member)),
        1 => (0..8usize, 0..4usize).prop_map(|(group, member)| Operation::RemoveMember(group, member)),
    ]
}

/// The APIs with which the operations are sent: the path of the list of groups, by vendor.
const LISTS: [&str; 4] = [
    "/client/v4/accounts/a1/access/groups",
    "/v2/groups?account_id=acct1",
    "/v1/groups",
    "/api2/access_groups.json",
];

/// Sends an operation to one of the APIs; `groups` are the paths of those that exist or existed.
fn send(mock: &TestServer, api: usize, operation: &Operation, number: usize, groups: &mut Vec<String>) {
    let body = |name: String| match api {
        0 => json!({"name": name, "include": [{"email": {"email": format!("{number}@example.com")}}]}),
        1 => json!({"name": name, "description": format!("{number}")}),
        2 => json!({"name": name, "users": [{"userId": format!("u{number}")}], "admins": []}),
        _ => json!({"entry": {"name": name, "valid": 1}}),
    };
    let pick = |groups: &[String], index: usize| groups.get(index % groups.len().max(1)).cloned();
    match operation {
        Operation::Create(name) => {
            let response = mock.post(LISTS[api]).json(body(format!("Group {number} {name}"))).send();
            if let (200..=299, json) = (response.status, response.json()) {
                groups.push(match api {
                    0 => format!("{}/{}", LISTS[0], json["result"]["id"].as_str().unwrap()),
                    1 => format!("/v2/groups/{}", json["id"].as_str().unwrap()),
                    2 => format!("/v1/groups/{}", json["groupId"].as_str().unwrap()),
                    _ => format!("/api2/access_groups/{}.json", json["entry"]["id"]),
                });
            }
        }
        Operation::Update(group) => {
            let Some(path) = pick(groups, *group) else { return };
            let body = body(format!("Updated {number}"));
            if api == 1 {
                let tag = mock.get(&path).send().header("etag").to_owned();
                mock.patch(&path).header("if-match", &tag).json(body).send();
            } else {
                mock.put(&path).json(body).send();
            }
        }
        Operation::Delete(group) => {
            let Some(path) = pick(groups, *group) else { return };
            mock.delete(&path).send();
        }
        Operation::AddMember(group, member) if api == 1 => {
            let Some(path) = pick(groups, *group) else { return };
            let members = json!({"members": [{"iam_id": format!("IBMid-{member}"), "type": "user"}]});
            mock.put(&format!("{path}/members")).json(members).send();
        }
        Operation::RemoveMember(group, member) if api == 1 => {
            let Some(path) = pick(groups, *group) else { return };
            mock.delete(&format!("{path}/members/IBMid-{member}")).send();
        }
        Operation::AddMember(_, _) | Operation::RemoveMember(_, _) => {}
    }
}

/// Returns the groups of all APIs as a client sees them, with the members of those of IBM.
fn state(mock: &TestServer, paths: &[Vec<String>; 4]) -> Value {
    let read = |path: &str| {
        let response = mock.get(path).send();
        // Only what is found is state; errors have request ids.
        if response.status == 200 {
            response.text().replace(&mock.url(), "http://mock")
        } else {
            String::new()
        }
    };
    let mut state: Vec<String> = LISTS.iter().map(|path| read(path)).collect();
    for path in &paths[1] {
        state.push(read(&format!("{path}/members")));
    }
    json!(state)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(12) })]

    #[test]
    fn import_of_random_operations_gives_the_same_state(
        operations in prop::collection::vec((0..4usize, operation()), 1..40),
    ) {
        let mock = TestServer::start();
        let mut groups: [Vec<String>; 4] = Default::default();
        for (number, (api, operation)) in operations.iter().enumerate() {
            send(&mock, *api, operation, number, &mut groups[*api]);
        }
        // Only the responses to the operations are imported.
        let seed = imported(&journal(&mock));
        let expected = state(&mock, &groups);

        prop_assert_eq!(unused(&seed), [""; 0]);
        let restored = TestServer::with_seed(&seed.json.to_string());
        prop_assert_eq!(state(&restored, &groups), expected);
    }
}
