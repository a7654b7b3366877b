//! `import`: a seed from recordings of a real account.

use std::io::Write;
use std::path::{Path, PathBuf};

use access_groups_mock::recordings::{Importer, RecordedExchange, RecordingError, pseudonymize, read};

use super::error::{CliError, INVALID_FILE, print};
use super::files::display_name;

/// The arguments of `import`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(super) struct ImportArgs {
    #[command(flatten)]
    recordings: RecordingArgs,
    /// Replace names, e-mail addresses, identifiers and other texts by invented ones of the same form, so that the seed
    /// can be published.
    #[arg(long, requires = "key")]
    pseudonymize: bool,
    /// Secret on which the pseudonyms depend; with the same key, a text always has the same pseudonym.
    #[arg(long, env = "AGM_KEY", value_name = "TEXT", hide_env_values = true)]
    key: Option<String>,
}

/// The recordings of a command.
#[derive(Debug, clap::Args)]
pub(super) struct RecordingArgs {
    /// Recording: an HTTP Archive (HAR), or a cassette of go-vcr or vcrpy; `-` for standard input. Several recordings
    /// are read in this order.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Host name whose requests are used, in addition to those of the vendors and of loopback addresses; can be repeated
    /// or comma-separated.
    #[arg(long, value_name = "HOST", value_delimiter = ',')]
    pub(super) host: Vec<String>,
}

/// The end of the help.
const HELP: &str = "\
The seed has everything that the responses show: later responses win over earlier ones, deletions delete, and the pages \
of lists and the short and long forms of an object are joined. It contains no credentials. What could not be used is \
listed on standard error, with its place and the reason.\n\
Exit codes: 0 the seed is complete or something is listed, 2 invalid arguments, 3 a recording cannot be read.\n\
Example: access-groups-mock import recording.har > seed.json && access-groups-mock --seed seed.json";

/// Writes the seed to standard output, and what could not be used to standard error.
pub(super) fn run(args: &ImportArgs) -> Result<(), CliError> {
    let mut importer = Importer::new(args.recordings.host.clone());
    args.recordings.read(&mut |exchange| match exchange {
        Ok(exchange) => importer.add(Ok(&exchange)),
        Err(error) => importer.add(Err(error)),
    })?;
    let invalid =
        |error: &dyn std::fmt::Display| CliError::new(INVALID_FILE, format!("the seed is invalid: {error}"));
    let mut seed = importer.finish().map_err(|error| invalid(&error))?;
    if args.pseudonymize {
        pseudonymize(&mut seed.json, args.key.as_deref().unwrap_or_default().as_bytes());
    }
    let mut report: String = seed.unused.iter().map(|unused| format!("not used: {unused}\n")).collect();
    report.push_str(&format!("{} objects imported\n", seed.objects));
    let _ = std::io::stderr().write_all(report.as_bytes());
    let json = serde_json::to_string_pretty(&seed.json).map_err(|error| invalid(&error))?;
    print(&format!("{json}\n"))
}

impl RecordingArgs {
    /// Reads the recordings in order, and calls `sink` with each exchange.
    pub(super) fn read(
        &self,
        sink: &mut dyn FnMut(Result<RecordedExchange, RecordingError>),
    ) -> Result<(), CliError> {
        for path in &self.files {
            read_file(path, sink).map_err(|error| CliError::new(INVALID_FILE, error.to_string()))?;
        }
        Ok(())
    }
}

fn read_file(
    path: &Path,
    sink: &mut dyn FnMut(Result<RecordedExchange, RecordingError>),
) -> Result<(), RecordingError> {
    let name = display_name(path);
    if path == Path::new("-") {
        return read(&name, std::io::stdin().lock(), sink);
    }
    match std::fs::File::open(path) {
        Ok(file) => read(&name, file, sink),
        Err(error) => Err(RecordingError { place: name, reason: format!("cannot be read: {error}") }),
    }
}
