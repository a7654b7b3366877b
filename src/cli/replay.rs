//! `replay`: the requests of a recording again, against a mock or another server.

use std::path::Path;

use access_groups_mock::recordings::{
    AcceptedDifferences, EvidenceReport, Hosts, Importer, Pseudonyms, RecordedExchange, Replay, Report,
    TargetServer, is_read,
};
use access_groups_mock::store::{ClockSetting, system_now};
use access_groups_mock::{App, Config, Seed};
use axum::http::{HeaderName, HeaderValue};
use chrono::{DateTime, TimeDelta, Utc};

use super::error::{CliError, FAILED, INVALID_ARGUMENTS, INVALID_FILE, print};
use super::files::{display_name, read_seed};
use super::recording_args::{ReplayArgs, ReportFormat};
use super::recording_files::RecordingFiles;

/// Replays the recordings, prints the report, and returns the exit code.
pub(super) fn run(args: &ReplayArgs) -> Result<u8, CliError> {
    let pseudonyms = args.pseudonyms.pseudonyms()?;
    let accepted = args.accept.as_deref().map(read_accepted).transpose()?;
    let recordings = args.recordings.rereadable()?;
    let outline = Outline::read(args, &recordings)?;
    let mut replay = match &args.against {
        Some(url) => {
            outline.check_writes(args)?;
            Replay::against_server(target(url)?, args.recordings.host.clone())
        }
        None => outline.into_replay(args, pseudonyms)?,
    };
    send_all(&recordings, &mut replay)?;
    let mut report = replay.finish();
    if let Some(path) = &args.write_accept {
        write_json(path, &AcceptedDifferences::of_report(&report))?;
    }
    if let Some(path) = &args.evidence {
        write_json(path, &EvidenceReport::new(&report))?;
    }
    if let Some(accepted) = accepted {
        accepted.apply(&mut report);
    }
    print(&render(&report, args.format)?)?;
    Ok(if report.is_different() { FAILED } else { 0 })
}

/// Sends the requests one after the other, on this thread, while the recordings are read.
fn send_all(recordings: &RecordingFiles, replay: &mut Replay) -> Result<(), CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| CliError::new(FAILED, format!("cannot create the runtime: {error}")))?;
    recordings.read(&mut |exchange| match exchange {
        Ok(exchange) => runtime.block_on(replay.replay(Ok(&exchange))),
        Err(error) => runtime.block_on(replay.replay(Err(error))),
    })
}

/// What has to be known of all exchanges before the first request is sent.
#[derive(Debug)]
struct Outline {
    /// What the recordings show of the account: the state before the first write, or, if the seed is given, the state
    /// from which its pseudonyms were made.
    importer: Importer,
    /// The time of the first request.
    start: Option<DateTime<Utc>>,
    /// The number of requests that write, and the first one.
    writes: usize,
    first_write: String,
}

impl Outline {
    /// Reads the recordings to their end, so that nothing is sent of those that are invalid.
    fn read(args: &ReplayArgs, recordings: &RecordingFiles) -> Result<Self, CliError> {
        let hosts = Hosts::new(args.recordings.host.clone());
        let names = args.recordings.host.clone();
        let importer =
            if args.seed.is_some() { Importer::new(names) } else { Importer::before_writes(names) };
        let mut outline = Self { importer, start: None, writes: 0, first_write: String::new() };
        // The objects are needed for the seed of a mock, and for the pseudonyms of a given seed.
        let is_imported = args.against.is_none() && (args.seed.is_none() || args.pseudonyms.pseudonymize);
        recordings.read(&mut |exchange| {
            let Ok(exchange) = exchange else { return };
            if is_imported {
                outline.importer.add(Ok(&exchange));
            }
            outline.add(&exchange, &hosts);
        })?;
        Ok(outline)
    }

    fn add(&mut self, exchange: &RecordedExchange, hosts: &Hosts) {
        if self.start.is_none() {
            self.start = exchange.started.as_deref().and_then(|time| time.parse().ok());
        }
        let operation = hosts.find(&exchange.method, &exchange.url);
        if operation.is_ok_and(|operation| !is_read(&operation)) {
            if self.writes == 0 {
                self.first_write = format!("{} ({})", exchange.method, exchange.place);
            }
            self.writes += 1;
        }
    }

    /// Checks that requests that write are sent to another server only with `--yes`.
    fn check_writes(&self, args: &ReplayArgs) -> Result<(), CliError> {
        if self.writes == 0 || args.yes {
            return Ok(());
        }
        let Self { writes, first_write, .. } = self;
        let reason = format!(
            "nothing was sent: {writes} requests write, the first one is {first_write}; --yes sends them"
        );
        Err(CliError::new(INVALID_ARGUMENTS, reason))
    }

