//! The memory of `import`: bounded by the largest entry, however large the recording is. Linux only.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::binary::TemporaryFile;

/// The size of the largest entries, in bytes.
const LARGE_ENTRY: usize = 3_000_000;

/// The number of the largest entries of each kind.
const LARGE_ENTRIES: usize = 3;

/// The number of groups in the account: the seed does not fit into a pipe.
const GROUPS: usize = 1000;

fn entry(url: &str, body: &str) -> Value {
    json!({"request": {"method": "GET", "url": url, "headers": []},
        "response": {"status": 200, "headers": [], "content": {"size": body.len(), "text": body}}})
}

/// Returns an entry with a list of Authress groups, of which each is shown `times` times.
fn groups(times: usize) -> Value {
    let group = |index: usize| {
        json!({"groupId": format!("grp_{index}"), "name": format!("Group \"{index}\""), "users": [], "admins": [],
            "lastUpdated": "2026-01-01T00:00:00.000Z"})
    };
    let groups: Vec<Value> = (0..times).flat_map(|_| (0..GROUPS).map(group)).collect();
    entry("http://127.0.0.1:4010/v1/groups", &json!({"groups": groups}).to_string())
}

/// Writes an HTTP Archive and returns the file.
fn archive(name: &str, entries: &[&Value], times: usize) -> TemporaryFile {
    let file = TemporaryFile::new(name, "");
    let mut writer = std::io::BufWriter::new(std::fs::File::create(file.path()).unwrap());
    writer.write_all(br#"{"log":{"version":"1.2","entries":["#).unwrap();
    for index in 0..times * entries.len() {
        let separator = if index > 0 { "," } else { "" };
        write!(writer, "{separator}\n{}", entries[index % entries.len()]).unwrap();
    }
    writer.write_all(b"]}}").unwrap();
    drop(writer);
    file
}

/// Imports a recording and returns the most memory that the process has used, in bytes.
fn peak_of_import(recording: &TemporaryFile) -> u64 {
    let mut command = Command::new(env!("CARGO_BIN_EXE_access-groups-mock"));
    command.args(["import", recording.path()]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut messages = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(messages.any(|line| line.unwrap() == format!("{GROUPS} objects imported")));
    // The process waits until its output, which does not fit into the pipe, is read.
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    let mut seed = String::new();
    child.stdout.take().unwrap().read_to_string(&mut seed).unwrap();
    assert!(child.wait().unwrap().success() && seed.len() > 100_000, "{seed}");
    kilobytes * 1024
}

#[test]
#[cfg(target_os = "linux")]
fn memory_of_an_import_is_bounded_by_the_largest_entry_and_the_seed() {
    let small = groups(1);
    let times = LARGE_ENTRY / small.to_string().len();
    let script = entry("https://www.example.org/app.js", &"let x = \"é\";\n".repeat(150_000));
    let large = [&groups(times), &script];
    let largest = large.iter().map(|entry| entry.to_string().len() as u64).max().unwrap();
    let (without, with) = (archive("small.har", &[&small], 2), archive("large.har", &large, LARGE_ENTRIES));

    // Both give the same seed.
    let [without, with] = [&without, &with].map(peak_of_import);

    let difference = with.saturating_sub(without);
    assert!(difference < 3 * largest, "{difference} bytes more for entries of {largest} bytes");
}
