//! `exec`: a server for as long as a command runs.

use std::ffi::OsString;
use std::process::ExitStatus;

use tokio::process::{Child, Command};

use super::args::Args;
use super::serving::Serving;
use super::{Exit, FAILED, env};

/// The exit code of a command that cannot be started, as shells have it.
const CANNOT_START: u8 = 127;

/// Serves while `command` runs, and returns its exit code.
pub(super) async fn run(args: Args, command: Vec<OsString>) -> Result<u8, Exit> {
    let serving = Serving::start(args, 0).await?;
    let (program, arguments) =
        command.split_first().ok_or_else(|| Exit::new(FAILED, "no command".to_owned()))?;
    let mut child = Command::new(program);
    child.args(arguments).envs(env::variables(&serving.url, &serving.url));
    if let Some(url) = &serving.tls_url {
        child.env("AGM_TLS_URL", url);
    }
    let spawned = child.spawn();
    let mut child = match spawned {
        Ok(child) => child,
        Err(error) => {
            serving.stop().await?;
            return Err(Exit::new(CANNOT_START, format!("{}: {error}", program.to_string_lossy())));
        }
    };
    let status =
        wait(&mut child).await.map_err(|error| Exit::new(FAILED, format!("the command: {error}")))?;
    serving.stop().await?;
    Ok(code_of(status))
}

/// Waits for the command; what this process is asked to end by is passed on to it.
#[cfg(unix)]
async fn wait(child: &mut Child) -> std::io::Result<ExitStatus> {
    use rustix::process::{Pid, Signal, kill_process};
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    loop {
        let passed_on = tokio::select! {
            status = child.wait() => return status,
            _ = interrupt.recv() => Signal::INT,
            _ = terminate.recv() => Signal::TERM,
            _ = hangup.recv() => Signal::HUP,
        };
        if let Some(id) = id {
            // A command that has ended meanwhile is about to be told of by the wait.
            let _ = kill_process(id, passed_on);
        }
    }
}

/// Waits for the command.
#[cfg(not(unix))]
async fn wait(child: &mut Child) -> std::io::Result<ExitStatus> {
    child.wait().await
}

/// The exit code of a command as shells have it: 128 and the number of the signal that ended it.
fn code_of(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(u8::MAX);
    }
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(FAILED)
}
