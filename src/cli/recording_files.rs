//! The recordings of a command, which are read once, or twice: a replay has to know all requests before the first one.

use std::io::Read;
use std::path::{Path, PathBuf};

use access_groups_mock::recordings::{RecordedExchange, RecordingError, read};

use super::error::{CliError, INVALID_FILE};
use super::files::{display_name, is_standard_input};
use super::recording_args::RecordingArgs;

/// What is called with each exchange, or with the error of an entry that cannot be read.
pub(super) type Sink<'a> = &'a mut dyn FnMut(Result<RecordedExchange, RecordingError>);

/// Recordings that can be read more than once.
#[derive(Debug)]
pub(super) struct RecordingFiles(Vec<RecordingFile>);

/// A recording that can be read more than once.
#[derive(Debug)]
enum RecordingFile {
    File(PathBuf),
    /// The content of standard input or of a pipe, which can be read only once.
    Content {
        name: String,
        bytes: Vec<u8>,
    },
}

impl RecordingArgs {
    /// Reads the recordings once, in order, and calls `sink` with each exchange.
    pub(super) fn read(&self, sink: Sink<'_>) -> Result<(), CliError> {
        for path in &self.files {
            open(path)
                .and_then(|input| read(&display_name(path), input, sink))
                .map_err(|error| invalid(&error))?;
        }
        Ok(())
    }

    /// Returns the recordings to be read more than once.
    pub(super) fn rereadable(&self) -> Result<RecordingFiles, CliError> {
        let files = self.files.iter().map(|path| {
            if std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file()) && !is_standard_input(path) {
                return Ok(RecordingFile::File(path.clone()));
            }
            let mut bytes = Vec::new();
            let mut input = open(path)?;
            input.read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
            Ok(RecordingFile::Content { name: display_name(path), bytes })
        });
        files.collect::<Result<_, _>>().map(RecordingFiles).map_err(|error| invalid(&error))
    }
}

impl RecordingFiles {
    /// Reads the recordings in order, and calls `sink` with each exchange.
    pub(super) fn read(&self, sink: Sink<'_>) -> Result<(), CliError> {
        for file in &self.0 {
            let result = match file {
                RecordingFile::File(path) => {
                    open(path).and_then(|input| read(&display_name(path), input, sink))
                }
                RecordingFile::Content { name, bytes } => read(name, bytes.as_slice(), sink),
            };
            result.map_err(|error| invalid(&error))?;
        }
        Ok(())
    }
}

fn open(path: &Path) -> Result<Box<dyn Read>, RecordingError> {
    if is_standard_input(path) {
        return Ok(Box::new(std::io::stdin().lock()));
    }
    match std::fs::File::open(path) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => Err(unreadable(path, &error)),
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> RecordingError {
    RecordingError { place: display_name(path), reason: format!("cannot be read: {error}") }
}

fn invalid(error: &RecordingError) -> CliError {
    CliError::new(INVALID_FILE, error.to_string())
}
