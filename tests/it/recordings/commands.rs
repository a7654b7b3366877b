//! The commands of the binary: arguments, output and exit codes.

use access_groups_mock::{AuthMode, Config, Fidelity};
use serde_json::Value;

use super::binary::{TemporaryFile, run, run_with};
use super::{journal, traffic};
use crate::support::TestServer;
use crate::support::operations::demo_server;

/// Records traffic with Authress.
fn recording() -> String {
    let mock = demo_server(AuthMode::Lenient);
    for path in traffic::authress(&mock) {
        mock.get(&path).send_unchecked();
    }
    journal(&mock)
}

#[test]
fn import_writes_a_seed_that_check_seed_accepts() {
    let recording = TemporaryFile::new("import.har", &recording());

    let imported = run(&["import", recording.path()], "");

    assert_eq!(imported.code, Some(0), "{}", imported.stderr);
    assert!(imported.stderr.ends_with(" objects imported\n"), "{}", imported.stderr);
    let seed: Value = serde_json::from_str(&imported.stdout).unwrap();
    assert!(seed["authress"]["groups"].is_array(), "{seed}");
    let checked = run(&["check-seed", "-"], &imported.stdout);
    assert_eq!(checked.code, Some(0), "{}", checked.stderr);
}

#[test]
fn import_reads_standard_input_and_several_files() {
    let recording = recording();
    let file = TemporaryFile::new("several.har", &recording);

    let one = run(&["import", "-"], &recording);
    let two = run(&["import", file.path(), "-"], &recording);

    assert_eq!((one.code, two.code), (Some(0), Some(0)));
    assert_eq!(one.stdout, two.stdout);
}

#[test]
fn import_replaces_names_only_with_a_key() {
    let recording = recording();
    let args = ["import", "--pseudonymize", "--key", "k", "-"];

    let first = run(&args, &recording);
    let second = run(&args, &recording);
    let without_key = run(&["import", "--pseudonymize", "-"], &recording);

    assert_eq!((first.code, &first.stdout), (Some(0), &second.stdout));
    assert!(!first.stdout.contains("Authors"), "{}", first.stdout);
    assert_eq!(run(&["check-seed", "-"], &first.stdout).code, Some(0));
    assert_eq!(without_key.code, Some(2));
    assert!(without_key.stderr.contains("--key"), "{}", without_key.stderr);
}

#[test]
fn key_without_pseudonyms_is_rejected() {
    let recording = recording();

    for command in ["import", "replay"] {
        let output = run(&[command, "--key", "k", "-"], &recording);

        assert_eq!((output.code, output.stdout.as_str()), (Some(2), ""), "{command}");
        assert!(output.stderr.contains("--pseudonymize"), "{command}: {}", output.stderr);
    }
}

#[test]
fn key_can_be_in_the_environment_and_must_not_be_empty() {
    let recording = recording();
    let plain = run(&["import", "-"], &recording);
    let with_option = run(&["import", "--pseudonymize", "--key", "k", "-"], &recording);

    let with_variable = run_with(&["import", "--pseudonymize", "-"], &recording, &[("AGM_KEY", "k")]);
    let only_variable = run_with(&["import", "-"], &recording, &[("AGM_KEY", "k")]);
    let empty_option = run(&["import", "--pseudonymize", "--key", "", "-"], &recording);
    let empty_variable = run_with(&["replay", "--pseudonymize", "-"], &recording, &[("AGM_KEY", "")]);

    assert_eq!((with_variable.code, &with_variable.stdout), (Some(0), &with_option.stdout));
    assert_eq!((only_variable.code, &only_variable.stdout), (Some(0), &plain.stdout));
    for output in [empty_option, empty_variable] {
        assert_eq!((output.code, output.stdout.as_str()), (Some(2), ""), "{}", output.stderr);
        assert!(output.stderr.contains("--key"), "{}", output.stderr);
    }
}

#[test]
fn import_uses_other_hosts_only_on_request() {
    let other = recording().replace("http://127.0.0.1:", "https://groups.corp.example:");

    let without = run(&["import", "-"], &other);
    let with = run(&["import", "--host", "groups.corp.example", "-"], &other);

    assert!(without.stderr.contains("`--host groups.corp.example` includes it"), "{}", without.stderr);
    assert!(without.stderr.ends_with("\n0 objects imported\n"), "{}", without.stderr);
    assert!(!with.stderr.contains("not used"), "{}", with.stderr);
}

