//! `Endpoint`: what answers an operation.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;

use super::Context;

/// The answer of a handler to come.
pub type Handling = Pin<Box<dyn Future<Output = Response> + Send>>;

/// What answers an operation: an axum handler.
pub struct Endpoint(Box<dyn Fn(Request, Context) -> Handling + Send + Sync>);

impl Endpoint {
    /// Returns what answers with `handler`.
    pub fn new<H, T>(handler: H) -> Self
    where
        H: Handler<T, Context, Future = Handling> + Sync,
        T: 'static,
    {
        Self(Box::new(move |request, context| handler.clone().call(request, context)))
    }

    /// Answers a request.
    pub fn call(&self, request: Request, context: Context) -> Handling {
        (self.0)(request, context)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Endpoint")
    }
}
