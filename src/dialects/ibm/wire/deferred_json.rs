//! `Body`: a JSON body whose error is reported only when the body is used.

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use crate::http::{JsonBody, RequestContext};
use crate::spec::RequestError;

/// A request body that must be a JSON object, with a deferred error.
///
/// IBM looks up the group before it validates the body, so an invalid body is no error until the handler reads it.
#[derive(Debug)]
pub(in super::super) struct DeferredJson<T>(Result<T, RequestError>);

impl<T> DeferredJson<T> {
    /// Returns the body.
    ///
    /// # Errors
    /// The error of [`JsonBody`] from reading the body.
    pub(in super::super) fn into_inner(self) -> Result<T, RequestError> {
        self.0
    }
}

impl<T: DeserializeOwned> FromRequest<RequestContext> for DeferredJson<T> {
    type Rejection = RequestError;

    fn from_request(
        request: Request,
        context: &RequestContext,
    ) -> impl Future<Output = Result<Self, RequestError>> + Send {
        let reading = JsonBody::<T>::from_request(request, context);
        async move { Ok(Self(reading.await.map(|JsonBody(body)| body))) }
    }
}
