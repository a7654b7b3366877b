//! `HttpBuilder`: hyper's builder of connections, for HTTP/1.1 and, with the Cargo feature `http2`, for HTTP/2.

use std::time::Duration;

#[cfg(not(feature = "http2"))]
use hyper::server::conn::http1;
#[cfg(feature = "http2")]
use hyper_util::rt::{TokioExecutor, TokioTimer};
#[cfg(feature = "http2")]
use hyper_util::server::conn::auto;

use crate::config::MAX_HTTP1_RECEIVE_BUFFER;
#[cfg(feature = "http2")]
use crate::config::{
    MAX_HTTP2_HEADER_BYTES, MAX_HTTP2_RECEIVE_BUFFER, MAX_HTTP2_SEND_BUFFER, MAX_HTTP2_STREAMS,
};

/// The builder of connections, which detects the version of each.
#[cfg(feature = "http2")]
pub(super) type HttpBuilder = auto::Builder<TokioExecutor>;

/// The builder of connections.
#[cfg(not(feature = "http2"))]
pub(super) type HttpBuilder = http1::Builder;

/// Returns the builder of connections; one of HTTP/2 is closed if the client does not respond for `idle_timeout`.
#[cfg(feature = "http2")]
pub(super) fn http_builder(idle_timeout: Duration) -> HttpBuilder {
    let mut http = auto::Builder::new(TokioExecutor::new());
    // `ConnectionHandle::wait_until_idle` also limits the time for headers, at hardly any cost per request.
    http.http1().header_read_timeout(None).max_buf_size(MAX_HTTP1_RECEIVE_BUFFER);
    http.http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(MAX_HTTP2_STREAMS)
        .max_send_buf_size(MAX_HTTP2_SEND_BUFFER)
        .max_header_list_size(MAX_HTTP2_HEADER_BYTES)
        .initial_connection_window_size(MAX_HTTP2_RECEIVE_BUFFER)
        .keep_alive_interval(idle_timeout)
        .keep_alive_timeout(idle_timeout);
    http
}

/// Returns the builder of connections.
#[cfg(not(feature = "http2"))]
pub(super) fn http_builder(_: Duration) -> HttpBuilder {
    let mut http = http1::Builder::new();
    // `ConnectionHandle::wait_until_idle` also limits the time for headers, at hardly any cost per request.
    http.header_read_timeout(None).max_buf_size(MAX_HTTP1_RECEIVE_BUFFER);
    http
}
