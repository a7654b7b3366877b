//! The server keeps running when its standard output and error cannot be written.

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::process::Stdio;

use super::process::{Server, server_command};

/// The log formats.
const FORMATS: [&str; 2] = ["text", "json"];

/// Returns a pipe that nobody reads.
fn closed_pipe() -> Stdio {
    let (_, writer) = std::io::pipe().unwrap();
    writer.into()
}

/// Returns a device that has no space left.
fn full_device() -> Stdio {
    OpenOptions::new().write(true).open("/dev/full").unwrap().into()
}

/// Makes requests that are logged, and fails unless the server handles the next one and stops with exit code 0.
#[track_caller]
fn assert_keeps_running(server: Server) {
    for _ in 0..3 {
        assert_eq!(server.send("GET /api2/access_groups/1.json HTTP/1.1", "").status, 404);
    }

    assert_eq!(server.send("GET /api2/access_groups.json HTTP/1.1", "").status, 200);
    assert_eq!(server.stop().code, Some(0));
}

#[test]
fn a_log_without_a_reader_does_not_end_the_server() {
    for format in FORMATS {
        let args = ["--port", "0", "--log-level", "info", "--log-format", format];
        let server = Server::spawn(server_command(&args).stderr(closed_pipe()));

        assert_keeps_running(server);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_log_on_a_full_device_does_not_end_the_server() {
    for format in FORMATS {
        let args = ["--port", "0", "--log-level", "info", "--log-format", format];
        let server = Server::spawn(server_command(&args).stderr(full_device()));

        assert_keeps_running(server);
    }
}

#[test]
fn a_ready_line_without_a_reader_does_not_end_the_server() {
    let server = Server::spawn_without_ready_line("closed", closed_pipe(), Stdio::piped());

    assert_keeps_running(server);
}

#[test]
#[cfg(target_os = "linux")]
fn a_ready_line_on_a_full_device_does_not_end_the_server() {
    let server = Server::spawn_without_ready_line("full", full_device(), full_device());

    assert_keeps_running(server);
}

#[test]
fn a_ready_line_that_cannot_be_written_is_logged() {
    let server = Server::spawn_without_ready_line("logged", closed_pipe(), Stdio::piped());

    let ended = server.stop();

    assert_eq!(ended.code, Some(0));
    assert!(ended.stderr.contains("cannot write the ready line"), "{}", ended.stderr);
}

/// The variable that makes [`a_fixture_without_a_reader_of_its_log_keeps_running`] run its server.
const IS_CHILD: &str = "AGM_TEST_IS_CHILD";

#[test]
fn a_fixture_without_a_reader_of_its_log_keeps_running() {
    if std::env::var_os(IS_CHILD).is_none() {
        let name = "cli::streams::a_fixture_without_a_reader_of_its_log_keeps_running";
        let mut test = std::process::Command::new(std::env::current_exe().unwrap());
        let test = test.args(["--exact", name, "--nocapture"]).env(IS_CHILD, "").stderr(closed_pipe());
        let output = test.output().unwrap();
        assert!(output.status.success(), "{:?}: {}", output.status, String::from_utf8_lossy(&output.stdout));
        return;
    }
    // With this subscriber, a log line that cannot be written panics.
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let mock = access_groups_mock::MockServer::start();
    let status = |path: &str| {
        let mut stream = std::net::TcpStream::connect(mock.address()).unwrap();
        write!(stream, "GET {path} HTTP/1.0\r\nAuthorization: Bearer t\r\n\r\n").unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response[9..12].to_owned()
    };
    for _ in 0..3 {
        assert!(["404", "500"].contains(&status("/api2/access_groups/1.json").as_str()));
    }
    assert_eq!(status("/v1/groups"), "200");
}
