//! The layer of the admin API: access control and its own envelope, without faults, rate limits, time limit and
//! journal.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::FutureExt;
use futures_util::future::poll_immediate;
use tower::{Layer, Service};
use uuid::Uuid;

use super::{DIALECT, access, error};
use crate::app::App;
use crate::app::namespaces::DEFAULT_NAMESPACE;
use crate::http::context::EndpointInfo;
use crate::http::namespace::RequestNamespace;
use crate::http::received_headers::ReceivedHeaders;
use crate::http::tee_body::TeeBody;
use crate::http::{
    BoxedHandler, Endpoint, ErrorExtension, Query, RequestContext, RequestMeta, long_body, namespace, render,
};
use crate::spec::{Apis, Operation, RequestError};

/// The security headers of every response, unless its handler sets them.
const SECURITY_HEADERS: [(HeaderName, &str); 6] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (REFERRER_POLICY, "no-referrer"),
    (CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// The layer of the admin API.
#[derive(Debug, Clone)]
pub struct AdminLayer {
    app: App,
    apis: &'static Apis,
}

/// An endpoint under the [`AdminLayer`].
#[derive(Debug, Clone)]
pub struct AdminService(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    app: App,
    info: EndpointInfo,
    handler: BoxedHandler,
}

impl AdminLayer {
    /// Returns the layer of the admin API of the server `app`, which serves `apis`.
    pub const fn new(app: App, apis: &'static Apis) -> Self {
        Self { app, apis }
    }
}

impl Layer<Endpoint> for AdminLayer {
    type Service = AdminService;

    fn layer(&self, Endpoint { operation, handler, .. }: Endpoint) -> AdminService {
        let info = EndpointInfo { api: &DIALECT.api, operation, apis: self.apis };
        AdminService(Arc::new(Inner { app: self.app.clone(), info, handler }))
    }
}

impl Service<Request> for AdminService {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut TaskContext<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            let response = AssertUnwindSafe(run(&inner, request)).catch_unwind().await;
            Ok(response.unwrap_or_else(|_panic| error_after_panic(&inner)))
        })
    }
}

/// Runs all steps around the handler of `service`, in order.
///
/// There is no request timeout, because loading a large state may take longer; handlers limit the time to read a body.
async fn run(service: &Inner, mut request: Request) -> Response {
    let headers = ReceivedHeaders::find(request.headers(), None);
    let mut namespace = namespace::resolve(&service.app, &mut request, headers.namespace.as_ref());
    let namespace_error = namespace.error.take();
    let app = namespace.app.clone();
    let id = namespace.app.namespace().new_admin_request_id();
    let meta = Arc::new(RequestMeta::new(service.info, namespace, headers, &mut request, id));
    // Access is checked first, so that a rejected client cannot find out which paths and namespaces exist.
    let authorized = access::authorize(request.uri(), request.headers(), meta.app.config())
        .and_then(|()| namespace_error.map_or(Ok(()), |violation| Err(RequestError::InvalidPath(violation))))
        .and_then(|()| check_parameters(service.info.operation, request.uri().query().unwrap_or_default()));
    let tee_body = TeeBody::new(&mut request, 0);
    let mut response = match authorized {
        Ok(()) => call_handler(service, request, &meta).await,
        Err(error) => render::render_error(&DIALECT, &error, &meta),
    };
    // A namespace that does not exist is registered only by a request that succeeds and has access to it. The default
    // one always exists, and those who only watch the server do not use it.
    if response.status().is_success()
        && service.info.operation.is_some_and(|it| !it.is_public)
        && app.namespace().name != DEFAULT_NAMESPACE
    {
        app.admit();
    }
    render::add_diagnostic_headers(&mut response, None, &meta);
    add_security_headers(&mut response);
    render::log_request(&meta, response.status().as_u16(), || None);
    // A client that is still sending reads the response only after the rest of the request body has been read.
    // The only 503 is that of a timeout.
    let has_timed_out = response.status() == StatusCode::SERVICE_UNAVAILABLE;
    if let Some(tee_body) = tee_body.filter(TeeBody::is_unread)
        && tee_body.drain(has_timed_out).await
    {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    render::without_implied_length(response, &meta)
}

/// Checks that the operation has all query parameters of the request: an ignored one, such as a misspelled filter, would
/// make it act on more than was meant.
fn check_parameters(operation: Option<&Operation>, query: &str) -> Result<(), RequestError> {
    let Some(operation) = operation else { return Ok(()) };
    let query = Query::parse(query)?;
    let known = || operation.parameters.iter().filter(|it| it.location == "query").map(|it| it.name);
    let Some((name, _)) = query.iter().find(|(name, _)| !known().any(|known| known == *name)) else {
        return Ok(());
    };
    let names: Vec<&str> = known().collect();
    let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let reason = format!("is not a parameter of this operation, which has {names}");
    Err(error::INVALID_REQUEST.with_violation(name, reason).into())
}

/// Returns the response after a panic outside of a handler.
fn error_after_panic(service: &Inner) -> Response {
    let namespace = RequestNamespace::default_of(&service.app);
    let headers = ReceivedHeaders::default();
    let meta = RequestMeta::new(service.info, namespace, headers, &mut Request::default(), Uuid::nil());
    render::render_error(&DIALECT, &RequestError::Panic, &meta)
}

/// Adds the headers that prevent browsers from interpreting, embedding or storing a response.
fn add_security_headers(response: &mut Response) {
    for (name, value) in SECURITY_HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
}

/// Calls the handler under the panic guard and renders its error.
async fn call_handler(service: &Inner, request: Request, meta: &Arc<RequestMeta>) -> Response {
    let handler = service.handler.call(request, RequestContext(Arc::clone(meta)));
    let mut guarded = AssertUnwindSafe(handler).catch_unwind();
    let result = match poll_immediate(&mut guarded).await {
        Some(result) => Ok(result),
        None => long_body::run(guarded, &meta.long_body, &meta.app, Duration::MAX).await,
    };
    match result {
        Ok(Ok(mut response)) => match response.extensions_mut().remove::<ErrorExtension>() {
            Some(ErrorExtension(error)) => render::render_error(&DIALECT, &error, meta),
            None => render::without_head_body(response, meta),
        },
        Ok(Err(_panic)) => render::render_error(&DIALECT, &RequestError::Panic, meta),
        Err(_elapsed) => render::render_error(&DIALECT, &RequestError::Timeout, meta),
    }
}
