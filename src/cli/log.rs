//! The log on standard error.

use std::io::IsTerminal;
use std::time::Duration;

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

use super::arg_values::LogFormat;
use super::args::Args;
use super::error::{CliError, INVALID_ARGUMENTS};
use super::log_limit::{LogLimit, REQUEST_LOG};
use super::log_queue::LogQueue;
use super::watch::WATCH_LOG;

/// The maximum time for writing the rest of the log at the end of the process.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

/// The log; its lines are written by another thread, which must be given time at the end of the process.
#[derive(Debug, Clone)]
pub(super) struct Log {
    queue: LogQueue,
    limit: LogLimit,
}

impl Log {
    /// Initializes the log, and logs panics in the same format.
    pub(super) fn start(args: &Args) -> Result<Self, CliError> {
        let requests = if args.log_requests { format!(",{REQUEST_LOG}=debug") } else { String::new() };
        let reloads = if args.watch { format!(",{WATCH_LOG}=info") } else { String::new() };
        let filter =
            format!("{}{requests}{reloads}", args.log_level).parse::<Targets>().map_err(|error| {
                CliError::new(INVALID_ARGUMENTS, format!("--log-level {}: {error}", args.log_level))
            })?;
        let report = match args.log_format {
            LogFormat::Text => {
                |lines| format!("{lines} log lines were dropped: nobody reads standard error\n")
            }
            LogFormat::Json => |lines| {
                let message = "log lines were dropped: nobody reads standard error";
                format!(
                    "{}\n",
                    serde_json::json!({"level": "WARN", "fields": {"message": message, "lines": lines}})
                )
            },
        };
        let queue = LogQueue::new(std::io::stderr(), report);
        // By default a failed write of a log line is reported with `eprintln!`, which panics if it fails, too.
        let lines = fmt::layer().with_writer(queue.clone()).log_internal_errors(false);
        let lines = match args.log_format {
            LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).boxed(),
            LogFormat::Json => lines.json().boxed(),
        };
        let limit = LogLimit::default();
        tracing_subscriber::registry().with(filter).with(limit.clone()).with(lines).init();
        // A panic of a handler is logged like other events, and returns 500. The hook itself must not panic.
        std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "panicked")));
        Ok(Self { queue, limit })
    }

    /// Writes a line that is not of the log, in order with the log.
    pub(super) fn print(&self, line: &str) {
        self.queue.push(line.as_bytes());
    }

    /// Writes the rest of the log, for at most a second.
    pub(super) fn flush(&self) {
        self.limit.report();
        self.queue.flush(FLUSH_TIMEOUT);
    }
}
