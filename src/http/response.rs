//! Answers: JSON written straight from the records.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};

use super::json_fragment::BaseUrlFormatter;
use crate::spec::RequestError;

/// Room for an answer with one group, and for each group of a page; a longer one grows.
const INITIAL_CAPACITY: usize = 1024;
const ITEM_CAPACITY: usize = 512;

/// The most groups for which room is made at once.
const MAX_ITEMS: usize = 1000;

/// What a handler gives: a success, or the failure that the dialect renders.
pub type HandlerResult = Result<ApiResponse, RequestError>;

/// A successful answer: status, media type, body and further headers.
#[derive(Debug)]
pub struct ApiResponse(Response);

impl ApiResponse {
    /// Returns an answer without a body.
    pub fn empty(status: StatusCode) -> Self {
        let mut response = Response::default();
        *response.status_mut() = status;
        Self(response)
    }

    /// Returns an answer with a constant text as its body.
    pub fn text(status: StatusCode, media_type: &'static str, text: &'static str) -> Self {
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        Self(response)
    }

    /// Returns an answer with a text as its body.
    pub fn owned_text(status: StatusCode, media_type: &'static str, text: String) -> Self {
        let mut reply = Self::body(media_type, Body::from(text));
        *reply.0.status_mut() = status;
        reply
    }

    /// Returns an answer with the status 200 and any body.
    pub fn body(media_type: &'static str, body: Body) -> Self {
        let mut response = Response::new(body);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        Self(response)
    }

    /// Adds a header; a value that is no header value is left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers_mut().insert(name, value);
        }
        self
    }
}

impl From<Response> for ApiResponse {
    fn from(response: Response) -> Self {
        Self(response)
    }
}

impl IntoResponse for ApiResponse {
    fn into_response(self) -> Response {
        self.0
    }
}

/// Returns an answer with `value` as its JSON body.
pub fn json(status: StatusCode, media_type: &'static str, value: &impl Serialize) -> ApiResponse {
    serialize(status, media_type, INITIAL_CAPACITY, CompactFormatter, value)
}

/// Returns an answer like [`json`], with room for `count` groups.
pub fn json_page(
    status: StatusCode,
    media_type: &'static str,
    count: usize,
    value: &impl Serialize,
) -> ApiResponse {
    serialize(status, media_type, capacity_for(count), CompactFormatter, value)
}

/// Returns an answer with `value` as its JSON body, in whose [pieces](super::Piece) links begin with `base_url`.
pub fn json_with_base_url(
    status: StatusCode,
    media_type: &'static str,
    base_url: &str,
    value: &impl Serialize,
) -> ApiResponse {
    serialize(status, media_type, INITIAL_CAPACITY, BaseUrlFormatter::new(base_url), value)
}

/// Returns an answer like [`json_linked`], with room for `count` groups.
pub fn json_page_with_base_url(
    status: StatusCode,
    media_type: &'static str,
    base_url: &str,
    count: usize,
    value: &impl Serialize,
) -> ApiResponse {
    serialize(status, media_type, capacity_for(count), BaseUrlFormatter::new(base_url), value)
}

fn capacity_for(count: usize) -> usize {
    INITIAL_CAPACITY + ITEM_CAPACITY * count.min(MAX_ITEMS)
}

fn serialize(
    status: StatusCode,
    media_type: &'static str,
    room: usize,
    formatter: impl Formatter,
    value: &impl Serialize,
) -> ApiResponse {
    let mut body = Vec::with_capacity(room);
    let written = value.serialize(&mut serde_json::Serializer::with_formatter(&mut body, formatter));
    written.expect("wire shapes have text keys and no failing parts");
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    ApiResponse(response)
}
