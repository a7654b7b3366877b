//! Recordings of traffic: the commands that read them.

mod commands;
mod formats;
mod import;
mod pseudonyms;
mod traffic;

use access_groups_mock::recordings::{ImportedSeed, Importer, read};
use serde_json::Value;

use crate::support::TestServer;

/// Returns the journal of a server as an HTTP Archive.
fn journal(mock: &TestServer) -> String {
    mock.get("/__admin/requests?format=har").send_unchecked().expect(200).text()
}

/// Imports a recording, which must be readable.
#[track_caller]
fn imported(recording: &str) -> ImportedSeed {
    let mut importer = Importer::new(Vec::new());
    let result = read("recording", recording.as_bytes(), &mut |exchange| match exchange {
        Ok(exchange) => importer.add(Ok(&exchange)),
        Err(error) => importer.add(Err(error)),
    });
    result.unwrap();
    importer.finish().unwrap()
}

/// Returns what the import lists as unused.
fn unused(seed: &ImportedSeed) -> Vec<String> {
    seed.unused.iter().map(ToString::to_string).collect()
}

/// Returns the response of a GET with the base URL of the server replaced.
#[track_caller]
fn read_back(mock: &TestServer, path: &str) -> Value {
    let text = mock.get(path).send_unchecked().expect(200).text();
    serde_json::from_str(&text.replace(&mock.url(), "http://mock")).unwrap()
}
