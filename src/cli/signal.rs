//! Events that stop the process: signals, and the exit of the parent process.

use super::log::Log;

/// Returns a future that completes on SIGINT or SIGTERM; registers the signal handlers before it returns.
#[cfg(unix)]
pub(super) fn stop_signal(log: Log) -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        // A second signal terminates the process without waiting for the requests in flight.
        tokio::spawn(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            log.flush();
            std::process::exit(super::FAILED.into());
        });
    })
}

/// Returns a future that completes on Ctrl-C.
#[cfg(not(unix))]
pub(super) fn stop_signal(_: Log) -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// The interval of checking whether the parent process still exists.
#[cfg(unix)]
const PARENT_POLL_INTERVAL: std::time::Duration = std::time::Duration::from_millis(200);

/// Returns a future that completes when the parent process exits.
#[cfg(unix)]
pub(super) fn parent_exited() -> impl Future<Output = ()> {
    let parent = std::os::unix::process::parent_id();
    async move {
        while std::os::unix::process::parent_id() == parent {
            tokio::time::sleep(PARENT_POLL_INTERVAL).await;
        }
    }
}

/// Returns a future that completes at the end of standard input, which the parent process keeps open.
#[cfg(not(unix))]
pub(super) fn parent_exited() -> impl Future<Output = ()> {
    let (ended, end) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        let _ = ended.send(());
    });
    async move {
        let _ = end.await;
    }
}
