//! The seed, state and fault files of the arguments.

use std::io::Read;
use std::path::Path;

use access_groups_mock::{Fault, Seed, read_state_file};

use super::error::{CliError, INVALID_FILE};

/// Returns the name of a file for messages.
pub(super) fn display_name(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

/// Reads and parses a seed from a file, or from standard input for `-`.
pub(super) fn read_seed(path: &Path) -> Result<Seed, CliError> {
    let invalid = |reason: String| CliError::new(INVALID_FILE, format!("{}: {reason}", display_name(path)));
    let text = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    let text = text.map_err(|error| invalid(error.to_string()))?;
    Seed::parse(&text).map_err(|error| invalid(error.to_string()))
}

/// Reads the state file; returns `None` if it does not exist.
pub(super) fn read_state(path: &Path) -> Result<Option<Seed>, CliError> {
    read_state_file(path).map_err(|error| CliError::new(INVALID_FILE, format!("{}: {error}", path.display())))
}

/// Reads the initial faults of every namespace.
pub(super) fn read_faults(path: &Path) -> Result<Vec<Fault>, CliError> {
    let invalid = |reason: String| CliError::new(INVALID_FILE, format!("{}: {reason}", path.display()));
    let text = std::fs::read(path).map_err(|error| invalid(error.to_string()))?;
    Fault::parse(&text).map_err(|violation| invalid(violation.to_string()))
}
