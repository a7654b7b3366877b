//! A TCP connection that can be reset on request, and whose activity can be observed.
//!
//! Imports nothing of this crate.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::FutureExt;
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;

/// The number of checks for activity within the time limit of an idle connection.
const IDLE_CHECKS: u32 = 4;

/// A TCP connection that is closed when it is dropped, or reset after [`ConnectionHandle::reset_on_drop`].
#[derive(Debug)]
pub(super) struct Connection {
    stream: Arc<Mutex<TcpStream>>,
    handle: ConnectionHandle,
}

/// Observes whether the client has closed a connection whose requests are not read at the moment.
#[derive(Debug)]
pub(super) struct ConnectionProbe(Arc<Mutex<TcpStream>>);

/// A handle to the state of a connection, shared with the tasks that serve it.
#[derive(Debug, Clone, Default)]
pub(super) struct ConnectionHandle(Arc<State>);

#[derive(Debug, Default)]
struct State {
    is_reset: AtomicBool,
    /// The number of events that show that the connection is in use.
    progress: AtomicUsize,
    /// The number of responses that are being generated.
    responses: AtomicUsize,
    /// The number of checks for activity.
    checks: AtomicU32,
    next_body: AtomicU64,
    /// The bodies of which the client has not taken the next part, each with the number of the check since when. They
    /// are few, because the streams of a connection are limited.
    unread_bodies: Mutex<Vec<(u64, u32)>>,
}

/// A guard that marks the connection as busy with a response until it is dropped.
#[derive(Debug)]
pub(super) struct BusyGuard(ConnectionHandle);

/// A guard of a body that is being sent, which records whether the client takes its parts.
#[derive(Debug)]
pub(super) struct BodyGuard {
    handle: ConnectionHandle,
    id: u64,
}

impl ConnectionHandle {
    /// Makes the connection end with a TCP reset.
    pub(super) fn reset_on_drop(&self) {
        self.0.is_reset.store(true, Ordering::Relaxed);
    }

    /// Marks the connection as busy with a response until the guard is dropped.
    pub(super) fn busy(&self) -> BusyGuard {
        self.0.responses.fetch_add(1, Ordering::Relaxed);
        BusyGuard(self.clone())
    }

    /// Records that the connection is in use.
    pub(super) fn record_progress(&self) {
        self.0.progress.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns a guard for a body of which the client has taken nothing yet.
    pub(super) fn track_body(&self) -> BodyGuard {
        let id = self.0.next_body.fetch_add(1, Ordering::Relaxed);
        let guard = BodyGuard { handle: self.clone(), id };
        guard.wait_for_client();
        guard
    }

    /// Waits until the connection has been idle for `limit`, or up to a quarter longer: no response was being generated
    /// and nothing was sent. Also ends if the client took no part of a response for this time, or has closed the
    /// connection while it waits for a response.
    ///
    /// A client that does not complete the headers of a request also counts as idle.
    pub(super) async fn wait_until_idle(&self, limit: Duration, probe: &ConnectionProbe) {
        let (mut last_progress, mut idle_checks) = (None, 0);
        while idle_checks <= IDLE_CHECKS {
            let is_busy = self.0.responses.load(Ordering::Relaxed) > 0;
            if (is_busy && probe.is_closed_by_client()) || self.has_stalled_body() {
                return;
            }
            let progress = Some(self.0.progress.load(Ordering::Relaxed));
            let is_idle = progress == last_progress && !is_busy;
            (last_progress, idle_checks) = (progress, if is_idle { idle_checks + 1 } else { 1 });
            if idle_checks <= IDLE_CHECKS {
                tokio::time::sleep(limit / IDLE_CHECKS).await;
            }
        }
    }

    /// Counts a check, and returns whether the client has not taken the next part of a body since more checks than an
    /// idle connection has.
    fn has_stalled_body(&self) -> bool {
        let check = self.0.checks.fetch_add(1, Ordering::Relaxed);
        self.0.unread_bodies.lock().iter().any(|(_, since)| check.wrapping_sub(*since) > IDLE_CHECKS)
    }
}

impl Drop for BusyGuard {
    fn drop(&mut self) {
        self.0.0.responses.fetch_sub(1, Ordering::Relaxed);
    }
}

impl BodyGuard {
    /// Records that the next part is ready, and that the client is to take it.
    pub(super) fn wait_for_client(&self) {
        let check = self.handle.0.checks.load(Ordering::Relaxed);
        let mut unread_bodies = self.handle.0.unread_bodies.lock();
        match unread_bodies.iter_mut().find(|(id, _)| *id == self.id) {
            Some((_, since)) => *since = check,
            None => unread_bodies.push((self.id, check)),
        }
    }

    /// Records that the client can take the next part.
    pub(super) fn client_is_ready(&self) {
        let mut unread_bodies = self.handle.0.unread_bodies.lock();
        if let Some(at) = unread_bodies.iter().position(|(id, _)| *id == self.id) {
            unread_bodies.swap_remove(at);
        }
    }
}

impl Drop for BodyGuard {
    fn drop(&mut self) {
        self.client_is_ready();
    }
}

impl ConnectionProbe {
    /// Returns whether the client has closed its side of the connection, also if it has sent requests that are not
    /// read yet.
    fn is_closed_by_client(&self) -> bool {
        let stream = self.0.lock();
        let ready = stream.ready(Interest::READABLE).now_or_never();
        matches!(ready, Some(Ok(ready)) if ready.is_read_closed())
    }
}

impl Connection {
    /// Wraps `stream`, and returns the connection with its handle and a probe.
    pub(super) fn new(stream: TcpStream) -> (Self, ConnectionHandle, ConnectionProbe) {
        let handle = ConnectionHandle::default();
        let stream = Arc::new(Mutex::new(stream));
        let probe = ConnectionProbe(Arc::clone(&stream));
        (Self { stream, handle: handle.clone() }, handle, probe)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.handle.0.is_reset.load(Ordering::Relaxed) {
            // If the connection cannot be reset, it is closed, which is also an error for the client.
            let _ = self.stream.lock().set_zero_linger();
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.stream.lock()).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.stream.lock()).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.stream.lock()).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.stream.lock()).poll_shutdown(context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.stream.lock()).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }
}
