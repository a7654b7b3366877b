//! A TCP connection that can be reset on request, and whose activity can be observed.
//!
//! Imports nothing of this crate.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The number of checks for activity within the time limit of an idle connection.
const IDLE_CHECKS: u32 = 4;

/// A TCP connection that is closed when it is dropped, or reset after [`ConnectionHandle::reset_on_drop`].
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    handle: ConnectionHandle,
}

/// A handle to the state of a connection, shared with the tasks that serve it.
#[derive(Debug, Clone, Default)]
pub(super) struct ConnectionHandle(Arc<State>);

#[derive(Debug, Default)]
struct State {
    is_reset: AtomicBool,
    /// The number of writes.
    writes: AtomicUsize,
    /// The number of responses that are being generated.
    responses: AtomicUsize,
}

/// A guard that marks the connection as busy with a response until it is dropped.
#[derive(Debug)]
pub(super) struct BusyGuard(ConnectionHandle);

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

    /// Waits until the connection has been idle for `limit`, or up to a quarter longer: no response was being generated
    /// and nothing was written. A client that does not complete the headers of a request, or does not read its
    /// response, also counts as idle.
    pub(super) async fn wait_until_idle(&self, limit: Duration) {
        let (mut last_writes, mut idle_checks) = (None, 0);
        while idle_checks <= IDLE_CHECKS {
            let writes = Some(self.0.writes.load(Ordering::Relaxed));
            let is_idle = writes == last_writes && self.0.responses.load(Ordering::Relaxed) == 0;
            (last_writes, idle_checks) = (writes, if is_idle { idle_checks + 1 } else { 1 });
            if idle_checks <= IDLE_CHECKS {
                tokio::time::sleep(limit / IDLE_CHECKS).await;
            }
        }
    }
}

impl Drop for BusyGuard {
    fn drop(&mut self) {
        self.0.0.responses.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Connection {
    /// Wraps `stream`, and returns the connection with its handle.
    pub(super) fn new(stream: TcpStream) -> (Self, ConnectionHandle) {
        let handle = ConnectionHandle::default();
        (Self { stream, handle: handle.clone() }, handle)
    }

    /// Counts a successful write.
    fn count_write(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(written, Poll::Ready(Ok(_))) {
            self.handle.0.writes.fetch_add(1, Ordering::Relaxed);
        }
        written
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.handle.0.is_reset.load(Ordering::Relaxed) {
            // If the connection cannot be reset, it is closed, which is also an error for the client.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.count_write(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.count_write(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
