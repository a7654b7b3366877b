//! `--watch`: changes of the files of the seed and the faults.

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::process::{Log, Server, run, server_command};
use super::{TemporaryFile, TemporaryFolder};

/// Starts a server that watches a file of `option`, with its log.
#[track_caller]
fn watch(option: &str, file: &TemporaryFile) -> (Server, Log) {
    Server::spawn_with_log(&mut server_command(&["--port", "0", "--watch", option, file.path()]))
}

fn seed(names: &[&str]) -> String {
    let groups: Vec<Value> = names.iter().map(|name| json!({"name": name})).collect();
    json!({"legacy": {"access_groups": groups}}).to_string()
}

fn names(server: &Server, namespace: &str) -> Vec<String> {
    let list = server.send(&format!("GET {namespace}/api2/access_groups.json HTTP/1.1"), "");
    let list: Value = serde_json::from_str(&list.body).unwrap();
    let entries = list["entries"].as_array().unwrap().iter();
    entries.map(|entry| entry["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_changed_seed_resets_the_records_of_all_namespaces() {
    let file = TemporaryFile::new("watched.json", &seed(&["One"]));
    let (server, log) = watch("--seed", &file);
    server.send(
        "POST /api2/access_groups.json HTTP/1.1\nContent-Type: application/json",
        r#"{"entry":{"name":"Own"}}"#,
    );
    assert_eq!(
        (names(&server, ""), names(&server, "/ns/a")),
        (vec!["One".into(), "Own".into()], vec!["One".into()])
    );

    std::fs::write(file.path(), seed(&["Two", "Three"])).unwrap();
    let line = log.wait_for("reloaded the seed of all namespaces");

    assert!(line.contains("INFO") && line.contains(file.path()), "{line}");
    for namespace in ["", "/ns/a", "/ns/b"] {
        assert_eq!(names(&server, namespace), ["Two", "Three"], "{namespace}");
    }
    server.send("POST /__admin/reset HTTP/1.1", "");
    assert_eq!(names(&server, ""), ["Two", "Three"]);
    let journal = server.send("GET /ns/a/__admin/requests HTTP/1.1", "");
    assert!(journal.body.contains("\"total\":2"), "the journal remains: {}", journal.body);
}

#[test]
fn an_invalid_or_missing_seed_keeps_the_old_one_and_is_logged_once() {
    let file = TemporaryFile::new("watched-invalid.yaml", &seed(&["One"]));
    let (server, log) = watch("--seed", &file);

    std::fs::write(file.path(), "legacy: {access_groups: [{id: 0}]}").unwrap();
    let line = log.wait_for("kept the seed");
    assert!(line.contains("ERROR") && line.contains("access_groups[0].id: must be an integer"), "{line}");
    assert_eq!(names(&server, ""), ["One"]);
    std::fs::remove_file(file.path()).unwrap();
    let line = log.wait_for("kept the seed");
    assert!(line.contains("No such file"), "{line}");
    assert_eq!(names(&server, ""), ["One"]);

    // An editor that replaces the file.
    let next = TemporaryFile::new("next.yaml", "legacy: {access_groups: [{name: Two}]}");
    std::fs::rename(next.path(), file.path()).unwrap();
    log.wait_for("reloaded the seed");
    assert_eq!(names(&server, ""), ["Two"]);
    server.signal("TERM");
    assert_eq!(log.rest(), Vec::<String>::new(), "each error is logged once");
}

#[test]
fn a_file_with_the_same_content_resets_nothing() {
    let file = TemporaryFile::new("watched-same.json", &seed(&["One"]));
    let (server, log) = watch("--seed", &file);
    server.send(
        "POST /api2/access_groups.json HTTP/1.1\nContent-Type: application/json",
        r#"{"entry":{"name":"Own"}}"#,
    );

    std::fs::write(file.path(), seed(&["One"])).unwrap();
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(names(&server, ""), ["One", "Own"]);

    // The same length, and perhaps the same modification time.
    std::fs::write(file.path(), seed(&["Six"])).unwrap();
    log.wait_for("reloaded the seed");
    assert_eq!(names(&server, ""), ["Six"]);
}

#[test]
fn changed_faults_replace_the_faults_of_all_namespaces() {
    let fault = |status: u16| json!([{"match": {"dialect": "legacy"}, "effect": {"type": "status", "status": status}}]);
    let file = TemporaryFile::new("watched-faults.json", &fault(503).to_string());
    let (server, log) = watch("--faults", &file);
    let statuses = || {
        ["", "/ns/a"].map(|namespace| {
            server.send(&format!("GET {namespace}/api2/access_groups.json HTTP/1.1"), "").status
        })
    };
    assert_eq!(statuses(), [503, 503]);

    std::fs::write(file.path(), fault(500).to_string()).unwrap();
    log.wait_for("reloaded the faults of all namespaces");
    assert_eq!(statuses(), [500, 500]);
    std::fs::write(file.path(), fault(200).to_string()).unwrap();
    assert!(log.wait_for("kept the faults").contains("must be from 400 to 599"));
    assert_eq!(statuses(), [500, 500]);
    std::fs::write(file.path(), "[]").unwrap();
    log.wait_for("reloaded the faults");
    assert_eq!(statuses(), [200, 200]);
}

#[test]
fn a_request_sees_the_old_seed_or_the_new_one() {
    let (old, new): (Vec<String>, Vec<String>) =
        ((0..200).map(|it| format!("Old {it}")).collect(), (0..300).map(|it| format!("New {it}")).collect());
    let seed_of = |names: &[String]| seed(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let file = TemporaryFile::new("watched-large.json", &seed_of(&old));
    let (server, _log) = watch("--seed", &file);

    std::fs::write(file.path(), seed_of(&new)).unwrap();

    let started = Instant::now();
    loop {
        let seen = names(&server, "");
        if seen == new {
            break;
        }
        assert_eq!(seen, old);
        assert!(started.elapsed() < Duration::from_secs(20), "the seed is not reloaded");
    }
}

#[test]
fn a_watched_server_needs_a_file_and_no_state_file() {
    let folder = TemporaryFolder::new("watch-state");
    let state = folder.path().join("state.json");
    let state = state.to_str().unwrap();
    for (arguments, reason) in [
        (&["--watch"][..], "--watch needs a file: --seed or --faults"),
        (&["--watch", "--seed", "-"], "--watch needs a file, and --seed is standard input"),
        (&["--watch", "--seed", "seeds/demo.json", "--state-file", state], "cannot be used with"),
    ] {
        let ended = run(server_command(&["--port", "0"]).args(arguments).stdin(Stdio::null()));
        assert_eq!(ended.code, Some(2), "{arguments:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(reason), "{arguments:?}: {}", ended.stderr);
    }
}
