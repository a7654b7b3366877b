//! `replay --pseudonymize`: a recording is replayed against its seed with pseudonyms.

use access_groups_mock::recordings::{Importer, Pseudonyms, Replay, Report};
use access_groups_mock::store::ClockSetting;
use access_groups_mock::{App, AuthMode, Config, Seed};
use chrono::{DateTime, TimeDelta};

use super::binary::{TemporaryFile, run};
use super::{clients, exchanges, journal, send_all, traffic};
use crate::support::TestServer;
use crate::support::operations::demo_server;

/// Replays a recording with pseudonyms against a mock with the pseudonyms of its state before the first write.
fn replay(recording: &str, clock: ClockSetting) -> Report {
    let mut importer = Importer::before_writes(Vec::new());
    for exchange in exchanges(recording).iter().flatten() {
        importer.add(Ok(exchange));
    }
    let mut seed = importer.finish().unwrap().json;
    let mut pseudonyms = Pseudonyms::new(b"key");
    pseudonyms.replace_in_seed(&mut seed);
    let seed = Seed::parse(&seed.to_string()).unwrap();
    let app = App::new(Config { clock, ..Config::default() }, seed).unwrap();
    let mut replay = Replay::against_mock(&app, Vec::new()).with_pseudonyms(pseudonyms);
    send_all(&mut replay, recording);
    replay.finish()
}

#[test]
fn recordings_of_official_clients_are_replayed_with_pseudonyms_without_differences() {
    let start = DateTime::parse_from_rfc3339("2026-11-29T10:00:00Z").unwrap().to_utc();
    for (name, recording) in clients::recordings() {
        let report = replay(&recording, ClockSetting::Stepping(start, TimeDelta::seconds(1)));

        assert!(!report.is_different(), "{name}: {report}");
        // Pages of a list that is sorted by name, and searches.
        let has_searches = ["ibm-python-service-ids.har", "cloudflare-python-groups.har"];
        let skipped = if has_searches.iter().any(|file| name.ends_with(file)) { 2 } else { 0 };
        assert_eq!(report.totals().skipped, skipped, "{name}: {report}");
    }
}

#[test]
fn traffic_of_every_dialect_is_replayed_with_pseudonyms_without_differences() {
    for send in [traffic::cloudflare, traffic::ibm, traffic::authress, traffic::legacy] {
        let mock = demo_server(AuthMode::Lenient);
        for path in send(&mock) {
            mock.get(&path).send_unchecked();
        }

        let report = replay(&journal(&mock), ClockSetting::System);

        assert!(!report.is_different(), "{report}");
    }
}

#[test]
fn report_has_pseudonyms_in_the_place_of_names() {
    let mock = TestServer::with_seed(
        r#"{"authress":{"groups":[{"groupId":"grp_engineers","name":"Engineers","users":[],"admins":[]}]}}"#,
    );
    mock.get("/v1/groups/grp_engineers").send().expect(200);
    let recording = journal(&mock).replace(r#"\"admins\":[]"#, r#"\"admins\":[],\"more\":\"Engineers\""#);

    let report = replay(&recording, ClockSetting::System).to_string();

    assert!(report.contains("missing $.more: recorded \""), "{report}");
    assert!(!report.to_lowercase().contains("engineers"), "{report}");
}

#[test]
fn recording_is_equal_to_the_seed_of_the_command_with_the_same_key() {
    let mock = demo_server(AuthMode::Lenient);
    for path in ["/v1/groups", "/v2/groups?account_id=acct1", "/api2/access_groups.json"] {
        mock.get(path).send().expect(200);
    }
    let recording = TemporaryFile::new("pseudonyms.har", &journal(&mock));
    let seed = run(&["import", "--pseudonymize", "--key", "k", recording.path()], "");
    let seed = TemporaryFile::new("pseudonyms.json", &seed.stdout);
    let args = |key: &'static str| {
        ["replay", "--pseudonymize", "--key", key, "--seed", seed.path(), recording.path()]
    };

    let (same, other) = (run(&args("k"), ""), run(&args("another"), ""));
    let without = run(&["replay", "--seed", seed.path(), recording.path()], "");

    assert_eq!(same.code, Some(0), "{}", same.stdout);
    assert_eq!((other.code, without.code), (Some(1), Some(1)), "{}", other.stdout);
}
