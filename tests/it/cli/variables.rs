//! The environment variables of the arguments.

use super::process::{Server, run, server_command};

#[test]
fn a_switch_takes_the_usual_words() {
    for (value, is_set) in [
        ("1", true),
        ("true", true),
        ("YES", true),
        ("on", true),
        ("0", false),
        ("false", false),
        ("no", false),
        ("off", false),
        ("", false),
    ] {
        let server = Server::spawn(server_command(&["--port", "0"]).env("AGM_NO_ADMIN", value));
        let status = server.send("GET /__admin/state HTTP/1.1", "").status;
        assert_eq!(status, if is_set { 404 } else { 200 }, "{value}");
    }
}

#[test]
fn all_switches_take_the_same_words() {
    let mut command = server_command(&["--port", "0"]);
    for name in [
        "EXIT_WITH_PARENT",
        "EXPLAIN",
        "JOURNAL_SECRETS",
        "LOG_REQUESTS",
        "NO_ADMIN",
        "REUSE",
        "STATE_RECOVER",
        "TLS",
    ] {
        command.env(format!("AGM_{name}"), "no");
    }

    let server = Server::spawn(&mut command);

    assert_eq!(server.stop().stderr, "");
}

#[test]
fn an_error_names_the_variable_that_has_the_value() {
    for (variable, value) in [("AGM_EXPLAIN", "maybe"), ("AGM_PORT", "70000"), ("AGM_AUTH", "none")] {
        let ended = run(server_command(&[]).env(variable, value));
        assert_eq!(ended.code, Some(2));
        let note = format!("The value is from the environment variable {variable}.");
        assert!(ended.stderr.contains(&note), "{}", ended.stderr);
    }
    let ended = run(server_command(&["--port", "x"]).env("AGM_PORT", "70000"));
    assert!(!ended.stderr.contains("environment variable"), "{}", ended.stderr);
}

#[test]
fn an_unknown_variable_is_a_warning_with_the_most_similar_one() {
    let mut command = server_command(&["--port", "0"]);
    let server = Server::spawn(command.env("AGM_SEEDS", "x.json").env("AGM_URL", "http://127.0.0.1:1"));

    let ended = server.stop();

    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("AGM_SEEDS is unknown") && ended.stderr.contains("AGM_SEED\n"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_port_in_use_names_the_instance_and_the_ways_out() {
    let server = Server::start(&[]);

    let ended = run(&mut server_command(&["--port", &server.port().to_string()]));

    assert_eq!(ended.code, Some(4));
    assert_eq!(
        ended.stderr,
        format!(
            "access-groups-mock: cannot listen on 127.0.0.1:{}: another access-groups-mock is listening there; use that \
             one with --reuse, choose another port with --port, or a free one with --port 0\n",
            server.port()
        )
    );
}

#[test]
fn a_network_address_without_a_token_is_a_warning() {
    let open = Server::start(&["--host", "0.0.0.0"]);
    let with_token = Server::start(&["--host", "0.0.0.0", "--admin-token", "t"]);
    let disabled = Server::start(&["--host", "0.0.0.0", "--no-admin"]);

    let ended = open.stop();
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("set AGM_ADMIN_TOKEN, or listen on 127.0.0.1"), "{}", ended.stderr);
    assert_eq!((with_token.stop().stderr, disabled.stop().stderr), (String::new(), String::new()));
}

#[test]
fn a_missing_file_names_its_option() {
    for (option, variable) in
        [("--seed", "AGM_SEED"), ("--faults", "AGM_FAULTS"), ("--tls-cert", "AGM_TLS_CERT")]
    {
        let mut command = server_command(&["--port", "0", option, "no/such.file"]);
        let command = if option == "--tls-cert" { command.args(["--tls-key", "x"]) } else { &mut command };
        let ended = run(command);
        assert_eq!(ended.code, Some(3), "{option}");
        let end = format!("; this is the file of {option} or {variable}\n");
        assert!(ended.stderr.contains("no/such.file: ") && ended.stderr.ends_with(&end), "{}", ended.stderr);
    }
}
