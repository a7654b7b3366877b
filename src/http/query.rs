//! `Query`: an extractor for query parameters.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use percent_encoding::percent_decode;

use super::RequestContext;
use crate::spec::{RequestError, Violation};

/// The decoded query parameters in the order of the request; of parameters with the same name, the last one counts.
///
/// `+` is decoded as a space. A name or value that is not UTF-8 is [`RequestError::InvalidQuery`].
#[derive(Debug, Default)]
pub struct Query {
    /// The names and values, concatenated.
    text: String,
    pairs: Vec<Pair>,
}

/// The offsets in the text at which a name starts, its value starts, and its value ends.
type Pair = [usize; 3];

impl Query {
    /// Returns the value of the parameter `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.find(|other| other == name)
    }

    /// Returns the value of the parameter `name` if it is not empty.
    pub fn get_non_empty(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// Returns the value of the parameter `name`, which is matched case-insensitively.
    pub fn get_case_insensitive(&self, name: &str) -> Option<&str> {
        self.find(|other| other.eq_ignore_ascii_case(name))
    }

    /// Returns the names and values in the order of the request.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &str)> {
        self.pairs.iter().map(|&[name, value, end]| (&self.text[name..value], &self.text[value..end]))
    }

    /// Returns the query of the request of `context`.
    ///
    /// # Errors
    /// [`RequestError::InvalidQuery`] if a name or a value is not UTF-8.
    pub fn received(context: &RequestContext) -> Result<Self, RequestError> {
        Self::parse(context.0.query())
    }

    fn find(&self, is_wanted: impl Fn(&str) -> bool) -> Option<&str> {
        self.iter().rev().find(|(name, _)| is_wanted(name)).map(|(_, value)| value)
    }

    /// Parses a query string.
    ///
    /// # Errors
    /// [`RequestError::InvalidQuery`] if a name or a value is not UTF-8.
    pub fn parse(query: &str) -> Result<Self, RequestError> {
        // A text is never longer when it is decoded.
        let mut parsed = Self { text: String::with_capacity(query.len()), pairs: Vec::new() };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name_start = parsed.text.len();
            parsed.push_decoded(name).ok_or_else(|| invalid_utf8("query"))?;
            let value_start = parsed.text.len();
            parsed.push_decoded(value).ok_or_else(|| invalid_utf8(&parsed.text[name_start..value_start]))?;
            parsed.pairs.push([name_start, value_start, parsed.text.len()]);
        }
        Ok(parsed)
    }

    /// Appends the decoded text; returns `None` if it is not UTF-8.
    fn push_decoded(&mut self, encoded: &str) -> Option<()> {
        if encoded.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
            let encoded = encoded.replace('+', " ");
            self.text.push_str(&percent_decode(encoded.as_bytes()).decode_utf8().ok()?);
        } else {
            self.text.push_str(encoded);
        }
        Some(())
    }
}

fn invalid_utf8(name: &str) -> RequestError {
    RequestError::InvalidQuery(Violation::new(name, "must be UTF-8"))
}

impl FromRequestParts<RequestContext> for Query {
    type Rejection = RequestError;

    async fn from_request_parts(_: &mut Parts, context: &RequestContext) -> Result<Self, RequestError> {
        Self::received(context)
    }
}
