//! Request bodies: read up to a limit, decompressed, and parsed with the path of an invalid value.
//!
//! Replaces tower-http's `RequestBodyLimitLayer` and `RequestDecompressionLayer`, because the limit also applies to the
//! decompressed body and the error needs the envelope of the vendor.

use std::borrow::Cow;
use std::future::Future;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use http_body_util::BodyExt;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::RequestContext;
use super::encoding::Encoding;
use super::gzip;
use crate::app::offload::spawn_blocking;
use crate::json::strict_json::{self, PathError};
use crate::spec::{RequestError, Violation};

/// The maximum number of bytes of a rejected body that are read and discarded, so that the client can finish sending
/// and read the response.
pub const MAX_DRAIN_BYTES: usize = 16 * 1024 * 1024;

/// The maximum ratio of the lengths of a decompressed and a compressed body; JSON has 10 to 30.
pub const MAX_GZIP_RATIO: usize = 100;

/// The decompressed length in bytes up to which the ratio does not count.
const MIN_GZIP_LIMIT: usize = 16 * 1024 * 1024;

/// The maximum length of a compressed body that is decompressed on a thread of the runtime, in bytes.
const MAX_INLINE_GZIP: usize = 4 * 1024;

/// A body parsed from JSON, independent of its content type.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<RequestContext> for JsonBody<T> {
    type Rejection = RequestError;

    fn from_request(
        request: Request,
        context: &RequestContext,
    ) -> impl Future<Output = Result<Self, RequestError>> + Send {
        let bytes = read_body(context, request);
        async move { parse(&bytes.await?).map(Self) }
    }
}

/// Reads a whole body up to the limit of the server, like [`read_body_limited`].
///
/// # Errors
/// [`RequestError::BodyTooLarge`] and [`RequestError::UnreadableBody`].
pub fn read_body(
    context: &RequestContext,
    request: Request,
) -> impl Future<Output = Result<Bytes, RequestError>> + Send + use<> {
    read_body_limited(context, context.config().body_limit, request)
}

/// Reads a whole body of at most `limit` bytes, and decompresses a gzip body to at most `limit` bytes. What follows after
/// a long body runs on the blocking thread pool.
///
/// The headers are dropped before the body is awaited. The layer around the handler drains the rest of a body that is
/// too large, through its [`TeeBody`](super::tee_body::TeeBody).
///
/// # Errors
/// [`RequestError::BodyTooLarge`] and [`RequestError::UnreadableBody`].
pub fn read_body_limited(
    context: &RequestContext,
    limit: usize,
    request: Request,
) -> impl Future<Output = Result<Bytes, RequestError>> + Send + use<> {
    let context = context.clone();
    let encoding = Encoding::from_headers(request.headers());
    // Reading the body would make hyper send `100 Continue`, so a declared length is checked first.
    let length = content_length(request.headers());
    let body = request.into_body();
    async move {
        if length > limit {
            return Err(RequestError::BodyTooLarge { limit });
        }
        let bytes = collect(body, limit, length).await?;
        let bytes = match encoding {
            Encoding::Gzip => decompress_offloaded(bytes, limit).await?,
            Encoding::Identity => bytes,
            Encoding::Unknown => {
                let reason = "the content encoding is not supported".to_owned();
                return Err(RequestError::UnreadableBody(reason));
            }
        };
        context.0.long_body.interrupt(bytes.len()).await;
        Ok(bytes)
    }
}

/// Reads a whole body of at most `limit` bytes as it was sent, without decompressing it.
///
/// # Errors
/// [`RequestError::BodyTooLarge`] and [`RequestError::UnreadableBody`].
pub async fn read_undecoded(limit: usize, headers: &HeaderMap, body: Body) -> Result<Bytes, RequestError> {
    let length = content_length(headers);
    if length > limit {
        return Err(RequestError::BodyTooLarge { limit });
    }
    collect(body, limit, length).await
}

/// Reads a whole body of at most `limit` bytes, whose declared length is `length`; 0 if it is unknown.
///
/// A body of one frame is not copied. Unlike with axum's `to_bytes`, which keeps all frames and copies them at the end, the
/// memory for a long body is that of the body.
async fn collect(mut body: Body, limit: usize, length: usize) -> Result<Bytes, RequestError> {
    let mut first = Bytes::new();
    let mut collected = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| RequestError::UnreadableBody(error.into_inner().to_string()))?;
        let Ok(data) = frame.into_data() else { continue };
        if data.len() > limit - first.len().max(collected.len()) {
            return Err(RequestError::BodyTooLarge { limit });
        }
        if first.is_empty() && collected.is_empty() {
            first = data;
            continue;
        }
        if collected.is_empty() {
            // Memory that is not written yet is not resident. Without so much, the vector grows with the body.
            let _ = collected.try_reserve_exact(length);
            collected.extend_from_slice(&std::mem::take(&mut first));
        }
        collected.extend_from_slice(&data);
    }
    Ok(if collected.is_empty() { first } else { collected.into() })
}

/// Parses JSON.
///
/// # Errors
/// [`RequestError::JsonSyntax`] with line and column if `bytes` is not JSON, [`RequestError::InvalidData`] with the
/// path of the first value that is invalid for `T`.
pub fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, RequestError> {
    // Tracking the path is slower than parsing, so it is tracked only after an error.
    if let Ok(value) = strict_json::from_slice(bytes) {
        return Ok(value);
    }
    strict_json::with_path(bytes).map_err(|PathError { path, error }| {
        let reason = strict_json::reason(&error);
        if error.is_data() {
            return RequestError::InvalidData(Violation::new(path, reason));
        }
        RequestError::JsonSyntax { line: error.line(), column: error.column(), reason }
    })
}

/// Returns the declared `Content-Length`; 0 if there is none.
pub fn content_length(headers: &HeaderMap) -> usize {
    let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    length.unwrap_or(0)
}

/// Returns whether a body is encoded with gzip.
pub fn is_gzip(headers: &HeaderMap) -> bool {
    Encoding::from_headers(headers) == Encoding::Gzip
}

/// Returns up to `limit` decompressed bytes of the valid part of a gzip body, and any other body unchanged.
pub fn decompress_lossy(is_gzip_body: bool, body: &[u8], limit: usize) -> Cow<'_, [u8]> {
    if !is_gzip_body || body.is_empty() {
        return body.into();
    }
    // A truncated body is decompressed up to the error.
    match gzip::decompress(body, limit) {
        (decompressed, Some(_)) if decompressed.is_empty() => body.into(),
        (decompressed, _) => decompressed.into(),
    }
}

/// Decompresses a body; a long one on the blocking thread pool.
async fn decompress_offloaded(bytes: Bytes, limit: usize) -> Result<Bytes, RequestError> {
    if bytes.len() <= MAX_INLINE_GZIP {
        return decompress(&bytes, limit);
    }
    let decompressed = spawn_blocking(move || decompress(&bytes, limit)).await;
    decompressed.unwrap_or(Err(RequestError::Panic))
}

fn decompress(bytes: &[u8], limit: usize) -> Result<Bytes, RequestError> {
    let limit = limit.min(bytes.len().saturating_mul(MAX_GZIP_RATIO).max(MIN_GZIP_LIMIT));
    let (decompressed, error) = gzip::decompress(bytes, limit.saturating_add(1));
    if let Some(error) = error {
        return Err(RequestError::UnreadableBody(error.to_string()));
    }
    if decompressed.len() > limit {
        return Err(RequestError::BodyTooLarge { limit });
    }
    Ok(Bytes::from(decompressed))
}
