//! `JsonFragment`: the cached JSON of a record, which is serialized once for all responses that contain the record.
//!
//! The base URL of absolute links depends on the request, so a cached fragment has a placeholder for it.

use std::borrow::Cow;
use std::io::{self, Write};

use memchr::memchr_iter;
use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::ser::Formatter;
use serde_json::value::{RawValue, to_raw_value};

use crate::store::Memo;

/// The placeholder for the base URL in a cached fragment.
const BASE_URL_PLACEHOLDER: &str = "\u{1}";

/// The placeholder as it is escaped in JSON.
const ESCAPED_PLACEHOLDER: &str = "\\u0001";

/// The placeholder for the items of a list in its envelope: a JSON string, which no record is.
const ITEMS_PLACEHOLDER: &str = "\"items\"";

/// The usual length of a record that is not cached, in bytes.
const FRESH_LEN: usize = 512;

/// The capacity for what surrounds a list: totals, cursors and links.
const LIST_CAPACITY: usize = 1024;

/// A record in a response.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum JsonFragment<'a, T> {
    /// The cached JSON.
    Cached(&'a RawValue),
    /// The wire type, which is serialized for this response only.
    Fresh(Box<T>),
}

impl<T> JsonFragment<'_, T> {
    /// Returns the length of the JSON in bytes; an estimate if it is not cached.
    pub fn json_len(&self) -> usize {
        match self {
            Self::Cached(json) => json.get().len(),
            Self::Fresh(_) => FRESH_LEN,
        }
    }

    /// Returns the length like [`JsonFragment::json_len`], with a link that starts with `base_url`.
    pub fn json_len_with_base_url(&self, base_url: &str) -> usize {
        (self.json_len() + base_url.len()).saturating_sub(ESCAPED_PLACEHOLDER.len())
    }
}

/// Returns the capacity for a list of records with links that start with `base_url`, and for what surrounds it.
pub(super) fn list_capacity<T>(items: &[JsonFragment<'_, T>], base_url: Option<&str>) -> usize {
    let link_len = base_url.map_or(0, str::len);
    let lengths = items.iter().map(|item| item.json_len() + ",".len() + link_len);
    LIST_CAPACITY + lengths.sum::<usize>()
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
/// [`json_with_base_url`](super::json_with_base_url) or [`json_list`](super::json_list), which replace the placeholder. A
/// record that contains the placeholder itself is not cached.
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
        // Without an early end, the compiler checks many bytes at a time.
        let is_escaped = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
        let needs_escape = base_url.bytes().fold(false, |found, byte| found | is_escaped(byte));
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

/// The field of an envelope in whose place [`json_list`](super::json_list) writes the items of a list.
#[derive(Debug, Clone, Copy)]
pub struct Items;

impl Serialize for Items {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let placeholder: &RawValue = serde_json::from_str(ITEMS_PLACEHOLDER).map_err(S::Error::custom)?;
        placeholder.serialize(serializer)
    }
}

/// A formatter that writes compact JSON, with the items of a list in the place of [`Items`].
///
/// It copies their cached JSON, which takes less time than a serializer that is called for each item.
pub(super) struct ListFormatter<'a, T> {
    items: &'a [JsonFragment<'a, T>],
    base_url: Option<BaseUrlFormatter<'a>>,
}

impl<'a, T> ListFormatter<'a, T> {
    /// Returns the formatter for `items` whose links start with `base_url`, if they have links.
    pub(super) fn new(items: &'a [JsonFragment<'a, T>], base_url: Option<&'a str>) -> Self {
        Self { items, base_url: base_url.map(BaseUrlFormatter::new) }
    }
}

impl<T: Serialize> Formatter for ListFormatter<'_, T> {
    fn write_raw_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        debug_assert_eq!(fragment, ITEMS_PLACEHOLDER, "an envelope has no other fragment");
        let mut separator: &[u8] = b"[";
        let mut fresh = Vec::new();
        for item in self.items {
            writer.write_all(separator)?;
            separator = b",";
            match (item, &mut self.base_url) {
                (JsonFragment::Cached(json), None) => writer.write_all(json.get().as_bytes())?,
                (JsonFragment::Cached(json), Some(base_url)) => {
                    base_url.write_raw_fragment(writer, json.get())?;
                }
                (JsonFragment::Fresh(value), _) => {
                    fresh.clear();
                    serde_json::to_writer(&mut fresh, value)?;
                    writer.write_all(&fresh)?;
                }
            }
        }
        writer.write_all(if self.items.is_empty() { b"[]" } else { b"]" })
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
    fn items_are_written_in_the_place_of_their_field() {
        #[derive(Serialize)]
        struct Envelope {
            total: usize,
            items: Items,
            more: bool,
        }
        let caches = ["a", "\u{1}", "c"].map(|name| (name, Memo::default()));
        let written = |count: usize| {
            let to_item = |(name, cache)| {
                cached_json_with_base_url(cache, "http://h", |base_url| Record {
                    name,
                    href: format!("{base_url}/x"),
                })
            };
            let items: Vec<_> = caches[..count].iter().map(|(name, cache)| to_item((*name, cache))).collect();
            let mut json = Vec::new();
            let formatter = ListFormatter::new(&items, Some("http://h"));
            Envelope { total: count, items: Items, more: true }
                .serialize(&mut serde_json::Serializer::with_formatter(&mut json, formatter))
                .expect("the envelope can be serialized");
            assert!(json.len() <= list_capacity(&items, Some("http://h")));
            String::from_utf8(json).expect("JSON is UTF-8")
        };

        assert_eq!(written(0), r#"{"total":0,"items":[],"more":true}"#);
        assert_eq!(
            written(3),
            r#"{"total":3,"items":[{"name":"a","href":"http://h/x"},{"name":"\u0001","href":"http://h/x"},{"name":"c","href":"http://h/x"}],"more":true}"#
        );
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
