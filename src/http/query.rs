//! `Query`: the parameters of the query string, decoded.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use percent_encoding::percent_decode;

use super::RequestContext;
use crate::spec::{RequestError, Violation};

/// The parameters of the query string in their order; where a name stands twice, the last value counts.
///
/// `+` is a blank. What does not decode to UTF-8 is [`RequestError::InvalidQuery`].
#[derive(Debug, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Returns the value of the parameter `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Returns the value of the parameter `name` unless it is empty.
    pub fn get_non_empty(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// Returns the value of the parameter whose name is `name` without regard to case.
    pub fn get_case_insensitive(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().rev().find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Returns the parameters in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Reads a query string.
    ///
    /// # Errors
    /// [`RequestError::InvalidQuery`] when a name or a value is not UTF-8.
    pub fn parse(text: &str) -> Result<Self, RequestError> {
        let mut pairs = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name, "query")?;
            let value = decode(value, &name)?;
            pairs.push((name, value));
        }
        Ok(Self(pairs))
    }
}

fn decode(text: &str, name: &str) -> Result<String, RequestError> {
    if !text.contains(['%', '+']) {
        return Ok(text.to_owned());
    }
    let text = text.replace('+', " ");
    let decoded = percent_decode(text.as_bytes()).decode_utf8();
    let decoded = decoded.map_err(|_| RequestError::InvalidQuery(Violation::new(name, "must be UTF-8")))?;
    Ok(decoded.into_owned())
}

impl FromRequestParts<RequestContext> for Query {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, _: &RequestContext) -> Result<Self, RequestError> {
        Self::parse(parts.uri.query().unwrap_or_default())
    }
}
