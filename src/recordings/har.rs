//! The entries of an HTTP Archive 1.2, as browsers, mitmproxy, Playwright, k6, Insomnia, Charles and the journal of
//! this server write them. Fields that are not needed here are ignored.

use serde::Deserialize;

use super::bodies::{decode_base64, without_content_encoding};
use super::exchange::{Message, Place, RecordedExchange};
use crate::json::strict_json;

/// The start of the comment on a body of which the journal has only a part.
const CUT: &str = "cut:";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    started_date_time: Option<String>,
    request: Request,
    response: Response,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Pair>,
    post_data: Option<PostData>,
}

/// A header, or a field of a form.
#[derive(Deserialize)]
struct Pair {
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
struct PostData {
    text: Option<String>,
    #[serde(default)]
    params: Vec<Pair>,
    #[serde(rename = "_encoding")]
    encoding: Option<String>,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct Response {
    status: u16,
    #[serde(default)]
    headers: Vec<Pair>,
    content: Option<Content>,
}

#[derive(Deserialize)]
struct Content {
    #[serde(default)]
    size: f64,
    text: Option<String>,
    encoding: Option<String>,
    comment: Option<String>,
}

/// Parses an entry.
///
/// # Errors
/// The reason.
pub(super) fn parse_entry(json: &str, place: Place) -> Result<RecordedExchange, String> {
    let Entry { started_date_time, request, response } =
        strict_json::from_slice(json.as_bytes()).map_err(|error| format!("invalid entry: {error}"))?;
    let mut exchange = RecordedExchange {
        place,
        started: started_date_time,
        method: request.method,
        url: request.url,
        request: message(request.headers),
        status: response.status,
        response: message(response.headers),
    };
    if let Some(data) = request.post_data {
        let message = &mut exchange.request;
        message.missing = cut(data.comment.as_deref());
        message.body = match data.text {
            Some(text) => decode(text, data.encoding.as_deref(), message.header("content-encoding"))
                .map_err(|reason| format!("request.postData: {reason}"))?,
            None => form(&data.params).into_bytes(),
        };
    }
    if let Some(content) = response.content {
        let message = &mut exchange.response;
        message.missing = cut(content.comment.as_deref());
        match content.text {
            Some(text) => {
                let encoding = message.header("content-encoding");
                message.body = decode(text, content.encoding.as_deref(), encoding)
                    .map_err(|reason| format!("response.content: {reason}"))?;
            }
            None if content.size > 0.0 => {
                message.missing = Some("the recording does not contain the body".to_owned());
            }
            None => {}
        }
    }
    Ok(exchange)
}

/// Returns the message with these headers; the pseudo-headers of HTTP/2 are none.
fn message(headers: Vec<Pair>) -> Message {
    let headers = headers.into_iter().filter(|pair| !pair.name.starts_with(':'));
    let headers = headers.map(|pair| (pair.name.to_ascii_lowercase(), pair.value)).collect();
    Message { headers, ..Message::default() }
}

/// Returns the reason why a body is incomplete, from its comment.
fn cut(comment: Option<&str>) -> Option<String> {
    comment.filter(|comment| comment.starts_with(CUT)).map(|comment| format!("the body is {comment}"))
}

/// Returns the bytes of a body.
fn decode(text: String, encoding: Option<&str>, content_encoding: Option<&str>) -> Result<Vec<u8>, String> {
    let bytes = match encoding.filter(|encoding| !encoding.is_empty()) {
        None => text.into_bytes(),
        Some("base64") => decode_base64(&text)?,
        Some(other) => return Err(format!("the encoding must be base64, not `{other}`")),
    };
    without_content_encoding(bytes, content_encoding)
}

/// Returns a form as it is sent.
fn form(params: &[Pair]) -> String {
    use crate::http::base_url::encode_component;
    let pairs = params
        .iter()
        .map(|Pair { name, value }| format!("{}={}", encode_component(name), encode_component(value)));
    pairs.collect::<Vec<_>>().join("&")
}
