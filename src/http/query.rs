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
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Returns the value of the parameter `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Returns the value of the parameter `name` if it is not empty.
    pub fn get_non_empty(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// Returns the value of the parameter `name`, which is matched case-insensitively.
    pub fn get_case_insensitive(&self, name: &str) -> Option<&str> {
        let parameter = self.0.iter().rev().find(|(other, _)| other.eq_ignore_ascii_case(name));
        parameter.map(|(_, value)| value.as_str())
    }

    /// Returns the names and values in the order of the request.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Parses a query string.
    ///
    /// # Errors
    /// [`RequestError::InvalidQuery`] if a name or a value is not UTF-8.
    pub fn parse(query: &str) -> Result<Self, RequestError> {
        let mut pairs = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name, "query")?;
            let value = decode(value, &name)?;
            pairs.push((name, value));
        }
        Ok(Self(pairs))
    }
}

fn decode(encoded: &str, name: &str) -> Result<String, RequestError> {
    if !encoded.contains(['%', '+']) {
        return Ok(encoded.to_owned());
    }
    let encoded = encoded.replace('+', " ");
    let decoded = percent_decode(encoded.as_bytes()).decode_utf8();
    let decoded = decoded.map_err(|_| RequestError::InvalidQuery(Violation::new(name, "must be UTF-8")))?;
    Ok(decoded.into_owned())
}

impl FromRequestParts<RequestContext> for Query {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, _: &RequestContext) -> Result<Self, RequestError> {
        Self::parse(parts.uri.query().unwrap_or_default())
    }
}
