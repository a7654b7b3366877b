//! `JsonFragment`: the cached JSON of a record, which is serialized once for all responses that contain the record.
//!
//! The base URL of absolute links depends on the request, so a cached fragment has a placeholder for it.

use std::borrow::Cow;
use std::io::{self, Write};

use memchr::memchr_iter;
use serde::Serialize;
use serde_json::ser::Formatter;
use serde_json::value::{RawValue, to_raw_value};

use crate::store::Memo;

/// The placeholder for the base URL in a cached fragment.
const BASE_URL_PLACEHOLDER: &str = "\u{1}";

/// The placeholder as it is escaped in JSON.
const ESCAPED_PLACEHOLDER: &str = "\\u0001";

/// A record in a response.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum JsonFragment<'a, T> {
    /// The cached JSON.
    Cached(&'a RawValue),
    /// The wire type, which is serialized for this response only.
    Fresh(Box<T>),
}

/// Returns the JSON of a record from `cache`; on first use, serializes the result of `to_wire`, which must depend only
/// on the record.
pub fn cached_json<T: Serialize>(cache: &Memo<Box<RawValue>>, to_wire: impl FnOnce() -> T) -> &RawValue {
    cache.get_or_init(|| raw(&to_wire()))
}

/// Returns the JSON of a record in the shape `shape` from `cache`, which keeps the shape of the first use.
///
/// `to_wire` must depend only on the record and on `shape`.
pub fn cached_json_in_shape<S: Copy + PartialEq, T: Serialize>(
    cache: &Memo<(S, Box<RawValue>)>,
    shape: S,
    to_wire: impl Fn() -> T,
) -> JsonFragment<'_, T> {
    let (cached_shape, json) = cache.get_or_init(|| (shape, raw(&to_wire())));
    if *cached_shape == shape { JsonFragment::Cached(json) } else { JsonFragment::Fresh(Box::new(to_wire())) }
}

/// Returns the JSON of a record with one link that starts with `base_url`, from `cache` if possible.
///
/// `to_wire` gets the base URL, and must otherwise depend only on the record. The fragment must be written by
/// [`json_with_base_url`](super::json_with_base_url) or [`json_page_with_base_url`](super::json_page_with_base_url),
/// which replace the placeholder. A record that contains the placeholder itself is not cached.
pub fn cached_json_with_base_url<'a, T: Serialize>(
    cache: &'a Memo<Option<Box<RawValue>>>,
    base_url: &str,
    to_wire: impl Fn(&str) -> T,
) -> JsonFragment<'a, T> {
    let json = cache.get_or_init(|| {
        let json = raw(&to_wire(BASE_URL_PLACEHOLDER));
        (placeholders(json.get()).count() == 1).then_some(json)
    });
    json.as_deref().map_or_else(|| JsonFragment::Fresh(Box::new(to_wire(base_url))), JsonFragment::Cached)
}

fn raw(value: &impl Serialize) -> Box<RawValue> {
    to_raw_value(value).expect("wire types have string keys and no fallible serializers")
}

/// Returns the positions of escaped placeholders in JSON, from the end, because links are near the end and backslashes
/// rare.
fn placeholders(json: &str) -> impl Iterator<Item = usize> {
    let json = json.as_bytes();
    memchr_iter(b'\\', json).rev().filter(|at| json[*at..].starts_with(ESCAPED_PLACEHOLDER.as_bytes()))
}

/// A formatter that writes compact JSON and replaces the placeholder in cached fragments with the base URL.
pub(super) struct BaseUrlFormatter<'a> {
    base_url: Cow<'a, str>,
}

impl<'a> BaseUrlFormatter<'a> {
    pub(super) fn new(base_url: &'a str) -> Self {
        let needs_escape = base_url.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\');
        if !needs_escape {
            return Self { base_url: base_url.into() };
        }
        let quoted = raw(&base_url);
        Self { base_url: quoted.get()[1..quoted.get().len() - 1].to_owned().into() }
    }
}

impl Formatter for BaseUrlFormatter<'_> {
    fn write_raw_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let Some(at) = placeholders(fragment).next() else {
            return writer.write_all(fragment.as_bytes());
        };
        let end = at + ESCAPED_PLACEHOLDER.len();
        writer.write_all(&fragment.as_bytes()[..at])?;
        writer.write_all(self.base_url.as_bytes())?;
        writer.write_all(&fragment.as_bytes()[end..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Record<'a> {
        name: &'a str,
        href: String,
    }

    /// Returns whether the fragment is cached, and its JSON in a response with `base_url`.
    fn written(name: &str, base_url: &str) -> (bool, String) {
        let cache = Memo::default();
        let to_wire = |base_url: &str| Record { name, href: format!("{base_url}/x") };
        let fragment = cached_json_with_base_url(&cache, base_url, to_wire);
        let mut json = Vec::new();
        fragment
            .serialize(&mut serde_json::Serializer::with_formatter(
                &mut json,
                BaseUrlFormatter::new(base_url),
            ))
            .expect("the fragment can be serialized");
        (matches!(fragment, JsonFragment::Cached(_)), String::from_utf8(json).expect("JSON is UTF-8"))
    }

    #[test]
    fn cached_fragment_is_written_with_the_base_url_of_the_response() {
        let json = r#"{"name":"a \"b\"","href":"http://h:1/ns/t/x"}"#;

        assert_eq!(written("a \"b\"", "http://h:1/ns/t"), (true, json.to_owned()));
    }

    #[test]
    fn base_url_is_escaped_as_json() {
        assert_eq!(written("a", "http://h/\"\\").1, r#"{"name":"a","href":"http://h/\"\\/x"}"#);
    }

    #[test]
    fn record_that_contains_the_placeholder_is_not_cached() {
        let json = r#"{"name":"\u0001","href":"http://h/x"}"#;

        assert_eq!(written("\u{1}", "http://h"), (false, json.to_owned()));
    }
}
