//! The composition root: merges the dialects and the admin API into one service and orders its layers.
//!
//! Outermost first: request meta data, the vendor's standing headers, rendering of failures, time limit, panic
//! guard, route. Invariant: every answer of a dialect's path, whatever failed, has that dialect's shape.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ACCESS_CONTROL_REQUEST_METHOD, HeaderName, ORIGIN};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use futures_util::FutureExt;
use tower::{Layer, Service, ServiceExt};
use tower_http::cors::{AllowHeaders, AllowOrigin, Any, Cors, CorsLayer};

use crate::app::App;
use crate::dialect;
use crate::failure::Failure;
use crate::http::unread::Unread;
use crate::http::{Carried, Dialect, Meta, Operation};

/// Returns the whole server as an axum router.
pub fn router(app: &App) -> Router {
    Router::new().fallback_service(Door::new(app))
}

/// The routes of all dialects.
fn routes(app: &App) -> Router {
    let mut router = Router::new();
    for dialect in dialect::ALL {
        for (route, operations) in by_route((dialect.operations)()) {
            router = router.route(route, methods(dialect, operations));
        }
    }
    router.fallback(|| async { Failure::NoRoute }).with_state(app.clone())
}

fn by_route(operations: Vec<Operation>) -> BTreeMap<&'static str, Vec<Operation>> {
    let mut routes: BTreeMap<&'static str, Vec<Operation>> = BTreeMap::new();
    for operation in operations {
        routes.entry(operation.route).or_default().push(operation);
    }
    routes
}

fn methods(dialect: &Dialect, operations: Vec<Operation>) -> axum::routing::MethodRouter<App> {
    let allowed: Vec<&str> = operations.iter().map(|operation| operation.method.as_str()).collect();
    let failure = Failure::MethodNotAllowed { allow: allowed.join(", ") };
    let refuse_head = !dialect.serves_head && allowed.contains(&"GET");
    let mut router = axum::routing::MethodRouter::new();
    for operation in operations {
        router = router.merge(operation.handler);
    }
    if refuse_head {
        let failure = failure.clone();
        router = router.head(async || failure);
    }
    router.fallback(async || failure)
}

/// What stands before the front: CORS, where `--cors` asks for it and the vendor has none of its own.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    front: Front,
    cors: Option<Cors<Front>>,
}

impl Door {
    /// Returns the whole server.
    pub(crate) fn new(app: &App) -> Self {
        let front = Front::new(app.clone(), routes(app));
        let origins = &app.config().cors;
        let cors = (!origins.is_empty()).then(|| cors(origins).layer(front.clone()));
        Self { front, cors }
    }
}

impl Service<Request> for Door {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match &mut self.cors {
            Some(cors) if is_cross_origin(&request) => Box::pin(cors.call(request)),
            _ => self.front.call(request),
        }
    }
}

/// Whether a browser asks from another origin, and the vendor does not answer that itself.
///
/// OPTIONS is a preflight only where it says which method is to come.
fn is_cross_origin(request: &Request) -> bool {
    let has = |name: HeaderName| request.headers().contains_key(name);
    has(ORIGIN)
        && (request.method() != Method::OPTIONS || has(ACCESS_CONTROL_REQUEST_METHOD))
        && !dialect::owner_of(request.uri().path()).sends_cors
}

fn cors(origins: &[String]) -> CorsLayer {
    let allow = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()))
    };
    // A wildcard does not stand for `Authorization`, so the headers that were asked for are named.
    let headers = AllowHeaders::mirror_request();
    CorsLayer::new().allow_origin(allow).allow_methods(Any).allow_headers(headers).expose_headers(Any)
}

/// What stands before the routes: it knows whose path it is, and gives every failure that vendor's shape.
#[derive(Debug, Clone)]
struct Front {
    app: App,
    routes: Router,
}

impl Front {
    const fn new(app: App, routes: Router) -> Self {
        Self { app, routes }
    }
}

impl Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let dialect = dialect::owner_of(request.uri().path());
        let admitted = (dialect.admit)(request.uri(), request.headers(), self.app.config());
        let meta = Arc::new(Meta::new(self.app.clone(), dialect, &request));
        let unread = Unread::of(&mut request);
        normalize(&mut request, dialect);
        request.extensions_mut().insert(Arc::clone(&meta));
        let routed = self.routes.clone().oneshot(request);
        let limit = self.app.config().request_timeout;
        Box::pin(async move {
            let mut response = match admitted {
                Ok(()) => guarded(routed, limit, &meta).await,
                Err(failure) => settle_failure(&failure, &meta),
            };
            (dialect.finish)(&mut response, &meta);
            if let Some(unread) = unread.filter(|_| response.status().is_client_error()) {
                unread.drain().await;
            }
            Ok(response)
        })
    }
}

/// Runs a request under the time limit and the panic guard.
async fn guarded(
    routed: impl Future<Output = Result<Response, Infallible>>,
    limit: Duration,
    meta: &Meta,
) -> Response {
    let routed = AssertUnwindSafe(routed).catch_unwind();
    match tokio::time::timeout(limit, routed).await {
        Ok(Ok(Ok(response))) => settle(response, meta),
        Ok(Err(_)) => settle_failure(&Failure::Panic, meta),
        Err(_) => settle_failure(&Failure::Timeout, meta),
    }
}

fn normalize(request: &mut Request, dialect: &Dialect) {
    let Some(path) = (dialect.normalize)(request.uri().path()) else { return };
    let target = match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    if let Ok(uri) = target.parse::<Uri>() {
        *request.uri_mut() = uri;
    }
}

fn settle(mut response: Response, meta: &Meta) -> Response {
    match response.extensions_mut().remove::<Carried>() {
        Some(Carried(failure)) => settle_failure(&failure, meta),
        None => response,
    }
}

/// Logs a failure once; a preflight that the dialect answers with a success is none.
fn log(failure: &Failure, status: StatusCode, meta: &Meta) {
    let (dialect, method, path, status_code) =
        (meta.dialect.name, &meta.method, meta.path(), status.as_u16());
    // The reason is put together only where it is written.
    if status.is_server_error() {
        tracing::error!(dialect, %method, path, status = status_code, reason = failure.reason(), "failed");
    } else if status.is_client_error() {
        tracing::info!(dialect, %method, path, status = status_code, reason = failure.reason(), "refused");
    }
}

fn settle_failure(failure: &Failure, meta: &Meta) -> Response {
    let mut response = (meta.dialect.render)(failure, meta);
    let status = response.status();
    log(failure, status, meta);
    if let Failure::MethodNotAllowed { allow } = failure
        && let Ok(allow) = HeaderValue::from_str(allow)
    {
        response.headers_mut().insert(axum::http::header::ALLOW, allow);
    }
    if meta.method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}
