//! The seed, state and fault files of the arguments.

use std::io::Read;
use std::path::{Path, PathBuf};

use access_groups_mock::{
    App, Fault, Seed, SeedError, StateFile, StateFileError, StateFileWriter, StateSync,
};

use super::error::{CliError, FILE_IN_USE, INVALID_FILE};

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
    let text = text.map_err(|error| invalid(unreadable(&error, "--seed or AGM_SEED")))?;
    Seed::parse(&text).map_err(|error| {
        if is_yaml(path, &text) {
            return invalid(
                "this is YAML, and a seed is JSON; convert it, such as with `yq -o=json`".to_owned(),
            );
        }
        invalid(error.to_string())
    })
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
    let invalid = |reason: String| CliError::new(INVALID_FILE, format!("{}: {reason}", path.display()));
    let text = std::fs::read(path).map_err(|error| invalid(unreadable(&error, "--faults or AGM_FAULTS")))?;
    Fault::parse(&text).map_err(|violation| invalid(violation.to_string()))
}

/// Returns the message that the file of an option cannot be read.
fn unreadable(error: &std::io::Error, option: &str) -> String {
    format!("{error}; this is the file of {option}")
}

/// Returns whether a file that is not a seed looks like YAML: by its name, or by its first line.
fn is_yaml(path: &Path, text: &str) -> bool {
    let extension = path.extension().map(|extension| extension.to_ascii_lowercase());
    if extension.is_some_and(|extension| extension == "yaml" || extension == "yml") {
        return true;
    }
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
