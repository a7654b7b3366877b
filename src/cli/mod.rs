//! The command line and its environment variables, and what the process says to its surroundings.

mod args;
mod env;
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

use access_groups_mock::store::{Clock, Ids};
use clap::{CommandFactory, Parser};

use args::{Args, Cli, Command};
use serving::Serving;

/// The exit code when the server fails while it runs.
const FAILED: u8 = 1;
/// The exit code for a mistake in the arguments, as clap has it.
const WRONG_ARGUMENTS: u8 = 2;
/// The exit code for a mistake in the seed, the faults or the state file.
const BAD_SEED: u8 = 3;
/// The exit code for a certificate or key that cannot be used.
#[cfg(feature = "tls")]
const BAD_TLS: u8 = 3;
/// The exit code when the address is taken or cannot be bound.
const CANNOT_BIND: u8 = 4;

/// The port of a server that is started by hand.
const PORT: u16 = 4010;

/// Why the process ends with another code than 0.
struct Exit {
    code: u8,
    message: String,
}

impl Exit {
    const fn new(code: u8, message: String) -> Self {
        Self { code, message }
    }
}

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
        Some(Command::Healthcheck(server)) => health::ask(&server.url)
            .map(|()| 0)
            .map_err(|reason| Exit::new(FAILED, format!("{} is not healthy: {reason}", server.url))),
        Some(Command::Completions { shell }) => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "access-groups-mock", &mut text);
            print(&String::from_utf8_lossy(&text)).map(|()| 0)
        }
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(exit) => {
            let _ = writeln!(std::io::stderr(), "access-groups-mock: {}", exit.message);
            ExitCode::from(exit.code)
        }
    }
}

fn on_runtime<T>(work: impl Future<Output = Result<T, Exit>>) -> Result<T, Exit> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Exit::new(FAILED, format!("the runtime does not start: {error}")))?;
    runtime.block_on(work)
}

async fn start(args: Args) -> Result<(), Exit> {
    log::log_to_stderr(&args)?;
    let parent = args.exit_with_parent.then(signal::parent_gone);
    let stop = signal::stop_signal().map_err(|error| Exit::new(FAILED, format!("no signals: {error}")))?;
    let serving = Serving::start(args, PORT).await?;
    announce(&serving).map_err(|error| Exit::new(FAILED, format!("standard output: {error}")))?;
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

/// Reads a seed as the server would at its start.
fn check_seed(file: &std::path::Path) -> Result<(), Exit> {
    let seed = files::read_seed(file)?;
    seed.snapshot(Clock::System, Ids::seeded(0))
        .map_err(|error| Exit::new(BAD_SEED, format!("{}: {error}", files::name_of(file))))?;
    print(&format!("{} is sound\n", files::name_of(file)))
}

/// Writes to standard output.
fn print(text: &str) -> Result<(), Exit> {
    let mut out = std::io::stdout();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| Exit::new(FAILED, format!("standard output: {error}")))
}

/// Writes the ready line to standard output: for a person on a terminal, as JSON elsewhere.
fn announce(serving: &Serving) -> std::io::Result<()> {
    let Serving { url, tls_url, port, is_reused, .. } = serving;
    let mut out = std::io::stdout();
    if out.is_terminal() {
        let also = tls_url.as_ref().map_or_else(String::new, |tls_url| format!(" and {tls_url}"));
        let end = if *is_reused { "was there already" } else { "Ctrl-C stops it" };
        writeln!(out, "access-groups-mock {} is ready on {url}{also} ({end})", env!("CARGO_PKG_VERSION"))?;
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
