//! `If-Match`: the precondition that the entity tag of a resource has not changed.

use axum::extract::FromRequestParts;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;

use crate::domain::ibm::error;
use crate::http::RequestContext;
use crate::spec::{ApiError, RequestError};

/// The `If-Match` header; `None` when it is missing.
#[derive(Debug)]
pub(super) struct IfMatch(Option<String>);

impl IfMatch {
    /// Checks that the header lists `entity_tag`, bare, quoted or weak. `*` does not match here.
    ///
    /// # Errors
    /// [`error::INCORRECT_ETAG`].
    pub(super) fn check(&self, entity_tag: &str) -> Result<(), ApiError> {
        let header = self.0.as_deref().unwrap_or_default();
        if header.split(',').any(|tag| opaque_tag(tag) == entity_tag) {
            return Ok(());
        }
        Err(error::INCORRECT_ETAG.error())
    }

    /// Checks like [`IfMatch::check`], except that `*` matches every entity tag.
    ///
    /// # Errors
    /// [`error::INCORRECT_ETAG`].
    pub(super) fn check_or_wildcard(&self, entity_tag: &str) -> Result<(), ApiError> {
        match self.0.as_deref().map(str::trim) {
            Some("*") => Ok(()),
            Some(_) | None => self.check(entity_tag),
        }
    }
}

/// Returns the tag without `W/` and quotes.
fn opaque_tag(tag: &str) -> &str {
    let tag = tag.trim();
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).unwrap_or(tag)
}

impl FromRequestParts<RequestContext> for IfMatch {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, _: &RequestContext) -> Result<Self, RequestError> {
        let value = parts.headers.get(IF_MATCH).and_then(|value| value.to_str().ok());
        Ok(Self(value.map(str::to_owned)))
    }
}
