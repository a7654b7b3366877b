//! The bodies of a recording: base64, content encodings, and JSON without duplicate keys.

use std::fmt;
use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::MultiGzDecoder;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The maximum size of a decompressed body.
const MAX_DECOMPRESSED_BYTES: u64 = 256 * 1024 * 1024;

/// The first bytes of gzip data.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Decodes base64, which may contain line feeds.
pub(super) fn decode_base64(text: &str) -> Result<Vec<u8>, String> {
    let decoded = if text.contains(|char: char| char.is_ascii_whitespace()) {
        let compact: String = text.chars().filter(|char| !char.is_ascii_whitespace()).collect();
        STANDARD.decode(compact)
    } else {
        STANDARD.decode(text)
    };
    decoded.map_err(|error| format!("invalid base64: {error}"))
}

/// Returns `body` without the content encoding that the headers name, if the recording has kept it.
///
/// # Errors
/// Data that is not valid in its encoding, or an encoding other than gzip.
pub(super) fn without_content_encoding(body: Vec<u8>, encoding: Option<&str>) -> Result<Vec<u8>, String> {
    if body.starts_with(&GZIP_MAGIC) {
        let mut decompressed = Vec::new();
        let mut decoder = MultiGzDecoder::new(body.as_slice()).take(MAX_DECOMPRESSED_BYTES + 1);
        decoder.read_to_end(&mut decompressed).map_err(|error| format!("invalid gzip data: {error}"))?;
        if decompressed.len() as u64 > MAX_DECOMPRESSED_BYTES {
            return Err(format!("the gzip data exceeds {MAX_DECOMPRESSED_BYTES} bytes"));
        }
        return Ok(decompressed);
    }
    match encoding.map(str::trim).filter(|name| !name.eq_ignore_ascii_case("identity")) {
        // Most recorders decompress bodies and keep the header.
        Some(name) if !body.is_empty() && std::str::from_utf8(&body).is_err() => {
            Err(format!("the body has the content encoding `{name}`, which cannot be decoded"))
        }
        Some(_) | None => Ok(body),
    }
}

/// Parses JSON in which no object has duplicate keys.
///
/// # Errors
/// The reason, with line and column.
pub(super) fn parse_json(body: &[u8]) -> Result<Value, String> {
    let mut parser = serde_json::Deserializer::from_slice(body);
    let value = UniqueKeys.deserialize(&mut parser).map_err(|error| error.to_string())?;
    parser.end().map_err(|error| error.to_string())?;
    Ok(value)
}

/// Deserializes any JSON value; an object with duplicate keys is an error.
#[derive(Debug, Clone, Copy)]
struct UniqueKeys;

impl<'de> DeserializeSeed<'de> for UniqueKeys {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for UniqueKeys {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!("duplicate field `{key}`")));
            }
            let value = fields.next_value_seed(Self)?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }
}
