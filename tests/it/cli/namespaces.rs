//! Log lines about namespaces, and flags of namespaces and the admin API.

use std::time::Duration;

use super::process::{Server, server_command};

fn use_namespace(server: &Server, name: &str) {
    let used = server.send(&format!("GET /ns/{name}/api2/access_groups.json HTTP/1.1"), "");
    assert_eq!(used.status, 200);
    // Namespaces that were used in the same millisecond would be equally idle.
    std::thread::sleep(Duration::from_millis(3));
}

#[test]
fn an_eviction_above_the_maximum_is_logged() {
    let server = Server::start(&["--max-namespaces", "2", "--log-format", "json"]);
    for name in ["one", "two", "one", "three"] {
        use_namespace(&server, name);
    }

    let log = server.stop().stderr;

    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len(), 1, "{log}");
    assert!(lines[0].contains("evicted the longest idle namespace") && lines[0].contains("\"two\""), "{log}");
    assert!(lines[0].contains("\"limit\":2"), "{log}");
}

#[test]
fn an_eviction_after_the_idle_time_is_logged() {
    let server = Server::start(&["--namespace-idle", "20ms", "--log-level", "info", "--log-format", "json"]);
    use_namespace(&server, "one");
    std::thread::sleep(Duration::from_millis(60));
    use_namespace(&server, "two");

    let log = server.stop().stderr;

    assert!(log.contains("evicted a namespace that was idle for more than 20ms"), "{log}");
    assert!(log.contains("\"one\"") && !log.contains("\"two\""), "{log}");
}

#[test]
fn deterministic_runs_of_the_process_return_identical_responses() {
    let run = || {
        let server = Server::start(&["--deterministic=7"]);
        let head = "POST /v2/groups?account_id=a HTTP/1.1\nContent-Type: application/json\nHost: mock.test";
        let created = server.send(head, r#"{"name":"g"}"#);
        (
            created.body.clone(),
            created.header("etag").unwrap().to_owned(),
            created.header("transaction-id").unwrap().to_owned(),
        )
    };

    let (first, second) = (run(), run());

    assert_eq!(first, second);
    assert!(first.0.contains("2026-01-01T00:00:0"), "{}", first.0);
}

#[test]
fn an_empty_variable_is_not_an_admin_token() {
    let server = Server::spawn(server_command(&["--port", "0"]).env("AGM_ADMIN_TOKEN", ""));
    let on_network =
        Server::spawn(server_command(&["--port", "0", "--host", "0.0.0.0"]).env("AGM_ADMIN_TOKEN", ""));

    assert_eq!(server.send("GET /__admin/clock HTTP/1.1", "").status, 200);
    let empty = on_network.send("GET /__admin/clock HTTP/1.1\nX-Mock-Admin-Token:", "");
    assert_eq!(empty.status, 401, "a server on a network address requires a non-empty token");
    let warning = "the admin token is empty, so that /__admin requires none";
    assert_eq!(server.stop().stderr.matches(warning).count(), 1);
}

#[test]
fn the_flags_of_the_admin_api_take_effect() {
    let token = Server::start(&["--admin-token", "s3cret"]);
    let closed = Server::start(&["--no-admin"]);
    let on_network = Server::start(&["--host", "0.0.0.0"]);
    let status = |server: &Server, head: &str| server.send(head, "").status;

    assert_eq!(status(&token, "GET /__admin/clock HTTP/1.1"), 401);
    assert_eq!(status(&token, "GET /__admin/clock HTTP/1.1\nX-Mock-Admin-Token: s3cret"), 200);
    assert_eq!(status(&closed, "GET /__admin/health HTTP/1.1"), 404);
    assert_eq!(status(&on_network, "GET /__admin/health HTTP/1.1"), 200);
    assert_eq!(status(&on_network, "GET /__admin/clock HTTP/1.1"), 401);
    assert_eq!(status(&on_network, "GET /v1/groups HTTP/1.1"), 200);
}
