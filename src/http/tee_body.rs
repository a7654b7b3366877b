//! A request body that two can hold: the handler that reads it, and whoever looks at what was read and what was not.
//!
//! A client that is still sending when the server answers and closes may never see the answer. So what a refused
//! request had left is read, up to a bound, before the refusal is sent.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header::EXPECT;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use parking_lot::{Mutex, MutexGuard};

use super::body::MAX_DRAIN_BYTES;

/// How long reading the rest may take.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(2);

/// A request body that two can hold.
#[derive(Debug, Clone)]
pub struct TeeBody {
    body: Arc<Mutex<TeeState>>,
    /// Whether the client waits for leave to send, so that nothing comes of what the handler did not read.
    expects_continue: bool,
}

#[derive(Debug)]
struct TeeState {
    rest: Body,
    /// The first frame, which most bodies have no more than.
    first: Bytes,
    /// All that is kept, from the second frame on.
    captured: Vec<u8>,
    length: usize,
    capture_limit: usize,
}

impl TeeBody {
    /// Takes part in the body of `request`, and keeps the first `keeps` bytes that are read; `None` where there is no
    /// body.
    pub fn new(request: &mut Request, keeps: usize) -> Option<Self> {
        if request.body().is_end_stream() {
            return None;
        }
        let waits = request.headers().contains_key(EXPECT);
        let rest = std::mem::take(request.body_mut());
        let heard =
            TeeState { rest, first: Bytes::new(), captured: Vec::new(), length: 0, capture_limit: keeps };
        let unread = Self { body: Arc::new(Mutex::new(heard)), expects_continue: waits };
        *request.body_mut() = Body::new(unread.clone());
        Some(unread)
    }

    /// Reads and forgets the rest, up to 16 MiB and for at most 2 s.
    pub async fn drain(mut self) {
        if self.expects_continue {
            return;
        }
        let drained = async {
            let mut length = 0;
            while let Some(Ok(frame)) = self.frame().await {
                length += frame.data_ref().map_or(0, Bytes::len);
                if length > MAX_DRAIN_BYTES {
                    break;
                }
            }
        };
        let _ = tokio::time::timeout(DRAIN_TIMEOUT, drained).await;
    }

    /// Gives the beginning of what was read, as much of it as is kept, and the length of all that was read.
    pub fn captured<T>(&self, use_it: impl FnOnce(&[u8], usize) -> T) -> T {
        let heard = self.lock();
        use_it(if heard.captured.is_empty() { &heard.first } else { &heard.captured }, heard.length)
    }

    fn lock(&self) -> MutexGuard<'_, TeeState> {
        self.body.lock()
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
        let room = self.capture_limit - self.captured.len();
        self.captured.extend_from_slice(&data[..data.len().min(room)]);
    }
}

impl HttpBody for TeeBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut heard = self.lock();
        let polled = Pin::new(&mut heard.rest).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
        {
            heard.capture(data);
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
