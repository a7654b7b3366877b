//! The seed, state and fault files of the arguments.

use std::io::Read;
use std::path::{Path, PathBuf};

use access_groups_mock::{
    App, Fault, Seed, SeedError, StateFile, StateFileError, StateFileWriter, StateSync,
};

use super::arg_values::SeedFormat;
use super::error::{CliError, FILE_IN_USE, INVALID_FILE};
use super::yaml;

/// Returns the name of a file for messages.
pub(super) fn display_name(path: &Path) -> String {
    if is_standard_input(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// Returns whether a path is that of standard input.
pub(super) fn is_standard_input(path: &Path) -> bool {
    path == Path::new("-")
}

/// Reads and parses a seed from a file, or from standard input for `-`; the name of the file tells its format if `format`
/// does not.
pub(super) fn read_seed(path: &Path, format: Option<SeedFormat>) -> Result<Seed, CliError> {
    let is_json = format.unwrap_or_else(|| SeedFormat::from_name(path)) == SeedFormat::Json;
    // The text of an invalid file is looked at again.
    if is_json
        && !is_standard_input(path)
        && let Ok(Ok(seed)) = Seed::open_file(path)
    {
        return Ok(seed);
    }
    let text = if is_standard_input(path) {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    let text = text.map_err(|error| invalid(path, unreadable(&error, "--seed or AGM_SEED")))?;
    parse_seed(path, &text, format)
}

/// Parses the content of the seed file at `path`.
pub(super) fn parse_seed(path: &Path, text: &str, format: Option<SeedFormat>) -> Result<Seed, CliError> {
    let seed = match format.unwrap_or_else(|| SeedFormat::from_name(path)) {
        SeedFormat::Json => Seed::parse(text).map_err(|error| match is_yaml(text) {
            true => "this is YAML, and is read as JSON: name it `.yaml` or `.yml`, or add --seed-format yaml"
                .to_owned(),
            false => error.to_string(),
        }),
        SeedFormat::Yaml => yaml::to_json(text)
            .and_then(|json| Seed::parse(&json).map_err(|error| without_place(&error.to_string()))),
    };
    seed.map_err(|reason| invalid(path, reason))
}

/// Returns a reason without the line and column in the JSON that a YAML file was converted to.
fn without_place(reason: &str) -> String {
    reason.rsplit_once(" at line ").map_or(reason, |(reason, _)| reason).to_owned()
}

/// Returns the error that a file is invalid for `reason`.
pub(super) fn invalid(path: &Path, reason: impl std::fmt::Display) -> CliError {
    CliError::new(INVALID_FILE, format!("{}: {reason}", display_name(path)))
}

/// A state file that this process has locked, with its state.
pub(super) struct OpenedState {
    path: PathBuf,
    file: StateFile,
    /// The state; absent if the file does not exist.
    pub(super) state: Option<Seed>,
}

/// What to do if there is only a backup of the state file.
const RECOVERY_HINT: &str = "its backup FILE.bak is a valid state; start with --state-recover to use it";

/// Locks the state file and reads it.
///
/// If `recovers`, the backup replaces a file that does not exist or is invalid.
pub(super) fn open_state(path: &Path, sync: StateSync, recovers: bool) -> Result<OpenedState, CliError> {
    let file = StateFile::open(path, sync).map_err(|error| state_error(path, &error))?;
    let mut opened = OpenedState { path: path.to_owned(), file, state: None };
    let state = if recovers { opened.file.read_or_recover() } else { opened.file.read() };
    opened.state = state.map_err(|error| match error {
        StateFileError::Invalid(error) => opened.invalid(error),
        error => state_error(path, &error),
    })?;
    if opened.state.is_none() && opened.file.has_valid_backup() {
        tracing::warn!(path = %path.display(), "the state file does not exist, but {RECOVERY_HINT}");
    }
    Ok(opened)
}

impl OpenedState {
    /// Returns the error for an invalid state, which mentions a valid backup.
    pub(super) fn invalid(&self, error: SeedError) -> CliError {
        let mut error = state_error(&self.path, &StateFileError::Invalid(error));
        if self.file.has_valid_backup() {
            error.message = format!("{}; {RECOVERY_HINT}", error.message);
        }
        error
    }

    /// Writes the state of `app` to the file, now and whenever it has changed.
    pub(super) fn start_writing(self, app: &App) -> Result<StateFileWriter, CliError> {
        self.file.start_writing(app).map_err(|error| state_error(&self.path, &error))
    }
}

/// Returns the error for a state file that cannot be used.
fn state_error(path: &Path, error: &StateFileError) -> CliError {
    let code = match error {
        StateFileError::InUse(_) => FILE_IN_USE,
        StateFileError::Invalid(_) | StateFileError::Unusable(_) => INVALID_FILE,
    };
    CliError::new(code, format!("{}: {error}", path.display()))
}

/// Reads the initial faults of every namespace.
pub(super) fn read_faults(path: &Path) -> Result<Vec<Fault>, CliError> {
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|error| invalid(path, unreadable(&error, "--faults or AGM_FAULTS")))?;
    parse_faults(path, &text)
}

/// Parses the content of the file with faults at `path`.
pub(super) fn parse_faults(path: &Path, text: &str) -> Result<Vec<Fault>, CliError> {
    let faults = match SeedFormat::from_name(path) {
        SeedFormat::Json => Fault::parse(text.as_bytes()).map_err(|violation| violation.to_string()),
        SeedFormat::Yaml => yaml::to_json(text).and_then(|json| {
            Fault::parse(json.as_bytes()).map_err(|violation| without_place(&violation.to_string()))
        }),
    };
    faults.map_err(|reason| invalid(path, reason))
}

/// Returns the message that the file of an option cannot be read.
fn unreadable(error: &std::io::Error, option: &str) -> String {
    format!("{error}; this is the file of {option}")
}

/// Returns whether a file that is not JSON looks like YAML, by its first line.
fn is_yaml(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let first = lines.next().unwrap_or_default();
    let is_key = |key: &str| {
        !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-$".contains(&byte))
    };
    first == "---"
        || first
            .split_once(':')
            .is_some_and(|(key, rest)| is_key(key) && (rest.is_empty() || rest.starts_with(' ')))
}
