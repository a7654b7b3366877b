//! The entries of an HTTP Archive 1.2, as browsers, mitmproxy, Playwright, k6, Insomnia, Charles and the journal of
//! this server write them. Fields that are not needed here are ignored.

use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::bodies::{decode_base64, without_content_encoding};
use super::exchange::{Message, Place, RecordedExchange};
use super::unescape::unescape;
use crate::json::strict_json;

/// The start of the comment on a body of which the journal has only a part.
const CUT: &str = "cut:";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    started_date_time: Option<String>,
    #[serde(borrow)]
    request: Request<'a>,
    #[serde(borrow)]
    response: Response<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Pair>,
    #[serde(borrow)]
    post_data: Option<PostData<'a>>,
}

/// A header, or a field of a form.
#[derive(Deserialize)]
struct Pair {
    name: String,
    #[serde(default)]
    value: String,
}

/// The texts of bodies are not copied: they are most of an entry.
#[derive(Deserialize)]
struct PostData<'a> {
    #[serde(borrow)]
    text: Option<&'a RawValue>,
    #[serde(default)]
    params: Vec<Pair>,
    #[serde(rename = "_encoding")]
    encoding: Option<String>,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct Response<'a> {
    status: u16,
    #[serde(default)]
    headers: Vec<Pair>,
    #[serde(borrow)]
    content: Option<Content<'a>>,
}

#[derive(Deserialize)]
struct Content<'a> {
    #[serde(default)]
    size: f64,
    #[serde(borrow)]
    text: Option<&'a RawValue>,
    encoding: Option<String>,
    comment: Option<String>,
}

/// A body as the archive contains it.
#[derive(Default)]
struct EncodedBody {
    text: String,
    encoding: Option<String>,
}

/// Where the body of a response is in the JSON of its entry.
struct ResponseBody {
    literal: Range<usize>,
    encoding: Option<String>,
}

/// Parses an entry.
///
/// The body of the response, which is most of a large entry, stays in the memory of the entry.
///
/// # Errors
/// The reason.
pub(super) fn parse_entry(json: Box<RawValue>, place: Place) -> Result<RecordedExchange, String> {
    let (mut exchange, request, response) = parse(&json, place)?;
    if let Some(ResponseBody { literal, encoding }) = response {
        let mut text = Box::<str>::from(json).into_string();
        text.truncate(literal.end);
        text.drain(..literal.start);
        let body = EncodedBody { text: string(text, "response.content.text")?, encoding };
        decode(body, &mut exchange.response).map_err(|reason| format!("response.content: {reason}"))?;
    }
    decode(request, &mut exchange.request).map_err(|reason| format!("request.postData: {reason}"))?;
    Ok(exchange)
}

/// Returns the exchange without its bodies, and the bodies.
fn parse(
    json: &RawValue,
    place: Place,
) -> Result<(RecordedExchange, EncodedBody, Option<ResponseBody>), String> {
    let Entry { started_date_time, request, response } =
        strict_json::from_str(json.get()).map_err(|error| format!("invalid entry: {error}"))?;
    let mut exchange = RecordedExchange {
        place,
        started: started_date_time,
        method: request.method,
        url: request.url,
        request: message(request.headers),
        status: response.status,
        response: message(response.headers),
    };
    let (mut request_body, mut response_body) = (EncodedBody::default(), None);
    if let Some(data) = request.post_data {
        exchange.request.missing = cut(data.comment.as_deref());
        request_body = match data.text {
            Some(text) => {
                let text = string(text.get().to_owned(), "request.postData.text")?;
                EncodedBody { text, encoding: data.encoding }
            }
            None => EncodedBody { text: form(&data.params), encoding: None },
        };
    }
    if let Some(content) = response.content {
        let message = &mut exchange.response;
        message.missing = cut(content.comment.as_deref());
        match content.text {
            Some(text) => {
                let start = text.get().as_ptr().addr() - json.get().as_ptr().addr();
                let literal = start..start + text.get().len();
                response_body = Some(ResponseBody { literal, encoding: content.encoding });
            }
            None if content.size > 0.0 => {
                message.missing = Some("the recording does not contain the body".to_owned());
            }
            None => {}
        }
    }
    Ok((exchange, request_body, response_body))
}

/// Returns the string of the literal at `path`.
fn string(literal: String, path: &str) -> Result<String, String> {
    unescape(literal).ok_or_else(|| format!("invalid entry: {path}: expected a string"))
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

/// Decodes a body into its message.
fn decode(body: EncodedBody, message: &mut Message) -> Result<(), String> {
    let EncodedBody { text, encoding } = body;
    let bytes = match encoding.as_deref().filter(|encoding| !encoding.is_empty()) {
        None => text.into_bytes(),
        Some("base64") => {
            let bytes = decode_base64(&text)?;
            drop(text);
            bytes
        }
        Some(other) => return Err(format!("the encoding must be base64, not `{other}`")),
    };
    message.body = without_content_encoding(bytes, message.header("content-encoding"))?;
    Ok(())
}

/// Returns a form as it is sent.
fn form(params: &[Pair]) -> String {
    use crate::http::base_url::encode_component;
    let pairs = params
        .iter()
        .map(|Pair { name, value }| format!("{}={}", encode_component(name), encode_component(value)));
    pairs.collect::<Vec<_>>().join("&")
}
