//! The log: requests on demand, no errors for injected faults, a bounded rate, and readers that do not read.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::process::{Server, server_command};

/// Sends `count` requests over one connection and reads the responses.
fn send_pipelined(server: &Server, target: &str, count: usize) {
    let mut stream = server.connect();
    let request = |end: &str| {
        format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer t\r\n{end}\r\n")
    };
    let requests = request("").repeat(count - 1) + &request("Connection: close\r\n");
    let mut writer = stream.try_clone().unwrap();
    let writing = std::thread::spawn(move || writer.write_all(requests.as_bytes()).unwrap());
    let mut responses = String::new();
    stream.read_to_string(&mut responses).unwrap();
    writing.join().unwrap();
    assert_eq!(responses.matches("HTTP/1.1 ").count(), count);
}

#[test]
fn every_request_is_logged_on_demand() {
    let server = Server::start(&["--log-requests"]);

    server.send("GET /v1/groups?limit=1 HTTP/1.1", "");
    server.send("GET /ns/one/api2/access_groups/1.json HTTP/1.1", "");
    server.send("GET /__admin/health HTTP/1.1", "");
    server.send("GET /v1/groups HTTP/1.1\nX-Mock-Fault: status=503", "");

    let ended = server.stop();
    let lines: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(lines.len(), 4, "{}", ended.stderr);
    for (line, parts) in lines.iter().zip([
        ["authress", "method=GET", "path=\"/v1/groups\"", "status=200"],
        ["legacy", "path=\"/api2/access_groups/1.json\"", "status=404", "namespace=\"one\""],
        ["admin", "path=\"/__admin/health\"", "status=200", "operation=\"admin_get_health\""],
        ["authress", "status=503", "operation=\"authress_get_groups\"", "namespace=\"default\""],
    ]) {
        for part in parts {
            assert!(line.contains(part), "{part}: {line}");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn only_the_first_line_starts_the_thread_of_the_log() {
    let server = Server::start(&["--log-requests"]);
    let has_thread = || {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", server.id())).unwrap();
        let mut names = tasks.map(|task| std::fs::read_to_string(task.unwrap().path().join("comm")));
        names.any(|name| name.is_ok_and(|name| name == "log\n"))
    };

    assert!(!has_thread());
    server.send("GET /v1/groups HTTP/1.1", "");

    // The thread itself sets its name.
    let deadline = Instant::now() + Duration::from_secs(10);
    while !has_thread() {
        assert!(Instant::now() < deadline, "no thread writes the log");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(server.stop().stderr.contains("status=200"));
}

#[test]
fn requests_are_logged_as_json_and_without_other_lines() {
    let mut command = server_command(&["--port", "0", "--log-level", "off", "--log-format", "json"]);
    let server = Server::spawn(command.env("AGM_LOG_REQUESTS", "yes"));

    server.send("GET /nothing HTTP/1.1", "");

    let ended = server.stop();
    let line: Value = serde_json::from_str(&ended.stderr).unwrap();
    assert_eq!(line["fields"]["status"], 404);
    assert_eq!(line["fields"]["path"], "/nothing");
}

#[test]
fn credentials_in_paths_and_reasons_are_not_logged() {
    let server = Server::start(&["--log-level", "info", "--log-requests"]);

    server.send("GET /nothing/token=geheim/x HTTP/1.1", "");
    server.send("GET /v1/groups;apikey=geheim?token=geheim HTTP/1.1", "");
    server.send("POST /api2/access_groups.json HTTP/1.1\nContent-Type: text/plain;token=geheim", "x");

    let ended = server.stop();
    assert_eq!(ended.stderr.matches("[redacted]").count(), 5, "{}", ended.stderr);
    assert!(!ended.stderr.contains("geheim"), "{}", ended.stderr);
}

#[test]
fn an_error_of_a_fault_is_not_an_error_in_the_log() {
    let server = Server::start(&["--log-level", "info"]);

    for fault in ["status=503", "status=500", "commit-then-fail=503", "disconnect"] {
        let mut stream = server.connect();
        let request =
            format!("GET /v1/groups HTTP/1.0\r\nAuthorization: Bearer t\r\nX-Mock-Fault: {fault}\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    }

    assert_eq!(server.stop().stderr, "");
}

#[test]
fn the_rate_of_repeated_lines_is_bounded_and_dropped_ones_are_counted() {
    const REQUESTS: usize = 2_000;
    let server = Server::start(&["--log-level", "info", "--log-format", "json"]);

    send_pipelined(&server, "/nothing", REQUESTS);
    server.send("GET /v2/nothing HTTP/1.1", "");

    let ended = server.stop();
    let lines: Vec<Value> = ended.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let written = lines.iter().filter(|line| line["fields"]["message"] == "request rejected").count();
    let dropped: u64 = lines.iter().filter_map(|line| line["fields"]["lines"].as_u64()).sum();
    assert!(written < REQUESTS / 2, "{written} of {REQUESTS} lines are written");
    assert_eq!(written + usize::try_from(dropped).unwrap(), REQUESTS + 1);
}

#[test]
fn a_log_whose_reader_does_not_read_does_not_stop_the_server() {
    for format in ["text", "json"] {
        let (reader, writer) = std::io::pipe().unwrap();
        let args = ["--port", "0", "--log-requests", "--log-format", format];
        let server = Server::spawn(server_command(&args).stderr(writer));

        // More than the pipe and the queue of the server hold.
        send_pipelined(&server, &format!("/api2/access_groups.json?{}", "x".repeat(500)), 4_000);
        send_pipelined(&server, &format!("/{}", "x".repeat(900)), 4_000);

        assert_eq!(server.send("GET /__admin/health HTTP/1.1", "").status, 200);
        assert_eq!(server.stop().code, Some(0), "{format}");
        drop(reader);
    }
}

#[test]
#[cfg(unix)]
fn exec_keeps_running_when_nobody_reads_its_log() {
    let (_, closed) = std::io::pipe().unwrap();
    let script = "echo $AGM_URL; read line; exit 7";
    let mut command =
        server_command(&["exec", "--log-level", "info", "--log-requests", "--", "sh", "-c", script]);
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::from(closed)).spawn().unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();

    for (path, status) in [("/nothing", "404"), ("/v1/groups", "401"), ("/__admin/health", "200")] {
        let mut stream = TcpStream::connect(url.trim().strip_prefix("http://").unwrap()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(stream, "GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n").unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        assert!(response.starts_with(&format!("HTTP/1.0 {status}")), "{response}");
    }

    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().code(), Some(7));
}
