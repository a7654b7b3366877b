//! The `exec` command: a server that runs while a command runs.

use std::ffi::OsString;
use std::process::ExitStatus;

use tokio::process::{Child, Command};

use super::args::Args;
use super::env;
use super::error::{CliError, FAILED};
use super::serving::RunningServer;

/// The exit code of a command that cannot be started, as in shells.
const CANNOT_START: u8 = 127;

/// Runs a server until `command` exits, and returns the exit code of the command.
pub(super) async fn run(args: Args, command: Vec<OsString>) -> Result<u8, CliError> {
    let serving = RunningServer::start(args, 0).await?;
    let (program, arguments) =
        command.split_first().ok_or_else(|| CliError::new(FAILED, "no command".to_owned()))?;
    let mut spawner = Command::new(program);
    spawner.args(arguments).envs(env::variables(&serving.url, &serving.url));
    if let Some(url) = &serving.tls_url {
        spawner.env("AGM_TLS_URL", url);
    }
    let mut child = match spawner.spawn() {
        Ok(child) => child,
        Err(error) => {
            serving.stop().await?;
            return Err(CliError::new(CANNOT_START, format!("{}: {error}", program.to_string_lossy())));
        }
    };
    let status = wait(&mut child).await;
    serving.stop().await?;
    let status =
        status.map_err(|error| CliError::new(FAILED, format!("cannot wait for the command: {error}")))?;
    Ok(exit_code(status))
}

/// Waits for the command, and forwards termination signals to it.
#[cfg(unix)]
async fn wait(child: &mut Child) -> std::io::Result<ExitStatus> {
    use rustix::process::{Pid, Signal, kill_process};
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    loop {
        let forwarded = tokio::select! {
            status = child.wait() => return status,
            _ = interrupt.recv() => Signal::INT,
            _ = terminate.recv() => Signal::TERM,
            _ = hangup.recv() => Signal::HUP,
        };
        if let Some(id) = id {
            // An error means that the command has already exited, which the next wait returns.
            let _ = kill_process(id, forwarded);
        }
    }
}

/// Waits for the command.
#[cfg(not(unix))]
async fn wait(child: &mut Child) -> std::io::Result<ExitStatus> {
    child.wait().await
}

/// Returns the exit code of a command, as in shells: 128 plus the number of the signal that terminated it.
fn exit_code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(u8::MAX);
    }
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(FAILED)
}
