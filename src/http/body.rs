//! Request bodies: read up to the limit, parsed with the place of what is wrong.

use std::borrow::Cow;
use std::future::Future;
use std::io::Read;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, EXPECT};
use futures_util::FutureExt;
use http_body_util::BodyExt;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::RequestContext;
use crate::error::{RequestError, Violation};
use crate::strict_json;

/// How much of a refused body is still read, so that the client can finish sending and see the answer.
pub const MAX_DRAIN_BYTES: usize = 16 * 1024 * 1024;

/// A body parsed from JSON, whatever its content type says.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<RequestContext> for JsonBody<T> {
    type Rejection = RequestError;

    fn from_request(
        request: Request,
        context: &RequestContext,
    ) -> impl Future<Output = Result<Self, RequestError>> + Send {
        read_body(context, request).map(|bytes| parse(&bytes?).map(Self))
    }
}

/// Reads a whole body up to the limit of the server, like [`read_up_to`].
///
/// # Errors
/// [`Failure::BodyTooLarge`] and [`Failure::BadBody`].
pub fn read_body(
    context: &RequestContext,
    request: Request,
) -> impl Future<Output = Result<Bytes, RequestError>> + Send + use<> {
    read_body_limited(context.config().body_limit, request)
}

/// Reads a whole body of at most `limit` bytes; a gzip-encoded one is unpacked to at most as many.
///
/// The head of the request is gone before the body is waited for: of what is kept meanwhile, each layer has a copy.
///
/// # Errors
/// [`Failure::BodyTooLarge`] and [`Failure::BadBody`].
pub fn read_body_limited(limit: usize, request: Request) -> impl Future<Output = Result<Bytes, RequestError>> + Send {
    let headers = request.headers();
    let announced = content_length(headers);
    // The client waits for leave to send, and does not get it.
    let is_refused = announced > limit && headers.contains_key(EXPECT);
    let encoding = Encoding::of(headers);
    let body = request.into_body();
    async move {
        if is_refused {
            return Err(RequestError::BodyTooLarge { limit });
        }
        let bytes = collect(body, announced, limit).await?;
        match encoding {
            Encoding::Gzip => decompress(&bytes, limit),
            Encoding::Identity => Ok(bytes),
            Encoding::Unknown => Err(RequestError::UnreadableBody("the content encoding is not supported".to_owned())),
        }
    }
}

/// Parses JSON.
///
/// # Errors
/// [`Failure::BadJson`] with line and column where `bytes` is not JSON, [`Failure::BadShape`] with the path of
/// the first value that does not fit `T`.
pub fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, RequestError> {
    // Keeping track of the path costs more than parsing; it is wanted only where there is a mistake.
    if let Ok(value) = strict_json::from_slice(bytes) {
        return Ok(value);
    }
    let mut parser = serde_json::Deserializer::from_slice(bytes);
    let value = strict_json::with_path(&mut parser).map_err(|error| {
        let path = error.path().to_string();
        failure_of(error.inner(), &path)
    })?;
    parser.end().map_err(|error| failure_of(&error, ""))?;
    Ok(value)
}

fn failure_of(error: &serde_json::Error, path: &str) -> RequestError {
    let text = error.to_string();
    let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason).to_owned();
    if error.is_data() {
        let path = if path == "." { "" } else { path };
        return RequestError::InvalidData(Violation::new(path, reason));
    }
    RequestError::JsonSyntax { line: error.line(), column: error.column(), reason }
}

/// Returns the length that the head announces; 0 where it announces none.
pub fn content_length(headers: &HeaderMap) -> usize {
    let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    length.unwrap_or(0)
}

/// How a body is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Identity,
    Gzip,
    Unknown,
}

impl Encoding {
    fn of(headers: &HeaderMap) -> Self {
        let Some(value) = headers.get(CONTENT_ENCODING) else { return Self::Identity };
        match value.as_bytes().to_ascii_lowercase().as_slice() {
            b"gzip" | b"x-gzip" => Self::Gzip,
            b"identity" | b"" => Self::Identity,
            _ => Self::Unknown,
        }
    }
}

/// Returns whether a body comes gzip-encoded.
pub fn is_gzip(headers: &HeaderMap) -> bool {
    Encoding::of(headers) == Encoding::Gzip
}

/// Returns a body for looking at: up to `limit` bytes of what is packed in it, else the body as it is.
pub fn decompress_lossy(is_packed: bool, body: &[u8], limit: usize) -> Cow<'_, [u8]> {
    if !is_packed || body.is_empty() {
        return body.into();
    }
    let mut unpacked = Vec::new();
    let mut reader = flate2::read::MultiGzDecoder::new(body).take(limit as u64);
    // The beginning of a body that breaks off or is cut can be looked at all the same.
    match reader.read_to_end(&mut unpacked) {
        Err(_) if unpacked.is_empty() => body.into(),
        Ok(_) | Err(_) => unpacked.into(),
    }
}

async fn collect(mut body: Body, announced: usize, limit: usize) -> Result<Bytes, RequestError> {
    let mut first = Bytes::new();
    let mut bytes = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| RequestError::UnreadableBody(error.to_string()))?;
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length > limit.saturating_add(MAX_DRAIN_BYTES) {
            break;
        }
        if length > limit || announced > limit {
            continue;
        }
        if length == data.len() {
            first = data;
            continue;
        }
        if bytes.is_empty() {
            bytes.extend_from_slice(&first);
        }
        bytes.extend_from_slice(&data);
    }
    if length > limit || announced > limit {
        return Err(RequestError::BodyTooLarge { limit });
    }
    Ok(if bytes.is_empty() { first } else { Bytes::from(bytes) })
}

fn decompress(bytes: &[u8], limit: usize) -> Result<Bytes, RequestError> {
    let mut unpacked = Vec::new();
    let mut reader = flate2::read::MultiGzDecoder::new(bytes).take((limit as u64).saturating_add(1));
    reader.read_to_end(&mut unpacked).map_err(|error| RequestError::UnreadableBody(error.to_string()))?;
    if unpacked.len() > limit {
        return Err(RequestError::BodyTooLarge { limit });
    }
    Ok(Bytes::from(unpacked))
}
