//! The commands of the binary: arguments, output and exit codes.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use access_groups_mock::AuthMode;
use serde_json::Value;

use super::{journal, traffic};
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
    let mut command = Command::new(env!("CARGO_BIN_EXE_access-groups-mock"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AGM_")) {
        command.env_remove(name);
    }
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
