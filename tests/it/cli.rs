//! The built binary: arguments, environment variables, ready line, exit codes and logs.

mod commands;
mod connections;
mod fallback_servers;
mod faults;
#[cfg(target_os = "linux")]
mod http2_memory;
mod logs;
mod long_calls;
#[cfg(target_os = "linux")]
mod memory;
mod namespaces;
mod process;
mod reverse_proxy;
mod signals;
mod state_file;
mod state_file_safety;
mod streams;
mod traffic;
mod variables;
mod watch;
mod yaml_files;

use std::net::TcpListener;
use std::path::PathBuf;

use serde_json::{Value, json};

use process::{Server, run, server_command};

/// Each flag with its environment variable and an invalid value.
const FLAGS: [(&str, &str, &str); 49] = [
    ("--host", "AGM_HOST", "nowhere"),
    ("--port", "AGM_PORT", "70000"),
    ("--dialects", "AGM_DIALECTS", "ldap"),
    ("--auth", "AGM_AUTH", "maybe"),
    ("--fidelity", "AGM_FIDELITY", "real"),
    ("--public-url", "AGM_PUBLIC_URL", "mock.test"),
    ("--body-limit", "AGM_BODY_LIMIT", "-1"),
    ("--request-timeout", "AGM_REQUEST_TIMEOUT", "0"),
    ("--cloudflare-is-default", "AGM_CLOUDFLARE_IS_DEFAULT", "yes"),
    ("--cloudflare-scope", "AGM_CLOUDFLARE_SCOPE", "list"),
    ("--cloudflare-rules", "AGM_CLOUDFLARE_RULES", "some"),
    ("--seed-format", "AGM_SEED_FORMAT", "toml"),
    ("--watch", "AGM_WATCH", "maybe"),
    ("--log-level", "AGM_LOG_LEVEL", "=loud="),
    ("--log-format", "AGM_LOG_FORMAT", "xml"),
    ("--log-requests", "AGM_LOG_REQUESTS", "maybe"),
    ("--journal-entries", "AGM_JOURNAL_ENTRIES", "-1"),
    ("--journal-body-bytes", "AGM_JOURNAL_BODY_BYTES", "much"),
    ("--journal-bytes", "AGM_JOURNAL_BYTES", "1.5"),
    ("--journal-total-bytes", "AGM_JOURNAL_TOTAL_BYTES", "all"),
    ("--journal-secrets", "AGM_JOURNAL_SECRETS", "maybe"),
    ("--rate-limit", "AGM_RATE_LIMIT", "ibm=0/1m"),
    ("--deterministic", "AGM_DETERMINISTIC", "dice"),
    ("--clock", "AGM_CLOCK", "frozen/1s"),
    ("--max-namespaces", "AGM_MAX_NAMESPACES", "-1"),
    ("--namespace-idle", "AGM_NAMESPACE_IDLE", "long"),
    ("--admin-token-file", "AGM_ADMIN_TOKEN_FILE", "/nowhere/token"),
    ("--explain", "AGM_EXPLAIN", "maybe"),
    ("--no-admin", "AGM_NO_ADMIN", "maybe"),
    ("--ibm-assignment-time", "AGM_IBM_ASSIGNMENT_TIME", "soon"),
    ("--exit-with-parent", "AGM_EXIT_WITH_PARENT", "maybe"),
    ("--reuse", "AGM_REUSE", "maybe"),
    ("--fallback", "AGM_FALLBACK", "127.0.0.1:4020"),
    ("--fallback-remote", "AGM_FALLBACK_REMOTE", "maybe"),
    ("--fallback-credentials", "AGM_FALLBACK_CREDENTIALS", "maybe"),
    ("--state-sync", "AGM_STATE_SYNC", "maybe"),
    ("--state-recover", "AGM_STATE_RECOVER", "maybe"),
    ("--tls", "AGM_TLS", "maybe"),
    // These accept any string.
    ("--port-file", "AGM_PORT_FILE", ""),
    ("--tls-name", "AGM_TLS_NAME", ""),
    ("--tls-dir", "AGM_TLS_DIR", ""),
    ("--tls-cert", "AGM_TLS_CERT", ""),
    ("--tls-key", "AGM_TLS_KEY", ""),
    ("--faults", "AGM_FAULTS", ""),
    ("--state-file", "AGM_STATE_FILE", ""),
    ("--admin-token", "AGM_ADMIN_TOKEN", ""),
    ("--seed", "AGM_SEED", ""),
    ("--allow-host", "AGM_ALLOW_HOST", ""),
    ("--cors", "AGM_CORS", ""),
];

