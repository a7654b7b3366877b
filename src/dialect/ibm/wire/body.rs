//! `Body`: a JSON body whose failure waits for the checks that go before it.

use axum::extract::{FromRequest, Request};
use futures_util::FutureExt;
use serde::de::DeserializeOwned;

use super::Object;
use crate::failure::Failure;
use crate::http::{Context, JsonBody};

/// A body read from a JSON object.
///
/// IBM looks for the group before it looks at the body, so a bad body is no failure until it is asked for.
#[derive(Debug)]
pub(in super::super) struct Body<T>(Result<T, Failure>);

impl<T> Body<T> {
    /// Returns the body.
    ///
    /// # Errors
    /// Whatever went wrong when it was read.
    pub(in super::super) fn get(self) -> Result<T, Failure> {
        self.0
    }
}

impl<T: DeserializeOwned> FromRequest<Context> for Body<T> {
    type Rejection = Failure;

    fn from_request(
        request: Request,
        context: &Context,
    ) -> impl Future<Output = Result<Self, Failure>> + Send {
        let reading = JsonBody::<Object<T>>::from_request(request, context);
        reading.map(|read| Ok(Self(read.map(|JsonBody(Object(body))| body))))
    }
}
