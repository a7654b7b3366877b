//! Answers that break on purpose: cut short, garbled, trickling, or not sent at all.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::{StreamExt, stream};

/// How a connection ends in the place of an answer; in the extensions of a response that is never sent.
///
/// Only [`serve`](crate::serve) has a connection to end: through [`router`](crate::router()) the response is an empty
/// 502.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// It is reset.
    Reset,
    /// It is closed.
    Close,
}

/// In how many parts a slow body comes.
const PARTS: usize = 20;

/// How long the beginning of a truncated answer has to leave.
const LEAVE: Duration = Duration::from_millis(20);

/// What stands in the middle of a malformed body.
const GARBAGE: &[u8] = b"\xef\xbf\xbd{]";

/// The response that stands for none.
pub(super) fn cut(cut: Cut) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response.extensions_mut().insert(cut);
    response
}

/// Half of the body, then what no parser reads.
pub(super) fn malform(body: &Bytes) -> Bytes {
    let half = &body[..body.len() / 2];
    [half, GARBAGE].concat().into()
}

/// The head with its whole length, and `bytes` of the body, half of them by default; then the connection breaks.
pub(super) fn truncate(response: Response<()>, body: &Bytes, bytes: Option<usize>) -> Response {
    let length = body.len();
    let sent = body.slice(..bytes.unwrap_or(length / 2).min(length.saturating_sub(1)));
    let sent = stream::once(async move { Ok(sent) });
    let broken = stream::once(async {
        // What was sent must leave before the end comes, or nothing does.
        tokio::time::sleep(LEAVE).await;
        Err(std::io::Error::new(std::io::ErrorKind::ConnectionAborted, "cut by a fault"))
    });
    announce(response, length).map(|()| Body::from_stream(sent.chain(broken)))
}

/// The body in parts that take `over` together.
pub(super) fn trickle(response: Response<()>, body: &Bytes, over: Duration) -> Response {
    let length = body.len();
    let size = length.div_ceil(PARTS).max(1);
    let parts: Vec<Bytes> =
        (0..length).step_by(size).map(|at| body.slice(at..(at + size).min(length))).collect();
    let pause = over / u32::try_from(parts.len().max(1)).unwrap_or(1);
    let trickling = stream::unfold(parts.into_iter(), move |mut parts| async move {
        let part = parts.next()?;
        tokio::time::sleep(pause).await;
        Some((Ok::<_, std::convert::Infallible>(part), parts))
    });
    announce(response, length).map(|()| Body::from_stream(trickling))
}

fn announce(mut response: Response<()>, length: usize) -> Response<()> {
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    response
}
