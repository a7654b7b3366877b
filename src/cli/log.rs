//! The log on standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use super::Exit;
use super::args::{Args, LogFormat};

pub(super) fn log_to_stderr(args: &Args) -> Result<(), Exit> {
    let filter = EnvFilter::try_new(&args.log_level)
        .map_err(|error| Exit::new(2, format!("--log-level {}: {error}", args.log_level)))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match args.log_format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => log.json().init(),
    }
    // A panic is told of in the form of the log, and answered with a 500.
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "panicked")));
    Ok(())
}
