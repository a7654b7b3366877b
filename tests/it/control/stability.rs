//! What `docs/stability.md` promises: the version of the admin API, and that files of earlier versions are read.

use std::path::{Path, PathBuf};

use access_groups_mock::Config;
use serde_json::Value;

use super::admin_get;
use super::crawl::{assert_same_responses, crawl, refetch};
use crate::support::TestServer;

/// Returns the files with a name of all earlier versions, which have a folder each.
fn earlier_files(name: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/states");
    let versions = root.read_dir().unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        versions.map(|version| version.join(name)).filter(|file| file.exists()).collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

/// Returns the path of the first value of `earlier` that `later` does not have; fields may have been added.
fn first_lost(earlier: &Value, later: &Value, path: &str) -> Option<String> {
    match (earlier, later) {
        (Value::Object(earlier), Value::Object(later)) => earlier
            .iter()
            .filter(|(name, _)| *name != "$comment")
            .find_map(|(name, value)| match later.get(name) {
                Some(later) => first_lost(value, later, &format!("{path}.{name}")),
                None => Some(format!("{path}.{name} is missing")),
            }),
        (Value::Array(earlier), Value::Array(later)) if earlier.len() == later.len() => earlier
            .iter()
            .zip(later)
            .enumerate()
            .find_map(|(index, (earlier, later))| first_lost(earlier, later, &format!("{path}[{index}]"))),
        _ => (earlier != later).then(|| format!("{path}: {earlier} is now {later}")),
    }
}

#[test]
fn health_has_the_version_of_the_admin_api() {
    let mock = TestServer::start();

    let contract = admin_get(&mock, "/__admin/health")["contract"].clone();

    assert_eq!(contract, 1);
    let promise = include_str!("../../../docs/stability.md");
    assert!(promise.contains(&format!("The `contract` of this version is {contract}.")));
}

#[test]
fn a_state_of_an_earlier_version_is_read_without_loss() {
    for file in earlier_files("state.json") {
        let text = std::fs::read_to_string(&file).unwrap();
        let mock = TestServer::with_seed(&text);

        let saved = mock.get("/__admin/state").anonymous().send().expect(200);

        let lost = first_lost(&serde_json::from_str(&text).unwrap(), &saved.json(), "");
        assert_eq!(lost, None, "{}", file.display());
        let responses = crawl(&mock);
        let again = TestServer::with_config(Config::default(), &saved.text());
        assert_same_responses(&responses, &refetch(&again, &responses));
    }
}

#[test]
fn a_seed_of_an_earlier_version_has_the_same_groups() {
    for file in earlier_files("seed.json") {
        let mock = TestServer::with_seed(&std::fs::read_to_string(&file).unwrap());

        let groups = admin_get(&mock, "/__admin/groups?limit=1000")["groups"].clone();
        let listed: Vec<String> = groups.as_array().unwrap().iter().map(group_line).collect();

        let expected = std::fs::read_to_string(file.with_file_name("groups.txt")).unwrap();
        assert_eq!(listed, expected.lines().collect::<Vec<_>>(), "{}", file.display());
    }
}

/// Returns a group as a line of `groups.txt`: its dialect, kind, identifier, number of members and name.
fn group_line(group: &Value) -> String {
    let text = |field: &str| group[field].as_str().unwrap().to_owned();
    format!("{} {} {} {} {}", text("dialect"), text("kind"), text("id"), group["members"], text("name"))
}

#[test]
fn a_lost_value_is_noticed() {
    let earlier = serde_json::json!({"$comment": "c", "a": [{"b": 1}, {"c": null}]});

    assert_eq!(first_lost(&earlier, &serde_json::json!({"a": [{"b": 1, "d": 2}, {"c": null}]}), ""), None);
    let changed = first_lost(&earlier, &serde_json::json!({"a": [{"b": 2}, {"c": null}]}), "");
    assert_eq!(changed.as_deref(), Some(".a[0].b: 1 is now 2"));
    assert!(first_lost(&earlier, &serde_json::json!({"a": [{"b": 1}]}), "").is_some());
    assert!(first_lost(&earlier, &serde_json::json!({"a": [{"b": 1}, {}]}), "").is_some());
}
