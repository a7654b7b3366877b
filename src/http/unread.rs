//! The part of a request body that nobody read.
//!
//! A client that is still sending when the server answers and closes may never see the answer. So what a refused
//! request had left is read, up to a bound, before the refusal is sent.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header::EXPECT;
use http_body::Frame;
use http_body_util::BodyExt;

use super::body::DRAIN_BYTES;

/// How long reading the rest may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// A request body that two can hold: the handler, and whoever reads what the handler left.
#[derive(Debug, Clone)]
pub struct Unread(Arc<Mutex<Body>>);

impl Unread {
    /// Takes part in the body of `request`; `None` where there is none, or where the client waits for leave to send.
    pub fn of(request: &mut Request) -> Option<Self> {
        if request.body().is_end_stream() || request.headers().contains_key(EXPECT) {
            return None;
        }
        let unread = Self(Arc::new(Mutex::new(std::mem::take(request.body_mut()))));
        *request.body_mut() = Body::new(unread.clone());
        Some(unread)
    }

    /// Reads and forgets the rest, up to 16 MiB and for at most 2 s.
    pub async fn drain(mut self) {
        let drained = async {
            let mut length = 0;
            while let Some(Ok(frame)) = self.frame().await {
                length += frame.data_ref().map_or(0, Bytes::len);
                if length > DRAIN_BYTES {
                    break;
                }
            }
        };
        let _ = tokio::time::timeout(PATIENCE, drained).await;
    }
}

impl HttpBody for Unread {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Pin::new(&mut *body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_end_stream()
    }
}
