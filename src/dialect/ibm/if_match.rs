//! `If-Match`: the entity tag that a change must find.

use axum::extract::FromRequestParts;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;

use super::error;
use crate::failure::{Failure, Refusal};
use crate::http::Context;

/// The `If-Match` header; `None` when it is missing.
#[derive(Debug)]
pub(super) struct IfMatch(Option<String>);

impl IfMatch {
    /// Checks that `entity_tag` is the one that was asked for: bare, quoted or weak. `*` is no entity tag here.
    ///
    /// # Errors
    /// [`error::INCORRECT_ETAG`].
    pub(super) fn check(&self, entity_tag: &str) -> Result<(), Refusal> {
        let given = self.0.as_deref().unwrap_or_default();
        if given.split(',').any(|tag| bare(tag) == entity_tag) {
            return Ok(());
        }
        Err(error::INCORRECT_ETAG.plain())
    }

    /// Checks like [`IfMatch::check`], but `*` stands for every entity tag.
    ///
    /// # Errors
    /// [`error::INCORRECT_ETAG`].
    pub(super) fn check_or_any(&self, entity_tag: &str) -> Result<(), Refusal> {
        match self.0.as_deref().map(str::trim) {
            Some("*") => Ok(()),
            Some(_) | None => self.check(entity_tag),
        }
    }
}

fn bare(tag: &str) -> &str {
    let tag = tag.trim();
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).unwrap_or(tag)
}

impl FromRequestParts<Context> for IfMatch {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Context) -> Result<Self, Failure> {
        let given = parts.headers.get(IF_MATCH).and_then(|value| value.to_str().ok());
        Ok(Self(given.map(str::to_owned)))
    }
}
