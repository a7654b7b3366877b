//! The commands that read recordings: the CPU time of a replay of 10,000 exchanges, and the CPU time and the peak memory of
//! imports of 100 MB. Linux only, because both are read from `/proc`.
//!
//! The peak of an import is compared with that of an import of the same objects in small entries, which has the same seed:
//! the rest is what the large entries need.
//!
//! `cargo bench --bench recordings`
#![expect(clippy::print_stdout, reason = "the results are printed")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// The number of exchanges that are replayed.
const EXCHANGES: usize = 10_000;

/// The size of the recordings that are imported, in bytes.
const IMPORT_BYTES: usize = 100_000_000;

/// How often the lists in each recording show the groups: once, or so often that an entry has some megabytes.
const REPETITIONS: [usize; 2] = [1, 50];

/// The number of groups in each recorded list.
const GROUPS_PER_LIST: usize = 500;

/// The clock ticks per second in `/proc/PID/stat`, which are the same on every Linux.
const TICKS_PER_SECOND: f64 = 100.0;

fn main() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let exchanges = folder.join("exchanges.har");
    write_archive(&exchanges, (0..EXCHANGES).map(exchange));
    let usage = run(&["replay", &exchanges.to_string_lossy()]);
    println!(
        "replay of {EXCHANGES} exchanges: {:.2} s of CPU time, {} kB at most",
        usage.cpu_seconds, usage.peak_kilobytes
    );

    let small = folder.join("small.har");
    write_archive(&small, (0..GROUPS_PER_LIST).map(|index| list_of_groups([index])));
    let of_seed = run(&["import", &small.to_string_lossy()]);
    let large = folder.join("large.har");
    for repetitions in REPETITIONS {
        let list = list_of_groups((0..repetitions).flat_map(|_| 0..GROUPS_PER_LIST));
        let entry = list.to_string().len();
        let size = write_archive(&large, (0..IMPORT_BYTES / entry).map(|_| &list));
        let usage = run(&["import", &large.to_string_lossy()]);
        println!(
            "import of {} MB in entries of {} kB: {:.2} s of CPU time, {} kB at most, {} kB more than for the seed alone",
            size / 1_000_000,
            entry / 1000,
            usage.cpu_seconds,
            usage.peak_kilobytes,
            usage.peak_kilobytes.saturating_sub(of_seed.peak_kilobytes)
        );
    }
    for file in [exchanges, small, large] {
        let _ = std::fs::remove_file(file);
    }
}

/// Returns an entry: in turn a group of Authress is created and read.
fn exchange(index: usize) -> Value {
    let id = format!("grp_{:020}", index / 2);
    let group = json!({"groupId": id, "name": format!("Group {}", index / 2), "users": [], "admins": [],
        "lastUpdated": "2026-01-01T00:00:00.000Z", "links": {"self": {"href": format!("http://127.0.0.1:4010/v1/groups/{id}")}}});
    let request = json!({"name": format!("Group {}", index / 2), "users": [], "admins": []});
    match index % 2 {
        0 => entry("POST", "/v1/groups", Some(&request), 201, &group),
        _ => entry("GET", &format!("/v1/groups/{id}"), None, 200, &group),
    }
}

/// Returns an entry with a list of the Access groups with these numbers.
fn list_of_groups(numbers: impl IntoIterator<Item = usize>) -> Value {
    let groups: Vec<Value> = numbers
        .into_iter()
        .map(|index| {
            json!({"id": format!("{index:08x}-0000-4000-8000-000000000000"), "name": format!("Group {index}"),
                "include": [{"email": {"email": format!("user{index}@example.com")}}], "exclude": [], "require": [],
                "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"})
        })
        .collect();
    let list = json!({"success": true, "errors": [], "messages": [], "result": groups});
    entry("GET", "/client/v4/accounts/a1/access/groups", None, 200, &list)
}

fn entry(method: &str, path: &str, request: Option<&Value>, status: u16, response: &Value) -> Value {
    let text = response.to_string();
    let mut entry = json!({
        "startedDateTime": "2026-01-01T00:00:00.000Z",
        "request": {"method": method, "url": format!("http://127.0.0.1:4010{path}"), "headers": [
            {"name": "content-type", "value": "application/json"}, {"name": "authorization", "value": "Bearer [redacted]"}]},
        "response": {"status": status, "headers": [], "content": {"size": text.len(), "text": text}}
    });
    if let Some(request) = request {
        entry["request"]["postData"] = json!({"mimeType": "application/json", "text": request.to_string()});
    }
    entry
}

/// Writes an HTTP Archive and returns its size.
fn write_archive<E: std::borrow::Borrow<Value>>(path: &Path, entries: impl Iterator<Item = E>) -> u64 {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).expect("the file can be created"));
    let mut write = |text: &str| file.write_all(text.as_bytes()).expect("the file can be written");
    write(r#"{"log":{"version":"1.2","entries":["#);
    for (index, entry) in entries.enumerate() {
        write(if index > 0 { ",\n" } else { "\n" });
        write(&entry.borrow().to_string());
    }
    write("]}}");
    drop(file);
    std::fs::metadata(path).expect("the file was written").len()
}

/// What a process has used.
#[derive(Debug, Default)]
struct Usage {
    cpu_seconds: f64,
    peak_kilobytes: u64,
}

/// Runs the binary and returns what it has used; its status is read until it ends.
fn run(args: &[&str]) -> Usage {
    let mut command = Command::new(env!("CARGO_BIN_EXE_access-groups-mock"));
    let mut child =
        command.args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it can be run");
    let folder = PathBuf::from(format!("/proc/{}", child.id()));
    let mut usage = Usage::default();
    loop {
        if let Some(seen) = read_usage(&folder) {
            usage = seen;
        }
        if let Some(status) = child.try_wait().expect("the process can be waited for") {
            assert!(status.success(), "{args:?} failed: {status}");
            return usage;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}

fn read_usage(folder: &Path) -> Option<Usage> {
    let status = std::fs::read_to_string(folder.join("status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let peak_kilobytes = peak.trim().trim_end_matches(" kB").parse().ok()?;
    let stat = std::fs::read_to_string(folder.join("stat")).ok()?;
    // After the name in parentheses; the times in user and in kernel mode are the fields 14 and 15.
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks = fields.get(11)?.parse::<u32>().ok()? + fields.get(12)?.parse::<u32>().ok()?;
    Some(Usage { cpu_seconds: f64::from(ticks) / TICKS_PER_SECOND, peak_kilobytes })
}
