//! Recordings of traffic: the commands that read them.

mod against;
mod binary;
mod clients;
mod commands;
mod example;
mod formats;
mod import;
mod memory;
mod options;
mod properties;
mod pseudonymized_replay;
mod pseudonyms;
mod replay;
mod traffic;

use access_groups_mock::recordings::{
    ImportedSeed, Importer, RecordedExchange, RecordingError, Replay, read,
};
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

/// Returns the exchanges of a recording, and the errors of its entries.
#[track_caller]
fn exchanges(recording: &str) -> Vec<Result<RecordedExchange, RecordingError>> {
    let mut exchanges = Vec::new();
    read("recording", recording.as_bytes(), &mut |exchange| exchanges.push(exchange)).unwrap();
    exchanges
}

/// Returns the seed with the state before the first write of a recording.
#[track_caller]
fn initial_seed(recording: &str) -> Value {
    let mut importer = Importer::before_writes(Vec::new());
    for exchange in exchanges(recording).iter().flatten() {
        importer.add(Ok(exchange));
    }
    importer.finish().unwrap().json
}

/// Sends all requests of a recording.
fn send_all(replay: &mut Replay, recording: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for exchange in exchanges(recording) {
            match exchange {
                Ok(exchange) => replay.replay(Ok(&exchange)).await,
                Err(error) => replay.replay(Err(error)).await,
            }
        }
    });
}
