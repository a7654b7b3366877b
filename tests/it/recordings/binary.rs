//! Runs the binary, and reads its output.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The exit code and the output of the binary.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) code: Option<i32>,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

/// A file that is removed on drop.
pub(super) struct TemporaryFile(PathBuf);

impl TemporaryFile {
    pub(super) fn new(name: &str, content: &str) -> Self {
        let path = std::env::temp_dir().join(format!("agm-recordings-{}-{name}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        Self(path)
    }

    pub(super) fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Runs the binary with `args` and `input`.
pub(super) fn run(args: &[&str], input: &str) -> Output {
    run_with(args, input, &[])
}

/// Runs the binary with `args`, `input` and these environment variables.
pub(super) fn run_with(args: &[&str], input: &str, variables: &[(&str, &str)]) -> Output {
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
