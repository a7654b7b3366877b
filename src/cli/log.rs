//! The log on standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use super::args::{Args, LogFormat};
use super::error::{CliError, INVALID_ARGUMENTS};

/// Initializes the log, and logs panics in the same format.
pub(super) fn log_to_stderr(args: &Args) -> Result<(), CliError> {
    let filter = EnvFilter::try_new(&args.log_level).map_err(|error| {
        CliError::new(INVALID_ARGUMENTS, format!("--log-level {}: {error}", args.log_level))
    })?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // By default a failed write of a log line is reported with `eprintln!`, which panics if it fails, too.
        .log_internal_errors(false);
    match args.log_format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => log.json().init(),
    }
    // A panic of a handler is logged like other events, and returns 500. The hook itself must not panic.
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "panicked")));
    Ok(())
}
