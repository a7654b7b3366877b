//! `ObservedIo`: the bytes of HTTP on a connection, which show its protocol and whether it is in use.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::connection::ConnectionHandle;

/// The first byte that a TLS client sends: a handshake record.
pub(super) const TLS_HANDSHAKE_RECORD: u8 = 0x16;

/// The first byte of a response of HTTP/1; a server of HTTP/2 starts with a frame whose first byte is 0.
const HTTP1_RESPONSE: u8 = b'H';

/// Whether the client speaks TLS, to a server that expects HTTP.
#[derive(Debug, Clone, Default)]
pub(super) struct TlsDetector(Arc<AtomicBool>);

impl TlsDetector {
    /// Returns whether the first byte was that of a TLS handshake.
    pub(super) fn has_detected(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The protocol of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Unknown,
    Http1,
    Http2,
}

/// The bytes of a connection, decrypted if it has TLS.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// A connection, decrypted if it has TLS.
///
/// The type of the stream is erased, because HTTP would be compiled once for each.
pub(super) struct ObservedIo {
    io: Box<dyn Stream>,
    handle: ConnectionHandle,
    tls: TlsDetector,
    has_read: bool,
    protocol: Protocol,
}

impl ObservedIo {
    /// Wraps `io`, whose activity is recorded in `handle`.
    pub(super) const fn new(io: Box<dyn Stream>, handle: ConnectionHandle, tls: TlsDetector) -> Self {
        Self { io, handle, tls, has_read: false, protocol: Protocol::Unknown }
    }

    /// Records a write of HTTP/1. Those of HTTP/2 include pings, which do not show that the connection is in use.
    fn observe_write(&mut self, first: Option<u8>, written: &Poll<io::Result<usize>>) {
        if !matches!(written, Poll::Ready(Ok(1..))) {
            return;
        }
        if self.protocol == Protocol::Unknown {
            self.protocol = if first == Some(HTTP1_RESPONSE) { Protocol::Http1 } else { Protocol::Http2 };
        }
        if self.protocol == Protocol::Http1 {
            self.handle.record_progress();
        }
    }
}

impl AsyncRead for ObservedIo {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let start = buffer.filled().len();
        let polled = Pin::new(&mut self.io).poll_read(context, buffer);
        if !self.has_read
            && let Some(first) = buffer.filled().get(start)
        {
            self.has_read = true;
            self.tls.0.store(*first == TLS_HANDSHAKE_RECORD, Ordering::Relaxed);
        }
        polled
    }
}

impl AsyncWrite for ObservedIo {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(context, bytes);
        self.observe_write(bytes.first().copied(), &written);
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(context, parts);
        let first = parts.iter().find_map(|part| part.first().copied());
        self.observe_write(first, &written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }
}
