//! `BoxedHandler`: a type-erased axum handler, so that the pipeline around it is compiled only once.
//!
//! Its state is the [`RequestContext`] of one request. axum's own type-erased handlers are private, and without erasure
//! the compiler would generate a copy of the pipeline for each handler type.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
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
pub struct BoxedHandler(Arc<dyn ErasedHandler>);

/// A handler whose type is erased. The compiler generates less code for each handler than for a closure as `dyn Fn`.
trait ErasedHandler: Send + Sync {
    fn call(&self, request: Request, context: RequestContext) -> HandlerFuture;
}

/// A handler with the types of its arguments.
struct TypedHandler<H, T>(H, PhantomData<fn(T)>);

impl<H, T> ErasedHandler for TypedHandler<H, T>
where
    H: Handler<T, RequestContext, Future = HandlerFuture> + Sync,
    T: 'static,
{
    fn call(&self, request: Request, context: RequestContext) -> HandlerFuture {
        self.0.clone().call(request, context)
    }
}

impl BoxedHandler {
    /// Erases the type of `handler`.
    pub fn new<H, T>(handler: H) -> Self
    where
        H: Handler<T, RequestContext, Future = HandlerFuture> + Sync,
        T: 'static,
    {
        Self(Arc::new(TypedHandler(handler, PhantomData)))
    }

    /// Calls the handler.
    pub fn call(&self, request: Request, context: RequestContext) -> HandlerFuture {
        self.0.call(request, context)
    }
}

impl fmt::Debug for BoxedHandler {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("BoxedHandler")
    }
}
