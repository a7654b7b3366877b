//! `--state-file`: locks, permissions, links, mounts, full disks, and files that other processes change or remove.
#![cfg(unix)]

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::process::{Log, ProcessOutput, Server, run, server_command};
use super::state_file::{TemporaryDirectory, count, create, names};

/// Runs a server that is expected to exit before it is ready.
#[track_caller]
fn run_server(file: &Path, args: &[&str]) -> ProcessOutput {
    let ended = run(server_command(&["--port", "0", "--state-file", file.to_str().unwrap()]).args(args));
    assert_eq!(ended.stdout, "", "the server is ready: {ended:?}");
    ended
}

fn start_with(file: &Path, args: &[&str]) -> Server {
    Server::spawn(server_command(&["--port", "0", "--state-file", file.to_str().unwrap()]).args(args))
}

fn start_with_log(file: &Path) -> (Server, Log) {
    Server::spawn_with_log(server_command(&["--port", "0", "--state-file"]).arg(file))
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[track_caller]
fn wait_until(condition: impl Fn() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_secs(10), "the condition is not met");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_second_server_with_the_file_is_exit_code_5_with_the_first_ones_process() {
    let directory = TemporaryDirectory::new("lock");
    let first = directory.start();
    create(&first, "a");
    let link = directory.0.join("link.json");
    symlink(directory.file(), &link).unwrap();

    for path in [directory.file(), link] {
        let ended = run_server(&path, &[]);

        assert_eq!(ended.code, Some(5), "{ended:?}");
        let message = format!("is in use by another server (process {})", first.id());
        assert_eq!(ended.stderr, format!("access-groups-mock: {}: {message}\n", path.display()));
    }
    create(&first, "b");
    assert_eq!(first.stop().code, Some(0));
    assert_eq!(names(&directory.start()), ["a", "b"]);
}

#[test]
fn a_killed_server_leaves_no_lock() {
    let directory = TemporaryDirectory::new("killed-lock");
    let server = directory.start();
    create(&server, "a");
    directory.wait_until(|state| count(state) == 1);

    server.signal("KILL");
    server.wait_for_exit();

    assert_eq!(names(&directory.start()), ["a"]);
}

#[test]
fn a_removed_lock_file_is_created_again() {
    let directory = TemporaryDirectory::new("removed-lock");
    let first = directory.start();
    std::fs::remove_file(directory.0.join("state.json.lock")).unwrap();
    create(&first, "a");
    directory.wait_until(|state| count(state) == 1);

    let ended = run_server(&directory.file(), &[]);

    assert_eq!(ended.code, Some(5), "{ended:?}");
}

#[test]
fn a_reused_server_is_not_disturbed_by_the_lock() {
    let directory = TemporaryDirectory::new("reuse");
    let first = directory.start();
    let (port, file) = (first.port().to_string(), directory.file());

    let ended =
        run(&mut server_command(&["--port", &port, "--reuse", "--state-file", file.to_str().unwrap()]));

    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.contains(r#""reused":true"#), "{ended:?}");
}

#[test]
fn a_folder_that_is_missing_or_not_writable_is_exit_code_3_before_the_server_is_ready() {
    let directory = TemporaryDirectory::new("folder");
    std::fs::write(directory.0.join("file"), "").unwrap();
    for (path, reason) in [
        (directory.0.join("no/such/state.json"), "its folder `"),
        (directory.0.join("file/state.json"), "Not a directory"),
        // Nobody can create a file in this folder, not even a privileged process.
        (Path::new("/proc/self").join("state.json"), "cannot lock `"),
        (directory.0.join(".."), "is not a regular file"),
        ("/".into(), "is not a regular file"),
    ] {
        let ended = run_server(&path, &[]);

        assert_eq!(ended.code, Some(3), "{ended:?}");
        let start = format!("access-groups-mock: {}: ", path.display());
        assert!(ended.stderr.starts_with(&start) && ended.stderr.contains(reason), "{ended:?}");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
    }
}

#[test]
fn a_named_pipe_or_a_device_is_exit_code_3() {
    let directory = TemporaryDirectory::new("pipe");
    let pipe = directory.0.join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());

    for path in [pipe.as_path(), Path::new("/dev/null")] {
        let ended = run_server(path, &[]);

        assert_eq!(ended.code, Some(3), "{ended:?}");
        let message = format!("access-groups-mock: {}: is not a regular file\n", path.display());
        assert_eq!(ended.stderr, message);
    }
}

#[test]
fn a_new_file_is_readable_only_by_its_owner_and_an_existing_one_keeps_its_mode() {
    let directory = TemporaryDirectory::new("mode");
    let server = directory.start();
    let backup = directory.0.join("state.json.bak");
    assert_eq!(mode(&directory.file()), 0o600);
    assert_eq!(mode(&directory.0.join("state.json.lock")), 0o600);
    for (index, expected) in [0o640, 0o644, 0o600].into_iter().enumerate() {
        std::fs::set_permissions(directory.file(), PermissionsExt::from_mode(expected)).unwrap();

        create(&server, "a");

        directory.wait_until(|state| count(state) == index + 1);
        assert_eq!((mode(&directory.file()), mode(&backup)), (expected, expected));
    }
}

#[test]
fn a_symbolic_link_is_followed_and_remains() {
    for exists in [true, false] {
        let directory = TemporaryDirectory::new("link");
        let target = directory.0.join("target.json");
        if exists {
            std::fs::write(&target, r#"{"legacy":{"access_groups":[{"id":4,"name":"before"}]}}"#).unwrap();
        }
        symlink("target.json", directory.file()).unwrap();
        let server = directory.start();

        create(&server, "a");

        assert_eq!(server.stop().code, Some(0));
        assert!(std::fs::symlink_metadata(directory.file()).unwrap().is_symlink());
        assert!(std::fs::symlink_metadata(&target).unwrap().is_file());
        assert_eq!(count(&directory.read()), if exists { 2 } else { 1 });
        std::fs::remove_dir_all(&directory.0).unwrap();
    }
}

#[test]
fn links_in_the_place_of_other_files_are_not_followed() {
    let directory = TemporaryDirectory::new("planted");
    let precious = directory.0.join("precious");
    std::fs::write(&precious, "precious").unwrap();
    for name in ["state.json.tmp", "state.json.bak", "state.json.1-1.tmp"] {
        symlink(&precious, directory.0.join(name)).unwrap();
    }
    let server = directory.start();
    create(&server, "a");
    assert_eq!(server.stop().code, Some(0));
    assert_eq!(std::fs::read_to_string(&precious).unwrap(), "precious");

    std::fs::remove_file(directory.0.join("state.json.lock")).unwrap();
    symlink(&precious, directory.0.join("state.json.lock")).unwrap();
    let ended = run_server(&directory.file(), &[]);

    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(ended.stderr.contains("state.json.lock`: it is not a regular file"), "{ended:?}");
    assert_eq!(std::fs::read_to_string(&precious).unwrap(), "precious");
}

#[test]
fn a_file_that_was_removed_or_truncated_is_written_again_and_logged_once() {
    let directory = TemporaryDirectory::new("foreign");
    let server = directory.start();
    create(&server, "a");
    directory.wait_until(|state| count(state) == 1);

    for _ in 0..2 {
        std::fs::remove_file(directory.file()).unwrap();
        directory.wait_until(|state| count(state) == 1);
        std::fs::write(directory.file(), "").unwrap();
        directory.wait_until(|state| count(state) == 1);
    }
    std::fs::remove_file(directory.file()).unwrap();
    let ended = server.stop();

    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(count(&directory.read()), 1);
    assert_eq!(ended.stderr.matches("the state file was changed or removed").count(), 1, "{ended:?}");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
}

#[test]
fn a_lasting_error_is_logged_once_and_is_exit_code_1() {
    let directory = TemporaryDirectory::new("error");
    let (server, log) = start_with_log(&directory.file());
    std::fs::remove_dir_all(&directory.0).unwrap();
    create(&server, "a");
    log.wait_for("cannot write the state file");
    std::thread::sleep(Duration::from_secs(1));

    let ended = server.stop();

    assert_eq!(ended.code, Some(1), "{ended:?}");
    let log = log.rest().join("\n");
    assert!(!log.contains("cannot write the state file"), "{log}");
    assert!(log.contains("access-groups-mock: state file: cannot "), "{log}");
}

#[test]
fn after_an_error_the_file_is_written_again() {
    let directory = TemporaryDirectory::new("recovered");
    let (server, log) = start_with_log(&directory.file());
    std::fs::remove_dir_all(&directory.0).unwrap();
    create(&server, "a");
    log.wait_for("cannot write the state file");
    std::fs::create_dir_all(&directory.0).unwrap();
    log.wait_for("the state file is written again");
    directory.wait_until(|state| count(state) == 1);

    let ended = server.stop();

    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(log.rest(), [""; 0], "each is logged once");
}

#[test]
fn an_invalid_file_is_exit_code_3_and_state_recover_starts_from_the_backup() {
    let directory = TemporaryDirectory::new("backup");
    let server = directory.start();
    create(&server, "a");
    directory.wait_until(|state| count(state) == 1);
    create(&server, "b");
    server.stop();
    let backup = std::fs::read(directory.0.join("state.json.bak")).unwrap();
    let invalid_states = ["", "{", r#"{"legacy":{"access_groups":[{"id":4},{"id":4}]}}"#];
    for content in invalid_states {
        std::fs::write(directory.file(), content).unwrap();
        std::fs::write(directory.0.join("state.json.bak"), &backup).unwrap();

        let ended = run_server(&directory.file(), &[]);
        let unchanged = std::fs::read_to_string(directory.file()).unwrap();
        let recovered = start_with(&directory.file(), &["--state-recover"]);

        assert_eq!(ended.code, Some(3), "{content}: {ended:?}");
        assert!(ended.stderr.ends_with("; start with --state-recover to use it\n"), "{ended:?}");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
        assert_eq!(unchanged, content);
        assert_eq!(names(&recovered), ["a"], "the state before the last save");
        assert_eq!(std::fs::read_to_string(directory.0.join("state.json.invalid")).unwrap(), content);
        assert_eq!(std::fs::read(directory.0.join("state.json.bak")).unwrap(), backup);
        let ended = recovered.stop();
        assert!(ended.stderr.contains("restored the state from the backup"), "{ended:?}");
        assert_eq!(ended.code, Some(0));
    }
}

#[test]
fn a_valid_file_is_not_replaced_by_the_backup() {
    let directory = TemporaryDirectory::new("valid");
    let server = directory.start();
    create(&server, "a");
    server.stop();

    let restarted = start_with(&directory.file(), &["--state-recover"]);

    assert_eq!(names(&restarted), ["a"]);
    assert_eq!(restarted.stop().stderr, "");
}

#[test]
fn without_file_a_backup_is_used_only_with_state_recover() {
    let directory = TemporaryDirectory::new("missing");
    let server = directory.start();
    create(&server, "a");
    directory.wait_until(|state| count(state) == 1);
    create(&server, "b");
    server.stop();
    let backup = std::fs::read(directory.0.join("state.json.bak")).unwrap();
    std::fs::remove_file(directory.file()).unwrap();

    let fresh = directory.start();
    assert_eq!(names(&fresh), [""; 0]);
    let ended = fresh.stop();
    std::fs::remove_file(directory.file()).unwrap();
    std::fs::write(directory.0.join("state.json.bak"), backup).unwrap();
    let recovered = start_with(&directory.file(), &["--state-recover"]);

    assert!(ended.stderr.contains("start with --state-recover"), "{ended:?}");
    assert_eq!(names(&recovered), ["a"]);
}

#[test]
fn without_file_and_backup_state_recover_starts_from_the_seed() {
    let directory = TemporaryDirectory::new("nothing");

    let server = start_with(&directory.file(), &["--state-recover"]);

    assert_eq!(names(&server), [""; 0]);
    assert_eq!(server.stop().stderr, "");
}

#[test]
fn in_both_sync_modes_a_restart_continues_with_the_state() {
    for sync in ["always", "close"] {
        let directory = TemporaryDirectory::new(sync);
        let server = start_with(&directory.file(), &["--state-sync", sync]);
        create(&server, "a");
        directory.wait_until(|state| count(state) == 1);
        create(&server, "b");
        assert_eq!(server.stop().code, Some(0));

        let restarted = start_with(&directory.file(), &["--state-sync", sync]);

        assert_eq!(names(&restarted), ["a", "b"]);
    }
}

/// Returns a command that runs `script` and then the server in its own mount namespace; `None` where the system does
/// not allow that.
fn in_mount_namespace(script: &str, file: &Path) -> Option<Command> {
    let can_mount = Command::new("unshare").args(["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status();
    if !can_mount.is_ok_and(|status| status.success()) {
        return None;
    }
    let server = server_command(&[]);
    let run = format!(r#"{script} && exec "$0" --port 0 --state-file "$1""#);
    let mut command = Command::new("unshare");
    command.args(["-rm", "sh", "-ec", &run]).arg(server.get_program()).arg(file);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    for (name, _) in server.get_envs() {
        command.env_remove(name);
    }
    Some(command)
}

#[test]
fn a_file_that_is_mounted_by_itself_is_exit_code_3_and_a_mounted_folder_works() {
    let directory = TemporaryDirectory::new("mount");
    std::fs::write(directory.0.join("outside.json"), "{}").unwrap();
    std::fs::write(directory.file(), "{}").unwrap();
    let path = directory.0.display();
    let script = format!("mount --bind {path}/outside.json {path}/state.json");
    let Some(mut command) = in_mount_namespace(&script, &directory.file()) else { return };

    let ended = run(&mut command);

    assert_eq!((ended.code, ended.stdout.as_str()), (Some(3), ""), "{ended:?}");
    assert!(ended.stderr.contains("cannot replace the file: "), "{ended:?}");
    assert!(ended.stderr.ends_with("; mount its folder instead\n"), "{ended:?}");
    assert_eq!(std::fs::read_to_string(directory.0.join("outside.json")).unwrap(), "{}");

    std::fs::create_dir(directory.0.join("volume")).unwrap();
    std::fs::create_dir(directory.0.join("data")).unwrap();
    let script = format!("mount --bind {path}/volume {path}/data");
    let file = directory.0.join("data/state.json");
    let server = Server::spawn(&mut in_mount_namespace(&script, &file).unwrap());
    create(&server, "a");
    assert_eq!(server.stop().code, Some(0));
    assert!(directory.0.join("volume/state.json").exists());
}

#[test]
fn on_a_full_disk_the_old_file_remains_and_is_written_when_there_is_space() {
    let directory = TemporaryDirectory::new("full");
    std::fs::create_dir(directory.0.join("disk")).unwrap();
    let script = format!("mount -t tmpfs -o size=256k tmpfs {}/disk", directory.0.display());
    let Some(mut command) = in_mount_namespace(&script, &directory.0.join("disk/state.json")) else { return };
    let (server, log) = Server::spawn_with_log(&mut command);
    let disk = Path::new("/proc").join(server.id().to_string()).join("root");
    let disk = disk.join(directory.0.strip_prefix("/").unwrap()).join("disk");
    let read = || {
        let json = std::fs::read_to_string(disk.join("state.json")).unwrap();
        serde_json::from_str::<serde_json::Value>(&json).unwrap()
    };
    create(&server, "a");
    wait_until(|| count(&read()) == 1);
    // Writing fails when the disk is full.
    let _ = std::fs::write(disk.join("filler"), vec![0; 300_000]);
    let free = || {
        let output = Command::new("stat").args(["-f", "-c", "%a"]).arg(&disk).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().parse::<u64>().unwrap()
    };
    assert_eq!(free(), 0);

    create(&server, "b");
    log.wait_for("cannot write the state file");
    let while_full = read();
    // The server tries again and again, and removes the temporary file each time.
    wait_until(|| {
        let mut files: Vec<_> =
            std::fs::read_dir(&disk).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        files.sort();
        files == ["filler", "state.json", "state.json.bak", "state.json.lock"]
    });
    std::fs::remove_file(disk.join("filler")).unwrap();
    log.wait_for("the state file is written again");
    wait_until(|| count(&read()) == 2);
    let ended = server.stop();

    assert_eq!(count(&while_full), 1);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(log.rest(), [""; 0], "each is logged once");
}
