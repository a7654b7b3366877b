//! `HttpServer`: hyper's server of a connection, for HTTP/1.1 and, with the Cargo feature `http2`, for HTTP/2.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

#[cfg(not(feature = "http2"))]
use hyper::server::conn::http1;
#[cfg(feature = "http2")]
use hyper_util::server::conn::auto;

#[cfg(feature = "http2")]
use super::check_timer::CheckTimer;
use super::connection::ConnectionHandle;
#[cfg(feature = "http2")]
use super::new_streams::{NewStreams, StreamExecutor};
use crate::config::MAX_HTTP1_RECEIVE_BUFFER;
#[cfg(feature = "http2")]
use crate::config::{
    MAX_HTTP2_HEADER_BYTES, MAX_HTTP2_RECEIVE_BUFFER, MAX_HTTP2_SEND_BUFFER, MAX_HTTP2_STREAMS,
};

/// hyper's builder, which detects the version of a connection.
#[cfg(feature = "http2")]
type HttpBuilder = auto::Builder<StreamExecutor>;

/// hyper's builder.
#[cfg(not(feature = "http2"))]
type HttpBuilder = http1::Builder;

/// Serves HTTP on one connection.
pub(super) struct HttpServer {
    /// hyper's builder of the connection.
    pub(super) builder: HttpBuilder,
    #[cfg(feature = "http2")]
    new_streams: NewStreams,
}

impl HttpServer {
    /// Returns the server of a connection; one of HTTP/2 is closed if the client does not respond to a ping, which is
    /// sent if nothing was received for `idle_timeout`, for the same time.
    #[cfg(feature = "http2")]
    pub(super) fn new(idle_timeout: Duration, handle: &ConnectionHandle) -> Self {
        let new_streams = NewStreams::default();
        let mut builder = auto::Builder::new(new_streams.executor());
        // `ConnectionHandle::wait_until_idle` also limits the time for headers, at hardly any cost per request.
        builder.http1().header_read_timeout(None).max_buf_size(MAX_HTTP1_RECEIVE_BUFFER);
        builder
            .http2()
            .timer(CheckTimer::new(handle.clone(), idle_timeout))
            .max_concurrent_streams(MAX_HTTP2_STREAMS)
            .max_send_buf_size(MAX_HTTP2_SEND_BUFFER)
            .max_header_list_size(MAX_HTTP2_HEADER_BYTES)
            .initial_connection_window_size(MAX_HTTP2_RECEIVE_BUFFER)
            .keep_alive_interval(idle_timeout)
            .keep_alive_timeout(idle_timeout);
        Self { builder, new_streams }
    }

    /// Returns the server of a connection.
    #[cfg(not(feature = "http2"))]
    pub(super) fn new(_: Duration, _: &ConnectionHandle) -> Self {
        let mut builder = http1::Builder::new();
        // `ConnectionHandle::wait_until_idle` also limits the time for headers, at hardly any cost per request.
        builder.header_read_timeout(None).max_buf_size(MAX_HTTP1_RECEIVE_BUFFER);
        Self { builder }
    }

    /// Polls the `connection` that the builder has made.
    #[cfg(feature = "http2")]
    pub(super) fn poll<C: Future>(
        &self,
        connection: Pin<&mut C>,
        context: &mut Context<'_>,
    ) -> Poll<C::Output> {
        self.new_streams.poll_connection(connection, context)
    }

    /// Polls the `connection` that the builder has made.
    #[cfg(not(feature = "http2"))]
    #[expect(clippy::unused_self, reason = "only HTTP/2 has new streams")]
    pub(super) fn poll<C: Future>(
        &self,
        connection: Pin<&mut C>,
        context: &mut Context<'_>,
    ) -> Poll<C::Output> {
        connection.poll(context)
    }
}
