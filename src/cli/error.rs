//! Errors of the command line with their exit codes, and the output of commands.

use std::io::Write;

/// The exit code of a failure at runtime.
pub(super) const FAILED: u8 = 1;
/// The exit code for invalid arguments, as in clap.
pub(super) const INVALID_ARGUMENTS: u8 = 2;
/// The exit code for an invalid seed, faults or state file.
pub(super) const INVALID_FILE: u8 = 3;
/// The exit code for an invalid certificate or key.
#[cfg(feature = "tls")]
pub(super) const INVALID_TLS: u8 = 3;
/// The exit code if the address is in use or cannot be bound.
pub(super) const BIND_FAILED: u8 = 4;
/// The exit code if another server uses the state file.
pub(super) const FILE_IN_USE: u8 = 5;

/// An error with the exit code and the message of the process.
pub(super) struct CliError {
    pub(super) code: u8,
    pub(super) message: String,
}

impl CliError {
    pub(super) const fn new(code: u8, message: String) -> Self {
        Self { code, message }
    }
}

/// Writes to standard output.
pub(super) fn print(text: &str) -> Result<(), CliError> {
    let mut out = std::io::stdout();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| CliError::new(FAILED, format!("standard output: {error}")))
}