    /// Returns the replay against a mock with the seed, or with the state before the first write of the recordings.
    fn into_replay(self, args: &ReplayArgs, mut pseudonyms: Option<Pseudonyms>) -> Result<Replay, CliError> {
        let invalid = |error: &dyn std::fmt::Display| {
            CliError::new(INVALID_FILE, format!("the seed is invalid: {error}"))
        };
        let mut imported = self.importer.finish().map_err(|error| invalid(&error))?.json;
        if let Some(pseudonyms) = &mut pseudonyms {
            pseudonyms.replace_in_seed(&mut imported);
        }
        let seed = match &args.seed {
            Some(path) => read_seed(path, None)?,
            None => Seed::parse(&imported.to_string()).map_err(|error| invalid(&error))?,
        };
        // Each request has a later time than the one before, as in the recording, however fast the mock is.
        let clock = ClockSetting::Stepping(self.start.unwrap_or_else(system_now), TimeDelta::seconds(1));
        let config = Config { clock, ..args.responses.clone().into_config() };
        let app = App::new(config, seed).map_err(|error| invalid(&error))?;
        let replay = Replay::against_mock(&app, args.recordings.host.clone());
        Ok(match pseudonyms {
            Some(pseudonyms) => replay.with_pseudonyms(pseudonyms),
            None => replay,
        })
    }
}

/// Returns the headers with the credentials in the environment.
fn credentials() -> Result<Vec<(HeaderName, HeaderValue)>, CliError> {
    let mut headers = Vec::new();
    for (variable, name, prefix) in [
        ("AGM_REPLAY_TOKEN", "authorization", "Bearer "),
        ("AGM_REPLAY_EMAIL", "x-auth-email", ""),
        ("AGM_REPLAY_KEY", "x-auth-key", ""),
    ] {
        let Ok(value) = std::env::var(variable) else { continue };
        let mut value = HeaderValue::from_str(&format!("{prefix}{value}"))
            .map_err(|_| CliError::new(INVALID_ARGUMENTS, format!("{variable} is not valid in a header")))?;
        value.set_sensitive(true);
        headers.push((HeaderName::from_static(name), value));
    }
    Ok(headers)
}

/// Returns the server of `--against`, with the credentials and the authorities in the environment.
fn target(url: &str) -> Result<TargetServer, CliError> {
    let mut server = TargetServer::new(url);
    server.credentials = credentials()?;
    let Some(path) = std::env::var_os("SSL_CERT_FILE").filter(|path| !path.is_empty()) else {
        return Ok(server);
    };
    let path = Path::new(&path);
    let pem = std::fs::read(path).map_err(|error| format!("cannot be read: {error}"));
    pem.and_then(|pem| server.trust_only(&pem)).map_err(|reason| {
        let reason = format!("{}: {reason}; this is the file of SSL_CERT_FILE", path.display());
        CliError::new(INVALID_FILE, reason)
    })?;
    Ok(server)
}

fn read_accepted(path: &Path) -> Result<AcceptedDifferences, CliError> {
    let invalid = |reason: String| CliError::new(INVALID_FILE, format!("{}: {reason}", display_name(path)));
    let text = std::fs::read_to_string(path).map_err(|error| invalid(format!("cannot be read: {error}")))?;
    AcceptedDifferences::parse(&text).map_err(invalid)
}

fn write_json(path: &Path, value: &impl serde::Serialize) -> Result<(), CliError> {
    let failed =
        |reason: &dyn std::fmt::Display| CliError::new(FAILED, format!("{}: {reason}", path.display()));
    let json = serde_json::to_string_pretty(value).map_err(|error| failed(&error))?;
    std::fs::write(path, format!("{json}\n")).map_err(|error| failed(&format!("cannot be written: {error}")))
}

fn render(report: &Report, format: ReportFormat) -> Result<String, CliError> {
    let failed = |reason: String| CliError::new(FAILED, format!("the report cannot be written: {reason}"));
    match format {
        ReportFormat::Text => Ok(report.to_string()),
        ReportFormat::Json => {
            let json =
                serde_json::to_string_pretty(&report.to_json()).map_err(|error| failed(error.to_string()))?;
            Ok(format!("{json}\n"))
        }
        ReportFormat::Junit => report.to_junit().map_err(failed),
    }
}
