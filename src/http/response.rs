//! `ApiResponse`: successful responses, with JSON serialized directly from the records.

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};

use super::json_fragment::{BaseUrlFormatter, JsonFragment, ListFormatter, list_capacity};
use crate::app::list_cache::ListBody;
use crate::spec::RequestError;

/// The initial capacity of a JSON body in bytes.
const INITIAL_CAPACITY: usize = 1024;

/// The initial capacity for headers: seven of IBM and eight of Authress, which would else be moved when the seventh comes.
const HEADER_CAPACITY: usize = 9;

/// The result of a handler: a successful response, or the error that the dialect renders.
pub type HandlerResult = Result<ApiResponse, RequestError>;

/// A successful response: status, media type, body and further headers.
#[derive(Debug)]
pub struct ApiResponse(Response);

impl ApiResponse {
    /// Returns a response without a body.
    pub fn empty(status: StatusCode) -> Self {
        let mut response = Response::default();
        *response.status_mut() = status;
        Self(response)
    }

    /// Returns a response with a static string as its body.
    pub fn text(status: StatusCode, media_type: &'static str, text: &'static str) -> Self {
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, content_type(media_type));
        Self(response)
    }

    /// Returns a response with a string as its body.
    pub fn owned_text(status: StatusCode, media_type: &'static str, text: String) -> Self {
        let mut response = Self::body(media_type, Body::from(text));
        *response.0.status_mut() = status;
        response
    }

    /// Returns a response with the status 200 and any body.
    pub fn body(media_type: &'static str, body: Body) -> Self {
        let mut response = Response::new(body);
        response.headers_mut().insert(CONTENT_TYPE, content_type(media_type));
        Self(response)
    }

    /// Adds a header, unless `value` is not a valid header value.
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

/// Returns a response with `value` as its JSON body.
pub fn json(status: StatusCode, media_type: &'static str, value: &impl Serialize) -> ApiResponse {
    serialize(status, media_type, INITIAL_CAPACITY, CompactFormatter, value)
}

/// Returns a response like [`json`], whose body usually has `capacity` bytes.
///
/// A body of exactly this length is not allocated again, and one allocation less is needed to share it.
pub fn json_with_capacity(
    status: StatusCode,
    media_type: &'static str,
    capacity: usize,
    value: &impl Serialize,
) -> ApiResponse {
    serialize(status, media_type, capacity, CompactFormatter, value)
}

/// Returns a response like [`json_with_capacity`]; links in its [fragments](super::JsonFragment) start with `base_url`.
pub fn json_with_base_url(
    status: StatusCode,
    media_type: &'static str,
    base_url: &str,
    capacity: usize,
    value: &impl Serialize,
) -> ApiResponse {
    serialize(status, media_type, capacity, BaseUrlFormatter::new(base_url), value)
}

/// Returns a response with the JSON of a record between two texts, which are those of its envelope.
///
/// The parts are copied, which takes less time than a serializer for an envelope that is always the same.
pub fn json_enveloped<T: Serialize>(
    status: StatusCode,
    media_type: &'static str,
    [before, after]: [&str; 2],
    fragment: &JsonFragment<'_, T>,
) -> ApiResponse {
    let mut json = Vec::with_capacity(before.len() + fragment.json_len() + after.len());
    json.extend_from_slice(before.as_bytes());
    match fragment {
        JsonFragment::Cached(cached) => json.extend_from_slice(cached.get().as_bytes()),
        JsonFragment::Fresh(value) => json.append(&mut to_json(INITIAL_CAPACITY, CompactFormatter, value)),
    }
    json.extend_from_slice(after.as_bytes());
    with_json(status, media_type, json.into())
}

/// Returns a list: `envelope` as JSON, with `items` in the place of its field [`Items`](super::Items). Links in the items
/// start with `base_url`, if they have links.
pub fn json_list<T: Serialize>(
    media_type: &'static str,
    base_url: Option<&str>,
    items: &[JsonFragment<'_, T>],
    envelope: &impl Serialize,
) -> ListBody {
    let capacity = list_capacity(items, base_url);
    let json = to_json(capacity, ListFormatter::new(items, base_url), envelope).into();
    ListBody { media_type, json }
}

impl From<ListBody> for ApiResponse {
    /// Returns a response with the status 200 and a list.
    fn from(ListBody { media_type, json }: ListBody) -> Self {
        with_json(StatusCode::OK, media_type, json.into())
    }
}

fn serialize(
    status: StatusCode,
    media_type: &'static str,
    capacity: usize,
    formatter: impl Formatter,
    value: &impl Serialize,
) -> ApiResponse {
    with_json(status, media_type, to_json(capacity, formatter, value).into())
}

fn to_json(capacity: usize, formatter: impl Formatter, value: &impl Serialize) -> Vec<u8> {
    let mut json = Vec::with_capacity(capacity);
    let result = value.serialize(&mut serde_json::Serializer::with_formatter(&mut json, formatter));
    result.expect("wire types have string keys and no fallible serializers");
    json
}

/// Returns a media type as the value of `Content-Type`.
///
/// `HeaderValue::from_static` is meant for constants: it checks a text that is only known at run time half as fast.
fn content_type(media_type: &'static str) -> HeaderValue {
    HeaderValue::from_maybe_shared(Bytes::from_static(media_type.as_bytes())).expect("media types are ASCII")
}

/// Returns a response with a JSON body.
fn with_json(status: StatusCode, media_type: &'static str, body: Body) -> ApiResponse {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().reserve(HEADER_CAPACITY);
    response.headers_mut().insert(CONTENT_TYPE, content_type(media_type));
    ApiResponse(response)
}
