//! The layer between axum's routing and the handlers of a dialect.
//!
//! [`DialectLayer`] wraps every endpoint of a dialect, including those for unknown paths and unsupported methods, and
//! [`run`] has all its steps in order. It replaces a stack of tower-http layers (`TimeoutLayer`, `CatchPanicLayer`,
//! `TraceLayer`; see axum's example `error-handling`), because each of them boxes every body, and because a timeout, a
//! panic and an injected fault need the envelope of the vendor. Imports `app`, `control`, `http`, `spec` and `store`.
//!
//! Invariant: every response on a dialect's path, including every error, has that dialect's format.

mod admission;
pub mod broken_response;
mod fault_plan;
mod guard;
mod outcome;
mod rate_limit;
mod recording;

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::CONNECTION;
use axum::response::Response;
use futures_util::FutureExt;
use futures_util::future::poll_immediate;
use tokio::time::error::Elapsed;
use tower::util::BoxCloneSyncService;
use tower::{Service, service_fn};

use crate::app::App;
use crate::control::coverage::{CallCounter, UNMATCHED};
use crate::http::context::EndpointInfo;
use crate::http::namespace::{self, RequestNamespace};
use crate::http::received_headers::ReceivedHeaders;
use crate::http::render::without_implied_length;
use crate::http::{DialectSpec, Endpoint, HandlerFuture, RequestContext, RequestMeta, long_body};
use crate::spec::{Apis, Operation};
use admission::Admission;
use fault_plan::{FaultPlan, ShortCircuit};
use outcome::{GuardedResponse, HandlerOutcome};
use recording::ExchangeRecorder;

/// The layer of a dialect, which runs the pipeline around an endpoint and renders each error in the envelope of the
/// vendor.
#[derive(Debug, Clone)]
pub struct DialectLayer {
    app: App,
    apis: &'static Apis,
    dialect: &'static DialectSpec,
    /// The endpoint for paths without a route.
    not_found: Endpoint,
    /// The number of requests that no operation of the dialect has.
    unmatched_calls: Arc<CallCounter>,
}

#[derive(Debug)]
struct Inner {
    layer: DialectLayer,
    endpoint: Endpoint,
    /// The number of calls of the operation.
    calls: Arc<CallCounter>,
}

/// The service for paths without a route.
pub type NotFoundService = BoxCloneSyncService<Request, Response, Infallible>;

/// The call of a handler.
enum HandlerCall {
    Started(HandlerFuture),
    /// The call waits until faults are matched with the request.
    Deferred(Box<Request>),
}

impl DialectLayer {
    /// Returns the layer of `dialect` on the server `app`, which serves `apis`.
    pub fn new(app: App, apis: &'static Apis, dialect: &'static DialectSpec) -> Self {
        let not_found = not_found(&app, dialect);
        let unmatched_calls = app.coverage().counter(dialect.api.name, UNMATCHED);
        Self { app, apis, dialect, not_found, unmatched_calls }
    }

    /// Returns the service for paths without a route, in this layer.
    pub fn not_found_service(&self) -> NotFoundService {
        NotFoundService::new(self.service(self.not_found.clone()))
    }

    /// Returns `endpoint` in this layer.
    ///
    /// The type of the future has no name, so that it is allocated once, by axum. That is why this is a function for
    /// [`layer_fn`](tower::layer::layer_fn), and no [`Layer`](tower::Layer), which has to name the type.
    pub fn service(
        &self,
        endpoint: Endpoint,
    ) -> impl Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + Sync + use<>
    {
        let inner = Arc::new(self.inner(endpoint));
        service_fn(move |request| guard::run(Arc::clone(&inner), request).map(Ok))
    }

    fn inner(&self, endpoint: Endpoint) -> Inner {
        let calls = match endpoint.operation {
            Some(operation) => self.app.coverage().counter(self.dialect.api.name, operation.id),
            None => Arc::clone(&self.unmatched_calls),
        };
        Inner { layer: self.clone(), endpoint, calls }
    }
}

/// Returns the endpoint for paths without a route: the fallback server of the dialect, or the error.
fn not_found(app: &App, dialect: &'static DialectSpec) -> Endpoint {
    let fallback = &app.config().fallback;
    match (fallback.server_of(dialect.api.name), &fallback.server) {
        (Some(own), _) => Endpoint::forwarding(dialect, own.clone(), dialect.api.base_path),
        (None, Some(url)) => Endpoint::forwarding(dialect, url.clone(), ""),
        (None, None) => Endpoint::route_not_found(),
    }
}

impl Inner {
    /// Returns the endpoint, or the one for unknown paths if the path lacks the suffix, which axum's router cannot
    /// match.
    fn endpoint(&self, is_routed: bool) -> &Endpoint {
        if is_routed { &self.endpoint } else { &self.layer.not_found }
    }

    /// Returns the counter of the endpoint's calls.
    fn calls(&self, is_routed: bool) -> &CallCounter {
        if is_routed { &self.calls } else { &self.layer.unmatched_calls }
    }

    fn call_handler(&self, is_routed: bool, request: Request, meta: &Arc<RequestMeta>) -> HandlerFuture {
        self.endpoint(is_routed).handler.call(request, RequestContext(Arc::clone(meta)))
    }

    fn request_meta(
        &self,
        namespace: RequestNamespace,
        headers: ReceivedHeaders,
        operation: Option<&'static Operation>,
        request: &mut Request,
    ) -> RequestMeta {
        let (api, apis) = (&self.layer.dialect.api, self.layer.apis);
        let id = namespace.app.namespace().new_request_id();
        RequestMeta::new(EndpointInfo { api, operation, apis }, namespace, headers, request, id)
    }
}

