//! The adapter layer of a dialect: everything between axum's routing and a handler, and back.
//!
//! [`DialectLayer`] stands around every endpoint of a dialect, also around those for unknown paths and wrong methods, and its
//! [`run`] is the whole order on one screen. It stands in place of a stack of tower-http layers (`TimeoutLayer`,
//! `CatchPanicLayer`, `TraceLayer`; compare axum's example `error-handling`), because each of them boxes every body, and because
//! a timeout, a panic and an injected fault need the envelope of the vendor. Imports `app`, `control`, `failure` and `http`.
//! Invariant: every response on a dialect's path, whatever failed, has that dialect's shape.

pub mod broken_response;
mod fault_plan;
mod outcome;
mod rate_limit;
mod recording;

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use axum::extract::Request;
use axum::response::Response;
use futures_util::FutureExt;
use futures_util::future::poll_immediate;
use tokio::time::error::Elapsed;
use tower::{Layer, Service};

use crate::app::App;
use crate::http::context::EndpointInfo;
use crate::http::namespace::{self, RequestNamespace};
use crate::http::render::without_implied_length;
use crate::http::{DialectSpec, Endpoint, HandlerFuture, RequestContext, RequestMeta};
use crate::spec::{Apis, Operation};
use fault_plan::{FaultPlan, ShortCircuit};
use outcome::{GuardedResponse, HandlerOutcome};
use recording::ExchangeRecorder;

/// The adapter layer of a dialect: runs the pipeline around an endpoint and puts each error into the envelope of the vendor.
#[derive(Debug, Clone)]
pub struct DialectLayer {
    app: App,
    apis: &'static Apis,
    dialect: &'static DialectSpec,
}

/// An endpoint under a [`DialectLayer`].
#[derive(Debug, Clone)]
pub struct DialectService(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    layer: DialectLayer,
    endpoint: Endpoint,
    not_found: Endpoint,
    /// The number of calls of the operation.
    calls: Option<Arc<AtomicU64>>,
}

impl DialectLayer {
    /// Returns the layer of `dialect` on the server `app`, which serves `apis`.
    pub const fn new(app: App, apis: &'static Apis, dialect: &'static DialectSpec) -> Self {
        Self { app, apis, dialect }
    }
}

impl Layer<Endpoint> for DialectLayer {
    type Service = DialectService;

    fn layer(&self, endpoint: Endpoint) -> DialectService {
        let calls = endpoint.operation.map(|it| self.app.coverage().counter(self.dialect.api.name, it.id));
        let not_found = Endpoint::route_not_found();
        DialectService(Arc::new(Inner { layer: self.clone(), endpoint, not_found, calls }))
    }
}

impl Service<Request> for DialectService {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut TaskContext<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        Box::pin(run(&self.0, request).map(Ok))
    }
}

impl Inner {
    /// Returns the endpoint; a path without the suffix that axum's router cannot match has none.
    fn endpoint(&self, path: &str) -> &Endpoint {
        if self.layer.dialect.has_suffix(path) { &self.endpoint } else { &self.not_found }
    }

    fn request_meta(
        &self,
        namespace: RequestNamespace,
        operation: Option<&'static Operation>,
        request: &mut Request,
    ) -> RequestMeta {
        let DialectSpec { api, request_id_header, .. } = self.layer.dialect;
        let info =
            EndpointInfo { api, request_id_header: *request_id_header, operation, apis: self.layer.apis };
        let id = namespace.app.namespace().new_request_id();
        RequestMeta::new(info, namespace, request, id)
    }
}

