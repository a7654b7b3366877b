//! The subcommands `exec`, `env`, `check-seed`, `healthcheck` and `completions`, and the flags with which other
//! programs find and stop a server.

use std::io::Write;
use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::process::{ProcessOutput, Server, run, server_command};
use super::{TemporaryFile, TemporaryFolder};

/// Runs `script` under `exec` with `args`.
#[track_caller]
fn exec(args: &[&str], script: &str) -> ProcessOutput {
    run(server_command(&["exec"]).args(args).args(["--", "sh", "-c", script]))
}

#[test]
fn exec_runs_the_server_during_the_command_and_exits_with_its_code() {
    let ended = exec(&["--auth", "off"], "echo $AGM_URL $CLOUDFLARE_BASE_URL $IAM_ACCESS_GROUPS_URL; exit 7");

    let (url, rest) = ended.stdout.trim().split_once(' ').unwrap();
    assert_eq!(rest, format!("{url}/client/v4 {url}"));
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(7), ""));
    assert!(
        TcpStream::connect(url.strip_prefix("http://").unwrap()).is_err(),
        "the server still accepts connections"
    );
}

#[test]
fn exec_starts_the_command_when_the_server_is_ready() {
    let binary = env!("CARGO_BIN_EXE_access-groups-mock");

    let ended = exec(&[], &format!("{binary} healthcheck --url $AGM_URL"));

    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
}

#[test]
fn exec_uses_the_exit_codes_of_a_shell_for_a_killed_or_missing_command() {
    let killed = exec(&[], "kill -KILL $$");
    let missing = run(&mut server_command(&["exec", "--", "/nothing/here"]));
    let nothing = run(&mut server_command(&["exec"]));

    assert_eq!(killed.code, Some(128 + 9));
    assert_eq!(missing.code, Some(127));
    assert!(missing.stderr.contains("/nothing/here"), "{}", missing.stderr);
    assert_eq!(nothing.code, Some(2));
}

#[test]
fn exec_forwards_signals_to_its_command() {
    let marker = TemporaryFile::new("exec-signal", "");
    let script = format!(
        "trap 'echo caught > {0}; exit 5' TERM; echo ready > {0}; while :; do sleep 0.05; done",
        marker.path()
    );
    let mut child = server_command(&["exec", "--", "sh", "-c", &script]).spawn().unwrap();
    let content = || std::fs::read_to_string(marker.path()).unwrap();
    wait_until(|| content() == "ready\n");

    let sent = std::process::Command::new("kill").arg("-TERM").arg(child.id().to_string()).status().unwrap();
    let status = child.wait().unwrap();

    assert!(sent.success());
    assert_eq!(status.code(), Some(5));
    assert_eq!(content(), "caught\n");
}

/// The variables and files that would lead clients to another server or credential.
fn hostile(args: &[&str], script: &str, home: &std::path::Path) -> ProcessOutput {
    std::fs::write(home.join("ibm-credentials.env"), "IAM_ACCESS_GROUPS_URL=http://127.0.0.1:9\n").unwrap();
    let mut command = server_command(&["exec"]);
    command.args(args).args(["--", "sh", "-c", script]).current_dir(home).env("HOME", home);
    for name in [
        "CLOUDFLARE_EMAIL",
        "CLOUDFLARE_API_KEY",
        "CLOUDFLARE_API_USER_SERVICE_KEY",
        "CF_API_EMAIL",
        "IC_IAM_TOKEN",
        "IBMCLOUD_IAM_PROFILE_ID",
        "IC_VISIBILITY",
        "IBMCLOUD_ENDPOINTS_FILE_PATH",
        "IBMID",
        "IBMID_PASSWORD",
    ] {
        command.env(name, "elsewhere");
    }
    command.env("IBM_CREDENTIALS_FILE", home.join("ibm-credentials.env"));
    command
        .env("IAM_ACCESS_GROUPS_URL", "http://127.0.0.1:9")
        .env("CLOUDFLARE_BASE_URL", "http://127.0.0.1:9");
    command.env("NO_PROXY", "corp.example,localhost").env_remove("no_proxy");
    command.env("SSL_CERT_FILE", "/nothing").env("JAVA_TOOL_OPTIONS", "-Xmx64m");
    run(&mut command)
}

