//! `--state-file`: the state persists across restarts and crashes.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::process::{Server, run, server_command};

const LIST: &str = "/api2/access_groups.json";

/// The delay between a change and the write of the file.
const DEBOUNCE: Duration = Duration::from_millis(200);

/// A temporary directory that is removed on drop.
pub(super) struct TemporaryDirectory(pub(super) PathBuf);

impl TemporaryDirectory {
    pub(super) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("agm-state-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(super) fn file(&self) -> PathBuf {
        self.0.join("state.json")
    }

    /// Starts a server with the state file.
    pub(super) fn start(&self) -> Server {
        Server::start(&["--state-file", self.file().to_str().unwrap()])
    }

    pub(super) fn read(&self) -> Value {
        serde_json::from_str(&std::fs::read_to_string(self.file()).unwrap()).unwrap()
    }

    /// Waits until the file meets a condition.
    #[track_caller]
    pub(super) fn wait_until(&self, condition: impl Fn(&Value) -> bool) {
        let started = Instant::now();
        while !std::fs::read(self.file())
            .is_ok_and(|json| serde_json::from_slice(&json).is_ok_and(|state| condition(&state)))
        {
            assert!(started.elapsed() < Duration::from_secs(10), "the file was not written");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for TemporaryDirectory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(super) fn create(server: &Server, name: &str) {
    let head = format!("POST {LIST} HTTP/1.1\nContent-Type: application/json");
    let created = server.send(&head, &json!({"entry": {"name": name}}).to_string());
    assert_eq!(created.status, 201);
}

pub(super) fn names(server: &Server) -> Vec<String> {
    let list = server.send(&format!("GET {LIST} HTTP/1.1"), "").json();
    let entries = list["entries"].as_array().unwrap();
    entries.iter().map(|entry| entry["name"].as_str().unwrap().to_owned()).collect()
}

pub(super) fn count(state: &Value) -> usize {
    state["legacy"]["access_groups"].as_array().map_or(0, Vec::len)
}

#[test]
fn a_restarted_server_continues_with_its_state() {
    let directory = TemporaryDirectory::new("stop");
    let server = directory.start();
    create(&server, "a");
    create(&server, "b");
    let before = server.send("GET /__admin/state HTTP/1.1", "").body;

    let ended = server.stop();

    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(
        directory.read(),
        serde_json::from_str::<Value>(&before).unwrap(),
        "the file is written on shutdown"
    );
    let restarted = directory.start();
    assert_eq!(names(&restarted), ["a", "b"]);
    assert_eq!(restarted.send("GET /__admin/state HTTP/1.1", "").body, before);
    create(&restarted, "c");
    assert_eq!(names(&restarted), ["a", "b", "c"]);
}

#[test]
fn the_file_is_written_in_seed_format_after_a_change() {
    let directory = TemporaryDirectory::new("change");
    let server = directory.start();

    create(&server, "a");

    directory.wait_until(|state| count(state) == 1);
    let state = directory.read();
    assert_eq!((&state["version"], &state["legacy"]["access_groups"][0]["name"]), (&json!(1), &json!("a")));
    let seeded = Server::start(&["--seed", directory.file().to_str().unwrap()]);
    assert_eq!(names(&seeded), ["a"]);
}

#[test]
fn the_file_has_precedence_over_the_seed_until_a_reset() {
    let directory = TemporaryDirectory::new("seed");
    let seed = directory.0.join("seed.json");
    std::fs::write(&seed, r#"{"legacy":{"access_groups":[{"id":4,"name":"seeded"}]}}"#).unwrap();
    let file = directory.file();
    let args = ["--seed", seed.to_str().unwrap(), "--state-file", file.to_str().unwrap()];
    let server = Server::start(&args);
    assert_eq!(names(&server), ["seeded"]);
    create(&server, "a");
    server.stop();

    let restarted = Server::start(&args);

    assert_eq!(names(&restarted), ["seeded", "a"]);
    assert_eq!(restarted.send("POST /__admin/reset HTTP/1.1", "").status, 200);
    assert_eq!(names(&restarted), ["seeded"]);
    directory.wait_until(|state| count(state) == 1);
}

#[test]
fn only_the_default_namespace_is_saved() {
    let directory = TemporaryDirectory::new("namespace");
    let server = directory.start();
    let head = format!("POST /ns/one{LIST} HTTP/1.1\nContent-Type: application/json");
    assert_eq!(server.send(&head, r#"{"entry":{"name":"elsewhere"}}"#).status, 201);
    create(&server, "a");

    server.stop();

    assert_eq!(count(&directory.read()), 1);
}

#[test]
fn a_killed_server_leaves_a_consistent_state_no_older_than_the_debounce() {
    let directory = TemporaryDirectory::new("kill");
    let mut expected_count = 0;
    for round in 0..12_u64 {
        let server = directory.start();
        let found = names(&server);
        assert!(found.len() >= expected_count, "round {round}: {} of {expected_count} groups", found.len());
        // Groups without gaps in their numbers mean that the file is a consistent state of one point in time.
        let expected: Vec<String> = (0..found.len()).map(|number| format!("group {number}")).collect();
        assert_eq!(found, expected);

        let mut write_times = Vec::new();
        let (started, duration) = (Instant::now(), Duration::from_millis(150 + round * 37));
        while started.elapsed() < duration {
            create(&server, &format!("group {}", found.len() + write_times.len()));
            write_times.push(Instant::now());
            // With more groups the time to write the file would matter.
            std::thread::sleep(Duration::from_millis(4));
        }
        server.signal("KILL");
        let killed = Instant::now();
        server.wait_for_exit();
        // On a busy machine the server is delayed about as much as this test.
        let max_delay = write_times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default();
        let due = write_times.iter().filter(|time| killed - **time > DEBOUNCE * 2 + max_delay * 4).count();
        expected_count = found.len() + due;
    }
    let last = directory.read();
    assert!(count(&last) >= expected_count && expected_count > 0, "{} of {expected_count}", count(&last));
    assert_eq!(last["version"], 1);
}

#[test]
fn a_leftover_temporary_file_is_removed() {
    let directory = TemporaryDirectory::new("beside");
    let leftover = directory.0.join("state.json.123-4.tmp");
    std::fs::write(&leftover, r#"{"legacy":{"access_gro"#).unwrap();
    let server = directory.start();
    create(&server, "a");

    server.stop();

    assert_eq!(count(&directory.read()), 1);
    assert!(!leftover.exists());
}

#[test]
fn an_invalid_file_is_exit_code_3_with_the_path_of_the_error_and_is_not_changed() {
    let directory = TemporaryDirectory::new("wrong");
    let seed = directory.0.join("seed.json");
    std::fs::write(&seed, "{}").unwrap();
    for (content, message) in [
        (r#"{"version":2}"#, "version: must be 1, not 2"),
        ("", "EOF while parsing a value at line 1 column 0"),
        (r#"{"version":1,"legacy":{"access_gro"#, "legacy: EOF while parsing a string at line 1 column 34"),
        (
            r#"{"legacy":{"access_groups":[{"id":4},{"id":4}]}}"#,
            "legacy.access_groups[1].id: 4 is already used by an earlier access group",
        ),
    ] {
        std::fs::write(directory.file(), content).unwrap();
        let file = directory.file();
        let file = file.to_str().unwrap();

        for args in [&["--state-file", file][..], &["--seed", seed.to_str().unwrap(), "--state-file", file]] {
            let ended = run(server_command(&["--port", "0"]).args(args));

            assert_eq!(ended.code, Some(3), "{content}: {ended:?}");
            assert_eq!(ended.stderr, format!("access-groups-mock: {file}: {message}\n"));
            assert_eq!(ended.stdout, "");
        }
        assert_eq!(std::fs::read_to_string(directory.file()).unwrap(), content);
    }
    let ended = run(&mut server_command(&["--port", "0", "--state-file", directory.0.to_str().unwrap()]));
    assert_eq!(ended.code, Some(3), "a directory is not a file: {ended:?}");
}

#[test]
fn an_invalid_seed_with_a_valid_file_is_reported_as_the_seed() {
    let directory = TemporaryDirectory::new("seed-wrong");
    let seed = directory.0.join("seed.json");
    std::fs::write(&seed, r#"{"legacy":{"access_groups":[{"id":4},{"id":4}]}}"#).unwrap();
    std::fs::write(directory.file(), "{}").unwrap();
    let (seed, file) = (seed.to_str().unwrap().to_owned(), directory.file());

    let ended =
        run(&mut server_command(&["--port", "0", "--seed", &seed, "--state-file", file.to_str().unwrap()]));

    assert_eq!(ended.code, Some(3));
    assert!(ended.stderr.starts_with(&format!("access-groups-mock: {seed}: legacy.")), "{}", ended.stderr);
}

#[test]
fn a_long_seed_or_state_has_the_errors_of_a_short_one() {
    let directory = TemporaryDirectory::new("long");
    let file = directory.file();
    for groups in
        [r#"{"id":4},{"id":4}"#, r#"{"id":4},{"id":5,"id":6}"#, r#"{"id":4},{"id":5]"#, r#"{"id":"x"}"#]
    {
        let json = format!(r#"{{"legacy":{{"access_groups":[{groups}]}}}}"#);
        for option in ["--seed", "--state-file"] {
            let ended = [&json, &format!("{json}{}", " ".repeat(1024 * 1024))].map(|content| {
                std::fs::write(&file, content).unwrap();
                run(server_command(&["--port", "0", option]).arg(&file))
            });

            let [short, long] = &ended;
            assert_eq!((short.code, long.code), (Some(3), Some(3)), "{ended:?}");
            assert!(long.stderr.contains(": legacy.access_groups["), "{ended:?}");
            assert_eq!(long.stderr, short.stderr);
        }
    }
}
