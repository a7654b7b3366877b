//! A connection that can be told to be reset when it ends, and that tells whether anything moves on it.
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

/// How often it is looked, within the time that is given, whether anything moved.
const LOOKS: u32 = 4;

/// A connection that is reset when it is dropped, where its [`Line`] says so, and closed otherwise.
#[derive(Debug)]
pub(crate) struct Wire {
    stream: TcpStream,
    line: Line,
}

/// What is known of a connection besides what it carries.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line(Arc<State>);

#[derive(Debug, Default)]
struct State {
    is_reset: AtomicBool,
    /// How often something was written.
    writes: AtomicUsize,
    /// How many answers are being made.
    answers: AtomicUsize,
}

/// An answer that is being made, until it is dropped.
#[derive(Debug)]
pub(crate) struct Busy(Line);

impl Line {
    /// Makes the connection end with a reset.
    pub(crate) fn reset(&self) {
        self.0.is_reset.store(true, Ordering::Relaxed);
    }

    /// Lets the client wait for an answer: until what is returned is dropped, the connection is not idle.
    pub(crate) fn busy(&self) -> Busy {
        self.0.answers.fetch_add(1, Ordering::Relaxed);
        Busy(self.clone())
    }

    /// Ends when the connection was idle for as long as `limit`, or up to a quarter longer: no answer was being made
    /// and nothing was written. A client that does not finish the head of a request, or does not read its answer, is
    /// idle, too.
    pub(crate) async fn idle(&self, limit: Duration) {
        let (mut seen, mut quiet) = (None, 0);
        while quiet <= LOOKS {
            let writes = Some(self.0.writes.load(Ordering::Relaxed));
            let is_idle = writes == seen && self.0.answers.load(Ordering::Relaxed) == 0;
            (seen, quiet) = (writes, if is_idle { quiet + 1 } else { 1 });
            if quiet <= LOOKS {
                tokio::time::sleep(limit / LOOKS).await;
            }
        }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.0.answers.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Wire {
    /// Returns the connection of `stream`, and what is known of it.
    pub(crate) fn new(stream: TcpStream) -> (Self, Line) {
        let line = Line::default();
        (Self { stream, line: line.clone() }, line)
    }

    /// Notes that something was written.
    fn written(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(written, Poll::Ready(Ok(_))) {
            self.line.0.writes.fetch_add(1, Ordering::Relaxed);
        }
        written
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.line.0.is_reset.load(Ordering::Relaxed) {
            // A connection that cannot be reset is closed, which a client sees as an error just as well.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(written)
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
        self.written(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
