//! `Path`: the captures of the route, decoded.

use std::borrow::Cow;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use percent_encoding::percent_decode_str;

use super::Context;
use crate::failure::{Failure, Violation};

/// What the route of an operation captures of a path: the name of each capture, and its text as it came.
#[derive(Debug, Default)]
pub struct Captures(Vec<(&'static str, Box<str>)>);

impl Captures {
    /// Returns captures by name.
    pub fn of<'a>(captures: impl Iterator<Item = (&'static str, &'a str)>) -> Self {
        Self(captures.map(|(name, text)| (name, text.into())).collect())
    }

    /// Returns the name and the decoded text of the capture at `index`.
    ///
    /// # Errors
    /// [`Failure::BadPath`] where it is not UTF-8.
    fn get(&self, index: usize) -> Result<Option<(&'static str, Cow<'_, str>)>, Failure> {
        let Some((name, text)) = self.0.get(index) else { return Ok(None) };
        if !text.contains('%') {
            return Ok(Some((name, text.as_ref().into())));
        }
        let reason = || format!("Invalid UTF-8 in `{name}`");
        let decoded = percent_decode_str(text).decode_utf8();
        let decoded = decoded.map_err(|_| Failure::BadPath(Violation::new("path", reason())))?;
        Ok(Some((name, decoded)))
    }
}

/// The captures of the route; a segment that is not UTF-8 is [`Failure::BadPath`].
#[derive(Debug)]
pub struct Path<T>(pub T);

/// Returns the name and the text of the capture at `index` of a request; both empty where the route has none there.
///
/// # Errors
/// [`Failure::BadPath`] where it is not UTF-8.
pub fn capture(context: &Context, index: usize) -> Result<(&'static str, String), Failure> {
    let captured = context.0.captures.get(index)?;
    Ok(captured.map_or_else(Default::default, |(name, text)| (name, text.into_owned())))
}

impl FromRequestParts<Context> for Path<String> {
    type Rejection = Failure;

    async fn from_request_parts(_: &mut Parts, context: &Context) -> Result<Self, Failure> {
        Ok(Self(capture(context, 0)?.1))
    }
}

impl FromRequestParts<Context> for Path<(String, String)> {
    type Rejection = Failure;

    async fn from_request_parts(_: &mut Parts, context: &Context) -> Result<Self, Failure> {
        Ok(Self((capture(context, 0)?.1, capture(context, 1)?.1)))
    }
}
