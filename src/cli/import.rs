//! `import`: a seed from recordings of a real account.

use std::io::Write;

use access_groups_mock::recordings::Importer;

use super::error::{CliError, INVALID_FILE, print};
use super::recording_args::ImportArgs;

/// Writes the seed to standard output, and what could not be used to standard error.
pub(super) fn run(args: &ImportArgs) -> Result<(), CliError> {
    let pseudonyms = args.pseudonyms.pseudonyms()?;
    let mut importer = Importer::new(args.recordings.host.clone());
    args.recordings.read(&mut |exchange| match exchange {
        Ok(exchange) => importer.add(Ok(&exchange)),
        Err(error) => importer.add(Err(error)),
    })?;
    let invalid =
        |error: &dyn std::fmt::Display| CliError::new(INVALID_FILE, format!("the seed is invalid: {error}"));
    let mut seed = importer.finish().map_err(|error| invalid(&error))?;
    if let Some(mut pseudonyms) = pseudonyms {
        pseudonyms.replace_in_seed(&mut seed.json);
    }
    let mut report: String = seed.unused.iter().map(|unused| format!("not used: {unused}\n")).collect();
    report.push_str(&format!("{} objects imported\n", seed.objects));
    let _ = std::io::stderr().write_all(report.as_bytes());
    let json = serde_json::to_string_pretty(&seed.json).map_err(|error| invalid(&error))?;
    print(&format!("{json}\n"))
}