#[test]
fn exec_removes_what_leads_clients_elsewhere() {
    let home = TemporaryFolder::new("exec-hostile");

    let ended = hostile(
        &[],
        "env; echo; cat $IBM_CREDENTIALS_FILE; ls -ld $(dirname $IBM_CREDENTIALS_FILE)",
        home.path(),
    );

    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let value = |name: &str| ended.stdout.lines().find_map(|line| line.strip_prefix(&format!("{name}=")));
    let url = value("AGM_URL").unwrap();
    assert_eq!(ended.stdout.matches("elsewhere").count(), 0, "{}", ended.stdout);
    assert_eq!(value("NO_PROXY"), Some("corp.example,localhost,127.0.0.1,::1"));
    // Clients that read the unset spelling first would otherwise no longer see the hosts.
    assert_eq!(value("no_proxy"), Some("corp.example,localhost,127.0.0.1,::1"));
    let file = ended.stdout.split_once("\n\n").unwrap().1;
    for service in
        ["IAM_ACCESS_GROUPS", "IAM_IDENTITY", "IAM_POLICY_MANAGEMENT", "USER_MANAGEMENT", "RESOURCE_MANAGER"]
    {
        assert!(file.contains(&format!("{service}_URL={url}\n{service}_AUTH_TYPE=iam\n")), "{file}");
    }
    assert!(file.contains(&format!("ENTERPRISE_MANAGEMENT_URL={url}/v1\n")), "{file}");
    for name in ["IAM", "IAMPAP", "RESOURCE_MANAGEMENT", "ACCOUNT_MANAGEMENT"] {
        assert_eq!(value(&format!("IBMCLOUD_{name}_API_ENDPOINT")), Some(url));
    }
    assert_eq!(value("IBMCLOUD_ENTERPRISE_API_ENDPOINT"), Some(format!("{url}/v1").as_str()));
    assert_eq!(value("CLOUDFLARE_API_BASE_URL"), Some(format!("{url}/client/v4").as_str()));
    assert!(file.contains("drwx------"), "{file}");
    let path = value("IBM_CREDENTIALS_FILE").unwrap();
    assert!(!std::path::Path::new(path).exists(), "{path} is still there");
}

#[cfg(feature = "tls")]
#[test]
fn exec_exports_the_authority_in_the_formats_of_the_clients() {
    let home = TemporaryFolder::new("exec-authority");
    let script = "echo $AGM_TLS_URL; for file in $AGM_CA_FILE $SSL_CERT_FILE $REQUESTS_CA_BUNDLE $CURL_CA_BUNDLE \
                  $NODE_EXTRA_CA_CERTS; do grep -c BEGIN $file; done; \
                  echo $JAVA_TOOL_OPTIONS; head -c 8 $(dirname $AGM_CA_FILE)/trust-store.jks | od -An -tx1";

    let ended = hostile(&["--tls"], script, home.path());

    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert!(lines[0].starts_with("https://127.0.0.1:"), "{ended:?}");
    assert_eq!(lines[1], "1");
    let counts: Vec<usize> = lines[2..6].iter().map(|line| line.parse().unwrap()).collect();
    assert!(counts.iter().all(|count| *count >= 1), "{counts:?}");
    assert!(lines[6].starts_with("-Xmx64m -Djavax.net.ssl.trustStore="), "{}", lines[6]);
    assert_eq!(lines[7].trim(), "fe ed fe ed 00 00 00 02");
}

