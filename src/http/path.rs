//! `Path`: the parameters of a route's path, decoded by axum.
//!
//! Stands in place of [`axum::extract::Path`], whose rejection is axum's own and which counts the parameters of a router that
//! this one is nested in (compare axum's example `customize-path-rejection`).

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use crate::spec::{RequestError, Violation};

/// The last parameters of a route's path: one `String`, or a pair of a list and an item.
#[derive(Debug)]
pub struct Path<T>(pub T);

/// The parameters of a route's path with their names, in the order of the path.
#[derive(Debug)]
pub struct PathParams(RawPathParams);

impl PathParams {
    /// Returns the value of the parameter `name`, the last one where an outer router has one of this name, too.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().filter(|(other, _)| *other == name).last().map(|(_, value)| value)
    }

    /// Returns the last `N` values.
    fn last<const N: usize>(&self) -> [String; N] {
        let skipped = self.0.iter().count().saturating_sub(N);
        let mut values = self.0.iter().skip(skipped).map(|(_, value)| value.to_owned());
        std::array::from_fn(|_| values.next().unwrap_or_default())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathParams {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, RequestError> {
        RawPathParams::from_request_parts(parts, state).await.map(Self).map_err(|rejection| {
            let reason = match rejection {
                RawPathParamsRejection::InvalidUtf8InPathParam(invalid) => invalid.body_text(),
                other => other.body_text(),
            };
            RequestError::InvalidPath(Violation::new("path", reason))
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Path<String> {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, RequestError> {
        let [value] = PathParams::from_request_parts(parts, state).await?.last();
        Ok(Self(value))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Path<(String, String)> {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, RequestError> {
        let [first, second] = PathParams::from_request_parts(parts, state).await?.last();
        Ok(Self((first, second)))
    }
}
