//! `BoxedHandler`: a type-erased axum handler, so that the pipeline around it is compiled only once.
//!
//! Its state is the [`RequestContext`] of one request. axum's own type-erased handlers are private, and without erasure
//! the compiler would generate a copy of the pipeline for each handler type.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;

use super::RequestContext;

/// The future of a handler's response.
pub type HandlerFuture = Pin<Box<dyn Future<Output = Response> + Send>>;

/// An axum handler of any type.
#[derive(Clone)]
pub struct BoxedHandler(Arc<dyn Fn(Request, RequestContext) -> HandlerFuture + Send + Sync>);

impl BoxedHandler {
    /// Erases the type of `handler`.
    pub fn new<H, T>(handler: H) -> Self
    where
        H: Handler<T, RequestContext, Future = HandlerFuture> + Sync,
        T: 'static,
    {
        Self(Arc::new(move |request, context| handler.clone().call(request, context)))
    }

    /// Calls the handler.
    pub fn call(&self, request: Request, context: RequestContext) -> HandlerFuture {
        (self.0)(request, context)
    }
}

impl fmt::Debug for BoxedHandler {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("BoxedHandler")
    }
}