#[test]
#[cfg(unix)]
fn exec_forwards_a_signal_that_its_command_causes_at_once() {
    let script = "trap 'exit 5' TERM; kill -TERM $PPID; while :; do sleep 0.05; done";

    let ended = run(&mut server_command(&["exec", "--", "sh", "-c", script]));

    assert_eq!(ended.code, Some(5), "{}", ended.stderr);
}

#[track_caller]
fn wait_until(condition: impl Fn() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_secs(20), "the condition was not met in time");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn env_prints_the_variables_of_a_server_or_namespace_in_four_formats() {
    let env =
        |args: &[&str]| run(server_command(&["env", "--url", "http://127.0.0.1:4999/"]).args(args)).stdout;

    let shell = env(&[]);
    let dotenv = env(&["--format", "dotenv", "--namespace", "t1"]);
    let github = env(&["--format", "github", "--namespace", "t1"]);
    let json: Value = serde_json::from_str(&env(&["--format", "json", "--namespace", "t1"])).unwrap();

    assert!(shell.contains("export CLOUDFLARE_BASE_URL='http://127.0.0.1:4999/client/v4'\n"), "{shell}");
    assert!(dotenv.contains("IAM_ACCESS_GROUPS_AUTH_URL=http://127.0.0.1:4999/ns/t1\n"), "{dotenv}");
    assert_eq!(dotenv, github);
    assert_eq!(json["IBMCLOUD_IAM_API_ENDPOINT"], "http://127.0.0.1:4999/ns/t1");
    assert_eq!(json["AGM_URL"], "http://127.0.0.1:4999");
    assert!(shell.contains("unset CLOUDFLARE_EMAIL\n"), "{shell}");
    assert_eq!(json["CLOUDFLARE_EMAIL"], Value::Null);
    let set = json.as_object().unwrap().values().filter(|value| !value.is_null());
    assert_eq!(set.count(), dotenv.lines().count());
    // A file without properties: `ibm-credentials.env` in the working directory is not read.
    assert_eq!(json["IBM_CREDENTIALS_FILE"], "/dev/null");
}

#[test]
fn env_rejects_an_invalid_namespace_name() {
    let ended = run(&mut server_command(&["env", "--namespace", "a b"]));

    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("1 to 128 ASCII letters"), "{}", ended.stderr);
}

#[test]
fn env_writes_the_config_file_of_the_ibm_test_suites() {
    let file = TemporaryFile::new("iam_access_groups_v2.env", "");

    let ended = run(&mut server_command(&["env", "--ibm-config", file.path()]));

    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), ""));
    let content = std::fs::read_to_string(file.path()).unwrap();
    let names: Vec<&str> = content.lines().map(|line| line.split_once('=').unwrap().0).collect();
    assert_eq!(
        names[..4],
        [
            "IAM_ACCESS_GROUPS_URL",
            "IAM_ACCESS_GROUPS_AUTH_TYPE",
            "IAM_ACCESS_GROUPS_APIKEY",
            "IAM_ACCESS_GROUPS_AUTH_URL",
        ]
    );
    assert!(names.contains(&"IAM_IDENTITY_URL"), "{names:?}");
    assert_eq!(
        names[names.len() - 4..],
        [
            "IAM_ACCESS_GROUPS_TEST_ACCOUNT_ID",
            "IAM_ACCESS_GROUPS_TEST_POLICY_TEMPLATE_ID",
            "IAM_ACCESS_GROUPS_TEST_ACCOUNT_GROUP_ID",
            "IAM_ACCESS_GROUPS_TEST_PROFILE_ID"
        ]
    );
}

