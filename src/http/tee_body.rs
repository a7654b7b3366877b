//! `TeeBody`: a request body that the handler reads, and that the pipeline captures for the journal and drains.
//!
//! A client that is still sending when the server responds and closes the connection may never see the response. So the
//! rest of a body that the handler did not read is read, up to a limit, before the response is sent.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::Version;
use axum::http::header::EXPECT;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use parking_lot::{Mutex, MutexGuard};

use super::body::MAX_DRAIN_BYTES;

/// The maximum duration of draining a body.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(2);

/// The maximum pause of a client that sends a body to a request that has timed out: such a client had the whole request
/// timeout, and the error is due now.
const MAX_LATE_PAUSE: Duration = Duration::from_millis(100);

/// A request body with shared ownership, which captures the bytes that are read.
#[derive(Debug, Clone)]
pub struct TeeBody {
    state: Arc<Mutex<TeeState>>,
    /// Whether the request is one of HTTP/1, in which an unread body ends the connection.
    is_http1: bool,
    /// Whether the request has `Expect: 100-continue`, so that the client sends nothing unless the handler reads the
    /// body.
    expects_continue: bool,
}

#[derive(Debug)]
struct TeeState {
    rest: Body,
    /// The captured bytes of the first frame, which is the only one of most bodies.
    first: Bytes,
    /// All captured bytes once there is a second frame; empty before that.
    captured: Vec<u8>,
    /// The number of bytes read.
    length: usize,
    /// The maximum number of captured bytes.
    capture_limit: usize,
}

impl TeeBody {
    /// Replaces the body of `request` with a tee body that captures the first `capture_limit` bytes, and returns a
    /// second handle to it; `None` if there is no body.
    pub fn new(request: &mut Request, capture_limit: usize) -> Option<Self> {
        if request.body().is_end_stream() {
            return None;
        }
        let expects_continue = request.headers().contains_key(EXPECT);
        let is_http1 = request.version() <= Version::HTTP_11;
        let rest = std::mem::take(request.body_mut());
        let state = TeeState { rest, first: Bytes::new(), captured: Vec::new(), length: 0, capture_limit };
        let tee_body = Self { state: Arc::new(Mutex::new(state)), is_http1, expects_continue };
        *request.body_mut() = Body::new(tee_body.clone());
        Some(tee_body)
    }

    /// Returns whether a part of the body was not read.
    pub fn is_unread(&self) -> bool {
        !self.is_end_stream()
    }

    /// Reads and discards the rest of the body, up to 16 MiB and for at most 2 s; if `is_late`, because the request has timed
    /// out, only until the client pauses.
    ///
    /// If it is not read completely, the response must end the connection: then returns `true`, except for HTTP/2.
    pub async fn drain(mut self, is_late: bool) -> bool {
        if self.expects_continue && self.with_captured(|_, length| length == 0) {
            return self.is_http1;
        }
        let max_pause = if is_late { MAX_LATE_PAUSE } else { DRAIN_TIMEOUT };
        let drained = async {
            let mut length = 0;
            loop {
                let frame = match tokio::time::timeout(max_pause, self.frame()).await {
                    Ok(Some(Ok(frame))) => frame,
                    Ok(None) => return true,
                    Ok(Some(Err(_))) | Err(_) => return false,
                };
                length += frame.data_ref().map_or(0, Bytes::len);
                if length > MAX_DRAIN_BYTES {
                    return false;
                }
            }
        };
        let is_complete = tokio::time::timeout(DRAIN_TIMEOUT, drained).await.unwrap_or(false);
        self.is_http1 && !is_complete
    }

    /// Calls `f` with the captured bytes and the number of bytes read.
    pub fn with_captured<T>(&self, f: impl FnOnce(&[u8], usize) -> T) -> T {
        let state = self.lock();
        f(if state.captured.is_empty() { &state.first } else { &state.captured }, state.length)
    }

    fn lock(&self) -> MutexGuard<'_, TeeState> {
        self.state.lock()
    }
}

impl TeeState {
    fn capture(&mut self, data: &Bytes) {
        let is_first = self.length == 0;
        self.length += data.len();
        if is_first {
            self.first = data.slice(..data.len().min(self.capture_limit));
            return;
        }
        if self.captured.is_empty() {
            self.captured.extend_from_slice(&self.first);
        }
        let remaining = self.capture_limit - self.captured.len();
        self.captured.extend_from_slice(&data[..data.len().min(remaining)]);
    }
}

impl HttpBody for TeeBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut state = self.lock();
        let polled = Pin::new(&mut state.rest).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
        {
            state.capture(data);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.lock().rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.lock().rest.size_hint()
    }
}
