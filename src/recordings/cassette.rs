//! The interactions of a cassette: go-vcr (versions 1 to 4, whose formats differ only in fields that are not needed
//! here) and vcrpy, as YAML or as JSON.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, EnumAccess, Error as _, IgnoredAny, MapAccess, VariantAccess, Visitor};

use super::bodies::{decode_base64, without_content_encoding};
use super::exchange::{Message, Place, RecordedExchange};

/// The tag by which [`with_local_tags`] replaces `!!binary`.
const BINARY_TAG: &str = "binary";

/// Returns the YAML with a local tag in the place of `!!binary`, because the parser drops the tags of YAML itself.
pub(super) fn with_local_tags(yaml: &str) -> String {
    let mut result = String::with_capacity(yaml.len());
    for line in yaml.split_inclusive('\n') {
        let indentation = line.len() - line.trim_start_matches(' ').len();
        let value = ["body: ", "string: "].iter().find_map(|key| line[indentation..].strip_prefix(key));
        match value.and_then(|value| value.trim_start_matches(' ').strip_prefix("!!binary")) {
            Some(rest) => {
                let tag = line.len() - rest.len() - "!!binary".len();
                result.extend([&line[..tag], "!", BINARY_TAG, rest]);
            }
            None => result.push_str(line),
        }
    }
    result
}

/// A cassette.
#[derive(Deserialize)]
pub(super) struct Cassette {
    pub(super) interactions: Vec<Interaction>,
}

/// A request with its response.
#[derive(Deserialize)]
pub(super) struct Interaction {
    request: Request,
    response: Response,
}

#[derive(Deserialize)]
struct Request {
    method: String,
    /// The URL, which vcrpy calls `uri`.
    #[serde(alias = "uri")]
    url: String,
    #[serde(default, deserialize_with = "nullable")]
    headers: BTreeMap<String, Values>,
    #[serde(default)]
    body: Body,
}

#[derive(Deserialize)]
struct Response {
    #[serde(default, deserialize_with = "nullable")]
    headers: BTreeMap<String, Values>,
    #[serde(default)]
    body: Body,
    status: Status,
    /// The number of the status in go-vcr, whose `status` is a text.
    code: Option<u16>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Status {
    Number(u16),
    Text(String),
    Object { code: u16 },
}

/// The values of a header.
#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    One(String),
    Many(Vec<String>),
}

/// A body: of go-vcr a string, of vcrpy a string or an object with a string.
#[derive(Default)]
struct Body(Vec<u8>);

/// Reads a body; with a tag, which can only be [`BINARY_TAG`], it is base64.
struct BodyVisitor;

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BodyVisitor)
    }
}

impl<'de> Visitor<'de> for BodyVisitor {
    type Value = Body;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a body: a string, or an object with a `string`")
    }

    fn visit_unit<E>(self) -> Result<Body, E> {
        Ok(Body::default())
    }

    fn visit_str<E>(self, text: &str) -> Result<Body, E> {
        Ok(Body(text.as_bytes().to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Body, E> {
        Ok(Body(text.into_bytes()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Body, A::Error> {
        let mut body = Body::default();
        while let Some(name) = fields.next_key::<String>()? {
            match name.as_str() {
                "string" => body = fields.next_value()?,
                "base64_string" => {
                    let text: String = fields.next_value()?;
                    body = Body(decode_base64(&text).map_err(A::Error::custom)?);
                }
                _ => {
                    fields.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(body)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Body, A::Error> {
        let (tag, content): (String, _) = tagged.variant()?;
        if tag != BINARY_TAG {
            return Err(A::Error::custom(format!("unknown tag `!{tag}`")));
        }
        let text: String = content.newtype_variant()?;
        decode_base64(&text).map(Body).map_err(A::Error::custom)
    }
}

fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

impl Interaction {
    /// Converts the interaction to an exchange.
    ///
    /// # Errors
    /// The reason.
    pub(super) fn into_exchange(self, place: Place) -> Result<RecordedExchange, String> {
        let Self { request, response } = self;
        let status = match (response.code, response.status) {
            (Some(code), _) | (None, Status::Number(code) | Status::Object { code }) => code,
            (None, Status::Text(text)) => text
                .split(' ')
                .next()
                .and_then(|code| code.parse().ok())
                .ok_or_else(|| format!("response.status: `{text}` does not start with a status"))?,
        };
        Ok(RecordedExchange {
            place,
            started: None,
            method: request.method,
            url: request.url,
            request: message(request.headers, request.body).map_err(|reason| format!("request.{reason}"))?,
            status,
            response: message(response.headers, response.body)
                .map_err(|reason| format!("response.{reason}"))?,
        })
    }
}

fn message(headers: BTreeMap<String, Values>, body: Body) -> Result<Message, String> {
    let headers = headers.into_iter().map(|(name, values)| {
        let value = match values {
            Values::One(value) => value,
            Values::Many(values) => values.join(", "),
        };
        (name.to_ascii_lowercase(), value)
    });
    let mut message = Message { headers: headers.collect(), ..Message::default() };
    message.body = without_content_encoding(body.0, message.header("content-encoding"))
        .map_err(|reason| format!("body: {reason}"))?;
    Ok(message)
}
