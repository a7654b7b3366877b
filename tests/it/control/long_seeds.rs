//! Seeds above 1 MiB, whose lists stay in the text: they are read like short ones, with the same errors.

use std::path::PathBuf;

use access_groups_mock::store::{ClockSetting, IdGenerator};
use access_groups_mock::{App, Config, Seed, SeedError};
use chrono::DateTime;

use super::DEMO_SEED;

/// Makes a JSON object longer than 1 MiB by blanks before its end.
fn long(json: &str) -> String {
    let end = json.rfind('}').unwrap_or(json.len());
    format!("{}{}{}", &json[..end], " ".repeat(1024 * 1024), &json[end..])
}

/// A seed in a file, which is removed on drop.
struct SeedFile(PathBuf);

impl SeedFile {
    fn new(name: &str, json: &str) -> Self {
        let path = std::env::temp_dir().join(format!("long-seed-{}-{name}.json", std::process::id()));
        std::fs::write(&path, json).unwrap();
        Self(path)
    }

    fn read(&self) -> Result<Seed, SeedError> {
        Seed::read_file(&self.0).unwrap()
    }

    /// Reads the seed without its groups and users, which are checked when they are loaded.
    fn open(&self) -> Result<Seed, SeedError> {
        Seed::open_file(&self.0).unwrap()
    }
}

impl Drop for SeedFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Returns the state that a server with the seed starts with, or the error in the seed.
fn state(seed: Result<Seed, SeedError>) -> Result<String, SeedError> {
    let start = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let snapshot = seed?.snapshot(ClockSetting::Frozen(start), IdGenerator::from_seed(7))?;
    Ok(serde_json::to_string(&Seed::from_snapshot(&snapshot)).unwrap())
}

#[test]
fn long_seed_gives_the_state_of_a_short_one() {
    let file = SeedFile::new("demo", &long(DEMO_SEED));
    let expected = state(Seed::parse(DEMO_SEED)).unwrap();

    assert_eq!(state(Seed::parse(&long(DEMO_SEED))).unwrap(), expected);
    assert_eq!(state(file.read()).unwrap(), expected);
    assert_eq!(state(file.open()).unwrap(), expected);

    let saved = SeedFile::new("saved", &long(&expected));
    let restored = state(Seed::parse(&expected)).unwrap();
    assert_eq!(state(saved.read()).unwrap(), restored);
    assert_eq!(state(saved.open()).unwrap(), restored);
}

