//! The command line interface: arguments, environment variables, output and exit codes.

mod args;
mod env;
mod error;
mod exec;
mod files;
mod health;
mod log;
mod parse;
mod serving;
mod signal;
#[cfg(feature = "tls")]
mod tls;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use access_groups_mock::store::{ClockSetting, IdGenerator};
use clap::{CommandFactory, Parser};

use args::{Args, Cli, Command};
use error::{CliError, FAILED, INVALID_FILE, print};
use serving::RunningServer;

/// The default port of a server without `exec`.
const DEFAULT_PORT: u16 = 4010;

/// Runs the program.
pub(crate) fn run() -> ExitCode {
    let Cli { command, args } = Cli::parse();
    let outcome = match command {
        None => on_runtime(start(args)).map(|()| 0),
        Some(Command::Exec(exec)) => on_runtime(async move {
            log::log_to_stderr(&exec.args)?;
            exec::run(exec.args, exec.command).await
        }),
        Some(Command::Env(env)) => env::print(&env).map(|()| 0),
        Some(Command::CheckSeed { file }) => check_seed(&file).map(|()| 0),
        Some(Command::Healthcheck(server)) => health::check(&server.url)
            .map(|()| 0)
            .map_err(|reason| CliError::new(FAILED, format!("{} is not healthy: {reason}", server.url))),
        Some(Command::Completions { shell }) => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "access-groups-mock", &mut text);
            print(&String::from_utf8_lossy(&text)).map(|()| 0)
        }
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "access-groups-mock: {}", error.message);
            ExitCode::from(error.code)
        }
    }
}

/// Runs `work` on a new tokio runtime.
fn on_runtime<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| CliError::new(FAILED, format!("cannot create the runtime: {error}")))?;
    runtime.block_on(work)
}

/// Runs the server until a signal, or until the parent process exits.
async fn start(args: Args) -> Result<(), CliError> {
    log::log_to_stderr(&args)?;
    let parent = args.exit_with_parent.then(signal::parent_exited);
    let stop = signal::stop_signal()
        .map_err(|error| CliError::new(FAILED, format!("cannot register signal handlers: {error}")))?;
    let serving = RunningServer::start(args, DEFAULT_PORT).await?;
    if let Err(error) = print_ready_line(&serving) {
        // The server is ready even if nobody reads its standard output.
        tracing::warn!(%error, "cannot write the ready line");
    }
    if serving.is_reused {
        return Ok(());
    }
    match parent {
        Some(parent) => tokio::select! {
            () = stop => {}
            () = parent => {}
        },
        None => stop.await,
    }
    serving.stop().await
}

/// Validates a seed in the same way as the server at startup.
fn check_seed(file: &std::path::Path) -> Result<(), CliError> {
    let seed = files::read_seed(file)?;
    seed.snapshot(ClockSetting::System, IdGenerator::from_seed(0))
        .map_err(|error| CliError::new(INVALID_FILE, format!("{}: {error}", files::display_name(file))))?;
    print(&format!("{} is valid\n", files::display_name(file)))
}

/// Prints the ready line to standard output: as text on a terminal, otherwise as JSON.
fn print_ready_line(serving: &RunningServer) -> std::io::Result<()> {
    let RunningServer { url, tls_url, port, is_reused, .. } = serving;
    let mut out = std::io::stdout();
    if out.is_terminal() {
        let also = tls_url.as_ref().map_or_else(String::new, |tls_url| format!(" and {tls_url}"));
        let note = if *is_reused { "reused a running instance" } else { "press Ctrl-C to stop" };
        writeln!(out, "access-groups-mock {} is ready on {url}{also} ({note})", env!("CARGO_PKG_VERSION"))?;
        return out.flush();
    }
    let mut ready = serde_json::json!({"event": "ready", "url": url, "port": port});
    if *is_reused {
        ready["reused"] = true.into();
    } else {
        ready["pid"] = std::process::id().into();
    }
    if let Some(tls_url) = tls_url {
        ready["tls_url"] = tls_url.as_str().into();
    }
    writeln!(out, "{ready}")?;
    out.flush()
}
