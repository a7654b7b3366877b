//! A connection that can be told to be reset when it ends.
//!
//! Imports nothing of this crate.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A connection that is reset when it is dropped, where its [`Resetter`] says so, and closed otherwise.
#[derive(Debug)]
pub(crate) struct Wire {
    stream: TcpStream,
    resetter: Resetter,
}

/// Lets a connection end with a reset.
#[derive(Debug, Clone, Default)]
pub(crate) struct Resetter(Arc<AtomicBool>);

impl Resetter {
    /// Makes the connection end with a reset.
    pub(crate) fn reset(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Wire {
    /// Returns the connection of `stream`, and what resets it.
    pub(crate) fn new(stream: TcpStream) -> (Self, Resetter) {
        let resetter = Resetter::default();
        (Self { stream, resetter: resetter.clone() }, resetter)
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.resetter.0.load(Ordering::Relaxed) {
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
        Pin::new(&mut self.stream).poll_write(context, bytes)
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
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