/// Runs all steps of the pipeline around the handler of `service`, in order.
///
/// The futures that only few requests need are boxed to keep the common future small.
fn run(service: Arc<Inner>, mut request: Request) -> impl Future<Output = Response> + Send {
    let dialect = service.layer.dialect;
    // The namespace comes first, because it owns the clock, rate limits, journal and faults that are used below.
    let headers = ReceivedHeaders::find(request.headers(), dialect.request_id_header);
    let mut namespace = namespace::resolve(&service.layer.app, &mut request, headers.namespace.as_ref());
    let namespace_error = namespace.error.take();
    let is_routed = dialect.has_suffix(request.uri().path());
    let Endpoint { operation, is_forwarding, .. } = *service.endpoint(is_routed);
    let meta = Arc::new(service.request_meta(namespace, headers, operation, &mut request));
    // A stepping clock advances with each request, before anything reads the time.
    meta.app.namespace().store.clock().tick();
    // The rate limit counts every request in a valid namespace, including those that are rejected below.
    let rate_limit = match namespace_error {
        None => rate_limit::check(dialect, &meta, request.headers()).map(Box::new),
        Some(_) => None,
    };
    // The journal entry is started before the first await, so that there is one even if the client disconnects.
    let mut recorder = ExchangeRecorder::start(meta, &mut request);
    let rejection = outcome::rejection(dialect, namespace_error, rate_limit.as_deref());
    let mut plan = rejection.map_or_else(FaultPlan::default, FaultPlan::reject);
    // A namespace that does not exist is registered only by a request with a route and a valid credential.
    let admission = Admission::evaluate(dialect, (operation, is_forwarding), recorder.meta(), &mut request);
    // Faults are matched before the handler takes the request; without active faults it takes the request now.
    let mut call = if plan.is_empty() && !fault_plan::may_apply(recorder.meta()) {
        HandlerCall::Started(service.call_handler(is_routed, request, recorder.meta()))
    } else {
        HandlerCall::Deferred(Box::new(request))
    };
    async move {
        if let HandlerCall::Deferred(request) = &mut call
            && plan.is_empty()
        {
            plan = Box::pin(FaultPlan::new(dialect, recorder.meta(), request)).await;
        }
        admission.before_handler(&plan, recorder.meta());
        plan.prepare(&mut recorder);
        if let Some(delay) = plan.delay() {
            Box::pin(tokio::time::sleep(delay)).await;
        }
        // The handler runs under the panic guard and within the time limit, unless a rejection or a fault replaces it.
        let meta = recorder.meta();
        let outcome = match plan.short_circuit() {
            None => {
                let handler = match call {
                    HandlerCall::Started(handler) => handler,
                    HandlerCall::Deferred(request) => service.call_handler(is_routed, *request, meta),
                };
                let response = with_timeout(handler, meta).await;
                HandlerOutcome::from_handler(response, dialect, meta)
            }
            Some(ShortCircuit::Reject(error)) => HandlerOutcome::from_error(error, dialect, meta),
            Some(ShortCircuit::InjectError(error)) => HandlerOutcome::from_fault(&error, dialect, meta),
            Some(ShortCircuit::Abort(fault)) => HandlerOutcome::success(broken_response::abort(fault)),
        };
        let outcome = admission.after_handler(outcome, meta);
        // A fault may replace the response of a handler that has committed. From here on, all errors are rendered.
        let outcome = plan.replace_response(outcome, dialect, meta).or_rate_limit(rate_limit);
        // A client that is still sending reads the response only after the rest of the request body has been read.
        let ends_connection = recorder.has_unread_body()
            && !outcome.is_aborted()
            && Box::pin(recorder.drain_request_body(outcome.has_timed_out())).await;
        // The headers of the vendor and of this server are added last. The entry is written before the response is
        // sent.
        let (mut response, end) =
            outcome::finish(outcome, dialect, recorder.meta(), service.calls(is_routed));
        if ends_connection {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        let response = recorder.finish(response, end);
        // Faults corrupt the response after it was recorded, so that the journal shows what it should have been.
        without_implied_length(plan.corrupt(response), recorder.meta())
    }
}

/// Awaits a handler under the panic guard, for at most the request timeout; a handler that is ready on the first poll
/// needs no timer.
async fn with_timeout(handler: HandlerFuture, meta: &RequestMeta) -> Result<GuardedResponse, Elapsed> {
    let mut guarded = AssertUnwindSafe(handler).catch_unwind();
    match poll_immediate(&mut guarded).await {
        Some(response) => Ok(response),
        None => {
            let limit = meta.app.config().request_timeout;
            Box::pin(long_body::run(guarded, &meta.long_body, &meta.app, limit)).await
        }
    }
}

#[cfg(test)]
#[cfg(feature = "legacy")]
mod tests {
    use axum::body::Body;

    use super::*;
    use crate::config::Config;
    use crate::dialects::legacy;
    use crate::domain::seed::Seed;
    use crate::http::BoxedHandler;

    #[test]
    fn request_allocates_little_and_completes_on_first_poll_unless_its_handler_waits() {
        let app = App::new(Config::default(), Seed::default()).unwrap();
        let apis = Box::leak(Box::new(Apis::new(Vec::new)));
        let layer = DialectLayer::new(app, apis, &legacy::DIALECT);
        let handler = BoxedHandler::new(async || "read");
        let endpoint = Endpoint { operation: None, is_forwarding: false, handler };
        let request = || Request::builder().uri("/api2/reads.json").body(Body::empty()).unwrap();

        let size = size_of_val(&run(Arc::new(layer.inner(endpoint.clone())), request()));
        let response = layer.service(endpoint).call(request()).now_or_never();

        assert!(size <= 512, "{size} bytes, which every request allocates");
        assert!(response.is_some());
    }
}
