//! The command line interface: arguments, environment variables, output and exit codes.

mod arg_values;
mod args;
mod client_environment;
mod client_files;
mod deferred;
mod env;
mod error;
mod exec;
mod files;
mod health;
#[cfg(feature = "recordings")]
mod import;
mod log;
mod log_limit;
mod log_queue;
mod parse;
#[cfg(feature = "recordings")]
mod recording_args;
#[cfg(feature = "recordings")]
mod recording_files;
#[cfg(feature = "recordings")]
mod replay;
mod response_args;
mod serving;
mod signal;
#[cfg(feature = "tls")]
mod tls;
#[cfg(feature = "tls")]
mod trust;
mod variables;
mod watch;
mod yaml;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use access_groups_mock::store::{ClockSetting, IdGenerator};
use clap::{CommandFactory, FromArgMatches};

use arg_values::SeedFormat;
use args::{Args, Cli, Command, ExecArgs};
use error::{CliError, FAILED, INVALID_FILE, print};
use log::Log;
use serving::RunningServer;
use variables::UnknownVariables;

/// The default port of a server without `exec`.
const DEFAULT_PORT: u16 = 4010;

/// The maximum time for writing the ready line before signals are handled.
const READY_LINE_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(1);

/// Runs the program.
pub(crate) fn run() -> ExitCode {
    let mut definition = Cli::command();
    let Cli { command, args } = match parse_arguments(&mut definition) {
        Ok(cli) => cli,
        Err(error) => return ExitCode::from(variables::print_error(&error, &definition)),
    };
    let unknown_variables = UnknownVariables::find(&definition);
    // The definition has the texts of the help, which a server does not need.
    drop(definition);
    let outcome = match command {
        None => serve(args, &unknown_variables),
        Some(Command::Serve(serve_args)) => serve(*serve_args.0, &unknown_variables),
        Some(Command::Exec(exec)) => {
            let ExecArgs { args, command } = *exec.0;
            with_log(&args.clone(), &unknown_variables, |_| on_runtime(exec::run(args, command)))
        }
        Some(Command::Env(env)) => env::print(&env).map(|()| 0),
        Some(Command::CheckSeed { file, seed_format }) => check_seed(&file, seed_format).map(|()| 0),
        #[cfg(feature = "recordings")]
        Some(Command::Import(import)) => import::run(&import).map(|()| 0),
        #[cfg(feature = "recordings")]
        Some(Command::Replay(args)) => replay::run(&args.0),
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
            let _ = std::io::stderr().write_all(error_line(&error).as_bytes());
            ExitCode::from(error.code)
        }
    }
}

/// Parses the command line; `definition` then contains what was needed for it.
fn parse_arguments(definition: &mut clap::Command) -> Result<Cli, clap::Error> {
    let mut matches = definition.try_get_matches_from_mut(std::env::args_os())?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(definition))
}

/// Runs the server, and returns the exit code.
fn serve(args: Args, unknown_variables: &UnknownVariables) -> Result<u8, CliError> {
    with_log(&args.clone(), unknown_variables, |log| on_runtime(start(args, log)).map(|()| 0))
}

/// Runs `work` with the log, and writes its error and the rest of the log afterwards. Returns the exit code.
fn with_log(
    args: &Args,
    unknown_variables: &UnknownVariables,
    work: impl FnOnce(Log) -> Result<u8, CliError>,
) -> Result<u8, CliError> {
    let log = Log::start(args)?;
    unknown_variables.warn();
    let code = work(log.clone()).unwrap_or_else(|error| {
        log.print(&error_line(&error));
        error.code
    });
    log.flush();
    Ok(code)
}

/// Returns the line on standard error for an error.
fn error_line(error: &CliError) -> String {
    format!("access-groups-mock: {}\n", error.message)
}

/// Runs `work` on a new tokio runtime.
fn on_runtime<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| CliError::new(FAILED, format!("cannot create the runtime: {error}")))?;
    runtime.block_on(work)
}

/// Runs the server until a signal, or until the parent process exits.
async fn start(args: Args, log: Log) -> Result<(), CliError> {
    let parent = args.exit_with_parent.then(signal::parent_exited);
    let stop = signal::stop_signal(log)
        .map_err(|error| CliError::new(FAILED, format!("cannot register signal handlers: {error}")))?;
    let serving = RunningServer::start(args, DEFAULT_PORT).await?;
    let ready_line = format_ready_line(&serving);
    if serving.is_reused {
        return print(&ready_line);
    }
    // The server is ready even if nobody reads its standard output, which may block.
    let (printed_tx, printed) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        if let Err(error) = print(&ready_line) {
            tracing::warn!(error = error.message, "cannot write the ready line");
        }
        let _ = printed_tx.send(());
    });
    let _ = tokio::time::timeout(READY_LINE_TIMEOUT, printed).await;
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
fn check_seed(file: &std::path::Path, format: Option<SeedFormat>) -> Result<(), CliError> {
    let seed = files::read_seed(file, format)?;
    seed.snapshot(ClockSetting::System, IdGenerator::from_seed(0))
        .map_err(|error| CliError::new(INVALID_FILE, format!("{}: {error}", files::display_name(file))))?;
    print(&format!("{} is valid\n", files::display_name(file)))
}

/// Returns the ready line for standard output: as text on a terminal, with a line for the console, otherwise as JSON.
fn format_ready_line(serving: &RunningServer) -> String {
    let RunningServer { url, tls_url, port, is_reused, has_console, generated_token, .. } = serving;
    if std::io::stdout().is_terminal() {
        let also = tls_url.as_ref().map_or_else(String::new, |tls_url| format!(" and {tls_url}"));
        let note = if *is_reused { "reused a running instance" } else { "press Ctrl-C to stop" };
        // A fragment is not sent to the server, so that the token is in no log.
        let token = generated_token.as_ref().map_or_else(String::new, |token| format!("#token={token}"));
        let console = match (has_console, generated_token) {
            (true, _) => format!("console: {url}/__admin/ui/{token}\n"),
            (false, Some(token)) => format!("admin token: {token}\n"),
            (false, None) => String::new(),
        };
        return format!(
            "access-groups-mock {} is ready on {url}{also} ({note})\n{console}",
            env!("CARGO_PKG_VERSION")
        );
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
    if let Some(token) = generated_token {
        ready["admin_token"] = token.as_str().into();
    }
    format!("{ready}\n")
}
