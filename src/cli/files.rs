//! The files that arguments name.

use std::io::Read;
use std::path::Path;

use access_groups_mock::{Fault, Seed, read_state_file};

use super::{BAD_SEED, Exit};

/// How a message names the seed.
pub(super) fn name_of(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

pub(super) fn read_seed(path: &Path) -> Result<Seed, Exit> {
    let mistake = |reason: String| Exit::new(BAD_SEED, format!("{}: {reason}", name_of(path)));
    let text = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    let text = text.map_err(|error| mistake(error.to_string()))?;
    Seed::parse(&text).map_err(|error| mistake(error.to_string()))
}

/// Reads the state file, if it is there.
pub(super) fn read_state(path: &Path) -> Result<Option<Seed>, Exit> {
    read_state_file(path).map_err(|error| Exit::new(BAD_SEED, format!("{}: {error}", path.display())))
}

/// Reads the faults that every namespace begins with.
pub(super) fn read_faults(path: &Path) -> Result<Vec<Fault>, Exit> {
    let mistake = |reason: String| Exit::new(BAD_SEED, format!("{}: {reason}", path.display()));
    let text = std::fs::read(path).map_err(|error| mistake(error.to_string()))?;
    Fault::read(&text).map_err(|violation| mistake(violation.to_string()))
}