/// The whole order of a request's way to its handler and back.
///
/// What few requests need is boxed, so that the future of the others is small.
fn run(service: &Inner, mut request: Request) -> impl Future<Output = Response> + Send + use<> {
    let dialect = service.layer.dialect;
    // The namespace is first, because everything below is its own: clock, rate limits, journal and faults.
    let mut namespace = namespace::resolve(&service.layer.app, &mut request);
    let namespace_error = namespace.error.take();
    let Endpoint { operation, handler } = service.endpoint(request.uri().path()).clone();
    let calls = service.calls.clone().filter(|_| operation.is_some());
    let meta = service.request_meta(namespace, operation, &mut request);
    // A stepping clock advances with each request, before anything reads the time.
    meta.app.namespace().store.clock().tick();
    // The rate limit counts every request in a valid namespace, also those that are rejected below.
    let rate_limit = match namespace_error {
        None => rate_limit::check(dialect, &meta, request.headers()).map(Box::new),
        Some(_) => None,
    };
    // The journal entry is begun before anything waits, so that a client that disconnects leaves one, too.
    let mut recorder = ExchangeRecorder::start(meta, &mut request);
    let rejection = outcome::rejection(dialect, namespace_error, rate_limit.as_deref());
    let mut plan = rejection.map_or_else(FaultPlan::default, FaultPlan::reject);
    async move {
        // Faults see the request before its handler does; without any the plan stays empty.
        if plan.is_empty() && fault_plan::may_apply(recorder.meta(), &request) {
            plan = Box::pin(FaultPlan::new(dialect, recorder.meta(), &mut request)).await;
        }
        plan.prepare(&mut recorder);
        if let Some(delay) = plan.delay() {
            Box::pin(tokio::time::sleep(delay)).await;
        }
        // The handler runs under the panic guard and within the time limit, unless a rejection or a fault replaces it.
        let meta = recorder.meta();
        let outcome = match plan.short_circuit() {
            None => {
                let response = handler.call(request, RequestContext(Arc::clone(meta)));
                let response = with_timeout(response, meta.app.config().request_timeout).await;
                HandlerOutcome::from_handler(response, dialect, meta)
            }
            Some(ShortCircuit::Reject(error)) => HandlerOutcome::from_error(error, dialect, meta),
            Some(ShortCircuit::InjectError(error)) => HandlerOutcome::from_fault(&error, dialect, meta),
            Some(ShortCircuit::Abort(fault)) => HandlerOutcome::success(broken_response::abort(fault)),
        };
        // A fault may replace the response to what the handler has committed. From here on all errors are in the envelope.
        let outcome = plan.replace_response(outcome, dialect, meta).or_rate_limit(rate_limit);
        // A client that is still sending when it is rejected reads the response only after the rest of its body was read.
        if outcome.is_error() {
            Box::pin(recorder.drain_request_body()).await;
        }
        // The vendor's headers and ours are added last; then the entry is written, before the client sees the response.
        let (response, end) = outcome::finish(outcome, dialect, recorder.meta(), calls.as_deref());
        let response = recorder.finish(response, end);
        // Faults corrupt the response after it was recorded, so that the journal shows what it should have been.
        without_implied_length(plan.corrupt(response), recorder.meta())
    }
}

/// Waits for a handler under the panic guard as long as a request may take; one that does not wait needs no timer.
async fn with_timeout(handler: HandlerFuture, limit: Duration) -> Result<GuardedResponse, Elapsed> {
    let mut guarded = AssertUnwindSafe(handler).catch_unwind();
    match poll_immediate(&mut guarded).await {
        Some(response) => Ok(response),
        None => Box::pin(tokio::time::timeout(limit, guarded)).await,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;
    use crate::config::Config;
    use crate::dialects::legacy;
    use crate::domain::seed::Seed;
    use crate::http::BoxedHandler;

    #[test]
    fn request_allocates_little_and_is_answered_on_first_poll_unless_its_handler_waits() {
        let app = App::new(Config::default(), Seed::default()).unwrap();
        let apis = Box::leak(Box::new(Apis::new([])));
        let layer = DialectLayer::new(app, apis, &legacy::DIALECT);
        let handler = BoxedHandler::new(async || "read");
        let mut service = layer.layer(Endpoint { operation: None, handler });
        let request = || Request::builder().uri("/api2/reads.json").body(Body::empty()).unwrap();

        let size = size_of_val(&run(&service.0, request()));
        let response = service.call(request()).now_or_never();

        assert!(size <= 1024, "{size} bytes, which every request allocates");
        assert!(response.is_some());
    }
}
