//! JSON that is sent while it is serialized.
//!
//! Imports `app` and `http`. Invariant: at most a few parts of the JSON are in memory, however slow the client is.

use std::io::{self, Write};
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::stream;
use serde::Serialize;
use tokio::sync::mpsc;

use super::MEDIA_TYPE;
use crate::app::offload::spawn_blocking;
use crate::http::{ApiResponse, HandlerResult, RequestContext};
use crate::spec::RequestError;

/// The minimum length of a part that is sent, except the last one.
pub(super) const PART_BYTES: usize = 256 * 1024;

/// The number of parts that wait for the client.
const MAX_PARTS: usize = 2;

/// A part of the JSON.
struct Part {
    bytes: Bytes,
    is_last: bool,
}

/// Returns the response with the JSON of the value that `create` returns, which is created and serialized on the
/// blocking thread pool.
///
/// It waits at most as long as `limit` for a permit. Long JSON is sent while it is serialized. If the client disconnects,
/// serializing ends; if it fails, so does the body, so that the client notices.
pub(super) async fn stream_json<T: Serialize>(
    context: &RequestContext,
    limit: Duration,
    create: impl FnOnce(&RequestContext) -> T + Send + 'static,
) -> HandlerResult {
    let owned = context.clone();
    let permit = tokio::time::timeout(limit, context.export_permit()).await;
    let permit = permit.map_err(|_| RequestError::Timeout)?;
    let (parts, mut received) = mpsc::channel(MAX_PARTS);
    drop(spawn_blocking(move || {
        let mut writer = PartWriter { part: Vec::new(), parts };
        // An error means that the client has disconnected.
        let _ =
            serde_json::to_writer(&mut writer as &mut dyn Write, &create(&owned)).map(|()| writer.finish());
        drop(permit);
    }));
    let first = received.recv().await.ok_or(RequestError::Panic)?;
    let body = if first.is_last { Body::from(first.bytes) } else { into_body(first, received) };
    Ok(ApiResponse::body(MEDIA_TYPE, body))
}

/// Returns the body that starts with `first`.
fn into_body(first: Part, received: mpsc::Receiver<Part>) -> Body {
    Body::from_stream(stream::unfold((Some(first), Some(received)), |(first, received)| async move {
        let mut received = received?;
        let part = match first {
            Some(first) => Some(first),
            None => received.recv().await,
        };
        match part {
            Some(Part { bytes, is_last }) => Some((Ok(bytes), (None, Some(received).filter(|_| !is_last)))),
            None => Some((Err(io::Error::other("the JSON cannot be serialized")), (None, None))),
        }
    }))
}

/// Sends what is written to it in parts.
struct PartWriter {
    part: Vec<u8>,
    parts: mpsc::Sender<Part>,
}

impl PartWriter {
    fn send(&mut self, is_last: bool) -> io::Result<()> {
        let bytes = std::mem::take(&mut self.part).into();
        let sent = self.parts.blocking_send(Part { bytes, is_last });
        sent.map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.send(true)
    }
}

impl Write for PartWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.part.extend_from_slice(bytes);
        if self.part.len() >= PART_BYTES {
            self.send(false)?;
            self.part.reserve(PART_BYTES);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
