//! A TCP connection that can be reset on request, and whose activity can be observed.
//!
//! Imports nothing of this crate.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::FutureExt;
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;

/// The number of checks for activity within the time limit of an idle connection.
const IDLE_CHECKS: u32 = 4;

/// The number of counters of waiting bodies: more than the checks since which a body can wait, before the connection ends.
const WAITING_COUNTERS: usize = 8;

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
    /// The numbers of bodies of which the client has not taken the next part, by the number of the check since when.
    waiting_bodies: [AtomicUsize; WAITING_COUNTERS],
    in_flight: InFlightRequests,
}

/// The number of requests without a response, on all connections.
#[derive(Debug, Clone, Default)]
pub(super) struct InFlightRequests(Arc<AtomicUsize>);

/// A guard of a request in flight, whose connection is busy with its response.
#[derive(Debug)]
pub(super) struct InFlightGuard(BusyGuard);

/// A guard that marks the connection as busy with a response until it is dropped.
#[derive(Debug)]
pub(super) struct BusyGuard(ConnectionHandle);

/// A guard of a body that is being sent, which records whether the client takes its parts.
#[derive(Debug)]
pub(super) struct BodyGuard {
    handle: ConnectionHandle,
    /// The number of the check since when the client has not taken the next part.
    waiting_since: Option<u32>,
}

impl InFlightRequests {
    /// Returns whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

impl ConnectionHandle {
    fn new(in_flight: InFlightRequests) -> Self {
        Self(Arc::new(State { in_flight, ..State::default() }))
    }

    /// Counts a request as in flight until the guard is dropped.
    pub(super) fn enter_request(&self) -> InFlightGuard {
        self.0.in_flight.0.fetch_add(1, Ordering::Relaxed);
        InFlightGuard(self.busy())
    }

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
        let mut guard = BodyGuard { handle: self.clone(), waiting_since: None };
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
                tokio::time::sleep(Self::check_interval(limit)).await;
            }
        }
    }

    /// Returns the time between two checks for activity, if an idle connection is closed after `limit`.
    pub(super) fn check_interval(limit: Duration) -> Duration {
        limit / IDLE_CHECKS
    }

    /// Returns the number of checks for activity.
    pub(super) fn checks(&self) -> u32 {
        self.0.checks.load(Ordering::Relaxed)
    }

    /// Counts a check, and returns whether the client has not taken the next part of a body since more checks than an
    /// idle connection has.
    fn has_stalled_body(&self) -> bool {
        let check = self.0.checks.fetch_add(1, Ordering::Relaxed);
        self.waiting_bodies(check.wrapping_sub(IDLE_CHECKS + 1)).load(Ordering::Relaxed) > 0
    }

    /// Returns the number of bodies that wait since `check`.
    fn waiting_bodies(&self, check: u32) -> &AtomicUsize {
        &self.0.waiting_bodies[check as usize % WAITING_COUNTERS]
    }
}

impl Drop for InFlightGuard {
    fn drop(&mut self) {
        self.0.0.0.in_flight.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for BusyGuard {
    fn drop(&mut self) {
        self.0.0.responses.fetch_sub(1, Ordering::Relaxed);
    }
}

impl BodyGuard {
    /// Returns the handle to the connection.
    pub(super) const fn connection(&self) -> &ConnectionHandle {
        &self.handle
    }

    /// Records that the next part is ready, and that the client is to take it.
    pub(super) fn wait_for_client(&mut self) {
        let check = self.handle.checks();
        if self.waiting_since != Some(check) {
            self.stop_waiting();
            self.waiting_since = Some(check);
            self.handle.waiting_bodies(check).fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Records that the client has taken all parts that are ready.
    pub(super) fn stop_waiting(&mut self) {
        if let Some(check) = self.waiting_since.take() {
            self.handle.waiting_bodies(check).fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Drop for BodyGuard {
    fn drop(&mut self) {
        self.stop_waiting();
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
    /// Wraps `stream`, and returns the connection with its handle and a probe. Its requests are counted in `in_flight`.
    pub(super) fn new(
        stream: TcpStream,
        in_flight: InFlightRequests,
    ) -> (Self, ConnectionHandle, ConnectionProbe) {
        let handle = ConnectionHandle::new(in_flight);
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
