//! The commands of the binary: arguments, output and exit codes.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use access_groups_mock::{AuthMode, Config, Fidelity};
use serde_json::{Value, json};

use super::{journal, traffic};
use crate::support::TestServer;
use crate::support::operations::demo_server;

/// The exit code and the output of the binary.
#[derive(Debug)]
struct Output {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// A file that is removed on drop.
struct TemporaryFile(PathBuf);

impl TemporaryFile {
    fn new(name: &str, content: &str) -> Self {
        let path = std::env::temp_dir().join(format!("agm-recordings-{}-{name}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Runs the binary with `args` and `input`.
fn run(args: &[&str], input: &str) -> Output {
    run_with(args, input, &[])
}

/// Runs the binary with `args`, `input` and these environment variables.
fn run_with(args: &[&str], input: &str, variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_access-groups-mock"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AGM_")) {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied());
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Output { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

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

/// Two servers with the same group, of which one behaves as the live services do.
fn documented_and_live() -> [TestServer; 2] {
    let seed = r#"{"cloudflare":{"accounts":{"a1":{"access_groups":[{"id":"g1","name":"x","include":[{"everyone":{}}]}]}}},
        "authress":{"groups":[{"groupId":"grp_1","name":"One","users":[],"admins":[]}]}}"#;
    [Fidelity::Documented, Fidelity::Live]
        .map(|fidelity| TestServer::with_config(Config { fidelity, ..Config::default() }, seed))
}

#[test]
fn replay_against_another_server_finds_its_differences() {
    let [documented, live] = documented_and_live();
    documented.get("/client/v4/accounts/a1/access/groups").send().expect(200);
    documented.get("/v1/groups").send().expect(200);
    let recording = journal(&documented);

    let output = run_with(
        &["replay", "--against", &live.url(), "-"],
        &recording,
        &[("AGM_REPLAY_TOKEN", "own-token")],
    );
    let same = run_with(
        &["replay", "--against", &documented.url(), "-"],
        &recording,
        &[("AGM_REPLAY_TOKEN", "own-token")],
    );

    assert_eq!(output.code, Some(1), "{}{}", output.stdout, output.stderr);
    assert!(output.stdout.contains("missing $.result[0].is_default: recorded []"), "{}", output.stdout);
    assert!(output.stdout.ends_with("2 exchanges: 1 equal, 1 different\n"), "{}", output.stdout);
    assert_eq!(same.code, Some(0), "{}", same.stdout);
}

#[test]
fn replay_against_another_server_writes_only_with_yes() {
    let [documented, live] = documented_and_live();
    documented.get("/v1/groups").send().expect(200);
    let created =
        documented.post("/v1/groups").json(json!({"name": "New", "users": [], "admins": []})).send().json();
    let path = format!("/v1/groups/{}", created["groupId"].as_str().unwrap());
    documented.get(&path).send().expect(200);
    documented.delete(&path).send().expect(204);
    let recording = journal(&documented);
    let args = ["replay", "--against", &live.url(), "-"];
    let received = || -> Value { live.get("/__admin/requests").send().json() };

    let without = run_with(&args, &recording, &[("AGM_REPLAY_TOKEN", "own-token")]);
    assert_eq!(without.code, Some(2), "{}", without.stdout);
    let reason = "nothing was sent: 2 requests write, the first one is POST (standard input: entry 2 (line 1)); --yes sends them";
    assert!(without.stderr.contains(reason), "{}", without.stderr);
    assert_eq!(received()["requests"], json!([]));

    let with = run_with(
        &["replay", "--yes", "--against", &live.url(), "-"],
        &recording,
        &[("AGM_REPLAY_TOKEN", "own-token")],
    );
    assert_eq!(with.code, Some(0), "{}", with.stdout);
    assert_eq!(received()["requests"].as_array().unwrap().len(), 4);
}

#[test]
fn replay_against_another_server_sends_no_recorded_credential() {
    let [documented, live] = documented_and_live();
    documented.get("/v1/groups").send().expect(200);
    documented
        .post("/identity/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=recorded-key")
        .anonymous()
        .send()
        .expect(200);
    let mut recording: Value = serde_json::from_str(&journal(&documented)).unwrap();
    for header in recording["log"]["entries"][0]["request"]["headers"].as_array_mut().unwrap() {
        if header["name"] == "authorization" {
            header["value"] = "Bearer recorded-token".into();
        }
    }
    let recording = recording.to_string();
    let live_with_secrets = TestServer::with_config(
        Config {
            journal: access_groups_mock::JournalConfig { keep_secrets: true, ..Default::default() },
            ..Config::default()
        },
        "{}",
    );

    let without = run(&["replay", "--against", &live.url(), "-"], &recording);
    let with = run_with(
        &["replay", "--against", &live_with_secrets.url(), "-"],
        &recording,
        &[("AGM_REPLAY_TOKEN", "own-token")],
    );

    assert!(without.stdout.contains("status status: recorded 200, replayed 401"), "{}", without.stdout);
    assert!(
        with.stdout.contains("the request contains a credential outside of its headers, which is not sent"),
        "{}",
        with.stdout
    );
    let received = live_with_secrets.get("/__admin/requests").send_unchecked().text();
    assert!(received.contains("own-token") && !received.contains("recorded-"), "{received}");
}

#[test]
fn replay_against_no_server_is_a_difference() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let [documented, _] = documented_and_live();
    documented.get("/v1/groups").send().expect(200);

    let output =
        run(&["replay", "--against", &format!("http://127.0.0.1:{port}"), "-"], &journal(&documented));

    assert_eq!(output.code, Some(1), "{}", output.stderr);
    assert!(output.stdout.contains("no-response response: replayed "), "{}", output.stdout);
}
