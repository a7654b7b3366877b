//! `replay`: the requests of a recording again, against a mock or another server.

use std::path::Path;

use access_groups_mock::recordings::{
    AcceptedDifferences, EvidenceReport, Hosts, Importer, RecordedExchange, RecordingError, Replay, Report,
    is_read,
};
use access_groups_mock::store::{ClockSetting, system_now};
use access_groups_mock::{App, Config, Fidelity, Seed};
use axum::http::{HeaderName, HeaderValue};
use chrono::{DateTime, TimeDelta, Utc};

use super::error::{CliError, FAILED, INVALID_ARGUMENTS, INVALID_FILE, print};
use super::files::{display_name, read_seed};
use super::recording_args::{RecordingArgs, ReplayArgs, ReplayFidelity, ReportFormat};

/// Replays the recordings, prints the report, and returns the exit code.
pub(super) async fn run(args: ReplayArgs) -> Result<u8, CliError> {
    let accepted = args.accept.as_deref().map(read_accepted).transpose()?;
    let exchanges = read_all(&args.recordings)?;
    let hosts = args.recordings.host.clone();
    let mut replay = match &args.against {
        Some(url) => {
            check_writes(&args, &exchanges)?;
            Replay::against_server(url, credentials()?, hosts)
        }
        None => Replay::against_mock(&mock(&args, &exchanges)?, hosts),
    };
    for exchange in exchanges {
        match exchange {
            Ok(exchange) => replay.replay(Ok(&exchange)).await,
            Err(error) => replay.replay(Err(error)).await,
        }
    }
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

/// The exchanges of the recordings, and the entries that cannot be read.
type Exchanges = Vec<Result<RecordedExchange, RecordingError>>;

fn read_all(recordings: &RecordingArgs) -> Result<Exchanges, CliError> {
    let mut exchanges = Vec::new();
    recordings.read(&mut |exchange| exchanges.push(exchange))?;
    Ok(exchanges)
}

/// Returns a mock with the seed, or with the state before the first write of the recordings.
fn mock(args: &ReplayArgs, exchanges: &Exchanges) -> Result<App, CliError> {
    let invalid =
        |error: &dyn std::fmt::Display| CliError::new(INVALID_FILE, format!("the seed is invalid: {error}"));
    let seed = match &args.seed {
        Some(path) => read_seed(path, None)?,
        None => {
            let mut importer = Importer::before_writes(args.recordings.host.clone());
            for exchange in exchanges.iter().flatten() {
                importer.add(Ok(exchange));
            }
            let imported = importer.finish().map_err(|error| invalid(&error))?;
            Seed::parse(&imported.json.to_string()).map_err(|error| invalid(&error))?
        }
    };
    let fidelity = match args.fidelity {
        ReplayFidelity::Documented => Fidelity::Documented,
        ReplayFidelity::Live => Fidelity::Live,
    };
    // Each request has a later time than the one before, as in the recording, however fast the mock is.
    let first = exchanges.iter().flatten().find_map(|exchange| exchange.started.as_deref());
    let start = first.and_then(|time| time.parse::<DateTime<Utc>>().ok()).unwrap_or_else(system_now);
    let clock = ClockSetting::Stepping(start, TimeDelta::seconds(1));
    App::new(Config { fidelity, clock, ..Config::default() }, seed).map_err(|error| invalid(&error))
}

/// Checks that requests that write are sent to another server only with `--yes`.
fn check_writes(args: &ReplayArgs, exchanges: &Exchanges) -> Result<(), CliError> {
    let hosts = Hosts::new(args.recordings.host.clone());
    let writes = exchanges.iter().flatten().filter(|exchange| {
        hosts.find(&exchange.method, &exchange.url).is_ok_and(|operation| !is_read(&operation))
    });
    let writes: Vec<&RecordedExchange> = writes.collect();
    match writes.first().filter(|_| !args.yes) {
        None => Ok(()),
        Some(first) => Err(CliError::new(
            INVALID_ARGUMENTS,
            format!(
                "nothing was sent: {} requests write, the first one is {} ({}); --yes sends them",
                writes.len(),
                first.method,
                first.place
            ),
        )),
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
