//! Recordings that official clients made of the server: `tests/recordings/DIALECT-LANGUAGE-SUBJECT.har`.

use access_groups_mock::recordings::{Replay, pseudonymize};
use access_groups_mock::store::ClockSetting;
use access_groups_mock::{App, Config, Seed};
use chrono::{DateTime, TimeDelta};

use super::{imported, initial_seed, send_all};
use crate::support::TestServer;

/// The clients of which there are recordings, with which the names of their files start.
const CLIENTS: [&str; 9] = [
    "authress-node-",
    "authress-python-",
    "cloudflare-go-",
    "cloudflare-python-",
    "cloudflare-terraform-",
    "ibm-go-",
    "ibm-java-",
    "ibm-python-",
    "ibm-terraform-",
];

/// Returns the recordings with their names.
pub(super) fn recordings() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let name = |file: &std::path::Path| file.file_name().unwrap().to_str().unwrap().to_owned();
    let mut recordings: Vec<(String, String)> =
        files.map(|file| (name(&file), std::fs::read_to_string(&file).unwrap())).collect();
    recordings.sort();
    for client in CLIENTS {
        assert!(recordings.iter().any(|(name, _)| name.starts_with(client)), "no recording of {client}");
    }
    recordings
}

#[test]
fn recordings_of_official_clients_are_replayed_without_differences() {
    for (name, recording) in recordings() {
        let seed = Seed::parse(&initial_seed(&recording).to_string()).unwrap();
        // Each request has a later time than the one before, as in the recording.
        let start = DateTime::parse_from_rfc3339("2026-11-29T10:00:00Z").unwrap().to_utc();
        let clock = ClockSetting::Stepping(start, TimeDelta::seconds(1));
        let app = App::new(Config { clock, ..Config::default() }, seed).unwrap();
        let mut replay = Replay::against_mock(&app, Vec::new());

        send_all(&mut replay, &recording);

        let report = replay.finish();
        let totals = report.totals();
        assert_eq!(
            (totals.equal, report.is_different()),
            (report.exchanges.len(), false),
            "{name}: {report}"
        );
    }
}

#[test]
fn recordings_of_official_clients_give_valid_seeds_also_with_pseudonyms() {
    for (name, recording) in recordings() {
        let mut seed = imported(&recording).json;
        TestServer::with_seed(&seed.to_string());

        pseudonymize(&mut seed, b"key");

        assert!(Seed::parse(&seed.to_string()).is_ok(), "{name}");
        TestServer::with_seed(&seed.to_string());
    }
}
