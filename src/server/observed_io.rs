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

/// What a client of HTTP/2 sends first.
const HTTP2_PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

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
    /// Only the first bytes of the preface of HTTP/2 were received, as many as this.
    Unknown(usize),
    Http1,
    Http2,
}

impl Protocol {
    /// Returns the protocol after the first byte in `received` that tells it.
    fn detect(matched: usize, received: &[u8]) -> Self {
        let expected = &HTTP2_PREFACE[matched..];
        let compared = received.len().min(expected.len());
        if received[..compared] != expected[..compared] {
            return Self::Http1;
        }
        if compared == expected.len() { Self::Http2 } else { Self::Unknown(matched + compared) }
    }
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
    protocol: Protocol,
    has_written: bool,
}

impl ObservedIo {
    /// Wraps `io`, whose activity is recorded in `handle`.
    pub(super) const fn new(io: Box<dyn Stream>, handle: ConnectionHandle, tls: TlsDetector) -> Self {
        Self { io, handle, tls, protocol: Protocol::Unknown(0), has_written: false }
    }

    /// Detects the protocol, before it is known.
    fn observe_first_bytes(&mut self, matched: usize, received: &[u8]) {
        if matched == 0 {
            self.tls.0.store(received.first() == Some(&TLS_HANDSHAKE_RECORD), Ordering::Relaxed);
        }
        self.protocol = Protocol::detect(matched, received);
    }

    /// Records a write of HTTP/1. Those of HTTP/2 include pings, which do not show that the connection is in use.
    fn observe_write(&mut self, written: &Poll<io::Result<usize>>) {
        if !matches!(written, Poll::Ready(Ok(1..))) {
            return;
        }
        self.has_written = true;
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
        if let Protocol::Unknown(matched) = self.protocol {
            self.observe_first_bytes(matched, &buffer.filled()[start..]);
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
        self.observe_write(&written);
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
        self.observe_write(&written);
        written
    }

    /// h2 asks before the first write, and copies bodies of up to 1 KiB into its buffer if there are no vectored writes:
    /// then many responses are sent with one write. It would write each body from 256 bytes on by itself otherwise.
    fn is_write_vectored(&self) -> bool {
        (self.protocol != Protocol::Http2 || self.has_written) && self.io.is_write_vectored()
    }
}
