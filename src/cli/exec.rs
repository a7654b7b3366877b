//! The `exec` command: a server that runs while a command runs.

use std::ffi::OsString;
use std::process::ExitStatus;

use tokio::process::{Child, Command};

use super::args::Args;
use super::client_environment::{self, REMOVED};
use super::client_files::ClientFiles;
use super::error::{CliError, FAILED};
use super::serving::RunningServer;

/// The exit code of a command that cannot be started, as in shells.
const CANNOT_START: u8 = 127;

/// Runs a server until `command` exits, and returns the exit code of the command.
pub(super) async fn run(args: Args, command: Vec<OsString>) -> Result<u8, CliError> {
    let serving = RunningServer::start(args, 0).await?;
    let (program, arguments) =
        command.split_first().ok_or_else(|| CliError::new(FAILED, "no command".to_owned()))?;
    let (files, environment) = match prepare(&serving) {
        Ok(prepared) => prepared,
        Err(error) => {
            serving.stop().await?;
            return Err(CliError::new(FAILED, format!("cannot write the files of the command: {error}")));
        }
    };
    let mut spawner = Command::new(program);
    spawner.args(arguments).envs(environment);
    REMOVED.iter().for_each(|name| {
        spawner.env_remove(name);
    });
    // Before the command starts: it may send a signal at once.
    let signals = Signals::register()
        .map_err(|error| CliError::new(FAILED, format!("cannot handle signals: {error}")))?;
    let mut child = match spawner.spawn() {
        Ok(child) => child,
        Err(error) => {
            serving.stop().await?;
            return Err(CliError::new(CANNOT_START, format!("{}: {error}", program.to_string_lossy())));
        }
    };
    let status = signals.wait(&mut child).await;
    drop(files);
    serving.stop().await?;
    let status =
        status.map_err(|error| CliError::new(FAILED, format!("cannot wait for the command: {error}")))?;
    Ok(exit_code(status))
}

/// Writes the files that the command needs, and returns them with the environment variables that configure clients.
fn prepare(serving: &RunningServer) -> std::io::Result<(ClientFiles, Vec<(String, String)>)> {
    let current = |name: &str| std::env::var(name).ok();
    let files = ClientFiles::create(&serving.url)?;
    let ibm_credentials = files.ibm_credentials();
    let mut variables = client_environment::variables(
        &serving.url,
        &serving.url,
        &ibm_credentials.to_string_lossy(),
        current,
    );
    if let Some(url) = &serving.tls_url {
        variables.push(("AGM_TLS_URL".to_owned(), url.clone()));
    }
    if let Some(token) = &serving.generated_token {
        variables.push(("AGM_ADMIN_TOKEN".to_owned(), token.clone()));
    }
    #[cfg(feature = "tls")]
    if let Some(ca_pem) = &serving.ca_pem {
        let trust = files.write_trust(ca_pem, current)?;
        variables.extend(trust.into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    Ok((files, variables))
}

/// The termination signals that are forwarded to the command.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Handles the signals from now on: they no longer terminate this process.
    fn register() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// Waits for the command, and forwards the signals to it.
    async fn wait(mut self, child: &mut Child) -> std::io::Result<ExitStatus> {
        use rustix::process::{Pid, Signal, kill_process};

        let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        loop {
            let forwarded = tokio::select! {
                status = child.wait() => return status,
                _ = self.interrupt.recv() => Signal::INT,
                _ = self.terminate.recv() => Signal::TERM,
                _ = self.hangup.recv() => Signal::HUP,
            };
            if let Some(id) = id {
                // An error means that the command has already exited, which the next wait returns.
                let _ = kill_process(id, forwarded);
            }
        }
    }
}

/// No signals are forwarded on this platform.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    const fn register() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn wait(self, child: &mut Child) -> std::io::Result<ExitStatus> {
        child.wait().await
    }
}

/// Returns the exit code of a command, as in shells: 128 plus the number of the signal that terminated it.
fn exit_code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(u8::MAX);
    }
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(FAILED)
}
