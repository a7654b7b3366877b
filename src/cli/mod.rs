//! The command line and its environment variables, and what the process says to its surroundings.

mod args;
mod files;
mod log;
mod parse;
mod signal;
#[cfg(feature = "tls")]
mod tls;

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use access_groups_mock::store::{Clock, Ids};
use access_groups_mock::{App, StateFile, serve};
use clap::Parser;
use tokio::net::TcpListener;

use args::Args;

/// The exit code when the server fails while it runs.
const FAILED: u8 = 1;
/// The exit code for a mistake in the seed; clap uses 2 for one in the arguments.
const BAD_SEED: u8 = 3;
/// The exit code for a certificate or key that cannot be used.
#[cfg(feature = "tls")]
const BAD_TLS: u8 = 3;
/// The exit code when the address is taken or cannot be bound.
const CANNOT_BIND: u8 = 4;

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
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = runtime
        .map_err(|error| Exit::new(FAILED, format!("the runtime does not start: {error}")))
        .and_then(|runtime| runtime.block_on(start(args)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(exit) => {
            let _ = writeln!(std::io::stderr(), "access-groups-mock: {}", exit.message);
            ExitCode::from(exit.code)
        }
    }
}

async fn start(args: Args) -> Result<(), Exit> {
    log::log_to_stderr(&args)?;
    let seed = args.seed.as_deref().map(files::read_seed).transpose()?.unwrap_or_default();
    let faults = args.faults.as_deref().map(files::read_faults).transpose()?.unwrap_or_default();
    let state = args.state_file.as_deref().map(files::read_state).transpose()?.flatten();
    let address = SocketAddr::new(args.host, args.port);
    let cannot_bind = |error| Exit::new(CANNOT_BIND, format!("cannot listen on {address}: {error}"));
    let listener = TcpListener::bind(address).await.map_err(cannot_bind)?;
    let bound = listener.local_addr().map_err(cannot_bind)?;
    let (seed_file, state_file) = (args.seed.clone(), args.state_file.clone());
    #[cfg(feature = "tls")]
    let tls = tls::tls_of(&args)?;
    #[cfg_attr(not(feature = "tls"), expect(unused_mut, reason = "only TLS is set afterwards"))]
    let mut config = args.into_config(bound, faults);
    #[cfg(feature = "tls")]
    {
        config.tls = tls;
    }
    let app = App::with_state(config, &seed, state.as_ref()).map_err(|error| {
        // The seed is looked at first: where it is sound, the mistake is in the state file.
        let is_seeds = seed.snapshot(Clock::System, Ids::seeded(0)).is_err();
        let source = if is_seeds { &seed_file } else { &state_file };
        let source = source.as_deref().map(files::name_of).unwrap_or_default();
        Exit::new(BAD_SEED, format!("{source}: {error}"))
    })?;
    let stop = signal::stop_signal().map_err(|error| Exit::new(FAILED, format!("no signals: {error}")))?;
    let state_file = state_file.map(|path| StateFile::keep(&app, path));
    announce(bound).map_err(|error| Exit::new(FAILED, format!("standard output: {error}")))?;
    serve(listener, &app, stop).await.map_err(|error| Exit::new(FAILED, error.to_string()))?;
    match state_file {
        Some(state_file) => {
            state_file.finish().await.map_err(|error| Exit::new(FAILED, format!("state file: {error}")))
        }
        None => Ok(()),
    }
}

/// Writes the ready line to standard output: for a person on a terminal, as JSON elsewhere.
fn announce(bound: SocketAddr) -> std::io::Result<()> {
    let url = format!("http://{bound}");
    let mut out = std::io::stdout();
    if out.is_terminal() {
        writeln!(
            out,
            "access-groups-mock {} is ready on {url} (Ctrl-C stops it)",
            env!("CARGO_PKG_VERSION")
        )?;
    } else {
        let pid = std::process::id();
        writeln!(out, r#"{{"event":"ready","url":"{url}","port":{},"pid":{pid}}}"#, bound.port())?;
    }
    out.flush()
}
