//! Seeds and faults in YAML.

use std::io::Write;
use std::process::Stdio;

use serde_json::{Value, json};

use super::TemporaryFile;
use super::process::{ProcessOutput, Server, run, server_command};

const DEMO: &str = include_str!("../../../seeds/demo.json");

/// Runs `check-seed` for a file with `name` and `content`, with more `arguments`, and replaces the path of the file.
#[track_caller]
fn check_seed(name: &str, content: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let file = TemporaryFile::new(name, content);
    let ProcessOutput { code, stdout, stderr } =
        run(server_command(&["check-seed", file.path()]).args(arguments));
    (code, format!("{stdout}{stderr}").replace(file.path(), "FILE").replace("access-groups-mock: ", ""))
}

/// Returns the groups of a server.
fn groups(server: &Server) -> Value {
    let response = server.send("GET /__admin/groups?limit=1000 HTTP/1.1", "");
    let mut groups: Value = serde_json::from_str(&response.body).unwrap();
    for group in groups["groups"].as_array_mut().unwrap() {
        // Of a group without them in the seed, these are the time of the start.
        group.as_object_mut().unwrap().retain(|name, _| name != "created" && name != "modified");
    }
    groups
}

#[test]
fn a_seed_has_the_same_objects_in_yaml_as_in_json() {
    let demo: Value = serde_json::from_str(DEMO).unwrap();
    let yaml = serde_yaml_ng::to_string(&demo).unwrap();
    let expected = groups(&Server::start(&["--deterministic", "--seed", "seeds/demo.json"]));

    for name in ["demo.yaml", "demo.yml", "demo.YAML"] {
        let file = TemporaryFile::new(name, &yaml);
        let server = Server::start(&["--deterministic", "--seed", file.path()]);
        assert_eq!(groups(&server), expected, "{name}");
    }
    assert!(expected["meta"]["total"].as_u64() > Some(10));
}

#[test]
fn standard_input_and_other_names_need_the_format() {
    let yaml = "legacy: {access_groups: [{name: Editors}]}\n";
    let mut command = server_command(&["--port", "0", "--seed", "-", "--seed-format", "yaml"]);
    let (reader, mut writer) = std::io::pipe().unwrap();
    command.stdin(Stdio::from(reader));
    writer.write_all(yaml.as_bytes()).unwrap();
    drop(writer);

    let server = Server::spawn(&mut command);

    assert_eq!(groups(&server)["groups"][0]["name"], "Editors");
    let valid = (Some(0), "FILE is valid\n".to_owned());
    assert_eq!(check_seed("seed.txt", yaml, &["--seed-format", "yaml"]), valid);
    assert_eq!(check_seed("json.yaml", r#"{"version":1}"#, &["--seed-format", "json"]), valid);
    assert_eq!(check_seed("json-2.yaml", r#"{"version":1}"#, &[]), valid, "JSON is YAML, too");
    let reason =
        "FILE: this is YAML, and is read as JSON: name it `.yaml` or `.yml`, or add --seed-format yaml\n";
    for (name, content) in [("seed.json", yaml), ("marked.txt", "# a comment\n---\nversion: 1\n")] {
        assert_eq!(check_seed(name, content, &[]), (Some(3), reason.to_owned()), "{name}");
    }
}

#[test]
fn an_invalid_seed_is_rejected_with_its_place() {
    let bomb: String = (1..10).fold("a0: &a0 [x, x]\n".to_owned(), |text, level| {
        let items = vec![format!("*a{}", level - 1); 10].join(", ");
        format!("{text}a{level}: &a{level} [{items}]\n")
    });
    for (yaml, reason) in [
        ("legacy: {access_groups: [{id: 0}]}\n", "legacy.access_groups[0].id: must be an integer"),
        (
            "legacy:\n  access_groups: 7\n",
            "legacy.access_groups: invalid type: integer `7`, expected a sequence\n",
        ),
        ("legacy:\n  x: []\n", "legacy.x: unknown field `x`"),
        ("a: 1\na: 2\n", "duplicate field `a`"),
        (
            "legacy:\n  access_groups: []\n  access_groups: []\n",
            "legacy: duplicate field `access_groups` at line 2 column 3",
        ),
        ("legacy: {access_groups: [}\n", "at line 1 column "),
        (&bomb, "repetition limit exceeded"),
        ("", "invalid type: null"),
    ] {
        let (code, message) = check_seed("invalid.yaml", yaml, &[]);
        assert!(message.starts_with("FILE: ") && message.contains(reason), "{yaml}: {message}");
        assert_eq!(code, Some(3));
    }
}

#[test]
fn faults_are_read_from_yaml() {
    let yaml = "# Two failures, and then none.\n- match: {dialect: legacy}\n  effect: {type: status, status: 503}\n  \
                schedule: {times: 2}\n";
    let file = TemporaryFile::new("faults.yml", yaml);

    let server = Server::start(&["--faults", file.path()]);

    let statuses = [(); 3].map(|()| server.send("GET /api2/access_groups.json HTTP/1.1", "").status);
    assert_eq!(statuses, [503, 503, 200]);
    let invalid = TemporaryFile::new("invalid-faults.yaml", "- effect: {type: status, status: 200}\n");
    let ended = run(&mut server_command(&["--port", "0", "--faults", invalid.path()]));
    assert_eq!(ended.code, Some(3));
    assert!(ended.stderr.contains("[0].effect.status must be from 400 to 599\n"), "{}", ended.stderr);
}

#[test]
fn the_word_serve_starts_the_server() {
    for word in ["serve", "start"] {
        let server = Server::spawn(&mut server_command(&[word, "--port", "0", "--seed", "seeds/demo.json"]));
        assert!(groups(&server)["meta"]["total"].as_u64() > Some(10), "{word}");
    }
    let mut with_variable = server_command(&["serve"]);
    let server = Server::spawn(with_variable.env("AGM_PORT", "0").env("AGM_SEED", "seeds/demo.json"));
    assert_eq!(server.ready["event"], json!("ready"));
    assert!(groups(&server)["meta"]["total"].as_u64() > Some(10));
}
