//! The server behind nginx, which removes a path prefix and has its default buffers.
//!
//! The tests are skipped without nginx, unless `AGM_TEST_NGINX` is set.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::TemporaryFolder;
use super::process::{Response, Server, request};

/// The maximum time for the start of nginx and for an event.
const TIMEOUT: Duration = Duration::from_secs(20);

/// nginx in front of a server: `/mock/` is the root of the server.
struct Proxy {
    child: Child,
    port: u16,
    server: Server,
    _folder: TemporaryFolder,
}

impl Proxy {
    /// Starts nginx and a server with the demo seed; `None` without nginx.
    fn start(name: &str) -> Option<Self> {
        let is_found = Command::new("nginx").arg("-v").stderr(Stdio::null()).status().is_ok();
        if !is_found {
            assert!(std::env::var_os("AGM_TEST_NGINX").is_none(), "nginx is not installed");
            return None;
        }
        let server = Server::start(&["--seed", "seeds/demo.json"]);
        let folder = TemporaryFolder::new(name);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = folder.path().join("nginx.conf");
        std::fs::write(&config, configuration(folder.path().to_str().unwrap(), port, server.port())).unwrap();
        let mut command = Command::new("nginx");
        command.arg("-c").arg(&config).arg("-p").arg(folder.path());
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let proxy = Self { child, port, server, _folder: folder };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < TIMEOUT, "nginx does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
        Some(proxy)
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/mock", self.port)
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        stream
    }

    /// Sends a request for a URL of the proxy.
    #[track_caller]
    fn send(&self, method: &str, url: &str, body: &str) -> Response {
        let origin = format!("http://127.0.0.1:{}", self.port);
        let target = url.strip_prefix(&origin).unwrap_or_else(|| panic!("{url} is not of the proxy"));
        let head = format!(
            "{method} {target} HTTP/1.1\nHost: 127.0.0.1:{}\nContent-Type: application/json",
            self.port
        );
        let mut stream = self.connect();
        stream.write_all(&request(&head, body)).unwrap();
        Response::read(&mut stream)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns a configuration that writes only below `folder`.
fn configuration(folder: &str, port: u16, upstream: u16) -> String {
    let paths: Vec<String> = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {folder}/{kind};"))
        .into();
    format!(
        "daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
        events {{}}
        http {{
            access_log off; {paths}
            server {{
                listen 127.0.0.1:{port};
                location /mock/ {{
                    proxy_pass http://127.0.0.1:{upstream}/;
                    proxy_set_header Host $http_host;
                    proxy_set_header X-Forwarded-Prefix /mock;
                }}
            }}
        }}",
        paths = paths.join(" ")
    )
}

#[test]
fn every_page_and_location_is_found_behind_a_prefix() {
    let Some(proxy) = Proxy::start("pages") else { return };
    for prefix in ["", "/ns/behind"] {
        let mut names = Vec::new();
        let mut next = format!("{}{prefix}/v1/groups?limit=1", proxy.url());
        while !next.is_empty() {
            let response = proxy.send("GET", &next, "");
            assert_eq!(response.status, 200, "{next}: {}", response.body);
            let page: Value = serde_json::from_str(&response.body).unwrap();
            names.push(page["groups"][0]["name"].as_str().unwrap().to_owned());
            next = page["links"]["next"]["href"].as_str().unwrap_or_default().to_owned();
        }
        assert!(names.len() > 2, "{names:?}");

        let list = format!("{}{prefix}/api2/access_groups.json", proxy.url());
        let created = proxy.send("POST", &list, r#"{"entry":{"name":"behind"}}"#);
        let location = created.header("location").unwrap();
        let found = proxy.send("GET", location, "");
        assert_eq!((created.status, found.status), (201, 200), "{location}");
        assert!(found.body.contains("\"behind\""), "{}", found.body);
    }
}

#[test]
fn an_event_of_the_live_stream_is_not_held_back() {
    let Some(proxy) = Proxy::start("stream") else { return };
    let mut stream = proxy.connect();
    let head =
        format!("GET /mock/__admin/requests/stream HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", proxy.port);
    stream.write_all(head.as_bytes()).unwrap();
    let mut lines = BufReader::new(stream).lines().map(|line| line.expect("a line arrives in time"));
    assert!(lines.any(|line| line == ": connected"));

    assert_eq!(proxy.server.send("GET /v1/groups HTTP/1.1", "").status, 200);

    assert!(lines.any(|line| line.contains("authress_get_groups")));
}
