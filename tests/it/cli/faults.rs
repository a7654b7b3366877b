//! `--faults FILE`: the initial faults of every namespace.

use super::process::{Server, run, server_command};

/// A temporary faults file that is removed on drop.
struct FaultsFile(std::path::PathBuf);

impl FaultsFile {
    fn new(name: &str, content: &str) -> Self {
        let path = std::env::temp_dir().join(format!("agm-faults-{}-{name}.json", std::process::id()));
        std::fs::write(&path, content).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for FaultsFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn faults_of_a_file_apply_to_every_namespace_from_the_start() {
    let file = FaultsFile::new(
        "good",
        r#"[{"preset": "outage", "match": {"dialect": "ibm"}},
            {"match": {"dialect": "authress"}, "effect": {"type": "status", "status": 429, "retryAfter": 9}}]"#,
    );
    let server = Server::start(&["--faults", file.path()]);

    let ibm = server.send("GET /v2/groups?account_id=a HTTP/1.1", "");
    let other = server.send("GET /ns/other/v2/groups?account_id=a HTTP/1.1", "");
    let authress = server.send("GET /v1/groups HTTP/1.1", "");
    let legacy = server.send("GET /api2/access_groups.json HTTP/1.1", "");

    assert_eq!([ibm.status, other.status, authress.status, legacy.status], [503, 503, 429, 200]);
    assert_eq!(authress.header("retry-after"), Some("9"));
}

#[test]
fn an_invalid_file_is_exit_code_3_with_the_path_of_the_error() {
    for (name, content, reason) in [
        (
            "status",
            r#"[{"effect": {"type": "status", "status": 200}}]"#,
            "[0].effect.status must be from 400 to 599",
        ),
        (
            "array",
            r#"[{"match": [], "effect": {"type": "status", "status": 503}}]"#,
            "[0].match invalid type: sequence, expected an object",
        ),
        ("json", "{", "must be JSON: EOF while parsing an object at line 1 column 1"),
    ] {
        let file = FaultsFile::new(name, content);

        let ended = run(&mut server_command(&["--port", "0", "--faults", file.path()]));

        assert_eq!(ended.code, Some(3), "{}", ended.stderr);
        assert!(ended.stderr.contains(&format!("{}: {reason}", file.path())), "{}", ended.stderr);
    }
}