/// A temporary file that is removed on drop.
struct TemporaryFile(PathBuf);

impl TemporaryFile {
    fn new(name: &str, content: &str) -> Self {
        let path = std::env::temp_dir().join(format!("agm-{}-{name}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        Self(path)
    }

    fn open(&self) -> std::fs::File {
        std::fs::File::open(&self.0).unwrap()
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A folder that is removed when this is dropped.
struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("agm-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self) -> &std::path::Path {
        &self.0
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_ready_line_is_json_without_a_terminal() {
    let server = Server::start(&[]);

    let port = server.port();
    assert_ne!(port, 0);
    let url = format!("http://127.0.0.1:{port}");
    assert_eq!(server.ready, json!({"event": "ready", "url": url, "port": port, "pid": server.id()}));
    assert_eq!(server.send("GET /__admin/health HTTP/1.1", "").status, 200);
}

#[test]
fn a_generated_admin_token_is_in_the_ready_line_and_for_the_command_of_exec() {
    let server = Server::start(&["--admin-token", "auto"]);
    let token = server.ready["admin_token"].as_str().unwrap().to_owned();
    let other = Server::start(&["--admin-token", "auto"]);

    assert!(token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{token}");
    assert_ne!(other.ready["admin_token"], token);
    let state = "GET /__admin/state HTTP/1.1";
    assert_eq!(server.send(state, "").status, 401);
    assert_eq!(server.send(&format!("{state}\nX-Mock-Admin-Token: {token}"), "").status, 200);
    assert_eq!(server.send(&format!("{state}\nX-Mock-Admin-Token: auto"), "").status, 401);
    let exec = ["exec", "--admin-token", "auto", "--", "sh", "-c", "printf '%s' \"$AGM_ADMIN_TOKEN\""];
    let printed = run(&mut server_command(&exec)).stdout;
    assert!(printed.len() == 32 && printed != token, "{printed}");
}

#[test]
#[cfg(all(target_os = "linux", feature = "console"))]
fn a_terminal_shows_the_url_of_the_console_with_the_generated_token() {
    let line = |options: &str| {
        // `script` runs a command in a terminal of its own.
        let program = env!("CARGO_BIN_EXE_access-groups-mock");
        let command = format!("timeout 3 {program} --port 0 {options}");
        let mut terminal = std::process::Command::new("script");
        terminal
            .args(["-qec", &command, "/dev/null"])
            .stdin(std::process::Stdio::null())
            .env("AGM_LOG_LEVEL", "off");
        String::from_utf8(terminal.output().unwrap().stdout).unwrap().replace('\r', "")
    };

    let (plain, with_token, without_admin) = (line(""), line("--admin-token auto"), line("--no-admin"));

    let console = plain.lines().nth(1).unwrap();
    assert!(
        console.starts_with("console: http://127.0.0.1:") && console.ends_with("/__admin/ui/"),
        "{plain}"
    );
    let (_, token) = with_token.lines().nth(1).unwrap().split_once("/__admin/ui/#token=").unwrap();
    assert_eq!(token.len(), 32, "{with_token}");
    assert_eq!(without_admin.lines().count(), 1, "{without_admin}");
}

#[test]
fn the_url_of_an_ipv6_address_has_brackets() {
    if TcpListener::bind("[::1]:0").is_err() {
        return; // IPv6 is not available.
    }
    let server = Server::start(&["--host", "::1"]);

    assert_eq!(server.ready["url"], format!("http://[::1]:{}", server.port()));
}

#[test]
fn only_the_ready_line_is_written_by_default() {
    let server = Server::start(&[]);

    server.send("GET /api2/access_groups/1.json HTTP/1.1", "");
    server.send("GET /nothing HTTP/1.1", "");

    let ended = server.stop();
    assert_eq!(ended.code, Some(0));
    assert_eq!(ended.stdout, "");
    assert_eq!(ended.stderr, "");
}

#[test]
fn help_lists_every_flag_with_its_variable_and_the_exit_codes() {
    let ended = run(&mut server_command(&["--help"]));

    assert_eq!(ended.code, Some(0));
    for (flag, variable, _) in FLAGS {
        assert!(ended.stdout.contains(&format!("      {flag}")), "{flag} is missing: {}", ended.stdout);
        assert!(ended.stdout.contains(&format!("[env: {variable}")), "{variable} is missing");
    }
    let flags = ended.stdout.lines().filter(|line| line.trim_start().starts_with("--")).count();
    assert_eq!(flags, FLAGS.len(), "a flag is missing in `FLAGS`: {}", ended.stdout);
    assert!(ended.stdout.contains("Exit codes: 0 stopped by a signal, 1 failed, 2 invalid arguments"));
    assert_eq!(ended.stderr, "");
}

#[test]
fn version_prints_the_version() {
    let ended = run(&mut server_command(&["--version"]));

    assert_eq!(ended.code, Some(0));
    assert_eq!(ended.stdout, format!("access-groups-mock {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn an_invalid_value_of_a_flag_or_variable_is_exit_code_2() {
    for (flag, variable, invalid) in FLAGS.into_iter().filter(|(_, _, invalid)| !invalid.is_empty()) {
        let by_flag = run(&mut server_command(&[&format!("{flag}={invalid}")]));
        let by_variable = run(server_command(&[]).env(variable, invalid));
        for ended in [by_flag, by_variable] {
            assert_eq!(ended.code, Some(2), "{flag}: {ended:?}");
            assert!(ended.stderr.contains(flag) && ended.stderr.contains(invalid), "{flag}: {ended:?}");
            assert_eq!(ended.stdout, "");
        }
    }
}

#[test]
fn an_unknown_argument_is_exit_code_2() {
    for unknown in ["--prot=1", "server"] {
        let ended = run(&mut server_command(&[unknown]));
        assert_eq!(ended.code, Some(2));
        assert!(ended.stderr.contains(unknown.split('=').next().unwrap()), "{ended:?}");
        assert_eq!(ended.stdout, "");
    }
}

#[test]
fn flags_have_precedence_over_variables() {
    let seed = TemporaryFile::new("variables.json", r#"{"legacy":{"access_groups":[{"id":4,"name":"a"}]}}"#);
    let server = Server::spawn(
        server_command(&["--public-url", "https://flag.test"])
            .env("AGM_HOST", "127.0.0.1")
            .env("AGM_PORT", "0")
            .env("AGM_SEED", seed.path())
            .env("AGM_AUTH", "off")
            .env("AGM_PUBLIC_URL", "https://variable.test")
            .env("AGM_BODY_LIMIT", "100")
            .env("AGM_REQUEST_TIMEOUT", "5")
            .env("AGM_ALLOW_HOST", "one.test,two.test")
            .env("AGM_CORS", "*")
            .env("AGM_CLOUDFLARE_IS_DEFAULT", "omit")
            .env("AGM_CLOUDFLARE_SCOPE", "array")
            .env("AGM_CLOUDFLARE_RULES", "strict")
            .env("AGM_LOG_LEVEL", "info")
            .env("AGM_LOG_FORMAT", "json"),
    );

    let anonymous = server.send("GET /api2/access_groups/4.json HTTP/1.1\nAuthorization: none", "");
    let head = "POST /api2/access_groups.json HTTP/1.1\nContent-Type: application/json";
    let created = server.send(head, r#"{"entry":{}}"#);
    let too_large = server.send(head, &" ".repeat(101));
    let allowed = server.send("GET /__admin/health HTTP/1.1\nHost: two.test\nOrigin: http://a.test", "");

    assert_eq!(anonymous.status, 200);
    assert_eq!(created.header("location"), Some("https://flag.test/api2/access_groups/5.json"));
    assert_eq!(too_large.status, 413);
    assert_eq!(allowed.status, 200);
    assert_eq!(allowed.header("access-control-allow-origin"), Some("*"));
    assert!(server.stop().stderr.starts_with('{'));
}

#[test]
fn a_port_in_use_is_exit_code_4_with_one_error_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();

    let ended = run(&mut server_command(&["--port", &address.port().to_string()]));

    assert_eq!(ended.code, Some(4));
    assert_eq!(ended.stdout, "");
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    let start = format!("access-groups-mock: cannot listen on {address}: ");
    assert!(ended.stderr.starts_with(&start), "{}", ended.stderr);
}

#[test]
fn an_invalid_seed_is_exit_code_3_with_file_json_path_and_reason() {
    for (content, message) in [
        (
            r#"{"legacy":{"access_groups":[{"id":4},{"id":4}]}}"#,
            "legacy.access_groups[1].id: 4 is already used by an earlier access group",
        ),
        (
            r#"{"legacy":{"access_groups":[{"customers":[{"authentication":256}]}]}}"#,
            "legacy.access_groups[0].customers[0].authentication: The value 256 cannot be converted to type 'System.Byte'.",
        ),
        (
            r#"{"legacy":{"access_group":[]}}"#,
            "legacy.access_group: unknown field `access_group`, expected `access_groups` or `$state` at line 1 column 25",
        ),
        (
            r#"{"credentials":[{"dialect":"ibm","secret":7}]}"#,
            "credentials[0].secret: invalid type: integer `7`, expected a string at line 1 column 43",
        ),
        (r#"{"version":2}"#, "version: must be 1, not 2"),
        ("{\"legacy\":\n{]}", "legacy: key must be a string at line 2 column 2"),
        ("", "EOF while parsing a value at line 1 column 0"),
        ("{} {}", "trailing characters at line 1 column 4"),
    ] {
        let seed = TemporaryFile::new("wrong-seed.json", content);
        let ended = run(&mut server_command(&["--port", "0", "--seed", seed.path()]));
        assert_eq!(ended.code, Some(3), "{content}");
        assert_eq!(ended.stderr, format!("access-groups-mock: {}: {message}\n", seed.path()), "{content}");
        assert_eq!(ended.stdout, "");
    }
}

#[test]
fn a_seed_file_that_cannot_be_read_is_exit_code_3() {
    let ended = run(&mut server_command(&["--port", "0", "--seed", "no/such/seed.json"]));

    assert_eq!(ended.code, Some(3));
    let start = "access-groups-mock: no/such/seed.json: ";
    assert!(ended.stderr.starts_with(start), "{}", ended.stderr);
    assert_eq!(ended.stderr.lines().count(), 1);
}

#[test]
fn a_dash_reads_the_seed_from_standard_input() {
    let seed = TemporaryFile::new("stdin.json", r#"{"legacy":{"access_groups":[{"id":4,"name":"piped"}]}}"#);
    let server = Server::spawn(server_command(&["--port", "0", "--seed", "-"]).stdin(seed.open()));

    let entry = server.send("GET /api2/access_groups/4.json HTTP/1.1", "").json();

    assert_eq!(entry["entry"]["name"], "piped");
}

#[test]
fn an_invalid_seed_on_standard_input_is_reported_as_standard_input() {
    let seed = TemporaryFile::new("wrong-stdin.json", "[]");

    let ended = run(server_command(&["--port", "0", "--seed", "-"]).stdin(seed.open()));

    assert_eq!(ended.code, Some(3));
    assert_eq!(ended.stderr, "access-groups-mock: standard input: must be a JSON object\n");
}

#[test]
fn invalid_settings_are_exit_code_2() {
    for args in [
        ["--log-level", "waning"],
        ["--cors", "not an origin"],
        ["--cors", "http://app.test/path"],
        ["--public-url", "https://x.test/a\"b"],
        ["--public-url", "ftp://x.test"],
        ["--host", "somewhere"],
    ] {
        let ended = run(&mut server_command(&args));

        assert_eq!(ended.code, Some(2), "{args:?}");
        assert!(ended.stderr.contains(args[0]), "{}", ended.stderr);
    }
}

#[test]
fn the_host_may_be_localhost() {
    let server = Server::start(&["--host", "localhost"]);

    assert_eq!(server.send("GET /__admin/health HTTP/1.1", "").status, 200);
}

#[test]
fn a_seed_with_unknown_or_duplicate_fields_is_exit_code_3() {
    for (seed, expected) in [
        (
            r#"{"legacy":{"access_groups":[{"naem":"x"}]}}"#,
            "legacy.access_groups[0].naem: is not a field of this object",
        ),
        (
            r#"{"legacy":{"access_groups":[{"customers":[{"emial":"x"}]}]}}"#,
            "legacy.access_groups[0].customers[0].emial: is not a field of this object",
        ),
        (r#"{"cloudflare":{"accounts":{"a":{},"a":{}}}}"#, "cloudflare.accounts"),
        (
            r#"{"cloudflare":{"accounts":{"a":{"access_groups":[{"id":"x","uid":"y","name":"n"}]}}}}"#,
            "uid: must be the same as `id`",
        ),
        (
            r#"{"credentials":[{"dialect":"legacy","secret":"t","account":"a"}]}"#,
            "credentials[0].account: is not supported",
        ),
        (
            r#"{"credentials":[{"dialect":"ibm","secret":"t"},{"dialect":"ibm","secret":"t","role":"viewer"}]}"#,
            "credentials[1].secret: duplicates an earlier credential",
        ),
    ] {
        let file = TemporaryFile::new("invalid.json", seed);

        let ended = run(server_command(&["--port", "0", "--seed", "-"]).stdin(file.open()));

        assert_eq!(ended.code, Some(3), "{seed}");
        assert!(ended.stderr.contains(expected), "{}", ended.stderr);
    }
}

#[test]
fn the_demo_seed_is_valid() {
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/demo.json");
    let server = Server::start(&["--seed", demo]);

    assert_eq!(server.send("GET /api2/access_groups/4.json HTTP/1.1", "").status, 200);
}

#[test]
fn the_log_is_written_to_standard_error_with_one_json_object_per_line() {
    let server = Server::start(&["--log-level", "info", "--log-format", "json"]);

    server.send("GET /api2/access_groups/1.json HTTP/1.1", "");
    server.send("GET /nothing HTTP/1.1", "");

    let ended = server.stop();
    assert_eq!(ended.stdout, "");
    let lines: Vec<Value> = ended.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2, "{}", ended.stderr);
    assert_eq!(lines[0]["level"], "INFO");
    assert_eq!(
        lines[0]["fields"],
        json!({
            "message": "request rejected", "dialect": "legacy", "method": "GET", "path": "/api2/access_groups/1.json",
            "status": 404, "reason": "No access group with the id 1 was found."
        })
    );
    assert_eq!(lines[1]["fields"]["dialect"], "admin");
}

#[test]
fn the_log_is_text_without_colors_without_a_terminal() {
    let server = Server::start(&["--log-level", "info"]);

    server.send("GET /nothing HTTP/1.1", "");

    let ended = server.stop();
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    assert!(
        ended.stderr.contains(" INFO ") && ended.stderr.contains("path=\"/nothing\""),
        "{}",
        ended.stderr
    );
    assert!(!ended.stderr.contains('\u{1b}'));
}
