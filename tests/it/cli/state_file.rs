//! `--state-file`: the state outlives the process, however it ends.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::process::{Server, program, run};

const LIST: &str = "/api2/access_groups.json";

/// How old the file may be.
const DEBOUNCE: Duration = Duration::from_millis(200);

/// A folder of its own, which is gone when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("agm-state-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("state.json")
    }

    /// Starts a server that keeps its state in the file.
    fn start(&self) -> Server {
        Server::start(&["--state-file", self.file().to_str().unwrap()])
    }

    fn read(&self) -> Value {
        serde_json::from_str(&std::fs::read_to_string(self.file()).unwrap()).unwrap()
    }

    /// Waits until the file has what is wanted.
    #[track_caller]
    fn wait_until(&self, is_wanted: impl Fn(&Value) -> bool) {
        let began = Instant::now();
        while !self.file().exists() || !is_wanted(&self.read()) {
            assert!(began.elapsed() < Duration::from_secs(10), "the file was not written");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn create(server: &Server, name: &str) {
    let head = format!("POST {LIST} HTTP/1.1\nContent-Type: application/json");
    let created = server.ask(&head, &json!({"entry": {"name": name}}).to_string());
    assert_eq!(created.status, 201);
}

fn names(server: &Server) -> Vec<String> {
    let list = server.ask(&format!("GET {LIST} HTTP/1.1"), "").json();
    let entries = list["entries"].as_array().unwrap();
    entries.iter().map(|entry| entry["name"].as_str().unwrap().to_owned()).collect()
}

fn count(state: &Value) -> usize {
    state["legacy"]["access_groups"].as_array().map_or(0, Vec::len)
}

#[test]
fn a_stopped_server_goes_on_where_it_stopped() {
    let folder = Folder::new("stop");
    let server = folder.start();
    create(&server, "a");
    create(&server, "b");
    let before = server.ask("GET /__admin/state HTTP/1.1", "").body;

    let ended = server.stop();

    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(folder.read(), serde_json::from_str::<Value>(&before).unwrap(), "it is written at the stop");
    let again = folder.start();
    assert_eq!(names(&again), ["a", "b"]);
    assert_eq!(again.ask("GET /__admin/state HTTP/1.1", "").body, before);
    create(&again, "c");
    assert_eq!(names(&again), ["a", "b", "c"]);
}

#[test]
fn the_file_is_written_after_a_change_in_the_format_of_a_seed() {
    let folder = Folder::new("change");
    let server = folder.start();

    create(&server, "a");

    folder.wait_until(|state| count(state) == 1);
    let state = folder.read();
    assert_eq!((&state["version"], &state["legacy"]["access_groups"][0]["name"]), (&json!(1), &json!("a")));
    let seeded = Server::start(&["--seed", folder.file().to_str().unwrap()]);
    assert_eq!(names(&seeded), ["a"]);
}

#[test]
fn the_file_goes_before_the_seed_and_a_reset_brings_the_seed_back() {
    let folder = Folder::new("seed");
    let seed = folder.0.join("seed.json");
    std::fs::write(&seed, r#"{"legacy":{"access_groups":[{"id":4,"name":"seeded"}]}}"#).unwrap();
    let file = folder.file();
    let args = ["--seed", seed.to_str().unwrap(), "--state-file", file.to_str().unwrap()];
    let server = Server::start(&args);
    assert_eq!(names(&server), ["seeded"]);
    create(&server, "a");
    server.stop();

    let again = Server::start(&args);

    assert_eq!(names(&again), ["seeded", "a"]);
    assert_eq!(again.ask("POST /__admin/reset HTTP/1.1", "").status, 200);
    assert_eq!(names(&again), ["seeded"]);
    folder.wait_until(|state| count(state) == 1);
}

#[test]
fn only_the_default_namespace_is_kept() {
    let folder = Folder::new("namespace");
    let server = folder.start();
    let head = format!("POST /ns/one{LIST} HTTP/1.1\nContent-Type: application/json");
    assert_eq!(server.ask(&head, r#"{"entry":{"name":"elsewhere"}}"#).status, 201);
    create(&server, "a");

    server.stop();

    assert_eq!(count(&folder.read()), 1);
}

#[test]
fn a_server_that_is_killed_leaves_a_whole_state_no_older_than_the_debounce() {
    let folder = Folder::new("kill");
    let mut kept = 0;
    for round in 0..12_u64 {
        let server = folder.start();
        let found = names(&server);
        assert!(found.len() >= kept, "round {round}: {} of at least {kept} groups are left", found.len());
        // Groups are numbered without a gap: what is left is a whole state of one moment.
        let expected: Vec<String> = (0..found.len()).map(|number| format!("group {number}")).collect();
        assert_eq!(found, expected);

        let mut written = Vec::new();
        let (began, time) = (Instant::now(), Duration::from_millis(150 + round * 37));
        while began.elapsed() < time {
            create(&server, &format!("group {}", found.len() + written.len()));
            written.push(Instant::now());
            // Of more groups the time would count that it takes to write them all.
            std::thread::sleep(Duration::from_millis(4));
        }
        server.signal("KILL");
        let killed = Instant::now();
        server.wait();
        // A machine that has much to do lets the server wait for as long as it lets this test wait.
        let longest = written.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default();
        let due = written.iter().filter(|time| killed - **time > DEBOUNCE * 2 + longest * 4).count();
        kept = found.len() + due;
    }
    let last = folder.read();
    assert!(count(&last) >= kept && kept > 0, "{} of {kept}", count(&last));
    assert_eq!(last["version"], 1);
}

#[test]
fn what_a_killed_server_left_beside_the_file_is_no_hindrance() {
    let folder = Folder::new("beside");
    std::fs::write(folder.0.join("state.json.tmp"), r#"{"legacy":{"access_gro"#).unwrap();
    let server = folder.start();
    create(&server, "a");

    server.stop();

    assert_eq!(count(&folder.read()), 1);
    assert!(!folder.0.join("state.json.tmp").exists());
}

#[test]
fn a_file_that_cannot_be_read_is_exit_code_3_with_the_file_and_the_place_and_stays_as_it_is() {
    let folder = Folder::new("wrong");
    let seed = folder.0.join("seed.json");
    std::fs::write(&seed, "{}").unwrap();
    for (text, message) in [
        (r#"{"version":2}"#, "version: must be 1, not 2"),
        ("", "EOF while parsing a value at line 1 column 0"),
        (r#"{"version":1,"legacy":{"access_gro"#, "legacy: EOF while parsing a string at line 1 column 34"),
        (
            r#"{"legacy":{"access_groups":[{"id":4},{"id":4}]}}"#,
            "legacy.access_groups[1].id: 4 is taken by an earlier access group",
        ),
    ] {
        std::fs::write(folder.file(), text).unwrap();
        let file = folder.file();
        let file = file.to_str().unwrap();

        for args in [&["--state-file", file][..], &["--seed", seed.to_str().unwrap(), "--state-file", file]] {
            let ended = run(program(&["--port", "0"]).args(args));

            assert_eq!(ended.code, Some(3), "{text}: {ended:?}");
            assert_eq!(ended.stderr, format!("access-groups-mock: {file}: {message}\n"));
            assert_eq!(ended.stdout, "");
        }
        assert_eq!(std::fs::read_to_string(folder.file()).unwrap(), text);
    }
    let ended = run(&mut program(&["--port", "0", "--state-file", folder.0.to_str().unwrap()]));
    assert_eq!(ended.code, Some(3), "a folder is no file: {ended:?}");
}

#[test]
fn a_wrong_seed_beside_a_sound_file_is_named_as_the_seed() {
    let folder = Folder::new("seed-wrong");
    let seed = folder.0.join("seed.json");
    std::fs::write(&seed, r#"{"legacy":{"access_groups":[{"id":4},{"id":4}]}}"#).unwrap();
    std::fs::write(folder.file(), "{}").unwrap();
    let (seed, file) = (seed.to_str().unwrap().to_owned(), folder.file());

    let ended = run(&mut program(&["--port", "0", "--seed", &seed, "--state-file", file.to_str().unwrap()]));

    assert_eq!(ended.code, Some(3));
    assert!(ended.stderr.starts_with(&format!("access-groups-mock: {seed}: legacy.")), "{}", ended.stderr);
}

#[test]
fn a_file_that_cannot_be_written_is_said_in_the_log_and_by_the_exit_code() {
    let folder = Folder::new("unwritable");
    let file = folder.0.join("no/such/folder/state.json");
    let server = Server::start(&["--state-file", file.to_str().unwrap()]);
    create(&server, "a");

    let ended = server.stop();

    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("state file: "), "{}", ended.stderr);
}