#[test]
fn recording_that_cannot_be_read_has_exit_code_3() {
    let cut = TemporaryFile::new("cut.har", "{\"log\":{\"entries\":[");

    for (file, expected) in [(cut.path(), "invalid JSON: EOF"), ("/nowhere/x.har", "cannot be read: ")] {
        let output = run(&["import", file], "");
        assert_eq!((output.code, output.stdout.as_str()), (Some(3), ""));
        assert!(
            output.stderr.starts_with(&format!("access-groups-mock: {file}: {expected}")),
            "{}",
            output.stderr
        );
    }
}

/// A recording of Authress whose list has another name than the mock gives.
fn recording_with_difference() -> String {
    let mock = TestServer::with_seed(
        r#"{"authress":{"groups":[{"groupId":"grp_1","name":"One","users":[],"admins":[]}]}}"#,
    );
    mock.get("/v1/groups/grp_1").send().expect(200);
    mock.get("/v1/groups").send().expect(200);
    journal(&mock).replacen(r#"\"name\":\"One\""#, r#"\"name\":\"Two\""#, 1)
}

#[test]
fn replay_exits_with_0_only_if_nothing_differs() {
    let equal = run(&["replay", "-"], &recording());
    let different = run(&["replay", "-"], &recording_with_difference());

    assert_eq!(equal.code, Some(0), "{}", equal.stdout);
    assert!(equal.stdout.contains(" equal, 0 different\n"), "{}", equal.stdout);
    assert_eq!(different.code, Some(1), "{}", different.stdout);
    assert!(
        different.stdout.contains("value $.groups[0].name: recorded \"One\", replayed \"Two\""),
        "{}",
        different.stdout
    );
}

#[test]
fn replay_writes_and_reads_accepted_differences() {
    let recording = recording_with_difference();
    let file = TemporaryFile::new("accepted.json", "");

    let written = run(&["replay", "--write-accept", file.path(), "-"], &recording);
    let accepted = run(&["replay", "--accept", file.path(), "-"], &recording);
    let unreadable = run(&["replay", "--accept", "/nowhere/accepted.json", "-"], &recording);

    assert_eq!((written.code, accepted.code), (Some(1), Some(0)), "{}", accepted.stdout);
    assert!(accepted.stdout.contains("accepted: value $.groups[0].name"), "{}", accepted.stdout);
    assert_eq!(unreadable.code, Some(3));
    assert!(unreadable.stderr.contains("/nowhere/accepted.json: cannot be read"), "{}", unreadable.stderr);
}

#[test]
fn replay_uses_a_seed_and_a_fidelity() {
    let mock = TestServer::with_config(
        Config { fidelity: Fidelity::Live, ..Config::default() },
        r#"{"cloudflare":{"accounts":{"a1":{"access_groups":[{"id":"g1","name":"x","include":[{"everyone":{}}]}]}}}}"#,
    );
    mock.delete("/client/v4/accounts/a1/access/groups/g1").send().expect(202);
    let recording = journal(&mock);
    let seed = TemporaryFile::new(
        "replay-seed.json",
        r#"{"cloudflare":{"accounts":{"a1":{"access_groups":[{"id":"g1","name":"x","include":[{"everyone":{}}]}]}}}}"#,
    );

    let without = run(&["replay", "-"], &recording);
    let with = run(&["replay", "--seed", seed.path(), "--fidelity", "live", "-"], &recording);

    assert!(without.stdout.contains("status status: recorded 202, replayed 404"), "{}", without.stdout);
    assert_eq!(with.code, Some(0), "{}", with.stdout);
}

#[test]
fn replay_writes_reports_and_evidence() {
    let recording = recording_with_difference();
    let file = TemporaryFile::new("evidence.json", "");

    let json = run(&["replay", "--format", "json", "--evidence", file.path(), "-"], &recording);
    let junit = run(&["replay", "--format", "junit", "-"], &recording);

    let report: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(report["totals"]["different"], 1, "{report}");
    let evidence: Value = serde_json::from_str(&std::fs::read_to_string(file.path()).unwrap()).unwrap();
    assert_eq!(evidence["operations"][0]["id"], "authress.get_group", "{evidence}");
    assert!(junit.stdout.starts_with("<?xml") && junit.stdout.contains("failures=\"1\""), "{}", junit.stdout);
}
