//! `ObservedBody`: a response body that shows whether the client takes it.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use http_body::{Frame, SizeHint};

use super::connection::{BodyGuard, BusyGuard, ConnectionHandle};

/// The maximum size of a part in bytes: more is not handed to HTTP/2 before the client takes it.
const MAX_PART_BYTES: usize = 16 * 1024;

/// A response body that is sent in parts of at most 16 KiB.
///
/// The connection counts as busy while the next part is generated, and as stalled while the client does not take it.
#[derive(Debug)]
pub(super) struct ObservedBody {
    inner: Body,
    /// The rest of a frame of `inner`.
    rest: Bytes,
    guard: BodyGuard,
    busy: Option<BusyGuard>,
}

impl ObservedBody {
    /// Wraps `body`, which is sent over the connection of `handle`.
    pub(super) fn new(body: Body, handle: &ConnectionHandle) -> Self {
        Self { inner: body, rest: Bytes::new(), guard: handle.track_body(), busy: None }
    }

    /// Returns the next part of at most 16 KiB of `data`, and keeps the rest.
    fn next_part(&mut self, mut data: Bytes) -> Frame<Bytes> {
        if data.len() > MAX_PART_BYTES {
            self.rest = data.split_off(MAX_PART_BYTES);
        }
        Frame::data(data)
    }
}

impl HttpBody for ObservedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = if self.rest.is_empty() {
            Pin::new(&mut self.inner).poll_frame(context)
        } else {
            Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.rest)))))
        };
        let Poll::Ready(ready) = polled else {
            self.guard.stop_waiting();
            if self.busy.is_none() {
                self.busy = Some(self.guard.connection().busy());
            }
            return Poll::Pending;
        };
        self.busy = None;
        self.guard.connection().record_progress();
        let Some(Ok(frame)) = ready else { return Poll::Ready(ready) };
        self.guard.wait_for_client();
        Poll::Ready(Some(Ok(match frame.into_data() {
            Ok(data) => self.next_part(data),
            Err(frame) => frame,
        })))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (inner, rest) = (self.inner.size_hint(), self.rest.len() as u64);
        let mut hint = SizeHint::new();
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper + rest);
        }
        hint.set_lower(inner.lower() + rest);
        hint
    }
}
