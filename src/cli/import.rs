//! `import`: a seed from recordings of a real account.

use std::io::Write;
use std::path::Path;

use access_groups_mock::recordings::{Importer, RecordedExchange, RecordingError, pseudonymize, read};

use super::error::{CliError, INVALID_FILE, print};
use super::files::display_name;
use super::recording_args::{ImportArgs, RecordingArgs};

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