#[test]
fn long_seed_has_the_errors_of_a_short_one() {
    let ibm = |groups: &str| format!(r#"{{"ibm":{{"accounts":{{"a":{{"groups":[{groups}]}}}}}}}}"#);
    let legacy = |groups: &str| format!(r#"{{"legacy":{{"access_groups":[{groups}]}}}}"#);
    let group = r#"{"id":"g","name":"n","members":[{"iam_id":"IBMid-1","type":"user"}]}"#;
    let other = r#"{"id":"h","name":"n"}"#;
    for (name, json) in [
        ("duplicate id", ibm(&[group, other, group].join(","))),
        ("duplicate member", ibm(&group.replace("}]", r#"},{"iam_id":"IBMid-1","type":"user"}]"#))),
        ("duplicate sequence", ibm(r#"{"name":"a","$state":{"sequence":3}},{"name":"b","$state":{"sequence":3}}"#)),
        ("earlier of two errors", ibm(&[other, other, r#"{"name":""}"#].join(","))),
        ("invalid name", ibm(r#"{"id":"g","name":" "}"#)),
        ("contradiction", ibm(r#"{"name":"a","members":[{"iam_id":"I","type":"user","name":"1"},{"iam_id":"I","type":"user","name":"2"}]}"#)),
        ("missing field", ibm(&[group, r#"{"id":"i"}"#].join(",\n"))),
        ("unknown field", ibm(&[group, "\n", r#",{"nam":"i"}"#].concat())),
        ("duplicate field", ibm(r#"{"name":"a","name":"b"}"#)),
        ("array for an object", ibm(r#"["g"]"#)),
        ("missing comma", ibm(&[group, other].join(" "))),
        ("final comma", ibm(&[group, ""].join(","))),
        ("missing bracket", ibm(group).replace("]}}}", "}}}")),
        ("list that is none", ibm("").replace("[]", "7")),
        ("list twice", ibm(group).replace("\"groups\"", r#""groups":[],"groups""#)),
        ("wrong version and missing field", ibm(r#"{"id":"i"}"#).replacen('{', r#"{"version":9,"#, 1)),
        ("duplicate id and missing field", ibm(&[group, group, r#"{"id":"i"}"#].join(","))),
        ("contradiction and missing field", ibm(r#"{"name":"a","members":[{"iam_id":"I","type":"user","name":"1"},{"iam_id":"I","type":"user","name":"2"}]},{"id":"i"}"#)),
        ("wrong version", ibm(group).replacen('{', r#"{"version":9,"#, 1)),
        ("legacy duplicate id", legacy(r#"{"id":1,"name":"a"},{"id":2},{"id":1}"#)),
        ("legacy duplicate field", legacy(r#"{"id":1},{"customers":[{"email":"a","email":"b"}]}"#)),
        ("cloudflare duplicate id", r#"{"cloudflare":{"zones":{"z":{"access_groups":[{"id":"1","name":"a"},{"id":"1","name":"b"}]}}}}"#.to_owned()),
        ("cloudflare duplicate field", r#"{"cloudflare":{"accounts":{"z":{"access_groups":[{"name":"a","include":[{"email":{"email":"a","email":"b"}}]}]}}}}"#.to_owned()),
        ("authress duplicate id", r#"{"authress":{"groups":[{"groupId":"1","name":"a","users":[],"admins":[]},{"groupId":"1","name":"b","users":[],"admins":[]}]}}"#.to_owned()),
        ("authress duplicate field", r#"{"authress":{"groups":[{"name":"a","users":[{"userId":"a","userId":"b"}],"admins":[]}]}}"#.to_owned()),
        ("authress reserved name", r#"{"authress":{"groups":[{"$serde_json::private::RawValue":"1","name":"a","users":[],"admins":[]}]}}"#.to_owned()),
        ("unknown dialect", r#"{"aws":{"groups":[1]}}"#.to_owned()),
        ("array", "[1]".to_owned()),
    ] {
        let expected = state(Seed::parse(&json)).unwrap_err();
        let long = if json.starts_with('[') { format!("{json}{}", " ".repeat(1024 * 1024)) } else { long(&json) };
        let file = SeedFile::new(&name.replace(' ', "-"), &long);

        assert_eq!(state(Seed::parse(&long)), Err(expected.clone()), "{name}");
        assert_eq!(state(file.read()), Err(expected.clone()), "{name}");
        assert_eq!(state(file.open()), Err(expected), "{name}");
    }
}

#[test]
fn file_that_is_changed_after_it_was_read_is_an_error() {
    let seed = r#"{"legacy":{"access_groups":[{"name":"a"},{"name":"b"}]}}"#;
    let file = SeedFile::new("changed", &long(seed));
    let read = file.read().unwrap();

    std::fs::write(&file.0, long(&seed.replace("\"a\"", "1,2"))).unwrap();

    let error = App::new(Config::default(), read).map(drop).unwrap_err();
    assert_eq!(error.to_string(), "legacy: the file was changed while it was read");
}

#[test]
fn identifiers_that_later_objects_have_are_not_generated() {
    let ids = |seed: &str| {
        let state = state(Seed::parse(seed)).unwrap();
        let state: serde_json::Value = serde_json::from_str(&state).unwrap();
        state["authress"]["groups"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["groupId"].to_string())
            .collect::<Vec<_>>()
    };
    let generated = ids(r#"{"authress":{"groups":[{"name":"a","users":[],"admins":[]}]}}"#);

    let taken = format!(
        r#"{{"authress":{{"groups":[{{"name":"a","users":[],"admins":[]}},{{"groupId":{},"name":"b","users":[],"admins":[]}}]}}}}"#,
        generated[0]
    );

    for seed in [taken.clone(), long(&taken)] {
        let found = ids(&seed);
        assert_eq!(found[1], generated[0]);
        assert_ne!(found[0], found[1]);
    }
}

#[test]
fn file_that_is_not_utf8_cannot_be_read() {
    let json = long(r#"{"legacy":{"access_groups":[{"name":"a"}]}}"#);
    let file = SeedFile::new("utf8", "");
    std::fs::write(
        &file.0,
        json.replace("\"a\"", "\"\u{0}\"")
            .bytes()
            .map(|byte| if byte == 0 { 0xff } else { byte })
            .collect::<Vec<_>>(),
    )
    .unwrap();

    for error in [Seed::read_file(&file.0).map(drop), Seed::open_file(&file.0).map(drop)] {
        assert_eq!(error.unwrap_err().to_string(), "stream did not contain valid UTF-8");
    }
}
