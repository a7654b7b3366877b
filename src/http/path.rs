//! `Path`: the captures of the route, decoded.

#![expect(clippy::disallowed_types, reason = "this is the wrapper that the lint points to")]

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::failure::{Failure, Violation};

/// The captures of the route; a segment that is not UTF-8 is [`Failure::BadPath`].
#[derive(Debug)]
pub struct Path<T>(pub T);

/// Returns the captures of the route by name, in their order.
///
/// # Errors
/// [`Failure::BadPath`] where one is not UTF-8.
pub async fn captures(parts: &mut Parts) -> Result<RawPathParams, Failure> {
    let captures = RawPathParams::from_request_parts(parts, &()).await;
    captures.map_err(|rejection| Failure::BadPath(Violation::new("path", rejection.body_text())))
}

impl<T: DeserializeOwned + Send> FromRequestParts<()> for Path<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &()) -> Result<Self, Failure> {
        match axum::extract::Path::<T>::from_request_parts(parts, &()).await {
            Ok(axum::extract::Path(captures)) => Ok(Self(captures)),
            Err(rejection) => Err(Failure::BadPath(Violation::new("path", rejection.body_text()))),
        }
    }
}
