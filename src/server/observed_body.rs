//! `ObservedBody`: a response body that shows whether the client takes it.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use http_body::{Frame, SizeHint};

use super::connection::{BodyGuard, BusyGuard, ConnectionHandle};

/// The maximum size of a part in bytes: more is not handed to HTTP/2 before the client takes it.
const MAX_PART_BYTES: usize = 16 * 1024;

/// A response body that is sent in parts of at most 16 KiB if it is observed.
///
/// The connection counts as busy while the next part is generated, and as stalled while the client does not take it.
#[derive(Debug)]
pub(super) struct ObservedBody {
    inner: Body,
    /// The rest of a frame of `inner`.
    rest: Bytes,
    /// `None` if the body needs no observation.
    guard: Option<BodyGuard>,
    busy: Option<BusyGuard>,
}

impl ObservedBody {
    /// Wraps `body`, which is sent over the connection of `handle`.
    ///
    /// A complete body of HTTP/1 needs no observation, because all writes of the connection belong to it.
    pub(super) fn new(body: Body, is_http2: bool, handle: &ConnectionHandle) -> Self {
        let is_observed = !body.is_end_stream() && (is_http2 || body.size_hint().exact().is_none());
        let guard = is_observed.then(|| handle.track_body());
        Self { inner: body, rest: Bytes::new(), guard, busy: None }
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
        let this = &mut *self;
        let Some(guard) = &mut this.guard else { return Pin::new(&mut this.inner).poll_frame(context) };
        let polled = if this.rest.is_empty() {
            Pin::new(&mut this.inner).poll_frame(context)
        } else {
            Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut this.rest)))))
        };
        let Poll::Ready(ready) = polled else {
            guard.stop_waiting();
            if this.busy.is_none() {
                this.busy = Some(guard.connection().busy());
            }
            return Poll::Pending;
        };
        this.busy = None;
        guard.connection().record_progress();
        let Some(Ok(frame)) = ready else { return Poll::Ready(ready) };
        guard.wait_for_client();
        Poll::Ready(Some(Ok(match frame.into_data() {
            Ok(data) => self.next_part(data),
            Err(frame) => frame,
        })))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let inner = self.inner.size_hint();
        if self.rest.is_empty() {
            return inner;
        }
        let rest = self.rest.len() as u64;
        let mut hint = SizeHint::new();
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper + rest);
        }
        hint.set_lower(inner.lower() + rest);
        hint
    }
}
