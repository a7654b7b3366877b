//! The responses of faults: truncated, malformed, throttled, or aborted.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::{StreamExt, stream};

/// A response extension that makes the server end the connection instead of sending the response.
///
/// Only [`serve`](crate::serve) can end the connection; through [`router`](crate::router()) the response is an empty
/// 502.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionFault {
    /// A TCP reset.
    Reset,
    /// A normal close.
    Close,
}

/// The number of chunks of a throttled body.
const CHUNKS: usize = 20;

/// The pause in which the first bytes of a truncated body are sent to the client.
const FLUSH_DELAY: Duration = Duration::from_millis(20);

/// The bytes that end a malformed body.
const GARBAGE: &[u8] = b"\xef\xbf\xbd{]";

/// Returns a response that makes the server end the connection as `fault` says.
pub(super) fn abort(fault: ConnectionFault) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response.extensions_mut().insert(fault);
    response
}

/// Returns the first half of a JSON body, followed by bytes that no parser accepts.
pub(super) fn corrupt_json(body: &Bytes) -> Bytes {
    let half = &body[..body.len() / 2];
    [half, GARBAGE].concat().into()
}

/// Returns a response with the `Content-Length` of the whole body, which sends `bytes` of it (half by default) and then
/// fails.
pub(super) fn truncate(response: Response<()>, body: &Bytes, bytes: Option<usize>) -> Response {
    let length = body.len();
    let sent = body.slice(..bytes.unwrap_or(length / 2).min(length.saturating_sub(1)));
    let sent = stream::once(async move { Ok(sent) });
    let broken = stream::once(async {
        // Without a pause, hyper discards the bytes that are not written yet when the body fails.
        tokio::time::sleep(FLUSH_DELAY).await;
        Err(std::io::Error::new(std::io::ErrorKind::ConnectionAborted, "truncated by a fault"))
    });
    with_content_length(response, length).map(|()| Body::from_stream(sent.chain(broken)))
}

/// Returns a response whose body is sent in chunks over the duration `over`.
pub(super) fn throttle_body(response: Response<()>, body: &Bytes, over: Duration) -> Response {
    let length = body.len();
    let size = length.div_ceil(CHUNKS).max(1);
    let chunks: Vec<Bytes> =
        (0..length).step_by(size).map(|at| body.slice(at..(at + size).min(length))).collect();
    let pause = over / u32::try_from(chunks.len().max(1)).unwrap_or(1);
    let throttled = stream::unfold(chunks.into_iter(), move |mut chunks| async move {
        let chunk = chunks.next()?;
        tokio::time::sleep(pause).await;
        Some((Ok::<_, std::convert::Infallible>(chunk), chunks))
    });
    with_content_length(response, length).map(|()| Body::from_stream(throttled))
}

fn with_content_length(mut response: Response<()>, length: usize) -> Response<()> {
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    response
}