#[test]
fn check_seed_accepts_a_valid_seed_and_rejects_an_invalid_one() {
    let invalid_seed =
        TemporaryFile::new("wrong-seed-to-check.json", r#"{"legacy":{"access_groups":[{"id":0}]}}"#);
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/demo.json");

    let valid = run(&mut server_command(&["check-seed", demo]));
    let invalid = run(&mut server_command(&["check-seed", invalid_seed.path()]));

    assert_eq!((valid.code, valid.stdout), (Some(0), format!("{demo} is valid\n")));
    assert_eq!(invalid.code, Some(3));
    assert!(invalid.stderr.contains("legacy.access_groups[0].id: must be an integer"), "{}", invalid.stderr);
}

#[test]
fn check_seed_reads_standard_input() {
    let mut child = server_command(&["check-seed", "-"]).stdin(Stdio::piped()).spawn().unwrap();

    child.stdin.take().unwrap().write_all(b"{}").unwrap();

    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn healthcheck_succeeds_only_for_a_running_server() {
    let server = Server::start(&[]);
    let url = server.ready["url"].as_str().unwrap().to_owned();
    let check = |url: &str| run(&mut server_command(&["healthcheck", "--url", url])).code;

    assert_eq!(check(&url), Some(0));
    assert_eq!(check(&format!("{url}/ns/t1")), Some(0));
    server.stop();
    assert_eq!(check(&url), Some(1));
    assert_eq!(check("ftp://127.0.0.1"), Some(2));
}

#[test]
fn completions_contain_the_commands_and_flags() {
    for shell in ["bash", "zsh", "fish"] {
        let ended = run(&mut server_command(&["completions", shell]));

        assert_eq!(ended.code, Some(0), "{shell}");
        assert!(ended.stdout.contains("check-seed") && ended.stdout.contains("port-file"), "{shell}");
    }
}

#[test]
fn a_mistyped_flag_or_command_gets_a_suggestion() {
    let flag = run(&mut server_command(&["--prot", "1"]));
    let command = run(&mut server_command(&["exce"]));

    assert_eq!((flag.code, command.code), (Some(2), Some(2)));
    assert!(flag.stderr.contains("'--port'"), "{}", flag.stderr);
    assert!(command.stderr.contains("'exec'"), "{}", command.stderr);
}

#[test]
fn the_port_file_contains_the_port_when_the_server_is_ready() {
    let file = TemporaryFile::new("port", "");

    let server = Server::start(&["--port-file", file.path()]);

    assert_eq!(std::fs::read_to_string(file.path()).unwrap(), format!("{}\n", server.port()));
}

#[test]
fn a_server_with_exit_with_parent_stops_after_its_parent() {
    let file = TemporaryFile::new("orphan-port", "");
    let binary = env!("CARGO_BIN_EXE_access-groups-mock");
    let script = format!(
        "{binary} --port 0 --exit-with-parent --port-file {0} > /dev/null & while [ ! -s {0} ]; do sleep 0.02; done",
        file.path()
    );

    let parent = std::process::Command::new("sh").args(["-c", &script]).status().unwrap();

    assert!(parent.success());
    let port: u16 = std::fs::read_to_string(file.path()).unwrap().trim().parse().unwrap();
    wait_until(|| TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn a_healthy_server_on_the_port_is_reused() {
    let server = Server::start(&[]);
    let port = server.port().to_string();

    let rejected = run(&mut server_command(&["--port", &port]));
    let reused = run(&mut server_command(&["--port", &port, "--reuse"]));
    let exec = exec(&["--port", &port, "--reuse"], "echo $AGM_URL");

    assert_eq!(rejected.code, Some(4));
    assert_eq!(reused.code, Some(0));
    let ready: Value = serde_json::from_str(&reused.stdout).unwrap();
    assert_eq!(
        ready,
        json!({"event": "ready", "url": server.ready["url"], "port": server.port(), "reused": true})
    );
    assert_eq!(exec.stdout.trim(), server.ready["url"]);
    assert_eq!(server.send("GET /__admin/health HTTP/1.1", "").status, 200, "the reused server still runs");
}

#[test]
fn a_port_of_another_program_is_not_reused() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = (&stream).write_all(b"HTTP/1.0 200 OK\r\n\r\nhello");
        }
    });

    let rejected = run(&mut server_command(&["--port", &port, "--reuse"]));

    assert_eq!(rejected.code, Some(4));
}
