//! Pieces of answers: the JSON of a record, written once and kept beside the record for all answers that show it.
//!
//! Absolute links differ with where the client found the server; a piece has a mark in the place of their base.

use std::borrow::Cow;
use std::io::{self, Write};

use memchr::memchr_iter;
use serde::Serialize;
use serde_json::ser::Formatter;
use serde_json::value::{RawValue, to_raw_value};

use crate::store::Memo;

/// What stands for the base of links in a piece.
const BASE_URL_PLACEHOLDER: &str = "\u{1}";

/// The mark as JSON.
const ESCAPED_PLACEHOLDER: &str = "\\u0001";

/// A record in an answer.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum JsonFragment<'a, T> {
    /// Its JSON, as it is kept beside it.
    Cached(&'a RawValue),
    /// Its shape, from which the JSON is written for this answer.
    Fresh(Box<T>),
}

/// Returns the JSON of `shape`, kept in `kept`; the shape follows from the record alone.
pub fn cached_json<T: Serialize>(kept: &Memo<Box<RawValue>>, shape: impl FnOnce() -> T) -> &RawValue {
    kept.get_or_init(|| raw(&shape()))
}

/// Returns a piece of an answer whose one link begins with `base_url`: `shape` makes it with the base that it is given,
/// and follows from the record alone otherwise. Such a piece is written by [`json_linked`](super::json_linked).
///
/// A record that has the mark in a text of its own is not kept.
pub fn cached_json_with_base_url<'a, T: Serialize>(
    kept: &'a Memo<Option<Box<RawValue>>>,
    base_url: &str,
    shape: impl Fn(&str) -> T,
) -> JsonFragment<'a, T> {
    let json = kept.get_or_init(|| {
        let json = raw(&shape(BASE_URL_PLACEHOLDER));
        (placeholders(json.get()).count() == 1).then_some(json)
    });
    json.as_deref().map_or_else(|| JsonFragment::Fresh(Box::new(shape(base_url))), JsonFragment::Cached)
}

fn raw(shape: &impl Serialize) -> Box<RawValue> {
    to_raw_value(shape).expect("wire shapes have text keys and no failing parts")
}

/// Where the escaped mark stands in a text of JSON, looked for from the end, as links come late and backslashes are few.
fn placeholders(json: &str) -> impl Iterator<Item = usize> {
    let json = json.as_bytes();
    memchr_iter(b'\\', json).rev().filter(|at| json[*at..].starts_with(ESCAPED_PLACEHOLDER.as_bytes()))
}

/// Writes JSON like [`serde_json::to_writer`], with the base of links in the place of the marks.
pub(super) struct BaseUrlFormatter<'a> {
    base_url: Cow<'a, str>,
}

impl<'a> BaseUrlFormatter<'a> {
    pub(super) fn new(base_url: &'a str) -> Self {
        let is_plain = !base_url.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\');
        if is_plain {
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
    struct Shape<'a> {
        name: &'a str,
        href: String,
    }

    fn written(name: &str, base_url: &str) -> (bool, String) {
        let kept = Memo::default();
        let shape = |base_url: &str| Shape { name, href: format!("{base_url}/x") };
        let piece = cached_json_with_base_url(&kept, base_url, shape);
        let mut text = Vec::new();
        piece
            .serialize(&mut serde_json::Serializer::with_formatter(
                &mut text,
                BaseUrlFormatter::new(base_url),
            ))
            .expect("it can be written");
        (matches!(piece, JsonFragment::Cached(_)), String::from_utf8(text).expect("JSON is UTF-8"))
    }

    #[test]
    fn the_base_of_the_answer_stands_in_the_kept_piece() {
        let json = r#"{"name":"a \"b\"","href":"http://h:1/ns/t/x"}"#;

        assert_eq!(written("a \"b\"", "http://h:1/ns/t"), (true, json.to_owned()));
    }

    #[test]
    fn a_base_is_escaped() {
        assert_eq!(written("a", "http://h/\"\\").1, r#"{"name":"a","href":"http://h/\"\\/x"}"#);
    }

    #[test]
    fn a_record_with_the_mark_in_it_is_written_each_time() {
        let json = r#"{"name":"\u0001","href":"http://h/x"}"#;

        assert_eq!(written("\u{1}", "http://h"), (false, json.to_owned()));
    }
}
